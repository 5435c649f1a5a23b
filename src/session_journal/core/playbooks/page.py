"""A playbook's page as it stands in the journal, and which pattern it belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from session_journal.core.folders import link_of
from session_journal.core.patterns import Pattern, key_of
from session_journal.core.playbooks.marks import Mark, read_marks
from session_journal.core.records import record
from session_journal.core.slug import slugify

_OWN = ("candidate", "established")
"""What the tool made of a page before it wrote down what the evidence earns."""
BY_HAND = "by hand"
_QUOTED = re.compile(r"\u201c(.+)\u201d")


@record(frozen=True, slots=True)
class Playbook:
    """A page as it stands in the journal; keys: hashes of the statements it rests on.

    earned: what the tool last found its evidence to make it; block: the inside of its managed block; titled: the title
    that the tool gave it later than its name; made: BY_HAND where a person asked for it before the evidence did.
    """

    path: str
    title: str
    status: str
    key: str
    keys: frozenset[str]
    earned: str = ""
    marks: tuple[Mark, ...] = ()
    supersedes: tuple[str, ...] = ()
    superseded_by: str = ""
    block: str = ""
    titled: str = ""
    made: str = ""

    @property
    def name(self) -> str:
        """Return the file's name without its folder and `.md`."""
        return self.path.rpartition("/")[2].removesuffix(".md")

    @property
    def is_by_hand(self) -> bool:
        """Tell whether a person set the status: the tool would have written the one that the evidence earns."""
        return self.status != (self.earned or (self.status if self.status in _OWN else "candidate"))

    @property
    def quotes(self) -> tuple[str, ...]:
        """Return what its evidence says, as the block quotes it."""
        return _quotes(self.block)

    def is_named_after(self, title: str) -> bool:
        """Tell whether its file has the name that a page of this title gets."""
        slug = slugify(title)
        return self.name == slug or (self.name.startswith(f"{slug}-") and self.name[len(slug) + 1 :].isdigit())


def read_playbook(path: str, values: Mapping[str, object], block: str | None) -> Playbook:
    """Read what identifies a playbook; its title, name and status may have been changed by a person."""
    key = str(values.get("pattern") or "")
    quoted = {key_of(text) for text in _quotes(block or "")}
    status = str(values.get("status") or "candidate")
    return Playbook(
        path, str(values.get("title") or ""), status, key, frozenset({key, *quoted} - {""}),
        str(values.get("earned") or ""), read_marks(values.get("marks")), _names(values.get("supersedes")),
        str(values.get("superseded_by") or ""), block or "", str(values.get("titled") or ""),
        str(values.get("made") or ""),
    )  # fmt: skip


def _quotes(block: str) -> tuple[str, ...]:
    return tuple(_unescaped(match[1]) for match in _QUOTED.finditer(block))


def _names(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, (list, tuple)) else [value] if value else []
    return tuple(str(one).strip() for one in listed if one)


def match(patterns: Sequence[Pattern], playbooks: Sequence[Playbook]) -> dict[int, Playbook]:
    """Return which playbook belongs to which pattern (by place): the most members in common first, then the same key.

    The key is one member's words; where that one is split off, or moves to another group, the page stays with the rest.
    What a person split off has no claim to a page of what it was split off from.
    """
    bids: list[tuple[int, bool, int, int]] = []
    if not playbooks:
        return {}
    for place, pattern in enumerate(patterns):
        keys = {key_of(member.text) for member in pattern.members}
        for number, playbook in enumerate(playbooks):
            common = len(keys & playbook.keys)
            if common and pattern.apart.isdisjoint(playbook.keys):
                bids.append((common, playbook.key == pattern.key, -place, -number))
    taken: dict[int, Playbook] = {}
    given: set[int] = set()
    for _, _, place, number in sorted(bids, reverse=True):
        if -place not in taken and -number not in given:
            taken[-place] = playbooks[-number]
            given.add(-number)
    return taken


def doubles(
    patterns: Sequence[Pattern], playbooks: Sequence[Playbook], taken: Mapping[int, Playbook]
) -> tuple[tuple[Playbook, Playbook], ...]:
    """Return each page whose evidence another page's pattern has by now, with that page: they say the same."""
    owner = {key_of(member.text): taken[place] for place in taken for member in patterns[place].members}
    used = {playbook.path for playbook in taken.values()}
    lost = [one for one in playbooks if one.path not in used and one.status != "retired"]
    found = ((one, owner[one.key]) for one in lost if one.key in owner)
    return tuple(found)


def relative_link(path: str) -> str:
    """Return a markdown target for a file of the journal as seen from a neighbouring folder."""
    return link_of(path, "../")


def _unescaped(text: str) -> str:
    return text.replace("&lt;!--", "<!--")
