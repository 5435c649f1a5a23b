"""Every way in which a server fails ends in an error that names it and helps, and gives nothing away."""

from __future__ import annotations

import gzip
import importlib.util
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import closing

import pytest

from llm.asking import GOOD, QUESTION, SECRET_TEXT, VALUE, ask
from llm.server import JSON, Behaviour, completes, fails, says, sends, serving
from session_journal.errors import ModelError
from session_journal.llm import failures, wire
from session_journal.llm.request import ContextError, Endpoint
from session_journal.llm.wire import open_wire

KEY = "sk-sesame-0123456789"


def failure(url, kind=ModelError, **settings):
    with pytest.raises(kind) as raised:
        ask(url, **settings)
    error = raised.value
    assert error.hint
    return f"{error.message} | {error.hint}"


def host(server):
    return server.url.split("/")[2]


# --- refusals -------------------------------------------------------------------------------------------------------

REFUSALS = {
    "a wrong key": (fails(401, "Incorrect API key provided"), "does not accept the key (401)"),
    "a forbidden model": (fails(403, "Not for you"), "does not let this key use tiny (403): "),
    "an unpaid account": (fails(402, "Insufficient Balance"), "wants to be paid first (402)"),
    "a used up quota": (fails(429, "You exceeded your current quota", code="insufficient_quota"), "quota is used up"),
    "a bad request": (fails(400, "messages: too weird"), "refused the request (400): messages"),
    "no endpoint": (fails(404, "Not Found"), "has no Chat Completions at this address (404)"),
    "an unknown model": (fails(404, 'model "tiny" not found, try pulling it first'), "has no model called tiny"),
    "no model loaded": (sends({"error": "No models loaded. Please load one."}, 400), "has no model called tiny"),
    "an unknown status": (fails(418, "teapot"), "refused the request (418)"),
    "a page of a gateway": (
        Behaviour(403, b"<html>no</html>", {"Content-Type": "text/html"}),
        "this key use tiny (403)",
    ),
    "an empty refusal": (Behaviour(400, b""), "refused the request (400)"),
    "a list as refusal": (sends([1, 2], 400), "refused the request (400)"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_names_the_host_and_what_it_means(model_server, name):
    behaviour, words = REFUSALS[name]
    model_server.will(behaviour)
    said = failure(model_server.url, key=KEY)
    assert said.startswith(f"{host(model_server)} ")
    assert words in said
    assert len(model_server.bodies) == 1


def test_a_missing_key_is_told_from_a_wrong_one(model_server):
    model_server.will(fails(401, "no"))
    assert "wants a key, and none is set" in failure(model_server.url)


def test_an_unknown_model_is_answered_with_those_that_there_are(model_server):
    model_server.has("llama3.1:8b", "qwen3:4b")
    model_server.will(fails(404, 'model "tiny" not found, try pulling it first'))
    said = failure(model_server.url)
    assert "has no model called tiny; it has llama3.1:8b, qwen3:4b" in said
    assert said.endswith("journal config set llm.model NAME")


def test_a_list_of_models_that_fails_too_changes_nothing(model_server):
    model_server.models = Behaviour(200, b"<html>")
    model_server.will(fails(404, "The model `tiny` does not exist"))
    assert "has no model called tiny" in failure(model_server.url)


def test_names_of_models_reach_a_terminal_without_its_codes(model_server):
    model_server.has("\x1b[31mred\nline")
    model_server.will(fails(404, "model not found"))
    assert "it has red line" in failure(model_server.url)


CONTEXTS = {
    "OpenAI": fails(400, "This model's maximum context length is 4096 tokens.", code="context_length_exceeded"),
    "vLLM": sends(
        {"object": "error", "message": "This model's maximum context length is 4096 tokens. However, ..."}, 400
    ),
    "newer vLLM": fails(400, "You passed 5000 input tokens. However, the model's context length is only 4096 tokens."),
    "llama.cpp": fails(400, "too long", type="exceed_context_size_error", n_prompt_tokens=5000, n_ctx=4096),
    "llama.cpp with 200": sends(
        {"error": {"code": 400, "message": "it exceeds the available context size (4096 tokens)"}}
    ),
    "LM Studio": sends({"error": "n_keep: 13055>= n_ctx: 4096. Provide a shorter input."}, 400),
}


@pytest.mark.parametrize("name", CONTEXTS)
def test_a_request_that_is_too_long_says_how_much_the_context_holds(model_server, name):
    model_server.will(CONTEXTS[name])
    said = failure(model_server.url, ContextError)
    assert f"longer than tiny at {host(model_server)} can take: it holds 4096 tokens" in said
    assert said.endswith("journal config set llm.context 4096")
    assert len(model_server.bodies) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(413, b"<html>Too Large</html>"),
        fails(500, "Context size has been exceeded.", type="server_error"),
        fails(400, "max_tokens must be at least 1, got -186."),
    ],
)
def test_a_request_that_is_too_long_for_an_unknown_context_is_told_as_such(model_server, behaviour):
    model_server.will(behaviour)
    assert failure(model_server.url, ContextError).endswith("journal config set llm.context 4096")
    assert len(model_server.bodies) == 1


