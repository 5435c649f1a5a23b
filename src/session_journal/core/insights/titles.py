"""Titles: a goal as a short imperative, the sentence that orders before the ones that only tell."""

from __future__ import annotations

import itertools

from session_journal.core import lazy_re as re
from session_journal.core.insights.languages import is_english, units
from session_journal.core.insights.requests import IMPERATIVE, ORDERS, PROBLEM, QUESTION, wish, without_courtesy
from session_journal.core.insights.wording import capital, lowered
from session_journal.core.text import one_line, shorten


def order(goal: str) -> str:
    """Return the sentence of a goal that tells what to do, where the ones before only tell how things are."""
    said = [part.strip() for part in re.split(r"(?<=[\w)`][.!])\s+|;\s", goal) if part.strip()]
    if not said or IMPERATIVE.match(said[0]) or QUESTION.match(said[0]) or said[0].endswith("?"):
        return goal
    for before, part in itertools.pairwise(said[:4]):
        bare = without_courtesy(part)
        if ORDERS.match(bare) and not bare.endswith("?"):
            return capital(_with_noun(bare, before))
    return goal


def _with_noun(clause: str, before: str) -> str:
    """Return a clause with what its pronoun means: the noun that the sentence before begins with, or its place."""
    noun, place = _NOUN.match(before), _PLACE.match(before)
    if noun is not None:
        return re.sub(r"^(\w+) (?:it|them)\b", lambda verb: f"{verb.group(1)} {lowered(noun.group(1))}", clause)
    if place is not None and re.match(r"\w+ (?:it|them|this|that)\b", clause):
        return f"{capital(place.group(1))}, {lowered(clause)}"
    return clause


_PLACE = re.compile(
    r"((?:in|on|at) (?:the|our|my|this) [\w`./ -]{3,40}?)(?:,| (?:where|when|which|that|we|there|is|has)\b)",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"((?:the|our|my|this|these)\s[^,;:]{3,50}?)\s(?:is|are|has|have|takes?|fails?|needs?)\b", re.IGNORECASE
)


def with_subject(goal: str, about: str) -> str:
    """Return a bare request ("Review 181") with what it turned out to be about."""
    verb = IMPERATIVE.match(goal.lstrip("/"))
    return (f"{verb.group().capitalize()} {about}" if verb else about) if about and len(goal.split()) < 4 else goal


def title(goal: str, about: str = "") -> str:
    """Return a short imperative title of at most 70 characters for a goal; `about` names what a bare one is about."""
    goal = _HANGING.sub("", goal.rstrip("… ")) if goal.endswith("…") else goal
    text = _opened(wish(with_subject(goal if about else order(_content(goal)), about)))
    whole = _SENTENCE.split(text, maxsplit=1)[0].rstrip(".?!。？！ ")
    text = whole if about else re.split(r"\s[-–—]\s", whole, maxsplit=1)[0]
    text = re.split(r",\s+(?=(?:what|why|how|can|could|is|do|does|should)\b)", text)[0]
    text = text if units(text) > 3 and text.count('"') % 2 == 0 else re.sub(r"^([^\"]{0,40}) - ", r"\1: ", whole)
    is_name = text.startswith("`")
    text = _LONG_PATH.sub(lambda found: re.findall(r"[^/\\]+", found.group())[-1], text)
    text = text.replace("`", "").strip(" ,:-")
    english = is_english(text)
    is_denied = _DENIED.match(goal) and not (about or IMPERATIVE.match(text))
    text = _imperative(f"Fix: {text}" if is_denied else text) if english else text
    text = re.sub(r"\s*\([^)]*\)", "", text) if len(text) > 50 and not about else text
    text = _fitted(text, 70 if units(text) <= len(text.split()) + 4 else 40)
    return text if is_name else capital(text)


_DENIED = re.compile(
    r"(?!(?:please|can|could|add|make|let)\b)[^.?!]{10,170}[.!]\s+but (?:it|that|this|they)(?: \w+)? ?"
    r"(?:does|is|do|did|was|are)(?:n't| not)\b",
    re.IGNORECASE,
)
"""How a thing is said to be, and that it is not so: the fault, told as its opposite."""
_UNNAMED = re.compile(
    r"(?:(?:new|untitled|unnamed|empty)\s*)?(?:chat|session|conversation|thread|agent|composer|task|untitled|no title)?"
    r"[\s\d:TZ.,()#/_–-]*",
    re.IGNORECASE,
)


