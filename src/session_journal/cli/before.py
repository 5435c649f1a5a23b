"""The commands to read before work: handoff and learnings."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context
from session_journal.cli.setup import dry_run_option, json_option
from session_journal.errors import UsageError

if TYPE_CHECKING:
    from session_journal.store.journal import Journal


@click.command()
@click.argument("project", default="")
@json_option
@click.pass_obj
def handoff(ctx: Context, project: str, as_json: bool) -> None:
    """Show where a project stands: how its last sessions ended, what is open, what failed, what comes next.

    PROJECT is the one you are in by default, elsewhere the one you worked on last.
    """
    from session_journal.app.handoff import make_handoff
    from session_journal.app.projects import check_project
    from session_journal.core.handoff import plain, render

    journal = ctx.open()
    today = ctx.now().date()
    if project:
        check_project(journal, project)
    found = make_handoff(journal, project or _project_here(ctx, journal), today)
    if as_json:
        ctx.emit(plain(found), as_json=True)
    elif found.is_empty:
        ctx.say(f"No session of {found.project or 'this journal'} to hand over yet: journal new, or journal capture")
    else:
        ctx.page(render(found, today))


def _project_here(ctx: Context, journal: Journal) -> str:
    """Return the project of the folder, else the one worked on last, and say so."""
    from session_journal.app.handoff import projects

    if here := ctx.project(journal):
        return here
    last = projects(journal)[:1]
    if last and last[0]:
        ctx.say(f"This folder belongs to no project, so this is the one you worked on last: {last[0]}")
    return last[0] if last else ""


@click.command()
@click.option("--write", is_flag=True, help="Bring journal/learnings.md up to date.")
@click.option("--force", is_flag=True, help="With --write: write the block again even if it was changed by hand.")
@json_option
@dry_run_option
@click.pass_obj
def learnings(ctx: Context, write: bool, force: bool, as_json: bool, dry_run: bool) -> None:
    """Show the digest to read before the next session: focus, gaps, next reps, rules that hold, playbooks.

    `journal weekly` keeps it in learnings.md, in a block beside your own text. A gap that you tick there is resolved.
    """
    from session_journal.app.learnings import PATH, body_of, plan
    from session_journal.store.files import read_bytes

    if force and not write:
        raise UsageError("--force belongs to --write", "journal learnings --write --force")
    journal, now = ctx.open(), ctx.now()
    changes = plan(journal, now, force=force or not write)
    fresh = {change.path: change.data for change in changes}
    text = body_of(fresh.get(PATH) or read_bytes(journal.path(PATH)))
    if write and not dry_run and changes:
        waiting = journal.publish(changes, "learnings: bring up to date", now).waiting
        if waiting:
            ctx.say(f"The files are written; the commit waits: {waiting}")
    if as_json:
        ctx.emit(
            {"path": PATH, "changed": [change.path for change in changes] if write else [], "text": text}, as_json=True
        )
    elif write and not dry_run and (changes or text):
        ctx.emit([change.path for change in changes] or f"{PATH} (unchanged)")
    elif text:
        ctx.page(text)
    else:
        ctx.say(_nothing(journal.root))


def _nothing(root: str) -> str:
    from session_journal.store.entries import load

    entries = load(root)[0]
    if any(entry.status == "draft" for entry in entries):
        return "Nothing to learn from yet: drafts teach nothing before you accept them (journal review)."
    if not entries:
        return "Nothing to learn from yet: there are no entries (journal capture, journal new)."
    return "Nothing to learn from yet: no entry names a gap or an action, states a rule, or reflects."


COMMANDS: tuple[click.Command, ...] = (handoff, learnings)
