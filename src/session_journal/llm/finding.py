"""Asking for a session's items: what is sent in which chunks, and what shows that all of it was read."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace

from session_journal.core.events import Session
from session_journal.core.own_calls import MARK
from session_journal.core.records import record
from session_journal.core.verbatim import visible
from session_journal.errors import ModelError
from session_journal.llm.chunks import BRIEF, FULL, Count, Turn, split, turns, weigh
from session_journal.llm.prompts import FIND, MEND, Claim, Found
from session_journal.llm.request import Ask, ContextError, Endpoint, Reply, Request, UnseenError

LARGEST = 32_000
"""Tokens that a chunk has at most, however much the model could take: what lies in the middle of more is overlooked."""
SMALLEST = 1_200
"""Below so many a chunk holds next to nothing."""
_LEAST = 4_096
_REPLY = 3_000
"""Tokens that a list of items may take."""
_HEAD_REPLY = 900
_MOST = 40
"""Items that are taken from one reply, however many there are."""
_RETRIED = 20
_FRAME = 220
"""Tokens of the lines around the record, and of what servers put around a message."""
_SPARE = 10
"""One part in so many of the context stays free: the count is an estimate."""
_DENSEST = 8
"""No tokenizer puts more characters of a whole request into a token: who counts fewer tokens has not read all of it."""


@record(frozen=True, slots=True)
class Tools:
    """What drafting is given from outside.

    ask: sends a request; count: estimates tokens; hide: takes out secrets; mark: returns a new random word at each
    call; progress: hears which chunk of how many is asked about, 0 of 0 for the head.
    """

    ask: Ask
    count: Count
    hide: Callable[[str], str]
    mark: Callable[[], str]
    progress: Callable[[int, int], None] = field(default=lambda _done, _all: None)


@record(frozen=True, slots=True)
class Plan:
    """What will be sent of a session, in chunks of `room` tokens, each answered in `reply` tokens at most.

    tokens: estimate of all requests, replies: of all answers; whole: nothing but long texts was cut; hidden: how many
    secrets and personal data are taken out of what is sent.
    """

    chunks: tuple[tuple[Turn, ...], ...]
    room: int
    reply: int
    tokens: int
    replies: int
    whole: bool
    hidden: int


def plan(session: Session, endpoint: Endpoint, cap: int, tools: Tools) -> Plan:
    """Return what will be sent of a redacted session; ModelError where that is more than `cap` tokens.

    A session that is too long is sent in brief (what was said, run, and went wrong) before it is given up.
    """
    reply = min(_REPLY, endpoint.context // 4)
    room = _room(endpoint.context, reply, tools.count)
    for limits in (FULL, BRIEF):
        sent = [replace(turn, text=tools.hide(turn.text)) for turn in turns(session, limits)]
        chunks = tuple(split(sent, room, tools.count))
        begun = tools.count(FIND) + _FRAME
        # One more request of each kind, for items that have to be mended, and for the head.
        tokens = sum(begun + weigh(chunk, tools.count) for chunk in chunks) + 3 * begun + 2 * reply
        replies = reply * (len(chunks) + 1) + _HEAD_REPLY
        if chunks and tokens + replies <= cap:
            hidden = sum(turn.text.count("[REDACTED:") for turn in sent)
            return Plan(chunks, room, reply, tokens, replies, limits is FULL, hidden)
    if not chunks:
        raise ModelError("there is nothing in this session to send")
    raise ModelError(
        f"the session would take about {tokens + replies:,} tokens, more than the {cap:,} of llm.tokens",
        f"journal config set llm.tokens {tokens + replies}",
    )


def _room(context: int, reply: int, count: Count) -> int:
    """Return how many tokens of a session one request can hold."""
    fixed = count(FIND) + count(json.dumps(Found.model_json_schema())) + _FRAME + reply
    room = min(LARGEST, context - context // _SPARE - fixed)
    if room < SMALLEST:
        raise ModelError(
            f"a context of {context:,} tokens is too small", f"journal config set llm.context {2 * _LEAST}"
        )
    return room


def find(planned: Plan, tools: Tools) -> list[Claim]:
    """Ask for the items of each chunk; a reply that shows that it saw only a part of one makes them smaller, once."""
    claims: list[Claim] = []
    waiting, room, halved, done = list(planned.chunks), planned.room, False, 0
    while waiting:
        tools.progress(done + 1, done + len(waiting))
        items = _items(waiting[0], planned.reply, tools)
        if items is not None:
            claims, waiting, done = [*claims, *items], waiting[1:], done + 1
            continue
        if halved or room // 2 < SMALLEST:
            hint = f"journal config set llm.context {max(_LEAST, planned.room)}  (or let the server hold more)"
            raise UnseenError("the model did not see all of what it was sent", hint)
        halved, room = True, room // 2
        left = dict.fromkeys(turn for some in waiting for turn in some)  # each once: chunks overlap
        waiting = split(list(left), room, tools.count)
    return claims


def _items(chunk: Sequence[Turn], longest: int, tools: Tools) -> list[Claim] | None:
    """Return what a model finds in a chunk, None where it did not see all of it."""
    request, marks = _request(chunk, longest, tools)
    try:
        reply = tools.ask(request)
    except ContextError:
        return None
    return _hidden(reply.value.items, tools.hide) if _saw_all(request, marks, reply) else None


def _request(chunk: Sequence[Turn], longest: int, tools: Tools, before: str = "") -> tuple[Request, tuple[str, str]]:
    """Return the request for the items of a chunk, and the marks that the reply must repeat."""
    fence, start, end = tools.mark(), tools.mark(), tools.mark()
    text = "\n".join(f"<<{fence} t{turn.number} {turn.who}>>\n{turn.text}" for turn in chunk)
    content = (
        f"{MARK}\n{before}Mark of the record: {fence}\n\n===== {fence} begins =====\nstart mark: {start}\n{text}\n"
        f"end mark: {end}\n===== {fence} ends =====\n"
    )
    return Request(FIND, content, Found, longest), (start, end)


def _saw_all(request: Request, marks: tuple[str, str], reply: Reply) -> bool:
    """Tell whether the model was given all of a request: servers cut what is too long and say nothing."""
    echoed = marks[0] in reply.value.start_mark and marks[1] in reply.value.end_mark
    least = (len(request.instructions) + len(request.content)) // _DENSEST
    return echoed and (reply.prompt_tokens is None or reply.prompt_tokens >= least)


def _hidden(claims: Iterable[Claim], hide: Callable[[str], str]) -> list[Claim]:
    """Return claims without what must not be stored; a model can make up a secret, or put one together."""
    return [
        claim.model_copy(update={"text": hide(visible(claim.text)), "quote": hide(claim.quote)})
        for claim in itertools.islice(claims, _MOST)
    ]


def mend(failed: Sequence[tuple[Claim, str]], session: Session, planned: Plan, tools: Tools) -> list[Claim]:
    """Give the claims that failed back, once, with the messages that they name; nothing where that goes wrong."""
    failed = failed[:_RETRIED]
    wanted = {number for claim, _ in failed for number in (claim.turn - 1, claim.turn, claim.turn + 1)}
    sent = [replace(turn, text=tools.hide(turn.text)) for turn in turns(session) if turn.number in wanted]
    told = "\n".join(_told(claim, why) for claim, why in failed)
    taken = tools.count(MEND + told)
    chunks = split(sent, planned.room - taken, tools.count) if taken < planned.room // 2 else []
    if not chunks:
        return []
    request, marks = _request(chunks[0], planned.reply, tools, f"{MEND.lstrip()}{told}\n\n")
    try:
        reply = tools.ask(request)
    except ModelError:
        return []  # what failed is dropped; what held stays
    if not _saw_all(request, marks, reply):
        return []
    return _hidden(reply.value.items[: len(failed)], tools.hide)


def _told(claim: Claim, why: str) -> str:
    given = {"kind": claim.kind, "turn": claim.turn, "role": claim.role, "text": claim.text, "quote": claim.quote}
    return json.dumps({"wrong": why, "item": given}, ensure_ascii=False)
