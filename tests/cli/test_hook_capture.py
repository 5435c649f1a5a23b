"""Hooks of agents, run exactly as the settings have them: they return at once, never fail, and sessions are captured."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from session_journal.app.hooked import is_waiting
from session_journal.cli.main import run
from session_journal.core.own_calls import GUARD, MARK
from session_journal.store.failures import failures
from session_journal.store.lock import Lock
from session_journal.store.marks import DUE, Mark, Marks

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the commands are run by a POSIX shell")

EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
FLAKY, EXPORT = EXAMPLES / "2026-11-09-flaky-test.jsonl", EXAMPLES / "2026-11-10-csv-export.jsonl"
JOURNAL = str(Path(sys.executable).parent / "journal")
PATIENCE = 60


class Machine:
    """A home with an agent in it: its settings, its transcripts, and the journal."""

    def __init__(self, home):
        self.home, self.cwd = home, home / "code" / "tidepool"
        self.env = {"HOME": str(home), "PATH": os.defpath}
        self.state = home / ".local/state/session-journal/hooks"
        self.projects = home / ".claude/projects/-code"
        self.journal = home / "journal"
        self.cwd.mkdir(parents=True)
        self.projects.mkdir(parents=True)

    def run(self, *argv, **extra):
        return subprocess.run(
            [JOURNAL, *argv], env={**self.env, **extra}, cwd=self.home, capture_output=True, check=True
        )

    def install(self, agent="claude-code"):
        assert run(["hooks", "install", agent]) == 0  # in this process, whose HOME is this machine's: it is quicker

    def command(self, event, file=".claude/settings.json"):
        """Return the command that the settings have for an event."""
        return json.loads((self.home / file).read_text())["hooks"][event][-1]["hooks"][0]["command"]

    def transcript(self, name, source=FLAKY):
        path = self.projects / f"{name}.jsonl"
        shutil.copy(source, path)
        return path

    def said(self, event, session="s1", **more):
        """Return what Claude Code 2.1 sends on stdin."""
        given = {
            "session_id": session,
            "transcript_path": str(self.projects / f"{session}.jsonl"),
            "cwd": str(self.cwd),
            "hook_event_name": event,
        }
        added = {
            "SessionStart": {"source": "startup", "model": "claude-opus"},
            "Stop": {
                "prompt_id": "p1", "permission_mode": "default", "effort": {"level": "high"}, "stop_hook_active": False,
                "last_assistant_message": "Done.", "background_tasks": [], "session_crons": [],
            },
            "PreCompact": {"trigger": "auto", "custom_instructions": ""},
            "SubagentStop": {"permission_mode": "default", "stop_hook_active": False, "agent_id": "a1"},
            "SessionEnd": {"prompt_id": "p1", "reason": "prompt_input_exit"},
        }  # fmt: skip
        return json.dumps({**given, **added.get(event, {}), **more}).encode()

    def hook(self, event, session="s1", *, data=None, command=None, cwd=None, env=None, **more):
        """Run the hook of an event as the agent does, and see that it says nothing and succeeds."""
        command = command or self.command(event if event in {"SessionStart", "SessionEnd"} else "Stop")
        data = self.said(event, session, **more) if data is None else data
        done = subprocess.run(
            ["sh", "-c", command], input=data, cwd=cwd or "/", env=env or self.env, capture_output=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

    def marks(self):
        folder = self.state / "marks"
        return sorted(path.suffix[1:] for path in folder.iterdir() if path.name[0] != ".") if folder.is_dir() else []

    def settle(self):
        """Wait until nothing is left to be captured now, and what captured it is done."""

        def is_settled():
            lock = Lock(str(self.state / "publishing.lock"))
            if set(self.marks()) & {"due", "taken"} or not lock.try_enter():
                return False
            lock.leave()
            return True

        until(is_settled)

    def entries(self):
        return sorted((self.journal / "journal" / "sessions").rglob("*.md"))

    def commits(self):
        log = subprocess.run(
            ["git", "log", "--format=%s"], cwd=self.journal, capture_output=True, text=True, check=True
        )
        return [line for line in log.stdout.splitlines() if line.startswith("entry:")]

    def failures(self):
        return [(one.what, one.hint) for one in failures(self.env)]


def until(reached):
    """Look again and again until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.02)


