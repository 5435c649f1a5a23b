"""How an endpoint wants to be asked: its way to structured output and the parameters that it refuses."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Protocol

from pydantic import BaseModel

from session_journal.core.records import record
from session_journal.llm.request import Endpoint

RUNGS = ("json_schema", "json_object", "prompt")
LIMITS = ("max_tokens", "max_completion_tokens", "no_limit")
"""OpenAI's reasoning models want the second name, local servers know the first one."""

_KEPT = {"type", "properties", "required", "items", "enum", "const", "anyOf", "allOf", "$ref", "$defs", "description"}
_REFUSED_FORMAT = re.compile(
    # "requested parameters" is OpenRouter's 404 where no provider of a model takes the format; "grammar" and "guided"
    # are how llama.cpp and vLLM call it; "failed_generation" is Groq's 400 where the model broke the format.
    r"response[_ ]?format|json[_ ]?(?:schema|object|mode|validate)|structured[_ ]?output|guided|grammar|\bschema\b"
    r"|requested parameters|failed_generation",
    re.IGNORECASE,
)


class Memory(Protocol):
    """Keeps a word or two for each endpoint and model; what it loses is found out again."""

    def read(self, key: str) -> str:
        """Return what was kept, "" where nothing was."""

    def write(self, key: str, value: str) -> None:
        """Keep a value."""


@record(frozen=True, slots=True)
class Manners:
    """One way to ask. rung: one of RUNGS; limit: one of LIMITS; temperature: whether it may be named."""

    rung: str = RUNGS[0]
    limit: str = LIMITS[0]
    temperature: bool = True

    @property
    def word(self) -> str:
        """Return these manners as the words that are kept."""
        return " ".join((self.rung, self.limit, "temperature" if self.temperature else ""))

    def parameters(self, schema: type[BaseModel], longest: int) -> dict[str, Any]:
        """Return what is sent beside model and messages. longest: tokens of the reply."""
        sent: dict[str, Any] = {"temperature": 0} if self.temperature else {}
        if self.limit != "no_limit":
            sent[self.limit] = longest
        if self.rung == "json_object":
            sent["response_format"] = {"type": "json_object"}
        elif self.rung == "json_schema":
            sent["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": schema.__name__, "strict": True, "schema": plain_schema(schema)},
            }
        return sent

    def lower(self) -> Manners | None:
        """Return the manners one rung down, None at the last one."""
        at = RUNGS.index(self.rung) + 1
        return replace(self, rung=RUNGS[at]) if at < len(RUNGS) else None

    def after(self, status: int, words: str) -> Manners | None:
        """Return the manners that a refusal in these words asks for; None where it is about something else.

        Unsupported formats are refused with 400 (OpenAI, LM Studio, which knows no json_object), 404 (OpenRouter),
        422 (servers on FastAPI) and 500 (older llama.cpp, llama-cpp-python); parameters with 400 and 422.
        """
        if status in {400, 422}:
            if self.temperature and "temperature" in words:
                return replace(self, temperature=False)
            if self.limit in words and self.limit != "no_limit":
                return replace(self, limit=LIMITS[LIMITS.index(self.limit) + 1])
        return self.lower() if status in {400, 404, 422, 500, 501} and _REFUSED_FORMAT.search(words) else None


def remembered(endpoint: Endpoint, memory: Memory) -> Manners:
    """Return the manners that worked last time; words that nobody knows are as good as none."""
    words = memory.read(_key(endpoint)).split()
    if len(words) < 2 or words[0] not in RUNGS or words[1] not in LIMITS:
        return Manners()
    return Manners(words[0], words[1], "temperature" in words[2:])


def remember(endpoint: Endpoint, memory: Memory, manners: Manners) -> None:
    """Keep the manners that worked."""
    if memory.read(_key(endpoint)) != manners.word:
        memory.write(_key(endpoint), manners.word)


def _key(endpoint: Endpoint) -> str:
    return f"{endpoint.base_url.rstrip('/')} {endpoint.model}"


def plain_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """Return the shape alone, as every server takes it; lengths and patterns are pydantic's to check.

    OpenAI's strict mode wants every property required and no others, and refuses most keywords; llama.cpp builds a
    grammar that long lengths make huge.
    """
    plain = _plain(schema.model_json_schema())
    assert isinstance(plain, dict)  # noqa: S101 - a model's schema is an object
    return plain


def _plain(node: Any, *, names: bool = False) -> Any:
    """Return a part of a schema in plain form. names: its keys are names of the user's, not keywords."""
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _plain(value, names=key in {"properties", "$defs"} and not names)
        for key, value in node.items()
        if names or key in _KEPT
    }
    if not names and "properties" in kept:
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept
