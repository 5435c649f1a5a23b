"""Events in commits: only where the user says so and nobody else can read them, each with its entry."""

from __future__ import annotations

import os
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clones import keep_in_step, make_clones, make_private, sync_until_quiet
from journals import forget_state, git, make_journal, page, read, where
from session_journal.app.capture import Capture, Wanted
from session_journal.app.committed import seal_committed
from session_journal.app.config import put
from session_journal.app.draft import Clock
from session_journal.app.offers import read_offer, take_offer
from session_journal.app.review import accept, discard
from session_journal.app.seal import seal
from session_journal.app.search import search
from session_journal.app.timeline import kept_session
from session_journal.app.verify import verify
from session_journal.core.archive_pages import archive_path, lines_of, make_page
from session_journal.core.events import Event, Session
from session_journal.core.packing import unpack
from session_journal.core.query import Filters
from session_journal.errors import JournalError, NotFoundError
from session_journal.store import archive
from session_journal.store.entries import load
from session_journal.store.journal import Change

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CLOCK = Clock(NOW, UTC)
TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"


def on():
    put(os.environ, "archive.commit", "yes", "/")


@pytest.fixture
def journal(tmp_path):
    """Return a journal without a remote, whose user wants events committed."""
    on()
    return make_journal(tmp_path / "journal")


def session(turns=6, name="s1", prompt="Add a retry to the upload"):
    events = [Event("prompt", 1, "user", text=prompt, time=START)]
    for turn in range(2, turns + 1, 2):
        call = f"c{turn}"
        events.append(
            Event("edit", turn, "assistant", target=f"src/file{turn}.py", text="+ x = 1", time=START, call=call)
        )
        events.append(Event("result", turn + 1, "tool", text="ok", time=START, call=call))
    ids = frozenset(f"{name}-{number}" for number in range(turns))
    return Session(
        "claude-code", name, tuple(events), cwd="/home/robin/shop", started=START, ended=START, sha256=f"{turns:064x}",
        uuids=ids,
    )  # fmt: skip


def take(journal, *sessions, **wanted):
    run = Capture(journal, CLOCK, Wanted(**wanted))
    assert {run.take(one, "s.jsonl").action for one in sessions} <= {"added", "updated", "edited", "known"}
    return run


def only(journal):
    entries, problems = load(journal.root)
    assert len(entries) == 1
    assert problems == []
    return entries[0]


def committed(journal, revision="HEAD"):
    out = git(journal, "show", "--name-only", "--format=", revision)
    return sorted(path for path in out.split() if not path.startswith("journal/log/"))


def events_in(journal, entry):
    return len(unpack(lines_of(read(journal, archive_path(entry.id)))).events)


def found(journal):
    return [(one.level, one.code, one.where) for one in verify(journal, int(NOW.timestamp()) + 9).findings]


def test_without_the_setting_no_event_is_committed(tmp_path):
    journal = make_journal(tmp_path / "journal")
    take(journal, session())
    assert committed(journal) == [only(journal).path]
    assert not Path(journal.path("journal/archive")).exists()


def test_a_journals_own_settings_do_not_have_events_committed(tmp_path):
    journal = make_journal(tmp_path / "journal")
    text = b'format = 1\n[archive]\ncommit = "yes"\n'
    journal.publish([Change("journal/journal.toml", text, b"format = 1\n")], "config", NOW)
    take(journal, session())
    assert committed(journal) == [only(journal).path]


def test_events_are_committed_with_their_entry_and_recorded(journal):
    take(journal, session())
    entry = only(journal)
    assert committed(journal) == sorted([entry.path, archive_path(entry.id)])
    assert events_in(journal, entry) == len(session().events)
    assert git(journal, "status", "--porcelain") == ""
    assert found(journal) == []


def test_a_changed_page_of_events_is_found_out(journal):
    take(journal, session())
    path = archive_path(only(journal).id)
    Path(journal.path(path)).write_bytes(read(journal, path).replace(b"retry", b"sleep"))
    git(journal, "commit", "-qam", "by hand")
    assert ("FAIL", "content", path) in found(journal)


