"""What a path inside the journal is: a page that the log records, a part of the log itself, or something else."""

from __future__ import annotations

LOG = "journal/log/"
CORRECTIONS = "journal/patterns.toml"
"""What a person decided about patterns: no page, but it quotes entries."""

ARCHIVE = "journal/archive/"
"""Where the events of sessions lie that the user wants committed: pages of the log, and nobody's to read as entries."""


def is_logged(path: str) -> bool:
    """Tell whether a path is one of the files that the log keeps a record of."""
    return path.startswith("journal/") and path.endswith(".md") and not path.startswith(LOG)


def is_own(path: str) -> bool:
    """Tell whether a path is a file of the journal that a person knows: a page, settings, decisions, a template."""
    return path.startswith("journal/") and not path.startswith(LOG)


def is_lane(path: str) -> bool:
    """Tell whether a path is that of the log's records, which say nothing of what anybody wrote."""
    return path.startswith(LOG) and path.endswith(".jsonl")


def is_archive(path: str) -> bool:
    """Tell whether a path is that of a session's committed events."""
    return path.startswith(ARCHIVE)


def is_note(path: str) -> bool:
    """Tell whether a path is the notes of a day."""
    return path.startswith("journal/notes/")


def is_generated(path: str) -> bool:
    """Tell whether the tool writes a page's managed block: rollups, playbooks, the digest."""
    return path.startswith(("journal/rollups/", "journal/playbooks/")) or path == "journal/learnings.md"


def link_of(path: str, above: str = "") -> str:
    """Return a markdown target for a file of the journal; above: what leads from the page to the `journal` folder."""
    target = above + path.removeprefix("journal/")
    return f"<{target}>" if any(char.isspace() or char in "()" for char in target) else target


def alike(path: str) -> str:
    """Return what two names have in common that some file systems take for one: case and Unicode form left out."""
    if path.isascii():
        return path.lower()
    import unicodedata  # noqa: PLC0415  (only names beyond ASCII pay for it)

    return unicodedata.normalize("NFC", path).casefold()
