"""What people say of a playbook: that it helped or harmed, that it is to be promoted or retired; each can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from session_journal.app.earlier import deleted_playbooks, versions_of
from session_journal.app.generated import EditedError, tell
from session_journal.app.patterns import recurring
from session_journal.app.playbook import find_playbook, load_shelf, read_bar, read_page
from session_journal.app.promotion import Press
from session_journal.core import blocks, playbooks
from session_journal.core.document import Document, dump, fields, parse, set_fields
from session_journal.core.entry import Entry
from session_journal.core.patterns import Pattern, squash, statements
from session_journal.core.playbooks import Mark, Playbook, Verdict
from session_journal.core.records import record
from session_journal.core.redact import redact
from session_journal.errors import JournalError, NotFoundError
from session_journal.store.entries import ITEMS, load, resolve
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal
from session_journal.store.settings import Settings

_WHY = 200


@record(frozen=True, slots=True)
class Stood:
    """What a command made of a playbook. before: its status until then; kept: why its block stayed as it was.

    replaced: the mark that gave way to a new one. told: what became of what a person did to the page.
    """

    path: str
    title: str
    status: str
    before: str
    changed: bool = False
    kept: str = ""
    waiting: str = ""
    text: str = ""
    replaced: str = ""
    told: tuple[str, ...] = ()


class Desk:
    """A journal's playbooks with all that is needed to bring one up to date."""

    def __init__(self, journal: Journal, settings: Settings, now: datetime, *, dry_run: bool = False) -> None:
        self.journal, self.now, self.dry_run = journal, now, dry_run
        self.entries, _ = load(journal.root, journal.cache(ITEMS))
        self.patterns = recurring(journal, self.entries)
        self.shelf = load_shelf(journal.root)
        self.bar = read_bar(settings)
        self.press = Press(journal, self.entries, self.bar, {one.path for one in self.shelf.playbooks})

    def entry(self, ref: str, cwd: str = "") -> Entry | None:
        """Return the entry that is meant, None where none is named."""
        return resolve(self.entries, ref, cwd) if ref else None

    def page(self, name: str) -> Playbook:
        """Return the playbook that a name means, or the key or the words of the pattern that it is the page of."""
        try:
            return find_playbook(self.shelf, name)
        except NotFoundError as error:
            found = self._page_of_pattern(name)
            if found is None:
                raise error from None
            return found

    def _page_of_pattern(self, name: str) -> Playbook | None:
        try:
            pattern = _find_pattern(self.patterns, name)
        except JournalError:
            return None
        known = playbooks.match(self.patterns, self.shelf.playbooks)
        return next((page for place, page in known.items() if self.patterns[place] is pattern), None)

    def write(self, name: str, keys: Mapping[str, object], message: str) -> Stood:
        """Set keys of a playbook's page and bring it up to date, in one commit."""
        page = self.page(name)
        change, title, status, kept = self._change(page, keys)
        changes = [change, *(self._released(page) if "superseded_by" in keys else ())]
        return self._done(page.path, title, page.status, status, changes, f"playbook: {message} {title}", kept)

    def _released(self, page: Playbook, heir: str = "") -> list[Change]:
        """Return the changes by which no page names one as what it took the place of; heir: the one that may."""
        named = [one for one in self.shelf.playbooks if page.name in one.supersedes and one.name != heir]
        left = [(one, [name for name in one.supersedes if name != page.name]) for one in named]
        return [self._change(one, {"supersedes": names or None})[0] for one, names in left]

    def _change(self, page: Playbook, keys: Mapping[str, object]) -> tuple[Change, str, str, str]:
        base = read_bytes(self.journal.path(page.path)) or b""
        fresh = dump(set_fields(parse(base, page.path), keys)) if _differ(parse(base, page.path), keys) else base
        playbook = read_page(page.path, fresh)
        pattern = self._pattern(page)
        if pattern is None:
            return Change(page.path, fresh, base), playbook.title, playbook.status, _why(page)
        made = self.press.page(pattern, playbook)
        try:
            change = self.press.print(made, self.now, old=fresh)
        except EditedError as error:
            return Change(page.path, fresh, base), playbook.title, playbook.status, error.message
        return change, playbook.title, made.standing.status, ""

    def _pattern(self, page: Playbook) -> Pattern | None:
        shelf = {one.path: one for one in (*self.shelf.playbooks, page)}
        known = playbooks.match(self.patterns, tuple(shelf.values()))
        own = next((self.patterns[place] for place, one in known.items() if one.path == page.path), None)
        return own or playbooks.remains(page, statements(self.entries))

    def _done(
        self, path: str, title: str, before: str, status: str, changes: list[Change], message: str, kept: str = ""
    ) -> Stood:
        changed = [change for change in changes if change.data != change.base]
        waiting = "" if self.dry_run else self.journal.publish(changed, message, self.now).waiting
        text = (changes[0].data or b"").decode("utf-8", "replace")
        return Stood(path, title, status, before, bool(changed), kept, waiting, text, told=tell(changed))

    def make(self, name: str) -> Stood:
        """Make a page of a pattern that has none, by its key or words: a person may know before the counts do."""
        pattern = _find_pattern(self.patterns, name)
        old = playbooks.match([pattern], deleted_playbooks(self.journal)).get(0)
        return self._printed(pattern, old)

    def bring_back(self, name: str) -> Stood | None:
        """Bring a deleted page back as git last had it; None where none has this very name."""
        wanted = name.removesuffix(".md").casefold()
        gone = deleted_playbooks(self.journal)
        old = next((one for one in gone if wanted in {one.name.casefold(), one.title.casefold()}), None)
        if old is None:
            return None
        pattern = self._pattern(old)
        if pattern:
            return self._printed(pattern, old)
        last = Change(old.path, next(versions_of(self.journal, old.path)))
        return self._done(old.path, old.title, "", old.status, [last], f"playbook: {old.title}")

    def _printed(self, pattern: Pattern, old: Playbook | None) -> Stood:
        by_hand = old is None and not playbooks.promotable(pattern, self.bar.sessions, self.bar.days)
        page = self.press.page(pattern, old, by_hand=by_hand)
        change = self.press.print(page, self.now)
        return self._done(page.path, page.title, "", page.standing.status, [change], f"playbook: {page.title}")

    def retire_for(self, name: str, other: str) -> Stood:
        """Retire a playbook in favour of another; each page names the other, in one commit."""
        old, new = self.page(name), self.page(other)
        if old.path == new.path:
            raise JournalError(f"{old.name} cannot take its own place", "journal playbook list")
        if old.name in self._heirs(new):
            raise JournalError(
                f"{new.name} gave its place to {old.name}, so it cannot take it over",
                f"journal playbook retire {new.name} --undo",
            )
        kept = [*(one for one in new.supersedes if one != old.name), old.name]
        first, title, status, why = self._change(old, {"status": "retired", "superseded_by": new.name})
        second, *_ = self._change(new, {"supersedes": kept})
        changes = [first, second, *self._released(old, new.name)]
        message = f"playbook: retire {title} for {new.title}"
        return self._done(old.path, title, old.status, status, changes, message, why)

    def _heirs(self, page: Playbook) -> list[str]:
        """Return the playbooks that took a page's place, and theirs, and so on."""
        pages = {one.name: one for one in self.shelf.playbooks}
        found: list[str] = []
        while page.superseded_by in pages and page.superseded_by not in found:
            found.append(page.superseded_by)
            page = pages[page.superseded_by]
        return found

    def revive(self, name: str) -> Stood:
        """Give a playbook back the status that its evidence earns; what took its place no longer does."""
        page = self.page(name)
        if not page.is_by_hand and not page.superseded_by:
            return self._take_back(page)
        return self.write(name, {"status": _earned(page), "superseded_by": None}, "undo")

    def _take_back(self, page: Playbook) -> Stood:
        """Take away a page that a person asked for, where it holds nothing of theirs and its evidence earns none."""
        why = self._why_it_stays(page)
        if why:
            told = f"{page.name} stays: {why}\nhint: journal playbook retire {page.name}, if nobody is to follow it"
            return replace(self.write(page.name, {}, "undo"), told=(told,))
        gone = Change(page.path, None, read_bytes(self.journal.path(page.path)))
        return self._done(page.path, page.title, page.status, "removed", [gone], f"playbook: undo {page.title}")

    def _why_it_stays(self, page: Playbook) -> str:
        if page.made != playbooks.BY_HAND:
            return "nothing was decided about it by hand"
        pattern = self._pattern(page)
        if pattern and playbooks.promotable(pattern, self.bar.sessions, self.bar.days):
            return "its evidence has earned it a page by now"
        return _own_words(page, read_bytes(self.journal.path(page.path)) or b"")


