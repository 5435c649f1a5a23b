"""Drafting with the language model that the user's settings name: their consent first, and offline whatever fails."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from session_journal.app.editor import split_command
from session_journal.core.drafting import Drafted, Retell
from session_journal.core.events import Session
from session_journal.core.insights.story import Story
from session_journal.core.own_calls import is_own_call
from session_journal.core.redact import Redactor
from session_journal.errors import JournalError, ModelError
from session_journal.store.endpoints import Endpoints
from session_journal.store.settings import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.llm.finding import Plan, Tools
    from session_journal.llm.request import Ask, Endpoint, Reply, Request

OFFLINE = Drafted("offline")
_CONTEXT, _TIMEOUT, _TOKENS = 8_192, 300, 200_000
_KEY_SECONDS = 60
"""A keyring may ask its user to unlock it."""
_ENOUGH = 2
"""So many failures in a row, and a run asks no more: each can take minutes."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the user sees before the first session is sent.

    host: with its port; tokens, replies: estimates; price: USD, None where it is not known; hidden: secrets and
    personal data taken out; chunks: requests for items; open: it travels unencrypted to another machine; whole: see
    Plan.
    """

    host: str
    model: str
    tokens: int
    replies: int
    price: float | None
    hidden: int
    chunks: int
    open: bool
    whole: bool


def _nobody(_request: Request) -> Reply:
    raise AssertionError("nothing is asked before its user agreed")


def _silent(_chunk: int, _chunks: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Voice:
    """How a run talks. agree: shows what would be sent and asks, None where nobody is there to be asked.

    say: hears in one line why something was drafted offline, and what helps; wait: hears of pauses and of what is left
    out; progress: see Tools; yes: the user has agreed on the command line; show: shows what will be sent although it
    needs no answer.
    """

    say: Callable[[str, str], None]
    agree: Callable[[Preview], bool] | None = None
    show: Callable[[Preview], None] = field(default=lambda _: None)
    wait: Callable[[str], None] = field(default=lambda _: None)
    progress: Callable[[int, int], None] = field(default=_silent)
    yes: bool = False


def is_set(env: Mapping[str, str]) -> bool:
    """Tell whether the user's settings name an endpoint; a journal's own settings never do."""
    return bool(load(env).text("llm.base_url"))


def may_ask(env: Mapping[str, str]) -> bool:
    """Tell whether an endpoint is named and its user agreed to be asked no more."""
    settings = load(env)
    url, model = settings.text("llm.base_url"), settings.text("llm.model")
    return bool(url and model) and (settings.text("llm.consent") == "yes" or Endpoints(env).has_agreed(url, model))


def make_retell(env: Mapping[str, str], redactor: Redactor, voice: Voice) -> Retell | None:
    """Return what tells stories with the model that is set, None where none is."""
    return Retelling(env, redactor, voice) if is_set(env) else None


def find_endpoint(env: Mapping[str, str]) -> Endpoint:
    """Return the endpoint that the user's settings name, with its key; ModelError where something is missing."""
    return _with_key(_name_endpoint(env), env)


def _name_endpoint(env: Mapping[str, str]) -> Endpoint:
    """Return the endpoint without its key."""
    from session_journal.llm.request import Endpoint

    settings = load(env)
    url, model = settings.text("llm.base_url"), settings.text("llm.model")
    if not url:
        raise ModelError("no endpoint is set", "journal config set llm.base_url http://localhost:11434/v1")
    if not model:
        raise ModelError("no model is set", "journal config set llm.model NAME")
    context, timeout = settings.number("llm.context", _CONTEXT), settings.number("llm.timeout", _TIMEOUT)
    return Endpoint(url, model, context=context, timeout=timeout)


def _with_key(endpoint: Endpoint, env: Mapping[str, str]) -> Endpoint:
    settings = load(env)
    return replace(endpoint, key=_key(env, settings.text("llm.key_env"), settings.text("llm.key_command")))


def _key(env: Mapping[str, str], variable: str, command: str) -> str:
    """Return the endpoint's key from the variable or the command that the settings name, "" where they name none."""
    if variable:
        if not env.get(variable, "").strip():
            raise ModelError(f"the variable {variable} that llm.key_env names is empty", f"export {variable}=…")
        return env[variable].strip()
    return _ask_keyring(command, env) if command else ""


