"""Measure search and context on a journal of 500 entries with a warm index, as ratios to an empty Python process.

Run it by hand: `python tests/benchmarks/bench_recall.py`. The journal is made of sentences, so that words recur as they
do in real entries.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ENTRIES = 500
RUNS = 9
SUBJECTS = (
    "the parser",
    "InitializeSession",
    "a flaky test",
    "the cache",
    "os.Chdir",
    "the login page",
    "a migration",
    "the release script",
    "config.toml",
    "the retry loop",
    "the search index",
    "a race in the worker pool",
)
VERBS = (
    "broke after",
    "was slower than",
    "depends on",
    "hides",
    "duplicates",
    "was fixed by",
    "needs",
    "replaced",
    "was reverted because of",
    "documents",
)
KINDS = ("Decisions", "Challenges", "Discoveries", "Insights", "Key takeaways", "For next time")
TASK = "fix the flaky test in the worker pool: InitializeSession races with os.Chdir when the cache is cold " * 3


def sentence(chance: random.Random) -> str:
    """Return one made-up statement."""
    numbers = f"{chance.randrange(1000)} ms in `pkg{chance.randrange(80)}/file_{chance.randrange(300)}.go`"
    return f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(SUBJECTS)}, {numbers}"


def entry(number: int, chance: random.Random) -> tuple[str, str]:
    """Return an entry's name and text, about as long as a drafted one."""
    day = date(2026, 1, 1) + timedelta(days=number // 2)
    title = sentence(chance)
    head = f'---\nid: "{number:032x}"\ntitle: "{title}"\ndate: {day}\ntype: session\nstatus: final\nvisibility: self\nproject: p{number % 4}\noutcome: done\n---\n'
    parts = [f"## {kind}\n\n" + "\n".join(f"- {sentence(chance)} [t{n + 1}]" for n in range(4)) for kind in KINDS]
    tasks = f"## Action items\n\n- [ ] {sentence(chance)}\n- [x] {sentence(chance)}\n"
    quotes = "## Evidence\n\n" + "\n".join(f'- [t{n + 1}] assistant: "{sentence(chance)}"' for n in range(8))
    return f"{day}-entry-{number}.md", "\n\n".join([head, *parts, tasks, quotes]) + "\n"


def seconds(command: list[str], env: dict[str, str]) -> float:
    """Return the median time of a command."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=env)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Make the journal, ask it, print times and ratios."""
    chance = random.Random(7)
    journal = [sys.executable, "-m", "session_journal"]
    with tempfile.TemporaryDirectory() as folder:
        who = {
            f"GIT_{who}_{what}": "bench@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        env = {
            **os.environ,
            "HOME": folder,
            "XDG_CONFIG_HOME": f"{folder}/config",
            "XDG_STATE_HOME": f"{folder}/state",
            **who,
        }
        root = f"{folder}/journal"
        subprocess.run([*journal, "init", root], check=True, capture_output=True, env=env)
        sessions = Path(root, "journal", "sessions", "2026")
        sessions.mkdir(parents=True, exist_ok=True)
        for number in range(ENTRIES):
            name, text = entry(number, chance)
            sessions.joinpath(name).write_text(text, encoding="utf-8")
        old = time.time() - 3600
        for path in sessions.iterdir():
            os.utime(path, (old, old))
        start = time.perf_counter()
        subprocess.run([*journal, "--journal", root, "search", "cache"], check=True, capture_output=True, env=env)
        print(f"{ENTRIES} entries, index made in {time.perf_counter() - start:.2f} s")
        bare = seconds([sys.executable, "-c", "pass"], env)
        print(f"{'python -c pass':34} {bare * 1000:6.0f} ms")
        for name, args in {
            "--version": ["--version"],
            "search, two words": ["search", "flaky test"],
            "search, a question": ["search", "why was InitializeSession slower than the cache after os.Chdir?"],
            "context --project": ["context", "--project", "p1"],
            "context --project --task (long)": ["context", "--project", "p1", "--task", TASK],
        }.items():
            taken = seconds([*journal, "--journal", root, *args] if args[0] != "--version" else [*journal, *args], env)
            print(f"{name:34} {taken * 1000:6.0f} ms  {taken / bare:5.1f} x")


if __name__ == "__main__":
    main()
