"""What a later statement takes back: a decision that holds no more, a fix that was undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.accounts import about_line
from session_journal.core.dropping import dropped_by
from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentences
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns import squash
from session_journal.core.patterns.contrary import ends, forbids, has_ended
from session_journal.core.patterns.gone import Gone, gone_in, is_gone, is_kept, is_ruled_out, subject_of
from session_journal.core.patterns.partings import ANY
from session_journal.core.patterns.stance import LONGEST, given_up_in, head, losses_in, terms_of
from session_journal.core.patterns.words import denies, is_everyday, read_terms
from session_journal.core.projects import may_be_one
from session_journal.core.terms import has_any

_TURNED = re.compile(
    r"\b(?:pivot(?:s|ed|ing)?(?: away)? from|(?:mov|switch|migrat|chang)(?:es?|ed|e|ing)?(?: away)? from|obsolete"
    r"|replac(?:es?|ed|ing)|(remov|dropp|eliminat|abandon|scrapp|delet|retir|discard)(?:es?|ed|ing|s))\s+"
    r"(?:the |our |a |an |all |old |any )*",
    re.IGNORECASE,
)
"""How a way of working is left; what was merely removed is left only where it says for what."""
_FOR = re.compile(r"\bin favou?r of\b|\breplaced? (?:by|with)\b", re.IGNORECASE)
_WAY = re.compile(
    r"\b([\w-]+?)-based\b"
    r"|\b(?:approach|architecture|design|system|workflow|pattern|mechanism|method|model|scheme|strategy)(?:e?s)?\b",
    re.IGNORECASE,
)
_ANY_WAY_WORDS = """
    based approach architecture design system workflow pattern mechanism method model scheme strategy complexity code
    logic old obsolete original existing previous generation process implementation task tasks
"""
_INFLECTED = re.compile(r"(?:ing|ed|es|s|e)$")
_AGAINST = re.compile(r"\b(?:against|over|without)\s+(?:the |our |a |an )?", re.IGNORECASE)
_TURN_HINTS = ("pivot", "favor of", "favour of", "obsolete", "replac", "from")
_WAY_HINTS = ("-based", "approach", "architect", "design", "system", "workflow", "pattern", "mechanism", "method",
    "model", "scheme", "strateg")  # fmt: skip
_WORD = re.compile(r"\w+")
_BULLET = re.compile(r"^\s*(?:(?:[-*+]|\d+[.)])\s+)?(?:\[.\]\s+)?")
_START = 3
_LONGEST_LINE = 4000
KINDS: tuple[ItemKind, ...] = ("decision", "deviation", "change", "takeaway", "insight", "next", "pattern")
"""The items that may take something back."""
Said = tuple[Entry, Item]


class Undoings:
    """All that could take something back, in the order in which it was said."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        told = list(entries)
        said = [(entry, item) for entry in told for item in entry.items if item.kind in KINDS]
        self._said = [pair for pair in said if pair[1].kind not in {"change", "deviation"}]
        self._undoing = _Index([pair for pair in said if _may_undo(pair[1].text)])
        self._all: _Index | None = None
        self._told = told
        self._turns: list[Said] | None = None
        self._gone: list[tuple[Entry, Item, Gone]] = []

    def of(self, entry: Entry, item: Item) -> Said | None:
        """Return the first later statement of the same project that takes an item back, or its own entry's deviation.

        A turn away from a way of working takes back whatever was decided of it, and stands anywhere in an entry; so
        does a statement that the thing itself is gone, in an entry that is known to be later. A decision that names
        nothing is about what its piece of work was about.
        """
        if self._turns is None:
            self._turns = [(other, turn) for other in self._told for turn in _turns(other)]
            self._gone = [
                (other, said, one) for other in self._told for said in _free(other) for one in gone_in(said.text)
            ]
        place = entry.order, item.line
        about = about_line(entry, item.line) if _is_bare(item.text) else ""
        turned = (
            (other, turn)
            for other, turn in self._turns
            if (other.order, turn.line) > place
            and _is_of(other, entry.project)
            and _is_left(turn.text, f"{item.text}. {about}")
        )
        gone = (
            (other, said)
            for other, said, one in self._gone
            if is_later(other, entry) and _is_of(other, entry.project)
            if self._is_gone(one, entry, item) or (about and is_gone(one, about))
        )
        own = ((other, drop) for other in self._told if other.path == entry.path if (drop := dropped_by(other, item)))
        return (
            self.after(*place, entry.project, item.text)
            or next(turned, None)
            or next(gone, None)
            or (next(own, None) if item.kind == "decision" else None)
        )

    def _is_gone(self, one: Gone, entry: Entry, item: Item) -> bool:
        """Tell whether what is gone is what an item decided; of a rule only where no other decision may be meant."""
        if is_gone(one, item.text):
            return True
        if not is_ruled_out(one, item.text):
            return False
        decided = (said.text for other, said in self._said if said.kind == "decision" and _is_of(other, entry.project))
        decided = (text for text in decided if one not in gone_in(text))
        return len({squash(text) for text in (item.text, *decided) if is_ruled_out(one, text)}) == 1

    def after(self, order: tuple[object, ...], line: int, project: str, text: str) -> Said | None:
        """Return the first statement after a place that takes a text back."""
        if denies(text) and self._all is None:
            self._all = _Index(self._said)
        index = self._all if self._all and denies(text) else self._undoing
        return next(
            (
                (other, said)
                for other, said in index.near(text)
                if (other.order, said.line) > (order, line) and _is_of(other, project) and undoes(said.text, text)
            ),
            None,
        )


