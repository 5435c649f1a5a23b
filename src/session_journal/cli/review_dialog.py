"""The dialogue of `review`: entries one by one on a terminal, each step done when it is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from session_journal.app.review import Decision, plan, reread
from session_journal.cli.deciding import agreed, decide, discard_entry, publish, say_error, tell_dropped
from session_journal.cli.draft_page import item_lines, show
from session_journal.cli.output import Context
from session_journal.core.removals import read_numbers
from session_journal.errors import JournalError

if TYPE_CHECKING:
    from session_journal.core.entry import Entry
    from session_journal.store.journal import Journal

_QUESTION = "(a)ccept, (e)dit, drop i(t)ems, (v)isibility, (d)iscard, (s)kip, (q)uit"
_LEVELS = {"s": "self", "t": "team", "p": "public"}


def ask_each(ctx: Context, journal: Journal, chosen: Sequence[Entry], again: str = "journal review") -> bool:
    """Ask about each entry; False when the person has had enough. `again`: the command that goes on."""
    done, answer = 0, ""
    try:
        for number, entry in enumerate(chosen, 1):
            answer = _ask(ctx, journal, entry, f"{number}/{len(chosen)}")
            done += answer in {"a", "d"}
            if answer == "q":
                break
    except (click.Abort, KeyboardInterrupt):
        ctx.say("")
        _say_state(ctx, done, len(chosen), again)
        raise
    _say_state(ctx, done, len(chosen), again)
    return answer != "q"


def review_path(ctx: Context, journal: Journal, path: str) -> None:
    """Review what was just drafted; an entry that is final already is opened in the editor."""
    from session_journal.core.entry import read
    from session_journal.store.files import read_bytes

    entry = read(read_bytes(journal.path(path)) or b"", path)
    if entry.status == "draft":
        ask_each(ctx, journal, [entry], f"journal review {entry.id[:8]}")
    else:
        edit_entry(ctx, journal, path)


def edit_entry(ctx: Context, journal: Journal, path: str) -> None:
    """Open an entry in the person's editor."""
    from session_journal.app.edit import edit_path
    from session_journal.cli.write import desk, finish

    written = edit_path(journal, path, desk(ctx, journal))
    if written is not None:
        finish(ctx, written)


def _say_state(ctx: Context, done: int, total: int, again: str) -> None:
    ctx.say(f"{done} of {total} reviewed" + (f"; go on with {again}" if done < total else ""))


def _ask(ctx: Context, journal: Journal, entry: Entry, place: str) -> str:
    """Ask about one entry until an answer settles it; return that: a, d, s or q."""
    shown: Entry | None = None
    while True:
        if entry != shown:
            show(ctx, entry, place)
        shown = entry
        answer: str = click.prompt(
            _QUESTION, type=click.Choice([*_ACTS, "s", "q"]), default="s", show_choices=False, err=True
        )
        if answer in {"s", "q"} or _done(ctx, journal, entry, answer):
            return answer
        try:
            entry = reread(journal, entry)
        except JournalError as error:
            say_error(ctx, error)
            return "s"


def _done(ctx: Context, journal: Journal, entry: Entry, answer: str) -> bool:
    """Do what was answered; tell whether that settles the entry. What fails is said, and the review goes on."""
    try:
        return _ACTS[answer](ctx, journal, entry)
    except JournalError as error:
        say_error(ctx, error)
        return False


def _accept(ctx: Context, journal: Journal, entry: Entry) -> bool:
    decide(ctx, journal, entry, Decision(accept=True))
    return True


def _discard(ctx: Context, journal: Journal, entry: Entry) -> bool:
    discard_entry(ctx, journal, entry)
    return True


def _edit(ctx: Context, journal: Journal, entry: Entry) -> bool:
    edit_entry(ctx, journal, entry.path)
    return False


def _drop(ctx: Context, journal: Journal, entry: Entry) -> bool:
    for line in item_lines(entry.items):
        ctx.write(line)
    text: str = click.prompt("Which? (2 5-7; Enter: none)", default="", show_default=False, err=True)
    numbers = read_numbers(text, len(entry.items))
    if numbers:
        planned = plan(journal, entry, Decision(drop=numbers), ctx.now())
        tell_dropped(ctx, planned, "goes")
        if click.confirm("Drop this?", default=True, err=True):
            publish(ctx, journal, planned)
    return False


def _show_to(ctx: Context, journal: Journal, entry: Entry) -> bool:
    question = f"(s)elf, (t)eam or (p)ublic? It is {entry.visibility}; Enter leaves it so"
    choice = click.Choice([*_LEVELS, ""])
    answer: str = click.prompt(question, type=choice, default="", show_choices=False, show_default=False, err=True)
    level = _LEVELS.get(answer, entry.visibility)
    if level != entry.visibility:
        planned = plan(journal, entry, Decision(visibility=level), ctx.now())
        if agreed(ctx, planned):
            publish(ctx, journal, planned)
    return False


_ACTS: dict[str, Callable[[Context, Journal, Entry], bool]] = {
    "a": _accept, "e": _edit, "t": _drop, "v": _show_to, "d": _discard,
}  # fmt: skip
