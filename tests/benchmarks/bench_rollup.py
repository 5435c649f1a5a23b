"""Measure `journal weekly` on a journal of 5,000 entries: from nothing, after a week of new entries, and again.

Run it by hand: `python tests/benchmarks/bench_rollup.py [ENTRIES]`. The times are processor time of the whole command,
git included; the entries are those of `bench_patterns.py`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta

from bench_patterns import A_WEEK, ENTRIES, START, Words, bare_python, seconds, write


def last_day(count: int) -> date:
    """Return the day of the last of so many entries."""
    return START + timedelta(days=(count - 1) // 3)


def main(count: int) -> None:
    """Make the journal, roll it up, add a week, roll it up twice; print times and ratios to an empty Python process."""
    journal = [sys.executable, "-m", "session_journal"]
    with tempfile.TemporaryDirectory() as folder:
        who = {
            f"GIT_{who}_{what}": "bench@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        env = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": f"{folder}/c", "XDG_STATE_HOME": f"{folder}/s", **who}
        root = f"{folder}/journal"
        subprocess.run([*journal, "init", root], check=True, capture_output=True, env=env)
        bare = bare_python(env)
        words = Words(random.Random(7))
        for what, fresh in (
            ("from nothing", range(count)),
            ("a new week", range(count, count + A_WEEK)),
            ("again", ()),
        ):
            if fresh:
                write(root, fresh, words)
                count = fresh[-1] + 1
            for period in ("weekly",) if fresh else ("weekly", "monthly", "quarterly"):
                taken, _ = seconds([*journal, "--journal", root, period, "--date", str(last_day(count))], env)
                print(f"{period:9} {what:12} {taken:6.2f} s of processor time  {taken / bare:6.0f} x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)
