"""From a transcript to the entry that would be stored."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from session_journal.app.draft import (
    Clock,
    ManySessionsError,
    compose_draft,
    count_turns,
    describe_session,
    find_project,
    make_draft,
    newest_session,
    pick_session,
    read_sessions,
)
from session_journal.core.document import fields, parse
from session_journal.core.events import Event, Session
from session_journal.errors import NotFoundError, TranscriptError, UsageError

EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
CLOCK = Clock(datetime(2026, 11, 20, 18, 0, tzinfo=UTC), UTC)
TOKEN = "ghp_" + "A1b2C3d4E5" * 4


@pytest.fixture
def session():
    return next(read_sessions(str(EXAMPLES / "2026-11-09-flaky-test.jsonl")))


def test_a_draft_is_an_entry_that_reads_back(session):
    data = compose_draft(make_draft(session, CLOCK, ["no paper over it"]), CLOCK.now)
    values = fields(parse(data))
    assert values["status"] == "draft"
    assert values["date"] == date(2026, 11, 9)
    assert values["source"] == f"claude-code:{session.id}"
    assert values["source_sha256"] == session.sha256
    assert "no paper over it" in values["goals"]
    assert b"\n## Evidence\n" in data
    assert b"\n\n\n" not in data


def test_what_is_kept_of_the_old_entry_stays(session):
    kept = {"id": "0" * 32, "created": datetime(2026, 1, 1, tzinfo=UTC)}
    values = fields(parse(compose_draft(make_draft(session, CLOCK), CLOCK.now, "", kept)))
    assert (values["id"], values["created"], values["updated"]) == (kept["id"], kept["created"], CLOCK.now)


def test_the_journals_own_draft_template_is_used(session, tmp_path):
    folder = tmp_path / "journal" / "templates"
    folder.mkdir(parents=True)
    (folder / "draft.md.j2").write_text("{% for part in sections %}* {{ part.title }}\n{% endfor %}")
    data = compose_draft(make_draft(session, CLOCK), CLOCK.now, str(tmp_path))
    assert b"* What happened\n" in data


def test_files_of_sub_agents_are_read_with_their_session(tmp_path):
    path = tmp_path / "s.jsonl"
    shutil.copy(EXAMPLES / "2026-11-09-flaky-test.jsonl", path)
    alone = list(read_sessions(str(path)))
    folder = tmp_path / "s" / "subagents"
    folder.mkdir(parents=True)
    line = next(text for text in path.read_text().splitlines() if '"type":"assistant"' in text)
    (folder / "agent-a7.jsonl").write_text(line.replace('"isSidechain":false', '"isSidechain":true') + "\n")
    (together,) = read_sessions(str(path))
    assert len(together.events) >= len(alone[0].events)
    assert len(list(read_sessions(str(path)))) == 1


def test_files_that_are_no_transcripts_say_so(tmp_path):
    with pytest.raises(NotFoundError, match="there is no file"):
        next(read_sessions(str(tmp_path / "gone")))
    with pytest.raises(TranscriptError, match="folder") as caught:
        next(read_sessions(str(tmp_path)))
    assert caught.value.hint.startswith(f"journal capture {tmp_path}")
    (tmp_path / "text").write_text("hello\n")
    with pytest.raises(TranscriptError):
        next(read_sessions(str(tmp_path / "text")))


def test_of_many_sessions_one_has_to_be_named(session):
    both = (session, session)
    with pytest.raises(ManySessionsError, match="holds 2 sessions") as caught:
        pick_session(both, None, "f", UTC)
    assert caught.value.rows == (describe_session(1, session, UTC), describe_session(2, session, UTC))
    for number in (0, 3, -1):
        with pytest.raises(UsageError, match="has no session"):
            pick_session(both, number, "f", UTC)
    assert pick_session(iter(both), 2, "f", UTC) is session
    assert pick_session((session,), None, "f", UTC) is session


def test_the_newest_session_ended_last_and_somebody_spoke_in_it(session):
    moment = datetime(2026, 11, 9, 12, tzinfo=UTC)
    older, newer = replace(session, ended=moment), replace(session, ended=moment + timedelta(hours=1))
    opened = Session("aider", "o", (), started=moment + timedelta(hours=2))
    assert newest_session([older, newer, older, opened]) is newer
    assert newest_session([opened]) is opened
    undated = [replace(session, started=None, ended=None) for _ in range(2)]
    assert newest_session(undated) is undated[1]
    assert newest_session([]) is None


def test_a_session_in_a_table_shows_no_secret():
    prompt = Event("prompt", 1, "user", text=f"use {TOKEN}\nplease")
    row = describe_session(1, Session("x", "1", (prompt,), started=CLOCK.now), UTC)
    assert row == ("1", "2026-11-20 18:00", "1 turn", "use [REDACTED:github-token] please")
    assert describe_session(2, Session("x", "1", ()), UTC)[1:] == ("?", "0 turns", "(no prompt)")


def test_turns_are_the_messages(session):
    assert count_turns(session) == max(event.turn for event in session.events)
    assert count_turns(Session("x", "1", ())) == 0


def test_the_project_is_asked_of_git_where_the_folder_is_there(session, tmp_path):
    folder = tmp_path / "checkout-3"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    here = replace(session, cwd=str(folder))
    assert find_project(here, {}) == "checkout-3"
    subprocess.run(["git", "remote", "add", "origin", "git@example.org:a/web.git"], cwd=folder, check=True)
    assert find_project(here, {}) == "web"
    assert find_project(here, {"web": "shop"}) == "shop"
    assert find_project(session, {}) == "tidepool"
    assert find_project(replace(session, cwd=""), {}) == ""
