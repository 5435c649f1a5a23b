"""What servers do instead of answering, in words that help: who, what, and what to run; never a key or a sent text."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from session_journal.core.records import record
from session_journal.core.redact import redact
from session_journal.core.text import one_line
from session_journal.core.verbatim import visible
from session_journal.errors import ModelError
from session_journal.llm.refusals import RejectedError
from session_journal.llm.request import ContextError, Endpoint
from session_journal.llm.waiting import rest_asked_for

OFFLINE = "journal draft --offline TRANSCRIPT"
_LONGEST_QUOTE = 200
_LONGEST_HEARD = 20_000
_ECHO = 16
_KEY_ECHO = 6
"""Letters and digits in a row that a server's words may share with what was sent, or with the key, by chance."""


@record(frozen=True, slots=True)
class Place:
    """Whom a message names. host: with its port where it has one; is_local: whether it is this machine."""

    endpoint: Endpoint
    scheme: str
    host: str
    is_local: bool

    @property
    def model(self) -> str:
        """Return the model's name."""
        return self.endpoint.model

    @property
    def who(self) -> str:
        """Name the model and where it is."""
        return f"{self.model} at {self.host}"


def place_of(endpoint: Endpoint) -> Place:
    """Return whom messages name; ModelError where the address or the key can't be used as it is."""
    hint = "journal config set llm.base_url http://localhost:11434/v1"
    try:
        parts = urlsplit(endpoint.base_url)
        name, port = parts.hostname or "", parts.port
        name.encode("idna")
    except (ValueError, UnicodeError):
        raise ModelError("llm.base_url is no address of a server", hint) from None
    if parts.scheme not in {"http", "https"} or not name or parts.query or parts.fragment:
        raise ModelError("llm.base_url is no address of a server: it reads http://HOST/v1 or https://HOST/v1", hint)
    if parts.username is not None or parts.password is not None:
        raise ModelError("llm.base_url holds a name or password", "journal config set llm.key_env NAME_OF_A_VARIABLE")
    if not (endpoint.key.isascii() and endpoint.key.isprintable()) or " " in endpoint.key:
        raise ModelError("the endpoint's key holds blanks or characters that no key has", "journal config list")
    shown = f"[{name}]" if ":" in name else name
    return Place(endpoint, parts.scheme, f"{shown}:{port}" if port else shown, _is_local(name))


def _is_local(name: str) -> bool:
    try:
        address = ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def explain(said: RejectedError, place: Place, sent: str, offered: Sequence[str] = ()) -> ModelError:
    """Turn a refusal into words. sent: what was sent, of which nothing may be repeated; offered: models it has."""
    if said.is_context:
        return _too_long(said, place)
    if 300 <= said.status < 400:
        return _redirected(said, place)
    if said.status == 401:
        what = "does not accept the key" if place.endpoint.key else "wants a key, and none is set"
        return ModelError(f"{place.host} {what} (401)", "journal config set llm.key_env NAME_OF_A_VARIABLE")
    if said.names_model or said.status == 404:
        return _not_found(said, place, offered)
    if said.status == 429:
        return _too_often(said, place)
    known = {402: "wants to be paid first", 403: f"does not let this key use {place.model}"}
    did = known.get(said.status, "failed" if said.status >= 500 else "refused the request")
    return ModelError(f"{place.host} {did} ({said.status}){_quote(said.message, place, sent)}", OFFLINE)


def _too_long(said: RejectedError, place: Place) -> ModelError:
    held = f": it holds {said.context} tokens" if said.context else ""
    return ContextError(
        f"the request is longer than {place.who} can take{held}",
        f"journal config set llm.context {said.context or place.endpoint.context // 2}",
    )


def _redirected(said: RejectedError, place: Place) -> ModelError:
    try:
        target = urlsplit(said.headers.get("location", "")).hostname
    except ValueError:
        target = ""
    shown = _told(target or "", place) or "another path"
    return ModelError(
        f"{place.host} redirects to {shown} ({said.status}); nothing was sent there",
        "journal config set llm.base_url ADDRESS  (the address that answers itself)",
    )


def _not_found(said: RejectedError, place: Place, offered: Sequence[str]) -> ModelError:
    if offered and place.model not in offered:
        return no_such_model(place, offered)
    if said.names_model:
        return ModelError(f"{place.host} has no model called {place.model}", "journal config set llm.model NAME")
    return ModelError(f"{place.host} has no Chat Completions at this address (404)", _address_hint(place.endpoint))


def _address_hint(endpoint: Endpoint) -> str:
    """Name the address that was meant, if it can be guessed: the part before /chat/completions, which ends in /v1."""
    meant = endpoint.base_url.rstrip("/").removesuffix("/chat/completions")
    meant = meant if meant.endswith("/v1") else f"{meant}/v1"
    same = meant == endpoint.base_url.rstrip("/")
    return "journal config get llm.base_url" if same else f"journal config set llm.base_url {meant}"


