"""Deeds: what a session did and said, as terms, to see whether a planned step left a trace."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session, failed_calls
from session_journal.core.insights.prose import statements
from session_journal.core.insights.shell import checks
from session_journal.core.insights.wording import terms
from session_journal.core.records import record
from session_journal.core.text import is_shortened

_LONGEST = 20_000
_ENOUGH = 0.5
"""The share of a step's words that one deed has to have: a step too many seen as done is better than one too few."""
_JOINTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_/.-]")
_CHECKED = re.compile(
    r"^(?:re-?)?(?:run|verify|check|confirm|validate|test|lint|build|format|fmt|make sure|ensure)\b|"
    r"\b(?:run|pass(?:es)?)$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"^(?:summari[sz]e|report back|explain|present|propose|recommend|review|analy[sz]e|assess|evaluate|decide|"
    r"discuss|identify|understand|explore|investigate|research|look|read|find|study|compare|ask|wait|think|brainstorm)\b",
    re.IGNORECASE,
)
"""Steps whose only outcome is what was read or said."""
_AHEAD = re.compile(
    r"\b(?:not|n't|never|remain\w*|left|todo|still|next|later|skip\w*|should|want|will|i'll|let me|need\w*|would|could|"
    r"going to|plan\w*|step|defer\w*|instead)\b|\?$",
    re.IGNORECASE,
)


@record(frozen=True, slots=True)
class Deed:
    """One edit, call or sentence of a reply.

    order: its place among the events; path: of the file edited; told: it was only said; cut: its text was shortened.
    """

    order: int
    terms: frozenset[str]
    path: str = ""
    told: bool = False
    check: bool = False
    cut: bool = False


@lru_cache(maxsize=1)
def deeds(session: Session) -> tuple[Deed, ...]:
    """Return what a session did, calls that failed left out, and what its replies say was done."""
    failed = failed_calls(session.events)
    tested = {check.order for check in checks(session.events, session.cwd, session.branch)}
    return tuple(
        one
        for order, event in enumerate(session.events)
        for one in _deeds_of(order, event, made=event.call not in failed, check=order in tested)
    )


def done_since(session: Session, since: int, tested: Collection[int], about: Collection[str]) -> tuple[Deed, ...]:
    """Return what a session did after a place among its events and what of it names some terms, no words of replies.

    tested: the orders of its checks. What names none of the terms stands there without its own.
    """
    failed = failed_calls(session.events)
    found: list[Deed] = []
    for order, event in enumerate(session.events):
        if order <= since or event.kind not in _DOING:
            continue
        made, check = event.call not in failed, order in tested
        low = f"{event.target} {event.text[:_LONGEST]}".lower()
        if any(term in low for term in about):
            found.extend(_deeds_of(order, event, made=made, check=check))
        elif made or check:
            found.append(Deed(order, frozenset(), check=check))
    return tuple(found)


_DOING = frozenset({"edit", "command", "tool"})


def _deeds_of(order: int, event: Event, *, made: bool, check: bool) -> Iterator[Deed]:
    if event.kind == "edit" and made:
        added = "\n".join(line[2:] for line in event.text[:_LONGEST].splitlines() if line.startswith("+ "))
        cut = len(event.text) > _LONGEST or is_shortened(event.text)
        yield Deed(order, words(f"{event.target}\n{added}"), event.target, cut=cut)
    elif event.kind == "command" and (made or check):
        yield Deed(order, words(event.target[:_LONGEST]), check=check)
    elif event.kind == "tool" and made:
        yield Deed(order, words(f"{event.target} {event.text[:_LONGEST]}"))
    elif event.kind == "reply":
        for one in statements(event.text[:_LONGEST], event.turn):
            if not is_ahead(one.text):
                yield Deed(order, words(one.text), told=True)


def is_ahead(said: str) -> bool:
    """Say whether a sentence tells of what is not done: it is wanted, left, asked or still to come."""
    return _AHEAD.search(said) is not None


def words(text: str) -> frozenset[str]:
    """Return the terms of a text, the parts of joined names among them."""
    return frozenset().union(*map(_parts, set(_NAME.findall(text))))


_NAME = re.compile(r"[#A-Za-z0-9_]{2,}")


@lru_cache(maxsize=16384)
def _parts(name: str) -> frozenset[str]:
    return frozenset(terms(name) | terms(_JOINTS.sub(" ", name)))


def is_traced(step: str, done: Sequence[Deed], since: int) -> bool:
    """Say whether anything after a place among the events shows that a step was worked on.

    Of a text that was shortened half as many words are enough: the others may stand in what is missing.
    """
    after = [one for one in done if one.order > since]
    wanted = words(step)
    if _SAYS.search(step):
        return bool(after)
    if (_CHECKED.search(step) or not wanted) and any(one.check for one in after):
        return True
    enough = max(_ENOUGH * len(wanted), min(2, len(wanted)))
    return (
        any(len(wanted & one.terms) >= (enough / 2 if one.cut else enough) for one in after) if wanted else bool(after)
    )


_KINDS = (
    (re.compile(r"\btests?\b", re.IGNORECASE), re.compile(r"test|spec", re.IGNORECASE)),
    (
        re.compile(r"\b(?:docs?|documentation|readme|changelog|handbook|manual|guide)\b", re.IGNORECASE),
        re.compile(r"\.(?:md|rst|adoc|txt)$|(?:^|/)docs?/", re.IGNORECASE),
    ),
)
"""Steps that say what kind of file they change, and the paths of that kind."""


def may_be_of(step: str, done: Sequence[Deed], since: int) -> bool:
    """Say whether an edit after a place may have been made for a step that was being worked on."""
    paths = [one.path for one in done if one.order > since and one.path]
    wanted = [path for said, path in _KINDS if said.search(step)]
    return any(all(kind.search(path) for kind in wanted) for path in paths)
