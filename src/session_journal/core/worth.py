"""What of the journal is worth handing to the next session of a project, before the budget is known."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import field, replace
from datetime import date
from functools import partial

from session_journal.core import accounts, context
from session_journal.core.context import Candidates, Fact
from session_journal.core.filler import is_filler
from session_journal.core.handoff import TITLES, Handoff, Told, pressing
from session_journal.core.intention import is_done
from session_journal.core.items import ItemKind
from session_journal.core.open_ends import End
from session_journal.core.pages import Page, Passage, Scored
from session_journal.core.pointing import dangles, is_lost, looseness
from session_journal.core.records import record
from session_journal.core.text import shorten

OPEN_KINDS: tuple[ItemKind, ...] = ("action", "gap", "question")
LEFT_KINDS: tuple[ItemKind, ...] = ("next", "action", "challenge", "deviation")
LEFT = ("next", "tried", "deviations", "files")
"""The parts of a hand-off that say where work goes on; what is open has a part of its own."""
PAST_WEIGHTS: dict[ItemKind, float] = {
    "pattern": 0.4, "takeaway": 0.4, "decision": 0.35, "insight": 0.3, "challenge": 0.3, "improve": 0.25,
    "discovery": 0.2, "deviation": 0.15, "next": 0.1,
}  # fmt: skip
STALE_KINDS = frozenset({"next", "deviation"})
"""What mattered to the session after it: later only to who asks."""
REVIEWED = 0.3
TOPIC = 0.5
"""What an answer to the last sessions' topic counts beside one to a task."""
SAME_PROJECT = 0.3
HALF_LIFE = 30
"""Days after which what nobody asked for is worth half as much."""
STALE_OPEN, STALE_LOOSE = 180, 30
"""Days after which an open task, and a plan that cannot be ticked, no longer matter unasked."""
MOST = {"last": 8, "open": 12, "playbook": 4, "past": 24, "unasked": 10, "of one entry": 4, "entries": 3, "reasons": 2}
WHY_KINDS: tuple[ItemKind, ...] = ("discovery", "insight", "takeaway", "pattern", "challenge")
WHY = 0.9
"""What a cause told in an entry counts beside the best answer in it."""
WELL, AT_ALL = 0.6, 0.35
"""Shares of the best answer's score from which one of another project, and one of this one, counts as relevant."""
MOSTLY = 0.6
"""The share of a statement's words from which it counts as taken from another."""
STANDING = {"proven": 3, "established": 2, "candidate": 1}

_WORDS = re.compile(r"\w+")
_RUN = re.compile(r"(?:Checked|Tested) with (?:`[^`]+`(?:, | and )?)+")
"""What was run is told in the drafting's words: no tool printed it."""
_WHY = re.compile(
    r"\b(?:root cause|because|caused by|due to|turn(?:s|ed) out|the reason|(?:this|that|which) (?:is|was) why|relied on"
    r"|side effect|regression|(?:the|this|a) bug (?:where|in|that)|silently|no longer|the old behaviou?r)\b|^since\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never|avoid|don.?t)\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:when|applies|situation|trigger)\b", re.IGNORECASE)
_DO = re.compile(r"\b(?:do|steps|how|instead|practice)\b", re.IGNORECASE)

Placed = tuple[Page, Passage]


@record(frozen=True, slots=True)
class Material:
    """What the index has for a project and a task; all of it newest or best first.

    sessions, last: this project's sessions, and what the newest says. handoff: where they ended; left: what its
    sessions say. items: tasks, gaps, questions and thoughts of the project; ends: what they come to. past: what its
    latest sessions taught. related: items of any project that answer the task (or the last sessions' topic); near:
    entries that do; told: what the best of them say. playbooks: each with what it says and how well it answers.
    printed: what rests on tool output alone, anywhere. undone: path and words of decisions that hold no more, and of
    challenges that are over.
    """

    sessions: Sequence[Page] = ()
    last: Sequence[Passage] = ()
    left: Sequence[Placed] = ()
    items: Sequence[Placed] = ()
    past: Sequence[Placed] = ()
    related: Sequence[Scored] = ()
    near: Sequence[Scored] = ()
    playbooks: Sequence[tuple[Page, Sequence[Passage], float]] = ()
    printed: Sequence[str] = ()
    handoff: Handoff = field(default_factory=partial(Handoff, ""))
    ends: Sequence[End] = ()
    undone: Collection[tuple[str, str]] = ()
    told: Sequence[Placed] = ()


def candidates(material: Material, task: str, today: date) -> Candidates:
    """Return the facts that matter for the task, or without one for the project as it stood when it was last worked on.

    Age counts from there: who comes back to a project after months needs its hand-off most.
    """
    today = min((today, *(_day(page) for page in material.sessions[:1])))
    last = _last(material)
    shown = {one.text for one in last}
    related = _relevant(material.related, {page.path for page in material.sessions}, task)
    opened = [one for one in _open(material, related, today) if one.text not in shown]
    past = [one for one in (*_near(material, task), *_past(material, related, task, today)) if one.text not in shown]
    return Candidates(tuple(last), tuple(opened[: MOST["open"]]), tuple(_playbooks(material, task)), tuple(past))


