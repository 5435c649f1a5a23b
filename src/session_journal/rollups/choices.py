"""What of an entry is a decision: a person's word counts, a draft's has to fit."""

from __future__ import annotations

from collections.abc import Mapping

from session_journal.core import lazy_re as re
from session_journal.core.asides import is_aside, is_torn
from session_journal.core.facts import is_fact
from session_journal.core.formulas import CHOSE, INSTEAD
from session_journal.core.insights.languages import is_english
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns import is_rule, is_standing
from session_journal.core.patterns.stance import is_near_miss
from session_journal.core.undoing import turned_from
from session_journal.rollups import prose

_BARE_CHOICE = re.compile(rf"{CHOSE}: \S+(?: \S+)?, over (?!.*\(asked: )")
"""An answer of a word or two says nothing without its question."""
_CHORE = re.compile(
    r"(?:please |now |just |also |then )?(?:merge|commit|push|pull|rebase|(?:re-?)?run|fix|remove|delete|check|try|show"
    r"|stop|revert|continue|go on|open|close|look|read|review|update|clean|wait|undo|restart)\b",
    re.IGNORECASE,
)
_GROUND = re.compile(
    r"\b(?:because|since|so (?:that|we|it)|instead of|rather|not|no longer|always|never|only|until|unless|entirely"
    r"|altogether|any ?more|for good|don['\u2019]t)\b",
    re.IGNORECASE,
)
"""What makes of a chore that a user asked for something decided."""
_HEDGE = re.compile(r"\b(?:might|may) be\b|\bperhaps\b|^this is\b", re.IGNORECASE)
_TURN = re.compile(
    r"\bpivot|\b(?:major|strategic|key|fundamental|most (?:significant|important))"
    r" (?:\w+ ){0,2}(?:decision|choice|change)\b",
    re.IGNORECASE,
)
_CHOSEN = re.compile(
    r"(?<![/\w-])(?:choice|choos\w+|chose\w*|decid\w+|decision|agreed|opt(?:ed|ing)? for|settled on|keep\w*|kept"
    r"|drop|dropp(?:ed|ing)|skip(?:ped|ping)?|stick\w*|go(?:ing)? with|instead of|rather than|in favou?r of|over"
    r"|cleaner|simpler|safer|prefer\w*|trade-off|not worth|(?:we|i)['\u2019]ll use|let['\u2019]?s"
    r"|(?:we|you) (?:should|need|can (?:remove|leave)))\b|, not ",
    re.IGNORECASE,
)
"""How an assistant says what is to be so; in other words it says what is."""
_CLARIFIED = re.compile(r"(?:i mean|(?:this|that|it|these|those) \w+s)\b", re.IGNORECASE)
DECIDING: tuple[ItemKind, ...] = ("change", "insight", "discovery", "takeaway", "challenge")
"""Kinds under which people also note what they decided."""


def decides(item: Item, speakers: Mapping[int, str] | None = None) -> bool:
    """Tell whether an item is a decision, by its section or, of what a person wrote, by its words.

    speakers: who said what stands in each turn of a draft, for what an assistant says must be worded as a choice.
    """
    if item.kind == "decision":
        said = {(speakers or {}).get(turn, "") for turn in item.turns}
        return is_decision(item) and (said != {"assistant"} or _is_choice(item.text))
    return item.kind in DECIDING and not item.turns and prose.is_decided(item.text) and not is_near_miss(item.text)


def is_of_merge(item: Item) -> bool:
    """Tell whether a draft's decision is which side of a merge was kept: it matters until the merge has settled."""
    return bool(item.turns) and _SIDE.search(item.text) is not None and _KEPT.search(item.text) is not None


_SIDE = re.compile(
    r"\b(?:HEAD|(?i:ours|theirs|both (?:sides|branch(?:es)?|versions)"
    r"|(?:parent|incoming|upstream|base|target) (?:branch|side|version)"
    r"|(?:parent|main|master|upstream)['\u2019]s (?:\w+ )?(?:version|side|changes?|functions?|code|names?)"
    r"|merge conflicts?|conflict(?:s|ed|ing)? (?:in|resolution|markers?|hunks?)))\b"
)
_KEPT = re.compile(
    r"\b(?:keep|kept|take|took|taken|accept(?:ed)?|drop(?:ped)?|chose|combined?|merged?|resolved?)\b", re.IGNORECASE
)


def _is_choice(text: str) -> bool:
    """Tell whether an assistant's words are a choice; where they are not English nothing tells, and they count."""
    return not is_english(text) or (_CHOSEN.search(text) is not None and not is_aside(text))


def turn(item: Item) -> int:
    """Return how large a person's decision is: 2 where it leaves a way of working, 1 where it is called large."""
    if item.turns:
        return 0
    return 2 if turned_from(item.text) else int(_TURN.search(item.text) is not None)


def is_decision(item: Item) -> bool:
    """Tell whether an item decides something.

    A correction of a fact doesn't, nor what was nearly given up; a standing rule is a lesson.
    """
    if not item.turns:
        return not is_near_miss(item.text)
    if _BARE_CHOICE.match(item.text) or is_torn(item.text):
        return False
    if item.text.startswith(prose.REPORTED):
        return is_rule(item.text) and not is_standing(item.text)
    asked = item.text.removeprefix(f"{INSTEAD}: ")
    if _CHORE.match(asked) and not _GROUND.search(asked):
        return False
    is_unsure = _HEDGE.search(item.text) or _CLARIFIED.match(item.text) or item.text.endswith("?")
    return not is_fact(item.text) and not is_unsure
