"""A quarter: what was shown to be mastered, which playbooks to look at, what could be taught."""

from __future__ import annotations

from session_journal.core.entry import read
from session_journal.core.patterns import find, statements
from session_journal.rollups.quarterly import values_of
from session_journal.rollups.span import Advice, Span
from session_journal.rollups.teaching import outline


def entry(title, day, body="", **fields):
    front = "".join(f"{key}: {value}\n" for key, value in fields.items())
    path = f"journal/sessions/2026/{day}-{title.lower().replace(' ', '-')}.md"
    return read(f"---\nid: {title}{day}\ntitle: {title}\ndate: {day}\n{front}---\n\n{body}\n".encode(), path)


def span(*entries, advice=()):
    own = [one for one in entries if one.date.month > 9]
    return Span("2026-Q4", own, (), find(statements(entries)), {}, entries, advice)


def test_work_that_was_done_in_several_sessions_is_a_capability_with_its_evidence():
    done = {"outcome": "done", "drafted_by": "offline"}
    early = entry("Configure the Netlify deploy", "2026-08-03", **done)
    helped = entry(
        "Configure Netlify deploys",
        "2026-10-05",
        "## How it went\n\n- To improve: the user had to correct the course 2 times [t3]\n",
        **done,
    )
    report = "## How it went\n\nEffectiveness 5 of 5: checks passed after the last edit; {}. [t9, t4]\n"
    alone = entry("Configure a Netlify deploy", "2026-11-05", report.format("no correction by the user"), **done)
    failed = entry("Configure the Netlify deploy", "2026-11-09", outcome="blocked")
    (found,) = values_of(span(early, helped, alone, failed))["capabilities"]
    assert (found.sessions, found.help, [str(day) for day, _ in found.links]) == (
        3, "last without correction", ["2026-11-05", "2026-10-05", "2026-08-03"],
    )  # fmt: skip
    (found,) = values_of(span(early, helped))["capabilities"]
    assert found.help == "last with corrections"
    for told, expected in (
        ("one correction by the user", "last with one correction"),
        ("2 interruptions", "last with corrections"),
        ("the change was committed", ""),
    ):
        last = entry("Configure a Netlify deploy", "2026-11-05", report.format(told), **done)
        (found,) = values_of(span(early, last))["capabilities"]
        assert found.help == expected


def did(title, day, text, **fields):
    return entry(title, day, f"## Accomplishments\n\n- {text}\n", **fields)


def test_a_capability_is_told_in_the_words_of_what_was_done_and_by_the_help_it_needed_last():
    asked = entry("First try", "2026-10-02", "## Knowledge gaps\n\n- [ ] How to configure Netlify deploys\n")
    done = [
        did("Blog", "2026-10-05", "Configured Netlify deploys for the blog, with a lot of help"),
        did("Netlify deploys again", "2026-10-12", "Configured Netlify deploys for the shop docs"),
        did("Docs search", "2026-11-05", "Configured Netlify deploys for the search page by myself"),
        did("Landing page", "2026-11-20", "Configured the Netlify deploy of the landing page, no help needed"),
    ]
    (found,) = values_of(span(asked, *done))["capabilities"]
    assert (found.text, found.has, found.sessions, found.help) == (
        "configured Netlify deploys", True, 4, "last without help",
    )  # fmt: skip
    assert [str(day) for day, _ in found.links] == ["2026-11-20", "2026-11-05", "2026-10-12"]
    # what is only being practised nobody can cite yet
    assert values_of(span(asked, *done[:2]))["capabilities"] == []


def test_a_capability_whose_sessions_begin_otherwise_is_named_by_the_gap_that_they_resolved():
    asked = entry("First try", "2026-10-02", "## Knowledge gaps\n\n- [ ] How to configure Netlify deploys\n")
    done = [
        did("Blog", "2026-10-05", "The blog got its Netlify deploys configured"),
        did("Docs", "2026-11-05", "Netlify deploy of the docs configured on my own"),
    ]
    (found,) = values_of(span(asked, *done))["capabilities"]
    assert (found.text, found.has, found.help) == ("Configure Netlify deploys", False, "last without help")


def test_a_capability_is_named_without_what_a_title_says_of_its_one_session():
    done = {"outcome": "done"}
    titles = [
        ("Netlify deploys, first try", 5),
        ("Netlify deploys again", 12),
        ("Netlify deploy for the shop docs", 20),
    ]
    (found,) = values_of(span(*(entry(title, f"2026-10-{day:02}", **done) for title, day in titles)))["capabilities"]
    assert (found.text, found.has, found.sessions) == ("Netlify deploys", False, 3)


