"""Lines that are added to an entry's sections, every other byte as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from session_journal.core.sections import ORDER, Section, split


def add_lines(body: str, added: Mapping[str, Sequence[str]]) -> str:
    """Return the body with lines at the end of the sections of these titles; a missing section is put in its place."""
    newline = "\r\n" if "\r\n" in body else "\n"
    lines = body.split("\n")
    for title in sorted(added, key=_rank, reverse=True):  # from the end on, so that line numbers before it hold
        if added[title]:
            _add(lines, body, title, [line + newline[:-1] for line in added[title]])
    return "\n".join(lines)


def _add(lines: list[str], body: str, title: str, new: list[str]) -> None:
    sections = split(body)
    end = "\r" if "\r\n" in body else ""
    found = next((one for one in reversed(sections) if one.title == title and one.known), None)
    if found:
        at = _end_of(found)
        # A paragraph would run into the bullet that follows it.
        gap = [] if not found.lines or at == found.first or _is_bullet(lines[at - 1]) else [end]
        lines[at:at] = [*gap, *new]
        return
    before = next((one for one in sections if one.known and _rank(one.title) > _rank(title)), None)
    level = next((one.level for one in sections if one.known and one.level in {2, 3}), 2)
    heading = [f"{'#' * level} {title}{end}", end, *new]
    if before:
        lines[before.start : before.start] = [*heading, end]
        return
    at = len(lines)
    while at and not lines[at - 1].strip():
        at -= 1
    lines[at:at] = [end, *heading] if at else heading
    if at + len(heading) + bool(at) >= len(lines):
        lines.append("")


def _end_of(section: Section) -> int:
    """Return the line after the last one of a section that holds anything."""
    at = section.end
    while at > section.first and not section.lines[at - 1 - section.first].strip():
        at -= 1
    return at


def _is_bullet(line: str) -> bool:
    return line.startswith(("- ", "* ", "+ ", "  ")) or not line.strip()


def _rank(title: str) -> int:
    return ORDER.index(title) if title in ORDER else len(ORDER)
