"""Which two statements cannot make one point, alike as they read: one forbids what the other asks for, asks for it in
the other order, asks for the opposite, or speaks of another version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.formulas import PASSED
from session_journal.core.patterns.gone import Gone, gone_in, is_gone, is_ruled_out
from session_journal.core.patterns.stance import given_up_in, is_opposed, terms_of
from session_journal.core.patterns.words import denies, is_everyday, numbers_in, read_terms, stem
from session_journal.core.records import record
from session_journal.core.terms import has_any

_CLAUSE = re.compile(
    r"\s*(?:[.;:!?,(\u2192](?=\s|$)|[-\u2013\u2014](?=\s)|\b(?:because|since|so that|as it|but|unless)\b)\s*",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    r"\b(?:(?:do|must|should|shall) ?(?:not|n['\u2019]t)|never|stop|avoid)"
    r"\s+(?:ever\s+|to\s+|be\s+)?"
    r"(?!forget|hesitate|fail\b)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:(?:always|please|then|first|we|you|they|i|it|must|should|ha(?:s|ve) to|needs? to|to|let['\u2019]s)\s+)*",
    re.IGNORECASE,
)
_ORDER = re.compile(r"(.*\S)\s+(before|after)\s+(\S.*)", re.IGNORECASE)
_IN_TURN = re.compile(r"(?:first[,:]?\s+)?(\S.*?)(?:\s+first)?[,;:]?\s+(?:and\s+)?then\s+(\S.*)", re.IGNORECASE)
_DOUBT = re.compile(
    r"\b(?:uncertain\w*|unclear|unsure|unverified|unconfirmed|unproven"
    r"|not (?:yet )?(?:sure|clear|known|verified|confirmed|validated|tested|proven)|unknown (?:whether|if|how)"
    r"|needs? (?:to be )?(?:verif|validat|confirm)\w*|(?:is|are) still open|remains? to be (?:seen|\w+ed))\b",
    re.IGNORECASE,
)
_CERTAIN = re.compile(
    r"\b(?:validated|verified|confirmed|proved|proven|turned out|it is (?:now )?(?:clear|known|certain))\b",
    re.IGNORECASE,
)
_CERTAINTIES = (
    "certain", "clear", "sure", "verif", "confirm", "valid", "prove", "known", "tested", "turned out", "still open",
    "to be",
)  # fmt: skip
_UNREAL = re.compile(
    r"\b(?:stale|outdated|phantom|false (?:positives?|alarms?)|spurious|bogus|not real)\b", re.IGNORECASE
)
"""What is said of a trouble that is none."""
_UNREALS = ("stale", "outdated", "phantom", "false ", "spurious", "bogus", "not real")
_ENDED = re.compile(
    r"\b(?:no longer|any ?more|any longer|(?:was|were) (?:\w+ )?(?:mistakes?|dead ends?|bad ideas?|overkill)|backfired"
    r"|turned out (?:to be )?(?:\w+ )?(?:useless|pointless|wrong|harmful|unnecessary|overkill"
    r"|an? (?:mistake|dead end|bad idea))"
    r"|(?:was|were)(?: not|n['\u2019]t) worth|more trouble than|did(?: not|n['\u2019]t) (?:work out|pay off))\b",
    re.IGNORECASE,
)
_ENDS = (
    "no longer", "any more", "anymore", "any longer", "mistake", "dead end", "bad idea", "overkill", "backfired",
    "turned out", "worth", "more trouble", "work out", "pay off",
)  # fmt: skip
_IN_PLACE = re.compile(
    r"(\S.*?)\s+first,?\s+(?:and|then|but)\s+(?:then\s+)?(\S.*?)\s+(?:second|next|last|later|afterwards|after that)",
    re.IGNORECASE,
)
_INFLECTED = ("ing", "ed", "s")
_OPPOSITES = (
    ("enable", "disable"), ("add", "remove"), ("allow", "forbid"), ("allow", "disallow"), ("allow", "deny"),
    ("start", "stop"), ("raise", "lower"), ("increase", "decrease"), ("increase", "reduce"), ("include", "exclude"),
    ("show", "hide"), ("open", "close"), ("lock", "unlock"), ("keep", "remove"), ("keep", "drop"), ("keep", "delete"),
)  # fmt: skip
_OPPOSITE = frozenset([*_OPPOSITES, *((two, one) for one, two in _OPPOSITES)])
_ACTS = frozenset(word for pair in _OPPOSITES for word in pair)
_WAY = re.compile(r"(?:.*\s)?from\s+(\S.{0,60}?)\s+(?:in)?to\s+(\S.{0,60})", re.IGNORECASE)
_IN_ORDER = (" before ", " after ", "then ", " from ", " first")
_DENIALS = ("n't ", "n\u2019t ", "not ", "never ", "stop ", "avoid ")
_NO_VERSIONS = frozenset[str]()
Order = tuple[frozenset[str], frozenset[str]]
Deed = tuple[str, frozenset[str]]
"""What is done, by its stem, and all terms of the clause."""


@record(frozen=True, slots=True)
class Claims:
    """What makes a statement contrary to another one. order: what is to come first, and what after it.

    forbidden: deeds; left: whether it gives something up; act: the word with which it asks for an act that has its
    opposite; versions: that it names; gone: what it says has not lasted; certainty: "doubt", "certain" or neither;
    ended: it says of something that it is no more, or was no good; reality: of a trouble that it was "mended", or that
    it is "unreal".
    """

    versions: frozenset[str]
    order: Order | None
    act: str
    forbidden: tuple[Deed, ...]
    left: bool
    gone: tuple[Gone, ...] = ()
    certainty: str = ""
    ended: bool = False
    reality: str = ""

    def rules_out(self, mine: str, other: str) -> bool:
        """Tell whether the statement, mine, forbids or gives up what another one asks for, or says that it is gone.

        Who says that something was a mistake speaks for no rule to do it, though in its very words.
        """
        if self.ended and not (denies(other) or has_ended(other)):
            return True
        if (bool(self.forbidden) and _forbids(self.forbidden, other)) or (self.left and is_opposed(mine, other)):
            return True
        return bool(self.gone) and any(is_gone(one, other) or is_ruled_out(one, other) for one in self.gone)


_NONE = Claims(frozenset(), None, "", (), left=False)


def is_contrary(one: str, two: str) -> bool:
    """Tell whether two statements that read alike cannot be of one mind."""
    mine, other = claims(one), claims(two)
    if mine and other and (_are_at_odds(mine, other) or _are_opposite(mine, other, one, two)):
        return True
    return bool((mine and mine.rules_out(one, two)) or (other and other.rules_out(two, one)))


def _are_at_odds(mine: Claims, other: Claims) -> bool:
    """Tell whether one speaks of another version or order, doubts what the other knows, or mended what isn't there."""
    return (
        _are_of_other_versions(mine, other)
        or _is_turned(mine.order, other.order)
        or {mine.certainty, other.certainty} == {"doubt", "certain"}
        or {mine.reality, other.reality} == {"mended", "unreal"}
    )


