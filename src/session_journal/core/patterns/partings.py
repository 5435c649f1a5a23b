"""Partings: the free words in which people say that a thing is gone, did not last, or that another one is back."""

from __future__ import annotations

from collections.abc import Iterator

from session_journal.core import lazy_re as re
from session_journal.core.patterns.stance import LONGEST, head, terms_of
from session_journal.core.records import record
from session_journal.core.terms import has_any

_DONE_AWAY = (
    r"(?:scrapped|reverted|abandoned|undone|retired|dropped|ditched|shelved|binned|axed|rolled back|backed out"
    r"|ripped out|taken out|thrown out|phased out|walked back|removed again)(?! by\b)|superseded|replaced|swapped out"
)
"""How a person did away with a thing; what a machine did is told by which one."""
_BEGUN = (
    r"(?:^(?:in the end|in hindsight|eventually|finally|sadly|meanwhile|today|yesterday|turns out(?: that)?)?,? ?"
    r"|[,;:(] |\b(?:and|but|so|because|since|as|that) )(?:the |our |a |an |this |that |all )?"
)
_BAD = r"an? (?:\w+ )?(?:mistake|dead end|bad idea|failure|waste of time)|overkill"
_GONE = re.compile(
    rf"{_BEGUN}(?P<thing>[^.;:!?,()]{{2,60}}?)\s+(?:"
    rf"(?:is|are|was|were|has been|have been|had been|got)\s+(?:now |finally |since |all )?"
    rf"(?:(?P<state>gone|dead|history|no more)|{_DONE_AWAY})(?! to\b)"
    r"|(?:made|gave) way (?:for|to)|had to go(?! (?:to|through|back|into|via)\b)|(?:is|are) no longer (?:used|in use)"
    r"|(?P<lost>(?:did not|didn['\u2019]t|has not|hasn['\u2019]t)\s+"
    r"(?:survived?|last(?:ed)?|stick|stuck|work(?:ed)? out|pan(?:ned)? out|h[oe]ld up))"
    rf"|(?P<late>turned out (?:to be |not to be |to not be )?(?:\w+ )?"
    rf"(?:too \w+|{_BAD}|(?:not )?worth (?:it|the \w+)|unusable|unworkable|unreliable))"
    rf"|(?P<bad>(?:was|were) (?:(?:really|clearly|simply|just) )?(?:{_BAD}|not worth (?:it|the \w+))"
    r"|(?:was|were)n['\u2019]t worth (?:it|the \w+))"
    r")\b",
    re.IGNORECASE,
)
_WE = (
    r"(?:^|[,;:(] |\b(?:and|but|so|then|because|since|we|i|they|user|team) )"
    r"(?:have |has |had |just |['\u2019]ve |finally |eventually |since )*"
)
_THE = r"(?:the |our |a |an |this |that |all )?"
_LEFT = re.compile(
    rf"{_WE}(?:(?P<swap>ditched|swapped(?: out)?|traded(?: in)?|replaced)"
    r"|scrapped|reverted|abandoned|undid|retired|dropped|removed|shelved|binned|axed|rolled back|backed out(?: of)?"
    r"|ripped out|took out|threw out|phased out|walked back|gave up(?: on)?|did away with|got rid of"
    r"|(?:said|waved) good-?bye to|pulled the plug on|(?:stopped|quit) using|no longer use"
    r"|(?:(?<=we )|(?<=\bi ))stopped(?=\s\w+ing\b)"
    r"|(?:moved|switched|migrated) (?:away from|off(?: of)?|from)"
    r"|it was an? (?:\w+ )?(?:mistake|bad idea) to (?:use|adopt|introduce|add|build|go with|move to|switch to))\s+"
    rf"(?!to\b){_THE}(?=[\w`*\"])",
    re.IGNORECASE,
)
_TAKEN_OUT = re.compile(
    rf"{_WE}(?:(?:ripped|took|threw|tore|phased|backed|stripped)\s+{_THE}(?P<thing>[^.;:!?,()]{{2,60}}?)\s+out"
    rf"|(?:rolled|walked)\s+{_THE}(?P<other>[^.;:!?,()]{{2,60}}?)\s+back)\b(?! (?:and |in)?to\b| loud\b)",
    re.IGNORECASE,
)
_AWAY = re.compile(
    rf"{_WE}(?:moved|switched|migrated|took|got)\s+{_THE}(?P<moved>[^.;:!?,()]{{2,40}}?)\s+"
    rf"(?:(?:away )?off(?: of)?|(?:away )?from(?=.{{2,60}} to ))\s+{_THE}(?=[\w`*\"])",
    re.IGNORECASE,
)
"""How one thing is said to have left another."""
_BACK = re.compile(
    r"(?:\b(?:(?:went|go|gone|going|moved|switched|rolled|fell|came|changed|are|were|is) back to|reverted to"
    r"|returned to|(?:are|is|am) back on)|['\u2019](?:re|m|s) back (?:to|on)|^back (?:to|on))"
    r"\s+(?:using )?(?:the |our |a |an |plain |good old )*(?=\S)",
    re.IGNORECASE,
)
_SO = re.compile(r"\b(?:so|hence|therefore|thus|now|instead)\b|\u2192|->", re.IGNORECASE)
"""A thing that turned out badly is left only where something follows from it."""
_UNSURE = re.compile(
    r"\b(?:if|unless|whether|would|could|should|might|may|maybe|perhaps|wants?|wanted|plan(?:s|ned)?|going to|will"
    r"|shall|must|consider\w*|propos\w+|almost|nearly|not|never|until|once|when|before|for now|temporarily|locally"
    r"|accidentally|by (?:mistake|accident)|briefly|let['\u2019]s|try|tried"
    r"|for (?:an?|one|two|three|a few|some|the|\d+) (?:minute|hour|day|evening|night|weekend|week|while|moment|time"
    r"|demo)s?)\b|n['\u2019]t\b|['\u2019](?:ll|d)\b",
    re.IGNORECASE,
)
_OUTAGE = re.compile(
    r"\s+(?:again|at the moment|right now|currently|this \w+|after|since|every|as soon)\b", re.IGNORECASE
)
"""What is gone or dead like that runs again when somebody has seen to it."""
STAYS = re.compile(
    r"\b(?:put|brought|added|turned|switched|got|rolled|took) (?:it|them|that|\w+) back\b|\bundid (?:that|it)\b"
    r"|\b(?:it|they) (?:is|are|was|were) back\b|\brestored\b|\bre-?(?:added|introduced|enabled|instated)\b"
    r"|\b(?:kept|keep(?:ing|s)?|stuck with|live with) (?:it|them)\b|\b(?:it|they) stay(?:s|ed)?\b",
    re.IGNORECASE,
)
"""How a thing is told to have come back, or never to have left."""
_YET = re.compile(r"\b(?:but|yet|still|anyway|nevertheless|stays?|for now)\b", re.IGNORECASE)
"""What was judged a mistake may be kept all the same."""
_INSTEAD = re.compile(r"\s+for (?!(?:the|our|this|that|these|those|its|their|any|all)\b)", re.IGNORECASE)
_SIMPLER = re.compile(
    r"\s+for (?:an? )?(?:\w{3,}er|plain|good old|simple|single|small|managed|hosted|custom|static|hand-\w+)\b",
    re.IGNORECASE,
)
"""What took the place of a thing: `for` may as well say where that thing is gone."""
_CLAUSE = re.compile(
    r"[:;\u2192]\s|\s[-\u2013\u2014]\s|,? \b(?:so|because|since|as|and|but)\b|, (?:we|i|it|now|they)\b", re.IGNORECASE
)
"""Where a sentence goes on to say something else: what is unsure there is not what is gone."""
_RENEWED = re.compile(r"\s+(?:with|by|for) (.{2,60})", re.IGNORECASE)
_ITS_LIKE = re.compile(
    r"(?:an? |the |its |their |our )?(?:\w+ )?(?:one|version|release|rewrite|copy|instance|fork|itself|v?\d[\d.]*)\b",
    re.IGNORECASE,
)
_ANY_WORDS = """
    approach architecture design system workflow pattern mechanism method model scheme strategy idea plan decision
    choice experiment setup thing attempt trial old original whole rule policy convention ban freeze restriction
    requirement limit change use everything thing stuff
"""
ANY = frozenset(terms_of(_ANY_WORDS))
"""What says that a thing is one of its kind, and not which."""
PARTLY = re.compile(r"\W*(?:most|some|(?:a )?few|other|more|half|parts?)\b", re.IGNORECASE)
_HINTS = (
    "remov", " gone", " dead", " history", " no more", "scrapped", "revert", "abandon", "undone", "undid", "retired",
    "dropped", "ditched", "shelved", "binned", "axed", "back", " out", "superseded", "surviv", "t last", "hold up",
    "held up", "gave up", "did away", "rid of", "returned to", "replac", "swapped", "traded", "goodbye", "good-bye",
    "the plug", "stopped", "quit", "no longer", " off ", " from ", "mistake", "worth", "overkill", "bad idea",
    "failure", "waste of", "way for", "way to", "had to go", "stick", "stuck",
)  # fmt: skip
"""What all that is said to be gone has in it: looked for first, for a journal has a hundred thousand statements."""


