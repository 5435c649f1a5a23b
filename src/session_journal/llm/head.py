"""The head of an entry (title, context, what happened): written from what held, and held against it again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from session_journal.core.inert import inert
from session_journal.core.insights.story import Line, Story
from session_journal.core.own_calls import MARK
from session_journal.core.verbatim import visible
from session_journal.errors import ModelError
from session_journal.llm.checked import Statement, steers, wrong_with_sentence
from session_journal.llm.finding import Tools
from session_journal.llm.prompts import TELL, Head, Sentence
from session_journal.llm.record import Record
from session_journal.llm.request import Request

REPLY = 900
"""Tokens that the reply may take."""
_LINES = {"context": (2, 45), "happened": (3, 70)}
"""How many sentences of a part are taken, and how many words in all."""
_CHANGES = 12


def write_head(
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
        cited = [given[name] for name in _ids(told.items) if name in given]
        if wrong_with_sentence(told, cited, record):
            continue
        held += 1
        found.setdefault(part, []).append((inert(told.text), _turns(cited)))
    return {part: _short(part, lines) for part, lines in found.items()}, made, held


def _ids(names: Iterable[str]) -> list[str]:
    """Return ids as they were given: models write `[i3]`, `3` and `i3, i4`."""
    return list(dict.fromkeys(f"i{number}" for name in names for number in re.findall(r"\d+", name)))


def _given(kept: Sequence[Statement], offline: Story, facts: Sequence[Line]) -> Mapping[str, Statement]:
    """Return what the head is written from, by id: what held, and what is known offline."""
    known = [("request", line) for line in offline.context] + [("result", line) for line in facts]
    changes = [(item.kind, (item.text, item.turns)) for item in offline.items if item.kind in {"change", "deviation"}]
    offline_ones = [Statement(kind, text, shown) for kind, (text, shown) in [*known, *changes[:_CHANGES]]]
    some = [*(one for one in offline_ones if not steers(one.text)), *kept]
    return {f"i{number}": one for number, one in enumerate(some, 1)}


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
