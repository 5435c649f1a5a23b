"""Chat histories of aider: markdown, one file a repository, many sessions in it."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import datetime
from typing import Any, BinaryIO

from session_journal.core.events import Event, EventKind, Role, Session
from session_journal.core.projects import relative_path
from session_journal.core.records import record
from session_journal.core.text import clean, clip, drop_private, strip_wrappers
from session_journal.readers.aider_edits import take_edits
from session_journal.readers.aider_outcome import Fate, Outcome, outcome
from session_journal.readers.aider_passages import Found, Scan
from session_journal.readers.aider_root import Root
from session_journal.readers.keeping import RESULT_LIMIT, Kept
from session_journal.readers.textlines import TextLines

Part = tuple[str, BinaryIO]

_START = re.compile(r"# aider chat started at (\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?)\s*")
FILE = ".aider.chat.history.md"
_RUN = re.compile(r"(?:/(?:run|test)\s+|!|/(?=git\s))(\S.*)", re.DOTALL)
_DONE_BY_AIDER = ((re.compile(r"/undo\s*"), "/undo"), (re.compile(r"/commit(?:\s.*)?", re.DOTALL), "git commit"))
"""What aider itself does when it is told so: it takes its last commit back, or makes one."""
_LINT = "# Fix any errors below, if possible."
"""What aider itself tells the model after a failed lint run; it stands where a prompt stands."""
_ADDED = re.compile(r"Added (\S+) to the chat\.?")
_SCRAPED = re.compile(r"Scraping (https?://\S+?)\.*")
_SHELL = re.compile(r"Run (?:a |the )?shell commands?\?.* (?:y|yes|a|all)", re.IGNORECASE)
_ADD_OUTPUT = re.compile(r"Add (?:the output|[\d.]+k? tokens of command output) to the chat\?")
_OUTPUT_ADDED = re.compile(r"Added \d+ lines? of output to the chat")
_FAILED = re.compile(r"(?:The LLM did not conform|Malformed|# \d+ SEARCH/REPLACE blocks? failed|Unable to )")
_API = re.compile(
    r"(?:Unexpected error: |Error during API call|(?:litellm|openai|anthropic)\.\S*(?:Error|Exception)|Retrying in \d"
    r"|The API provider)"
)
_MODEL = re.compile(r"(?:Main model|Models?): ([^\s,]+)")
_VERSION = re.compile(r"Aider v(\S+)")
_ADDS = re.compile(r"/(?:add|read(?:-only)?)\s")
_THOUGHT = re.compile(
    r"\s*(?:<(?P<tag>think|thinking|thinking-content-\w+)>(?P<inside>.*?)</(?P=tag)>"
    r"|-{3,}\n► \*\*THINKING\*\*\n(?P<shown>.*?)\n-{3,}\n► \*\*ANSWER\*\*)\s*",
    re.DOTALL,
)
"""What a model thought before its reply, as it came or as aider shows it."""
_NOISE = re.compile(
    r"\^C|Tokens: |Cost: |You can use /undo|Aider v|(?:Main |Weak |Editor )?[Mm]odels?: |Git repo: |Repo-map: "
    r"|Use /help|Added \S+ to the chat|\S*[/\\]aider(?:\.exe)?(?: |$)|Restored previous|You can skip this check"
    r"|Applied edit to |https://aider\.chat/"
)


def recognises(head: bytes) -> bool:
    """Say whether some line of these first bytes begins an aider session."""
    if b"# aider chat" not in head:
        return False
    blank = True
    for line in head.decode("utf-8", "replace").removeprefix("\ufeff").split("\n"):
        if blank and _start(line):
            return True
        blank = not line.strip()
    return False


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the sessions of a history one after the other, those without a prompt, too.

    aider writes the time a session began, in the machine's zone, and no other time. A session's id is that time and a
    digest of the first thing the user typed. What stands before the first beginning is a session only where somebody
    speaks in it.
    """
    del parts
    lines, ids, folder, shown = TextLines(stream), _Ids(), _folder(name), ""
    state, scan = _State(folder), Scan()
    for line in lines:
        started = _start(line) if scan.blank else ""
        if not started:
            state.take_all(scan.take(line))
            continue
        state.take_all(scan.flush())
        yield from state.sessions(ids, lines.cut())
        shown = state.root.folder() or shown
        state, scan = _State(folder, shown, started), Scan()
    state.take_all(scan.flush())
    yield from state.sessions(ids, lines.cut(), lines.skipped)


