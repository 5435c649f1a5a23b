"""A session's story told by a model: cited items chunk by chunk, checked and merged in code, a head written from them.

What the transcript itself shows (files, commands, checks, outcome, effectiveness) is told offline, whatever a model
says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from session_journal.core.events import Session
from session_journal.core.inert import inert
from session_journal.core.insights import outcome
from session_journal.core.insights.files import changed_files
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.story import LIMITS, WORDS, Line, Story
from session_journal.core.insights.wording import trim
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns.likeness import distinct
from session_journal.core.signals import judge, signals
from session_journal.core.text import shorten
from session_journal.core.verbatim import visible
from session_journal.errors import ModelError
from session_journal.llm.checked import Statement, quoted, wrong_with, wrong_with_sentence
from session_journal.llm.chunks import BRIEF, FULL, Count, Turn, split, turns, weigh
from session_journal.llm.prompts import FIND, MEND, TELL, Claim, Found, Head, Sentence
from session_journal.llm.record import Record, make_record
from session_journal.llm.request import Ask, Endpoint, Reply, Request

LARGEST = 32_000
"""Tokens that a chunk has at most, however much the model could take: what lies in the middle of more is overlooked."""
SMALLEST = 1_200
"""Below so many a chunk holds next to nothing."""
_REPLY = 3_000
"""Tokens that a list of items may take."""
_HEAD_REPLY = 900
_FRAME = 220
"""Tokens of the lines around the record, and of what servers put around a message."""
_SPARE = 10
"""One part in so many of the context stays free: the count is an estimate."""
_UNSEEN = 0.4
"""A server that counts less than this part of the estimate has not read all of it."""
_WORDS, _TITLE = 30, 70
_HEAD_LINES = {"context": (2, 45), "happened": (3, 70)}
_ORDER: tuple[ItemKind, ...] = (
    "decision", "challenge", "discovery", "action", "insight", "question", "takeaway", "next", "gap", "pattern",
)  # fmt: skip
_OFFLINE: frozenset[ItemKind] = frozenset({"change", "deviation", "went-well", "improve"})


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be sent of a session. tokens: estimate of all requests, replies: of all answers; whole: nothing but
    long texts was cut; hidden: how many secrets and personal data are taken out of what is sent.
    """

    chunks: tuple[tuple[Turn, ...], ...]
    room: int
    tokens: int
    replies: int
    whole: bool
    hidden: int


@dataclass(frozen=True, slots=True)
class Told:
    """A story and how many of the model's claims held of how many."""

    story: Story
    held: int
    made: int


def plan(session: Session, endpoint: Endpoint, cap: int, tools: Tools) -> Plan:
    """Return what will be sent of a redacted session; ModelError where that is more than `cap` tokens.

    A session that is too long is sent in brief (what was said, run, and went wrong) before it is given up.
    """
    room = _room(endpoint, tools.count)
    for limits in (FULL, BRIEF):
        sent = [replace(turn, text=tools.hide(turn.text)) for turn in turns(session, limits)]
        chunks = tuple(split(sent, room, tools.count))
        begun = tools.count(FIND) + _FRAME
        # One more request of each kind, for items that have to be mended, and for the head.
        tokens = sum(begun + weigh(chunk, tools.count) for chunk in chunks) + 3 * begun + 2 * _REPLY
        replies = _reply_room(endpoint) * (len(chunks) + 1) + _HEAD_REPLY
        if chunks and tokens + replies <= cap:
            hidden = sum(turn.text.count("[REDACTED:") for turn in sent)
            return Plan(chunks, room, tokens, replies, limits is FULL, hidden)
    if not chunks:
        raise ModelError("there is nothing in this session to send")
    raise ModelError(
        f"the session would take about {tokens + replies:,} tokens, more than the {cap:,} of llm.tokens",
        f"journal config set llm.tokens {tokens + replies}",
    )


