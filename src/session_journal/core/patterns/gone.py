"""Gone: what a statement says has not lasted, in the free words in which people put it, and what came back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.excerpts import sentences
from session_journal.core.patterns.partings import ANY, PARTLY, STAYS, Parting, is_renewed, may_part, partings
from session_journal.core.patterns.stance import Loss, given_up_in, head, terms_of
from session_journal.core.patterns.words import denies, is_everyday, numbers_in
from session_journal.core.records import record

_LEAD = re.compile(
    r"(?:(?:we|i|the user|let['\u2019]s)\s+)?(?:decided (?:to|on|for)|agreed (?:to|on)|chose(?: to)?|chosen?:"
    r"|opted (?:for|to)"
    r"|us(?:e|ed|ing)|keep|kept|adopt(?:ed)?|go(?:ing)? with|went with|stay(?:ed)? with|prefer(?:red)?|add(?:ed)?"
    r"|introduced?|made?|make|switched to|moved? to|run|ran|put|stored?|implement(?:ed)?)\s+"
    r"(?:to )?(?:use |keep |add |the |an? |our )*",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"(?:\s+(?:with|by)\s+[^.;:,()]{1,40}?)?\s+(?:for|in(?! favou?r\b)|from|on|of|at|within|inside|across)"
    r" ([^.;:,()]{2,60})",
    re.IGNORECASE,
)
_RULE = re.compile(r"\b(?:rule|policy|convention|ban|freeze|restriction|requirement|limit)s?$", re.IGNORECASE)
_RULING = re.compile(
    r"\b(?:only|always|never|no|every|each|must|not|at most|at least|before|until|without)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"\b(?:mov|switch|migrat|chang)\w*\s+(?:away )?from\s+(?P<old>.{2,60}?)\s+to\s+(?:the |an? )?", re.IGNORECASE
)
_OVER = re.compile(r"\b(?:against|over|without)\s+(?:the |our |a |an )?", re.IGNORECASE)
_SETTING_UP_WORDS = """
    use build ship write host deploy store keep run serve send render generate cache model split wrap put implement
    rewrite port create expose publish schedule queue sync bundle set enable pin mount hook wire introduce start load
    fetch poll push batch index encrypt sign route proxy manage make move switch adopt add install configure design
    prefer choose pick gate guard feed stream share go
"""
_SETTING_UP = frozenset(_SETTING_UP_WORDS.split())
"""The verbs with which a decision begins that makes something: it is gone with what it made."""
_CHOOSING = frozenset(("use", "adopt", "prefer", "choose", "pick", "enable", "go", "switch"))
"""Of these, what they choose is the thing, whatever it is to be used with."""
_THROUGH = re.compile(r"\s(?:in|on|with|through|via|using|to|by)\s(?!.*\s(?:in|on|with|through|via|using|to|by)\s)")
_GROUND = re.compile(
    r"[.;:(\u2192]|\s[-\u2013\u2014]\s|,? \b(?:because|since|so|to avoid|which|in order)\b", re.IGNORECASE
)
_ANYWHERE_WORDS = """
    stack project app application codebase repo repository product system setup config requirements dependencies tree
    main master end meantime spring summer autumn winter january february march april may june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday evening morning night weekend
    sprint year quarter