def enough(task: str) -> int:
    """Return how many of a task's words an answer must have: one shared word is chance, unless it is all there is."""
    return 1 if len(set(_WORDS.findall(task.casefold()))) < 2 else 2


def _last(material: Material) -> list[Fact]:
    """Return where the last session ended, and what the hand-off says of where work goes on."""
    if not material.sessions:
        return []
    page = material.sessions[0]
    head = context.fact("last", page, "session", _headline(page))
    told = [one for part in LEFT for one in (material.handoff.parts or {}).get(part, ())]
    left = [found for one in told if (found := _left(one, material))]
    return [head, *_story(page, material.last), *left][: MOST["last"]]


def _left(told: Told, material: Material) -> Fact | None:
    """Return a statement of the hand-off as a fact, if what it rests on may be handed over."""
    if told.kind == "change":
        page = next(page for page in material.sessions if page.path == told.path)
        return context.fact("last", page, TITLES["files"].lower(), context.safe_text(told.text))
    found = next((one for one in material.left if one[0].path == told.path and one[1].text == told.said), None)
    return context.state("last", *found) if found else None


def _headline(page: Page) -> str:
    outcome = f"outcome: {page.outcome}" if page.outcome not in {"", "unknown"} else "outcome not recorded"
    return context.safe_text(f"{page.title} ({outcome})")


def _story(page: Page, passages: Iterable[Passage]) -> list[Fact]:
    told = accounts.pieces(list(passages))[-1:]  # a day of many pieces ended with its last one
    return [found for part in told for one in part[:1] if (found := context.state("last", page, one))]


def _relevant(related: Sequence[Scored], own: Collection[str], task: str) -> list[Scored]:
    if not related:
        return []
    best, least = related[0].score, enough(task)
    return [
        one
        for one in related
        if one.matched >= (least if one.page.path in own else max(least, 2))
        and one.score >= best * (AT_ALL if one.page.path in own else WELL)
    ]


def _open(material: Material, related: Sequence[Scored], today: date) -> list[Fact]:
    """Return what is not done: what the task asks for first, then what the latest sessions came upon."""
    asked = {(one.page.path, one.passage.text) for one in related}
    where = {(page.path, passage.text): (page, passage) for page, passage in material.items}
    pages = {page.path: page for page, _ in material.items}
    wanted = []
    for end in pressing((end for end in material.ends if end.is_open), {one.path for one in material.handoff.sessions}):
        aside = (pages[end.newest.path], Passage(end.text, end.kind)) if end.newest.aside else None
        placed = aside or where.get((end.newest.path, end.newest.text))
        is_asked = any((one.path, one.text) in asked for one in end.mentions)
        limit = STALE_OPEN if end.newest.mark else STALE_LOOSE
        is_near = bool(material.sessions) and placed is not None and _age(placed[0], today) <= limit
        if placed and (is_asked or is_near) and not (end.is_draft and dangles(end.text)):
            wanted.append((not is_asked, _opened(end, *placed)))
    wanted.sort(key=lambda one: one[0])
    return [found for _, found in wanted if found]


def _opened(end: End, page: Page, passage: Passage) -> Fact | None:
    """Return what is open with how long it has been so: by its first day, which stays the same."""
    since = f"open since {end.since.isoformat()}" if end.since.isoformat() < page.date else ""
    how = ", ".join(filter(None, ("" if end.state == "open" else end.state, since)))
    return context.state("open", page, replace(passage, text=f"{passage.text} ({how})" if how else passage.text))


def _near(material: Material, task: str) -> list[Fact]:
    """Return which other sessions worked on the task: where to look for more."""
    own = [page.path for page in material.sessions]
    near = _relevant(material.near, own, task) if task else []
    pages = [one.page for one in near if one.page.path not in own[:1]][: MOST["entries"]]
    return [context.fact("past", page, "session", _headline(page)) for page in pages]


def _past(material: Material, related: Sequence[Scored], task: str, today: date) -> list[Fact]:
    own = {page.path for page in material.sessions}
    worth: dict[tuple[str, str], float] = {}
    where: dict[tuple[str, str], Placed] = {}

    def add(page: Page, passage: Passage, value: float) -> None:
        key = (page.path, passage.text)
        worth[key] = worth[key] + value if key in worth else value + _standing((page, passage), own)
        where[key] = (page, passage)

    for one in related:
        is_told = one.passage.kind in PAST_WEIGHTS and not is_done(one.passage)
        if is_told and (task or one.passage.kind not in STALE_KINDS):
            add(one.page, one.passage, one.score / related[0].score * (1.0 if task else TOPIC))
    for page, passage, value in _reasons(material, related) if task else ():
        add(page, passage, value)
    for page, passage in () if task else material.past:
        if passage.kind in PAST_WEIGHTS and passage.kind not in STALE_KINDS:
            add(page, passage, 0.5 ** (_age(page, today) / HALF_LIFE))
    holding = [key for key in where if key not in material.undone and not _is_lost(*where[key])]
    said_less = {key: max(looseness(key[1]), int(is_filler(key[1]))) for key in holding}
    ranked = sorted(holding, key=lambda key: (-said_less[key], round(worth[key], 4), where[key][0].order), reverse=True)
    return _varied((where[key] for key in ranked), MOST["past" if task else "unasked"])


