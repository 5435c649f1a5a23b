"""What people mean to do, in what they thought of the work: intentions that no bullet of a section says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from session_journal.core import lazy_re as re
from session_journal.core import sections
from session_journal.core.asked import QUOTES, STEP
from session_journal.core.entry import Entry
from session_journal.core.excerpts import points, sentence, sentences
from session_journal.core.items import Item
from session_journal.rollups.prose import is_drafted, is_reported

_INTENDED = re.compile(
    r"\b(?:i|we)(?:['\u2019]ll| will| still)? (?:need|have|want|plan|intend) to\b"
    r"|\b(?:i|we)(?:['\u2019]d| would) (?:also )?like to\b"
    r"|\b(?:i['\u2019]m|i am|we['\u2019]re|we are) (?:going|planning) to\b"
    r"|^(?:(?:also|and|or|regardless|maybe),? )?consider \w+ing\b"
    r"|\bthe (?:main |next |only |first )?thing to (?:focus on|do|try|fix|build|write|make)\b",
    re.IGNORECASE,
)
_FEWEST_STEPS = 2
_LOST = re.compile(
    r"\b(?:\w+ing|to \w+|and \w+) (?:it|them|these|those|this|that)\b(?! \w)"
    r"|\b(?:\w+ing|to \w+) (?:them|these|those)\b|^(?:it|they|these|those|this|that)\b",
    re.IGNORECASE,
)
"""What is meant to be done with something that was named before it."""
_TOPIC = re.compile(r"\*\*([^*\n]{3,60})\*\*:?(?: [-\u2013\u2014])? ")
_PAST = re.compile(
    r"\b(?:wanted|needed|had) to\b|\b(?:don['\u2019]t|do not|didn['\u2019]t) (?:need|have|want|like)\b"
    r"|\bwait and see\b|\b(?:save|remember|keep) (?:this|that|it)\b",
    re.IGNORECASE,
)
"""What was meant and is no more, or asks for nothing to be done."""
_FEWEST_WORDS = 6
_FEWEST_TOLD = 4


def intentions(entry: Entry) -> list[Item]:
    """Return what a person means to do, in what they thought of the work, and the steps that they number there."""
    meant = (replace(one, text=list(sentences(one.text))[-1], kind="next") for one in _thoughts(entry))
    clear = [
        one
        for one in meant
        if _INTENDED.search(one.text) and not (_PAST.search(one.text) or one.text.endswith("?") or _is_lost(one.text))
    ]
    return [*clear, *_steps(entry)]


def _is_lost(text: str) -> bool:
    """Tell whether an intention speaks of something that was named before it, and no topic leads it."""
    return _LOST.search(text) is not None and ": " not in text


def _steps(entry: Entry) -> Iterator[Item]:
    """Yield the steps that a person numbers in what they thought: `1 - Read the log, and 2 - keep it`."""
    thoughts = [] if is_drafted(entry) else [one for one in entry.items if one.kind == "insight" and not one.turns]
    numbered = [(one, text.strip()) for one in thoughts for text in STEP.split(one.text)[1:]]
    for one, text in numbered if len(numbered) >= _FEWEST_STEPS else ():
        said = _step(text)
        if len(said.split()) >= _FEWEST_TOLD and not said.endswith("?") and not _LOST.match(said):
            yield replace(one, kind="next", text=sentence(said))


def _step(text: str) -> str:
    """Return a step in the sentence that it begins with, or up to what it asks."""
    first, *rest = [*sentences(text), ""]
    if rest[0].endswith("?"):
        return f"{first} {rest[0]}"
    said = first.removesuffix(", and").rstrip(",")
    return said.partition(", but ")[2] or said if _LOST.match(said) else said


def _thoughts(entry: Entry) -> Iterator[Item]:
    """Yield the points of a person's insights, but for those with quoted words; one that hangs, with its topic."""
    if is_drafted(entry):
        return
    for item in (*entry.items, *_leading(entry)):
        if item.kind == "insight" and not item.turns and not is_reported(item.text):
            topic = match[1] if (match := _TOPIC.match(item.text)) else ""
            for text in points(item.text.removeprefix(match[0] if match else "")):
                if len(text.split()) >= _FEWEST_WORDS and not any(sign in text for sign in QUOTES):
                    told = f"{topic.rstrip(':')}: {text}" if topic and _LOST.search(text) else text
                    yield Item(item.kind, told, line=item.line)


def _leading(entry: Entry) -> Iterator[Item]:
    """Yield what stands before the words that lead a list, in a person's thoughts; those lead the list's bullets."""
    for section in sections.split(entry.body):
        for number, line in enumerate(section.lines if section.kind == "insight" else (), section.first):
            if line.rstrip().endswith(":") and len(said := list(sentences(line))) > 1:
                yield Item("insight", " ".join(said[:-1]), line=number)