def _are_opposite(mine: Claims, other: Claims, one: str, two: str) -> bool:
    return (mine.act, other.act) in _OPPOSITE and _is_of_the_same(one, two)


def forbids(one: str, two: str) -> bool:
    """Tell whether a statement forbids what another one asks for, or asks for it in the other order."""
    mine, other = claims(one), claims(two)
    if mine is None or (other and _are_of_other_versions(mine, other)):
        return False
    return _forbids(mine.forbidden, two) or _is_turned(mine.order, order_of(two))


@lru_cache(maxsize=65536)
def claims(text: str) -> Claims | None:
    """Return what makes a statement contrary to another one; None for most, which have nothing of the kind."""
    low = text.lower()
    first = _first(text)
    found = Claims(
        frozenset(number for number in numbers_in(text) if "." in number) if "." in text else _NO_VERSIONS,
        order_of(text),
        first if first in _ACTS else "",
        tuple(_deeds_forbidden(text)) if has_any(low, _DENIALS) else (),
        bool(given_up_in(text)),
        gone_in(text),
        _certainty(text) if has_any(low, _CERTAINTIES) else "",
        has_ended(text),
        "unreal" if has_any(low, _UNREALS) and _UNREAL.search(text) else "mended" if PASSED.search(text) else "",
    )
    return found if found != _NONE else None


def has_ended(text: str) -> bool:
    """Tell whether a statement says that something is so or is done no more, or was no good."""
    return has_any(text.lower(), _ENDS) and _ENDED.search(text) is not None