def test_events_of_many_sessions_go_into_the_one_commit_of_their_entries(journal, tmp_path):
    said = "#### Pin the clock of test {0}\n\nThe cause was the clock.\n\n> Applied edit to clock{0}.py\n\n"
    runs = [f"# aider chat started at 2026-11-2{number} 10:00:00\n\n{said.format(number)}" for number in range(3)]
    path = tmp_path / ".aider.chat.history.md"
    path.write_text("".join(runs), encoding="utf-8")
    run = Capture(journal, CLOCK, Wanted())
    assert [outcome.action for outcome in run.take_file(str(path))] == ["added"] * 3
    assert run.stored == 3
    events = [one for one in committed(journal) if one.startswith("journal/archive/")]
    assert sorted(events) == sorted(archive_path(entry.id) for entry in load(journal.root)[0])


def test_a_session_that_went_on_takes_its_events_along(journal):
    take(journal, session(6))
    take(journal, session(12))
    entry = only(journal)
    assert committed(journal) == sorted([entry.path, archive_path(entry.id)])
    assert events_in(journal, entry) == len(session(12).events)
    assert found(journal) == []


def test_after_the_setting_is_off_nothing_more_is_committed_and_what_is_there_is_read(journal):
    take(journal, session(6))
    put(os.environ, "archive.commit", "no", "/")
    take(journal, session(12))
    entry = only(journal)
    assert committed(journal) == [entry.path]
    archive.drop(journal, entry.id)
    assert len(kept_session(journal, entry).events) == len(session(6).events)


def test_a_dry_run_writes_no_page_of_events(journal):
    take(journal, session(), dry_run=True)
    assert not Path(journal.path("journal/archive")).exists()


def test_what_is_accepted_of_a_session_that_went_on_brings_its_events(journal):
    take(journal, session(6))
    accept(journal, only(journal), NOW)
    grown = session(12)
    more = Event("prompt", 12, "user", text="Always run the linter before you commit, please remember that", time=START)
    grown = replace(grown, events=(*grown.events, more))
    take(journal, grown)
    entry = only(journal)
    assert events_in(journal, entry) == len(session(6).events)
    offer = read_offer(journal, entry.id)
    take_offer(journal, entry, offer, NOW)
    assert committed(journal) == sorted([entry.path, archive_path(entry.id)])
    assert events_in(journal, entry) == len(grown.events)


def test_a_discarded_draft_takes_its_committed_events_with_it(journal):
    take(journal, session())
    entry = only(journal)
    discard(journal, entry, NOW)
    assert committed(journal) == sorted([entry.path, archive_path(entry.id)])
    assert not Path(journal.path(archive_path(entry.id))).exists()
    assert found(journal) == []


def test_a_page_of_events_that_was_changed_by_hand_stays_as_it_is(journal):
    take(journal, session(6))
    path = archive_path(only(journal).id)
    mine = read(journal, path).replace(b"retry", b"(mine)")
    journal.publish([Change(path, mine, read(journal, path))], "seal: mine", NOW)
    run = take(journal, session(12))
    assert read(journal, path) == mine
    assert "was changed by hand" in run.archivist.uncommitted
    assert committed(journal) == [only(journal).path]


def test_a_link_in_the_place_of_events_does_not_fail_the_capture(journal, tmp_path):
    take(journal, session(6))
    path = Path(journal.path(archive_path(only(journal).id)))
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    run = take(journal, session(12))
    assert "symbolic link" in run.archivist.uncommitted
    assert committed(journal) == [only(journal).path]
    assert not (tmp_path / "elsewhere").exists()


def test_events_that_still_look_like_a_secret_stay_on_this_machine(journal):
    entry_id = "ab" * 16
    odd = replace(session(), cwd=f"/srv/{TOKEN}")
    with pytest.raises(JournalError, match="holds a secret"):
        archive.page_change(journal, entry_id, odd)


