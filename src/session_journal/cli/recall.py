"""The commands that give back what the journal knows: search and context."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context
from session_journal.cli.setup import dry_run_option, json_option
from session_journal.errors import JournalError

if TYPE_CHECKING:
    from session_journal.app.context import Wish
    from session_journal.app.search import Found
    from session_journal.core.context import Format
    from session_journal.core.query import Filters
    from session_journal.store.journal import Journal

_EXCLUSION = re.compile(r"-[^\W_][^=]+")


class QueryCommand(click.Command):
    """A command whose words may begin with a dash: `-word` excludes a word and is no bundle of options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep exclusions from being read as options."""
        at = args.index("--") if "--" in args else len(args)
        words = [arg for arg in args[:at] if _EXCLUSION.fullmatch(arg)]
        options = [arg for arg in args[:at] if arg not in words]
        return super().parse_args(ctx, [*options, "--", *words, *args[at + 1 :]])


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="At most this many.")
@click.option("--project", default="", help="Only this project.")
@click.option("--kind", default="", help="planning, debugging, ... or session, note, playbook, rollup.")
@click.option("--tag", default="", help="Only what has this tag.")
@click.option("--since", default="", metavar="DAY", help="From this day on: 2026-11-20, yesterday, 2026-W47, 2026-11.")
@click.option("--until", default="", metavar="DAY", help="Up to and including this day.")
@json_option
@click.pass_obj
def search(
    ctx: Context, query: tuple[str, ...], limit: int, project: str, kind: str, tag: str, since: str, until: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Find entries, notes and playbooks, best first.

    Ask in plain words. "exact phrase" must occur, -word must not; project:, kind:, tag:, since:, until: and is:draft
    limit the search as the options do. A query that begins with a dash goes behind --.
    """
    from session_journal.app.search import search as find

    answer = find(ctx.open(), " ".join(query), _filters(ctx, project, kind, tag, since, until), limit)
    for note in answer.notes:
        ctx.say(f"journal: {note}")
    if as_json:
        ctx.emit([_plain(found) for found in answer.found], as_json=True)
    elif answer.found:
        ctx.emit(line for found in answer.found for line in _lines(ctx, found))
    else:
        raise JournalError("nothing in the journal matches", "try fewer words, or see every entry: journal list")


def _filters(ctx: Context, project: str, kind: str, tag: str, since: str, until: str) -> Filters:
    from session_journal.app.dates import read_span
    from session_journal.core.query import Filters

    def one(value: str) -> tuple[str, ...]:
        return (value.casefold(),) if value else ()

    return Filters(
        one(project),
        one(kind),
        one(tag),
        since=read_span(since, ctx.now())[0] if since else None,
        until=read_span(until, ctx.now())[1] if until else None,
    )


def _plain(found: Found) -> dict[str, object]:
    values = asdict(found)
    del values["marked"]
    return values if found.problem else {name: value for name, value in values.items() if name != "problem"}


def _lines(ctx: Context, found: Found) -> list[str]:
    from session_journal.core.pages import CLOSE, OPEN

    mark = ctx.style("  (draft)", "draft") if found.status == "draft" and not found.problem else ""
    broken = ctx.style("  (cannot be read as an entry)", "bad") if found.problem else ""
    lines = [f"{found.date or '-':10}  {' '.join(found.title.split())}{mark}{broken}", f"            {found.path}"]
    if found.snippet:
        pieces = [piece.split(CLOSE, 1) for piece in found.marked.split(OPEN)]
        shown = "".join(ctx.style(both[0], "bold") + both[1] if len(both) == 2 else both[0] for both in pieces)
        lines.append(f"            {found.item + ': ' if found.item else ''}{shown}")
    return lines


@click.command()
@click.option("--project", default="", help="The project (default: the one you are in).")
@click.option(
    "--task", default="", metavar="TEXT", help="What you are about to do (default: the goals of `journal start`)."
)
@click.option(
    "--budget", default=2000, show_default=True, type=click.IntRange(1, 1_000_000), help="At most this many tokens."
)
@click.option(
    "--format", "form", default="markdown", show_default=True, type=click.Choice(["markdown", "json", "claude-code"]),
    help="How it is printed.",
)  # fmt: skip
@click.option("--write", "file", default="", metavar="FILE", help="Keep it as a block in this file, such as AGENTS.md.")
@click.option(
    "--level", default="", type=click.Choice(["", "self", "team", "public"]), metavar="LEVEL",
    help="Only entries that may reach: self, team or public (default: self; team for a --write FILE that git tracks).",
)  # fmt: skip
@click.option("--force", is_flag=True, help="With --write: replace the block even if it was changed by hand.")
@json_option
@dry_run_option
@click.pass_obj
def context(
    ctx: Context, project: str, task: str, budget: int, form: Format, file: str, level: str, force: bool,
    as_json: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Print what matters for the next session, within a budget; nothing where nothing is relevant."""
    from session_journal.app.context import Wish
    from session_journal.app.projects import check_project

    wish = Wish(project, task, budget, "json" if as_json else form, level or "self")
    if file:
        _write_block(ctx, replace(wish, form="markdown"), file, level=level, force=force, dry_run=dry_run)
        return
    try:
        journal = ctx.open()
        text = _rendered(ctx, journal, wish)
        ctx.write(text)
        if project and not text and wish.form == "markdown":
            check_project(journal, project)
            ctx.say(f"Nothing of the project {project} to hand back.")
    except JournalError as error:
        if form != "claude-code":
            raise
        ctx.say(f"journal: {error.message}")  # an agent's start must not fail for want of a journal


def _rendered(ctx: Context, journal: Journal, wish: Wish) -> str:
    from session_journal.app.context import make_pack
    from session_journal.app.start import waiting_goals
    from session_journal.core.context import render

    project = wish.project or ctx.project(journal)
    task = wish.task or "; ".join(waiting_goals(journal, project, ctx.now()))
    if not project and not task:
        ctx.say("This folder belongs to no project; name one with --project, or say what you are up to with --task.")
    return render(make_pack(journal, replace(wish, project=project, task=task), ctx.now()), wish.form)


def _write_block(ctx: Context, wish: Wish, file: str, *, level: str, force: bool, dry_run: bool) -> None:
    from session_journal.app import handout

    journal = ctx.open()
    if not level and handout.is_shared(file):
        wish = _for_team(ctx, journal, wish, file)
    changes = handout.plan(file, _rendered(ctx, journal, wish), journal.root, force=force)
    if dry_run:
        ctx.write(handout.diff(changes))
        return
    handout.apply(changes)
    for change in changes:
        ctx.say(f"Wrote {change.path}")
    if not changes:
        ctx.say(f"{file} is as it should be.")


def _for_team(ctx: Context, journal: Journal, wish: Wish, file: str) -> Wish:
    shared = replace(wish, audience="team")
    if _rendered(ctx, journal, wish) != _rendered(ctx, journal, shared):
        ctx.say(f"{file} may be committed: what only you may read was left out (--level self takes it in).")
    return shared


COMMANDS: tuple[click.Command, ...] = (search, context)
