"""Conversations kept by hand: text or markdown with `User:` and `Assistant:` turns, pasted or exported."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import BinaryIO, NamedTuple

from session_journal.core.events import Event, EventKind, Role, Session
from session_journal.core.records import record
from session_journal.core.text import clean, fold, strip_wrappers
from session_journal.readers.fences import Fence
from session_journal.readers.keeping import Kept
from session_journal.readers.textlines import Passage, TextLines

Part = tuple[str, BinaryIO]

_ROLES: dict[str, Role] = {
    **dict.fromkeys(("user", "human", "you", "me"), "user"),
    **dict.fromkeys(
        (
            "assistant",
            "ai",
            "ai assistant",
            "chatgpt",
            "gpt",
            "claude",
            "claude code",
            "codex",
            "gemini",
            "copilot",
            "github copilot",
            "cursor",
            "windsurf",
            "grok",
            "deepseek",
            "perplexity",
            "bot",
        ),
        "assistant",
    ),
    **dict.fromkeys(("system", "system prompt"), "system"),
}
_NAME = rf"({'|'.join(sorted(_ROLES, key=len, reverse=True))}|gpt-\d[\w.-]*)"
_ASIDE = r"(?: ?\([^()\n]{1,60}\))?"
_SIGN = r"(?:[^\w\s*_#`'\"()<>\[\]{}|/\\-]{1,4}\s*)?"
_FORMS = {
    "said": re.compile(rf"(?:#{{1,6}}\s+)?(?:\*\*)?{_NAME} said:?(?:\*\*)?:?()\s*", re.IGNORECASE),
    "heading": re.compile(rf"#{{1,6}}\s+{_SIGN}(?:\*\*)?{_NAME}{_ASIDE}:?(?:\*\*)?:?()\s*", re.IGNORECASE),
    "bold": re.compile(rf"_?\*\*{_SIGN}{_NAME}{_ASIDE}(?::\*\*_?|\*\*_?:|\*\*_?$)\s*(.*)", re.IGNORECASE),
    "plain": re.compile(rf"{_NAME}{_ASIDE}:(?:\s+(.*)|$)", re.IGNORECASE),
}
_NEAR = re.compile(rf"[#*_]|{_NAME}", re.IGNORECASE)
"""What every line that begins a turn begins with; it spares most lines the four forms."""
_FACT = re.compile(
    r"(?:date|time|project|host|version|title|author|tags|status|subject|from|to|name|e-?mail|role|branch|repo)\w*:"
    r" ?\S",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(r"#{2,6} |```|~~~|(?:from|to|subject|cc): \S", re.IGNORECASE)
"""What begins a document or a letter, not a conversation."""
_KEY = re.compile(r"[a-z_][\w-]*:(?:\s|$)")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,}|\* \* \*|\*\*\[\d{4}-\d\d-\d\d[^\]\n]{0,20}\]\*\*)?\s*")
"""A rule or a time between two turns, which nobody says."""
_MOST_BEFORE, _MOST_FACTS = 8, 16
"""How many lines may stand before the first turn: a title, a date, a remark; and before one that is marked as such."""
_MOST_NULS = 100
"""More in the beginning of a file mean that it is no text."""
_INTRODUCTION = 200
"""How many characters of the first reply tell two conversations with the same first prompt apart."""


class Mark(NamedTuple):
    """The beginning of a turn: how its line is written, whose turn it is, and what stands on the line already."""

    form: str
    role: Role
    text: str


def recognises(head: bytes) -> bool:
    """Say whether these first bytes are turns of a user and an assistant, and nothing else.

    Many texts name users and assistants: turns have to begin the file, all be written in one way, say something, and
    take turns.
    """
    if head.lstrip()[:1] in {b"{", b"[", b"<"} or head[:4096].count(b"\0") > _MOST_NULS:
        return False
    lines = head.decode("utf-8", "replace").removeprefix("\ufeff").splitlines()
    marks = list(_marks(lines))
    if len(marks) < 2 or not _may_begin(lines, marks[0]):
        return False
    ends = [at for at, _ in marks[1:]] + [len(lines)]
    said = [
        (mark.role, mark.text.strip() or _says(lines, at, end)) for (at, mark), end in zip(marks, ends, strict=True)
    ]
    roles = [role for role, text in said if text and role in {"user", "assistant"}]
    changes = sum(one != other for one, other in itertools.pairwise(roles))
    return len(set(roles)) == 2 and 2 * changes >= len(roles) - 1


def _marks(lines: Iterable[str]) -> Iterator[tuple[int, Mark]]:
    """Yield where turns begin; all are written like the first one."""
    scan = _Marks()
    for number, line in enumerate(lines):
        mark = scan.take(line)
        if mark:
            yield number, mark


def _says(lines: list[str], at: int, end: int) -> str:
    return next((line for line in lines[at + 1 : end] if line.strip()), "")


def _may_begin(lines: list[str], first: tuple[int, Mark]) -> bool:
    """Say whether what stands before and around the first turn leaves the file a conversation."""
    at, mark = first
    before = [line for line in _without_front_matter(lines[:at]) if line.strip()]
    most = _MOST_BEFORE if mark.form == "plain" else _MOST_FACTS
    if len(before) > most or any(_NO_TITLE.match(line) for line in before):
        return False
    if mark.form != "plain":
        return True
    if lines[at][0].islower() and any(_KEY.match(line) and not _Marks().take(line) for line in lines):
        return False  # `user:` is a key among others
    # `User:` can be a fact among others about something, at the head of a log or a report.
    start = next((number for number in range(at, -1, -1) if not lines[number].strip()), -1) + 1
    end = next((number for number in range(at, len(lines)) if not lines[number].strip()), len(lines))
    return not any(_FACT.match(line) for line in lines[start:end])


def _without_front_matter(lines: list[str]) -> list[str]:
    if lines[:1] == ["---"] and "---" in lines[1:]:
        return lines[lines.index("---", 1) + 1 :]
    return lines


class _Marks:
    """Which lines begin turns: those outside of fenced code that are written like the first one."""

    def __init__(self) -> None:
        self._form = ""
        self._fence = Fence()
        self._spoken = False

    def take(self, line: str) -> Mark | None:
        """Take a line; return the turn that it begins."""
        if self._fence.take(line):
            return None
        mark = _mark(line)
        if mark is None or self._form not in {"", mark.form} or (self._spoken and mark.role == "system"):
            return None  # once people speak, `System:` is what one of them says
        self._form = mark.form
        self._spoken = self._spoken or mark.role != "system"
        return mark


def _mark(line: str) -> Mark | None:
    if not _NEAR.match(line):
        return None
    for form, pattern in _FORMS.items():
        found = pattern.fullmatch(line)
        if found:
            level = str(len(line) - len(line.lstrip("#"))) if form == "heading" else ""
            return Mark(form + level, _ROLES.get(found.group(1).lower(), "assistant"), found.group(2) or "")
    return None


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the one conversation of a text; what stands before its first turn is nobody speaking.

    Such a text has no id: its first words are taken, which stay when it goes on.
    """
    del name, parts
    lines, state, marks = TextLines(stream), _State(), _Marks()
    for line in lines:
        mark = marks.take(line)
        if mark:
            state.close()
            state.role = mark.role
            if mark.text.strip():
                state.passage.add(mark.text)
        elif state.role:
            state.passage.add(line)
        elif line.startswith("# "):
            state.title = state.title or fold(strip_wrappers(clean(line[2:])))
    state.close()
    if state.roles >= {"user", "assistant"}:
        yield state.session(lines.skipped, lines.cut())