def may_part(text: str) -> bool:
    """Tell whether a text has what all that is said to be gone has in it; it costs little to ask."""
    return has_any(text.casefold(), _HINTS)


@record(frozen=True, slots=True)
class Parting:
    """A way in which a sentence says that a thing is gone. rest: what follows; where: of what it is so, if not there.

    is_instead: what follows took its place.
    """

    match: re.Match[str]
    thing: str
    rest: str
    where: str = ""
    is_back: bool = False
    is_instead: bool = False


def partings(said: str) -> Iterator[Parting]:
    """Yield each way in which a sentence says that a thing is gone, where it is sure of it."""
    yield from filter(_is_sure, _partings(said))


def _partings(said: str) -> Iterator[Parting]:
    yield from _come_to_nothing(said)
    for match in _TAKEN_OUT.finditer(said):
        yield Parting(match, match["thing"] or match["other"], said[match.end() :])
    for match in _LEFT.finditer(said):
        thing, rest = _object(match)
        if not is_renewed(thing, rest):
            took_its_place = (_INSTEAD if match["swap"] else _SIMPLER).match(rest) is not None
            yield Parting(match, thing, rest, is_instead=took_its_place)
    for match in _AWAY.finditer(said):
        yield Parting(match, *_object(match), match["moved"])
    for match in _BACK.finditer(said):
        yield Parting(match, *_object(match), is_back=True)