@pytest.fixture
def machine(isolated):
    """Return a machine whose sessions are over soon enough that no waiting process outlives the tests for long."""
    made = Machine(isolated)
    made.env["JOURNAL_QUIET_SECONDS"] = "90"
    yield made
    shutil.rmtree(made.state / "marks", ignore_errors=True)


@pytest.fixture
def ready(machine):
    """Return a machine with a journal and Claude Code's hooks."""
    assert run(["init", str(machine.journal)]) == 0
    machine.install()
    return machine


# --- when a session is captured -------------------------------------------------------------------------------------


def test_a_session_is_one_commit_however_many_turns_it_has(ready):
    lines = FLAKY.read_bytes().splitlines(keepends=True)
    path = ready.transcript("s1")
    path.write_bytes(b"".join(lines[:6]))
    ready.hook("SessionStart")
    for turn in (12, 24, len(lines)):
        path.write_bytes(b"".join(lines[:turn]))
        ready.hook("Stop")
        assert ready.marks() == ["changed"]
        assert ready.entries() == []
    ready.hook("SessionEnd")
    until(ready.commits)
    ready.settle()
    assert len(ready.commits()) == len(ready.entries()) == 1
    assert ready.marks() == []
    assert ready.failures() == []


@pytest.mark.parametrize("event", ["Stop", "SubagentStop", "PreCompact"])
def test_a_turn_only_marks_its_session(ready, event):
    ready.transcript("s1")
    ready.hook(event)
    ready.settle()
    assert ready.marks() == ["changed"]
    assert ready.entries() == []


def test_what_a_killed_agent_left_is_captured_when_the_next_session_starts(ready):
    ready.transcript("s1")
    ready.hook("SessionStart")
    ready.hook("Stop")
    ready.hook("SessionStart", "s2")
    until(ready.commits)
    ready.settle()
    assert len(ready.entries()) == 1
    assert ready.marks() == ["begun"]


@pytest.mark.parametrize("source", ["resume", "compact"])
def test_a_session_that_goes_on_is_not_captured_yet(ready, source):
    ready.transcript("s1")
    ready.hook("Stop")
    ready.hook("SessionStart", source=source)
    ready.settle()
    assert ready.marks() == ["changed"]
    assert ready.entries() == []


def test_a_session_in_its_first_turn_is_not_captured_by_the_start_of_another(ready):
    ready.transcript("s1")
    ready.hook("SessionStart")
    ready.hook("SessionStart", "s2")
    ready.settle()
    assert ready.marks() == ["begun", "begun"]
    assert ready.entries() == []


