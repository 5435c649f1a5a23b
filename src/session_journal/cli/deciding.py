"""What a decision about an entry shows, asks and does: the part that `review`'s options and its dialogue share."""

from __future__ import annotations

import sys
from shlex import quote
from typing import TYPE_CHECKING

import click

from session_journal.app.review import Decision, Plan, carry_out, discard, plan
from session_journal.app.visibility import REACH
from session_journal.cli.output import Context, on_terminal
from session_journal.core.text import clean, counted
from session_journal.errors import JournalError

if TYPE_CHECKING:
    from session_journal.core.entry import Entry
    from session_journal.store.journal import Journal


def decide(
    ctx: Context, journal: Journal, entry: Entry, decision: Decision, *, dry_run: bool = False, yes: bool = False
) -> None:
    """Carry out a decision, or say what it would do; JournalError where the person has to agree first and can't."""
    planned = plan(journal, entry, decision, ctx.now())
    if planned.new == planned.old:
        state = "final" if decision.accept else f"of visibility {entry.visibility}"
        ctx.say(f"{entry.path} is {state} already.")
        return
    if not agreed(ctx, planned, dry_run=dry_run, yes=yes):
        ctx.say(f"{entry.path} is as it was.")
        return
    if not dry_run:
        publish(ctx, journal, planned)
    tell_dropped(ctx, planned, "would drop" if dry_run else "dropped")
    for words in _deeds(planned, dry_run=dry_run):
        ctx.write(f"{words}  {entry.path}  {clean(entry.title)}")


def publish(ctx: Context, journal: Journal, planned: Plan) -> None:
    """Write what was planned."""
    say_waiting(ctx, carry_out(journal, planned, ctx.now()).waiting)


def discard_entry(ctx: Context, journal: Journal, entry: Entry, *, dry_run: bool = False) -> None:
    """Delete a draft and say where git still has it, or say that it would be deleted."""
    verb = "would delete" if dry_run else "deleted"
    done = None if dry_run else discard(journal, entry, ctx.now())
    if done:
        say_waiting(ctx, done.waiting)
    ctx.write(f"{verb}  {entry.path}  {clean(entry.title)}")
    if done:
        edits = ", with your edits" if done.saved else ""
        ctx.say(f"git still has it{edits}: git -C {quote(journal.root)} show {quote(f'{done.last[:12]}:{entry.path}')}")


def agreed(ctx: Context, planned: Plan, *, dry_run: bool = False, yes: bool = False) -> bool:
    """Say who may see the entry then and what that shows of people; ask where it is more of them than before."""
    level = planned.decision.visibility
    if planned.entry.visibility == (level or planned.entry.visibility):
        return True
    ctx.say(f"With visibility {level} it may reach {REACH[level]}.")
    for one in planned.exposed:
        ctx.say(f"Line {one.line} shows what may be private: {', '.join(one.kinds)}")
    if dry_run or yes or not planned.raises:
        return True
    if on_terminal(sys.stdin) and on_terminal(sys.stdout):
        return click.confirm(f"Make it {level}?", default=False, err=True)
    if planned.exposed:
        lines = counted(len(planned.exposed), "line")
        raise JournalError(
            f"{planned.entry.path} shows what may be private in {lines}; it is as it was",
            f"journal edit {planned.entry.id[:8]}, or once more with --yes",
        )
    return True


def tell_dropped(ctx: Context, planned: Plan, verb: str) -> None:
    """Name the lines that go, or went: items, then the quotes that only they rested on."""
    removal = planned.removal
    for line in (*removal.items, *removal.quotes) if removal else ():
        ctx.write(f"{verb}  {clean(line).strip()}")


def say_waiting(ctx: Context, waiting: str) -> None:
    """Say that a change is not committed yet, and why."""
    if waiting:
        ctx.say(f"The file is changed; its commit waits, for git is in the middle of {waiting}.")


def say_error(ctx: Context, error: JournalError) -> None:
    """Say what failed and what helps, where the work goes on."""
    ctx.say(f"journal: {error.message}" + (f"\nhint: {error.hint}" if error.hint else ""))


def _deeds(planned: Plan, *, dry_run: bool) -> list[str]:
    """Return what became of the file, in words."""
    level, deeds = planned.decision.visibility, []
    if level not in {"", planned.entry.visibility}:
        deeds.append(f"would be {level}" if dry_run else f"now {level}")
    if planned.decision.accept and planned.entry.status == "draft":
        deeds.append("would accept" if dry_run else "accepted")
    return deeds
