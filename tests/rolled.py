"""Entries and weeks of them, as tests of rollups make them."""

from __future__ import annotations

from session_journal.core.entry import read
from session_journal.core.patterns import find, statements
from session_journal.rollups.span import Span
from session_journal.rollups.weekly import values_of


def entry(name, body="", day="2026-11-16", **fields):
    front = "".join(f"{key}: {value}\n" for key, value in fields.items())
    path = f"journal/sessions/2026/{day}-{name}.md"
    return read(f"---\nid: {name}\ntitle: About {name}\ndate: {day}\n{front}---\n\n{body}\n".encode(), path)


def roll(*entries, notes=(), name="2026-W47", pages=None, earlier=()):
    patterns = find(statements([*earlier, *entries]))
    return values_of(Span(name, entries, notes, patterns, pages or {}, [*earlier, *entries]))


def texts(lines):
    return [line.text for line in lines]


def section(title, *bullets):
    return f"## {title}\n\n" + "".join(f"- {bullet}\n" for bullet in bullets) + "\n"
