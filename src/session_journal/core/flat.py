"""Front matter in the plain form that the tool writes, read without YAML: several times faster, the same values.

Whatever is not surely that form (a comment, an escape, a nested value) is left to YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from session_journal.core.scalars import TEXT_LIST_KEYS, is_plain_line, is_text_key

_ODD = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_PAIR = re.compile(r"([a-z][a-z0-9_]{0,40}):(?: (.+))?")
_QUOTED = re.compile(r'"([^"\\]*)"')
_INTEGER = re.compile(r"0|[1-9][0-9]{0,14}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?[-+][0-9]{2}:[0-9]{2}")
_FIXED: dict[str, object] = {"true": True, "false": False, "null": None}


class _Unsure(Exception):  # noqa: N818  (a signal within this module)
    pass


def read(front: str) -> dict[str, object] | None:
    """Return the values, exactly those that YAML would give; None where YAML itself must be asked."""
    if _ODD.search(front):
        return None
    try:
        return dict(_pairs(front.splitlines()))
    except (_Unsure, ValueError):
        return None


def _pairs(lines: list[str]) -> Iterator[tuple[str, object]]:
    seen: set[str] = set()
    number = 0
    while number < len(lines):
        match = _PAIR.fullmatch(lines[number])
        if match is None or match[1] in seen:
            raise _Unsure
        key, text = match.groups()
        seen.add(key)
        number += 1
        if text is not None:
            yield key, _value(text, is_text=is_text_key(key))
            continue
        start = number
        while number < len(lines) and lines[number].startswith("  - "):
            number += 1
        is_text = key in TEXT_LIST_KEYS
        items = [_value(line[4:], is_text=is_text) for line in lines[start:number]]
        yield key, items or None


def _value(text: str, *, is_text: bool) -> object:
    if quoted := _QUOTED.fullmatch(text):
        return quoted[1]
    if is_plain_line(text):
        return text
    if text == "[]":
        return []
    if text in _FIXED:
        return text if is_text and text != "null" else _FIXED[text]
    for pattern, make in ((_INTEGER, int), (_DATE, date.fromisoformat), (_TIME, datetime.fromisoformat)):
        if pattern.fullmatch(text):
            value: object = make(text)
            return text if is_text else value
    raise _Unsure
