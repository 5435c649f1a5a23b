"""The head of an entry (title, context, what happened): written from what held, and held against it again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from session_journal.core.inert import inert
from session_journal.core.insights.story import Line, Story
from session_journal.core.own_calls import MARK
from session_journal.core.records import record
from session_journal.core.verbatim import visible
from session_journal.errors import ModelError
from session_journal.llm.checked import Statement, steers, wrong_with_sentence
from session_journal.llm.chunks import Count
from session_journal.llm.finding import Tools
from session_journal.llm.prompts import TELL, Head, Sentence
from session_journal.llm.record import Record
from session_journal.llm.request import Request

REPLY = 900
"""Tokens that the reply may take."""
_LINES = {"context": (2, 45), "happened": (3, 70)}
"""How many sentences of a part are taken, and how many words in all."""
_CHANGES = 12
_ID = 8
"""Tokens that a statement's id and kind take."""


@record(frozen=True, slots=True)
class Written:
    """What held of a head. lines: by part; made, held: how many sentences there were, and held; worth: the statements
    that the model would keep first.
    """

    lines: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    made: int = 0
    held: int = 0
    worth: tuple[Statement, ...] = ()


def write_head(
    kept: Sequence[Statement], offline: Story, facts: Sequence[Line], record: Record, tools: Tools, room: int
) -> Written:
    """Ask for the head of an entry, and return what of it held; nothing where there is none to be had.

    room: tokens that the statements may take; of more the later ones are sent.
    """
    given = _given(kept, offline, facts, tools.count, room)
    tools.progress(0, 0)
    try:
        head: Head = tools.ask(_head_request(given, tools)).value
    except ModelError:
        return Written()  # the items stand by themselves
    found: dict[str, list[Line]] = {}
    made = held = 0
    for part, sentence in _sentences(head):
        made += 1
        told = sentence.model_copy(update={"text": tools.hide(visible(sentence.text))})
        cited = [given[name] for name in ids(told.items) if name in given]
        if wrong_with_sentence(told, cited, record):
            continue
        held += 1
        found.setdefault(part, []).append((inert(told.text), _turns(cited)))
    lines = {part: _short(part, lines) for part, lines in found.items()}
    return Written(lines, made, held, tuple(given[name] for name in ids(head.worth) if name in given))


def ids(names: Iterable[str]) -> list[str]:
    """Return ids as they were given: models write `[i3]`, `3` and `i3, i4`."""
    return list(dict.fromkeys(f"i{number}" for name in names for number in re.findall(r"\d+", name)))


def _given(
    kept: Sequence[Statement], offline: Story, facts: Sequence[Line], count: Count, room: int
) -> Mapping[str, Statement]:
    """Return what the head is written from, by id: what is known offline, and what held."""
    known = [("request", line) for line in offline.context] + [("result", line) for line in facts]
    changes = [(item.kind, (item.text, item.turns)) for item in offline.items if item.kind in {"change", "deviation"}]
    sent = [Statement(kind, text, shown) for kind, (text, shown) in [*known, *changes[:_CHANGES]] if not steers(text)]
    room -= sum(count(one.text) + _ID for one in sent)
    later: list[Statement] = []
    for one in reversed(kept):
        room -= count(one.text) + _ID
        if room < 0:
            break
        later.insert(0, one)
    return {f"i{number}": one for number, one in enumerate([*sent, *later], 1)}


def _head_request(given: Mapping[str, Statement], tools: Tools) -> Request:
    fence = tools.mark()
    lines = "\n".join(f"{name} {one.kind}: {tools.hide(visible(one.text))}" for name, one in given.items())
    content = f"{MARK}\nMark of the list: {fence}\n\n===== {fence} begins =====\n{lines}\n===== {fence} ends =====\n"
    return Request(TELL, content, Head, REPLY)


def _sentences(head: Head) -> Iterator[tuple[str, Sentence]]:
    yield "title", head.title
    for part, sentences in (("context", head.context), ("happened", head.happened)):
        for sentence in sentences[: _LINES[part][0]]:
            yield part, sentence


def _turns(cited: Iterable[Statement]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(turn for one in cited for turn in one.turns))[:6]


def _short(part: str, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that fit a part of the head."""
    left = _LINES[part][1] if part in _LINES else 20
    kept: list[Line] = []
    for text, shown in lines:
        left -= len(text.split())
        if left >= 0:
            kept.append((text if part == "title" or text.endswith((".", "?", "!")) else f"{text}.", shown))
    return kept
