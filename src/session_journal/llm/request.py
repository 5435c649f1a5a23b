"""What is asked of a language model and what comes back: the one door between drafting and the endpoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

from pydantic import BaseModel

from session_journal.core.records import record
from session_journal.errors import ModelError


@record(frozen=True, slots=True)
class Endpoint:
    """Where an OpenAI-compatible server listens and which of its models is asked.

    base_url: up to and with `/v1`; key: "" where none is needed; context: tokens that a request and its reply may
    have together; timeout: seconds that a reply may take.
    """

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    context: int = 8_192
    timeout: float = 120.0


@record(frozen=True, slots=True)
class Request:
    """One question. instructions: the same bytes each time, so that a server can cache them; longest: reply tokens."""

    instructions: str
    content: str
    schema: type[BaseModel]
    longest: int = 2_000


@record(frozen=True, slots=True)
class Reply:
    """A valid answer. value: an instance of the request's schema; counts are the server's, None where it gives none."""

    value: Any
    prompt_tokens: int | None = None
    reply_tokens: int | None = None


class ContextError(ModelError):
    """Report a request that is longer than the endpoint's context; shorter ones may be answered."""


class UnseenError(ModelError):
    """Report an endpoint that passes on less than it is sent, and does so with every session."""


Ask = Callable[[Request], Reply]
"""Sends a request and returns its reply; ModelError where no usable one came."""
