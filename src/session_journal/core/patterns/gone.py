"""Gone: what a statement says has not lasted, in the free words in which people put it, and what came back."""

from __future__ import annotations

from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.excerpts import sentences
from session_journal.core.patterns.stance import LONGEST, given_up_in, head, terms_of
from session_journal.core.patterns.words import denies, is_everyday
from session_journal.core.records import record
from session_journal.core.terms import has_any

_LEAD = re.compile(
    r"(?:(?:we|i|the user|let['\u2019]s)\s+)?(?:decided (?:to|on|for)|agreed (?:to|on)|chose(?: to)?|chosen?:"
    r"|opted (?:for|to)"
    r"|us(?:e|ed|ing)|keep|kept|adopt(?:ed)?|go(?:ing)? with|went with|stay(?:ed)? with|prefer(?:red)?|add(?:ed)?"
    r"|introduced?|made?|make|switched to|moved? to|run|ran|put|stored?|implement(?:ed)?)\s+"
    r"(?:to )?(?:use |keep |add |the |an? |our )*",
    re.IGNORECASE,
)
_DONE_AWAY = (
    r"scrapped|reverted|abandoned|undone|retired|dropped|ditched|shelved|binned|axed|rolled back|backed out"
    r"|ripped out|taken out|thrown out|phased out|walked back|superseded"
)
_BEGUN = r"(?:^|[,;:(] |\b(?:and|but|so|because|since|as|that) )(?:the |our |a |an |this |that |all )?"
_GONE = re.compile(
    rf"{_BEGUN}(?P<thing>[^.;:!?,()]{{2,60}}?)\s+(?:"
    rf"(?:is|are|was|were|has been|have been|had been|got)\s+(?:now |finally |since |all )?"
    rf"(?:gone|dead|history|no more|{_DONE_AWAY})(?! to\b)"
    r"|(?P<lost>(?:did not|didn['\u2019]t|has not|hasn['\u2019]t)\s+"
    r"(?:survived?|last(?:ed)?|work(?:ed)? out|pan(?:ned)? out|h[oe]ld up))"
    r"|(?P<late>turned out (?:to be )?(?:\w+ )?"
    r"(?:too \w+|a (?:mistake|dead end|bad idea)|overkill|not worth it|unusable|unworkable|unreliable))"
    r")\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"(?:^|[,;:(] |\b(?:and|but|so|then|because|since|we|i|they|user|team) )(?:have |has |had |finally |since )*"
    r"(?:scrapped|reverted|abandoned|undid|retired|dropped|ditched|shelved|binned|axed|rolled back|backed out(?: of)?"
    r"|ripped out|took out|threw out|phased out|walked back|gave up(?: on)?|did away with|got rid of)\s+"
    r"(?!to\b)(?:the |our |a |an |this |that |all )?(?=[\w`*\"])",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:(?:went|go|gone|going|moved|switched|rolled|fell|came|changed|are|were|is) back to|reverted to|returned to)"
    r"\s+(?:using )?(?:the |our |a |an |plain |good old )*(?=\S)",
    re.IGNORECASE,
)
_SO = re.compile(r"\b(?:so|hence|therefore|thus|now|instead)\b|\u2192|->", re.IGNORECASE)
"""A thing that turned out badly is left only where something follows from it."""
_UNSURE = re.compile(
    r"\b(?:if|unless|whether|would|could|should|might|may|maybe|perhaps|wants?|wanted|plan(?:s|ned)?|going to|will"
    r"|shall|must|consider\w*|propos\w+|almost|nearly|not|never|until|once|when|before|for now|temporarily|locally"
    r"|accidentally|by mistake|let['\u2019]s|try|tried)\b|n['\u2019]t\b|['\u2019](?:ll|d)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[:;\u2192]\s|\s[-\u2013\u2014]\s|,? \b(?:so|because|since|as|and|but)\b|, (?:we|i|it|now|they)\b", re.IGNORECASE
)
"""Where a sentence goes on to say something else: what is unsure there is not what is gone."""
_WHERE = re.compile(r"\s+(?:for|in|from|on|of|at|within|inside|across) ([^.;:,()]{2,60})", re.IGNORECASE)
_RULE = re.compile(r"\b(?:rule|policy|convention|ban|freeze|restriction|requirement|limit)s?$", re.IGNORECASE)
_RULING = re.compile(
    r"\b(?:only|always|never|no|every|each|must|not|at most|at least|before|until|without)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"\b(?:mov|switch|migrat|chang)\w*\s+(?:away )?from\s+(?P<old>.{2,60}?)\s+to\s+(?:the |an? )?", re.IGNORECASE
)
_OVER = re.compile(r"\b(?:against|over|without)\s+(?:the |our |a |an )?", re.IGNORECASE)
_HINTS = (
    " gone", " dead", " history", " no more", "scrapped", "revert", "abandon", "undone", "undid", "retired", "dropped",
    "ditched", "shelved", "binned", "axed", "back", " out", "superseded", "surviv", "t last", "hold up", "held up",
    "gave up", "did away", "rid of", "returned to",
)  # fmt: skip
"""What all that is said to be gone has in it: looked for first, for a journal has a hundred thousand statements."""
_ANY_WORDS = """
    approach architecture design system workflow pattern mechanism method model scheme strategy idea plan decision
    choice experiment setup thing attempt trial old original whole rule policy convention ban freeze restriction
    requirement limit change use
"""
_ANY = frozenset(terms_of(_ANY_WORDS))
"""What says that a thing is one of its kind, and not which."""
_PAIR = 2


