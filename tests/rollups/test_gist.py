"""What a day of many accounts was about, in few words that promise no more than was done."""

from __future__ import annotations

import pytest

from rolled import roll
from session_journal.core.entry import read
from session_journal.rollups.gist import count_pieces, gist_of, is_thought, pieces_of, reason_of
from session_journal.rollups.pieces import accounts


def day(body, title="A day", **fields):
    front = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return read(f"---\ntitle: {title}\n{front}---\n\n{body}\n".encode(), "journal/sessions/2026/2026-11-16-a.md")


def summaries(*texts):
    return "".join(f"## Summary\n\n{text}\n\n" for text in texts)


def told(*texts, title="A day", most=5):
    return pieces_of(day(summaries(*texts), title), most)[0]


LIMITED = "Implemented the export of all readings of the northern tide gauges, with the columns of the spec and a placeholder total"


def test_an_aside_that_limits_what_was_done_stays():
    assert told(f"{LIMITED}.") == [LIMITED]
    plain = LIMITED.replace("a placeholder total", "every total")
    assert told(f"{plain}.") == ["Implemented the export of all readings of the northern tide gauges"]


def test_a_sentence_that_turns_an_account_stays_with_it():
    assert told("Fixed the parser. But only for tides. It took a day.") == ["Fixed the parser. But only for tides"]


@pytest.mark.parametrize(("rest", "expected"), [
    ("This involved creating Task 12 to replace the parser.", "Planned: rebuilding the parser in two layers"),
    ("The work meant writing a plan with six tickets.", "Planned: rebuilding the parser in two layers"),
    ("This involved creating a new module.", "Rebuilt the parser in two layers"),
    ("Created Task 13 for the clean-up.", "Rebuilt the parser in two layers"),
])  # fmt: skip
def test_what_only_a_task_was_made_for_is_told_as_planned(rest, expected):
    text = f"Rebuilt the parser in two layers. {rest}"
    assert told(text) == [expected]
    (project,) = roll(day(summaries(text), "Rebuilt the parser in two layers"))["projects"]
    assert project.lines[0].text == expected


@pytest.mark.parametrize(("done", "meant"), [
    ("We refactored the parser of the tides", "Planned: refactoring the parser of the tides"),
    ("Applied the parser to all tides", "Planned: applying the parser to all tides"),
    ("Speed up the parser of the tides", "Planned: Speed up the parser of the tides"),
    ("A parser for the tides of the north", "Planned: A parser for the tides of the north"),
])  # fmt: skip
def test_what_is_planned_is_not_told_in_the_past(done, meant):
    assert told(f"{done}. This involved creating Task 12 to replace the parser.") == [meant]


def test_what_the_title_begins_with_is_among_the_pieces_of_a_day():
    more = " And more was written of it." * 30
    work = [
        "Moved all readings to the store",
        "Wrote the export of readings",
        "Sped up the store",
        "Dropped old readings",
    ]
    texts = ["Fixed a typo.", *(f"{one}.{more}" for one in work)]
    assert "Fixed a typo" in told(*texts, title="Fixed a typo", most=3)
    assert "Fixed a typo" not in told(*texts, most=3)


def test_what_a_day_was_about_outranks_what_is_longer():
    long = "Moved the readings to another store. " + "And more was written of it. " * 30
    assert told(long, "Fixed a typo.", "Completed Task 12.")[0] == "Completed Task 12"
    assert told(long, "Fixed a typo.", "Completed Task 12.3 of the parser.")[0] == "Moved the readings to another store"


def test_keeping_books_is_no_piece_that_is_told_beside_work():
    books = "Marked Task 5 (tides) as in progress and logged a plan."
    assert told(books, "Wrote the export.") == ["Wrote the export"]
    assert told("Pushed a batch of changes to the main branch.", "Wrote the export.") == ["Wrote the export"]
    assert told(books) == [books.rstrip(".")]


@pytest.mark.parametrize(
    ("text", "is_books"),
    [
        ("Completed the archival of Task 9 (tide pages) by the usual steps of the workflow.", True),
        ("Archived the finished tickets of the harbour.", True),
        ("Updated all remaining references to the old name of the package in the docs and tests.", True),
        ("Added Task 23 to make folders when they are needed, with all of its steps.", True),
        ("Created new subtask 4.2 for the wind.", True),
        ("Added several tide and wind tasks to the harbour backlog for the next release.", True),
        ("Initiated comprehensive planning for the signal files of the harbour.", True),
        ("Archived readings are compressed by a task of the night.", False),
        ("Added background tasks for the mail of the harbour to the worker.", False),
        ("Created a task queue for the readings of the harbour.", False),
        ("Added issue templates and a page for new sailors.", False),
        ("Updated the references of the parser so that a cycle is found.", False),
        ("Completed Task 12.3 of the parser, which reads the wind.", False),
        ("Planned outages are shown on the page of the harbour.", False),
    ],
)
def test_tasks_that_were_made_named_or_put_away_are_told_only_where_nothing_else_was_done(text, is_books):
    assert (text[:20] in "; ".join(told(text, "Wrote the export."))) != is_books
    assert text[:20] in "; ".join(told(text))


COMMITS = """### 09:00 — Commit 1a2b3c4

#### Summary

Wrote the export.

### 09:30 — Commit 1a2b3c4

#### Summary

Wrote the export, told again.

### 10:00 — Commit 2b3c4d5

Fixed the parser. It dropped the last reading.

#### Accomplishments

- Parser

### 11:00 — Commit: Tidy the docs

**Synopsis:**
A pivot of the docs.

### 12:00 — Reflection

I like it.
"""


