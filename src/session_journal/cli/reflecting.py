"""The command that tells how its user works: `journal reflect`."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context, on_terminal
from session_journal.cli.read import say_problems
from session_journal.cli.setup import json_option
from session_journal.core.text import clean, counted

if TYPE_CHECKING:
    from session_journal.app.reflect import Reflection
    from session_journal.core.entry import Entry
    from session_journal.core.reflecting.accounts import Group, Point
    from session_journal.core.reflecting.trend import Trend

_WIDTH = 110
_MOST_LINES = 40
_ROOM = ((3, 2), (3, 1), (2, 1))
"""Groups of a kind, and points on each side of one: less where the page gets too long."""

_APART = 2
"""One kind or project alone is no group beside others."""


@click.command()
@click.option("--since", default="", metavar="DAY", help="Sessions from this day on: 2026-11-20, 2026-W47, 2026-11.")
@click.option("--project", default="", help="Only this project.")
@click.option("--kind", default="", help="planning, implementation, debugging, review, research, ...")
@json_option
@click.pass_obj
def reflect(ctx: Context, since: str, project: str, kind: str, as_json: bool) -> None:
    """Tell how you work: what goes well, what doesn't, and what to try.

    Each statement names an entry that shows it; `journal show` opens it. Drafts count as well as entries of your
    own; what you wrote yourself under "Went well" or "To improve" is quoted.
    """
    from session_journal.app.listing import make_filter
    from session_journal.app.reflect import reflect as look_back
    from session_journal.store.entries import load

    entries, problems = load(ctx.open().root)
    told = look_back(entries, make_filter(ctx.now(), since, project=project, kind=kind))
    if as_json:
        ctx.emit(told, as_json=True)
    elif told.whole.sessions:
        ctx.page("\n".join(_fitting(ctx, told)))
    else:
        ctx.say(_nothing(entries, project, kind))
    say_problems(ctx, problems)


def _nothing(entries: Sequence[Entry], project: str, kind: str) -> str:
    """Say why there is nothing to tell, and of which projects or kinds there would be something."""
    sessions = [entry for entry in entries if entry.type == "session"]
    if not sessions:
        return "There is nothing to look back on yet: journal new, or journal capture"
    for key, typed in (("project", project), ("kind", kind)):
        names = sorted({getattr(one, key) for one in sessions} - {""})
        if typed and names and typed.casefold() not in map(str.casefold, names):
            return f"No session matches: there is none of {key} {typed}, but of {clean(', '.join(names))}."
    return "No session matches."


def _fitting(ctx: Context, told: Reflection) -> list[str]:
    """Return the page with as many groups, and points for each, as a screen or two can take."""
    for room in _ROOM:
        lines = list(_page(ctx, told, room))
        if len(lines) <= _MOST_LINES:
            break
    return lines


def _page(ctx: Context, told: Reflection, room: tuple[int, int]) -> Iterator[str]:
    whole = told.whole
    among = "all of them drafts" if told.drafts == whole.sessions else f"{told.drafts} of them drafts"
    drafts = f", {among} that nobody has reviewed" if told.drafts else ""
    head = f"{counted(whole.sessions, 'session')}, {told.first} to {told.last}{drafts}"
    yield from (ctx.style(line, "bold") for line in _wrapped(head, "", 2))
    ended = f"{_outcomes(told)}. {_judged(whole)}." if whole.judged else "None of them shows how it ended."
    yield from _wrapped(ended, "", 2)
    if not whole.tells:
        yield "Too few to say more: five sessions tell something together."
        return
    if told.trend and whole.judged:
        yield from _wrapped(_trend(ctx, told.trend), "", 2)
    if not any(one.tells for found in (told.kinds, told.projects) if len(found) >= _APART for one in found):
        yield from _points(whole, 2)
    yield from _groups(ctx, "By kind of work", told.kinds, room)
    yield from _groups(ctx, "By project", told.projects, room)
    yield ""
    yield ctx.style("To try", "bold")
    if not told.trials and not whole.judged:
        yield "  Write `effectiveness: 4` (1 to 5) at the top of an entry, and what went well under `## Went well`,"
        yield "  what did not under `## To improve`: then there is something to compare."
    elif not told.trials:
        yield "  Nothing yet that sessions that went well had and similar ones had not."
    for number, one in enumerate(told.trials, 1):
        yield from _wrapped(f"{number}. {one.text.rstrip('.')}.", "  ", 3)
        yield from _wrapped(f"{one.why}: {_named(one.entries, 2)}", "     ", 0)


def _outcomes(told: Reflection) -> str:
    names = {"unknown": "not known how it ended", "partial": "partly done"}
    text = ", ".join(f"{number} {names.get(name, name)}" for name, number in told.outcomes.items())
    return text[:1].upper() + text[1:]


def _judged(one: Group) -> str:
    if not one.judged:
        return "None shows how it ended"
    if not one.can_be_rated:
        return f"Too few can be judged to say how they went ({one.judged})"
    return f"{one.good} of {one.judged} that can be judged went well (4 or 5 of 5)"


def _trend(ctx: Context, one: Trend) -> str:
    from session_journal.core.reflecting.trend import sparkline

    if one.change == "unknown":
        return f"Trend: too few to tell ({one.judged} judged, it takes 10)."
    moved = {
        "steady": f"no clear change ({one.before} before, {one.lately} lately)",
        "better": f"better lately: {one.lately}, before that {one.before}",
        "lower": f"lower lately: {one.lately}, before that {one.before}",
    }[one.change]
    spark = f" {sparkline(one.spans, plain=_is_plain(ctx))}" if len(one.spans) > 1 else ""
    where = f" by {one.unit}, {one.spans[0].name} to {one.spans[-1].name}" if len(one.spans) > 1 else ""
    return f"Trend{where}:{spark} {moved}."


def _is_plain(ctx: Context) -> bool:
    """Tell whether stdout cannot show the blocks of a sparkline."""
    try:
        "▁█·".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return ctx.env.get("TERM") == "dumb"


def _groups(ctx: Context, title: str, found: Sequence[Group], room: tuple[int, int]) -> Iterator[str]:
    most, points = room
    shown = [one for one in found if one.tells][:most]
    rest = [one for one in found if one not in shown]
    if len(found) < _APART:
        return
    yield ""
    yield ctx.style(title, "bold")
    for one in shown:
        yield from _wrapped(f"{one.name}: {counted(one.sessions, 'session')}. {_judged(one)}.", "  ", 2)
        yield from _points(one, points)
    more = [one for one in rest if one.tells]
    few = [f"{one.name} ({one.sessions})" for one in rest if not one.tells]
    if more:
        yield from _wrapped(f"Also: {', '.join(f'{one.name} ({one.sessions})' for one in more)}", "  ", 2)
    if few:
        shown_few = ", ".join(few[:6]) + (f" and {len(few) - 6} more" if len(few) > 6 else "")
        yield from _wrapped(f"Too few to tell: {shown_few}", "  ", 2)


def _points(one: Group, most: int) -> Iterator[str]:
    yield from (line for point in one.went_well[:most] for line in _point("+", point))
    yield from (line for point in one.to_improve[:most] for line in _point("-", point))


def _point(sign: str, one: Point) -> Iterator[str]:
    if one.quoted:
        yield from _wrapped(f'{sign} noted: "{one.text}" ({one.entries[0]})', "    ", 2)
    else:
        yield from _wrapped(f"{sign} {len(one.entries)}× {one.text}: {_named(one.entries, 1)}", "    ", 2)


def _named(names: Sequence[str], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" (+{more})" if more > 0 else "")


def _wrapped(text: str, indent: str, hang: int) -> list[str]:
    """Break a line where a terminal would, and never within an entry's name; without codes that an entry holds."""
    return textwrap.wrap(
        clean(text), _width(), initial_indent=indent, subsequent_indent=indent + " " * hang,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _width() -> int:
    return min(_WIDTH, shutil.get_terminal_size().columns) if on_terminal(sys.stdout) else _WIDTH


COMMANDS: tuple[click.Command, ...] = (reflect,)