def test_a_session_that_goes_on_after_its_end_is_one_entry_still(ready):
    lines = FLAKY.read_bytes().splitlines(keepends=True)
    path = ready.transcript("s1")
    path.write_bytes(b"".join(lines[: len(lines) // 2]))
    ready.hook("SessionEnd")
    until(ready.commits)
    ready.settle()
    path.write_bytes(b"".join(lines))
    ready.hook("SessionStart", source="resume")
    ready.hook("Stop")
    ready.hook("SessionEnd")
    ready.settle()
    assert len(ready.entries()) == 1


def test_a_quiet_session_is_captured_by_the_next_hook_that_runs(ready):
    ready.env["JOURNAL_QUIET_SECONDS"] = "1800"
    path = ready.transcript("s1")
    ready.hook("Stop")
    ready.hook("Stop", "s2")
    ready.settle()
    assert ready.entries() == []
    for file in [path, *(ready.state / "marks").iterdir()]:
        os.utime(file, (time.time() - 1801,) * 2)
    ready.hook("Stop", "s3")
    until(ready.commits)


def test_a_quiet_session_is_captured_without_any_other_hook(ready):
    ready.env["JOURNAL_QUIET_SECONDS"] = "1"
    ready.transcript("s1")
    ready.hook("Stop")
    until(ready.commits)
    until(lambda: ready.marks() == [])


def test_a_transcript_that_is_written_to_is_not_quiet(ready):
    ready.env["JOURNAL_QUIET_SECONDS"] = "1800"
    ready.transcript("s1")
    ready.hook("Stop")
    for file in (ready.state / "marks").iterdir():
        os.utime(file, (time.time() - 1801,) * 2)
    ready.hook("Stop", "s2")
    ready.settle()
    assert ready.entries() == []


def test_one_process_waits_whatever_the_number_of_sessions(ready):
    ready.env["JOURNAL_QUIET_SECONDS"] = "1800"
    for number in range(4):
        ready.transcript(f"s{number}")
        ready.hook("Stop", f"s{number}")
    second = subprocess.run([JOURNAL, "hooks", "wait"], env=ready.env, timeout=PATIENCE, check=True)
    assert second.returncode == 0  # and at once: another waits already


def test_a_session_that_was_opened_and_closed_leaves_nothing(ready):
    ready.hook("SessionStart")
    ready.hook("SessionEnd")
    ready.settle()
    assert ready.marks() == []
    assert ready.failures() == []


def test_two_sessions_that_end_at_once_are_two_entries(ready):
    ready.transcript("s1")
    ready.transcript("s2", EXPORT)
    running = [
        subprocess.Popen(["sh", "-c", ready.command("SessionEnd")], stdin=subprocess.PIPE, env=ready.env, cwd="/")
        for _ in range(4)
    ]
    for number, process in enumerate(running):
        process.communicate(ready.said("SessionEnd", f"s{number % 2 + 1}"))
    assert [process.returncode for process in running] == [0, 0, 0, 0]
    until(lambda: len(ready.commits()) == 2)
    ready.settle()
    assert len(ready.entries()) == len(ready.commits()) == 2


def test_what_was_being_captured_when_the_machine_stopped_is_captured_later(ready):
    ready.transcript("s1")
    ready.hook("Stop")
    for mark in (ready.state / "marks").iterdir():
        mark.rename(mark.with_suffix(".taken"))
    ready.hook("Stop", "s2")
    until(ready.commits)


def test_it_goes_on_when_all_that_started_it_is_killed(ready):
    ready.transcript("s1")
    script = f"{ready.command('SessionEnd')}; kill -9 -$$"
    agent = subprocess.Popen(
        ["sh", "-c", script], stdin=subprocess.PIPE, env=ready.env, cwd="/", start_new_session=True
    )
    agent.communicate(ready.said("SessionEnd"))
    assert agent.returncode == -signal.SIGKILL
    until(ready.commits)


@pytest.mark.parametrize("path", ["~/.claude/projects/-code/s1.jsonl", "../../.claude/projects/-code/s1.jsonl"])
def test_a_transcript_is_found_however_its_path_is_written(ready, path):
    ready.transcript("s1")
    ready.hook("SessionEnd", transcript_path=path)
    until(ready.commits)


def test_a_transcript_that_was_moved_is_found_by_the_name_of_its_session(ready):
    name = "01234567-89ab-cdef-0123-456789abcdef"
    path = ready.transcript(name)
    ready.hook("Stop", name)
    moved = ready.projects.with_name("-archive")
    moved.mkdir()
    path.rename(moved / path.name)
    ready.hook("SessionEnd", name)
    until(ready.commits)
    ready.settle()
    assert ready.failures() == []


# --- where it goes --------------------------------------------------------------------------------------------------


def test_a_session_goes_to_the_journal_around_its_folder_else_to_the_default_one(ready):
    inside = ready.home / "here"
    inside.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=inside, env=ready.env, check=True)
    subprocess.run([JOURNAL, "init", "--here"], cwd=inside, env=ready.env, capture_output=True, check=True)
    (inside / "src").mkdir()
    moved = FLAKY.read_text().replace("/home/robin/code/tidepool", str(inside / "src"))
    assert str(inside) in moved
    ready.transcript("s1").write_text(moved)
    ready.transcript("s2", EXPORT)
    ready.hook("SessionEnd", cwd=str(inside / "src"), data=ready.said("SessionEnd", "s1", cwd=str(inside / "src")))
    ready.hook("SessionEnd", "s2")
    ready.settle()
    until(lambda: ready.entries() and list((inside / "journal/sessions").rglob("*.md")))
    assert [path.name for path in ready.entries()] == ["2026-11-10-add-csv-export-of-readings.md"]


def test_a_session_of_another_project_goes_past_a_projects_own_journal(ready):
    inside = ready.home / "here"
    inside.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=inside, env=ready.env, check=True)
    subprocess.run([JOURNAL, "init", "--here"], cwd=inside, env=ready.env, capture_output=True, check=True)
    ready.transcript("s1")  # it says itself that it worked elsewhere
    ready.hook("SessionEnd", data=ready.said("SessionEnd", cwd=str(inside)))
    until(ready.commits)
    ready.settle()
    assert list((inside / "journal/sessions").rglob("*.md")) == []


def test_a_session_stays_where_it_began_when_the_agent_changes_its_folder(ready):
    inside = ready.home / "here"
    inside.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=inside, env=ready.env, check=True)
    subprocess.run([JOURNAL, "init", "--here"], cwd=inside, env=ready.env, capture_output=True, check=True)
    ready.transcript("s1")
    ready.hook("SessionStart")
    ready.hook("SessionEnd", data=ready.said("SessionEnd", cwd=str(inside)))
    until(ready.commits)


