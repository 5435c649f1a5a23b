"""What timeline prints: for a person, for a program, on a terminal and into a file."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clones import keep_in_step, make_clones
from journals import make_journal
from session_journal.app.capture import Wanted, capture
from session_journal.app.config import put
from session_journal.app.draft import Clock
from session_journal.app.timeline import Subject, retell
from session_journal.cli.main import run
from session_journal.cli.output import Context
from session_journal.cli.retelling import lines, turn_lines
from session_journal.store.entries import load
from strategies import SESSIONS
from terminals import on_terminal

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
FLAKY = EXAMPLES / "2026-11-09-flaky-test.jsonl"
MAIN = "import sys; from session_journal.cli.main import main; main()"


@pytest.fixture
def journal(tmp_path, monkeypatch):
    made = make_journal(tmp_path / "journal")
    capture(made, [str(FLAKY)], Clock(NOW, UTC), Wanted())
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def call(capfd):
    def go(*args):
        code = run(["timeline", *args])
        said = capfd.readouterr()
        return code, said.out, said.err

    return go


def write(path, *records):
    path.write_text("\n".join(json.dumps({"sessionId": "s", **record}) for record in records), encoding="utf-8")
    return str(path)


def said(number, text, time="", role="user"):
    content = text if role == "user" else [{"type": "text", "text": text}]
    return {"type": role, "uuid": f"u{number}", "timestamp": time, "message": {"role": role, "content": content}}


def test_json_is_the_retelling_as_data(journal, call):
    code, out, err = call("--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert told["path"] == load(journal.root)[0][0].path
    assert (told["prompts"], told["turns"], told["minutes"], told["outcome"]) == (5, 28, 16, "done")
    assert told["ending"] == {"reason": "checks passed after the last edit", "turns": [23]}
    failed = [step for step in told["steps"] if step.get("ok") is False]
    assert [(step["kind"], step["exit_code"], step["nth"]) for step in failed] == [
        ("ran", 1, 1),
        ("ran", 2, 1),
        ("ran", 1, 2),
    ]
    assert told["steps"][1]["steps"][0] == {
        "kind": "looked", "turn": 2, "last": 3, "says": "read tests/test_readings.py", "ok": True,
        "name": "tests/test_readings.py", "time": "2026-11-09T08:14:18.112000+00:00", "until": "2026-11-09T08:14:31.973000+00:00",
    }  # fmt: skip


def test_json_of_a_turn_and_of_the_events_are_the_same_events(journal, call):
    events = [json.loads(line) for line in call("--events")[1].splitlines()]
    assert json.loads(call("--turn", "[t2]", "--json")[1]) == [event for event in events if event["turn"] == 2]
    assert [json.loads(line) for line in call("--turn", "2", "--events")[1].splitlines()] == events[1:4]


def test_json_without_events_has_the_quotes(journal, call):
    Path(journal.cache("archive")).rename(journal.cache("away"))
    code, out, _ = call("--json")
    told = json.loads(out)
    assert (code, told["steps"], told["quotes"][0]["turn"], told["quotes"][0]["role"]) == (0, [], 1, "user")


def test_a_damaged_archive_is_an_error_with_a_hint(journal, call):
    (path,) = Path(journal.cache("archive")).iterdir()
    path.write_bytes(path.read_bytes()[:-20])
    code, out, err = call()
    assert (code, out) == (1, "")
    assert "is damaged" in err
    assert "hint: delete this file" in err


def test_an_entry_by_its_path_is_no_transcript(journal, call):
    assert call(load(journal.root)[0][0].path)[0] == 0


def test_a_file_that_is_called_like_a_reference_is_not_taken_for_a_transcript(journal, call):
    Path("last").write_bytes(FLAKY.read_bytes())
    assert json.loads(call("last", "--json")[1])["path"]
    assert not json.loads(call("./last", "--json")[1])["path"]


def test_long_silences_and_new_days_are_named(call, tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        said(1, "Begin with the parser", "2026-11-20T22:00:00Z"),
        said(2, "It is begun and it works.", "2026-11-20T22:01:00Z", "assistant"),
        said(3, "Go on", "2026-11-20T22:46:00Z"),
        said(4, "It goes on and on.", "2026-11-20T22:47:00Z", "assistant"),
        said(5, "And now the writer", "2026-11-21T08:00:00Z"),
        said(6, "The writer is done, too.", "2026-11-24T08:00:00Z", "assistant"),
    )
    out = call(path)[1].splitlines()
    assert [line.strip() for line in out if "later" in line] == [
        "… 45 min later …",
        "… 9 h 13 min later, Saturday, 2026-11-21 …",
        "… 3 days later, Tuesday, 2026-11-24 …",
    ]
    assert out[2].startswith("2026-11-20 22:00 to 2026-11-24 08:00 · ")


def test_a_session_without_times_says_so_and_shows_none(call, tmp_path):
    path = write(tmp_path / "s.jsonl", said(1, "Begin with the parser"), said(2, "It is begun now.", role="assistant"))
    out = call(path)[1]
    assert "\ntimes unknown · 1 prompt, 2 turns" in out
    assert '\n       t1  You: "Begin with the parser"\n       t2    "It is begun now."\n' in out


def test_a_sub_agents_steps_stand_below_it_in_full(call, tmp_path):
    task = {**said(2, "Find the callers", "2026-11-20T10:00:00Z"), "isSidechain": True, "agentId": "a1"}
    answer = {
        **said(3, "Three callers were found.", "2026-11-20T10:00:09Z", "assistant"),
        "isSidechain": True,
        "agentId": "a1",
    }
    path = write(tmp_path / "s.jsonl", said(1, "Who calls it", "2026-11-20T09:59:00Z"), task, answer)
    assert 'a sub-agent for "Find the callers": "Three callers were found."\n' in call(path)[1]
    assert call(path, "--full")[1].splitlines()[-3].startswith(f'{"":17}"Three callers were found."')


def test_nothing_from_a_transcript_reaches_the_terminal_as_a_control_code(call, tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        said(1, "go \x1b[2J\x07 on\x00"),
        {"type": "custom-title", "customTitle": "a\x1b]0;b\x07c"},
    )
    for option in ([], ["--full"], ["--turn", "1"], ["--events"]):
        out = call(path, *option)[1]
        assert "\x1b" not in out
        assert "\x07" not in out


@given(SESSIONS, st.booleans())
def test_any_session_can_be_shown(session, full):
    ctx = Context(env={})
    told = retell(Subject("s", "A session"), session, full=full)
    assert "\x1b" not in "\n".join([*lines(ctx, told, full=full), *turn_lines(ctx, session.events, session)])


def test_a_file_of_no_known_format_is_an_error(call, tmp_path):
    (tmp_path / "x.bin").write_bytes(b"\0\1\2" * 99)
    code, out, err = call(str(tmp_path / "x.bin"))
    assert (code, out) == (1, "")
    assert "no known transcript format" in err


def test_marks_are_words_where_the_output_has_no_such_signs(journal):
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "timeline"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    out = done.stdout.decode("ascii")
    assert "FAILED `make migrate-check` (exit 2)" in out
    assert "ok committed 7c1e0f2" in out
    assert "(+7 -1)" in out
    assert "\\u" not in out


pty = pytest.importorskip("pty", reason="terminals are POSIX")


def told_on_terminal(*args, answers="", **env):
    """Run timeline on a pseudo terminal 80 wide; return what it showed."""
    _, shown = on_terminal(["timeline", *args], answers, **{"COLUMNS": "80", "PAGER": "cat", "TERM": "xterm", **env})
    return shown.replace("\r\n", "\n")


@pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning")
class TestOnATerminal:
    def test_lines_are_broken_between_words_and_stay_in_their_column(self, journal):
        lines = told_on_terminal(NO_COLOR="1").splitlines()
        assert max(map(len, lines)) <= 80
        first = next(number for number, line in enumerate(lines) if "t1  You:" in line)
        assert lines[first + 1].startswith(" " * 17 + "fails in CI")

    def test_wide_letters_take_two_columns(self, tmp_path):
        text = "レビュー " * 40
        path = write(tmp_path / "s.jsonl", said(1, text))
        lines = told_on_terminal(path, NO_COLOR="1").splitlines()
        told = lines[next(number for number, line in enumerate(lines) if "You:" in line) :]
        assert max(len(line) for line in told) < 60

    def test_failures_are_red_and_prompts_are_bold(self, journal):
        if not shutil.which("less"):
            pytest.skip("only less is known to show colours")
        shown = told_on_terminal(PAGER="less", LESS="-R", answers="   q")
        assert "\x1b[31m✗ \x1b[0m`make migrate-check`" in shown
        assert "\x1b[1mYou: " in shown

    def test_without_colours_there_are_none(self, journal):
        assert "\x1b[" not in told_on_terminal(NO_COLOR="1")


def test_a_clone_tells_the_session_whose_events_were_committed(tmp_path, monkeypatch, call, capfd):
    put(os.environ, "archive.commit", "yes", "/")
    first, second = make_clones(tmp_path, 2)
    monkeypatch.chdir(first.root)
    assert run(["capture", str(FLAKY)]) == 0
    assert "not committed" not in capfd.readouterr().err
    told = call("--json")
    keep_in_step(first)
    keep_in_step(second)
    monkeypatch.chdir(second.root)
    assert call("--json")[:2] == told[:2]
    assert call("--events")[0] == 0


def test_a_capture_says_why_events_are_not_committed(tmp_path, monkeypatch, capfd):
    put(os.environ, "archive.commit", "yes", "/")
    (only,) = make_clones(tmp_path, 1, private=False)
    monkeypatch.chdir(only.root)
    assert run(["capture", str(FLAKY)]) == 0
    said = capfd.readouterr().err
    assert "not committed: remote origin is not marked as private" in said
    assert "journal config set remote.origin private" in said
