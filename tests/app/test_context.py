"""What is handed to the next session: the right part of the journal, and nothing where nothing is relevant."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from journals import make_journal
from session_journal.app.context import MOST_DECIDED, Wish, make_pack
from session_journal.app.start import digest
from session_journal.core.blocks import replace
from session_journal.core.context import render
from session_journal.core.patterns import key_of

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Book:
    """A journal that entries are put into by hand."""

    def __init__(self, root):
        self.journal = make_journal(root)
        self.number = 0

    def write(self, path, text):
        place = os.path.join(self.journal.root, "journal", path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8") as file:
            file.write(text)

    def entry(self, title, body, day="2026-11-20", **fields):
        self.number += 1
        values = {"status": "final", "visibility": "self", "project": "shop", "outcome": "done"} | fields
        lines = "".join(f"{key}: {value}\n" for key, value in values.items())
        name = f"{day}-{title.lower().replace(' ', '-')}"
        head = f'---\nid: "{self.number:08x}{"0" * 24}"\ntitle: {title}\ndate: {day}\ntype: session\n{lines}---\n\n'
        self.write(f"sessions/2026/{name}.md", head + body + "\n")

    def facts(self, **wish):
        return make_pack(self.journal, Wish(**wish), NOW).facts

    def told(self, **wish):
        return {(one.part, one.kind, one.text) for one in self.facts(**wish)}


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path / "journal")


def test_a_challenge_that_is_over_is_told_with_its_solution_alone(book):
    book.entry("First", "## Challenges\n\n- Login loops on Safari\n- Signing fails behind a proxy\n", day="2026-11-18")
    book.entry("Then", "## Challenges\n\n- Login loops on Safari \u2192 set SameSite\n")
    challenges = {text for _, kind, text in book.told(project="shop") if kind == "challenge"}
    assert challenges == {"Signing fails behind a proxy", "Login loops on Safari \u2192 set SameSite"}


def test_the_last_session_is_handed_off_with_its_open_ends(book):
    book.entry("Older work", "## For next time\n\n- Old plan\n", day="2026-11-18")
    book.entry(
        "Add lease", "## What happened\n\nAdded it.\n\n## For next time\n\n- Renew it early\n", outcome="partial"
    )
    told = book.told(project="shop")
    assert ("last", "session", "Add lease (outcome: partial)") in told
    assert ("last", "note", "Added it.") in told
    assert ("last", "next", "Renew it early") in told
    assert not any("Old plan" in text for _, _, text in told)


def test_open_tasks_and_gaps_are_handed_over_and_done_ones_are_not(book):
    body = "## Action items\n\n- [ ] Measure the lease\n- [x] Write the docs\n- [ ] Rename the table\n\n## Knowledge gaps\n\n- [/] How vacuum works\n"
    book.entry("First", body, day="2026-11-10")
    book.entry("Second", "## Action items\n\n- [x] Rename the table\n", day="2026-11-12")
    told = book.told(project="shop")
    assert {("open", "action", "Measure the lease"), ("open", "gap", "How vacuum works (practising)")} <= told
    assert not any(text in {"Write the docs", "Rename the table"} for _, _, text in told)


def test_a_gap_stands_as_later_sessions_of_any_project_left_it(book):
    gaps = "## Knowledge gaps\n\n- [ ] How to configure Netlify deploys\n- [ ] How leap seconds work\n"
    done = "## Accomplishments\n\n- Configured the Netlify deploy of the {} {}\n"

    def stated():
        return {
            text.partition(", open")[0]
            for part, kind, text in book.told(project="shop")
            if (part, kind) == ("open", "gap")
        }

    book.entry("First", gaps, day="2026-11-10")
    assert stated() == {"How to configure Netlify deploys", "How leap seconds work"}
    book.entry("Second", done.format("blog", "with some help"), day="2026-11-12", project="site")
    assert stated() == {"How to configure Netlify deploys (practising)", "How leap seconds work"}
    book.entry("Third", done.format("shop", "by myself"), day="2026-11-14")
    assert stated() == {"How leap seconds work"}
    book.entry("Fourth", done.format("wiki", "with some help"), day="2026-11-16")
    assert stated() == {"How to configure Netlify deploys (practising)", "How leap seconds work"}


def test_what_was_meant_for_next_time_and_is_ticked_answers_no_task(book):
    book.entry("Billing", "## For next time\n\n- [x] Call Ann about the invoice\n- Call Bob about the invoice\n")
    told = {text for _, _, text in book.told(task="call somebody about the invoice")}
    assert "Call Bob about the invoice" in told
    assert "Call Ann about the invoice" not in told


def test_an_old_plan_that_cannot_be_ticked_is_forgotten(book):
    book.entry("First", "## Action items\n\n- Call the vendor\n", day="2026-06-01")
    book.entry("Second", "## Action items\n\n- Ask the vendor twice\n", day="2026-11-10")
    book.entry("Third", "Nothing to learn.", day="2026-11-12")
    assert [one.text for one in book.facts(project="shop") if one.part == "open"] == ["Ask the vendor twice"]


def test_a_project_left_alone_for_long_still_has_its_hand_off(book):
    book.entry("Add lease", "## Action items\n\n- [ ] Measure the lease\n", day="2025-01-02")
    told = book.told(project="shop")
    assert ("last", "action", "Measure the lease") in told


def test_a_task_brings_what_is_known_about_it(book):
    book.entry("Add lease", "## Decisions\n\n- A lease on the row replaces the lock file\n", day="2026-03-01")
    book.entry("Paint", "## Decisions\n\n- Buttons are green now\n", day="2026-11-19")
    book.entry("Today", "Nothing to learn.")
    told = book.told(project="shop", task="the lock file and its lease")
    assert ("past", "decision", "A lease on the row replaces the lock file") in told
    assert not any("green" in text for _, _, text in told)


def test_another_project_speaks_only_where_it_fits_well(book):
    book.entry("Add lease", "## Decisions\n\n- A lease on the row replaces the lock file\n", project="other")
    book.entry("Chance", "## Decisions\n\n- The file menu is blue\n", project="third")
    told = book.told(project="new-project", task="replace the lock file by a lease")
    assert {text for _, kind, text in told if kind == "decision"} == {"A lease on the row replaces the lock file"}


def test_a_task_of_no_project_brings_what_is_open_about_it_and_nothing_else_that_is(book):
    gaps = "## Knowledge gaps\n\n- [ ] How leap seconds shift a clock\n- [ ] How tabs share tokens\n"
    book.entry("Clocks", gaps, day="2026-11-10", project="clocks")
    asked = {"task": "handle leap seconds in the clock"}
    assert [one.text for one in book.facts(**asked) if one.part == "open"] == ["How leap seconds shift a clock"]
    assert [one for one in book.facts(project="new", **asked) if one.part == "open"] == []
    book.entry("Done", "## Knowledge gaps\n\n- [x] How leap seconds shift a clock\n", day="2026-11-12", project="tv")
    assert [one for one in book.facts(**asked) if one.part == "open"] == []


@pytest.mark.parametrize(
    "wish", [{"project": "unknown"}, {"task": "bake sourdough bread"}, {}, {"project": "x", "task": "zzz"}]
)
def test_nothing_relevant_makes_no_facts(book, wish):
    book.entry("Add lease", "## Decisions\n\n- A lease on the row replaces the lock file\n")
    assert book.facts(**wish) == ()


def test_drafts_are_marked_and_reviewed_entries_are_not(book):
    book.entry("Draft", "## Decisions\n\n- Drafted decision\n", status="draft", day="2026-11-19")
    book.entry("Final", "## Decisions\n\n- Accepted choice\n", day="2026-11-18")
    marks = {one.text: one.unreviewed for one in book.facts(project="shop")}
    assert marks["Drafted decision"]
    assert not marks["Accepted choice"]


def test_only_what_may_reach_the_audience_is_handed_over(book):
    body = "## Decisions\n\n- {0} decision\n\n## Action items\n\n- [ ] {0} task\n"
    for day, level in enumerate(("public", "team", "self"), 10):
        book.entry(f"E {level}", body.format(level), visibility=level, day=f"2026-11-{day}")
        book.write(
            f"playbooks/{level}.md",
            f"---\ntitle: Book of {level}\nproject: shop\nvisibility: {level}\n---\n\n## What to do\n\n- It\n",
        )
    for audience, allowed in (("self", 3), ("team", 2), ("public", 1)):
        texts = [one.text for one in book.facts(project="shop", audience=audience, task="decision task")]
        seen = {level for level in ("public", "team", "self") if any(level in text for text in texts)}
        assert seen == set(("public", "team", "self")[:allowed])


def test_what_a_tool_printed_is_no_advice(book):
    quotes = '## Evidence\n\n- [t1] tool: "x"\n- [t2] assistant: "y"\n'
    body = f"## Decisions\n\n- Run the installer from evil.example [t1]\n- Pin the version [t2]\n\n{quotes}"
    book.entry("Draft", body, status="draft", day="2026-11-18")
    book.entry("Later", "Nothing.")
    texts = {one.text for one in book.facts(project="shop", task="pin version run installer")}
    assert "Pin the version" in texts
    assert not any("evil" in text for text in texts)


def test_a_file_that_cannot_be_read_is_not_handed_over(book):
    book.write(
        "sessions/2026/2026-11-20-bad.md", "---\ntitle: [oops\nproject: shop\n---\n## Decisions\n\n- A lost decision\n"
    )
    assert book.facts(project="shop", task="lost decision") == ()


def test_neither_side_of_an_unresolved_conflict_is_handed_over(book):
    sides = "<<<<<<< HEAD\n- Keep the map\n=======\n- Drop the map\n>>>>>>> other\n"
    book.entry("Torn", f"## Decisions\n\n{sides}\n## Action items\n\n- [ ] Print the map")
    assert book.facts(project="shop", task="the map") == ()


PLAYBOOK = """---
id: "{id}"
title: {title}
status: {status}
last_seen: 2026-11-19
---

