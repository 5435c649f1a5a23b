"""Commands that may ask a language model: what they say before, and that `--offline` and dry runs send nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from journals import make_journal
from llm.points import entries
from llm.replaying import recorded, replay
from llm.server import Behaviour, embeds, fails, says
from session_journal.cli.main import run
from session_journal.store.endpoints import Endpoints
from session_journal.store.entries import load
from session_journal.store.settings import change
from terminals import on_terminal

FLAKY = str(Path(__file__).parents[2] / "examples" / "transcripts" / "2026-11-09-flaky-test.jsonl")
TOLD = recorded("flaky-test")


@pytest.fixture
def server(model_server, monkeypatch, tmp_path):
    """Return a server that the user's settings name."""

    def answer(body):
        read = sum(len(message["content"]) for message in body["messages"]) // 4
        usage = {"prompt_tokens": read, "completion_tokens": 50, "total_tokens": read + 50}
        return says(replay(TOLD, body["messages"][-1]["content"]), usage=usage)

    monkeypatch.chdir(tmp_path)
    for name, value in (("base_url", model_server.url), ("model", "tiny"), ("context", 32_000)):
        change(os.environ, f"llm.{name}", value)
    model_server.always = answer
    model_server.has("tiny")
    return model_server


@pytest.fixture
def journal(tmp_path, monkeypatch, server):
    made = make_journal(tmp_path / "journal")
    monkeypatch.setenv("JOURNAL_HOME", made.root)
    return made


@pytest.fixture
def call(capfd):
    def go(*args):
        code = run(list(args))
        said = capfd.readouterr()
        return code, said.out, said.err

    return go


def test_draft_is_offline_until_its_user_agreed(server, call):
    code, out, err = call("draft", FLAKY)
    assert code == 0
    assert "drafted_by: offline" in out
    assert err.count("\n") == 2
    assert "have not agreed" in err
    assert "hint: " in err
    assert server.bodies == []


def test_draft_with_yes_asks_the_model_and_shows_what_is_sent(server, call):
    code, out, err = call("draft", FLAKY, "--yes")
    assert code == 0
    assert "drafted_by: tiny\nverified: 9/10" in out
    assert "tiny at 127.0.0.1" in err
    assert "tokens in 1 part" in err
    assert "price unknown" in err
    assert "no secret was found" in err
    assert call("draft", FLAKY)[2] == ""
    assert len(server.bodies) == 6


def test_offline_sends_nothing_whatever_is_agreed(server, call, journal):
    Endpoints(os.environ).agree(server.url, "tiny")
    assert "drafted_by: offline" in call("draft", FLAKY, "--offline")[1]
    for line in (("new", "--from", FLAKY, "--offline", "--no-edit"), ("capture", FLAKY, "--offline")):
        assert call(*line)[0] == 0
    assert server.bodies == []


def test_a_dry_run_sends_nothing(server, call, journal):
    Endpoints(os.environ).agree(server.url, "tiny")
    for line in (("new", "--from", FLAKY, "--dry-run"), ("capture", FLAKY, "--dry-run")):
        assert call(*line)[0] == 0
    assert server.bodies == []


@pytest.mark.parametrize("line", [("new", "--no-edit", "--from", FLAKY), ("capture", FLAKY)])
def test_new_and_capture_store_what_the_model_told(server, call, journal, line):
    assert call(*line, "--yes")[0] == 0
    (entry,) = load(journal.root)[0]
    assert entry.fields["drafted_by"] == "tiny"


