"""What is left of a playbook whose evidence nobody states together any more: entries were deleted, or renamed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from session_journal.core.patterns import Pattern, Statement, key_of
from session_journal.core.playbooks.page import Playbook

_SOURCE = re.compile(r"^- \d{4}-\d{2}-\d{2} \[.*\]\((?:<\.\./([^>]*)>|\.\./([^)\s]*))\)[^\n]*: \u201c", re.MULTILINE)


def lost_sources(page: Playbook, paths: Collection[str]) -> list[str]:
    """Return the files that a page's evidence links to and that are no entries any more. paths: those of entries."""
    named = (f"journal/{bracketed or plain}" for bracketed, plain in _SOURCE.findall(page.block))
    return [path for path in dict.fromkeys(named) if path not in paths]


def remains(page: Playbook, statements: Iterable[Statement], off: Collection[str] = ()) -> Pattern | None:
    """Return what entries still state of a page's evidence, be it one session's; None where that is nothing.

    off: keys of what is no part of it any more.
    """
    members = tuple(one for one in statements if (key := key_of(one.text)) in page.keys and key not in off)
    if not members:
        return None
    best = next((one for one in members if key_of(one.text) == page.key), members[-1])
    return Pattern(best.text, best.kind, members, len({one.session for one in members}), best)
