"""What a session brought after its entry was edited or accepted: kept on this machine until a person decides.

Losing it loses no truth: the next capture finds the same again while the transcript lies there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime

from session_journal.app.archiving import kept_changes
from session_journal.app.new import subject
from session_journal.core.additions import add_lines
from session_journal.core.document import dump, parse, set_body, set_fields
from session_journal.core.entry import Entry
from session_journal.core.records import record
from session_journal.core.sections import heading, items, render_item, render_quote
from session_journal.errors import NotFoundError
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.journal import Change, Journal, Published

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.core.drafting import Draft


@record(frozen=True, slots=True)
class Offer:
    """New lines for an entry, by the title of their section; turns, sha256: of the longer transcript.

    decided: a person has taken or dismissed them; what came before `turns` is not offered again.
    """

    entry: str
    turns: int
    sha256: str
    lines: dict[str, list[str]]
    decided: bool = False

    @property
    def count(self) -> int:
        """Return the number of items, quotes not counted."""
        return sum(len(lines) for title, lines in self.lines.items() if title != "Evidence")


def make_offer(journal: Journal, entry: Entry, made: Draft) -> Offer | None:
    """Keep what a longer transcript has that its entry has not; None where it is nothing."""
    before = _turns(entry)
    known = read_offer(journal, entry.id)
    if known and known.decided:
        before = max(before, known.turns)
    said = {_words(item.text) for item in items(entry.body)}
    new = [one for one in made.items if max(one.turns, default=0) > before and _words(one.text) not in said]
    if not new:
        return None
    lines: dict[str, list[str]] = {}
    for item in new:
        lines.setdefault(heading(item.kind), []).append(render_item(item))
    turns = {turn for item in new for turn in item.turns}
    quotes = [render_quote(one) for one in made.quotes if one.turn in turns]
    lines["Evidence"] = [line for line in quotes if line not in entry.body]
    length = made.fields.get("turns")
    sha256 = str(made.fields.get("source_sha256", ""))
    offer = Offer(entry.id, length if isinstance(length, int) else before, sha256, lines)
    _keep(journal, offer)
    return offer


def waiting_offers(journal: Journal, entries: Iterable[Entry]) -> list[tuple[Entry, Offer]]:
    """Return the entries for which there is something new, with it."""
    try:
        names = set(os.listdir(journal.cache("offers")))
    except OSError:
        return []
    found = [(one, read_offer(journal, one.id)) for one in entries if f"{one.id}.json" in names]
    return [(entry, offer) for entry, offer in found if offer and not offer.decided]


def read_offer(journal: Journal, entry_id: str) -> Offer | None:
    """Return what is kept for an entry; what is torn or foreign counts as nothing."""
    try:
        kept = json.loads(read_bytes(_path(journal, entry_id)) or b"")
        lines = {str(title): [str(line) for line in lines] for title, lines in kept["lines"].items()}
        return Offer(entry_id, int(kept["turns"]), str(kept["sha256"]), lines, bool(kept["decided"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def take_offer(journal: Journal, entry: Entry, offer: Offer, now: datetime) -> Published:
    """Add the new lines to the entry; nothing that stands in it changes but the length of its transcript."""
    old = read_bytes(journal.path(entry.path))
    if old is None:
        raise NotFoundError(f"{entry.path} is gone", "journal list")
    document = parse(old, entry.path)
    document = set_body(document, add_lines(document.body, offer.lines))
    facts: dict[str, object] = {"turns": offer.turns, "source_sha256": offer.sha256, "updated": now}
    data = dump(set_fields(document, facts))
    changes = [Change(entry.path, data, old), *kept_changes(journal, entry.id)]
    published = journal.publish(changes, subject(entry.title), now)
    dismiss_offer(journal, offer)
    return published


def dismiss_offer(journal: Journal, offer: Offer) -> None:
    """Remember that nothing of this is wanted any more."""
    _keep(journal, Offer(offer.entry, offer.turns, offer.sha256, {}, decided=True))


def _keep(journal: Journal, offer: Offer) -> None:
    path = _path(journal, offer.entry)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    kept = {"turns": offer.turns, "sha256": offer.sha256, "lines": offer.lines, "decided": offer.decided}
    write_atomic(path, json.dumps(kept).encode())


def _path(journal: Journal, entry_id: str) -> str:
    return os.path.join(journal.cache("offers"), f"{entry_id}.json")


def _turns(entry: Entry) -> int:
    turns = entry.fields.get("turns")
    return turns if isinstance(turns, int) else 0


def _words(text: str) -> str:
    return " ".join(text.casefold().split())
