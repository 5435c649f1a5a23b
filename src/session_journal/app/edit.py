"""Text in the person's editor: a copy is edited, checked, and only then takes its place; nothing written is lost."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from shlex import quote

from session_journal.app.new import Wish, Written, compose_entry, find_same, free_path, make_title, subject
from session_journal.app.sheet import Desk, Sheet, clear, kept_text, lay_out, let_edit
from session_journal.core.chain import find_id
from session_journal.core.document import Document, dump, fields, parse, set_fields
from session_journal.errors import DocumentError, JournalError
from session_journal.store.entries import load, resolve
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal
from session_journal.store.lock import Lock


def write_new(journal: Journal, wish: Wish, desk: Desk) -> Written | None:
    """Let the person fill in a template; None when they wrote nothing. The day's entry on that topic is reopened."""
    same = find_same(journal, wish, desk.now) if wish.topic else ""
    if same:
        return edit_path(journal, same, desk)
    start, warning = compose_entry(journal, wish, desk.now)
    place = free_path(journal, wish.day or desk.now.date(), make_title(wish))
    with lay_out(journal, place, None, start, desk) as sheet:
        text = let_edit(sheet, start, desk)
        if text is None:
            return None
        document, redacted = _check(journal, text, start, sheet, desk)
        if not wish.topic:
            document = _name(document, make_title(wish))
        written = _keep(journal, document, redacted, sheet, desk)
    written.warning = warning
    return written


def edit_path(journal: Journal, path: str, desk: Desk) -> Written | None:
    """Let the person change a file of the journal; None when they changed nothing."""
    old = read_bytes(journal.path(path))
    with lay_out(journal, path, old, old or b"", desk) as sheet:
        text = let_edit(sheet, old or b"", desk)
        if text is None:
            return None
        document, redacted = _check(journal, text, old or b"", sheet, desk)
        if "created" in fields(document):  # a hand-made file gets its id and nothing more
            document = set_fields(document, {"updated": desk.now})
        return _keep(journal, document, redacted, sheet, desk)


def find_editable(journal: Journal, reference: str, cwd: str) -> str:
    """Return the path of what a reference names: an entry, any markdown of the journal, or text kept from before."""
    found = _inside(journal, reference, cwd)
    if found:
        return found
    entries, problems = load(journal.root)
    try:
        return resolve(entries, reference, cwd).path
    except JournalError:
        name = _stem(reference.replace("\\", "/"))
        broken = [problem.path for problem in problems if _stem(problem.path) == name]
        found = next(iter(broken), "") or kept_text(journal, name)
        if not found:
            raise
        return found


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".md")


def _inside(journal: Journal, reference: str, cwd: str) -> str:
    top = os.path.join(os.path.realpath(journal.root), "journal") + os.sep
    for start in (cwd, journal.root, os.path.join(journal.root, "journal")):
        path = os.path.realpath(os.path.join(start, reference))
        if path.startswith(top) and path.endswith(".md") and os.path.isfile(path):
            return "journal/" + path[len(top) :].replace(os.sep, "/")
    return ""


def _check(journal: Journal, text: bytes, start: bytes, sheet: Sheet, desk: Desk) -> tuple[Document, dict[str, int]]:
    """Return the edited document without secrets and with its id, or say what keeps it from being saved."""
    try:
        document = parse(text, sheet.path)
        clean, redacted = journal.allowed.redact(text.decode())
        if redacted:
            document = parse(clean.encode(), sheet.path)
        values = fields(document, sheet.path)
        given = str(values.get("id") or "")
        wanted = _settle_id(journal, given, start, sheet)
    except DocumentError as error:
        hint = f"journal edit {quote(_stem(sheet.place))}"
        raise DocumentError(f"{error.message}; nothing was saved, your text is kept in that file", hint) from error
    if wanted != given:
        document = set_fields(document, {"id": wanted})
        if given:
            desk.say(f"An entry keeps its own id, so {given} was changed to {wanted}.")
    return document, redacted


def _settle_id(journal: Journal, given: str, start: bytes, sheet: Sheet) -> str:
    """Return the id that the text is saved with: the one it began with, unless another entry has that."""
    own = find_id(start) or _id_of(start, sheet.place)
    owners = {entry.id: entry.path for entry in load(journal.root)[0]}
    free = {one for one in (own, given) if one and owners.get(one, sheet.place) == sheet.place}
    # What is new may name its id, for nothing is recorded under it yet.
    for one in (own, given) if sheet.old is not None else (given, own):
        if one in free:
            return one
    if given and sheet.old is not None:
        raise DocumentError(f"{sheet.path}: its id {given} is already that of {owners[given]}; take the line out")
    return os.urandom(16).hex()


def _id_of(data: bytes, path: str) -> str:
    try:
        return str(fields(parse(data, path), path).get("id") or "")
    except DocumentError:
        return ""


def _name(document: Document, default: str) -> Document:
    """Name an entry that was begun without a topic by its first words, unless the person named it."""
    if fields(document).get("title") not in {default, None, ""}:
        return document
    lines = [line.strip() for line in document.body.splitlines()]
    text = next((line for line in lines if line and not line.startswith(("#", "<!--"))), "")
    return set_fields(document, {"title": make_title(Wish(text=text))}) if text else document


def _keep(journal: Journal, document: Document, redacted: dict[str, int], sheet: Sheet, desk: Desk) -> Written:
    """Publish the edited document; until that is done the text stays where it was edited."""
    values, data = fields(document), dump(document)
    title = str(values.get("title") or _stem(sheet.place))
    try:
        with Lock(journal.cache("writing.lock")):
            place = sheet.place if sheet.old is not None else _place_of(journal, values, title, sheet, desk)
            published = journal.publish([Change(place, data, sheet.old)], subject(title), desk.now)
    except JournalError as error:
        error.message = f"{error.message}; your text is kept in {sheet.path}"
        raise
    clear(sheet)
    marks = journal.allowed.seen
    return Written(place, data, redacted, published, appended=sheet.old is not None, marks=marks)


def _place_of(journal: Journal, values: Mapping[str, object], title: str, sheet: Sheet, desk: Desk) -> str:
    """Return where a new entry goes, for the person may have changed its title and date in the editor."""
    if not sheet.place.startswith("journal/sessions/"):
        return sheet.place
    day = values.get("date")
    return free_path(journal, day if type(day) is date else desk.now.date(), title)
