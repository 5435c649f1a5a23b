"""What of an entry a rollup may say, and in which words: a person's word counts, a draft's has to fit."""

from __future__ import annotations

import re

from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentence
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns import Pattern, is_cause, is_rule, is_standing, rule_in

_REPORTED = "The user's "
_OUTCOMES = {"unknown": "", "partial": "partly done"}
_FACT = re.compile(r"(?:\S+ ){1,7}?(?:is|are|was|were) ", re.IGNORECASE)
"""How a user sets a fact right; a draft can't tell it from a decision."""
_CHOICE = re.compile(
    r"\b(?:choice|chose\w*|choos\w+|cleaner|better|best|simpler|safer|prefer\w*|enough|fine|worth|decided|agreed|instead|over)\b",
    re.IGNORECASE,
)
_OFFERED = "Offered and left open"
_HEDGE = re.compile(r"\b(?:might|may) be\b|\bperhaps\b|^this is\b", re.IGNORECASE)
_PASSING = re.compile(
    r"\b(?:now|currently|still|already|previously|resolved|stale|(?:fail|pass)(?:s|es|ed|ing)?)\b"
    r"|^(?:there(?:['\u2019]s| is| are)|used|checked|tested|looked|note|next|then|same|replaces|uses|verifies|stores"
    r"|calls|does|adds|removes|handles|returns|moves|this|that|those|these|it|the (?:merge|diagnostics))\b",
    re.IGNORECASE,
)
_FEWEST_WORDS = 6
_NO_POINT = re.compile(r"\d+ ?[-.)] |\**(?:user|human|ai|assistant)\**: ", re.IGNORECASE)
"""A step of a list, or what somebody said in a conversation."""
_DECIDED = re.compile(
    r"\b(?:decided (?:to|on|against|that|not)|opted (?:for|to)|settled on|agreed (?:to|on)"
    r"|(?:design|key|important|architectural) decision (?:to|that|was)|chose (?:to|not)|we chose|i chose)\b",
    re.IGNORECASE,
)
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
    return item.kind in DECIDING and not item.turns and _DECIDED.search(item.text) is not None


def is_solved(item: Item) -> bool:
    """Tell whether a challenge says how it was met."""
    return _SOLVED.search(item.text) is not None


def is_open(item: Item) -> bool:
    """Tell whether an item is not done."""
    return item.mark != "x"


def is_surprise(item: Item) -> bool:
    """Tell whether an item is tagged as a surprise."""
    return "#surprise" in item.text.casefold()


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
    if item.text.endswith(":") or _NO_POINT.match(item.text):
        return False
    if not item.turns or item.kind not in {"discovery", "insight"} or is_telling(item):
        return True
    return not is_rule(item.text) and len(item.text.split()) >= _FEWEST_WORDS and not _PASSING.search(item.text)


def is_telling(item: Item) -> bool:
    """Tell whether a lesson is a rule to follow or a cause to know; a draft's step of one task is no rule."""
    return is_standing(item.text) or is_cause(item.text) or (not item.turns and is_rule(item.text))


def recurs(pattern: Pattern) -> bool:
    """Tell whether a pattern is worth telling: what the drafting counted and what users merely asked is not."""
    asked = pattern.statement.startswith(_REPORTED) and not is_rule(pattern.statement)
    asked = asked or pattern.statement.startswith(_OFFERED)
    return not asked and not all(member.is_conduct for member in pattern.members)


def worded(text: str) -> str:
    """Return what was said without who said it and what led to it."""
    return sentence(rule_in(text)) if text.startswith(_REPORTED) else text


def outcome_of(entry: Entry) -> str:
    """Return the outcome in words, "" where it isn't known."""
    return _OUTCOMES.get(entry.outcome, entry.outcome)
