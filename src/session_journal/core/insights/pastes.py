"""What a user typed and what they pasted along with it: logs, traces, diffs, code and pictures are not their words."""

from __future__ import annotations

from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.insights.languages import is_english, units
from session_journal.core.text import one_line, shorten

_PICTURE = re.compile(
    r"\[(?:Image|Pasted text|Attachment|File|Screenshot)\s*(?:#\d|:)[^\]\n]{0,80}\]\s?|<image\b[^>]*>", re.IGNORECASE
)
_ATTACHED = re.compile(
    r"^\s*[\"'`]?(?:file://|~?/|[A-Za-z]:[\\/])[^\n]*\.(?:png|jpe?g|gif|webp|heic|pdf|mov|mp4|txt|log)[\"'`]?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_MARKED = re.compile(r"<pasted_content\b[^>]*>\n?(.*?)(?:</pasted_content\b[^>]*>|\Z)", re.DOTALL)
_FENCED = re.compile(r"^[^\S\n]*(```|~~~).*?^[^\S\n]*\1[^\n]*$", re.DOTALL | re.MULTILINE)
_PRINTED = re.compile(
    r"""^\s*(?:
      Traceback\ \(most\ recent | File\ "[^"]+",\ line\ \d+ | at\ [\w.$<>]+\ ?\( | at\ \S+:\d+ | Caused\ by:
    | E\s{2,}\S | >\s{4,}\S | (?:[\w.]+\.)?\w*(?:Error|Exception)\b(?:\ \[|:) | FAILED\b | ---\ FAIL | panic: | fatal:
    | npm\ (?:ERR|error) | Process\ exited | (?:error|warning)(?:\[\w+\])?:\s | make(?:\[\d+\])?:\s
    | \[?(?:ERROR|WARN|WARNING|INFO|DEBUG|TRACE|FATAL)\b
    | diff\ --git | index\ [0-9a-f]{7} | @@\ -\d | \+\+\+\ | ---\ [ab]/ | [+-]\s{2,}\S
    | \$\s\S | [❯➜⨯✗✖⎿⏺│┃├└╭╰┌|] | >>>\s | [\w.-]+@[\w.-]+[:~\s][^\n]*[$#%]\s
    | \[?\d{1,4}[-/]\d\d[-/]\d\d | \[?\d{1,2}:\d\d:\d\d | 0x[0-9a-f]{4} | ~?/[\w./@-]+\s(?:\S+\s)*--?\w
    | [\w./\\-]+\.\w{1,5}:\d+ | [{}\])];?,?\s*$ | </?\w+[^>]*>\s*$ | (?:_\ ){4} | [=\-_*]{5,}
    | [\w.]+\s=\s\S | \S+=\S+\s*;?$ | (?:const|let|var)\s\w+\s*= | from\s\S+\simport\s | import\s[^.?!]*[;'"]\s*$
    | def\s\w+\(
    | (?:class|interface|struct)\s\w+\s*[(:{] | func\s\w*\( | return\b.*;\s*$ | (?:if|for|while)\s\(.*\{\s*$
    | [\w.]+\(.*\);?\s*$ )|[{;]\s*$""",
    re.VERBOSE,
)
_NEUTRAL = re.compile(r"^\s*(?:[-*]\s)?(?:https?://\S+|~?(?:/[\w.@ -]+)+/?)\s*$")
"""Addresses and paths alone on their line stand among typed words as among printed ones."""
_CERTAIN = re.compile(
    r"^\s*(?:Traceback \(most recent|File \"[^\"]+\", line \d+|diff --git|@@ -\d|E\s{2,}\S|--- FAIL|panic: |npm ERR!|"
    r"(?:[\w.]+\.)?\w*(?:Error|Exception): )",
    re.MULTILINE,
)
"""What nobody types: one such line makes a paste."""
_TELLING = re.compile(
    r"^[^\S\n]*(?:E\s{2,}|>\s+)?((?:[\w.]+\.)?\w*(?:Error|Exception): .*|fatal: .*|panic: .*|"
    r"(?:error|ERROR)(?:\[\w+\])?:? \S.*|FAILED .*|--- FAIL.*|.*\b(?:failed|cannot|not found|denied|unable to)\b.*)$",
    re.MULTILINE,
)
_LONGEST = 20_000
"""No request is longer; what follows it was pasted."""


@lru_cache(maxsize=256)
def spoken(text: str) -> str:
    """Return what the user typed themselves, "" where everything was pasted."""
    text = _ATTACHED.sub("", _PICTURE.sub("", _MARKED.sub("\n\n", text[:_LONGEST])))
    kept, announced = [], False
    for block in re.split(r"\n\s*\n", _FENCED.sub("\n\n", text)):
        typed = _typed(block, announced=announced)
        if block.strip():
            announced = not typed or typed.rstrip().endswith(":")
        if typed:
            kept.append(typed)
    return "\n\n".join(kept).strip()


def _typed(block: str, *, announced: bool) -> str:
    """Return the lines of a block that were typed; announced: what comes before it says that a paste follows."""
    lines = [line for line in block.splitlines() if line.strip()]
    printed = [_PRINTED.search(line) is not None for line in lines]
    telling = len(lines) - sum(_NEUTRAL.match(line) is not None for line in lines)
    share = sum(printed) / telling if telling else 0
    if announced and lines and all(re.match(r"\s{2,}(?![-*\d])", line) for line in lines):
        return ""
    if not _CERTAIN.search(block) and (share < 0.4 or (len(lines) < 2 and not announced)):
        return "\n".join(lines)
    return "\n".join(
        line for line, is_printed in zip(lines, printed, strict=True) if not is_printed and _is_sentence(line)
    )


_SMALL = re.compile(
    r"\b(?:the|this|that|we|you|i|it|is|are|do|does|can|why|how|what|please|when|get|got|my)\b", re.IGNORECASE
)


def _is_sentence(line: str) -> bool:
    """Say whether a line among printed ones reads as said: some words, with the small words of a language."""
    if units(line) < 4 or re.match(r"\s{2,}|\s*[#*/]|\w+ing\b", line):
        return False
    small = re.findall(
        r"\b(?:the|this|that|we|you|i|it|is|are|do|does|can|why|how|what|please|when|get|got|my)\b", line.lower()
    )
    return len(small) >= 2 or line.rstrip().endswith("?") or not is_english(line)


def pasted_line(text: str) -> str:
    """Return the line of a paste that tells most: the error in it, else its first line."""
    marked = _MARKED.search(text)
    body = marked.group(1) if marked else _ATTACHED.sub("", _PICTURE.sub("", text[:_LONGEST]))
    telling = [found.group(1) for found in _TELLING.finditer(body)]
    first = next((line for line in body.splitlines() if re.search(r"\w{2}", line)), "")
    best = next((line for line in telling if _CERTAIN.match(line)), telling[0] if telling else first)
    return shorten(one_line(re.sub(r"^[#>\s$]+", "", best)), 160)


_FAILURE = re.compile(
    r"^[^\S\n]*(?:E[^\S\n]{2,}|>[^\S\n]+|[✖✗⨯❌][^\S\n]*)?(?P<line>"
    r"(?:Uncaught )?(?:\w+[.:])*(?:[A-Z]\w*)?(?:Error|Exception)(?: \[\w+\])?: \S.*|"
    r"(?:fatal|panic|thread '[^']+' panicked): ?\S.*|"
    r"(?:[\w./\\-]+(?::\d+|\(\d+,\d+\))(?::\d+)?:? (?:- )?)?(?:fatal )?error(?:\[\w+\]| TS\d+| [A-Z]+\d+)?: \S.*|"
    r"ERROR:? \S.*|FAILED \S+(?:::|/)\S.*|--- FAIL: .*|npm (?:ERR!|error) (?!code|errno|path|A complete)\S+ .*|"
    r"make(?:\[\d+\])?: \*\*\* .*|(?:bash|zsh|sh): .*: .*|[\w./\\-]+:\d+:\d+: \S.*)$",
    re.MULTILINE,
)
"""A line by which a tool says what failed."""
_GETS = re.compile(
    r"\b(?:get(?:ting)?|got|see(?:ing)?|gives?|throws?|shows?|says|prints?|returns?|fail(?:s|ed|ing)? with|there is)\b"
    r"[^.:?!\n]{0,40}\b(?:error|exception|traceback|message|failure)\b[^.:?!\n]{0,30}:\s*(?P<line>\S[^\n]{7,})",
    re.IGNORECASE,
)
_FAILING = ("error", "exception", "fail", "fatal", "panic", "traceback", "make: ", "make[", "npm ", "sh: ")
_AT = re.compile(r":\d+:\d+: ")
"""What a paste of a failure has in it; the patterns are made for those alone."""
_TRACED = re.compile(r"^\W*Traceback \(most recent", re.MULTILINE)
"""A trace whose last line says what went wrong."""
_TYPED = 120
"""Words: who types more than that hands over a plan or a report, and what failed in it is no news."""


def failure(text: str) -> str:
    """Return the line of a message in which the user shows what failed, "" where they show no failure."""
    text = text[:_LONGEST]
    low = text.lower()
    if not (any(part in low for part in _FAILING) or _AT.search(text)) or len(spoken(text).split()) > _TYPED:
        return ""
    lines = [found.group("line") for found in _FAILURE.finditer(text)]
    if not lines:
        named = _GETS.search(text)
        return one_line(named.group("line")).strip("`\"' ") if named else ""
    return one_line(lines[-1 if _TRACED.search(text) else 0])
