"""Handoff: where the last sessions of a project ended, in their own words, on half a page."""

from __future__ import annotations

from datetime import date

import pytest

from session_journal.core import accounts
from session_journal.core.entry import read
from session_journal.core.handoff import MOST_LINES, hand_off, plain, render, session_of
from session_journal.core.mentions import Mention
from session_journal.core.open_ends import gather
from session_journal.core.reading import read_page
from session_journal.core.worth import Material, candidates

TODAY = date(2026, 11, 23)


def entry(day, body, outcome="unknown", status="final", month=11):
    front = (
        f'id: "{day:08}aaaa"\ntitle: Day {day}\ndate: 2026-{month:02}-{day:02}\nstatus: {status}\noutcome: {outcome}\n'
    )
    return read(f"---\n{front}---\n\n{body}".encode(), f"journal/sessions/2026/2026-{month:02}-{day:02}-s.md")


def ends_of(*entries):
    return gather(
        Mention(one.path, item.kind, item.text, one.date, (one.date.isoformat(), "", one.path, item.line), item.mark)
        for one in entries
        for item in one.items
        if item.kind in {"action", "gap", "question"}
    )


def told(*entries, part=""):
    parts = hand_off("shop", entries, [end for end in ends_of(*entries) if end.is_open], TODAY).parts
    return [one.text for one in parts[part]]


def test_it_begins_with_how_the_last_session_ended():
    last = entry(20, "## What happened\n\nPartly done: moved the parser. [t3]\n", "partial", "draft")
    text = render(hand_off("shop", [entry(19, "x\n", "done"), last], (), TODAY), TODAY)
    assert text.splitlines() == [
        "# Hand-off: shop",
        "",
        "- Last session, 2026-11-20 (3 days ago): Day 20 (partly done): moved the parser. [00000020 2026-11-20] (draft)",
        "- Day 19 (done) [00000019 2026-11-19]",
    ]


def test_a_session_that_is_dated_ahead_is_not_of_today():
    ahead = render(hand_off("shop", [entry(28, "x\n", "done")], (), TODAY), TODAY)
    assert "Last session, 2026-11-28 (dated 5 days ahead): Day 28" in ahead
    assert "2026-11-23 (today): Day 23" in render(hand_off("shop", [entry(23, "x\n")], (), TODAY), TODAY)


def test_sessions_long_before_the_last_one_are_another_matter():
    found = hand_off("shop", [entry(1, "x\n"), entry(20, "## Challenges\n\n- Left failing\n")], (), TODAY)
    assert [one.date.day for one in found.sessions] == [20]


def test_the_next_step_is_what_the_last_session_meant_to_do():
    older = entry(18, "## For next time\n\n- Ask Bob\n")
    last = entry(20, "## For next time\n\n- Ask Ann\n\n## Todo\n\n- [ ] Ship it\n- [x] Tag it\n")
    assert told(older, last, part="next") == ["Ask Ann", "Ship it"]
    assert told(older, last, part="open") == []


@pytest.mark.parametrize(("outcome", "expected"), [("done", []), ("partial", ["Ask Bob"])])
def test_an_older_sessions_next_step_holds_only_while_the_last_one_is_not_done(outcome, expected):
    assert told(entry(18, "## For next time\n\n- Ask Bob\n"), entry(20, "x\n", outcome), part="next") == expected


@pytest.mark.parametrize(("path", "expected"), [("a.py", []), ("b.py", ["Ask Bob"])])
def test_a_done_session_leaves_standing_what_one_on_other_files_meant_to_do(path, expected):
    older = entry(18, "## For next time\n\n- Ask Bob\n\n## Changes made\n\n- `a.py`\n")
    later = entry(20, f"## Changes made\n\n- `{path}`\n", "done")
    assert told(older, later, part="next") == expected


def test_a_day_of_several_pieces_of_work_ended_with_the_last_one():
    pieces = "".join(
        f"### {hour}:10 \u2014 Summary\n\n{did}.\n\n### Discussion notes\n\nTalked.\n\n### Accomplishments\n\n- x\n\n"
        for hour, did in ((8, "Moved the parser"), (9, "Wrote its tests"))
    )
    path = "journal/sessions/2026/2026-11-20-s.md"
    page = read_page(path, f"---\ntitle: Day 20\ndate: 2026-11-20\n---\n\n{pieces}".encode())
    (last,) = hand_off("shop", [session_of(page, page.passages)], (), TODAY).sessions
    assert last.text == "Day 20 (outcome not recorded); it ended with: Wrote its tests."
    material = Material([page], page.passages)
    assert [one.text for one in candidates(material, "", TODAY).last][1:] == ["Wrote its tests."]
    assert [[one.text for one in piece] for piece in accounts.pieces(page.passages)] == [
        ["Moved the parser."], ["Wrote its tests."],
    ]  # fmt: skip


