"""What a server's error says, whatever its form, and what kind of trouble it tells of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_CONTEXT = re.compile(
    # OpenAI, vLLM: maximum context length, context_length_exceeded; llama.cpp: exceeds the available context size,
    # exceed_context_size_error, Context size has been exceeded; llama-cpp-python: exceed context window; LM Studio:
    # greater than the context length, when context the overflows; vLLM: max_tokens must be at least 1, got -186.
    r"context[_ ](?:length|size|window)|context the overflows|n_ctx|prompt is too long|too many tokens"
    r"|max_tokens must be at least 1|reduce the length",
    re.IGNORECASE,
)
_QUOTA = re.compile(
    r"insufficient_quota|exceeded your current quota|billing|insufficient balance|credits", re.IGNORECASE
)
_NO_MODEL = re.compile(
    # Ollama: model "x" not found, try pulling it first; vLLM and OpenAI: The model `x` does not exist; DeepSeek: Model
    # Not Exist; Mistral: Invalid model; LM Studio: No models loaded.
    r"model_not_found|\bmodel\b.{0,100}?\b(?:not (?:found|exist|loaded)|does not exist)"
    r"|invalid model|no models? loaded",
    re.IGNORECASE,
)
_HELD = re.compile(r"(?:context (?:length|size|window) (?:is |of |only |\()*|n_ctx\W{1,4})(\d{3,9})", re.IGNORECASE)
_BUSY = {408, 425, 429, 503, 529}
_PASSING = {*_BUSY, 500, 502, 504}


class RejectedError(Exception):
    """An endpoint's refusal. body: its JSON, None where it is none; headers: names in lower case.

    message: what it says to people; words: all that it says, codes and names of parameters among it.
    """

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.message = " ".join(_messages(body))
        self.words = " ".join([*_codes(body), self.message])
        self.headers = headers or {}

    @property
    def is_context(self) -> bool:
        """Tell whether the request was too long."""
        return self.status == 413 or (self.status != 429 and bool(_CONTEXT.search(self.words)))

    @property
    def context(self) -> int | None:
        """Return the tokens that the endpoint's context holds, None where the error doesn't tell."""
        found = _HELD.search(self.words)
        return int(found[1]) if found else None

    @property
    def may_pass(self) -> bool:
        """Tell whether the same request may be answered a moment later."""
        if self.status == 429:
            return not _QUOTA.search(self.words)
        return self.status in _PASSING and not self.is_context

    @property
    def is_busy(self) -> bool:
        """Tell whether the endpoint may need more than a moment: llama.cpp says 503 while it loads a model."""
        return self.status in _BUSY

    @property
    def names_model(self) -> bool:
        """Tell whether the endpoint says that it has no such model."""
        return self.status in {400, 404} and bool(_NO_MODEL.search(self.words))


class CutOffError(Exception):
    """A response that broke off before its end."""


def _messages(body: Any) -> list[str]:
    """Return what an error says to people.

    OpenAI nests it under `error`, older vLLM puts it on top, LM Studio's `error` is a plain text, FastAPI has `detail`
    with a list of places and messages (and copies of the input, which are left out).
    """
    if not isinstance(body, dict):
        return []
    detail = body.get("detail")
    parts = [_inner(body).get("message"), body.get("error"), *(detail if isinstance(detail, list) else [detail])]
    texts = [part.get("msg") if isinstance(part, dict) else part for part in parts]
    return [text for text in texts if isinstance(text, str)]


def _codes(body: Any) -> list[str]:
    """Return what an error says to programs."""
    if not isinstance(body, dict):
        return []
    said = _inner(body)
    parts: list[Any] = [said.get(name) for name in ("code", "type", "param")]
    if isinstance(said.get("n_ctx"), int):  # llama.cpp: how much its context holds
        parts.append(f"n_ctx {said['n_ctx']}")
    detail = body.get("detail")
    for each in detail if isinstance(detail, list) else []:
        parts += each["loc"] if isinstance(each, dict) and isinstance(each.get("loc"), list) else []
    return [part for part in parts if isinstance(part, str)]


def _inner(body: Mapping[str, Any]) -> Mapping[str, Any]:
    error = body.get("error")
    return error if isinstance(error, dict) else body


def status_in(value: Mapping[str, Any]) -> int:
    """Return the status that an error with status 200 names; 400 where it names none."""
    code = _inner(value).get("code")
    return code if isinstance(code, int) and 400 <= code < 600 else 400
