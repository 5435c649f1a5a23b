"""Deviations: what a session planned and then did otherwise, each with where that shows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from session_journal.core import formulas
from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session, failed_calls
from session_journal.core.insights import todo
from session_journal.core.insights.deeds import Deed, deeds, is_traced
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.prose import Statement, plain
from session_journal.core.insights.trails import Trail
from session_journal.core.insights.wording import capital, lowered, tidy, trim
from session_journal.core.items import Item
from session_journal.core.records import record
from session_journal.core.text import is_shortened

MOST = 3
"""How many deviations an entry names: a reader wants the ones that matter."""
WORDS = 20
"""How many words one of them may have."""
_STEP_WORDS = 9

Line = tuple[str, tuple[int, ...]]


def deviations(
    session: Session, asked: Sequence[Prompt], said: Sequence[Statement], trails: Sequence[Trail]
) -> list[Item]:
    """Return at most MOST deviations from what was planned: those said first, then those that show.

    Of a session with events left out nothing is told for the want of a trace.
    """
    whole = not session.left_out
    versions, plans = (todo.lists(session), list(_plans(session, asked))) if whole else ([], [])
    done = deeds(session) if versions or plans else []
    found: dict[str, tuple[int, ...]] = {}
    for text, turns in [*_told(said, trails), *_listed(versions, asked, done), *_drawn(session, plans, trails, done)]:
        found.setdefault(text, turns)
    return [Item("deviation", text, turns) for text, turns in list(found.items())[:MOST]]


_HEADED = re.compile(
    r"\b(?:deviat\w+|changes?|differences?|departures?) (?:from|to|vs\.?|against) (?:the |our )?(?:\w+ )?plan\b"
)
_NONE = re.compile(
    r"^(?:none|no|nothing|n/a)\b|\bnothing differ|"
    r"\b(?:no|not|n't|without|any|never|zero)\b.{0,24}\b(?:deviat|depart|diverg|differ)|"
    r"^(?:if|when|whether|should|to)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:deviat\w+|depart(?:s|ed|ing)|diverg\w+|differs?) from (?:the|our|your|this) (?:\w+ )?plan\b|"
    r"\b(?:unlike|contrary to) the (?:\w+ )?plan\b|\b(?:than|not as) (?:originally |first )?planned\b|"
    r"\bthe (?:\w+ )?plan (?:said|called for|had|assumed|proposed|listed|named|wanted|suggested|specified)\b.*"
    r"\b(?:but|however|instead|though|actually|so)\b|"
    r"\b(?:skipped|dropped|left out|omitted|postponed|deferred) (?:step|task|phase|part|item) #?\d+\b",
    re.IGNORECASE,
)


def _told(said: Sequence[Statement], trails: Sequence[Trail]) -> Iterator[Line]:
    """Yield what the assistant itself said it did otherwise; before anything was changed, it speaks of plans alone."""
    since = min((trail.turns[0] for trail in trails if trail.turns), default=math.inf)
    for one in said:
        if one.turn < since:
            continue
        headed = bool(
            _HEADED.search(one.heading) or _HEADED.search(one.label.lower()) or _HEADED.search(one.lead.lower())
        )
        if one.thought or one.option or one.text.endswith("?"):
            continue
        if (headed or _SAID.search(one.text)) and not _NONE.search(one.text):
            text = tidy(one.text, WORDS)
            if len(text.split()) >= 4 and not text.endswith("…"):
                yield text, (one.turn,)


def _listed(lists: Sequence[Sequence[todo.Version]], asked: Sequence[Prompt], done: Sequence[Deed]) -> Iterator[Line]:
    """Yield what the todo lists show: steps dropped, left and added, the last list first."""
    versions = list(reversed(lists))
    for one in versions:
        for turned in todo.dropped(one, done, asked):
            yield _dropped(turned)
    for one in versions:
        remaining = todo.left(one, done)
        if remaining:
            yield _several(formulas.NOT_DONE, [turned.step for turned in remaining]), remaining[0].turns
    for one in versions:
        more = todo.added(one)
        if more:
            turns = tuple(dict.fromkeys(turn for turned in more for turn in turned.turns))
            yield _several(formulas.ADDED, [turned.step for turned in more]), turns[:3]


def _dropped(turned: todo.Turned) -> Line:
    step = lowered(trim(plain(turned.step), _STEP_WORDS))
    if not turned.instead:
        return f"{formulas.DROPPED}: {step}", turned.turns
    text = f"{formulas.DROPPED_AT_WORD}: {step}; instead:"
    return f"{text} {lowered(trim(plain(turned.instead), WORDS - len(text.split())))}", turned.turns


def _several(lead: str, steps: Sequence[str]) -> str:
    """Return steps in one line within WORDS."""
    text, count = f"{lead}:", 0
    for step in steps:
        short = capital(trim(plain(step), _STEP_WORDS).rstrip("."))
        if count and len(f"{text} {short}".split()) > WORDS - 3:
            break
        text = f"{text}{';' if count else ''} {short}"
        count += 1
    return f"{text}; and {len(steps) - count} more" if count < len(steps) else text


@record(frozen=True, slots=True)
class _Plan:
    """A plan in words. steps: its numbered steps; files: those it says it changes.

    order: its place in the session; until: the turn in which the user went on to something else.
    """

    text: str
    turn: int
    order: int
    steps: tuple[str, ...]
    files: tuple[str, ...]
    until: float


_GIVEN = re.compile(
    r"^\s*(?:please )?(?:implement|execute|follow|carry out) (?:the (?:following )?|this )?plan\b", re.IGNORECASE
)
_STEP = re.compile(r"^#{2,5}\s+(?:Step|Task|Phase|Part)\s+(\d+)\s*[:.—–-]+\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_FILES = re.compile(
    r"\bfiles?\b.{0,14}\b(?:modif\w*|chang\w*|creat\w*|edit\w*|touch\w*|updat\w*|add\w*)\b|"
    r"\b(?:modif|chang)\w+ files?\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_LISTED = re.compile(
    r"^\s{0,3}(?:#{2,6}|[-*]|\d+[.)])\s+(?:\d+[.)]\s+)?\**(?:\w+:\s*)?\**\s*"
    r"(?:`(?P<path>(?:[\w.@+-]+/)*[\w.@+-]+\.\w{1,5})(?::[\d–,-]+)?`)?"
)
"""A list's line or a heading, with the path it begins with."""
_UNCHANGED = re.compile(
    r"\b(?:unchanged|no changes?|not (?:changed|modified|touched)|reference|read|existing|reuse|optional\w*|if needed|"
    r"maybe|possibly|verify|delet\w+|remov\w+|example)\b",
    re.IGNORECASE,
)


