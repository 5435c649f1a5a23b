"""Conversations without any call: what an answer of many headings and lists was about, told without tearing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights.learning import Candidate
from session_journal.core.insights.prose import Statement, plain
from session_journal.core.insights.wording import terms

_CHATS = frozenset({"chatgpt", "claude-web", "plain"})
"""Tools whose calls make no more than a part of the answer: a document, a search, a drawing."""
_CALLS = frozenset({"command", "edit", "read", "search", "tool"})
_WHOLE = re.compile(r"[.!…]['\"”’)*]*$")
_TITLE = re.compile(
    r"^[ ]{0,3}(?:(?P<marks>#{1,4})[ \t]+(?P<heading>\S[^\n]{0,200})|"
    r"(?:[-*][ \t]+|\d{1,2}[.)][ \t]+)?\*\*(?P<bold>[^*\n]{3,80})\*\*:?)$",
    re.MULTILINE,
)
_FENCED = re.compile(r"^[ \t]*(?:```|~~~).*?^[ \t]*(?:```|~~~)[ \t]*$", re.DOTALL | re.MULTILINE)
_SAYS_NOTHING = re.compile(
    r"(?:summary|conclusion|overview|introduction|examples?|notes?|usage|explanation|key (?:points|takeaways)|tips|"
    r"step \d+|option \w|part \w+|\d+)\W*$",
    re.IGNORECASE,
)
_REPLIES, _TITLES, _FEWEST = 3, 5, 2


def is_talk(session: Session) -> bool:
    """Say whether a session is a conversation: nothing in it was changed, run or read by calls."""
    acting = _CALLS - {"tool", "search"} if session.agent in _CHATS else _CALLS
    return not any(event.kind in acting for event in session.events)


def whole(session: Session, said: Sequence[Statement]) -> list[Statement]:
    """Return what stands alone of what a conversation said and is no fiction: in a list of keywords, nothing does."""
    if not is_talk(session):
        return list(said)
    made_up = _made_up(session)
    return [
        one
        for one in said
        if one.turn not in made_up and (not one.bullet or (one.words >= _SENTENCE and _WHOLE.search(one.raw)))
    ]


_SENTENCE = 8
_FICTION = re.compile(
    r"\b(?:(?:short|bedtime|love|horror|detective|fairy) (?:story|tale)|(?:a|the|my|this|another) (?:\w+ ){0,2}"
    r"(?:novel|story|poem|haiku|limerick|sonnet|screenplay|fairy tale|fanfic\w*|song|fable)\b(?!board| points?| card)|"
    r"lyrics|scene showing|fictional)\b",
    re.IGNORECASE,
)
_MAKES = re.compile(
    r"\b(?:write|compose|develop\w*|invent|make up|tell (?:me|us)|continue|outline|create|help|rewrite)\b",
    re.IGNORECASE,
)
_WORK = re.compile(r"\b(?:code|test|bug|function|app|api|script|endpoint|ticket|jira|sprint)s?\b", re.IGNORECASE)


def _made_up(session: Session) -> frozenset[int]:
    """Return the turns in which a reply tells a story that was asked for: nobody finds anything out by it."""
    turns, asked = set(), False
    for event in session.events:
        if event.kind == "prompt" and not event.agent:
            wanted = _FICTION.search(event.text) and _MAKES.search(event.text)
            asked = bool(wanted) and not _WORK.search(event.text)
        elif event.kind == "reply" and asked:
            turns.add(event.turn)
    return frozenset(turns)


def as_told(session: Session, pool: Sequence[Candidate]) -> list[Candidate]:
    """Return what a conversation told: where nothing could be changed, no sentence of a reply tells of a change."""
    if not is_talk(session):
        return list(pool)
    return [replace(one, kind="discovery") if one.kind == "change" or _is_said(one) else one for one in pool]


def _is_said(one: Candidate) -> bool:
    """Say whether a decision is only what a reply says of the world: one that the user took names more turns."""
    return one.kind == "decision" and not one.turns


def outline(session: Session) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield for the last long replies of a conversation what they are about, by their headings."""
    if not is_talk(session):
        return
    yield from _documents(session)
    replies = [event for event in session.events if event.kind == "reply" and not event.agent]
    found = [(event.turn, titles) for event in replies if len(titles := _titles(event.text)) >= _FEWEST]
    for turn, titles in found[-_REPLIES:]:
        more = f" and {len(titles) - _TITLES} more" if len(titles) > _TITLES else ""
        yield f"- Told about {'; '.join(titles[:_TITLES])}{more}", (turn,)


_DOCUMENT = re.compile(r"(?:^|\s)title=(?P<title>\S.{2,120}?) (?:command=create|content=)")


def _documents(session: Session) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the documents that a conversation made beside its replies, by their titles."""
    made = [event for event in session.events if event.kind == "tool" and event.target == "artifacts"]
    found = [(event.turn, one["title"]) for event in made if (one := _DOCUMENT.search(event.text))]
    for turn, title in found[-_REPLIES:]:
        yield f"- Wrote “{title}”", (turn,)


def _titles(text: str) -> list[str]:
    """Return the headings of a reply that name something, each once: the highest level that has several."""
    found: dict[int, list[str]] = {}
    lines = "\n".join(line.rstrip() for line in _FENCED.sub("", text).splitlines())
    for one in _TITLE.finditer(lines):
        level = len(one.group("marks") or "") or _BOLD
        name = re.sub(r"^\d+[.)]\s*", "", plain(one.group("heading") or one.group("bold"))).strip(" :.#")
        if terms(name) and not _SAYS_NOTHING.match(name) and not name.endswith("?") and len(name.split()) <= _LONGEST:
            found.setdefault(level, []).append(name)
    several = (names for _, names in sorted(found.items()) if len(names) >= _FEWEST)
    return list(dict.fromkeys(next(several, [])))


_LONGEST, _BOLD = 8, 7
"""Words of a heading; the level of a line in bold, below every heading."""
