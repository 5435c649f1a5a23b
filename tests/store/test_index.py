"""The index always says what the files say, whatever happened to them or to it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from session_journal.core.query import Filters, parse
from session_journal.store.index import ask

OLD = 1_700_000_000


class Files:
    """A folder with a journal's files and the place of an index."""

    def __init__(self, root):
        self.root = root
        self.path = str(root / "cache" / "index.sqlite3")

    def write(self, path, text, *, when=OLD):
        place = self.root / "journal" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(place, (when, when))
        return place

    def entry(self, name, body, *, title="A session", day="2026-11-20", more="", **options):
        head = f"---\ntitle: {title}\ndate: {day}\n{more}---\n\n"
        return self.write(f"sessions/2026/{name}.md", head + body + "\n", **options)

    def ask(self, question):
        return ask(str(self.root), self.path, question)

    def search(self, text, limit=10):
        hits = self.ask(lambda opened: opened.search(parse(text), limit))
        return [hit.page.path.rsplit("/", 1)[-1].removesuffix(".md") for hit in hits]


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def test_a_question_finds_the_entry_that_answers_it(files):
    files.entry("a", "We moved the queue to SQLite because Postgres was too much to run.")
    files.entry("b", "Painted the button green.")
    assert files.search("Why did we choose SQLite for the queue?") == ["a"]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("InitializeSession", "initialize session"),
        ("InitializeSession", "initializesession"),
        ("`os.Chdir` is global", "chdir"),
        ("`foo_bar`", "foo-bar"),
        ("run `new --no-edit`", "--no-edit"),
        ("see cmd/cli/hooks.go", "hooks.go"),
        ("see cmd/cli/hooks.go", "cmd/cli/hooks.go"),
        ("the tests were flaking", "flaky test"),
        ("it broke", "what is breaking?"),
        ("naïve café", "naive cafe"),
        ("configuration", "config"),
        ("the webhook", "web hook"),
        ("東京都庁で会議", "都庁"),
        ("repository", "repositor"),
    ],
)
def test_words_are_found_in_other_forms(files, written, asked):
    files.entry("a", written)
    files.entry("b", "something else")
    assert files.search(asked)[:1] == ["a"]


def test_more_and_rarer_words_rank_higher(files):
    for number in range(8):
        files.entry(f"n{number}", "the build of the server")
    files.entry("both", "the build of the frobnicator")
    assert files.search("frobnicator build")[0] == "both"


def test_one_telling_line_in_a_long_entry_counts(files):
    filler = "\n\n".join(f"Paragraph {number} about many other things and one cache." for number in range(60))
    files.entry("long", f"{filler}\n\nThe retry storm came from the jitter being zero.")
    files.entry("words", "zero\n\n" * 5 + "storm\n\n" * 2 + filler)
    assert files.search("retry storm with zero jitter")[0] == "long"


def test_a_rollup_comes_after_the_entry_it_repeats(files):
    files.entry("entry", "Locking fixed by a lease on the row.")
    files.write("rollups/2026-W47.md", "# Week\n\nLocking fixed by a lease on the row.\n")
    assert files.search("locking lease") == ["entry", "2026-W47"]


def test_the_newer_comes_first_only_where_scores_are_equal(files):
    files.entry("old", "lease lease lease lease", day="2026-01-01")
    files.entry("new", "lease and several other words", day="2026-11-20")
    files.entry("newest", "lease lease lease lease", day="2026-11-21")
    assert files.search("lease") == ["newest", "old", "new"]


def test_exact_phrases_exclusions_and_filters_hold(files):
    files.entry("a", "connection reset by peer", more="project: shop\n")
    files.entry("b", "peer said: connection reset", more="project: shop\n")
    files.entry("c", "connection reset by peer, again parallel", more="project: other\n")
    assert files.search('"reset by peer"') == ["a", "c"] or files.search('"reset by peer"') == ["c", "a"]
    assert files.search("connection -parallel project:shop") in (["a", "b"], ["b", "a"])
    assert files.search("project:OTHER") == ["c"]


def test_the_snippet_shows_and_marks_what_matched(files):
    files.entry("a", "Nothing here.\n\n## Decisions\n\n- Use a lease on the row [t4]\n")
    hit = files.ask(lambda opened: opened.search(parse("lease"), 1))[0]
    assert hit.snippet == "Use a \x02lease\x03 on the row"
    assert hit.passage.kind == "decision"


def test_changed_new_and_vanished_files_are_noticed(files):
    place = files.entry("a", "alpha")
    assert files.search("alpha") == ["a"]
    files.entry("b", "alpha beta", when=OLD + 50)
    files.entry("a", "gamma", when=OLD + 60)
    assert files.search("alpha") == ["b"]
    assert files.search("gamma") == ["a"]
    place.unlink()
    assert files.search("gamma") == []


def test_a_change_of_the_same_size_and_time_is_noticed_while_the_file_is_young(files):
    young = 4_000_000_000
    files.entry("a", "alpha", when=young)
    assert files.search("alpha") == ["a"]
    files.entry("a", "omega", when=young)
    assert files.search("omega") == ["a"]


def test_a_touched_file_is_remembered_with_its_new_time(files):
    files.entry("a", "alpha")
    files.search("alpha")
    files.entry("a", "alpha", when=OLD + 500)
    files.search("alpha")
    db = sqlite3.connect(files.path)
    rows = db.execute("SELECT mtime, settled FROM page").fetchall()
    db.close()
    assert rows == [((OLD + 500) * 10**9, 1)]


