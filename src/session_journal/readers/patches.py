"""The patches that models hand to `apply_patch`: which files they change and how."""

from __future__ import annotations

import re
from typing import NamedTuple

from session_journal.core.events import REMOVED
from session_journal.core.records import record
from session_journal.core.text import clip, drop_private

PATCH_LIMIT = 12_000
"""How many characters of what changed in one file are kept."""

_BEGIN, _END = "*** Begin Patch", "*** End Patch"
_HEADER = re.compile(r"\*\*\* (Add|Delete|Update) File: (.+?)\s*$")
_MOVE = re.compile(r"\*\*\* Move to: (.+?)\s*$")
_HEREDOC = re.compile(r"(?:apply_patch|applypatch)\s*<<-?\s*(['\"]?)(\w+)\1[^\n]*\n\s*$")


class Change(NamedTuple):
    """One file that a patch changes: its path and the change as an edit's text tells it."""

    path: str
    text: str


@record(slots=True)
class _File:
    verb: str
    path: str
    lines: list[str]
    around: str = ""
    old: str = ""


def changes(patch: str) -> list[Change]:
    """Return what a patch changes, file by file; of a moved file both names."""
    found: list[_File] = []
    for line in drop_private(patch).splitlines():
        marked = line.startswith("*** ")
        header, move = (_HEADER.match(line), _MOVE.match(line)) if marked else (None, None)
        if header:
            found.append(_File(header.group(1), header.group(2), []))
        elif move and found:
            found[-1].old, found[-1].path = found[-1].path, move.group(1)
        elif found and line[:1] in {"+", "-"}:
            found[-1].lines.append(f"{line[0]} {line[1:]}")
        elif found and line[:1] == " " and line.strip():
            found[-1].around = found[-1].around or line[1:]
    return [change for file in found for change in _of(file)]


def _of(file: _File) -> list[Change]:
    if file.verb == "Delete":
        return [Change(file.path, REMOVED)]
    moved = [Change(file.old, REMOVED)] if file.old else []
    lines = file.lines
    if file.verb == "Update" and file.around and not any(line[0] == "-" for line in lines):
        lines = [f"- {file.around}", f"+ {file.around}", *lines]  # nothing but new lines would be a new file
    return [*moved, Change(file.path, clip("\n".join(lines), PATCH_LIMIT))]


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