def test_what_is_left_of_the_plan_comes_next_where_nothing_else_is_said():
    body = "## Deviations from plan\n\n- Planned, not done: rename the flag [t3]\n"
    assert told(entry(20, body), part="next") == ["rename the flag"]


def test_a_remark_that_a_draft_put_under_next_time_is_no_next_step():
    body = "## For next time\n\n- The remaining usages are appropriate [t3]\n- Remove the shims [t4]\n"
    body += "- If you want to go on, you need to add the file [t5]\n"
    assert told(entry(20, body), part="next") == ["Remove the shims"]


@pytest.mark.parametrize(("challenge", "is_told"), [
    ("Race between two tabs", True),
    ("Race between two tabs → froze the clock", False),
    ("Race between two tabs → left failing [t4]", True),
    ("Race between two tabs → edited `tabs.py` (not run again) [t4]", True),
    ("Race between two tabs → it works (said, not run again) [t4]", False),
    ("Race between two tabs → left failing here, passed only in another branch or working tree [t4]", True),
    ("Race between two tabs, fixed by a lock", False),
    ("Need to resist the urge to write code first", False),
    ("**State**: balancing context against complexity", False),
    ("**Telemetry**: Implemented robust counters", False),
    ("The bug was subtle and only seen on Safari", False),
    ("The index was built twice on every deploy", True),
    ("The index was built twice on every deploy, fixed by a lock", False),
    ("The index was built once, by hand", False),
    ("We looked each time at the wrong list", False),
    ("Keeping the docs in step", False),
    ("The tests need a database that is gone", True),
    ("**Attempts**: the hook failed on Windows", True),
    ("The race between the tabs was not solved", True),
    ("Searched several times for `a` [t3]", False),
    ("**Tooling**: " + "the build has grown into something that takes long to explain to anybody who is new to it " * 2, False),
])  # fmt: skip
def test_only_what_is_told_as_unresolved_counts_as_tried(challenge, is_told):
    assert bool(told(entry(20, f"## Challenges\n\n- {challenge}\n"), part="tried")) == is_told


@pytest.mark.parametrize(
    ("path", "outcome", "is_told"), [("a.py", "done", False), ("a.py", "partial", True), ("b.py", "done", True)]
)
def test_a_failure_is_over_once_a_later_session_did_the_same_file_well(path, outcome, is_told):
    failed = entry(19, "## Challenges\n\n- The parser is left failing\n\n## What changed\n\n- `a.py`\n")
    later = entry(20, f"## What changed\n\n- `{path}`\n", outcome)
    assert bool(told(failed, later, part="tried")) == is_told


def test_what_a_later_session_solved_is_resolved():
    failed = entry(
        18, "## Challenges\n\n- Search hangs on umlauts\n- Login loops on Safari\n- Uploads fail over IPv6\n"
    )
    later = "## What happened\n\nFixed the login loop on Safari.\n\n## Challenges\n\n- Search hangs on umlauts \u2192 fold them\n"
    assert told(failed, entry(20, later), part="tried") == ["Uploads fail over IPv6"]


def test_what_was_put_back_was_tried_and_other_deviations_are_deviations():
    body = "## Deviations from plan\n\n- Changed and put back: `a.py` [t3]\n- Wrote the docs first\n"
    assert told(entry(20, body), part="tried") == ["Changed and put back: `a.py`"]
    assert told(entry(20, body), part="deviations") == ["Wrote the docs first"]


CHANGED = "## Changes made\n\n- `src/a.py` — split [t2]\n- `src/b.py` — edit declined, not made [t3]\n"


@pytest.mark.parametrize(("body", "outcome", "is_told"), [
    (CHANGED, "done", True),
    ("## What happened\n\nDone: split; committed 12ab34c. [t3]\n\n" + CHANGED, "done", False),
    (CHANGED.replace(" [t2]", "").replace(" [t3]", ""), "done", False),
    (CHANGED.replace(" [t2]", "").replace(" [t3]", ""), "partial", True),
])  # fmt: skip
def test_files_without_a_commit_are_named(body, outcome, is_told):
    assert told(entry(20, body, outcome), part="files") == (["`src/a.py`"] if is_told else [])


