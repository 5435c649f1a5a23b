"""Session and Event: what every reader makes and everything else reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from typing import Final, Literal

from session_journal.core.records import record

Role = Literal["user", "assistant", "tool", "system"]
EventKind = Literal[
    "prompt",  # the user spoke; text is what they said
    "reply",  # the assistant spoke to the user
    "thought",  # the assistant's visible reasoning
    "command",  # a shell command; target is the command line
    "edit",  # a file was changed; target is its path, text what changed ("- old" and "+ new" lines)
    "read",  # a file was read; target is its path
    "search",  # a search in files or the web; target is the query
    "tool",  # any other tool; target is its name, text its input in short
    "plan",  # a plan or todo list; text has one step a line, done steps marked "[x] "
    "result",  # what a call gave back; call names the call, exit_code where it is known
    "error",  # a failed call or an error of the tool itself
    "interruption",  # the user stopped the assistant
    "compaction",  # the conversation was summarised to save room; text is the summary
]

REMOVED = "- (whole file)"
"""The text of an edit that took a file away, where what stood in it is not told."""


@record(frozen=True, slots=True)
class Event:
    """One normalised step of a session; nothing of it changes once it is made.

    `Final` holds that where code is checked: `frozen` would hold it where it runs, too, and make each of a transcript's
    many thousand events take three times as long.

    turn: 1-based number of the message it belongs to. One message is what one role said or did at once: a prompt,
    an assistant message with its calls, or the results that answer them; so every turn has exactly one role.
    call: id that joins a command, edit, read, search or tool with its result or error ("" for none).
    agent: id of the sub-agent that did it ("" for the main conversation); its prompts are not the user speaking.
    """

    kind: Final[EventKind]
    turn: Final[int]
    role: Final[Role]
    text: Final[str] = ""
    target: Final[str] = ""
    time: Final[datetime | None] = None
    call: Final[str] = ""
    exit_code: Final[int | None] = None
    agent: Final[str] = ""


@record(frozen=True, slots=True)
class Session:
    """The work done in one conversation, read from a transcript.

    agent: `claude-code`, `codex`, ...; id: the tool's own session id; cwd: the first working directory, as recorded;
    skipped: malformed lines; sha256: hex digest of the transcript bytes read; model: the last model named.
    Paths in events are relative to `cwd`'s project where they lie in it, with `/`.
    """

    agent: str
    id: str
    events: tuple[Event, ...]
    cwd: str = ""
    branch: str = ""
    model: str = ""
    title: str = ""
    version: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    skipped: int = 0
    sha256: str = ""
    links: tuple[str, ...] = field(default=())
    uuids: frozenset[str] = frozenset()
    """Ids of the transcript's own messages: a session whose messages all stand in another one is its beginning."""
    left_out: int = 0
    """Events that are missing because the session is too long to be kept whole; the texts of the others are cut."""


def answers(events: Iterable[Event]) -> dict[str, Event]:
    """Return what each call gave back, an error too, by the name that joins both."""
    return {event.call: event for event in events if event.kind in {"result", "error"} and event.call}


def failed_calls(events: Iterable[Event]) -> frozenset[str]:
    """Return the names of the calls that gave back an error."""
    return frozenset([event.call for event in events if event.kind == "error" and event.call])