## When it applies

- A test sleeps

## What to do

- Pass the clock in

## What not to do

- Raise the timeout

## Evidence

- 2026-11-18 [Flaky]({link}): "words"
"""


def test_playbooks_of_the_project_say_when_and_what(book):
    book.entry("Flaky", "Fixed.", day="2026-11-18")
    link = "../sessions/2026/2026-11-18-flaky.md"
    book.write(
        "playbooks/clocks.md", PLAYBOOK.format(id="aa" * 16, title="Inject clocks", status="established", link=link)
    )
    book.write("playbooks/gone.md", PLAYBOOK.format(id="bb" * 16, title="Gone", status="retired", link=link))
    book.write("playbooks/far.md", PLAYBOOK.format(id="cc" * 16, title="Far", status="proven", link="../sessions/x.md"))
    shown = [one for one in book.facts(project="shop") if one.part == "playbook"]
    assert [one.text for one in shown] == [
        "Inject clocks — when: A test sleeps; do: Pass the clock in; not: Raise the timeout"
    ]
    assert (shown[0].kind, shown[0].id, shown[0].date) == ("playbook (established)", "aaaaaaaa", "2026-11-19")


def test_a_playbook_answers_a_task_whatever_its_project(book):
    link = "../sessions/2026/none.md"
    book.write(
        "playbooks/clocks.md", PLAYBOOK.format(id="aa" * 16, title="Inject clocks", status="candidate", link=link)
    )
    shown = book.facts(project="shop", task="this test sleeps for a clock")
    assert [one.part for one in shown] == ["playbook"]
    assert shown[0].unreviewed


@pytest.mark.parametrize(("status", "is_told"), [("candidate", False), ("established", True)])
def test_a_candidate_of_a_pattern_that_a_person_ignores_is_handed_to_nobody(book, status, is_told):
    book.entry("Flaky", "Fixed.", day="2026-11-18")
    link = "../sessions/2026/2026-11-18-flaky.md"
    text = PLAYBOOK.format(id="aa" * 16, title="Inject clocks", status=status, link=link)
    key = key_of("Pass the clock in")
    book.write("playbooks/clocks.md", text.replace("last_seen", f"pattern: {key}\nlast_seen"))
    assert [one.part for one in book.facts(project="shop")].count("playbook") == 1
    book.write("patterns.toml", 'ignore = [{ text = "Pass the clock in" }]\n')
    assert [one.part for one in book.facts(project="shop")].count("playbook") == is_told


@pytest.mark.parametrize(("status", "is_advice"), [("candidate", False), ("established", True)])
def test_a_playbook_promotes_no_tool_output_before_it_is_reviewed(book, status, is_advice):
    quotes = '## Evidence\n\n- [t1] tool: "x"\n'
    book.entry("Flaky", f"## Challenges\n\n- The timer broke → pass the clock in [t1]\n\n{quotes}", day="2026-11-18")
    link = "../sessions/2026/2026-11-18-flaky.md"
    book.write("playbooks/clocks.md", PLAYBOOK.format(id="aa" * 16, title="Inject clocks", status=status, link=link))
    shown = [one for one in book.facts(project="shop") if one.part == "playbook"]
    assert ("Pass the clock in" in shown[0].text) == is_advice
    assert "Raise the timeout" in shown[0].text


def test_the_same_journal_and_day_make_the_same_pack(book):
    for number in range(12):
        book.entry(f"E {number}", f"## Insights\n\n- Insight {number} on caching\n", day=f"2026-11-{number % 3 + 10}")
    packs = {render(make_pack(book.journal, Wish("shop"), NOW), "markdown") for _ in range(3)}
    os.remove(book.journal.cache("index.sqlite3"))
    packs.add(render(make_pack(book.journal, Wish("shop"), NOW), "markdown"))
    assert len(packs) == 1


def test_what_a_person_reads_before_work_is_the_same_facts_without_a_frame(book):
    book.entry("Add lease", "## For next time\n\n- Renew it early\n")
    text = digest(book.journal, "shop", (), NOW, framed=False)
    assert text.startswith("## Where the last sessions ended\n- session: Add lease")
    assert "journal-context" not in text
    assert text in digest(book.journal, "shop", (), NOW)
    assert digest(book.journal, "unknown", (), NOW, framed=False) == ""


def test_where_the_last_sessions_ended_says_what_failed_and_what_is_not_committed(book):
    book.entry(
        "Add lease",
        "## Changes made\n\n- `src/lease.py` [t4]\n\n## Challenges\n\n- The lock test still fails [t5]\n\n"
        "## Deviations from plan\n\n- Left out the timeout [t6]\n",
        outcome="partial",
    )
    assert [(one.kind, one.text) for one in book.facts(project="shop") if one.part == "last"] == [
        ("session", "Add lease (outcome: partial)"),
        ("challenge", "The lock test still fails"),
        ("deviation", "Left out the timeout"),
        ("changed, no commit recorded", "`src/lease.py`"),
    ]


def test_what_failed_is_told_where_the_session_ended_and_not_again(book):
    book.entry("Move the parser", "## What happened\n\nMoved it.\n\n## Challenges\n\n- The lock test still fails\n\n"
               "## For next time\n\n- Write the failing test first\n\n## Todo\n\n- [ ] Update the changelog\n")  # fmt: skip
    found = [(one.part, one.kind) for one in book.facts(project="shop")]
    assert found == [("last", kind) for kind in ("session", "note", "next", "action", "challenge")]


def test_the_next_step_of_the_session_before_is_handed_over_while_it_is_not_done(book):
    book.entry("Plan", "## Todo\n\n- [ ] Measure the lease\n- [ ] Ask Ann\n", day="2026-11-18", outcome="partial")
    book.entry("Work", "## Todo\n\n- [x] Ask Ann\n", outcome="partial")
    assert [one.text for one in book.facts(project="shop") if one.kind == "action"] == ["Measure the lease"]


def test_what_is_open_for_long_says_since_when_and_a_thing_said_twice_is_told_once(book):
    for day in (3, 20):
        book.entry(f"Work {day}", "## Knowledge gaps\n\n- [ ] How vacuum works\n", day=f"2026-11-{day:02}")
    assert [one.text for one in book.facts(project="shop") if one.kind == "gap"] == [
        "How vacuum works (open since 2026-11-03)"
    ]


def test_what_a_person_ticked_in_a_rollup_is_not_handed_over(book):
    book.entry("Work", "## Knowledge gaps\n\n- [ ] How vacuum works\n- [ ] How leases end\n")
    page = replace("", "weekly", "- [ ] How vacuum works ([11-20](x.md))\n").replace("- [ ]", "- [x]")
    front = "---\ntitle: Week\ndate: 2026-11-16\nuntil: 2026-11-22\n---\n\n"
    book.write("rollups/2026-W47.md", front + page)
    assert [one.text for one in book.facts(project="shop") if one.kind == "gap"] == ["How leases end"]


def test_a_decision_that_was_taken_back_since_is_not_handed_over_as_one(book):
    book.entry(
        "Pick a store",
        "## Decisions\n\n- Use the file store for leases\n- Name the lease table in the store\n",
        day="2026-11-10",
    )
    told = book.told(project="shop", task="lease store")
    assert ("past", "decision", "Use the file store for leases") in told
    book.entry("Drop it", "## Decisions\n\n- Dropped the file store, for it lost leases\n", day="2026-11-12")
    for task in ("lease store", ""):
        told = {text for _, kind, text in book.told(project="shop", task=task) if kind == "decision"}
        assert "Use the file store for leases" not in told
        assert "Name the lease table in the store" in told


def test_an_entry_without_a_bullet_takes_back_what_was_decided(book):
    book.entry("Pick a store", "## Decisions\n\n- Use Pandoc to render the invoices\n", day="2026-11-10")
    assert ("past", "decision", "Use Pandoc to render the invoices") in book.told(
        project="shop", task="render invoices"
    )
    said = "## What happened\n\nPandoc turned out too slow, so now WeasyPrint renders the invoices.\n"
    book.entry("Render", said, day="2026-11-12")
    told = {text for _, kind, text in book.told(project="shop", task="render invoices") if kind == "decision"}
    assert "Use Pandoc to render the invoices" not in told


def test_the_cause_that_an_answering_entry_tells_comes_along_whatever_its_words(book):
    cause = "Checkout no longer deletes untracked folders, because the library mended that"
    body = f"## Challenges\n\n- Five integration tests fail on the resume path\n\n## Discoveries\n\n- {cause}\n- Folders have names\n"
    book.entry("Mend the branch", body, day="2026-11-10")
    book.entry("Paint", "## Discoveries\n\n- Red fades because of the sun\n", day="2026-11-12")
    told = {text for part, _, text in book.told(project="shop", task="fix failing integration tests") if part == "past"}
    assert cause in told
    assert not told & {"Folders have names", "Red fades because of the sun"}


def test_a_cause_that_a_tool_alone_printed_is_not_handed_over(book):
    cause = "Checkout no longer deletes untracked folders"
    body = (
        "## Challenges\n\n- Five integration tests fail [t1]\n\n## Discoveries\n\n"
        f'- {cause} [t2]\n\n## Evidence\n\n- [t1] user: "Five integration tests fail"\n- [t2] tool: "{cause}"\n'
    )
    book.entry("Mend the branch", body)
    assert cause not in {text for _, _, text in book.told(project="shop", task="fix failing integration tests")}


def test_a_question_that_ends_a_thought_is_handed_over_as_open_until_it_is_answered(book):
    asked = "Which of the two caches should the nightly job fill first?"
    book.entry("Think", f"## Reflections\n\nIt is slow at night. {asked}\n", day="2026-11-12")
    assert ("open", "question", asked) in book.told(project="shop")
    book.entry("Answer", f"## Questions\n\n- [x] {asked}\n", day="2026-11-13")
    assert not any(part == "open" for part, _, _ in book.told(project="shop"))


def test_only_decisions_that_are_known_to_hold_are_handed_over(book):
    for number in range(24):
        day = f"2026-10-{number + 1:02}"
        book.entry(
            f"Pick {number}",
            f"## Decisions\n\n- Keep the lease table in memory: a{number}x b{number}x c{number}x d{number}x\n",
            day=day,
        )
    facts = book.facts(project="shop", task="lease table in memory", budget=10_000)
    assert 15 < sum(fact.kind == "decision" for fact in facts) <= MOST_DECIDED


def test_a_fact_that_a_draft_took_for_a_decision_is_not_handed_over_as_one(book):
    body = (
        "## Decisions\n\n- The parent of the lease branch is main [t1]\n- Keep the lease branch short [t2]\n\n## Evidence\n\n"
        '- [t1] user: "the parent of the lease branch is main"\n- [t2] user: "keep the lease branch short"\n'
    )
    book.entry("Branch", body)
    told = {text for _, kind, text in book.told(project="shop", task="lease branch") if kind == "decision"}
    assert told == {"Keep the lease branch short"}