def test_sessions_that_share_a_first_word_alone_are_called_by_their_title():
    done = {"outcome": "done"}
    one = did("Write the CSV importer", "2026-10-05", "Added tests", **done)
    other = did("Write a CSV importer", "2026-10-12", "Added docs", **done)
    (found,) = values_of(span(one, other))["capabilities"]
    assert (found.text, found.has) == ("Write a CSV importer", False)


def test_what_was_done_once_or_before_the_quarter_is_no_capability_of_it():
    early = [entry("Configure the Netlify deploy", f"2026-08-0{n}", outcome="done") for n in (3, 4)]
    assert values_of(span(*early, entry("Write the parser", "2026-10-05", outcome="done")))["capabilities"] == []


def test_advice_on_playbooks_stands_in_the_quarter():
    advice = (Advice("Lint first", "../playbooks/lint.md", "promote", "seen in 6 sessions"),)
    assert values_of(span(entry("A", "2026-10-05"), advice=advice))["advice"] == list(advice)


def test_an_outline_teaches_what_recurred_what_was_solved_and_what_surprised():
    body = "## Key takeaways\n\n- Run the linter before committing\n\n## Challenges\n\n- Tests hung → closed the connection\n\n"
    body += "## Discoveries\n\n- The cache is per process #surprise\n"
    told = outline(
        span(
            entry("A", "2026-10-05", body),
            entry("B", "2026-10-06", "## Key takeaways\n\n- Always run the linter before a commit\n"),
        )
    )
    assert "## 1. " in told
    assert "- Tests hung → closed the connection (2026-10-05, A)" in told
    assert "## What surprises people\n\n- The cache is per process (2026-10-05, A)" in told


def test_a_quarter_without_lessons_has_nothing_to_teach():
    assert outline(span(entry("A", "2026-10-05"))) == ""


def test_an_outline_teaches_no_small_troubles_and_no_feelings_and_varies_its_examples():
    body = (
        "## Challenges\n\n- Minor friction in updating all the imports of the parser\n- The queue hung → closed its socket\n"
        "- The cache leaked → bounded its size\n- Mail came twice → kept its hash\n- Dates slipped → froze the clock\n"
        "- A token expired → renewed it earlier\n\n## Reflections\n\nI always enjoy writing a parser because it ends.\n"
    )
    again = "## Challenges\n\n- Some friction in updating all the imports of the parser\n- The lock was lost → took it twice\n"
    told = outline(span(entry("A", "2026-10-06", body), entry("B", "2026-10-05", again)))
    assert "## 1. " not in told
    assert "enjoy" not in told
    assert "- The lock was lost → took it twice (2026-10-05, B)" in told


def test_an_outline_tells_a_lesson_once_and_says_what_is_a_draft_and_what_was_solved():
    body = (
        "## Discoveries\n\n- Always run the linter before a commit, because the hook takes long [t1]\n"
        "- The parser keeps its default at `False` while no date is known [t2]\n\n"
        "## Challenges\n\n- The queue hung → left failing [t3]\n- The lock was lost → passed after a fix [t4]\n"
    )
    draft = entry("A \u2026 (and 3 more)", "2026-10-06", body, status="draft")
    again = "## Discoveries\n\n- Run the linter before committing, because the hook takes long [t1]\n"
    again += "- The parser keeps the default at `False` while no date is known [t2]\n"
    told = outline(span(draft, entry("B", "2026-10-07", again, status="draft")))
    lesson = "- Always run the linter before a commit, because the hook takes long (2026-10-06, A \u2026, draft)"
    assert "## 1. " in told
    assert "## 2. " not in told
    assert told.count(lesson) == 1
    assert "left failing" not in told
    assert "- The lock was lost → passed after a fix (2026-10-06, A \u2026, draft)" in told


def test_what_a_person_noted_is_worth_knowing_where_it_explains_something():
    body = "## Discoveries\n\n- Commit times matter: the same clock everywhere means that entries can be traced\n"
    assert "## Worth knowing\n\n- Commit times matter" in outline(span(entry("A", "2026-10-06", body)))


def test_a_gap_that_was_resolved_since_is_left_to_nobody_as_an_exercise():
    gap = "## Knowledge gaps\n\n- [{}] How advisory locks behave\n"
    first = entry("A", "2026-10-05", gap.format(" ") + "- [ ] How tabs share tokens\n")
    told = outline(span(first, entry("B", "2026-10-12", gap.format("x"))))
    assert "How tabs share tokens" in told
    assert "advisory locks" not in told
