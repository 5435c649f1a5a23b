"""The projects of a journal, for who names one that it does not have."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from session_journal.app.handoff import projects
from session_journal.errors import NotFoundError

if TYPE_CHECKING:
    from session_journal.store.journal import Journal

_SHOWN = 8


def check_project(journal: Journal, name: str) -> None:
    """Raise NotFoundError, with the projects there are, where a project has no entry."""
    known = projects(journal)
    if name.casefold() not in {one.casefold() for one in known}:
        raise no_such_project(known, name)


def no_such_project(names: Iterable[str], asked: str) -> NotFoundError:
    """Return the error that names the projects there are, those first whose names are like the one asked for."""
    known = {name.casefold(): name for name in names if name}
    near = get_close_matches(asked.casefold(), known, n=_SHOWN)
    told = [known[one] for one in dict.fromkeys([*near, *sorted(known)])][:_SHOWN]
    more = f", and {len(known) - len(told)} more" if len(known) > len(told) else ""
    hint = f"journal list   (there are: {', '.join(told)}{more})" if told else "journal list"
    return NotFoundError(f"no entry belongs to the project {asked}", hint)