def _start(line: str) -> str:
    """Return the time that a session's first line names, "" for any other line."""
    found = _START.fullmatch(line) if line.startswith("# aider chat") else None
    return found.group(1) if found else ""


def _command(said: str) -> str:
    """Return the command that the user had run, "" for anything else."""
    run = _RUN.fullmatch(said)
    own = (name for pattern, name in _DONE_BY_AIDER if pattern.fullmatch(said))
    return run.group(1).strip() if run else next(own, "")


def _moment(text: str) -> datetime | None:
    """Return a local time in the machine's zone: aider names none."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _folder(name: str) -> str:
    """Return the folder of a history that lies where aider writes it: its repository."""
    return os.path.dirname(os.path.abspath(name)) if os.path.basename(name) == FILE else ""


class _Ids:
    """The ids given in one file: two sessions that begin alike in the same second are told apart by their order."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def of(self, started: str, first: str) -> str:
        key = f"{re.sub(r'[ :]', '-', started)}-{hashlib.sha256(first.encode()).hexdigest()[:8]}".lstrip("-")
        self._given[key] = self._given.get(key, 0) + 1
        return key if self._given[key] == 1 else f"{key}-{self._given[key]}"


@record(slots=True)
class _State:
    """What is known of a session while its passages go by.

    folder: where the history lies, "" where aider did not put it there; shown: the repository that earlier sessions of
    it were in.
    """

    folder: str
    shown: str = ""
    started: str = ""
    kept: Kept = field(default_factory=Kept)
    facts: dict[str, str] = field(default_factory=dict)
    root: Root = field(default_factory=Root)
    turns: int = 0
    calls: int = 0
    reply: str = ""
    call: str = ""
    first: str = ""

    def take_all(self, found: Iterable[Found]) -> None:
        """Take passages."""
        for kind, text in found:
            take = {"user": self._take_user, "tool": self._take_tool, "assistant": self._take_reply}[kind]
            take(drop_private(clean(text)))

    def sessions(self, ids: _Ids, sha256: str, skipped: int = 0) -> Iterator[Session]:
        """Yield the session of everything taken, none where it neither begins nor speaks."""
        self._answer(self._speak(outcome((), self.reply)), "tool")
        if not self.started and not any(event.kind == "prompt" for event in self.kept.events):
            return
        yield Session(
            agent="aider",
            id=ids.of(self.started, self.first),
            events=tuple(self.kept.events),
            cwd=self.root.folder(self.shown) or self.folder,
            model=self.facts.get("model", ""),
            version=self.facts.get("version", ""),
            started=_moment(self.started),
            skipped=skipped,
            sha256=sha256,
            left_out=self.kept.left_out,
        )

    def _add(self, kind: EventKind, role: Role, turn: int, **more: Any) -> None:
        self.kept.add(Event(kind, turn, role, **more))

    def _turn(self) -> int:
        self.turns += 1
        return self.turns

    def _call(self) -> str:
        self.calls += 1
        return str(self.calls)

    def _take_user(self, text: str) -> None:
        self._answer(self._speak(outcome((), self.reply)), "tool")
        self.call = ""
        self.first = self.first or text
        said = strip_wrappers(text)
        command = _command(said)
        if command:
            self.call = self._call()
            self._add("command", "user", self._turn(), target=command, call=self.call)
        elif said.startswith(_LINT):
            self._add("result", "tool", self._turn(), text=clip(said, RESULT_LIMIT))
        elif said and said != "<blank>":
            if _ADDS.match(said):
                self.root.note_paths(said.split()[1:])
            self._add("prompt", "user", self._turn(), text=said)

    def _take_reply(self, text: str) -> None:
        self._answer(self._speak(outcome((), self.reply)), "tool")
        self.call, self.reply = "", strip_wrappers(text)

    def _speak(self, became: Outcome) -> list[tuple[str, Fate]]:
        """Add the reply that waits for what became of it, and its edits; return these by their calls."""
        if not self.reply and not became.paths:
            return []
        thought = _THOUGHT.match(self.reply)
        reply = self.reply[thought.end() :] if thought else self.reply
        text, edits = take_edits(reply, became.paths)
        text = text if text or became.paths else reply
        self.reply = ""
        turn = self._turn()
        if thought:
            self._add("thought", "assistant", turn, text=(thought["inside"] or thought["shown"] or "").strip())
        if text:
            self._add("reply", "assistant", turn, text=text)
        calls = [(self._call(), fate) for fate in became.fates(edits)]
        for call, fate in calls:
            self._add("edit", "assistant", turn, target=self._path(fate.path), text="\n".join(fate.changes), call=call)
        return calls

    def _answer(self, written: list[tuple[str, Fate]], role: Role, turn: int = 0) -> None:
        """Add what became of edits."""
        turn = turn or (self._turn() if written else 0)
        for call, fate in written:
            self._add("error" if fate.failed else "result", role, turn, text=fate.words, call=call)

    def _path(self, path: str) -> str:
        path = path if "/" in path else path.replace("\\", "/")  # aider on Windows
        return relative_path(path, (next(iter(self.root.proven), self.folder),))

    def _take_tool(self, text: str) -> None:
        lines = text.split("\n")
        if self.call:
            self._take_result(lines)
            return
        self._note_facts(lines)
        stopped = self._is_stopped(lines)
        became = outcome(lines, self.reply)
        self._take_outcome(lines, self._speak(became), became.commit)
        self._take_runs(lines)
        if stopped:
            self._add("interruption", "user", self._turn(), text="^C")

    def _note_facts(self, lines: list[str]) -> None:
        self.root.note(lines)
        for line in lines:
            if line[:1] not in {"M", "A"}:
                continue
            for name, pattern in (("model", _MODEL), ("version", _VERSION)):
                found = pattern.match(line)
                if found:
                    self.facts[name] = found.group(1).strip()

    def _is_stopped(self, lines: list[str]) -> bool:
        """Say whether ^C met the assistant at work; at the prompt it only leaves aider."""
        last = self.kept.events[-1] if self.kept.events else None
        waiting = last is not None and last.kind == "prompt" and not last.text.startswith("/")
        first = next((line for line in lines if line.strip()), "")
        return first.startswith("^C") and bool(self.reply or waiting)

    def _take_result(self, lines: list[str]) -> None:
        """Add what a command of the user printed; added to the chat, it stands there a second time."""
        lines = [line for line in lines if not _OUTPUT_ADDED.match(line)]
        asked = next((number for number, line in enumerate(lines) if _ADD_OUTPUT.match(line)), len(lines))
        text = "\n".join(lines[:asked]).strip() or "\n".join(lines[asked + 1 :]).strip()
        self._add("result", "tool", self._turn(), text=clip(strip_wrappers(text), RESULT_LIMIT), call=self.call)
        self.call = ""

    def _take_outcome(self, lines: list[str], written: list[tuple[str, Fate]], commit: str) -> None:
        """Add what aider said: what became of edits, the files it added, commits it made, what failed."""
        added = [found.group(1) for line in lines if (found := _ADDED.match(line))]
        scraped = [found.group(1) for line in lines if (found := _SCRAPED.match(line))]
        text = "\n".join(line for line in lines if not _NOISE.match(line) and line.strip() != commit).strip()
        if not (written or added or scraped or text):
            return
        role: Role = "system" if any(_API.match(line) for line in lines) and not written else "tool"
        turn = self._turn()
        self._answer(written, role, turn)
        for path in added:
            self._add("read", role, turn, target=self._path(path))
        for address in scraped:
            self._add("search", role, turn, target=address)
        if text:
            failed = role == "system" or any(_FAILED.match(line) for line in lines)
            kind: EventKind = "error" if failed else "result"
            self._add(kind, role, turn, text=clip(strip_wrappers(text), RESULT_LIMIT))

    def _take_runs(self, lines: list[str]) -> None:
        """Add the commands that the model proposed and the user let run; their output is not in a history."""
        for number, line in enumerate(lines):
            if number and _SHELL.match(line):
                named = list(itertools.takewhile(lambda one: one.startswith("Running "), lines[number + 1 :]))
                commands = [one.removeprefix("Running ") for one in named] or [lines[number - 1]]
                turn = self._turn()
                for command in commands:
                    self._add("command", "assistant", turn, target=command.strip(), call=self._call())
