"""What is known about each AI tool: where its transcripts lie, how context is handed to it."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

AGENTS = ("claude_code", "gemini", "cursor", "opencode")
"""Modules of this package; a further tool is one more name."""


@dataclass(frozen=True, slots=True)
class Host:
    """The machine that is asked: its environment, `sys.platform`, and the working directory."""

    env: Mapping[str, str]
    platform: str = "linux"
    cwd: str = ""

    @property
    def home(self) -> str:
        """Return the user's home folder, "" where the environment names none."""
        return self.env.get("HOME") or self.env.get("USERPROFILE", "")


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


def agents() -> tuple[Agent, ...]:
    """Return the module of every tool."""
    return tuple(cast("Agent", importlib.import_module(f"{__name__}.{name}")) for name in AGENTS)
