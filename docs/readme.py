"""Fill the README's marked blocks from a real run of the demo, so that they cannot go stale."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import dropwhile, takewhile
from pathlib import Path

from session_journal.cli.group import FAMILIES

DEMO = Path(__file__).resolve().parents[1] / "examples" / "demo.py"
BLOCK = re.compile(r"(<!-- made by make docs: ([a-z ]+) -->\n).*?(<!-- /made -->\n)", re.DOTALL)
LEFT_OUT = "…"
WIDEST = 150
STORY_DAY = "2026-11-13"


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown of one command's output: from a line to before another, and at most so many lines."""

    command: str  # how the command line begins
    lines: int = 99
    start: str = ""
    stop: str = ""


SHOWN: Mapping[str, tuple[Part, ...]] = {
    "after work": (
        Part("journal init", lines=1),
        Part("journal capture"),
        Part("journal show", start="## What happened", stop="## Evidence", lines=40),
        Part("journal review", lines=1),
    ),
    "on friday": (
        Part("journal weekly", lines=3),
        Part("cat ", start="2026-11-09 to", stop="## Challenges", lines=40),
        Part("journal patterns", lines=6),
        Part("journal playbook show", start="Seen in", lines=20),
    ),
    "before the next session": (Part("journal context"), Part("journal search", lines=6)),
    "can it be trusted": (
        Part("journal log"),
        Part("journal verify"),
        Part("cp "),
        Part("sed "),
        Part("git -C copy commit"),
        Part("journal --journal copy verify"),
    ),
}


def fill(readme: str) -> str:
    """Return the README with every marked block written anew."""
    played = _play()
    made = {name: _console(name, played) for name in SHOWN} | {"commands": _families()}
    return BLOCK.sub(lambda found: f"{found[1]}{made[found[2]]}{found[3]}", readme)


def _families() -> str:
    rows = ["| | |", "|---|---|"]
    for family, commands in FAMILIES.items():
        rows.append(f"| **{family}** | |")
        rows += [f"| `journal {name}` | {what} |" for name, (_, what) in commands.items()]
    return "\n".join(rows) + "\n"


def _console(name: str, played: Mapping[str, list[str]]) -> str:
    return "```console\n" + "\n\n".join("\n".join(_part(part, played)) for part in SHOWN[name]) + "\n```\n"


def _part(part: Part, played: Mapping[str, list[str]]) -> Iterator[str]:
    line = next((line for line in played if line.startswith(part.command)), None)
    if line is None:
        raise LookupError(f"the demo runs no command that begins with {part.command}")
    yield f"$ {line}"
    yield from _cut(part, played[line])


def _cut(part: Part, output: list[str]) -> Iterator[str]:
    output = [line for line in output if not line.startswith("<!--")]
    begun = list(dropwhile(lambda line: not line.startswith(part.start), output)) or output
    section = list(takewhile(lambda line: not (part.stop and line.startswith(part.stop)), begun))
    shown = "\n".join(section[: part.lines]).rstrip().splitlines()
    if len(begun) < len(output):
        yield LEFT_OUT
    yield from (line if len(line) <= WIDEST else line[: WIDEST - 1] + LEFT_OUT for line in shown)
    if len(shown) < len(begun):
        yield LEFT_OUT


def _play() -> dict[str, list[str]]:
    """Return every command of a run of the demo, the first time it was run, with its output."""
    days = {_today()}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(DEMO), "--quiet", "--into", os.path.join(folder, "demo")]
        if subprocess.run(command, check=False).returncode:
            raise SystemExit("nothing was written: the demo failed")
        record = Path(folder, "demo", "session.txt").read_text(encoding="utf-8")
    days |= {_today()}
    played: dict[str, list[str]] = {}
    for step in re.split(r"^\$ ", settle(record, days), flags=re.MULTILINE)[1:]:
        line, *output = step.rstrip("\n").split("\n")
        played.setdefault(line, output)
    return played


def _today() -> str:
    return datetime.now(UTC).date().isoformat()  # noqa: TID251 - the day of the run, to take it out of what was printed


def settle(record: str, days: set[str]) -> str:
    """Put fixed words for what differs from run to run: its day and time, and random ids in order of appearance."""
    for day in days:
        record = re.sub(rf"{day}([ T])\d\d:\d\d(?::\d\d(?:\.\d+)?)?", rf"{STORY_DAY}\g<1>17:00", record)
        record = record.replace(day, STORY_DAY)
    known: dict[str, str] = {}

    def fixed(found: re.Match[str]) -> str:
        stem = found[0][:8]
        name = known.setdefault(stem, sha256(str(len(known)).encode()).hexdigest())
        return name[: len(found[0])]

    return re.sub(r"\b[0-9a-f]{8,64}\b", fixed, record)
