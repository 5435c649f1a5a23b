"""The wordings of Codex: what is not the user speaking, and what outputs tell about exit codes."""

from __future__ import annotations

import re
from typing import Any

import orjson

from session_journal.readers.fields import blocks, string
from session_journal.readers.recorder import Output

_INJECTED = (
    "environment_context",
    "user_instructions",
    "user_shell_command",
    "turn_aborted",
    "subagent_notification",
    "permissions instructions",
    "instructions",
    "skill",
    "skills",
    "personality",
    "image",
    "attachments",
)
_BLOCK = re.compile(r"\s*<([A-Za-z][\w -]*)(?:\s[^>]*)?>")
_AGENTS_MD = re.compile(r"\s*# AGENTS\.md instructions\b")
_WARNING = re.compile(
    r"\s*Warning: (?:The maximum number of unified exec processes you can keep open is\b"
    r"|apply_patch was requested via |Your account was flagged for )"
)
"""What Codex itself tells its model where the user speaks."""
_SUMMARY = "Another language model started to solve this problem"
_REQUEST = re.compile(r"^## My request for Codex:?[^\S\n]*\n?", re.MULTILINE)
_BROWSER = re.compile(r"\s*<in-app-browser-context\b[^>]*>.*?</in-app-browser-context>\s*", re.DOTALL)
_IDE = re.compile(r"\s*# (?:Context from my IDE setup|Files mentioned by the user)\b")
_IMAGE = re.compile(r"</?image\b[^>]*>")
_SHELL = re.compile(r"\s*<user_shell_command>\s*<command>\n?(.*?)\n?</command>\s*<result>(.*?)</result>", re.DOTALL)
_CODE = re.compile(r"^(?:Process exited with code|Exit code:) (-?\d{1,10})[^\S\n]*$", re.MULTILINE)
_RUNS = "Process running with session ID"
_RUNNING = re.compile(rf"^{_RUNS} (\d+)[^\S\n]*$", re.MULTILINE)
_OUTPUT = re.compile(r"^Output:[^\S\n]*\n?", re.MULTILINE)
_REFUSED = re.compile(
    r".{0,80}\b(?:(?:rejected|declined|denied) by (?:the )?user\b(?! approval)|user (?:rejected|declined|denied)\b)"
)
_ABORTED = re.compile(r"aborted by (?:the )?user\b")
_HEAD = 600
"""How much of an output its header takes at most."""


def user_text(raw: str, *, typed: bool = False) -> str:
    """Return what the user said in one part of a message, "" when the part was put there by the tool.

    typed: the part comes from where Codex writes what was typed; a block of any name may then be the user's.
    """
    if not typed and _WARNING.match(raw):
        return ""
    if _AGENTS_MD.match(raw) or raw.lstrip().startswith(_SUMMARY) or _is_injected(raw, typed=typed):
        return ""
    browser = _BROWSER.match(raw)
    if _IDE.match(raw) or browser:
        raw = raw[browser.end() :] if browser else raw
        parts = _REQUEST.split(raw, 1)
        return parts[1] if len(parts) > 1 else raw if browser else ""
    return _IMAGE.sub("", raw)


def summary_in(history: Any) -> str:
    """Return the summary that a compaction left in the history it began anew, "" where it is not readable."""
    for item in reversed(history if isinstance(history, list) else []):
        text = "\n".join(
            string(block, "text") for block in blocks(item.get("content") if isinstance(item, dict) else None)
        )
        if text.lstrip().startswith(_SUMMARY):
            return text.split("\n", 1)[-1]
    return ""


def _is_injected(raw: str, *, typed: bool) -> bool:
    """Say whether a text is one block of the tool's own, as `<environment_context>`: people write no such names."""
    block = _BLOCK.match(raw)
    if block is None:
        return False
    name = block.group(1).strip()
    closed = raw.rstrip().endswith(f"</{name.split(' ')[0]}>") or raw.rstrip().endswith(f"</{name}>")
    return closed and (name.lower() in _INJECTED or ("_" in name and not typed))


def shell_command(raw: str) -> tuple[str, str]:
    """Return the command that the user ran themselves and what came of it, ("", "") when the text is none."""
    found = _SHELL.match(raw)
    return (found.group(1).strip(), found.group(2).strip()) if found else ("", "")


def output_of(value: Any) -> Output:
    """Read the output of a call in each of its forms: text, JSON in text, blocks, an object."""
    success = value.get("success") if isinstance(value, dict) else None
    if isinstance(value, dict):
        value = value.get("content", value.get("text", ""))
    raw = value if isinstance(value, str) else "\n".join(string(block, "text") for block in blocks(value))
    text, code = _from_json(raw)
    if code is not None:
        return Output(text, code, failed=success is False or code != 0)
    head = text[:_HEAD]
    found = _CODE.search(head) if "code" in head else None
    running = _RUNNING.search(head) if _RUNS in head else None
    body = _OUTPUT.search(head) if found or running else None
    code = int(found.group(1)) if found and _before(found, body) else None
    return Output(
        text[body.end() :] if body else text,
        code,
        failed=success is False or code not in {0, None} or bool(_ABORTED.match(text)),
        refused=code is None and "user" in head and bool(_REFUSED.match(text)),
        running=running.group(1) if running and _before(running, body) else "",
    )


def _before(found: re.Match[str], body: re.Match[str] | None) -> bool:
    """Say whether a line of the header is one: what a program printed itself stands after `Output:`."""
    return found.start() < body.start() if body else found.start() == 0


def _from_json(raw: str) -> tuple[str, int | None]:
    if raw[:1] != "{" or ('"metadata"' not in raw[-200:] and '"metadata"' not in raw[:200]):
        return raw, None
    try:
        value = orjson.loads(raw)
    except (orjson.JSONDecodeError, RecursionError):
        return raw, None
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict) or not isinstance(value.get("output"), str):
        return raw, None
    code = metadata.get("exit_code")
    return value["output"], code if isinstance(code, int) and not isinstance(code, bool) else None
