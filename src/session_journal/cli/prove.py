"""The command that records what was changed by hand: seal."""

from __future__ import annotations

import click

from session_journal.cli.output import Context
from session_journal.cli.setup import allow_option
from session_journal.store.journal import Change


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, change nothing.")
@click.option("--quiet", is_flag=True, help="Say nothing when there is nothing to record.")
@click.option("--committed", is_flag=True, help="Only what is committed; leave alone what you are still editing.")
@allow_option
@click.pass_obj
def seal(context: Context, *, dry_run: bool, quiet: bool, committed: bool, allowed: tuple[str, ...]) -> int:
    """Record what was changed by hand: new, edited, renamed and deleted files."""
    from session_journal.app.committed import seal_committed
    from session_journal.app.seal import seal as seal_all

    journal = context.open()
    journal.allowed.allow(allowed, remember=not dry_run)
    sealed = (
        seal_committed(journal, context.now(), dry_run=dry_run)
        if committed
        else seal_all(journal, context.now(), dry_run=dry_run, say=context.say)
    )
    for path in sealed.restored:
        context.write(f"{'would be ' if dry_run else ''}restored: {path}")
    waiting = sealed.published.waiting if sealed.published else ""
    for change in sealed.changes:
        told = f"{_sealed_word(change)}: {sealed.where(change)}"
        context.write(f"{'would be ' if dry_run or waiting else ''}{told}")
    for path in sealed.named:
        context.say(f"{path} had no id; {'it would get' if dry_run else 'it has'} one now")
    for change in sealed.changes:
        _say_wrong(context, change)
    for refused in sealed.refused:
        context.say(f"not recorded: {refused.told}")
    if waiting:
        context.say(f"git is busy with {waiting}; the commit waits for the next journal command")
    if not (sealed.changes or sealed.restored or sealed.refused or quiet):
        context.say("nothing to record: every file is as the log knows it")
    return int(bool(sealed.refused))


def _say_wrong(context: Context, change: Change) -> None:
    """Say of a file that was recorded that the tool can't use it as it is: it counts for nothing meanwhile."""
    if change.data is None or change.path.startswith(("journal/sessions/", "journal/notes/", "journal/archive/")):
        return
    from session_journal.app.upkeep import wrong_with

    message, hint = wrong_with(change.path, change.data)
    if message:
        context.say(f"journal: {message}")
        context.say(f"hint: {hint}" if hint else "hint: journal doctor")


def _sealed_word(change: Change) -> str:
    if change.data is None:
        return "deleted"
    return f"renamed from {change.old_path}" if change.old_path else "recorded"


COMMANDS = (seal,)
