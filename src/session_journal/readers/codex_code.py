"""Codex's code mode: one call runs a script that calls the tools, and reports for all of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from session_journal.core.projects import relative_path
from session_journal.readers.codex_calls import SHELLS, acts_of
from session_journal.readers.codex_scripts import Call, calls_in
from session_journal.readers.codex_state import State
from session_journal.readers.fields import Record, blocks, string
from session_journal.readers.recorder import Act, Output

NAME = "exec"
_HEAD = re.compile(
    r"Script (?:(completed)|(failed)|running with cell ID (\S+))[^\n]*(?:\n|$)(?:Wall time[^\n]*(?:\n|$))?"
    r"(?:(?:Output|Error):[^\S\n]*(?:\n|$))?"
)
_MOST_PARTS = 200


def take_script(state: State, source: str, call: str) -> bool:
    """Add what a script does, each act under a name of its own; say whether anything is known of it."""
    made = calls_in(source)
    if len(made) == 1 and made[0].name == "write_stdin" and _follow(state, made[0].given, call):
        return True
    acts = [act for one in made for act in _acts(one)]
    names = [call if number == 1 else f"{call}/{number}" for number in range(1, len(acts) + 1)]
    for act, name in zip(acts, names, strict=True):
        state.act(act, name)
        state.expect(_key(state, act), name)
        if act.kind == "search":
            state.is_echo("search", act.target, "item")
    if acts:
        state.scripts[call] = tuple(zip(names, (act.kind for act in acts), strict=True))
    return bool(acts)


def _follow(state: State, given: Any, call: str) -> bool:
    """Follow what only looks after a process: its output belongs to the command that started it."""
    origin = state.running.get(str(given.get("session_id"))) if isinstance(given, dict) else None
    if origin is None or string(given, "chars").strip():
        return False
    state.polls[call] = origin
    return True


def take_wait(state: State, given: Record, call: str) -> bool:
    """Follow a script that still runs; say whether it is known which one."""
    origin = state.running.get(f"cell {given.get('cell_id')}")
    if origin is not None:
        state.polls[call] = origin
    return origin is not None


def _acts(one: Call) -> Iterator[Act]:
    given = one.given if isinstance(one.given, dict) else {"input": one.given} if isinstance(one.given, str) else {}
    name = one.name
    if name == "web__run":
        asked = given.get("search_query")
        asked = [string(query, "q") for query in asked if string(query, "q")] if isinstance(asked, list) else []
        yield Act("search", "; ".join(asked)) if asked else Act("tool", name)
    elif name in SHELLS and not (given.get("cmd") or given.get("command")):
        yield Act("tool", name)
    else:
        yield from list(acts_of(name, given)) or [Act("tool", name)]


def _key(state: State, act: Act) -> str:
    target = relative_path(act.target, state.roots) if act.kind == "edit" else " ".join(act.target.split())
    return f"{act.kind}:{target}"


def claimed(state: State, acts: list[Act]) -> list[str]:
    """Return the names under which a script has told these acts already, [] where it has not told all of them."""
    keys = [_key(state, act) for act in acts]
    return [state.claim(key) for key in keys] if acts and all(map(state.is_expected, keys)) else []


def is_of_script(state: State, call: str) -> bool:
    """Say whether a call is a script's, whose output is that of all it did."""
    return state.scripts.get(call) is not None


def take_script_output(state: State, value: Any, call: str) -> None:
    """Add what the acts of a script gave back; exit codes only where the report names each command's."""
    made = state.scripts.get(call) or ()
    parts = [string(block, "text") for block in blocks(value)[:_MOST_PARTS]]
    head = _HEAD.match(parts[0]) if parts else None
    if head:
        parts[0] = parts[0][head.end() :]
        if head.group(3):
            state.running[f"cell {head.group(3)}"] = call
    texts = [part for part in parts if part]
    failed = bool(head and head.group(2))
    commands = [name for name, kind in made if kind == "command"]
    reports = [report for text in texts for report in _reports(text)]
    if len(reports) == len(commands):
        rest = "\n".join(text for text in texts if not _reports(text))
        told = {name: _report(state, report, name) for name, report in zip(commands, reports, strict=True)}
    else:
        rest, told = "\n".join(texts), {}
    for name, kind in made:
        output = told.get(name)
        if output is None:
            failed_here = failed and state.codes.get(name) is None
            output, rest = Output("" if kind == "edit" and not failed else rest, failed=failed_here), ""
        state.answer(output, name)


def _reports(text: str) -> list[Record]:
    """Return the results of commands that a text is, as the tool itself words them."""
    if text.lstrip()[:1] not in {"{", "["} or '"output"' not in text:
        return []
    try:
        value = orjson.loads(text)
    except (orjson.JSONDecodeError, RecursionError):
        return []
    found = value if isinstance(value, list) else [value]
    known = [one for one in found if isinstance(one, dict) and isinstance(one.get("output"), str)]
    return known if len(known) == len(found) and all("exit_code" in one or "session_id" in one for one in known) else []


def _report(state: State, report: Record, name: str) -> Output:
    code, process = report.get("exit_code"), report.get("session_id")
    if process is not None:
        state.running[str(process)] = name
    known = code if isinstance(code, int) and not isinstance(code, bool) else None
    return Output(string(report, "output"), known, failed=known not in {0, None})
