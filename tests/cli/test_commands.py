"""Commands as they are typed, in this process: exit codes, stdout for the result, stderr for the talk."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.cli.main import run

EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
FLAKY = str(EXAMPLES / "2026-11-09-flaky-test.jsonl")


@pytest.fixture
def journal(tmp_path, monkeypatch):
    made = make_journal(tmp_path / "journal")
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def call(capfd, monkeypatch):
    """Return a function that runs a command line and gives back its exit code, stdout and stderr."""

    def go(*args, stdin=None):
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run(list(args))
        said = capfd.readouterr()
        return code, said.out, said.err

    return go


def entry_file(journal, out):
    return Path(journal.path(out.strip().splitlines()[0]))


def test_new_and_list_and_show_work_together(journal, call):
    code, out, err = call(
        "new", "Fix auth", "-m", "The clock.", "--tag", "ci", "--project", "web", "--date", "2026-11-19"
    )
    assert (code, out, err) == (0, "journal/sessions/2026/2026-11-19-fix-auth.md\n", "")
    (listed,) = json.loads(call("list", "--json")[1])
    assert (listed["path"], listed["tags"], listed["project"]) == (out.strip(), ["ci"], "web")
    assert json.loads(call("show", "@", "--json")[1])["body"] == "\nThe clock.\n"
    assert call("show", "fix-auth")[1] == entry_file(journal, out).read_text()


def test_new_reads_stdin_on_a_dash(journal, call):
    code, out, _ = call("new", "-", "piped", "text", stdin=b"\xef\xbb\xbfcaf\xc3\xa9\r\nmore\r\n")
    assert code == 0
    assert entry_file(journal, out).read_text().endswith("\ncafé\nmore\n")


@pytest.mark.parametrize(("stdin", "words"), [(b"", "no text on stdin"), (b"a\ncaf\xe9\n", "not UTF-8 (line 2)")])
def test_new_refuses_a_stdin_it_cannot_use(journal, call, stdin, words):
    code, out, err = call("new", "-", stdin=stdin)
    assert (code, out) == (2, "")
    assert words in err


def test_new_with_an_empty_message_is_refused(journal, call):
    assert call("new", "A", "-m", "  ")[0] == 2


def test_a_pipe_is_read_without_being_asked(journal, call, monkeypatch, tmp_path):
    (tmp_path / "text").write_text("from a file\n")
    with (tmp_path / "text").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        code, out, _ = call("new", "piped")
        assert (code, entry_file(journal, out).read_text()[-12:]) == (0, "from a file\n")
        stream.seek(0)
        assert call("note")[0] == 0


def test_a_closed_stdin_is_no_pipe(journal, call, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    code, _, err = call("new", "A", "--dry-run")
    assert code == 0
    assert "nothing was changed" in err


def test_edit_opens_the_editor(journal, call, monkeypatch, tmp_path):
    call("new", "A", "-m", "x")
    script = tmp_path / "ed.py"
    script.write_text("import sys; open(sys.argv[1], 'a').write('edited\\n')")
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{script}"')
    code, out, _ = call("edit", "a")
    assert (code, entry_file(journal, out).read_text()[-7:]) == (0, "edited\n")
    code, out, _ = call("new", "B")
    assert (code, entry_file(journal, out).read_text()[-7:]) == (0, "edited\n")
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" -c pass')
    assert call("edit", "a") == (0, "", "Nothing was changed.\n")
    assert call("new", "C") == (0, "", "Nothing was written, so nothing was saved.\n")
    assert call("edit", "a", "-n")[1].strip().endswith("-a.md")


def test_an_entry_that_is_final_is_not_offered_to_be_accepted(journal, call):
    call("new", "--from", FLAKY)
    assert " --accept " in call("review", "last")[2]
    call("review", "last", "--accept")
    told = call("review", "last")[2]
    assert told.startswith("hint: journal review ")
    assert "--accept" not in told
    assert "--discard" not in told


def test_new_from_a_transcript_drafts_it_under_a_title_of_ones_own_with_ones_tags(journal, call):
    code, out, err = call("new", "My title", "--from", FLAKY, "--project", "sea", "--tag", "mine", "--tag", "ci")
    assert (code, err) == (0, "Drafted.\n")
    text = entry_file(journal, out).read_text()
    assert "  - mine\n  - ci\n" in text
    assert "title: My title\n" in text
    assert "project: sea\n" in text
    assert "already" in call("new", "--from", FLAKY)[2]


@pytest.mark.parametrize(
    "args",
    [
        ("new", "--from", FLAKY, "-m", "x"),
        ("new", "--from", FLAKY, "--last"),
        ("new", "--from", FLAKY, "--session", "9"),
        ("new", "--from", FLAKY, "--date", "yesterday"),
        ("new", "--from", FLAKY, "--template", "entry"),
        ("new", "--from", FLAKY, "-"),
        ("new", "A", "--no-edit", "--session", "2"),
        ("new", "A", "--date", "whenever"),
        ("new", "--nonsense"),
        ("note", " "),
        ("capture", "--since", "yesterday", "--all"),
        ("review", "--accept"),
        ("review", "last", "--accept-all"),
        ("review", "last", "--accept", "--discard"),
        ("review", "--drop", "1"),
        ("review", "last", "--drop", "9"),
        ("review", "last", "--drop", ""),
        ("draft", FLAKY, "--session", "2"),
        ("config", "get", "nonsense"),
        ("config", "set", "editor"),
        ("list", "--since", "whenever"),
        ("list", "--status", "other"),
        ("init", "journal/journal.toml"),
        ("edit",),
    ],
)
def test_a_command_line_that_cannot_be_carried_out_is_a_usage_error(journal, call, args):
    if args[0] == "review":
        call("new", "A", "-m", "x")
    code, out, err = call(*args)
    assert (code, out) == (2, "")
    assert err.startswith("journal: ")
    assert "hint: " in err


@pytest.mark.parametrize(
    "args",
    [("show", "none"), ("edit", "none"), ("review", "none", "--accept"), ("draft", "none"), ("new", "--from", "none")],
)
def test_what_is_not_there_is_an_expected_failure(journal, call, args):
    code, out, err = call(*args)
    assert (code, out) == (1, "")
    assert "hint: " in err


def test_capture_review_and_discard(journal, call):
    files = sorted(map(str, EXAMPLES.glob("2026-11-1[0-1]*.jsonl")))
    code, out, err = call("capture", *files)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["added", "added"]
    assert "1 with nothing worth an entry" in err
    assert len(call("review")[1].splitlines()) == 2
    assert call("review", "last", "--accept", "-n")[1].startswith("would accept")
    assert call("review", "last", "--accept")[1].startswith("accepted")
    assert "final already" in call("review", "last", "--accept")[2]
    assert call("review", "@2", "--discard", "-n")[1].startswith("would delete")
    assert call("review", "@2", "--discard")[1].startswith("deleted")
    assert call("review", "--accept-all") == (0, "", "There is no draft to review.\n")
    assert "discarded" in call("capture", *files)[2]


def test_items_are_dropped_as_they_are_numbered_for_whoever_is_no_terminal(journal, call):
    call("capture", FLAKY)
    (draft,) = json.loads(call("list", "--json")[1])
    before = json.loads(call("show", "last", "--json")[1])["items"]
    shown = call("review", "last")[1]
    numbered = re.findall(r"^ +(\d+)\. (.{20})", shown, flags=re.MULTILINE)
    assert numbered[0] == ("1", before[0]["text"][:20])
    assert [int(number) for number, _ in numbered] == list(range(1, len(before) + 1))
    old = entry_file(journal, draft["path"]).read_bytes()
    dry = call("review", "last", "--drop", "1", "--accept", "-n")[1].splitlines()
    assert dry[0].startswith(f"would drop  - {before[0]['text'][:20]}")
    assert dry[-1].startswith("would accept")
    assert entry_file(journal, draft["path"]).read_bytes() == old
    code, out, _ = call("review", "last", "--drop", "1", "--accept")
    assert (code, out) == (
        0,
        "\n".join(dry).replace("would drop", "dropped").replace("would accept", "accepted") + "\n",
    )
    assert json.loads(call("show", "last", "--json")[1])["items"][0]["text"] == before[1]["text"]


def test_what_is_private_keeps_an_entry_from_more_people_until_that_is_agreed_to(journal, call):
    out = call("new", "A", "-m", "Ask mara.veldt@firma.de first.", "--date", "2026-11-19")[1]
    code, _, err = call("review", "last", "--visibility", "team")
    assert code == 1
    assert "email" in err
    assert "mara" not in err
    assert "visibility: self" in entry_file(journal, out).read_text()
    assert call("review", "last", "--visibility", "team", "--yes")[:2] == (0, f"now team  {out.strip()}  A\n")
    code, _, err = call("review", "last", "--visibility", "self")
    assert (code, "only you" in err) == (0, True)
    assert "visibility: self" in entry_file(journal, out).read_text()


def test_one_draft_that_cannot_be_accepted_stops_no_other(journal, call):
    call("capture", *sorted(map(str, EXAMPLES.glob("2026-11-1[0-2]*.jsonl"))))
    first, *rest = json.loads(call("list", "--json")[1])
    path = entry_file(journal, first["path"])
    path.write_bytes(path.read_bytes() + b"ghp_" + b"A1b2C3d4E5" * 4)
    code, out, err = call("review", "--accept-all")
    assert code == 1
    assert out.count("accepted  ") == len(rest) > 1
    assert f"1 of {len(rest) + 1} drafts could not be accepted" in err


@pytest.mark.parametrize("args", [("draft", FLAKY), ("capture", FLAKY), ("new", "--from", FLAKY, "--no-edit")])
def test_a_broken_template_is_told_once_and_costs_no_draft(journal, call, args):
    folder = Path(journal.root, "journal", "templates")
    folder.mkdir()
    (folder / "draft.md.j2").write_text("\n{{ nosuch }}")
    code, out, err = call(*args)
    assert (code, out != "") == (0, True)
    assert err.count("journal/templates/draft.md.j2:2: `nosuch` is not known") == 1
    assert "the shipped template was used" in err


def test_an_unknown_template_is_answered_with_those_there_are(journal, call):
    code, out, err = call("new", "A", "--no-edit", "--template", "retro")
    assert (code, out) == (1, "")
    assert "there are: draft, entry, learnings, monthly, note, playbook, quarterly, weekly" in err


def test_a_review_of_a_project_without_drafts_names_those_that_have_some(journal, call):
    call("capture", *sorted(map(str, EXAMPLES.glob("2026-11-1[0-1]*.jsonl"))))
    code, out, err = call("review", "--accept-all", "--project", "tide")
    assert (code, out) == (0, "")
    assert "drafts of: tidepool" in err
    assert "journal review --project tidepool" in err


def test_terminal_codes_in_a_title_reach_no_terminal(journal, call):
    call("capture", FLAKY)
    path = Path(journal.path(json.loads(call("list", "--json")[1])[0]["path"]))
    text = re.sub("(?m)^(title|project): .*$", r'\1: "\\e[31mred sea\\a"', path.read_text())
    path.write_text(text)
    for words in (["list"], ["review"], ["review", "--project", "x"], ["review", "last", "--accept"]):
        said = "".join(call(*words)[1:])
        assert "red sea" in said
        assert not {"\x1b", "\x07"} & set(said)


def test_capture_says_what_it_could_not_read_and_fails_only_if_that_was_all(journal, call, tmp_path):
    (tmp_path / "bad.jsonl").write_text("nothing\n")
    code, out, err = call("capture", str(tmp_path / "bad.jsonl"), FLAKY, "--dry-run")
    assert code == 0
    assert f"{tmp_path}/bad.jsonl: no known transcript format" in out
    assert "dry run" in err
    code, _, err = call("capture", str(tmp_path / "bad.jsonl"))
    assert code == 1
    assert f"failed: {tmp_path}/bad.jsonl: no known transcript format" in err


def test_draft_needs_no_journal_and_touches_nothing(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = call("draft", FLAKY, "--offline")
    assert (code, err) == (0, "")
    assert out.startswith('---\nid: "')
    assert list(tmp_path.iterdir()) == []


def test_while_git_is_busy_the_commit_waits_and_it_is_said(journal, call):
    Path(journal.git_dir, "MERGE_HEAD").write_text("0" * 40)
    assert "commit waits" in call("new", "A", "-m", "x")[2]
    assert "commit waits" in call("capture", FLAKY)[2]
    assert "commit waits" in call("review", "--accept-all")[2]


def test_config_is_read_and_changed(journal, call):
    assert call("config", "set", "editor", "nano", "--dry-run")[0] == 0
    assert call("config", "get", "editor")[0] == 1
    assert call("config", "editor", "nano")[0] == 0
    assert call("config", "editor") == (0, "nano\n", "")
    assert {"key": "editor", "value": "nano", "source": "user"}.items() <= json.loads(
        call("config", "list", "--json")[1]
    )[1].items()
    assert "nano" in call("config", "list")[1]
    assert call("config", "path")[1].strip().endswith("config.toml")


def test_init_says_what_it_made_and_what_comes_next(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = call("init", "one")
    assert (code, out) == (0, f"{tmp_path / 'one'}\n")
    assert "default journal" in err
    assert "Next:" in err
    assert "stays" in call("init", "two")[2]
    assert "already" in call("init", "two")[2]


def test_start_notes_goals_and_hands_over_what_is_known(journal, call):
    call("capture", FLAKY)
    code, out, err = call("start", "make", "it", "fast", "--project", "tidepool", "--dry-run")
    assert code == 0
    assert "Would wait" in err
    assert "- make it fast" in err
    assert "tidepool" in out
    assert call("start", "a goal", "another goal", "--project", "x")[2].count("- ") == 2
    assert call("start", "--project", "y") == (0, "", "")


def test_goals_that_were_mistyped_can_be_dropped_or_replaced(journal, call):
    call("start", "fix teh clock", "--project", "x")
    assert call("start", "--clear", "--dry-run", "--project", "x")[2].startswith("Would drop")
    assert "Waiting" in call("start", "--project", "x")[2]
    told = call("start", "fix the clock", "--clear", "--project", "x")[2]
    assert "Dropped, noted for the next session of x:\n- fix teh clock\n" in told
    assert told.endswith("Waiting for the next session of x:\n- fix the clock\n")
    assert "Waiting" not in call("start", "--clear", "--project", "x")[2]
    assert call("start", "--project", "x") == (0, "", "")


def test_broken_files_are_named_and_the_rest_is_listed(journal, call):
    call("new", "Good", "-m", "x")
    folder = Path(journal.path("journal/sessions/2026"))
    (folder / "2026-11-01-bad.md").write_text("---\ntitle: [x\n---\n")
    code, out, err = call("list")
    assert (code, len(out.splitlines())) == (0, 1)
    assert "journal/sessions/2026/2026-11-01-bad.md:" in err
    assert call("show", "bad")[0] == 1
    assert "2026-11-01-bad.md:" in call("show", "2026-11-01-bad.md")[2]


def test_without_files_capture_takes_the_last_two_weeks_of_this_machine(journal, call, isolated):
    code, out, err = call("capture")
    assert (code, out) == (0, "")
    assert err.startswith("No session was found since ")
    assert call("new", "--last")[0] == 1
    folder = isolated / ".claude" / "projects" / "-home-robin-code-tidepool"
    folder.mkdir(parents=True)
    shutil.copy(FLAKY, folder)
    assert call("capture", "--since", "2030-01-01")[1] == ""
    code, out, _ = call("capture", "--all", "--project", "tidepool")
    assert (code, len(out.splitlines())) == (0, 1)
    assert "already" in call("new", "--last")[2]


def test_sessions_older_than_asked_for_are_left_out(journal, call):
    assert "1 too old" in call("capture", FLAKY, "--since", "2026-11-10")[2]
    assert call("capture", FLAKY, "--since", "2026-11-09")[1].startswith("added")


def test_capture_takes_every_transcript_of_a_folder_and_counts_the_rest(journal, call, tmp_path):
    folder = tmp_path / "kept" / "deep"
    folder.mkdir(parents=True)
    shutil.copy(FLAKY, folder)
    (folder / "notes.md").write_text("# Notes\n")
    code, out, err = call("capture", str(tmp_path / "kept"))
    assert (code, len(out.splitlines())) == (0, 1)
    assert err.startswith("passed over: 1 file without a transcript\n1 session: 1 added.")
    (folder / Path(FLAKY).name).unlink()
    code, _, err = call("capture", str(tmp_path / "kept"))
    assert code == 1
    assert f"no transcript was found in {tmp_path / 'kept'}" in err


def test_new_takes_the_newest_of_many_sessions_and_else_names_itself_in_the_hint(journal, call, tmp_path, monkeypatch):
    history = tmp_path / ".aider.chat.history.md"
    sessions = ("2026-11-09 10:00:00", "Pin the clock"), ("2026-11-10 10:00:00", "Cache the fit")
    history.write_text("".join(f"# aider chat started at {at}\n\n#### {said}\n\nDone.\n\n" for at, said in sessions))
    monkeypatch.chdir(tmp_path)
    root = ("--journal", journal.root)
    assert f"journal new --from {history} --session 2" in call(*root, "new", "--from", str(history))[2]
    assert call(*root, "new", "--last")[1].endswith("2026-11-10-cache-the-fit.md\n")
    assert call(*root, "new", "--last", "--session", "1")[1].endswith("2026-11-09-pin-the-clock.md\n")


def test_a_session_with_nothing_worth_an_entry_is_named_once(journal, call):
    quick = str(EXAMPLES / "2026-11-11-quick-question.jsonl")
    assert f"trivial: {quick}" in call("capture", quick)[2]
    err = call("capture", quick)[2]
    assert "trivial:" not in err
    assert "1 with nothing worth an entry" in err
    assert "trivial" in call("capture", quick, "--dry-run")[1]


def test_a_project_without_sessions_names_those_that_have_some(journal, call):
    err = call("capture", FLAKY, "--project", "tidepol")[2]
    assert "1 of other projects" in err
    assert "Projects seen: tidepool" in err