def _reply_room(endpoint: Endpoint) -> int:
    return min(_REPLY, endpoint.context // 4)


def _room(endpoint: Endpoint, count: Count) -> int:
    """Return how many tokens of a session one request can hold."""
    fixed = count(FIND) + count(json.dumps(Found.model_json_schema())) + _FRAME + _reply_room(endpoint)
    room = min(LARGEST, endpoint.context - endpoint.context // _SPARE - fixed)
    if room < SMALLEST:
        raise ModelError(
            f"a context of {endpoint.context:,} tokens is too small to draft with",
            f"journal config set llm.context {(fixed + SMALLEST) * 10 // 9 + 100}",
        )
    return room


def tell(session: Session, offline: Story, planned: Plan, tools: Tools) -> Told:
    """Tell a redacted session's story with a model; ModelError where it gives nothing that holds."""
    asked = prompts(session)
    found = signals(session, asked)
    verdict = judge(session, found)
    record = make_record(session, found, verdict)
    claims = _find(planned, tools)
    good, failed = _sift(claims, record)
    if failed:
        good += _sift(_mend(failed, session, planned.room, tools), record)[0]
    kept = _merged(good, record)
    if not kept:
        raise ModelError(f"none of the {len(claims)} statements of the model could be verified")
    facts = outcome.happened([], found, verdict, [one.path for one in changed_files(session) if one.changed])
    fixed = tuple(item for item in offline.items if item.kind in _OFFLINE)
    head, made, held = _head(kept, offline, facts, record, tools)
    return Told(_retold(offline, fixed, kept, head, facts), held + len(good), made + len(claims))


def _retold(
    offline: Story, fixed: Sequence[Item], kept: Sequence[Statement], head: Mapping[str, Sequence[Line]],
    facts: Sequence[Line],
) -> Story:  # fmt: skip
    """Return the story with what held in place of what was chosen offline, within the words of an entry."""
    context = tuple(head.get("context", offline.context))
    happened = (*head["happened"], *facts) if "happened" in head else offline.happened[:1]
    spent = _words([*context, *happened, *offline.verdict]) + sum(map(_size, fixed))
    changes = [one for one in fixed if one.kind == "change"]
    quotes = {one.turns[0]: one.quote for one in reversed(kept)}
    return replace(
        offline,
        title=shorten(head["title"][0][0].rstrip("."), _TITLE) if "title" in head else offline.title,
        context=context,
        happened=happened,
        items=(*changes, *_chosen(kept, WORDS - spent), *(one for one in fixed if one.kind != "change")),
        telling=tuple({**dict(offline.telling), **quotes}.items()),
    )


def _find(planned: Plan, tools: Tools) -> list[Claim]:
    """Ask for the items of each chunk; a reply that shows that it saw only a part of one makes them smaller, once."""
    claims: list[Claim] = []
    waiting, room, halved, done = list(planned.chunks), planned.room, False, 0
    while waiting:
        chunk = waiting.pop(0)
        tools.progress(done + 1, done + 1 + len(waiting))
        request, marks = _request(chunk, tools)
        reply = tools.ask(request)
        if not _saw_all(request, marks, reply, tools.count):
            if halved or room // 2 < SMALLEST:
                raise ModelError(
                    "the model did not see all of what it was sent",
                    f"journal config set llm.context {max(4_096, room)}",
                )
            halved, room = True, room // 2
            left = dict.fromkeys(turn for some in (chunk, *waiting) for turn in some)  # each once: chunks overlap
            waiting = list(split(list(left), room, tools.count))
            continue
        done += 1
        claims += _hidden(reply.value.items, tools.hide)
    return claims


def _request(chunk: Sequence[Turn], tools: Tools, before: str = "") -> tuple[Request, tuple[str, str]]:
    """Return the request for the items of a chunk, and the marks that the reply must repeat."""
    fence, start, end = tools.mark(), tools.mark(), tools.mark()
    text = "\n".join(f"<<{fence} t{turn.number} {turn.who}>>\n{turn.text}" for turn in chunk)
    content = (
        f"{before}Mark of the record: {fence}\n\n===== {fence} begins =====\nstart mark: {start}\n{text}\n"
        f"end mark: {end}\n===== {fence} ends =====\n"
    )
    return Request(FIND, content, Found, _REPLY), (start, end)


def _saw_all(request: Request, marks: tuple[str, str], reply: Reply, count: Count) -> bool:
    """Tell whether the model was given all of a request: servers cut what is too long and say nothing."""
    echoed = marks[0] in reply.value.start_mark and marks[1] in reply.value.end_mark
    estimate = count(request.instructions) + count(request.content)
    return echoed and (reply.prompt_tokens is None or reply.prompt_tokens >= _UNSEEN * estimate)


def _hidden(claims: Iterable[Claim], hide: Callable[[str], str]) -> list[Claim]:
    """Return claims without what must not be stored; a model can make up a secret, or put one together."""
    return [
        claim.model_copy(update={"text": hide(visible(claim.text)), "quote": hide(claim.quote)}) for claim in claims
    ]


def _sift(claims: Iterable[Claim], record: Record) -> tuple[list[Claim], list[tuple[Claim, str]]]:
    good: list[Claim] = []
    failed: list[tuple[Claim, str]] = []
    for claim in claims:
        why = wrong_with(claim, record)
        if why:
            failed.append((claim, why))
        else:
            good.append(claim)
    return good, failed


def _mend(failed: Sequence[tuple[Claim, str]], session: Session, room: int, tools: Tools) -> list[Claim]:
    """Give the claims that failed back, once, with the messages that they name; nothing where that goes wrong."""
    wanted = {number for claim, _ in failed for number in (claim.turn - 1, claim.turn, claim.turn + 1)}
    sent = [replace(turn, text=tools.hide(turn.text)) for turn in turns(session) if turn.number in wanted]
    told = "\n".join(_told(claim, why) for claim, why in failed)
    chunks = split(sent, room - tools.count(MEND + told), tools.count) if tools.count(MEND + told) < room // 2 else []
    if not chunks:
        return []
    request, marks = _request(chunks[0], tools, f"{MEND.lstrip()}{told}\n\n")
    try:
        reply = tools.ask(request)
    except ModelError:
        return []  # what failed is dropped; what held stays
    if not _saw_all(request, marks, reply, tools.count):
        return []
    return _hidden(reply.value.items[: len(failed)], tools.hide)


def _told(claim: Claim, why: str) -> str:
    given = {"kind": claim.kind, "turn": claim.turn, "role": claim.role, "text": claim.text, "quote": claim.quote}
    return json.dumps({"wrong": why, "item": given}, ensure_ascii=False)


def _merged(claims: Sequence[Claim], record: Record) -> list[Statement]:
    """Return what the claims say, each once, as it happened."""
    ordered = sorted(claims, key=lambda claim: claim.turn)
    made = [
        Statement(claim.kind, trim(inert(claim.text), _WORDS).rstrip(" .;,"), (claim.turn,), quoted(claim, record))
        for claim in ordered
    ]
    made = [one for one in made if one.text]
    return [made[place] for place in distinct([one.text for one in made])]


def _chosen(kept: Sequence[Statement], words: int) -> list[Item]:
    """Return the items for which there is room, from each kind in turn."""
    queues = {kind: [one for one in kept if one.kind == kind][: LIMITS.get(kind, 3)] for kind in _ORDER}
    chosen: list[tuple[ItemKind, Statement]] = []
    while any(queues.values()):
        for kind in _ORDER:
            one = queues[kind].pop(0) if queues[kind] else None
            if one is not None and len(one.text.split()) <= words:
                words -= len(one.text.split())
                chosen.append((kind, one))
    return [
        Item(kind, one.text, one.turns, mark=" " if kind in {"action", "gap"} else "")
        for kind, one in sorted(chosen, key=lambda at: at[1].turns)
    ]


def _size(item: Item) -> int:
    count = len(item.text.split())
    return count if count >= 4 else 0


def _words(lines: Iterable[Line]) -> int:
    return sum(len(text.split()) for text, _ in lines)


# --- the head -------------------------------------------------------------------------------------------------------


def _head(
    kept: Sequence[Statement], offline: Story, facts: Sequence[Line], record: Record, tools: Tools
) -> tuple[dict[str, list[Line]], int, int]:
    """Return the lines of the head that hold, how many were given, and how many of them held."""
    given = _given(kept, offline, facts)
    tools.progress(0, 0)
    try:
        reply = tools.ask(_head_request(given, tools))
    except ModelError:
        return {}, 0, 0  # the items stand by themselves
    head: Head = reply.value
    found: dict[str, list[Line]] = {}
    made = held = 0
    for part, sentence in _sentences(head):
        made += 1
        told = sentence.model_copy(update={"text": tools.hide(visible(sentence.text))})
        cited = [given[name] for name in dict.fromkeys(map(str.strip, told.items)) if name in given]
        if wrong_with_sentence(told, cited, record):
            continue
        held += 1
        found.setdefault(part, []).append((inert(told.text), _turns(cited)))
    return {part: _short(part, lines) for part, lines in found.items()}, made, held


def _given(kept: Sequence[Statement], offline: Story, facts: Sequence[Line]) -> Mapping[str, Statement]:
    """Return what the head is written from, by id: what held, and what is known offline."""
    known = [("request", line) for line in offline.context] + [("result", line) for line in facts]
    changes = [(item.kind, (item.text, item.turns)) for item in offline.items if item.kind in {"change", "deviation"}]
    some = [*(Statement(kind, text, shown) for kind, (text, shown) in [*known, *changes[:12]]), *kept]
    return {f"i{number}": one for number, one in enumerate(some, 1)}


def _head_request(given: Mapping[str, Statement], tools: Tools) -> Request:
    fence = tools.mark()
    lines = "\n".join(f"{name} {one.kind}: {tools.hide(visible(one.text))}" for name, one in given.items())
    content = f"Mark of the list: {fence}\n\n===== {fence} begins =====\n{lines}\n===== {fence} ends =====\n"
    return Request(TELL, content, Head, _HEAD_REPLY)


def _sentences(head: Head) -> Iterator[tuple[str, Sentence]]:
    yield "title", head.title
    for part, sentences in (("context", head.context), ("happened", head.happened)):
        for sentence in sentences[: _HEAD_LINES[part][0]]:
            yield part, sentence


def _turns(cited: Iterable[Statement]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(turn for one in cited for turn in one.turns))[:6]


def _short(part: str, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that fit a part of the head."""
    left = _HEAD_LINES[part][1] if part in _HEAD_LINES else _WORDS
    kept: list[Line] = []
    for text, shown in lines:
        left -= len(text.split())
        if left >= 0:
            kept.append((text if part == "title" or text.endswith((".", "?", "!")) else f"{text}.", shown))
    return kept
