"""What the rollups of all periods say, each in its own measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from session_journal.core.asides import is_aside
from session_journal.core.entry import Entry
from session_journal.core.formulas import OFFERED
from session_journal.core.intention import is_ahead
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns import squash
from session_journal.core.periods import before, days
from session_journal.core.pointing import dangles
from session_journal.core.reading import speakers
from session_journal.core.undoing import Undoings
from session_journal.rollups import account, ahead, page, prose
from session_journal.rollups.choices import decides, is_of_merge, turn
from session_journal.rollups.choosing import LESSONS, MOST_COMPARED, ROOMY, Found, Picker, spread
from session_journal.rollups.conduct import beside, is_own, went
from session_journal.rollups.dialogue import agreed
from session_journal.rollups.found import facts
from session_journal.rollups.gist import in_vain
from session_journal.rollups.lessons import is_lesson
from session_journal.rollups.recurring import Shown, recurred, reps, solved_beside, solved_since, unsaid
from session_journal.rollups.reflections import is_reflection, is_surprise, reflections, weight
from session_journal.rollups.solutions import met, met_later
from session_journal.rollups.span import Line, Note, Span, clip, item_line
from session_journal.rollups.standing import (
    Task,
    gaps,
    holds,
    is_open,
    open_actions,
    planned_by,
    questions,
    short,
)
from session_journal.rollups.troubles import is_trouble, is_untold, trouble
from session_journal.rollups.unsettled import undone

SECTIONS = {
    "learned": "lessons", "decisions": "decisions", "recurred": "recurring points", "reps": "reps",
    "actions": "open actions", "challenges": "challenges", "surprises": "surprises", "reflections": "reflections",
    "gaps": "gaps", "deviations": "deviations", "questions": "questions", "improve": "to improve", "well": "went well",
    "next": "for next time", "notes": "notes",
}  # fmt: skip
"""The sections by what matters most when there is room for little, and what is said of their bullets left out."""
TASKS = {"actions": "actions", "questions": "questions", "gaps": "gaps"}
"""The sections of what can be ticked, each with the command that lists all of it."""


def values_of(span: Span, most: Mapping[str, int], lines: int = page.LINES) -> dict[str, object]:
    """Return what the template of a rollup's managed block needs; an empty list leaves its section out."""
    made = _Contents(span, most)
    rows = made.sections()
    projects = _projects(made, rows, lines)
    reminders = sum(len(rows[name]) > 1 for name in TASKS)
    taken = _taken(projects, made.drafts) + reminders
    shares = page.fit(rows, taken, most, lines)
    beside = sum(len(made.with_kept(name, rows[name], shares[name])) - shares[name] for name in TASKS)
    shares = page.fit(rows, taken + beside, most, lines)
    shown = {name: made.with_kept(name, rows[name], shares[name]) for name in rows}
    shown["reps"] = unsaid(shown["reps"], shown["recurred"])
    left = {label: made.total(name, rows[name]) - shares[name] for name, label in SECTIONS.items() if name not in TASKS}
    return {
        span_kind(span): span.name, "name": span.name, "first": span.first, "last": span.last,
        "summary": account.summary_of(span.entries), "drafts": made.drafts,
        "sessions": len(span.entries), "projects": _once(projects, shown),
        "effect_before": account.change_in_effect(span, days(before(span.name))), "before": before(span.name),
        "left": page.left_out(left), "more": {name: made.more(name, shown[name]) for name in TASKS}, **shown,
    }  # fmt: skip


def _projects(made: _Contents, rows: Mapping[str, Sequence[object]], lines: int) -> list[account.Project]:
    """Return what was accomplished, in as many words as leave every other section its measure."""
    room = lines - sum(
        page.HEADING + min(len(found), made.most.get(name, len(found))) for name, found in rows.items() if found
    )
    most, told = made.most["accomplished"], list[account.Project]()
    for pieces in range(account.MOST_PIECES, 0, -1):
        longer, told = told, account.accomplished(made.span, most, pieces)
        left = room - _taken(told, made.drafts)
        if left >= 0:
            return account.lengthened(told, longer, left)
    for others in reversed(range(account.lines_of_others(told))):
        told = account.accomplished(made.span, most, 1, others)
        if _taken(told, made.drafts) <= room:
            return told
    least = lines - sum(page.HEADING + 1 for found in rows.values() if found) - len(TASKS)
    for named in reversed(range(1, account.MOST_PROJECTS)):
        if _taken(told, made.drafts) <= least:
            break
        told = account.accomplished(made.span, most, 1, 0, named)
    return told


