"""A session that went on after its entry was edited or accepted: what is new is offered, never written unasked."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.app.capture import Capture, Wanted
from session_journal.app.draft import Clock
from session_journal.app.offers import dismiss_offer, read_offer, take_offer, waiting_offers
from session_journal.app.review import accept
from session_journal.core.events import Event, Session
from session_journal.core.sections import items
from session_journal.store.entries import load

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SAID = (
    "The flake came from the shared clock: it is reset in one test only.",
    "Decided to keep one clock per test, because a shared one hides the order of the tests.",
    "It turns out that the upload retries twice before it gives up.",
)


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


def session(count):
    """Make a session of so many exchanges; each brings a statement and an edit."""
    events = []
    for number in range(count):
        turn = 3 * number + 1
        events += [
            Event("prompt", turn, "user", text=f"Please mend upload number {number}", time=START),
            Event("reply", turn + 1, "assistant", text=SAID[number], time=START),
            Event(
                "edit",
                turn + 1,
                "assistant",
                target=f"src/upload{number}.py",
                text="+ x = 1",
                time=START,
                call=str(turn),
            ),
            Event("result", turn + 2, "tool", text="ok", time=START, call=str(turn)),
        ]
    end = START + timedelta(minutes=5 * count)
    uuids = frozenset(map(str, range(3 * count)))
    return Session(
        "claude-code",
        "s1",
        tuple(events),
        "/home/robin/shop",
        started=START,
        ended=end,
        sha256=f"{count:064x}",
        uuids=uuids,
    )


def take(journal, count, **wanted):
    return Capture(journal, Clock(NOW, UTC), Wanted(**wanted)).take(session(count), "s1.jsonl")


def only(journal):
    (entry,) = load(journal.root)[0]
    return entry


@pytest.fixture
def grown(journal):
    """Return a journal whose one entry was accepted before its session went on."""
    take(journal, 1)
    accept(journal, only(journal), NOW)
    assert take(journal, 2).action == "edited"
    return journal


def test_only_what_came_later_is_offered(grown):
    ((entry, offer),) = waiting_offers(grown, load(grown.root)[0])
    told = [line for lines in offer.lines.values() for line in lines]
    assert offer.count >= 1
    assert any("one clock per test" in line for line in told)
    assert not any("reset in one test only" in line for line in told)
    before = {item.text for item in items(entry.body)}
    assert not any(text in line for text in before for line in told)


def test_taking_it_adds_lines_and_changes_none(grown):
    path = Path(grown.path(only(grown).path))
    before = path.read_text(encoding="utf-8").splitlines()
    ((entry, offer),) = waiting_offers(grown, load(grown.root)[0])
    take_offer(grown, entry, offer, NOW + timedelta(hours=1))
    after = path.read_text(encoding="utf-8").splitlines()
    changed = ("turns:", "source_sha256:", "updated:")
    left = iter(after)
    assert all(line in left for line in before if not line.startswith(changed))
    assert [line for lines in offer.lines.values() for line in lines if line not in after] == []
    assert only(grown).status == "final"
    assert subprocess.check_output(["git", "status", "--short"], cwd=grown.root) == b""
    assert waiting_offers(grown, load(grown.root)[0]) == []
    assert take(grown, 2).action == "known"


def test_what_was_dismissed_is_not_offered_again_but_what_follows_is(grown):
    path = Path(grown.path(only(grown).path))
    before = path.read_bytes()
    ((entry, offer),) = waiting_offers(grown, load(grown.root)[0])
    dismiss_offer(grown, offer)
    assert path.read_bytes() == before
    assert take(grown, 2).action == "known"
    assert waiting_offers(grown, [entry]) == []
    assert take(grown, 3).offered >= 1
    ((_, later),) = waiting_offers(grown, [entry])
    told = [line for lines in later.lines.values() for line in lines]
    assert any("retries twice" in line for line in told)
    assert not any("one clock per test" in line for line in told)


def test_an_edited_draft_is_offered_it_too(journal):
    take(journal, 1)
    path = Path(journal.path(only(journal).path))
    path.write_bytes(path.read_bytes() + b"\nMine.\n")
    assert take(journal, 2).offered >= 1
    assert path.read_bytes().endswith(b"Mine.\n")


def test_a_dry_run_keeps_no_offer(journal):
    take(journal, 1)
    accept(journal, only(journal), NOW)
    assert take(journal, 2, dry_run=True).action == "edited"
    assert waiting_offers(journal, load(journal.root)[0]) == []


def test_nothing_new_is_no_offer(journal):
    take(journal, 1)
    accept(journal, only(journal), NOW)
    longer = session(1)
    look = Event("read", 4, "assistant", target="README.md", time=START)
    longer = replace(longer, events=(*longer.events, look), uuids=longer.uuids | {"x"}, sha256="e" * 64)
    assert Capture(journal, Clock(NOW, UTC), Wanted()).take(longer, "s1.jsonl").offered == 0
    assert waiting_offers(journal, load(journal.root)[0]) == []


@pytest.mark.parametrize(
    "torn", [b"", b"{", b"[]", b'{"turns": 1}', b'{"turns": 1, "sha256": "", "lines": [], "decided": false}']
)
def test_a_torn_offer_is_none(grown, torn):
    entry = only(grown)
    Path(grown.cache("offers"), f"{entry.id}.json").write_bytes(torn)
    assert read_offer(grown, entry.id) is None
    assert waiting_offers(grown, [entry]) == []
    assert take(grown, 2).offered >= 1


def test_what_was_offered_for_an_entry_does_not_come_back_when_that_is_deleted(journal):
    take(journal, 1)
    path = Path(journal.path(only(journal).path))
    path.write_bytes(path.read_bytes() + b"\nMine.\n")
    assert take(journal, 2).action == "edited"
    path.unlink()
    assert take(journal, 2).action == "discarded"
    assert take(journal, 1).action == "discarded"
    assert take(journal, 3).action == "added"
