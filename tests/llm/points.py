"""Entries of a year in which the same words come up again and again, so that much is left open."""

from __future__ import annotations

from collections.abc import Iterator

SUBJECTS = (
    "parser", "scheduler", "renderer", "exporter", "importer", "compiler", "resolver", "tokenizer", "linker", "planner",
    "router", "broker",
)  # fmt: skip
SAID = (
    "The {} needs a deadline for slow disks",
    "Without a deadline the {} waits for slow disks",
    "Rotate the certificates of the {} at night",
    "The certificates of the {} expire at night",
    "Give the {} a smaller buffer",
)


def entries() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each."""
    for month, subject in enumerate(SUBJECTS, 1):
        bullets = "".join(f"- {form.format(subject)}\n" for form in SAID)
        day = f"2026-{month:02}-09"
        head = f'id: "{month:032x}"\ndate: {day}\ntype: session\nproject: shop\nstatus: final\n'
        yield f"journal/sessions/2026/{day}-s.md", f"---\n{head}---\n\n## Key takeaways\n\n{bullets}"
