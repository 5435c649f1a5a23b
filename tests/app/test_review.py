"""Reviewing: what is decided changes the lines it must and no other; what is discarded is not forgotten."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.app.review import Decision, accept, carry_out, discard, drafts_of, plan, reread
from session_journal.errors import ConflictError, JournalError, NotFoundError, UsageError
from session_journal.store.entries import load
from session_journal.store.journal import Change

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
PATH = "journal/sessions/2026/2026-11-20-a.md"
DRAFT = b"""---
# by the tool
id: "00000000000000000000000000000001"
title:   A session
date: 2026-11-20
created: 2026-11-20T10:00:00+00:00
updated: 2026-11-20T10:00:00+00:00
status: 'draft'   # not yet read
mood: fine
project: Web
---

Text."""


@pytest.fixture
def journal(tmp_path):
    made = make_journal(tmp_path / "journal")
    made.publish([Change(PATH, DRAFT)], "entry: A session", NOW)
    return made


@pytest.fixture
def entry(journal):
    return load(journal.root)[0][0]


def test_accepting_changes_only_status_and_time(journal, entry):
    accept(journal, entry, NOW)
    old, new = DRAFT.splitlines(), Path(journal.path(PATH)).read_bytes().splitlines()
    changed = [line for before, line in zip(old, new, strict=True) if before != line]
    assert len(changed) == 2
    assert load(journal.root)[0][0].status == "final"
    assert b"# not yet read" in b"".join(changed)


def test_discarding_deletes_the_file_and_git_still_has_it(journal, entry):
    discard(journal, entry, NOW)
    assert not Path(journal.path(PATH)).exists()
    assert subprocess.check_output(["git", "show", f"HEAD^:{PATH}"], cwd=journal.root) == DRAFT
    assert subprocess.check_output(["git", "status", "--short"], cwd=journal.root) == b""


def test_what_was_edited_by_hand_is_committed_before_it_is_discarded(journal):
    edited = DRAFT + b" Mine."
    Path(journal.path(PATH)).write_bytes(edited)
    done = discard(journal, load(journal.root)[0][0], NOW)
    assert not Path(journal.path(PATH)).exists()
    assert subprocess.check_output(["git", "show", f"{done.last}:{PATH}"], cwd=journal.root) == edited
    assert done.saved


def test_a_secret_typed_into_a_draft_does_not_reach_git_when_it_is_discarded(journal):
    token = b"ghp_" + b"A1b2C3d4E5" * 4
    Path(journal.path(PATH)).write_bytes(DRAFT.replace(b"A session", b"Push " + token) + b" " + token)
    discard(journal, load(journal.root)[0][0], NOW)
    assert not Path(journal.path(PATH)).exists()
    assert token not in subprocess.check_output(["git", "log", "-p", "--all"], cwd=journal.root)


def test_edits_that_git_cannot_take_now_keep_the_draft(journal):
    Path(journal.path(PATH)).write_bytes(DRAFT + b" Mine.")
    Path(journal.git_dir, "MERGE_HEAD").write_text(journal.repo.head() + "\n")
    with pytest.raises(JournalError, match="a merge"):
        discard(journal, load(journal.root)[0][0], NOW)
    assert Path(journal.path(PATH)).read_bytes() == DRAFT + b" Mine."


def test_a_final_entry_is_not_discarded(journal, entry):
    accept(journal, entry, NOW)
    with pytest.raises(UsageError, match="is final"):
        discard(journal, load(journal.root)[0][0], NOW)
    assert Path(journal.path(PATH)).exists()


def test_what_changed_or_went_meanwhile_is_left_alone(journal, entry):
    Path(journal.path(PATH)).write_bytes(DRAFT + b" More.")
    for act in (accept, discard):
        with pytest.raises(ConflictError):
            act(journal, entry, NOW)
    Path(journal.path(PATH)).unlink()
    with pytest.raises(NotFoundError):
        accept(journal, entry, NOW)


def test_drafts_can_be_narrowed_to_a_project(journal, entry):
    assert drafts_of([entry], "web") == [entry]
    assert drafts_of([entry], "other") == []


WITH_ITEMS = DRAFT.replace(
    b"Text.",
    b"""## Decisions