def test_a_secret_in_a_session_is_in_no_commit(journal):
    events = tuple(replace(one, text=f"token {TOKEN}") if one.kind == "result" else one for one in session().events)
    take(journal, replace(session(), events=events))
    entry = only(journal)
    assert events_in(journal, entry) == len(events)
    assert TOKEN not in git(journal, "log", "--all", "-p")


def test_a_session_too_long_for_a_commit_is_kept_on_this_machine_alone(journal, monkeypatch):
    monkeypatch.setattr(archive, "LONGEST_PAGE", 300)
    run = take(journal, session())
    entry = only(journal)
    assert "too long" in run.archivist.uncommitted
    assert committed(journal) == [entry.path]
    assert len(kept_session(journal, entry).events) == len(session().events)


def test_events_are_not_committed_where_a_remote_is_not_private(tmp_path):
    on()
    a, *_ = make_clones(tmp_path, 1, private=False)
    run = take(a, session())
    assert committed(a) == [only(a).path]
    assert run.archivist.uncommitted.startswith("remote origin is not marked as private")
    make_private(a)
    take(a, session(12))
    assert archive_path(only(a).id) in committed(a)


def test_a_second_machine_tells_the_session_after_a_sync(tmp_path):
    on()
    a, b = make_clones(tmp_path, 2)
    take(a, session())
    keep_in_step(a)
    keep_in_step(b)
    entry = only(b)
    assert kept_session(b, entry) == kept_session(a, entry)
    assert found(b) == []


def test_events_that_nobody_has_are_an_error_that_says_so(journal):
    take(journal, session())
    entry = only(journal)
    archive.drop(journal, entry.id)
    Path(journal.path(archive_path(entry.id))).unlink()
    with pytest.raises(NotFoundError, match="not on this machine"):
        kept_session(journal, entry)


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-40], lambda data: b"", lambda data: data.replace(b"{", b"(", 1)]
)
def test_a_damaged_page_of_events_is_named(journal, damage):
    take(journal, session())
    entry = only(journal)
    archive.drop(journal, entry.id)
    place = Path(journal.path(archive_path(entry.id)))
    place.write_bytes(damage(place.read_bytes()))
    with pytest.raises(JournalError, match="is damaged"):
        kept_session(journal, entry)


def test_renaming_an_entry_leaves_its_events_its_own(journal):
    take(journal, session())
    entry = only(journal)
    archive.drop(journal, entry.id)
    git(journal, "mv", entry.path, "journal/sessions/2026/2026-11-20-other.md")
    assert len(kept_session(journal, only(journal)).events) == len(session().events)


def test_a_page_of_events_is_no_entry_and_no_search_finds_it(journal):
    odd = Event("result", 3, "tool", text="quagmire", time=START, call="c2")
    events = tuple(odd if one.turn == odd.turn else one for one in session().events)
    take(journal, replace(session(), events=events))
    entry = only(journal)
    assert [one.path for one in load(journal.root)[0]] == [entry.path]
    assert b"quagmire" in read(journal, archive_path(entry.id))
    assert search(journal, "quagmire", Filters(), 9).found == ()
    assert [one.path for one in search(journal, "retry", Filters(), 9).found] == [entry.path]


def test_events_wait_with_their_entry_while_git_is_busy(journal):
    git(journal, "checkout", "-q", "--detach")
    take(journal, session())
    entry = only(journal)
    git(journal, "checkout", "-q", "main")
    journal.complete(NOW)
    assert committed(journal) == sorted([entry.path, archive_path(entry.id)])
    assert found(journal) == []


def test_the_events_of_an_entry_that_was_deleted_by_hand_go_with_its_record(journal):
    take(journal, session())
    entry = only(journal)
    Path(journal.path(entry.path)).unlink()
    seal(journal, NOW)
    assert committed(journal) == sorted([entry.path, archive_path(entry.id)])
    assert found(journal) == []


