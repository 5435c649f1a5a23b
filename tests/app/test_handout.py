"""A block in somebody's file: everything else stays byte for byte, and doubt means hands off."""

from __future__ import annotations

import os
import stat
import subprocess

import pytest

from session_journal.app.handout import apply, diff, is_shared, plan
from session_journal.errors import JournalError

TEXT = "<journal-context>\nfacts\n</journal-context>"
OTHER = "<journal-context>\nother facts\n</journal-context>"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "project"
    place.mkdir()
    return place


def write(folder, name, text=TEXT, **options):
    changes = plan(str(folder / name), text, str(folder.parent / "journal"), **options)
    apply(changes)
    return [os.path.basename(change.path) for change in changes]


def test_a_new_file_holds_the_block(folder):
    assert write(folder, "AGENTS.md") == ["AGENTS.md"]
    text = (folder / "AGENTS.md").read_text()
    assert text.startswith("<!-- journal:context ")
    assert TEXT in text


@pytest.mark.parametrize(
    "before", [b"", b"# Rules\r\n\r\nNo tabs.\r\n", b"\xef\xbb\xbf# Rules\n", b"no newline", "Größe\n".encode()]
)
def test_everything_outside_the_block_stays(folder, before):
    (folder / "AGENTS.md").write_bytes(before)
    write(folder, "AGENTS.md")
    write(folder, "AGENTS.md", OTHER)
    data = (folder / "AGENTS.md").read_bytes()
    assert data.startswith(before)
    assert data.count(b"journal:context") == 2
    assert b"other facts" in data
    assert b"\nfacts" not in data


def test_writing_twice_changes_nothing(folder):
    write(folder, "AGENTS.md")
    assert write(folder, "AGENTS.md") == []


def test_nothing_to_say_takes_the_block_out_and_makes_no_file(folder):
    assert write(folder, "AGENTS.md", "") == []
    assert not (folder / "AGENTS.md").exists()
    (folder / "AGENTS.md").write_text("# Rules\n")
    write(folder, "AGENTS.md")
    write(folder, "AGENTS.md", "")
    assert (folder / "AGENTS.md").read_text().strip() == "# Rules"


def test_a_block_changed_by_hand_is_refused_without_force(folder):
    write(folder, "AGENTS.md")
    file = folder / "AGENTS.md"
    file.write_text(file.read_text().replace("facts", "my own words"))
    with pytest.raises(JournalError, match="changed by hand"):
        write(folder, "AGENTS.md", OTHER)
    assert "my own words" in file.read_text()
    write(folder, "AGENTS.md", OTHER, force=True)
    assert "other facts" in file.read_text()


def test_broken_markers_are_refused(folder):
    (folder / "AGENTS.md").write_text("<!-- /journal:context -->\n<!-- journal:context -->\n")
    with pytest.raises(JournalError, match=r"AGENTS\.md"):
        write(folder, "AGENTS.md")


def test_links_and_foreign_encodings_are_left_alone(folder):
    (folder / "latin.md").write_bytes(b"caf\xe9")
    (folder / "real.md").write_text("real")
    (folder / "link.md").symlink_to(folder / "real.md")
    (folder / "nowhere.md").symlink_to(folder / "missing.md")
    for name in ("latin.md", "link.md", "nowhere.md"):
        with pytest.raises(JournalError, match="left alone"):
            write(folder, name)
    assert (folder / "real.md").read_text() == "real"
    assert not (folder / "missing.md").exists()


def test_a_missing_folder_is_named(folder):
    with pytest.raises(JournalError, match="does not exist"):
        write(folder, "none/AGENTS.md")


def test_the_journals_own_files_are_refused(folder):
    inside = folder.parent / "journal" / "journal"
    inside.mkdir(parents=True)
    with pytest.raises(JournalError, match="own"):
        plan(str(inside / "learnings.md"), TEXT, str(folder.parent / "journal"))


def test_the_files_mode_is_kept(folder):
    file = folder / "AGENTS.md"
    file.write_text("# Rules\n")
    file.chmod(0o750)
    write(folder, "AGENTS.md")
    assert stat.S_IMODE(file.stat().st_mode) == 0o750


def test_a_claude_md_includes_the_agents_md_that_holds_the_block(folder):
    (folder / "CLAUDE.md").write_bytes(b"# Mine\r\nno end")
    assert write(folder, "CLAUDE.md") == ["AGENTS.md", "CLAUDE.md"]
    assert (folder / "CLAUDE.md").read_bytes() == b"# Mine\r\nno end\r\n@AGENTS.md\r\n"
    assert TEXT in (folder / "AGENTS.md").read_text()
    assert write(folder, "CLAUDE.md", OTHER) == ["AGENTS.md"]


def test_an_agents_md_beside_a_claude_md_is_included_there(folder):
    (folder / "CLAUDE.md").write_text("# Mine\n")
    assert write(folder, "AGENTS.md") == ["AGENTS.md", "CLAUDE.md"]
    assert (folder / "CLAUDE.md").read_text() == "# Mine\n@AGENTS.md\n"


def test_no_claude_md_is_made_beside_an_agents_md(folder):
    write(folder, "AGENTS.md")
    assert not (folder / "CLAUDE.md").exists()


def test_a_claude_md_that_is_a_link_to_agents_md_needs_no_line(folder):
    (folder / "AGENTS.md").write_text("# Both\n")
    (folder / "CLAUDE.md").symlink_to("AGENTS.md")
    assert write(folder, "AGENTS.md") == ["AGENTS.md"]
    assert (folder / "CLAUDE.md").is_symlink()
    assert "@AGENTS.md" not in (folder / "AGENTS.md").read_text()


def test_a_file_changed_meanwhile_is_not_overwritten(folder):
    file = folder / "AGENTS.md"
    file.write_text("# Rules\n")
    changes = plan(str(file), TEXT, "/nowhere")
    file.write_text("# Other rules\n")
    with pytest.raises(JournalError, match="changed by someone else"):
        apply(changes)
    assert file.read_text() == "# Other rules\n"


def test_the_diff_shows_what_would_change_and_changes_nothing(folder):
    file = folder / "AGENTS.md"
    file.write_text("# Rules")
    shown = diff(plan(str(file), TEXT, "/nowhere"))
    assert "+facts\n" in shown
    assert file.read_text() == "# Rules"


def test_a_file_is_shared_where_git_would_take_it(folder):
    assert not is_shared(str(folder / "AGENTS.md"))
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / ".gitignore").write_text("local.md\n")
    assert is_shared(str(folder / "AGENTS.md"))
    assert not is_shared(str(folder / "local.md"))
