"""Time whole commands against what a person would do without them; prints ratios measured in one run, never fails.

    python tests/benchmarks/bench_commands.py [--runs 25] [--transcript FILE]

--version        against `python -c pass`                                          goal: at most 5
capture --hook   at the end of a turn, against `python -c pass`                    goal: at most 2.5
new --no-edit    against a shell script: write the file, git add, git commit       goal: at most 3.5
draft            of a transcript (a made one of 4 MB by default)                   goal: at most 1.5 s
The two commands of a pair run in turn, so that a machine whose speed drifts slows both.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCRIPT = """#!/bin/sh
set -e
day=$(date +%F)
file="journal/sessions/$(date +%Y)/$day-$1.md"
mkdir -p "$(dirname "$file")"
cat > "$file" <<END
---
title: $1
date: $day
---

## What happened
END
git add "$file"
git commit -q -m "entry: $1"
"""


def run(command: list[str], cwd: Path, env: dict[str, str], said: str = "") -> float:
    start = time.perf_counter()
    # An empty pipe would be text to `new`.
    given = {"input": said.encode()} if said else {"stdin": subprocess.DEVNULL}
    subprocess.run(command, cwd=cwd, env=env, check=True, stdout=subprocess.DEVNULL, **given)
    return time.perf_counter() - start


def pair(name: str, ours, theirs, runs: int) -> None:
    """Run two things in turn and print the medians and the ratio's median, smallest and largest."""
    a, b = [], []
    for number in range(runs + 2):
        first, second = ours(number), theirs(number)
        if number > 1:
            a.append(first)
            b.append(second)
    ratios = sorted(x / y for x, y in zip(a, b, strict=True))
    middle = statistics.median(a) / statistics.median(b)
    print(
        f"{name:<16} {1000 * statistics.median(a):7.1f} ms against {1000 * statistics.median(b):6.1f} ms"
        f"   ratio {middle:.2f}   (pair by pair {ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


def made_transcript(path: Path, size: int) -> Path:
    """Write a transcript of about `size` bytes, most of it tool output, as long sessions are."""
    parent, when = None, "2026-11-20T10:00:00.000Z"
    with path.open("w", encoding="utf-8") as file:
        for number in range(size // 9000):
            turns = [
                ("user", {"role": "user", "content": f"please make test {number} pass"}),
                ("assistant", {"id": f"m{number}", "role": "assistant", "model": "m", "content": [
                    {"type": "text", "text": f"The cause is a missing check in module {number}."},
                    {"type": "tool_use", "id": f"t{number}", "name": "Bash", "input": {"command": "make test"}}]}),
                ("user", {"role": "user", "content": [
                    {"type": "tool_result", "tool_use_id": f"t{number}", "content": "ok line of output\n" * 400}]}),
            ]  # fmt: skip
            for kind, message in turns:
                uuid = f"{number:08d}-{kind}-{len(json.dumps(message))}"
                line = {"type": kind, "uuid": uuid, "parentUuid": parent, "sessionId": "made", "timestamp": when,
                        "cwd": "/home/robin/code/made", "version": "2.1.40", "message": message}  # fmt: skip
                file.write(json.dumps(line) + "\n")
                parent = uuid
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=25)
    parser.add_argument("--transcript", type=Path)
    args = parser.parse_args()
    journal = shutil.which("journal", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        home.mkdir()
        env = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "JOURNAL_", "XDG_"))}
        # Byte code is kept, as it is on every user's machine.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        env |= {"HOME": str(home), "PYTHONPYCACHEPREFIX": str(Path(folder, "byte-code"))}
        (home / ".gitconfig").write_text("[user]\n\tname = Bench\n\temail = bench@example.org\n", encoding="utf-8")
        mine, theirs = Path(folder, "mine"), Path(folder, "theirs")
        subprocess.run([journal, "init", str(mine)], env=env, check=True, capture_output=True)
        subprocess.run(["git", "init", "-q", str(theirs)], env=env, check=True)
        script = Path(folder, "write.sh")
        script.write_text(SCRIPT, encoding="utf-8")
        plain = [sys.executable, "-c", "pass"]
        pair("--version", lambda _: run([journal, "--version"], mine, env), lambda _: run(plain, mine, env), args.runs)
        said = {"session_id": "made", "transcript_path": "/made.jsonl", "cwd": "/", "hook_event_name": "Stop"}
        hook = [journal, "capture", "--hook", "claude-code"]
        pair(
            "capture --hook",
            lambda _: run(hook, mine, env, json.dumps(said)),
            lambda _: run(plain, mine, env),
            args.runs,
        )
        pair(
            "new --no-edit",
            lambda number: run([journal, "new", f"topic {number}", "--no-edit"], mine, env),
            lambda number: run(["sh", str(script), f"topic-{number}"], theirs, env),
            args.runs,
        )
        transcript = (args.transcript or made_transcript(Path(folder, "made.jsonl"), 4_200_000)).resolve()
        command = [journal, "draft", str(transcript), "--offline"]
        times = [run(command, mine, env) for _ in range(4)][1:]
        megabytes = transcript.stat().st_size / 1e6
        print(f"draft            {1000 * statistics.median(times):7.0f} ms for {megabytes:.1f} MB")


if __name__ == "__main__":
    main()
