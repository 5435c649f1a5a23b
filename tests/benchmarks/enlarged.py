"""Large transcripts from small real ones: their content again and again, under new ids each time."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

_ID = re.compile(r"(?:id|uuid|call_id|turn_id|parent|[a-z]+(?:Uuid|CallId|_use_id|_uuid)|(?:parent|message)Id)$")
"""Members that name a record or a call. What names the session stays, for all of it is one."""
_CONVERSATIONS = frozenset({"chatgpt", "claude-web"})
"""Formats of many sessions in one file: each of them comes again as it is."""


def enlarged(folder: Path, agent: str, size: int) -> tuple[bytes, list[bytes]]:
    """Return a file of at least `size` bytes made of a folder's transcripts, and what of it is decoded at once."""
    written, parts = 0, []
    for record in _again(_records(folder, agent), agent in _CONVERSATIONS):
        parts.append(orjson.dumps(record))
        written += len(parts[-1]) + 1
        if written >= size:
            break
    if agent in _CONVERSATIONS:
        whole = b"[" + b",".join(parts) + b"]"
    elif agent == "gemini":
        whole = b'{"sessionId":"5b1f0c52","projectHash":"%s","messages":[%s]}' % (b"0" * 64, b",".join(parts))
    else:
        return b"\n".join(parts), parts
    return whole, [whole]


def _records(folder: Path, agent: str) -> list[Any]:
    """Return what the transcripts of a folder consist of: conversations, messages or lines."""
    found: list[Any] = []
    for path in sorted(folder.glob("*.json" if agent in {*_CONVERSATIONS, "gemini"} else "*.jsonl")):
        data = path.read_bytes()
        if path.suffix == ".jsonl":
            found += _decoded(data.splitlines())
        else:
            value = orjson.loads(data)
            value = value["messages"] if agent == "gemini" else value
            found += value if isinstance(value, list) else [value]
    return found


def _decoded(lines: list[bytes]) -> Iterator[Any]:
    for line in lines:
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError:
            continue


def _again(records: list[Any], as_they_are: bool) -> Iterator[Any]:
    for number in itertools.count():
        for record in records:
            yield record if as_they_are else _renamed(record, f"{number:04x}")


def _renamed(value: Any, mark: str) -> Any:
    """Return a record whose ids begin with the mark; a UUID stays one."""
    if isinstance(value, list):
        return [_renamed(one, mark) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: mark + (one[4:] if len(one) == 36 else one)
        if isinstance(one, str) and _ID.match(key)
        else _renamed(one, mark)
        for key, one in value.items()
    }
