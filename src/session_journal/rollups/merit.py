"""What of an entry a week's page may say, and in which words: a person's word counts, a draft's has to fit."""

from __future__ import annotations

import re

from session_journal.core import sections
from session_journal.core.entry import Entry
from session_journal.core.excerpts import cut_short, sentence
from session_journal.core.items import Item
from session_journal.core.patterns import Pattern, is_cause, is_rule, is_standing, rule_in

_REPORTED = "The user's "
_GIST = 110
_TURNS = re.compile(r"\s*\[t\d+(?:, ?t\d+)*\]")
_VERDICT = re.compile(r"[A-Z][a-z]+(?: [a-z]+)?: ")
_CHECKED = re.compile(r"\bpassed after the last edit\b")
_TOLD = {"what happened", "summary"}
_OUTCOMES = {"unknown": "", "partial": "partly done"}
_HEDGE = re.compile(r"\b(?:might|may) be\b|\bperhaps\b|^this is\b", re.IGNORECASE)
_PASSING = re.compile(
    r"\b(?:now|currently|still|already|previously|resolved|stale|(?:fail|pass)(?:s|es|ed|ing)?)\b"
    r"|^(?:there(?:['\u2019]s| is| are)|used|checked|tested|looked|note|next|then|same|replaces|uses|verifies|stores"
    r"|calls|does|adds|removes|handles|returns|moves|this|that|those|these|it|the (?:merge|diagnostics))\b",
    re.IGNORECASE,
)
_FEWEST_WORDS = 6
_AHEAD = re.compile(
    r"\b(?:still open|left (?:open|to)|follow-?up|investigat\w+|next (?:time|step|up)|to ?do)\b", re.IGNORECASE
)


def is_decision(item: Item) -> bool:
    """Tell whether an item decides something: a correction of a fact doesn't, and a standing rule is a lesson."""
    if not item.turns:
        return True
    if item.text.startswith(_REPORTED):
        return is_rule(item.text) and not is_standing(item.text)
    return not _HEDGE.search(item.text) and not item.text.endswith("?")


def is_lesson(item: Item) -> bool:
    """Tell whether an item teaches: of what a draft found, no fragment and nothing that passes with the hour."""
    if item.kind == "decision":
        return bool(item.turns) and item.text.startswith(_REPORTED) and is_standing(item.text)
    if not item.turns or item.kind not in {"discovery", "insight"} or is_telling(item):
        return True
    return not is_rule(item.text) and len(item.text.split()) >= _FEWEST_WORDS and not _PASSING.search(item.text)


def is_telling(item: Item) -> bool:
    """Tell whether a lesson is a rule to follow or a cause to know; a draft's step of one task is no rule."""
    return is_standing(item.text) or is_cause(item.text) or (not item.turns and is_rule(item.text))


def is_intention(item: Item) -> bool:
    """Tell whether an item is about what comes next."""
    return not item.turns or is_rule(item.text) or _AHEAD.search(item.text) is not None


def recurs(pattern: Pattern) -> bool:
    """Tell whether a pattern is worth telling: what the drafting counted and what users merely asked is not."""
    asked = pattern.statement.startswith(_REPORTED) and not is_rule(pattern.statement)
    return not asked and not all(member.is_conduct for member in pattern.members)


def worded(text: str) -> str:
    """Return what was said without who said it and what led to it."""
    return sentence(rule_in(text)) if text.startswith(_REPORTED) else text


def outcome_of(entry: Entry) -> str:
    """Return the outcome in words, "" where it isn't known."""
    return _OUTCOMES.get(entry.outcome, entry.outcome)


def gist_of(entry: Entry) -> str:
    """Return in few words what changed, as the entry's own account tells it."""
    told = next((part for part in sections.split(entry.body) if part.title.casefold() in _TOLD), None)
    lines = [line.strip() for line in told.lines if line.strip()] if told else []
    if not lines or lines[0].startswith(("<!--", "```", "|", "#", ">")):
        return ""
    text = _TURNS.sub("", lines[0].lstrip("-*+ "))
    text = text.removeprefix(verdict[0] if (verdict := _VERDICT.match(text)) else "")
    parts = [part for part in text.split("; ") if not _CHECKED.search(part)]
    while len(parts) > 1 and len("; ".join(parts)) > _GIST:
        parts.pop()
    gist = cut_short("; ".join(parts), _GIST).rstrip(".")
    return "" if _is_told(gist, entry.title) else gist


def _is_told(gist: str, title: str) -> bool:
    """Tell whether a title is the beginning of what would stand behind it: one that was cut ends in `…`."""
    start, cut, _ = title.partition(" …")
    return bool(cut) and _letters(gist).startswith(_letters(start))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