def given_title(name: str, request: str) -> str:
    """Return the title that a tool gave a session, "" where it says no more than that there is one.

    request: the first prompt; a title that only repeats its beginning was not thought about by anybody.
    """
    bare = one_line(name).rstrip(" .…")
    if _UNNAMED.fullmatch(bare) or bare.startswith(("/", "<", "[Image")):
        return ""
    if units(request) > units(bare) and one_line(request).lower().startswith(bare.lower()):
        return ""
    return shorten(bare, 70)


def _fitted(text: str, limit: int) -> str:
    """Return a title within a limit; of a sentence that a condition opens at least the beginning of what follows it."""
    short = fitted(text, limit)
    condition = re.match(r"(?:if|when|before|after|while|since|because|as|once)\b[^,]*,\s+", text, re.IGNORECASE)
    if condition is None or units(short[condition.end() :]) >= 3 or units(text[condition.end() :]) < 4:
        return short
    return fitted(text[condition.end() :], limit)


_LONG_PATH = re.compile(r"(?<![\w.:/\\-])(?:~|[A-Za-z]:)?(?:[/\\][\w.@+-]+){2,}[/\\]?")
"""A path from the root: in a title its last name is enough."""


def _content(goal: str) -> str:
    """Return a goal without the words that only announce it: "Consider this feedback: …"."""
    announced = _ANNOUNCES.match(goal) or _WANTS.match(goal)
    return goal[announced.end() :] if announced and units(goal[announced.end() :]) >= 3 else goal


_ANNOUNCES = re.compile(
    r"(?:[^:.?!]{0,40},\s)?"
    r"(?:(?:please |also |we |i )?(?:just )?(?:consider|address|handle|look at|see|check|fix|have|had|got|received|"
    r"here(?:'s| is| are)|there(?:'s| is| are))\s+)?"
    r"(?:(?:this|the|these|that|some|following|other|more|my|our|a|an|pr|code|review|reviewer|new)\s+)*"
    r"(?:feedback|comments?|suggestions?|findings?|remarks?|errors?|issues?|problems?|output|logs?|messages?|question|"
    r"task|request|bug)(?:\s+(?:from|on|in)\s[\w@# .-]{2,24})?\s*:\s+",
    re.IGNORECASE,
)


_WANTS = re.compile(r"[^:.?!]{0,40}:\s+(?=(?:i|we)(?:'d| would)? (?:want|need|like)\b)", re.IGNORECASE)


def _opened(text: str) -> str:
    """Return a goal without what stands before its matter: a plan's name, an attempt, an opinion, a courtesy."""
    text = re.sub(r"^Implement the plan: (?:fix|add)\b", lambda m: m.group()[20:], text, flags=re.IGNORECASE)
    text = without_courtesy(re.sub(r"^Implement the plan: ", "", text))
    text = re.sub(r"^i(?:'m| am|'ve| have)? (?:just )?(?:tried|trying) to\s+", "", text, flags=re.IGNORECASE)
    text = _OPINION.sub("", text)
    return re.sub(r"^how (?:do|can|should|would|could) (?:we|i|you)\s+|^how to\s+", "", text, flags=re.IGNORECASE)


_OPINION = re.compile(
    r"^(?:i (?:think|believe|feel like|guess|noticed|see)(?: that)?|"
    r"it (?:seems|looks like|appears)(?: that)?)\s+(?!you\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[\w)`\"'\]])(?<!\be\.g)(?<!\bi\.e)[.?!](?:\s|$)|[。！？；]|;\s|\n")


def _imperative(text: str) -> str:
    """Return a title that orders, where the goal only tells of a failure, a conflict or a fault."""
    failing = _FAILING.match(text)
    if IMPERATIVE.match(text) or ORDERS.match(text) or (QUESTION.match(text) and not failing):
        return text
    bare = re.sub(
        r"^(?:(?:we |i )?(?:got|have|had|there are|there is)|"
        r"(?:we|i)(?:'re| are|'m| am)? (?:seeing|getting|having|facing|hitting|see|get|hit))"
        r"\s+(?:some |an? (?:few )?)?",
        "",
        text,
        flags=re.IGNORECASE,
    )
    if re.match(r"(?:[\w.]+\.)?\w*(?:Error|Exception): ", text):
        return f"Fix {text}"
    if failing:
        text = f"Find out why {_failure(*failing.groups())}"
    elif broken := _BROKEN.match(text):
        text = f"Fix {broken.group(1)}{broken.group(2)}"
    elif re.search(r"\bconflicts?\b", text, re.IGNORECASE):
        text = f"Resolve {bare}"
    elif PROBLEM.search(text) and units(text) <= 14 and not _TELLS.search(_CLAUSE.split(bare)[0]):
        text = f"Fix {bare}"
    return re.sub(
        r"^(Fix|Resolve|Find out why) ([A-Z])(?=[a-z]+ [a-z])", lambda m: f"{m.group(1)} {m.group(2).lower()}", text
    )


