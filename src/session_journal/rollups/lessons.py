"""What of an entry teaches, and how much: a person's word counts, a draft's has to fit."""

from __future__ import annotations

from session_journal.core import lazy_re as re
from session_journal.core.asides import is_talk, is_torn
from session_journal.core.items import Item
from session_journal.core.patterns import is_cause, is_rule, is_standing
from session_journal.core.pointing import is_lost
from session_journal.rollups import prose
from session_journal.rollups.praise import is_praise
from session_journal.rollups.troubles import is_slight

_PASSING = re.compile(
    r"\b(?:ha(?:s|ve) been \w+(?:ed|en)|all set|will (?:have|provide|take|be able))\b|"
    r"\b(?:now|currently|still|already|previously|resolved|stale|(?:fail|pass)(?:s|es|ed|ing)?)\b"
    r"|\b(?:pre-existing|outstanding|coming together)\b|^the (?:goal|aim|rest|key change|change) "
    r"|^(?:there(?:['\u2019]s| is| are)|used|checked|tested|looked|note|next|then|same|replaces|uses|verifies|stores"
    r"|calls|does|adds|removes|handles|returns|moves|this|that|those|these|it|the (?:merge|diagnostics))\b",
    re.IGNORECASE,
)
_HANGING = re.compile(r"\W*(?:this|that|these|those|it|so|then|or|another|also|thinking)\b", re.IGNORECASE)
_LOOSE = re.compile(
    r"\b(?:hopefully|maybe|perhaps|seems?|above|this is|it(?:['\u2019]s| is) (?:funny|weird|strange|odd)"
    r"|some of (?:these|those))\b",
    re.IGNORECASE,
)
_DESIGN = re.compile(
    r"\b(?:will|shall|would)\b(?!.*\b(?:if|when(?:ever)?|unless|until|once|every|each|always|never|otherwise)\b)"
    r"|\bshould\b(?!.*\b(?:always|never|every|each|before|after|when(?:ever)?|only|because|unless|if)\b)"
    r"|\b(?:i|we)(?:['\u2019]d| would)? (?:like|want|need|plan|hope) (?:to|for)\b",
    re.IGNORECASE,
)
"""What something is to become; a law of how things go says when."""
_OPINION = re.compile(r"\bI (?:do )?(?:think|guess|believe|feel|suspect|hope)\b|\b(?:imho|imo|tbh)\b", re.IGNORECASE)
_CODE = re.compile(r"`[^`]*`")
_ENGLISH = re.compile(
    r"\b(?:the|an?|of|from|and|instead|with|for|when|if|to|in|is|are|not|by|using|old|new)\b", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"(?<=\w) (?:when|if|while|because|since|unless|until|after|before|once|as)\b.*$",
    re.IGNORECASE,
)
_HEADED = re.compile(r"^(?!(?:the|an?|this|each|every|all|no|some|both|any|it)\b)[\w-]+ [\w-]+s$", re.IGNORECASE)
"""Two words of which the last one may be a plural as well as a verb: a heading, as a rule."""
_VERB = re.compile(
    r"\w{2,}(?:s|ed|n['\u2019]t)\b|\b(?:is|are|am|be|do|can|could|will|would|should|must|may|might|need|had|did|got|went|ran"
    r"|took|came|made|kept|lost|found|broke|wrote|left|met|read|set|cut|put|gave|grew|held|led|let|said|saw|sent|told"
    r"|won|hung|hit|have|become|fail|work|return|match|run|use|call|keep|come|take|want|live|stay|fall)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"(?:apparently|seemingly|presumably|evidently|probably|likely|possibly|it (?:seems|appears|looks)|looks like)\b",
    re.IGNORECASE,
)
"""What a draft took from a guess at how things stand at the moment."""
_FEWEST_WORDS = 6
_FEWEST_TOLD = 5
_EXPLAINS = re.compile(
    r"\b(?:because|since|but|although|though|only|never|always|without|unless|until|instead|rather|which|when|while|not"
    r"|cannot|\w+n['\u2019]t|matters?|requires?|means|causes?|due to|leads? to|known|wrong|every|even|bugs?"
    r"|so (?:that|if|the|it|we)|ignor\w+|fail\w*|lost|missing|silently|race)\b",
    re.IGNORECASE,
)
_NORMED = re.compile(
    r"\b(?:always|never|must(?:n['\u2019]t)?|should(?:n['\u2019]t)?|do(?: not|n['\u2019]t)|avoid|prefer|every|each)\b",
    re.IGNORECASE,
)
"""How a draft's discovery says what to do beyond the one task that it was found in."""
_MADE = re.compile(
    r"(?:implemented|created|documented|refactored|enhanced|completed|built|wrote|extended|migrated)\b"
    r"|(?:added|updated|removed|fixed|moved|renamed) (?:the|an?|all|its|our|my|some|more|another|`)",
    re.IGNORECASE,
)
"""How a deed begins; "Removed rows stay in the log" is none."""
_SINCE = re.compile(r"since [^,]{10,}, ", re.IGNORECASE)
"""How a cause begins that names no cause."""
_CODE_LED = re.compile(r"`[^`]+`(?: \([^)]*\))? ?[-:\u2013\u2014] ")
_BESIDE = re.compile(r" ?\([^()]*\)")
_GERUND = re.compile(r"[a-z]+ing\b")
OPENING = re.compile(r"(?:\w+,? ){0,3}?I\b")


