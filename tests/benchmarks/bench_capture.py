"""Measure capture and the listing of a many-session file as whole commands, against bare git and bare Python.

Run it by hand: `JOURNAL_TEST_DATA=FOLDER python tests/benchmarks/bench_capture.py`. FOLDER holds transcripts, in any
tree of folders; what is no transcript is counted by capture itself. Goals: docs/speed.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

JOURNAL = (sys.executable, "-m", "session_journal")
SUFFIXES = (".jsonl", ".json", ".md", ".txt", ".zst", ".db")
PASSED_OVER = ("expected", "journals", "merkle", "patterns", "retrieval")


def timed(command: list[str], env: dict[str, str]) -> tuple[float, str]:
    """Run a command; return how long it took, in seconds, and the last line but one that it said."""
    start = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, env=env, cwd=env["HOME"], text=True)
    lines = [line for line in done.stderr.splitlines() if " session" in line]
    return time.perf_counter() - start, lines[-1] if lines else done.stderr[-200:]


def main() -> None:
    """Capture everything once, twice, and list the largest file of many sessions; print times and ratios."""
    data = Path(os.environ["JOURNAL_TEST_DATA"])
    files = [
        str(path)
        for path in sorted(data.rglob("*"))
        if path.is_file()
        and path.suffix in SUFFIXES
        and not set(path.parts) & set(PASSED_OVER)
        and path.name != "README.md"
    ]
    size = sum(os.path.getsize(path) for path in files)
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": f"{home}/c", "XDG_STATE_HOME": f"{home}/s"}
        env |= {
            f"GIT_{who}_{what}": "bench@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        journal = [*JOURNAL, "--journal", f"{home}/journal"]
        subprocess.run([*JOURNAL, "init", f"{home}/journal"], check=True, capture_output=True, env=env)
        bare, _ = timed([sys.executable, "-c", "pass"], env)
        first, said = timed([*journal, "capture", *files], env)
        again, said_again = timed([*journal, "capture", *files], env)
        print(
            f"capture of {len(files)} files, {size / 1e6:.1f} MB: {first:.2f} s, {size / 1e6 / first:.1f} MB/s\n  {said}"
        )
        print(f"the same again: {again:.2f} s, {again / first:.2f} x the first run\n  {said_again}")
        for path in sorted(data.glob("aider/*.md"), key=os.path.getsize)[-1:]:
            listed, said = timed([*JOURNAL, "draft", path], env)
            print(f"listing of {path.name}: {listed:.2f} s, {listed / bare:.0f} x python -c pass\n  {said}")


if __name__ == "__main__":
    main()
