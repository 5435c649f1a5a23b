"""New entries and notes: where they go, what they keep, and that writers at the same time lose nothing."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journals import make_journal
from session_journal.app.new import Wish, create_entry, make_title, remarks
from session_journal.app.note import add_note, with_bullet
from session_journal.core.document import fields, parse
from session_journal.errors import DocumentError, UsageError
from session_journal.store.entries import load

NOW = datetime(2026, 11, 20, 14, 5, 33, tzinfo=UTC)
TOKEN = "ghp_" + "A1b2C3d4E5" * 4


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


def read(journal, path):
    return Path(journal.path(path)).read_bytes()


def test_a_new_entry_is_final_dated_and_committed(journal):
    written = create_entry(journal, "Fix auth", "It was the clock.", NOW, "web", ["auth"])
    assert written.path == "journal/sessions/2026/2026-11-20-fix-auth.md"
    values = fields(parse(read(journal, written.path)))
    assert len(str(values.pop("id"))) == 32
    assert values == {
        "title": "Fix auth", "date": date(2026, 11, 20), "created": NOW, "updated": NOW, "type": "session",
        "status": "final", "visibility": "self", "project": "web", "tags": ["auth"],
    }  # fmt: skip
    assert read(journal, written.path).endswith(b"---\n\nIt was the clock.\n")
    assert written.published is not None
    assert subprocess.check_output(["git", "status", "--short"], cwd=journal.root) == b""


def test_another_day_is_the_entrys_day_and_the_clock_still_says_when(journal):
    written = create_entry(journal, "Fix auth", "x", NOW, day=date(2025, 12, 31))
    assert written.path == "journal/sessions/2025/2025-12-31-fix-auth.md"
    assert fields(parse(written.data))["created"] == NOW


def test_without_text_the_template_is_filled_in(journal):
    written = create_entry(journal, "Fix auth", "", NOW)
    assert b"## Decisions" in written.data


def test_the_journals_own_template_wins_and_a_broken_one_gives_way(journal):
    own = Path(journal.path("journal/templates/entry.md.j2"))
    own.parent.mkdir()
    own.write_text("Mine: {{ title }} of {{ date }}\n")
    assert create_entry(journal, "A", "", NOW).data.endswith(b"Mine: A of 2026-11-20\n")
    own.write_text("{{ nonsense }}\n")
    written = create_entry(journal, "B", "", NOW)
    assert b"## Decisions" in written.data
    assert "journal/templates/entry.md.j2:1" in remarks(written)[0]


def test_the_same_topic_of_a_day_is_one_entry(journal):
    first = create_entry(journal, "Fix  Auth", "one", NOW)
    again = create_entry(journal, "fix auth", "two", NOW.replace(hour=16))
    assert again.path == first.path
    assert again.data.endswith(b"\n\none\n\ntwo\n")
    assert fields(parse(again.data))["updated"] == NOW.replace(hour=16)
    assert create_entry(journal, "fix auth", "", NOW).published is None


def test_text_goes_under_an_entry_in_its_own_line_ending(journal):
    path = create_entry(journal, "Fix auth", "one", NOW).path
    crlf = read(journal, path).replace(b"\n", b"\r\n")
    Path(journal.path(path)).write_bytes(crlf)
    data = create_entry(journal, "Fix auth", "two\nthree", NOW).data
    assert data.count(b"\n") == data.count(b"\r\n")
    assert data.endswith(b"one\r\n\r\ntwo\r\nthree\r\n")


@pytest.mark.parametrize("other", ["Fix: auth!", "fix-auth", "Fix auth?"])
def test_another_topic_of_the_same_name_gets_a_number(journal, other):
    create_entry(journal, "Fix auth", "one", NOW)
    assert create_entry(journal, other, "two", NOW).path.endswith("fix-auth-2.md")
    assert create_entry(journal, other, "three", NOW).path.endswith("fix-auth-2.md")
    assert create_entry(journal, "Fix auth", "four", NOW).path.endswith("fix-auth.md")


def test_an_entry_that_cannot_be_read_is_not_touched(journal):
    place = Path(journal.path("journal/sessions/2026/2026-11-20-fix-auth.md"))
    place.parent.mkdir(parents=True)
    place.write_bytes(b"---\ntitle: [Fix auth\n---\n")
    assert create_entry(journal, "Fix auth", "x", NOW).path.endswith("fix-auth-2.md")
    assert place.read_bytes() == b"---\ntitle: [Fix auth\n---\n"


def test_without_a_topic_the_first_words_are_the_title():
    assert make_title(Wish(text="\n# Fixed the parser\n\nmore")) == "Fixed the parser"
    assert make_title(Wish(text="- a bullet")) == "a bullet"
    assert make_title(Wish(project="web")) == "Work on web"
    assert make_title(Wish()) == "Work"
    long = make_title(Wish(text="word " * 100))
    assert len(long) <= 102
    assert long.endswith(" …")


def test_entries_without_topic_and_text_stand_beside_each_other(journal):
    paths = [create_entry(journal, "", "", NOW, "web").path for _ in range(2)]
    assert [path.rsplit("/")[-1] for path in paths] == ["2026-11-20-work-on-web.md", "2026-11-20-work-on-web-2.md"]


def test_secrets_never_reach_the_disk_and_only_their_kind_is_said(journal):
    written = create_entry(journal, f"Deploy {TOKEN}", f"with {TOKEN}", NOW, tags=[TOKEN])
    assert TOKEN.encode() not in written.data
    assert TOKEN not in written.path
    remark, allow = remarks(written)
    assert allow.count("--allow") == 1
    assert "github-token" in remark
    assert TOKEN not in remark
    found = subprocess.run(["git", "grep", TOKEN, "HEAD"], cwd=journal.root, capture_output=True, check=False)
    assert found.stdout == b""


def test_a_dry_run_writes_nothing(journal):
    written = create_entry(journal, "A", "x", NOW, dry_run=True)
    assert not Path(journal.path(written.path)).exists()
    assert written.published is None
    add_note(journal, "x", NOW, dry_run=True)
    assert not Path(journal.path("journal/notes")).exists()


@pytest.mark.parametrize(
    "topic", ["../../etc/passwd", "日本語のタイトル", "a/b\\c:d*e?", "CON", ".", "🎉", "x" * 400, "---"]
)
def test_any_topic_makes_a_file_inside_the_journal(journal, topic):
    written = create_entry(journal, topic, "x", NOW)
    folder, name = written.path.rsplit("/", 1)
    assert folder == "journal/sessions/2026"
    assert len(name.encode()) <= 255
    entries, problems = load(journal.root)
    assert problems == []
    assert entries[0].title == topic


def test_bytes_that_are_no_text_do_not_stop_a_writer(journal):
    written = create_entry(journal, "caf\udce9", "b\udce9", NOW, tags=["t\udce9"])
    assert fields(parse(written.data))["title"] == "caf\ufffd"
    assert add_note(journal, "n\udce9", NOW).data.endswith("n\ufffd\n".encode())


def test_a_long_title_is_cut_in_the_commits_subject_only(journal):
    written = create_entry(journal, "word " * 60, "x", NOW)
    subject = subprocess.check_output(["git", "log", "-1", "--format=%s"], cwd=journal.root, text=True).strip()
    assert len(subject) <= 72
    assert subject.startswith("entry: word word")
    assert len(str(fields(parse(written.data))["title"])) == 299


def test_notes_of_a_day_are_one_file_of_bullets(journal):
    first = add_note(journal, "started", NOW)
    second = add_note(journal, "two\n\n  lines ", NOW.replace(hour=16))
    assert first.path == second.path == "journal/notes/2026-11-20.md"
    assert second.data == first.data + b"- 16:05 two lines\n"
    assert first.data.endswith(b"- 14:05 started\n")
    values = fields(parse(first.data))
    assert values["type"] == "note"
    assert len(str(values["id"])) == 32


def test_an_empty_note_is_refused(journal):
    with pytest.raises(UsageError, match="needs some text"):
        add_note(journal, " \n ", NOW)


@given(st.binary(min_size=1))
def test_a_note_changes_no_byte_that_was_there(data):
    result = with_bullet(data, "- 14:05 x")
    assert result.startswith(data)
    assert result.rstrip(b"\r\n").endswith(b"- 14:05 x")
    assert result[len(data) :].count(b"\n") == (1 if data.endswith(b"\n") else 2)


def test_a_note_without_front_matter_cannot_be_kept(journal):
    Path(journal.path("journal/notes")).mkdir()
    Path(journal.path("journal/notes/2026-11-20.md")).write_bytes(b"by hand\n")
    with pytest.raises(Exception, match="id") as caught:
        add_note(journal, "x", NOW)
    assert not isinstance(caught.value, (AttributeError, DocumentError))
    assert read(journal, "journal/notes/2026-11-20.md") == b"by hand\n"


WRITER = """
import sys
from datetime import UTC, datetime
from session_journal.app.new import create_entry
from session_journal.app.note import add_note
from session_journal.store.journal import open_journal
journal = open_journal(sys.argv[1])
now = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
for number in range(3):
    add_note(journal, f"note {sys.argv[2]}.{number}", now)
    create_entry(journal, "Same topic", f"text {sys.argv[2]}.{number}", now)
    create_entry(journal, f"Topic {sys.argv[2]}", f"own {number}", now)
