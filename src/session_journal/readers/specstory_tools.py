"""The tools of a SpecStory file: what each call did, by what SpecStory writes about it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from session_journal.core.records import record
from session_journal.core.text import cut, fold
from session_journal.readers.calls import Call, describe, diff
from session_journal.readers.fences import Fence
from session_journal.readers.specstory_parts import Use

_OPEN, _CLOSE = "<summary>", "</summary>"
_NAMING = 4_000
"""How much of a text is looked through for the path, the query or the question that it names."""
_CODE = re.compile(r"(`{1,3})([^`].*?)\1(?!`)")
_COMMAND_LINE = re.compile(r"^ ?`(.+)`$", re.MULTILINE)
_INPUT = re.compile(r"- (\w+): `(.*)`\s*")
_LONG_INPUT = re.compile(r"- (\w+):\s*")
_LABEL = re.compile(r"\*\*(?:Input|Result|Error):\*\*\s*")
_SAID_PATH = re.compile(
    r"(?:The file|File created successfully at:|Successfully (?:wrote|edited|created)(?: to)?) (\S+)"
)
_PATCHED = re.compile(r"\*\*(?:Add|Update|Modify|Delete): `([^`\n]+)`\*\*")
_STEP = re.compile(r"\s*[-*] \[(.)\] (?:[^\w\s`'\"(\[]+ )?(.+)")
_ANSWER = re.compile(r"\*\*Answer:\*\* (.*)", re.DOTALL)
_AFTER_ANSWER = re.compile(r'"\.\s+(?:Read the answers|You can now)\b.*', re.DOTALL)
_QUESTION = re.compile(r"\*\*(.+?)\*\*(?: _\(select multiple\)_)?\s*$", re.MULTILINE)
_EXIT = re.compile(r"^(?:Exit code:?|Process exited with code) (-?\d+)", re.MULTILINE)
_EXIT_FIELD = re.compile(r'"exit_code": ?(-?\d+)')
_SHELLS = frozenset({"bash", "sh", "shell", "zsh", "powershell", "console", "cmd"})
_COMMANDS = frozenset({"shell", "bash", "exec_command", "shell_command", "run_terminal_cmd", "local_shell"})


@record(frozen=True, slots=True)
class Used:
    """What a use of a tool says. calls: kind, target and text of each; output: what it gave back, None where nothing
    is written; answer: what the user answered to a question that the tool put.
    """

    calls: tuple[Call, ...]
    output: str | None
    failed: bool
    exit_code: int | None = None
    answer: str = ""


@record(frozen=True, slots=True)
class _Body:
    """What stands in a tool's details: its summary, its lines outside of code, its code with each one's language."""

    summary: str
    text: str
    code: tuple[tuple[str, str], ...]
    inputs: dict[str, str]
    failed: bool


def read_use(use: Use) -> Used:
    """Return what a use of a tool says."""
    body = _body(use)
    kind = "shell" if use.name in _COMMANDS else use.kind or _kind_of(body.summary)
    known = _KINDS.get(kind)
    calls, code = known(use, body) if known else _other(use, body)
    if not any(target for _, target, _ in calls):
        calls, code = _other(use, body)
    output = "\n".join(text for _, text in code) if code else None
    exit_code = _exit_code(output or "") if calls[0][0] == "command" else None
    failed = body.failed or bool(exit_code) or (output or "").lstrip().startswith("<tool_use_error>")
    return Used(tuple(calls), output, failed, exit_code, _answer(body.text) if kind == "generic" else "")


def _body(use: Use) -> _Body:
    before, _, rest = "\n".join(use.lines).partition(_OPEN)
    summary, closed, after = rest.partition(_CLOSE)
    lines = (f"{before}{after}" if closed else f"{before}{rest}").split("\n")
    fence, text, code, inputs, waiting = Fence(), [], [], {}, ""
    block: list[str] | None = None
    for line in lines:
        was = fence.open
        inside = fence.take(line)
        if inside and not was and fence.open:
            block = []
            code.append((line.strip().lstrip("`~").strip(), block))
        elif was and fence.open and block is not None:
            block.append(line)
        elif not inside and line.strip() not in {"<details>", "</details>", "</tool-use>", "</details></tool-use>"}:
            text.append(line)
        short, long = (_INPUT.fullmatch(line), _LONG_INPUT.fullmatch(line)) if not inside else (None, None)
        if short:
            inputs[short.group(1)] = short.group(2)
        elif long:
            waiting = long.group(1)
        elif was and not fence.open and waiting and code:
            inputs[waiting] = "\n".join(code.pop()[1])
            waiting = ""
    plain: Callable[[str], str] = html.unescape if use.escaped else str
    return _Body(
        plain(re.sub(r"</?b>", "", summary[:_NAMING])).strip() if closed else "",
        plain("\n".join(text)).strip("\n"),
        tuple((info, plain("\n".join(lines))) for info, lines in code),
        inputs,
        "**Error:**" in text,
    )


Parts = tuple[list[Call], list[tuple[str, str]]]
"""The calls, and the code that is their output."""


def _other(use: Use, body: _Body) -> Parts:
    """Return the call of any other tool, by its own inputs where they are written out."""
    if body.inputs:
        return [describe(use.name, body.inputs)], list(body.code)
    words = [line.strip() for line in body.text.split("\n") if line.strip() and not _LABEL.fullmatch(line)]
    detail = body.summary.partition("•")[2].strip()
    text = "\n".join([*([detail] if detail else []), *words])
    return [("tool", use.name, cut(fold(cut(text, 2_000)), 400))], list(body.code)


def _shell(use: Use, body: _Body) -> Parts:
    if body.inputs:
        return _other(use, body)
    code = list(body.code)
    line = _COMMAND_LINE.search(body.text)
    short = body.summary.partition("Run command:")[2].strip() or "".join(_COMMAND_LINE.findall(body.summary)[:1])
    command = line.group(1) if line else ""
    if not command and code and (code[0][0] in _SHELLS or code[0][1].strip() == short):
        command = code.pop(0)[1].strip()
    said = body.text[: line.start()] if line else body.text
    return [("command", command or short, said.strip())], code


def _write(use: Use, body: _Body) -> Parts:
    """Return an edit for each file: by a diff, by the whole new text, or by what the tool said about it alone."""
    if body.inputs:
        return _other(use, body)
    diffs = [text for info, text in body.code if info == "diff"]
    rest = [(info, text) for info, text in body.code if info != "diff"]
    patched = _PATCHED.findall(body.text)
    if patched:
        texts = iter(diffs)
        return [("edit", path, _unified(next(texts, ""))) for path in patched], rest
    content = ""
    if not diffs and rest and not _SAID_PATH.search(rest[0][1]) and (len(rest) > 1 or rest[0][0] not in {"", "text"}):
        content = diff("", rest.pop(0)[1])
    said = next((found.group(1) for _, text in rest if (found := _SAID_PATH.search(text))), "")
    path = _path(body) or said.rstrip(".,:")
    return [("edit", path, "\n".join(map(_unified, diffs)) or content)], rest


def _read(use: Use, body: _Body) -> Parts:
    if body.inputs:
        return _other(use, body)
    return [("read", _path(body), "")], list(body.code)


def _search(use: Use, body: _Body) -> Parts:
    if body.inputs:
        return _other(use, body)
    text = f"{body.summary.partition('•')[2] or _bare(body.summary)} {body.text[:_NAMING]}"
    named = dict(re.findall(r"\b(path|pattern|include|query|url) `([^`]+)`", text))
    quoted = re.search(r'"([^"]+)"', text)
    code = _CODE.search(text)
    target = named.get("pattern") or (quoted.group(1) if quoted else "") or named.get("path") or ""
    table = [("", body.text)] if body.summary and not body.code and not named and body.text.strip() else []
    return [("search", target or (code.group(2) if code else ""), named.get("path", ""))], [*body.code, *table]


def _task(use: Use, body: _Body) -> Parts:
    steps = [
        ("[x] " if found.group(1) in "xX" else "") + found.group(2).strip()
        for line in body.text.split("\n")
        if (found := _STEP.fullmatch(line))
    ]
    return ([("plan", "todo", "\n".join(steps))], list(body.code)) if steps else _other(use, body)


_KINDS: dict[str, Callable[[Use, _Body], Parts]] = {
    "shell": _shell,
    "write": _write,
    "read": _read,
    "search": _search,
    "task": _task,
}


def _kind_of(summary: str) -> str:
    """Return the kind of a tool in files that do not name it, by how SpecStory sums it up."""
    words = {"Run command": "shell", "Edit file": "write", "Read file": "read", "Grep": "search", "Search": "search"}
    return next((kind for word, kind in words.items() if f"• {word}" in summary), "")


def _path(body: _Body) -> str:
    """Return the path that the summary or the text names."""
    named = re.search(r"(?:Edit|Read|Create|Write|Delete)(?: file)?: (\S.*?)\s*(?:•|$)", body.summary)
    code = _CODE.search(_bare(body.summary)) or _CODE.search(body.text[:_NAMING])
    path = named.group(1) if named else code.group(2) if code else ""
    return path.strip("`")


def _bare(summary: str) -> str:
    return re.sub(r"^Tool use: \*\*[^*]*\*\*", "", summary)


def _unified(text: str) -> str:
    """Return the changed lines of a diff as `- old` and `+ new`."""
    lines = [line for line in text.split("\n") if line.startswith(("-", "+")) and not line.startswith(("--- ", "+++ "))]
    indent = 2 if all(line[1:2] in {"", " "} for line in lines) else 1
    return "\n".join(f"{line[0]} {line[indent:]}" for line in lines)


def _exit_code(output: str) -> int | None:
    found = _EXIT.search(output[:400]) or _EXIT_FIELD.search(output[-400:])
    return int(found.group(1)) if found and len(found.group(1)) < 12 else None


def _answer(text: str) -> str:
    """Return the user's answer with the question, "" where the tool asked nothing."""
    found = _ANSWER.search(text)
    if found is None:
        return ""
    question = _QUESTION.search(text[: min(found.start(), _NAMING)])
    said = _AFTER_ANSWER.sub("", found.group(1)).strip()
    return f"{question.group(1)} → {said}" if question and said else said
