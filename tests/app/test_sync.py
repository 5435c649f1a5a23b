"""Two and three clones kept in step: what arrives, what is resolved, what is refused, and what a kill leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from clones import files_of, keep_in_step, make_clones, make_private, run_git, sync_until_quiet
from journals import FILES, NOW, git, make_journal, page, read, where
from session_journal.app import learnings
from session_journal.app.note import add_note
from session_journal.app.rollup import Asked, roll_up
from session_journal.app.seal import seal
from session_journal.app.sync import Wish, _Run, sync
from session_journal.app.verify import verify
from session_journal.cli.sync import _result
from session_journal.core import blocks
from session_journal.core.chain import find_id
from session_journal.core.document import parse
from session_journal.core.folders import CORRECTIONS
from session_journal.errors import ConflictError, GitError, JournalError, UsageError
from session_journal.store.journal import Change, Journal, create
from session_journal.store.settings import Settings

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def pair(tmp_path):
    """Return two clones of a journal with three entries."""
    a, b = make_clones(tmp_path, 2)
    a.publish([Change(where(name), page(number)) for number, name in enumerate("abc", 1)], "entry: three", NOW)
    sync_until_quiet([a, b])
    return a, b


def write(journal, name, data):
    path = Path(journal.path(name if "/" in name else where(name)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def assert_equal(*journals):
    """Hold that all are at one commit, in equal trees, clean and sound."""
    first = journals[0]
    for journal in journals:
        assert journal.repo.head() == first.repo.head()
        assert files_of(journal) == files_of(first)
        assert git(journal, "status", "--porcelain") == ""
        assert fails(journal) == []


def fails(journal):
    found = verify(journal, int(NOW.timestamp()) + 86_400).findings
    return [finding for finding in found if finding.level == "FAIL"]


def told(done):
    return [(one.what, one.path, one.other) for one in done.resolved]


# --- what arrives ---------------------------------------------------------------------------------------------------


def test_what_one_clone_wrote_arrives_in_the_other_by_a_fast_forward(pair):
    a, b = pair
    a.publish([Change(where("new"), page(9))], "entry: new", NOW)
    sent, received = keep_in_step(a), keep_in_step(b)
    assert (sent.sent, sent.received, sent.pushed) == ([where("new")], [], True)
    assert (received.sent, received.received, received.pushed) == ([], [where("new")], False)
    assert_equal(a, b)


def test_decisions_that_travel_alone_are_counted_where_they_go_and_where_they_come(pair):
    a, b = pair
    a.publish([Change(CORRECTIONS, b'[[ignore]]\ntext = "Call Ann"\n')], "patterns: ignore", NOW)
    assert keep_in_step(a).sent == [CORRECTIONS]
    assert keep_in_step(b).received == [CORRECTIONS]


def test_a_second_sync_changes_nothing(pair):
    a, _ = pair
    before = a.repo.head()
    done = keep_in_step(a)
    assert (done.received, done.sent, done.pushed, done.needs_you) == ([], [], False, False)
    assert a.repo.head() == before


def test_what_lies_unrecorded_in_the_working_tree_is_recorded_and_sent(pair):
    a, b = pair
    write(a, "a", page(1, "by hand"))
    write(a, "hand", b"---\ntitle: By hand\ndate: 2026-11-20\n---\n\nText.\n")
    done = keep_in_step(a)
    assert (done.sent, done.named) == ([where("a"), where("hand")], [where("hand")])
    keep_in_step(b)
    assert read(b, where("a")) == page(1, "by hand")
    assert_equal(a, b)


def test_edits_of_different_entries_are_merged_in_one_commit_with_both_parents(pair):
    a, b = pair
    a.publish([Change(where("a"), page(1, "mine"), page(1))], "entry: a", NOW)
    b.publish([Change(where("b"), page(2, "theirs"), page(2))], "entry: b", NOW)
    keep_in_step(a)
    parents = {a.repo.head(), b.repo.head()}
    keep_in_step(b)
    assert set(git(b, "log", "-1", "--format=%P").split()) == parents
    keep_in_step(a)
    assert_equal(a, b)


def test_three_clones_that_change_the_same_day_and_entry_come_out_equal(tmp_path):
    journals = make_clones(tmp_path, 3)
    journals[0].publish([Change(where("a"), page(1))], "entry: a", NOW)
    sync_until_quiet(journals)
    for number, journal in enumerate(journals):
        add_note(journal, f"note {number}", NOW + timedelta(minutes=number))
        write(journal, "a", page(1, f"version {number}"))
        write(journal, "same", page(10 + number, f"entry {number}"))
    sync_until_quiet(journals)
    assert_equal(*journals)
    text = b"".join(files_of(journals[0]).values()).decode()
    for number in range(3):
        assert f"note {number}" in text
        assert f"version {number}" in text
        assert f"entry {number}" in text


def test_a_sha_256_repository_syncs_the_same(tmp_path):
    a, b = make_clones(tmp_path, 2, sha256=True)
    a.publish([Change(where("a"), page(1))], "entry: a", NOW)
    b.publish([Change(where("a"), page(2))], "entry: a", NOW)
    sync_until_quiet([a, b])
    assert_equal(a, b)
    assert where("a-2") in files_of(a)


def test_a_linked_worktree_syncs_its_own_branch(pair, tmp_path):
    a, b = pair
    git(a, "worktree", "add", "-q", "-b", "side", str(tmp_path / "tree"))
    tree = Journal(str(tmp_path / "tree"), os.environ)
    tree.publish([Change(where("side"), page(7))], "entry: side", NOW)
    assert keep_in_step(tree).target == "origin/side"
    assert git(tree, "config", "branch.side.merge").strip() == "refs/heads/side"
    git(b, "fetch", "-q")
    git(b, "checkout", "-q", "side")
    b.publish([Change(where("more"), page(8))], "entry: more", NOW)
    sync_until_quiet([b, tree])
    assert_equal(b, tree)
    assert where("side") not in files_of(a)


def cross(a, b):
    """Let each of two clones merge what the other had before it merged."""
    tips = a.repo.head(), b.repo.head()
    git(a, "push", "-q", "origin", f"{tips[0]}:refs/heads/from-a")
    git(b, "push", "-q", "origin", f"{tips[1]}:refs/heads/from-b")
    for journal, ref in ((a, "from-b"), (b, "from-a")):
        git(journal, "config", "branch.main.merge", f"refs/heads/{ref}")
        keep_in_step(journal, push=False)
        git(journal, "config", "branch.main.merge", "refs/heads/main")
    assert len(git(a, "merge-base", "--all", *tips).split()) == 1
    return tips


def test_histories_that_crossed_are_merged_over_both_ancestors(pair):
    a, b = pair
    write(a, "a", page(1, "mine"))
    write(b, "a", page(1, "theirs"))
    add_note(a, "noted on a", NOW)
    add_note(b, "noted on b", LATER)
    seal(a, NOW)
    seal(b, NOW)
    tips = cross(a, b)
    pages = [{name: data for name, data in files_of(one).items() if "/log/" not in name} for one in pair]
    assert pages[0] == pages[1]
    write(a, "a", page(1, "after the crossing"))
    keep_in_step(a)
    git(b, "fetch", "-q")
    assert set(git(b, "merge-base", "--all", "main", "origin/main").split()) == set(tips)
    sync_until_quiet([b, a])
    assert_equal(a, b)
    pages = files_of(a)
    assert pages[where("a")] == page(1, "after the crossing")
    assert sum("-version-" in name for name in pages) == 1
    assert pages["journal/notes/2026-11-20.md"].count(b"noted on") == 2


# --- what is resolved -----------------------------------------------------------------------------------------------


def test_notes_of_one_day_are_joined(pair):
    a, b = pair
    add_note(a, "first", NOW)
    add_note(b, "second", NOW + timedelta(minutes=5))
    keep_in_step(a)
    assert told(keep_in_step(b)) == [("joined", "journal/notes/2026-11-20.md", "")]
    keep_in_step(a)
    assert_equal(a, b)
    assert read(a, "journal/notes/2026-11-20.md").endswith(b"- 14:05 first\n- 14:10 second\n")


def test_one_entry_changed_in_one_place_on_both_sides_stays_in_both_versions(pair):
    a, b = pair
    write(a, "a", page(1, "mine"))
    write(b, "a", page(1, "theirs"))
    keep_in_step(a)
    done = keep_in_step(b)
    ((what, path, other),) = told(done)
    assert (what, path, done.needs_you) == ("both", where("a"), True)
    assert {parse(read(b, name)).body for name in (path, other)} == {"\nmine\n", "\ntheirs\n"}
    assert not keep_in_step(a).needs_you
    assert_equal(a, b)


def test_two_clones_that_resolve_the_same_conflict_make_the_same_bytes(pair, tmp_path):
    a, b = pair
    subprocess.run(["cp", "-r", a.root, str(tmp_path / "x")], check=True)
    write(a, "a", page(1, "mine"))
    write(b, "a", page(1, "theirs"))
    keep_in_step(a)
    seal(b, NOW)
    subprocess.run(["cp", "-r", b.root, str(tmp_path / "copy")], check=True)
    copy = Journal(str(tmp_path / "copy"), os.environ)
    keep_in_step(b, push=False)
    keep_in_step(copy, LATER, push=False)
    pages = [{name: data for name, data in files_of(one).items() if "/log/" not in name} for one in (b, copy)]
    assert pages[0] == pages[1]
    sync_until_quiet([a, b, copy])
    assert_equal(a, b, copy)


def test_a_week_that_both_sides_rolled_up_is_generated_again_from_the_entries_of_both(pair):
    a, b = pair
    for number, journal in enumerate(pair):
        text = f"## Decisions\n\n- Chose option number {number} for the queue\n"
        journal.publish([Change(where(f"made-{number}"), page(20 + number, text, f"Work {number}"))], "entry: x", NOW)
        roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {}))
        week = Path(journal.path("journal/rollups/2026-W47.md"))
        week.write_bytes(week.read_bytes() + f"\nThought {number}.\n".encode())
    keep_in_step(a)
    done = keep_in_step(b, LATER)
    assert ("joined", "journal/rollups/2026-W47.md", "") in told(done)
    keep_in_step(a, LATER)
    assert_equal(a, b)
    body = parse(read(a, "journal/rollups/2026-W47.md")).body
    assert not blocks.edited(body, "weekly")
    for part in ("option number 0", "option number 1", "Thought 0.", "Thought 1."):
        assert part in body


def test_a_digest_that_both_sides_wrote_is_generated_again_with_what_was_ticked_in_it(pair):
    a, b = pair
    for number, (journal, gap) in enumerate(zip(pair, ("leap seconds", "shared tokens"), strict=True)):
        gaps = f"## Gaps\n\n- [/] How {gap} work\n- [ ] Whether {gap} expire\n"
        journal.publish([Change(where(f"gap-{number}"), page(20 + number, gaps, f"Gap {number}"))], "entry: x", NOW)
        journal.publish(learnings.plan(journal, NOW), "learnings", NOW)
    digest = Path(b.path(learnings.PATH))
    digest.write_bytes(digest.read_bytes().replace(b"- [ ] Whether", b"- [x] Whether") + b"\nMine.\n")
    keep_in_step(a)
    done = keep_in_step(b, LATER)
    assert done.failed == []
    keep_in_step(a, LATER)
    assert_equal(a, b)
    for journal in pair:
        journal.publish(learnings.plan(journal, LATER), "learnings", LATER)
    body = parse(read(b, learnings.PATH)).body
    for part in ("How leap seconds work", "How shared tokens work", "Whether leap seconds expire", "\nMine.\n"):
        assert part in body
    assert "Whether shared tokens expire" not in body
    assert b"- [x] Whether shared tokens expire" in read(b, where("gap-1"))


def test_a_playbook_that_both_sides_promoted_is_one_page(pair):
    a, b = pair
    rule = "## Insights\n\n- Always run the migrations before the tests\n"
    days = {
        number: page(30 + number, rule, f"Day {number}").replace(b"11-20", b"11-1%d" % number) for number in range(6, 9)
    }
    a.publish([Change(where(f"day-{number}"), data) for number, data in days.items()], "entry: days", NOW)
    sync_until_quiet(list(pair))
    for number, journal in enumerate(pair):
        more = page(50 + number, rule, f"Own {number}")
        journal.publish([Change(where(f"own-{number}"), more)], "entry: own", NOW)
        roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {}))
    keep_in_step(a)
    keep_in_step(b, LATER)
    keep_in_step(a, LATER)
    assert_equal(a, b)
    (book,) = [name for name in files_of(a) if name.startswith("journal/playbooks/")]
    assert b"sessions: 5" in read(a, book)
    assert roll_up(a, Asked("2026-W47"), LATER, Settings({}, {})).changed == ()


def test_settings_changed_in_one_place_keep_both_versions(pair):
    a, b = pair
    write(a, "journal/journal.toml", b"format = 1\nmine = 1\n")
    write(b, "journal/journal.toml", b"format = 1\ntheirs = 1\n")
    keep_in_step(a)
    done = keep_in_step(b)
    ((what, path, other),) = told(done)
    assert (what, done.needs_you) == ("settings", True)
    assert {read(b, path), read(b, other)} == {b"format = 1\nmine = 1\n", b"format = 1\ntheirs = 1\n"}
    keep_in_step(a)
    assert_equal(a, b)


def test_a_change_that_came_in_without_a_record_is_told_and_recorded(pair):
    a, b = pair
    write(a, "a", page(1, "on the web page of the host"))
    git(a, "commit", "-qam", "by hand")
    git(a, "push", "-q")
    done = keep_in_step(b)
    assert (done.unrecorded, done.pushed) == ([where("a")], True)
    assert fails(b) == []


# --- what is refused ------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_recorded_stays_as_it_is_and_the_rest_is_sent(pair):
    a, b = pair
    write(a, "broken", b"---\ntitle: [\n---\n")
    write(a, "good", page(9))
    done = keep_in_step(a)
    assert (done.sent, [one.path for one in done.refused], done.needs_you) == ([where("good")], [where("broken")], True)
    assert read(a, where("broken")) == b"---\ntitle: [\n---\n"
    keep_in_step(b)
    assert where("broken") not in files_of(b)


def test_a_file_that_cannot_be_recorded_is_never_merged_over(pair):
    a, b = pair
    token = "ghp_" + "A1b2C3d4E5" * 3 + "f6G7H8"
    mine = page(1, f"the token {token}")
    write(b, "a", page(1, "theirs"))
    keep_in_step(b)
    write(a, "a", mine)
    before = a.repo.head()
    with pytest.raises(JournalError, match="cannot be recorded, and the other side changed it too") as caught:
        keep_in_step(a)
    assert token not in caught.value.message
    assert (read(a, where("a")), a.repo.head()) == (mine, before)


def test_an_untracked_file_in_the_way_is_left_alone(pair):
    a, b = pair
    write(a, "journal/templates/entry.md.j2", b"theirs\n")
    git(a, "add", "journal/templates")
    git(a, "commit", "-qm", "template")
    keep_in_step(a)
    write(b, "journal/templates/entry.md.j2", b"mine, not in git\n")
    with pytest.raises(ConflictError, match=r"entry\.md\.j2: changed here and not recorded"):
        keep_in_step(b)
    assert read(b, "journal/templates/entry.md.j2") == b"mine, not in git\n"


def test_what_is_staged_and_changed_outside_the_journal_stays(pair):
    a, b = pair
    a.publish([Change(where("new"), page(9))], "entry: new", NOW)
    keep_in_step(a)
    write(b, "./staged.txt", b"staged\n")
    git(b, "add", "staged.txt")
    write(b, "./untracked.txt", b"untracked\n")
    before = git(b, "status", "--porcelain")
    keep_in_step(b)
    assert git(b, "status", "--porcelain") == before
    assert where("new") in files_of(b)


def test_a_staged_version_that_the_other_side_changed_too_is_not_lost(pair):
    a, b = pair
    for journal, text in ((a, b"theirs\n"), (b, None)):
        if text:
            write(journal, "./list.txt", text)
            git(journal, "add", "list.txt")
            git(journal, "commit", "-qm", "list")
            keep_in_step(journal)
    write(b, "./list.txt", b"mine\n")
    git(b, "add", "list.txt")
    os.remove(b.path("list.txt"))
    with pytest.raises(ConflictError, match=r"list\.txt"):
        keep_in_step(b)
    assert git(b, "show", ":list.txt") == "mine\n"


@pytest.mark.parametrize("how", ["detached", "merge", "bisect"])
def test_in_the_middle_of_a_git_operation_nothing_is_done(pair, how):
    a, _ = pair
    if how == "detached":
        git(a, "checkout", "-q", "--detach")
    elif how == "bisect":
        git(a, "bisect", "start")
    else:
        Path(a.git_dir, "MERGE_HEAD").write_text(a.repo.head() + "\n")
    before = a.repo.head()
    with pytest.raises(JournalError, match="git is busy with"):
        keep_in_step(a)
    assert a.repo.head() == before


def test_a_lane_that_forked_stops_the_merge_and_names_its_repair(pair, tmp_path):
    a, b = pair
    (lane,) = Path(a.path("journal/log")).glob("*/*.jsonl")
    path = lane.relative_to(a.root).as_posix()
    last = lane.read_bytes().splitlines()[-1]
    forged = last.replace(b'"t":', b'"t":1')
    for journal, line in ((a, b""), (b, forged + b"\n")):
        if line:
            lines = Path(journal.path(path)).read_bytes().splitlines(keepends=True)
            Path(journal.path(path)).write_bytes(b"".join(lines[:-1]) + line)
            git(journal, "commit", "-qam", "forged")
            git(journal, "push", "-q")
    add_note(a, "mine", NOW)
    before = a.repo.head(), files_of(a)
    with pytest.raises(JournalError, match="two different records at place") as caught:
        keep_in_step(a)
    assert "journal log repair" in caught.value.hint
    assert (a.repo.head(), files_of(a)) == before


def test_a_log_that_was_cut_off_on_the_remote_gets_its_lines_back(pair):
    a, b = pair
    add_note(a, "mine", NOW)
    keep_in_step(a)
    keep_in_step(b)
    (lane,) = Path(b.path("journal/log")).glob("*/*.jsonl")
    whole = lane.read_bytes()
    lane.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    git(b, "commit", "-qam", "cut off")
    git(b, "push", "-q")
    keep_in_step(a)
    assert Path(a.path(lane.relative_to(b.root).as_posix())).read_bytes().startswith(whole)
    assert fails(a) == []


def test_a_log_with_new_faults_is_not_merged(pair):
    a, b = pair
    (lane,) = Path(b.path("journal/log")).glob("*/*.jsonl")
    other = lane.parent.with_name("f" * 16)
    other.mkdir()
    (other / lane.name).write_bytes(b"{}\n")
    git(b, "add", "-A")
    git(b, "commit", "-qm", "nonsense")
    git(b, "push", "-q")
    before = a.repo.head()
    with pytest.raises(JournalError, match="the remote's log does not hold together"):
        keep_in_step(a)
    assert a.repo.head() == before


def test_a_journal_with_failures_is_not_pushed(pair):
    a, _ = pair
    (lane,) = Path(a.path("journal/log")).glob("*/*.jsonl")
    lane.write_bytes(lane.read_bytes().replace(b'"t":', b'"t":1', 1))
    git(a, "commit", "-qam", "forged")
    before = git(a, "rev-parse", "origin/main")
    done = keep_in_step(a)
    assert (done.pushed, done.needs_you, bool(done.findings)) == (False, True, True)
    assert git(a, "ls-remote", "origin", "main").split()[0] == before.strip()


def test_a_branch_that_gave_the_journal_up_is_not_followed(pair):
    a, b = pair
    git(b, "rm", "-r", "-q", "journal")
    git(b, "commit", "-qm", "away with it")
    git(b, "push", "-q")
    before = a.repo.head(), files_of(a)
    with pytest.raises(JournalError, match="given the journal up"):
        keep_in_step(a)
    assert (a.repo.head(), files_of(a)) == before


def test_a_link_that_comes_in_is_left_to_git(pair):
    a, b = pair
    os.symlink("journal", a.path("link"))
    git(a, "add", "link")
    git(a, "commit", "-qm", "link")
    keep_in_step(a)
    with pytest.raises(JournalError, match="carries plain files only") as caught:
        keep_in_step(b)
    assert caught.value.hint.startswith("git pull")
    git(b, "pull", "-q")
    assert keep_in_step(b).received == []


# --- remotes --------------------------------------------------------------------------------------------------------


def test_without_a_remote_the_command_that_adds_one_is_named(tmp_path):
    with pytest.raises(JournalError, match="no remote") as caught:
        keep_in_step(make_journal(tmp_path / "j"))
    assert "git remote add origin URL" in caught.value.hint


def test_of_several_remotes_without_upstream_one_has_to_be_named(tmp_path):
    journal = make_journal(tmp_path / "j")
    for name in ("one", "two"):
        run_git("init", "-q", "--bare", f"{name}.git", cwd=tmp_path)
        git(journal, "remote", "add", name, f"../{name}.git")
    with pytest.raises(JournalError, match="several remotes: one, two"):
        keep_in_step(journal)
    with pytest.raises(UsageError, match="no remote three"):
        keep_in_step(journal, remote="three")
    assert keep_in_step(journal, remote="two").pushed
    assert git(journal, "config", "branch.main.remote").strip() == "two"
    assert keep_in_step(journal).target == "two/main"


def test_a_first_push_sets_the_upstream(tmp_path):
    journal = make_journal(tmp_path / "j")
    run_git("init", "-q", "--bare", "empty.git", cwd=tmp_path)
    git(journal, "remote", "add", "origin", "../empty.git")
    make_private(journal)
    add_note(journal, "first", NOW)
    done = keep_in_step(journal)
    assert (done.sent, done.pushed) == (["journal/journal.toml", "journal/notes/2026-11-20.md"], True)
    assert git(journal, "status", "-sb").startswith("## main...origin/main\n")


def test_a_remote_that_cannot_be_reached_is_an_error_in_gits_words(pair, tmp_path):
    a, _ = pair
    (tmp_path / "remote.git").rename(tmp_path / "gone.git")
    with pytest.raises(GitError, match=r"(?s)origin cannot be reached.*does not appear to be a git repository"):
        keep_in_step(a)


TOKEN = "ghp_" + "A1b2C3d4E5" * 4


def test_a_login_in_the_remotes_url_is_neither_said_nor_committed(pair):
    a, b = pair
    url = f"https://user:{TOKEN}@example.org/x.git"
    git(a, "config", f"url.{Path(a.root).parent}/remote.git.insteadOf", url)
    git(a, "config", "branch.main.remote", url)
    b.publish([Change(where("theirs"), page(8))], "entry: theirs", NOW)
    keep_in_step(b)
    a.publish([Change(where("mine"), page(9))], "entry: mine", NOW)
    said = []
    done = sync(a, Wish(push=False), os.environ, LATER, said.append)
    assert done.target == "https://example.org/x.git/main"
    assert not [line for line in said if TOKEN in line]
    assert git(a, "log", "-1", "--format=%s").strip() == "sync: https://example.org/x.git/main"


def test_a_login_is_not_said_where_the_remote_cannot_be_reached(pair):
    git(pair[0], "config", "branch.main.remote", f"nowhere://user:{TOKEN}@example.org/x.git")
    with pytest.raises(GitError, match="cannot be reached") as caught:
        keep_in_step(pair[0])
    assert TOKEN not in f"{caught.value.message} {caught.value.hint}"


def test_a_secret_in_the_name_of_a_branch_is_not_committed_by_a_merge(pair):
    a, b = pair
    for journal in pair:
        git(journal, "config", "branch.main.merge", f"refs/heads/{TOKEN}")
    keep_in_step(b)
    b.publish([Change(where("theirs"), page(8))], "entry: theirs", NOW)
    keep_in_step(b)
    a.publish([Change(where("mine"), page(9))], "entry: mine", NOW)
    keep_in_step(a, push=False)
    assert git(a, "log", "-1", "--format=%s").startswith("sync: origin/[REDACTED")


@pytest.mark.parametrize("ask", [True, False])
def test_ssh_asks_for_a_password_only_where_somebody_can_answer(pair, tmp_path, monkeypatch, ask):
    a, _ = pair
    (tmp_path / "bin").mkdir()
    ssh = tmp_path / "bin" / "ssh"
    ssh.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\nexit 255\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}{os.pathsep}{os.environ['PATH']}")
    git(a, "remote", "set-url", "origin", "ssh://example.org/journal.git")
    with pytest.raises(GitError, match="origin cannot be reached"):
        keep_in_step(a, ask=ask)
    assert ("BatchMode=yes" in (tmp_path / "asked").read_text()) is not ask


def test_a_push_that_the_remote_declines_is_an_error_in_its_words(pair, tmp_path):
    a, _ = pair
    hook = tmp_path / "remote.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n")
    hook.chmod(0o755)
    add_note(a, "mine", NOW)
    with pytest.raises(GitError, match=r"(?s)pre-receive hook declined.*not on a Friday"):
        keep_in_step(a)


@pytest.mark.parametrize("add", [False, True])
def test_what_was_fetched_is_no_proof_of_what_another_push_url_has(pair, tmp_path, add):
    a, _ = pair
    run_git("init", "-q", "--bare", "open.git", cwd=tmp_path)
    if add:
        git(a, "remote", "set-url", "--add", "--push", "origin", "../remote.git")
    git(a, "remote", "set-url", "--add", "--push", "origin", "../open.git")
    a.publish([Change(where("t"), page(9).replace(b"date:", b"visibility: team\ndate:"))], "entry: t", NOW)
    done = keep_in_step(a)
    assert ([one.code for one in done.findings], done.pushed) == (["self"], False)
    assert where("a") in done.findings[0].where
    assert run_git("for-each-ref", cwd=tmp_path / "open.git") == ""


@pytest.mark.parametrize("gone", [True, False])
def test_a_secret_that_a_commit_holds_is_not_pushed(pair, gone):
    a, _ = pair
    before = git(a, "ls-remote", "origin", "main")
    token = "ghp_" + "A1b2C3d4E5" * 3 + "f6G7H8"
    write(a, "leak", page(9, f"the token {token}"))
    git(a, "add", "journal")
    git(a, "commit", "-qm", "by hand")
    commit = git(a, "rev-parse", "--short", "HEAD").strip()
    if gone:
        write(a, "leak", page(9, "no token"))
    done = keep_in_step(a)
    (found,) = done.findings
    assert (found.code, found.where, f"commit {commit} " in found.message) == ("secret", where("leak"), True)
    assert [one.message.partition("; ")[2] for one in done.refused] == (
        [] if gone else ["the last commit has it already"]
    )
    assert token not in repr(done)
    assert git(a, "ls-remote", "origin", "main") == before


@pytest.mark.parametrize("dry_run", [True, False])
def test_files_changed_by_commits_that_nobody_recorded_stop_the_sync(pair, dry_run):
    a, _ = pair
    write(a, "a", page(1, "behind its back"))
    os.remove(a.path(where("b")))
    git(a, "commit", "-qam", "by hand")
    before = a.repo.head(), git(a, "ls-remote", "origin", "main")
    done = keep_in_step(a, dry_run=dry_run)
    assert {(one.code, one.where) for one in done.findings} == {("content", where("a")), ("deleted", where("b"))}
    assert {one.hint for one in done.findings} == {"journal log --diff, then journal seal"}
    assert (a.repo.head(), git(a, "ls-remote", "origin", "main")) == before
    seal(a, NOW)
    assert keep_in_step(a).pushed


def test_what_a_sync_records_of_the_working_tree_is_named(pair):
    a, _ = pair
    write(a, "a", page(1, "by hand"))
    os.remove(a.path(where("b")))
    foreseen, done = keep_in_step(a, dry_run=True), keep_in_step(a)
    for one in (foreseen, done):
        assert (one.recorded, one.deleted) == ([where("a")], [where("b")])
    said = _result(done, dry_run=False)
    assert f"recorded: {where('a')}, changed by hand since its last record\n" in said
    assert f"recorded: {where('b')}, deleted by hand\n" in said


def test_a_sync_that_was_stopped_after_its_merge_records_what_the_merge_made(pair, monkeypatch):
    a, b = pair
    text = "\n\n".join(["first", *"12345", "last"])
    write(a, "a", page(1, text))
    sync_until_quiet([a, b])
    write(a, "a", page(1, text.replace("first", "FIRST")))
    write(b, "a", page(1, text.replace("last", "LAST")))
    keep_in_step(a)
    whole, calls = _Run._seal, []

    def stop(run):
        calls.append(run)
        if len(calls) == 2:
            raise Killed
        return whole(run)

    with monkeypatch.context() as patch:
        patch.setattr(_Run, "_seal", stop)
        with pytest.raises(Killed):
            keep_in_step(b)
    assert fails(b)
    assert keep_in_step(b).pushed
    assert fails(b) == []


def test_without_push_it_is_said_what_waits(pair):
    a, _ = pair
    add_note(a, "mine", NOW)
    said = _result(keep_in_step(a, push=False), dry_run=False)
    assert "origin/main: 1 commit waits here to be pushed: journal sync" in said
    assert "in step" not in said
    keep_in_step(a)
    assert "in step" in _result(keep_in_step(a, push=False), dry_run=False)


def test_a_remote_whose_history_was_rewritten_is_told(pair):
    a, b = pair
    add_note(a, "mine", NOW)
    keep_in_step(a)
    seen = a.repo.head()
    git(b, "commit", "-q", "--allow-empty", "-m", "instead")
    git(b, "push", "-q", "--force")
    done = keep_in_step(a)
    assert (done.rewritten, done.needs_you) == (seen, True)
    assert not keep_in_step(a).needs_you


def faster(tmp_path, b, times):
    """Let a hook of the first clone push from the other one just before its own push, so many times."""
    script = tmp_path / "faster.py"
    script.write_text(
        textwrap.dedent(f"""
            import os, sys
            from datetime import UTC, datetime
            from pathlib import Path
            for name in [name for name in os.environ if name.startswith("GIT_")]:
                del os.environ[name]
            from session_journal.store.journal import Change, Journal
            import subprocess
            count = Path({str(tmp_path / "count")!r})
            done = len(count.read_text()) if count.exists() else 0
            if done < {times}:
                count.write_text("x" * (done + 1))
                b = Journal({b.root!r}, os.environ)
                subprocess.run(["git", "-C", b.root, "pull", "-q", "--ff-only"], check=True)
                path = f"journal/sessions/2026/2026-11-20-fast-{{done}}.md"
                data = f'---\\nid: "{{done + 500:032x}}"\\ntitle: fast\\ndate: 2026-11-20\\n---\\n\\nFast.\\n'.encode()
                b.publish([Change(path, data)], "entry: fast", datetime(2026, 11, 20, tzinfo=UTC))
                subprocess.run(["git", "-C", b.root, "push", "-q", "--no-verify"], check=True)
        """)
    )
    return script


@pytest.mark.parametrize("times", [1, 3])
def test_who_is_overtaken_merges_once_more(pair, tmp_path, times):
    a, b = pair
    script = faster(tmp_path, b, times)
    hook = Path(a.git_dir, "hooks", "pre-push")
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} {script}\n")
    hook.chmod(0o755)
    add_note(a, "mine", NOW)
    done = keep_in_step(a)
    assert (done.pushed, len(done.received)) == (True, times)
    keep_in_step(b)
    assert_equal(a, b)


# --- beside code, and two beginnings --------------------------------------------------------------------------------


@pytest.fixture
def beside(tmp_path):
    """Return two clones of a project with a journal beside its code."""
    a, b = make_clones(tmp_path, 2)
    write(a, "journal/journal.toml", b"format = 1\nhere = true\n")
    write(a, "./code.py", b"print(1)\n")
    git(a, "add", "code.py")
    git(a, "commit", "-qm", "code")
    git(a, "push", "-q")
    sync_until_quiet([a, b])
    return a, b


def test_a_journal_beside_code_syncs_what_is_the_journals(beside):
    a, b = beside
    a.publish([Change(where("a"), page(1))], "entry: a", NOW)
    b.publish([Change(where("a"), page(2))], "entry: a", NOW)
    sync_until_quiet([a, b])
    assert_equal(a, b)


def test_a_journal_beside_code_neither_sends_nor_brings_in_code(beside):
    a, b = beside
    write(a, "./code.py", b"print(2)\n")
    git(a, "commit", "-qam", "more code")
    before = a.repo.head()
    with pytest.raises(JournalError, match="would be pushed too"):
        keep_in_step(a)
    assert a.repo.head() == before
    assert git(a, "ls-remote", "origin", "main").split()[0] != before
    assert keep_in_step(a, push=False).received == []
    git(a, "push", "-q")
    with pytest.raises(JournalError, match=r"brings in code\.py"):
        keep_in_step(b)
    git(b, "pull", "-q")
    assert keep_in_step(b).received == []
    assert_equal(a, b)


@pytest.fixture
def strangers(tmp_path):
    """Return two journals that both began on their own, the first one pushed to the remote of both."""
    run_git("init", "-q", "--bare", "remote.git", cwd=tmp_path)
    made = []
    for number, name in enumerate("ab", 1):
        journal = create(str(tmp_path / name), NOW, FILES)
        git(journal, "remote", "add", "origin", "../remote.git")
        make_private(journal)
        journal.publish([Change(where("same"), page(number, f"of {name}"))], "entry: same", NOW)
        add_note(journal, f"noted on {name}", NOW)
        made.append(journal)
    keep_in_step(made[0])
    return made


def test_histories_that_began_apart_are_not_merged_unasked(strangers):
    _, b = strangers
    before = b.repo.head(), files_of(b)
    with pytest.raises(JournalError, match="nothing in common") as caught:
        keep_in_step(b)
    assert caught.value.hint.startswith("journal sync --join")
    assert (b.repo.head(), files_of(b)) == before


def test_histories_that_began_apart_become_one_when_asked(strangers):
    a, b = strangers
    done = keep_in_step(b, join=True)
    assert (done.findings, done.pushed) == ([], True)
    records = [
        json.loads(line)
        for path in Path(b.path("journal/log")).rglob("*.jsonl")
        for line in path.read_text().splitlines()
    ]
    beginnings = [record for record in records if record["op"] == "init"]
    assert sorted(len(record["p"]) for record in beginnings) == [0, 0, 2]
    keep_in_step(a)
    assert a.repo.head() == b.repo.head()
    assert files_of(a) == files_of(b)
    assert {read(a, where("same")), read(a, where("same-2"))} == {page(1, "of a"), page(2, "of b")}
    assert read(a, "journal/notes/2026-11-20.md").count(b"noted on") == 2
    assert keep_in_step(b, join=True).sent == []


# --- looking first, and kills ---------------------------------------------------------------------------------------


def test_a_dry_run_tells_what_would_come_and_go_and_changes_nothing(pair):
    a, b = pair
    write(a, "a", page(1, "mine"))
    a.publish([Change(where("sent"), page(8))], "entry: sent", NOW)
    keep_in_step(a)
    write(b, "a", page(1, "theirs, not recorded"))
    write(b, "new", page(9))
    before = b.repo.head(), files_of(b), git(b, "status", "--porcelain")
    done = keep_in_step(b, dry_run=True)
    ((what, path, other),) = told(done)
    assert (what, path) == ("both", where("a"))
    assert set(done.received) >= {where("sent"), other}
    assert where("new") in done.sent
    assert (b.repo.head(), files_of(b), git(b, "status", "--porcelain")) == before
    keep_in_step(b)
    assert other in files_of(b)


def test_without_push_everything_is_merged_and_nothing_sent(pair):
    a, b = pair
    add_note(a, "mine", NOW)
    keep_in_step(a)
    write(b, "new", page(9))
    before = git(b, "ls-remote", "origin", "main")
    done = keep_in_step(b, push=False)
    assert (done.received, done.sent, done.pushed) == (["journal/notes/2026-11-20.md"], [], False)
    assert git(b, "ls-remote", "origin", "main") == before


class Killed(BaseException):
    """Stands for SIGKILL: no handler of ours may run."""


STEPS = {"before the first file": ("write_file", 0), "between the files": ("write_file", 1), "before the index": ("install", 0),
         "before the ref": ("_move_ref", 0)}  # fmt: skip


@pytest.mark.parametrize("by", ["sync", "publish"])
@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("step", STEPS)
def test_a_merge_killed_at_any_step_is_finished_by_the_next_command(pair, monkeypatch, step, forward, by):
    from session_journal.store import commit, staging

    a, b = pair
    a.publish([Change(where("x"), page(7)), Change(where("a"), None, page(1))], "entry: x", NOW)
    add_note(a, "noted on a", NOW)
    keep_in_step(a)
    if not forward:
        add_note(b, "noted on b", LATER)
    name, times = STEPS[step]
    place = staging.IndexLock if name == "install" else commit
    real, left = getattr(place, name), [times]

    def broken(*args):
        if not left[0]:
            raise Killed
        left[0] -= 1
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(place, name, broken)
        patch.setattr(commit, "_put_back", lambda *_: None)
        patch.setattr(staging.IndexLock, "__exit__", lambda *_: None)
        with pytest.raises(Killed):
            keep_in_step(b)
    if by == "publish":
        b.publish([Change(where("later"), page(77))], "entry: later", LATER)
        assert git(b, "status", "--porcelain") == ""
    sync_until_quiet([b, a], LATER)
    assert_equal(a, b)
    text = read(a, "journal/notes/2026-11-20.md").decode()
    for words in ("noted on a", *([] if forward else ["noted on b"])):
        assert text.count(words) == 1
    assert where("a") not in files_of(a)


SYNCER = textwrap.dedent("""
    import os, sys
    from datetime import UTC, datetime
    from session_journal.app.sync import Wish, sync
    from session_journal.store.journal import Journal
    sync(Journal(sys.argv[1], os.environ), Wish(), os.environ, datetime.now(UTC), lambda _: None)
