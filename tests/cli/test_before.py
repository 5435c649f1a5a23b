"""handoff and learnings as they are typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import git, make_journal
from session_journal.cli.main import run
from session_journal.cli.output import Context
from session_journal.store.journal import Change, Journal

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
BODY = "## Gaps\n\n- [ ] How tabs share tokens\n\n## Challenges\n\n- Race between two tabs\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(Context, "now", lambda _: NOW)
    journal = make_journal(tmp_path / "journal")
    for day, project in ((2, "shop"), (20, "site")):
        front = f'id: "{day:032x}"\ntitle: Day {day}\ndate: 2026-11-{day:02}\nproject: {project}\n'
        path = f"journal/sessions/2026/2026-11-{day:02}-s.md"
        journal.publish([Change(path, f"---\n{front}---\n\n{BODY if day == 2 else 'x'}".encode())], "entry", NOW)
    monkeypatch.chdir(tmp_path)
    return journal.root


def journal(root, *args):
    return run(["--journal", root, *args])


def test_a_hand_off_is_text_for_people_and_every_part_for_programs(root, capsys):
    assert journal(root, "handoff", "SHOP") == 0
    text = capsys.readouterr().out
    assert text.startswith("# Hand-off: shop\n\n- Last session, 2026-11-02 (3 weeks ago): Day 2")
    assert "## Not resolved\n- Race between two tabs [" in text
    assert journal(root, "handoff", "shop", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in told["open"]] == ["gap"]
    assert told["sessions"][0]["date"] == "2026-11-02"


def test_outside_of_a_project_it_is_the_last_one_and_it_says_so(root, capsys):
    assert journal(root, "handoff") == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("# Hand-off: site\n")
    assert shown.err == "This folder belongs to no project, so this is the one you worked on last: site\n"


def test_inside_a_project_it_is_that_one(root, capsys, tmp_path, monkeypatch):
    make_journal(tmp_path / "shop")
    monkeypatch.chdir(tmp_path / "shop")
    assert journal(root, "handoff") == 0
    shown = capsys.readouterr()
    assert (shown.out.splitlines()[0], shown.err) == ("# Hand-off: shop", "")


def test_a_project_that_the_journal_does_not_know_is_told_with_those_there_are(root, capsys):
    assert journal(root, "handoff", "SHOP") == 0
    capsys.readouterr()
    for more in ([], ["--json"]):
        assert journal(root, "handoff", "shpo", *more) == 1
        shown = capsys.readouterr()
        assert "no entry belongs to the project shpo" in shown.err
        assert "(there are: shop, site)" in shown.err
        assert shown.out == ""


def test_the_digest_is_shown_without_being_written(root, capsys):
    assert journal(root, "learnings") == 0
    assert "- [ ] How tabs share tokens (" in capsys.readouterr().out
    assert not Path(root, "journal/learnings.md").exists()
    assert journal(root, "learnings", "--write", "--dry-run") == 0
    assert "<!--" not in capsys.readouterr().out
    assert not Path(root, "journal/learnings.md").exists()


def test_the_digest_is_written_once(root, capsys):
    assert journal(root, "learnings", "--write") == 0
    assert capsys.readouterr().out == "journal/sessions/2026/2026-11-02-s.md\njournal/learnings.md\n"
    assert journal(root, "learnings", "--write") == 0
    assert capsys.readouterr().out == "journal/learnings.md (unchanged)\n"
    assert git(Journal(root, {}), "log", "-1", "--format=%s") == "learnings: bring up to date\n"
    assert journal(root, "learnings", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["path"], told["changed"]) == ("journal/learnings.md", [])
    assert "How tabs share tokens" in told["text"]


def test_words_changed_in_the_block_are_an_expected_failure(root, capsys):
    journal(root, "learnings", "--write")
    file = Path(root, "journal/learnings.md")
    file.write_text(file.read_text().replace("tabs", "windows"))
    assert journal(root, "learnings", "--write") == 1
    assert "--force" in capsys.readouterr().err
    assert journal(root, "learnings") == 0
    assert journal(root, "learnings", "--force") == 2
    assert journal(root, "learnings", "--write", "--force") == 0
    assert "tabs" in file.read_text()


def test_nothing_to_learn_says_what_it_takes(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = make_journal(tmp_path / "empty")
    assert journal(made.root, "learnings") == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err.startswith("Nothing to learn from yet")) == ("", True)
    assert journal(made.root, "handoff") == 0
    assert "this journal to hand over yet" in capsys.readouterr().err


def test_a_project_that_the_journal_does_not_know_is_named_to_a_person_and_to_no_agent(root, capsys):
    assert journal(root, "context", "--project", "shpo") == 1
    shown = capsys.readouterr()
    assert (shown.out, "no entry belongs to the project shpo" in shown.err) == ("", True)
    assert "(there are: shop, site)" in shown.err
    assert journal(root, "context", "--project", "shpo", "--format", "claude-code") == 0
    assert capsys.readouterr().err == ""


def test_a_digest_that_would_be_empty_is_not_said_to_be_there(tmp_path, capsys):
    empty = make_journal(tmp_path / "empty").root
    assert journal(empty, "learnings", "--write") == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("Nothing to learn from yet")


@pytest.mark.parametrize(("status", "says"), [("draft", "journal review"), ("final", "no entry names a gap")])
def test_a_digest_without_anything_to_say_tells_why(tmp_path, monkeypatch, capsys, status, says):
    monkeypatch.setattr(Context, "now", lambda _: NOW)
    made = make_journal(tmp_path / "bare")
    assert journal(made.root, "learnings") == 0
    assert "there are no entries" in capsys.readouterr().err
    text = f"---\nid: e1\ntitle: Quiet\ndate: 2026-11-02\nstatus: {status}\n---\n\n## What happened\n\nRead mail.\n"
    made.publish([Change("journal/sessions/2026/2026-11-02-quiet.md", text.encode())], "entry: quiet", NOW)
    assert journal(made.root, "learnings") == 0
    assert says in capsys.readouterr().err
