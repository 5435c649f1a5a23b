"""Drafting when a person asks for it: draft, and `new --from`."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import sys
from shlex import quote
from typing import TYPE_CHECKING

import click

from session_journal.cli.asking import choose_retell, offline_option, yes_option
from session_journal.cli.output import Context, LocalZone, align, on_terminal
from session_journal.cli.redactions import say_redacted, show_option
from session_journal.errors import JournalError, NotFoundError

if TYPE_CHECKING:
    from session_journal.core.events import Session

_DRY = " Nothing was changed (dry run)."


@click.command()
@click.argument("transcript")
@click.option("--session", "number", type=int, default=None, help="Which session of a file that holds many, from 1.")
@offline_option
@yes_option
@show_option
@click.pass_obj
def draft(ctx: Context, transcript: str, number: int | None, offline: bool, yes: bool, show: bool) -> None:
    """Print the entry drafted from a transcript; touch nothing.

    Where your settings name a language model, it drafts; every claim is checked. See docs/models.md.
    """
    from session_journal.app.draft import compose_draft, make_draft
    from session_journal.app.redaction import make_redactor
    from session_journal.store.settings import load

    session = _pick(ctx, transcript, number)
    aliases = load(ctx.env, ctx.root()).projects()
    redactor, retell = make_redactor(ctx.env, touch=False), choose_retell(ctx, offline=offline, yes=yes)
    made = make_draft(session, ctx.clock(), aliases=aliases, redactor=redactor, retell=retell)
    ctx.write(compose_draft(made, ctx.now(), ctx.root()).decode())
    say_redacted(ctx, made.report, redactor.taken, show=show)


def _pick(ctx: Context, transcript: str, number: int | None, command: str = "journal draft") -> Session:
    """Return the session that is meant; a file of many is listed where none is named."""
    from session_journal.app.draft import ManySessionsError, pick_session, read_sessions
    from session_journal.app.redaction import make_redactor

    hider = make_redactor(ctx.env, touch=False)
    try:
        return pick_session(read_sessions(transcript), number, transcript, LocalZone(), hider, command)
    except ManySessionsError as error:
        ctx.emit(align(error.rows))
        raise


def new_from_transcript(
    ctx: Context, transcript: str, number: int | None, *, title: str, project: str, tags: tuple[str, ...],
    no_edit: bool, dry_run: bool, offline: bool, yes: bool, allowed: tuple[str, ...] = (), show: bool = False,
) -> None:  # fmt: skip
    """Draft one session into the journal because a person asked for it, trivial or not."""
    from session_journal.app.capture import Capture
    from session_journal.app.draft import newest_session, read_sessions
    from session_journal.app.outcome import Wanted
    from session_journal.cli.review_dialog import review_path
    from session_journal.store.settings import load

    journal = ctx.open()
    journal.allowed.allow(allowed, remember=not dry_run)
    path = transcript or _newest(ctx)
    last = None if transcript or number is not None else newest_session(read_sessions(path))
    session = last or _pick(ctx, path, number, "journal new --from")
    aliases = load(ctx.env, journal.root).projects()
    wanted = Wanted(aliases=aliases, trivial=True, title=title, named=project, tags=tags, dry_run=dry_run)
    run = Capture(
        journal, ctx.clock(), wanted, choose_retell(ctx, offline=offline or dry_run, yes=yes, allowed=journal.allowed)
    )
    outcome = run.take(session, path)
    if outcome.action == "failed":
        raise JournalError(outcome.why, f"journal draft {quote(path)}")
    if outcome.path:
        ctx.write(outcome.path)
    why = f": {outcome.why}" if outcome.why else ""
    ctx.say(f"{_ALONE[outcome.action]}{why}.{_DRY if dry_run else ''}")
    say_redacted(ctx, outcome.redacted, run.taken, show=show)
    ctx.say_unkept(run.archivist.unkept, run.archivist.uncommitted)
    if outcome.path and not (no_edit or dry_run) and on_terminal(sys.stdin) and on_terminal(sys.stdout):
        review_path(ctx, journal, outcome.path)


_ALONE = {
    "added": "Drafted", "updated": "Drafted again",
    "known": "This session is in the journal already",
    "beginning": "This is the beginning of a session that is in the journal", "edited": "Its entry was left as it is",
    "discarded": "This session was discarded before", "trivial": "Nothing notable happened in it",
    "older": "It is too old", "elsewhere": "It belongs to another project, which this journal does not keep",
}  # fmt: skip


def _newest(ctx: Context) -> str:
    from session_journal.app.sources import newest

    found = newest(ctx.host())
    if not found:
        raise NotFoundError("no session was found on this machine", "journal new --from FILE")
    return found