def _own_words(page: Playbook, data: bytes) -> str:
    """Say what a person put on a page, "" where that is nothing."""
    if page.marks:
        return "it was marked"
    body = parse(data, page.path).body
    return "it holds words of yours" if blocks.around(body) or blocks.edited(body, playbooks.BLOCK) else ""


def mark(desk: Desk, name: str, verdict: Verdict, entry: str = "", why: str = "", *, undo: bool = False) -> Stood:
    """Note that a playbook helped or harmed, in an entry where one is named, or take that back."""
    page = desk.page(name)
    found = desk.entry(entry)
    told = found.name if found else ""
    if undo:
        marks = playbooks.take_back(page.marks, verdict, told)
        if marks == page.marks:
            raise NotFoundError(f"{page.name} has no such mark", f"journal playbook show {page.name}")
    else:
        reason = redact(" ".join(why.split())[:_WHY])[0]
        marks = playbooks.add(page.marks, Mark(desk.now.date(), verdict, told, reason))
    gone = "" if undo else next((str(one) for one in page.marks if one not in marks), "")
    stood = desk.write(name, {"marks": [str(one) for one in marks] or None}, f"mark {verdict}")
    return replace(stood, replaced=gone)


def promote_by_hand(desk: Desk, name: str, *, undo: bool = False) -> Stood:
    """Raise a playbook by one level, or make a page of a pattern that has none; undone, the evidence decides again."""
    if undo:
        return desk.revive(name)
    try:
        page = desk.page(name)
    except NotFoundError:
        return desk.bring_back(name) or desk.make(name)
    if name not in {page.name, page.title, page.path} and (back := desk.bring_back(name)):
        return back
    if page.status == "proven":
        raise JournalError(f"{page.name} is proven already", f"journal playbook show {page.name}")
    return desk.write(name, {"status": playbooks.next_level(page.status), "superseded_by": None}, "promote")


