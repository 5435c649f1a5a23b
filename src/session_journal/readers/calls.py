"""What an agent's tools do, by their names: which call is a command, an edit, a read, a search or a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from session_journal.core.events import REMOVED, EventKind
from session_journal.core.text import clip, cut, drop_private, fold

SIDE_LIMIT = 6_000
"""How many characters of an edit's old and of its new text are kept."""

Call = tuple[EventKind, str, str]
"""Kind, target and text of the event that a call becomes."""


_PATHS = ("file_path", "filePath", "absolute_path", "target_file", "notebook_path", "target_notebook", "path")

_STEPS = ("content", "subject", "step", "text", "description")
_QUERIES = ("pattern", "query", "glob_pattern", "search_term", "url")
_FOLDERS = ("path", "dir_path", "target_directory")


def describe(name: str, given: Any) -> Call:
    """Return what a call of the tool does; an unknown tool keeps its name and its input in short."""
    values = given if isinstance(given, dict) else {}
    known = _TOOLS.get(name)
    return known(values) if known else ("tool", name, _short(values))


def diff(old: str, new: str) -> str:
    """Return what an edit changed as `- old` and `+ new` lines."""
    return "\n".join(filter(None, (_side("- ", old), _side("+ ", new))))


def steps(todos: Any) -> str:
    """Return a todo list as one step a line, done steps marked `[x] `; a step called off is on it no longer."""
    found = []
    for todo in todos if isinstance(todos, list) else []:
        step = fold(_text(todo, *_STEPS)) if isinstance(todo, dict) else ""
        if step and _text(todo, "status") not in {"cancelled", "canceled", "deleted"}:
            found.append(("[x] " if _text(todo, "status") in {"completed", "done"} else "") + step)
    return "\n".join(found)


def _side(sign: str, text: str) -> str:
    lines = clip(drop_private(text), SIDE_LIMIT).splitlines() if text else []
    return sign + f"\n{sign}".join(lines) if lines else ""


def _text(values: dict[str, Any], *names: str) -> str:
    for name in names:
        value = values.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def _short(values: dict[str, Any]) -> str:
    whole = drop_private(" ".join(f"{key}={value}" for key, value in values.items()))
    short = cut(fold(cut(whole, 1_000)), 400)
    return short if len(whole) <= 400 else f"{short}…"


def _command(values: dict[str, Any]) -> Call:
    command = values.get("command", values.get("cmd", ""))
    line = " ".join(str(part) for part in command) if isinstance(command, list) else str(command)
    return "command", clip(drop_private(line), SIDE_LIMIT), _text(values, "description")


def _edit(values: dict[str, Any]) -> Call:
    old, new = _text(values, "old_string", "oldString", "old_str"), _text(values, "new_string", "newString", "new_str")
    return "edit", _text(values, *_PATHS), diff(old, new)


def _edits(values: dict[str, Any]) -> Call:
    parts = values.get("edits")
    changes = [_edit(part)[2] for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return "edit", _text(values, *_PATHS), "\n".join(changes)


def _write(values: dict[str, Any]) -> Call:
    return "edit", _text(values, *_PATHS), diff("", _text(values, "content", "contents", "code_edit", "file_text"))


def _delete(values: dict[str, Any]) -> Call:
    return "edit", _text(values, *_PATHS), REMOVED


def _notebook(values: dict[str, Any]) -> Call:
    old, new = _text(values, "old_string"), _text(values, "new_source", "new_string")
    return "edit", _text(values, *_PATHS), diff(old, new)


def _read(values: dict[str, Any]) -> Call:
    return "read", _text(values, *_PATHS), ""


def _search(values: dict[str, Any]) -> Call:
    given = _text(values, *_QUERIES) or _text(values, *_FOLDERS) or _text(values, "prompt")
    return "search", given, _text(values, *_FOLDERS, "prompt")


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
    "exit_plan_mode": _plan,
    # Gemini CLI
    "run_shell_command": _command,
    "replace": _edit,
    "write_file": _write,
    "read_file": _read,
    "search_file_content": _search,
    "list_directory": _search,
    "google_web_search": _search,
    "web_fetch": _search,
    "write_todos": _todos,
    # Cursor
    "Shell": _command,
    "StrReplace": _edit,
    "Delete": _delete,
    "EditNotebook": _notebook,
    "SemanticSearch": _search,
    "CreatePlan": _plan,
    "run_terminal_cmd": _command,
    "search_replace": _edit,
    "edit_file": _write,
    "delete_file": _delete,
    "edit_notebook": _notebook,
    "codebase_search": _search,
    "file_search": _search,
    "grep_search": _search,
    "list_dir": _search,
    "web_search": _search,
    "todo_write": _todos,
    # opencode
    "bash": _command,
    "shell": _command,
    "edit": _edit,
    "multiedit": _edits,
    "write": _write,
    "read": _read,
    "grep": _search,
    "glob": _search,
    "list": _search,
    "webfetch": _search,
    "websearch": _search,
    "codesearch": _search,
    "todowrite": _todos,
    # Claude.ai
    "bash_tool": _command,
    "str_replace": _edit,
    "create_file": _write,
    "view": _read,
}
