"""Remaining: the lists in which a closing reply says what is still to be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights.deeds import done_since, is_traced, words
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.talk import is_talk
from session_journal.core.insights.wording import capital, trim
from session_journal.core.signals import Signals

_THINGS = r"(?: (?:work|items?|tasks?|steps?|pieces?|parts?|todos?|things?))?"
_HEADING = re.compile(
    r"(?:(?:what(?:'s| is| remains?)?|still|the|all|any|things?|items?) )*"
    rf"(?:outstanding{_THINGS}|remaining{_THINGS}|remains?|to-?dos?(?: list)?|(?:left|still|yet) to (?:be )?do(?:ne)?|"
    rf"still (?:open|missing|needed|pending)|left(?: open| over)?|missing|pending{_THINGS}|deferred{_THINGS}|"
    r"not (?:yet )?(?:been )?(?:done|implemented|addressed|finished|started|handled|included)(?: yet)?|unfinished|"
    r"known gaps|(?:known )?blockers)"
    r"(?: (?:in|for|on|from) [^:.?]{3,40}| \(not [^)]*\)|,? (?:if|in case) you[^:.?]{0,40})?(?:\s*\([^)]*\))?\W*$",
    re.IGNORECASE,
)
"""Names of a list of what is left: `limitations` hold, and `next steps` may be anybody's advice."""
_BEGINS = (
    "what", "still", "the ", "all ", "any ", "thing", "item", "outstanding", "remain", "to", "left", "yet ", "missing",
    "pending", "deferred", "not ", "unfinished", "known", "block",
)  # fmt: skip
"""How such a name begins: the pattern is made for those alone."""
_NOTHING = re.compile(
    r"(?:none|nothing|n/a|no (?:blockers?|gaps|issues|items|open|outstanding|remaining)|all (?:done|items|clear))\b|"
    r"\W*(?:[✅✔☑]|~~)|.*\b(?:is|are|was|were) (?:now )?(?:done|complete|fixed|finished|resolved)\W*$",
    re.IGNORECASE,
)
_TICKED = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+\[[xX]\]\s+(.*)$", re.MULTILINE)
_SCORE, _WORDS, _FEWEST = 2.7, 20, 3


def items(session: Session, said: Sequence[Statement], found: Signals) -> Iterator[Candidate]:
    """Yield, as actions, what stands in a reply's list of what remains, where nothing after it took that up."""
    if session.left_out or is_talk(session):
        return
    left = [one for one in said if one.closing and one.opens and _is_left(one)]
    if not left:
        return
    places = {event.turn: order for order, event in enumerate(session.events) if event.kind == "reply"}
    ticked = {event.turn: _TICKED.findall(event.text) for event in session.events if event.kind == "reply"}
    tested = {check.order for check in found.checks}
    about = frozenset().union(*(words(one.text) for one in left))
    done = done_since(session, min(places.get(one.turn, 0) for one in left), tested, about)
    for one in left:
        is_done = any(one.raw in line or line in one.raw for line in ticked.get(one.turn, ()))
        if not is_done and not is_traced(one.text, done, places.get(one.turn, 0)):
            yield candidate(
                "action", capital(trim(one.text.rstrip(" .:"), _WORDS)), one.turn, score=_SCORE, turns=(one.turn,)
            )


def _is_left(one: Statement) -> bool:
    """Say whether a statement stands in a list of what remains, and names something."""
    if not one.bullet or one.thought or one.option or one.pasted or one.text.endswith("?"):
        return False
    names = (one.heading.rpartition(" / ")[2], one.lead)
    return one.words >= _FEWEST and any(map(_is_list, names)) and not _NOTHING.match(one.raw)


@lru_cache(maxsize=512)
def _is_list(name: str) -> bool:
    """Say whether a heading, or what leads into a list, names what remains."""
    bare = name.replace("\u2019", "'").strip(" :*")
    return bare.lower().startswith(_BEGINS) and _HEADING.match(bare) is not None