def _ask_keyring(command: str, env: Mapping[str, str]) -> str:
    hint = "journal config get llm.key_command"
    try:
        first, *rest = split_command(command, windows=os.name == "nt")
        program = shutil.which(first, path=env.get("PATH")) or first  # Windows starts no .cmd by its bare name
        done = subprocess.run(
            [program, *rest],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_KEY_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise ModelError("there is no program of the name that llm.key_command begins with", hint) from None
    except subprocess.TimeoutExpired:
        raise ModelError(f"llm.key_command gave no key within {_KEY_SECONDS} seconds", hint) from None
    except (JournalError, OSError, ValueError) as error:
        raise ModelError(f"llm.key_command cannot be run ({type(error).__name__})", hint) from None
    key = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode or not key:
        raise ModelError(f"llm.key_command gave no key (exit code {done.returncode})", hint)
    return key.splitlines()[0].strip()


class Retelling:
    """One run: tells story after story until the model has failed too often or may not be asked."""

    def __init__(self, env: Mapping[str, str], redactor: Redactor, voice: Voice) -> None:
        self._env, self._redactor, self._voice = env, redactor, voice
        self._endpoints = Endpoints(env)
        self._endpoint: Endpoint | None = None
        self._has_key = False
        self._failed, self._over, self._answered = 0, False, False

    def __call__(self, session: Session, told: Story) -> tuple[Story, Drafted]:
        """Return the story as the model tells it, or as it is where the model is not asked or fails."""
        if self._over or told.trivial or is_own_call(session):
            return told, OFFLINE
        self._answered = False
        try:
            retold = self._retell(session, told)
        except JournalError as error:
            self._give_up(error.message, error.hint)
        except Exception as error:  # noqa: BLE001 - whatever a server sends, the session must not be lost
            self._give_up(f"this is a bug in journal ({type(error).__name__})", "please report it")
        else:
            self._failed = 0
            return retold or (told, OFFLINE)
        return told, OFFLINE

    def _give_up(self, why: str, hint: str) -> None:
        """Say why a session is drafted offline; an endpoint that fails session after session is asked no more."""
        self._failed = 0 if self._answered else self._failed + 1
        self._over = self._failed >= _ENOUGH
        more = "; so will the rest of this run be" if self._over else ""
        said = f"Drafted offline: {why.rstrip('.')}{more}"
        self._voice.say(said if said.endswith("?") else f"{said}.", hint)

    def _heard(self, ask: Ask) -> Ask:
        """Return an Ask that notes whether the endpoint answers at all."""

        def asked(request: Request) -> Reply:
            reply = ask(request)
            self._answered = True
            return reply

        return asked

    def _retell(self, session: Session, told: Story) -> tuple[Story, Drafted] | None:
        from session_journal.llm.cap import Purse
        from session_journal.llm.client import connect
        from session_journal.llm.drafting import tell
        from session_journal.llm.request import UnseenError

        if self._endpoint is None:
            self._endpoint = _name_endpoint(self._env)
        cap, tools = load(self._env).number("llm.tokens", _TOKENS), self._tools()
        planned = self._plan(session, self._endpoint, cap, tools)
        if not self._agreed(self._preview(planned)):
            self._over = True
            return None
        if not self._has_key:  # not before it is needed: a keyring may want to be unlocked
            self._endpoint, self._has_key = _with_key(self._endpoint, self._env), True
        if not planned.whole:
            self._voice.wait("sent in brief, for the whole session would take more than llm.tokens")
        with connect(self._endpoint, self._endpoints, self._voice.wait, purse=Purse(cap)) as ask:
            try:
                retold = tell(session, told, planned, replace(tools, ask=self._heard(ask)))
            except UnseenError:
                self._answered = False  # to a part of the question, and so it will be with the next session
                raise
        return retold.story, Drafted(self._endpoint.model, f"{retold.held}/{retold.made}")

    def _tools(self) -> Tools:
        from session_journal.llm.finding import Tools
        from session_journal.llm.tokens import estimate_tokens

        return Tools(
            _nobody,
            estimate_tokens,
            self._redactor.redact,
            lambda: secrets.token_hex(5),
            self._voice.progress,
        )

    def _plan(self, session: Session, endpoint: Endpoint, cap: int, tools: Tools) -> Plan:
        from session_journal.llm.finding import plan

        try:
            return plan(session, endpoint, cap, tools)
        except ModelError:
            self._answered = True  # it is this session that is too long, not the endpoint that fails
            raise

    def _preview(self, planned: Plan) -> Preview:
        from session_journal.llm.failures import place_of
        from session_journal.llm.tokens import price

        assert self._endpoint is not None  # noqa: S101 - it was found just now
        place = place_of(self._endpoint)
        cost = price(load(self._env).text("llm.price"), planned.tokens, planned.replies)
        is_open = self._endpoint.base_url.startswith("http://") and not place.is_local
        return Preview(
            host=place.host,
            model=place.model,
            tokens=planned.tokens,
            replies=planned.replies,
            price=cost,
            hidden=planned.hidden,
            chunks=len(planned.chunks),
            open=is_open,
            whole=planned.whole,
        )

    def _agreed(self, preview: Preview) -> bool:
        """Tell whether the user agrees that this endpoint is sent sessions; once is enough."""
        assert self._endpoint is not None  # noqa: S101 - it was found just now
        url, model = self._endpoint.base_url, self._endpoint.model
        if load(self._env).text("llm.consent") == "yes" or self._endpoints.has_agreed(url, model):
            return True
        if self._voice.yes:
            self._voice.show(preview)
        elif self._voice.agree is None:
            hint = "--yes, once, or: journal config set llm.consent yes"
            self._voice.say(f"Drafted offline: you have not agreed yet that {model} at {preview.host} is asked.", hint)
            return False
        elif not self._voice.agree(preview):
            self._voice.say("Drafted offline; nothing was sent.", "")
            return False
        self._endpoints.agree(url, model)
        return True


def check(env: Mapping[str, str]) -> str:
    """Ask the endpoint for the list of its models, which sends nothing else; return what it says in a line."""
    from session_journal.llm.client import ping

    return ping(find_endpoint(env))