def _without_rules(text: str) -> str:
    """Return what was said without the rules and times that follow it."""
    lines = text.split("\n")
    while lines and _RULE.fullmatch(lines[-1]):
        lines.pop()
    return "\n".join(lines).strip()


@record(slots=True)
class _State:
    """What is known while the lines go by."""

    kept: Kept = field(default_factory=Kept)
    passage: Passage = field(default_factory=Passage)
    role: Role | None = None
    roles: set[Role] = field(default_factory=set)
    first: dict[str, str] = field(default_factory=dict)
    title: str = ""
    turns: int = 0

    def close(self) -> None:
        """Add what was said in the turn that ends."""
        text, role = _without_rules(strip_wrappers(clean(self.passage.text()))), self.role
        self.passage = Passage()
        if not text or role not in {"user", "assistant"}:
            return
        self.turns += 1
        self.roles.add(role)
        self.first.setdefault(role, text)
        kind: EventKind = "prompt" if role == "user" else "reply"
        self.kept.add(Event(kind, self.turns, role, text))

    def session(self, skipped: int, sha256: str) -> Session:
        """Return the conversation."""
        words = "\n".join((self.first.get("user", ""), self.first.get("assistant", "")[:_INTRODUCTION]))
        return Session(
            agent="plain",
            id=hashlib.sha256(words.encode()).hexdigest()[:32],
            events=tuple(self.kept.events),
            title=self.title,
            skipped=skipped,
            sha256=sha256,
            left_out=self.kept.left_out,
        )
