"""Which editor opens, and how its command is read."""

from __future__ import annotations

import pytest

from session_journal.app.editor import find_editor, open_editor, split_command
from session_journal.errors import JournalError, NotFoundError


def test_the_nearest_wish_wins():
    env = {"JOURNAL_EDITOR": "a", "VISUAL": "c", "EDITOR": "d"}
    assert find_editor(env, "b") == ["a"]
    assert find_editor({**env, "JOURNAL_EDITOR": " "}, "b") == ["b"]
    assert find_editor({**env, "JOURNAL_EDITOR": ""}) == ["c"]
    assert find_editor({"EDITOR": "d"}) == ["d"]


def test_arguments_and_blanks_are_understood(tmp_path):
    assert split_command("emacs -nw", windows=False) == ["emacs", "-nw"]
    assert split_command("'/opt/my editor/ed' --wait", windows=False) == ["/opt/my editor/ed", "--wait"]
    assert split_command('"C:\\Program Files\\np.exe" -x', windows=True) == ["C:\\Program Files\\np.exe", "-x"]
    assert split_command("C:\\tools\\np.exe -x", windows=True) == ["C:\\tools\\np.exe", "-x"]


def test_a_path_with_blanks_that_exists_is_one_part(tmp_path):
    program = tmp_path / "my editor"
    program.write_text("")
    assert split_command(str(program), windows=False) == [str(program)]


def test_an_open_quote_is_reported():
    with pytest.raises(JournalError, match="cannot be read"):
        split_command("vim 'oops", windows=False)


def test_editors_with_a_window_are_told_to_wait():
    assert find_editor({"EDITOR": "code"}) == ["code", "--wait"]
    assert find_editor({"EDITOR": "code -w"}) == ["code", "-w"]
    assert find_editor({"EDITOR": "/usr/bin/subl --wait"}) == ["/usr/bin/subl", "--wait"]


def test_without_any_editor_the_way_out_is_named(tmp_path):
    with pytest.raises(NotFoundError) as caught:
        find_editor({"PATH": str(tmp_path)})
    assert "-m" in caught.value.hint


def test_an_installed_editor_is_found(tmp_path):
    program = tmp_path / "nano"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert find_editor({"PATH": str(tmp_path)}) == ["nano"]


def test_an_editor_that_cannot_start_is_named(tmp_path):
    with pytest.raises(JournalError, match="no-such-editor"):
        open_editor(["no-such-editor"], str(tmp_path / "x"), {"PATH": str(tmp_path)})


def test_without_a_terminal_only_an_editor_that_was_named_is_started():
    with pytest.raises(NotFoundError, match="no terminal"):
        find_editor({"PATH": "/usr/bin"}, terminal=False)
    assert find_editor({"EDITOR": "d"}, terminal=False) == ["d"]
