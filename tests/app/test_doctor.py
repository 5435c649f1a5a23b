"""Doctor: what each check says of a journal that is really broken, what --fix does, and that no check stops another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journals import git, make_journal, page, where
from session_journal.agents import Host
from session_journal.app import agent_hooks, git_hooks
from session_journal.app.capture import Wanted, capture
from session_journal.app.config import put
from session_journal.app.doctor import Checks, Fix, Patient, examine, mend
from session_journal.app.doctor.machine import judge_git, judge_room, synced_by
from session_journal.app.draft import Clock
from session_journal.app.search import INDEX
from session_journal.core.archive_pages import archive_path, make_page
from session_journal.errors import JournalError
from session_journal.store.failures import Failure, note_failure
from session_journal.store.journal import Change, Journal, open_journal

EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path):
    made = make_journal(tmp_path / "journal")
    made.publish([Change(where("a"), page(1))], "entry: a", NOW)
    return made


def patient(journal: Journal | None, isolated, **given) -> Patient:
    env = {**os.environ, **given.pop("env", {})}
    return Patient(env, Clock(given.pop("now", NOW), UTC), Host(env, "linux", str(isolated)), journal, **given)


def seen(found, check):
    return [(finding.level, finding.what) for finding in found if finding.check == check]


def look(journal, isolated, check, **given):
    return seen(examine(patient(journal, isolated, **given)), check)


def levels(found):
    return Counter(finding.level for finding in found)


def fixed(journal, isolated, **given):
    return [(finding.check, done, what) for finding, done, what in mend(examine(patient(journal, isolated, **given)))]


# --- the frame --------------------------------------------------------------------------------------------------------


def test_a_healthy_journal_has_nothing_but_good_news(journal, isolated):
    found = list(examine(patient(journal, isolated)))
    assert levels(found) == {"ok": 20}
    assert len({finding.check for finding in found}) == 19


def test_a_check_that_breaks_says_so_and_the_others_go_on(journal, isolated):
    def breaks(_):
        yield "ok", "before", ""
        raise ZeroDivisionError("secret of the house")

    def refuses(_):
        raise JournalError("it is broken", "journal verify")

    def is_unreadable(_):
        return (isolated / "nothing").read_text()

    checks = Checks([("a", breaks), ("b", refuses), ("c", is_unreadable), ("d", lambda _: [("ok", "fine", "")])], [])
    found = list(examine(patient(None, isolated), checks))
    assert [(finding.check, finding.level) for finding in found] == [
        ("a", "ok"), ("a", "fail"), ("b", "fail"), ("c", "fail"), ("d", "ok"),
    ]  # fmt: skip
    assert "ZeroDivisionError" in found[1].what
    assert (found[2].what, found[2].hint) == ("it is broken", "journal verify")
    assert str(isolated / "nothing") in found[3].what


def test_a_fix_that_fails_says_why_and_the_others_are_done(isolated):
    def fails():
        raise JournalError("no room", "df -h")

    checks = Checks(
        [("a", lambda _: [("warn", "x", "", Fix("do it", fails)), ("warn", "y", "", Fix("do", lambda: "done"))])], []
    )
    told = [(done, what) for _, done, what in mend(examine(patient(None, isolated), checks))]
    assert told == [(False, "no room"), (True, "done")]


def test_looking_changes_nothing(journal, isolated):
    Path(journal.path(where("b"))).write_bytes(page(2))
    before = git(journal, "rev-parse", "HEAD"), git(journal, "status", "--short")
    list(examine(patient(journal, isolated)))
    assert (git(journal, "rev-parse", "HEAD"), git(journal, "status", "--short")) == before
    assert not Path(journal.cache(INDEX)).exists()


# --- this machine -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "level"),
    [("git version 2.39.5", "ok"), ("git version 2.26.0 (Apple Git-1)", "ok"), ("git version 2.47.1.windows.2", "ok"), ("git version 2.25.4", "fail"),
     ("git version 1.9", "fail"), ("hub", "warn")],
)  # fmt: skip
def test_a_git_that_is_too_old_fails(said, level):
    assert judge_git(said)[0] == level


def test_without_git_its_check_fails_and_the_others_go_on(journal, isolated, monkeypatch):
    monkeypatch.setattr("session_journal.store.git._EXECUTABLE", "")
    monkeypatch.setenv("PATH", str(isolated))
    found = list(examine(patient(journal, isolated)))
    assert seen(found, "git") == [("fail", "git is not on the PATH")]
    assert seen(found, "room")[0][0] == "ok"


def test_without_an_identity_the_two_commands_that_set_it_are_named(journal, isolated):
    (isolated / ".gitconfig").write_text("")
    (finding,) = [one for one in examine(patient(journal, isolated)) if one.check == "identity"]
    assert finding.level == "fail"
    assert "git config --global user.name" in finding.hint


def test_broken_settings_are_named_with_their_line(journal, isolated):
    config = isolated / "config.toml"
    config.write_text("default = 'x'\nbroken = = 1\n")
    ((level, what),) = look(journal, isolated, "settings", env={"JOURNAL_CONFIG": str(config)})
    assert (level, str(config) in what, "line 2" in what) == ("fail", True, True)


def test_settings_that_mean_nothing_are_named(journal, isolated):
    config = isolated / "config.toml"
    config.write_text("colour = 'red'\n[patterns]\nsessions = 'many'\n[remote]\norigin = 'private'\n")
    found = look(journal, isolated, "settings", env={"JOURNAL_CONFIG": str(config)})
    assert [level for level, _ in found] == ["warn", "warn"]
    assert "no setting is called colour" in found[0][1]
    assert "the value of patterns.sessions" in found[1][1]


def test_which_journal_is_meant_is_told_with_the_rule(journal, isolated):
    root = journal.root
    assert look(journal, isolated, "journal") == [("ok", f"{root} (your default journal)")]
    assert look(journal, isolated, "journal", named=root) == [("ok", f"{root} (named by --journal)")]
    assert look(journal, isolated, "journal", env={"JOURNAL_HOME": root}) == [("ok", f"{root} (named by JOURNAL_HOME)")]
    assert look(journal, Path(root, "journal"), "journal") == [("ok", f"{root} (the folder you are in)")]


def test_without_a_journal_the_machine_is_looked_at_all_the_same(isolated):
    with pytest.raises(JournalError) as caught:
        open_journal("", str(isolated))
    found = list(examine(patient(None, isolated, problem=caught.value)))
    assert seen(found, "journal") == [("fail", "there is no journal yet")]
    assert levels(found) == {"fail": 1, "ok": 9}


def test_a_folder_that_cannot_be_written_is_named(journal, isolated):
    (isolated / "file").write_text("")
    place = str(isolated / "file" / "state")
    assert look(journal, isolated, "folders", env={"JOURNAL_STATE": place}) == [("fail", f"{place} cannot be written")]


@pytest.mark.parametrize(("free", "level"), [(10**12, "ok"), (400_000_000, "warn"), (1_000_000, "fail")])
def test_little_room_is_told(free, level):
    assert judge_room(free)[0] == level


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/Users/a/Dropbox/journal", "Dropbox"), ("/home/a/Dropbox (Personal)/x", "Dropbox (Personal)"), (r"C:\Users\a\OneDrive - Acme\journal", "OneDrive - Acme"),
        ("/Users/a/Library/Mobile Documents/com~apple~CloudDocs/j", "Mobile Documents"), ("/Users/a/Library/CloudStorage/GoogleDrive-a/j", "CloudStorage"),
        ("/home/a/Nextcloud", "Nextcloud"), ("/home/a/journal", ""), ("/home/a/dropbox-scripts/journal", ""), ("/home/onedriver/journal", ""),
    ],
)  # fmt: skip
def test_a_synchronised_folder_is_known_by_its_name(path, name):
    assert synced_by(path) == name


def test_a_journal_in_a_synchronised_folder_is_warned_of(tmp_path, isolated):
    journal = make_journal(tmp_path / "Dropbox" / "journal")
    assert look(journal, isolated, "place")[0][0] == "warn"


# --- the journal's records --------------------------------------------------------------------------------------------


def test_a_broken_journal_toml_is_named_with_its_line(journal, isolated):
    Path(journal.path("journal/journal.toml")).write_text("format = 1\n[open\n")
    found = look(journal, isolated, "journal.toml")
    assert (found[0][0], "line 2" in found[0][1]) == ("fail", True)


def test_what_a_journal_may_not_decide_is_named(journal, isolated):
    Path(journal.path("journal/journal.toml")).write_text("format = 1\neditor = 'evil'\n")
    ((level, what),) = look(journal, isolated, "journal.toml")
    assert (level, "editor counts for nothing" in what) == ("warn", True)


def test_a_log_that_was_tampered_with_fails(journal, isolated):
    (lane,) = Path(journal.path("journal/log")).rglob("*.jsonl")
    lane.write_bytes(lane.read_bytes().replace(b'"put"', b'"del"'))
    git(journal, "commit", "-aqm", "tamper")
    assert "fail" in [level for level, _ in look(journal, isolated, "log")]


def test_files_that_were_changed_by_hand_are_named_with_the_command(journal, isolated):
    Path(journal.path(where("a"))).write_bytes(page(1, "Changed."))
    Path(journal.path(where("b"))).write_bytes(page(2))
    found = [one for one in examine(patient(journal, isolated)) if one.check == "files"]
    assert [(one.level, one.what, one.hint) for one in found] == [
        ("warn", f"2 files changed and not recorded: {where('a')}, {where('b')}", "journal seal")
    ]


def test_a_file_that_cannot_be_recorded_fails_without_its_secret(journal, isolated):
    token = "ghp_" + "A1b2C3d4E5" * 4
    Path(journal.path(where("b"))).write_bytes(page(2, token))
    ((level, what),) = look(journal, isolated, "files")
    assert (level, "github-token" in what, token in what) == ("fail", True, False)


def test_a_commit_that_waits_is_completed_and_nothing_else(journal, isolated):
    head = Path(journal.root, ".git", "HEAD")
    branch = head.read_text()
    head.write_text(git(journal, "rev-parse", "HEAD"))
    journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    ((level, what),) = look(journal, isolated, "commits")
    assert (level, "a detached HEAD; 1 file wait" in what) == ("warn", True)
    assert ("commits", True) not in [one[:2] for one in fixed(journal, isolated)]
    head.write_text(branch)
    Path(journal.path(where("a"))).write_bytes(page(1, "Half a thought."))
    assert look(journal, isolated, "commits") == [("warn", f"1 file written whose commit waits: {where('b')}")]
    assert ("commits", True, "committed 1 file") in fixed(journal, isolated)
    assert git(journal, "status", "--short") == f" M {where('a')}\n"
    assert look(journal, isolated, "commits") == [("ok", "no commit waits")]


def test_what_seal_refuses_is_to_be_put_right_first(journal, isolated):
    Path(journal.path(where("b"))).symlink_to(journal.path(where("a")))
    Path(journal.path(where("c"))).write_text("---\ntitle: Fix: it\n---\n")
    hints = {one.what.split(":")[0]: one.hint for one in examine(patient(journal, isolated)) if one.check == "files"}
    assert hints[where("b")] == f"put {where('b')} right, then `journal seal`"
    assert "needs quotes" in hints[where("c")]


def test_what_a_killed_command_left_is_finished(journal, isolated):
    lock = Path(journal.git_dir, "index.lock")
    lock.write_bytes(b"held by journal; remove this file if no journal command is running\n")
    assert look(journal, isolated, "commits") == [("warn", "a command was killed in the middle of a commit")]
    assert ("commits", True, "finished") in fixed(journal, isolated)
    assert not lock.exists()


def test_a_lock_that_git_left_long_ago_fails_and_a_fresh_one_is_in_use(journal, isolated):
    lock = Path(journal.git_dir, "index.lock")
    lock.write_bytes(b"")
    made = NOW.timestamp()
    os.utime(lock, (made, made))
    assert look(journal, isolated, "locks", now=NOW + timedelta(minutes=1))[0][0] == "ok"
    ((level, what),) = look(journal, isolated, "locks", now=NOW + timedelta(minutes=30))
    assert (level, str(lock) in what, "30 min" in what) == ("fail", True, True)
    assert lock.exists()


def test_hooks_that_git_does_not_run_any_more_are_warned_of(journal, isolated):
    git_hooks.install(journal)
    assert look(journal, isolated, "git hooks") == [("ok", "active")]
    git(journal, "config", "core.hooksPath", str(isolated))
    assert look(journal, isolated, "git hooks")[0][0] == "warn"


def test_an_index_that_is_behind_or_broken_is_brought_up_to_date(journal, isolated):
    index = Path(journal.cache(INDEX))
    assert look(journal, isolated, "index") == [("ok", "1 file newer than the index; the next search reads them")]
    assert ("index", True, "the search index is up to date") in fixed(journal, isolated)
    assert look(journal, isolated, "index") == [("ok", "up to date")]
    index.write_bytes(b"nonsense" * 10)
    assert look(journal, isolated, "index")[0][0] == "warn"
    fixed(journal, isolated)
    assert look(journal, isolated, "index") == [("ok", "up to date")]


# --- the work ---------------------------------------------------------------------------------------------------------


def test_two_files_with_one_id_are_both_named(journal, isolated):
    Path(journal.path(where("copy"))).write_bytes(page(1))
    ((level, what),) = look(journal, isolated, "entries")
    assert (level, where("a") in what, where("copy") in what) == ("fail", True, True)


def test_pages_and_decisions_that_cannot_be_used_are_named(journal, isolated):
    pages = Path(journal.path("journal/rollups"))
    pages.mkdir()
    (pages / "2026-W47.md").write_text("---\nid: a\n---\n<!-- journal:weekly v1 -->\nA\n", encoding="utf-8")
    Path(journal.path("journal/patterns.toml")).write_text("[[ignore\n", encoding="utf-8")
    found = look(journal, isolated, "pages")
    assert [level for level, _ in found] == ["fail", "fail"]
    assert found[0][1].startswith("journal/rollups/2026-W47.md: the markers of the block")
    assert "(line 4)" in found[0][1]
    assert found[1][1].startswith("journal/patterns.toml cannot be read")
    (pages / "2026-W47.md").unlink()
    Path(journal.path("journal/patterns.toml")).write_text('visibility = "self"', encoding="utf-8")
    assert [level for level, _ in look(journal, isolated, "pages")] == ["ok"]


def test_a_page_with_an_unresolved_conflict_is_damaged(journal, isolated):
    path = Path(journal.path("journal/rollups/2026-W47.md"))
    path.parent.mkdir(exist_ok=True)
    path.write_text("---\ntitle: Week\ndate: 2026-11-16\n---\n\n<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> other\n")
    ((level, told),) = look(journal, isolated, "pages")
    assert level == "fail"
    assert told.startswith("journal/rollups/2026-W47.md:6: ")


def test_two_entries_of_one_session_are_named_with_how_to_drop_the_draft(journal, isolated):
    for number, name in ((2, "b"), (3, "c")):
        state = "draft" if name == "b" else "final"
        data = page(number).replace(b"---\n\n", f"status: {state}\nsource: codex:s1\n---\n\n".encode())
        journal.publish([Change(where(name), data)], "entry", NOW)
    all_found = examine(patient(journal, isolated))
    found = [one for one in all_found if one.level == "warn" and one.check == "entries"]
    assert [one.what for one in found] == [f"{where('c')} tells the same session as {where('b')}; keep one"]
    assert found[0].hint == f"journal review {2:032x} --discard"


def test_an_entry_that_cannot_be_read_is_named_with_its_line(journal, isolated):
    Path(journal.path(where("b"))).write_bytes(b"---\ntitle: x\ndate: [\n---\n")
    ((level, what),) = look(journal, isolated, "entries")
    assert (level, f"{where('b')}:3" in what or f"{where('b')}:4" in what) == ("fail", True)


def test_drafts_are_counted_and_old_ones_warned_of(journal, isolated):
    draft = page(2).replace(b"---\n\n", b"status: draft\n---\n\n")
    journal.publish([Change(where("b"), draft)], "draft", NOW)
    assert look(journal, isolated, "entries") == [
        ("ok", "2 entries"),
        ("ok", "1 of them wait for a review, the oldest of 2026-11-20"),
    ]
    assert look(journal, isolated, "entries", now=NOW + timedelta(days=20))[1][0] == "warn"


def test_sessions_are_counted_as_captured_missed_and_failed(journal, isolated):
    folder = isolated / ".claude" / "projects" / "-home-me-work"
    folder.mkdir(parents=True)
    names = ("2026-11-09-flaky-test.jsonl", "2026-11-12-red-ci.jsonl")
    paths = [str(shutil.copy(EXAMPLES / name, folder / name)) for name in names]
    (folder / "broken.jsonl").write_bytes(b"\0\1\2")
    now = datetime.fromtimestamp(os.stat(paths[0]).st_mtime, UTC).replace(year=2026, month=11, day=20)
    for path in [*paths, folder / "broken.jsonl"]:
        os.utime(path, (now.timestamp(), now.timestamp()))
    capture(journal, paths[:1], Clock(now, UTC), Wanted())
    found = look(journal, isolated, "sessions", now=now)
    assert found[-1] == ("warn", "of the last 14 days: 1 captured, 1 missed, 1 failed")
    assert [level for level, what in found if "broken.jsonl" in what] == ["warn"]


def test_the_worst_journal_is_told_about_to_the_end(journal, isolated):
    shutil.rmtree(Path(journal.root, ".git", "objects"))
    Path(journal.path("journal/journal.toml")).write_bytes(b"\xff")
    Path(journal.path(where("a"))).write_bytes(b"\xff\0")
    found = list(examine(patient(journal, isolated)))
    assert {finding.check for finding in found} >= {"log", "files", "commits", "entries", "sessions"}
    assert levels(found)["fail"] >= 4
    assert subprocess.run(["git", "-C", journal.root, "log"], capture_output=True, check=False).returncode != 0


# --- hooks of agents --------------------------------------------------------------------------------------------------


@pytest.fixture
def hooked(isolated, monkeypatch):
    """Install the hooks of Claude Code; return its settings file."""
    program = isolated / "bin" / "journal"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("sys.argv", [str(program)])
    host = Host(dict(os.environ), "linux", str(isolated))
    agent_hooks.install(agent_hooks.find_tool("claude-code"), host, os.environ)
    return isolated / ".claude" / "settings.json"


def test_hooks_that_nobody_asked_for_are_no_fault(isolated):
    assert look(None, isolated, "agent hooks") == [("ok", "claude-code: not installed"), ("ok", "codex: not installed")]


def test_hooks_of_agents_that_run_are_well(isolated, hooked):
    assert look(None, isolated, "agent hooks")[0] == ("ok", "claude-code: sessions are captured by themselves")


def test_a_hook_whose_program_is_gone_is_named(isolated, hooked):
    (isolated / "bin" / "journal").unlink()
    found = look(None, isolated, "agent hooks")
    assert {level for level, _ in found[:-1]} == {"warn"}
    assert all("is gone" in what for _, what in found[:-1])


def test_one_hook_that_was_taken_out_of_several_is_named(isolated, hooked):
    settings = json.loads(hooked.read_text())
    del settings["hooks"]["Stop"]
    hooked.write_text(json.dumps(settings))
    assert ("warn", "claude-code, Stop: taken out by hand") in look(None, isolated, "agent hooks")


def test_what_hooks_failed_at_is_told_and_forgotten_when_asked(isolated):
    note_failure(os.environ, Failure("2026-11-19 10:00:00", "claude-code s1", "the disk is full", "make room"))
    note_failure(os.environ, Failure("2026-10-01 10:00:00", "claude-code s0", "long ago"))
    assert look(None, isolated, "failures") == [
        ("warn", "2026-11-19 10:00 claude-code s1: the disk is full"),
        ("warn", "1 in the last 14 days"),
    ]
    assert ("failures", True, "forgot 1 of them") in fixed(None, isolated)
    assert [level for level, _ in look(None, isolated, "failures")] == ["ok"]


def test_committed_events_are_told_with_their_size_and_what_keeps_more_from_being(journal, isolated):
    def told():
        return [(one.level, one.what, one.hint) for one in examine(patient(journal, isolated)) if one.check == "events"]

    assert told() == []
    put(os.environ, "archive.commit", "yes", "/")
    assert told() == [("ok", "events of 0 sessions are committed (0.0 MB)", "")]
    data = make_page(f"{1:032x}", '{"text":"' + "x" * 1_000_000 + '"}\n')
    journal.publish([Change(archive_path(f"{1:032x}"), data)], "entry: a", NOW)
    assert told() == [("ok", "events of 1 session are committed (1.0 MB)", "")]
    git(journal, "remote", "add", "origin", "https://example.org/j.git")
    ((level, what, hint),) = told()
    assert level == "warn"
    assert what.endswith("(1.0 MB); no more events are committed while remote origin is not marked as private")
    assert hint.startswith("journal config set remote.origin private")
    put(os.environ, "archive.commit", "no", "/")
    assert told() == [("ok", "events of 1 session are committed (1.0 MB)", "")]


def test_events_without_their_entry_are_named_with_the_way_out(journal, isolated):
    path = archive_path(f"{1:032x}")
    journal.publish([Change(path, make_page(f"{1:032x}", "{}\n"))], "entry: a", NOW)
    Path(journal.path(where("a"))).unlink()
    (found,) = [one for one in examine(patient(journal, isolated)) if one.check == "files"]
    assert path in found.what
    assert found.hint == "journal seal"