"""


def test_six_writers_at_once_lose_nothing(journal):
    command = [sys.executable, "-c", WRITER, journal.root]
    running = [subprocess.Popen([*command, str(number)]) for number in range(6)]
    assert [process.wait() for process in running] == [0] * 6
    notes = read(journal, "journal/notes/2026-11-20.md").decode()
    shared = read(journal, "journal/sessions/2026/2026-11-20-same-topic.md").decode()
    marks = [f"{writer}.{number}" for writer in range(6) for number in range(3)]
    assert all(f"note {mark}\n" in notes for mark in marks)
    assert all(f"text {mark}\n" in shared for mark in marks)
    assert len(load(journal.root)[0]) == 7
    assert subprocess.check_output(["git", "status", "--short"], cwd=journal.root) == b""


def test_the_quick_path_imports_nothing_heavy(journal):
    code = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from session_journal.app.new import create_entry\n"
        "from session_journal.app.note import add_note\n"
        "from session_journal.store.journal import open_journal\n"
        "before = set(sys.modules)\n"
        "journal = open_journal(sys.argv[1])\n"
        "create_entry(journal, 'A', '', datetime(2026, 11, 20, tzinfo=UTC), 'web', ['x'])\n"
        "add_note(journal, 'b', datetime(2026, 11, 20, tzinfo=UTC))\n"
        "heavy = {'click', 'dataclasses', 'yaml', 'frontmatter', 'jinja2', 'subprocess', 'logging', 'pathlib', 'json'}\n"
        "print(*sorted(heavy & set(sys.modules)))\n"
    )
    out = subprocess.check_output(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}", journal.root]
    )
    assert out == b"\n"


def test_a_note_tells_of_a_broken_template_of_the_journal(journal):
    template = Path(journal.path("journal/templates/note.md.j2"))
    template.parent.mkdir(parents=True, exist_ok=True)
    template.write_text("{{ nonsense }}\n")
    written = add_note(journal, "kept", NOW)
    assert written.warning.startswith("journal/templates/note.md.j2:1: ")
    assert b"kept" in written.data
