"""What an agent's tools do, by their names: which call is a command, an edit, a read, a search or a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from session_journal.core.events import EventKind
from session_journal.core.text import clip, cut, drop_private, one_line

SIDE_LIMIT = 6_000
"""How many characters of an edit's old and of its new text are kept."""

Call = tuple[EventKind, str, str]
"""Kind, target and text of the event that a call becomes."""


def describe(name: str, given: Any) -> Call:
    """Return what a call of the tool does; an unknown tool keeps its name and its input in short."""
    values = given if isinstance(given, dict) else {}
    known = _TOOLS.get(name)
    return known(values) if known else ("tool", name, _short(values))


def diff(old: str, new: str) -> str:
    """Return what an edit changed as `- old` and `+ new` lines."""
    return "\n".join(
        [f"- {line}" for line in _side(old)] + [f"+ {line}" for line in _side(new)],
    )


def steps(todos: Any) -> str:
    """Return a todo list as one step a line, done steps marked `[x] `."""
    found = []
    for todo in todos if isinstance(todos, list) else []:
        step = one_line(_text(todo, "content", "subject", "step", "text")) if isinstance(todo, dict) else ""
        if step:
            found.append(("[x] " if todo.get("status") in {"completed", "done"} else "") + step)
    return "\n".join(found)


def _side(text: str) -> list[str]:
    return clip(drop_private(text), SIDE_LIMIT).splitlines() if text else []


def _text(values: dict[str, Any], *names: str) -> str:
    for name in names:
        value = values.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def _short(values: dict[str, Any]) -> str:
    whole = " ".join(f"{key}={value}" for key, value in values.items())
    short = cut(one_line(cut(whole, 2_000)), 400)
    return short if len(whole) <= 400 else f"{short}…"


def _command(values: dict[str, Any]) -> Call:
    command = values.get("command", values.get("cmd", ""))
    line = " ".join(str(part) for part in command) if isinstance(command, list) else str(command)
    return "command", clip(drop_private(line), SIDE_LIMIT), _text(values, "description")


def _edit(values: dict[str, Any]) -> Call:
    return "edit", _text(values, "file_path", "path"), diff(_text(values, "old_string"), _text(values, "new_string"))


def _edits(values: dict[str, Any]) -> Call:
    parts = values.get("edits")
    changes = [_edit(part)[2] for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return "edit", _text(values, "file_path", "path"), "\n".join(changes)


def _write(values: dict[str, Any]) -> Call:
    return "edit", _text(values, "file_path", "path"), diff("", _text(values, "content"))


def _notebook(values: dict[str, Any]) -> Call:
    return "edit", _text(values, "notebook_path", "file_path"), diff("", _text(values, "new_source"))


def _read(values: dict[str, Any]) -> Call:
    return "read", _text(values, "file_path", "notebook_path", "path"), ""


def _search(values: dict[str, Any]) -> Call:
    return "search", _text(values, "pattern", "query", "url", "path"), _text(values, "path", "prompt")


def _todos(values: dict[str, Any]) -> Call:
    return "plan", "todo", steps(values.get("todos"))


def _plan(values: dict[str, Any]) -> Call:
    return "plan", "plan", clip(drop_private(_text(values, "plan")), SIDE_LIMIT)


_TOOLS: dict[str, Callable[[dict[str, Any]], Call]] = {
    "Bash": _command,
    "PowerShell": _command,
    "Edit": _edit,
    "MultiEdit": _edits,
    "Write": _write,
    "NotebookEdit": _notebook,
    "Read": _read,
    "NotebookRead": _read,
    "Grep": _search,
    "Glob": _search,
    "LS": _search,
    "WebSearch": _search,
    "WebFetch": _search,
    "TodoWrite": _todos,
    "ExitPlanMode": _plan,
}