def _is_lost(page: Page, passage: Passage) -> bool:
    return is_lost(passage.text, drafted=page.status == "draft")


def _reasons(material: Material, related: Sequence[Scored]) -> list[tuple[Page, Passage, float]]:
    """Return what tells why in the entries that answer a task best, with what it is worth.

    A cause is what who meets the trouble again needs most, and it seldom has a word in common with it.
    """
    asked = {(one.page.path, one.passage.text) for one in related}
    best: dict[str, float] = {}
    words: dict[str, set[str]] = {}
    for one in related:
        best.setdefault(one.page.path, one.score / related[0].score)
        words.setdefault(one.page.path, set()).update(_WORDS.findall(one.passage.text.casefold()))
    found: dict[str, list[tuple[int, Page, Passage]]] = {}
    for page, passage in material.told:
        is_new = page.path in best and (page.path, passage.text) not in asked and not _is_lost(page, passage)
        if is_new and passage.kind in WHY_KINDS and _WHY.search(passage.text) and context.state("past", page, passage):
            shared = len(words[page.path].intersection(_WORDS.findall(passage.text.casefold())))
            found.setdefault(page.path, []).append((shared, page, passage))
    return [
        (page, passage, WHY * best[path])
        for path, rows in found.items()
        for _, page, passage in sorted(rows, key=lambda row: -row[0])[: MOST["reasons"]]
    ]


def _varied(placed: Iterable[Placed], most: int) -> list[Fact]:
    """Return facts in order, few of one entry: the next session should see more than the last one."""
    facts: list[Fact] = []
    of_entry: dict[str, int] = {}
    for page, passage in placed:
        found = context.state("past", page, passage)
        if found and len(facts) < most and of_entry.get(page.path, 0) < MOST["of one entry"]:
            of_entry[page.path] = of_entry.get(page.path, 0) + 1
            facts.append(found)
    return facts


def _standing(placed: Placed, own: Collection[str]) -> float:
    page, passage = placed
    kind = next((weight for name, weight in PAST_WEIGHTS.items() if name == passage.kind), 0.0)
    return kind + (REVIEWED if page.status == "final" else 0.0) + (SAME_PROJECT if page.path in own else 0.0)


def _playbooks(material: Material, task: str) -> list[Fact]:
    printed = [frozenset(_WORDS.findall(text.casefold())) for text in material.printed if not _RUN.fullmatch(text)]
    names = {page.path.rsplit("/", 1)[-1].removesuffix(".md") for page in material.sessions}
    found = []
    for page, passages, score in material.playbooks:
        told = any(name in passage.text for passage in passages for name in names)
        of_project = told or bool(material.sessions and page.project and page.project == material.sessions[0].project)
        if page.status != "retired" and (score > 0 or (of_project and not task)):
            found.append(((score, STANDING.get(page.status, 0), page.order), _playbook(page, passages, printed)))
    found.sort(key=lambda one: one[0], reverse=True)
    return [one for _, one in found[: MOST["playbook"]]]


def _playbook(page: Page, passages: Iterable[Passage], printed: Sequence[frozenset[str]]) -> Fact:
    """Return a playbook as one fact; what tools printed is no advice before a person has reviewed it."""
    doubtful = printed if page.status == "candidate" else ()
    parts: dict[str, list[str]] = {"when": [], "do": [], "not": []}
    for passage in passages:
        heading = passage.section
        key = (
            "not" if _NOT.search(heading) else "when" if _WHEN.search(heading) else "do" if _DO.search(heading) else ""
        )
        is_told = _key(passage.text) == _key(page.title)
        if key and not is_told and passage.kind != "evidence" and not _is_printed(passage.text, doubtful):
            parts[key].append(shorten(context.safe_text(passage.text).replace("**", "").rstrip("."), 160))
    told = "; ".join(f"{key}: {' / '.join(texts[:3])}" for key, texts in parts.items() if texts)
    source = "seen in tool output: " if _is_printed(page.title, doubtful) else ""
    title = source + context.safe_text(page.title)
    text = f"{title} — {told}" if told else title
    standing = f"playbook ({context.safe_text(page.status)})" if page.status else "playbook"
    return context.fact("playbook", page, standing, text, context.LONGEST_PLAYBOOK)


def _is_printed(text: str, printed: Sequence[frozenset[str]]) -> bool:
    words = set(_WORDS.findall(text.casefold()))
    return any(len(words & one) >= MOSTLY * len(words) for one in printed)


def _key(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))


def _age(page: Page, today: date) -> int:
    return max(0, (today - _day(page)).days)


def _day(page: Page) -> date:
    try:
        return date.fromisoformat(page.date)
    except ValueError:
        return date.min
