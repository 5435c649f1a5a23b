"""Measure rollups on a journal of 5,000 entries: the first of all, and one after a further entry, in seconds.

Run it by hand: `python tests/benchmarks/bench_rollup.py [ENTRIES]`. Statements are made of many thousand words, common
ones more often, and some lessons recur, so that there is as much to compare as in a real journal.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ENTRIES = 5000
SYLLABLES = ("ba", "co", "di", "fu", "gel", "han", "jo", "kir", "lum", "mer", "nox", "pa", "qui", "ros", "tev", "wen")
LESSONS = (
    "Always run the linter before a commit",
    "Freeze the clock in tests that compare dates",
    "Never force-push a shared branch",
    "Read the changelog before a dependency is updated",
    "Write the failing test first",
    "Pin the version of every container image",
)
KINDS = ("Decisions", "Challenges", "Discoveries", "Insights", "For next time")


def words(chance: random.Random) -> list[str]:
    """Return made-up words, the first ones the commonest."""
    made = {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(20000)}
    return sorted(made, key=lambda word: (len(word), word))


def sentence(chance: random.Random, known: list[str]) -> str:
    """Return a statement of some words; common words come up often."""
    return " ".join(known[int(len(known) * chance.random() ** 2)] for _ in range(chance.randint(6, 12))).capitalize()


def entry(number: int, chance: random.Random, known: list[str], per_day: int) -> tuple[str, str]:
    """Return an entry's name and text, about as long as a drafted one."""
    day = date(2024, 1, 1) + timedelta(days=number // per_day)
    head = f'---\nid: "{number:032x}"\ntitle: {sentence(chance, known)}\ndate: {day}\ntype: session\nstatus: final\nvisibility: self\nproject: p{number % 4}\noutcome: done\n---\n'
    parts = [f"## {kind}\n\n" + "".join(f"- {sentence(chance, known)} [t{n}]\n" for n in (1, 2)) for kind in KINDS]
    taken = f"## Key takeaways\n\n- {chance.choice(LESSONS) if number % 9 == 0 else sentence(chance, known)}\n"
    tasks = f"## Action items\n\n- [ ] {sentence(chance, known)}\n- [x] {sentence(chance, known)}\n"
    quotes = "## Evidence\n\n" + "\n".join(f'- [t{n}] assistant: "{sentence(chance, known)}"' for n in range(8))
    return f"{day}-entry-{number}.md", "\n".join([head, *parts, taken, tasks, quotes]) + "\n"


def timed(command: list[str], env: dict[str, str]) -> float:
    """Return how long a command takes."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=env)
    return time.perf_counter() - start


def main() -> None:
    """Make the journal, roll up, add an entry, roll up again."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    chance = random.Random(7)
    known = words(chance)
    journal = [sys.executable, "-m", "session_journal"]
    with tempfile.TemporaryDirectory() as folder:
        who = {
            f"GIT_{one}_{what}": "bench@example.org" for one in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        env = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": f"{folder}/config", "XDG_STATE_HOME": f"{folder}/state"}
        env |= who
        root = f"{folder}/journal"
        subprocess.run([*journal, "init", root], check=True, capture_output=True, env=env)
        sessions = Path(root, "journal", "sessions", "2026")
        sessions.mkdir(parents=True)
        per_day = max(1, count // 900)
        for number in range(count):
            name, text = entry(number, chance, known, per_day)
            sessions.joinpath(name).write_text(text, encoding="utf-8")
        old = time.time() - 3600
        for path in sessions.iterdir():
            os.utime(path, (old, old))
        last = date(2024, 1, 1) + timedelta(days=(count - 1) // per_day)
        roll = [*journal, "--journal", root, "weekly", "--date", str(last)]
        print(f"{count} entries, the first rollup: {timed(roll, env):5.2f} s")
        name, text = entry(count - 1, chance, known, per_day)
        sessions.joinpath(f"{name}-again.md").write_text(text.replace(f"{count - 1:032x}", "f" * 32), encoding="utf-8")
        for period in ("weekly", "monthly", "quarterly", "weekly"):
            roll[5] = period
            print(f"{period:10} with one more entry: {timed(roll, env):5.2f} s")


if __name__ == "__main__":
    main()
