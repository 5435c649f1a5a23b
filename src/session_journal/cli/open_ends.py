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

    from session_journal.core.items import ItemKind
    from session_journal.core.open_ends import End
    from session_journal.core.practice import Practice
    from session_journal.store.journal import Journal

_project_option = click.option("--project", default="", help="Only those of this project.")
_all_option = click.option("--all", "closed", is_flag=True, help="Those that are closed too.")
_LONGEST = 100
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

    What later sessions did of a gap is shown with it: done, it is being practised; done again without help, resolved.
    What you say of it goes before.
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
    from session_journal.app.open_ends import find_copies, find_ends, remember_list, select
    from session_journal.app.practice import find_practice

    journal = ctx.open()
    stated = find_ends(journal)
    told = select(stated, kind, project, closed=closed)
    ends = find_practice(journal, told) if kind == "gap" else told
    found = [end for end in ends if closed or end.is_open]
    today = ctx.now().date()
    if as_json:
        ctx.emit([_plain(end, today) for end in found], as_json=True)
        return
    remember_list(journal, kind, found)
    if found:
        ctx.emit(_lines(ctx, found, today))
    else:
        ctx.say(f"No {'' if closed else 'open '}{kind}s{f' in {project}' if project else ''}.")
    for path, first in find_copies(journal).items():
        ctx.say(f"{path} is left out: its id is already that of {first}; give it another, or delete one")
    if left := len(ends) - len(found):
        ctx.say(f"{counted(left, 'more gap')} resolved by what you did since: journal gaps --all")
    if habits := sum(end.is_habit for end in select(stated, kind, project, closed=True) if not closed):
        ctx.say(f"{counted(habits, 'habit')} left out, ticked and set again day by day: journal actions --all")
    if passed := sum(end.passed for end in select(stated, kind, project, closed=True) if not closed):
        ctx.say(f"{counted(passed, 'chore')} left out, for a later session followed: journal actions --all")


def _lines(ctx: Context, ends: list[End], today: date) -> list[str]:
    from session_journal.core.text import age_in_words

    rows = [
        (
            str(number), end.id, _standing(end, age_in_words(end.age(today))), end.project or "-", _sources(end),
            f"{'(draft) ' if end.is_draft else ''}{end.text if end.is_open else end.newest.text}",
        )
        for number, end in enumerate(ends, 1)
    ]  # fmt: skip
    shown = ctx.table(rows)
    hints = [_hint(end, end.practice) for end in ends if end.practice]
    return [*shown, *(["", "Done since:", *hints] if hints else [])]


def _standing(end: End, age: str) -> str:
    """Return how long it has been open, or how it stands otherwise."""
    if not end.is_open:
        return end.state
    return age if end.state == "open" else f"{age}, {end.state}"


def _sources(end: End) -> str:
    name = end.newest.entry[:8] or end.newest.path.rpartition("/")[2].removesuffix(".md")
    return f"{name} +{end.sessions - 1}" if end.sessions > 1 else name


def _hint(end: End, practice: Practice) -> str:
    from session_journal.core.excerpts import cut_short

    last = practice.last
    undo = f"  → else: journal gaps reopen {end.id}" if practice.is_resolved else ""
    text = f"{last.entry[:8] or last.path}: {cut_short(last.text, _LONGEST)}"
    return f"  {end.id}  {practice.state}: {practice.words()} ({text}){undo}"


def _plain(end: End, today: date) -> dict[str, object]:
    return {
        "id": end.id, "kind": end.kind, "text": end.text, "state": end.state, "since": end.since,
        "days": end.age(today), "project": end.project, "draft": end.is_draft,
        "sources": [
            {"entry": one.entry, "path": one.path, "date": one.date, "title": one.title, "text": one.text,
             "project": one.project, "draft": one.draft}
            for one in end.mentions
        ],
        "practice": end.practice and {
            "state": end.practice.state, "sessions": len(end.practice.deeds), "last": end.practice.last.date,
            "help": end.practice.last.help, "told": end.practice.words(),
            "entries": [
                {"entry": one.entry, "path": one.path, "date": one.date, "title": one.title, "text": one.text,
                 "draft": one.draft, "help": one.help}
                for one in end.practice.deeds
            ],
        },
    }  # fmt: skip


def _set(ctx: Context, kind: ItemKind, item: tuple[str, ...], mark: str, *, dry_run: bool) -> None:
    from session_journal.app.open_ends import find_ends, resolve_end
    from session_journal.app.ticking import carry_out, plan_mark
    from session_journal.core.reading import safe
    from session_journal.errors import JournalError

    journal = ctx.open()
    end = resolve_end(journal, find_ends(journal), kind, " ".join(item), mark)
    if kind == "gap" and end.mark == mark == " " and _is_denied(ctx, journal, end, dry_run=dry_run):
        ctx.say(f"{'Would be' if dry_run else 'Now'} open: what was done up to now no longer counts for it")
        return
    if end.passed and mark == " ":
        told = "it has passed: a later session of its project followed, and the journal does not know what came of it"
        raise JournalError(f"{safe(end.text)}: {told}", f"journal edit {end.newest.path}, to set its box to [/]")
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


def _is_denied(ctx: Context, journal: Journal, end: End, *, dry_run: bool) -> bool:
    """Open a gap again that only what was done says is resolved, or practised; tell whether it was such a one."""
    from session_journal.app.practice import deny, find_practice

    (found,) = find_practice(journal, [end])
    if found.practice and not dry_run:
        deny(journal, end, ctx.now())
    return found.practice is not None


COMMANDS: tuple[click.Command, ...] = (actions, gaps, questions)
