"""Span: what a rollup is made of, and the lines it is made into."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import date

from session_journal.core.entry import Entry
from session_journal.core.excerpts import in_sentences
from session_journal.core.items import Item
from session_journal.core.mentions import of_entries
from session_journal.core.open_ends import End, gather
from session_journal.core.patterns import Pattern
from session_journal.core.periods import days
from session_journal.core.playbooks import relative_link
from session_journal.core.practice import practise
from session_journal.core.records import record
from session_journal.rollups import prose

LONGEST = 200
_LONGEST_SIDE, _ARROW = 160, " \u2192 "
GAP_STATES = {"x": "resolved", "/": "practising"}


@record(frozen=True, slots=True)
class Line:
    """One bullet of the rollup with the entry it comes from.

    mark, id: of a task, "" for any other bullet. pieces: of a day of much work, what else it was about; of: how many
    pieces of work it had, 0 for any other bullet; titled: its text is one of them.
    """

    text: str
    date: date
    link: str
    title: str
    draft: bool = False
    state: str = ""
    gist: str = ""
    pieces: tuple[str, ...] = ()
    mark: str = ""
    id: str = ""
    of: int = 0
    titled: bool = False

    @property
    def unnamed(self) -> int:
        """Return how many pieces of work neither its text nor its pieces name."""
        return max(0, self.of - self.titled - len(self.pieces))


@record(frozen=True, slots=True)
class Note:
    """One line of a day's notes."""

    date: date
    text: str


@record(frozen=True, slots=True)
class Advice:
    """What a playbook asks for, beside its page: to promote it, to retire it."""

    title: str
    link: str
    verb: str
    why: str


@record(frozen=True, slots=True)
class Span:
    """A period and what belongs to it. everything: the journal's entries of all times, oldest first.

    patterns: found in the whole journal. pages: pattern key → (path, title, status) of its playbook; advice: which
    playbooks have earned promotion and which should go. ends: the journal's gaps, actions and questions, None where
    its entries alone tell; told: ids of those that the page names already; closed: of those from before the period
    that were ticked in it.
    """

    name: str
    entries: Sequence[Entry]
    notes: Sequence[Note] = ()
    patterns: Sequence[Pattern] = ()
    pages: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    everything: Sequence[Entry] = ()
    advice: Sequence[Advice] = ()
    teach: bool = False
    ends: Sequence[End] | None = None
    told: Collection[str] = ()
    closed: Collection[str] = ()

    @property
    def first(self) -> date:
        """Return the period's first day."""
        return days(self.name)[0]

    @property
    def last(self) -> date:
        """Return the period's last day."""
        return days(self.name)[1]

    @property
    def until(self) -> Sequence[Entry]:
        """Return all entries up to the period's end."""
        last = self.last
        return [entry for entry in self.everything or self.entries if entry.date <= last]

    def open_ends(self) -> Sequence[End]:
        """Return the gaps, actions and questions, closed ones too."""
        entries = self.everything or self.entries
        return self.ends if self.ends is not None else practise(gather(of_entries(entries)), entries)


def item_line(entry: Entry, item: Item, state: str = "") -> Line:
    """Return an item as a bullet."""
    return Line(
        clip(prose.worded(prose.unstyled(untagged(item.text)))), entry.date, relative_link(entry.path), entry.title,
        entry.status == "draft", state or (GAP_STATES.get(item.mark, "") if item.kind == "gap" else ""),
    )  # fmt: skip


def untagged(text: str) -> str:
    """Return a text without the tag that the section's heading says."""
    words = [word for word in text.split(" ") if word.casefold() != "#surprise"]
    return " ".join(words).strip() or text


def clip(text: str) -> str:
    """Return a text in one line that is not too long for a page; how a problem was met counts for itself."""
    text = " ".join(text.split())
    problem, arrow, met = text.partition(_ARROW)
    if arrow and len(text) > LONGEST:
        return f"{in_sentences(problem, _LONGEST_SIDE)}{arrow}{in_sentences(met, _LONGEST_SIDE)}"
    return in_sentences(text, LONGEST)
