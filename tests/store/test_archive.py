"""The event archive: kept redacted, given back whole, and refused where it is damaged."""

import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from journals import git, make_journal
from session_journal.core.events import Event, Session
from session_journal.errors import JournalError
from session_journal.store import archive

ID = f"{7:032x}"
SECRET = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
SESSION = Session(
    "claude-code",
    "s1",
    (
        Event("prompt", 1, "user", "Fix the upload", time=datetime(2026, 11, 20, 9, 0, tzinfo=UTC)),
        Event("command", 2, "assistant", target="make test", call="c"),
        Event("result", 3, "tool", "2 passed", call="c", exit_code=0),
    ),
    cwd="/srv/shop",
    uuids=frozenset({"u1"}),
)


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


def kept(journal):
    return sorted(Path(journal.cache("archive")).glob("*"))


def test_what_is_kept_comes_back(journal):
    archive.keep(journal, ID, SESSION)
    assert archive.events_of(journal, ID) == replace(SESSION, uuids=frozenset())


def test_what_was_never_kept_is_nothing(journal):
    assert archive.events_of(journal, ID) is None


def test_a_longer_session_takes_the_place_of_the_shorter(journal):
    archive.keep(journal, ID, SESSION)
    longer = replace(SESSION, events=(*SESSION.events, Event("reply", 4, "assistant", "Done")))
    archive.keep(journal, ID, longer)
    assert archive.events_of(journal, ID).events == longer.events
    assert len(kept(journal)) == 1


def test_dropping_leaves_nothing_and_twice_is_no_error(journal):
    archive.keep(journal, ID, SESSION)
    archive.drop(journal, ID)
    archive.drop(journal, ID)
    assert kept(journal) == []


def test_nothing_of_it_is_offered_to_git(journal):
    archive.keep(journal, ID, SESSION)
    assert git(journal, "status", "--short", "--ignored") == ""


def test_an_id_is_never_a_way_to_another_folder(journal):
    for name in ("../../hooks/pre-commit", "a/b", "", "ID WITH BLANKS", "\udc80"):
        archive.keep(journal, name, SESSION)
        assert archive.events_of(journal, name) is not None
    assert len(kept(journal)) == 5


def test_a_folder_that_cannot_be_made_is_an_error_with_its_path(journal):
    Path(journal.cache("")).mkdir(exist_ok=True)
    Path(journal.cache("archive")).write_text("in the way", encoding="utf-8")
    with pytest.raises(JournalError, match="archive"):
        archive.keep(journal, ID, SESSION)


def damage(journal, data):
    archive.keep(journal, ID, SESSION)
    kept(journal)[0].write_bytes(data(kept(journal)[0].read_bytes()))


@pytest.mark.parametrize(
    "data",
    [
        lambda whole: b"",
        lambda whole: whole[:-9],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: b"\0\xff garbage" * 99,
        lambda whole: zstandard.compress(b"\xff\xfe\n"),
        lambda whole: zstandard.compress(b"{" * 100_000),
    ],
    ids=["empty", "torn at its end", "torn", "garbage", "no text", "no JSON"],
)
def test_a_damaged_archive_is_an_error_with_a_hint(journal, data):
    damage(journal, data)
    with pytest.raises(JournalError, match="is damaged") as caught:
        archive.events_of(journal, ID)
    assert "delete this file" in caught.value.hint


@pytest.mark.parametrize("line", [b"x" * 1_000_000, b"x" * 999 + b"\n"], ids=["one line", "many lines"])
def test_a_file_that_unpacks_without_end_is_refused_in_bounded_memory(journal, line):
    packer = zstandard.ZstdCompressor().compressobj()
    bomb = b"".join(packer.compress(line * (1_000_000 // len(line))) for _ in range(2_000)) + packer.flush()
    assert len(bomb) < 1_000_000
    damage(journal, lambda whole: bomb)
    tracemalloc.start()
    with pytest.raises(JournalError, match="is damaged"):
        archive.events_of(journal, ID)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * archive.LONGEST


def test_a_session_of_any_length_fits_or_is_named(journal, monkeypatch):
    monkeypatch.setattr(archive, "LONGEST", 200_000)
    long = replace(
        SESSION, events=tuple(Event("reply", turn, "assistant", f"word {turn} " * 400) for turn in range(1, 101))
    )
    archive.keep(journal, ID, long)
    assert len(archive.events_of(journal, ID).events) == 100
    endless = replace(SESSION, events=tuple(Event("reply", turn, "assistant", "ok") for turn in range(1, 9_000)))
    with pytest.raises(JournalError, match="too long"):
        archive.keep(journal, ID, endless)


def test_the_texts_of_all_archives_can_be_searched(journal):
    assert list(archive.kept_texts(journal)) == []
    archive.keep(journal, ID, SESSION)
    (Path(journal.cache("archive")) / "torn.jsonl.zst").write_bytes(b"torn")
    (name, text), torn = archive.kept_texts(journal)
    assert name == f"archive/{ID}.jsonl.zst"
    assert SESSION.id in text
    assert torn == ("archive/torn.jsonl.zst", "")