def _drawn(session: Session, plans: Sequence[_Plan], trails: Sequence[Trail], done: Sequence[Deed]) -> Iterator[Line]:
    """Yield what plans in words show: steps without a trace, files that were named and never changed."""
    made = [one for one in done if not one.told]
    latest = {plan.until: plan for plan in plans}
    for plan in sorted(latest.values(), key=lambda one: -one.order):
        missed = [step for step in plan.steps if not is_traced(step, done, plan.order)]
        begun = [step for step in plan.steps if is_traced(step, made, plan.order)]
        if missed and 2 * len(begun) >= len(plan.steps):
            yield _several(formulas.NO_TRACE, missed), (plan.turn,)
        changed = {trail.path for trail in trails if trail.touched or trail.deleted or trail.merged or trail.declined}
        untouched = [path for path in plan.files if not _is_named(path, changed, session.events[plan.order :])]
        if untouched and 2 * len(untouched) <= len(plan.files):
            names = ", ".join(f"`{path.rsplit('/', 1)[-1]}`" for path in untouched[:3])
            yield f"{formulas.NOT_CHANGED}: {names}", (plan.turn,)
        named = len(plan.files) > 1 + len(untouched) and not is_shortened(plan.text)
        beyond = [trail for trail in trails if _is_beyond(trail, plan)] if named else []
        if beyond:
            names = ", ".join(f"`{trail.path.rsplit('/', 1)[-1]}`" for trail in beyond[:3])
            more = f" and {len(beyond) - 3} more" if len(beyond) > 3 else ""
            yield f"{formulas.BEYOND}: {names}{more}", (plan.turn, beyond[0].turns[0])


