"""What the template of a playbook's managed block needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from session_journal.core.entry import Entry
from session_journal.core.excerpts import cut_short
from session_journal.core.items import Item
from session_journal.core.patterns import Pattern, squash
from session_journal.core.playbooks.lifecycle import Standing, stand
from session_journal.core.playbooks.marks import Mark
from session_journal.core.playbooks.members import support
from session_journal.core.playbooks.operations import Items, read_items, update
from session_journal.core.playbooks.page import Playbook, relative_link
from session_journal.core.playbooks.wording import (
    MOST_STEPS,
    MOST_WARNINGS,
    applies,
    applies_not,
    evidence,
    link_text,
    newest_first,
    said,
    steps,
    warnings,
)

_MOST_EVIDENCE = 12
_MOST_HISTORY = 8
_MORE_STEPS = 2
_LONGEST = 160
_RETIRED = ": no longer said: "
_TITLED = ": titled: "


def values_of(
    pattern: Pattern,
    standing: Standing | None = None,
    page: Playbook | None = None,
    title: str = "",
    stated: Callable[[], Collection[str]] = frozenset,
) -> dict[str, object]:
    """Return what the page says; of a page that is there already, what it says lives on item by item.

    title: what it is called now, where that may have changed. stated: returns what any entry states, in small letters
    and in the forms of a page: of that none is no longer said, whatever became of its pattern.
    """
    standing = standing or stand(pattern, page)
    whole, pattern = pattern, support(pattern)
    before = read_items(page.block) if page else Items()
    marks = page.marks if page else ()
    told = list({(one.path, one.text): one for one in newest_first(pattern)}.values())
    do = update(before.steps, steps(pattern), said(pattern), MOST_STEPS + _MORE_STEPS)
    avoid = update(before.warnings, warnings(pattern), said(pattern), MOST_WARNINGS)
    retired = [text for one in (do, avoid) for text in one.retired]
    own = frozenset(map(squash, said(pattern)))
    if retired or any(_RETIRED in line for line in before.history):
        own = own.union(stated())
    retired = [text for text in retired if squash(text) not in own]
    return {
        "status": standing.status,
        "earned": standing.earned,
        "drafts_only": not any(member.reviewed for member in pattern.members),
        "reviewed": len({member.session for member in pattern.members if member.reviewed}),
        "sessions": pattern.sessions,
        "days": pattern.days,
        "first_seen": pattern.first,
        "last_seen": pattern.last,
        "helpful": standing.helpful,
        "harmful": standing.harmful,
        "supersedes": list(page.supersedes) if page else [],
        "superseded_by": page.superseded_by if page else "",
        "applies": applies(pattern),
        "applies_not": applies_not(whole, [mark.why for mark in marks if mark.verdict == "harmful" and mark.why]),
        "steps": list(do.items),
        "warnings": list(avoid.items),
        "evidence": [evidence(member) for member in told[:_MOST_EVIDENCE]],
        "more": max(0, len(told) - _MOST_EVIDENCE),
        "against": [_objection(*one) for one in standing.against],
        "history": _history(_current(before, own, page, title, standing), standing, retired, marks),
    }


def values_without(page: Playbook, as_of: date) -> dict[str, object]:
    """Return what a page says that has no evidence left: what it taught, and that its entries are gone."""
    before = read_items(page.block)
    verdicts = [mark.verdict for mark in page.marks]
    helpful, harmful = verdicts.count("helpful"), verdicts.count("harmful")
    standing = Standing(page.status if page.is_by_hand else "candidate", "candidate", as_of=as_of)
    return {
        "status": standing.status, "earned": standing.earned, "sessions": 0, "days": 0, "reviewed": 0,
        "first_seen": None, "last_seen": None, "helpful": helpful, "harmful": harmful,
        "drafts_only": False, "supersedes": list(page.supersedes), "superseded_by": page.superseded_by,
        "applies": "", "applies_not": [], "evidence": [], "more": 0, "against": [],
        "steps": list(before.steps), "warnings": list(before.warnings),
        "history": _history(before.history, standing, [], page.marks),
    }  # fmt: skip


def _objection(entry: Entry, item: Item) -> dict[str, object]:
    return {
        "date": entry.date, "title": link_text(entry.title), "link": relative_link(entry.path),
        "quote": cut_short(item.text, _LONGEST),
    }  # fmt: skip


def _current(
    before: Items, known: Collection[str], page: Playbook | None, title: str, standing: Standing
) -> Sequence[str]:
    """Return the history without what no longer is so: an item that is said again, a title that was given back."""
    lines = [line for line in before.history if squash(line.partition(_RETIRED)[2]) not in known]
    if page is None or title in {"", page.title}:
        return lines
    left = [line for line in lines if not line.endswith(f"{_TITLED}{page.title} (was: {title})")]
    return left if len(left) < len(lines) else [*lines, f"{standing.as_of}{_TITLED}{title} (was: {page.title})"]


def _history(before: Sequence[str], standing: Standing, retired: Sequence[str], marks: Iterable[Mark]) -> list[str]:
    """Return what became of the page: kept from run to run, a line for each change of status and retired item."""
    lines = [line for line in before if ": marked " not in line]
    told = _last_status(lines)
    if standing.status != told:
        hand = ", by hand" if standing.by_hand else ""
        lines.append(f"{standing.as_of}: {standing.status}{hand}" + (f" (was {told})" if told else ""))
    lines += [f"{standing.as_of}{_RETIRED}{text}" for text in retired]
    lines += [f"{mark.day}: marked {str(mark).partition(' ')[2]}" for mark in marks]
    kept = sorted(lines, key=lambda line: line[:10])
    return [*kept[:1], *kept[1:][-_MOST_HISTORY:]]


def _last_status(lines: Sequence[str]) -> str:
    words = [line[12:].partition(" ")[0].rstrip(",") for line in lines if line[10:12] == ": "]
    return next((word for word in reversed(words) if word in {"candidate", "established", "proven", "retired"}), "")