# --- replies without a text -----------------------------------------------------------------------------------------

EMPTY = {
    "no choices": (completes(None), "answered without any reply of tiny"),
    "an empty list": (completes([]), "answered without any reply of tiny"),
    "a choice of nothing": (completes([None]), "answered without any reply of tiny"),
    "no message": (completes([{"finish_reason": "stop"}]), "gave an empty reply"),
    "no content": (says(None), "gave an empty reply"),
    "blank content": (says(" \n"), "gave an empty reply"),
    "a number": (completes([{"message": {"content": 7}}]), "gave an empty reply"),
    "thoughts alone": (says(None, reasoning="Hm."), "thought, but wrote no reply"),
    "a refusal": (says(None, refusal="I can't help with that."), "refused to answer"),
    "a filter": (says("{}", finish="content_filter"), "a content filter of "),
    "a filter of its own": (says("{}", finish="content_filter: SAFETY"), "a content filter of "),
    "no document": (sends({}), "answered without any reply of tiny"),
    "a page": (Behaviour(200, b"<!DOCTYPE html><title>Sign in</title>"), "answered with a web page"),
    "a page as JSON": (Behaviour(200, b"\n<HTML>", {"Content-Type": "text/html"}), "answered with a web page"),
    "a text": (Behaviour(200, b"OK"), "something that is not its protocol"),
    "nothing": (Behaviour(200, b""), "something that is not its protocol"),
    "a list": (sends([1]), "something that is not its protocol"),
    "a stream": (Behaviour(200, b'data: {"choices": []}\n\ndata: [DONE]\n\n'), "something that is not its protocol"),
    "wrong UTF-8": (Behaviour(200, b'{"choices": "\xff\xfe"}'), "something that is not its protocol"),
    "half a document": (Behaviour(200, b'{"choices": [{"mess'), "something that is not its protocol"),
    "no gzip": (Behaviour(200, b"{}", JSON | {"Content-Encoding": "gzip"}), "something that is not its protocol"),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_response_without_a_reply_is_an_error(model_server, name):
    behaviour, words = EMPTY[name]
    model_server.will(behaviour)
    said = failure(model_server.url)
    assert words in said
    assert host(model_server) in said
    assert len(model_server.bodies) == 1


def test_half_a_character_in_a_reply_is_no_error_of_ours(model_server):
    model_server.will(says('{"title": "Mend \\ud83d", "items": []}'))
    assert ask(model_server.url).value.title == "Mend ?"


# --- what may pass --------------------------------------------------------------------------------------------------


def test_a_busy_server_is_asked_again_after_the_rest_that_it_wants(model_server):
    said, slept = [], []
    model_server.will(fails(429, "slow down", {"Retry-After": "12"}), says(GOOD))
    assert ask(model_server.url, said=said, slept=slept).value == VALUE
    busy = f"{host(model_server)} is busy (429): trying again in"
    assert said == [f"{busy} 12 s", f"{busy} 7 s", f"{busy} 2 s"]
    assert sum(slept) == 12


def test_a_rest_until_a_date_is_counted_by_the_servers_own_clock(model_server):
    slept = []
    dates = {"Date": "Sat, 01 Jan 2000 12:00:00 GMT", "Retry-After": "Sat, 01 Jan 2000 12:00:09 GMT"}
    model_server.will(fails(503, "Loading model", dates), says(GOOD))
    assert ask(model_server.url, slept=slept).value == VALUE
    assert sum(slept) == 9


def test_a_rest_that_is_too_long_is_told_at_once(model_server):
    slept = []
    model_server.will(fails(429, "later", {"Retry-After": "3600"}))
    assert "wants a rest of 3600 s (429)" in failure(model_server.url, slept=slept)
    assert slept == []


def test_waiting_ends_when_the_patience_of_the_whole_conversation_is_used_up(model_server):
    slept = []
    model_server.always = fails(503, "Loading model")
    assert "failed (503): Loading model" in failure(model_server.url, slept=slept)
    assert 50 < sum(slept) <= 60


@pytest.mark.parametrize("status", [408, 425, 429, 503, 529])
def test_a_server_that_may_be_busy_is_given_longer_than_one_that_fails(model_server, status):
    model_server.will(*[fails(status, "wait")] * 4, says(GOOD))
    assert ask(model_server.url).value == VALUE


def test_a_server_may_fail_for_a_moment_while_a_proxy_stands_before_it(model_server):
    model_server.will(Behaviour(502, b"<html>"), Behaviour(504, b"<html>"), says(GOOD))
    assert ask(model_server.url).value == VALUE


def test_a_servers_words_are_cut_short(model_server):
    model_server.will(fails(400, "no " * 500))
    assert len(failure(model_server.url)) < 320


def test_a_server_that_fails_is_asked_three_times(model_server):
    model_server.always = fails(500, "boom")
    assert "failed (500): boom" in failure(model_server.url)
    assert len(model_server.bodies) == 3


@pytest.mark.parametrize("chunked", [False, True])
def test_a_reply_that_breaks_off_is_asked_for_once_more(model_server, chunked):
    broken = Behaviour(200, b'{"choices": [', missing=100, chunked=chunked)
    model_server.will(broken, says(GOOD), broken, broken)
    assert ask(model_server.url).value == VALUE
    assert "broke its reply off" in failure(model_server.url)
    assert len(model_server.bodies) == 4


# --- the connection -------------------------------------------------------------------------------------------------


@pytest.fixture
def free_port():
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def test_a_server_that_is_not_running_is_told_as_such(free_port):
    assert failure(f"http://127.0.0.1:{free_port}/v1").startswith(
        f"nothing answers at 127.0.0.1:{free_port}; it may not be running"
    )


def test_a_server_that_stays_silent_is_given_up(model_server):
    model_server.will(Behaviour(silent=True))
    assert f"{host(model_server)} took too long to answer" in failure(model_server.url, timeout=0.3)


def test_a_server_that_cannot_be_reached_in_time_is_told_as_such(monkeypatch):
    def too_far(*_args):
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", too_far)
    assert "127.0.0.1:1 cannot be reached in time" in failure("http://127.0.0.1:1/v1")


@pytest.mark.parametrize("seconds", [5.0, 120.0])
def test_a_reply_may_take_as_long_as_the_endpoint_says(seconds):
    with open_wire(Endpoint("http://localhost/v1", "tiny", timeout=seconds)) as opened:
        assert opened._client.timeout.read == seconds


def test_a_reply_that_does_not_end_is_given_up(model_server, monkeypatch):
    monkeypatch.setattr(wire, "LONGEST_REPLY", 1_000)
    model_server.will(says("x" * 2_000))
    assert "sent more than a reply can hold" in failure(model_server.url)
    model_server.will(Behaviour(500, b"x" * 2_000))
    assert "sent more than a reply can hold" in failure(model_server.url)


def test_a_reply_that_trickles_is_given_up_after_the_time_for_a_whole_one():
    """The time-out of the package begins anew with every byte."""
    moments = iter([0.0, 0.5, 1.5])
    stream = wire.Bounded([b"a", b"b"], 1.0, clock=lambda: next(moments))
    received = iter(stream)
    assert next(received) == b"a"
    with pytest.raises(wire.httpx2.ReadTimeout):
        next(received)


def test_a_compressed_reply_is_read(model_server):
    plain = says(GOOD)
    model_server.will(Behaviour(200, gzip.compress(plain.body), JSON | {"Content-Encoding": "gzip"}))
    assert ask(model_server.url).value == VALUE


def test_a_small_reply_that_unpacks_to_gigabytes_is_given_up(model_server, monkeypatch):
    packed = gzip.compress(bytes(50_000_000))
    assert len(packed) < 100_000
    seen = []
    unpack = wire.Bounded._unpacked
    monkeypatch.setattr(wire, "LONGEST_REPLY", 200_000)
    monkeypatch.setattr(wire.Bounded, "_unpacked", lambda *given: seen.append(unpack(*given)) or seen[-1])
    model_server.will(Behaviour(200, packed, JSON | {"Content-Encoding": "gzip"}))
    assert "sent more than a reply can hold" in failure(model_server.url)
    assert sum(map(len, seen)) < 500_000


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip", "deflate"])
def test_a_packing_that_nobody_asked_for_is_not_undone(model_server, packing):
    model_server.will(Behaviour(200, gzip.compress(says(GOOD).body), JSON | {"Content-Encoding": packing}))
    assert "something that is not its protocol" in failure(model_server.url)
    assert model_server.headers[0]["accept-encoding"] == "gzip"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_text_follows_no_redirect(model_server, status):
    model_server.will(fails(status, "", {"Location": "http://localhost:1/v1/chat/completions"}))
    assert f"redirects to localhost ({status}); nothing was sent there" in failure(model_server.url)
    assert len(model_server.bodies) == 1


def test_a_redirect_to_nowhere_is_told_too(model_server):
    model_server.will(fails(307, "", {"Location": "http://[oops"}))
    assert "redirects to another path" in failure(model_server.url)


def test_a_server_without_tls_is_told_as_such(model_server):
    url = model_server.url.replace("http:", "https:")
    assert f"{host(model_server)} does not speak TLS" in failure(url)


def test_a_name_without_an_address_is_told_as_such(monkeypatch):
    def unknown(*_args, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert failure("http://model.invalid/v1").startswith("no address is known for model.invalid")


@pytest.fixture
def self_signed(tmp_path):
    """Return a server that speaks TLS, with a certificate that nobody else vouches for, and that certificate."""
    if not shutil.which("openssl"):
        pytest.skip("a certificate is made by openssl, which is not on this machine")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost"
    names = "-addext subjectAltName=IP:127.0.0.1"
    subprocess.run(f"{command} {names}".split(), cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with serving(context) as server:
        yield server, tmp_path / "cert.pem"


def test_a_certificate_that_nobody_vouches_for_is_told_as_such(self_signed):
    server, _ = self_signed
    assert f"the certificate of {host(server)} cannot be verified" in failure(server.url)


def test_a_certificate_that_the_user_vouches_for_is_enough(self_signed, monkeypatch):
    server, certificate = self_signed
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server.will(says(GOOD))
    assert ask(server.url).value == VALUE


def test_certificates_that_cannot_be_read_are_told_as_such(monkeypatch, tmp_path):
    (tmp_path / "none.pem").write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert "the certificates for model.example cannot be read" in failure("https://model.example/v1")


@pytest.mark.parametrize("proxy", ["gopher://127.0.0.1:1", "socks5://127.0.0.1:1", "http://127.0.0.1:port"])
def test_a_proxy_that_cannot_be_used_is_told_as_such(monkeypatch, proxy):
    if proxy.startswith("socks") and importlib.util.find_spec("socksio"):
        pytest.skip("the package that speaks SOCKS is installed here")
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert "a proxy for model.example that cannot be used" in failure("https://model.example/v1")


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("", "journal config set llm.base_url {}/v1"),
        ("/v1/chat/completions", "journal config set llm.base_url {}/v1"),
        ("/api/v1/", "journal config get llm.base_url"),
    ],
)
def test_an_address_without_completions_is_answered_with_the_one_that_was_meant(model_server, path, hint):
    root = model_server.url.removesuffix("/v1")
    assert failure(root + path).endswith(f"has no Chat Completions at this address (404) | {hint.format(root)}")


def test_a_proxy_that_refuses_is_told_from_the_endpoint(model_server, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", model_server.url.removesuffix("/v1"))
    said = failure("https://model.example/v1")
    assert "the proxy of the environment does not let through to model.example" in said
    assert said.endswith("export NO_PROXY=model.example")


RAW = {
    "nothing": b"",
    "no protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "half a header": b"HTTP/1.1 200 OK\r\nContent-",
    "a broken chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a chunk without an end": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
    "a wrong length": b"HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n{}",
    "too short": b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{}",
    "half an error": b"HTTP/1.1 500 Oh\r\nContent-Length: 9999\r\n\r\n{}",
}


@pytest.mark.parametrize("name", RAW)
def test_bytes_that_are_no_whole_response_are_a_reply_that_broke_off(name):
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def answer():
            for _ in range(2):
                with closing(listening.accept()[0]) as peer:
                    peer.recv(65_536)
                    peer.sendall(RAW[name])

        answering = threading.Thread(target=answer)
        answering.start()
        said = failure(f"http://127.0.0.1:{listening.getsockname()[1]}/v1")
        answering.join()
    assert "broke its reply off" in said


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:1/v1", True),
        ("http://LOCALHOST/v1", True),
        ("http://models.localhost/v1", True),
        ("http://127.8.9.1/v1", True),
        ("http://[::1]:1/v1", True),
        ("http://0.0.0.0:1/v1", True),
        ("http://127.example/v1", False),
        ("http://192.168.1.7/v1", False),
        ("https://localhost.example/v1", False),
    ],
)
def test_a_server_on_this_machine_is_told_from_others(url, local):
    assert failures.place_of(Endpoint(url, "tiny")).is_local is local


