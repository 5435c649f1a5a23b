"""Dropping: what a session's own list of steps says was not made after all, and which decisions go with it."""

from __future__ import annotations

from collections.abc import Iterable

from session_journal.core import lazy_re as re
from session_journal.core.entry import Entry
from session_journal.core.formulas import CHOSE, DROPPED, DROPPED_AT_WORD
from session_journal.core.items import Item
from session_journal.core.patterns.gone import subject_of
from session_journal.core.patterns.stance import head, terms_of
from session_journal.core.patterns.words import is_everyday

_STEP = re.compile(
    rf"(?:{re.escape(DROPPED_AT_WORD)}|{re.escape(DROPPED)}): "
    r"(?:create|add|write|build|make|implement|introduce|generate|set up|install|define)\s+(?:the |our |an? )?"
    r"(?P<thing>[^;]+)(?:; instead: (?P<instead>.*))?",
    re.IGNORECASE,
)
_FORM = re.compile(r"\s+(?:scripts?|files?|modules?|class(?:es)?|functions?|components?)\W*$", re.IGNORECASE)
"""What a thing is written as: the script of a hook is the hook."""
_OVER = re.compile(r",? over \u201c| \(asked: ")
"""Where the chosen answer ends, and those that were not chosen and the question follow."""
_CLAUSE = re.compile(r"[,;:]\s+|\s+[-\u2013\u2014]\s+")
_SAYS = re.compile(r"\s+(?:is|are|gets?|stays?|lives?|goes|runs|becomes|has|will|should|must|can)\b")
_FEWEST = 2


def dropped_by(entry: Entry, item: Item) -> Item | None:
    """Return the deviation by which an entry says that it did not make what one of its decisions is about."""
    about = _subjects(item.text) if any(one.kind == "deviation" for one in entry.items) else []
    deviations = (one for one in entry.items if one.kind == "deviation")
    return next((one for one in deviations if _is_dropped(one.text, about, entry.items)), None)


def _is_dropped(deviation: str, about: Iterable[frozenset[str]], items: Iterable[Item]) -> bool:
    """Tell whether a clause speaks of the dropped thing, in no other words, where no change of the session names it."""
    step = _STEP.match(deviation)
    name = _FORM.sub("", head(step["thing"])) if step else ""
    thing, last = terms_of(name), next(iter(terms_of(name.split()[-1])), "") if name.split() else ""
    if step is None or len(thing) < _FEWEST or not last or is_everyday(last):
        return False
    made = (terms_of(one.text) for one in items if one.kind == "change")
    if last in terms_of(step["instead"] or "") or any(last in one for one in made):
        return False
    return any(last in terms <= thing for terms in about)


def _subjects(decided: str) -> list[frozenset[str]]:
    """Return the terms of what each clause of a decision is about."""
    chosen = _OVER.split(decided.removeprefix(f"{CHOSE}: "), maxsplit=1)[0]
    clauses = (_SAYS.split(clause, maxsplit=1)[0] for clause in _CLAUSE.split(chosen))
    return [terms_of(subject_of(clause)) for clause in clauses]
