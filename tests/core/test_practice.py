"""Practice: a later session that did what a gap is about practises it; done again without help, it is resolved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from session_journal.core.entry import read
from session_journal.core.mentions import of_entries
from session_journal.core.open_ends import gather
from session_journal.core.practice import practise

GAP = "How to configure Netlify deploys"


def entry(day, body="", title="Some work", **fields):
    front = "".join(f"{key}: {value}\n" for key, value in fields.items())
    path = f"journal/sessions/2026/2026-11-{day:02}-s.md"
    text = f"---\nid: e{day}\ntitle: {title}\ndate: 2026-11-{day:02}\n{front}---\n\n{body}\n"
    return read(text.encode(), path)


def gap(text=GAP, day=2, mark="- [ ] ", **fields):
    return entry(day, f"## Knowledge gaps\n\n{mark}{text}\n", **fields)


def did(day, text, heading="Accomplishments", **fields):
    return entry(day, f"## {heading}\n\n- {text}\n", **fields)


def the_gap(*entries, **more):
    (found,) = [end for end in practise(gather(of_entries(entries)), entries, **more) if end.kind == "gap"]
    return found


def helps(*entries):
    found = the_gap(*entries).practice
    return [deed.help for deed in found.deeds] if found else []


@pytest.mark.parametrize("heading", [
    "Accomplishments", "What happened", "Discoveries", "Decisions", "Insights", "Key takeaways",
])  # fmt: skip
def test_a_later_session_that_did_or_learned_it_practises_a_gap(heading):
    found = the_gap(gap(), did(9, "Configured the Netlify deploy of the blog", heading))
    assert (found.state, found.mark, found.is_open) == ("practising", " ", True)
    assert found.practice.words() == "1 session, last 2026-11-09"
    assert [(one.path, one.text) for one in found.practice.deeds] == [
        ("journal/sessions/2026/2026-11-09-s.md", "Configured the Netlify deploy of the blog")
    ]


def test_a_title_and_prose_before_any_heading_tell_what_was_done():
    assert helps(gap(), entry(9, "", "Netlify deploys configured")) == [""]
    assert helps(gap(), entry(9, "Today I configured our Netlify deploys. Then lunch.")) == [""]
    assert helps(gap(), entry(9, "", "Netlify deploys configured", outcome="blocked")) == []
    # what a draft is called was asked for, not done
    assert helps(gap(), entry(9, "", "Configure Netlify deploys", drafted_by="offline", outcome="unknown")) == []


@pytest.mark.parametrize(("day", "heading", "text"), [
    (2, "Accomplishments", "Configured the Netlify deploy of the blog"),
    (1, "Accomplishments", "Configured the Netlify deploy of the blog"),
    (9, "Questions", "How do I configure Netlify deploys of branches?"),
    (9, "Action items", "Configure the Netlify deploys of the shop"),
    (9, "For next time", "Configure the Netlify deploys earlier"),
    (9, "Challenges", "Configured the Netlify deploy, and it hung"),
    (9, "Accomplishments", "Deployed the blog on Netlify's rival"),
    (9, "Accomplishments", "Configured the deploys of the blog"),
    (9, "Discoveries", "netlify.toml wins over the settings"),
    (9, "Accomplishments", "Did not configure Netlify deploys after all"),
    (9, "Accomplishments", "Tried to configure the Netlify deploy"),
    (9, "Accomplishments", "Configuring the Netlify deploy failed again"),
    (9, "What happened", "We will configure the Netlify deploys tomorrow"),
    (9, "What happened", "Can I configure Netlify deploys?"),
    (9, "What happened", "> Configured Netlify deploys"),
    (9, "Accomplishments", "Configured nginx. Looked at Netlify. Planned deploys"),
])  # fmt: skip
def test_what_came_before_asks_plans_failed_or_names_part_of_it_is_no_practice(day, heading, text):
    first = gap()
    entries = [first, did(day, text, heading)] if day != 2 else [entry(2, first.body + f"\n## {heading}\n\n- {text}\n")]
    found = the_gap(*[one for one in entries if GAP in one.body], *[one for one in entries if GAP not in one.body])
    assert (found.practice, found.state) == (None, "open")


@pytest.mark.parametrize(("opened", "done", "counts"), [
    ("2026-11-02T09:00:00Z", "2026-11-02T14:00:00Z", True),
    ("2026-11-02T09:00:00+02:00", "2026-11-02T08:00:00Z", True),
    ("2026-11-02T14:00:00Z", "2026-11-02T09:00:00Z", False),
    ("2026-11-02T14:00:00Z", "2026-11-02T14:00:00Z", False),
    ("", "2026-11-02T14:00:00Z", False),
    ("2026-11-02T09:00:00Z", "", False),
])  # fmt: skip
def test_a_session_of_the_same_day_practises_a_gap_where_it_is_known_to_be_later(opened, done, counts):
    first, later = ({"created": one} if one else {} for one in (opened, done))
    body = "## Accomplishments\n\n- Configured the Netlify deploy of the blog\n"
    second = replace(entry(2, body, **later), path="journal/sessions/2026/2026-11-02-t.md")
    assert helps(gap(**first), second) == ([""] if counts else [])


def test_the_gaps_own_lines_in_later_entries_are_no_practice_and_open_it_anew():
    done = did(9, "Configured the Netlify deploy of the blog")
    assert helps(gap(), done, gap(day=12)) == []
    assert helps(gap(), done, gap(day=12), did(14, "Configured the Netlify deploy of the shop")) == [""]
    # begun by hand is no opening: what was done since it was opened still counts
    assert helps(gap(), done, gap(day=12, mark="- [/] ")) == [""]


@pytest.mark.parametrize("words", [
    "by myself", "all by myself", "on my own", "without help", "without any help", "with no help", "no help needed",
    "needed no help", "didn't need help", "without looking it up", "; no help needed", "unaided",
    "without the assistant's help", "without having to ask",
])  # fmt: skip
def test_done_twice_and_the_last_time_without_help_a_gap_is_resolved(words):
    first, last = (
        did(9, "Configured the Netlify deploy of the blog"),
        f"Configured Netlify deploys for the shop {words}",
    )
    found = the_gap(gap(), first, did(12, last))
    assert (found.state, found.is_open, found.mark) == ("resolved", False, " ")
    assert found.practice.words() == "2 sessions, last 2026-11-12 without help"
    assert found.practice.words(2026) == "2 sessions, last 11-12 without help"


def test_done_once_without_help_a_gap_is_still_being_practised():
    found = the_gap(gap(), did(9, "Configured the Netlify deploy by myself"))
    assert (found.state, found.practice.words()) == ("practising", "1 session, last 2026-11-09 without help")


@pytest.mark.parametrize("text", [
    "Configured Netlify deploys mostly by myself",
    "Configured Netlify deploys with a lot of help",
    "Configured Netlify deploys by myself after one correction",
    "Configured Netlify deploys with Ann's help; wrote the docs on my own",
    "Configured Netlify deploys; wrote the docs on my own",
    "Configured Netlify deploys. Wrote the docs on my own",
    "She configured Netlify deploys without help",
    "Configured Netlify deploys, next time on my own",
    "Configured Netlify deploys",
    "Configured Netlify deploys, without a build step",
])  # fmt: skip
def test_in_doubt_a_gap_is_still_being_practised(text):
    found = the_gap(gap(), did(9, "Configured the Netlify deploy of the blog"), did(12, text))
    assert (found.state, found.practice.last.help == "alone") == ("practising", False)


@pytest.mark.parametrize(
    "text", ["Couldn't configure Netlify deploys without help", "Netlify deploys configured, not by myself"]
)
def test_what_could_not_be_done_without_help_does_not_count(text):
    assert helps(gap(), did(9, "Configured the Netlify deploy of the blog"), did(12, text)) == [""]


def test_help_that_was_needed_again_takes_a_resolution_back_and_silence_does_not():
    done = [did(9, "Configured the Netlify deploy"), did(12, "Configured the Netlify deploy by myself")]
    assert the_gap(gap(), *done, did(14, "Configured the Netlify deploy")).state == "resolved"
    assert the_gap(gap(), *done, did(14, "Configured the Netlify deploy with the assistant")).state == "practising"
    asks = entry(
        14, "Configured the Netlify deploy by myself.\n\n## Questions\n\n- Where do I configure Netlify deploys?\n"
    )
    assert the_gap(gap(), *done, asks).state == "practising"


REPORT = (
    "## What happened\n\nDone: configured Netlify deploys. [t9]\n\n## How it went\n\nEffectiveness 5 of 5: {}. [t9]\n"
)


def drafted(day, said="checks passed after the last edit; no correction by the user", more="", **fields):
    kept = {"drafted_by": "offline", "outcome": "done", "status": "final", **fields}
    return entry(day, REPORT.format(said) + more, **kept)


def test_a_reviewed_draft_of_work_that_ended_well_without_correction_or_question_says_so():
    assert helps(gap(), drafted(9), drafted(12)) == ["uncorrected", "uncorrected"]
    found = the_gap(gap(), drafted(9), drafted(12))
    assert (found.state, found.practice.words()) == ("resolved", "2 sessions, last 2026-11-12 without correction")


@pytest.mark.parametrize(("more", "expected"), [
    ({"status": "draft"}, ""), ({"outcome": "unknown"}, ""), ({"said": "the change was committed"}, ""),
    ({"said": "one correction by the user"}, "helped"), ({"said": "2 interruptions"}, "helped"),
    ({"more": "\n## Questions\n\n- Which branch is it?\n"}, ""),
    ({"more": "\n## Questions\n\n- Where are Netlify deploys configured?\n"}, "helped"),
])  # fmt: skip
def test_a_draft_says_so_only_where_a_person_accepted_it_and_nothing_tells_against_it(more, expected):
    last = drafted(12, **more)
    ends = practise(gather(of_entries([gap(), last])), [gap(), last])
    (found,) = [end for end in ends if end.text == GAP]
    assert [deed.help for deed in found.practice.deeds] == [expected]
    assert found.state == "practising"


def test_two_drafts_of_one_session_are_one_session_with_the_help_of_either():
    same = {"source": "claude-code:1"}
    one = did(9, "Configured Netlify deploys with some help", **same)
    other = did(10, "Configured Netlify deploys by myself", **same)
    assert helps(gap(), one, other) == ["helped"]
    assert the_gap(gap(), one, other).state == "practising"


def test_a_mark_of_a_person_goes_before():
    done = [did(9, "Configured the Netlify deploy"), did(12, "Configured the Netlify deploy by myself")]
    ticked = the_gap(gap(mark="- [x] "), *done)
    assert (ticked.state, ticked.practice) == ("resolved", None)
    (name,) = [end.id for end in gather(of_entries([gap()]))]
    opened = the_gap(gap(), *done, opened={name: date(2026, 11, 12)})
    assert (opened.state, opened.practice) == ("open", None)
    again = did(14, "Configured the Netlify deploy on my own")
    assert the_gap(gap(), *done, again, opened={name: date(2026, 11, 12)}).state == "practising"


@pytest.mark.parametrize(("concept", "text", "state"), [
    ("Docker", "Ran the tests in Docker by myself", "open"),
    ("How Docker works", "Ran the tests in Docker by myself", "open"),
    ("How the MCP server handles requests", "Started the MCP server by myself", "open"),
    ("How the MCP server handles requests", "Wrote how our MCP server handles a request by myself", "resolved"),
    ("How Netlify branch deploys are configured", "Configured Netlify deploys by myself", "resolved"),
    ("What `asyncio.gather` does", f"Used `asyncio.gather` by myself {'and so on ' * 14}", "open"),
    ("What `asyncio.gather` does", "Used `asyncio.gather` for the downloads by myself", "resolved"),
    ("What `asyncio.gather` does", "Used `asyncio.wait` for the downloads by myself", "open"),
    ("How the cache works", "Changed the code of the tests by myself", "open"),
    ("How tests work", "Wrote the tests by myself", "open"),
    ("Chapter 2 of the Postgres book", "Read chapter 3 of the Postgres book by myself", "open"),
    ("Chapter 2 of the Postgres book", "Read chapter 2 of the Postgres book by myself", "resolved"),
])  # fmt: skip
def test_a_concept_needs_two_telling_terms_or_a_name_and_its_numbers(concept, text, state):
    assert the_gap(gap(concept), did(9, text), did(12, text)).state == state


@pytest.mark.parametrize(("lacking", "text"), [
    ("I don't understand Netlify deploys", "Configured a Netlify deploy"),
    ("I do not really understand how Netlify deploys work", "Configured a Netlify deploy"),
    ("Still don’t know how to configure Netlify deploys", "Configured a Netlify deploy"),
    ("Not sure how to configure Netlify deploys", "Configured a Netlify deploy"),
    ("Still unclear how to configure Netlify deploys", "Configured a Netlify deploy"),
    ("Netlify deploys: no idea", "Configured a Netlify deploy"),
    ("Netlify deploys (not sure yet)", "Configured a Netlify deploy"),
    ("I've never used window functions in SQL", "Ranked the runners with an SQL window function"),
    ("We are not familiar with soldering SMD parts", "Soldered the SMD parts of the amplifier"),
    ("Unfamiliar with crop rotation of legumes", "Began a crop rotation with legumes"),
    ("I can't draw a sequence diagram in mermaid", "Drew the sequence diagram in mermaid"),
    ("Haven't built a Bazel rule yet", "Built a Bazel rule for the icons"),
    ("Never written a villanelle in English", "Wrote a villanelle in English"),
    ("I don't understand why the cache is not invalidated", "Found out why the cache is not invalidated"),
])  # fmt: skip
def test_what_is_said_not_to_be_known_is_learned_by_the_same_as_what_is_named(lacking, text):
    assert helps(gap(lacking), did(9, text)) == [""]


@pytest.mark.parametrize(("concept", "text"), [
    ("Why the cache is not invalidated", "Saw that the cache is invalidated"),
    ("How to tell pytest not to collect a folder", "Told pytest to collect the folder"),
    ("What to do when a client does not know its address", "Gave the client that knows its address a port"),
    ("I don't understand why the cache is not invalidated", "Saw that the cache is invalidated"),
])  # fmt: skip
def test_what_is_denied_within_a_concept_still_is(concept, text):
    assert helps(gap(concept), did(9, text)) == []


@pytest.mark.parametrize(("concept", "text"), [
    ("How to write a Helm chart with subcharts", "Wrote a Helm chart with subcharts"),
    ("Writing Helm charts with subcharts", "A Helm chart with subcharts, written for the shop"),
    ("How frozen dataclasses are built", "Built a frozen dataclass"),
    ("Freezing pip requirements", "Froze the pip requirements"),
    ("How to override pytest fixtures", "Overrode a pytest fixture"),
    ("How a left join works in Postgres", "Made it a left join in Postgres"),
    ("What a lost update in Postgres is", "Reproduced the lost update in Postgres"),
])  # fmt: skip
def test_irregular_forms_of_a_word_are_one_word(concept, text):
    assert helps(gap(concept), did(9, text)) == [""]


@pytest.mark.parametrize("text", [
    "Read nothing about Netlify deploys", "Learned nothing new about Netlify deploys", "Put off the Netlify deploys",
    "Nothing was done on Netlify deploys", "Hardly looked at Netlify deploys", "Ran out of time for Netlify deploys",
    "Removed the Netlify deploy configured by Ann, without help", "Ann set the Netlify deploys up on her own",
])  # fmt: skip
def test_what_says_that_nothing_was_done_or_that_another_did_it_is_no_practice(text):
    assert helps(gap("Netlify deploys"), did(9, text)) == []


@pytest.mark.parametrize(("text", "expected"), [
    ("Explained Netlify deploys to Ann, by myself", "alone"),
    ("Explained to Ann how Netlify deploys work, on my own", "alone"),
    ("I then explained Netlify deploys to the team without help", "alone"),
    ("Helped Ann with her Netlify deploy", ""),
    ("Netlify deploys were explained to me by Ann", "helped"),
    ("Explained to me by Ann: Netlify deploys", "helped"),
    ("Claude explained Netlify deploys", "helped"),
    ("Had the Netlify deploys explained", "helped"),
    ("Helped by Ann, got the Netlify deploy done", "helped"),
    ("The manual helped with Netlify deploys", "helped"),
])  # fmt: skip
def test_help_that_was_given_is_none_that_was_needed(text, expected):
    assert helps(gap("Netlify deploys"), did(9, text)) == [expected]


def test_what_only_drafts_lack_is_looked_at_for_half_a_year():
    old = read(gap(status="draft").body.join(["---\nid: o\ntitle: t\ndate: 2026-01-02\nstatus: draft\n---\n", ""]).encode(),
               "journal/sessions/2026/2026-01-02-o.md")  # fmt: skip
    done = did(9, "Configured the Netlify deploy")
    assert the_gap(old, done).practice is None
    mine = read(b"---\nid: o\ntitle: t\ndate: 2026-01-02\n---\n" + old.body.encode(), old.path)
    assert the_gap(mine, done).state == "practising"


def test_how_it_stood_on_a_day_is_told_by_what_was_done_until_then():
    done = [did(9, "Configured the Netlify deploy"), did(12, "Configured the Netlify deploy by myself")]
    practice = the_gap(gap(), *done).practice
    assert practice.until(date(2026, 11, 8)) is None
    assert practice.until(date(2026, 11, 11)).state == "practising"
    assert practice.until(date(2026, 11, 12)).state == "resolved"


def test_a_secret_beside_what_was_done_is_not_shown():
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    found = the_gap(gap(), did(9, f"Configured the Netlify deploy with {secret}"))
    assert secret not in found.practice.deeds[0].text
