"""What the tools of GitHub Copilot CLI do, and what their outputs tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from session_journal.core.text import clip, drop_private, fold
from session_journal.readers.calls import SIDE_LIMIT, describe, diff, steps
from session_journal.readers.fields import Record, blocks, string
from session_journal.readers.patches import changes
from session_journal.readers.recorder import Act, Output

_EXITED = re.compile(r"(?im)(?:^|<)(?:command [^<>\n]*)?(?:exited with )?exit code:? (-?\d{1,10})>?\s*$")
_STARTED = re.compile(r"(?i)<command [^<>\n]*\b(?:shell|session)id:? ([\w-]+)")
_REFUSED = re.compile(r"(?i)\b(?:rejected|denied|declined) by (?:the )?user\b|\buser (?:rejected|denied|declined)\b")
_FEEDBACK = re.compile(r"(?:user )?feedback:\s*(.+)", re.IGNORECASE | re.DOTALL)
_ANSWER = re.compile(r"User (?:selected|responded|response|answered|chose)[^:\n]*:\s*", re.IGNORECASE)
_BOX = re.compile(r"^\s*[-*] \[([ xX])\] (.+)$", re.MULTILINE)
_TAIL = 400


def arguments_of(value: Any) -> Record:
    """Return a call's arguments, an object or JSON in a string; free text as `input`."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, str):
        return {}
    try:
        parsed = orjson.loads(value) if value[:1] == "{" else None
    except (orjson.JSONDecodeError, RecursionError):
        parsed = None
    return parsed if isinstance(parsed, dict) else {"input": value}


def acts_of(name: str, given: Record) -> Iterator[Act]:
    """Yield what a call does."""
    if name == "apply_patch":
        for path, text in changes(string(given, "input") or string(given, "patch")):
            yield Act("edit", path, text)
    elif name == "str_replace_editor":
        yield _EDITOR.get(string(given, "command"), _edit)(given)
    else:
        yield _TOOLS[name](given) if name in _TOOLS else Act(*describe(name, given))


def output_of(data: Record) -> Output:
    """Read what a call gave back. Success alone is no exit code."""
    result, failed = data.get("result"), data.get("success") is False
    text = result if isinstance(result, str) else string(result, "content") or string(result, "detailedContent")
    text = text or string(data.get("error"), "message")
    code = _code_in(result.get("contents")) if isinstance(result, dict) else None
    found = _EXITED.search(text[-_TAIL:]) if code is None else None
    if found:
        code = int(found.group(1))
        text = text[: len(text) - len(text[-_TAIL:]) + found.start()].rstrip()
    started = _STARTED.search(text[-_TAIL:]) if code is None else None
    refused = failed and code is None and bool(_REFUSED.search(text[:_TAIL]))
    return Output(text, code, failed, refused, started.group(1) if started else "")


def _code_in(contents: Any) -> int | None:
    for block in blocks(contents):
        code = block.get("exitCode")
        if block.get("type") == "terminal" and isinstance(code, int) and not isinstance(code, bool):
            return code
    return None


def feedback_in(text: str) -> str:
    """Return what the user said when refusing a call, "" where they only refused it."""
    found = _FEEDBACK.search(text)
    return found.group(1).strip() if found else ""


def answer_in(text: str) -> str:
    """Return the user's answer to a question, without the frame that the tool gives it."""
    return _ANSWER.sub("", text, count=1).strip()


def _first(given: Record, *names: str) -> str:
    return next((string(given, name) for name in names if string(given, name)), "")


def _command(given: Record) -> Act:
    if not string(given, "command"):
        return Act("tool", "shell")
    return Act("command", clip(drop_private(string(given, "command")), SIDE_LIMIT), string(given, "description"))


def _edit(given: Record) -> Act:
    old, new = _first(given, "old_str", "oldString"), _first(given, "new_str", "newString")
    return Act("edit", _first(given, "path", "filePath"), diff(old, new))


def _create(given: Record) -> Act:
    return Act("edit", _first(given, "path", "filePath"), diff("", _first(given, "file_text", "content")))


def _view(given: Record) -> Act:
    return Act("read", _first(given, "path", "filePath"))


def _search(given: Record) -> Act:
    return Act("search", fold(_first(given, "pattern", "query", "url")), string(given, "path"))


def _todo(given: Record) -> Act:
    steps = [("[x] " if mark in "xX" else "") + step.strip() for mark, step in _BOX.findall(string(given, "todos"))]
    return Act("plan", "todo", "\n".join(steps))


def _todo_list(given: Record) -> Act:
    todos = given.get("todoList")
    listed = [todo for todo in todos if isinstance(todo, dict)] if isinstance(todos, list) else []
    named = [{"content": string(todo, "title"), "status": todo.get("status")} for todo in listed]
    return Act("plan", "todo", steps(named))


def _plan(given: Record) -> Act:
    return Act("plan", "plan", clip(drop_private(_first(given, "plan", "summary", "plan_content")), SIDE_LIMIT))


_EDITOR: dict[str, Callable[[Record], Act]] = {"view": _view, "create": _create}
_TOOLS: dict[str, Callable[[Record], Act]] = {
    "bash": _command,
    "powershell": _command,
    "shell": _command,
    "local_shell": _command,
    "run_in_terminal": _command,
    "edit": _edit,
    "str_replace": _edit,
    "insert": _edit,
    "replace_string_in_file": _edit,
    "create": _create,
    "create_file": _create,
    "view": _view,
    "read_file": _view,
    "grep": _search,
    "rg": _search,
    "glob": _search,
    "grep_search": _search,
    "file_search": _search,
    "semantic_search": _search,
    "web_fetch": _search,
    "web_search": _search,
    "update_todo": _todo,
    "manage_todo_list": _todo_list,
    "exit_plan_mode": _plan,
}
