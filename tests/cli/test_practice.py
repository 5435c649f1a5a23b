"""A gap from the day it was noted to the day it is cited as something a person can do, by entries written by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.cli.main import run
from session_journal.cli.output import Context

ENTRIES = {
    "2026-11-02-a": (
        "Netlify deploys, first try",
        (
            "## What happened\n- Configured the Netlify deploy with a lot of help from the assistant\n\n"
            "## Knowledge gaps\n- [ ] How to configure Netlify deploys\n- [ ] How `git rebase --onto` picks commits\n"
        ),
    ),
    "2026-11-05-b": (
        "Netlify deploys again",
        "## What happened\n- Configured a Netlify deploy for the blog, asked the assistant twice\n",
    ),
    "2026-11-10-c": (
        "Netlify deploy for shop docs",
        "## What happened\n- Configured Netlify deploys for the shop docs, one correction\n",
    ),
    "2026-11-17-d": (
        "Netlify deploy for API docs",
        "## Accomplishments\n- Configured Netlify deploys for the API docs without help\n",
    ),
    "2026-11-25-e": (
        "Netlify deploy for landing page",
        "## Accomplishments\n- Configured Netlify deploys for the landing page by myself, no help needed\n",
    ),
}
GAP = "- [ ] How to configure Netlify deploys"


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(Context, "now", lambda _: datetime(2026, 11, 28, 17, 0, tzinfo=UTC))
    made = make_journal(tmp_path / "journal")
    folder = Path(made.root, "journal", "sessions", "2026")
    folder.mkdir(parents=True)
    for name, (title, body) in ENTRIES.items():
        front = f"title: {title}\ndate: {name[:10]}\ntype: session\nstatus: final\nproject: docs-site\noutcome: done"
        folder.joinpath(f"{name}.md").write_text(f"---\n{front}\n---\n{body}", encoding="utf-8")
    assert run(["--journal", made.root, "seal"]) == 0
    return made.root


def page(root, *args, name):
    assert run(["--journal", root, *args]) == 0
    return Path(root, "journal", name).read_text()


def test_a_gap_moves_by_what_was_done_through_weeks_month_quarter_and_digest(root, capsys):
    first = page(root, "weekly", "--date", "2026-W46", name="rollups/2026-W46.md")
    assert f"{GAP} (practising: 2 sessions, last 11-10 with help) (" in first
    week = page(root, "weekly", "--date", "2026-W47", name="rollups/2026-W47.md")
    assert f"{GAP} (resolved: 3 sessions, last 11-17 without help) (" in week
    assert "Netlify deploys (" not in page(root, "weekly", name="rollups/2026-W48.md").partition("## Knowledge gaps")[2]
    month = page(root, "monthly", "--date", "2026-11", name="rollups/2026-11.md")
    assert f"{GAP} (resolved: 4 sessions, last 11-25 without help) (" in month
    assert "Practise: How to configure" not in month
    quarter = page(root, "quarterly", "--date", "2026-Q4", name="rollups/2026-Q4.md")
    assert "- has configured Netlify deploys in 5 sessions, last without help ([11-25]" in quarter
    digest = page(root, "learnings", "--write", name="learnings.md")
    assert ("How to configure" in digest, "picks commits" in digest) == (False, True)
    capsys.readouterr()
    assert run(["--journal", root, "handoff", "docs-site"]) == 0
    assert "How to configure" not in capsys.readouterr().out


def test_nothing_changes_when_it_is_all_run_again_and_the_entry_keeps_its_box(root):
    commands = (["weekly", "--date", "2026-W47"], ["monthly", "--date", "2026-11"], ["quarterly", "--date", "2026-Q4"])
    for command in commands:
        run(["--journal", root, *command])
    before = {path: path.read_bytes() for path in Path(root, "journal").rglob("*.md")}
    for command in commands:
        assert run(["--journal", root, *command]) == 0
    assert {path: path.read_bytes() for path in Path(root, "journal").rglob("*.md")} == before
    assert f"{GAP} ^" in Path(root, "journal/sessions/2026/2026-11-02-a.md").read_text()


def test_a_gap_that_is_being_practised_is_what_the_digest_begins_with(root):
    Path(root, "journal/sessions/2026/2026-11-25-e.md").unlink()
    Path(root, "journal/sessions/2026/2026-11-17-d.md").unlink()
    focus = page(root, "learnings", "--write", name="learnings.md").partition("## Focus now")[2].strip()
    assert focus.startswith(f"{GAP} (practising: 2 sessions, last 2026-11-10 with help) (")


def test_a_gap_ticked_in_a_page_that_told_what_was_done_is_resolved_by_hand_everywhere(root):
    path = Path(root, "journal/rollups/2026-W46.md")
    page(root, "weekly", "--date", "2026-W46", name="rollups/2026-W46.md")
    path.write_text(path.read_text().replace(GAP, GAP.replace("[ ]", "[x]")))
    again = page(root, "weekly", "--date", "2026-W47", name="rollups/2026-W47.md")
    assert "- [x] How to configure Netlify deploys ^" in Path(root, "journal/sessions/2026/2026-11-02-a.md").read_text()
    assert "- [x] How to configure Netlify deploys (resolved: 2 sessions, last 11-10 with help) (" in path.read_text()
    assert "practising" not in again
