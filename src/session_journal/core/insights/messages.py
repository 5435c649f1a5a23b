"""What the session itself wrote about its work: the messages of its commits and pull requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights.prose import Statement, statements
from session_journal.core.insights.steps import in_past
from session_journal.core.insights.vcs import Act

_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1[^\n]*\n(?P<body>.*?)^\s*\2\s*$", re.DOTALL | re.MULTILINE)
_GIVEN = re.compile(
    r"(?:\s-\w*m|\s-[bt]|--(?:message|body|title))[ =]?(?P<quote>[\"'])(?P<body>.*?)(?<!\\)(?P=quote)", re.DOTALL
)
_TRAILER = re.compile(r"^\s*(?:[A-Z][\w-]+-by: .*|(?:\S+ )?Generated (?:with|by) .*)$", re.MULTILINE | re.IGNORECASE)
_PLANNED = re.compile(r"\b(?:test plan|how to test|checklist|testing)\b")


def messages(session: Session, acts: Sequence[Act]) -> list[Statement]:
    """Return the statements of the messages of commits and pull requests that were made; orders are told as done."""
    return [
        one
        for act in acts
        if act.kind in {"commit", "pull-request"}
        for one in _statements(session.events[act.order].target, act.turn)
    ]


def _statements(command: str, turn: int) -> Iterator[Statement]:
    for body in _bodies(command):
        for one in statements(_TRAILER.sub("", body), turn):
            if not _PLANNED.search(one.heading):
                yield replace(one, text=in_past(one.text), bullet=False, lead="", closing=True)


def _bodies(command: str) -> Iterator[str]:
    """Yield what a command line gives as messages; a here-document stands for the argument it is in."""
    written = [found.group("body") for found in _HEREDOC.finditer(command)]
    bare = _HEREDOC.sub("", command)
    given = [found.group("body") for found in _GIVEN.finditer(bare) if not found.group("body").startswith("$(")]
    yield from (text for text in (*given, *written) if text.strip())
