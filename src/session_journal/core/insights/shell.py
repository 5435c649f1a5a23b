"""What shell commands did: the checks they ran, the files they changed, what they did with git."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from session_journal.core.events import Event

CheckKind = Literal["test", "lint", "build"]


@dataclass(frozen=True, slots=True)
class Check:
    """A test, lint or build run.

    passed: None where its output does not tell; said: the line that tells; complaints: what it objects to.
    narrow: only some of the tests ran.
    """

    kind: CheckKind
    command: str
    turn: int
    order: int
    passed: bool | None
    said: str = ""
    narrow: bool = False
    complaints: tuple[str, ...] = ()


_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1([^\n]*)\n.*?^\s*\2\s*$", re.DOTALL | re.MULTILINE)
_SPLIT = re.compile(r"\s*(?:&&|\|\||;|\n|(?<!\|)\|(?!\|))\s*")
_TEST = re.compile(
    r"\b(?:pytest|py\.test|tox|nox|jest|vitest|mocha|rspec|phpunit|ctest|bats|playwright test|cypress "
    r"run|go test|gotestsum|cargo (?:test|nextest)|"
    r"(?:npm|pnpm|yarn|bun)(?: run)? test\S*|(?:mise|make|just|task|rake|gradle|gradlew|mvn|dotnet|"
    r"mix|swift|bazel|deno|nx|turbo|lein|sbt|composer)(?: run)? (?:[\w:.-]*test\b\S*|(?:check|verify|ci)\b(?!-)\S*)|"
    r"python3? -m (?:unittest|pytest)|manage\.py test|xcodebuild test)"
)
_LINT = re.compile(
    r"\b(?:golangci-lint|eslint|ruff(?: check)?|flake8|pylint|mypy|pyright|tsc\b(?!.*--build)|clippy|"
    r"rubocop|shellcheck|stylelint|biome|oxlint|go vet|staticcheck|pre-commit run|"
    r"(?:npm|pnpm|yarn|bun)(?: run)? (?:lint|typecheck|type-check)\S*|(?:mise|make|just|task)(?: "
    r"run)? [\w:.-]*(?:lint|typecheck|vet)\S*)"
)
_BUILD = re.compile(
    r"\b(?:go build|cargo (?:build|check)|tsc\b|webpack|vite build|next build|(?:npm|pnpm|yarn|"
    r"bun)(?: run)? build\S*|(?:mise|make|just|task)(?: run)? [\w:.-]*build\S*|"
    r"gradle\w* \w*[bB]uild|mvn (?:compile|package|install)|dotnet build|swift build|xcodebuild|cmake "
    r"--build|docker build)"
)
_NARROW = re.compile(r"\s-(?:run|k|t)\s|--grep|::|-run=|\s--testNamePattern|\s-p\s")
_FAILED = re.compile(
    r"^(?:FAIL\b|--- FAIL|not ok\b)|\b[1-9]\d* (?:failed|failing|failures?|errors?|problems?)\b|"
    r"\bFAILED\b|ERROR task failed|\bBUILD FAILED\b|\bbuild failed\b|"
    r"^error(?:\[E\d+\])?:|\bTests? failed\b|^\d+ issues?:$|test result: FAILED|\berror TS\d+|npm "
    r"ERR!|make: \*\*\*|panic: ",
    re.MULTILINE,
)
_NEVER_RAN = re.compile(
    r"\b(?:unrecogni[sz]ed|unknown|invalid|no such) (?:sub-?)?(?:command|task|script|option|target)\b|"
    r"\bcommand not found\b|\bmissing script\b|\bis not recogni[sz]ed as\b|\bno tasks? (?:named|found)\b",
    re.IGNORECASE,
)
"""What was called does not exist: nothing was checked."""
_PASSED = re.compile(
    r"^ok\s+\S|^\s*[1-9]\d* pass$|^\s*0 fail$|"
    r"\b\d+ passed\b|\b0 (?:failed|failures|errors|issues|problems)\b|test result: ok|^OK\b|"
    r"\bAll checks passed\b|--- PASS|^PASS\b|\bno issues found\b|Success: no issues|"
    r"\bTests:\s+\d+ passed|\b\d+ passing\b|BUILD SUCCESS|Finished `?(?:dev|release|test)|✓ built|"
    r"Build succeeded|Compiled successfully",
    re.MULTILINE | re.IGNORECASE,
)


def segments(command: str) -> list[str]:
    """Return the simple commands of a command line, here-documents left out."""
    return [part.strip() for part in _SPLIT.split(_HEREDOC.sub(r" \3 ", command)) if part.strip()]


def checks(events: tuple[Event, ...]) -> list[Check]:
    """Return every check that was run and finished, in order."""
    results = {event.call: event for event in events if event.kind in {"result", "error"} and event.call}
    marks = any(event.kind == "error" and event.exit_code for event in events)
    found: list[Check] = []
    for order, event in enumerate(events):
        if event.kind == "command" and (event.call in results or event.role == "user"):
            found.extend(_checks_of(event, order, results.get(event.call), marks=marks))
    return found


def _checks_of(event: Event, order: int, result: Event | None, *, marks: bool) -> Iterator[Check]:
    """Yield the checks of a command line. marks: the tool tells a failed command from one that worked."""
    kinds = dict.fromkeys(kind for part in segments(event.target) for kind in _kinds(part))
    if result is not None and _NEVER_RAN.search(result.text[:400]) and not _PASSED.search(result.text):
        return
    for kind in kinds:
        passed, said = _verdict(event.target, kind, result, marks=marks)
        complaints = _complaints(result.text, kind) if result and passed is False else ()
        turn, narrow = result.turn if result else event.turn, bool(_NARROW.search(event.target))
        yield Check(kind, _check_name(event.target, kind), turn, order, passed, said, narrow, complaints)


def _kinds(part: str) -> Iterator[CheckKind]:
    if re.match(r"(?:echo|grep|rg|cat|git|gh|ls|which|sed|awk|head|tail|find)\b", part):
        return
    if _TEST.search(part):
        yield "test"
    elif _LINT.search(part):
        yield "lint"
    elif _BUILD.search(part):
        yield "build"


def _check_name(command: str, kind: CheckKind) -> str:
    """Return the part of the command line that ran the check, without its output's plumbing."""
    named = [part for part in segments(command) if kind in _kinds(part)]
    bare = re.sub(r"\s*(?:\d?>&?\d?\S*)|^(?:\w+=\S+\s+)+", "", named[-1]).strip() if named else ""
    return bare or command


