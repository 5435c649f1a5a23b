"""What of an entry a rollup may say, and in which words: a person's word counts, a draft's has to fit."""

from __future__ import annotations

import re
from itertools import islice

from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentence, sentences
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns import Pattern, is_cause, is_rule, is_standing, rule_in
from session_journal.rollups import prose

_REPORTED = "The user's "
_OUTCOMES = {"unknown": "", "partial": "partly done"}
_FACT = re.compile(r"(?:\S+ ){1,7}?(?:is|are|was|were) ", re.IGNORECASE)
"""How a user sets a fact right; a draft can't tell it from a decision."""
_CHOICE = re.compile(
    r"\b(?:choice|chose\w*|choos\w+|cleaner|better|best|simpler|safer|prefer\w*|enough|fine|worth|decided|agreed|instead|over)\b",
    re.IGNORECASE,
)
OFFERED = "Offered and left open"
_HEDGE = re.compile(r"\b(?:might|may) be\b|\bperhaps\b|^this is\b", re.IGNORECASE)
_PASSING = re.compile(
    r"\b(?:ha(?:s|ve) been \w+(?:ed|en)|all set|will (?:have|provide|take|be able))\b|"
    r"\b(?:now|currently|still|already|previously|resolved|stale|(?:fail|pass)(?:s|es|ed|ing)?)\b"
    r"|^(?:there(?:['\u2019]s| is| are)|used|checked|tested|looked|note|next|then|same|replaces|uses|verifies|stores"
    r"|calls|does|adds|removes|handles|returns|moves|this|that|those|these|it|the (?:merge|diagnostics))\b",
    re.IGNORECASE,
)
_HANGING = re.compile(r"\W*(?:this|that|these|those|it|so|then|or)\b", re.IGNORECASE)
_LOOSE = re.compile(r"\b(?:hopefully|maybe|perhaps|above|this is|some of (?:these|those))\b", re.IGNORECASE)
_CODE = re.compile(r"`[^`]*`")
_ENGLISH = re.compile(r"\b(?:the|an?|of|from|and|instead|with|for)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\w{2,}(?:s|ed|n['\u2019]t)\b|\b(?:is|are|am|be|do|can|could|will|would|should|must|may|might|need|had|did|got|went|ran"
    r"|took|came|made|kept|lost|found|broke|wrote|left|met|read|set|cut|put|gave|grew|held|led|let|said|saw|sent|told"
    r"|won|hung|hit|have|become|fail|work|return|match|run|use|call|keep|come|take|want|live|stay|fall)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(r"(?:this|that|these|those|it)\b", re.IGNORECASE)
"""What begins so points at something that the draft did not take over."""
_FEWEST_WORDS = 6
_FEWEST_THOUGHT = 10
_TOLD_MUCH = 2
_EXPLAINS = re.compile(
    r"\b(?:because|since|but|although|though|only|never|always|without|unless|until|instead|rather|which|when|while|not"
    r"|cannot|\w+n['\u2019]t|matters?|requires?|means|causes?|due to|leads? to|known|wrong|every|even|bugs?"
    r"|so (?:that|if|the|it|we)|ignor\w+|fail\w*|lost|missing|silently|race)\b",
    re.IGNORECASE,
)
_SURPRISING: tuple[ItemKind, ...] = ("discovery", "insight", "takeaway")
_SURPRISED = re.compile(
    r"\b(?:surpris\w+|unexpected(?:ly)?|turn(?:s|ed) out|did(?:n['\u2019]t| not) (?:realiz|realis|expect)\w*"
    r"|(?:just|only) (?:now )?(?:realiz|realis|notic)\w+|astonish\w+|who knew)\b",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"\bpivot|\b(?:major|strategic|key|fundamental|most (?:significant|important))"
    r" (?:\w+ ){0,2}(?:decision|choice|change)\b",
    re.IGNORECASE,
)
_SLIGHT = re.compile(
    r"^(?:minor|slight|small|some|a (?:few|bit of)|little|occasional|searched several times)\b(?! tests?\b)"
    r"|\btedi(?:um|ous)\b|\bstraightforward\b|\bexpected at this\b|\bquickly (?:fixed|resolved|solved)\b",
    re.IGNORECASE,
)
_CARE = re.compile(
    r"(?:[\w /-]{2,50}: )?(?:required?|needed|had|ensur(?:ed|ing)|maintained|balancing|successfully|navigated)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:[\w /-]{2,50}: )?(?:successfully |identified and )?(?:fixed|updated|added|achieved|implemented)\b",
    re.IGNORECASE,
)
"""What tells under challenges that something was done, and no trouble with it."""
_GRAVE = re.compile(
    r"\b(?:critical\w*|accidental\w*|los(?:t|ing|s)|broke\w*|crash\w*|corrupt\w*|overwr\w+|fundamental\w*|serious\w*"
    r"|misle(?:d|ading)|wrong|outage|leak\w*|hung|dead ?lock\w*|blocked)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur)\b")
_GERUND = re.compile(r"[a-z]+ing\b")
_OPENING = re.compile(r"(?:\w+,? ){0,3}?I\b")
DECIDING: tuple[ItemKind, ...] = ("change", "insight", "discovery", "takeaway", "challenge")
"""Kinds under which people also note what they decided."""
_SOLVED = re.compile(
    r"\u2192|->|=>|\b(?:resolved|solved|fixed|worked around|addressed|solution|fix(?:ed)? (?:was|by)"
    r"|by (?:using|adding|making|moving|switching)|instead|had to (?:adapt|adjust|use|switch|rewrite))\b",
    re.IGNORECASE,
)


def decides(item: Item) -> bool:
    """Tell whether an item is a decision, by its section or, of what a person wrote, by its words."""
    if item.kind == "decision":
        return is_decision(item)
    return item.kind in DECIDING and not item.turns and prose.is_decided(item.text)


def is_turn(item: Item) -> bool:
    """Tell whether a decision is called a large one by who noted it."""
    return not item.turns and _TURN.search(item.text) is not None


def is_solved(item: Item) -> bool:
    """Tell whether a challenge says how it was met."""
    return _SOLVED.search(item.text) is not None


def is_open(item: Item) -> bool:
    """Tell whether an item is not done."""
    return item.mark != "x"


def is_surprise(item: Item) -> bool:
    """Tell whether an item is tagged as a surprise or, of what a person noted, tells of one."""
    if "#surprise" in item.text.casefold():
        return True
    return item.kind in _SURPRISING and not item.turns and _SURPRISED.search(item.text) is not None


def is_decision(item: Item) -> bool:
    """Tell whether an item decides something: a correction of a fact doesn't, and a standing rule is a lesson."""
    if not item.turns:
        return True
    if item.text.startswith(_REPORTED):
        return is_rule(item.text) and not is_standing(item.text)
    is_fact = _FACT.match(item.text) and not _CHOICE.search(item.text) and not is_rule(item.text)
    return not is_fact and not _HEDGE.search(item.text) and not item.text.endswith("?")


def is_lesson(item: Item) -> bool:
    """Tell whether an item teaches: of what a draft found, no fragment and nothing that passes with the hour."""
    if item.kind == "decision":
        return bool(item.turns) and item.text.startswith(_REPORTED) and is_standing(item.text)
    if item.text.endswith(":") or prose.is_reported(item.text):
        return False
    if item.kind == "insight" and not item.turns:
        return strength(item.text) > item.text[:1].islower() and not _is_loose(item.text)
    if not item.turns or item.kind not in {"discovery", "insight"}:
        return True
    is_whole = len(item.text.split()) >= _FEWEST_WORDS and not is_rule(item.text) and not _PASSING.search(item.text)
    return not _POINTING.match(item.text) and (is_telling(item) or (is_whole and not _is_fragment(item.text)))


def _is_fragment(text: str) -> bool:
    """Tell whether an English text has no verb outside of its code: a heading's words, or a step to take."""
    bare = _CODE.sub("", text)
    return _ENGLISH.search(bare) is not None and _VERB.search(bare) is None


def _is_loose(text: str) -> bool:
    """Tell whether a thought hangs on those around it, or is none that others can learn from."""
    is_own = _OPENING.match(text) and not is_rule(text) and not is_standing(text)
    return bool(is_own or _HANGING.match(text) or _LOOSE.search(text)) or prose.is_asked(text)


def is_telling(item: Item) -> bool:
    """Tell whether a lesson is a rule to follow or a cause to know; a draft's step of one task is no rule."""
    return is_standing(item.text) or is_cause(item.text) or (not item.turns and is_rule(item.text))


def strength(text: str) -> int:
    """Return how much a lesson explains, 0 to 3: a bare fact says what is, a better one why, when or at what price."""
    if text[:1].islower() and (len(text.split()) < _FEWEST_WORDS or _GERUND.match(text)):
        return 0
    return 1 + min(2, len({found.casefold() for found in _EXPLAINS.findall(text)}))


def weight(text: str) -> int:
    """Return how much a reflection has to tell: what it explains, and what was felt."""
    return strength(text) + 2 * (prose.FEELING.search(text) is not None)


def trouble(text: str) -> int:
    """Return how far back a challenge stands: grave and solved ones come first, small ones last."""
    no_trouble = is_slight(text) or _DONE.match(prose.unstyled(text)) is not None
    return 3 * no_trouble + (_SOLVED.search(text) is None) - (_GRAVE.search(text) is not None)


def is_slight(text: str) -> bool:
    """Tell whether a challenge was a small one by its own words, or the care that any work takes."""
    return _SLIGHT.search(text) is not None or (_CARE.match(text) is not None and not _SOLVED.search(text))


def is_reflection(item: Item) -> bool:
    """Tell whether an item is what a person thinks or feels about the work, rather than a lesson from it."""
    text = item.text
    if item.kind != "insight" or item.turns or text.endswith(":") or prose.is_reported(text):
        return False
    is_bare = weight(text) < _TOLD_MUCH and len(text.split()) < _FEWEST_THOUGHT
    if is_bare or (text.endswith("?") and prose.is_asked(text) and len(list(sentences(text))) == 1):
        return False
    if _OPENING.match(text):
        return True
    opening = " ".join(islice(sentences(item.text), 2))
    is_lesson_too = not prose.is_asked(text) and (is_standing(text) or is_rule(text))
    return _OWN.search(opening) is not None and not is_lesson_too


def is_teachable(text: str) -> bool:
    """Tell whether what recurred is worth teaching: a rule, a cause, what explains something, and no small trouble."""
    explains = is_rule(text) or is_standing(text) or is_cause(text) or strength(text) > 1
    return explains and not is_slight(text)


def recurs(pattern: Pattern) -> bool:
    """Tell whether a pattern is worth telling: what the drafting counted and what users merely asked is not."""
    asked = pattern.statement.startswith(_REPORTED) and not is_rule(pattern.statement)
    asked = asked or pattern.statement.startswith(OFFERED)
    return not asked and not all(member.is_conduct for member in pattern.members)


def worded(text: str) -> str:
    """Return what was said without who said it and what led to it."""
    return sentence(rule_in(text)) if text.startswith(_REPORTED) else text


def outcome_of(entry: Entry) -> str:
    """Return the outcome in words, "" where it isn't known."""
    return _OUTCOMES.get(entry.outcome, entry.outcome)
