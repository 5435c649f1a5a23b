"""All entries of a journal, and references to them."""

import os
import sys
from pathlib import Path

import pytest

from journals import NOW, git, make_journal, page, where
from session_journal.errors import JournalError, UsageError
from session_journal.store.entries import load, resolve
from session_journal.store.journal import Change


@pytest.fixture
def root(tmp_path):
    return str(tmp_path)


def put(root, name, data):
    path = os.path.join(root, "journal", "sessions", *name.split("/"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return path


def entry(id_, day="2026-11-20", created="2026-11-20T10:00:00+00:00"):
    return f'---\nid: "{id_}"\ntitle: T {id_}\ndate: {day}\ncreated: {created}\n---\n'


def test_entries_come_oldest_first(root):
    put(root, "2026/2026-11-20-b.md", entry("b1", created="2026-11-20T12:00:00+00:00"))
    put(root, "2026/2026-11-20-c.md", entry("c1", created="2026-11-20T13:00:00+02:00"))
    put(root, "2025/2025-01-01-a.md", entry("a1", "2025-01-01"))
    entries, problems = load(root)
    assert ([found.id for found in entries], problems) == (["a1", "c1", "b1"], [])
    assert entries[0].path == "journal/sessions/2025/2025-01-01-a.md"


def test_a_project_that_is_spelled_in_several_ways_has_one_name(root):
    spelled = {"a1": "api", "b1": "API", "c1": "API", "d1": "shop", "e1": ""}
    for name, project in spelled.items():
        put(root, f"2026/2026-11-20-{name}.md", entry(name).replace("date:", f"project: {project}\ndate:"))
    found = {one.id: one.project for one in load(root)[0]}
    assert found == {**spelled, "a1": "API"}


def test_a_journal_without_entries_has_none(root):
    assert load(root) == ([], [])


def test_bad_files_become_problems_with_their_place_and_the_others_load(root):
    put(root, "2026/2026-11-20-good.md", entry("aa"))
    put(root, "2026/2026-11-20-hand-written.md", "# By hand\n")
    put(root, "2026/2026-11-21-empty.md", b"")
    put(root, "2026/2026-11-21-latin.md", b"---\ntitle: a\n---\ncaf\xe9\n")
    put(root, "2026/2026-11-21-open.md", b"---\ntitle: a\n")
    put(root, "2026/2026-11-21-twice.md", b"---\ntitle: a\nx: 1\ntitle: b\n---\n")
    put(root, "2026/2026-11-21-yaml.md", b"---\ntitle: a\nx: [1\n---\n")
    put(root, "2026/2026-11-21-zz-same-id.md", b'---\ntitle: copy\n\nid: "aa"\n---\n')
    put(root, "2026/undated.md", "no date\n")
    os.symlink(os.path.join(root, "nowhere"), os.path.join(root, "journal", "sessions", "2026", "2026-11-22-link.md"))
    entries, problems = load(root)
    assert [found.name for found in entries] == ["2026-11-20-hand-written", "2026-11-20-good"]
    assert [(problem.path.rpartition("/")[2], problem.line) for problem in problems] == [
        ("2026-11-21-empty.md", 1), ("2026-11-21-latin.md", 4), ("2026-11-21-open.md", 1), ("2026-11-21-twice.md", 4),
        ("2026-11-21-yaml.md", 3), ("2026-11-21-zz-same-id.md", 4), ("2026-11-22-link.md", 1), ("undated.md", 1),
    ]  # fmt: skip
    texts = [str(problem) for problem in problems]
    assert texts[0] == "journal/sessions/2026/2026-11-21-empty.md:1: the file is empty"
    assert "its id aa is already that of journal/sessions/2026/2026-11-20-good.md" in texts[5]


def test_many_files_without_an_id_are_no_doubles(root):
    put(root, "2026/2026-11-20-a.md", "# a\n")
    put(root, "2026/2026-11-20-b.md", "# b\n")
    entries, problems = load(root)
    assert (len(entries), problems) == (2, [])


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_is_a_problem(root):
    os.chmod(put(root, "2026/2026-11-20-a.md", "# a\n"), 0)
    assert "cannot be read" in load(root)[1][0].message


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_file_name_that_is_not_utf8_is_a_problem_that_can_be_printed(root):
    put(root, "2026/2026-11-20-caf\udce9.md", "# a\n")
    entries, problems = load(root)
    assert (entries, str(problems[0]).encode()) == (
        [],
        "journal/sessions/2026/2026-11-20-caf�.md:1: its file name is not UTF-8 text; rename it".encode(),
    )


@pytest.fixture
def entries(root):
    put(root, "2025/2025-11-20-fix-auth.md", entry("abcd0000" + "1" * 24, "2025-11-20"))
    put(root, "2026/2026-11-20-fix-auth.md", entry("abcd1111" + "2" * 24))
    put(root, "2026/2026-11-20-fix-auth-2.md", entry("beef" + "3" * 28, created="2026-11-20T11:00:00+00:00"))
    put(root, "2026/2026-11-20-deadbeef.md", entry("cafe" + "4" * 28, created="2026-11-20T12:00:00+00:00"))
    return load(root)[0]


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("@", "2026-11-20-deadbeef"), ("last", "2026-11-20-deadbeef"), ("@1", "2026-11-20-deadbeef"), ("@2", "2026-11-20-fix-auth-2"), ("@4", "2025-11-20-fix-auth"),
        ("journal/sessions/2026/2026-11-20-fix-auth.md", "2026-11-20-fix-auth"), ("sessions/2026/2026-11-20-fix-auth.md", "2026-11-20-fix-auth"),
        ("2026/2026-11-20-fix-auth", "2026-11-20-fix-auth"), ("2026-11-20-fix-auth.md", "2026-11-20-fix-auth"), ("2026-11-20-fix-auth", "2026-11-20-fix-auth"),
        ("fix-auth-2", "2026-11-20-fix-auth-2"), ("fix-auth-2.md", "2026-11-20-fix-auth-2"), ("deadbeef", "2026-11-20-deadbeef"),
        ("2025-11-20", "2025-11-20-fix-auth"), ("abcd1", "2026-11-20-fix-auth"), ("BEEF", "2026-11-20-fix-auth-2"), ("abcd0000" + "1" * 24, "2025-11-20-fix-auth"), (" @ ", "2026-11-20-deadbeef"), ("adbe", "2026-11-20-deadbeef"),
    ],
)  # fmt: skip
def test_a_reference_means_one_entry(entries, ref, name):
    assert resolve(entries, ref).name == name


