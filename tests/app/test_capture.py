"""Sessions into entries: each once, the longer of two, and never over what a person wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import zstandard

from journals import make_journal
from session_journal.app import draft
from session_journal.app.capture import Capture, Wanted, capture
from session_journal.app.draft import Clock
from session_journal.app.review import accept, discard
from session_journal.app.start import note_goals, waiting_goals
from session_journal.core.events import Event, Session
from session_journal.core.own_calls import MARK
from session_journal.store.entries import load

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
CLOCK = Clock(NOW, UTC)
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


def session(turns=6, *, name="s1", first=0, prompt="Add a retry to the upload", cwd="/home/robin/shop", start=START):
    """Make a session of so many messages: a prompt, then edits that succeed."""
    events = [Event("prompt", 1, "user", text=prompt, time=start)]
    for turn in range(2, turns + 1, 2):
        call = f"c{turn}"
        events.append(
            Event("edit", turn, "assistant", target=f"src/file{turn}.py", text="+ x = 1", time=start, call=call)
        )
        events.append(Event("result", turn + 1, "tool", text="ok", time=start, call=call))
    return Session(
        agent="claude-code",
        id=name,
        events=tuple(events),
        cwd=cwd,
        started=start,
        ended=start + timedelta(minutes=turns),
        sha256=f"{turns:064x}",
        uuids=frozenset(f"{first}-{number}" for number in range(turns)),
    )


def take(journal, *sessions, **wanted):
    run = Capture(journal, CLOCK, Wanted(**wanted))
    return [run.take(one, f"{one.id}.jsonl").action for one in sessions]


def entries(journal):
    found, problems = load(journal.root)
    assert problems == []
    return found


def test_a_session_becomes_one_draft_with_one_commit(journal):
    assert take(journal, session()) == ["added"]
    (entry,) = entries(journal)
    assert (entry.status, entry.source, entry.project, entry.date) == (
        "draft",
        "claude-code:s1",
        "shop",
        date(2026, 11, 20),
    )
    subjects = subprocess.check_output(["git", "log", "--format=%s"], cwd=journal.root, text=True).splitlines()
    assert subjects == [f"entry: {entry.title}", "journal: begin"]


def test_what_was_taken_out_of_a_draft_is_counted_by_kind(journal):
    token = "ghp_" + "A1b2C3d4E5" * 4
    (outcome,) = [
        Capture(journal, CLOCK, Wanted()).take(session(prompt=f"Push with {token} to the mirror"), "s1.jsonl")
    ]
    assert set(outcome.redacted) == {"github-token"}
    assert token not in Path(journal.path(outcome.path)).read_text(encoding="utf-8")


def test_secrets_are_taken_out_of_the_kept_events_before_they_are_clipped(journal):
    token = "ghp_" + "A1b2C3d4E5" * 4
    edge = "x" * 2_495 + " " + token + " " + "y" * 8_000  # half of it would stay where the text is cut in two
    whole = session()
    events = tuple(replace(one, text=edge) if one.kind == "result" else one for one in whole.events)
    outcome = Capture(journal, CLOCK, Wanted()).take(replace(whole, events=events), "s1.jsonl")
    (kept,) = Path(journal.cache("archive")).iterdir()
    data = zstandard.ZstdDecompressor().decompressobj().decompress(kept.read_bytes())
    assert token[:12].encode() not in data
    assert outcome.redacted["github-token"] == 1


def test_the_same_session_again_changes_nothing(journal):
    take(journal, session())
    before = Path(journal.path(entries(journal)[0].path)).read_bytes()
    assert take(journal, session()) == ["known"]
    assert Path(journal.path(entries(journal)[0].path)).read_bytes() == before


@pytest.mark.parametrize("same_id", [True, False])
@pytest.mark.parametrize("one_run", [True, False])
@pytest.mark.parametrize("longer_first", [True, False])
def test_of_a_session_and_its_beginning_only_the_longer_one_stays(journal, same_id, one_run, longer_first):
    whole, beginning = session(12), session(6, name="s1" if same_id else "s0")
    order = [whole, beginning] if longer_first else [beginning, whole]
    actions = take(journal, *order) if one_run else [take(journal, one)[0] for one in order]
    assert actions == (["added", "beginning"] if longer_first else ["added", "updated"])
    (entry,) = entries(journal)
    assert entry.fields["turns"] == 13
    assert entry.source == "claude-code:s1"
    assert take(journal, beginning, whole) == ["beginning", "known"]


def test_an_updated_entry_keeps_its_id_path_and_time(journal):
    take(journal, session(6))
    (before,) = entries(journal)
    later = Clock(NOW + timedelta(hours=1), UTC)
    Capture(journal, later, Wanted()).take(session(12), "x")
    (after,) = entries(journal)
    assert (after.id, after.path, after.fields["created"]) == (before.id, before.path, before.fields["created"])
    assert after.fields["updated"] == later.now


def test_two_continuations_of_one_session_are_two_entries(journal):
    trunk = session(6)
    fork = replace(session(12, name="s2"), uuids=trunk.uuids | {"fork-1", "fork-2"})
    other = replace(session(12, name="s3"), uuids=trunk.uuids | {"other-1", "other-2"})
    assert take(journal, fork, other) == ["added", "added"]
    assert take(journal, fork, other, trunk) == ["known", "known", "beginning"]


@pytest.mark.parametrize("same_process", [True, False])
def test_a_draft_that_a_person_edited_is_left_alone(journal, same_process):
    take(journal, session(6))
    path = Path(journal.path(entries(journal)[0].path))
    path.write_bytes(path.read_bytes() + b"\nMy own words.\n")
    assert take(journal, session(12)) == ["edited"]
    assert path.read_bytes().endswith(b"My own words.\n")


def test_a_final_entry_is_left_alone(journal):
    take(journal, session(6))
    accept(journal, entries(journal)[0], NOW)
    before = Path(journal.path(entries(journal)[0].path)).read_bytes()
    assert take(journal, session(12)) == ["edited"]
    assert Path(journal.path(entries(journal)[0].path)).read_bytes() == before


def test_without_its_memory_capture_still_doubles_and_overwrites_nothing(journal):
    take(journal, session(6))
    for memory in Path(journal.cache("captured")).iterdir():
        memory.unlink()
    assert take(journal, session(6), session(3), session(12)) == ["known", "beginning", "edited"]
    assert len(entries(journal)) == 1


def test_a_torn_memory_is_as_none(journal):
    take(journal, session(6))
    for memory in Path(journal.cache("captured")).iterdir():
        memory.write_bytes(memory.read_bytes()[:20])
    assert take(journal, session(6)) == ["known"]


def test_a_discarded_session_does_not_come_back_until_it_went_on(journal):
    take(journal, session(6))
    discard(journal, entries(journal)[0], NOW)
    assert take(journal, session(6)) == ["discarded"]
    assert take(journal, session(3)) == ["discarded"]
    assert entries(journal) == []
    assert take(journal, session(12)) == ["added"]


def test_a_discarded_session_comes_back_for_whoever_asks_for_it_by_name(journal):
    take(journal, session())
    discard(journal, entries(journal)[0], NOW)
    assert take(journal, session()) == ["discarded"]
    assert take(journal, session(), trivial=True) == ["added"]
    assert len(entries(journal)) == 1


def test_what_a_person_gave_a_draft_stays_when_its_session_goes_on(journal):
    given = {"title": "My title", "named": "mine", "tags": ("keep",)}
    assert take(journal, session(4), trivial=True, **given) == ["added"]
    assert take(journal, session(6)) == ["updated"]
    assert take(journal, session(8)) == ["updated"]
    (entry,) = entries(journal)
    assert (entry.title, entry.project, entry.fields["turns"]) == ("My title", "mine", 9)
    assert "keep" in entry.tags


def test_what_was_given_to_a_discarded_draft_is_not_kept_for_the_next(journal):
    take(journal, session(4), trivial=True, title="My title")
    discard(journal, entries(journal)[0], NOW)
    assert take(journal, session(4), trivial=True) == ["added"]
    assert entries(journal)[0].title != "My title"
    take(journal, session(6))
    assert entries(journal)[0].title != "My title"


def test_a_discarded_session_without_ids_of_messages_comes_back_when_it_went_on(journal):
    bare = [replace(session(turns), uuids=frozenset()) for turns in (6, 12)]
    take(journal, bare[0])
    discard(journal, entries(journal)[0], NOW)
    assert take(journal, *bare) == ["discarded", "added"]


def test_two_sessions_of_one_id_without_a_message_in_common_are_two(journal):
    other = session(12, first=9, prompt="Write the release notes", start=START + timedelta(hours=2))
    assert take(journal, session(), other) == ["added", "added"]
    assert take(journal, session(), other) == ["known", "known"]
    assert len(entries(journal)) == 2
    grown = session(16, first=9, prompt="Write the release notes", start=START + timedelta(hours=2))
    assert take(journal, grown, session()) == ["updated", "known"]
    assert len(entries(journal)) == 2


def test_what_a_sub_agent_did_alone_takes_the_place_of_nothing(journal):
    take(journal, session(4))
    path = journal.path(entries(journal)[0].path)
    before = Path(path).read_bytes()
    alone = session(20, first=9)
    events = tuple(
        replace(one, agent="a1", role="assistant" if one.kind == "prompt" else one.role) for one in alone.events
    )
    assert take(journal, replace(alone, events=events)) == ["trivial"]
    assert Path(path).read_bytes() == before


def test_events_that_were_left_out_of_a_long_session_are_counted(journal):
    outcome = Capture(journal, CLOCK, Wanted()).take(replace(session(), left_out=3), "s1.jsonl")
    assert (outcome.action, outcome.left_out) == ("added", 3)


def test_a_moved_entry_is_found_again(journal):
    take(journal, session(6))
    (entry,) = entries(journal)
    os.rename(journal.path(entry.path), journal.path("journal/sessions/2026/2026-11-20-renamed.md"))
    assert take(journal, session(12)) == ["updated"]
    (after,) = entries(journal)
    assert after.path == "journal/sessions/2026/2026-11-20-renamed.md"


def test_a_trivial_session_is_skipped_unless_it_was_asked_for(journal):
    trivial = Session("claude-code", "t", (Event("prompt", 1, "user", text="hi", time=START),), started=START)
    assert take(journal, trivial) == ["trivial"]
    assert take(journal, trivial, trivial=True) == ["added"]


def test_filters_leave_sessions_out(journal):
    old = session(name="old", first=1, start=START - timedelta(days=30))
    other = session(name="other", first=2, cwd="/home/robin/garden")
    wanted = {"since": date(2026, 11, 6), "project": "SHOP"}
    assert take(journal, old, other, session(), **wanted) == ["older", "elsewhere", "added"]


def test_an_alias_names_the_project(journal):
    take(journal, session(), aliases={"shop": "webshop"})
    assert entries(journal)[0].project == "webshop"


def test_a_dry_run_says_the_same_and_touches_nothing(journal):
    whole, beginning = session(12), session(6)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=journal.root)
    assert take(journal, whole, beginning, session(name="n", first=9), dry_run=True) == ["added", "beginning", "added"]
    assert entries(journal) == []
    assert not Path(journal.cache("captured")).exists()
    assert subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=journal.root) == head


def test_two_sessions_of_one_title_and_day_get_two_names(journal):
    run = Capture(journal, CLOCK, Wanted(dry_run=True))
    names = [run.take(session(name=name, first=number), "x").path for number, name in enumerate("abc")]
    assert len(set(names)) == 3
    assert names[1] == names[0].replace(".md", "-2.md")


def test_one_bad_file_stops_nothing(journal, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(b"\x00\xff nothing")
    (tmp_path / "empty.jsonl").write_bytes(b"")
    example = Path(__file__).parents[2] / "examples" / "transcripts" / "2026-11-09-flaky-test.jsonl"
    files = [
        str(tmp_path / "bad.jsonl"),
        str(tmp_path),
        str(tmp_path / "gone"),
        str(tmp_path / "empty.jsonl"),
        str(example),
    ]
    outcomes = capture(journal, files, CLOCK, Wanted())
    assert [outcome.action for outcome in outcomes] == ["failed"] * 4 + ["added"]
    assert all(outcome.why for outcome in outcomes[:4])


def test_sessions_of_one_day_stand_in_the_order_in_which_they_ended(journal):
    hours = {"late": 5, "early": 1, "between": 3}
    made = [session(name=name, first=hour, start=START + timedelta(hours=hour)) for name, hour in hours.items()]
    take(journal, *made)
    entries = sorted(load(journal.root, "")[0], key=lambda entry: entry.order)
    assert [entry.source.partition(":")[2] for entry in entries] == ["early", "between", "late"]
    assert entries[0].created == START + timedelta(hours=1, minutes=6)


def test_a_session_that_ended_after_now_counts_as_made_now(journal):
    take(journal, session(start=NOW + timedelta(hours=1)))
    assert load(journal.root, "")[0][0].created == NOW


def test_a_session_without_an_id_or_times_is_captured_once(journal):
    bare = replace(session(), id="", started=None, ended=None, uuids=frozenset())
    bare = replace(bare, events=tuple(replace(event, time=None) for event in bare.events))
    other = replace(bare, sha256="f" * 64, events=bare.events[:-2])
    assert take(journal, bare, bare, other) == ["added", "known", "added"]
    assert take(journal, bare, other) == ["known", "known"]
    assert {entry.date for entry in entries(journal)} == {NOW.date()}


def test_goals_reach_the_session_they_were_noted_for(journal):
    note_goals(journal, "shop", ["retry the upload"], START - timedelta(hours=1))
    note_goals(journal, "garden", ["water"], START - timedelta(hours=1))
    take(journal, session())
    assert "retry the upload" in entries(journal)[0].goals
    assert waiting_goals(journal, "shop", NOW) == ()
    assert waiting_goals(journal, "garden", NOW) == ("water",)


def test_a_session_that_went_on_is_still_held_against_the_goals_noted_for_it(journal):
    note_goals(journal, "shop", ["water the garden"], START - timedelta(hours=1))
    assert take(journal, session(6)) == ["added"]
    assert take(journal, session(12)) == ["updated"]
    (entry,) = entries(journal)
    assert entry.goals == ("water the garden",)
    assert "Goal not shown to be met: water the garden." in entry.body


def test_goals_noted_while_a_session_runs_are_its_own_and_no_later_ones(journal):
    take(journal, session(6))
    note_goals(journal, "shop", ["water the garden"], START + timedelta(minutes=8))
    assert take(journal, session(12)) == ["updated"]
    assert entries(journal)[0].goals == ("water the garden",)
    assert waiting_goals(journal, "shop", NOW) == ()


def test_goals_that_wait_for_the_next_session_outlast_an_older_one_that_went_on(journal):
    note_goals(journal, "shop", ["retry the upload"], START - timedelta(hours=1))
    take(journal, session(6))
    note_goals(journal, "shop", ["water the garden"], START + timedelta(hours=5))
    assert take(journal, session(12)) == ["updated"]
    assert entries(journal)[0].goals == ("retry the upload",)
    assert waiting_goals(journal, "shop", NOW) == ("water the garden",)


def test_goals_read_from_the_requests_follow_the_session(journal):
    whole = session(12)
    more = replace(whole.events[6], kind="prompt", role="user", text="Now add a limit to the download", call="")
    take(journal, session(6))
    assert take(journal, replace(whole, events=(*whole.events[:6], more, *whole.events[7:]))) == ["updated"]
    assert entries(journal)[0].goals == ("Add a retry to the upload", "Add a limit to the download")


def test_goals_noted_later_or_long_before_belong_to_another_session(journal):
    note_goals(journal, "shop", ["next week"], START + timedelta(days=1))
    take(journal, session())
    assert "next week" not in entries(journal)[0].goals
    assert waiting_goals(journal, "shop", START + timedelta(days=2)) == ("next week",)
    assert waiting_goals(journal, "shop", START + timedelta(days=20)) == ()


def test_a_journal_inside_a_repository_keeps_only_its_sessions(tmp_path):
    journal = make_journal(tmp_path / "shop")
    Path(journal.path("journal/journal.toml")).write_text("here = true\n")
    subprocess.run(["git", "worktree", "add", "-q", str(tmp_path / "second")], cwd=journal.root, check=True)
    (tmp_path / "other").mkdir()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path / "other", check=True)
    inside = session(name="in", first=1, cwd=journal.root)
    worktree = session(name="wt", first=2, cwd=str(tmp_path / "second"))
    outside = session(name="out", first=3, cwd=str(tmp_path / "other"))
    gone = session(name="gone", first=4, cwd="/no/such/place")
    unknown = session(name="unknown", first=5, cwd="")
    actions = take(journal, inside, worktree, outside, gone, unknown)
    assert actions == ["added", "added", "elsewhere", "elsewhere", "elsewhere"]


def test_in_the_middle_of_a_merge_the_file_is_written_and_the_commit_waits(journal):
    Path(journal.git_dir, "MERGE_HEAD").write_text("0" * 40)
    outcome = Capture(journal, CLOCK, Wanted()).take(session(), "x")
    assert outcome.action == "added"
    assert outcome.waiting == "a merge"
    assert len(entries(journal)) == 1


def test_real_sessions_become_fourteen_entries(journal, shared_data):
    files = sorted(map(str, (shared_data / "claude-code").glob("*.jsonl")))
    outcomes = capture(journal, files, CLOCK, Wanted())
    actions = [outcome.action for outcome in outcomes]
    assert (actions.count("added"), actions.count("beginning"), actions.count("updated")) == (14, 1, 0)
    again = capture(journal, files[::-1], CLOCK, Wanted())
    assert {outcome.action for outcome in again} == {"known", "beginning"}


RUNNER = """
import sys
from datetime import UTC, datetime
from session_journal.app.capture import Wanted, capture
from session_journal.app.draft import Clock
from session_journal.store.journal import open_journal
capture(open_journal(sys.argv[1]), sys.argv[2:], Clock(datetime(2026, 11, 20, tzinfo=UTC), UTC), Wanted())
"""


def test_four_captures_at_once_make_each_entry_once(journal):
    files = sorted(map(str, (Path(__file__).parents[2] / "examples" / "transcripts").glob("*.jsonl")))
    running = [subprocess.Popen([sys.executable, "-c", RUNNER, journal.root, *files]) for _ in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    sources = [entry.source for entry in entries(journal)]
    assert len(sources) == len(set(sources)) == 6
    assert subprocess.check_output(["git", "status", "--short"], cwd=journal.root) == b""


def test_what_a_person_writes_while_it_is_drafted_again_is_left_alone(journal, monkeypatch):
    take(journal, session())
    (before,) = entries(journal)
    place = Path(journal.path(before.path))
    real = draft.draft

    def slow(*args, **options):
        place.write_bytes(place.read_bytes() + b"Mine.\n")
        return real(*args, **options)

    monkeypatch.setattr(draft, "draft", slow)
    assert take(journal, session(8)) == ["edited"]
    assert place.read_bytes().endswith(b"Mine.\n")


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_no_zone_can_show_stops_nothing(journal, tmp_path, time):
    line = {"type": "user", "sessionId": "s", "uuid": "u", "cwd": "/x", "timestamp": time}
    line["message"] = {"role": "user", "content": "Add a retry to the upload"}
    second = line | {"uuid": "v", "timestamp": "2026-11-20T09:00:00Z"}
    path = tmp_path / "s.jsonl"
    path.write_text(json.dumps(line) + "\n" + json.dumps(second) + "\n")
    wanted = Wanted(trivial=True, since=date(2020, 1, 1))
    for zone in (timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))):
        (outcome,) = Capture(journal, Clock(NOW, zone), wanted).take_file(str(path))
        assert outcome.action in {"added", "known"}


def test_one_session_that_cannot_be_drafted_stops_no_other(journal):
    bad = session(start=datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-14))) - timedelta(hours=1))
    assert take(journal, replace(bad, id="bad", ended=bad.started), session()) == ["failed", "added"]


def test_a_session_that_this_tool_began_itself_is_left_out_unless_it_is_asked_for(journal):
    own = session(prompt=f"{MARK}\nSummarise this session.")
    assert take(journal, own) == ["trivial"]
    assert take(journal, own, trivial=True) == ["added"]


def test_a_session_that_went_on_without_a_new_id_is_updated(journal):
    take(journal, session())
    grown = session()
    more = Event("prompt", 8, "user", text="And decide on a limit", time=START)
    grown = replace(grown, events=(*grown.events, more), sha256="a" * 64)
    assert take(journal, grown) == ["updated"]
    longer = replace(more, text=f"{more.text}: three tries")
    assert take(journal, replace(grown, events=(*grown.events[:-1], longer), sha256="b" * 64)) == ["updated"]
    assert take(journal, replace(grown, sha256="c" * 64), session()) == ["beginning", "beginning"]
    assert len(entries(journal)) == 1


@pytest.mark.parametrize("rendering_first", [True, False])
def test_a_session_wins_over_what_was_rendered_from_it(journal, rendering_first):
    """SpecStory's files have no ids of messages, and other turns."""
    original = session(6)
    rendering = replace(session(12, prompt="Add a retry, rendered"), uuids=frozenset())
    order = [rendering, original] if rendering_first else [original, rendering]
    assert [take(journal, one)[0] for one in order] == ["added", "updated" if rendering_first else "beginning"]
    assert entries(journal)[0].fields["turns"] == 7
    assert take(journal, rendering, original) == ["beginning", "known"]


def test_a_run_counts_what_it_has_seen_and_stored_within_a_file(journal, tmp_path):
    path = tmp_path / ".aider.chat.history.md"
    said = "#### Pin the clock\n\nThe cause was the clock of the server.\n\n> Applied edit to clock.py\n\n"
    path.write_text("".join(f"# aider chat started at 2026-11-0{day} 10:00:00\n\n{said}" for day in (1, 2, 3)))
    run = Capture(journal, CLOCK, Wanted())
    done = [outcome.action for outcome in run.take_file(str(path))]
    assert (run.seen, run.stored, done) == (3, 3, ["added"] * 3)
    run = Capture(journal, CLOCK, Wanted())
    run.take_file(str(path))
    assert (run.seen, run.stored) == (3, 0)
