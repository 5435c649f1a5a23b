"""The endpoint that the user's settings name: its key, what its user agreed to, and how a run talks of it."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Literal

from session_journal.app.editor import split_command
from session_journal.core.records import record
from session_journal.errors import JournalError, ModelError
from session_journal.store.endpoints import Endpoints
from session_journal.store.settings import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.core.redact import Redactor
    from session_journal.llm.finding import Tools
    from session_journal.llm.request import Endpoint, Reply, Request

Purpose = Literal["draft", "opening", "meaning"]
MODEL, EMBEDDING_MODEL = "llm.model", "llm.embedding_model"
TOKENS = 200_000
_CONTEXT, _TIMEOUT = 8_192, 300
_KEY_SECONDS = 60
"""A keyring may ask its user to unlock it."""
_INSTEAD: Mapping[Purpose, str] = {
    "draft": "Drafted offline", "opening": "Told offline", "meaning": "Compared offline",
}  # fmt: skip


@record(frozen=True, slots=True)
class Preview:
    """What the user sees before anything is sent for the first time.

    host: with its port; tokens, replies: estimates; price: USD, None where it is not known; hidden: secrets and
    personal data taken out; chunks: requests; open: it travels unencrypted to another machine; whole: see Plan.
    purpose: what the model is to do.
    """

    host: str
    model: str
    tokens: int
    replies: int
    price: float | None
    open: bool
    hidden: int = 0
    chunks: int = 1
    whole: bool = True
    purpose: Purpose = "draft"

    @property
    def offline(self) -> str:
        """Say what is done instead."""
        return _INSTEAD[self.purpose]


def _silent(_chunk: int, _chunks: int) -> None:
    pass


@record(frozen=True, slots=True)
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


def make_tools(redactor: Redactor, voice: Voice) -> Tools:
    """Return what asking a model is given; whoever may send puts `ask` in, once its user agreed."""
    from session_journal.llm.finding import Tools
    from session_journal.llm.tokens import estimate_tokens

    return Tools(_nobody, estimate_tokens, redactor.redact, lambda: secrets.token_hex(5), voice.progress)


def _nobody(_request: Request) -> Reply:
    raise AssertionError("nothing is asked before its user agreed")


def is_set(env: Mapping[str, str]) -> bool:
    """Tell whether the user's settings name an endpoint; a journal's own settings never do."""
    return bool(load(env).text("llm.base_url"))


def may_ask(env: Mapping[str, str]) -> bool:
    """Tell whether an endpoint is named and its user agreed to be asked no more."""
    settings = load(env)
    url, model = settings.text("llm.base_url"), settings.text("llm.model")
    return bool(url and model) and (settings.text("llm.consent") == "yes" or Endpoints(env).has_agreed(url, model))


def find_endpoint(env: Mapping[str, str]) -> Endpoint:
    """Return the endpoint that the user's settings name, with its key; ModelError where something is missing."""
    return with_key(name_endpoint(env), env)


def name_endpoint(env: Mapping[str, str], setting: str = MODEL) -> Endpoint:
    """Return the endpoint without its key, with the model that a setting names."""
    from session_journal.llm.request import Endpoint

    settings = load(env)
    url, model = settings.text("llm.base_url"), settings.text(setting)
    if not url:
        raise ModelError("no endpoint is set", "journal config set llm.base_url http://localhost:11434/v1")
    if not model:
        raise ModelError("no model is set", f"journal config set {setting} NAME")
    context, timeout = settings.number("llm.context", _CONTEXT), settings.number("llm.timeout", _TIMEOUT)
    return Endpoint(url, model, context=context, timeout=timeout)


def with_key(endpoint: Endpoint, env: Mapping[str, str]) -> Endpoint:
    """Return the endpoint with its key."""
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


def preview_of(env: Mapping[str, str], endpoint: Endpoint, tokens: int, replies: int) -> Preview:
    """Return what would be sent to whom, and what it costs."""
    from session_journal.llm.failures import place_of
    from session_journal.llm.tokens import price

    place = place_of(endpoint)
    is_open = endpoint.base_url.startswith("http://") and not place.is_local
    cost = price(load(env).text("llm.price"), tokens, replies)
    return Preview(place.host, place.model, tokens, replies, cost, is_open)


def with_consent(
    env: Mapping[str, str], endpoints: Endpoints, endpoint: Endpoint, preview: Preview, voice: Voice
) -> bool:
    """Tell whether the user agrees that this model at this address is sent their work; once is enough."""
    if load(env).text("llm.consent") == "yes" or endpoints.has_agreed(endpoint.base_url, endpoint.model):
        return True
    if voice.yes:
        voice.show(preview)
    elif voice.agree is None:
        hint = "--yes, once, or: journal config set llm.consent yes"
        who = f"{endpoint.model} at {preview.host}"
        voice.say(f"{preview.offline}: you have not agreed yet that {who} is asked.", hint)
        return False
    elif not voice.agree(preview):
        voice.say(f"{preview.offline}; nothing was sent.", "")
        return False
    endpoints.agree(endpoint.base_url, endpoint.model)
    return True


def check(env: Mapping[str, str]) -> str:
    """Ask the endpoint for the list of its models, which sends nothing else; return what it says in a line."""
    from session_journal.llm.client import ping

    return ping(find_endpoint(env))
