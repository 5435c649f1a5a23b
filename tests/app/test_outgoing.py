"""What may be pushed where: levels are looked at in every version, and a log that does not hold stays here."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from clones import keep_in_step
from hooked import TOKEN, make_hooked, ok, run, write
from journals import NOW, page, where
from session_journal.app.config import get, put
from session_journal.app.outgoing import Push, note_checked, read_push, refused_outgoing
from session_journal.app.seal import seal
from session_journal.core.archive_pages import archive_path, make_page
from session_journal.errors import NotFoundError, UsageError
from session_journal.store.journal import Change, Journal
from session_journal.store.settings import load


def shown(number, level="team", text="What happened."):
    return page(number, text).replace(b"title:", f"visibility: {level}\ntitle:".encode())


@pytest.fixture
def journal(tmp_path):
    """Return a journal with hooks, one entry for the team, and an empty remote."""
    journal = make_hooked(tmp_path / "j")
    journal.publish([Change(where("a"), shown(1), page(1))], "entry: a", NOW)
    for name in ("bare", "other"):
        subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / name)], check=True)
    ok(journal, "remote", "add", "origin", str(tmp_path / "bare"))
    return journal


@pytest.fixture
def clean(journal):
    """Return the journal without the older version that was for its writer alone."""
    ok(journal, "checkout", "-q", "--orphan", "clean")
    ok(journal, "commit", "-qm", "begin again")
    ok(journal, "branch", "-D", "main")
    ok(journal, "branch", "-m", "main")
    return journal


def mark(journal, name, word="private"):
    put(os.environ, f"remote.{name}", word, journal.root, journal.root)


def test_an_entry_for_its_writer_alone_is_not_pushed(clean):
    ok(clean, "push", "-q", "origin", "main")
    clean.publish([Change(where("b"), page(2))], "entry: b", NOW)
    done = run(clean, "push", "origin", "main")
    assert done.returncode == 1
    assert f"{where('b')}: 1 file of visibility self would be pushed to origin" in done.stderr
    assert "hint: journal config set remote.origin private" in done.stderr
    assert ok(clean, "ls-remote", "origin", "main").split()[0] == ok(clean, "rev-parse", "HEAD~1").strip()


@pytest.mark.parametrize("gone", ["published later", "deleted again", "reverted on a merged branch"])
def test_every_version_on_the_way_counts(clean, gone):
    ok(clean, "push", "-q", "origin", "main")
    if gone == "reverted on a merged branch":
        ok(clean, "checkout", "-q", "-b", "side")
    clean.publish([Change(where("b"), page(2))], "entry: b", NOW)
    after = shown(2) if gone == "published later" else None
    clean.publish([Change(where("b"), after, page(2))], "entry: b", NOW)
    if gone == "reverted on a merged branch":
        ok(clean, "checkout", "-q", "main")
        write(clean, where("a"), "more\n")
        ok(clean, "commit", "-qam", "by hand")
        ok(clean, "merge", "-q", "--no-edit", "side")
    done = run(clean, "push", "origin", "main")
    assert done.returncode == 1
    assert where("b") in done.stderr


KINDS = {
    "a note": ("journal/notes/2026-11-20.md", page(5)),
    "a rollup": ("journal/rollups/2026-W47.md", page(6)),
    "a playbook": ("journal/playbooks/x.md", page(7)),
    "the digest": ("journal/learnings.md", page(8)),
    "decisions that quote entries": ("journal/patterns.toml", b'[[ignore]]\ntext = "What I said"\n'),
    "an unknown level": (where("c"), shown(9, "teem")),
    "a level of another case": (where("c"), shown(9, "TEAM")),
    "front matter that cannot be read": (where("c"), b'---\nid: "%032x"\nvisibility: team\nx: [\n---\n' % 9),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_logged_file_counts_and_what_is_not_said_to_be_open_is_not(clean, kind):
    path, data = KINDS[kind]
    ok(clean, "push", "-q", "origin", "main")
    clean.publish([Change(path, data)], "entry: x", NOW)
    done = run(clean, "push", "origin", "main")
    assert done.returncode == 1
    assert path in done.stderr


@pytest.mark.parametrize("level", ["team", "public"])
def test_what_others_may_read_is_pushed(clean, level):
    clean.publish([Change(where("b"), shown(2, level))], "entry: b", NOW)
    ok(clean, "push", "-q", "origin", "main")


def test_decisions_that_are_said_to_be_open_are_pushed(clean):
    ok(clean, "push", "-q", "origin", "main")
    clean.publish([Change("journal/patterns.toml", b'visibility = "team"\n')], "patterns: x", NOW)
    assert run(clean, "push", "origin", "main").returncode == 0


def test_a_remote_that_the_user_calls_private_gets_everything(journal):
    assert run(journal, "push", "origin", "main").returncode == 1
    mark(journal, "origin", "shared")
    assert run(journal, "push", "origin", "main").returncode == 1
    mark(journal, "origin")
    ok(journal, "push", "-q", "origin", "main")


def test_a_mark_holds_for_the_place_and_not_for_the_name(journal, tmp_path):
    mark(journal, "origin")
    ok(journal, "push", "-q", "origin", "main")
    ok(journal, "push", "-q", str(tmp_path / "bare"), "main:by-url")
    ok(journal, "push", "-q", "../bare", "main:by-folder")
    assert run(journal, "push", str(tmp_path / "other"), "main").returncode == 1
    ok(journal, "remote", "set-url", "origin", str(tmp_path / "other"))
    assert run(journal, "push", "origin", "main").returncode == 1


def test_tracking_branches_are_no_proof_of_what_a_remote_has(journal, tmp_path):
    mark(journal, "origin")
    ok(journal, "push", "-q", "origin", "main")
    ok(journal, "remote", "set-url", "origin", str(tmp_path / "other"))
    journal.publish([Change(where("b"), shown(2))], "entry: b", NOW)
    done = run(journal, "push", "origin", "main")
    assert done.returncode == 1
    assert where("a") in done.stderr


def test_what_one_remote_was_checked_for_says_nothing_about_another(journal, tmp_path):
    ok(journal, "push", "-q", "--no-verify", "origin", "main")
    journal.publish([Change(where("b"), shown(2))], "entry: b", NOW)
    ok(journal, "push", "-q", "origin", "main")
    assert run(journal, "push", str(tmp_path / "other"), "main").returncode == 1


def test_a_new_branch_needs_no_look_at_what_was_looked_at(clean):
    ok(clean, "push", "-q", "origin", "main")
    checked = next(Path(clean.git_dir, "journal", "checked").iterdir())
    assert checked.read_text() == f"^{ok(clean, 'rev-parse', 'HEAD').strip()}\n"
    ok(clean, "checkout", "-q", "-b", "more")
    ok(clean, "commit", "-q", "--allow-empty", "-m", "nothing")
    for hook in Path(clean.git_dir, "hooks").glob("pre-push"):
        hook.write_text(hook.read_text().replace("hooks run", "there is no such command"))
    assert ok(clean, "push", "-q", "origin", "more") == ""


def test_the_journals_own_settings_cannot_open_it(journal, tmp_path):
    write(journal, "journal/journal.toml", f'\n[remote]\norigin = "private"\n"{tmp_path / "bare"}" = "private"\n')
    ok(journal, "commit", "-qam", "settings")
    assert run(journal, "push", "origin", "main").returncode == 1


def test_a_push_of_what_does_not_verify_is_refused_with_the_findings(journal):
    mark(journal, "origin")
    write(journal, where("a"), "behind the log's back\n")
    ok(journal, "-c", "core.hooksPath=/dev/null", "commit", "-qam", "x")
    done = run(journal, "push", "origin", "main")
    assert done.returncode == 1
    assert f"{where('a')}: its content or its name is not what the log recorded" in done.stderr
    assert "seal" in done.stderr
    ok(journal, "push", "-q", "--no-verify", "origin", "main")


def test_a_push_that_was_refused_is_refused_again(clean):
    ok(clean, "push", "-q", "origin", "main")
    write(clean, where("a"), "behind the log's back\n")
    ok(clean, "-c", "core.hooksPath=/dev/null", "commit", "-qam", "x")
    for _ in range(2):
        done = run(clean, "push", "origin", "main")
        assert done.returncode == 1
        assert f"{where('a')}: its content" in done.stderr


def test_only_what_is_pushed_is_verified(journal):
    mark(journal, "origin")
    ok(journal, "branch", "good")
    write(journal, where("a"), "behind the log's back\n")
    ok(journal, "-c", "core.hooksPath=/dev/null", "commit", "-qam", "x")
    ok(journal, "push", "-q", "origin", "good")
    assert run(journal, "push", "origin", "HEAD:refs/heads/bad").returncode == 1
    ok(journal, "push", "-q", "origin", ":good")


def test_a_tag_is_checked_as_what_it_stands_for(journal):
    ok(journal, "tag", "-a", "v1", "-m", "v1")
    done = run(journal, "push", "origin", "v1")
    assert done.returncode == 1
    assert where("a") in done.stderr


@pytest.mark.parametrize("what", ["HEAD^{tree}", "HEAD:journal", "HEAD:journal/sessions", f"HEAD:{where('b')}"])
@pytest.mark.parametrize("annotated", [True, False])
def test_a_tag_of_a_tree_or_a_file_carries_no_entry_out(clean, what, annotated):
    clean.publish([Change(where("b"), page(2))], "entry: b", NOW)
    ok(clean, "tag", *(["-a", "-m", "x"] if annotated else []), "snap", what)
    done = run(clean, "push", "origin", "snap")
    assert done.returncode == 1
    assert "1 file of visibility self would be pushed" in done.stderr
    mark(clean, "origin")
    ok(clean, "push", "-q", "origin", "snap")


def test_a_push_from_a_repository_without_a_journal_in_it_passes(journal):
    ok(journal, "checkout", "-q", "--orphan", "code")
    ok(journal, "rm", "-rqf", ".")
    ok(journal, "commit", "-q", "--allow-empty", "-m", "code")
    ok(journal, "push", "-q", "origin", "code")


def test_few_files_are_named_and_all_are_counted(clean):
    clean.publish([Change(where(f"n{number}"), page(number)) for number in range(10, 22)], "entry: many", NOW)
    (found,) = refused_outgoing(clean, load(os.environ), "origin", clean.repo.head())
    assert found.message.startswith("12 files of visibility self")
    assert found.where.endswith(" and 7 more")
    assert refused_outgoing(clean, load(os.environ), "origin", clean.repo.head(), [clean.repo.head()]) == []


def test_a_login_in_a_url_is_never_shown(clean):
    clean.publish([Change(where("b"), page(2))], "entry: b", NOW)
    url = "https://me:hunter2secret@example.org/j.git"
    (found,) = refused_outgoing(clean, load(os.environ), url, clean.repo.head(), url=url)
    assert "hunter2" not in found.message + found.hint


def test_settings_that_cannot_be_read_open_nothing(journal, isolated):
    mark(journal, "origin")
    config = next(isolated.rglob("config.toml"))
    config.write_text(config.read_text() + "\nbroken = ")
    done = run(journal, "push", "origin", "main")
    assert done.returncode == 1
    assert "config.toml cannot be read" in done.stderr


# --- secrets --------------------------------------------------------------------------------------------------------


def commit_token(journal, text=TOKEN, name="a"):
    """Commit a secret past our hooks, and return the commit."""
    write(journal, where(name), f"the token {text}\n")
    ok(journal, "add", "journal")
    ok(journal, "-c", "core.hooksPath=/dev/null", "commit", "-qm", "by hand")
    return ok(journal, "rev-parse", "--short", "HEAD").strip()


def take_out(journal, name="a"):
    """Take the secret out again in a commit of its own, which is recorded."""
    place = Path(journal.path(where(name)))
    place.write_text("".join(line for line in place.read_text().splitlines(keepends=True) if "token" not in line))
    ok(journal, "commit", "-qam", "out again")
    seal(journal, NOW)


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("way", ["in a row", "on a merged branch"])
def test_a_secret_in_an_older_version_is_not_pushed(clean, private, way):
    mark(clean, "origin", "private" if private else "shared")
    ok(clean, "push", "-q", "origin", "main")
    if way == "on a merged branch":
        ok(clean, "checkout", "-q", "-b", "side")
    commit = commit_token(clean)
    take_out(clean)
    if way == "on a merged branch":
        ok(clean, "checkout", "-q", "main")
        ok(clean, "merge", "-q", "--no-ff", "--no-edit", "side")
    for _ in range(2):
        done = run(clean, "push", "origin", "main")
        assert done.returncode == 1
        assert f"{where('a')}: as commit {commit} has it, it holds a secret (github-token), fingerprint" in done.stderr
        assert f"hint: git rebase -i {commit}^" in done.stderr
        assert TOKEN not in done.stderr


def test_the_oldest_commit_with_a_secret_is_named_once(clean):
    ok(clean, "push", "-q", "origin", "main")
    commit = commit_token(clean)
    write(clean, where("a"), "more\n")
    ok(clean, "-c", "core.hooksPath=/dev/null", "commit", "-qam", "more")
    take_out(clean)
    found = refused_outgoing(clean, load(os.environ), "origin", clean.repo.head())
    assert [(one.code, f"commit {commit} " in one.message) for one in found] == [("secret", True)]


def test_a_value_that_the_user_allows_may_be_pushed(clean):
    ok(clean, "push", "-q", "origin", "main")
    commit_token(clean)
    take_out(clean)
    refused = run(clean, "push", "origin", "main")
    (fingerprint,) = {line.split("--allow ")[1] for line in refused.stderr.splitlines() if "--allow " in line}
    clean.allowed.allow([fingerprint])
    ok(clean, "push", "-q", "origin", "main")


def test_what_held_no_secret_is_looked_at_once_and_again_when_less_is_allowed(clean, isolated):
    mark(clean, "origin")
    commit_token(clean)
    take_out(clean)
    settings, head = load(os.environ), clean.repo.head()
    (found,) = refused_outgoing(clean, settings, "origin", head)
    clean.allowed.allow([found.hint.split("--allow ")[1]])
    assert refused_outgoing(clean, settings, "origin", head) == []
    note_checked(clean, settings, "origin", [head])
    fresh = Journal(clean.root, {**os.environ})
    assert refused_outgoing(fresh, settings, "origin", head) == []
    assert fresh.allowed.seen == []
    next(isolated.rglob("allowed")).write_text("")
    assert refused_outgoing(Journal(clean.root, {**os.environ}), settings, "origin", head) == [found]


@pytest.mark.parametrize("name", ["checkpoints/mine.txt", "mine.md"])
def test_a_secret_that_somebody_put_beside_the_logs_records_is_neither_committed_nor_pushed(clean, name):
    write(clean, f"journal/log/{name}", f"it was {TOKEN}\n")
    ok(clean, "add", "-f", "journal/log")
    done = run(clean, "commit", "-m", "mine")
    assert done.returncode == 1
    assert f"journal/log/{name}:1: it holds a secret" in done.stderr
    ok(clean, "commit", "--no-verify", "-qm", "mine")
    refused = refused_outgoing(clean, load(clean.env, clean.root), "origin", "HEAD")
    assert [(one.where, one.code) for one in refused if one.code == "secret"] == [(f"journal/log/{name}", "secret")]


def test_a_secret_in_a_files_name_is_not_shown(clean):
    ok(clean, "push", "-q", "origin", "main")
    commit_token(clean, "none", TOKEN)
    done = run(clean, "push", "origin", "main")
    assert done.returncode == 1
    assert "it holds a secret (github-token)" in done.stderr
    assert TOKEN not in done.stderr


def test_a_secret_that_the_remote_has_already_does_not_stop_what_follows(clean):
    commit_token(clean)
    take_out(clean)
    ok(clean, "push", "-q", "--no-verify", "origin", "main")
    clean.publish([Change(where("b"), shown(2))], "entry: b", NOW)
    ok(clean, "push", "-q", "origin", "main")


# --- what is asked, and what is set ---------------------------------------------------------------------------------


def test_what_git_and_the_framework_say_is_read():
    zeros, one, two = "0" * 40, "1" * 40, "2" * 40
    lines = [f"refs/heads/a {one} refs/heads/a {two}", f"(delete) {zeros} refs/heads/b {two}", f"x {two} y {zeros}"]
    assert read_push(["origin", "url"], lines, {}) == Push("origin", "url", (one, two), (two, two))
    env = {
        "PRE_COMMIT_REMOTE_NAME": "up",
        "PRE_COMMIT_REMOTE_URL": "u",
        "PRE_COMMIT_TO_REF": one,
        "PRE_COMMIT_FROM_REF": two,
    }
    assert read_push([], [], env) == Push("up", "u", (one,), ())


def test_a_remotes_setting_is_kept_by_its_url(journal, tmp_path):
    assert put(os.environ, "remote.origin", "private", "/", journal.root) == {f"remote.{tmp_path / 'bare'}": "private"}
    assert get(os.environ, "remote.origin", journal.root) == "private"
    ok(journal, "remote", "set-url", "--push", "origin", "https://me:pw@example.org/x.git")
    with pytest.raises(NotFoundError, match=r"remote\.origin is not set"):
        get(os.environ, "remote.origin", journal.root)
    assert put(os.environ, "remote.origin", "shared", "/", journal.root) == {
        "remote.https://example.org/x.git": "shared"
    }


def test_a_remote_that_does_not_exist_and_a_word_that_means_nothing_are_refused(journal):
    with pytest.raises(UsageError, match="no remote that is called nowhere"):
        put(os.environ, "remote.nowhere", "private", "/", journal.root)
    with pytest.raises(UsageError, match="private or shared"):
        put(os.environ, "remote.origin", "yes", "/", journal.root)


@pytest.mark.parametrize("level", ["self", "team"])
def test_events_are_pushed_to_private_remotes_alone_whatever_they_say(clean, level):
    ok(clean, "push", "-q", "origin", "main")
    path = archive_path(f"{1:032x}")
    events = make_page(f"{1:032x}", "{}\n").replace(b"visibility: self", f"visibility: {level}".encode())
    clean.publish([Change(path, events)], "entry: a", NOW)
    done = run(clean, "push", "origin", "main")
    assert done.returncode == 1
    assert f"{path}: 1 file of visibility self would be pushed to origin" in done.stderr
    mark(clean, "origin")
    ok(clean, "push", "-q", "origin", "main")


@pytest.mark.parametrize(("folder", "kind"), [("archive", "entry"), ("archive", "[events]"), ("Archive", "null")])
def test_what_lies_among_events_is_pushed_to_private_remotes_alone_whatever_it_calls_itself(clean, folder, kind):
    ok(clean, "push", "-q", "origin", "main")
    path = f"journal/{folder}/{1:032x}.md"
    events = make_page(f"{1:032x}", "{}\n").replace(
        b"type: events\nvisibility: self", f"type: {kind}\nvisibility: team".encode()
    )
    clean.publish([Change(path, events)], "entry: a", NOW)
    assert run(clean, "push", "origin", "main").returncode == 1
    mark(clean, "origin")
    ok(clean, "push", "-q", "origin", "main")


def test_events_that_were_unpacked_among_the_committed_ones_are_not_pushed(clean):
    ok(clean, "push", "-q", "origin", "main")
    write(clean, f"journal/archive/{1:032x}.jsonl", "{}\n")
    ok(clean, "add", "journal/archive")
    ok(clean, "commit", "-qm", "keep them")
    assert run(clean, "push", "origin", "main").returncode == 1


def test_events_that_a_tag_names_without_a_commit_are_not_pushed(clean):
    events = make_page(f"{1:032x}", "{}\n").replace(b"visibility: self", b"visibility: team")
    oid = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=clean.root, input=events, capture_output=True, check=True
    ).stdout.decode().strip()  # fmt: skip
    ok(clean, "tag", "loose", oid)
    assert run(clean, "push", "origin", "loose").returncode == 1
    mark(clean, "origin")
    ok(clean, "push", "-q", "origin", "loose")


def test_a_sync_sends_no_events_to_a_remote_that_is_not_private(clean):
    ok(clean, "push", "-q", "-u", "origin", "main")
    clean.publish([Change(archive_path(f"{1:032x}"), make_page(f"{1:032x}", "{}\n"))], "entry: a", NOW)
    done = keep_in_step(clean)
    assert [one.code for one in done.findings] == ["self"]
    assert not done.pushed
    mark(clean, "origin")
    assert keep_in_step(clean).pushed
