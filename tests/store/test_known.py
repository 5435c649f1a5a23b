"""What is known of statements and their likeness: right however old it is, and needless."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.core.patterns import find, statements
from session_journal.store.entries import load
from session_journal.store.known import Known, clock, keep, load_statements, recall

HOUR_AGO = 3600


def write(root, number, text, entry_id=None, old=True):
    path = Path(root, "journal", "sessions", "2026", f"2026-11-{number:02d}-s.md")
    path.parent.mkdir(parents=True, exist_ok=True)
    name = f"{number:032x}" if entry_id is None else entry_id
    head = f'---\nid: "{name}"\ndate: 2026-11-{number:02d}\nsource: "codex {number}"\nstatus: draft\nproject: shop\n---\n\n'
    path.write_text(f"{head}## Key takeaways\n\n- {text} [t1, t2]\n- [ ] Second\n", encoding="utf-8")
    if old:
        then = path.stat().st_mtime - HOUR_AGO
        os.utime(path, (then, then))
    return path


@pytest.fixture
def root(tmp_path):
    made = make_journal(tmp_path / "journal").root
    for number in range(1, 26):
        write(made, number, f"Lesson {chr(96 + number)} of the linter")
    return made


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "cache" / "known")


def run(root, place):
    """Do as a command does: recall, read, keep; return what was stated."""
    known = recall(place)
    found, problems = load_statements(root, known, clock(place))
    find(found, memory=known.memory)
    keep(place, known)
    return found, problems


def test_what_is_recalled_is_what_the_entries_say(root, place):
    expected = statements(load(root)[0])
    assert run(root, place)[0] == expected
    assert recall(place).files
    assert run(root, place)[0] == expected


def test_a_changed_a_new_and_a_vanished_file_are_seen(root, place):
    run(root, place)
    write(root, 12, "Other words", old=False)
    write(root, 28, "A new one")
    os.remove(write(root, 13, "gone"))
    assert run(root, place)[0] == statements(load(root)[0])


def test_a_file_that_was_just_written_is_not_trusted(root, place):
    path = write(root, 12, "Words A", old=False)
    run(root, place)
    status = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("Words A", "Words B"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "Words B" in {one.text for one in run(root, place)[0]}


def test_a_file_that_is_no_entry_is_named_each_time(root, place):
    Path(root, "journal", "sessions", "2026", "2026-11-29-x.md").write_text("---\nid: [\n---\n", encoding="utf-8")
    first, second = run(root, place), run(root, place)
    assert first == second
    assert [one.path for one in first[1]] == ["journal/sessions/2026/2026-11-29-x.md"]


def test_of_two_files_with_one_id_one_counts(root, place):
    write(root, 28, "A copy", entry_id=f"{12:032x}")
    for _ in range(2):
        found, problems = run(root, place)
        assert found == statements(load(root)[0])
        assert len(problems) == 1


@pytest.mark.parametrize("damage", [b"", b"torn", b"00000000\n{}"])
def test_what_is_torn_counts_as_none(root, place, damage):
    run(root, place)
    Path(place).write_bytes(damage)
    assert recall(place) == Known()
    assert run(root, place)[0] == statements(load(root)[0])


def test_where_nothing_can_be_kept_the_answer_is_the_same(root, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    place = str(tmp_path / "file" / "known")
    assert clock(place) == 0
    assert run(root, place)[0] == statements(load(root)[0])
