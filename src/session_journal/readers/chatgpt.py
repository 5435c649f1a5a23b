"""Conversations of ChatGPT: the export's conversations.json or its shards, or one as the web page gets it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from session_journal.core.events import Event, Session
from session_journal.core.text import clean, clip, drop_private, fold, strip_wrappers
from session_journal.readers.conversations import Conversations, Found, ancestors, decoded, is_unique, moment
from session_journal.readers.fields import Record, span, string
from session_journal.readers.turns import Turns, called, result, said

Part = tuple[str, BinaryIO]

_MARK = re.compile(
    rb'"mapping"\s*:\s*\{\s*(?:(\})|"[^"]{1,200}"\s*:\s*\{\s*"(?:id|message|parent|children)"\s*:|"?[^"]{0,200}\Z)'
)
_CITATION = re.compile("\ue200[^\ue200\ue201]{0,2000}\ue201|【[^【】\\s]{0,40}†[^【】]{0,200}】")
_LOOSE = re.compile(rb'"mapping"\s*:\s*\{')
_NODE = re.compile(rb'"(?:current_node|content_type)"\s*:\s*"')
"""What tells a damaged conversation from a search engine's mapping of fields, whose values are objects."""
_PROFILE = frozenset({"user_editable_context", "model_editable_context"})
"""What ChatGPT keeps about the user and tells itself: nobody says it."""
_MEMORY = frozenset({"bio", "memory", "user_info"})
_LOOKS = re.compile(r"(?:^|[._])(?:browser|web|search|file_search|myfiles_browser)(?:$|[._])")
_ASKED = re.compile(r"\s*\w+\(\s*[\"']?([^\"'\n]*)")
_SAYING = ("title", "url", "text", "result", "output_str", "content")
_CODE_LIMIT = 2_000
_QUERIES = ("query", "q", "queries", "search_query", "url", "open", "ref_id", "pattern")