"""
_ANYWHERE = ANY | frozenset(terms_of(_ANYWHERE_WORDS))
"""Where or when a thing is gone that is gone altogether."""
_PAIR = 2


@record(frozen=True, slots=True)
class Gone:
    """One thing that did not last. thing: its terms; last: that of its last word; around: terms of where that is so.

    rule: it is called a rule. back: it is what came back, so that what had taken its place did not last. numbers: of
    the one that is meant.
    """

    thing: frozenset[str]
    last: str
    around: frozenset[str]
    rule: bool = False
    back: bool = False
    numbers: frozenset[str] = frozenset()


@lru_cache(maxsize=65536)
def gone_in(text: str) -> tuple[Gone, ...]:
    """Return what a statement says has not lasted; most statements say nothing of the kind."""
    if not may_part(text):
        return ()
    said = list(sentences(text))
    return tuple(
        one for place, part in enumerate(said) for one in _gone_in(part, " ".join(said[place + 1 :])) if one.thing
    )


def _gone_in(said: str, after: str) -> Iterator[Gone]:
    """Yield what a sentence says is gone, where neither it nor those after it say that it is back or stays."""
    for one in partings(said):
        if not (PARTLY.match(one.thing) or STAYS.search(f"{one.rest} {after}")):
            yield _made(one)


def _made(told: Parting) -> Gone:
    words = told.thing.split()
    return Gone(
        terms_of(told.thing) - ANY,
        next(iter(terms_of(words[-1])), "") if words else "",
        _scope(told.where) if told.where or told.is_instead else _around(told.rest),
        _RULE.search(told.thing.strip()) is not None,
        told.is_back,
        numbers_in(told.thing),
    )


def _around(rest: str) -> frozenset[str]:
    """Return the terms of where a thing is gone, by what follows it."""
    where = _WHERE.match(rest)
    return _scope(where[1]) if where else frozenset()


def _scope(where: str) -> frozenset[str]:
    return frozenset(term for term in terms_of(where) - _ANYWHERE if not is_everyday(term))


def is_kept(lost: Loss, decided: str) -> bool:
    """Tell whether what was given up leaves a decision alone: a part or another one of it was, or it was elsewhere."""
    if PARTLY.match(lost.thing) or not numbers_in(lost.thing) <= numbers_in(decided):
        return True
    return is_renewed(lost.thing, lost.rest) or not _around(lost.rest) <= terms_of(decided)


@lru_cache(maxsize=65536)
def subject_of(text: str) -> str:
    """Return what a decision is about, in its words: `Use Redis for the queue` is about Redis."""
    lead = _LEAD.match(text)
    return head(text[lead.end() :] if lead else text)


def is_gone(one: Gone, decided: str) -> bool:
    """Tell whether a thing that did not last is what a decision chose, named whole."""
    own, left = terms_of(decided), _left(decided)
    if all(map(is_everyday, one.thing)) or not (one.around <= own and one.numbers <= numbers_in(decided)):
        return False
    if one.back:
        return any(one.thing == terms - ANY for terms in left)
    if not one.thing <= own or any(one.thing & terms for terms in left) or denies(decided):
        return False
    turned = _FROM_TO.search(decided)
    chosen = terms_of(head(decided[turned.end() :]) if turned else subject_of(decided)) - ANY
    return (bool(chosen) and chosen <= one.thing) or _is_made_of(one, decided)


def _is_made_of(one: Gone, decided: str) -> bool:
    """Tell whether a thing that is gone is all that a decision made, the verb aside with which it begins.

    So is that by which it was to be done: `Host the docs on Netlify`.
    """
    word, _, rest = _GROUND.split(decided, maxsplit=1)[0].partition(" ")
    first = next(iter(terms_of(word)), "")
    if len(one.thing) >= _PAIR and first and first == one.last:
        return True
    if one.rule or word.lower() not in _SETTING_UP:
        return False
    made = frozenset(term for term in terms_of(rest) - ANY if not is_everyday(term))
    through = None if word.lower() in _CHOOSING or one.around else _THROUGH.search(rest)
    is_means = through is not None and terms_of(rest[through.end() :]) == one.thing
    return is_means or (bool(made) and made <= one.thing | one.around)


def is_ruled_out(one: Gone, decided: str) -> bool:
    """Tell whether a rule that is gone may be the one that a decision states: other decisions may be as well."""
    named = one.rule and one.thing <= terms_of(decided) and one.around <= terms_of(decided)
    return named and not all(map(is_everyday, one.thing)) and _RULING.search(decided) is not None


def _left(decided: str) -> list[frozenset[str]]:
    """Return the terms of each thing that a decision itself leaves."""
    turned = _FROM_TO.search(decided)
    over = [terms_of(head(decided[match.end() :])) for match in _OVER.finditer(decided)]
    return [*given_up_in(decided), *over, *([terms_of(turned["old"])] if turned else [])]
