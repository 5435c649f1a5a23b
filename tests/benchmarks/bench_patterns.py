"""Measure `journal patterns` on a journal of 5,000 entries: from nothing, again, and after a week of new entries.

Run it by hand: `python tests/benchmarks/bench_patterns.py [ENTRIES]`. Words are drawn as they are in real text, few of
them often and most of them rarely; every tenth entry makes a point that others make in other words.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

ENTRIES = 5000
A_WEEK = 25
VOCABULARY = 12_000
START = date(2020, 1, 6)
HEADINGS = {
    "Decisions": 1, "Challenges": 2, "Discoveries": 2, "Insights": 2, "Key takeaways": 1, "Action items": 2,
}  # fmt: skip
CONSONANTS, VOWELS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "br", "pl"), "aeiou"
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
THINGS = ("clock", "linter", "scheduler", "proxy", "sandbox", "renderer", "tunnel", "importer")
POINTS = tuple(
    (one.replace("THING", thing), two.replace("THING", thing))
    for thing in THINGS
    for one, two in (
        ("Freeze the THING in `{}.py` tests", "Tests of `{}.py` that compare dates need a frozen THING"),
        ("Run the THING before committing `{}.py`", "Always run the THING before a commit to `{}.py`"),
        ("THING diagnostics are stale after edits of `{}.py`", "Stale THING diagnostics after editing `{}.py`"),
        ("Restart the THING after env changes in `{}.py`", "Env changes need a restart of the THING (`{}.py`)"),
    )
)


class Words:
    """A made-up vocabulary: plain words, and names as code has them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.words = sorted({self._word() for _ in range(VOCABULARY * 2)})
        chance.shuffle(self.words)
        self.words = self.words[:VOCABULARY]
        self.weights = list(accumulate(1 / (rank + 20) for rank in range(len(self.words))))

    def _word(self) -> str:
        parts = self.chance.choices(SYLLABLES, k=self.chance.choice((2, 3, 3, 4)))
        form = self.chance.random()
        if form < 0.08:
            return "".join(part.capitalize() for part in parts)
        return f"`{'_'.join(parts)}.py`" if form < 0.12 else "".join(parts)

    def statement(self) -> str:
        """Return a statement of about a dozen telling words."""
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=self.chance.randrange(6, 18)))


def entry(number: int, words: Words) -> tuple[str, str]:
    """Return an entry's name and text."""
    day = START + timedelta(days=number // 3)
    parts = [
        f"## {heading}\n\n" + "\n".join(f"- {words.statement()} [t{turn}]" for turn in range(1, count + 1))
        for heading, count in HEADINGS.items()
    ]
    if number % 10 == 0:
        point = words.chance.choice(words.chance.choice(POINTS)).format(
            words.chance.choice(words.words[200:]).strip("`").removesuffix(".py")
        )
        parts.append(f"## For next time\n\n- {point}")
    head = f'---\nid: "{number:032x}"\ntitle: "Work {number}"\ndate: {day}\ntype: session\nstatus: final\n'
    rest = f'visibility: self\nproject: p{number % 7}\nsource: "claude-code {number:08x}"\n---\n\n'
    return f"{day}-work-{number}.md", head + rest + "\n\n".join(parts) + "\n"


def write(root: str, numbers: range, words: Words) -> None:
    """Write entries that were last changed an hour ago."""
    folder = Path(root, "journal", "sessions", "2020")
    folder.mkdir(parents=True, exist_ok=True)
    old = time.time() - 3600
    for number in numbers:
        name, text = entry(number, words)
        folder.joinpath(name).write_text(text, encoding="utf-8")
        os.utime(folder / name, (old, old))


def runs(root: str, count: int, words: Words) -> Iterator[tuple[str, str]]:
    """Set up each thing that is measured, and yield what it is; and where the answer stands that has to be the same."""
    write(root, range(count), words)
    yield "from nothing", ""
    yield "again, nothing new", ""
    write(root, range(count, count + A_WEEK), words)
    yield "a week of new entries", "week"
    shutil.rmtree(os.path.join(root, ".git", "journal", "patterns"), ignore_errors=True)
    yield "all of it from nothing", "week"


def seconds(command: list[str], env: dict[str, str]) -> tuple[float, bytes]:
    """Return the processor time that a command takes, and what it prints."""
    before = os.times()
    done = subprocess.run(command, check=True, capture_output=True, env=env)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system, done.stdout


def bare_python(env: dict[str, str]) -> float:
    """Return the processor time of an empty Python process, over many: the clock of one ticks too slowly."""
    return sum(seconds([sys.executable, "-c", "pass"], env)[0] for _ in range(40)) / 40


def main(count: int) -> None:
    """Make the journal, ask for its patterns, print times and ratios to an empty Python process."""
    journal = [sys.executable, "-m", "session_journal"]
    with tempfile.TemporaryDirectory() as folder:
        who = {
            f"GIT_{who}_{what}": "bench@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        env = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": f"{folder}/c", "XDG_STATE_HOME": f"{folder}/s", **who}
        root = f"{folder}/journal"
        subprocess.run([*journal, "init", root], check=True, capture_output=True, env=env)
        bare = bare_python(env)
        answers: dict[str, bytes] = {}
        for what, name in runs(root, count, Words(random.Random(7))):
            taken, answer = seconds([*journal, "--journal", root, "patterns", "--json"], env)
            count = answer.count(b'"statement"')
            print(f"{what:24} {taken:6.2f} s of processor time  {taken / bare:6.0f} x  {count:5} patterns")
            if name and answers.setdefault(name, answer) != answer:
                print("  the answer depends on what was remembered", file=sys.stderr)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)
