"""The conversation with an endpoint: asks in the way it understands, and lets no unusable reply through."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from session_journal.errors import ModelError
from session_journal.llm import failures
from session_journal.llm.cap import Purse
from session_journal.llm.completions import Completion, read_completion
from session_journal.llm.manners import Manners, Memory, plain_schema, remember, remembered
from session_journal.llm.parsing import UnreadableError, read_value
from session_journal.llm.refusals import CutOffError, RejectedError
from session_journal.llm.request import Ask, Endpoint, Reply, Request
from session_journal.llm.tokens import estimate_tokens
from session_journal.llm.waiting import Patience, patiently

if TYPE_CHECKING:
    from session_journal.llm.wire import Wire

PATIENCE = 60.0
PING_SECONDS = 5.0
_MORE_ROOM = 4
_OVERHEAD = 64
"""Tokens that a server's template puts around the messages."""

Message = dict[str, str]


@contextmanager
def connect(
    endpoint: Endpoint,
    memory: Memory,
    say: Callable[[str], None],
    *,
    purse: Purse | None = None,
    patience: float = PATIENCE,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Ask]:
    """Yield what asks this endpoint; ModelError where its address can't be used.

    memory: keeps how the endpoint wants to be asked; say: is told of waiting, a line at a time; purse: holds what may
    be spent, no end of it if None; patience: seconds that are waited in all, when the endpoint asks for a rest or fails
    for a moment.
    """
    from session_journal.llm.wire import open_wire

    with open_wire(endpoint) as wire:
        yield Conversation(endpoint, wire, memory, Patience(patience, say, sleep), purse or Purse()).ask


def ping(endpoint: Endpoint) -> str:
    """Ask for the list of models, which sends nothing else, and tell in one line what came back."""
    from session_journal.llm.wire import open_wire

    place = failures.place_of(endpoint)
    with open_wire(endpoint) as wire:
        try:
            names = wire.models(PING_SECONDS)
        except RejectedError as said:
            raise failures.explain(said, place, "") from None
        except CutOffError:
            raise failures.broke_off(place) from None
    # Ollama takes a name without its `:latest`; llama.cpp answers to any name: one that is not listed is no error.
    if endpoint.model in names or f"{endpoint.model}:latest" in names:
        return f"{place.host} answers and has {endpoint.model}"
    return (
        f"{place.host} answers, but does not list {endpoint.model}: it has {failures.some(names, place) or 'no models'}"
    )


