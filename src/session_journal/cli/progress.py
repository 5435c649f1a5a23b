"""How far long work is: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from session_journal.cli.output import on_terminal

_MANY = 200
"""Fewer files than this are done before a bar would be seen."""


def show_reading(paths: Sequence[str]) -> Iterator[str]:
    """Yield paths of the journal that are read for the index, and show how far that is where a person waits."""
    if len(paths) < _MANY or not on_terminal(sys.stderr):
        yield from paths
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        yield from shown.track(paths, description="reading the journal for its index")
