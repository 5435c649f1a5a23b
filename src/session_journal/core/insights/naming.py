"""What a statement only points at, by the name that the sentence before it or the heading has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from session_journal.core import lazy_re as re
from session_journal.core.insights.learning import Candidate
from session_journal.core.insights.prose import Statement
from session_journal.core.pointing import STANDS, looseness

_CODE = re.compile(r"`([^`\s]{2,60})`")
_RETURNED = re.compile(r"^(the) returned ([a-z][\w-]*)\b(?! (?:by|from)\b)", re.IGNORECASE)
_ARGUMENT = re.compile(
    r"^(the (?:first|second|third|fourth|fifth|last|only) (?:argument|parameter))(?: here)?\b(?! (?:of|to|in)\b)",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"^(?:this|that|the) (?:(?:new|same|above|whole) )?"
    r"(function|method|helper|file|script|module|test|subtest|package|library|dependency|flag|option|type|struct|class|"
    r"interface|variable|field|constant|setting|key|parameter|command|hook|endpoint|table|column|package|service)"
    r"(?= (?:is|was|has|had|can|cannot|should|must|will|would|does|did|also|only|never|always|just|already|still|then|"
    r"[a-z]{2,}(?:ed|[^s\W]s))\b)",
    re.IGNORECASE,
)
_CALLED = re.compile(r"[\w.:]+\(\)")
_RETURNS = re.compile(r"\breturn(?:s|ed|ing)?\b", re.IGNORECASE)
_REQUEST = re.compile(r"\b(?:pr|pull request|mr|merge request) (?:#|!)(\d+)\b", re.IGNORECASE)
_OF_REQUEST = re.compile(
    r"^(?:(this|the) (pr|pull request|merge request|mr)|the (fix|change|patch))"
    r"(?= (?!(?:is|was|has|looks|seems|works|reads)\b)"
    r"(?:does|also|only|now|never|still|[a-z]{2,}(?:ed|[^s\W]s))\b)",
    re.IGNORECASE,
)
_KINDS = {
    "function": _CALLED, "method": _CALLED, "helper": _CALLED, "call": _CALLED,
    "file": (_PATH := re.compile(r"[\w./-]+\.\w{1,5}")), "script": _PATH, "module": _PATH,
    "test": (_TEST := re.compile(r"Test\w+|test_\w+")), "subtest": _TEST, "flag": re.compile(r"--?[a-z][\w-]*"),
}  # fmt: skip
"""What something of a sort looks like in code; of any other sort it says itself beside its name."""


def with_names(chosen: Sequence[Candidate], said: Iterable[Statement]) -> list[Candidate]:
    """Return candidates; what one of a reply only points at has the name that stands right before it there."""
    placed = {(one.turn, one.place): one for one in said}
    return [
        one
        if looseness(one.text) == STANDS or not one.source.raw or one.turns
        else replace(one, text=named(one.text, _before(one.source, placed), one.source.heading))
        for one in chosen
    ]


def _before(one: Statement, placed: Mapping[tuple[int, int], Statement]) -> str:
    """Return the sentence right before another one, "" for what stands in a list or under another heading."""
    before = placed.get((one.turn, one.place - 1))
    return before.text if before is not None and before.heading == one.heading and not one.bullet else ""


def named(text: str, before: str, heading: str = "") -> str:
    """Return a statement with the name of what it points at; as it is, where no name or more than one may be meant."""
    if (request := _REQUEST.search(heading)) and not _REQUEST.search(text):
        text = _OF_REQUEST.sub(lambda said: _requested(said, request[1]), text)
    calls = list(dict.fromkeys(name for name in _CODE.findall(before) if _CALLED.fullmatch(name)))
    if len(calls) == 1:
        text = _ARGUMENT.sub(rf"\1 of `{calls[0]}`", text)
        if _RETURNS.search(before):
            text = _RETURNED.sub(rf"\1 \2 that `{calls[0]}` returns", text)
    one = _ONE.match(text)
    name = _one_of(one[1].lower(), before) if one else ""
    return f"The `{name}` {one[1]}{text[one.end() :]}" if one and name else text


def _requested(said: re.Match[str], number: str) -> str:
    return f"PR #{number}" if said[2] else f"The {said[3]} of PR #{number}"


def _one_of(sort: str, before: str) -> str:
    """Return the only name of a sort in a sentence: it looks like one, or stands beside the word; "" otherwise."""
    beside = re.compile(rf"`([^`\s]+)` (?:{sort})\b|\b{sort} (?:called |named )?`([^`\s]+)`", re.IGNORECASE)
    told = [found[1] or found[2] for found in beside.finditer(before)]
    shape = _KINDS.get(sort)
    names = told or [name for name in _CODE.findall(before) if shape and shape.fullmatch(name)]
    return names[0] if len(set(names)) == 1 else ""
