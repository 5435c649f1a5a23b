"""A playbook's page as it stands in the journal, and which pattern it belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from session_journal.core.patterns import Pattern, key_of

_QUOTED = re.compile(r"\u201c(.+)\u201d")


@dataclass(frozen=True, slots=True)
class Playbook:
    """A page as it stands in the journal; keys: hashes of the statements it rests on."""

    path: str
    title: str
    status: str
    key: str
    keys: frozenset[str]


def read_playbook(path: str, values: Mapping[str, object], block: str | None) -> Playbook:
    """Read what identifies a playbook; its title, name and status may have been changed by a person."""
    key = str(values.get("pattern") or "")
    quoted = {key_of(_unescaped(match[1])) for match in _QUOTED.finditer(block or "")}
    status = str(values.get("status") or "candidate")
    return Playbook(path, str(values.get("title") or ""), status, key, frozenset({key, *quoted} - {""}))


def match(patterns: Sequence[Pattern], playbooks: Sequence[Playbook]) -> dict[int, Playbook]:
    """Return which playbook belongs to which pattern (by place): same key first, then the most members in common."""
    bids = []
    for place, pattern in enumerate(patterns):
        keys = {key_of(member.text) for member in pattern.members}
        for number, playbook in enumerate(playbooks):
            common = len(keys & playbook.keys)
            if common:
                bids.append((playbook.key == pattern.key, common, -place, -number))
    taken: dict[int, Playbook] = {}
    given: set[int] = set()
    for _, _, place, number in sorted(bids, reverse=True):
        if -place not in taken and -number not in given:
            taken[-place] = playbooks[-number]
            given.add(-number)
    return taken


def relative_link(path: str) -> str:
    """Return a markdown target for a file of the journal as seen from a neighbouring folder."""
    target = "../" + path.removeprefix("journal/")
    return f"<{target}>" if re.search(r"[\s()]", target) else target


def _unescaped(text: str) -> str:
    return text.replace("&lt;!--", "<!--")
