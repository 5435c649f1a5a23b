"""What is written in an editor is saved or kept, never lost."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import git, make_journal
from session_journal.app.edit import edit_path, find_editable, write_new
from session_journal.app.new import Wish, create_entry
from session_journal.app.sheet import Desk, lay_out
from session_journal.core.document import fields, parse
from session_journal.errors import ConflictError, DocumentError, JournalError
from session_journal.store.entries import load

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


@pytest.fixture
def said():
    return []


@pytest.fixture
def desk(tmp_path, said):
    """Return a function that makes a desk whose editor runs some Python on `path`, the file being edited."""

    def make(code):
        script = tmp_path / "editor.py"
        script.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n{code}\n")
        return Desk([sys.executable, str(script)], os.environ, LATER, said.append)

    return make


def append(text):
    return f"path.write_bytes(path.read_bytes() + {text.encode()!r})"


def swap(old, new):
    return f"path.write_text(path.read_text().replace({old!r}, {new!r}))"


def kept(journal):
    return [path for path in Path(journal.cache("editing")).rglob("*") if path.is_file()]


def test_what_is_written_becomes_an_entry(journal, desk):
    written = write_new(journal, Wish("Queue"), desk(append("- SQLite\n")))
    assert written.path == "journal/sessions/2026/2026-11-20-queue.md"
    assert Path(journal.path(written.path)).read_text().endswith("- SQLite\n")
    assert kept(journal) == []


@pytest.mark.parametrize("code", ["pass", "path.write_text('')", "path.write_text(' \\n\\n')", "path.unlink()"])
def test_nothing_written_is_nothing_saved(journal, desk, code):
    assert write_new(journal, Wish("Queue"), desk(code)) is None
    assert not Path(journal.path("journal/sessions")).exists()
    assert kept(journal) == []


def test_title_and_day_can_be_changed_in_the_editor(journal, desk):
    code = swap("title: Queue", "title: Storage") + "\n" + swap("date: 2026-11-20", "date: 2025-01-02")
    written = write_new(journal, Wish("Queue"), desk(code))
    assert written.path == "journal/sessions/2025/2025-01-02-storage.md"


def test_an_entry_begun_without_a_topic_is_named_by_its_first_words(journal, desk):
    written = write_new(journal, Wish(), desk(append("Chose SQLite for the queue\n")))
    assert fields(parse(written.data))["title"] == "Chose SQLite for the queue"
    assert written.path.endswith("chose-sqlite-for-the-queue.md")


def test_the_days_entry_on_the_topic_is_reopened(journal, desk):
    first = create_entry(journal, "Queue", "one", NOW)
    written = write_new(journal, Wish("queue"), desk(append("two\n")))
    assert written.path == first.path
    assert written.data.endswith(b"one\ntwo\n")


def test_an_edit_touches_only_what_was_edited_and_the_time(journal, desk):
    path = create_entry(journal, "Queue", "one", NOW).path
    hand = b'---\n# mine\nid: "0123456789abcdef0123456789abcdef"\nmood:   good  # really\ntitle: Queue\ndate: 2026-11-20\n---\n\none'
    Path(journal.path(path)).write_bytes(hand)
    data = edit_path(journal, path, desk(append(" two"))).data
    assert data == hand + b" two"  # no `created`: by hand, so no `updated` either


def test_an_edit_stamps_the_time(journal, desk):
    path = create_entry(journal, "Queue", "one", NOW).path
    values = fields(parse(edit_path(journal, path, desk(append("x"))).data))
    assert (values["created"], values["updated"]) == (NOW, LATER)


def test_a_deleted_id_comes_back(journal, desk):
    path = create_entry(journal, "Queue", "one", NOW).path
    before = fields(parse(Path(journal.path(path)).read_bytes()))["id"]
    code = "path.write_text(''.join(l for l in path.open() if not l.startswith('id:')))"
    assert fields(parse(edit_path(journal, path, desk(code)).data))["id"] == before


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (swap("title: ", "title: ["), ":3: "),
        ("path.write_bytes(path.read_bytes() + b'caf\\xe9')", "not UTF-8"),
        ("path.write_text('---\\ntitle: x\\n')", "not closed"),
    ],
)
def test_text_that_cannot_be_read_is_kept_named_and_can_be_mended(journal, desk, said, code, words):
    path = create_entry(journal, "Queue", "one", NOW).path
    before = Path(journal.path(path)).read_bytes()
    with pytest.raises(DocumentError, match=words) as caught:
        edit_path(journal, path, desk(code + "\n" + append("precious")))
    assert caught.value.hint == "journal edit 2026-11-20-queue"
    (text,) = (file for file in kept(journal) if file.suffix == ".md")
    assert str(text) in caught.value.message
    assert b"precious" in text.read_bytes()
    assert Path(journal.path(path)).read_bytes() == before
    written = edit_path(journal, path, desk("path.write_text('---\\ntitle: Queue\\ndate: 2026-11-20\\n---\\nmended')"))
    assert written.data.endswith(b"mended")
    assert str(text) in said[0]
    assert kept(journal) == []


def test_a_file_that_changed_meanwhile_is_not_overwritten(journal, desk):
    path = create_entry(journal, "Queue", "one", NOW).path
    place = journal.path(path)
    with pytest.raises(ConflictError) as caught:
        edit_path(journal, path, desk(append("mine") + f"\npathlib.Path({place!r}).write_text('theirs')"))
    assert "your text is kept in" in caught.value.message
    assert Path(place).read_text() == "theirs"
    assert any(b"mine" in file.read_bytes() for file in kept(journal))


def test_an_old_unsaved_text_does_not_overwrite_what_came_later(journal, desk, said):
    path = create_entry(journal, "Queue", "one", NOW).path
    with pytest.raises(JournalError, match="ended with code 1"):
        edit_path(journal, path, desk(append("unsaved") + "\nsys.exit(1)"))
    create_entry(journal, "Queue", "later", NOW)
    data = edit_path(journal, path, desk(append("now"))).data
    assert b"later" in data
    assert b"unsaved" not in data
    assert "An earlier text was not saved" in said[0]
    assert any(b"unsaved" in file.read_bytes() for file in kept(journal))


def test_an_editor_that_failed_without_a_change_leaves_nothing_behind(journal, desk):
    path = create_entry(journal, "Queue", "one", NOW).path
    with pytest.raises(JournalError, match="ended with code 1"):
        edit_path(journal, path, desk("sys.exit(1)"))
    assert kept(journal) == []


def test_when_git_refuses_the_text_stays(journal, desk):
    for name, value in (("gpg.format", "ssh"), ("user.signingkey", "/nowhere/key"), ("commit.gpgsign", "true")):
        git(journal, "config", name, value)
    with pytest.raises(JournalError) as caught:
        write_new(journal, Wish("Queue"), desk(append("precious")))
    assert "your text is kept in" in caught.value.message
    assert any(b"precious" in file.read_bytes() for file in kept(journal))


def test_a_secret_typed_in_the_editor_is_taken_out(journal, desk):
    token = "ghp_" + "A1b2C3d4E5" * 4
    written = write_new(journal, Wish("Deploy"), desk(append(token)))
    assert written.redacted == {"github-token": 1}
    found = subprocess.run(["grep", "-r", token, journal.root], capture_output=True, check=False)
    assert found.stdout == b""


def test_references_find_entries_notes_broken_files_and_kept_texts(journal, desk):
    path = create_entry(journal, "Queue", "one", NOW).path
    broken = "journal/sessions/2026/2026-11-19-broken.md"
    Path(journal.path(broken)).write_text("---\nid: x\n")
    with pytest.raises(DocumentError):
        write_new(journal, Wish("Lost"), desk(swap("title: ", "title: [")))
    assert find_editable(journal, "queue", "/") == path
    assert find_editable(journal, path, "/") == path
    assert find_editable(journal, "2026-11-20-queue.md", str(Path(journal.path(path)).parent)) == path
    assert find_editable(journal, "2026-11-19-broken", "/") == broken
    assert find_editable(journal, "sessions/2026/2026-11-19-broken.md", "/") == broken
    assert find_editable(journal, "lost", "/") == "journal/sessions/2026/2026-11-20-lost.md"
    with pytest.raises(JournalError, match="no such entry"):
        find_editable(journal, "../../../etc/hosts.md", "/")


@pytest.mark.parametrize("new", ["f" * 32, ""])
def test_an_entry_keeps_its_id_whatever_is_typed(journal, desk, said, new):
    path = create_entry(journal, "Queue", "one", NOW).path
    before = fields(parse(Path(journal.path(path)).read_bytes()))["id"]
    written = edit_path(journal, path, desk(swap(before, new) + "\n" + append("two")))
    assert fields(parse(written.data))["id"] == before
    assert bool(new) == any(before in line for line in said)


def test_a_new_entry_with_pasted_front_matter_gets_an_id_of_its_own(journal, desk, said):
    other = create_entry(journal, "Queue", "one", NOW)
    written = write_new(journal, Wish("Cache"), desk(f"path.write_bytes({other.data!r} + b'more')"))
    assert fields(parse(written.data))["id"] != fields(parse(other.data))["id"]
    assert len(load(journal.root)[0]) == 2
    assert said


def test_an_id_that_another_entry_has_is_refused_and_the_text_kept(journal, desk):
    other = fields(parse(create_entry(journal, "Queue", "one", NOW).data))["id"]
    hand = "journal/sessions/2026/2026-11-20-zz.md"
    Path(journal.path(hand)).write_text("---\ntitle: By hand\ndate: 2026-11-20\n---\n\nText\n")
    with pytest.raises(DocumentError, match="already that of"):
        edit_path(journal, hand, desk(swap("title:", f'id: "{other}"\ntitle:') + "\n" + append("precious")))
    assert any(b"precious" in file.read_bytes() for file in kept(journal))


def test_a_copied_entry_may_be_given_an_id_of_its_own(journal, desk):
    first = create_entry(journal, "Queue", "one", NOW)
    copy = "journal/sessions/2026/2026-11-20-zz.md"
    Path(journal.path(copy)).write_bytes(first.data)
    edit_path(journal, copy, desk("path.write_text(''.join(l for l in path.open() if not l.startswith('id:')))"))
    assert [entry.path for entry in load(journal.root)[0]] == [first.path, copy]


def test_two_editors_at_once_have_a_sheet_each(journal, desk):
    inner = []

    def say(text):
        inner.append(text)

    first = desk(append("first\n"))
    with lay_out(journal, "journal/sessions/2026/2026-11-20-queue.md", None, b"x", first) as held:
        Path(held.path).write_text("in the other editor")
        written = write_new(journal, Wish("Queue"), Desk(first.editor, first.env, LATER, say))
        assert Path(held.path).read_text() == "in the other editor"
    assert written.data.endswith(b"first\n")
    assert inner == []
