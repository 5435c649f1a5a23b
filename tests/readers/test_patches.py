"""Patches as models write them, alone and in shell scripts."""

import pytest

from session_journal.core.events import REMOVED
from session_journal.readers.patches import changes, split_script

PATCH = "*** Begin Patch\n*** Update File: a.py\n@@ def f():\n-x\n+y\n*** End Patch"


def test_each_file_of_a_patch_is_one_change():
    patch = "*** Begin Patch\n*** Add File: new.py\n+one\n+\n+two\n*** Delete File: old.py\n" + PATCH.split("\n", 1)[1]
    assert changes(patch) == [("new.py", "+ one\n+ \n+ two"), ("old.py", REMOVED), ("a.py", "- x\n+ y")]


def test_of_a_moved_file_the_old_name_is_gone_and_the_new_one_has_the_change():
    patch = "*** Begin Patch\n*** Update File: old.py\n*** Move to: new.py\n@@\n-x\n+y\n*** End Patch"
    assert changes(patch) == [("old.py", REMOVED), ("new.py", "- x\n+ y")]


def test_line_ends_of_windows_and_marks_of_the_end_are_no_part_of_the_change():
    assert changes(PATCH.replace("\n", "\r\n")) == [("a.py", "- x\n+ y")]
    assert changes(PATCH.replace("*** End Patch", "*** End of File\n*** End Patch")) == [("a.py", "- x\n+ y")]


@pytest.mark.parametrize("patch", ["", "no patch", "*** Begin Patch", "*** Move to: x\n+y", "+y\n*** Update File:"])
def test_what_is_no_patch_changes_nothing(patch):
    assert changes(patch) == []


@pytest.mark.parametrize(
    ("script", "rest"),
    [
        (f"apply_patch <<'EOF'\n{PATCH}\nEOF", ""),
        (f"apply_patch <<EOF\n{PATCH}\nEOF\nmake test", "make test"),
        (f'cd lib && apply_patch << "PATCH"\n{PATCH}\nPATCH\n', "cd lib"),
        (f"apply_patch '{PATCH}'", ""),
        (f"apply_patch {PATCH}", ""),
        (f"make\napplypatch <<-'EOF'\n{PATCH}\nEOF\nmake test", "make\nmake test"),
    ],
)
def test_a_patch_in_a_script_stands_apart_from_the_rest(script, rest):
    assert split_script(script) == (PATCH, rest)


def test_a_patch_that_was_cut_off_reaches_to_the_end():
    torn = "apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: a.py\n@@\n-x\n+y"
    assert [change.path for change in changes(split_script(torn)[0])] == ["a.py"]


@pytest.mark.parametrize("script", ["ls", "", "cat <<'EOF'\n*** Begin Patch\nEOF"])
def test_a_script_without_a_patch_stays_as_it_is(script):
    assert split_script(script) == ("", script)
