"""What only happens when a person looks: questions of `review`, the pager, colours."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.app.capture import Wanted, capture
from session_journal.app.draft import Clock
from session_journal.store.entries import load
from terminals import on_terminal

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
            ["--journal", journal.root, "review"], "a\nd\ns\ne\ny\n", PAGER="cat", EDITOR=str(editor), TERM="dumb"
        )
        assert code == 0, shown
        after = {entry.id: entry for entry in load(journal.root)[0]}
        first, second, third, fourth = (entry.id for entry in drafts)
        assert second not in after
        assert [after[one].status for one in (first, third, fourth)] == ["final", "draft", "final"]
        assert after[fourth].body.endswith("my words\n")

    def test_quitting_leaves_the_rest(self, journal):
        code, _ = on_terminal(["--journal", journal.root, "review"], "q\n", PAGER="cat")
        assert code == 0
        assert {entry.status for entry in load(journal.root)[0]} == {"draft"}

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
