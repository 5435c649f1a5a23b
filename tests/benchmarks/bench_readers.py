"""Time and memory of reading transcripts, against `orjson.loads` over the same lines; never fails.

    JOURNAL_TEST_DATA=FOLDER python tests/benchmarks/bench_readers.py [--size 300] [--dir FOLDER]

time against orjson.loads, per format of JSON               goal: at most 5 in files over 50 kB, 1 ms in smaller ones
memory over an interpreter with orjson, for a large file    goal: at most 60 MB
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from session_journal.readers import read_transcript

sys.path.insert(0, str(Path(__file__).parents[1]))
import transcripts

FORMATS = ("claude-code", "codex", "copilot", "gemini", "cursor", "chatgpt", "claude-web")
LARGE = 50_000


def best(function: Callable[[], object], runs: int = 5) -> float:
    times = []
    for _ in range(runs):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return min(times)


def parse(lines: list[bytes]) -> None:
    for line in lines:
        try:
            orjson.loads(line)
        except orjson.JSONDecodeError:
            continue


def is_transcript(path: Path) -> bool:
    """Say whether a file of the folder is one: expected values lie beside the transcripts of Claude Code."""
    return path.suffix == ".jsonl" or (path.suffix == ".json" and not path.with_suffix(".jsonl").exists())


def ratios(folder: Path) -> None:
    for name in FORMATS:
        read = parsed = 0.0
        worst, small = (0.0, ""), [0.0]
        for path in sorted(filter(is_transcript, (folder / name).iterdir())):
            data = path.read_bytes()
            lines = [line for line in data.split(b"\n") if line] if path.suffix == ".jsonl" else [data]
            one = best(lambda lines=lines: parse(lines))
            own = best(lambda data=data: [len(one.events) for one in read_transcript(io.BytesIO(data), "x")])
            read, parsed = read + own, parsed + one
            if len(data) > LARGE:
                worst = max(worst, (own / one, path.name))
            else:
                small.append(own)
        large = f"worst file over 50 kB {worst[0]:.1f} ({worst[1]})" if worst[1] else "no file over 50 kB"
        print(f"{name:12} {read / parsed:5.1f} x orjson.loads; {large}; a small file at most {max(small) * 1e3:.1f} ms")


def memory(folder: Path, size: int) -> None:
    made = {
        "claude-code": lambda path: transcripts.write(path, transcripts.claude_code(), size),
        "small lines": lambda path: transcripts.write(path, transcripts.claude_code(image=False), size),
        "codex": lambda path: transcripts.write(path, transcripts.codex(), size),
        "gemini": lambda path: transcripts.write(path, transcripts.gemini(), size),
        "cursor": lambda path: transcripts.write(path, transcripts.cursor(), size),
        "long line": lambda path: transcripts.write_long_line(path, 100 * 1024 * 1024),
    }
    for name, make in made.items():
        path = folder / f"{name.replace(' ', '-')}.jsonl"
        make(path)
        start = time.perf_counter()
        command = [sys.executable, "-c", transcripts.MEMORY, str(path)]
        peak, events, left_out = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        took, mb = time.perf_counter() - start, path.stat().st_size / 1e6
        print(f"{name:12} {mb:4.0f} MB in {took:4.1f} s: {float(peak):5.1f} MB, {events} events, {left_out} left out")
        path.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=300, help="megabytes of the generated files")
    parser.add_argument("--dir", type=Path, default=None)
    given = parser.parse_args()
    data = os.environ.get("JOURNAL_TEST_DATA")
    if data:
        ratios(Path(data))
    with tempfile.TemporaryDirectory(dir=given.dir) as folder:
        memory(Path(folder), given.size * 1024 * 1024)


if __name__ == "__main__":
    main()
