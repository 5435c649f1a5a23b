"""Open ends in a real journal: found in every file that states them, ticked byte for byte where they stand."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import git, make_journal, read
from session_journal.app.learnings import plan
from session_journal.app.open_ends import KNOWN, find_copies, find_ends, remember_list, resolve_end, select
from session_journal.app.seal import seal
from session_journal.app.ticking import carry, carry_out, plan_mark, refer
from session_journal.app.verify import verify
from session_journal.core.blocks import replace, ticked
from session_journal.core.ticking import without_ids
from session_journal.errors import NotFoundError, UsageError
from session_journal.store.entries import load
from session_journal.store.journal import Change

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
ROLLUP = "journal/rollups/2026-W47.md"


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


def add(journal, day, body, project="shop", status="final", newline="\n"):
    path = f"journal/sessions/2026/2026-11-{day:02}-s.md"
    front = f'id: "{day:032x}"\ntitle: Day {day}\ndate: 2026-11-{day:02}\nstatus: {status}\nproject: {project}\n'
    text = f"---\n{front}---\n\n{body}".replace("\n", newline)
    journal.publish([Change(path, text.encode())], f"entry: {day}", NOW)
    return path


def by_hand(journal, path, old, new):
    file = Path(journal.path(path))
    data = file.read_bytes()
    assert data.count(old.encode()) == 1
    file.write_bytes(data.replace(old.encode(), new.encode()))


def states(journal, kind="gap"):
    return {end.text: end.state for end in select(find_ends(journal), kind, closed=True)}


def test_an_entry_with_the_id_of_another_one_is_left_out_as_pages_leave_it_out(journal):
    first = add(journal, 9, "## Action items\n\n- [ ] Order the seeds\n")
    copy = Path(journal.path(first.replace("-09-", "-02-")))
    copy.write_bytes(read(journal, first).replace(b"Order the seeds", b"Call the vet").replace(b"11-09", b"11-02"))
    assert states(journal, "action") == {"Order the seeds": "open"}
    assert find_copies(journal) == {first.replace("-09-", "-02-"): first}
    assert states(journal, "action").keys() == {end.text for end in find_ends(journal, load(journal.root)[0])}


def test_an_id_that_was_copied_with_a_template_ticks_the_line_alone_that_is_named(journal):
    old = add(journal, 3, "## Action items\n\n- [ ] Tell the team about the new cache ^xwgjf7\n")
    new = add(journal, 9, "## Action items\n\n- [ ] Write the blog post ^xwgjf7\n")
    end = resolve_end(journal, find_ends(journal), "action", "blog post", "x")
    carry_out(journal, plan_mark(journal, end, "x"), NOW)
    assert states(journal, "action") == {"Tell the team about the new cache": "open", "Write the blog post": "done"}
    assert b"- [ ] Tell the team" in read(journal, old)
    assert b"- [x] Write the blog post ^xwgjf7" in read(journal, new)
    assert (
        resolve_end(journal, find_ends(journal), "action", "^xwgjf7", "x").text == "Tell the team about the new cache"
    )


CHORES = """## Action items

