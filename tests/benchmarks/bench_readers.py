"""Time and memory of reading transcripts, against `orjson.loads` over the same lines; never fails.

    JOURNAL_TEST_DATA=FOLDER python tests/benchmarks/bench_readers.py [--size 300] [--dir FOLDER]

time against orjson.loads, per format of JSON               goal: at most 5 in large files, 1 ms in those under 50 kB
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

from session_journal.readers import read_transcript, recognise

sys.path.insert(0, str(Path(__file__).parents[1]))
from enlarged import enlarged

import transcripts

FORMATS = ("claude-code", "codex", "copilot", "gemini", "cursor", "chatgpt", "claude-web")
LARGE = 50_000
SIZES = (3, 10)
"""Megabytes of the large files: documents of more than 4 MB are read element by element."""
OTHER = b'{"messages":[],"lastUpdated":"","created":1}'


def parse(pieces: list[bytes]) -> None:
    for piece in pieces:
        try:
            orjson.loads(piece)
        except orjson.JSONDecodeError:
            continue


def read(data: bytes) -> None:
    for _ in read_transcript(io.BytesIO(data), "x"):
        pass


def forget() -> None:
    """Have another file be recognised: what was found in the beginning of one is kept for whoever looks at it next."""
    recognise(OTHER)


def compare(data: bytes, pieces: list[bytes], runs: int = 7) -> tuple[float, float]:
    """Return the least times to read a transcript and to decode it, measured in turn: a machine is not always as fast."""
    own, plain = [], []
    for _ in range(runs):
        forget()
        plain.append(spent(lambda: parse(pieces)))
        own.append(spent(lambda: read(data)))
    return min(own), min(plain)


def spent(function: Callable[[], object]) -> float:
    start = time.process_time()
    function()
    return time.process_time() - start


def is_transcript(path: Path) -> bool:
    """Say whether a file of the folder is one: expected values lie beside the transcripts of Claude Code."""
    return path.suffix == ".jsonl" or (path.suffix == ".json" and not path.with_suffix(".jsonl").exists())


def large(folder: Path, agent: str) -> str:
    """Say how files compare that hold a folder's transcripts again and again."""
    found = []
    for size in SIZES:
        own, plain = compare(*enlarged(folder, agent, size * 1024 * 1024))
        found.append(f"{own / plain:5.1f} with {size} MB")
    return ", ".join(found)


def real(folder: Path) -> str:
    """Say how a folder's transcripts compare as they are."""
    total, worst, small = [0.0, 0.0], (0.0, ""), [0.0]
    for path in sorted(filter(is_transcript, folder.iterdir())):
        data = path.read_bytes()
        pieces = [line for line in data.split(b"\n") if line] if path.suffix == ".jsonl" else [data]
        own, plain = compare(data, pieces, 7 if len(data) > LARGE else 40)
        total = [total[0] + own, total[1] + plain]
        if len(data) > LARGE:
            worst = max(worst, (own / plain, path.name[-40:]))
        else:
            small.append(own)
    above = f"worst over 50 kB {worst[0]:.1f} ({worst[1]})" if worst[1] else "none over 50 kB"
    return f"{total[0] / total[1]:5.1f} for the real files; {above}; a smaller one at most {max(small) * 1e3:.1f} ms"


def ratios(folder: Path) -> None:
    for agent in FORMATS:
        print(f"{agent:12} {large(folder / agent, agent)}; {real(folder / agent)}")


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
