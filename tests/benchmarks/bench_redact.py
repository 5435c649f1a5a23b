"""Measure how fast text is redacted of secrets and personal data, in MB/s and against zlib.crc32 of the same bytes.

Run it by hand: `python tests/benchmarks/bench_redact.py [FILE...]`. Without files, the transcripts of JOURNAL_TEST_DATA
are measured, as they lie there and as the texts that were read from them; where those are not, a made-up log is.
Then hostile texts, whose time has to grow with their length alone.
"""

from __future__ import annotations

import os
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from session_journal.core.hiding import redact_session
from session_journal.core.personal_rules import PERSONAL
from session_journal.core.redact import Redactor, redact
from session_journal.core.secret_rules import RULES
from session_journal.readers import read_transcript

RUNS = 5
LINE = (
    "2026-11-20T09:14:07.133Z INFO worker-7 fetched 0a76fbfe-d767-433e-b4b1-a39e044f21e8 in src/app/fetch.py: 200 OK\n"
)


def timed(work: Callable[[], object]) -> float:
    """Return the best time of some runs, in seconds of this process: what else the machine does only adds to it."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def report(name: str, text: str, work: Callable[[], object]) -> None:
    """Print one line of figures."""
    data = text.encode("utf-8", "surrogatepass")
    crc = timed(lambda: zlib.crc32(data))
    took = timed(work)
    print(
        f"{name:<34} {len(data) / 1e6:8.2f} MB  {len(data) / 1e6 / took:7.1f} MB/s  {took / max(crc, 1e-9):8.0f} x crc32"
    )


def main() -> None:
    """Measure real or made-up texts, then hostile ones."""
    folder = Path(os.environ.get("JOURNAL_TEST_DATA", "")) / "claude-code"
    files = [Path(name) for name in sys.argv[1:]] or sorted(folder.glob("*.jsonl"))
    raws = [path.read_text(encoding="utf-8", errors="replace") for path in files] or [LINE * 40_000]
    raw = "".join(raws)
    redactor = Redactor(b"k" * 32)
    report("raw, as one text", raw, lambda: redactor.redact(raw))
    report("raw, as one text: secrets only", raw, lambda: redact(raw))
    report("raw, each file", raw, lambda: [redactor.redact(one) for one in raws])
    sessions = []
    for path in files:
        with path.open("rb") as stream:
            sessions += list(read_transcript(stream, path.name))
    texts = [text for one in sessions for event in one.events for text in (event.text, event.target) if text]
    if texts:
        whole = "\n".join(texts)
        report("sessions, as drafting does it", whole, lambda: [redact_session(one, redactor) for one in sessions])
        report("sessions' texts: secrets only", whole, lambda: redact(whole))
        report("each text by itself", whole, lambda: [redactor.redact(text) for text in texts])
        report("each text: secrets only", whole, lambda: [redact(text) for text in texts])
    for rule in (*RULES, *PERSONAL):
        hostile(rule.kind, "".join(rule.keywords[:1]), rule.example)


def hostile(kind: str, keyword: str, example: str) -> None:
    """Print what a text takes that is made to look like a match for long, and four times as much of it."""
    redactor = Redactor()
    start = keyword or example[:3]
    for seed in (start, f"{start}\u200b", example[: len(example) // 2], f"{start}{'a1B' * 40} = "):
        short, long = (seed * (size // len(seed) + 1) for size in (50_000, 200_000))
        times = [timed(lambda text=text: redactor.redact(text)) for text in (short, long)]  # type: ignore[misc]
        if (times[1] > 6 * times[0] and times[1] > 0.1) or times[1] > 1:
            print(f"slow: {kind}: {seed[:40]!r}: {times[0]:.3f} s, four times as much {times[1]:.3f} s")


if __name__ == "__main__":
    main()
