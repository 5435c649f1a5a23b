"""The commands that learn from entries: weekly, playbook."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context, align
from session_journal.cli.read import say_problems
from session_journal.cli.setup import json_option

if TYPE_CHECKING:
    from session_journal.app.weekly import Rolled
    from session_journal.core.playbooks import Playbook


@click.command()
@click.option(
    "--date", "day", default="", metavar="DAY", help="A day of the week that is meant, or its name: 2026-W47."
)
@click.option("--last", is_flag=True, help="The week before that one.")
@click.option("--force", is_flag=True, help="Write blocks again that were changed by hand.")
@click.option("--dry-run", is_flag=True, help="Print what would be written; write nothing.")
@json_option
@click.pass_obj
def weekly(ctx: Context, day: str, last: bool, force: bool, dry_run: bool, as_json: bool) -> None:
    """Roll a week up, and promote what keeps recurring to playbooks.

    What you write outside the marked block of a rollup or a playbook is never touched.
    """
    from session_journal.app.weekly import read_week, roll_week
    from session_journal.store.settings import load

    journal, now = ctx.open(), ctx.now()
    week = read_week(day, now, last=last)
    rolled = roll_week(journal, week, now, load(ctx.env, journal.root), dry_run=dry_run, force=force)
    say_problems(ctx, rolled.problems)
    if as_json:
        ctx.emit(_as_json(rolled), as_json=True)
    elif not rolled.path:
        ctx.say(f"{week}: no entries and no notes, so there is nothing to roll up")
        ctx.say(f"hint: {rolled.suggestion}")
    else:
        ctx.emit(_told(rolled, dry_run))
    _say_refused(ctx, rolled)


def _told(rolled: Rolled, dry_run: bool) -> list[str]:
    pages = {path: (title, status) for path, title, status in (rolled.pages or {}).values()}
    lines = [rolled.path if rolled.path in rolled.changed else f"{rolled.path} (unchanged)"]
    for path in rolled.changed:
        if path in pages:
            title, status = pages[path]
            lines.append(f"{path}  {'new' if path in rolled.new_playbooks else 'updated'}, {status}: {title}")
    return [*lines, "", rolled.text] if dry_run else lines


def _as_json(rolled: Rolled) -> dict[str, object]:
    pages = sorted((rolled.pages or {}).values())
    return {
        "week": rolled.week,
        "path": rolled.path,
        "entries": rolled.entries,
        "changed": list(rolled.changed),
        "playbooks": [
            {"path": path, "title": title, "status": status, "new": path in rolled.new_playbooks}
            for path, title, status in pages
        ],
    }


def _say_refused(ctx: Context, rolled: Rolled) -> None:
    for error in rolled.refused:
        ctx.say(f"journal: {error.message}")
    if rolled.waiting:
        ctx.say(f"The files are written; the commit waits: {rolled.waiting}")
    if rolled.refused:
        ctx.say(f"hint: {rolled.refused[0].hint}")
        raise click.exceptions.Exit(1)


@click.group()
def playbook() -> None:
    """List and show playbooks: what keeps recurring, as pages to follow."""


@playbook.command("list")
@json_option
@click.pass_obj
def list_playbooks(ctx: Context, as_json: bool) -> None:
    """List playbooks."""
    from session_journal.app.playbook import load_shelf

    shelf = load_shelf(ctx.open().root)
    if as_json:
        ctx.emit([_summary(one) for one in shelf.playbooks], as_json=True)
    elif shelf.playbooks:
        ctx.emit(align([(one.status, _name(one), one.title) for one in shelf.playbooks]))
    else:
        ctx.say("There are no playbooks yet: `journal weekly` makes them of what recurs.")
    for problem in shelf.problems:
        ctx.say(f"journal: {problem}")


def _name(one: Playbook) -> str:
    return one.path.rpartition("/")[2].removesuffix(".md")


def _summary(one: Playbook) -> dict[str, object]:
    return {"name": _name(one), "path": one.path, "title": one.title, "status": one.status, "pattern": one.key}


@playbook.command("show")
@click.argument("name")
@json_option
@click.pass_obj
def show_playbook(ctx: Context, name: str, as_json: bool) -> None:
    """Show a playbook by its name, or a part of it."""
    from session_journal.app.playbook import find_playbook, load_shelf
    from session_journal.store.files import read_bytes

    journal = ctx.open()
    found = find_playbook(load_shelf(journal.root), name)
    text = (read_bytes(journal.path(found.path)) or b"").decode("utf-8-sig", "replace")
    if as_json:
        ctx.emit({**_summary(found), "text": text}, as_json=True)
        return
    ctx.page(text)


COMMANDS: tuple[click.Command, ...] = (weekly, playbook)
