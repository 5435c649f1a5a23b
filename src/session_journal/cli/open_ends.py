"""The commands for what is left open: actions, gaps, questions."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context
from session_journal.cli.setup import dry_run_option, json_option
from session_journal.core.text import counted

if TYPE_CHECKING:
    from datetime import date

    from session_journal.app.practice import Practice
    from session_journal.core.items import ItemKind
    from session_journal.core.open_ends import End

_project_option = click.option("--project", default="", help="Only those of this project.")
_all_option = click.option("--all", "closed", is_flag=True, help="Those that are closed too.")
_item_argument = click.argument("item", nargs=-1, required=True)


@click.group(invoke_without_command=True)
@_project_option
@_all_option
@json_option
@click.pass_context
def actions(click_ctx: click.Context, project: str, closed: bool, as_json: bool) -> None:
    """List open actions, the oldest first, or tick one off.

    The same action in several entries is one line. Ticking it by hand (`- [x]`) in any of them counts too.
    """
    if click_ctx.invoked_subcommand is None:
        _list(click_ctx.obj, "action", project, closed=closed, as_json=as_json)


@click.group(invoke_without_command=True)
@_project_option
@_all_option
@json_option
@click.pass_context
def gaps(click_ctx: click.Context, project: str, closed: bool, as_json: bool) -> None:
    """List open knowledge gaps, the oldest first, or say how one stands.

    A later session that did what a gap is about is shown with it; only you say that it is practised or resolved.
    """
    if click_ctx.invoked_subcommand is None:
        _list(click_ctx.obj, "gap", project, closed=closed, as_json=as_json)


def _marking(group: click.Group, name: str, kind: ItemKind, mark: str, what: str) -> None:
    """Give a group the command that sets the mark of one of its items."""

    @group.command(name, help=f"{what}\n\nITEM is its id, its number in the list shown last, or a part of its words.")
    @_item_argument
    @dry_run_option
    @click.pass_obj
    def marking(ctx: Context, item: tuple[str, ...], dry_run: bool) -> None:
        _set(ctx, kind, item, mark, dry_run=dry_run)


_marking(actions, "done", "action", "x", "Tick an action off, in every entry that states it.")
_marking(actions, "reopen", "action", " ", "Open an action again.")
_marking(gaps, "practise", "gap", "/", "Mark a gap as being practised: `- [/]`.")
_marking(gaps, "resolve", "gap", "x", "Tick a gap off, in every entry that states it.")
_marking(gaps, "reopen", "gap", " ", "Open a gap again.")


@click.group(invoke_without_command=True)
@_project_option
@_all_option
@json_option
@click.pass_context
def questions(click_ctx: click.Context, project: str, closed: bool, as_json: bool) -> None:
    """List open questions, the oldest first, or tick one off.

    Ticking it by hand counts too: `- [x] Does it retry? No, never`, with or without the answer, in any entry.
    """
    if click_ctx.invoked_subcommand is None:
        _list(click_ctx.obj, "question", project, closed=closed, as_json=as_json)


_marking(questions, "answered", "question", "x", "Tick a question off, in every entry that asks it.")
_marking(questions, "reopen", "question", " ", "Open a question again.")


def _list(ctx: Context, kind: ItemKind, project: str, *, closed: bool, as_json: bool) -> None:
    from session_journal.app.open_ends import find_ends, remember_list, select
    from session_journal.app.practice import find_practice

    journal = ctx.open()
    found = select(find_ends(journal), kind, project, closed=closed)
    practised = find_practice(journal, [end for end in found if end.mark == " "]) if kind == "gap" else {}
    today = ctx.now().date()
    if as_json:
        ctx.emit([_plain(end, today, practised.get(end.id)) for end in found], as_json=True)
        return
    remember_list(journal, kind, found)
    if found:
        ctx.emit(_lines(ctx, found, practised, today))
    else:
        ctx.say(f"No {'' if closed else 'open '}{kind}s{f' in {project}' if project else ''}.")


def _lines(ctx: Context, ends: list[End], practised: dict[str, Practice], today: date) -> list[str]:
    from session_journal.core.open_ends import age_in_words

    rows = [
        (
            str(number), end.id, _standing(end, age_in_words(end.age(today))), end.project or "-", _sources(end),
            f"{'(draft) ' if end.is_draft else ''}{end.text if end.is_open else end.newest.text}",
        )
        for number, end in enumerate(ends, 1)
    ]  # fmt: skip
    shown = ctx.table(rows)
    hints = [_hint(end, practised[end.id]) for end in ends if end.id in practised]
    return [*shown, *(["", "Seen again since:", *hints] if hints else [])]


def _standing(end: End, age: str) -> str:
    """Return how long it has been open, or how it stands otherwise."""
    if not end.is_open:
        return end.state
    return f"{age}, {end.state}" if end.mark == "/" and end.state != "open" else age


def _sources(end: End) -> str:
    name = end.newest.entry[:8] or end.newest.path.rpartition("/")[2].removesuffix(".md")
    return f"{name} +{end.sessions - 1}" if end.sessions > 1 else name


def _hint(end: End, found: Practice) -> str:
    return f"  {end.id}  {found.date} {found.entry[:8]}: {found.text}  → journal gaps practise {end.id}"


def _plain(end: End, today: date, practice: Practice | None) -> dict[str, object]:
    return {
        "id": end.id, "kind": end.kind, "text": end.text, "state": end.state, "since": end.since,
        "days": end.age(today), "project": end.project, "draft": end.is_draft,
        "sources": [
            {"entry": one.entry, "path": one.path, "date": one.date, "title": one.title, "text": one.text,
             "project": one.project, "draft": one.draft}
            for one in end.mentions
        ],
        "practice": practice,
    }  # fmt: skip


def _set(ctx: Context, kind: ItemKind, item: tuple[str, ...], mark: str, *, dry_run: bool) -> None:
    from session_journal.app.open_ends import find_ends, resolve_end
    from session_journal.app.ticking import carry_out, plan_mark
    from session_journal.core.reading import safe

    journal = ctx.open()
    end = resolve_end(journal, find_ends(journal), kind, " ".join(item), mark)
    ticked = plan_mark(journal, end, mark)
    if not ticked.lines:
        ctx.say(f"It is {ticked.state} already: {end.text}")
        return
    waiting = "" if dry_run else carry_out(journal, ticked, ctx.now())
    ctx.emit(
        line
        for path, number, old, new in ticked.lines
        for line in (
            [f"{path}:{number}", f"-{safe(old)}", f"+{safe(new)}"]
            if dry_run
            else [f"{path}:{number}: {safe(new).strip()}"]
        )
    )
    ctx.say(f"{'Would be' if dry_run else 'Now'} {ticked.state}: {counted(len(ticked.lines), 'line')}")
    if waiting:
        ctx.say(f"The files are written; the commit waits: {waiting}")


COMMANDS: tuple[click.Command, ...] = (actions, gaps, questions)