def _verdict(command: str, kind: CheckKind, result: Event | None, *, marks: bool) -> tuple[bool | None, str]:
    """Return whether a check passed, from its exit code and its output, and the line that says so."""
    if result is None:
        return None, ""
    text = re.sub(r"^.*DeprecationWarning.*$", "", result.text, flags=re.MULTILINE)
    failed = _FAILED.search(text)
    if result.exit_code not in {0, None} or failed:
        return False, _line(text, failed)
    if result.kind == "error" and result.exit_code is None:
        return None, ""  # refused, or stopped
    passed = _PASSED.search(text)
    piped = bool(re.search(r"\|\s*(?:tail|head|grep|tee|sed|awk|cat|wc)|\|\|\s*true|;\s*(?:echo|true)\b", command))
    if passed:
        return True, _line(text, passed)
    if kind in {"build", "lint"} and not text.strip():
        return True, ""
    worked = result.exit_code == 0 or (marks and result.kind == "result" and result.exit_code is None)
    return (True, _line(text, None)) if worked and not piped else (None, "")


_COMPLAINT = re.compile(
    r"^\s*(?:\x1b\[\d+m)*(?:[\w./\\-]+\.\w{1,5}[:(]\d+(?:[:,]\d+)?\)?:?\s*(?:-\s*)?(?:error|"
    r"warning)?:?\s*(?P<lint>\S.{8,})|--- FAIL: (?P<go>\S+)(?: \([\d.]+s\))?|FAILED (?P<py>\S+)|"
    r"(?:✕|✗|×|●)\s+(?P<js>\S.{3,})|E\s{2,}(?P<assert>\w*Error\b.*)|error(?:\[E\d+\])?: "
    r"(?P<rust>.{8,})|test (?P<cargo>\S+) \.\.\. FAILED)\s*$",
    re.MULTILINE,
)


def _complaints(text: str, kind: CheckKind) -> tuple[str, ...]:
    """Return the first things that a failed check objects to: a linter's messages, the names of failed tests."""
    matches = [match for match in _COMPLAINT.finditer(text) if not (kind == "test" and match.group("lint"))]
    found = [next(group for group in match.groups() if group).strip() for match in matches]
    return tuple(dict.fromkeys(one if one.count("`") % 2 == 0 else one.replace("`", "") for one in found))[:3]


def _line(text: str, found: re.Match[str] | None) -> str:
    if found is None:
        lines = [line for line in text.splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""
    start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
    return text[start : end if end >= 0 else len(text)].strip()
