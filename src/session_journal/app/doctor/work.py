"""Checks of what the journal is for: entries that can be read, drafts to review, sessions not captured yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from session_journal.app.capture import Capture
from session_journal.app.doctor import JournalCheck, Patient, Seen
from session_journal.app.outcome import Action, Outcome, Wanted
from session_journal.app.sources import transcripts
from session_journal.app.upkeep import kept_files, wrong_with
from session_journal.core.entry import Entry
from session_journal.core.text import counted
from session_journal.store.entries import load
from session_journal.store.journal import Journal
from session_journal.store.settings import load as load_settings

DAYS = 14
_SHOWN = 5
_IN_JOURNAL: frozenset[Action] = frozenset({"known", "beginning", "edited", "discarded"})
_MISSED: frozenset[Action] = frozenset({"added", "updated"})


def check_entries(patient: Patient, journal: Journal) -> Iterator[Seen]:
    """Look for entries that cannot be read, for two that share an id or tell one session, and for drafts that wait."""
    entries, problems = load(journal.root)
    for problem in problems[:_SHOWN]:
        yield "fail", str(problem), f"journal edit {problem.path}"
    if len(problems) > _SHOWN:
        yield "fail", f"{len(problems) - _SHOWN} more files that are no entries", "journal list"
    if not problems:
        yield "ok", counted(len(entries), "entry"), ""
    drafts = [entry.date for entry in entries if entry.status == "draft"]
    if drafts:
        old = min(drafts) < patient.now.date() - timedelta(days=DAYS)
        told = f"{len(drafts)} of them wait for a review, the oldest of {min(drafts).isoformat()}"
        yield "warn" if old else "ok", told, "journal review"
    yield from _told_twice(entries)


def _told_twice(entries: Sequence[Entry]) -> Iterator[Seen]:
    """Name entries that tell one session: two machines captured it before they were in step, and it counts twice."""
    of_session: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.source:
            of_session.setdefault(entry.source, []).append(entry)
    twice = [sorted(found, key=lambda one: (one.status == "draft", one.path)) for found in of_session.values()]
    for first, *others in [found for found in twice if len(found) > 1][:_SHOWN]:
        last = others[-1]
        away = f"journal review {last.id} --discard" if last.status == "draft" else f"git rm {last.path}; journal seal"
        also = ", ".join(one.path for one in others)
        yield "warn", f"{first.path} tells the same session as {also}; keep one", away


def check_pages(_: Patient, journal: Journal) -> Iterator[Seen]:
    """Look for pages and decisions that the tool cannot bring up to date, or cannot heed."""
    files = kept_files(journal)
    wrong = [found for path, data in files.items() if (found := wrong_with(path, data))[0]]
    for message, hint in wrong[:_SHOWN]:
        yield "fail", message, hint or "journal seal, when it is mended"
    if len(wrong) > _SHOWN:
        yield "fail", f"{len(wrong) - _SHOWN} more files like that", "journal doctor, when these are mended"
    if files and not wrong:
        yield "ok", f"rollups, playbooks and the like: {len(files)}, none damaged", ""


def check_sessions(patient: Patient, journal: Journal) -> Iterator[Seen]:
    """Count the sessions of the last days that are captured, missed, or cannot be read."""
    since = patient.now.date() - timedelta(days=DAYS)
    paths = transcripts(patient.host, since)
    if not paths:
        yield "ok", f"no session of the last {DAYS} days lies on this machine", ""
        return
    patient.say(f"reading {len(paths)} transcripts of the last {DAYS} days …")
    aliases = load_settings(patient.env, journal.root).projects()
    run = Capture(journal, patient.clock, Wanted(since=since, aliases=aliases, dry_run=True))
    outcomes = [outcome for path in paths for outcome in run.take_file(path)]
    yield from _tell_sessions(outcomes)


def _tell_sessions(outcomes: list[Outcome]) -> Iterator[Seen]:
    failed = [outcome for outcome in outcomes if outcome.action == "failed"]
    for outcome in failed[:_SHOWN]:
        yield (
            "warn",
            f"{outcome.name}: {outcome.why.removeprefix(f'{outcome.name}: ')}",
            f"journal draft {outcome.name}",
        )
    actions = Counter(outcome.action for outcome in outcomes)
    captured = sum(actions[action] for action in _IN_JOURNAL)
    missed = sum(actions[action] for action in _MISSED)
    told = f"of the last {DAYS} days: {captured} captured, {missed} missed, {len(failed)} failed"
    yield "warn" if missed else "ok", told, "journal capture" if missed else ""


CHECKS: tuple[tuple[str, JournalCheck], ...] = (
    ("entries", check_entries),
    ("pages", check_pages),
    ("sessions", check_sessions),
)
