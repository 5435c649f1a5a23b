"""The command `timeline`: a session as a person would retell it, one turn of it in full, or its events."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context
from session_journal.cli.setup import json_option
from session_journal.core.text import counted
from session_journal.errors import JournalError, NotFoundError, UsageError

if TYPE_CHECKING:
    from session_journal.app.timeline import Subject, Timeline
    from session_journal.core.entry import Entry
    from session_journal.core.events import Event, Session
    from session_journal.core.timeline import Step
    from session_journal.store.journal import Journal


@click.command()
@click.argument("entry", default="last")
@click.option("--full", is_flag=True, help="Tell every step instead of folding what is alike.")
@click.option("--turn", default="", metavar="N", help="Show one turn in full, as evidence names it: t12 or 12.")
@click.option("--events", is_flag=True, help="Print the normalised events as JSON lines (docs/events.schema.json).")
@click.option(
    "--session", "number", type=click.IntRange(1), default=None, help="Which session of a transcript of many, from 1."
)
@json_option
@click.pass_obj
def timeline(ctx: Context, entry: str, full: bool, turn: str, events: bool, number: int | None, as_json: bool) -> None:
    """Retell the session of an entry (default: the newest), turn by turn.

    Instead of an entry, a transcript file can be named.
    """
    turns = _read_turn(turn)
    journal = _journal_unless_transcript(ctx, entry)
    if journal is None:
        subject, session = _of_transcript(ctx, entry, number)
    else:
        found = _resolve(journal, entry)
        kept = _kept(journal, found, needed=events or bool(turn))
        if kept is None:
            _show_quotes(ctx, found, as_json=as_json)
            return
        subject, session = kept
    if events or turns:
        _show_events(ctx, subject, session, turns, as_json=as_json, as_lines=events)
    else:
        _show_told(ctx, subject, session, full=full, as_json=as_json)


def _read_turn(text: str) -> int:
    """Return the turn that `12`, `t12` or `[t12]` names, 0 where none is given."""
    found = re.fullmatch(r"\[?t?([1-9][0-9]{0,8})\]?", text.strip())
    if text and not found:
        raise UsageError(f"{text!r} is no turn", "journal timeline last --turn 12")
    return int(found[1]) if found else 0


def _journal_unless_transcript(ctx: Context, reference: str) -> Journal | None:
    """Open the journal, unless a file is named that is none of its own."""
    from session_journal.app.project import is_inside

    a_file = reference != "last" and not reference.startswith("@") and os.path.isfile(reference)
    try:
        journal = ctx.open()
    except JournalError:
        if a_file:
            return None
        raise
    return None if a_file and not is_inside(reference, os.path.join(journal.root, "journal")) else journal


def _of_transcript(ctx: Context, path: str, number: int | None) -> tuple[Subject, Session]:
    from session_journal.app.redaction import make_redactor
    from session_journal.app.timeline import of_transcript
    from session_journal.store.settings import load

    return of_transcript(path, ctx.clock(), load(ctx.env).projects(), make_redactor(ctx.env, touch=False), number)


def _resolve(journal: Journal, reference: str) -> Entry:
    from session_journal.app.project import working_folder
    from session_journal.store.entries import load, resolve

    return resolve(load(journal.root)[0], reference, working_folder())


def _kept(journal: Journal, entry: Entry, *, needed: bool) -> tuple[Subject, Session] | None:
    """Return what is kept of an entry's session, None where the entry's own quotes can stand for it."""
    from session_journal.app.timeline import kept_session, of_entry, quoted

    try:
        return of_entry(entry), kept_session(journal, entry)
    except NotFoundError:
        if needed or not quoted(entry).quotes:
            raise
        return None


def _show_quotes(ctx: Context, entry: Entry, *, as_json: bool) -> None:
    from session_journal.app.timeline import quoted

    told = quoted(entry)
    if as_json:
        ctx.emit(_data(told), as_json=True)
        return
    ctx.say("The events of this session are not on this machine; this is what its entry quotes of it.")
    ctx.write("\n".join([ctx.style(entry.title, "bold"), "", *_quote_lines(told)]))


def _quote_lines(told: Timeline) -> list[str]:
    room = max(len(str(quote.turn)) for quote in told.quotes) + 1
    who = {"user": "You", "assistant": "Assistant", "tool": "Tool", "system": "System"}
    return [
        f'{f"t{quote.turn}".rjust(room)}  {who.get(quote.role, quote.role)}: "{quote.text}"' for quote in told.quotes
    ]


def _show_told(ctx: Context, subject: Subject, session: Session, *, full: bool, as_json: bool) -> None:
    from session_journal.app.timeline import retell
    from session_journal.cli.retelling import for_screen, lines

    told = retell(subject, session, full=full)
    if as_json:
        ctx.emit(_data(told), as_json=True)
        return
    ctx.page(for_screen("\n".join(lines(ctx, told, full=full))))
    if told.all > len(told.told):
        ctx.say(f"{counted(told.all, 'step')} told in {len(told.told)}; every one: --full; one turn: --turn N")


def _show_events(ctx: Context, subject: Subject, session: Session, turn: int, *, as_json: bool, as_lines: bool) -> None:
    """Show one turn for a person or as JSON, or events as JSON lines."""
    import json

    from session_journal.app.timeline import turn_of
    from session_journal.cli.retelling import for_screen, turn_lines
    from session_journal.core.packing import pack_event

    events: Sequence[Event] = turn_of(session, turn, subject.name) if turn else session.events
    if as_lines:
        ctx.write("\n".join(map(pack_event, events)))
    elif as_json:
        ctx.emit([json.loads(pack_event(event)) for event in events], as_json=True)
    else:
        ctx.page(for_screen("\n".join(turn_lines(ctx, events, session))))


def _data(told: Timeline) -> dict[str, object]:
    """Return a retelling as data: what is empty or unknown in a step is left out."""
    names = ("agent", "model", "branch", "started", "ended", "minutes", "prompts", "turns")
    subject = {name: getattr(told.subject, name) for name in ("path", "id", "title", "project", "outcome")}
    return {
        **subject,
        **{name: getattr(told, name) for name in names},
        "ending": {"reason": told.reason, "turns": list(told.reason_turns)},
        "all_steps": told.all,
        "steps": [_step_data(step) for step in told.told],
        "quotes": list(told.quotes),
    }


def _step_data(step: Step) -> dict[str, object]:
    from session_journal.core.timeline import describe

    names = ("time", "until", "text", "name", "detail", "ok", "exit_code", "nth", "landed", "added", "removed")
    known = {name: getattr(step, name) for name in (*names, "clipped", "by_user")}
    told = {name: value for name, value in known.items() if value or (name in _TELLING and value is not None)}
    parts = {"steps": [_step_data(part) for part in step.steps]} if step.steps else {}
    return {"kind": step.kind, "turn": step.turn, "last": step.last, "says": describe(step), **told, **parts}


_TELLING = ("ok", "exit_code")
"""What says something even where it is False or 0."""


COMMANDS: tuple[click.Command, ...] = (timeline,)
