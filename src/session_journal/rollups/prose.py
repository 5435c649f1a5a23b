"""What people tell in running text, where no bullet of a section says it: decisions, feelings, labelled lines."""

from __future__ import annotations

from collections.abc import Iterator

from session_journal.core import lazy_re as re
from session_journal.core import sections
from session_journal.core.asked import QUOTES
from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentence, sentences
from session_journal.core.headings import SURPRISE, is_surprise, meaning
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns import rule_in
from session_journal.rollups.praise import is_praise

_DECIDED = re.compile(
    r"\b(?:decided (?:to|on|against|that|not)|opted (?:for|to)|settled on|agreed (?:to|on|that)|chose (?:to|not)"
    r"|(?:we|i) (?:chose|ended up \w+ing)|pivot(?:ed)? (?:from|to|away)|(?:design|strategic) pivot"
    r"|decision (?:to|that|was))\b"
    r"|\b(?:made|makes) (?:an?|the) (?:[\w-]+ ){0,2}(?:decision|choice|pivot)\b"
    r"|\bthis (?:[\w-]+ ){1,3}decision \w+s\b"
    r"|^(?:(?:we|i) )?(?:removed|dropped|replaced|moved|abandoned|left|gave up|eliminated|discarded) .{3,100}"
    r"\bin favou?r of\b",
    re.IGNORECASE,
)
_LED = re.compile(
    r"[\w /-]{0,40}\bdecision: "
    r"|(?:[^:.\n]{2,60}: )?"
    r"(?:chose|decided|opted|dropped|postponed|deferred|ruled out|switched (?:from|to)|settled)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:this|the) (?:commit|change|update|entry) (?:documents|reflects|records|captures|marks|represents)"
    r" (?:the|an?|our) (?:[\w-]+ ){0,2}?(?:decision|choice) to (?=\w)"
    r"|(?:the|our) (?:[\w-]+ ){0,3}?decision was (?:to )?(?=\w)"
    r"|this (?:[\w-]+ ){0,3}?decision (?=[a-z]{3,}s\b)"
    r"|(?:[a-z]+ ){0,2}?decision: (?=\w)",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"this (?:[\w-]+ )*decision $", re.IGNORECASE)
"""Of which only the verb is left, without a subject: `This decision drops it`."""
_NOTED = re.compile(r"(?:this|the) (?:commit|change|update|entry) ", re.IGNORECASE)
_MORE = re.compile(r", and [a-z]+s (?:an?|the|more|all|its|our|some)\b.*$")
"""What else a commit does, which does not follow from what was decided."""
_SHORT_VERB = 4
_LEAD = re.compile(
    r"(?:first|second|third|finally|lastly|overall|however|additionally|in conclusion|to (?:fix|solve) (?:this|that)),"
    r" (?=[a-z`])|(?:except|but|and|so|also|regardless),? (?=(?:i|we)\b)",
    re.IGNORECASE,
)
"""What ties a sentence to those that stood before it."""
_MAY_DECIDE = re.compile(
    r"chose|decid|decision|opted|settled|agree|pivot|choice|dropped|postponed|deferred|ruled out|switched|ended up"
    r"|favou?r of",
    re.IGNORECASE,
)
FEELING = re.compile(
    r"\b(?:happy|glad|excited|psyched|proud|love|joy|relie(?:f|ved)|disappoint\w*|frustrat\w*|annoy\w*|overwhelm\w*"
    r"|shaken|worried|afraid|sad|tired|stuck|hate|wow|omg|enjoy\w*)\b",
    re.IGNORECASE,
)
EXCLAIMED = re.compile(r"(?:wow|omg|ugh|yay|haha|lol|phew|hooray)\b", re.IGNORECASE)
ME = re.compile(r"\bI\b|\b[Mm]y\b|\b[Mm]e\b")
_LABEL = re.compile(r"([A-Z][\w' ]{2,30}):\s+(\S.*)")
_LABELLED: dict[ItemKind | None, ItemKind] = {
    "decision": "decision", "discovery": "discovery", "takeaway": "takeaway", "question": "question", "next": "next",
    "action": "next",
}  # fmt: skip
"""What a label before a line may make of it; what may as well be a tool's output (`Error: …`) is not among it."""
_LABELLED_WORDS = 3
"""How a bullet says what was decided: `Format: chose JSON over a packed form`."""
_EMPHASIS = re.compile(r"(?<![\w*])\*\*(?=\S)([^*\n]{1,300}?)(?<=\S)\*\*(?![\w*])")
_STAMP = re.compile(
    r"\A(?:\(?\d{4}-\d{2}-\d{2}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?\)?|\d{1,2}:\d{2})[ :,\u2013\u2014-]+(?=\S)"
)
_NO_PROSE = (">", "|", "#", "<", "    ", "\t")
_BULLET = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX/]\]\s+)?")
_FENCES = ("```", "~~~")
_LONGEST = 600
REPORTED = "The user's "
"""How a draft begins what the user said."""
_NO_POINT = re.compile(r"[=#~_-]{3}|\d+ ?[-.)] |\**(?:user|human|ai|assistant|agent|[A-Z]\w+ \d+)\**: ", re.IGNORECASE)


