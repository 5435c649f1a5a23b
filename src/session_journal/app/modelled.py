"""Drafting with the language model that the user's settings name: their consent first, and offline whatever fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from session_journal.app.endpoint import (
    TOKENS,
    Preview,
    Voice,
    is_set,
    make_tools,
    name_endpoint,
    preview_of,
    with_consent,
    with_key,
)
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
_ENOUGH = 2
"""So many failures in a row, and a run asks no more: each can take minutes."""


def make_retell(env: Mapping[str, str], redactor: Redactor, voice: Voice) -> Retell | None:
    """Return what tells stories with the model that is set, None where none is."""
    return Retelling(env, redactor, voice) if is_set(env) else None


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
            self._endpoint = name_endpoint(self._env)
        cap, tools = load(self._env).number("llm.tokens", TOKENS), make_tools(self._redactor, self._voice)
        planned = self._plan(session, self._endpoint, cap, tools)
        if not self._agreed(self._preview(planned)):
            self._over = True
            return None
        if not self._has_key:  # not before it is needed: a keyring may want to be unlocked
            self._endpoint, self._has_key = with_key(self._endpoint, self._env), True
        if not planned.whole:
            self._voice.wait("sent in brief, for the whole session would take more than llm.tokens")
        with connect(self._endpoint, self._endpoints, self._voice.wait, purse=Purse(cap)) as ask:
            try:
                retold = tell(session, told, planned, replace(tools, ask=self._heard(ask)))
            except UnseenError:
                self._answered = False  # to a part of the question, and so it will be with the next session
                raise
        return retold.story, Drafted(self._endpoint.model, f"{retold.held}/{retold.made}")

    def _plan(self, session: Session, endpoint: Endpoint, cap: int, tools: Tools) -> Plan:
        from session_journal.llm.finding import plan

        try:
            return plan(session, endpoint, cap, tools)
        except ModelError:
            self._answered = True  # it is this session that is too long, not the endpoint that fails
            raise

    def _preview(self, planned: Plan) -> Preview:
        assert self._endpoint is not None  # noqa: S101 - it was found just now
        return replace(
            preview_of(self._env, self._endpoint, planned.tokens, planned.replies),
            hidden=planned.hidden,
            chunks=len(planned.chunks),
            whole=planned.whole,
        )

    def _agreed(self, preview: Preview) -> bool:
        """Tell whether the user agrees that this endpoint is sent sessions; once is enough."""
        assert self._endpoint is not None  # noqa: S101 - it was found just now
        return with_consent(self._env, self._endpoints, self._endpoint, preview, self._voice)
