"""Messages of Gemini CLI: what each says and does, and how its tools report back."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import orjson

from session_journal.core.events import Event
from session_journal.core.text import clean, drop_block, fold
from session_journal.readers.fields import Record, blocks, string, time_of
from session_journal.readers.turns import Turn, called, event, result, said

TYPES = frozenset({"user", "gemini", "info", "error", "warning"})
SNAPSHOT = "<state_snapshot>"
"""What the summary begins with that takes the place of older messages when they are compressed."""
ACKNOWLEDGED = "Got it. Thanks for the additional context!"
"""What is put into the assistant's mouth behind such a summary."""
_INJECTED = ("session_context", "hook_context", "loaded_context")
_SETUP = "This is the Gemini CLI. We are setting up the context for our chat."
_ATTACHED = re.compile(r"--- Content from referenced files ---.*?(?:--- End of content ---|\Z)", re.DOTALL)
_CANCELLED = "Request cancelled"
_NUMBER = re.compile(r"-?\d{1,9}")
_LABELS = frozenset({"Error", "Exit Code", "Signal", "Background PIDs", "Process Group PGID"})


def turns_of(message: Record) -> list[Turn]:
    """Return the turns that one message makes: what was said and called, what the calls gave back."""
    kind, time = message.get("type"), time_of(message)
    if kind == "gemini":
        return _assistant(message, time)
    text = _text(message.get("content"))
    if kind == "user":
        return _user(message, text, time)
    if kind == "error":
        return [said("error", "system", text, time)]
    if text.startswith(_CANCELLED):
        return [[event("interruption", "user", fold(text), time)]]
    return []


def paths_in(message: Record) -> list[str]:
    """Return the texts in which absolute paths of the project's files are likely to stand."""
    found = []
    for call in _calls(message):
        given = call.get("args")
        found += [value for value in given.values() if isinstance(value, str)] if isinstance(given, dict) else []
        found += [string(call, "description"), _answer(call)[0]]
    return found


def _user(message: Record, text: str, time: datetime | None) -> list[Turn]:
    if SNAPSHOT in text:
        return [said("compaction", "system", text, time)]
    shown = _text(message.get("displayContent")) or text
    for name in _INJECTED:
        shown = drop_block(shown, name)
    if shown.lstrip().startswith(_SETUP):
        return []
    if "--- Content from" in shown:
        shown = _ATTACHED.sub("", shown)
    return [said("prompt", "user", shown, time)]


def _assistant(message: Record, time: datetime | None) -> list[Turn]:
    turn: list[Event] = []
    thoughts = message.get("thoughts")
    for thought in thoughts if isinstance(thoughts, list) else []:
        subject, more = string(thought, "subject"), string(thought, "description")
        turn += said("thought", "assistant", f"{subject}: {more}" if subject and more else subject or more, time)
    content = message.get("content")
    if isinstance(content, list):
        hidden = [string(block, "text") for block in blocks(content) if block.get("thought") is True]
        turn += said("thought", "assistant", "\n".join(hidden), time)
    turn += said("reply", "assistant", _text(content), time)
    calls = _calls(message)
    if not calls:
        return [turn]
    turn += [called(string(call, "name"), call.get("args"), string(call, "id"), time) for call in calls]
    return [turn, *_results(calls)]


def _calls(message: Record) -> list[Record]:
    calls = message.get("toolCalls")
    return [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []


def _results(calls: list[Record]) -> list[Turn]:
    """Return what the calls gave back as one turn, and what the user did instead of letting them run."""
    results: list[Event] = []
    after: list[Turn] = []
    for call in calls:
        text, failed = _answer(call)
        status, time = string(call, "status"), time_of(call)
        if not text and status not in {"success", "error", "cancelled"}:
            continue  # it was still running when the transcript ended
        code = None
        if call.get("name") == "run_shell_command" and not failed:
            text, code = shell_result(text)
        failed = failed or status in {"error", "cancelled"}
        results.append(result(text, string(call, "id"), time, failed=failed, code=code))
        if status == "cancelled":
            after.append([event("interruption", "user", "cancelled the tool call", time)])
        elif call.get("name") == "ask_user" and not failed:
            after.append(said("prompt", "user", _answers(call, text), time))
    return [results, *after]


def _answer(call: Record) -> tuple[str, bool]:
    """Return what a call gave back, and whether it is an error."""
    given, display = call.get("result"), call.get("resultDisplay")
    outputs, errors = [], []
    for part in blocks(given):
        holder = part.get("functionResponse")
        response = holder.get("response") if isinstance(holder, dict) else None
        outputs.append(string(response, "output"))
        errors.append(string(response, "error"))
    error = "\n".join(filter(None, errors))
    text = "\n".join(filter(None, outputs)) or error or _text(given)
    return text or (display if isinstance(display, str) else ""), bool(error)


def shell_result(raw: str) -> tuple[str, int | None]:
    """Return a command's output and its exit code, where the report tells it.

    Earlier versions report every code, later ones only those that are not zero: there a report that ends in the
    process group, with neither a code nor a signal nor an error, is that of a command that worked.
    """
    rest, found = raw, dict[str, str]()
    while True:
        before, newline, line = rest.rpartition("\n")
        label, colon, value = line.partition(": ")
        if not newline or not colon or label not in _LABELS or label in found:
            break
        found[label], rest = value, before
    output = _output(rest)
    if output is None:
        return raw, None
    code = found.get("Exit Code", "" if found.keys() - {"Background PIDs", "Process Group PGID"} or not found else "0")
    known = int(code) if _NUMBER.fullmatch(code) else None
    error = found.get("Error", "(none)")
    parts = ["" if output.strip() == "(empty)" else output, "" if error == "(none)" else error]
    return "\n".join(filter(None, parts)), known


def _output(report: str) -> str | None:
    """Return the output in a report without its last lines, None where the text is no report."""
    if report.startswith("Output: "):
        return report[len("Output: ") :]
    if not report.startswith("Command: "):
        return None
    at = report.find("\nDirectory: ")
    for label in ("\nOutput: ", "\nStdout: "):
        start = report.find(label, max(at, 0))
        if start >= 0:
            return report[start + len(label) :]
    return None


def _answers(call: Record, text: str) -> str:
    """Return the user's answers to the assistant's questions, one `question → answer` a line."""
    given = call.get("args")
    questions = given.get("questions") if isinstance(given, dict) else None
    asked = [string(one, "question") for one in questions] if isinstance(questions, list) else []
    try:
        answers = orjson.loads(text).get("answers")
    except (orjson.JSONDecodeError, AttributeError):
        return ""
    if not isinstance(answers, dict):
        return ""
    return "\n".join(_answered(asked, str(key), str(value)) for key, value in answers.items())


def _answered(asked: list[str], key: str, value: str) -> str:
    question = asked[int(key)] if key.isdecimal() and int(key) < len(asked) else key
    return f"{fold(clean(question))} → {fold(clean(value))}"


def _text(content: Any) -> str:
    """Return what is said in a content: a string, one part, or a list of parts and strings."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    spoken = [part if isinstance(part, str) else _part(part) for part in parts]
    return "".join(spoken)


def _part(part: Any) -> str:
    return string(part, "text") if isinstance(part, dict) and part.get("thought") is not True else ""
