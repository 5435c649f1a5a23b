"""The commands that read entries: list and show."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context, align
from session_journal.cli.setup import json_option

if TYPE_CHECKING:
    from session_journal.core.entry import Entry
    from session_journal.store.entries import Problem


@click.command("list")
@click.option("--since", default="", metavar="DAY", help="From this day on: 2026-11-20, yesterday, 2026-W47, 2026-11.")
@click.option("--until", default="", metavar="DAY", help="Up to and including this day.")
@click.option("--project", default="", help="Only this project.")
@click.option("--tag", "tags", multiple=True, help="Only entries with this tag; all of them if given more than once.")
@click.option("--kind", default="", help="planning, implementation, debugging, review, research, ...")
@click.option(
    "--status", default=None, type=click.Choice(["draft", "final"]), help="Only drafts, or only what is final."
)
@json_option
@click.pass_obj
def list_entries(
    ctx: Context,
    since: str,
    until: str,
    project: str,
    tags: tuple[str, ...],
    kind: str,
    status: str | None,
    as_json: bool,
) -> None:
    """List entries, oldest first."""
    from session_journal.app.listing import make_filter, select, summarise
    from session_journal.store.entries import load

    wanted = make_filter(ctx.now(), since, until, project, tags, kind, status or "")
    entries, problems = load(ctx.open().root)
    found = select(entries, wanted)
    if as_json:
        ctx.emit([summarise(entry) for entry in found], as_json=True)
    elif found:
        ctx.emit(_rows(ctx, found))
    else:
        ctx.say("No entry matches." if entries else "There are no entries yet: journal new, or journal capture")
    say_problems(ctx, problems)


def _rows(ctx: Context, entries: Sequence[Entry]) -> list[str]:
    lines = align([_row(entry) for entry in entries])
    return [
        ctx.style(ctx.fit(f"{line}  (draft)"), "draft") if entry.status == "draft" else ctx.fit(line)
        for line, entry in zip(lines, entries, strict=True)
    ]


def _row(entry: Entry) -> tuple[str, ...]:
    return entry.date.isoformat(), entry.id[:8] or "-", entry.project or "-", entry.kind or "-", entry.title


def say_problems(ctx: Context, problems: Sequence[Problem]) -> None:
    """Name the files that cannot be read; the others were."""
    from session_journal.app.listing import advise, describe

    for problem in problems:
        ctx.say(f"journal: {describe(problem)}")
    hint = next(filter(None, map(advise, problems)), "")
    if hint:
        ctx.say(f"hint: {hint}")


@click.command()
@click.argument("entry", default="last")
@json_option
@click.pass_obj
def show(ctx: Context, entry: str, as_json: bool) -> None:
    """Show an entry (default: the newest), or a week, a playbook, a day's notes or the learnings by name."""
    from session_journal.app.project import working_folder
    from session_journal.app.show import detail, find_page
    from session_journal.store.entries import load, resolve
    from session_journal.store.files import read_bytes

    journal = ctx.open()
    page = find_page(journal.root, entry)
    if page:
        text = (read_bytes(journal.path(page)) or b"").decode("utf-8-sig", "replace")
        if as_json:
            ctx.emit({"path": page, "body": text}, as_json=True)
        else:
            ctx.page(text)
        return
    entries, problems = load(journal.root)
    _refuse_broken(entry, problems)
    found = resolve(entries, entry, working_folder())
    if as_json:
        ctx.emit(detail(found), as_json=True)
        return
    ctx.page((read_bytes(journal.path(found.path)) or b"").decode("utf-8-sig", "replace"))


def _refuse_broken(reference: str, problems: Sequence[Problem]) -> None:
    """Say what is wrong with an entry that is named but cannot be read."""
    from session_journal.app.listing import advise, describe
    from session_journal.errors import DocumentError

    name = reference.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".md")
    for problem in problems:
        stem = problem.path.rsplit("/", 1)[-1].removesuffix(".md")
        if name == stem or (name and stem[11:] == name):
            raise DocumentError(describe(problem), advise(problem))


COMMANDS: tuple[click.Command, ...] = (list_entries, show)
