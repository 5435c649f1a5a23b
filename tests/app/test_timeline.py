"""What timeline shows: from the events that capture kept, from a transcript, or from what an entry quotes."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import make_journal, page, where
from session_journal.app.archiving import Archivist
from session_journal.app.capture import Capture, Wanted, capture
from session_journal.app.draft import Clock, read_sessions
from session_journal.app.review import accept, discard
from session_journal.app.timeline import (
    kept_session,
    of_entry,
    of_transcript,
    pick,
    quoted,
    retell,
    turn_of,
)
from session_journal.core.entry import read
from session_journal.core.events import Event, Session
from session_journal.core.redact import Redactor
from session_journal.core.timeline import describe, fold, steps
from session_journal.core.timeline.folding import ROOM
from session_journal.errors import JournalError, NotFoundError, UsageError
from session_journal.store import archive
from session_journal.store.entries import load

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
CLOCK = Clock(NOW, UTC)
EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
FLAKY = EXAMPLES / "2026-11-09-flaky-test.jsonl"
CSV = EXAMPLES / "2026-11-10-csv-export.jsonl"


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


def take(journal, *files, **wanted):
    return capture(journal, list(map(str, files)), CLOCK, Wanted(**wanted))


def only(journal):
    (entry,) = load(journal.root)[0]
    return entry


def kept(journal):
    return sorted(Path(journal.cache("archive")).glob("*"))


def test_capture_keeps_the_events_of_each_entry(journal):
    take(journal, FLAKY, CSV)
    for entry in load(journal.root)[0]:
        session = kept_session(journal, entry)
        assert max(event.turn for event in session.events) == entry.fields["turns"]
    assert len(kept(journal)) == 2


def test_every_turn_that_an_entry_names_can_be_followed(journal):
    take(journal, FLAKY)
    entry = only(journal)
    session = kept_session(journal, entry)
    for quote in quoted(entry).quotes:
        assert {event.role for event in turn_of(session, quote.turn, entry.path)} == {quote.role}


def test_a_dry_run_keeps_nothing(journal):
    take(journal, FLAKY, dry_run=True)
    assert kept(journal) == []


def test_a_session_that_went_on_is_kept_anew(journal, tmp_path):
    lines = FLAKY.read_text(encoding="utf-8").splitlines(keepends=True)
    begun = tmp_path / "begun.jsonl"
    begun.write_text("".join(lines[:30]), encoding="utf-8")
    take(journal, begun)
    before = len(kept_session(journal, only(journal)).events)
    begun.write_text("".join(lines), encoding="utf-8")
    take(journal, begun)
    assert len(kept_session(journal, only(journal)).events) > before
    assert len(kept(journal)) == 1


def test_what_was_reviewed_keeps_the_events_that_its_evidence_names(journal, tmp_path):
    lines = FLAKY.read_text(encoding="utf-8").splitlines(keepends=True)
    begun = tmp_path / "begun.jsonl"
    begun.write_text("".join(lines[:30]), encoding="utf-8")
    take(journal, begun)
    accept(journal, only(journal), NOW)
    before = kept_session(journal, only(journal))
    begun.write_text("".join(lines), encoding="utf-8")
    take(journal, begun)
    after = kept_session(journal, only(journal))
    assert after.events[: len(before.events)] == before.events
    assert len(after.events) > len(before.events)


def test_a_session_whose_turns_are_other_ones_now_takes_the_place_of_nothing(journal):
    take(journal, FLAKY)
    entry = only(journal)
    before = kept_session(journal, entry)
    moved = replace(before, events=tuple(replace(event, turn=event.turn + 1) for event in before.events))
    archivist = Archivist(journal)
    archivist.keep_longer(entry.id, moved)
    assert archivist.unkept == ""
    assert kept_session(journal, entry) == before


def test_events_that_were_deleted_are_kept_again_while_the_transcript_is_there(journal):
    take(journal, FLAKY)
    entry = only(journal)
    before = kept_session(journal, entry)
    archive.drop(journal, entry.id)
    take(journal, FLAKY, dry_run=True)
    assert kept(journal) == []
    assert [outcome.action for outcome in take(journal, FLAKY)] == ["known"]
    assert kept_session(journal, entry) == before


def test_the_beginning_of_a_session_does_not_take_the_place_of_the_whole(journal, tmp_path):
    take(journal, FLAKY)
    lines = FLAKY.read_text(encoding="utf-8").splitlines(keepends=True)
    begun = tmp_path / "begun.jsonl"
    begun.write_text("".join(lines[:30]), encoding="utf-8")
    before = kept_session(journal, only(journal))
    take(journal, begun)
    assert kept_session(journal, only(journal)) == before


def test_a_discarded_draft_takes_its_events_with_it(journal):
    take(journal, FLAKY)
    discard(journal, only(journal), NOW)
    assert kept(journal) == []


def test_events_that_cannot_be_written_do_not_fail_the_capture(journal):
    Path(journal.cache("archive")).parent.mkdir(exist_ok=True)
    Path(journal.cache("archive")).write_text("in the way", encoding="utf-8")
    run = Capture(journal, CLOCK, Wanted())
    assert [outcome.action for outcome in run.take_file(str(FLAKY))] == ["added"]
    assert "archive" in run.archivist.unkept


def test_whatever_is_wrong_with_the_events_is_said_and_no_more(journal):
    odd = Session("x", "s", (Event("result", 1, "tool", exit_code=1j),))
    archivist = Archivist(journal)
    archivist.keep("0" * 32, odd)
    assert archivist.unkept == "the events of entry 00000000 could not be kept (TypeError)"


def test_the_retelling_of_an_entry_has_the_entrys_own_words(journal):
    take(journal, FLAKY)
    entry = only(journal)
    told = retell(of_entry(entry), kept_session(journal, entry))
    assert (told.subject.title, told.subject.outcome) == (entry.title, entry.outcome)
    assert (told.prompts, told.turns, told.minutes) == (5, 28, 16)
    assert told.all > len(told.told)
    assert told.reason == "checks passed after the last edit"


def test_in_full_every_step_is_told(journal):
    take(journal, FLAKY)
    entry = only(journal)
    told = retell(of_entry(entry), kept_session(journal, entry), full=True)
    assert told.all == len(told.told)


def test_without_events_the_entrys_evidence_is_what_is_left(journal):
    take(journal, FLAKY)
    entry = only(journal)
    archive.drop(journal, entry.id)
    with pytest.raises(NotFoundError, match="not on this machine"):
        kept_session(journal, entry)
    quotes = quoted(entry).quotes
    assert (quotes[0].turn, quotes[0].role) == (1, "user")
    assert quotes[0].text.startswith("tests/test_readings.py::test_latest_reading_per_station fails")


def test_only_the_evidence_section_is_quoted():
    body = '- [t1] user: "a plan"\n\n## Evidence\n\n- [t2] tool: "1 passed"\n- [t3] a bullet\n\n## Mine\n\n- [t4] user: "x"'
    entry = read(page(1, body), where("a"))
    assert [(quote.turn, quote.text) for quote in quoted(entry).quotes] == [(2, "1 passed")]


def test_an_entry_written_by_hand_says_that_it_has_no_session(journal):
    entry = read(page(1), where("a"))
    with pytest.raises(NotFoundError, match="not drafted from a transcript"):
        kept_session(journal, entry)


def test_a_transcript_is_told_redacted(tmp_path):
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    path = tmp_path / "s.jsonl"
    record = {"type": "user", "uuid": "u", "sessionId": "s", "message": {"role": "user", "content": f"use {secret}"}}
    path.write_text(json.dumps(record), encoding="utf-8")
    subject, session = of_transcript(str(path), CLOCK, {}, Redactor())
    assert secret[:12] not in str(subject) + str(session)
    assert "[REDACTED:" in session.events[0].text


def test_of_a_file_with_many_sessions_one_has_to_be_named():
    many = [Session("x", name, ()) for name in "abc"]
    assert pick(many, 2, "f").id == "b"
    assert pick(many[:1], None, "f").id == "a"
    for number, why in ((None, "more than one session"), (4, "has no session 4")):
        with pytest.raises(UsageError, match=why):
            pick(many, number, "f")


def test_sessions_behind_the_one_that_is_meant_are_not_read():
    many = iter([Session("x", name, ()) for name in "abc"])
    pick(many, 1, "f")
    assert [session.id for session in many] == ["b", "c"]


def test_a_turn_that_is_not_there_is_an_error(journal):
    take(journal, FLAKY)
    with pytest.raises(JournalError, match="has no turn 99; it has 28"):
        turn_of(kept_session(journal, only(journal)), 99, "it")


def test_what_is_kept_is_a_small_part_of_the_transcript_and_its_retelling_a_few_screens(journal, shared_data):
    files = sorted((shared_data / "claude-code").glob("*.jsonl"))
    assert files
    total = 0
    for path in files:
        for session in read_sessions(str(path)):
            archive.keep(journal, "0" * 32, session)
            total += kept(journal)[0].stat().st_size
            told = fold(steps(archive.events_of(journal, "0" * 32)))
            assert len(told) <= ROOM
            assert max(len(describe(step)) for step in told) < 1_200
    assert total < 0.05 * sum(path.stat().st_size for path in files)
