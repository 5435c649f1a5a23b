"""What the journal holds already is found, wherever it lies, and never shown."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hooked import TOKEN
from journals import NOW, git, make_journal, page, where
from session_journal.app.seal import seal
from session_journal.app.secrets_scan import scan
from session_journal.core.archive_pages import archive_path, make_page
from session_journal.core.redact import redact
from session_journal.store.journal import Change

OTHER = TOKEN[:-1] + "z"


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


def commit(journal, name, text, message="by hand"):
    path = Path(journal.path(where(name)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page(len(name), text))
    git(journal, "add", "-A")
    git(journal, "commit", "-q", "--no-verify", "-m", message)
    return git(journal, "rev-parse", "HEAD").strip()


def leaks(journal, **options):
    return [(leak.kind, leak.place) for leak in scan(journal, **options).leaks]


def test_a_clean_journal_has_nothing_to_purge(journal):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    assert (scan(journal).leaks, scan(journal).steps) == ((), ())


def test_a_secret_is_found_in_its_file_and_in_the_oldest_commit_that_has_it(journal):
    first = commit(journal, "a", f"one\n{TOKEN}")
    commit(journal, "a", f"zero\none\n{TOKEN}")
    commit(journal, "b", "clean")
    assert leaks(journal) == [
        ("github-token", f"{where('a')}:9"), ("github-token", f"{where('a')}:8 in commit {first[:12]}"),
    ]  # fmt: skip


def test_a_secret_that_was_taken_out_or_lies_on_another_branch_is_still_in_the_history(journal):
    first = commit(journal, "a", TOKEN)
    commit(journal, "a", "taken out")
    git(journal, "checkout", "-q", "-b", "other")
    second = commit(journal, "b", OTHER)
    git(journal, "checkout", "-q", "-")
    assert leaks(journal) == [
        ("github-token", f"{where('a')}:7 in commit {first[:12]}"),
        ("github-token", f"{where('b')}:7 in commit {second[:12]}"),
    ]


def test_messages_names_of_files_and_the_archive_are_searched(journal):
    done = commit(journal, "a", "clean", f"entry: {TOKEN}")
    Path(journal.path(f"journal/notes-{OTHER}.md")).write_text("clean", encoding="utf-8")
    found = leaks(journal, archive=[("session abc", f"one\n{TOKEN}")])
    assert ("github-token", f"commit message:1 in commit {done[:12]}") in found
    assert ("github-token", "journal/notes-[REDACTED:github-token].md:1") in found
    assert ("github-token", "session abc:2") in found


def test_the_result_names_no_value_and_the_steps_come_in_order(journal):
    commit(journal, "a", TOKEN, f"entry: {TOKEN}")
    result = scan(journal)
    assert TOKEN not in repr(result)
    assert TOKEN not in json.dumps(result.as_json())
    assert {leak.fingerprint for leak in result.leaks} == {journal.allowed.fingerprint(TOKEN)}
    commands = [step.command.split()[0] for step in result.steps if step.command]
    assert result.steps[0].text.startswith("Revoke")
    assert commands == ["journal", "journal", "journal", "git", "git", "git", "journal", "git", "git", "rm"]
    assert all(redact(step.text + step.command)[1] == {} for step in result.steps)


def test_what_is_allowed_is_no_leak(journal):
    commit(journal, "a", TOKEN)
    journal.allowed.allow([journal.allowed.fingerprint(TOKEN)])
    assert leaks(journal) == []


def test_a_file_without_history_needs_no_rewriting(journal):
    Path(journal.path("journal/x.md")).write_text(TOKEN, encoding="utf-8")
    assert not any("filter-repo" in step.command for step in scan(journal).steps)


# --- further scanners -----------------------------------------------------------------------------------------------

FAKE = """#!{python}
import json, os, sys
open({heard!r}, "a").write(json.dumps([sys.argv[1:], os.environ.get("HTTPS_PROXY", "")]) + "\\n")
sys.stdout.write({out!r})
sys.exit({code})
"""


def install(tmp_path, name, out, code=0):
    heard = tmp_path / f"{name}.heard"
    program = tmp_path / "bin" / name
    program.parent.mkdir(exist_ok=True)
    program.write_text(FAKE.format(python=sys.executable, heard=str(heard), out=out, code=code), encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return heard


def env(tmp_path):
    return {**os.environ, "PATH": str(tmp_path / "bin")}


needs_scripts = pytest.mark.skipif(os.name == "nt", reason="a script is no program there")


@needs_scripts
def test_betterleaks_is_asked_without_network_and_its_findings_are_places(journal, tmp_path):
    report = [
        {"RuleID": "acme-key", "File": "journal/notes/a.md", "StartLine": 3, "Commit": "", "Secret": "REDACTED"},
        {
            "ruleID": "acme-key",
            "attributes": {"path": "journal/b.md", "git.sha": "f" * 40},
            "location": {"startLine": 4},
        },
        {"RuleID": "elsewhere", "File": "src/main.py", "StartLine": 1},
        "not a finding",
    ]
    heard = install(tmp_path, "betterleaks", json.dumps(report))
    found = [leak for leak in scan(journal, env=env(tmp_path)).leaks if leak.by == "betterleaks"]
    assert {(leak.kind, leak.place) for leak in found} == {
        ("acme-key", "journal/notes/a.md:3"), ("acme-key", f"journal/b.md:4 in commit {'f' * 12}"),
    }  # fmt: skip
    asked = [json.loads(line) for line in heard.read_text().splitlines()]
    assert [words[0] for words, _ in asked] == ["dir", "git"]
    assert all(
        "--validation" not in words and "--redact" in words and proxy.startswith("http://127.")
        for words, proxy in asked
    )


@needs_scripts
@pytest.mark.parametrize("shape", ["envelope", "list", "lines"])
def test_kingfisher_is_asked_without_validation(journal, tmp_path, shape):
    record = {
        "rule": {"name": "Acme key", "id": "kingfisher.acme.1"},
        "finding": {
            "path": "journal/a.md", "line": 7, "snippet": "[REDACTED]", "fingerprint": "1",
            "git_metadata": {"commit": {"id": "e" * 40}},
        },
    }  # fmt: skip
    out = {"envelope": json.dumps({"findings": [record]}), "list": json.dumps([record]), "lines": json.dumps(record)}
    heard = install(tmp_path, "kingfisher", out[shape], code=200)
    (leak,) = [leak for leak in scan(journal, env=env(tmp_path)).leaks if leak.by == "kingfisher"]
    assert (leak.kind, leak.place) == ("kingfisher.acme.1", f"journal/a.md:7 in commit {'e' * 12}")
    ((words, _),) = [json.loads(line) for line in heard.read_text().splitlines()]
    assert {"--no-validate", "--no-update-check", "--redact"} <= set(words)


@needs_scripts
@pytest.mark.parametrize(
    ("out", "code"), [("Error: unknown flag\n", 126), ("", 1), ('{"findings": null}', 0), ("[1, null]", 0)]
)
def test_a_scanner_that_fails_is_a_note_and_stops_nothing(journal, tmp_path, out, code):
    install(tmp_path, "betterleaks", out, code)
    result = scan(journal, env=env(tmp_path))
    assert result.leaks == ()
    assert bool(result.notes) == bool(code)


def test_without_a_path_no_program_is_started(journal):
    assert scan(journal, env={}) == scan(journal)


def test_the_steps_for_the_history_work(journal, tmp_path):
    if subprocess.run(["git", "filter-repo", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("git-filter-repo is not installed")
    commit(journal, "a", TOKEN)
    expressions = tmp_path / "expressions"
    expressions.write_text(f"{TOKEN}\n", encoding="utf-8")
    git(journal, "filter-repo", "--force", "--replace-text", str(expressions))
    assert leaks(journal) == []


def test_a_secret_in_committed_events_is_found_with_the_way_out(journal):
    path = archive_path(f"{1:032x}")
    place = Path(journal.path(path))
    place.parent.mkdir()
    place.write_bytes(make_page(f"{1:032x}", f'{{"text":"{TOKEN}"}}\n'))
    git(journal, "add", "-A")
    git(journal, "commit", "-q", "--no-verify", "-m", "by hand")
    assert [leak.path for leak in scan(journal).leaks] == [path, path]
    commands = [step.command for step in scan(journal).steps]
    assert commands.index("journal seal") == commands.index(f"git -C {journal.root} rm {path}") + 1
    git(journal, "rm", "-q", path)
    seal(journal, NOW)
    assert [bool(leak.commit) for leak in scan(journal).leaks] == [True]
