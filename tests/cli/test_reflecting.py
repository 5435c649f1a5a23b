"""`journal reflect` as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from journals import make_journal
from session_journal.cli.main import run
from session_journal.store.journal import Change
from terminals import on_terminal

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def entry(number, mark, line, kind="debugging"):
    return (
        f'---\nid: "{number + 16:032x}"\ntitle: S {number}\ndate: 2026-11-{number:02}\nkind: {kind}\nproject: tidepool\n'
        f"outcome: {'done' if mark > 3 else 'partial'}\neffectiveness: {mark}\nstatus: draft\ndrafted_by: offline\n---\n\n"
        f"## How it went\n\nEffectiveness {mark} of 5: checks passed after the last edit. [t9]\n{line}"
    ).encode()


@pytest.fixture
def root(tmp_path):
    journal = make_journal(tmp_path / "journal")
    named = "- Went well: check named in the first request [t1]\n"
    for number in range(1, 13):
        page = entry(number, 5 if number > 6 else 2, named if number > 6 else "")
        journal.publish([Change(f"journal/sessions/2026/2026-11-{number:02}-s{number}.md", page)], "entry: s", NOW)
    return journal.root


def test_an_empty_journal_is_no_failure(tmp_path, capsys):
    journal = make_journal(tmp_path / "journal")
    assert run(["--journal", journal.root, "reflect"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "There is nothing to look back on yet: journal new, or journal capture\n"


def test_a_page_says_how_it_went_where_it_moves_and_what_to_try(root, capsys):
    assert run(["--journal", root, "reflect"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "12 sessions, 2026-11-01 to 2026-11-12, all of them drafts that nobody has reviewed",
        "6 partly done, 6 done. 6 of 12 that can be judged went well (4 or 5 of 5).",
        "Trend by week, 2026-W44 to 2026-W46: ▃▄█ better lately: 5.0, before that 2.0.",
        "    + 6× check named in the first request: 2026-11-12-s12 (+5)",
        "",
        "To try",
        "  1. Say in the first request how the result will be checked.",
        "     noted in 6 of 6 debugging sessions in tidepool rated 4 or 5, in 0 of 6 others: 2026-11-12-s12,",
        "     2026-11-11-s11 (+4)",
    ]


@pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning")
def test_a_narrow_terminal_breaks_no_word(root):
    pytest.importorskip("pty", reason="terminals are POSIX")
    code, shown = on_terminal(["--journal", root, "reflect"], COLUMNS="44", PAGER="cat", NO_COLOR="1")
    assert code == 0
    assert max(map(len, shown.splitlines())) <= 44
    assert "Trend by week, 2026-W44 to 2026-W46:" in shown


def test_terminal_codes_in_an_entry_reach_no_terminal(tmp_path, capsys):
    journal = make_journal(tmp_path / "journal")
    for number in range(1, 7):
        page = entry(number, 4, "", kind='"k\\e[31m"').replace(b"tidepool", b'"p%d\\e[31m"' % (number == 1))
        page += b"- Went well: in the words \x1b[5mof a stranger\n"
        journal.publish([Change(f"journal/sessions/2026/2026-11-{number:02}-s.md", page)], "entry: s", NOW)
    assert run(["--journal", journal.root, "reflect"]) == 0
    shown = capsys.readouterr().out
    assert "in the words of a stranger" in shown
    assert "p0: 5 sessions" in shown
    assert "\x1b" not in shown
    assert run(["--journal", journal.root, "reflect", "--project", "none"]) == 0
    assert "\x1b" not in capsys.readouterr().err


def test_nothing_that_matches_has_the_same_form_as_json(root, capsys):
    assert run(["--journal", root, "reflect", "--json", "--project", "none"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["whole"]["sessions"], told["outcomes"], told["trials"]) == (0, {}, [])


def test_every_entry_that_is_named_can_be_shown(root, capsys):
    assert run(["--journal", root, "reflect", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["trials"][0]["entries"][0] == "2026-11-12-s12"
    assert run(["--journal", root, "show", told["trials"][0]["entries"][0]]) == 0
    assert (told["whole"]["sessions"], told["trend"]["change"], told["kinds"][0]["name"]) == (12, "better", "debugging")


def test_few_sessions_are_counted_and_no_more_is_said(root, capsys):
    assert run(["--journal", root, "reflect", "--since", "2026-11-10"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "3 done. Too few can be judged to say how they went (3).",
        "Too few to say more: five sessions tell something together.",
    ]
    assert run(["--journal", root, "reflect", "--kind", "review"]) == 0
    assert capsys.readouterr().err == "No session matches: there is none of kind review, but of debugging.\n"
    assert run(["--journal", root, "reflect", "--project", "tidepol"]) == 0
    assert capsys.readouterr().err == "No session matches: there is none of project tidepol, but of tidepool.\n"
    assert run(["--journal", root, "reflect", "--project", "tidepool", "--since", "2026-11-20"]) == 0
    assert capsys.readouterr().err == "No session matches.\n"


@pytest.mark.parametrize("more", [{"PYTHONIOENCODING": "ascii"}, {"TERM": "dumb"}])
def test_where_blocks_cannot_be_shown_digits_are(root, more, isolated):
    command = [sys.executable, "-m", "session_journal", "--journal", root, "reflect"]
    env = {"HOME": str(isolated), "PATH": "/usr/bin:/bin", **more}
    done = subprocess.run(command, capture_output=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    assert b"2026-W46: 235 better lately" in done.stdout


def test_a_page_stays_within_forty_lines(tmp_path, capsys):
    journal = make_journal(tmp_path / "journal")
    lines = (
        "- Went well: plan made, 6 files read before the first edit; check named in the first request [t1]\n"
        "- Went well: every check passed the first time [t5]\n"
        "- To improve: 3 corrections by the user; next time, state constraints and conventions up front [t4]\n"
        "- To improve: summarised 3 times for length [t8]\n"
    )
    changes = []
    for number in range(40):
        name = f"2026-11-{number % 28 + 1:02}-a-session-with-a-name-as-long-as-names-of-sessions-get-{number}"
        page = entry(number % 28 + 1, 3, lines, kind=f"kind-{number % 5}").replace(b"tidepool", b"p%d" % (number % 6))
        page = page.replace(page.split(b'"')[1], b"%032x" % (number + 16))
        changes.append(Change(f"journal/sessions/2026/{name}.md", page))
    journal.publish(changes, "entry: s", NOW)
    assert run(["--journal", journal.root, "reflect"]) == 0
    printed = capsys.readouterr().out
    assert "Also: " in printed
    assert len(printed.splitlines()) <= 40


def test_a_journal_in_which_nothing_can_be_judged_says_what_would_help(tmp_path, capsys):
    journal = make_journal(tmp_path / "journal")
    for number in range(1, 7):
        text = f'---\nid: "{number + 16:032x}"\ndate: 2026-11-{number:02}\n---\n\n## What went well\n\n- Small steps, day {number}\n'
        journal.publish([Change(f"journal/sessions/2026/2026-11-{number:02}-s.md", text.encode())], "entry: s", NOW)
    assert run(["--journal", journal.root, "reflect"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "6 sessions, 2026-11-01 to 2026-11-06",
        "None of them shows how it ended.",
        '    + noted: "Small steps, day 6" (2026-11-06-s)',
        "",
        "To try",
        "  Write `effectiveness: 4` (1 to 5) at the top of an entry, and what went well under `## Went well`,",
        "  what did not under `## To improve`: then there is something to compare.",
    ]
