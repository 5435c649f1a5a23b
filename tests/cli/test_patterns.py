"""patterns, and split, merge and ignore, as they are typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.cli.main import run
from session_journal.cli.output import Context
from session_journal.store.journal import Change

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LINT = ("Run the linter before committing", "Always run the linter before a commit", "Run the linter before you commit")


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(Context, "now", lambda _: NOW)
    journal = make_journal(tmp_path / "journal")
    for number, lesson in enumerate(LINT):
        status = "draft" if number == 2 else "final"
        head = f'---\nid: "{number + 16:032x}"\ndate: 2026-11-{16 + number}\nstatus: {status}\n---\n\n'
        data = f"{head}## Key takeaways\n\n- {lesson}\n".encode()
        journal.publish([Change(f"journal/sessions/2026/2026-11-{16 + number}-s.md", data)], "entry: s", NOW)
    return journal.root


def test_patterns_are_a_bare_array_as_json(root, capsys):
    assert run(["--journal", root, "patterns", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert [member["text"] for member in told["members"]] == list(LINT)
    assert (told["first"], told["trend"], told["status"]) == ("2026-11-16", "new", "earned")


def test_people_see_keys_facts_and_what_is_a_draft(root, capsys):
    assert run(["--journal", root, "patterns"]) == 0
    head, facts, *rows = capsys.readouterr().out.splitlines()
    assert head.split("  ")[1] == LINT[1]
    assert facts == "  takeaway, 3 sessions on 3 days, 2026-11-16 to 2026-11-18 · new · earned"
    assert [row.endswith("(draft)") for row in rows] == [False, False, True]
    assert run(["--journal", root, "patterns", "--sessions", "4"]) == 0
    assert "Nothing recurs yet" in capsys.readouterr().err
    assert run(["--journal", root, "patterns", "--since", "2026-11-19"]) == 0
    assert "No pattern matches" in capsys.readouterr().err


def test_what_is_merely_watched_says_what_it_lacks_and_how_it_is_promoted(root, capsys):
    Path(root, "journal/sessions/2026/2026-11-18-s.md").unlink()
    assert run(["--journal", root, "patterns"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[1].endswith("new · watching: 2 sessions, 3 make a playbook")
    assert "journal playbook promote KEY" in told.err


def test_no_playbooks_say_to_run_weekly_only_where_no_rollup_was_made(root, capsys):
    for name in ("2026-11-17-s.md", "2026-11-18-s.md"):
        Path(root, "journal/sessions/2026", name).unlink()
    assert run(["--journal", root, "playbook", "list"]) == 0
    assert "`journal weekly`" in capsys.readouterr().err
    assert run(["--journal", root, "weekly", "--date", "2026-11-16"]) == 0
    capsys.readouterr()
    assert run(["--journal", root, "playbook", "list"]) == 0
    told = capsys.readouterr().err
    assert "`journal weekly`" not in told
    assert "`journal patterns`" in told


def test_a_pattern_is_ignored_by_its_key_and_taken_back(root, capsys):
    run(["--journal", root, "patterns", "--json"])
    key = json.loads(capsys.readouterr().out)[0]["pattern"]
    assert run(["--journal", root, "patterns", "ignore", key[:8], "--dry-run"]) == 0
    assert not Path(root, "journal", "patterns.toml").exists()
    assert run(["--journal", root, "patterns", "ignore", key[:8]]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("ignored: ")
    assert run(["--journal", root, "patterns", "ignore", key[:8]]) == 0
    assert capsys.readouterr().out.startswith("known already (ignore): ")
    assert run(["--journal", root, "patterns", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["--journal", root, "patterns", "--all", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["status"] == "ignored"
    assert run(["--journal", root, "patterns", "ignore", "--undo", key[:8]]) == 0
    assert capsys.readouterr().out.startswith("taken back (ignore): ")


def test_a_member_is_split_off(root, capsys):
    assert run(["--journal", root, "patterns", "split", LINT[0], "always run"]) == 0
    stays, off = capsys.readouterr().out.splitlines()
    assert (stays.startswith("stays: "), off) == (True, f"split off: {LINT[1]}")
    run(["--journal", root, "patterns", "--json"])
    assert [len(one["members"]) for one in json.loads(capsys.readouterr().out)] == [2]


@pytest.mark.parametrize(
    "args", [["split", "x"], ["split", "x", "y", "--undo"], ["merge", "x"], ["merge", "x", "y", "--undo"]]
)
def test_a_command_without_its_object_is_a_usage_error(root, capsys, args):
    assert run(["--journal", root, "patterns", *args]) == 2
    assert "hint: journal patterns" in capsys.readouterr().err


def test_merging_what_is_not_there_fails_with_a_hint(root, capsys):
    assert run(["--journal", root, "patterns", "merge", LINT[0], "nothing"]) == 1
    assert "hint: journal patterns --all" in capsys.readouterr().err
