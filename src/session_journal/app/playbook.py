"""Playbooks on disk: read, and found by name."""

from __future__ import annotations

from collections.abc import Callable

from session_journal.app.listing import advise, describe
from session_journal.core import blocks, playbooks
from session_journal.core.document import fields, parse, refuse_conflict
from session_journal.core.playbooks import Bar, Playbook
from session_journal.core.reading import headline
from session_journal.core.records import record
from session_journal.errors import DocumentError, JournalError, NotFoundError
from session_journal.store.entries import Problem, problem_of
from session_journal.store.files import markdown_files, read_bytes
from session_journal.store.settings import Settings


@record(frozen=True, slots=True)
class Shelf:
    """The playbooks of a journal, and what is wrong with files that cannot be read."""

    playbooks: tuple[Playbook, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_bar(settings: Settings) -> Bar:
    """Return how much evidence the settings ask of a playbook."""
    usual = Bar()
    return Bar(
        settings.number("patterns.sessions", usual.sessions), settings.number("patterns.days", usual.days),
        settings.number("playbooks.proven", usual.proven), settings.number("playbooks.half_life", usual.half_life),
        settings.number("playbooks.harmful", usual.harmful),
    )  # fmt: skip


def load_shelf(root: str) -> Shelf:
    """Read all playbooks; a file that cannot be read is a problem, never the end."""
    found: list[Playbook] = []
    problems: list[Problem] = []
    for path in markdown_files(root, "playbooks"):
        try:
            found.append(_read(root, path))
        except JournalError as error:
            problems.append(problem_of(path, error))
    return Shelf(tuple(found), tuple(problems))


def _read(root: str, path: str) -> Playbook:
    data = read_bytes(f"{root}/{path}")
    if data is None:
        raise DocumentError(f"{path}:1: is gone")
    refuse_conflict(data, path)
    return read_page(path, data)


def read_page(path: str, data: bytes) -> Playbook:
    """Read a playbook's page; one that a person wrote may have its title in a heading."""
    doc = parse(data, path)
    values, block = fields(doc, path), _block(doc.body)
    title = str(values.get("title") or "") or (headline({}, doc.body, path) if block is None else "")
    return playbooks.read_playbook(path, {**values, "title": title}, block)


def _block(body: str) -> str | None:
    """Return what stands in the block; with broken markers all of the page, by which it is found again."""
    try:
        return blocks.read(body, playbooks.BLOCK)
    except JournalError:
        return body


def find_playbook(shelf: Shelf, ref: str) -> Playbook:
    """Return the playbook that a path, file name, slug, part of its name or its title means."""
    name = ref.replace("\\", "/").rpartition("/")[2].removesuffix(".md").casefold()
    if not shelf.playbooks and not shelf.problems:
        raise NotFoundError("there are no playbooks yet", "journal weekly")
    _refuse_broken(shelf, lambda stem: stem == name)
    ways: tuple[Callable[[Playbook], bool], ...] = (
        lambda one: name in {one.name.casefold(), one.title.casefold()},
        lambda one: one.name.casefold().startswith(name),
        lambda one: name in one.name.casefold() or ref.casefold() in one.title.casefold(),
    )
    for way in ways:
        found = [one for one in shelf.playbooks if way(one)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = "\n".join(f"  {one.name.casefold()}" for one in found[:8])
            raise JournalError(f"{ref}: {len(found)} playbooks match\n{listed}", "give more of the name")
    _refuse_broken(shelf, lambda stem: name in stem)
    raise NotFoundError(f"{ref}: no such playbook", "journal playbook list")


def _refuse_broken(shelf: Shelf, is_meant: Callable[[str], bool]) -> None:
    """Say what is wrong with a page that is meant and cannot be read: another one is not taken for it."""
    for one in shelf.problems:
        if is_meant(one.path.rpartition("/")[2].removesuffix(".md").casefold()):
            raise DocumentError(describe(one), advise(one))
