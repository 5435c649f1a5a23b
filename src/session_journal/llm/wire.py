"""The openai package, and what is sent and taken through it; importing it takes over half a second."""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import openai
import orjson

from session_journal.errors import ModelError
from session_journal.llm import failures
from session_journal.llm.failures import Place
from session_journal.llm.refusals import CutOffError, RejectedError, status_in
from session_journal.llm.request import Endpoint

LONGEST_REPLY = 8_000_000
"""Bytes of a response: a thousand times what is asked for, and far from filling the memory."""

CONNECT_SECONDS = 10.0
_OURS = {"host", "content-type", "content-length", "accept", "accept-encoding", "connection", "user-agent"}


class Wire:
    """Sends to one endpoint. post raises RejectedError and CutOffError, which may pass, and else ModelError."""

    def __init__(self, client: openai.OpenAI, place: Place) -> None:
        self._client = client
        self._place = place

    def post(self, body: dict[str, Any], path: str = "/chat/completions") -> dict[str, Any]:
        """Ask for a completion, or for what else the path stands for, and return the response's JSON object."""
        # The typed methods pass on whatever a server sends as if it were a completion: what came is read here instead.
        return self._answer(lambda: self._client.post(path, cast_to=httpx2.Response, body=body))

    def models(self, seconds: float) -> list[str]:
        """Return the names of the models that the endpoint offers, in its order."""
        listed = self._answer(
            lambda: self._client.get("/models", cast_to=httpx2.Response, options={"timeout": seconds})
        )
        data = listed.get("data")
        names = [each.get("id") for each in data if isinstance(each, dict)] if isinstance(data, list) else []
        return [name for name in names if isinstance(name, str)]

    def _answer(self, send: Callable[[], httpx2.Response]) -> dict[str, Any]:
        try:
            content = send().content
        except openai.APIStatusError as error:
            raise _rejected(error) from None
        except openai.APIConnectionError as error:
            raise _broken(error, self._place) from None
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
            raise failures.unusable_address(self._place, type(error).__name__) from None
        return _document(content, self._place)


@contextmanager
def open_wire(endpoint: Endpoint) -> Iterator[Wire]:
    """Open a client that talks to this endpoint alone, and close it."""
    place = failures.place_of(endpoint)
    with (
        _http(endpoint, place) as http,
        openai.OpenAI(
            base_url=endpoint.base_url,
            api_key="none",
            max_retries=0,
            timeout=http.timeout,  # else the package takes five seconds for a default, and waits for ten minutes
            http_client=http,
        ) as client,
    ):
        yield Wire(client, place)


def _http(endpoint: Endpoint, place: Place) -> httpx2.Client:
    """Make what carries the requests: it follows no redirect, adds nothing, and takes no more than it should."""

    def only_ours(request: httpx2.Request) -> None:
        # The package adds what OPENAI_CUSTOM_HEADERS, OPENAI_ORG_ID, OPENAI_ADMIN_KEY … hold, and what it knows of
        # this machine: none of it belongs to an endpoint that the settings name.
        for name in [name for name in request.headers if name.lower() not in _OURS]:
            del request.headers[name]
        request.headers["Accept-Encoding"] = "gzip"
        if endpoint.key:
            request.headers["Authorization"] = f"Bearer {endpoint.key}"

    def bounded(response: httpx2.Response) -> None:
        packed = response.headers.pop("content-encoding", "")
        response.stream = Bounded(response.stream, endpoint.timeout, packed=packed == "gzip")

    try:
        return httpx2.Client(
            timeout=httpx2.Timeout(endpoint.timeout, connect=min(CONNECT_SECONDS, endpoint.timeout)),
            follow_redirects=False,
            trust_env=not place.is_local,  # a proxy of the environment is no way to a server on this machine
            verify=_certificates(place),
            event_hooks={"request": [only_ours], "response": [bounded]},
        )
    except (ValueError, ImportError, httpx2.InvalidURL):  # a scheme nobody knows, SOCKS without its package
        raise failures.unusable_proxy(place) from None


def _certificates(place: Place) -> ssl.SSLContext:
    """Return whom to trust; nobody, which takes no time to load, where no TLS is spoken."""
    if place.scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return httpx2.create_ssl_context()
    except OSError:
        raise failures.no_certificates(place) from None


class TooLongReplyError(httpx2.TransportError):
    """Report a response that does not end."""


class Bounded(httpx2.SyncByteStream):
    """A response's bytes, up to a length and a time: the package's own time-out starts anew with every byte.

    packed: they are unpacked here, no further than to that length; a page of zeros unpacks to gigabytes.
    """

    def __init__(
        self, stream: Any, seconds: float, *, packed: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._end = clock() + seconds
        self._unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed else None

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes."""
        length = 0
        for received in self._stream:
            part = self._unpacked(received)
            length += len(part)
            if length > LONGEST_REPLY:
                raise TooLongReplyError("too long")
            if self._clock() > self._end:
                raise httpx2.ReadTimeout("too slow")
            yield part

    def _unpacked(self, part: bytes) -> bytes:
        if self._unpacking is None:
            return part
        try:
            return self._unpacking.decompress(part, LONGEST_REPLY + 1)
        except zlib.error:
            raise httpx2.DecodingError("not packed as it says") from None

    def close(self) -> None:
        """Close the response."""
        self._stream.close()


def _document(content: bytes, place: Place) -> dict[str, Any]:
    """Return the JSON object that a response with status 200 holds, if it is no error after all."""
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise failures.not_json(place, content) from None
    if not isinstance(value, dict):
        raise failures.not_json(place, b"")
    # llama.cpp, LM Studio and gateways have sent errors with status 200.
    if value.get("error") and not value.get("choices"):
        raise RejectedError(status_in(value), value)
    return value


def _rejected(error: openai.APIStatusError) -> RejectedError:
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    try:
        body: Any = orjson.loads(error.response.content)
    except orjson.JSONDecodeError:
        body = None  # an HTML page of a gateway says nothing that helps
    return RejectedError(error.status_code, body, headers)


def _broken(error: openai.APIConnectionError, place: Place) -> ModelError | CutOffError:
    """Tell what lies below a failed connection."""
    causes: list[BaseException] = [error]
    while below := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(below)
    if any(isinstance(cause, TooLongReplyError) for cause in causes):
        return failures.too_long_reply(place)
    if isinstance(error, openai.APITimeoutError):
        connecting = any(isinstance(cause, httpx2.ConnectTimeout) for cause in causes)
        return failures.timed_out(place, connecting=connecting)
    if any(isinstance(cause, httpx2.ProxyError) for cause in causes):
        return failures.blocked_by_proxy(place)
    if any(isinstance(cause, httpx2.ConnectError) for cause in causes):
        return failures.unreachable(place, causes)
    if any(isinstance(cause, httpx2.DecodingError) for cause in causes):
        return failures.not_json(place, b"")
    return CutOffError("the connection broke off")