def is_decided(text: str) -> bool:
    """Tell whether a statement says what was decided."""
    said = _DECIDED.search(text) is not None or _LED.match(unstyled(text)) is not None
    return said and not is_praise(text)


def worded(text: str) -> str:
    """Return what was said without who said it, what led to it, and the words that merely announce it."""
    if text.startswith(REPORTED):
        return sentence(rule_in(text))
    led = _CALLED.match(text) or _LEAD.match(text)
    if led and _ABOUT.match(led[0]):
        verb, _, rest = text[led.end() :].partition(" ")
        return f"{sentence(base_form(verb))} {rest}"
    if led and _NOTED.match(led[0]):
        text = _MORE.sub("", text)
    return text[led.end() : led.end() + 1].upper() + text[led.end() + 1 :] if led else text


def base_form(verb: str) -> str:
    """Return a verb as one tells somebody to do it: `drops` is `drop`."""
    if verb.endswith("ies") and len(verb) > _SHORT_VERB:
        return f"{verb[:-3]}y"
    return verb[: -2 if verb.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")) else -1]


def is_reported(text: str) -> bool:
    """Tell whether a text is a step of a list, a quotation, pasted output, or what somebody said in a conversation."""
    return text.startswith(tuple(QUOTES)) or _NO_POINT.match(text) is not None


def is_asked(text: str) -> bool:
    """Tell whether a text begins with a question."""
    return next(sentences(text), "").endswith("?")


def unstyled(text: str) -> str:
    """Return a statement without bold words and without the time or symbols that may stand before it."""
    text = _STAMP.sub("", text, count=1) or text
    if "**" in text:
        text = _EMPHASIS.sub(r"\1", text)
    start = 0
    while start < len(text) and not text[start].isascii() and not text[start].isalnum():
        start += 1
    return text[start:].lstrip() if start and text[start:].strip() else text


def decisions(entry: Entry) -> list[Item]:
    """Return the sentences of a person's running text that say what was decided; a draft's are items already."""
    if is_drafted(entry) or not _MAY_DECIDE.search(entry.body):
        return []
    return [Item("insight", text, line=line) for line, text in _sentences(entry.body) if is_decided(text)]


def feelings(entry: Entry) -> list[Item]:
    """Return the sentences of a person's running text that say how they felt about the work."""
    if is_drafted(entry) or not FEELING.search(entry.body):
        return []
    return [
        Item("insight", text, line=line)
        for line, text in _sentences(entry.body)
        if FEELING.search(text) and ME.search(text) and not is_reported(text)
    ]


def labelled(entry: Entry) -> list[Item]:
    """Return what a person's lines say they are, outside of the sections for it: `What surprised me: the lock`."""
    if is_drafted(entry):
        return []
    found: list[Item] = []
    for line, text in _lines(entry.body):
        if (match := _LABEL.match(unstyled(text))) and len(match[2].split()) >= _LABELLED_WORDS:
            kind = (meaning(match[1]) or ("", None))[1]
            told = f"{match[2]} {SURPRISE}" if is_surprise(match[1]) else match[2]
            if kind in _LABELLED:
                found.append(Item(_LABELLED[kind], sentence(told), line=line))
    return found


def is_drafted(entry: Entry) -> bool:
    """Tell whether nobody but the drafting wrote an entry."""
    return entry.is_drafted


def told(body: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of running text and of bullets that are no items, with their lines."""
    return ((line, unstyled(text)) for line, text in _sentences(body))


def _sentences(body: str) -> Iterator[tuple[int, str]]:
    for number, text in _lines(body):
        yield from ((number, one) for one in sentences(text) if len(one) <= _LONGEST)


def _lines(body: str) -> Iterator[tuple[int, str]]:
    for section in sections.split(body):
        if section.kind is None:
            yield from _prose(section)


def _prose(section: sections.Section) -> Iterator[tuple[int, str]]:
    fenced = False
    for number, line in enumerate(section.lines, section.first):
        if line.lstrip().startswith(_FENCES):
            fenced = not fenced
        elif not fenced and line and not line.startswith(_NO_PROSE) and len(line) < 20 * _LONGEST:
            yield number, _BULLET.sub("", line.strip(), count=1)
