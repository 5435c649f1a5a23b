"""What shell commands did: the checks they ran, the files they changed, what they did with git."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, answers
from session_journal.core.insights.places import HERE, Place, Places
from session_journal.core.records import record

CheckKind = Literal["test", "lint", "build"]


@record(frozen=True, slots=True)
class Check:
    """A test, lint or build run.

    passed: None where its output does not tell; said: the line that tells; complaints: what it objects to.
    narrow: only some of the tests ran. hook: git ran it before it did what `command` says. place: the files it ran on.
    ran: it was not refused or stopped.
    """

    kind: CheckKind
    command: str
    turn: int
    order: int
    passed: bool | None
    said: str = ""
    narrow: bool = False
    complaints: tuple[str, ...] = ()
    hook: bool = False
    place: Place = HERE
    ran: bool = True


_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_QUOTED = r"'[^']*'|\"(?:\\.|[^\"\\])*\""
_TOKEN = re.compile(
    rf"(?P<comment>(?<![^\s;&|])\#[^\n]*)|{_QUOTED}|\\.|(?P<end>&&|\|\||[;\n|])|[^'\"\\&|;\n\#]+|.", re.DOTALL
)
_INNER = re.compile(rf"(?:\w+=\S+\s+)*(?:\S*/)?(?:ba|z|da)?sh(?:\s+-\w+)*\s+-\w*c\s+({_QUOTED})", re.DOTALL)
"""A shell that is handed a command line in quotation marks."""
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
    """Return the simple commands of a command line; here-documents and comments are left out, quotations kept whole."""
    return list(_segments(command))


@lru_cache(maxsize=8192)
def _segments(command: str) -> tuple[str, ...]:
    parts = [""]
    for token in _TOKEN.finditer(_without_documents(command)):
        if token.group("end"):
            parts.append("")
        elif not token.group("comment"):
            parts[-1] += token.group()
    found: list[str] = []
    for part in filter(None, (part.strip() for part in parts)):
        inner = _INNER.match(part)
        found += _segments(inner.group(1)[1:-1]) if inner else [part]
    return tuple(found)


def _without_documents(command: str) -> str:
    """Return a command line without its here-documents: what stands between `<<EOF` and the line `EOF`."""
    lines = command.split("\n")
    last = {line.strip(): place for place, line in enumerate(lines)}
    kept: list[str] = []
    within = ""
    for place, line in enumerate(lines):
        if within:
            within = "" if line.strip() == within else within
            continue
        opened = _HEREDOC.search(line)
        if opened and last.get(opened.group(2), -1) > place:
            within = opened.group(2)
        kept.append(f"{line[: opened.start()].rstrip()} {line[opened.end() :].lstrip()}" if opened and within else line)
    return "\n".join(kept)


_WRAPPER = re.compile(
    r"(?:\w+=(?:\S+|'[^']*'|\"[^\"]*\")\s+|(?:rtk(?:\s+proxy)?|command|exec|env|time|nohup|sudo|timeout\s+\S+)\s+|"
    r"(?:mise\s+(?:x|exec)|(?:doppler|op|infisical)\s+run)\b[^|;&'\"]*?\s--\s+|direnv\s+exec\s+\S+\s+)+"
)


def unwrapped(part: str) -> str:
    """Return a simple command without the assignments and the programs in front that only run it."""
    return _WRAPPER.sub("", part, count=1) if _WRAPPER.match(part) else part


def without_quotations(part: str) -> str:
    """Return a simple command without what stands in quotation marks, but for the name that output is sent to."""
    return re.sub(rf"(?<!>)(?<!>\s)(?:{_QUOTED})", "''", part)


@lru_cache(maxsize=1)
def checks(events: tuple[Event, ...], cwd: str = "", branch: str = "") -> tuple[Check, ...]:
    """Return every check that was run and finished, in order. cwd, branch: where the session began."""
    results = answers(events)
    marks = any(event.kind == "error" and event.exit_code for event in events)
    places = Places(cwd, branch)
    found: list[Check] = []
    for order, event in enumerate(events):
        if event.kind == "command" and (event.call in results or event.role == "user"):
            result, parts = results.get(event.call), segments(event.target)
            ran = list(zip(parts, places.follow(event, result, parts), strict=True))
            found.extend(_checks_of(event, order, result, ran, marks=marks))
            found.extend(_hooked(order, result, ran))
    return tuple(found)


def place_at(events: Sequence[Event], order: int, cwd: str, branch: str) -> Place:
    """Return the state of the session's own working tree at a place among its events."""
    results = answers(events)
    places = Places(cwd, branch)
    for event in events[:order]:
        if event.kind == "command":
            places.follow(event, results.get(event.call), segments(event.target))
    return places.here()