def test_a_command_that_names_a_journal_goes_there(ready):
    other = ready.home / "other"
    ready.run("init", str(other))
    ready.transcript("s1")
    ready.hook("SessionEnd", command=f"{JOURNAL} --journal {other} capture --hook claude-code")
    until(lambda: list((other / "journal/sessions").rglob("*.md")))
    assert ready.entries() == []


# --- never in the agent's way ---------------------------------------------------------------------------------------


def test_the_agent_does_not_wait_for_the_work(ready):
    ready.transcript("s1")
    with Lock(str(ready.journal / ".git/journal/writing.lock")):
        ready.hook("SessionEnd")  # it is back, and nothing can be captured yet
        until(lambda: ready.marks() == ["taken"])
        assert ready.entries() == []
    until(ready.commits)


GARBAGE = {
    "nothing": b"",
    "text": b"hello\n",
    "half an object": b'{"session_id": "s1", "transcript_pa',
    "an array": b"[1, 2]",
    "a number": b"7",
    "binary": bytes(range(256)),
    "a bomb": b"[" * 300_000,
    "a deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "no session": b'{"hook_event_name": "Stop"}',
    "wrong types": b'{"session_id": 7, "transcript_path": ["x"], "cwd": null, "hook_event_name": {}}',
    "nul": b'{"session_id": "a\\u0000b", "transcript_path": "/x\\u0000", "hook_event_name": "Stop"}',
    "half a surrogate pair": b'{"session_id": "\\ud800", "transcript_path": "/\\ud800", "hook_event_name": "SessionEnd"}',
    "an unknown event": b'{"session_id": "s9", "hook_event_name": "Tomorrow"}',
    "too much": b'{"a": "' + b"x" * (9 * 1024 * 1024) + b'"}',
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE)
def test_whatever_comes_in_the_agent_hears_nothing(ready, data):
    for event in ("SessionStart", "Stop", "SessionEnd"):
        ready.hook(event, data=data)
    ready.settle()
    assert ready.entries() == []