def _once(projects: Sequence[account.Project], shown: Mapping[str, Sequence[object]]) -> list[account.Project]:
    """Return what was accomplished without what a section below tells."""
    told = [squash(row.text) for rows in shown.values() for row in rows if isinstance(row, Line)]

    def is_fresh(piece: str) -> bool:
        start = squash(piece.rstrip("\u2026"))
        return not any(text.startswith(start) for text in told)

    def trimmed(line: Line) -> Line:
        return replace(line, pieces=tuple(filter(is_fresh, line.pieces)))

    def told_once(part: account.Part) -> account.Part:
        return replace(part, lines=tuple(map(trimmed, part.lines)))

    return [replace(one, parts=tuple(map(told_once, one.parts))) for one in projects]


def _best(rows: Sequence[object], most: int) -> list[object]:
    """Return the first rows; of bullets, from as many entries as possible."""
    lines = [row for row in rows if isinstance(row, Line)]
    return [*spread(lines, most, lambda line: line.link)] if lines else list(rows[:most])


def span_kind(span: Span) -> str:
    """Return what the period is called among the values: week, month or quarter."""
    return "week" if "W" in span.name else "quarter" if "Q" in span.name else "month"


def _taken(projects: Sequence[account.Project], drafts: int) -> int:
    """Count the lines of the page's head and of what was accomplished."""
    head = 1 + (2 if drafts else 0) + 2
    rows = sum(len(one.lines) + sum(len(line.pieces) for line in one.lines) + bool(one.more) for one in projects)
    rows += sum(bool(part.label) + bool(part.others) for one in projects for part in one.parts)
    return head + (2 if projects else 0) + rows + 2 * sum(bool(one.name) for one in projects)