@record(frozen=True, slots=True)
class Gone:
    """One thing that did not last. thing: its terms; last: that of its last word; around: terms of where that is so.

    rule: it is called a rule. back: it is what came back, so that what had taken its place did not last.
    """

    thing: frozenset[str]
    last: str
    around: frozenset[str]
    rule: bool = False
    back: bool = False


@lru_cache(maxsize=65536)
def gone_in(text: str) -> tuple[Gone, ...]:
    """Return what a statement says has not lasted; most statements say nothing of the kind."""
    if not has_any(text.casefold(), _HINTS):
        return ()
    return tuple(one for said in sentences(text) for one in _gone_in(said) if one.thing)


def _gone_in(said: str) -> list[Gone]:
    found = []
    for match in _GONE.finditer(said):
        rest = said[match.end() :]
        if not (match["late"] and not _SO.search(rest)):
            found.append((match, match["thing"], "" if match["lost"] or match["late"] else rest, False))
    for pattern in (_LEFT, _BACK):
        for match in pattern.finditer(said):
            thing = head(said[match.end() :][:LONGEST])
            found.append((match, thing, said[match.end() + len(thing) :], pattern is _BACK))
    return [_made(thing, rest, back=is_back) for match, thing, rest, is_back in found if _is_sure(match, thing)]


def _is_sure(match: re.Match[str], thing: str) -> bool:
    """Tell whether a sentence says so of now, beside the words of how a thing ended: those may hold a `not`."""
    said = match.string
    rest = _CLAUSE.split(said[match.end() :], maxsplit=1)[0]
    return not said.rstrip().endswith("?") and not _UNSURE.search(f"{said[: match.start()]} {thing} {rest}")


def _made(thing: str, rest: str, *, back: bool) -> Gone:
    where = _WHERE.match(rest)
    around = frozenset(term for term in terms_of(where[1]) if not is_everyday(term)) if where else frozenset[str]()
    words = thing.split()
    last = next(iter(terms_of(words[-1])), "") if words else ""
    return Gone(terms_of(thing) - _ANY, last, around, _RULE.search(thing.strip()) is not None, back)


@lru_cache(maxsize=65536)
def subject_of(text: str) -> str:
    """Return what a decision is about, in its words: `Use Redis for the queue` is about Redis."""
    lead = _LEAD.match(text)
    return head(text[lead.end() :] if lead else text)


def is_gone(one: Gone, decided: str) -> bool:
    """Tell whether a thing that did not last is what a decision chose, named whole."""
    own, left = terms_of(decided), _left(decided)
    if all(map(is_everyday, one.thing)) or not one.around <= own:
        return False
    if one.back:
        return any(one.thing == terms - _ANY for terms in left)
    if not one.thing <= own or any(one.thing & terms for terms in left) or denies(decided):
        return False
    turned = _FROM_TO.search(decided)
    chosen = terms_of(head(decided[turned.end() :]) if turned else subject_of(decided)) - _ANY
    first = next((term for word in decided.split()[:1] for term in terms_of(word)), "")
    return (bool(chosen) and chosen <= one.thing) or (len(one.thing) >= _PAIR and bool(first) and first == one.last)


def is_ruled_out(one: Gone, decided: str) -> bool:
    """Tell whether a rule that is gone may be the one that a decision states: other decisions may be as well."""
    named = one.rule and one.thing <= terms_of(decided) and one.around <= terms_of(decided)
    return named and not all(map(is_everyday, one.thing)) and _RULING.search(decided) is not None


def _left(decided: str) -> list[frozenset[str]]:
    """Return the terms of each thing that a decision itself leaves."""
    turned = _FROM_TO.search(decided)
    over = [terms_of(head(decided[match.end() :])) for match in _OVER.finditer(decided)]
    return [*given_up_in(decided), *over, *([terms_of(turned["old"])] if turned else [])]