def retire_by_hand(desk: Desk, name: str, by: str = "", *, undo: bool = False) -> Stood:
    """Retire a playbook, in favour of another where one is named; undone, the evidence decides again."""
    if undo:
        return desk.revive(name)
    return desk.retire_for(name, by) if by else desk.write(name, {"status": "retired"}, "retire")


def _why(page: Playbook) -> str:
    return "its entries are gone" if page.key else "all of it is yours"


def _earned(page: Playbook) -> str:
    return page.earned or "candidate"


def _differ(doc: Document, keys: Mapping[str, object]) -> bool:
    have = fields(doc)
    return any(have.get(key) != value for key, value in keys.items())


def _find_pattern(patterns: tuple[Pattern, ...], name: str) -> Pattern:
    words = squash(name)
    ways = (
        [one for one in patterns if len(name) > 3 and one.key.startswith(name)],
        [one for one in patterns if words and words == squash(one.statement)],
        [one for one in patterns if words and any(words in squash(member.text) for member in one.members)],
    )
    for found in ways:
        if len(found) == 1:
            return found[0]
        if found:
            listed = "\n".join(f"  {one.key}  {one.statement}" for one in found[:8])
            raise JournalError(f"{name}: {len(found)} patterns match\n{listed}", "give the key of one")
    raise NotFoundError(f"{name}: no such playbook or pattern", "journal patterns")