def test_a_path_is_read_from_the_working_directory(entries, root):
    assert (
        resolve(entries, "2026-11-20-fix-auth.md", os.path.join(root, "journal", "sessions", "2026")).name
        == "2026-11-20-fix-auth"
    )
    assert (
        resolve(
            entries,
            os.path.join("..", "2025", "2025-11-20-fix-auth.md"),
            os.path.join(root, "journal", "sessions", "2026"),
        ).name
        == "2025-11-20-fix-auth"
    )
    assert (
        resolve(entries, os.path.join(root, "journal", "sessions", "2026", "2026-11-20-deadbeef.md"), "/").name
        == "2026-11-20-deadbeef"
    )


def test_what_several_entries_match_is_refused_with_the_candidates(entries):
    with pytest.raises(JournalError, match="fix-auth: 2 entries match") as caught:
        resolve(entries, "fix-auth")
    assert "2025-11-20-fix-auth.md" in caught.value.message
    assert "2026-11-20-fix-auth.md" in caught.value.message
    with pytest.raises(JournalError, match="2026-11-20: 3 entries match"):
        resolve(entries, "2026-11-20")
    with pytest.raises(JournalError, match="abcd: 2 entries match"):
        resolve(entries, "abcd")


@pytest.mark.parametrize("ref", ["nothing-like-it", "abc", "au", "", "@9", "/", ".", "journal", "sessions/2026"])
def test_what_no_entry_matches_is_refused_with_a_hint(entries, ref):
    with pytest.raises(JournalError) as caught:
        resolve(entries, ref)
    assert caught.value.hint


@pytest.mark.parametrize("ref", ["@0", "@x", "@-1", "@²"])
def test_a_place_that_is_no_number_is_a_usage_error(entries, ref):
    with pytest.raises(UsageError):
        resolve(entries, ref)


def test_near_names_are_suggested(entries):
    with pytest.raises(JournalError) as caught:
        resolve(entries, "fix-autj-2")
    assert "fix-auth-2" in caught.value.hint


def test_an_empty_journal_says_so():
    with pytest.raises(JournalError, match="no entries yet"):
        resolve([], "@")


def test_a_copy_does_not_take_the_place_of_what_git_knows(tmp_path):
    journal = make_journal(tmp_path / "journal")
    journal.publish([Change(where("b"), page(1))], "entry: b", NOW)
    for name in ("a", "c"):
        Path(journal.path(where(name))).write_bytes(page(1))
    entries, problems = load(journal.root)
    assert [entry.path for entry in entries] == [where("b")]
    assert [problem.path for problem in problems] == [where("a"), where("c")]


def test_of_two_committed_files_with_one_id_the_older_has_it(tmp_path):
    journal = make_journal(tmp_path / "journal")
    journal.publish([Change(where("b"), page(1))], "entry: b", NOW)
    Path(journal.path(where("a"))).write_bytes(page(1))
    git(journal, "add", ".")
    git(journal, "commit", "-qm", "copy")
    assert [entry.path for entry in load(journal.root)[0]] == [where("b")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are of Unix")
def test_a_pipe_is_a_problem_and_nothing_waits_for_it(tmp_path):
    journal = make_journal(tmp_path / "journal")
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    os.mkfifo(journal.path(where("pipe")))
    entries, problems = load(journal.root)
    assert len(entries) == 1
    assert [str(problem) for problem in problems] == [f"{where('pipe')}:1: not a regular file"]
