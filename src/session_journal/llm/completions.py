"""What a completion's JSON says: the text, whether it was cut, and the tokens; or why there is no text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from session_journal.core.records import record
from session_journal.errors import ModelError
from session_journal.llm.failures import OFFLINE, Place

_DEEPEST = 4
"""Lists of parts within a part's text that are read."""


@record(frozen=True, slots=True)
class Completion:
    """What a model wrote. cut: whether it ran out of room; counts are the server's, None where it gives none."""

    text: str
    cut: bool
    prompt_tokens: int | None
    reply_tokens: int | None


def read_completion(value: Mapping[str, Any], place: Place) -> Completion:
    """Read a response; ModelError where it holds no text, though empty and cut is a completion."""
    choices = value.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(first, dict):
        raise ModelError(f"{place.host} answered without any reply of {place.model}", OFFLINE)
    message = first.get("message")
    message = message if isinstance(message, dict) else {}
    finish = str(first.get("finish_reason")).lower()
    if finish.startswith("content_filter"):
        raise ModelError(f"a content filter of {place.host} held the reply back", OFFLINE)
    if message.get("refusal"):
        raise ModelError(f"{place.who} refused to answer", OFFLINE)
    text = _text(message.get("content"))
    cut = finish in {"length", "max_tokens"}  # gateways to other protocols pass the second one through
    if not text.strip() and not cut:
        raise _empty(message, place)
    usage = value.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Completion(text, cut, _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")))


def _text(content: Any, *, within: int = 0) -> str:
    """Return a message's text; some models send a list of parts, their thoughts among them."""
    if isinstance(content, list) and within < _DEEPEST:
        return "".join(_text(part.get("text"), within=within + 1) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _empty(message: Mapping[str, Any], place: Place) -> ModelError:
    # DeepSeek, vLLM and llama.cpp call it reasoning_content, Ollama reasoning.
    if message.get("reasoning_content") or message.get("reasoning"):
        return ModelError(f"{place.who} thought, but wrote no reply", "journal config set llm.model NAME")
    return ModelError(f"{place.who} gave an empty reply", OFFLINE)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