def _come_to_nothing(said: str) -> Iterator[Parting]:
    for match in _GONE.finditer(said):
        rest = said[match.end() :]
        is_idle = (match["late"] and not _SO.search(rest)) or (match["bad"] and _YET.search(rest))
        if not (is_idle or (match["state"] and _OUTAGE.match(rest))):
            yield Parting(match, match["thing"], rest, is_instead=bool(match["lost"] or match["late"]))


def _object(match: re.Match[str]) -> tuple[str, str]:
    """Return what stands behind a verb up to the end of its clause, and what follows that."""
    thing = head(match.string[match.end() :][:LONGEST])
    return thing, match.string[match.end() + len(thing) :]


def is_renewed(thing: str, rest: str) -> bool:
    """Tell whether a thing gave way to another one of its kind: it is used as before."""
    found = _RENEWED.match(rest)
    if not found:
        return False
    return terms_of(thing) - ANY <= terms_of(head(found[1])) or _ITS_LIKE.match(found[1]) is not None


def _is_sure(one: Parting) -> bool:
    """Tell whether a sentence says so of now, beside the words of how a thing ended: those may hold a `not`."""
    said = one.match.string
    rest = _CLAUSE.split(said[one.match.end() :], maxsplit=1)[0]
    return not said.rstrip().endswith("?") and not _UNSURE.search(f"{said[: one.match.start()]} {one.thing} {rest}")