def is_lesson(item: Item) -> bool:
    """Tell whether an item teaches: of what a draft found, no fragment and nothing that passes with the hour."""
    if item.kind == "decision":
        return bool(item.turns) and item.text.startswith(prose.REPORTED) and is_standing(item.text)
    if _is_beside(item):
        return False
    if _MADE.match(item.text) and strength(item.text) < 2:
        return False
    if item.kind == "insight" and not item.turns:
        return strength(item.text) > item.text[:1].islower() and not _is_loose(item.text)
    if not item.turns or item.kind not in {"discovery", "insight"}:
        return True
    words = len(item.text.split())
    is_whole = words >= _FEWEST_WORDS and not is_rule(item.text) and not _PASSING.search(item.text)
    is_said = is_telling(item) and words >= _FEWEST_TOLD
    return is_said or (is_whole and not _is_fragment(item.text))


def _is_beside(item: Item) -> bool:
    text = item.text
    is_beside = bool(item.turns) and bool(is_talk(text) or is_torn(text) or _HEDGED.match(text))
    return (
        is_lost(text, drafted=bool(item.turns))
        or text.endswith(":")
        or prose.is_reported(text)
        or is_praise(text)
        or is_beside
    )


def _is_fragment(text: str) -> bool:
    """Tell whether an English text has no verb outside of its code: a heading's words, or a step to take."""
    bare = _CODE.sub("", text)
    main = _CLAUSE.sub("", _BESIDE.sub("", bare))
    if _CODE_LED.match(text):
        return len(_BESIDE.sub("", bare).split()) < _FEWEST_TOLD or _VERB.search(bare) is None
    return _VERB.search(_HEADED.sub("", main)) is None and _ENGLISH.search(bare) is not None


def _is_loose(text: str) -> bool:
    """Tell whether a thought hangs on those around it, or is none that others can learn from."""
    is_own = OPENING.match(text) and not is_rule(text) and not is_standing(text)
    is_hung = _HANGING.match(text) or _LOOSE.search(text) or prose.EXCLAIMED.match(text)
    is_meant = _DESIGN.search(text) or (_OPINION.search(text) and not is_cause(text))
    return bool(is_own or is_hung or is_meant) or prose.is_asked(text)


def is_telling(item: Item) -> bool:
    """Tell whether a lesson is a rule to follow or a cause to know; a draft's step of one task is no rule."""
    text = item.text
    is_step = bool(item.turns) and item.kind == "discovery" and not _NORMED.search(text)
    return (
        is_cause(text)
        or _SINCE.match(text) is not None
        or (is_standing(text) and not is_step)
        or (not item.turns and is_rule(text))
    )


def strength(text: str) -> int:
    """Return how much a lesson explains, 0 to 3: a bare fact says what is, a better one why, when or at what price."""
    if text[:1].islower() and (len(text.split()) < _FEWEST_WORDS or _GERUND.match(text)):
        return 0
    return 1 + min(2, len({found.casefold() for found in _EXPLAINS.findall(text)}))


def is_teachable(text: str) -> bool:
    """Tell whether what recurred is worth teaching: a rule, a cause, what explains something, and no small trouble."""
    explains = is_rule(text) or is_standing(text) or is_cause(text) or strength(text) > 1
    return explains and not is_slight(text)