def test_events_left_behind_by_a_commit_by_hand_go_with_the_next_seal(journal):
    take(journal, session())
    entry = only(journal)
    git(journal, "rm", "-q", entry.path)
    git(journal, "commit", "-qm", "by hand")
    seal_committed(journal, NOW)
    assert Path(journal.path(archive_path(entry.id))).exists()
    seal(journal, NOW)
    assert not Path(journal.path(archive_path(entry.id))).exists()
    assert found(journal) == []
    assert seal(journal, NOW).changes == []


def test_events_of_an_entry_that_was_renamed_or_cannot_be_recorded_stay(journal):
    take(journal, session(name="a"), session(name="b", prompt="Write the notes for the release"))
    first, second = load(journal.root)[0]
    git(journal, "mv", first.path, "journal/sessions/2026/2026-11-20-renamed.md")
    place = Path(journal.path(second.path))
    place.write_bytes(place.read_bytes() + f"token: {TOKEN}\n".encode())
    assert [one.path for one in seal(journal, NOW).refused] == [second.path]
    for entry in (first, second):
        assert Path(journal.path(archive_path(entry.id))).exists()


def test_events_changed_by_hand_are_recorded_by_a_seal(journal):
    take(journal, session())
    path = archive_path(only(journal).id)
    place = Path(journal.path(path))
    place.write_bytes(place.read_bytes().replace(b"retry", b"(mine)"))
    assert [change.path for change in seal(journal, NOW).changes] == [path]
    assert found(journal) == []


def test_deleted_events_are_missed_by_their_path(journal):
    take(journal, session())
    path = archive_path(only(journal).id)
    git(journal, "rm", "-q", path)
    git(journal, "commit", "-qm", "by hand")
    assert found(journal) == [("FAIL", "deleted", path)]


def test_events_of_many_entries_are_verified_a_few_at_a_time(journal):
    entries = {f"{number:032x}": page(number) for number in range(1, 121)}
    line = '{"text":"' + "x" * 100_000 + '"}\n'
    changes = [Change(where(name), data) for name, data in entries.items()]
    changes += [Change(archive_path(name), make_page(name, line)) for name in entries]
    journal.publish(changes, "entries: many", NOW)
    forget_state()
    tracemalloc.start()
    assert found(journal) == []
    assert seal(journal, NOW).changes == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000
    name = archive_path(f"{120:032x}")
    git(journal, "rm", "-q", "--cached", name)
    git(journal, "commit", "-qm", "by hand")
    assert ("FAIL", "deleted", name) in found(journal)


def test_two_machines_delete_and_accept_and_no_events_are_left_without_an_entry(tmp_path):
    on()
    a, b = make_clones(tmp_path, 2)
    take(a, session())
    sync_until_quiet([a, b])
    discard(a, only(a), NOW)
    accept(b, only(b), NOW)
    sync_until_quiet([a, b])
    for journal in (a, b):
        entry = only(journal)
        assert events_in(journal, entry) == len(session().events)
        assert found(journal) == []


def test_events_of_one_session_that_two_machines_went_on_with_are_the_longer(tmp_path):
    on()
    a, b = make_clones(tmp_path, 2)
    take(a, session(6))
    sync_until_quiet([a, b])
    entry = only(a)
    for journal, turns in ((a, 10), (b, 12)):
        longer = archive.page_change(journal, entry.id, session(turns))
        journal.publish([longer], "entry: longer", NOW)
    sync_until_quiet([a, b])
    assert events_in(a, entry) == events_in(b, entry) == len(session(12).events)
    assert found(a) == found(b) == []


def test_what_a_person_changed_in_events_is_committed_before_they_go_with_their_entry(journal):
    take(journal, session())
    entry = only(journal)
    place = Path(journal.path(archive_path(entry.id)))
    mine = place.read_bytes().replace(b"retry", b"(mine)")
    place.write_bytes(mine)
    Path(journal.path(entry.path)).unlink()
    seal(journal, NOW)
    assert git(journal, "show", f"HEAD:{archive_path(entry.id)}").encode() == mine
    seal(journal, NOW)
    assert not place.exists()
    assert found(journal) == []
