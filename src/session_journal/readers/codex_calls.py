"""What Codex's tools do, by their names and arguments."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from shlex import join
from typing import Any

import orjson

from session_journal.core.projects import DRIVE
from session_journal.core.text import clip, drop_private, fold
from session_journal.readers.calls import SIDE_LIMIT, describe, steps
from session_journal.readers.fields import Record, string
from session_journal.readers.patches import Change, changes, split_script
from session_journal.readers.recorder import Act

SHELLS = frozenset({"shell", "shell_command", "container.exec", "local_shell", "exec_command", "unified_exec"})
_WRAPPED = re.compile(r"(?:.*/)?(?:bash|sh|zsh|fish|pwsh|powershell(?:\.exe)?|cmd(?:\.exe)?)$")
_CD = re.compile(r"^\s*cd\s+(\"[^\"\n]+\"|'[^'\n]+'|[^\s;&|]+)\s*(?:&&|;|\n|$)")


def arguments_of(payload: Record) -> Record:
    """Return a call's arguments, which stand as JSON in a string, as an object, or (free form) as bare text."""
    for key in ("arguments", "input", "action"):
        value = payload.get(key)
        if isinstance(value, dict):
            return value
        if isinstance(value, str) and value:
            return _parsed(value)
    return {}


def _parsed(text: str) -> Record:
    try:
        value = orjson.loads(text) if text[:1] == "{" else None
    except (orjson.JSONDecodeError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {"input": text}


def acts_of(name: str, given: Record) -> Iterator[Act]:
    """Yield what a call does: a script with a patch in it changes files, and may run something beside."""
    if name in SHELLS:
        yield from _shell(script_of(given.get("command", given.get("cmd"))), _folder(given))
    elif name == "apply_patch":
        yield from edits_of(changes(string(given, "input") or string(given, "patch")), _folder(given))
    else:
        yield _OTHERS[name](given) if name in _OTHERS else Act(*describe(name, given))


def script_of(command: Any) -> str:
    """Return a command line as it would be typed: `bash -lc SCRIPT` is SCRIPT."""
    if isinstance(command, str):
        return command
    words = [str(word) for word in command] if isinstance(command, list) else []
    if len(words) >= 3 and _WRAPPED.match(words[0]) and words[-2].lower() in {"-lc", "-c", "-ic", "/c", "-command"}:
        return words[-1]
    if len(words) == 2 and words[0] in {"apply_patch", "applypatch"}:
        return f"apply_patch {words[1]}"
    return join(words)


def _shell(script: str, folder: str) -> Iterator[Act]:
    patch, rest = split_script(script)
    if patch:
        inside, rest = _entered(rest)
        yield from edits_of(changes(patch), posixpath.join(folder, inside))
    if rest:
        yield Act("command", clip(drop_private(rest), SIDE_LIMIT))
    elif not patch:
        yield Act("tool", "shell")


def _entered(script: str) -> tuple[str, str]:
    """Return the folder that a script goes to first ("" for none), and the rest of it."""
    found = _CD.match(script)
    return (found.group(1).strip("\"'"), script[found.end() :].strip()) if found else ("", script)


def edits_of(found: list[Change], folder: str = "") -> Iterator[Act]:
    """Yield the edits of a patch; its paths are relative to the folder it was applied in."""
    for path, text in found:
        full = path if DRIVE.match(path) else posixpath.join(folder, path)
        yield Act("edit", posixpath.normpath(full), text)


def _folder(given: Record) -> str:
    folder = string(given, "workdir") or string(given, "working_directory") or string(given, "cwd")
    return "" if folder == "." else folder.removeprefix("file://").replace("\\", "/")


def _plan(given: Record) -> Act:
    return Act("plan", "todo", steps(given.get("plan")))


def _read(given: Record) -> Act:
    return Act("read", string(given, "file_path") or string(given, "path"))


def _search(given: Record) -> Act:
    names = ("query", "pattern", "url", "dir_path")
    target = next((string(given, name) for name in names if string(given, name)), "")
    queries = given.get("queries")
    if not target and isinstance(queries, list):
        target = "; ".join(query for query in queries if isinstance(query, str))
    return Act("search", fold(target), string(given, "path"))


def search_of(action: Record) -> Act:
    """Return a search on the web."""
    return _search(action)


_OTHERS: dict[str, Callable[[Record], Act]] = {
    "update_plan": _plan,
    "view_image": _read,
    "read_file": _read,
    "list_dir": _search,
    "grep_files": _search,
    "web_search": _search,
}