@pytest.mark.parametrize("rest", ["--hook", "--hook=", "--hook nobody", "--hook claude-code --since x", "--hook a b c"])
def test_whatever_the_command_line_says_the_agent_hears_nothing(ready, rest):
    ready.hook("Stop", command=f"{JOURNAL} capture {rest}")


def test_a_closed_stdin_and_streams_are_no_trouble(ready):
    ready.hook("Stop", command=f"{ready.command('Stop')} <&-")
    ready.hook("Stop", command=f"{ready.command('Stop')} <&- >&- 2>&-")


@pytest.mark.parametrize("text", [b"", b'{"session_id": "s1"'])
def test_an_agent_that_never_closes_stdin_gets_its_hook_back(ready, text):
    reading, writing = os.pipe()
    os.write(writing, text)
    done = subprocess.run(
        ["sh", "-c", ready.command("Stop")], stdin=reading, env=ready.env, timeout=PATIENCE, check=True
    )
    os.close(writing)
    os.close(reading)
    assert done.returncode == 0
    assert ready.marks() == []


def test_a_whole_object_is_enough_when_stdin_stays_open(ready):
    ready.transcript("s1")
    reading, writing = os.pipe()
    os.write(writing, ready.said("SessionEnd"))
    subprocess.run(
        ["sh", "-c", ready.command("SessionEnd")], stdin=reading, env=ready.env, timeout=PATIENCE, check=True
    )
    until(ready.commits)
    os.close(writing)
    os.close(reading)