def _failure(subject: str, verb: str, where: str) -> str:
    """Return who fails where, in the present."""
    bare = re.sub(r"(?:s|es|ed|ing)$", "", verb.lower())
    many = subject.endswith("s") or bare == verb.lower()
    return f"{subject} {bare}{'' if many else 'es' if bare == 'crash' else 's'}{where}"


_FAILING = re.compile(
    r"((?!i\b|we\b|it\b|you\b)[^,;:]{4,50}?)\s+(?:is |are |keeps? )?"
    r"(fail(?:s|ed|ing)?|crash(?:es|ed|ing)?|hang(?:s|ing)?)(?!\w)((?: (?:on|in|with|when|since|after|under)\b.*)?)",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"((?!i\b|we\b|it\b|you\b|this\b|that\b)[^,;:]{4,50}?)\s+(?:(?:does|do|is|are)(?:n't| not) (?:work|working)|"
    r"(?:is|are) broken)(?: (?:any ?more|properly|correctly|as (?:intended|expected)))?"
    r"((?: (?:on|in|with|when|since|after|under)\b.*)?)$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\s(?:where|that|which|when)\s", re.IGNORECASE)
_TELLS = re.compile(
    r"^(?:in|on|at|for|with|when|if|to|from|by|after|before|while|because|i|it|this|that)\b|"
    r"\b(?:should|must|needs?|shouldn't|mustn't|can|could|would|will|is|are|was|were|has|have|does|do|did)\b",
    re.IGNORECASE,
)
"""A sentence with a verb of its own: with an imperative before it, it would be none."""


def fitted(text: str, limit: int) -> str:
    """Return text within a limit of characters, cut where a phrase ends, with no word left hanging."""
    if len(text) <= limit:
        return text
    cut = shorten(text, limit).rstrip("…")
    ends = [found.start() for found in _PHRASE.finditer(text) if found.start() <= len(cut)]
    ends = [end for end in ends if units(text[:end]) >= 4 and 2 * end >= len(cut)]
    cut = text[: ends[-1]] if ends else _whole(text, cut)
    if cut.count('"') % 2:
        cut = cut[: cut.rindex('"')] if cut.rindex('"') > len(cut) // 2 else f'{cut}"'
    cut = _HANGING.sub("", re.sub(r"\s+(?:and|or)\s+\w+$", "", cut) if units(cut) > 6 else cut)
    return _HANGING.sub("", cut.rstrip(" .,;:—–-(，、；：")).rstrip(" .,;:—–-(，、")


def _whole(text: str, cut: str) -> str:
    """Return what was cut from a text without a path or word that the cut went through, unless nothing else is left."""
    if text[len(cut) : len(cut) + 1].isspace() or " " not in cut:
        return cut
    before = cut.rsplit(" ", 1)[0]
    return before if units(before) >= 3 and is_english(text) else cut


_PHRASE = re.compile(
    r"\s+(?:and|or|but|so|because|since|when|while|where|which|that|who|if|from|for|with|without|in|on|by|to|of|at|as|via|"
    r"after|before|into|instead|und|oder|damit|weil|dass|wenn|mit|für|y|que|para|porque|et|ou|pour|avec|и|или|чтобы|что|для)"
    r"\b|[,;:.!?]\s|\s[—–(-]|[，。；：、！？]",
    re.IGNORECASE,
)
_HANGING = re.compile(
    r"(?:[\s,.;]+(?:the|an?|to|of|and|or|but|with|in|for|on|by|from|at|as|is|are|was|be|it|its|we|i|you|our|my|your|this|that|"
    r"these|those|which|who|if|when|where|while|so|because|called|named|should|could|can|will|would|must|do|does|not))+$",
    re.IGNORECASE,
)