- Offered and left open: commit and push the changes
- Commit the merge of `origin/main`, which is not committed yet
- Push what is left: branch is 1 commit ahead of origin
- [/] Push what is left: tag v2
- Offered and left open: write the docs
- Commit to a date with ops
"""
LASTING = {
    "Push what is left: tag v2": "started",
    "Offered and left open: write the docs": "open",
    "Commit to a date with ops": "open",
}


def test_how_a_session_left_the_repository_is_open_until_a_later_one_of_its_project(journal):
    add(journal, 2, CHORES)
    add(journal, 5, "## Insights\n\n- The site builds twice\n", project="site")
    assert sorted(states(journal, "action").values()) == ["open"] * 5 + ["started"]
    add(journal, 9, "## Insights\n\n- The shop builds twice\n")
    told = states(journal, "action")
    assert {text: state for text, state in told.items() if state != "passed"} == LASTING
    assert len(told) == 6
    assert {end.text for end in select(find_ends(journal), "action")} == set(LASTING)
    entries, _ = load(journal.root, "")
    assert {end.text: end.state for end in find_ends(journal, entries)} == told


def without_marker(data):
    return re.sub(rb"<!-- journal:[^\n]*", b"", data)


def tick(journal, kind, ref, mark):
    planned = plan_mark(journal, resolve_end(journal, find_ends(journal), kind, ref, mark), mark)
    carry_out(journal, planned, NOW)
    return planned


def test_in_a_large_journal_what_was_compared_is_kept_and_says_the_same(journal):
    for day in range(2, 6):
        gaps = "".join(f"- How part{number} meets side{number * 7 + day}\n" for number in range(100))
        add(journal, day, f"## Gaps\n\n- How tabs share the tokens of day {day}0\n{gaps}")
    add(journal, 7, "## Gaps\n\n- How the tokens of day 50 share tabs\n")
    found = find_ends(journal)
    assert len(found) == 404
    kept = Path(journal.cache(KNOWN))
    data = kept.read_bytes()
    assert find_ends(journal) == found
    assert kept.read_bytes() == data
    kept.write_bytes(data[:-9])
    assert find_ends(journal) == found


def test_ticking_changes_its_lines_in_all_entries_and_no_other_byte(journal):
    first = add(journal, 2, "## Knowledge gaps\n\nIntro:\n\n- How tabs share tokens [t4]\n- Else\n", newline="\r\n")
    second = add(journal, 9, "## To learn\n\n* [ ] how tabs share tokens\n\n<!-- mine -->\n")
    before = read(journal, first), read(journal, second)
    line = next(end for end in find_ends(journal) if "tabs" in end.text)
    tick(journal, "gap", "tabs", "x")
    assert (read(journal, first), read(journal, second)) == (
        before[0].replace(b"- How tabs share tokens [t4]", b"- [x] How tabs share tokens [t4] ^%s" % line.id.encode()),
        before[1].replace(b"* [ ] how tabs share tokens", b"* [x] how tabs share tokens ^%s" % line.id.encode()),
    )
    assert git(journal, "log", "-1", "--format=%s") == "entry: resolved: how tabs share tokens\n"
    assert verify(journal, int(NOW.timestamp())).findings == ()
    assert states(journal) == {"how tabs share tokens": "resolved", "Else": "open"}


def test_planning_writes_nothing(journal):
    path = add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    before = read(journal, path)
    planned = plan_mark(journal, find_ends(journal)[0], "x")
    assert [(place, number, old) for place, number, old, _ in planned.lines] == [(path, 11, "- [ ] call Ann")]
    assert read(journal, path) == before


def test_a_gap_is_practised_resolved_and_opened_again(journal):
    path = add(journal, 2, "## Knowledge gaps\n\n- How tabs share tokens\n")
    for mark, state in (("/", "practising"), ("x", "resolved"), (" ", "open")):
        assert tick(journal, "gap", "tabs", mark).state == state
        assert f"- [{mark}] How tabs share tokens ^" in read(journal, path).decode()
        assert states(journal) == {"How tabs share tokens": state}
    assert read(journal, path).count(b"^") == 1


def test_practising_a_gap_leaves_it_said_since_when_it_is_open(journal):
    add(journal, 2, "## Knowledge gaps\n\n- [/] How tabs share tokens\n")
    add(journal, 9, "## Knowledge gaps\n\n- [/] How tabs share tokens\n")
    journal.publish(plan(journal, NOW), "learnings", NOW)
    before = read(journal, "journal/learnings.md")
    assert b"(open since 2026-11-02)" in before
    assert tick(journal, "gap", "tabs", "/").lines == ()
    tick(journal, "gap", "tabs", "x")
    assert b"How tabs share tokens (resolved)" in read(journal, "journal/learnings.md")


def test_a_tick_by_hand_in_an_older_entry_counts_though_a_newer_one_says_open(journal):
    first = add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    add(journal, 9, "## Todo\n\n- [ ] call Ann\n")
    by_hand(journal, first, "- [ ] call", "- [x] call")
    assert states(journal, "action") == {"call Ann": "done"}


def test_what_a_later_entry_states_again_is_open_again(journal):
    add(journal, 2, "## Todo\n\n- [x] call Ann\n")
    add(journal, 9, "## Todo\n\n- [ ] call Ann\n")
    (end,) = find_ends(journal)
    assert (end.state, end.since.day, end.sessions) == ("open", 9, 2)


def test_a_tick_in_a_rollup_counts_and_is_carried_to_the_entry(journal):
    path = add(journal, 2, "## Todo\n\n- [ ] call Ann\n- [ ] write Bob\n")
    rollup = replace("", "weekly", "- [ ] call Ann ([11-02](../sessions/2026/2026-11-02-s.md))\n")
    front = f'---\nid: "{99:032x}"\ntitle: Week\ndate: 2026-11-16\nuntil: 2026-11-22\n---\n'
    journal.publish([Change(ROLLUP, f"{front}{rollup}".encode())], "weekly", NOW)
    assert carry(journal, find_ends(journal)) == ()
    by_hand(journal, ROLLUP, "- [ ] call", "- [x] call")
    ends = find_ends(journal)
    assert states(journal, "action") == {"call Ann": "done", "write Bob": "open"}
    change, page = carry(journal, ends)
    assert (change.path, page.path) == (path, ROLLUP)
    assert page.data.count(b"- [x] call Ann") == 1
    assert change.data == read(journal, path).replace(
        b"- [ ] call Ann", b"- [x] call Ann ^" + next(end.id for end in ends if not end.is_open).encode()
    )


def test_a_command_ticks_the_line_in_a_rollup_too(journal):
    add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    rollup = replace("", "weekly", "- [ ] call Ann ([11-02](../sessions/2026/2026-11-02-s.md))\n- [ ] other\n")
    front = f'---\nid: "{99:032x}"\ntitle: Week\ndate: 2026-11-16\nuntil: 2026-11-22\n---\n'
    journal.publish([Change(ROLLUP, f"{front}{rollup}".encode())], "weekly", NOW)
    before = read(journal, ROLLUP)
    tick(journal, "action", "call", "x")
    done = read(journal, ROLLUP)
    assert without_marker(done) == without_marker(before).replace(b"- [ ] call Ann", b"- [x] call Ann")
    assert not ticked(done.decode(), "weekly")  # the tool's own tick is nobody's


def test_a_page_that_cannot_be_read_is_no_hindrance(journal):
    add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    Path(journal.path("journal/rollups")).mkdir()
    Path(journal.path(ROLLUP)).write_bytes(b"---\nnever: closed\n")
    Path(journal.path("journal/sessions/2026/2026-11-03-b.md")).write_bytes(b"\xff\xfe## Todo\n\n- [ ] broken\n")
    assert states(journal, "action") == {"call Ann": "open"}


def test_a_line_with_a_secret_that_was_never_stored_is_found_where_it_stands(journal):
    path = add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    by_hand(journal, path, "call Ann", f"rotate {secret}")
    (end,) = find_ends(journal)
    assert secret not in end.text
    assert [old for _, _, old, _ in plan_mark(journal, end, "x").lines] == [f"- [ ] rotate {secret}"]


def test_an_end_is_named_by_id_number_or_a_part_of_its_words(journal):
    add(journal, 2, "## Todo\n\n- [ ] call Ann\n- [ ] call Bob\n- [x] write Ann\n")
    ends = find_ends(journal)
    ann, bob, written = (
        next(end for end in ends if end.text == text) for text in ("call Ann", "call Bob", "write Ann")
    )
    remember_list(journal, "action", [bob, ann])
    for ref, end in (
        (ann.id, ann), (f"^{ann.id}", ann), ("1", bob), ("2", ann), ("CALL  ann", ann), ("ann", ann),
    ):  # fmt: skip
        assert resolve_end(journal, ends, "action", ref, "x") == end
    assert resolve_end(journal, ends, "action", "ann", " ") == written


def test_what_names_several_is_refused_with_the_candidates(journal):
    add(journal, 2, "## Todo\n\n- [ ] call Ann\n- [ ] call Bob\n")
    ends = find_ends(journal)
    with pytest.raises(UsageError) as caught:
        resolve_end(journal, ends, "action", "call", "x")
    assert all(f"  {end.id}  {end.text}" in caught.value.message for end in ends)


@pytest.mark.parametrize("ref", ["nobody", "1", "", "   "])
def test_what_names_nothing_hints_at_the_list(journal, ref):
    add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    with pytest.raises(NotFoundError) as caught:
        resolve_end(journal, find_ends(journal), "action", ref, "x")
    assert caught.value.hint.startswith("journal actions")


def test_a_number_means_the_list_that_was_shown_and_never_another_line(journal):
    path = add(journal, 2, "## Todo\n\n- [ ] call Ann\n- [ ] call Bob\n")
    remember_list(journal, "action", find_ends(journal))
    by_hand(journal, path, "call Ann", "greet the whole team")
    with pytest.raises(NotFoundError, match="changed since the last list"):
        resolve_end(journal, find_ends(journal), "action", "1", "x")
    assert resolve_end(journal, find_ends(journal), "action", "2", "x").text == "call Bob"
    with pytest.raises(NotFoundError, match="had 2 actions"):
        resolve_end(journal, find_ends(journal), "action", "3", "x")


def test_a_project_narrows_the_list(journal):
    add(journal, 2, "## Todo\n\n- [ ] call Ann\n", project="Shop")
    add(journal, 9, "## Todo\n\n- [ ] call Bob\n", project="site")
    assert [end.text for end in select(find_ends(journal), "action", "shop")] == ["call Ann"]


def page_of(journal, lines, path=ROLLUP, name="weekly", until="2026-11-22"):
    front = f'---\nid: "{path.encode().hex()[-32:]}"\ntitle: Page\ndate: 2026-11-16\nuntil: {until}\n---\n'
    journal.publish([Change(path, f"{front}{replace('', name, lines)}".encode())], name, NOW)
    return path


def settle(journal):
    """Do what every rollup does first."""
    changes = carry(journal, find_ends(journal))
    if changes:
        journal.publish(changes, "entry: ticked in a rollup", NOW)
    return [change.path for change in changes]


def naming(*ends):
    lines = "".join(f"- [ ] {end.text} ^{end.id}\n" for end in ends)
    return [Change("journal/rollups/2026-W48.md", replace("", "weekly", lines).encode())]


def give_ids(journal, *ends):
    """Do what a page that names these does to their entries."""
    journal.publish(refer(journal, ends, naming(*ends))[1:], "weekly", NOW)


CALL = "- [ ] call Ann ([11-02](../sessions/2026/2026-11-02-s.md))\n"
MONTH, QUARTER = "journal/rollups/2026-11.md", "journal/rollups/2026-Q4.md"


def test_a_tick_in_one_page_reaches_the_entry_and_all_other_pages_once(journal):
    path = add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    pages = [page_of(journal, CALL), page_of(journal, CALL, MONTH), page_of(journal, CALL, QUARTER)]
    by_hand(journal, MONTH, "- [ ] call", "- [x] call")
    assert sorted(settle(journal)) == sorted([path, *pages])
    assert all(b"- [x] call Ann" in read(journal, one) for one in (path, *pages))
    assert settle(journal) == []


def test_a_tick_in_the_entry_reaches_the_pages(journal):
    path = add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    page_of(journal, CALL)
    by_hand(journal, path, "- [ ] call", "- [x] call")
    assert settle(journal) == [ROLLUP]
    assert b"- [x] call Ann" in read(journal, ROLLUP)


def test_a_box_that_the_tool_ticked_does_not_close_what_a_later_entry_opens_again(journal):
    add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    page_of(journal, CALL, QUARTER, until="2026-12-31")
    tick(journal, "action", "call", "x")
    add(journal, 20, "## Todo\n\n- [ ] call Ann\n")
    assert states(journal, "action") == {"call Ann": "open"}
    assert settle(journal) == [QUARTER]
    assert b"- [ ] call Ann" in read(journal, QUARTER)


def test_a_persons_tick_does_not_close_what_came_after_it(journal):
    add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    page_of(journal, CALL, QUARTER, until="2026-12-31")
    by_hand(journal, QUARTER, "- [ ] call", "- [x] call")
    seal(journal, NOW)
    assert states(journal, "action") == {"call Ann": "done"}
    add(journal, 20, "## Todo\n\n- [ ] call Ann\n")
    assert states(journal, "action") == {"call Ann": "open"}


def test_a_box_emptied_in_an_entry_is_not_ticked_again_by_the_copy_in_a_page(journal):
    path = add(journal, 2, "## Todo\n\n- [ ] call Ann\n- [ ] write Bob\n")
    page_of(journal, f"{CALL}- [ ] write Bob ([11-02](../sessions/2026/2026-11-02-s.md))\n")
    tick(journal, "action", "call", "x")
    by_hand(journal, path, "- [x] call", "- [ ] call")
    by_hand(journal, ROLLUP, "- [ ] write", "- [x] write")
    assert states(journal, "action") == {"call Ann": "open", "write Bob": "done"}
    settle(journal)
    assert [line[:10] for line in read(journal, path).decode().splitlines() if line.startswith("- [")] == [
        "- [ ] call", "- [x] writ",
    ]  # fmt: skip


def test_what_was_practised_by_command_is_resolved_by_hand_in_its_entry(journal):
    path = add(journal, 2, "## Knowledge gaps\n\n- [ ] How tabs share tokens\n")
    page_of(journal, "- [ ] How tabs share tokens ([11-02](../sessions/2026/2026-11-02-s.md))\n")
    tick(journal, "gap", "tabs", "/")
    by_hand(journal, path, "- [/] How", "- [x] How")
    assert states(journal) == {"How tabs share tokens": "resolved"}


def test_a_box_that_a_person_empties_in_a_page_opens_it_again(journal):
    path = add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    page_of(journal, CALL)
    tick(journal, "action", "call", "x")
    by_hand(journal, ROLLUP, "- [x] call", "- [ ] call")
    assert states(journal, "action") == {"call Ann": "open"}
    assert path in settle(journal)
    assert b"- [ ] call Ann" in read(journal, path)


def test_what_is_opened_again_keeps_the_boxes_that_were_ticked_before_its_newest_line_was_there(journal):
    days = [add(journal, day, "## Todo\n\n- [x] Water the plants\n") for day in (2, 9, 16)]
    page_of(journal, "- [x] Water the plants ([11-16](../sessions/2026/2026-11-16-s.md))\n")
    tick(journal, "action", "water", " ")
    assert [b"[x]" in read(journal, path) for path in days] == [True, True, False]
    assert b"[ ] Water" in read(journal, ROLLUP)
    (end,) = find_ends(journal)
    assert (end.state, end.since.day) == ("open", 16)
    tick(journal, "action", "water", "x")
    by_hand(journal, ROLLUP, "- [x] Water", "- [ ] Water")
    settle(journal)
    assert [b"[x]" in read(journal, path) for path in days] == [True, True, False]


def test_opening_again_empties_every_box_that_the_command_before_had_ticked(journal):
    old = add(journal, 1, "## Todo\n\n- [x] Call the plumber\n")
    days = [add(journal, day, "## Todo\n\n- [ ] Call the plumber\n") for day in (2, 9)]
    tick(journal, "action", "plumber", "x")
    tick(journal, "action", "plumber", " ")
    assert [b"[x]" in read(journal, path) for path in days] == [False, False]
    (end,) = find_ends(journal)
    assert (end.state, end.since.day) == ("open", 2)
    assert b"[x]" in read(journal, old)


def test_a_habit_that_is_ticked_and_opened_again_is_as_it_was(journal):
    marks = "xx xx "
    days = [add(journal, day, f"## Todo\n\n- [{mark}] Check the backups\n") for day, mark in enumerate(marks, 2)]
    tick(journal, "action", "backups", "x")
    tick(journal, "action", "backups", " ")
    assert [b"[x]" in read(journal, path) for path in days] == [mark == "x" for mark in marks]


def test_the_same_words_in_two_projects_are_ticked_apart_by_the_entry_that_a_line_links_to(journal):
    one = add(journal, 2, "## Todo\n\n- [ ] call Ann\n", project="shop")
    two = add(journal, 3, "## Todo\n\n- [ ] call Ann\n", project="site")
    page_of(journal, CALL + CALL.replace("11-02", "11-03"))
    by_hand(journal, ROLLUP, "- [ ] call Ann ([11-03]", "- [x] call Ann ([11-03]")
    assert settle(journal) == [two, ROLLUP]
    assert (b"[x]" in read(journal, one), b"[x]" in read(journal, two)) == (False, True)


def test_a_line_with_an_id_is_known_after_its_words_were_edited_in_entry_and_page(journal):
    path = add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    (end,) = find_ends(journal)
    give_ids(journal, end)
    assert f"- [ ] call Ann ^{end.id}\n" in read(journal, path).decode()
    page_of(journal, CALL.replace("\n", f" ^{end.id}\n"))
    by_hand(journal, path, "call Ann", "write a letter to our landlord")
    by_hand(journal, ROLLUP, "- [ ] call Ann", "- [x] phone her")
    assert states(journal, "action") == {"write a letter to our landlord": "done"}
    settle(journal)
    assert f"- [x] write a letter to our landlord ^{end.id}\n" in read(journal, path).decode()


def test_an_id_is_given_once_and_changes_nothing_else(journal):
    body = "## Knowledge gaps\n\nHow leap seconds work,\nand when.\n\n## Todo\n\n* call Ann [t4]\n"
    path = add(journal, 2, body, newline="\r\n")
    ends = find_ends(journal)
    names = {end.id for end in ends}
    before = read(journal, path)
    give_ids(journal, *ends)
    assert without_ids(read(journal, path).decode()).encode() == before
    assert {end.id for end in find_ends(journal)} == names
    assert refer(journal, find_ends(journal), naming(*ends))[1:] == ()