def test_what_it_starts_keeps_no_stream_of_the_agents_open(ready):
    ready.transcript("s1")
    ready.env["JOURNAL_QUIET_SECONDS"] = "1800"
    done = subprocess.run(
        ["sh", "-c", f"exec 7>&1; {ready.command('Stop')}"],
        input=ready.said("Stop"), env=ready.env, capture_output=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    assert done.stdout == b""  # it came to its end while another process waits for the session to fall quiet
    assert ready.marks() == ["changed"]


def test_without_a_journal_nothing_happens_and_that_is_told_once(machine):
    machine.install()
    for name in ("s1", "s2", "s3"):
        machine.transcript(name)
        machine.hook("Stop", name)
        machine.hook("SessionEnd", name)
        machine.settle()
    assert machine.failures() == [("there is no journal yet", "journal init")]
    assert b"failed 1 time, last 20" in machine.run("hooks", "status").stderr
    assert not machine.journal.exists()
    assert machine.marks() == []


BREAKS = {
    "no repository": lambda root: shutil.rmtree(root / ".git"),
    "settings": lambda root: (root / "journal/journal.toml").write_text("[[[\n"),
    "sessions": lambda root: (root / "journal/sessions").write_text("a file"),
    "gone": shutil.rmtree,
}


@pytest.mark.parametrize("harm", BREAKS.values(), ids=BREAKS)
def test_a_broken_journal_is_told_in_the_log_of_failures_alone(ready, harm):
    ready.transcript("s1")
    harm(ready.journal)
    ready.hook("SessionStart")
    ready.hook("Stop")
    ready.hook("SessionEnd")
    ready.settle()
    (what, hint) = ready.failures()[0]
    assert what
    assert hint
    assert "bug" not in what


def test_where_git_is_busy_the_entry_is_written_and_its_commit_waits(ready):
    ready.transcript("s1")
    (ready.journal / ".git/MERGE_HEAD").write_text("0" * 40 + "\n")
    ready.hook("SessionEnd")
    until(ready.entries)
    ready.settle()
    assert ready.commits() == ready.failures() == ready.marks() == []


def test_a_home_that_cannot_be_written_to_is_no_trouble(ready):
    file = ready.home / "file"
    file.write_text("")
    for home in (str(file), str(file / "below"), "/nonexistent"):
        for event in ("SessionStart", "Stop", "SessionEnd"):
            ready.hook(event, env={"HOME": home, "PATH": os.defpath})
    assert file.read_text() == ""


def test_a_full_disk_is_no_trouble(ready):
    ready.transcript("s1")
    for event in ("SessionStart", "Stop", "SessionEnd"):
        ready.hook(event, command=f"ulimit -f 0; {ready.command(event)}")
    assert ready.entries() == []
    ready.hook("SessionEnd")
    until(ready.commits)


def test_without_git_the_session_waits_for_the_next_try(ready):
    ready.transcript("s1")
    empty = ready.home / "empty"
    empty.mkdir()
    (empty / "sh").symlink_to(shutil.which("sh"))
    ready.hook("SessionEnd", env={**ready.env, "PATH": str(empty)})
    ready.settle()
    assert len(ready.failures()) == 1
    assert ready.marks() == ["changed"]
    ready.hook("SessionStart", "s2")
    until(ready.commits)


def test_who_waits_leaves_a_session_to_the_hook_that_made_it_due(ready):
    path = ready.transcript("s1")
    empty = ready.home / "empty"
    empty.mkdir()
    Marks(ready.env).put(Mark("claude-code", "s1", str(path), str(ready.cwd), ""), DUE)
    waiting = subprocess.Popen([JOURNAL, "hooks", "wait"], env={**ready.env, "PATH": str(empty)})
    try:
        until(lambda: is_waiting(Marks(ready.env)))
        ready.run("hooks", "publish")
        assert len(ready.commits()) == 1
        ready.settle()
        assert ready.failures() == []
    finally:
        waiting.kill()
        waiting.wait()


def test_who_waits_sees_to_a_session_that_stays_due(ready):
    path = ready.transcript("s1")
    Marks(ready.env).put(Mark("claude-code", "s1", str(path), str(ready.cwd), ""), DUE)
    ready.run("hooks", "wait")
    ready.settle()
    assert len(ready.commits()) == 1


def test_a_transcript_that_is_gone_is_told_in_the_log_of_failures(ready):
    ready.hook("Stop")
    ready.hook("SessionEnd")
    ready.settle()
    ((what, hint),) = ready.failures()
    assert "there is no transcript" in what
    assert hint == "journal capture"
    assert ready.marks() == []


def test_a_transcript_that_cannot_be_read_is_told_in_the_log_of_failures(ready):
    ready.transcript("s1").write_bytes(bytes(range(256)) * 10)
    ready.hook("SessionEnd")
    ready.settle()
    ((what, _),) = ready.failures()
    assert "no known transcript format" in what


def test_modules_in_the_agents_folder_are_not_taken_for_ours(ready):
    ready.transcript("s1")
    for name in ("session_journal", "json", "select", "orjson", "click", "sitecustomize"):
        (ready.cwd / f"{name}.py").write_text(f"open({str(ready.home / 'ran')!r}, 'w')\nraise SystemExit(9)\n")
    ready.hook("SessionStart", cwd=ready.cwd)
    ready.hook("SessionEnd", cwd=ready.cwd)
    until(ready.commits)
    assert not (ready.home / "ran").exists()


def test_the_settings_stay_as_their_user_left_them(ready):
    settings = ready.home / ".claude/settings.json"
    command = ready.command("Stop")
    settings.write_text('{"disableAllHooks": true}\n')
    ready.transcript("s1")
    ready.hook("SessionStart", command=command)
    ready.hook("SessionEnd", command=command)
    until(ready.commits)
    ready.run("capture", "--all")
    ready.run("hooks", "status")
    assert settings.read_text() == '{"disableAllHooks": true}\n'


LOADED = """
import sys
from session_journal.cli.main import run
code = run(["capture", "--hook", "claude-code"])
print(*sorted(sys.modules))
"""


@pytest.mark.parametrize("event", ["SessionStart", "Stop", "SessionEnd"])
def test_the_hook_loads_nothing_that_takes_long(ready, event):
    ready.transcript("s1")
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")} | ready.env
    done = subprocess.run(
        [sys.executable, "-c", LOADED], input=ready.said(event), env=env, capture_output=True, check=True
    )
    loaded = set(done.stdout.decode().split())
    slow = {
        "click",
        "git",
        "orjson",
        "dataclasses",
        "subprocess",
        "datetime",
        "jinja2",
        "typing",
        "pathlib",
        "threading",
    }
    assert loaded & slow == set()


# --- never itself ---------------------------------------------------------------------------------------------------


def test_a_hook_that_a_hook_has_led_to_does_nothing(ready):
    ready.transcript("s1")
    for event in ("SessionStart", "Stop", "SessionEnd"):
        ready.hook(event, env={**ready.env, GUARD: "1"})
    assert not ready.state.joinpath("marks").exists()


def own_call(text):
    record = {
        "type": "user", "uuid": "u1", "sessionId": "s1", "timestamp": "2026-11-20T10:00:00.000Z", "cwd": "/x",
        "version": "2.1.40", "message": {"role": "user", "content": text},
    }  # fmt: skip
    return json.dumps(record) + "\n"


def test_a_session_that_is_a_call_of_ours_is_not_captured(ready):
    path = ready.transcript("s1")
    path.write_text(own_call(f"{MARK}\nSummarise this session: ...") + path.read_text())
    ready.transcript("s2", EXPORT)
    ready.hook("SessionEnd")
    ready.hook("SessionEnd", "s2")
    until(ready.commits)
    ready.settle()
    assert [path.name for path in ready.entries()] == ["2026-11-10-add-csv-export-of-readings.md"]
    assert ready.failures() == []


def test_a_session_that_only_speaks_of_such_calls_is_captured(ready):
    path = ready.transcript("s1")
    path.write_text(path.read_text() + own_call(f"What does {MARK} mean?"))
    ready.hook("SessionEnd")
    until(ready.commits)


# --- Codex ----------------------------------------------------------------------------------------------------------


def codex(machine, event, **more):
    """Return what Codex sends on stdin."""
    given = {
        "session_id": "0199a213-81c0-7800-8aa1-bbab2a035a53", "transcript_path": str(machine.projects / "s1.jsonl"),
        "cwd": str(machine.cwd), "hook_event_name": event, "model": "gpt-5-codex", "permission_mode": "default",
    }  # fmt: skip
    added = {
        "SessionStart": {"source": "startup"},
        "Stop": {"turn_id": "t1", "stop_hook_active": False, "last_assistant_message": None},
        "SessionEnd": {"reason": "other"},
    }
    return json.dumps({**given, **added[event], **more}).encode()


def test_the_hooks_of_codex_capture_as_well(ready):
    ready.install("codex")
    ready.transcript("s1")
    for event in ("SessionStart", "Stop", "SessionEnd"):
        ready.hook(event, data=codex(ready, event), command=ready.command(event, ".codex/hooks.json"))
    until(ready.commits)
    ready.settle()
    assert len(ready.entries()) == 1


def test_codex_keeps_some_sessions_nowhere(ready):
    ready.install("codex")
    for event in ("SessionStart", "Stop", "SessionEnd"):
        data = codex(ready, event, transcript_path=None)
        ready.hook(event, data=data, command=ready.command(event, ".codex/hooks.json"))
    ready.settle()
    assert ready.entries() == []
    assert ready.failures() == []


def test_what_codex_notifies_of_is_the_end_of_a_turn(ready):
    told = {
        "type": "agent-turn-complete", "thread-id": "0199a213", "turn-id": "t1", "cwd": str(ready.cwd),
        "input-messages": ["go"], "last-assistant-message": "done",
    }  # fmt: skip
    command = f"{JOURNAL} capture --hook codex '{json.dumps(told)}'"
    ready.hook("Stop", data=b"", command=command)
    assert ready.marks() == ["changed"]