def test_before_the_first_of_many_sessions_is_sent_its_user_hears_of_the_others(server, call, journal):
    server.always = fails(400, "no")
    code, _, err = call("capture", str(Path(FLAKY).parent), "--yes")
    assert code == 0
    assert err.count("every new session in the") == 1
    assert err.index("price unknown") < err.index("every new session in the") < err.index("Drafted offline")
    change(os.environ, "llm.model", "other")
    assert "every new session" not in call("draft", FLAKY, "--yes")[2]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no interrupt to one process")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_stop_while_a_model_is_asked_loses_no_session_and_doubles_none(server, call, journal, stop):
    answers, asked = server.always, threading.Event()

    def hang(_body):
        asked.set()
        return Behaviour(silent=True)

    server.always = hang
    files = sorted(str(path) for path in Path(FLAKY).parent.glob("2026-11-1[23]*.jsonl"))
    server.will(answers, answers, answers)  # the first session is told
    command = [sys.executable, "-m", "session_journal", "capture", FLAKY, *files, "--yes"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert asked.wait(60)
        running.send_signal(stop)
        _, err = running.communicate(timeout=60)
    assert running.returncode == (130 if stop == signal.SIGINT else -stop)
    assert "Traceback" not in err
    (entry,) = load(journal.root)[0]
    assert entry.fields["drafted_by"] == "tiny"
    server.always, sent = answers, len(server.bodies)
    told = server.texts(0).split(" user>>\n")[1].splitlines()[0]
    assert call("capture", FLAKY, *files)[0] == 0
    assert len(load(journal.root)[0]) == 1 + len(files)
    assert len(server.bodies) > sent
    assert not any(told in server.texts(at) for at in range(sent, len(server.bodies)))


def test_doctor_asks_the_endpoint_only_when_it_is_told_to(server, call):
    call("doctor")
    assert server.asked_for_models == 0
    code, out, _ = call("doctor", "--endpoint")
    assert (code, server.asked_for_models) == (0, 1)
    assert out.startswith("ok")
    server.models = fails(401, "no such key")
    assert call("doctor", "--endpoint", "--json")[0] == 1
    assert call("doctor", "--endpoint", "--fix")[0] == 2


def test_no_endpoint_is_a_finding_with_a_hint(call):
    code, out, _ = call("doctor", "--endpoint")
    assert code == 1
    assert "journal config set llm.base_url" in out


def test_drafting_offline_loads_nothing_of_models():
    script = (
        "import sys; from session_journal.cli.main import run; run(sys.argv[1:]);"
        "print(*[name for name in ('openai', 'pydantic', 'session_journal.llm') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, "draft", FLAKY], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1:] in ([""], [])


@pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning")
@pytest.mark.skipif(os.name == "nt", reason="terminals are POSIX")
class TestOnATerminal:
    def test_a_yes_sends_and_is_remembered(self, server):
        code, shown = on_terminal(["draft", FLAKY], "y\n")
        assert code == 0
        assert "Send it to 127.0.0.1" in shown
        assert "chunk 1 of 1" in shown
        assert "drafted_by: tiny" in shown
        assert "Send it" not in on_terminal(["draft", FLAKY])[1]

    def test_a_no_drafts_offline(self, server):
        code, shown = on_terminal(["draft", FLAKY], "n\n")
        assert code == 0
        assert "nothing was sent" in shown
        assert "drafted_by: offline" in shown
        assert server.bodies == []

    def test_a_question_that_nobody_answers_ends_the_command(self, server, journal):
        code, shown = on_terminal(
            ["capture", FLAKY], "\x04"
        )  # the end of what is typed; Ctrl+C would come before Python listens
        assert code == 130, shown
        assert server.bodies == []
        assert load(journal.root)[0] == []

    def test_capture_asks_before_the_first_session_alone(self, server, journal):
        folder = str(Path(FLAKY).parent)
        code, shown = on_terminal(["capture", folder], "y\n")
        assert code == 0
        assert shown.count("Send it to") == 1
        assert {entry.fields["drafted_by"] for entry in load(journal.root)[0]} == {"tiny", "offline"}


# --- rollups and patterns -------------------------------------------------------------------------------------------

LINES = (
    ("16", "Rewrite the invoice parser", "## Decisions\n\n- Keep SQLite for the order archive\n"),
    ("17", "Import the old orders", "## Challenges\n\n- The export failed on a full disk → logs are rotated\n"),
)
OPENING = "The invoice parser was rewritten. It was decided to keep SQLite for the order archive."


@pytest.fixture
def week(journal, server):
    """Two days of work, and a model that tells of them truly."""
    for day, title, body in LINES:
        path = Path(journal.root, "journal", "sessions", "2026", f"2026-11-{day}-s.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        head = (
            f'id: "{day.zfill(32)}"\ntitle: {title}\ndate: 2026-11-{day}\ntype: session\nstatus: final\noutcome: done\n'
        )
        path.write_text(f"---\n{head}---\n\n{body}", encoding="utf-8")

    def answer(body):
        lines = [line.partition(" ") for line in body["messages"][-1]["content"].splitlines() if line.startswith("i")]
        first, second = ([name for name, _, text in lines if word in text] for word in ("parser", "SQLite"))
        one, two = OPENING.split(". ")
        return says({"sentences": [{"text": f"{one}.", "items": first}, {"text": two, "items": second}]})

    server.always = answer
    return journal


def test_a_rollup_is_opened_by_the_model_where_its_user_agreed(week, call):
    code, _, err = call("weekly", "--date", "2026-W47", "--yes")
    assert code == 0
    assert "tiny at 127.0.0.1" in err
    assert "is to write the opening of this rollup" in err
    assert OPENING in Path(week.root, "journal/rollups/2026-W47.md").read_text(encoding="utf-8")
    code, out, _ = call("weekly", "--date", "2026-W47")
    assert (code, out.splitlines()[0]) == (0, "journal/rollups/2026-W47.md (unchanged)")


@pytest.mark.parametrize("option", ["--offline", "--dry-run"])
def test_offline_and_a_dry_run_of_a_rollup_send_nothing_and_say_nothing_of_it(week, server, call, option):
    code, _, err = call("weekly", "--date", "2026-W47", option, "--yes")
    assert (code, server.bodies, "model" in err) == (0, [], False)


def test_without_consent_a_rollup_is_told_offline_and_one_line_says_so(week, server, call):
    code, out, err = call("weekly", "--date", "2026-W47")
    assert code == 0
    assert out.startswith("journal/rollups/2026-W47.md\n")
    assert err.count("Told offline") == 1
    assert server.bodies == []


def test_a_person_at_a_terminal_is_asked_before_the_lines_of_a_rollup_are_sent(week, server):
    code, shown = on_terminal(["weekly", "--date", "2026-W47"], "n\n", JOURNAL_HOME=week.root)
    assert code == 0
    assert "It is asked about each rollup that you write and each session that you draft from now on." in shown
    assert "nothing was sent" in shown
    assert server.bodies == []


@pytest.fixture
def open_points(journal, server):
    """Statements of many sessions whose words leave much open, and an embedding model."""
    for path, text in entries():
        Path(journal.path(path)).parent.mkdir(parents=True, exist_ok=True)
        Path(journal.path(path)).write_text(text, encoding="utf-8")
    change(os.environ, "llm.embedding_model", "small")
    server.embeds = lambda body: embeds(*([1.0, len(text) / 9] for text in body["input"]))
    return journal


def test_patterns_ask_the_embedding_model_where_its_user_agreed_and_once(open_points, server, call):
    code, _, err = call("patterns", "--yes")
    assert code == 0
    assert "small at 127.0.0.1" in err
    assert "is to compare what your entries state" in err
    assert server.bodies == []
    count = len(server.embedded)
    assert count
    assert call("patterns", "--json")[0] == 0
    assert len(server.embedded) == count


def test_offline_patterns_send_nothing(open_points, server, call):
    code, _, err = call("patterns", "--offline", "--yes")
    assert (code, server.embedded, err) == (0, [], "")


def test_without_consent_patterns_are_compared_offline_and_one_line_says_so(open_points, server, call):
    code, out, err = call("patterns", "--json")
    assert code == 0
    assert out.startswith("[")
    assert err.count("Compared offline") == 1
    assert server.embedded == []


def test_a_person_at_a_terminal_sees_how_far_the_embeddings_are(open_points, server):
    code, shown = on_terminal(["patterns", "--json"], "y\n", JOURNAL_HOME=open_points.root)
    assert code == 0
    assert "asking the model" in shown
    assert server.embedded
