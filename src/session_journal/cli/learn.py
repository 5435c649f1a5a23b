"""The commands that roll up what was learned: weekly, monthly, quarterly."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from session_journal.cli.asking import offline_option, talking, yes_option
from session_journal.cli.output import Context
from session_journal.cli.read import say_problems
from session_journal.cli.setup import json_option

if TYPE_CHECKING:
    from session_journal.app.rollup import Rolled
    from session_journal.core.periods import Period


def _rolling(period: Period) -> Callable[[Callable[..., None]], click.Command]:
    """Give a period's command the options that all of them have."""
    example = {"week": "2026-W47", "month": "2026-11", "quarter": "2026-Q4"}[period]
    options = (
        click.option(
            "--date",
            "day",
            default="",
            metavar="DAY",
            help=f"A day of the {period} meant, or its name: {example}.",
        ),
        click.option("--last", is_flag=True, help=f"The {period} before that one."),
        click.option("--project", default="", help="Only this project, in a file of its own."),
        click.option("--teach", is_flag=True, help="Print an outline of what could be taught from it."),
        click.option("--force", is_flag=True, help="Write blocks again that were changed by hand."),
        click.option("--dry-run", "-n", is_flag=True, help="Print what would be written; write nothing."),
        offline_option,
        yes_option,
        json_option,
        click.pass_obj,
    )

    def made(function: Callable[..., None]) -> click.Command:
        for option in reversed(options):
            function = option(function)
        return click.command()(function)

    return made


@_rolling("week")
def weekly(ctx: Context, **options: Any) -> None:
    """Roll a week up, and promote what keeps recurring to playbooks.

    What you write outside the marked block of a rollup or a playbook is never touched.
    """
    _roll(ctx, "week", **options)


@_rolling("month")
def monthly(ctx: Context, **options: Any) -> None:
    """Roll a month up from its entries.

    What you write outside the marked block of a rollup or a playbook is never touched.
    """
    _roll(ctx, "month", **options)


@_rolling("quarter")
def quarterly(ctx: Context, **options: Any) -> None:
    """Roll a quarter up from its entries: also what you have shown to master, and which playbooks to promote or retire.

    What you write outside the marked block of a rollup or a playbook is never touched.
    """
    _roll(ctx, "quarter", **options)


def _roll(
    ctx: Context,
    period: Period,
    day: str,
    last: bool,
    project: str,
    teach: bool,
    force: bool,
    dry_run: bool,
    offline: bool,
    yes: bool,
    as_json: bool,
) -> None:
    from session_journal.app.rollup import Asked, read_period, roll_up
    from session_journal.store.settings import load

    journal, now = ctx.open(), ctx.now()
    name = read_period(period, day, now, last=last)
    asked = Asked(name, project, force, dry_run, teach)
    with talking(ctx, offline=offline, yes=yes) as voice:
        rolled = roll_up(journal, asked, now, load(ctx.env, journal.root), voice, ctx.say)
    say_problems(ctx, rolled.problems)
    _say_left_out(ctx, rolled, dry_run=dry_run)
    if as_json:
        ctx.emit(_as_json(rolled, period), as_json=True)
    elif not rolled.path:
        ctx.say(f"{name}: no entries and no notes, so there is nothing to roll up")
        ctx.say(f"hint: {rolled.suggestion}")
    else:
        ctx.emit(_told(rolled, dry_run))
    _say_ticked(ctx, rolled.ticked, dry_run=dry_run)
    for told in rolled.told:
        ctx.say(told)
    _say_refused(ctx, rolled)


def _say_left_out(ctx: Context, rolled: Rolled, *, dry_run: bool) -> None:
    """Say that the pages lack what cannot be read: they may say less than they did."""
    count = len({problem.path for problem in rolled.problems})
    if count and rolled.path:
        which = "this file" if count == 1 else f"these {count} files"
        ctx.say(f"The pages {'would be' if dry_run else 'were'} written without {which}.")


def _say_ticked(ctx: Context, paths: Sequence[str], *, dry_run: bool) -> None:
    """Name the files that were changed because a line of theirs was ticked in one of them."""
    if paths:
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        ctx.say(f"What was ticked {'would read' if dry_run else 'now reads'} the same in {', '.join(paths[:3])}{more}.")


def _told(rolled: Rolled, dry_run: bool) -> list[str]:
    pages = {path: (title, status) for path, title, status in (rolled.pages or {}).values()}
    lines = [rolled.path if rolled.path in rolled.changed else f"{rolled.path} (unchanged)"]
    for path in rolled.changed:
        if path in pages:
            title, status = pages[path]
            lines.append(f"{path}  {'new' if path in rolled.new_playbooks else 'updated'}, {status}: {title}")
    lines += ["", rolled.text] if dry_run else []
    return [*lines, "", rolled.teach] if rolled.teach else lines


def _as_json(rolled: Rolled, period: Period) -> dict[str, object]:
    pages = sorted((rolled.pages or {}).values())
    return {
        period: rolled.name,
        "path": rolled.path,
        "entries": rolled.entries,
        "changed": list(rolled.changed),
        "ticked": list(rolled.ticked),
        "playbooks": [
            {"path": path, "title": title, "status": status, "new": path in rolled.new_playbooks}
            for path, title, status in pages
        ],
        "left_out": [{"path": one.path, "line": one.line, "why": one.message} for one in rolled.problems],
        **({"teach": rolled.teach} if rolled.teach else {}),
    }


def _say_refused(ctx: Context, rolled: Rolled) -> None:
    for error in rolled.refused:
        ctx.say(f"journal: {error.message}")
    if rolled.waiting:
        ctx.say(f"The files are written; the commit waits: {rolled.waiting}")
    if rolled.refused:
        ctx.say(f"hint: {rolled.refused[0].hint}")
        raise click.exceptions.Exit(1)


COMMANDS: tuple[click.Command, ...] = (weekly, monthly, quarterly)
