"""The person's editor: which one it is, how it is started, and what it did to a file."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping

from session_journal.errors import JournalError, NotFoundError

# An editor with a window gives the terminal back at once; this makes it wait until the file is closed.
_WAITING = {
    "code": "--wait",
    "codium": "--wait",
    "cursor": "--wait",
    "windsurf": "--wait",
    "zed": "--wait",
    "subl": "--wait",
    "mate": "--wait",
}
_FALLBACKS = ("sensible-editor", "nano", "vim", "vi", "emacs")


def find_editor(env: Mapping[str, str], setting: str = "", *, terminal: bool = True) -> list[str]:
    """Return the editor's command line: JOURNAL_EDITOR, the setting, VISUAL, EDITOR, else one that is installed."""
    named = (env.get("JOURNAL_EDITOR"), setting, env.get("VISUAL"), env.get("EDITOR"))
    command = next((text for text in named if text and text.strip()), "")
    if command:
        return _patient(split_command(command, windows=os.name == "nt"))
    if not terminal:  # an editor nobody named would wait for keys that never come
        raise NotFoundError("there is no terminal for an editor here", "write with -m TEXT or --no-edit, or set EDITOR")
    if os.name == "nt":
        return ["notepad"]
    found = next((name for name in _FALLBACKS if shutil.which(name, path=env.get("PATH"))), "")
    if not found:
        raise NotFoundError("no editor was found", "journal config set editor nano   (or write with -m TEXT)")
    return [found]


def split_command(command: str, *, windows: bool) -> list[str]:
    """Split an editor command into its parts; a path with blanks that exists as it stands is one part."""
    text = command.strip()
    if os.path.isfile(text):
        return [text]
    try:
        parts = shlex.split(text, posix=not windows)
    except ValueError as error:
        raise JournalError(
            f"the editor command {text!r} cannot be read: {error}", "journal config get editor"
        ) from error
    return [_unquote(part) for part in parts] if windows else parts


def _unquote(part: str) -> str:
    return part[1:-1] if len(part) > 1 and part[0] == part[-1] == '"' else part


def _patient(command: list[str]) -> list[str]:
    name = os.path.splitext(os.path.basename(command[0].replace("\\", "/")))[0].lower()
    flag = _WAITING.get(name)
    if flag is None or {flag, "-w"} & set(command):
        return command
    return [*command, flag]


def open_editor(command: list[str], path: str, env: Mapping[str, str]) -> None:
    """Let the person edit a file and wait until they are done."""
    program = shutil.which(command[0], path=env.get("PATH")) or command[0]
    try:
        code = subprocess.call([program, *command[1:], path], env=dict(env))
    except OSError as error:
        raise JournalError(
            f"the editor {command[0]} cannot be started: {error.strerror or error}",
            "journal config set editor nano   (or set EDITOR)",
        ) from error
    if code:
        raise JournalError(f"the editor {command[0]} ended with code {code}, so nothing was saved")
