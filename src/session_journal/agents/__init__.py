"""What is known about each AI tool: where its transcripts lie, how context is handed to it."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, cast

from session_journal.core.records import record

AGENTS = ("claude_code", "codex", "copilot", "gemini", "cursor", "opencode", "aider", "specstory")
"""Modules of this package; a further tool is one more name."""

HOOKED = ("claude_hooks", "codex_hooks")
"""Modules of this package, one for each tool that can run hooks of ours."""


@record(frozen=True, slots=True)
class Host:
    """The machine that is asked: its environment, `sys.platform`, and the working directory."""

    env: Mapping[str, str]
    platform: str = "linux"
    cwd: str = ""

    @property
    def home(self) -> str:
        """Return the user's home folder, "" where the environment names none."""
        return self.env.get("HOME") or self.env.get("USERPROFILE", "")

    def folders(self) -> Iterator[str]:
        """Yield the working directory and every folder above it, the nearest first."""
        folder, last = os.path.abspath(self.cwd) if self.cwd else "", ""
        while folder != last:
            yield folder
            folder, last = os.path.dirname(folder), folder


def this_machine(env: Mapping[str, str], cwd: str) -> Host:
    """Return the machine this runs on; a home that the environment does not name (cron, services) is asked for.

    Without one, every path of a tool would be taken for one below the working directory.
    """
    home = env.get("HOME") or env.get("USERPROFILE") or os.path.expanduser("~")
    return Host({**env, "HOME": home}, sys.platform, cwd)


@record(frozen=True, slots=True)
class HookEdits:
    """What a tool's settings get for our hooks: the file, the command that all of them run, and by event what is added
    to the array of that event under "hooks".
    """

    path: str
    command: str
    groups: Mapping[str, object]


class Agent(Protocol):
    """What each tool's module offers."""

    NAME: str
    """What sessions of this tool call it (`Session.agent`), and what `--agent` takes."""

    def transcripts(self, host: Host) -> Iterable[str]:
        """Return the paths of every transcript of this tool on this machine; what cannot be listed is left out."""

    def in_folder(self, host: Host, cwd: str) -> Iterable[str]:
        """Return those of sessions begun in one folder, none where the tool does not tell them apart."""

    def parts(self, transcript: str) -> list[tuple[str, str]]:
        """Return (id, path) of each further file of a transcript, none when it is of another tool."""


class HookTool(Protocol):
    """What each tool's module of hooks offers."""

    NAME: str
    """What `journal hooks install` takes."""

    def edits(self, host: Host, program: str) -> HookEdits:
        """Return what the tool's settings get, for the path of our program."""

    def why_inactive(self, host: Host, settings: object, place: tuple[str, int, int]) -> str:
        """Say what keeps an installed hook from running, "" where nothing is known to.

        settings: what the file holds; place: the hook's event, and its indexes in the event's array and in its group.
        """

    def note(self, host: Host) -> str:
        """Return what a person should know once the hooks are in place."""


def agents() -> tuple[Agent, ...]:
    """Return the module of every tool."""
    return tuple(cast("Agent", importlib.import_module(f"{__name__}.{name}")) for name in AGENTS)


def hook_tools() -> tuple[HookTool, ...]:
    """Return the module of hooks of every tool that has one."""
    return tuple(cast("HookTool", importlib.import_module(f"{__name__}.{name}")) for name in HOOKED)
