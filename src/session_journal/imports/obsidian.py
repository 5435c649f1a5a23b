"""Obsidian's daily notes: the vault's settings tell their folder and how their names spell the day."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta

import orjson

from session_journal.core.text import counted
from session_journal.imports import Left, Original, Reading, files
from session_journal.imports.dated import read_note
from session_journal.imports.days import make_day, month_number

_DEFAULT = "YYYY-MM-DD"
_SETTINGS = (("daily-notes.json", ""), ("plugins/periodic-notes/data.json", "daily"))
_TOKENS = {
    "YYYY": r"(?P<year>\d{4})", "gggg": r"\d{4}", "GGGG": r"\d{4}", "YY": r"(?P<short>\d{2})",
    "MMMM": r"(?P<name>[^\W\d_]+)\.?", "MMM": r"(?P<name>[^\W\d_]+)\.?", "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})", "DDDD": r"(?P<nth>\d{3})", "DDD": r"(?P<nth>\d{1,3})", "DD": r"(?P<day>\d{2})",
    "Do": r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?", "D": r"(?P<day>\d{1,2})", "dddd": r"[^\W\d_]+",
    "ddd": r"[^\W\d_]+\.?", "dd": r"[^\W\d_]+\.?", "d": r"\d", "E": r"\d", "ww": r"\d{2}", "w": r"\d{1,2}",
    "WW": r"\d{2}", "W": r"\d{1,2}", "Q": r"\d", "HH": r"\d{2}", "H": r"\d{1,2}", "mm": r"\d{2}", "ss": r"\d{2}",
}  # fmt: skip
_PART = re.compile(r"\[(?P<literal>[^\]]*)\]|(?P<token>" + "|".join(sorted(_TOKENS, key=len, reverse=True)) + r")|.")


def recognises(path: str) -> bool:
    """Tell whether a folder is a vault or lies in one."""
    return os.path.isdir(path) and bool(find_vault(path))


def find_vault(path: str) -> str:
    """Return the vault that a folder is or lies in, "" for none."""
    folder = os.path.realpath(path)
    while not os.path.isdir(os.path.join(folder, ".obsidian")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent
    return folder


def read(path: str, reading: Reading) -> Iterator[Original | Left]:
    """Yield the daily notes of a vault, or of a folder in it; its other notes are counted."""
    vault = find_vault(path)
    if not vault:
        yield Left(files.shown(path), "it is no vault: it has no folder .obsidian")
        return
    folder, spelling = _settings(vault)
    pattern = name_pattern(spelling)
    if pattern is None:
        yield Left(".obsidian/daily-notes.json", f"its date format {spelling!r} does not name a day")
        return
    within = os.path.relpath(os.path.realpath(path), vault).replace(os.sep, "/")
    others = 0
    for name in files.walk(os.path.realpath(path), reading.skip):
        if isinstance(name, Left):
            yield name
            continue
        relative = name if within == "." else f"{within}/{name}"
        day = _day_of(relative, folder, pattern) if name.endswith(".md") else None
        if day:
            yield read_note(vault, relative, reading, day, tags=True)
        elif name.endswith(".md") and folder and relative.startswith(f"{folder}/"):
            yield Left(files.shown(relative), f"its name is no day as the vault writes it ({spelling})")
        else:
            others += 1
    if others:
        yield Left(f"{counted(others, 'other file')} of the vault", "no daily notes")


def name_pattern(spelling: str) -> re.Pattern[str] | None:
    """Turn a moment.js date format into an expression for names; None where it does not tell the day."""
    seen: set[str] = set()
    parts = [_part(match, seen) for match in _PART.finditer(spelling)]
    has_year = "year" in seen or "short" in seen
    has_day = "nth" in seen or ("day" in seen and ("month" in seen or "name" in seen))
    return re.compile("".join(parts), re.IGNORECASE) if has_year and has_day else None


def _part(match: re.Match[str], seen: set[str]) -> str:
    if match["token"] is None:
        return re.escape(match["literal"] if match["literal"] is not None else match[0])
    text = _TOKENS[match["token"]]
    name = re.match(r"\(\?P<(\w+)>", text)
    if name and name[1] in seen:  # `YYYY/MM/YYYY-MM-DD`: what stands twice has to be the same
        return f"(?P={name[1]})"
    if name:
        seen.add(name[1])
    return text


def _day_of(relative: str, folder: str, pattern: re.Pattern[str]) -> date | None:
    """Return the day of a note's name below the daily folder; anywhere, where the vault names none."""
    if folder and not relative.startswith(f"{folder}/"):
        return None
    name = relative.removesuffix(".md")
    below = name.removeprefix(f"{folder}/") if folder else name
    tails = [below] if folder else [below[place:] for place in _beginnings(below)]
    match = next((found for tail in tails if (found := pattern.fullmatch(tail))), None)
    return _day(match.groupdict()) if match else None


def _beginnings(name: str) -> list[int]:
    return [0, *(place + 1 for place, char in enumerate(name) if char == "/")]


def _day(parts: dict[str, str | None]) -> date | None:
    year = int(parts.get("year") or f"20{parts.get('short')}")
    if parts.get("nth"):
        first = make_day(year, 1, 1)
        return first + timedelta(days=int(parts["nth"] or 1) - 1) if first else None
    month = int(parts.get("month") or 0) or month_number(parts.get("name") or "")
    return make_day(year, month, int(parts.get("day") or 0))


def _settings(vault: str) -> tuple[str, str]:
    """Return the folder of daily notes ("" for anywhere) and the spelling of their names."""
    for name, key in _SETTINGS:
        try:
            value = orjson.loads(files.read_data(os.path.join(vault, ".obsidian", name)))
        except (files.UnreadableError, orjson.JSONDecodeError):
            continue
        value = value.get(key) if key and isinstance(value, dict) else value
        if isinstance(value, dict):
            folder, spelling = value.get("folder"), value.get("format")
            return (
                folder.strip("/ ") if isinstance(folder, str) else "",
                spelling if isinstance(spelling, str) and spelling.strip() else _DEFAULT,
            )
    return "", _DEFAULT
