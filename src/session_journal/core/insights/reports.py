"""What was found out elsewhere in a session: the reports of sub-agents and the documents that it wrote."""

from __future__ import annotations

from collections.abc import Iterator

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session
from session_journal.core.insights.prose import Statement, statements

_DELEGATES = frozenset(
    {"task", "agent", "delegate", "spawn_agent", "subagent", "runsubagent", "new_task", "wait_agent"}
)
_DOCUMENTS = (".md", ".markdown", ".mdx", ".rst", ".txt", ".adoc")
_FINDS = re.compile(
    r"report|analy[sz]|finding|review|investigat|research|(?<!release[ _-])notes|audit|post-?mortem|comparison|"
    r"benchmark|evaluation|assessment|diagnos|lessons|decision|adr\b|design|plan\b",
    re.IGNORECASE,
)
_LONGEST = 30_000
_SHORTEST = 200
"""Characters from which a report or a document tells more than that it is there."""


def reports(session: Session) -> Iterator[Statement]:
    """Yield the statements of what sub-agents reported to the main conversation."""
    delegated = {
        event.call
        for event in session.events
        if event.kind == "tool" and event.call and not event.agent and event.target.lower() in _DELEGATES
    }
    for event in session.events:
        if event.kind == "result" and event.call in delegated and _is_report(event.text):
            yield from statements(event.text[:_LONGEST], event.turn)


def documents(session: Session) -> Iterator[Statement]:
    """Yield the statements of documents that the session wrote from nothing and kept, and that tell what was found.

    What any other document says was written, and not found out.
    """
    written: dict[str, Event] = {}
    for event in session.events:
        if event.kind == "edit" and event.target.lower().endswith(_DOCUMENTS):
            lines = event.text.splitlines()
            if lines and all(line.startswith("+") for line in lines):
                written[event.target] = event
            else:
                written.pop(event.target, None)
    for event in written.values():
        text = "\n".join(line[2:] for line in event.text.splitlines())
        title = next((line for line in text.splitlines() if line.startswith("# ")), "")
        if len(text) >= _SHORTEST and _FINDS.search(f"{event.target} {title}"):
            yield from statements(text[:_LONGEST], event.turn)


def _is_report(text: str) -> bool:
    """Say whether a call's result is what the sub-agent found, not that it was started."""
    return len(text) >= _SHORTEST and not text.startswith("Async agent launched")
