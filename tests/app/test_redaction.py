"""No secret of a transcript reaches the journal, its caches, git or the terminal, wherever and however it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from planting import FORMATS, chatgpt_zip, opencode_database, planted
from session_journal.app.redaction import make_redactor
from session_journal.core.personal_rules import PERSONAL
from session_journal.core.redact import redact
from session_journal.core.rule_index import Index
from session_journal.core.secret_rules import RULES
from session_journal.readers import read_transcript
from session_journal.store.allowed import Allowed
from session_journal.store.settings import change

ONE_LINE = [rule for rule in RULES if "\n" not in rule.example]


def value_of(rule):
    clean = redact(rule.example)[0]
    before, _, after = clean.partition(f"[REDACTED:{rule.kind}]")
    return rule.example[len(before) : len(rule.example) - len(after)]


# --- how a transcript is written, by hand or (planting.py) from a sample ------------------------------------------------


def claude_code(name, secrets):
    """Return the lines of a session in which each text holds these secrets, and an edit makes it worth an entry."""
    said = " ".join(secrets)
    common = {
        "sessionId": name,
        "cwd": f"/home/mira/{secrets[0]}",
        "gitBranch": f"fix/{secrets[0]}",
        "version": "2.1.40",
    }
    clock = iter(f"2026-11-20T09:{at:02}:00.000Z" for at in range(60))

    def line(kind, content, at, **more):
        message = {"role": kind, "content": content, "id": f"m{at}", "model": "claude-opus-4"}
        return {"type": kind, "uuid": f"{name}-{at}", "timestamp": next(clock), "message": message, **common, **more}

    def call(at, tool, **given_):
        return line("assistant", [{"type": "tool_use", "id": f"c{at}", "name": tool, "input": given_}], at)

    def result(at, text, *, failed=False):
        block = {"type": "tool_result", "tool_use_id": f"c{at}", "content": text, "is_error": failed}
        return line("user", [block], at + 100)

    rows = [
        {"type": "summary", "summary": f"Rotate {said}", "leafUuid": f"{name}-1"},
        line("user", f"Please fix the upload. It must use {said} and we decided to keep it that way.", 1),
        line("assistant", [{"type": "thinking", "thinking": said}, {"type": "text", "text": f"I found that {said} is wrong."}], 2),
        call(3, "Edit", file_path=f"/home/mira/{secrets[0]}/src/{secrets[0]}.py", old_string=said, new_string=f"x = '{said}'"),
        result(3, f"The file was updated: {said}"),
        call(4, "Bash", command=f"deploy {said}", description=said),
        result(4, f"Error: exit 1\nfailed with {said}\n", failed=True),
        call(5, "Bash", command="pytest -q"),
        result(5, f"{said}\n4 passed in 0.1s\n"),
        call(6, "SomeTool", query=said, nested={"deep": [said]}),
        result(6, json.dumps({"out": said})),
        line("assistant", [{"type": "text", "text": f"Done: the cause was {said}. All tests pass now."}], 7),
        line("user", f"Great, thanks! Remember for next time: never print {said}.", 8),
    ]  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in rows)


WRITERS = [*map(planted, FORMATS), opencode_database, chatgpt_zip]


def wrapped(text, frame="{}\n", width=80):
    line = "x" * 40 + " the value is " + text
    return "\n" + "".join(frame.format(line[at : at + width]) for at in range(0, len(line), width)) + "\n"


DRESSES = {
    "plain": lambda text: text,
    "in JSON": lambda text: json.dumps(json.dumps({"a": text})),
    "after an escape": lambda text: f'{{"a":"x\\n{text}\\n"}}',
    "wrapped": wrapped,
    "in a box": lambda text: wrapped(text, "│ {} │\n", 76),
}
"""How a secret stands in a text. A wrapped value without a form of its own cannot be known again: tokens only."""


def everything(*folders):
    """Return all bytes of files, names and git objects under some folders."""
    found = []
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            found.append(os.fsencode(path))
            if path.suffix == ".zst":
                with zstandard.open(path) as stream:
                    found.append(stream.read())
            elif path.is_file():
                found.append(path.read_bytes())
            if path.name == ".git":
                objects = ["git", "-C", str(path.parent), "cat-file", "--batch-all-objects", "--batch"]
                found.append(subprocess.run(objects, capture_output=True, check=True).stdout)
    return b"\n".join(found)


def journal(*words, cwd):
    command = [sys.executable, "-m", "session_journal", *words]
    done = subprocess.run(command, cwd=cwd, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout + done.stderr


def pieces(secret, size=12):
    return {secret[at : at + size].encode() for at in range(max(1, len(secret) - size + 1))}


HOME, HIDDEN, PRIVATE = "zebulonia", "Falconetta", "zanzibarian"
MINE = f"/home/{HOME}/deep {HIDDEN} <private>{PRIVATE}</private>"
MORE = {piece.encode(): "mine" for word in (HOME, HIDDEN, PRIVATE) for piece in (word, word.lower())}
CASES = [(claude_code, (dress,)) for dress in DRESSES] + [(write, tuple(DRESSES)) for write in WRITERS]


@pytest.mark.parametrize(
    ("write", "dresses"), CASES, ids=lambda one: one.__name__ if callable(one) else one[0] if len(one) == 1 else "all"
)
def test_a_secret_of_a_transcript_is_nowhere_after_its_capture(tmp_path, isolated, write, dresses):
    change({"HOME": str(isolated)}, "redact.words", HIDDEN)
    change({"HOME": str(isolated)}, "archive.commit", "yes")
    rules = [rule for rule in ONE_LINE if rule.token or {"wrapped", "in a box"}.isdisjoint(dresses)]
    files = tmp_path / "transcripts"
    files.mkdir()
    for at in range(0, len(rules), 12):
        dress = DRESSES[dresses[at // 12 % len(dresses)]]
        data = write(f"session-{at}", [*(dress(rule.example) for rule in rules[at : at + 12]), MINE])
        (files / f"{at}.jsonl").write_bytes(data if isinstance(data, bytes) else data.encode())
    token = value_of(rules[0])
    (files / f"{token}-{HIDDEN}.jsonl").write_text("no transcript", encoding="utf-8")
    assert journal("init", str(tmp_path / "journal"), cwd=tmp_path)[0] == 0
    code, said = journal("capture", *map(str, sorted(files.iterdir())), cwd=tmp_path / "journal")
    assert code == 0, said
    assert said.count(b"added  journal/") >= len(rules) // 24 or write.__name__.startswith("chatgpt"), said
    said += journal("capture", *map(str, sorted(files.iterdir())), cwd=tmp_path / "journal")[1]
    printed = journal("draft", str(files / "0.jsonl"), cwd=tmp_path)[1]
    assert b"REDACTED" in printed
    assert [*(tmp_path / "journal/journal/archive").glob("*.md")] or write.__name__.startswith("chatgpt")
    left = everything(tmp_path / "journal", isolated / ".local", isolated / ".cache") + said + printed
    found = {piece: rule.kind for rule in rules for piece in pieces(value_of(rule)) if piece in left}
    found |= {piece: kind for piece, kind in MORE.items() if piece in left}
    shown = [left[max(0, left.find(piece) - 60) : left.find(piece) + 40] for piece in list(found)[:3]]
    assert not found, shown


@settings(max_examples=80)
@given(st.data())
def test_a_secret_anywhere_in_a_session_is_taken_out(data):
    write = data.draw(st.sampled_from([claude_code, *WRITERS[:-2]]))
    rule = data.draw(st.sampled_from(ONE_LINE))
    around = data.draw(st.tuples(st.text(max_size=30), st.text(max_size=30)))
    dressed = (
        f"{around[0]} {DRESSES[data.draw(st.sampled_from(['plain', 'after an escape']))](rule.example)} {around[1]}"
    )
    from io import BytesIO

    from session_journal.core.hiding import redact_session

    for session in read_transcript(BytesIO(write("s", [dressed]).encode("utf-8", "surrogatepass")), "x"):
        hidden = redact_session(session, make_redactor(os.environ, touch=False))
        assert value_of(rule) not in repr(replace(hidden, uuids=frozenset()))


def test_the_users_words_and_marks_come_from_the_settings_and_this_machine(tmp_path):
    env = {"JOURNAL_STATE": str(tmp_path / "state"), "JOURNAL_CONFIG": str(tmp_path / "config.toml")}
    change(env, "redact.words", "Falcon, Acme Corp")
    assert make_redactor(env, touch=False).redact("the falcon of Acme  Corp") == (
        "the [REDACTED:hidden-word] of [REDACTED:hidden-word]"
    )
    assert not (tmp_path / "state").exists()
    token = value_of(ONE_LINE[0])
    marked = make_redactor(env).redact(token)
    assert marked.startswith(f"[REDACTED:{ONE_LINE[0].kind} ")
    assert make_redactor(env).redact(token) == marked
    allowed = Allowed(env)
    allowed.allow([allowed.fingerprint(token)])
    assert make_redactor(env).redact(token) == token


UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{40}|[0-9a-f]{64}|sha\d+-.*|[\d.]+"
)


def test_real_transcripts_lose_few_things_and_no_hash_no_id_and_no_number(shared_data):
    index = Index((*RULES, *PERSONAL))
    for path in sorted(path for path in shared_data.rglob("*") if path.suffix in {".jsonl", ".json", ".md"}):
        if {"merkle", "patterns", "retrieval"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found = {
            (rule.kind, text[start:end]) for start, end, rule in index.merged(index.spans(text)) if not rule.instead
        }
        assert len(found) < 8, (path.name, sorted(kind for kind, _ in found))
        assert not [kind for kind, value in found if UUID.fullmatch(value)], path.name
        assert not [kind for kind, value in found if kind == "email" and "@" not in value], path.name