def test_a_broken_entry_is_found_by_its_text_and_hides_no_other(files):
    files.entry("good", "alpha")
    files.write("sessions/2026/2026-11-19-bad.md", b"---\ntitle: [oops\n---\nalpha caf\xe9")
    assert sorted(files.search("alpha")) == ["2026-11-19-bad", "good"]


def test_links_out_of_the_journal_are_not_followed(files, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("alpha")
    files.entry("good", "alpha")
    try:
        (files.root / "journal" / "sessions" / "2026" / "link.md").symlink_to(secret)
    except OSError:
        pytest.skip("links cannot be made here")
    assert files.search("alpha") == ["good"]


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 100, "cut", "tables"])
def test_a_broken_index_is_made_anew(files, damage):
    files.entry("a", "alpha")
    files.search("alpha")
    if damage == "tables":
        with sqlite3.connect(files.path) as db:
            db.execute("DROP TABLE passage")
        db.close()
    else:
        with open(files.path, "r+b") as file:
            data = file.read()
            file.seek(0)
            file.truncate()
            file.write(data[: len(data) // 2] if damage == "cut" else damage)
    assert files.search("alpha") == ["a"]
    assert files.search("alpha") == ["a"]


def test_an_index_of_another_version_is_made_anew(files):
    files.entry("a", "alpha")
    os.makedirs(os.path.dirname(files.path))
    with sqlite3.connect(files.path) as db:
        db.execute("CREATE TABLE page(other TEXT)")
        db.execute("PRAGMA user_version = 99")
    db.close()
    assert files.search("alpha") == ["a"]


def test_without_a_place_for_it_the_index_is_made_in_memory(files):
    files.entry("a", "alpha")
    (files.root / "cache").write_text("a file where the folder should be")
    assert files.search("alpha") == ["a"]
    assert (files.root / "cache").read_text() == "a file where the folder should be"


def test_a_locked_index_does_not_stop_a_search(files, monkeypatch):
    monkeypatch.setattr("session_journal.store.index.BUSY_SECONDS", 0.05)
    files.entry("a", "alpha")
    files.search("alpha")
    files.entry("b", "alpha", when=OLD + 9)
    other = sqlite3.connect(files.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert sorted(files.search("alpha")) == ["a", "b"]
    other.close()


def test_many_processes_make_one_index(files):
    for number in range(40):
        files.entry(f"n{number:02}", f"alpha {number}")
    code = (
        "import sys; from session_journal.store.index import ask; from session_journal.core.query import parse\n"
        "print(len(ask(sys.argv[1], sys.argv[2], lambda opened: opened.search(parse('alpha'), 99))))"
    )
    command = [sys.executable, "-c", code, str(files.root), files.path]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(5)]
    assert [one.communicate()[0].strip() for one in running] == ["40"] * 5
    db = sqlite3.connect(files.path)
    assert db.execute("SELECT count(*) FROM page").fetchone() == (40,)
    db.close()


def test_deleting_the_index_loses_nothing(files):
    files.entry("a", "alpha")
    before = files.search("alpha")
    os.remove(files.path)
    assert files.search("alpha") == before


def test_items_come_page_by_page_in_their_order(files):
    files.entry("a", "## Decisions\n\n- one\n- two\n\n## Questions\n\n- three\n", day="2026-11-20")
    files.entry("b", "## Decisions\n\n- four\n", day="2026-11-21")

    def decisions(opened):
        return opened.items(["decision"], opened.pages(Filters(until=date(2026, 11, 30))))

    assert [passage.text for _, passage in files.ask(decisions)] == ["four", "one", "two"]


def test_sessions_are_named_that_have_all_beginnings_of_words_in_one_passage_or_their_title(files):
    files.entry("one", "We configured the Netlify deploys.")
    files.entry("apart", "We configured nginx.\n\nNetlify rested.")
    files.entry("title", "Nothing.", title="\u00dcber CONFIGURING netlify")
    files.entry("early", "We configured the Netlify deploys.", day="2026-11-01")
    files.write("notes/2026-11-20.md", "- Configured Netlify\n")

    def named(*starts):
        found = files.ask(lambda opened: opened.naming(starts, "2026-11-20"))
        return [path.rsplit("/", 1)[-1].removesuffix(".md") for path in found]

    assert named("configur", "netlif") == ["one", "title"]
    assert named("\u00fcber", "netlif") == ["title"]
    assert named() == ["apart", "one", "title"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet="ab \"'*()-:^{}東\x00é", max_size=12), min_size=1, max_size=8))
def test_any_query_on_any_text_gives_an_answer(files, texts):
    files.entry("a", texts[0].replace("\x00", ""))
    for text in texts:
        assert files.search(text) in ([], ["a"])


def test_a_file_name_that_is_not_utf8_is_left_out(files):
    files.entry("a", "We moved the queue to SQLite.")
    folder = os.fsencode(files.root / "journal" / "sessions" / "2026")
    with open(os.path.join(folder, b"2026-11-20-\xff.md"), "wb") as file:
        file.write(b"---\ntitle: odd\n---\n\nThe queue again.\n")
    assert files.search("queue") == ["a"]
