"""What recurs in a journal, as values for people and programs, and how a person puts it right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date

from session_journal.app.corrections import load_corrections
from session_journal.app.earlier import deleted_playbooks
from session_journal.app.meaning import make_sense
from session_journal.app.playbook import load_shelf
from session_journal.app.uncollected import uncollected
from session_journal.core import playbooks
from session_journal.core.entry import Entry
from session_journal.core.patterns import (
    MANY,
    Correction,
    Memory,
    Pattern,
    Sense,
    Statement,
    Verb,
    find,
    find_quoted,
    key_of,
    quoted,
    squash,
    statements,
    touches,
)
from session_journal.core.playbooks import Bar, Playbook
from session_journal.core.records import record
from session_journal.core.text import counted
from session_journal.errors import JournalError, NotFoundError, UsageError
from session_journal.store.entries import ITEMS, Problem, load
from session_journal.store.journal import Journal
from session_journal.store.known import remembered

KNOWN = "patterns/known"
"""The cache of a journal that remembers what the search for what recurs has compared."""

_LEAST_KEY = 3
_SHOWN = 8
_STAND_INS = 3
"""So many other members are quoted with what is ignored: it stays so when the entry of the best one is deleted."""


@record(frozen=True, slots=True)
class Found:
    """What recurs. standing: pattern key → (watching, earned, promoted, retired, deleted or ignored; playbook's path).

    why: pattern key → why it is merely watched, or on how much of it its playbook rests where that is not all.
    wrong: what is wrong with playbooks and decisions; problems: with entries.
    """

    patterns: tuple[Pattern, ...] = ()
    standing: Mapping[str, tuple[str, str]] | None = None
    corrections: tuple[Correction, ...] = ()
    wrong: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    why: Mapping[str, str] = field(default_factory=dict)

    def status(self, pattern: Pattern) -> tuple[str, str]:
        """Return a pattern's status and the path of its playbook, "" where it has none."""
        return (self.standing or {}).get(pattern.key, ("watching", ""))


def find_patterns(
    entries: Iterable[Entry],
    project: str = "",
    least: int = 2,
    corrections: Sequence[Correction] = (),
    memory: Memory | None = None,
    sense: Sense | None = None,
) -> tuple[Pattern, ...]:
    """Return what at least `least` sessions state, the best founded first; a project narrows what is shown.

    What a person ignores is left out. memory: what an earlier run compared; sense: what texts mean.
    """
    found = find(statements(entries), least, corrections, memory, sense)
    return tuple(one for one in found if not one.ignored and _is_of(one, project))


def recurring(
    journal: Journal, entries: Iterable[Entry], sense: Sense | None = None, memory: Memory | None = None
) -> tuple[Pattern, ...]:
    """Return what recurs in a journal as its person corrected it.

    sense: what texts mean; without it, the vectors that an embedding model gave before count, and none is asked.
    memory: what earlier searches worked out, for who has it at hand.
    """
    if memory is None:
        with remembered(journal.cache(KNOWN)) as recalled:
            return recurring(journal, entries, sense, recalled)
    corrections = load_corrections(journal)[0]
    return find_patterns(entries, corrections=corrections, memory=memory, sense=sense or make_sense(journal))


@uncollected()
def look_up(
    journal: Journal,
    bar: Bar,
    least: int = 2,
    say: Callable[[str], None] = lambda _: None,
    sense: Sense | None = None,
) -> Found:
    """Return all that recurs, ignored or not, with how each pattern stands.

    say: tells what takes its time; sense: see `recurring`.
    """
    corrections, wrong = load_corrections(journal)
    entries, problems = load(journal.root, journal.cache(ITEMS))
    stated = statements(entries)
    with remembered(journal.cache(KNOWN)) as memory:
        if len(stated) > MANY and not memory.compared:
            say(f"Comparing {len(stated):,} statements; the next time, only new ones ...")
        found = find(stated, least, corrections, memory, sense or make_sense(journal))
    shelf = load_shelf(journal.root)
    pages = playbooks.match(found, shelf.playbooks)
    standing = {one.key: _standing(one, pages.get(number), bar) for number, one in enumerate(found)}
    standing |= _deleted(journal, [one for one in found if standing[one.key][0] == "earned"])
    why = {one.key: told for one in found if (told := _why(one, standing[one.key][0], bar))}
    return Found(found, standing, tuple(corrections), (*wrong, *map(str, shelf.problems)), tuple(problems), why)


def _why(pattern: Pattern, status: str, bar: Bar) -> str:
    if status == "watching":
        return playbooks.lacking(pattern, bar.sessions, bar.days)
    narrow = playbooks.support(pattern)
    is_part = status == "promoted" and (narrow.sessions, narrow.days) != (pattern.sessions, pattern.days)
    return f"on {counted(narrow.sessions, 'session')} of them, {counted(narrow.days, 'day')}" if is_part else ""


def _standing(pattern: Pattern, page: Playbook | None, bar: Bar) -> tuple[str, str]:
    if pattern.ignored:
        status = "ignored"
    elif page:
        status = "retired" if page.status == "retired" else "promoted"
    else:
        status = "earned" if playbooks.promotable(pattern, bar.sessions, bar.days) else "watching"
    return status, page.path if page else ""


def _deleted(journal: Journal, earned: Sequence[Pattern]) -> dict[str, tuple[str, str]]:
    """Return which patterns without a page had one that a person deleted."""
    gone = [one for one in deleted_playbooks(journal) if one.made != playbooks.BY_HAND] if earned else []
    return {earned[place].key: ("deleted", one.path) for place, one in playbooks.match(earned, gone).items()}


@record(frozen=True, slots=True)
class Wish:
    """Which patterns to show; since: last seen on that day or later; ignored: those a person ignores, too."""

    project: str = ""
    since: date | None = None
    ignored: bool = False


def choose(found: Found, wish: Wish) -> list[Pattern]:
    """Return the patterns that are wanted."""
    return [
        one
        for one in found.patterns
        if (wish.ignored or not one.ignored)
        and _is_of(one, wish.project)
        and (wish.since is None or one.last >= wish.since)
    ]


def _is_of(pattern: Pattern, project: str) -> bool:
    return not project or project.casefold() in {name.casefold() for name in pattern.projects}


def summarise(found: Found, pattern: Pattern, today: date) -> dict[str, object]:
    """Return a pattern as JSON shows it."""
    status, playbook = found.status(pattern)
    return {
        "pattern": pattern.key,
        "statement": pattern.statement,
        "kind": pattern.kind,
        "status": status,
        "why": found.why.get(pattern.key, ""),
        "trend": pattern.course(today),
        "sessions": pattern.sessions,
        "reviewed": len({member.session for member in pattern.members if member.reviewed}),
        "days": pattern.days,
        "first": pattern.first,
        "last": pattern.last,
        "projects": list(pattern.projects),
        "playbook": playbook,
        "members": [_member(one) for one in pattern.members],
    }


def _member(one: Statement) -> dict[str, object]:
    return {
        "member": key_of(one.text), "entry": one.entry, "path": one.path, "date": one.date, "project": one.project,
        "kind": one.kind, "text": one.text, "turns": list(one.turns), "draft": not one.reviewed,
    }  # fmt: skip


@record(frozen=True, slots=True)
class Decision:
    """What is to stand in the file of decisions.

    about: the statements of the patterns it speaks of; off: those of members split off; undone: how many went.
    page: the playbook that outlives its pattern; heir: the one that tells what the other told.
    """

    corrections: tuple[Correction, ...]
    about: tuple[str, ...]
    off: tuple[str, ...] = ()
    undone: int = 0
    page: str = ""
    heir: str = ""


def ignore(found: Found, ref: str) -> Decision:
    """Keep a pattern out of sight, out of rollups and playbooks."""
    pattern = find_pattern(found, ref)
    words = {key_of(one.text): one for one in pattern.members if key_of(one.text) != key_of(pattern.best.text)}
    others = sorted(words.values(), key=lambda one: (one.reviewed, one.date), reverse=True)[:_STAND_INS]
    fresh = () if pattern.ignored else (Correction("ignore", quoted(pattern.best), tuple(map(quoted, others))),)
    status, page = found.status(pattern)
    return Decision((*found.corrections, *fresh), (pattern.statement,), page=page if status == "promoted" else "")


def merge(found: Found, one: str, other: str) -> Decision:
    """Make one pattern of two; what had split one off the other holds no more."""
    first, second = find_pattern(found, one), find_pattern(found, other)
    if first is second:
        raise UsageError(f"{one} and {other} are the same pattern: {first.statement}", "journal patterns")
    if _origin(first) != _origin(second):
        raise JournalError("what the drafting counted and what was said stay apart", "journal patterns")
    kept = (each for each in found.corrections if not (each.verb == "split" and _parts(each, first, second)))
    fresh = Correction("merge", quoted(first.best), (quoted(second.best),))
    pages = [found.status(one) for one in sorted((first, second), key=lambda one: len(one.members))]
    page, heir = (path if status == "promoted" else "" for status, path in pages)
    return Decision((*kept, fresh), (first.statement, second.statement), page=page if heir else "", heir=heir)


def split(found: Found, ref: str, members: Sequence[str]) -> Decision:
    """Take members out of a pattern; what says the same in nearly the same words goes with them."""
    pattern = find_pattern(found, ref)
    off = {key_of(one.text): one for one in (find_member(pattern, member) for member in members)}
    rest = [one for one in pattern.members if key_of(one.text) not in off]
    if not rest:
        raise UsageError("none of its members would be left", "journal patterns ignore, if it is no pattern")
    stays = pattern.best if pattern.best in rest else max(rest, key=lambda one: (one.kind == pattern.kind, one.date))
    fresh = Correction("split", quoted(stays), tuple(map(quoted, off.values())))
    return Decision((*found.corrections, fresh), (stays.text,), tuple(one.text for one in off.values()))


def undo(found: Found, verb: Verb, ref: str) -> Decision:
    """Take back what was decided by one of the commands about a pattern, be it none any more by what was decided."""
    named = _decided(found, verb, ref)
    try:
        pattern = find_pattern(found, ref)
    except JournalError:
        if not named:
            raise
        pattern = None
    gone = [one for one in found.corrections if one.verb == verb and (one in named or _touches(one, pattern))]
    about = pattern.statement if pattern else named[0].of.text
    if not gone:
        raise JournalError(f"nothing was decided with `{verb}` about: {about}", "journal patterns --all")
    kept = tuple(one for one in found.corrections if one not in gone)
    return Decision(kept, (about,), undone=len(gone))


def _decided(found: Found, verb: Verb, ref: str) -> list[Correction]:
    """Return the decisions that quote a statement by the beginning of its key, its words, or some of them.

    JournalError where some of its words stand in several of them.
    """
    low, words = ref.strip().casefold(), squash(ref)
    quotes = [(one, quote.text) for one in found.corrections if one.verb == verb for quote in (one.of, *one.others)]
    ways: tuple[Callable[[str], bool], ...] = (
        lambda text: _begins(key_of(text), low),
        lambda text: bool(words) and squash(text) == words,
        lambda text: bool(words) and words in squash(text),
    )
    for way in ways:
        meant = list(dict.fromkeys(one for one, text in quotes if way(text)))
        if len(meant) > 1 and way is ways[-1]:
            listed = "\n".join(f"  {key_of(one.of.text)[:8]}  {one.of.text}" for one in meant[:_SHOWN])
            raise JournalError(f"{ref}: {len(meant)} decisions match\n{listed}", "give the key that stands before it")
        if meant:
            return meant
    return []


def _touches(one: Correction, pattern: Pattern | None) -> bool:
    return pattern is not None and touches(one, [pattern])


def _origin(pattern: Pattern) -> tuple[bool, bool]:
    first = pattern.members[0]
    return first.is_conduct, bool(first.checks)


def _parts(correction: Correction, one: Pattern, other: Pattern) -> bool:
    """Tell whether a decision took something of one pattern out of the other."""
    here, there = (find_quoted(correction.of, pattern.members) for pattern in (one, other))
    off = [[find_quoted(each, pattern.members) for each in correction.others] for pattern in (one, other)]
    return bool((here and any(off[1])) or (there and any(off[0])))


def find_pattern(found: Found, ref: str) -> Pattern:
    """Return the pattern that the beginning of its key or of a member's, its statement or words of a member mean."""
    low, words = ref.strip().casefold(), squash(ref)
    ways: tuple[Callable[[Pattern], bool], ...] = (
        lambda one: _begins(one.key, low),
        lambda one: any(_begins(key_of(member.text), low) for member in one.members),
        lambda one: bool(words) and squash(one.statement) == words,
        lambda one: bool(words) and any(words in squash(member.text) for member in one.members),
    )
    what = [(one.key[:8], one.statement) for one in found.patterns]
    return found.patterns[_only(ref, "pattern", [[way(one) for one in found.patterns] for way in ways], what)]


def find_member(pattern: Pattern, ref: str) -> Statement:
    """Return the member that the beginning of its key or of its entry's id, or words of it, mean."""
    low, words = ref.strip().casefold(), squash(ref)
    unique = list({key_of(one.text): one for one in pattern.members}.values())
    ways: tuple[Callable[[Statement], bool], ...] = (
        lambda one: _begins(key_of(one.text), low),
        lambda one: bool(words) and squash(one.text) == words,
        lambda one: bool(words) and words in squash(one.text),
        lambda one: _begins(one.entry.casefold(), low) or one.path == ref,
    )
    what = [(key_of(one.text)[:8], one.text) for one in unique]
    return unique[_only(ref, "member of that pattern", [[way(one) for one in unique] for way in ways], what)]


def _begins(key: str, ref: str) -> bool:
    return len(ref) >= _LEAST_KEY and key.startswith(ref)


def _only(ref: str, what: str, ways: Iterable[Sequence[bool]], names: Sequence[tuple[str, str]]) -> int:
    """Return the place that the first way with any match means; JournalError where that are several, or none at all."""
    for way in ways:
        places = [place for place, matches in enumerate(way) if matches]
        if len(places) == 1:
            return places[0]
        if places:
            listed = "\n".join(f"  {key}  {text}" for key, text in (names[place] for place in places[:_SHOWN]))
            raise JournalError(f"{ref}: {len(places)} match\n{listed}", "give the key that stands before it")
    raise NotFoundError(f"{ref}: no such {what}", "journal patterns --all")
