"""Taken back: which decisions of entries hold no more, by what later entries say, as the index has both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from session_journal.core.accounts import entry_of
from session_journal.core.pages import Page, Passage
from session_journal.core.undoing import Undoings

Placed = tuple[Page, Passage]


def taken_back(
    decided: Iterable[Placed], said: Iterable[Placed], told: Iterable[tuple[Page, Sequence[Passage]]]
) -> frozenset[tuple[str, str]]:
    """Return path and words of each decision that a later entry of its project takes back.

    said: items (`undoing.KINDS`) of the entries that may do so, entry by entry; told: all that some of them say.
    """
    whole = list(told)
    pages = {page.path: page for page, _ in whole}
    items: dict[str, list[Passage]] = {path: [] for path in pages}  # who says so in no item says it all the same
    for page, passage in said:
        items.setdefault(page.path, []).append(passage)
        pages[page.path] = page
    texts = {page.path: _text(passages) for page, passages in whole}
    entries = {path: entry_of(pages[path], found, texts.get(path, "")) for path, found in items.items()}
    undoings = Undoings(entries.values())
    gone = set()
    for page, passage in decided:
        entry = entries.get(page.path) or entry_of(page, [passage], "")
        own = next((one for one in entry.items if (one.kind, one.text) == (passage.kind, passage.text)), None)
        if own and (own.mark == "x" or own.text.startswith("~~") or undoings.of(entry, own)):
            gone.add((page.path, passage.text))
    return frozenset(gone)


def _text(passages: Sequence[Passage]) -> str:
    """Return what a person's entry says, a line for each passage; a draft's words are no person's."""
    if any(one.turns for one in passages):
        return ""
    return "\n".join(" ".join(one.text.split()) for one in passages)