def test_a_day_counts_its_commits_each_once_whatever_stands_below_them():
    one = day(COMMITS)
    assert count_pieces(one) == 3
    assert [account.text.partition(".")[0] for account in accounts(one)] == [
        "Wrote the export", "Fixed the parser", "Tidy the docs"
    ]  # fmt: skip
    assert pieces_of(one, 5)[0][0] == "Tidy the docs"


@pytest.mark.parametrize("heading", ["{}:15 pm: summary", "Part {}: what happened"])
def test_the_pieces_of_a_day_differ_in_their_headings_number_or_time(heading):
    texts = ["Wrote the export of readings", "Fixed the parser of readings"]
    body = "".join(f"## {heading.format(number)}\n\n{text}\n\n" for number, text in enumerate(texts, 1))
    assert [account.text for account in accounts(day(body))] == texts


def test_a_day_of_thoughts_alone_accomplished_nothing():
    thought = day("## Reflections\n\nWho tells the user that the hook failed? I do not know yet.\n", "Who tells?")
    assert is_thought(thought)
    assert count_pieces(thought) == 0
    values = roll(thought)
    assert (values["projects"], values["sessions"]) == ([], 1)
    work = [day(summaries(f"Wrote export {number}."), f"Export {number}") for number in range(3)]
    (project,) = roll(thought, *work)["projects"]
    assert (project.sessions, len(project.lines), project.more) == (4, 3, 0)
    assert not is_thought(day("## Lessons\n\n- Close the lock first\n"))
    assert not is_thought(day("", "Wrote the export"))
    assert not is_thought(day("## Thoughts\n\n- Gauges are slow, I think\n", "Wrote the export"))


def draft(told, *changes):
    body = f"## What happened\n\n{told}\n\n## Changes made\n\n" + "".join(f"- {one} [t2]\n" for one in changes)
    return day(body, "Count readings of gauges", status="draft", drafted_by="offline")


def test_a_session_is_told_by_its_main_subject_and_not_by_one_test():
    told = (
        "Done: `TestPumps_CountOnce` - Tests the full flow of a pump: fill, empty, report; "
        "counted readings of each gauge by day instead of by hour; tests passed after the last edit. [t3]"
    )
    one = draft(told, "`src/gauge.py` — counts readings of a gauge", "`src/day.py` — readings by day")
    assert gist_of(one) == "counted readings of each gauge by day instead of by hour"


@pytest.mark.parametrize(("told", "expected"), [
    ("the fix is to remove the pause from these pumps", "the fix is to remove the pause from the pumps"),
    ("removed the pause with this approach", ""),
])  # fmt: skip
def test_a_gist_points_at_nothing_that_it_does_not_name(told, expected):
    assert gist_of(draft(f"Done: {told}. [t3]")) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Today marked the successful completion of the export of gauges.", "Completed the export of gauges"),
    ("Successfully fixed the export of gauges.", "Fixed the export of gauges"),
    ("The export successfully ended.", "The export successfully ended"),
])  # fmt: skip
def test_a_deed_is_told_in_no_more_words_than_it_needs(text, expected):
    assert told(text) == [expected]


def test_a_day_whose_title_is_one_of_its_pieces_names_that_one_too():
    line = roll(day(summaries("Fixed the parser.", "Wrote the export of gauges."), title="Fixed the parser"))
    line = line["projects"][0].lines[0]
    assert (line.text, line.pieces, line.unnamed) == ("Fixed the parser", ("Wrote the export of gauges",), 0)


def test_a_day_that_names_fewer_pieces_of_work_than_it_counts_says_how_many_more_there_are():
    both = day(summaries("Fixed the parser of tides.", "Wrote the export of gauges."), title="Wednesday")
    alone = roll(both)["projects"][0].lines[0]
    assert (alone.gist, alone.pieces, alone.unnamed) == (
        "2 pieces of work", ("Fixed the parser of tides", "Wrote the export of gauges"), 0,
    )  # fmt: skip
    body = (
        summaries("Fixed the parser of tides.", "Wrote the export of gauges.")
        + "## Decisions\n\n- Fixed the parser of tides\n"
    )
    told = roll(day(body, title="Wednesday"))
    line = told["projects"][0].lines[0]
    assert (line.pieces, line.unnamed) == (("Wrote the export of gauges",), 1)


MERGED = "Done: merged `origin/tides` into the working tree, not committed, conflicts resolved in `pump.go`. [t3]"


@pytest.mark.parametrize(("followed", "expected"), [
    (False, "merged `origin/tides` into the working tree, not committed, conflicts resolved in `pump.go`"),
    (True, "merged `origin/tides`, conflicts resolved in `pump.go`"),
])  # fmt: skip
def test_how_a_merge_was_left_is_not_told_once_another_session_followed(followed, expected):
    assert gist_of(draft(MERGED), followed=followed) == expected


@pytest.mark.parametrize(("told", "expected"), [
    ("Partly done: counted readings; only a build or lint run passed after the last edit. [t3]",
     "only a build or lint run passed after the last edit"),
    ("Partly done: counted readings; no check ran after the last edit. [t3]", "no check ran after the last edit"),
    ("Partly done: no check ran on what was read. [t3]", ""),
])  # fmt: skip
def test_the_reason_of_an_outcome_is_read_back_and_told_once(told, expected):
    one = draft(told)
    assert reason_of(one) == expected
    assert not expected or expected not in gist_of(one)


def test_a_session_that_is_partly_done_keeps_how_it_was_left_before_what_else_it_did():
    told = (
        "## What happened\n\nPartly done: merged `origin/tides/state-of-every-gauge`, conflicts resolved in `gauge.py`; "
        "`make check` passed on all gauges; committed 1234567 and pushed before the last edits. [t3]\n"
    )
    gist = gist_of(day(told, status="draft", drafted_by="offline"))
    assert gist.endswith("committed 1234567 and pushed before the last edits")