""")


def test_two_syncs_at_once_end_in_one_history(pair):
    for number, journal in enumerate(pair):
        add_note(journal, f"note {number}", NOW)
    running = [subprocess.Popen([sys.executable, "-c", SYNCER, journal.root]) for journal in pair]
    assert [one.wait() for one in running] == [0, 0]
    sync_until_quiet(list(pair))
    assert_equal(*pair)


def test_syncs_killed_at_any_moment_lose_nothing(pair):
    a, b = pair
    killed = 0
    for number in range(10):
        add_note(a, f"from a {number}", NOW)
        add_note(b, f"from b {number}", LATER)
        write(b, f"b{number}", page(100 + number))
        keep_in_step(a)
        syncer = subprocess.Popen([sys.executable, "-c", SYNCER, b.root], stderr=subprocess.DEVNULL)
        try:
            syncer.wait(0.15 + number * 0.02)
        except subprocess.TimeoutExpired:
            syncer.kill()
            syncer.wait()
            killed += 1
    assert killed
    sync_until_quiet([b, a], LATER)
    assert_equal(a, b)
    text = read(a, "journal/notes/2026-11-20.md").decode()
    for number in range(10):
        assert text.count(f"from a {number}\n") == 1
        assert text.count(f"from b {number}\n") == 1
        assert where(f"b{number}") in files_of(a)


def test_a_file_saved_while_the_merge_is_signed_is_recorded_first(pair, tmp_path):
    a, b = pair
    write(a, "a", page(1, "theirs"))
    add_note(a, "noted", NOW)
    keep_in_step(a)
    add_note(b, "noted here", LATER)
    place, once = b.path(where("a")), tmp_path / "once"
    signer = tmp_path / "gpg"
    signer.write_text(
        f"#!/bin/sh\ncat >/dev/null\n[ -e {once} ] || {{ touch {once}; echo typed >> {place}; }}\n"
        "echo '[GNUPG:] SIG_CREATED ' >&2\necho signature\n"
    )
    signer.chmod(0o755)
    for name, value in (("gpg.program", str(signer)), ("user.signingkey", "x"), ("commit.gpgsign", "true")):
        git(b, "config", name, value)
    keep_in_step(b)
    assert any(b"typed\n" in data for data in files_of(b).values())
    keep_in_step(a)
    assert_equal(a, b)
    assert find_id(read(a, where("a"))) == f"{1:032x}"


def test_what_is_for_its_writer_alone_is_not_pushed_to_a_remote_that_is_not_private(tmp_path):
    one, two = make_clones(tmp_path, 2, private=False)
    entry = page(1).replace(b"title:", b"visibility: team\ntitle:")
    one.publish([Change(where("open"), entry)], "entry: open", NOW)
    assert keep_in_step(one).findings == []
    one.publish([Change(where("own"), page(2))], "entry: own", NOW)
    done = keep_in_step(one)
    assert [(finding.code, finding.where) for finding in done.findings] == [("self", where("own"))]
    assert not done.pushed
    keep_in_step(two)
    assert (os.path.exists(two.path(where("open"))), os.path.exists(two.path(where("own")))) == (True, False)
    one.publish(
        [Change(where("own"), page(2).replace(b"title:", b"visibility: team\ntitle:"), page(2))], "entry: own", NOW
    )
    assert keep_in_step(one).findings, "its older version is still for its writer alone"
    make_private(one)
    assert keep_in_step(one).pushed