# --- what can't be used at all --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:11434",
        "ftp://localhost/v1",
        "http://",
        "http:///v1",
        "http://[::1",
        "http://localhost:port/v1",
        f"http://{'a' * 70}.example/v1",
        "http://a..b/v1",
        "http://localhost/v1?key=x",
        "http://localhost/v1#x",
    ],
)
def test_an_address_that_is_none_is_told_as_such(url):
    assert "llm.base_url is no address of a server" in failure(url)


@pytest.mark.parametrize("user", ["user:sesame", "sesame", ":sesame"])
def test_an_address_with_a_password_is_refused_without_showing_it(user):
    said = failure(f"http://{user}@localhost/v1")
    assert "holds a name or password" in said
    assert "sesame" not in said


@pytest.mark.parametrize("key", ["sesame\n", "ses ame", "sésame", "sesame\x00"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(model_server, key):
    said = failure(model_server.url, key=key)
    assert "the endpoint's key" in said
    assert "same" not in said
    assert model_server.bodies == []


# --- what is never told ---------------------------------------------------------------------------------------------

ECHOES = [
    fails(400, f"cannot use {KEY}"),
    fails(403, f"key {KEY[:9]}… is not for you"),
    fails(400, f"cannot read: {SECRET_TEXT}"),
    fails(400, f"cannot read: {SECRET_TEXT[20:50]!r} and more"),
    fails(500, SECRET_TEXT.replace(" ", "\\n")),
    sends({"detail": [{"loc": ["body", "messages"], "msg": SECRET_TEXT, "input": SECRET_TEXT}]}, 422),
    sends({"detail": [{"loc": ["body", 1], "msg": "bad", "input": {"content": SECRET_TEXT}}]}, 422),
    sends({"error": {"message": ["weird", SECRET_TEXT]}}, 400),
    says({"title": {"a": SECRET_TEXT}}),
    says(SECRET_TEXT),
    says(None, refusal=SECRET_TEXT),
    Behaviour(200, SECRET_TEXT.encode()),
    fails(404, f"model {SECRET_TEXT} not found"),
    fails(401, f"wrong key {KEY}"),
]


@pytest.mark.parametrize("behaviour", ECHOES)
def test_no_error_repeats_the_key_or_what_was_sent(model_server, behaviour):
    model_server.always = behaviour
    said = failure(model_server.url, key=KEY)
    assert KEY[:6] not in said
    for part in ("Anna", "parser", "dentist"):
        assert part not in said


def test_neither_endpoint_nor_wire_show_the_key():
    endpoint = Endpoint("http://localhost/v1", "tiny", KEY)
    with open_wire(endpoint) as opened:
        assert KEY not in repr(endpoint) + repr(opened) + repr(vars(opened))


def test_an_error_holds_no_trace_of_the_request(model_server):
    model_server.will(fails(400, "no"))
    with pytest.raises(ModelError) as raised:
        ask(model_server.url, QUESTION, key=KEY)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_server_does_not_get_the_key_shown_as_the_name_of_a_model_or_a_host(model_server):
    model_server.will(fails(404, "model not found"))
    model_server.has(f"m-{KEY}", "qwen3:4b")
    said = failure(model_server.url, key=KEY)
    assert "0123456789" not in said
    assert "qwen3:4b" in said
    model_server.will(fails(307, "", {"Location": f"http://{KEY}.example/v1"}))
    assert "0123456789" not in failure(model_server.url, key=KEY)


def test_a_servers_own_secrets_and_unseen_characters_are_not_passed_on(model_server):
    token = "ghp_" + "A1b2C3d4E5" * 4
    model_server.will(
        fails(400, f"no route to postgres://root:s3cr3tpw@db with {token[:9]}\u2060{token[9:]} \u202egnp.exe")
    )
    said = failure(model_server.url)
    assert "no route to postgres" in said
    for part in ("s3cr3tpw", token, "\u202e", "\u2060"):
        assert part not in said


@pytest.mark.parametrize("depth", [3, 400])
def test_parts_within_parts_are_no_bug_of_ours(model_server, depth):
    content = "x"
    for _ in range(depth):
        content = [{"type": "text", "text": content}]
    model_server.will(*[completes([{"finish_reason": "stop", "message": {"content": content}}])] * 2)
    assert "tiny at" in failure(model_server.url) or "something that is not its protocol" in failure(model_server.url)


def test_a_value_at_any_depth_is_refused_in_words(model_server):
    deep = [says(f'{{"title": "x", "items": {"[" * depth}{"]" * depth}}}') for depth in (5, 200, 480, 960, 990, 5_000)]
    for one in deep:
        model_server.will(one, one)
        assert "gave no usable reply, asked twice" in failure(model_server.url)