def ends(later: str, earlier: str) -> bool:
    """Tell whether a statement says of what another one asks for, named in most of its words, that it is no more."""
    if not has_ended(later) or has_ended(earlier) or denies(earlier):
        return False
    told = frozenset(term for term in terms_of(earlier) if not is_everyday(term))
    return len(told) > 1 and len(told & terms_of(later)) * 3 >= len(told) * 2


def _certainty(text: str) -> str:
    """Return whether a statement doubts or knows: an open question and its answer are no point made twice."""
    return "doubt" if _DOUBT.search(text) else "certain" if _CERTAIN.search(text) else ""


def _are_of_other_versions(one: Claims, two: Claims) -> bool:
    return bool(one.versions and two.versions) and one.versions.isdisjoint(two.versions)


def _is_of_the_same(one: str, two: str) -> bool:
    """Tell whether two statements speak of the same, the words aside with which they begin."""
    mine, other = (terms_of(text) - {stem(_first(text))} for text in (one, two))
    return _is_mostly(mine, other)


def _first(text: str) -> str:
    """Return the word with which a statement asks for something, as it is written."""
    word, _, _ = text[_lead(text) :].partition(" ")
    return word.strip(".,;:").lower()


def _lead(text: str) -> int:
    found = _ASKED.match(text)
    return found.end() if found else 0


# --- forbidden --------------------------------------------------------------------------------------------------------


def _forbids(forbidden: Iterable[Deed], two: str) -> bool:
    """Tell whether a statement asks for a deed that another one forbids."""
    return any(
        deed == other and len(what - whole) * 4 <= len(what) for deed, what in forbidden for other, whole in _asked(two)
    )


def _deeds_forbidden(text: str) -> Iterator[Deed]:
    for clause in _clauses(text):
        found = _FORBIDDEN.search(clause)
        if found:
            rest = clause[found.end() :]
            deed, what = _deed(rest)
            if (
                deed
                and len(what) > 1
                and (rest.partition(" ")[0].endswith("ing") or not found[0].lower().startswith("av"))
            ):
                yield deed, what


@lru_cache(maxsize=65536)
def _asked(text: str) -> tuple[Deed, ...]:
    """Return the deeds that a statement asks for, each clause that begins with one."""
    clauses = (clause[_lead(clause) :] for clause in _clauses(text) if not _FORBIDDEN.search(clause))
    plain = (clause for clause in clauses if not clause.partition(" ")[0].endswith(_INFLECTED))
    return tuple(deed for deed in map(_deed, plain) if deed[0])


def _deed(clause: str) -> Deed:
    terms = read_terms(clause).weights
    word = stem(clause.partition(" ")[0].lower())
    return (word, frozenset(terms)) if word in terms else ("", frozenset())


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if part]


# --- in which order ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=65536)
def order_of(text: str) -> Order | None:
    """Return what is to come first and what after it, or from where something goes to where.

    What is not to be done before something comes after it.
    """
    if not has_any(text.lower(), _IN_ORDER):
        return None
    for clause in _clauses(text.replace(", then", " then")):
        if found := _ORDER.fullmatch(clause):
            parts = terms_of(found[1]), terms_of(found[3])
            is_late, is_forbidden = found[2].lower() == "after", _FORBIDDEN.search(clause) is not None
            if is_late and is_forbidden:
                return None  # never to trust something after an edit tells no order
            return (parts[1], parts[0]) if is_late or is_forbidden else parts
        if found := _IN_PLACE.fullmatch(clause) or _IN_TURN.fullmatch(clause) or _WAY.fullmatch(clause):
            return terms_of(found[1]), terms_of(found[2])
    return None


def _is_turned(one: Order | None, two: Order | None) -> bool:
    """Tell whether two say the same of the same in the other order."""
    if one is None or two is None or one[0].isdisjoint(two[1]):
        return False
    across = _shared(one[0], two[1]), _shared(one[1], two[0])
    along = _shared(one[0], two[0]), _shared(one[1], two[1])
    return min(across) > 0.5 and sum(across) > sum(along) and _is_mostly(one[0] | one[1], two[0] | two[1])


def _is_mostly(one: frozenset[str], two: frozenset[str]) -> bool:
    """Tell whether two speak of the same, but for a word or so."""
    return len(one & two) * 4 >= 3 * max(len(one), len(two), 1)


def _shared(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / min(len(one), len(two)) if one and two else 0.0
