"""What a session holds, whatever a model says of it: who said what in which turn, and what was shown to work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from session_journal.core.events import Session
from session_journal.core.insights.evidence import speaker
from session_journal.core.insights.shell import Check
from session_journal.core.insights.trails import Trail
from session_journal.core.insights.wording import terms
from session_journal.core.records import record
from session_journal.core.signals import Signals, Verdict
from session_journal.core.verbatim import folded

_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_CODE = re.compile(r"`([^`]+)`")
_SHAPED = re.compile(
    r"(?<![\w`])(?:[~.]{0,2}/)?[\w@-]+(?:(?:/|::|\.(?=\w)|_|->|\\)[\w@-]+)+/?|"  # paths, dotted and joined names
    r"(?<![\w`])(?:[a-z]+[A-Z]\w*|[A-Z][a-z0-9]+[A-Z]\w*|[A-Z]{2,}[\w-]*|--[A-Za-z][\w-]*)|"  # fooBar, CAPITALS, --all
    r"(?<=[a-z0-9,;:`)] )[A-Z][a-z]{2,}\w*"  # a name within a sentence
)
# Letters of two alphabets in one word, of which one looks like the other.
_MIXED = re.compile(r"\w*(?:[a-z][\u0370-\u04ff]|[\u0370-\u04ff][a-z])\w*", re.IGNORECASE)
_JOINT = re.compile(r"[/-]")
_EVERYDAY = frozenset({"API", "CI", "CLI", "ID", "OS", "PR", "UI", "URL", "TODO"})
"""Capitals that name nothing in particular."""
_SMALL = frozenset({"the", "and", "to", "of", "is", "that", "it", "for", "with", "this"})
_FEW = 30


@record(frozen=True, slots=True)
class Record:
    """The session as claims are held against it.

    said: folded text by turn and speaker; codes: exit codes by turn; done: it is shown that the work succeeded;
    praise: turns in which the user was pleased; is_english: a statement in English shares words with what it tells;
    acts: what was done with git; declined: files whose edits the user did not allow; terms: content words of it all.
    """

    said: Mapping[tuple[int, str], str]
    codes: Mapping[int, frozenset[int]]
    whole: Haystack
    checks: tuple[Check, ...]
    done: bool
    praise: frozenset[int]
    is_english: bool
    acts: frozenset[str]
    declined: frozenset[str]
    terms: frozenset[str] = frozenset()

    def turn(self, number: int) -> str:
        """Return what was said in a turn, by whomever."""
        return " ".join(text for (at, _), text in self.said.items() if at == number)

    @property
    def has_results(self) -> bool:
        """Tell whether the transcript writes down what tools gave back."""
        return any(who == "tool" for _, who in self.said)


class Haystack:
    """A text in which names and numbers are looked up."""

    __slots__ = ("_numbers", "_text")

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts).casefold()
        self._numbers = frozenset(numbers(self._text))

    def lacks(self, text: str) -> list[str]:
        """Return the numbers, paths and names of a statement that do not stand here."""
        bare = folded(text)
        unknown = [number for number in numbers(bare) if number not in self._numbers]
        return unknown + [name for name in names(bare) if not self._holds(name)]

    def _holds(self, name: str) -> bool:
        """Tell whether a name stands here; of `PAUSE/CONT` and `UUID-based` it is enough that the names in it do."""
        if name in _EVERYDAY or name.casefold() in self._text:
            return True
        parts = _JOINT.split(name)
        if len(parts) == 1 or "." in parts[-1] or name[0] in "/~.-`":
            return False
        return all(
            part in _EVERYDAY or part.casefold() in self._text or (part.islower() and part.isalpha()) for part in parts
        )


def numbers(text: str) -> list[str]:
    """Return the numbers that a text names."""
    return _NUMBER.findall(ungrouped(text))


def ungrouped(text: str) -> str:
    """Return a text whose numbers have no commas: 1000 for 1,000."""
    return _THOUSANDS.sub("", text)


def names(text: str) -> list[str]:
    """Return what a statement calls by name: code, paths, identifiers, capitals within a sentence, mixed letters."""
    code = [span.strip().removesuffix("...").removesuffix("()") for span in _CODE.findall(text)]
    bare = _CODE.sub("`x`", text)
    return [*filter(None, code), *(found.rstrip("/.") for found in _SHAPED.findall(bare)), *_MIXED.findall(bare)]


def make_record(session: Session, found: Signals, verdict: Verdict, trails: Iterable[Trail] = ()) -> Record:
    """Put together what claims about a session are held against; the session is redacted already."""
    said: dict[tuple[int, str], list[str]] = {}
    codes: dict[int, set[int]] = {}
    for event in session.events:
        texts = said.setdefault((event.turn, speaker(event)), [])
        texts += [folded(part) for part in (event.target, event.text) if part]
        if event.exit_code is not None:
            texts.append(f"exit code {event.exit_code}")
            codes.setdefault(event.turn, set()).add(event.exit_code)
    joined = {key: " ".join(texts) for key, texts in said.items()}
    return Record(
        joined,
        {turn: frozenset(some) for turn, some in codes.items()},
        Haystack(joined.values()),
        found.checks,
        verdict.outcome == "done",
        frozenset(found.praise),
        is_english(text[:2_000] for (_, who), text in joined.items() if who != "tool"),
        frozenset(act.kind for act in found.acts),
        frozenset(one.path for one in trails if one.declined and not one.touched),
        frozenset(term for text in joined.values() for term in terms(text)),
    )


def is_english(texts: Iterable[str], one_in: int = 20) -> bool:
    """Tell whether texts are English, of whose words at least one in so many is a small one; few words do not tell."""
    words = [word for text in texts for word in text.lower().split()]
    return len(words) < _FEW or one_in * sum(word in _SMALL for word in words) >= len(words)