def no_such_model(place: Place, offered: Sequence[str]) -> ModelError:
    """Say which models there are instead."""
    return ModelError(
        f"{place.host} has no model called {place.model}; it has {some(offered, place)}",
        "journal config set llm.model NAME",
    )


def some(names: Sequence[str], place: Place) -> str:
    """Name the first of an endpoint's models."""
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(_told(name, place)[:80] or "?" for name in names[:8]) + more


def _too_often(said: RejectedError, place: Place) -> ModelError:
    if not said.may_pass:
        return ModelError(f"{place.host} says that the account's quota is used up (429)", OFFLINE)
    rest = rest_asked_for(said.headers)
    wish = f" of {rest:.0f} s" if rest else ""
    return ModelError(f"{place.host} is asked too often and wants a rest{wish} (429)", OFFLINE)


def _quote(words: str, place: Place, sent: str) -> str:
    """Return a server's words for a message; none of them where they repeat the key or what was sent."""
    words = _told(words, place)[:_LONGEST_QUOTE]
    return "" if not words or _repeats(words, sent, _ECHO) else f": {words}"


def _told(words: str, place: Place) -> str:
    """Return what a server says as one line without secrets of its own, "" where it repeats the key."""
    words = one_line(visible(words))[:_LONGEST_HEARD]
    return "" if _repeats(words, place.endpoint.key, _KEY_ECHO) else redact(words)[0]


def _repeats(words: str, private: str, most: int) -> bool:
    """Tell whether two texts share a run of letters and digits; escapes and white space don't hide one."""
    words, private = _letters(words), _letters(private)
    size = min(most, len(words), len(private))
    return bool(size) and any(words[at : at + size] in private for at in range(len(words) - size + 1))


def _letters(text: str) -> str:
    return re.sub(r"\\[nrtbf]|[\W_]+", "", text).lower()


def unreachable(place: Place, causes: Iterable[BaseException]) -> ModelError:
    """Say why no connection came about."""
    causes = list(causes)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return ModelError(
            f"no address is known for {place.host}: is its name right, is the network up?",
            "journal config get llm.base_url",
        )
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return ModelError(
            f"the certificate of {place.host} cannot be verified",
            "export SSL_CERT_FILE=FILE  (where the server has a certificate authority of its own)",
        )
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return ModelError(
            f"{place.host} does not speak TLS as https:// wants it",
            f"journal config set llm.base_url http://{place.host}/v1  (where it speaks http alone)",
        )
    return ModelError(f"nothing answers at {place.host}; it may not be running", "journal config get llm.base_url")


def blocked_by_proxy(place: Place) -> ModelError:
    """Say that the proxy which the environment names refused."""
    return ModelError(
        f"the proxy of the environment does not let through to {place.host}",
        f"export NO_PROXY={place.host.partition(':')[0]}",
    )


def unusable_proxy(place: Place) -> ModelError:
    """Say that the environment names a proxy of a kind that can't be used."""
    return ModelError(
        f"the environment names a proxy for {place.host} that cannot be used (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY)",
        f"export NO_PROXY={place.host.partition(':')[0]}",
    )


def no_certificates(place: Place) -> ModelError:
    """Say that the environment names certificates that can't be read."""
    return ModelError(
        f"the certificates for {place.host} cannot be read (SSL_CERT_FILE, SSL_CERT_DIR)",
        "unset SSL_CERT_FILE SSL_CERT_DIR",
    )


def timed_out(place: Place, *, connecting: bool) -> ModelError:
    """Say that it took too long."""
    what = "cannot be reached in time" if connecting else "took too long to answer"
    return ModelError(f"{place.host} {what}", OFFLINE)


def broke_off(place: Place) -> ModelError:
    """Say that a response ended before its end."""
    return ModelError(f"{place.host} broke its reply off", OFFLINE)


def too_long_reply(place: Place) -> ModelError:
    """Say that a response did not end."""
    return ModelError(f"{place.host} sent more than a reply can hold", OFFLINE)


def not_json(place: Place, content: bytes) -> ModelError:
    """Say what came instead of the protocol's JSON."""
    start = content.lstrip()[:15].lower()
    what = "a web page" if start.startswith((b"<!doctype", b"<html")) else "something that is not its protocol"
    return ModelError(
        f"{place.host} answered with {what}: it may be no OpenAI-compatible address",
        "journal config get llm.base_url",
    )


def unusable_address(place: Place, kind: str) -> ModelError:
    """Say that nothing can be sent there at all."""
    return ModelError(f"nothing can be sent to {place.host} ({kind})", "journal config get llm.base_url")
