"""What verification says of every attack on the log, on real repositories: the log edited, cut, spliced, rewritten."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from journals import NOW, forget_state, git, make_journal, page, where
from session_journal.app.seal import seal
from session_journal.app.verify import verify
from session_journal.core.chain import Record, content_commitment, decode, encode, entry_commitment
from session_journal.errors import JournalError
from session_journal.store.journal import Change, Journal, open_journal

SECONDS = int(NOW.timestamp())


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    for number, name in enumerate("abcd", 1):
        journal.publish([Change(where(name), page(number))], f"entry: {name}", NOW)
    return journal


def lane_of(journal) -> Path:
    (path,) = sorted(Path(journal.path("journal/log")).glob("*/*.jsonl"))
    return path


def lines_of(journal) -> list[bytes]:
    return lane_of(journal).read_bytes().splitlines(keepends=True)


def rewrite(journal, lines) -> None:
    lane_of(journal).write_bytes(b"".join(lines))


def commit(journal, *args) -> None:
    git(journal, "add", "-A")
    git(journal, "commit", "-q", "--allow-empty", "-m", "behind its back", *args)


def found(journal, **more) -> set[tuple[str, str]]:
    return {(finding.level, finding.code) for finding in verify(journal, SECONDS, **more).findings}


def changed(line: bytes, **fields) -> bytes:
    raw = json.loads(line)
    raw.update(fields)
    return json.dumps(raw, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def edited(number, **fields):
    def attack(journal):
        lines = lines_of(journal)
        lines[number] = changed(lines[number], **fields)
        rewrite(journal, lines)

    return attack


def replaced(number, old, new):
    def attack(journal):
        lines = lines_of(journal)
        assert old in lines[number]
        lines[number] = lines[number].replace(old, new, 1)
        rewrite(journal, lines)

    return attack


def rearranged(make):
    def attack(journal):
        rewrite(journal, make(lines_of(journal)))

    return attack


def cut_off(journal):
    """Drop the last record and its entry: what is left is consistent in itself."""
    rewrite(journal, lines_of(journal)[:-1])
    Path(journal.path(where("d"))).unlink()


def rewritten_tail(journal):
    """Record another content for the last entry, with all hashes right."""
    lines = lines_of(journal)
    Path(journal.path(where("d"))).write_bytes(page(4, "forged"))
    lines[-1] = changed(lines[-1], c=content_commitment(where("d"), page(4, "forged")))
    rewrite(journal, lines)


def rehashed(journal):
    """Write the whole log anew with other times, every parent fitting."""
    last = None
    lines = []
    for line in lines_of(journal):
        old = decode(line.rstrip(b"\n"))
        last = Record(
            op=old.op, w=old.w, s=old.s, t=old.t - 500, c=old.c, e=old.e, p=[last.id] if last else [], l=old.l
        )
        lines.append(encode(last) + b"\n")
    rewrite(journal, lines)


def sibling(journal):
    """Put a second record into a place that is taken, dated back."""
    lines = lines_of(journal)
    rewrite(journal, [*lines[:3], changed(lines[2], t=SECONDS - 90_000), *lines[3:]])


def spliced(journal):
    """Bring in a lane of another journal, with the file it speaks of."""
    other = make_journal(Path(journal.root).parent / "other")
    other.publish([Change(where("x"), page(9))], "entry: x", NOW)
    shutil.copytree(lane_of(other).parent, Path(journal.path("journal/log"), lane_of(other).parent.name))
    shutil.copy(other.path(where("x")), journal.path(where("x")))


def linked(journal):
    lane = lane_of(journal)
    lane.rename(Path(journal.root, "elsewhere.jsonl"))
    lane.symlink_to("../../../elsewhere.jsonl")


def gitlink(journal):
    path = lane_of(journal).relative_to(journal.root).as_posix()
    head = git(journal, "rev-parse", "HEAD").strip()
    git(journal, "rm", "-q", "--cached", path)
    git(journal, "update-index", "--add", "--cacheinfo", f"160000,{head},{path}")
    git(journal, "commit", "-q", "-m", "behind its back")


LOG = {
    "drop a middle record": (rearranged(lambda lines: [*lines[:2], *lines[3:]]), {"lane-gap", "no-parent", "lost"}),
    "drop the root": (rearranged(lambda lines: lines[1:]), {"lane-gap", "no-parent", "no-root", "lost"}),
    "swap lines": (rearranged(lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]]), {"order"}),
    "duplicate line": (rearranged(lambda lines: [*lines, lines[-1]]), {"double"}),
    "change the time": (edited(2, t=SECONDS - 1), {"no-parent", "lost"}),
    "change the operation": (edited(2, op="move"), {"no-parent", "lost"}),
    "change the commitment": (edited(2, c="0" * 64), {"no-parent", "lost", "content"}),
    "change the entry": (edited(2, e="0" * 64), {"no-parent", "lost", "deleted"}),
    "white space": (replaced(2, b'"l":', b'"l": '), {"bad-line", "lane-gap", "no-parent", "lost"}),
    "duplicate JSON key": (replaced(2, b'"l":', b'"l":0,"l":'), {"bad-line", "lane-gap", "no-parent", "lost"}),
    "extra field": (edited(2, x=1), {"bad-line", "lane-gap", "no-parent", "lost"}),
    "1.0 for 1": (replaced(2, b'"v":1', b'"v":1.0'), {"bad-line", "lane-gap", "no-parent", "lost"}),
    "CRLF": (rearranged(lambda lines: [line.replace(b"\n", b"\r\n") for line in lines]), {"bad-line", "lost", "no-log"}),
    "no final newline": (rearranged(lambda lines: [*lines[:-1], lines[-1].rstrip(b"\n")]), {"torn-line"}),
    "torn line": (rearranged(lambda lines: [*lines[:-1], lines[-1][:40]]), {"torn-line", "bad-line", "lost"}),
    "blank line": (rearranged(lambda lines: [*lines[:2], b"\n", *lines[2:]]), {"bad-line"}),
    "consistent truncation": (cut_off, {"lost"}),
    "rewritten tail": (rewritten_tail, {"lost"}),
    "everything rehashed": (rehashed, {"lost"}),
    "back-dated sibling": (sibling, {"double"}),
    "foreign lane spliced in": (spliced, {"two-roots"}),
    "symlink at a log path": (linked, {"log-mode", "lost", "no-log"}),
}  # fmt: skip
KNOWING = ["with what was seen before", "as a stranger"]


@pytest.mark.parametrize("knowing", KNOWING)
@pytest.mark.parametrize("name", LOG)
def test_an_attack_on_the_log_is_a_failure_whoever_looks(journal, name, knowing):
    attack, expected = LOG[name]
    assert found(journal) == set()
    attack(journal)
    commit(journal)
    if knowing == "as a stranger":
        forget_state()
    told = found(journal)
    assert {code for level, code in told if level == "FAIL"} >= expected
    assert verify(journal, SECONDS).failed
    assert told == found(journal, full=True)


def test_a_submodule_at_a_log_path_is_a_failure(journal):
    gitlink(journal)
    assert {code for _, code in found(journal)} >= {"log-mode", "lost"}


ODD_SETTINGS = (
    "log.showSignature=true", "log.diffMerges=first-parent", "log.follow=true", "log.showRoot=false", "log.date=relative",
    "diff.ignoreSubmodules=all", "diff.renames=copies", "diff.relative=true", "diff.noprefix=true", "format.pretty=full",
    "core.quotePath=true", "color.ui=always", "log.decorate=full", "core.abbrev=5",
)  # fmt: skip


@pytest.mark.parametrize("attack", [gitlink, cut_off, rewritten_tail], ids=lambda attack: attack.__name__)
def test_no_setting_of_git_hides_an_attack(journal, attack):
    for setting in ODD_SETTINGS:
        git(journal, "config", *setting.split("=", 1))
    assert found(journal) == set()
    attack(journal)
    if attack is not gitlink:  # it commits by itself: `git add` would put the file back
        commit(journal)
    forget_state()
    assert ("FAIL", "lost") in found(journal)
    lane = next(Path(journal.path("journal/log")).iterdir()).name
    assert any(finding.where.startswith(f"journal/log/{lane}") for finding in verify(journal, SECONDS).findings)


REWRITTEN = {"truncated": cut_off, "its tail rewritten": rewritten_tail, "rehashed": rehashed}


@pytest.mark.parametrize("name", REWRITTEN)
def test_a_rewritten_history_is_noticed_by_the_machine_that_had_seen_it_and_by_an_anchor(journal, name):
    (head,) = verify(journal, SECONDS).heads
    REWRITTEN[name](journal)
    git(journal, "checkout", "-q", "--orphan", "anew")
    commit(journal)
    git(journal, "branch", "-q", "-M", "anew", "main")
    assert ("FAIL", "pin") in found(journal)
    assert ("FAIL", "pin") in found(journal), "a failure is not forgotten by being seen"
    forget_state()
    assert found(journal, anchors=[head]) == {("FAIL", "anchor")}
    assert found(journal) == set(), "nobody who sees it for the first time can tell"


def test_a_record_replaced_there_and_back_and_there_again_is_lost(journal):
    """What is back once is not back for good."""
    good = lines_of(journal)
    for _ in range(2):
        rewritten_tail(journal)
        commit(journal)
        forged, content = lines_of(journal), page(4, "forged")
        rewrite(journal, good)
        Path(journal.path(where("d"))).write_bytes(page(4))
        commit(journal)
    rewrite(journal, forged)
    Path(journal.path(where("d"))).write_bytes(content)
    commit(journal)
    for looks in range(3):
        assert ("FAIL", "lost") in found(journal, full=looks == 1)
    forget_state()
    assert ("FAIL", "lost") in found(journal)


def test_a_forged_record_from_a_side_branch_does_not_take_a_genuine_ones_place(journal):
    from session_journal.app.repair import repair

    genuine = lines_of(journal)
    git(journal, "checkout", "-qb", "side", "HEAD~1")
    Path(journal.path(where("d"))).write_bytes(page(4, "forged"))
    rewrite(journal, [*genuine[:-1], changed(genuine[-1], c=content_commitment(where("d"), page(4, "forged")))])
    commit(journal)
    git(journal, "checkout", "-q", "main")
    git(journal, "merge", "-q", "-s", "ours", "--no-edit", "side")
    Path(journal.path(where("d"))).write_bytes(page(4, "forged"))
    commit(journal)
    assert found(journal) >= {("FAIL", "lost"), ("FAIL", "content")}
    done = repair(journal, NOW)
    assert (done.repaired, len(done.left)) == ([], 1)
    assert lines_of(journal) == genuine
    assert found(journal) >= {("FAIL", "lost"), ("FAIL", "content")}


@pytest.mark.parametrize("kept", ["tag", "branch"])
def test_a_log_rewritten_on_a_branch_is_noticed_though_another_ref_has_the_old_one(journal, kept):
    assert found(journal) == set()
    git(journal, kept, "old")
    rehashed(journal)
    git(journal, "checkout", "-q", "--orphan", "anew")
    commit(journal)
    git(journal, "branch", "-q", "-M", "anew", "main")
    assert ("FAIL", "pin") in found(journal)


def test_a_log_begun_anew_is_warned_of_though_another_ref_has_the_old_one(journal, tmp_path):
    assert found(journal) == set()
    git(journal, "branch", "old")
    other = make_journal(tmp_path / "other")
    git(journal, "fetch", "-q", other.root, "main")
    git(journal, "reset", "-q", "--hard", "FETCH_HEAD")
    assert found(journal) == {("WARN", "pin-moved")}
    git(journal, "checkout", "-q", "old")
    assert found(journal) == set()


def test_seal_takes_no_side_between_two_records_of_one_place_and_repair_takes_the_genuine_one(journal):
    from session_journal.app.repair import repair

    good, lane = lines_of(journal), lane_of(journal)
    forged = changed(good[-1], op="del", c="", t=SECONDS - 5)
    rewrite(journal, [*good[:-1], forged, good[-1]])
    commit(journal)
    with pytest.raises(JournalError, match="stands here twice"):
        seal(journal, NOW)
    assert ("FAIL", "double") in found(journal)
    repair(journal, NOW)
    assert lane.read_bytes().splitlines(keepends=True)[: len(good)] == good
    assert not verify(journal, SECONDS).failed


def test_what_was_verified_is_not_believed_from_the_repository_itself(journal):
    """A copied repository brings no memory along that somebody could have written."""
    verify(journal, SECONDS)
    assert [path for path in Path(journal.git_dir).rglob("*") if "verified" in path.name] == []


def test_what_a_shallow_clone_could_not_show_is_read_once_it_is_there(journal, tmp_path):
    cut_off(journal)
    commit(journal)
    forget_state()
    journal.publish([Change(where("e"), page(5))], "entry: e", NOW)
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{journal.root}", str(shallow)], check=True)
    other = open_journal(str(shallow))
    assert found(other) == set()
    git(other, "fetch", "-q", "--unshallow")
    assert ("FAIL", "lost") in found(other)


def test_a_log_file_with_its_executable_bit_set_is_mended_by_the_hint(journal):
    lane = lane_of(journal)
    lane.chmod(0o755)
    commit(journal)
    (finding,) = verify(journal, SECONDS).findings
    assert (finding.code, finding.hint.startswith("chmod -x ")) == ("log-mode", True)
    lane.chmod(0o644)
    git(journal, "commit", "-q", "-m", "log: plain", "--", lane.relative_to(journal.root).as_posix())
    assert found(journal) == set()


def test_what_no_anchor_covers_is_counted(journal):
    first = verify(journal, SECONDS)
    assert (first.records, first.anchored, first.seen_at) == (5, 5, SECONDS)
    forget_state()
    stranger = verify(journal, SECONDS)
    assert (stranger.anchored, stranger.seen_at) == (0, 0)
    forget_state()
    journal.publish([Change(where("e"), page(5))], "entry: e", NOW)
    forget_state()
    assert verify(journal, SECONDS, anchors=first.heads).anchored == 5


def test_an_uncommitted_attack_on_the_log_is_a_warning_with_the_way_back(journal):
    rewrite(journal, lines_of(journal)[:-1])
    (finding,) = verify(journal, SECONDS).findings
    assert (finding.level, finding.code) == ("WARN", "uncommitted-change")
    assert "git restore" in finding.hint
    assert "seal" not in finding.hint


def forgotten(journal) -> bytes:
    """Record that an entry was forgotten and delete it; return what it held."""
    data = Path(journal.path(where("b"))).read_bytes()
    last = decode(lines_of(journal)[-1].rstrip(b"\n"))
    entry = entry_commitment(f"{2:032x}")
    record = Record(op="forget", w=last.w, s=last.s + 1, t=last.t, e=entry, p=[last.id], l=last.l + 1)
    rewrite(journal, [*lines_of(journal), encode(record) + b"\n"])
    Path(journal.path(where("b"))).unlink()
    commit(journal)
    return data


def test_forgotten_content_that_is_back_is_a_failure(journal):
    data = forgotten(journal)
    assert found(journal) == set()
    Path(journal.path(where("b"))).write_bytes(data)
    commit(journal)
    assert found(journal) == {("FAIL", "forgotten")}


def test_a_renamed_case_is_a_failure(journal):
    git(journal, "mv", where("b"), where("B"))
    commit(journal)
    assert found(journal) == {("FAIL", "content")}


def test_replaced_objects_and_grafts_are_warned_of_and_not_followed(journal):
    Path(journal.path(where("a"))).write_bytes(page(1, "forged"))
    commit(journal)
    forged, true = (git(journal, "rev-parse", f"{at}:{where('a')}").strip() for at in ("HEAD", "HEAD~1"))
    git(journal, "replace", forged, true)
    assert found(journal) == {("FAIL", "content"), ("WARN", "replaced")}
    Path(journal.git_dir, "info").mkdir(exist_ok=True)
    Path(journal.git_dir, "info", "grafts").write_text(git(journal, "rev-parse", "HEAD"))
    assert ("WARN", "grafted") in found(journal)


def test_a_cut_that_grafts_hide_from_git_is_found(journal):
    cut_off(journal)
    commit(journal)
    head, root = (git(journal, "rev-parse", at).strip() for at in ("HEAD", "HEAD~5"))
    Path(journal.git_dir, "info").mkdir(exist_ok=True)
    Path(journal.git_dir, "info", "grafts").write_text(f"{head} {root}\n")
    forget_state()
    assert ("FAIL", "lost") in found(journal)


# --- what is no attack ----------------------------------------------------------------------------------------------


def clone(journal, name) -> Journal:
    target = Path(journal.root).parent / name
    subprocess.run(["git", "clone", "-q", journal.root, str(target)], check=True, capture_output=True)
    return open_journal(str(target))


def both_wrote(journal) -> Journal:
    """Let a clone and the journal each write entries; return the clone."""
    other = clone(journal, "laptop")
    other.publish([Change(where("theirs"), page(21))], "entry: theirs", NOW)
    journal.publish([Change(where("ours"), page(22))], "entry: ours", NOW)
    return other


def test_two_clones_that_both_wrote_merge_without_conflict_and_the_next_record_joins_them(journal):
    other = both_wrote(journal)
    git(other, "pull", "-q", "--no-rebase", "--no-edit")
    verdict = verify(other, SECONDS)
    assert (verdict.findings, verdict.lanes, len(verdict.heads)) == ((), 2, 2)
    other.publish([Change(where("later"), page(23))], "entry: later", NOW)
    verdict = verify(other, SECONDS)
    assert (verdict.findings, verdict.lanes, len(verdict.heads)) == ((), 2, 1)


def test_a_pull_with_rebase_is_no_attack(journal):
    other = both_wrote(journal)
    git(other, "pull", "-q", "--rebase")
    assert found(other) == set()
    other.publish([Change(where("later"), page(23))], "entry: later", NOW)
    assert found(other) == set()


def test_squashed_seals_and_an_amended_message_are_no_attack(journal):
    for text in ("one", "two"):
        Path(journal.path(where("a"))).write_bytes(page(1, text))
        seal(journal, NOW)
    git(journal, "reset", "-q", "--soft", "HEAD~2")
    git(journal, "commit", "-q", "-m", "both seals")
    git(journal, "commit", "-q", "--amend", "-m", "another message")
    assert found(journal) == set()


def test_a_clock_that_went_backwards_is_no_attack(journal):
    from datetime import timedelta

    journal.publish([Change(where("e"), page(5))], "entry: e", NOW - timedelta(days=900))
    journal.publish([Change(where("f"), page(6))], "entry: f", NOW)
    assert found(journal) == set()


def test_amended_content_fails_until_it_is_sealed(journal):
    Path(journal.path(where("d"))).write_bytes(page(4, "amended"))
    commit(journal, "--amend")
    assert found(journal) == {("FAIL", "content")}
    seal(journal, NOW)
    assert found(journal) == set()


def test_a_conflict_resolved_by_hand_fails_until_it_is_sealed(journal):
    other = clone(journal, "laptop")
    for one, text in ((other, "theirs"), (journal, "ours")):
        one.publish([Change(where("a"), page(1, text), page(1))], "entry: a", NOW)
    git(other, "pull", "-q", "--no-rebase", "--no-edit", code=1)
    Path(other.path(where("a"))).write_bytes(page(1, "ours and theirs"))
    commit(other)
    (finding,) = verify(other, SECONDS).findings
    assert (finding.level, finding.code) == ("FAIL", "content")
    assert "journal seal" in finding.hint
    seal(other, NOW)
    assert found(other) == set()


def test_either_version_of_an_entry_that_two_clones_changed_is_valid(journal):
    other = clone(journal, "laptop")
    for one, text in ((other, "theirs"), (journal, "ours")):
        one.publish([Change(where("a"), page(1, text), page(1))], "entry: a", NOW)
    git(other, "pull", "-q", "--no-rebase", "-X", "theirs", "--no-edit")
    assert Path(other.path(where("a"))).read_bytes() == page(1, "ours")
    assert found(other) == set()
