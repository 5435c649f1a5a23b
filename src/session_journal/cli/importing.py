"""The command that brings in journals kept elsewhere: import."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import sys
from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context, on_terminal
from session_journal.cli.setup import allow_option, dry_run_option
from session_journal.core.text import counted
from session_journal.errors import JournalError, NotFoundError
from session_journal.imports import KINDS

if TYPE_CHECKING:
    from session_journal.app.importing import Plan, State

_STATES: dict[State, str] = {"new": "new", "there": "there already", "changed": "changed since"}
_NAMED = 8
_MOST_LEFT = 30


@click.command("import")
@click.argument("path")
@click.option("--from", "kind", type=click.Choice(KINDS), default=None, help="What it is (found out by default).")
@click.option("--project", default="", help="The project of all its entries.")
@click.option("--day-first/--month-first", default=None, help="How 03/04/2025 is meant.")
@click.option("--yes", "-y", is_flag=True, help="Write without asking.")
@allow_option
@dry_run_option
@click.pass_obj
def import_(
    ctx: Context, path: str, kind: str | None, project: str, day_first: bool | None, yes: bool,
    allowed: tuple[str, ...], dry_run: bool,
) -> None:  # fmt: skip
    """Bring in a journal kept elsewhere; its files stay as they are.

    jrnl's JSON export, Obsidian's daily notes, a log in one file (## Session Log - 2026-11-20), or a folder of notes
    named by day (2026-11-20-topic.md). The plan is shown first; what was imported before is not doubled.
    """
    from session_journal.app.importing import Wanted, carry_out, plan_import

    journal = ctx.open()
    journal.allowed.allow(allowed, remember=not dry_run)
    plan = plan_import(
        journal, Wanted(path, kind or "", project, day_first), ctx.clock(), ctx.say
    )  # fmt: skip
    if not plan.originals:
        _say_left(ctx, plan, every=dry_run)
        raise NotFoundError(
            f"{path}: nothing in it could be imported ({plan.kind})",
            f"mend what is named above, or say what it is: journal import {quote(path)} --from {_other(plan.kind)}",
        )
    if not yes or dry_run:
        _show(ctx, plan)
    _say_left(ctx, plan, every=dry_run)
    _say_counts(ctx, plan, marks=journal.allowed.seen)
    new = plan.of("new")
    if dry_run:
        ctx.say("Nothing was changed (dry run).")
    elif new and (yes or _agreed(path, len(new))):
        published = carry_out(journal, plan, ctx.now())
        if yes:
            ctx.emit([planned.path for planned in new])
        ctx.say(f"Imported {counted(len(new), 'entry')}.")
        if published.waiting:
            ctx.say(f"The files are written; their commit waits, for git is in the middle of {published.waiting}.")
    elif not new:
        ctx.say("There is nothing new; nothing was changed.")


def _other(kind: str) -> str:
    first, *others = [name for name in KINDS if name != kind]
    return f"{first} (or {', '.join(others)})"


def _agreed(path: str, number: int) -> bool:
    """Ask the person; where nobody can be asked, fail, so that no script takes a plan for an import."""
    if not (on_terminal(sys.stdin) and on_terminal(sys.stdout)):
        raise JournalError("this is the plan; nothing was written", f"journal import {quote(path)} --yes")
    if click.confirm(f"Write {counted(number, 'entry')}?", default=False, err=True):
        return True
    click.echo("Nothing was changed.", err=True)
    return False


def _show(ctx: Context, plan: Plan) -> None:
    rows = [
        (_STATES[planned.state], planned.day, planned.name, planned.path, planned.title) for planned in plan.originals
    ]
    ctx.emit(ctx.table(rows))


def _say_left(ctx: Context, plan: Plan, *, every: bool) -> None:
    """Name what was left out; where that is a lot, by its reasons."""
    if every or len(plan.left) <= _MOST_LEFT:
        for left in plan.left:
            ctx.say(f"left out: {left.name}: {left.why}")
        return
    reasons: dict[str, list[str]] = {}
    for left in plan.left:
        reasons.setdefault(left.why, []).append(left.name)
    for why, names in reasons.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        ctx.say(f"left out: {why}: {', '.join(names[:_NAMED])}{more}")
    ctx.say("Each of them is named by --dry-run")


def _say_counts(ctx: Context, plan: Plan, marks: Sequence[str]) -> None:
    from session_journal.app.new import add_counts, tell_redacted

    counts = [
        *((len(plan.of(state)), word) for state, word in _STATES.items()),
        (len(plan.left), "left out"),
    ]
    said = ", ".join(f"{number} {word}" for number, word in counts if number)
    ctx.say(f"{counted(len(plan.originals), 'original')} understood ({plan.kind}): {said}.")
    changed = plan.of("changed")
    if changed:
        ctx.say(f"{len(changed)} changed since they were imported; their entries stay as they are:")
        for planned in changed:
            ctx.say(f"  {planned.name} → {planned.path}")
    files = [name for planned in plan.of("new") for name in planned.attachments]
    if files:
        more = f", and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
        ctx.say(f"{counted(len(files), 'attachment')} stay where they are: {', '.join(files[:_NAMED])}{more}")
    redacted = add_counts(*(planned.redacted for planned in plan.of("new")))
    if redacted:
        ctx.say(tell_redacted(redacted))
        ctx.say("In: " + ", ".join(planned.name for planned in plan.of("new") if planned.redacted))
        if marks:
            ctx.say("If it is no secret, import with " + " ".join(f"--allow {mark}" for mark in marks))


COMMANDS: tuple[click.Command, ...] = (import_,)
