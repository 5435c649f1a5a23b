"""The wordings of Claude Code: slash commands, refusals, answers and exit codes as they stand in its transcripts."""

from __future__ import annotations

import re

from session_journal.core.text import drop_private, fold, strip_wrappers
from session_journal.readers.fields import Record
from session_journal.readers.keeping import Origin

_REFUSED = re.compile(r"The user doesn't want to (?:proceed|take this action)|User rejected|The tool use was rejected")
_REASON = re.compile(
    r"(?:the user said|provided the following reason(?: for the rejection)?|user feedback):\s*(.*)",
    re.DOTALL | re.IGNORECASE,
)
INTERRUPTED = "[Request interrupted by user"
_EXIT = re.compile(r"Exit code (-?\d{1,10})\b\s*")
_COMMAND = re.compile(r"<command-name>\s*(/?[^<]*?)\s*</command-name>")
_ARGUMENTS = re.compile(r"<command-args>(.*?)</command-args>", re.DOTALL)
_SHELL_INPUT = re.compile(r"<bash-input>(.*?)</bash-input>", re.DOTALL)
_ANSWER = re.compile(r'"((?:[^"\\]|\\.)*)"="((?:[^"\\]|\\.)*)"')


def is_refusal(raw: str) -> bool:
    """Say whether a failed result means that the user declined the call."""
    return bool(_REFUSED.search(raw[:400]))


def refusal_reason(raw: str) -> str:
    """Return what the user said when declining a call, "" where they only stopped it."""
    reason = _REASON.search(raw)
    return strip_wrappers(reason.group(1)).split("\n\nNote: The user's next message")[0].strip() if reason else ""


def shell_input(raw: str) -> str:
    """Return the command that the user ran themselves with `!`, "" when the text is none."""
    found = _SHELL_INPUT.search(raw)
    return drop_private(found.group(1)).strip() if found else ""


def slash_command(raw: str) -> str:
    """Return a slash command as it was typed, "" when the text is none."""
    found = _COMMAND.search(raw)
    if not found:
        return ""
    given = _ARGUMENTS.search(raw)
    name = found.group(1)
    text = f"{name if name.startswith('/') else '/' + name} {given.group(1).strip() if given else ''}"
    return drop_private(text).strip()


def answers(record: Record, raw: str) -> str:
    """Return the user's answers to the assistant's questions, one `question → answer` a line."""
    result = record.get("toolUseResult")
    given = result.get("answers") if isinstance(result, dict) else None
    pairs = list(given.items()) if isinstance(given, dict) else _ANSWER.findall(raw)
    return "\n".join(f"{fold(str(question))} → {fold(str(answer))}" for question, answer in pairs)


def exit_code_of(record: Record, origin: Origin | None, raw: str, *, failed: bool) -> int | None:
    """Return the exit code of a command, where the tool's own result tells it."""
    code = _EXIT.match(raw)
    if code:
        return int(code.group(1))
    result = record.get("toolUseResult")
    if origin is None or origin.kind != "command":
        return None
    if isinstance(result, dict):
        for key in ("exitCode", "exit_code", "code"):
            if isinstance(result.get(key), int):
                return int(result[key])
        if not failed and not result.get("interrupted") and not result.get("backgroundTaskId"):
            return 0
    return None