class Conversation:
    """Holds what is known of an endpoint while it is asked."""

    def __init__(self, endpoint: Endpoint, wire: Wire, memory: Memory, patience: Patience, purse: Purse) -> None:
        self._endpoint = endpoint
        self._place = failures.place_of(endpoint)
        self._wire = wire
        self._memory = memory
        self._patience = patience
        self._purse = purse
        self._manners = remembered(endpoint, memory)

    def ask(self, request: Request) -> Reply:
        """Return a valid reply. One that cannot be read is sent back once, with what was wrong with it."""
        messages = _messages(request)
        found = self._complete(messages, request, self._manners)
        try:
            return _reply(found, request.schema)
        except UnreadableError as error:
            return self._repair(messages, request, found.text, error)

    def _repair(self, messages: list[Message], request: Request, wrote: str, error: UnreadableError) -> Reply:
        """Ask once more; an endpoint that ignored the format is asked a rung lower, this once."""
        manners = self._manners if error.is_json else self._manners.lower() or self._manners
        wrong = {
            "role": "user",
            "content": f"Your reply could not be used: {error.problem}. Reply again, with the JSON object alone.",
        }
        longer = [*messages, {"role": "assistant", "content": wrote}, wrong]
        if self._room(longer) < request.longest:
            longer = [*messages, wrong]
        found = self._complete(longer, request, manners)
        try:
            return _reply(found, request.schema)
        except UnreadableError as again:
            raise ModelError(
                f"{self._place.who} gave no usable reply, asked twice: {again.problem}",
                failures.OFFLINE,
            ) from None

    def _complete(self, messages: list[Message], request: Request, manners: Manners) -> Completion:
        """Return a completion that is whole; one that ran out of room is asked for again, with more."""
        found = self._send(messages, request, request.longest, manners)
        if not _is_cut(found, request.schema):
            return found
        longest = min(self._room(messages), request.longest * _MORE_ROOM)
        if longest > request.longest:
            found = self._send(messages, request, longest, manners)
            if not _is_cut(found, request.schema):
                return found
        most = max(longest, request.longest)
        raise ModelError(
            f"the reply of {self._place.who} was cut off after {most} tokens",
            f"journal config set llm.context {self._endpoint.context * 2}  (if the server holds as much)",
        )

    def _room(self, messages: list[Message]) -> int:
        """Return the tokens that the context leaves for a reply."""
        return self._endpoint.context - _OVERHEAD - estimate_tokens(_sent(messages))

    def _send(self, messages: list[Message], request: Request, longest: int, manners: Manners) -> Completion:
        """Ask in the way that the endpoint understands: each refusal changes the manners, and they are few."""
        usual = manners == self._manners
        size = estimate_tokens(_sent(messages))
        while True:
            body = {"model": self._endpoint.model, "messages": messages} | manners.parameters(request.schema, longest)
            try:
                found = read_completion(self._patient(body, manners, (size, longest)), self._place)
            except RejectedError as said:
                other = None if said.is_context else manners.after(said.status, said.words)
                if other is None:
                    raise self._explained(said, messages) from None
                manners = other
                self._manners = other if usual else self._manners
                continue
            except CutOffError:
                raise failures.broke_off(self._place) from None
            self._purse.settle(size, longest, found)
            remember(self._endpoint, self._memory, self._manners)
            return found

    def _patient(self, body: dict[str, Any], manners: Manners, size: tuple[int, int]) -> dict[str, Any]:
        return patiently(
            lambda: self._post(body, size),
            self._patience,
            self._place.host,
            lambda said: manners.after(said.status, said.words) is not None,
        )

    def _post(self, body: dict[str, Any], size: tuple[int, int]) -> dict[str, Any]:
        """Send a request once. size: its tokens, and those of the longest reply."""
        self._purse.book(*size)
        try:
            return self._wire.post(body)
        except RejectedError as said:
            if said.status < 500:  # a server that breaks down may have worked, and counted it
                self._purse.give_back(*size)
            raise

    def _explained(self, said: RejectedError, messages: list[Message]) -> ModelError:
        """Return the error for a refusal; for an unknown model with those that there are."""
        offered: list[str] = []
        if said.names_model or said.status == 404:
            try:
                offered = self._wire.models(PING_SECONDS)
            except (ModelError, RejectedError, CutOffError):
                offered = []
        return failures.explain(said, self._place, _sent(messages[1:]), offered)


def _messages(request: Request) -> list[Message]:
    return [
        {"role": "system", "content": f"{request.instructions}\n\n{_form(request.schema)}"},
        {"role": "user", "content": request.content},
    ]


def _form(schema: type[BaseModel]) -> str:
    """Say in words what form is wanted: servers that ignore a format they don't know still pass this on."""
    shape = json.dumps(plain_schema(schema), ensure_ascii=False, separators=(",", ":"))
    return f"Reply with one JSON object and nothing else. Its JSON schema:\n{shape}"


def _sent(messages: list[Message]) -> str:
    return "\n".join(message["content"] for message in messages)


def _is_cut(found: Completion, schema: type[BaseModel]) -> bool:
    """Tell whether a completion ran out of room before its value was whole."""
    if not found.cut:
        return False
    try:
        read_value(found.text, schema)
    except UnreadableError:
        return True
    return False


def _reply(found: Completion, schema: type[BaseModel]) -> Reply:
    return Reply(read_value(found.text, schema), found.prompt_tokens, found.reply_tokens)
