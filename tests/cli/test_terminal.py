"""What only happens when a person looks: questions of `review`, the pager, colours."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.app.capture import Wanted, capture
from session_journal.app.draft import Clock
from session_journal.store.entries import load
from terminals import on_terminal, talk

pty = pytest.importorskip("pty", reason="terminals are POSIX")

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
RUN = "import sys; from session_journal.cli.main import main; main()"


@pytest.fixture
def journal(tmp_path):
    made = make_journal(tmp_path / "journal")
    files = sorted(map(str, EXAMPLES.glob("2026-11-1[023]*.jsonl")))
    capture(made, files, Clock(NOW, UTC), Wanted())
    return made


@pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning")
class TestOnATerminal:
    def test_review_asks_about_each_draft(self, journal, tmp_path):
        editor = tmp_path / "editor"
        editor.write_text('#!/bin/sh\necho "my words" >> "$1"\n')
        editor.chmod(0o755)
        drafts = [entry for entry in load(journal.root)[0] if entry.status == "draft"]
        assert len(drafts) == 4
        code, shown = on_terminal(
            ["--journal", journal.root, "review"], "a\nd\ns\ne\na\n", PAGER="cat", EDITOR=str(editor), TERM="dumb"
        )
        assert code == 0, shown
        after = {entry.id: entry for entry in load(journal.root)[0]}
        first, second, third, fourth = (entry.id for entry in drafts)
        assert second not in after
        assert [after[one].status for one in (first, third, fourth)] == ["final", "draft", "final"]
        assert after[fourth].body.endswith("my words\n")

    def test_who_starts_reads_what_matters_without_the_frame_for_assistants(self, journal):
        projects = [entry.project for entry in load(journal.root)[0] if entry.project]
        code, shown = on_terminal(["--journal", journal.root, "start", "--project", projects[-1]])
        assert code == 0
        assert "## Where the last sessions ended" in shown
        assert "journal-context" not in shown

    def test_reading_a_large_journal_for_the_first_time_shows_how_far_it_is(self, journal):
        for number in range(200):
            path = Path(journal.path(f"journal/sessions/2026/2026-01-01-{number}.md"))
            path.write_text(f"---\ntitle: Work {number}\ndate: 2026-01-01\n---\n\nDone.\n")
        args = ["--journal", journal.root, "actions"]
        first, again = on_terminal(args)[1], on_terminal(args)[1]
        assert ("reading the journal" in first, "reading the journal" in again) == (True, False)

    def test_quitting_leaves_the_rest(self, journal):
        code, _ = on_terminal(["--journal", journal.root, "review"], "q\n", PAGER="cat")
        assert code == 0
        assert {entry.status for entry in load(journal.root)[0]} == {"draft"}

    @pytest.mark.parametrize("key", ["\x03\n", "\x04"])  # readline may notice Ctrl+C only at the next key
    def test_whoever_stops_in_the_middle_is_told_how_far_it_went(self, journal, key):
        code, shown = talk(
            ["--journal", journal.root, "review"], [("(q)uit [s]: ", "a\n"), ("(q)uit [s]: ", key)], PAGER="cat"
        )
        assert code == 130
        assert "1 of 4 reviewed; go on with journal review" in shown
        assert [entry.status for entry in load(journal.root)[0]].count("final") == 1

    def test_items_are_dropped_by_their_numbers_once_that_is_agreed_to(self, journal):
        entry = next(entry for entry in load(journal.root)[0] if entry.status == "draft")
        name = entry.id[:8]
        path = Path(journal.path(entry.path))
        before = path.read_bytes()
        _, shown = on_terminal(["--journal", journal.root, "review", name], "t\n99\nt\n1\nn\nt\n\ns\n", PAGER="cat")
        assert "'99' names no item" in shown
        assert path.read_bytes() == before
        _, shown = on_terminal(["--journal", journal.root, "review", name], "t\n1-2\ny\na\n", PAGER="cat")
        after = load(journal.root)[0]
        (found,) = [one for one in after if one.id == entry.id]
        assert [item.text for item in found.items] == [item.text for item in entry.items[2:]]
        assert found.status == "final"
        assert "1 of 1 reviewed" in shown

    def test_more_people_see_it_only_when_that_is_agreed_to(self, journal):
        entry = next(entry for entry in load(journal.root)[0] if entry.status == "draft")
        levels = []
        for answer in ("n", "y"):
            _, shown = on_terminal(
                ["--journal", journal.root, "review", entry.id[:8]], f"v\nt\n{answer}\ns\n", PAGER="cat"
            )
            assert "everyone who can read this journal's remotes" in shown
            levels += [one.visibility for one in load(journal.root)[0] if one.id == entry.id]
        assert levels == ["self", "team"]

    def test_one_draft_that_cannot_be_stored_is_said_and_asked_about_again(self, journal):
        entry = next(entry for entry in load(journal.root)[0] if entry.status == "draft")
        path = Path(journal.path(entry.path))
        path.write_bytes(path.read_bytes() + b"\nghp_" + b"A1b2C3d4E5" * 4 + b"\n")
        code, shown = on_terminal(["--journal", journal.root, "review", entry.id[:8]], "a\nq\n", PAGER="cat")
        assert code == 0
        assert "holds a secret" in shown
        assert "0 of 1 reviewed" in shown

    def test_what_another_window_changed_is_shown_before_it_is_accepted(self, journal):
        entry = next(entry for entry in load(journal.root)[0] if entry.status == "draft")
        path = Path(journal.path(entry.path))
        answers = iter(["a\n", "a\n"])

        def change_first():
            path.write_bytes(path.read_bytes() + b"\nfrom elsewhere\n")
            return next(answers)

        turns = [("(q)uit [s]: ", change_first), ("(q)uit [s]: ", lambda: next(answers))]
        code, shown = talk(["--journal", journal.root, "review", entry.id[:8]], turns, PAGER="cat")
        assert code == 0
        assert shown.index("was changed meanwhile") < shown.index("from elsewhere")
        assert path.read_bytes().endswith(b"\nfrom elsewhere\n")
        assert b"status: final" in path.read_bytes()

    def test_a_draft_under_review_fits_the_terminal_and_has_colours_where_they_are_welcome(self, journal):
        _, shown = on_terminal(["--journal", journal.root, "review"], "q\n", PAGER="cat", COLUMNS="60", TERM="xterm")
        page = shown[: shown.index("(a)ccept")].splitlines()
        assert [line for line in page if len(line) > 60 and not line.startswith("journal/")] == []  # a path stays whole
        assert any(line.strip().startswith("1. ") for line in page)
        wide = {"COLUMNS": "100", "LINES": "500", "TERM": "xterm"}
        assert "\x1b[1m[1/4]" in on_terminal(["--journal", journal.root, "review"], "q\n", **wide)[1]
        assert "\x1b" not in on_terminal(["--journal", journal.root, "review"], "q\n", NO_COLOR="1", **wide)[1]

    @pytest.mark.parametrize("option", ["--from", "--last"])
    def test_what_a_person_has_drafted_is_reviewed_at_once(self, tmp_path, monkeypatch, option):
        journal = make_journal(tmp_path / "journal")
        transcript = EXAMPLES / "2026-11-10-csv-export.jsonl"
        if option == "--last":
            folder = Path(os.environ["HOME"], ".claude", "projects", "-x")
            folder.mkdir(parents=True)
            shutil.copy(transcript, folder)
        args = ["--from", str(transcript)] if option == "--from" else ["--last"]
        code, shown = on_terminal(["--journal", journal.root, "new", *args], "a\n", PAGER="cat")
        assert code == 0, shown
        assert [entry.status for entry in load(journal.root)[0]] == ["final"]
        assert "1 of 1 reviewed" in shown

    def test_list_marks_drafts_in_colour_unless_that_is_unwanted(self, journal):
        _, shown = on_terminal(["--journal", journal.root, "list"], "", TERM="xterm")
        assert "\x1b[33m" in shown
        _, plain = on_terminal(["--journal", journal.root, "list"], "", TERM="xterm", NO_COLOR="1")
        assert "\x1b" not in plain

    def test_show_goes_through_the_pager(self, journal, tmp_path):
        pager = tmp_path / "pager"
        pager.write_text("#!/bin/sh\nsed 's/^/P /'\n")
        pager.chmod(0o755)
        _, shown = on_terminal(["--journal", journal.root, "show"], "", PAGER=str(pager), TERM="dumb")
        assert "P title: " in shown

    def test_capture_shows_its_progress_and_then_its_result(self, journal):
        files = sorted(map(str, EXAMPLES.glob("*.jsonl")))
        code, shown = on_terminal(["--journal", journal.root, "capture", *files], "", TERM="xterm")
        assert code == 0
        assert "4 already in the journal" in shown

    @pytest.mark.parametrize(("answer", "entries"), [("y\n", 1), ("\n", 0)])
    def test_an_import_asks_before_it_writes(self, tmp_path, answer, entries):
        journal = make_journal(tmp_path / "journal")
        (tmp_path / "2025-05-19-old.md").write_text("Text.\n")
        code, shown = on_terminal(
            ["--journal", journal.root, "import", str(tmp_path / "2025-05-19-old.md")], answer, TERM="dumb"
        )
        assert (code, len(load(journal.root)[0])) == (0, entries), shown
        assert "Write 1 entry?" in shown