class _Index:
    """Statements by how their words begin, which costs far less than their terms.

    One that takes another back shares most of its words, or names all it was about.
    """

    def __init__(self, said: Sequence[Said]) -> None:
        self.said = said
        self.places: dict[str, list[int]] = {}
        for place, (_, item) in enumerate(said):
            for start in {word[:_START] for word in _WORD.findall(item.text.casefold())}:
                self.places.setdefault(start, []).append(place)

    def near(self, text: str) -> Iterator[Said]:
        """Yield what may take a text back: it has one of its rarest words, or the rarest of what it is about."""
        starts = self._rarest_first(terms_of(text))
        wanted = {*starts[: len(starts) // 4 + 1], *self._rarest_first(terms_of(subject_of(text)))[:1]}
        places = {place for start in wanted for place in self.places.get(start, ())}
        return (self.said[place] for place in sorted(places))

    def _rarest_first(self, terms: Iterable[str]) -> list[str]:
        # A name in parts (`MongoDB`) is a term by each part, and no word begins like the later ones.
        starts = {start for term in terms if (start := term.lstrip("@")[:_START]) in self.places}
        return sorted(starts, key=lambda start: (len(self.places[start]), start))


def _may_undo(text: str) -> bool:
    return bool(given_up_in(text)) or denies(text) or has_ended(text)


def is_later(other: Entry, entry: Entry) -> bool:
    """Tell whether an entry is of a later day than another, or by when both were made of a later hour."""
    if other.date != entry.date:
        return other.date > entry.date
    return bool(other.created and entry.created) and other.order[:2] > entry.order[:2]


def _is_bare(text: str) -> bool:
    """Tell whether a decision names only how, and not what: `Chose complete replacement over compatibility`."""
    return terms_of(subject_of(text.rpartition("**: ")[2])) <= _NO_SUBJECT


def _is_of(entry: Entry, project: str) -> bool:
    return may_be_one(entry.project, project)


def undoes(later: str, earlier: str) -> bool:
    """Tell whether a later statement takes back what an earlier one decided or did; sooner miss one than invent it."""
    lost = (one for one in losses_in(later) if _is_taken_back(one.terms, earlier))
    if any(not is_kept(one, earlier) for one in lost) or forbids(later, earlier) or ends(later, earlier):
        return True
    mine, other = read_terms(later), read_terms(earlier)
    same = mine.weights.keys() & other.weights.keys()
    return (
        (mine.denies or has_ended(later)) != other.denies
        and mine.numbers == other.numbers
        and len(same) > 2
        and len(same) * 4 >= 3 * max(len(mine.weights), len(other.weights))
    )


@lru_cache(maxsize=65536)
def turned_from(text: str) -> tuple[str, ...]:
    """Return the ways of working that a statement says were left for another one, in its words."""
    low = text.casefold()
    if not (has_any(low, _TURN_HINTS) and has_any(low, _WAY_HINTS)):
        return ()
    found = (head(text[match.end() :][:LONGEST]) for match in _TURNED.finditer(text) if _is_turn(match))
    return tuple(filter(None, map(_way, found)))


def _way(text: str) -> str:
    """Return what names a way of working: what it is based on, else all of it; "" where any work has it."""
    found = _WAY.search(text)
    named = ((found[1] or ""), text) if found else ()
    return next((part for part in named if not all(map(is_everyday, terms_of(part) - _ANY_WAY))), "")


def _is_turn(match: re.Match[str]) -> bool:
    """Tell whether something was left for something else; `Removed the old design` may have been a clean-up."""
    return match[1] is None or _FOR.search(match.string, match.end()) is not None


def _is_left(later: str, earlier: str) -> bool:
    """Tell whether a turn leaves the way that a decision chose; what the decision itself leaves it did not choose."""
    left = frozenset[str]().union(*turned_from(earlier), *given_up_in(earlier))
    left = left.union(*(terms_of(head(earlier[match.end() :])) for match in _AGAINST.finditer(earlier)))
    chosen = terms_of(earlier) - left
    return any(_names(way, chosen, earlier.casefold()) for way in turned_from(later))


def _names(way: str, chosen: frozenset[str], low: str) -> bool:
    """Tell whether a decision names a way of working, by its words too: `sign` is not what `signal` is."""
    words = [word for word in _WORD.findall(way.casefold()) if terms_of(word) - _ANY_WAY]
    return terms_of(way) - _ANY_WAY <= chosen and all(_INFLECTED.sub("", word) in low for word in words)


def _is_drafted(entry: Entry) -> bool:
    return entry.status == "draft" or bool(entry.fields.get("drafted_by"))


def _free(entry: Entry) -> Iterator[Item]:
    """Yield the lines of a person's entry and the items of a draft that say that something has not lasted."""
    if _is_drafted(entry):
        yield from (item for item in entry.items if item.kind in KINDS and gone_in(item.text))
        return
    for number, line in enumerate(entry.body.splitlines()):
        text = _BULLET.sub("", line, count=1)
        if len(line) < _LONGEST_LINE and not text.startswith(">") and gone_in(text):
            yield Item("insight", text, line=number)


def _turns(entry: Entry) -> Iterator[Item]:
    """Yield the sentences of a person's entry that turn away from a way of working, wherever they stand."""
    if _is_drafted(entry):
        return
    for number, line in enumerate(entry.body.splitlines()):
        if len(line) < _LONGEST_LINE and turned_from(line):
            yield from (Item("insight", one, line=number) for one in sentences(line) if turned_from(one))


def _is_taken_back(given_up: frozenset[str], earlier: str) -> bool:
    """What was decided must be named whole, and nothing named that it did not speak of."""
    subject = terms_of(subject_of(earlier))
    if not subject or subject & frozenset().union(*given_up_in(earlier)):
        return False
    return subject <= given_up <= terms_of(earlier)


_ANY_WAY = frozenset(terms_of(_ANY_WAY_WORDS))
"""What says that something is a way of working, and not which."""
_NO_SUBJECT_WORDS = """
    replacement replace complete completely full fully total clean break backward backwards compatibility rewrite
    scratch start simple simpler simplicity separate single one two both first later minimal incremental gradual strict
    explicit generic consistent flexible robust option variant solution direction path version route large small step
    now new better cleaner safer faster slower easier smaller larger
"""
_NO_SUBJECT = _ANY_WAY | ANY | frozenset(terms_of(_NO_SUBJECT_WORDS))
