"""The patches that models hand to `apply_patch`: which files they change and how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from session_journal.core.text import clip, drop_private

PATCH_LIMIT = 12_000
"""How many characters of what changed in one file are kept."""

_BEGIN, _END = "*** Begin Patch", "*** End Patch"
_HEADER = re.compile(r"\*\*\* (Add|Delete|Update) File: (.+?)\s*$")
_MOVE = re.compile(r"\*\*\* Move to: (.+?)\s*$")
_HEREDOC = re.compile(r"(?:apply_patch|applypatch)\s*<<-?\s*(['\"]?)(\w+)\1[^\n]*\n\s*$")


class Change(NamedTuple):
    """One file that a patch changes: its path and the change as `- old` and `+ new` lines."""

    path: str
    text: str


@dataclass(slots=True)
class _File:
    path: str
    lines: list[str]
    old: str = ""


def changes(patch: str) -> list[Change]:
    """Return what a patch changes, file by file; of a moved file both names, of a deleted one no text."""
    found: list[_File] = []
    for line in drop_private(patch).splitlines():
        header, move = _HEADER.match(line), _MOVE.match(line)
        if header:
            found.append(_File(header.group(2), []))
        elif move and found:
            found[-1].old, found[-1].path = found[-1].path, move.group(1)
        elif found and line[:1] in {"+", "-"}:
            found[-1].lines.append(f"{line[0]} {line[1:]}")
    return [change for file in found for change in _of(file)]


def _of(file: _File) -> list[Change]:
    moved = [Change(file.old, "")] if file.old else []
    return [*moved, Change(file.path, clip("\n".join(file.lines), PATCH_LIMIT))]


def split_script(script: str) -> tuple[str, str]:
    """Return the patch in a shell script ("" when it has none) and the script without it."""
    start = script.find(_BEGIN)
    if start < 0 or "patch" not in script[:start]:
        return "", script
    end = script.find(_END, start)
    stop = end + len(_END) if end >= 0 else len(script)
    before, after = script[:start], script[stop:]
    heredoc = _HEREDOC.search(before)
    if heredoc:
        before = before[: heredoc.start()]
        after = re.sub(rf"^\s*{re.escape(heredoc.group(2))}[^\S\n]*(?=\n|$)", "", after, count=1)
    else:
        before = re.sub(r"(?:apply_patch|applypatch)\s*['\"]?\s*$", "", before)
        after = re.sub(r"^\s*['\"]", "", after)
    return script[start:stop], f"{before.rstrip()}\n{after.strip()}".strip(" \n;&")
