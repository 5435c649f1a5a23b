"""The fixed words in which an entry says how a session went: one table that writes them and reads them back.

The transcript is gone when `reflect` looks back, so an entry's own lines are all that it has. docs/signals.md
defines each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal

from session_journal.core import lazy_re as re
from session_journal.core.records import record

Sort = Literal["practice", "well", "improve", "ending"]


@record(frozen=True, slots=True)
class Observation:
    """One thing that can be said of how a session went.

    sort: a practice is what the people did, apart from how it ended. words: with `{n}` for a number and `{name}` for
    what it is about. label: the same without numbers, for what is said of many sessions. advice: what to do next time.
    """

    key: str
    sort: Sort
    words: str
    label: str = ""
    advice: str = ""

    @property
    def said(self) -> str:
        """Return the words for many sessions."""
        return self.label or self.words


BEFORE = " before the first edit"
NEXT = "; next time, "
_CLAUSES = re.compile(r"; (?=[^`]*(?:`[^`]*`[^`]*)*$)")
"""Between clauses, but not within a command line."""

TABLE: tuple[Observation, ...] = (
    Observation("plan-first", "practice", "plan made" + BEFORE, "a plan was made before the first edit",
        "have a plan made before the first edit"),
    Observation("read-first", "practice", "{n} files read" + BEFORE, "several files were read before the first edit",
        "have the files concerned read before the first edit"),
    Observation("asked-first", "practice", "{n} questions settled" + BEFORE,
        "questions were settled before the first edit", "settle open questions before the first edit"),
    Observation("check-named", "practice", "check named in the first request", "",
        "say in the first request how the result will be checked"),
    Observation("plan-done", "well", "all {n} steps of the todo list were done",
        "all steps of the todo list were done"),
    Observation("first-pass", "well", "every check passed the first time"),
    Observation("accepted", "well", "the user accepted the result"),
    Observation("smooth", "well", "no correction was needed over {n} prompts", "no correction was needed"),
    Observation("uncorrected", "well", "no correction by the user", "no correction was needed"),
    Observation("corrected-once", "ending", "one correction by the user", "one correction was needed"),
    Observation("corrected", "improve", "{n} corrections by the user", "the course had to be corrected repeatedly",
        "state constraints and conventions up front"),
    Observation("interrupted", "improve", "{n} interruptions", "the user had to interrupt",
        "agree on a short plan first"),
    Observation("interrupted-once", "ending", "one interruption"),
    Observation("looped-passed", "improve", "`{name}` failed {n} times before it passed",
        "one command failed again and again", "ask for the cause after the second failure"),
    Observation("looped-failed", "improve", "`{name}` failed {n} times and did not pass",
        "one command failed again and again", "ask for the cause after the second failure"),
    Observation("looped-left", "improve", "`{name}` failed {n} times", "one command failed again and again",
        "ask for the cause after the second failure"),
    Observation("looped", "improve", "one command failed again and again", "",
        "ask for the cause after the second failure"),
    Observation("claimed", "improve", "success was claimed without a check", "",
        "ask for a check's result along with the claim"),
    Observation("left-failing", "improve", "a check was left failing", "",
        "end on a passing check, or note what is missing"),
    Observation("no-check", "improve", "no check ran after the last edit", "", "name the check that has to pass"),
    Observation("undone", "improve", "edits were put back", "", "agree on the approach before the first edit"),
    Observation("undone-files", "improve", "changed and put back: {name}", "edits were put back"),
    Observation("blind", "improve", "first edit before anything was read", "files were edited before any was read",
        "have the files concerned read first"),
    Observation("vague", "improve", "the first request named no goal", "",
        "open with what is wanted and how it will be checked"),
    Observation("elsewhere", "improve", "{n} requests turned to something else",
        "requests turned to something else", "open a new session for a new subject"),
    Observation("elsewhere-once", "improve", "a later request turned to something else",
        "requests turned to something else", "open a new session for a new subject"),
    Observation("compacted", "improve", "summarised {n} times for length",
        "the conversation outgrew its room", "end at a natural point and go on in a new session"),
    Observation("passed", "ending", "checks passed after the last edit"),
    Observation("passed-code", "ending", "checks passed after the last change of code"),
    Observation("committed", "ending", "the change was committed"),
    Observation("failed-test", "ending", "the last test run failed"),
    Observation("failed-lint", "ending", "the last lint run failed"),
    Observation("failed-build", "ending", "the last build run failed"),
    Observation("failed-ci", "ending", "the pipeline failed on what was pushed"),
    Observation("passed-ci", "ending", "the pipeline passed on what was pushed"),
    Observation("stopped", "ending", "it was interrupted at the end"),
    Observation("half-checked", "ending", "only a build or lint run passed after the last edit"),
    Observation("untold", "ending", "a check ran after the last edit, and its result is not told"),
    Observation("no-results", "ending", "the transcript records no results"),
    Observation("asking", "ending", "it ended with a question to the user"),
    Observation("answered", "ending", "it was answered, and nobody said whether that helped"),
    Observation("welcomed", "ending", "it was answered, and the user had welcomed an answer before it"),
    Observation("reverted", "ending", "all that was changed was put back"),
    Observation("taken-back", "ending", "the last edit was put back, and none was made after it"),
    Observation("declined", "ending", "the last edit was declined, and none was made after it"),
    Observation("not-done", "ending", "nothing was done after the last request"),
    Observation("objected", "ending", "nothing was done after the user's last objection"),
    Observation("steps-left", "ending", "planned steps were left open"),
    Observation("unshown", "ending", "nothing shows that it was checked or accepted"),
)  # fmt: skip

BY_KEY = {one.key: one for one in TABLE}
ANSWERED = frozenset({"answered", "welcomed"})
"""The keys of what is said of a session that was to find something out, and ended with what was found."""

RATED = frozenset({
    "corrected", "corrected-once", "uncorrected", "smooth", "interrupted", "interrupted-once", "looped",
    "looped-passed", "looped-failed", "looped-left", "left-failing", "claimed", "no-check", "accepted", "first-pass",
})  # fmt: skip
"""What the effectiveness is made of, or comes with it: to say that well-rated sessions had it says nothing."""


@record(frozen=True, slots=True)
class Read:
    """An observation as it was read from an entry: its number (0 where it has none)."""

    key: str
    number: int = 0

    @property
    def observation(self) -> Observation:
        """Return its row of the table."""
        return BY_KEY[self.key]


def words(key: str, n: int = 0, name: str = "") -> str:
    """Return the words of an observation."""
    return BY_KEY[key].words.format(n=n, name=name)


def practices(found: list[tuple[str, int]]) -> str:
    """Return practices, as (key, number), in one phrase: `plan made, 6 files read before the first edit`."""
    phrases = [words(key, n) for key, n in found]
    early = [phrase.removesuffix(BEFORE) for phrase in phrases if phrase.endswith(BEFORE)]
    rest = [phrase for phrase in phrases if not phrase.endswith(BEFORE)]
    return "; ".join([*([", ".join(early) + BEFORE] if early else []), *rest])


def read(text: str) -> Iterator[Read]:
    """Yield the observations that a line of an entry makes; nothing for words that are not the table's."""
    return (found for found, _ in read_clauses(text))


def read_clauses(text: str) -> Iterator[tuple[Read, str]]:
    """Yield the same, each with the words that make it."""
    told = text.strip().rstrip(".").partition(NEXT)[0]
    for clause in _CLAUSES.split(told):
        parts = clause.removesuffix(BEFORE).split(", ") if clause.endswith(BEFORE) else []
        for part in [f"{part}{BEFORE}" for part in parts] or [clause]:
            match = _match(part)
            if match is not None:
                yield match, part


def _match(phrase: str) -> Read | None:
    for key, pattern in _patterns():
        found = pattern.fullmatch(phrase)
        if found:
            return Read(key, int(found.groupdict().get("n") or 0))
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    made = []
    for one in TABLE:
        text = re.escape(one.words).replace(r"\{n\}", r"(?P<n>\d{1,6})").replace(r"\{name\}", ".+")
        made.append((one.key, re.compile(text, re.IGNORECASE)))
    return tuple(made)
