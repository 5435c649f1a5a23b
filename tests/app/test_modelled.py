"""Drafting with the user's model, over a real wire: consent first, and offline whatever goes wrong."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import make_journal
from llm.replaying import recorded, replay
from llm.server import completes, fails, says, sends
from session_journal.app.capture import Capture, Wanted
from session_journal.app.draft import Clock, make_draft, read_sessions
from session_journal.app.endpoint import Voice, check, find_endpoint, is_set, may_ask
from session_journal.app.hook_work import publish
from session_journal.app.modelled import make_retell
from session_journal.core.events import Event
from session_journal.core.own_calls import MARK
from session_journal.core.redact import Redactor
from session_journal.errors import ModelError
from session_journal.store.endpoints import Endpoints
from session_journal.store.entries import load
from session_journal.store.failures import failures
from session_journal.store.marks import DUE, Mark, Marks
from session_journal.store.settings import change

CLOCK = Clock(datetime(2026, 11, 20, 18, 0, tzinfo=UTC), UTC)
FLAKY = Path(__file__).parents[2] / "examples" / "transcripts" / "2026-11-09-flaky-test.jsonl"
TOLD = recorded("flaky-test")


def answer(body, told=TOLD):
    content = body["messages"][-1]["content"]
    read = sum(len(message["content"]) for message in body["messages"]) // 4
    return says(
        replay(told, content), usage={"prompt_tokens": read, "completion_tokens": 50, "total_tokens": read + 50}
    )


@pytest.fixture
def env(tmp_path, model_server):
    """Return an environment whose settings name the server, with a consent to nothing yet."""
    made = {**os.environ, "JOURNAL_CONFIG": str(tmp_path / "config.toml"), "JOURNAL_STATE": str(tmp_path / "state")}
    change(made, "llm.base_url", model_server.url)
    change(made, "llm.model", "tiny")
    change(made, "llm.context", 32_000)
    model_server.always = answer
    model_server.has("tiny")
    return made


class Person:
    """Someone at a terminal, who is shown what would be sent and answers always the same."""

    def __init__(self, *, agrees=True):
        self.agrees, self.shown, self.told, self.chunks = agrees, [], [], []

    def voice(self, *, yes=False, there=True):
        return Voice(
            lambda why, hint: self.told.append((why, hint)), self.agree if there else None, self.shown.append,
            progress=lambda chunk, chunks: self.chunks.append((chunk, chunks)), yes=yes,
        )  # fmt: skip

    def agree(self, preview):
        self.shown.append(preview)
        return self.agrees


def session():
    return next(iter(read_sessions(str(FLAKY))))


def drafted(env, person, one=None, **voice):
    retell = make_retell(env, Redactor(), person.voice(**voice))
    return make_draft(one or session(), CLOCK, retell=retell)


def offline():
    return make_draft(session(), CLOCK)


# --- consent --------------------------------------------------------------------------------------------------------


def test_nothing_is_asked_and_nothing_sent_without_an_endpoint(tmp_path):
    env = {"JOURNAL_CONFIG": str(tmp_path / "none.toml"), "JOURNAL_STATE": str(tmp_path)}
    assert not is_set(env)
    assert make_retell(env, Redactor(), Person().voice()) is None


def test_before_the_first_send_its_user_sees_to_whom_and_how_much(env, model_server):
    change(env, "llm.price", "1/10")
    person = Person()
    made = drafted(env, person)
    (preview,) = person.shown
    assert model_server.url.removeprefix("http://").startswith(preview.host)
    assert (preview.model, preview.chunks, preview.open) == ("tiny", 1, False)
    sent = sum(len(message["content"]) for body in model_server.bodies for message in body["messages"]) // 4
    assert preview.tokens > sent
    assert preview.price == pytest.approx((preview.tokens + 10 * preview.replies) / 1_000_000)
    assert made.fields["drafted_by"] == "tiny"
    assert made.fields["verified"] == "9/10"
    assert person.chunks == [(1, 1), (0, 0)]


def test_a_session_longer_than_the_context_is_told_from_its_parts(env, model_server):
    change(env, "llm.context", 4_096)
    person = Person()
    made = drafted(env, person)
    assert person.shown[0].chunks > 1
    assert person.chunks[:2] == [(1, person.shown[0].chunks), (2, person.shown[0].chunks)]
    assert made.fields["drafted_by"] == "tiny"
    wanted = {one["quote"] for one in TOLD["chunks"][0]["items"][:6]}
    assert wanted <= {part for quote in made.quotes for part in quote.text.split(" … ")}
    for body in model_server.bodies:
        assert sum(len(message["content"].encode()) for message in body["messages"]) / 3 + body["max_tokens"] < 4_096


def test_a_session_over_the_cap_is_sent_in_brief_and_its_user_is_told(env, model_server):
    person, heard = Person(), []
    drafted(env, person)
    whole = sum(map(len, map(model_server.texts, range(len(model_server.bodies)))))
    model_server.bodies.clear()
    change(env, "llm.tokens", person.shown[0].tokens + person.shown[0].replies - 1)
    retell = make_retell(env, Redactor(), replace(person.voice(), wait=heard.append))
    assert make_draft(session(), CLOCK, retell=retell).fields["drafted_by"] == "tiny"
    assert sum(map(len, map(model_server.texts, range(len(model_server.bodies))))) < whole
    assert "in brief" in heard[0]


def test_a_yes_is_enough_for_one_endpoint_and_one_model(env):
    person = Person()
    drafted(env, person)
    assert drafted(env, person).fields["drafted_by"] == "tiny"
    assert len(person.shown) == 1
    change(env, "llm.model", "other")
    drafted(env, person)
    assert len(person.shown) == 2


def test_a_no_sends_nothing_and_is_asked_again_another_time(env, model_server):
    person = Person(agrees=False)
    assert drafted(env, person).sections == offline().sections
    assert model_server.bodies == []
    assert len(person.told) == 1
    drafted(env, person)
    assert len(person.shown) == 2


@pytest.mark.parametrize("there", [True, False])
def test_without_a_yes_no_name_is_looked_up_and_no_keyring_unlocked(env, tmp_path, monkeypatch, there):
    looked_up = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **_: looked_up.append(asked) or [])
    (tmp_path / "key.py").write_text(f"open({str(tmp_path / 'asked')!r}, 'w'); print('k-1')")
    change(env, "llm.key_command", f'"{sys.executable}" "{tmp_path / "key.py"}"')
    change(env, "llm.base_url", "https://model.example/v1")
    assert drafted(env, Person(agrees=False), there=there).fields["drafted_by"] == "offline"
    assert looked_up == []
    assert not (tmp_path / "asked").exists()
    drafted(env, Person())
    assert looked_up
    assert (tmp_path / "asked").exists()


def test_where_nobody_can_be_asked_nothing_is_sent_and_one_line_says_so(env, model_server):
    person = Person()
    assert drafted(env, person, there=False).fields["drafted_by"] == "offline"
    assert model_server.bodies == []
    ((why, hint),) = person.told
    assert "have not agreed" in why
    assert "--yes" in hint
    assert not may_ask(env)


def test_a_yes_on_the_command_line_is_a_consent_and_is_shown(env):
    person = Person()
    assert drafted(env, person, there=False, yes=True).fields["drafted_by"] == "tiny"
    assert len(person.shown) == 1
    assert may_ask(env)


def test_a_setting_is_a_consent(env):
    change(env, "llm.consent", "yes")
    person = Person(agrees=False)
    assert may_ask(env)
    assert drafted(env, person).fields["drafted_by"] == "tiny"
    assert person.shown == []


def test_a_journal_decides_nothing_about_models(env, tmp_path, model_server):
    journal = make_journal(tmp_path / "journal")
    settings = Path(journal.path("journal/journal.toml"))
    settings.write_text(f'format = 1\n[llm]\nbase_url = "{model_server.url}"\nmodel = "tiny"\nconsent = "yes"\n')
    Path(env["JOURNAL_CONFIG"]).unlink()
    assert not is_set(env)
    assert not may_ask(env)


@pytest.mark.parametrize("name", ["claude-code-d0161e0df1cb1", "claude-code-48b429896bcb0", "gemini-ab2b9748b1050"])
def test_real_sessions_are_told_over_the_wire(env, model_server, shared_data, name):
    told = recorded(name)
    model_server.always = lambda body: answer(body, told)
    made = drafted(env, Person(), next(iter(read_sessions(str(shared_data / told["transcript"])))))
    held, claims = map(int, str(made.fields["verified"]).split("/"))
    assert 0 < held < claims
    assert made.fields["title"] == told["head"]["title"]["text"].rstrip(".")
    shown = {turn for item in made.items for turn in item.turns}
    assert shown <= {quote.turn for quote in made.quotes}


# --- what is sent ---------------------------------------------------------------------------------------------------


def with_prompt(text):
    whole = session()
    events = (replace(whole.events[0], text=f"{whole.events[0].text} {text}"), *whole.events[1:])
    return replace(whole, events=events)


def test_secrets_are_taken_out_before_anything_is_sent(env, model_server):
    token = "ghp_" + "A1b2C3d4E5" * 4
    hidden = f"{token[:12]}\u200b{token[12:]}"  # invisible to whoever pastes it, and to a rule that looks for the whole
    person = Person()
    drafted(env, person, with_prompt(f"with {token} and {hidden} of robin.meyer@fastmail.com"))
    sent = "\n".join(model_server.texts(number) for number in range(len(model_server.bodies)))
    assert token not in sent
    assert "robin.meyer@fastmail.com" not in sent
    assert person.shown[0].hidden == 3


def test_secrets_that_come_back_are_taken_out(env, model_server):
    token = "ghp_" + "A1b2C3d4E5" * 4
    told = {
        **TOLD,
        "chunks": [{"items": [{**TOLD["chunks"][0]["items"][1], "text": f"Run `make migrate-check` with {token}"}]}],
    }
    model_server.always = lambda body: answer(body, told)
    made = drafted(env, Person())
    assert token not in str(made)


def test_a_session_of_our_own_and_one_without_work_are_not_sent(env, model_server):
    person = Person()
    own = session()
    drafted(env, person, replace(own, events=(replace(own.events[0], text=MARK), *own.events[1:])))
    drafted(env, person, replace(own, events=(Event("prompt", 1, "user", text="Hello"),)))
    assert model_server.bodies == []
    assert person.shown == []


def test_each_request_is_known_as_our_own_wherever_it_is_recorded(env, model_server):
    drafted(env, Person())
    for body in model_server.bodies:
        assert all(message["content"].startswith(MARK) for message in body["messages"])
        assert "tools" not in body


# --- whatever fails -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        fails(400, "bad request"),
        fails(401, "no such key"),
        fails(404, "no such model"),
        completes(None),
        completes([]),
        says(None, refusal="I will not"),
        says("no JSON at all"),
        says({"items": "none"}),
        says({"start_mark": "?", "items": [], "end_mark": "?"}),
        says('{"start_mark": "x', finish="length"),
        sends({"error": "x"}, 200),
    ],
)
def test_every_failure_ends_in_the_offline_draft_and_one_line(env, model_server, broken):
    model_server.always = broken
    change(env, "llm.timeout", 5)
    person = Person()
    retell = make_retell(env, Redactor(), replace(person.voice(), wait=lambda _: None))
    made = make_draft(session(), CLOCK, retell=retell)
    assert made == offline()
    ((why, _),) = person.told
    assert why.startswith("Drafted offline: ")
    assert "\n" not in why


def test_a_server_that_is_not_there_leaves_the_offline_draft(env, model_server):
    change(env, "llm.base_url", "http://127.0.0.1:9/v1")
    person = Person()
    change(env, "llm.consent", "yes")
    assert drafted(env, person) == offline()
    assert "127.0.0.1:9" in person.told[0][0]


def test_a_server_that_cuts_the_request_short_is_found_out(env, model_server):
    def short(body):
        found = replay(TOLD, body["messages"][-1]["content"])
        return says(
            {**found, "start_mark": "unseen"}, usage={"prompt_tokens": 40, "completion_tokens": 5, "total_tokens": 45}
        )

    model_server.always = short
    person = Person()
    assert drafted(env, person) == offline()
    assert "did not see all" in person.told[0][0]


def test_claims_that_do_not_hold_leave_the_offline_draft(env, model_server):
    wrong = [{**one, "quote": "nothing of the kind was said"} for one in TOLD["chunks"][0]["items"]]
    model_server.always = lambda body: answer(body, {**TOLD, "chunks": [{"items": wrong}]})
    person = Person()
    assert drafted(env, person) == offline()
    assert "could be verified" in person.told[0][0]


def test_a_run_gives_up_after_failures_in_a_row(env, model_server):
    model_server.always = fails(401, "no such key")
    person = Person()
    retell = make_retell(env, Redactor(), person.voice())
    for _ in range(4):
        make_draft(session(), CLOCK, retell=retell)
    assert len(person.told) == 2
    assert "rest of this run" in person.told[1][0]
    assert len(model_server.bodies) == 2


def test_a_run_gives_up_a_server_that_cuts_each_session_short(env, model_server):
    def short(body):
        return says({**replay(TOLD, body["messages"][-1]["content"]), "start_mark": "unseen"}, usage=[])

    model_server.always = short
    person = Person()
    retell = make_retell(env, Redactor(), person.voice())
    for _ in range(4):
        make_draft(session(), CLOCK, retell=retell)
    assert len(person.told) == 2
    assert "rest of this run" in person.told[1][0]


@pytest.mark.parametrize("why", ["too long", "not verified"])
def test_sessions_that_cannot_be_told_are_no_failure_of_the_endpoint(env, model_server, why):
    if why == "too long":
        change(env, "llm.tokens", 4_096)
    else:
        model_server.always = lambda body: answer(body, {**TOLD, "chunks": [{"items": []}]})
    person = Person()
    retell = make_retell(env, Redactor(), person.voice())
    for _ in range(4):
        make_draft(session(), CLOCK, retell=retell)
    assert len(person.told) == 4
    assert not any("rest of this run" in said for said, _ in person.told)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("llm.tokens", 4_096, "llm.tokens"),
        ("llm.context", 4_096, ""),
        ("llm.key_env", "NOBODY_SET_THIS", "NOBODY_SET_THIS"),
        ("llm.key_command", "/nonexistent/program --key", "llm.key_command"),
    ],
)
def test_settings_that_do_not_work_are_named(env, name, value, words):
    change(env, name, value)
    person = Person()
    made = drafted(env, person)
    if words:
        assert made == offline()
        assert words in " ".join(person.told[0])
    else:
        assert made.fields["drafted_by"] == "tiny"


# --- the key --------------------------------------------------------------------------------------------------------


def test_the_key_comes_from_the_variable_that_is_named(env, model_server):
    change(env, "llm.key_env", "MY_KEY")
    drafted({**env, "MY_KEY": " k-123 ", "OPENAI_API_KEY": "other"}, Person())
    assert model_server.headers[0]["authorization"] == "Bearer k-123"


def test_the_key_comes_from_a_command_that_no_shell_sees(env, tmp_path):
    script = tmp_path / "key command.py"
    script.write_text("import sys; print(sys.argv[1]); print('more')")
    change(env, "llm.key_command", f'"{sys.executable}" "{script}" "$HOME;x"')
    assert find_endpoint(env).key == "$HOME;x"


def test_a_command_without_a_key_is_named_and_what_it_said_is_not(env, tmp_path):
    script = tmp_path / "fails.py"
    script.write_text("import sys; print('k-456'); sys.exit(3)")
    change(env, "llm.key_command", f'"{sys.executable}" "{script}"')
    with pytest.raises(ModelError) as caught:
        find_endpoint(env)
    assert "k-456" not in caught.value.message + caught.value.hint


def test_a_command_for_the_key_that_is_not_installed_is_told_in_words(env):
    change(env, "llm.key_command", "no-such-program get openai")
    with pytest.raises(ModelError, match="there is no program of the name"):
        find_endpoint(env)


def test_the_endpoint_is_asked_for_its_models_alone(env, model_server):
    assert "tiny" in check(env)
    assert (model_server.asked_for_models, model_server.bodies) == (1, [])


# --- capture --------------------------------------------------------------------------------------------------------


def test_capture_stores_what_the_model_told_each_session_at_once(env, tmp_path, model_server):
    journal = make_journal(tmp_path / "journal")
    Endpoints(env).agree(model_server.url, "tiny")
    run = Capture(journal, CLOCK, Wanted(), make_retell(env, Redactor(), Person().voice()))
    assert [one.action for one in run.take_file(str(FLAKY))] == ["added"]
    (entry,) = load(journal.root)[0]
    assert (entry.fields["drafted_by"], entry.fields["verified"]) == ("tiny", "9/10")
    assert "- The user rejected a change of the test" in entry.body
    again = Capture(journal, CLOCK, Wanted(), make_retell(env, Redactor(), Person().voice()))
    assert [one.action for one in again.take_file(str(FLAKY))] == ["known"]
    assert len(model_server.bodies) == 3


def test_a_draft_made_offline_is_told_by_the_model_for_whoever_asks_for_it_by_name(env, tmp_path, model_server):
    journal = make_journal(tmp_path / "journal")
    Endpoints(env).agree(model_server.url, "tiny")

    def take(*, named=True):
        run = Capture(journal, CLOCK, Wanted(trivial=named), make_retell(env, Redactor(), Person().voice()))
        return run.take(session(), str(FLAKY)).action

    Capture(journal, CLOCK, Wanted()).take(session(), str(FLAKY))
    before = journal.repo.head()
    assert take(named=False) == "known"
    assert model_server.bodies == []
    model_server.always = fails(400, "no")
    assert take() == "known"
    assert journal.repo.head() == before
    model_server.always = answer
    assert take() == "updated"
    (entry,) = load(journal.root)[0]
    assert entry.fields["drafted_by"] == "tiny"
    asked = len(model_server.bodies)
    assert take() == "known"
    assert len(model_server.bodies) == asked


def test_a_draft_that_a_person_edited_is_told_by_no_model(env, tmp_path, model_server):
    journal = make_journal(tmp_path / "journal")
    Endpoints(env).agree(model_server.url, "tiny")
    outcome = Capture(journal, CLOCK, Wanted()).take(session(), str(FLAKY))
    with open(journal.path(outcome.path), "a", encoding="utf-8") as file:
        file.write("my words\n")
    run = Capture(journal, CLOCK, Wanted(trivial=True), make_retell(env, Redactor(), Person().voice()))
    assert run.take(session(), str(FLAKY)).action == "known"
    assert model_server.bodies == []


def test_sessions_that_a_model_told_are_each_stored_before_the_next_is_asked_about(env, tmp_path, model_server):
    journal = make_journal(tmp_path / "journal")
    Endpoints(env).agree(model_server.url, "tiny")
    stored = []
    retell = make_retell(env, Redactor(), Person().voice())

    def watched(one, told):
        stored.append(len(load(journal.root)[0]))
        return retell(one, told)

    run = Capture(journal, CLOCK, Wanted(), watched)
    for path in sorted(FLAKY.parent.glob("2026-11-1[23]*.jsonl")):
        run.take_file(str(path))
    assert stored == list(range(len(stored)))
    assert len(stored) > 1


# --- hooks ----------------------------------------------------------------------------------------------------------


def publish_hooked(env, tmp_path):
    """Have the session captured as a hook's work is done, and return the journal's entries."""
    journal = make_journal(tmp_path / "journal")
    marks = Marks(env)
    marks.put(Mark("claude-code", "s1", str(FLAKY), journal.root, journal.root), DUE)
    publish(env, lambda: CLOCK)
    return load(journal.root)[0]


def test_a_hook_asks_nobody_and_sends_nothing_without_a_consent(env, tmp_path, model_server):
    (entry,) = publish_hooked(env, tmp_path)
    assert entry.fields["drafted_by"] == "offline"
    assert model_server.bodies == []
    assert failures(env) == []


def test_a_hook_has_the_model_draft_where_its_user_agreed(env, tmp_path, model_server):
    Endpoints(env).agree(model_server.url, "tiny")
    (entry,) = publish_hooked(env, tmp_path)
    assert entry.fields["drafted_by"] == "tiny"


def test_what_a_hook_could_not_ask_is_noted_and_the_session_kept(env, tmp_path, model_server):
    Endpoints(env).agree(model_server.url, "tiny")
    model_server.always = fails(401, "no such key")
    (entry,) = publish_hooked(env, tmp_path)
    assert entry.fields["drafted_by"] == "offline"
    (failure,) = failures(env)
    assert failure.what.startswith("Drafted offline: ")


# --- what is missing or broken --------------------------------------------------------------------------------------


def test_an_endpoint_without_a_model_is_named(tmp_path):
    env = {"JOURNAL_CONFIG": str(tmp_path / "config.toml"), "JOURNAL_STATE": str(tmp_path / "state")}
    with pytest.raises(ModelError, match="no endpoint") as caught:
        check(env)
    assert "llm.base_url" in caught.value.hint
    change(env, "llm.base_url", "http://127.0.0.1:9/v1")
    person = Person()
    assert drafted(env, person) == offline()
    assert "no model is set" in person.told[0][0]


def test_a_bug_of_our_own_costs_no_session(env):
    def broken(_chunk, _chunks):
        raise RuntimeError("a bug")

    person = Person()
    retell = make_retell(env, Redactor(), replace(person.voice(), progress=broken))
    assert make_draft(session(), CLOCK, retell=retell) == offline()
    assert "bug in journal (RuntimeError)" in person.told[0][0]