def _is_beyond(trail: Trail, plan: _Plan) -> bool:
    """Say whether a file was changed while the plan was worked on, which does not name it.

    Test files are told only where the plan names test files, too.
    """
    name = trail.path.rsplit("/", 1)[-1]
    during = [turn for turn in trail.turns if plan.turn < turn < plan.until]
    tested = not _TEST_FILE.search(trail.path) or any(_TEST_FILE.search(path) for path in plan.files)
    return trail.changed and bool(during) and min(trail.turns) > plan.turn and name not in plan.text and tested


_TEST_FILE = re.compile(r"(?:^|/)(?:tests?|spec|__tests__)/|(?:^|/)test_|[_.-](?:test|spec)s?\.\w+$", re.IGNORECASE)


def _plans(session: Session, asked: Sequence[Prompt]) -> Iterator[_Plan]:
    """Yield the plans that the work followed: approved ones, and those the user gave."""
    refused = failed_calls(session.events)
    given = {prompt.order for prompt in asked if _GIVEN.match(prompt.text)}
    for order, event in enumerate(session.events):
        if order not in given and (event.agent or event.call in refused or not _is_plan(event)):
            continue
        text = event.text
        if event.kind == "edit":
            text = "\n".join(line[2:] for line in text.splitlines() if line.startswith("+ ") or line == "+")
        until = next((one.turn for one in asked if one.order > order and one.kind not in _GOES_ON), math.inf)
        yield _Plan(text, event.turn, order, tuple(_steps(text)), tuple(_files(text)), until)


def _is_plan(event: Event) -> bool:
    """Say whether an event lays down a plan: one that was put to the user, or a plan file that was written."""
    if event.kind == "edit":
        return bool(todo.PLAN_FILE.search(event.target)) and event.text.count("\n") > _SHORT
    return event.kind == "plan" and event.target == "plan"


_SHORT = 8
"""Lines: a smaller edit of a plan file lays down no plan."""
_GOES_ON = frozenset({"consent", "continue", "publish", "choice", "answer", "correction"})


def _steps(text: str) -> list[str]:
    found = [plain(one.group(2)) for one in _STEP.finditer(text)]
    return found if len(found) >= 3 else []


def _files(text: str) -> list[str]:
    """Return the files that a plan's own lists say it changes."""
    found: dict[str, None] = {}
    level = 0
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading and (not level or len(heading.group(1)) <= level):
            level = len(heading.group(1)) if _FILES.search(heading.group(2)) else 0
        elif _LABEL.match(line):
            level = _LABELLED
        elif level == _LABELLED and line.strip() and not _LISTED.match(line):
            level = 0
        path = _LISTED.match(line) if level else None
        if path and path.group("path") and not _UNCHANGED.search(line):
            found.setdefault(path.group("path"))
    return list(found)


_LABEL = re.compile(r"^\*\*(?:Files?|Files? to \w+|Critical files?)\b[^*]{0,20}\*\*:?\s*$", re.IGNORECASE)
_LABELLED = 9
"""Deeper than any heading: what stands under a bold label ends with its list."""


def _is_named(path: str, changed: set[str], events: Sequence[Event]) -> bool:
    """Say whether a file was changed, or any call after the plan that may have changed it names it."""
    name = path.rsplit("/", 1)[-1]
    if any(
        one == path or one.endswith(f"/{path}") or path.endswith(f"/{one}") or one.rsplit("/", 1)[-1] == name
        for one in changed
    ):
        return True
    return any(
        name in event.target or name in event.text[:400]
        for event in events
        if event.kind in {"edit", "command", "tool"}
    )
