"""Session to draft: an entry's fields and sections, offline, every claim with the turns that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import tzinfo
from typing import cast

from session_journal.core.events import Session
from session_journal.core.inert import escaped, escaped_line
from session_journal.core.insights import story
from session_journal.core.insights.evidence import quotes as find_quotes
from session_journal.core.items import Item, Quote
from session_journal.core.projects import project_name
from session_journal.core.records import record
from session_journal.core.redact import redact_all
from session_journal.core.sections import ORDER, heading, render_item, render_quote
from session_journal.core.text import one_line
from session_journal.core.verbatim import shown


@record(frozen=True, slots=True)
class Draft:
    """An entry nobody has reviewed: front matter, sections in order, the items and quotes in them.

    trivial: no prompt or nothing done, not worth an entry. report: redactions by kind.
    """

    fields: dict[str, object]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    items: tuple[Item, ...]
    quotes: tuple[Quote, ...]
    trivial: bool = False
    report: dict[str, int] = field(default_factory=dict)


@record(frozen=True, slots=True)
class Drafted:
    """Who drafted an entry. by: `offline` or the model; verified: how many of its claims held, `17/18`."""

    by: str
    verified: str = ""


Retell = Callable[[Session, story.Story], tuple[story.Story, Drafted]]
"""Tells a redacted session's story better than was done offline, or gives the story back as it is."""


def draft(
    session: Session,
    *,
    goals: tuple[str, ...] = (),
    aliases: Mapping[str, str] | None = None,
    project: str = "",
    tz: tzinfo | None = None,
    keep: Callable[[str, str], bool] | None = None,
    retell: Retell | None = None,
) -> Draft:
    """Draft the entry of a session. goals: what `start` noted; project: its name, where the caller knows it better.

    keep: is asked for each kind and value that is to be redacted; what it keeps stays. retell: tells the story better
    than is done offline.
    """
    told, drafted = story.tell(session, goals), Drafted("offline")
    if retell is not None:
        told, drafted = retell(session, told)
    fields = _fields(session, told, project or project_name(session.cwd, aliases=aliases), tz, drafted)
    paragraphs = [("Context", told.context), ("What happened", told.happened), ("How it went", told.verdict)]
    claims: dict[int, list[str]] = {}
    for text, turns in [
        *(line for _, lines in paragraphs for line in lines),
        *((one.text, one.turns) for one in told.items),
    ]:
        for turn in turns:
            claims.setdefault(turn, []).append(text)
    counts: dict[str, int] = {}

    def plain(text: str) -> str:
        """Return words as they are seen, redacted after that: what was between two halves of a secret is gone."""
        return cast("str", redact_all(shown(text), counts, keep))

    quotes = [replace(one, text=escaped(plain(one.text))) for one in find_quotes(session, claims, told.telling)]
    items = [replace(one, text=escaped_line(plain(one.text))) for one in told.items]
    lines = {title: [_line(*line, plain) for line in lines] for title, lines in paragraphs}
    return Draft(
        cast("dict[str, object]", redact_all(fields, counts, keep)),
        _sections(lines, items, quotes),
        tuple(items),
        tuple(quotes),
        told.trivial,
        counts,
    )


def _fields(
    session: Session, told: story.Story, project: str, tz: tzinfo | None, drafted: Drafted
) -> dict[str, object]:
    """Return the front matter that the transcript knows; what it does not tell is left out."""
    start = session.started.astimezone(tz) if session.started else None
    values: dict[str, object] = {
        "title": shown(told.title),
        "date": start.date() if start else None,
        "type": "session",
        "status": "draft",
        "visibility": "self",
        "project": project,
        "agent": session.agent,
        "model": session.model,
        "kind": told.kind,
        "duration": told.minutes or None,
        "goals": [shown(goal) for goal in told.goals],
        "outcome": told.outcome,
        "effectiveness": told.effectiveness,
        "tags": list(told.tags),
        "checks": [shown(check) for check in told.checks],
        "source": f"{session.agent}:{session.id}",
        "source_sha256": session.sha256,
        "turns": max((e.turn for e in session.events), default=0),
        "skipped": session.skipped,
        "drafted_by": drafted.by,
        "verified": drafted.verified,
    }
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def _line(text: str, turns: tuple[int, ...], plain: Callable[[str], str]) -> str:
    bullet = "- " if text.startswith("- ") else ""
    return (
        bullet
        + escaped_line(plain(one_line(text.removeprefix(bullet))))
        + (f" [{', '.join(f't{turn}' for turn in turns)}]" if turns else "")
    )


def _sections(
    paragraphs: Mapping[str, list[str]], items: list[Item], quotes: list[Quote]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    lines: dict[str, list[str]] = {title: list(found) for title, found in paragraphs.items() if found}
    for item in items:
        lines.setdefault(heading(item.kind), []).append(render_item(item))
    if quotes:
        lines["Evidence"] = list(map(render_quote, quotes))
    return tuple((title, tuple(lines[title])) for title in ORDER if title in lines)