class _Contents:
    """The bullets of one span, section by section; what one has told no later one tells again."""

    def __init__(self, span: Span, most: Mapping[str, int]) -> None:
        self.span, self.most = span, most
        self.pick = Picker(span)
        self.labelled = {entry.path: prose.labelled(entry) for entry in span.entries}
        self.shown: list[Shown] = recurred(span, most["recurred"])
        self.told = {squash(member.text) for _, pattern in self.shown for member in pattern.members}
        self.drafts = sum(entry.status == "draft" for entry in span.entries)
        self.open: dict[str, list[Task]] = {}
        self.kept: set[str] = set()

    def sections(self) -> dict[str, Sequence[object]]:
        """Return all sections, in the order of SECTIONS."""
        lacking = gaps(self.span)
        practice = reps(self.span.entries, self.shown, [task.end.text for task, _ in lacking if task.is_to_do])
        well, improve = went(self.span.entries, self._earlier())
        found: dict[str, Sequence[object]] = {
            "decisions": self._decisions(),
            "learned": self._learned(),
            "surprises": self._surprises(),
            "reflections": self._reflections(),
            "recurred": [row for row, _ in self.shown],
            "challenges": self._challenges(),
            "actions": self._tasks("actions", open_actions(self.span)),
            "questions": self._questions(),
            "gaps": self._tasks("gaps", lacking),
            "deviations": self._deviations(),
            "next": self._next(practice),
            "well": self._went("well", "went-well", well, is_own),
            "improve": self._went("improve", "improve", improve, beside(improve)),
            "reps": practice,
            "notes": [Note(note.date, clip(note.text)) for note in self.span.notes[: ROOMY * self.most["notes"]]],
        }
        return {name: found[name] for name in SECTIONS}

    def _went(self, section: str, kind: ItemKind, counted: Sequence[Line], fits: Callable[[Item], bool]) -> list[Line]:
        return [*counted, *self.pick.lines(section, self.most[section], kind, fits=fits)]

    def _earlier(self) -> list[Entry]:
        return [entry for entry in self.span.everything if entry.date < self.span.first]

    def total(self, name: str, rows: Sequence[object]) -> int:
        """Return how many bullets a section would have without a limit."""
        return len(self.span.notes) if name == "notes" else len(rows) + self.pick.left.get(name, 0)

    def _learned(self) -> list[Line]:
        most = self.most["learned"]
        return self.pick.lines("learned", most, *LESSONS, fits=self._is_learned, more=self._taught)

    def _is_learned(self, item: Item) -> bool:
        is_other = is_surprise(item) or is_reflection(item)
        return not is_other and squash(item.text) not in self.told and is_lesson(item)

    def _labelled(self, entry: Entry) -> list[Item]:
        return self.labelled[entry.path]

    def _taught(self, entry: Entry) -> list[Item]:
        return [*self._labelled(entry), *facts(entry)]

    def _intended(self, entry: Entry) -> list[Item]:
        return [*ahead.intentions(entry), *self._labelled(entry)]

    def _surprises(self) -> list[Line]:
        kinds: tuple[ItemKind, ...] = ("discovery", "insight", "takeaway")
        return self.pick.lines("surprises", self.most["surprises"], *kinds, fits=is_surprise, more=self._taught)

    def _reflections(self) -> list[Line]:
        found = [
            (-worth, (entry, item))
            for entry in self.span.entries
            for worth, item in (*reflections(entry, told=self.pick.is_said), *self._felt(entry))
            if not is_surprise(item)
        ]
        found.sort(key=lambda pair: (pair[0], *self.pick.rank(*pair[1])))
        chosen = self.pick.take("reflections", self.most["reflections"], [pair for _, pair in found])
        return [item_line(*pair) for pair in chosen]

    def _felt(self, entry: Entry) -> list[tuple[int, Item]]:
        return [(weight(item.text), item) for item in prose.feelings(entry) if not self.pick.is_said(item.text)]

    def _decisions(self) -> list[Line]:
        entries = self.span.everything or self.span.entries
        week = span_kind(self.span) == "week"
        said = Undoings(entry for entry in entries if entry.date >= self.span.first)
        found = [
            (entry, item)
            for entry in self.span.entries
            for item in self._decided(entry)
            if squash(item.text) not in self.pick.said and (week or not is_of_merge(item))
        ]
        found.sort(key=lambda pair: _weighed(turn(pair[1]), pair[1].kind) + self.pick.rank(*pair))
        # Whether one holds is asked of those that may come onto the page: it is compared with all that was said later.
        ranked = iter(found)
        holding = list(islice((pair for pair in ranked if holds(*pair, said)), MOST_COMPARED))
        return [item_line(*pair) for pair in self.pick.take("decisions", self.most["decisions"], [*holding, *ranked])]

    def _decided(self, entry: Entry) -> list[Item]:
        said = speakers(entry.body) if prose.is_drafted(entry) else None
        stated = (*entry.items, *self._labelled(entry), *agreed(entry))
        own = [item for item in stated if decides(item, said)]
        return [*own, *prose.decisions(entry)]

    def _challenges(self) -> list[Line]:
        later, open_things = met_later(self.span.entries), undone(self.span.entries)
        solved = {entry.path: [*met(entry, open_things), *later.get(entry.path, ())] for entry in self.span.entries}
        alone = self.told - solved_beside(self.shown)
        alone |= {squash(problem.text) for pairs in solved.values() for problem, _ in pairs}
        alone |= solved_since(self.span)
        week = span_kind(self.span) == "week"

        def fresh(item: Item) -> bool:
            is_bare = bool(item.turns) and is_untold(item.text)
            return squash(item.text) not in alone and is_trouble(item) and (week or not is_bare)

        far = lambda found: trouble(found[1].text)  # noqa: E731
        both = lambda entry: [*filter(None, dict(solved[entry.path]).values()), *in_vain(entry)]  # noqa: E731
        return self.pick.lines("challenges", self.most["challenges"], "challenge", fits=fresh, first=far, more=both)

    def _questions(self) -> list[Line]:
        """Return the questions that `journal questions` lists, then those that a line says it is."""
        asked = questions(self.span)
        told = self._tasks("questions", asked)
        ends = [end for end in self.span.open_ends() if end.kind == "question"]
        self.pick.said.update(squash(one.text) for end in ends for one in end.mentions)
        most = self.most["questions"]
        return [*told, *self.pick.lines("questions", most, "question", fits=is_open, more=self._labelled)]

    def _deviations(self) -> list[Line]:
        """Return deviations, those from a plan that an entry names first: that plan wants an update."""
        found = [(entry, item) for entry in self.span.entries for item in entry.items if item.kind == "deviation"]
        found.sort(key=lambda pair: (not planned_by(pair[0]), pair[0].status == "draft", -pair[0].date.toordinal()))
        return [_of_plan(pair) for pair in self.pick.take("deviations", self.most["deviations"], found)]

    def _next(self, practice: Sequence[str]) -> list[Line]:
        told = {squash(text.partition(": ")[2]) for text in practice}

        def is_to_do(item: Item) -> bool:
            return is_open(item) and is_ahead(item) and squash(item.text) not in told

        return self.pick.lines("next", self.most["next"], "next", fits=is_to_do, more=self._intended)

    def _tasks(self, section: str, found: Sequence[tuple[Task, str]]) -> list[Line]:
        """Return what can be ticked; the same words in two projects are two things."""
        known = [pair for pair in found if squash(pair[0].item.text) not in self.pick.said and not _is_lost(pair[0])]
        known.sort(key=lambda pair: pair[0].item.text.startswith(OFFERED))
        self.open[section] = [task for task, _ in known if task.end.is_open]
        self.kept |= {task.end.id for task, _ in known if task.kept}
        chosen = [pair for place, pair in enumerate(known) if place < ROOMY * self.most[section] or pair[0].kept]
        self.pick.said.update(squash(task.item.text) for task, _ in chosen)
        seen = Counter(squash(task.item.text) for task, _ in chosen)
        return [_task_line(task, state, doubled=seen[squash(task.item.text)] > 1) for task, state in chosen]

    def with_kept(self, section: str, rows: Sequence[object], share: int) -> list[object]:
        """Return the best bullets of a section, and beside them what was ticked on the page: that stays on it."""
        best = _best(rows, share)
        if section not in TASKS:
            return best
        return [row for row in rows if row in best or (isinstance(row, Line) and row.id and row.id in self.kept)]

    def more(self, section: str, shown: Sequence[object]) -> str:
        """Say how much more is open, and since when; "" where all of it is shown."""
        told = {row.id for row in shown if isinstance(row, Line)}
        left = [task for task in self.open[section] if task.end.id not in told]
        if not left:
            return ""
        since = min(task.since for task in left)
        oldest = f", the oldest since {short(since, self.span.first)}" if since < self.span.first else ""
        return f"and {len(left)} more{oldest} (`journal {TASKS[section]}`)"


def _is_lost(task: Task) -> bool:
    """Tell whether what an assistant offered points at something that was said around it."""
    offer = task.item.text.removeprefix(OFFERED).lstrip(": ")
    return task.is_offer and (
        is_aside(offer) or dangles(offer) or offer.rstrip(".").endswith((" these", " those", " this", " that"))
    )


def _weighed(turn: int, kind: ItemKind) -> tuple[bool, bool, bool]:
    """Put what leaves a way of working first, then what is noted as a decision, then what is called a large one."""
    return turn < 2, kind != "decision", not turn


def _task_line(task: Task, state: str, *, doubled: bool) -> Line:
    if doubled and task.entry.project:
        state = f"{state or 'open'}, in {task.entry.project}"
    return replace(item_line(task.entry, task.item, state), mark=task.end.mark, id=task.end.id)


def _of_plan(found: Found) -> Line:
    plan = planned_by(found[0])
    return item_line(*found, f"update the plan: {clip(plan)}" if plan else "")
