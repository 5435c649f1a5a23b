"""Time the log at sizes that years make; prints ratios measured in one run, never fails.

    python tests/benchmarks/bench_log.py [--dir FOLDER] [--runs 5]

It builds three journals with `git fast-import` (minutes; --dir keeps them for the next time):
    small    2,000 commits,  10,000 records,  2,000 entries
    middle  20,000 commits,  20,000 records,  5,000 entries
    large   20,000 commits, 100,000 records, 20,000 entries

full verify against `git fsck --full` (middle, large)        goal: at most 1.0
full verify of 100,000 records, cold                         goal: at most 5 s
time at 100,000 records against 10,000                       goal: at most 12
verify again, and after one more commit (large)              goal: at most 0.3 s
`journal new --no-edit` against write, git add, git commit   goal: at most 3.5, in each of the sizes
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_commands import SCRIPT, pair, run

from journals import build

SIZES = {"small": (2_000, 10_000, 2_000), "middle": (20_000, 20_000, 5_000), "large": (20_000, 100_000, 20_000)}
JOURNAL = str(Path(sys.executable).with_name("journal"))


def median(command: list[str], cwd: Path, env: dict[str, str], runs: int) -> float:
    return statistics.median(run(command, cwd, env) for _ in range(runs))


def forget(root: Path, env: dict[str, str]) -> None:
    """Take away what earlier verifications found, so that the next one begins from nothing."""
    shutil.rmtree(root / ".git" / "journal", ignore_errors=True)
    shutil.rmtree(env["JOURNAL_STATE"], ignore_errors=True)


def cold(root: Path, env: dict[str, str], runs: int) -> float:
    times = []
    for _ in range(runs):
        forget(root, env)
        times.append(run([JOURNAL, "verify"], root, env))
    return statistics.median(times)


def main() -> None:
    """Build the journals that are missing, then measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "HOME": folder, "JOURNAL_STATE": f"{folder}/state"}
        for name in ("NAME", "EMAIL"):
            env |= {f"GIT_{who}_{name}": "ada@example.org" for who in ("AUTHOR", "COMMITTER")}
        measure(args.dir or Path(folder, "journals"), env, args.runs)


def measure(base: Path, env: dict[str, str], runs: int) -> None:
    roots = {name: base / name for name in SIZES}
    for name, root in roots.items():
        if not (root / "journal" / "log").is_dir():
            print(f"building {name} …", file=sys.stderr)
            build(root, *SIZES[name])
    full = {name: cold(root, env, runs) for name, root in roots.items()}
    for name in ("middle", "large"):
        fsck = run(["git", "fsck", "--full", "--no-progress"], roots[name], env)
        ratio = full[name] / fsck
        print(f"full verify, {name:<7} {full[name]:7.2f} s against git fsck --full {fsck:7.2f} s   ratio {ratio:.3f}")
    print(f"100,000 records      {full['large']:7.2f} s, {full['large'] / full['small']:.1f} times 10,000 records")
    again = median([JOURNAL, "verify"], roots["large"], env, runs)
    after = []
    for number in range(runs):
        run([JOURNAL, "new", f"later {number} {os.urandom(4).hex()}", "--no-edit"], roots["large"], env)
        after.append(run([JOURNAL, "verify"], roots["large"], env))
    print(f"verify again, large  {again:7.2f} s; after one more commit {statistics.median(after):.2f} s")
    for name, root in roots.items():
        append(name, root, env, runs)


def append(name: str, root: Path, env: dict[str, str], runs: int) -> None:
    """Pair one more entry by journal with one by the shell, in the same repository."""
    script = root.parent / "script.sh"
    script.write_text(SCRIPT)
    mark = os.urandom(4).hex()
    pair(
        f"append, {name}",
        lambda number: run([JOURNAL, "new", f"{mark} {number}", "--no-edit"], root, env),
        lambda number: run(["sh", str(script), f"plain-{mark}-{number}"], root, env),
        2 * runs,
    )
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=root, check=True)


if __name__ == "__main__":
    main()
