"""weekly and playbook as they are typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.cli.main import run
from session_journal.cli.output import Context
from session_journal.store.journal import Change, open_journal

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LINT = ("Run the linter before committing", "Always run the linter before a commit", "Run the linter before you commit")

TITLE = LINT[2]


@pytest.fixture
def root(tmp_path):
    journal = make_journal(tmp_path / "journal")
    for number, lesson in enumerate(LINT):
        text = f'---\nid: "{number + 16:032x}"\ndate: 2026-11-{16 + number}\n---\n\n## Key takeaways\n\n- {lesson}\n'
        journal.publish([Change(f"journal/sessions/2026/2026-11-{16 + number}-s.md", text.encode())], "entry: s", NOW)
    return journal.root


def test_weekly_prints_the_files_it_wrote(root, capsys):
    assert run(["--journal", root, "weekly", "--date", "2026-W47"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "journal/rollups/2026-W47.md",
        "journal/playbooks/run-the-linter-before-you-commit.md  new, established: Run the linter before you commit",
    ]
    assert run(["--journal", root, "weekly", "--date", "2026-W47"]) == 0
    assert capsys.readouterr().out.splitlines() == ["journal/rollups/2026-W47.md (unchanged)"]


def test_reading_a_large_journal_for_the_first_time_is_announced(root, capsys):
    folder = Path(root, "journal/sessions/2025")
    folder.mkdir()
    for number in range(500):
        (folder / f"2025-11-20-{number}.md").write_text("---\ndate: 2025-11-20\n---\n\nWork.\n")
    said = []
    for _ in range(2):
        assert run(["--journal", root, "weekly", "--date", "2026-W47"]) == 0
        said.append("Reading and comparing 503 entries; the next time, only new ones ..." in capsys.readouterr().err)
    assert said == [True, False]


def test_weekly_says_that_its_pages_lack_the_files_that_cannot_be_read(root, capsys):
    broken = Path(root, "journal/sessions/2026/2026-11-19-broken.md")
    broken.write_text("---\n: [\n---\n")
    said = "journal/sessions/2026/2026-11-19-broken.md:2: "
    for options, words in ((["--dry-run"], "would be"), ([], "were")):
        assert run(["--journal", root, "weekly", "--date", "2026-W47", *options]) == 0
        shown = capsys.readouterr().err
        assert said in shown
        assert f"The pages {words} written without this file.\n" in shown
    broken.unlink()
    assert run(["--journal", root, "weekly", "--date", "2026-W47"]) == 0
    assert "without" not in capsys.readouterr().err


def test_an_empty_week_is_no_failure_and_says_what_to_try(root, capsys, monkeypatch):
    monkeypatch.setattr(Context, "now", lambda _: NOW)
    assert run(["--journal", root, "weekly", "--date", "2026-W30"]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "2026-W30: no entries" in shown.err
    assert "hint: journal weekly --date 2026-W47" in shown.err


def test_weekly_as_json_names_week_files_and_playbooks(root, capsys):
    assert run(["--journal", root, "weekly", "--date", "2026-W47", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["week"], told["path"], told["entries"]) == ("2026-W47", "journal/rollups/2026-W47.md", 3)
    assert [page["title"] for page in told["playbooks"]] == ["Run the linter before you commit"]


def test_weekly_as_json_lists_the_files_it_left_out(root, capsys):
    path = "journal/sessions/2026/2026-11-19-torn.md"
    Path(root, path).write_text("---\ndate: 2026-11-19\n---\n\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> other\n")
    assert run(["--journal", root, "weekly", "--date", "2026-W47", "--json"]) == 0
    (left,) = json.loads(capsys.readouterr().out)["left_out"]
    assert (left["path"], left["line"]) == (path, 5)
    assert "unresolved conflict" in left["why"]


def test_a_refused_block_is_an_expected_failure(root, capsys):
    run(["--journal", root, "weekly", "--date", "2026-W47"])
    path = f"{root}/journal/rollups/2026-W47.md"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("3 sessions on", "3 good sessions on"))
    assert run(["--journal", root, "weekly", "--date", "2026-W47"]) == 1
    shown = capsys.readouterr().err
    assert "journal: journal/rollups/2026-W47.md: its block `journal:weekly` was changed by hand" in shown
    assert "hint: move your lines out of the block, or use --force" in shown
    assert run(["--journal", root, "weekly", "--date", "2026-W47", "--force"]) == 0


def test_playbooks_are_listed_and_shown(root, capsys):
    assert run(["--journal", root, "playbook", "list"]) == 0
    assert "There are no playbooks yet" in capsys.readouterr().err
    run(["--journal", root, "weekly", "--date", "2026-W47"])
    capsys.readouterr()
    assert run(["--journal", root, "playbook", "list"]) == 0
    listed = capsys.readouterr().out
    assert listed == "established  run-the-linter-before-you-commit  Run the linter before you commit\n"
    assert run(["--journal", root, "playbook", "show", "linter"]) == 0
    assert "## What to do\n\n- Run the linter before you commit\n" in capsys.readouterr().out
    assert run(["--journal", root, "playbook", "show", "nothing"]) == 1
    assert "hint: journal playbook list" in capsys.readouterr().err
    assert run(["--journal", root, "playbook", "show", "linter", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "established"


def test_months_and_quarters_are_typed_like_weeks(root, capsys):
    assert run(["--journal", root, "monthly", "--date", "2026-11"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "journal/rollups/2026-11.md"
    assert run(["--journal", root, "quarterly", "--date", "2026-11-16", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["quarter"], told["path"]) == ("2026-Q4", "journal/rollups/2026-Q4.md")


def test_an_outline_to_teach_is_printed(root, capsys):
    assert run(["--journal", root, "quarterly", "--date", "2026-Q4", "--teach"]) == 0
    assert "# What could be taught from 2026-Q4\n" in capsys.readouterr().out


def test_a_playbook_is_marked_promoted_and_retired(root, capsys):
    run(["--journal", root, "weekly", "--date", "2026-W47"])
    capsys.readouterr()
    path = "journal/playbooks/run-the-linter-before-you-commit.md"
    assert run(["--journal", root, "playbook", "mark", "linter", "helpful", "--entry", "last"]) == 0
    assert capsys.readouterr().out == f"{path}  established: Run the linter before you commit\n"
    assert run(["--journal", root, "playbook", "promote", "linter"]) == 0
    assert capsys.readouterr().out == f"{path}  proven (was established): Run the linter before you commit\n"
    assert run(["--journal", root, "playbook", "retire", "linter", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "retired"
    assert run(["--journal", root, "playbook", "mark", "linter", "splendid"]) == 2
    assert run(["--journal", root, "playbook", "retire", "nothing"]) == 1


def test_files_that_a_tick_changes_are_named_in_a_dry_run_too(root, capsys):
    entry, page = "journal/sessions/2026/2026-11-19-t.md", "journal/rollups/2026-W47.md"
    task = f'---\nid: "{99:032x}"\ndate: 2026-11-19\n---\n\n## Action items\n\n- [ ] Rotate the key\n'
    open_journal(root).publish([Change(entry, task.encode())], "entry: t", NOW)
    run(["--journal", root, "weekly", "--date", "2026-W47"])
    assert "ticked" not in capsys.readouterr().err
    place = Path(root, page)
    place.write_text(place.read_text("utf-8").replace("- [ ] Rotate", "- [x] Rotate"), "utf-8")
    assert run(["--journal", root, "weekly", "--date", "2026-W46", "--dry-run"]) == 0
    assert f"What was ticked would read the same in {entry}, {page}, journal/learnings.md." in capsys.readouterr().err
    assert "- [ ] Rotate" in Path(root, entry).read_text("utf-8")
    run(["--journal", root, "weekly", "--date", "2026-W46"])
    assert f"What was ticked now reads the same in {entry}, {page}, journal/learnings.md." in capsys.readouterr().err
    assert "- [x] Rotate" in Path(root, entry).read_text("utf-8")


def test_a_dry_run_of_a_mark_says_that_nothing_was_changed(root, capsys):
    assert run(["--journal", root, "weekly", "--date", "2026-11-20"]) == 0
    capsys.readouterr()
    assert run(["--journal", root, "playbook", "mark", "linter", "helpful", "--dry-run"]) == 0
    assert capsys.readouterr().err == "Nothing was changed (dry run).\n"


def test_what_becomes_of_pages_that_a_person_deleted_or_wrote_in_is_said(root, capsys, monkeypatch):
    monkeypatch.setattr(Context, "now", lambda _: NOW)
    assert run(["--journal", root, "weekly", "--date", "2026-W47"]) == 0
    page = Path(root, "journal/playbooks/run-the-linter-before-you-commit.md")
    page.unlink()
    rollup = Path(root, "journal/rollups/2026-W47.md")
    rollup.write_text(rollup.read_text(encoding="utf-8").replace("\n## ", "\nMine.\n\n## ", 1), encoding="utf-8")
    capsys.readouterr()
    assert run(["--journal", root, "weekly", "--date", "2026-W47"]) == 0
    *said, hint = capsys.readouterr().err.splitlines()
    assert hint.startswith(f"hint: journal playbook promote {page.stem}, to have it back as it was; journal patterns")
    assert said == [
        "journal/rollups/2026-W47.md: 1 line of yours inside its block, put below it",
        f"journal/playbooks/{page.name} was deleted, so it is not made again, though it keeps recurring: {TITLE}",
    ]
    assert run(["--journal", root, "patterns"]) == 0
    shown = capsys.readouterr()
    assert f"deleted journal/playbooks/{page.name}\n" in shown.out
    assert "A playbook that you deleted is not made again; to have it back: journal playbook promote KEY" in shown.err
    monkeypatch.setattr(Context, "now", lambda _: NOW + timedelta(days=1))
    assert run(["--journal", root, "playbook", "promote", page.stem]) == 0
    assert "comes back with all that git still has" in capsys.readouterr().err
    assert run(["--journal", root, "playbook", "promote", page.stem, "--undo"]) == 0
    assert "stays: nothing was decided about it by hand" in capsys.readouterr().err
