"""Cleaning of what people and tools said: wrappers out, control characters out, one line, a sensible length."""

from __future__ import annotations

import re

from session_journal.core.wraps import LETTERS, is_torn, unbroken

CONTEXT_OPEN = "<journal-context>"
CONTEXT_CLOSE = "</journal-context>"
"""The markers around everything the journal hands to an agent, so that it is never read back as the user's words."""

_DROPPED = (
    "journal-context",
    "private",
    "system-reminder",
    "persisted-output",
    "local-command-stdout",
    "local-command-stderr",
    "local-command-caveat",
    "command-message",
    "command-contents",
    "command-name",
    "command-args",
    "ide_opened_file",
    "ide_selection",
    "ide_diagnostics",
    "new-diagnostics",
    "task-notification",
    "agent-message",
    "teammate-message",
    "cross-session-message",
    "ci-monitor-event",
    "bash-stdout",
    "bash-stderr",
    "user-memory-input",
    "user-prompt-submit-hook",
    "post-tool-use-hook",
    "session-start-hook",
    "stop-hook",
    "background-task-output",
    "tool_use_error",
)
_MESSAGES = frozenset({"agent-message", "ci-monitor-event", "cross-session-message", "teammate-message"})
"""What others sent is always closed: an opening tag alone is a person who tells of one."""
_UNWRAPPED = ("tool_use_error", "bash-input", "user_query")
_MARKED = re.compile(f"</?({'|'.join(dict.fromkeys((*_UNWRAPPED, *_DROPPED)))})")
_ESCAPED_MARKS = (
    ("\\u003cprivate\\u003e", "\\u003c/private\\u003e"),
    ("\\u003Cprivate\\u003E", "\\u003C/private\\u003E"),
    ("\\u003cprivate\\u003e", "\\u003c\\/private\\u003e"),
    ("<private>", "<\\/private>"),
    ("&lt;private&gt;", "&lt;/private&gt;"),
)
CONTROL = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})
ANSI = r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))"
_ANSI = re.compile(ANSI)
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return text without terminal codes, control characters and lone surrogates."""
    if not text:
        return text
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = _SURROGATE.sub("\ufffd", text).encode()
    # Bytes are dropped many times faster than characters, and no character of several bytes has one of these.
    kept = data.translate(None, CONTROL)
    if text.isascii():
        return text if len(kept) == len(data) else kept.decode()
    return kept.decode().replace("\ufeff", "").replace("\u200b", "")


def drop_block(text: str, name: str) -> str:
    """Return text without every `<name>…</name>`; one that is never closed runs to the end."""
    opening, closing = f"<{name}", f"</{name}>"
    if opening not in text:
        return text
    kept, at = [], 0
    while (start := text.find(opening, at)) >= 0:
        after = text[start + len(opening) : start + len(opening) + 1]
        if after not in {">", " ", "\n", ""}:
            kept.append(text[at : start + len(opening)])
            at = start + len(opening)
            continue
        kept.append(text[at:start])
        end = text.find(closing, start)
        if end < 0:
            return "".join(kept)
        at = end + len(closing)
    return "".join([*kept, text[at:]])


def drop_private(text: str) -> str:
    """Return text without what the user marked private and without context that the journal itself handed over."""
    return drop_block(drop_block(text, "private"), "journal-context") if "<" in text else text


def drop_marked(text: str) -> str:
    """Return text without what the user marked private, also where the mark's brackets are escaped."""
    text = drop_block(text, "private")
    for opening, closing in _ESCAPED_MARKS:
        while (start := text.find(opening)) >= 0:
            end = text.find(closing, start)
            text = text[:start] + (text[end + len(closing) :] if end >= 0 else "")
    return text


def strip_wrappers(text: str) -> str:
    """Return what was really said: without reminders, hook output, command wrappers, private and injected parts."""
    if "<" not in text:
        return text.strip()
    names = set(_MARKED.findall(text))
    if not names:
        return text.strip()
    for name in names.intersection(_UNWRAPPED):
        text = text.replace(f"<{name}>", "").replace(f"</{name}>", "")
    for name in _DROPPED:
        if name in names and (name not in _MESSAGES or f"</{name}>" in text):
            text = drop_block(text, name)
    return text.strip()


def one_line(text: str) -> str:
    """Return text with all white space folded to single blanks."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """Return text that is not redacted yet as one line, but for where a line's end may stand in a token."""
    return "".join(one_line(piece) + end for piece, end in unbroken(text)).strip()


def shorten(text: str, limit: int) -> str:
    """Return text within limit characters, cut between words and ending in an ellipsis where something is missing."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:—–-(") + "…"


def cut(text: str, limit: int) -> str:
    """Return the beginning of text within limit characters, ending between words: half a word can be half a secret."""
    if len(text) <= limit:
        return text
    at = limit
    while (at := max(text.rfind(sign, 0, at) for sign in " \n\t")) > 0:
        if not is_torn(text, at):
            return text[:at]
    return text[:limit].rstrip(LETTERS)


def clip(text: str, limit: int) -> str:
    """Return long output's beginning and end, cut at line ends, with the missing length named.

    No cut goes through what could be a secret over several lines, a key or a token that a terminal has wrapped; of
    output in one line only the beginning stays, for what stood before its end would be missing to tell a secret by.
    """
    if len(text) <= limit:
        return text
    half = limit // 2
    end = text.rfind("\n", 0, half)
    while end > 0 and is_torn(text, end):
        end = text.rfind("\n", 0, end)
    start = text.find("\n", len(text) - half)
    while start >= 0 and is_torn(text, start):
        start = text.find("\n", start + 1)
    head = text[:end] if end > 0 else "" if "\n" in text[:half] else cut(text, half)
    tail = text[start + 1 :] if start >= 0 else ""
    return f"{head}\n… {len(text) - len(head) - len(tail)} characters …\n{tail}"


_SHORTENED = re.compile(
    r"(?:…|\.\.\.)[^\S\n]*[\[(<]?[^\S\n]*(?:omitted )?\+?\d[\d,]*(?: of \d[\d,]*)? (?:more )?"
    r"(?:characters?|chars|lines?|bytes|tokens|words)\b|"
    r"\b\d[\d,]* (?:more )?(?:characters?|chars|lines?|bytes|tokens|words) (?:were )?(?:truncated|omitted|clipped)\b|"
    r"[\[(<][^\])>\n]{0,40}\b(?:truncated|clipped|omitted)\b[^\])>\n]{0,40}[\])>]|…\s*\Z",
    re.IGNORECASE,
)


def is_shortened(text: str) -> bool:
    """Say whether a text was shortened, here or by the tool that wrote it down: what it lacks may have stood in it."""
    return _SHORTENED.search(text) is not None


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 session, 2 sessions, 2 entries, 1,000 sessions."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeo" else f"{number:,} {noun}s"


def age_in_words(days: int) -> str:
    """Return an age as people say it: today, 3 days, 2 weeks, 5 months."""
    for size, least, name in ((365, 730, "year"), (30, 60, "month"), (7, 14, "week")):
        if days >= least:
            return counted(days // size, name)
    return "today" if days <= 0 else counted(days, "day")