- Keep one clock [t3]
- Retry twice [t5]

## Evidence

- [t3] user: "one clock"
- [t5] user: "twice"
""",
)


@pytest.fixture
def itemised(journal):
    journal.publish([Change(PATH, WITH_ITEMS, DRAFT)], "entry: A session", NOW)
    return load(journal.root)[0][0]


def decided(journal, entry, **decision):
    carry_out(journal, plan(journal, entry, Decision(**decision), NOW), NOW)
    return Path(journal.path(PATH)).read_bytes()


def test_dropping_accepting_and_showing_an_entry_is_one_commit(journal, itemised):
    before = journal.repo.head()
    data = decided(journal, itemised, drop=(2,), accept=True, visibility="team")
    assert subprocess.check_output(["git", "rev-parse", "HEAD^"], cwd=journal.root, text=True).strip() == before
    gone = {b"- Retry twice [t5]", b'- [t5] user: "twice"'}
    kept = [line for line in data.splitlines() if not line.startswith((b"status:", b"updated:", b"visibility:"))]
    wanted = [line for line in WITH_ITEMS.splitlines() if line not in gone]
    assert kept == [line for line in wanted if not line.startswith((b"status:", b"updated:"))]
    entry = load(journal.root)[0][0]
    assert (entry.status, entry.visibility, len(entry.items)) == ("final", "team", 1)


def test_a_draft_from_which_an_item_was_dropped_is_a_draft_still(journal, itemised):
    assert b"status: 'draft'   # not yet read" in decided(journal, itemised, drop=(1,))


def test_a_decision_that_changes_nothing_changes_no_byte(journal, itemised):
    before = journal.repo.head()
    assert decided(journal, itemised, visibility="self") == WITH_ITEMS
    decided(journal, itemised, accept=True)
    final = Path(journal.path(PATH)).read_bytes()
    assert decided(journal, load(journal.root)[0][0], accept=True) == final
    assert subprocess.check_output(["git", "rev-parse", "HEAD^"], cwd=journal.root, text=True).strip() == before


def test_what_changed_between_plan_and_deed_is_left_alone(journal, itemised):
    planned = plan(journal, itemised, Decision(drop=(1,)), NOW)
    mine = WITH_ITEMS + b"Mine."
    Path(journal.path(PATH)).write_bytes(mine)
    with pytest.raises(ConflictError):
        carry_out(journal, planned, NOW)
    with pytest.raises(ConflictError):
        plan(journal, itemised, Decision(visibility="team"), NOW)
    assert Path(journal.path(PATH)).read_bytes() == mine
    assert reread(journal, itemised).body.endswith("Mine.")


def test_what_is_private_is_named_when_more_people_may_see_it_then(journal, itemised):
    private = b"\n## Notes\n\nAsk mara.veldt@firma.de, it is in /home/mara/notes.\n"
    Path(journal.path(PATH)).write_bytes(WITH_ITEMS + private)
    entry = reread(journal, itemised)
    raised = plan(journal, entry, Decision(visibility="public"), NOW)
    line = (WITH_ITEMS + private).count(b"\n")
    assert [(one.line, one.kinds) for one in raised.exposed] == [(line + 1, ("email",))]
    assert not plan(journal, entry, Decision(drop=(1,)), NOW).exposed
    Path(journal.path(PATH)).write_bytes(
        (WITH_ITEMS + private).replace(b"visibility", b"v").replace(b"mood:", b"visibility: public\nmood:")
    )
    lowered = plan(journal, reread(journal, itemised), Decision(visibility="team"), NOW)
    assert (lowered.raises, lowered.exposed) == (False, ())
