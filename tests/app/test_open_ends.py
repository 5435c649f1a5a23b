"""Open ends in a real journal: found in every file that states them, ticked byte for byte where they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import git, make_journal, read
from session_journal.app.open_ends import (
    carry,
    carry_out,
    find_ends,
    plan_mark,
    remember_list,
    resolve_end,
    select,
)
from session_journal.app.verify import verify
from session_journal.core.blocks import replace
from session_journal.errors import NotFoundError, UsageError
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


def tick(journal, kind, ref, mark):
    ticked = plan_mark(journal, resolve_end(journal, find_ends(journal), kind, ref, mark), mark)
    carry_out(journal, ticked, NOW)
    return ticked


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
    ticked = plan_mark(journal, find_ends(journal)[0], "x")
    assert [(place, number, old) for place, number, old, _ in ticked.lines] == [(path, 11, "- [ ] call Ann")]
    assert read(journal, path) == before


def test_a_gap_is_practised_resolved_and_opened_again(journal):
    path = add(journal, 2, "## Knowledge gaps\n\n- How tabs share tokens\n")
    for mark, state in (("/", "practising"), ("x", "resolved"), (" ", "open")):
        assert tick(journal, "gap", "tabs", mark).state == state
        assert f"- [{mark}] How tabs share tokens ^" in read(journal, path).decode()
        assert states(journal) == {"How tabs share tokens": state}
    assert read(journal, path).count(b"^") == 1


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
    (change,) = carry(journal, ends)
    assert change.path == path
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
    assert read(journal, ROLLUP) == before.replace(b"- [ ] call Ann", b"- [x] call Ann")


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
