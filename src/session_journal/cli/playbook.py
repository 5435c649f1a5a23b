"""playbook: list, show, and say what became of following one."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context, align
from session_journal.cli.setup import dry_run_option, json_option

if TYPE_CHECKING:
    from session_journal.app.standing import Desk, Stood
    from session_journal.core.playbooks import Playbook, Verdict


@click.group()
def playbook() -> None:
    """Playbooks: what keeps recurring, as pages to follow."""


@playbook.command("list")
@json_option
@click.pass_obj
def list_playbooks(ctx: Context, as_json: bool) -> None:
    """List playbooks."""
    from session_journal.app.playbook import load_shelf

    journal = ctx.open()
    shelf = load_shelf(journal.root)
    if as_json:
        ctx.emit([_summary(one) for one in shelf.playbooks], as_json=True)
    elif shelf.playbooks:
        ctx.emit(align([(one.status, one.name, one.title) for one in shelf.playbooks]))
    elif not shelf.problems:
        ctx.say(f"There are no playbooks yet: {_how_to_get_one(journal.root)}")
    for problem in shelf.problems:
        ctx.say(f"journal: {problem}")


def _how_to_get_one(root: str) -> str:
    from session_journal.store.files import markdown_files

    if markdown_files(root, "rollups"):
        return "`journal patterns` says what each pattern lacks, `journal playbook promote KEY` makes one by hand."
    return "`journal weekly` makes them of what recurs."


def _summary(one: Playbook) -> dict[str, object]:
    return {
        "name": one.name,
        "path": one.path,
        "title": one.title,
        "status": one.status,
        "pattern": one.key,
        "helpful": _count(one, "helpful"),
        "harmful": _count(one, "harmful"),
    }


def _count(one: Playbook, verdict: str) -> int:
    return sum(mark.verdict == verdict for mark in one.marks)


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


@playbook.command("mark")
@click.argument("name")
@click.argument("verdict", type=click.Choice(["helpful", "harmful"]))
@click.option("--entry", default="", metavar="ENTRY", help="The session that showed it.")
@click.option("-m", "--why", default="", metavar="TEXT", help="Why; of a harmful one it says when not to follow it.")
@click.option("--undo", is_flag=True, help="Take the last such mark back.")
@dry_run_option
@json_option
@click.pass_obj
def mark_playbook(
    ctx: Context, name: str, verdict: Verdict, entry: str, why: str, undo: bool, dry_run: bool, as_json: bool
) -> None:
    """Say that following a playbook helped or harmed.

    One session has one verdict. Marks count as evidence, for the playbook or against it.
    """
    from session_journal.app.standing import mark

    _stand(ctx, lambda desk: mark(desk, name, verdict, entry, why, undo=undo), dry_run, as_json)


@playbook.command("promote")
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let the evidence decide again; a page made so goes.")
@dry_run_option
@json_option
@click.pass_obj
def promote_playbook(ctx: Context, name: str, undo: bool, dry_run: bool, as_json: bool) -> None:
    """Raise a playbook by one level, or make a page of a pattern that has none yet.

    A pattern is named by its key or its words: `journal patterns --json` has both.
    """
    from session_journal.app.standing import promote_by_hand

    _stand(ctx, lambda desk: promote_by_hand(desk, name, undo=undo), dry_run, as_json)


@playbook.command("retire")
@click.argument("name")
@click.option("--by", default="", metavar="NAME", help="The playbook that takes its place.")
@click.option("--undo", is_flag=True, help="Let the evidence decide again.")
@dry_run_option
@json_option
@click.pass_obj
def retire_playbook(ctx: Context, name: str, by: str, undo: bool, dry_run: bool, as_json: bool) -> None:
    """Retire a playbook: it stays readable, and is handed to nobody any more."""
    from session_journal.app.standing import retire_by_hand

    _stand(ctx, lambda desk: retire_by_hand(desk, name, by, undo=undo), dry_run, as_json)


def _stand(ctx: Context, act: Callable[[Desk], Stood], dry_run: bool, as_json: bool) -> None:
    from session_journal.app.standing import Desk
    from session_journal.store.settings import load

    journal = ctx.open()
    done = act(Desk(journal, load(ctx.env, journal.root), ctx.now(), dry_run=dry_run))
    if as_json:
        told = {"path": done.path, "title": done.title, "status": done.status, "before": done.before}
        ctx.emit({**told, "changed": done.changed}, as_json=True)
    else:
        was = f" (was {done.before})" if done.before not in {"", done.status} else ""
        ctx.emit([f"{done.path}  {done.status}{was}: {done.title}{'' if done.changed else ' (unchanged)'}"])
    if dry_run:
        ctx.say("Nothing was changed (dry run).")
    if done.replaced:
        ctx.say(f"In place of: {done.replaced}   (another session: --entry ENTRY)")
    for line in done.told:
        ctx.say(line)
    if done.kept:
        ctx.say(f"The text of its page stays as it is: {done.kept}")
    if done.waiting:
        ctx.say(f"The files are written; the commit waits: {done.waiting}")


COMMANDS: tuple[click.Command, ...] = (playbook,)