def test_a_file_that_a_later_session_committed_is_settled():
    later = "## What happened\n\nDone: committed 12ab34c. [t3]\n\n" + CHANGED
    assert told(entry(19, CHANGED), entry(20, later), part="files") == []


def test_what_is_open_is_told_with_its_age_and_the_id_to_tick_it_by():
    old = entry(2, "## Todo\n\n- [ ] Call Ann\n")
    end = ends_of(old)[0]
    found = hand_off("shop", [entry(20, "x\n")], [end], TODAY)
    assert [one.text for one in found.parts["open"]] == [f"action: Call Ann (open for 3 weeks, {end.id})"]


def test_it_stays_half_a_page_whatever_there_is():
    things = ["Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf"]
    body = "".join(
        f"## {title}\n\n" + "".join(f"- {mark}{thing} of {title}\n" for thing in things) + "\n"
        for title, mark in (
            ("Challenges", ""),
            ("Deviations", ""),
            ("For next time", ""),
            ("Todo", "[ ] "),
            ("Gaps", "[ ] "),
        )
    )
    files = "## Changes made\n\n" + "".join(f"- `src/{thing}.py`\n" for thing in things)
    entries = [entry(day, body + files, "partial") for day in (16, 17, 18, 19, 20)]
    found = hand_off("shop", entries, ends_of(*entries), TODAY)
    lines = render(found, TODAY).splitlines()
    assert len(lines) <= MOST_LINES
    assert [line for line in lines if line.startswith("## ")] == [
        "## Next step", "## Open", "## Not resolved", "## Deviations from plan", "## Changed, no commit recorded",
    ]  # fmt: skip
    assert any(line.endswith(" more") for line in lines)


def test_secrets_and_terminal_codes_of_an_unsealed_entry_are_not_printed():
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    text = render(
        hand_off("shop", [entry(20, f"## For next time\n\n- Rotate {secret}\x1b[31m now\n")], (), TODAY), TODAY
    )
    assert "- Rotate " in text
    assert (secret in text, "\x1b" in text) == (False, False)


def test_a_project_without_sessions_has_nothing_to_hand_over():
    found = hand_off("shop", [], (), TODAY)
    assert (found.is_empty, render(found, TODAY)) == (True, "")
    assert plain(found) == {
        "project": "shop", "sessions": [], "next": [], "open": [], "tried": [], "deviations": [], "files": [], "more": 0,
    }  # fmt: skip


def test_how_a_session_left_the_repository_was_for_the_next_one_that_committed_to_see_to():
    talk = entry(20, "## Decisions\n\n- Keep the parser [t2]\n", "done")
    more = entry(20, CHANGED.replace("src/a.py", "src/b.py"))
    committed = entry(20, "## What happened\n\nDone: committed 12ab34c. [t3]\n", "done")
    assert told(entry(19, CHANGED), part="files") == ["`src/a.py`"]
    assert told(entry(19, CHANGED), talk, part="files") == ["`src/a.py`"]
    assert told(entry(19, CHANGED), more, part="files") == ["`src/b.py`", "`src/a.py`"]
    assert told(entry(19, CHANGED), committed, part="files") == []


def test_a_drafts_task_that_does_not_say_what_it_is_of_is_not_handed_over_but_a_persons_is():
    for turn, kept in ((" [t3]", ["Close the gauge"]), ("", ["Move all four readers", "Close the gauge"])):
        tasks = f"## Todo\n\n- [ ] Move all four readers{turn}\n- [ ] Close the gauge{turn}\n"
        assert told(entry(20, tasks), part="next") == kept


def test_what_points_at_something_left_behind_is_not_handed_to_the_next_session():
    body = (
        "## Discoveries\n\n- No release exists for this package\n- No release exists for `pumps`, because it is new\n"
    )
    path = "journal/sessions/2026/2026-11-20-s.md"
    page = read_page(path, f"---\ntitle: Day 20\ndate: 2026-11-20\n---\n\n{body}".encode())
    material = Material([page], past=[(page, one) for one in page.passages])
    assert [one.text for one in candidates(material, "", TODAY).past] == [
        "No release exists for `pumps`, because it is new"
    ]