_HOOKING = re.compile(r"git\s+(?:-[cC]\s+\S+\s+)*(commit|push|merge)\b(?!.*--no-verify)", re.DOTALL)
_LANDED = re.compile(r"^\[[^\]\n]*\s[0-9a-f]{7,40}\]|^To \S+$", re.MULTILINE)
_ECHOED = re.compile(r"^(?:\$|>|❯|┃\s+) ?(\S[^\n]*)$", re.MULTILINE)
"""How a hook's script shows what it runs."""
_TALLY = re.compile(r"^[ \t]*[1-9]\d* pass(?:ed|ing)?\b|\b[1-9]\d* passed\b|^ok\s+\S+\s+[\d.]+s", re.MULTILINE)


_Ran = Sequence[tuple[str, Place]]
"""The simple commands of a command line, each with where it ran."""


def _hooked(order: int, result: Event | None, ran: _Ran) -> Iterator[Check]:
    """Yield the checks that a hook of git ran; one that fails keeps the commit or the push from being made."""
    verbs = ((found, place) for part, place in ran if (found := _HOOKING.match(unwrapped(part))))
    verb, place = next(verbs, (None, HERE))
    if verb is None or result is None:
        return
    landed = _LANDED.search(result.text)
    shown = result.text[: landed.start()] if landed else result.text
    kinds = _hook_kinds(shown)
    for kind in kinds:
        passed = True if landed and result.kind == "result" else kinds[kind]
        if passed is not None:
            said = _TALLY.search(shown) if kind == "test" and passed else None if passed else _FAILED.search(shown)
            command = f"git {verb.group(1)} (hook)"
            yield Check(kind, command, result.turn, order, passed, _line(shown, said), hook=True, place=place)


def _named_hooks(shown: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the state of each line of the pre-commit framework: `ruff.......Passed`."""
    for line in shown.splitlines():
        name, dots, _ = line.partition("...")
        if dots and name and line.endswith(("Passed", "Failed")):
            yield name, line[-6:]


def _hook_kinds(shown: str) -> dict[CheckKind, bool | None]:
    """Return the kinds of checks in a hook's output, and False for the one that it ended with as failed."""
    found: dict[CheckKind, bool | None] = {}
    for name, state in _named_hooks(shown):
        kind: CheckKind = next(_kinds(name), "test" if re.search(r"\btests?\b", name, re.IGNORECASE) else "lint")
        found[kind] = False if state == "Failed" or found.get(kind) is False else None
    for echoed in _ECHOED.findall(shown):
        found.update(dict.fromkeys(_kinds(echoed)))
    if _TALLY.search(shown):
        found.setdefault("test", None)
    if found and _FAILED.search(shown) and False not in found.values():
        found[list(found)[-1]] = False
    return found


def _checks_of(event: Event, order: int, result: Event | None, parts: _Ran, *, marks: bool) -> Iterator[Check]:
    """Yield the checks of a command line. marks: the tool tells a failed command from one that worked."""
    kinds = {kind: place for part, place in parts for kind in _kinds(part)}
    if result is not None and _NEVER_RAN.search(result.text[:400]) and not _PASSED.search(result.text):
        return
    for kind, place in kinds.items():
        passed, said = _verdict(event.target, kind, result, marks=marks)
        complaints = _complaints(result.text, kind) if result and passed is False else ()
        turn, narrow = result.turn if result else event.turn, bool(_NARROW.search(event.target))
        name = _check_name(event.target, kind)
        ran = result is not None and not (passed is None and result.kind == "error" and result.exit_code is None)
        yield Check(kind, name, turn, order, passed, said, narrow, complaints, place=place, ran=ran)


def _kinds(part: str) -> Iterator[CheckKind]:
    part = unwrapped(part)
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
    echoed = _told_by_echo(command, text)
    if result.exit_code not in {0, None} or failed or echoed is False:
        return False, _line(text, failed)
    if result.kind == "error" and result.exit_code is None:
        return None, ""  # refused, or stopped
    passed = _PASSED.search(text)
    piped = bool(re.search(r"\|\s*(?:tail|head|grep|tee|sed|awk|cat|wc)|\|\|\s*true|;\s*(?:echo|true)\b", command))
    if passed or echoed:
        return True, _line(text, passed)
    if kind in {"build", "lint"} and not text.strip():
        return True, ""
    worked = result.exit_code == 0 or (marks and result.kind == "result" and result.exit_code is None)
    return (True, _line(text, None)) if worked and not piped else (None, "")


_ECHO = re.compile(
    r"(?P<before>[^|;]+?)\s*(?:&&\s*echo\s+(?P<quote>[\"']?)(?P<mark>[^\"'|;&$`\n]+)(?P=quote)|"
    r";\s*echo\s+\"?(?P<name>[^\"$|;&\n]*)\$\?\"?)\s*"
)
"""A command line that says at its end itself whether it worked, where no pipe hides how its last command ended."""


def _told_by_echo(command: str, text: str) -> bool | None:
    """Return whether a command line's last words say that what stands before them worked, None without such."""
    found, last = _ECHO.fullmatch(re.sub(r"\d?>&\d", "", command)), _line(text, None)
    if found is None or not last:
        return None
    if found["mark"]:
        return True if last == found["mark"].strip() else None
    code = last.removeprefix(found["name"].strip()).strip()
    return code == "0" if last.startswith(found["name"].strip()) and code.isdigit() else None


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
