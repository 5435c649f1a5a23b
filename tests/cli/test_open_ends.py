"""actions, gaps and questions as they are typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.cli.main import run
from session_journal.cli.output import Context
from session_journal.store.journal import Change, open_journal

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
ENTRY = """---
id: "0123456789abcdef0123456789abcdef"
title: Tabs
date: 2026-11-02
project: shop
status: draft
---

## Questions

- Which tab wins?

## Knowledge gaps

- [/] How tabs share tokens

## Action items

- [ ] call Ann
- [ ] call Bob
- [x] write Ann
"""
PATH = "journal/sessions/2026/2026-11-02-tabs.md"


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(Context, "now", lambda _: NOW)
    journal = make_journal(tmp_path / "journal")
    journal.publish([Change(PATH, ENTRY.encode())], "entry: tabs", NOW)
    return journal.root


def journal(root, *args):
    return run(["--journal", root, *args])


def test_a_list_tells_number_id_age_project_entry_and_words(root, capsys):
    assert journal(root, "actions") == 0
    rows = [line.split(maxsplit=7) for line in capsys.readouterr().out.splitlines()]
    assert [[row[0], *row[2:]] for row in rows] == [
        ["1", "3", "weeks", "shop", "01234567", "(draft)", "call Ann"],
        ["2", "3", "weeks", "shop", "01234567", "(draft)", "call Bob"],
    ]
    assert journal(root, "gaps") == 0
    assert "3 weeks, practising  shop  01234567  (draft) How tabs share tokens" in capsys.readouterr().out
    assert journal(root, "questions", "--project", "SHOP") == 0
    assert "Which tab wins?" in capsys.readouterr().out


def test_what_is_closed_is_listed_only_if_asked_for(root, capsys):
    assert journal(root, "actions", "--all") == 0
    assert "done     shop  01234567  (draft) write Ann" in capsys.readouterr().out
    assert journal(root, "actions", "--project", "other") == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "No open actions in other.\n")


def test_json_is_a_bare_array_with_every_source(root, capsys):
    assert journal(root, "actions", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["text"], one["state"], one["since"], one["days"], one["draft"]) for one in told] == [
        ("call Ann", "open", "2026-11-02", 21, True),
        ("call Bob", "open", "2026-11-02", 21, True),
    ]
    assert told[0]["sources"][0]["path"] == PATH
    assert journal(root, "questions", "--project", "none", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_number_of_the_last_list_is_ticked_off(root, capsys):
    journal(root, "actions")
    capsys.readouterr()
    assert journal(root, "actions", "done", "2") == 0
    shown = capsys.readouterr()
    assert shown.out.startswith(f"{PATH}:20: - [x] call Bob ^")
    assert shown.err == "Now done: 1 line\n"
    assert ENTRY.replace("- [ ] call Bob", shown.out.strip().split(": ")[1]) == Path(root, PATH).read_text()
    assert journal(root, "actions", "done", "call", "bob") == 0
    assert capsys.readouterr().err == "It is done already: call Bob\n"
    assert journal(root, "actions", "reopen", "call bob") == 0
    assert "- [ ] call Bob ^" in Path(root, PATH).read_text()


def test_a_dry_run_shows_the_lines_and_writes_nothing(root, capsys):
    assert journal(root, "gaps", "resolve", "tabs", "--dry-run") == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[:2] == [f"{PATH}:15", "-- [/] How tabs share tokens"]
    assert shown.out.splitlines()[2].startswith("+- [x] How tabs share tokens ^")
    assert shown.err == "Would be resolved: 1 line\n"
    assert Path(root, PATH).read_text() == ENTRY


@pytest.mark.parametrize(("command", "mark"), [("practise", "/"), ("resolve", "x"), ("reopen", " ")])
def test_a_gap_is_set_by_its_command(root, command, mark, capsys):
    assert journal(root, "gaps", command, "How tabs share") == 0
    capsys.readouterr()
    assert f"- [{mark}] How tabs share tokens" in Path(root, PATH).read_text()


def test_ambiguous_words_list_the_candidates_and_exit_2(root, capsys):
    assert journal(root, "actions", "done", "call") == 2
    shown = capsys.readouterr().err
    assert ("call Ann" in shown, "call Bob" in shown, "hint: give the id, or more words" in shown) == (True, True, True)
    assert journal(root, "actions", "done", "nobody") == 1
    assert "hint: journal actions --all" in capsys.readouterr().err
    assert Path(root, PATH).read_text() == ENTRY


GAP = "---\nid: abcd\ndate: 2026-11-03\n---\n\n## Knowledge gaps\n\n- [ ] How git rebase --onto picks commits\n"
DID = "---\nid: x{0}\ndate: 2026-11-{0:02}\n---\n\n## Insights\n\n- Used git rebase --onto, which picks later commits{1}\n"


def practise(root):
    files = {3: GAP, 9: DID.format(9, ""), 12: DID.format(12, ", by myself")}
    changes = [Change(f"journal/sessions/2026/2026-11-{day:02}-x.md", text.encode()) for day, text in files.items()]
    open_journal(root).publish(changes, "entries: three", NOW)


def test_a_gap_that_was_done_since_is_listed_with_what_was_done(root, capsys):
    practise(root)
    Path(root, "journal/sessions/2026/2026-11-12-x.md").unlink()
    assert journal(root, "gaps") == 0
    out = capsys.readouterr().out
    assert "2 weeks, practising" in out
    last = out.splitlines()[-1]
    assert last.endswith(
        "practising: 1 session, last 2026-11-09 (x9: Used git rebase --onto, which picks later commits)"
    )


def test_a_gap_that_was_done_without_help_is_counted_and_listed_with_the_closed_ones(root, capsys):
    practise(root)
    assert journal(root, "gaps") == 0
    shown = capsys.readouterr()
    assert "rebase" not in shown.out
    assert "1 more gap resolved by what you did since: journal gaps --all" in shown.err
    assert journal(root, "gaps", "--all") == 0
    name, _, told = capsys.readouterr().out.splitlines()[-1].strip().partition("  ")
    assert told.startswith("resolved: 2 sessions, last 2026-11-12 without help (")
    assert told.endswith(f"→ else: journal gaps reopen {name}")
    assert journal(root, "gaps", "--all", "--json") == 0
    (found,) = [one for one in json.loads(capsys.readouterr().out) if "rebase" in one["text"]]
    practice = found["practice"]
    assert (found["state"], practice["state"], practice["sessions"], practice["help"]) == (
        "resolved", "resolved", 2, "alone",
    )  # fmt: skip
    assert [(one["date"], one["help"]) for one in practice["entries"]] == [("2026-11-09", ""), ("2026-11-12", "alone")]


def test_a_gap_that_only_what_was_done_resolved_is_opened_again_by_its_command(root, capsys):
    practise(root)
    before = Path(root, "journal/sessions/2026/2026-11-03-x.md").read_text()
    assert journal(root, "gaps", "reopen", "rebase", "--dry-run") == 0
    assert "Would be open" in capsys.readouterr().err
    assert Path(root, "journal/sessions/2026/2026-11-03-x.md").read_text() == before
    assert journal(root, "gaps", "reopen", "rebase") == 0
    assert "Now open: what was done up to now no longer counts" in capsys.readouterr().err
    assert journal(root, "gaps") == 0
    assert "How git rebase --onto picks commits" in capsys.readouterr().out
    assert journal(root, "gaps", "reopen", "rebase") == 0
    assert "It is open already" in capsys.readouterr().err


def test_a_secret_beside_the_box_is_not_printed(root, capsys):
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    Path(root, PATH).write_text(ENTRY.replace("call Bob", f"rotate {secret}"), encoding="utf-8")
    assert journal(root, "actions", "done", "rotate", "--dry-run") == 0
    shown = capsys.readouterr()
    assert "+- [x] rotate " in shown.out
    assert secret not in shown.out + shown.err


def test_a_habit_is_no_open_action_of_a_list_a_page_or_the_hand_off(root, capsys):
    journal = open_journal(root)
    for day in range(3, 10):
        box = "x" if day % 2 and day < 9 else " "
        text = f'---\nid: "{day:032x}"\n'
        text += f"date: 2026-11-{day:02}\nproject: shop\nstatus: final\n---\n\n- [{box}] exercise\n- [ ] call Eve\n"
        path = f"journal/sessions/2026/2026-11-{day:02}-day.md"
        journal.publish([Change(path, text.encode())], "entry: day", NOW)
    listed = ("actions",), ("handoff", "shop"), ("weekly", "--date", "2026-W45", "--dry-run")
    for words in listed:
        assert run(["--journal", root, *words]) == 0
        shown = capsys.readouterr()
        assert "call Eve" in shown.out
        assert "exercise" not in shown.out.partition("## Open")[2] + shown.out.partition("## Next")[2]
        if words == ("actions",):
            assert "exercise" not in shown.out
            assert "1 habit left out, ticked and set again day by day: journal actions --all" in shown.err
    assert run(["--journal", root, "actions", "--all"]) == 0
    shown = capsys.readouterr()
    assert "habit" in next(line for line in shown.out.splitlines() if "exercise" in line)
    assert "left out" not in shown.err
    assert run(["--journal", root, "actions", "done", "exercise"]) == 0
    boxes = [
        line
        for path in sorted(Path(root).glob("journal/sessions/2026/*-day.md"))
        for line in path.read_text().splitlines()
        if "exercise" in line
    ]
    assert [line[3] for line in boxes] == ["x", " ", "x", " ", "x", " ", "x"]


def test_a_chore_that_has_passed_is_counted_listed_by_all_and_opened_again_by_hand_alone(root, capsys):
    chore, path = "Push what is left: the branch is ahead", "journal/sessions/2026/2026-11-04-later.md"
    later = ENTRY.replace("11-02", "11-04").replace("0123", "4567").replace("call Ann", "call Cem")
    text = ENTRY.replace("- [ ] call Ann", f"- [ ] {chore}")
    changes = [Change(PATH, text.encode(), ENTRY.encode()), Change(path, later.encode())]
    open_journal(root).publish(changes, "entry: later", NOW)
    assert journal(root, "actions") == 0
    told = capsys.readouterr()
    assert chore not in told.out
    assert "1 chore left out" in told.err
    assert journal(root, "actions", "--all") == 0
    assert "passed" in next(line for line in capsys.readouterr().out.splitlines() if chore in line)
    assert journal(root, "actions", "reopen", "Push what is left") == 1
    assert "hint: journal edit journal/sessions/2026/2026-11-02-tabs.md" in capsys.readouterr().err
    assert f"- [ ] {chore}\n" in (Path(root) / PATH).read_text(encoding="utf-8")


def test_a_copied_entry_is_named_where_its_actions_are_left_out(root, capsys):
    copy = Path(root) / PATH.replace("-02-", "-03-")
    copy.write_text(ENTRY.replace("call Bob", "call Cy"))
    assert run(["--journal", str(root), "actions"]) == 0
    shown = capsys.readouterr()
    assert ("call Bob" in shown.out, "call Cy" in shown.out) == (True, False)
    assert f"{PATH.replace('-02-', '-03-')} is left out: its id is already that of {PATH}" in shown.err
