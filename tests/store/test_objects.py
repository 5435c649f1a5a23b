"""Objects made without git must be the ones git would have made."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journals import NOW, git, make_journal, page, where
from session_journal.errors import GitError
from session_journal.store.journal import Change
from session_journal.store.objects import Objects
from session_journal.store.repository import Repository


@pytest.fixture(params=["sha1", "sha256"])
def repo(request, tmp_path):
    subprocess.run(["git", "init", "-q", f"--object-format={request.param}", str(tmp_path / "r")], check=True)
    return Repository(str(tmp_path / "r"))


NAMES = st.sampled_from(["a", "a.b", "a-b", "a0", "ab", "b", "ü", "Z", "with space", 'quo"te'])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
FILES = st.dictionaries(PATHS, st.binary(max_size=20), min_size=1, max_size=8)


def consistent(files: dict[str, bytes]) -> dict[str, bytes]:
    """Drop paths that are folders of other paths: no tree holds both."""
    return {path: data for path, data in files.items() if not any(other.startswith(f"{path}/") for other in files)}


def by_git(repo: Repository, files: dict[str, bytes]) -> str:
    """Return the tree that git itself makes of these files."""
    index = os.path.join(repo.git_dir, "index.test")
    Path(index).unlink(missing_ok=True)
    env = {"GIT_INDEX_FILE": index, "PATH": os.environ["PATH"]}
    lines = b""
    for path, data in files.items():
        oid = repo.git("hash-object", "-w", "--stdin", data=data).text
        lines += f"100644 {oid}\t{path}".encode() + b"\0"
    subprocess.run(["git", "update-index", "-z", "--index-info"], cwd=repo.root, env=env, input=lines, check=True)
    return (
        subprocess.run(["git", "write-tree"], cwd=repo.root, env=env, capture_output=True, check=True)
        .stdout.decode()
        .strip()
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES, FILES, st.sets(PATHS, max_size=3))
def test_a_tree_is_the_one_git_makes(repo, first, second, gone):
    objects = Objects(repo)
    before = consistent(first)
    tree = objects.with_files("", dict(before))
    assert tree == by_git(repo, before)
    after = consistent({**before, **second})
    if set(before) - set(after):
        return  # a file became a folder: the journal never does that
    changes = {
        **{path: after[path] for path in second if path in after},
        **{path: None for path in gone if path in after},
    }
    left = {path: data for path, data in after.items() if changes.get(path, b"") is not None}
    assert objects.with_files(tree, changes) == by_git(repo, left)


def test_what_is_packed_is_read_through_git(tmp_path):
    journal = make_journal(tmp_path / "j")
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    git(journal, "gc", "-q")
    assert not list(Path(journal.git_dir, "objects").glob("??/*"))
    journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    assert len(git(journal, "ls-tree", "-r", "--name-only", "HEAD", "journal/sessions").splitlines()) == 2
    git(journal, "fsck", "--strict")


def test_objects_of_another_repository_are_borrowed(tmp_path):
    journal = make_journal(tmp_path / "j")
    subprocess.run(["git", "clone", "-q", "--shared", journal.root, str(tmp_path / "clone")], check=True)
    from session_journal.store.journal import open_journal

    clone = open_journal(str(tmp_path / "clone"))
    clone.publish([Change(where("b"), page(2))], "entry: b", NOW)
    git(clone, "fsck", "--strict")
    assert git(clone, "status", "--porcelain") == ""


def test_a_shared_repository_stays_readable_for_its_group(tmp_path):
    journal = make_journal(tmp_path / "j")
    git(journal, "config", "core.sharedRepository", "group")
    mask = os.umask(0o077)
    try:
        done = journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    finally:
        os.umask(mask)
    path = Path(journal.git_dir, "objects", done.commit[:2], done.commit[2:])
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert path.parent.stat().st_mode & stat.S_IRWXG


def test_a_flushing_repository_gets_the_same_objects(repo):
    assert Objects(repo, flush=True).write("blob", b"x") == repo.blob_oid(b"x")
    assert repo.blobs([repo.blob_oid(b"x")]) == {repo.blob_oid(b"x"): b"x"}


def test_an_object_of_another_kind_is_refused(repo):
    blob = Objects(repo).write("blob", b"x")
    with pytest.raises(GitError, match="is not a tree"):
        Objects(repo).read(blob, "tree")


def test_a_store_that_cannot_be_written_is_told(repo):
    folder = os.path.join(repo.common_dir, "objects", repo.blob_oid(b"y")[:2])
    Path(folder).write_text("in the way")
    with pytest.raises(GitError, match="cannot store an object"):
        Objects(repo).write("blob", b"y")


def place_of(repo: Repository, oid: str) -> Path:
    return Path(repo.git_dir, "objects", oid[:2], oid[2:])


def test_an_object_that_is_there_already_looks_new_to_a_gc_that_runs(repo):
    oid = Objects(repo).write("blob", b"x\n")
    os.utime(place_of(repo, oid), (1, 1))
    Objects(repo).write("blob", b"x\n")
    repo.git("prune", "--expire=2.days.ago")
    assert place_of(repo, oid).exists()


def test_a_file_left_by_a_killed_process_of_the_same_number_is_in_nobodys_way(repo):
    oid = repo.blob_oid(b"x\n")
    place = place_of(repo, oid)
    place.parent.mkdir()
    left = place.with_name(f"tmp_obj_{os.getpid()}")
    left.write_bytes(b"half of something else, and longer than what comes now " * 9)
    (place.parent / "linked").hardlink_to(left)
    left.chmod(0o444)
    Objects(repo).write("blob", b"x\n")
    assert repo.git("cat-file", "blob", oid).out == b"x\n"
    assert (place.parent / "linked").read_bytes().startswith(b"half")


TAKER = """
import os, sys, time
while True:
    time.sleep(0.0001)  # a gc comes by now and then, this one ten thousand times a second
    try:
        os.rmdir(sys.argv[1])
    except OSError:
        pass
"""


def test_a_folder_that_a_gc_takes_away_in_between_is_made_again(repo):
    objects, folder = Objects(repo), Path(repo.common_dir, "objects")
    one = next(
        data
        for data in (b"%d" % number for number in range(10_000))
        if repo.digest(b"blob %d\0%b" % (len(data), data))[:2] == "aa"
    )
    taken = folder / "aa"
    with subprocess.Popen([sys.executable, "-c", TAKER, str(taken)]) as taker:
        try:
            for _ in range(3000):
                (taken / objects.write("blob", one)[2:]).unlink()
        finally:
            taker.kill()
