"""What recurs across entries, found by comparing statement with statement; no model, same input same answer."""

from session_journal.core.patterns.advice import is_cause, is_rule, is_standing, point, rule_in, trigger
from session_journal.core.patterns.corrections import Correction, Quoted, Verb, find_quoted, quoted, touches
from session_journal.core.patterns.likeness import distinct
from session_journal.core.patterns.meaning import Sense, Vector, pack
from session_journal.core.patterns.memory import Compared, Edges, Memory
from session_journal.core.patterns.neighbours import MANY
from session_journal.core.patterns.recurrence import find
from session_journal.core.patterns.statements import Pattern, Statement, key_of, squash, statements
from session_journal.core.patterns.words import mentions, shared_words, telling_terms

__all__ = [
    "MANY",
    "Compared",
    "Correction",
    "Edges",
    "Memory",
    "Pattern",
    "Quoted",
    "Sense",
    "Statement",
    "Vector",
    "Verb",
    "distinct",
    "find",
    "find_quoted",
    "is_cause",
    "is_rule",
    "is_standing",
    "key_of",
    "mentions",
    "pack",
    "point",
    "quoted",
    "rule_in",
    "shared_words",
    "squash",
    "statements",
    "telling_terms",
    "touches",
    "trigger",
]
