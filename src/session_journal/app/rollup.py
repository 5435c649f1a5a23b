"""The weekly, monthly and quarterly use case: find what recurs, bring playbooks up to date, write the rollup."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from session_journal.app import learnings
from session_journal.app.advice import advise
from session_journal.app.closings import closed_within
from session_journal.app.earlier import versions_of
from session_journal.app.generated import make_page, tell
from session_journal.app.learnings import Whole
from session_journal.app.meaning import make_sense
from session_journal.app.open_ends import find_ends
from session_journal.app.opening import open_page
from session_journal.app.patterns import KNOWN, recurring
from session_journal.app.playbook import load_shelf, read_bar
from session_journal.app.practice import find_practice
from session_journal.app.projects import no_such_project
from session_journal.app.promotion import Promotion, promote
from session_journal.app.rollup_path import path_of
from session_journal.app.ticking import carry, refer, refuse_uncarried
from session_journal.app.uncollected import uncollected
from session_journal.core.document import parse, refuse_conflict
from session_journal.core.entry import Entry
from session_journal.core.patterns import Memory, Pattern
from session_journal.core.periods import Period, before, days, name_of, period_of
from session_journal.core.projects import are_called_alike
from session_journal.core.records import record
from session_journal.errors import ConflictError, JournalError, UsageError
from session_journal.rollups import PERIODS, rollup_of
from session_journal.rollups.recurring import known_in
from session_journal.rollups.span import Note, Span
from session_journal.rollups.teaching import outline
from session_journal.store.entries import ITEMS, Problem, load, problem_of
from session_journal.store.files import markdown_files, read_bytes
from session_journal.store.journal import Change, Journal
from session_journal.store.known import remembered
from session_journal.store.settings import Settings
from session_journal.store.templates import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.app.endpoint import Voice

_NAME = re.compile(r"\d{4}-(?:[Ww]\d{2}|[Qq]\d|\d{2})")
_BULLET = re.compile(r"\s{0,3}[-*+]\s+(.*\S)")
_DAY = timedelta(days=1)
_TRIES = 2
_MANY = 500
"""Reading so many entries for the first time takes more than a second."""


@record(frozen=True, slots=True)
class Asked:
    """What is to be rolled up. project: only what belongs to it; teach: an outline of what could be taught as well."""

    name: str
    project: str = ""
    force: bool = False
    dry_run: bool = False
    teach: bool = False


@record(frozen=True, slots=True)
class Rolled:
    """What a run did. path: the rollup, "" for an empty period; changed: files written (or to be written).

    suggestion: for an empty period, the command for one that is not. teach: the outline, where it was asked for.
    ticked: files that got what was ticked in others (or will), whatever the period. told: what became of pages that a
    person deleted.
    """

    name: str
    path: str = ""
    entries: int = 0
    text: str = ""
    changed: tuple[str, ...] = ()
    new_playbooks: tuple[str, ...] = ()
    pages: Mapping[str, tuple[str, str, str]] | None = None
    refused: tuple[JournalError, ...] = ()
    problems: tuple[Problem, ...] = ()
    waiting: str = ""
    suggestion: str = ""
    teach: str = ""
    ticked: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def read_period(period: Period, text: str, now: datetime, *, last: bool = False) -> str:
    """Return the name of the week, month or quarter that is meant, by a day or its name; nothing means this one.

    A shorter one means the one that it begins in; UsageError for what is longer, of which it would be any.
    """
    text = text.strip()
    if _NAME.fullmatch(text) and period_of(text.upper()) == period:
        name = text.upper()
    elif text:
        from session_journal.app.dates import read_span

        first, until = days(text.upper()) if _NAME.fullmatch(text) else read_span(text, now)
        name = name_of(period, first)
        if until - first > days(name)[1] - days(name)[0]:
            raise UsageError(f"{text} is longer than a {period}", f"journal {PERIODS[period]} --date {name}, its first")
    else:
        name = name_of(period, now.date())
    return before(name) if last else name


@uncollected()
def roll_up(
    journal: Journal,
    asked: Asked,
    now: datetime,
    settings: Settings,
    voice: Voice | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Rolled:
    """Write a period's rollup and the playbooks that the whole journal earns; an empty period writes nothing.

    voice: how to talk of the models that the user's settings name; without one, and in a dry run, none is asked. say:
    tells what takes its time.
    """
    with remembered(journal.cache(KNOWN)) as memory:
        count = 0 if os.path.isfile(journal.cache(ITEMS)) else len(markdown_files(journal.root, "sessions"))
        if count > _MANY:
            say(f"Reading and comparing {count:,} entries; the next time, only new ones ...")
        told = None if asked.dry_run else voice
        for _ in range(_TRIES):
            try:
                return _rolled(journal, asked, now, settings, told, memory)
            except ConflictError:  # another command was first: what it wrote counts
                continue
        return _rolled(journal, asked, now, settings, told, memory)


def _rolled(
    journal: Journal, asked: Asked, now: datetime, settings: Settings, voice: Voice | None, memory: Memory
) -> Rolled:
    whole, problems, ticked = _load(journal, asked, now, memory)
    everything = whole.entries
    sessions = [entry for entry in everything if entry.type == "session" and _is_of(entry, asked.project)]
    if asked.project and not sessions:
        raise no_such_project((entry.project for entry in everything), asked.project)
    first, last = days(asked.name)
    own = [entry for entry in sessions if first <= entry.date <= last]
    notes, torn = ([], []) if asked.project else read_notes(journal, first, last)
    problems += torn
    if not own and not notes:
        return Rolled(asked.name, suggestion=_elsewhere(sessions, asked, now), problems=tuple(problems), ticked=ticked)
    patterns = recurring(journal, everything, make_sense(journal, voice), memory)
    bar = read_bar(settings)
    shelf = load_shelf(journal.root)
    promotion = promote(journal, patterns, everything, shelf, now, bar, force=asked.force)
    own_patterns, pages = _of_project(patterns, promotion.pages, asked.project)
    of_project = asked.project
    seen = [one for one in patterns if not of_project or any(are_called_alike(of_project, of) for of in one.projects)]
    advice = advise(seen, promotion, first, last, bar) if period_of(asked.name) == "quarter" else ()
    page = path_of(journal, asked.name, asked.project)
    told = {end.id for end in whole.ends if any(copy.path == page for copy in end.copies)}
    closed = closed_within(journal, whole.ends, first, last, now.date())
    span = Span(
        asked.name, own, notes, own_patterns, pages, sessions, advice, ends=whole.ends, told=told, closed=closed
    )
    rollup = _rollup(journal, span, asked, page, now, voice)
    done = _published(journal, asked, now, rollup, promotion, whole)
    done = replace(done, entries=len(own), problems=(*problems, *shelf.problems), ticked=ticked)
    return replace(done, teach=outline(span)) if asked.teach else done


def _load(
    journal: Journal, asked: Asked, now: datetime, memory: Memory
) -> tuple[Whole, list[Problem], tuple[str, ...]]:
    """Read the entries and what is open in them; also return the files that what was ticked was brought to.

    What was ticked in a rollup is brought to its entries first, or writing it again would untick it.
    """
    whole, problems = _read(journal, memory)
    ticked = carry(journal, whole.ends)
    paths = tuple(change.path for change in ticked)
    if asked.dry_run or not ticked:
        return whole, problems, paths
    journal.publish(ticked, "entry: ticked in a rollup", now)
    return *_read(journal, memory), paths


def _read(journal: Journal, memory: Memory) -> tuple[Whole, list[Problem]]:
    entries, problems = load(journal.root, journal.cache(ITEMS))
    return Whole(entries, find_practice(journal, find_ends(journal, entries), entries), memory), problems


def _digest(
    journal: Journal, now: datetime, whole: Whole, *, force: bool
) -> tuple[list[Change], tuple[JournalError, ...]]:
    """Return the change that brings the digest up to date, or why it stays as it is: a person changed it inside."""
    try:
        change = learnings.refresh(journal, now, whole, force=force)
    except JournalError as error:
        return [], (error,)
    return [change] if change else [], ()


def _is_of(entry: Entry, project: str) -> bool:
    return not project or are_called_alike(entry.project, project)


def _of_project(
    patterns: Sequence[Pattern], pages: Mapping[str, tuple[str, str, str]], project: str
) -> tuple[Sequence[Pattern], Mapping[str, tuple[str, str, str]]]:
    """Return what recurs in a project by its own sessions alone, and the pages of that; all of it without a project."""
    if not project:
        return patterns, pages
    found = [(whole, own) for whole in patterns if (own := known_in(whole, project))]
    return [own for _, own in found], {own.key: pages[whole.key] for whole, own in found if whole.key in pages}


def _elsewhere(entries: Sequence[Entry], asked: Asked, now: datetime) -> str:
    """Return the command for the newest period before this one that has entries, else for the newest of all."""
    if not entries:
        return "journal capture"
    period = period_of(asked.name)
    first = days(asked.name)[0]
    earlier = [entry.date for entry in entries if entry.date < first] or [entry.date for entry in entries]
    name = name_of(period, max(earlier))
    which = "--last" if name == before(name_of(period, now.date())) else f"--date {name}"
    return f"journal {PERIODS[period]} {which}{f' --project {asked.project}' if asked.project else ''}"


def _rollup(
    journal: Journal, span: Span, asked: Asked, path: str, now: datetime, voice: Voice | None
) -> tuple[Change, JournalError | None]:
    period = period_of(span.name)
    old = read_bytes(journal.path(path))
    values = rollup_of(period).values_of(span)
    opening = open_page(journal, values, old, PERIODS[period], voice)
    content = render(f"{PERIODS[period]}.md.j2", {**values, "opening": opening.text}, journal.root)
    title = f"{period.capitalize()} {span.name}{f' of {asked.project}' if asked.project else ''}"
    keys: dict[str, object] = {
        "title": title, "date": span.first, "type": "rollup", "visibility": "self",
        "project": asked.project or None, "period": span.name, "until": span.last,
    }  # fmt: skip
    try:
        refuse_uncarried(span.ends or (), path)
        earlier = versions_of(journal, path)
        page = make_page(
            path, old, PERIODS[period], content, keys, opening.keys, now, earlier=earlier, force=asked.force
        )
        return Change(path, page, old), None
    except JournalError as error:
        return Change(path, old, old), error


def _published(
    journal: Journal,
    asked: Asked,
    now: datetime,
    rollup: tuple[Change, JournalError | None],
    promotion: Promotion,
    whole: Whole,
) -> Rolled:
    change, error = rollup
    written, waiting, refused = [change], "", promotion.refused
    if not asked.dry_run:
        pages = journal.publish(promotion.changes, _playbook_message(promotion), now)
        message = f"{PERIODS[period_of(asked.name)]}: {asked.name}{f' {asked.project}' if asked.project else ''}"
        digest, kept = _digest(journal, now, whole, force=asked.force)  # after the playbooks, for it names them
        written, refused = [*written, *digest], (*refused, *kept)
        written = [*refer(journal, whole.ends, written)]
        waiting = pages.waiting or journal.publish(written, message, now).waiting
    changed = [one.path for one in (change, *promotion.changes) if one.data != one.base]
    changed += [one.path for one in written if one.path != change.path and one.data != one.base]
    change = next((one for one in written if one.path == change.path), change)
    return Rolled(
        asked.name, change.path, 0, (change.data or b"").decode("utf-8", "replace"), tuple(changed), promotion.new,
        promotion.pages, tuple(filter(None, (error, *refused))), waiting=waiting,
        told=(*tell((*promotion.changes, *written)), *promotion.told),
    )  # fmt: skip


def _playbook_message(promotion: Promotion) -> str:
    if len(promotion.changes) != 1:
        return f"playbook: {len(promotion.changes)} pages"
    titles = {path: title for path, title, _ in promotion.pages.values()}
    return f"playbook: {titles[promotion.changes[0].path]}"


def read_notes(journal: Journal, first: date, last: date) -> tuple[list[Note], list[Problem]]:
    """Return the notes of some days, line by line, and a problem for each day's file that cannot be read."""
    notes: list[Note] = []
    problems: list[Problem] = []
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        path = f"journal/notes/{day.isoformat()}.md"
        try:
            data = read_bytes(journal.path(path))
            notes += [Note(day, text) for text in _lines(data, path)] if data else []
        except JournalError as error:
            problems.append(problem_of(path, error))
    return notes, problems


def _lines(data: bytes, path: str) -> list[str]:
    refuse_conflict(data, path)
    return [match[1] for match in map(_BULLET.match, parse(data, path).body.splitlines()) if match]
