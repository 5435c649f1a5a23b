"""A real server on the loopback that speaks Chat Completions and Embeddings, and misbehaves when it is told to."""

from __future__ import annotations

import json
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Behaviour:
    """What is sent back. missing: bytes promised and never sent; silent: nothing at all until the server closes."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    missing: int = 0
    silent: bool = False
    chunked: bool = False


Answer = Behaviour | Callable[[dict[str, Any]], Behaviour]


def says(value: object, *, finish: object = "stop", usage: object = None, **message: object) -> Behaviour:
    """Answer as a model does: with a text, or with a value as JSON."""
    content = value if isinstance(value, str) or value is None else json.dumps(value)
    return completes(
        [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
        usage,
    )


def completes(choices: object, usage: object = None) -> Behaviour:
    """Answer with these choices, whatever they are."""
    counts = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18} if usage is None else usage
    return sends({"id": "c-1", "object": "chat.completion", "created": 1, "choices": choices, "usage": counts})


def sends(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Answer with a JSON document."""
    return Behaviour(status, json.dumps(value).encode(), JSON | dict(headers or {}))


def embeds(*vectors: object, order: list[int] | None = None) -> Behaviour:
    """Answer with these vectors, each with its place, in the order given."""
    rows = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
    return sends({"object": "list", "data": [rows[at] for at in order] if order else rows, "model": "small"})


def fails(status: int, message: object, headers: Mapping[str, str] | None = None, **more: object) -> Behaviour:
    """Answer with an error in the form of the protocol."""
    return sends({"error": {"message": message, "type": "invalid_request_error", **more}}, status, headers)


class Server:
    """Answer each request with the next part of the script, then with `always`; remember what was really sent."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.script: deque[Answer] = deque()
        self.always: Answer = fails(500, "the script of this test is over")
        self.models: Answer = sends({"object": "list", "data": []})
        self.vectors: deque[Answer] = deque()
        self.embeds: Answer = fails(404, "nothing at /v1/embeddings")
        self.embedded: list[dict[str, Any]] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.asked_for_models = 0
        self.closing = threading.Event()

    def will(self, *answers: Answer) -> None:
        """Add to the script."""
        self.script.extend(answers)

    def has(self, *names: str) -> None:
        """Offer these models."""
        self.models = sends({"object": "list", "data": [{"id": name, "object": "model"} for name in names]})

    def texts(self, number: int = -1) -> str:
        """Return all messages of one request as one text."""
        return "\n".join(message["content"] for message in self.bodies[number]["messages"])

    def answer(self, body: dict[str, Any]) -> Behaviour:
        """Return what this request gets."""
        chosen = self.script.popleft() if self.script else self.always
        return chosen if isinstance(chosen, Behaviour) else chosen(body)

    def embedding(self, body: dict[str, Any]) -> Behaviour:
        """Return what a request for vectors gets: the next of `vectors`, then `embeds`."""
        self.embedded.append(body)
        chosen = self.vectors.popleft() if self.vectors else self.embeds
        return chosen if isinstance(chosen, Behaviour) else chosen(body)


class Handler(BaseHTTPRequestHandler):
    """Carry one behaviour out."""

    protocol_version = "HTTP/1.1"
    scripted: Server

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""

    def do_GET(self) -> None:
        """List the models."""
        self.scripted.asked_for_models += 1
        found = self.scripted.models
        self._send(found if isinstance(found, Behaviour) else found({}))

    def do_POST(self) -> None:
        """Answer a question."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/embeddings":
            self._send(self.scripted.embedding(body))
            return
        if self.path != "/v1/chat/completions":
            self._send(fails(404, f"nothing at {self.path}"))
            return
        self.scripted.bodies.append(body)
        self.scripted.headers.append({name.lower(): value for name, value in self.headers.items()})
        self._send(self.scripted.answer(body))

    def _send(self, found: Behaviour) -> None:
        if found.silent:
            self.close_connection = True
            self.scripted.closing.wait()
            return
        self.send_response_only(found.status)  # without a date of today
        for name, value in found.headers.items():
            self.send_header(name, value)
        if found.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(found.body) + found.missing))
        self.end_headers()
        self._write(found)
        self.close_connection = self.close_connection or bool(found.missing)

    def _write(self, found: Behaviour) -> None:
        if not found.chunked:
            self.wfile.write(found.body)
            return
        self.wfile.write(b"%x\r\n%s\r\n" % (len(found.body), found.body))
        if not found.missing:
            self.wfile.write(b"0\r\n\r\n")


class Listener(ThreadingHTTPServer):
    """Listen on the loopback; a client that hangs up is no error."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: a client may go away at any time."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server on a free port of 127.0.0.1 until the test is over."""
    handler = type("Scripted", (Handler,), {})
    listener = Listener(("127.0.0.1", 0), handler)
    if tls:
        listener.socket = tls.wrap_socket(listener.socket, server_side=True)
    server = Server(f"{'https' if tls else 'http'}://127.0.0.1:{listener.server_address[1]}/v1")
    handler.scripted = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        listener.shutdown()
        listener.server_close()
        thread.join()