def recognises(head: bytes) -> bool:
    """Say whether JSON begins so that holds the graph of a conversation's messages."""
    start = head.lstrip(b" \t\r\n\0\xef\xbb\xbf")[:1]
    if start not in {b"[", b"{"} or b'"mapping"' not in head:
        return False
    if any(not found.group(1) or b'"current_node"' in head for found in _MARK.finditer(head)):
        return True
    return bool(_LOOSE.search(head) and _NODE.search(head))


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the conversations of a file one after the other, each along its current branch.

    What could not be read of the file is counted with its last conversation.
    """
    del name, parts
    file = Conversations(stream)
    waiting: tuple[Record, str] | None = None
    for found in file:
        for record in _conversations(found):
            if waiting:
                yield _session(*waiting)
            waiting = (record, found.sha256)
    if waiting:
        yield _session(*waiting, skipped=file.skipped)


def _conversations(found: Found) -> Iterator[Record]:
    """Yield the conversation that an object is or holds: tools that save pages put it in an envelope."""
    if isinstance(found.record.get("mapping"), dict):
        yield found.record
        return
    for value in found.record.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and isinstance(one.get("mapping"), dict):
                yield one


def _session(record: Record, sha256: str, skipped: int = 0) -> Session:
    state = _State()
    for node in _branch(record):
        state.take(node.get("message"))
    events = state.turns.events(())
    started, ended = span(events)
    return Session(
        agent="chatgpt",
        id=clean(string(record, "conversation_id") or string(record, "id")),
        events=events,
        model=clean(state.model or string(record, "default_model_slug")),
        title=fold(strip_wrappers(clean(string(record, "title")))),
        started=started or moment(record.get("create_time")),
        ended=ended or moment(record.get("update_time")),
        skipped=skipped,
        sha256=sha256,
        uuids=frozenset(state.ids),
        left_out=state.turns.kept.left_out,
    )


def _branch(record: Record) -> list[Record]:
    """Return the nodes of the branch that is shown; where it is not named, of the one that was written to last."""
    nodes = {key: node for key, node in record["mapping"].items() if isinstance(node, dict)}
    leaf = string(record, "current_node")
    if leaf not in nodes:
        parents = {node.get("parent") for node in nodes.values() if isinstance(node.get("parent"), str)}
        leaves = [key for key in nodes if key not in parents] or list(nodes)
        leaf = max(leaves, key=lambda key: _written(nodes[key]), default="")
    return ancestors(nodes, leaf, "parent")


def _written(node: Record) -> float:
    message = node.get("message")
    time = moment(message.get("create_time")) if isinstance(message, dict) else None
    return time.timestamp() if time else float("-inf")


@dataclass(slots=True)
class _State:
    """What is known of a conversation while its messages go by."""

    turns: Turns = field(default_factory=Turns)
    ids: set[str] = field(default_factory=set)
    calls: dict[str, str] = field(default_factory=dict)
    model: str = ""

    def take(self, message: Any) -> None:
        """Take a message; one that is hidden from the user is nobody speaking."""
        if not isinstance(message, dict):
            return
        content, metadata, key = message.get("content"), message.get("metadata"), string(message, "id")
        if is_unique(key):
            self.ids.add(key)
        if not isinstance(content, dict) or _is_hidden(message, metadata):
            return
        if string(content, "content_type") in _PROFILE:
            return
        role = string(message.get("author"), "role")
        if role == "assistant":
            self.model = string(metadata, "model_slug") or self.model
            self._take_assistant(message, content)
        elif role == "user":
            self.turns.add(said("prompt", "user", _text(content), moment(message.get("create_time"))))
        elif role == "tool":
            self._take_tool(message, content)

    def _take_assistant(self, message: Record, content: Record) -> None:
        time, recipient = moment(message.get("create_time")), string(message, "recipient")
        text = _unmarked(_text(content))
        if recipient not in {"", "all", "assistant"}:
            call = clean(string(message, "id")) or str(self.turns.count + 1)
            self.calls[recipient] = self.calls[""] = call
            if recipient not in _MEMORY:
                self.turns.add([_call(recipient, text, call, time)])
            return
        thinks = content.get("content_type") in ("thoughts", "reasoning_recap")
        self.turns.add(said("thought" if thinks else "reply", "assistant", text, time))

    def _take_tool(self, message: Record, content: Record) -> None:
        name = string(message.get("author"), "name")
        if name in _MEMORY:
            return
        call = self.calls.get(name) or self.calls.get("", "")
        outcome = message.get("metadata")
        status = string(outcome.get("aggregate_result"), "status") if isinstance(outcome, dict) else ""
        failed = status.startswith("failed") or content.get("content_type") == "system_error"
        text = _unmarked(_text(content))
        self.turns.add([result(text, call, moment(message.get("create_time")), failed=failed)])


def _unmarked(text: str) -> str:
    """Return text without the marks of its sources."""
    return text if text.isascii() else _CITATION.sub("", text)


def _is_hidden(message: Record, metadata: Any) -> bool:
    """Say whether the web page does not show a message: a system prompt, the user's instructions, a draft put aside."""
    if message.get("weight") == 0:
        return True
    return isinstance(metadata, dict) and (
        metadata.get("is_visually_hidden_from_conversation") is True or metadata.get("is_user_system_message") is True
    )


def _call(recipient: str, text: str, call: str, time: datetime | None) -> Event:
    """Return what a message to a tool asks for: a command, a search, or whatever else the tool does."""
    given = decoded(text.encode("utf-8", "replace")) if text.lstrip().startswith("{") else None
    if recipient.endswith("container.exec") and isinstance(given, dict):
        return called("Bash", {"command": given.get("cmd", "")}, call, time)
    shown = drop_private(clean(text))
    if _LOOKS.search(recipient):
        found = _ASKED.match(text) if given is None else None
        asked = _query(given) or (found.group(1).strip() if found else "") or fold(shown)
        return Event("search", 0, "assistant", "", clean(clip(drop_private(asked), 400)), time, call)
    return Event("tool", 0, "assistant", clip(shown, _CODE_LIMIT), clean(recipient), time, call)


def _query(value: Any, depth: int = 4) -> str:
    """Return what a search asks for, wherever near the top of its input that stands."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and depth:
        return "; ".join(found for one in value[:10] if (found := _query(one, depth - 1)))
    if isinstance(value, dict) and depth:
        return next((found for key in _QUERIES if key in value and (found := _query(value[key], depth - 1))), "")
    return ""


def _text(content: Record) -> str:
    """Return everything that a message's content says, of whatever type it is; images say nothing."""
    parts, thoughts = content.get("parts"), content.get("thoughts")
    pieces = [string(content, key) for key in _SAYING if key in content] if len(content) > 2 or not parts else []
    if isinstance(thoughts, list):
        pieces[:0] = [string(thought, "content") or string(thought, "summary") for thought in thoughts]
    if isinstance(parts, list):
        pieces[:0] = [part if isinstance(part, str) else string(part, "text") for part in parts]
    return "\n\n".join(piece for piece in pieces if piece and not piece.isspace())
