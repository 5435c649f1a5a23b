"""Secrets taken apart by what no reader sees are found, however long they are and wherever it stands."""

from __future__ import annotations

import re
import string
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from session_journal.core.events import Event, Session
from session_journal.core.hiding import redact_session
from session_journal.core.key_blocks import BORDER
from session_journal.core.personal_rules import PERSONAL
from session_journal.core.redact import Redactor, redact
from session_journal.core.secret_rules import RULES
from session_journal.core.unseen import cuts
from session_journal.core.verbatim import plain

UNSEEN = (
    "\u200b",
    "\u200d",
    "\u2060",
    "\u00ad",
    "\ufeff",
    "\ufe0f",
    "\u202e",
    "\U000e0041",
    "\ue0b0",
    "\x07",
    "\x1b[31m",
    "\x1b[0m",
)
SIGNS = (*UNSEEN, "Ａ", "：", "❤", "👩", "本", "│", "ي", "\n", "a", "Z", "9", "-", " ")
KEY = b"k" * 32
ONE_LINE = [rule for rule in (*RULES, *PERSONAL) if "\n" not in rule.example]


def pieces(secret, size=8):
    return [secret[at : at + size] for at in range(len(secret) - size + 1)]


def value_of(rule):
    """Return the part of a rule's example that is taken out of it."""
    clean = Redactor().redact(rule.example)
    marker = rule.instead or f"[REDACTED:{rule.kind}]"
    before, _, after = clean.partition(marker)
    return rule.example[len(before) : len(rule.example) - len(after)]


VALUES = {rule: value_of(rule) for rule in ONE_LINE}


@given(st.lists(st.sampled_from(SIGNS) | st.characters(), max_size=40).map("".join))
def test_a_text_without_its_unseen_characters_is_what_is_seen_of_it(text):
    parts, at = [], 0
    for start, end, instead in cuts(text, 0, len(text)):
        assert start >= at
        parts += [text[at:start], instead]
        at = end
    assert "".join([*parts, text[at:]]) == plain(text)


def test_the_border_between_texts_is_none_of_them():
    assert cuts(f"a{BORDER}\x07b", 0, 9) == [(6, 7, "")]


@settings(max_examples=400)
@given(st.sampled_from(ONE_LINE), st.data())
def test_a_secret_taken_apart_anywhere_by_anything_unseen_goes(rule, data):
    secret = rule.example
    for at in sorted(data.draw(st.lists(st.integers(0, len(secret)), min_size=1, max_size=6)), reverse=True):
        secret = secret[:at] + data.draw(st.sampled_from(UNSEEN)) + secret[at:]
    before, after = (
        data.draw(st.sampled_from(["", "❤\ufe0f ", "👩\u200d💻 well\n" * 900, "words \u200b" * 60])) for _ in "ab"
    )
    clean = re.sub(r"\[REDACTED:[a-z-]+\]", "", plain(Redactor().redact(f"{before}see {secret} there{after}")))
    value = VALUES[rule]
    left = [piece for piece in pieces(value, min(8, len(value))) if piece in clean]
    assert not left, clean[-200:]


@pytest.mark.parametrize("before", ["", "naïve ", "❤\ufe0f ", "说明：中文，" * 900])
@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("ghp＿" + "A1b2C3d4E5" * 4, "[REDACTED:github-token]"),
        ("sk－ant-api03-" + "A1b2C3d4E5" * 4, "[REDACTED:anthropic-key]"),
        ("password：hunter2hunter2", "password：[REDACTED:password]"),
        ("password ： hunter2hunter2", "password ： [REDACTED:password]"),
        ("password\u00a0：hunter2hunter2", "password\u00a0：[REDACTED:password]"),
        ("password：❤hunter2hunter2", "password：[REDACTED:password]"),
        ("DB_PASSWORD＝hunter2hunter2", "DB_PASSWORD＝[REDACTED:password]"),
        ("mira.holm＠fastmail.com", "[REDACTED:email]"),
    ],
)
def test_a_wide_sign_hides_nothing(before, text, clean):
    assert Redactor().redact(f"{before}{text} 完") == f"{before}{clean} 完"


@pytest.mark.parametrize(
    "text",
    [
        "我们用 Redis：很快，还有 token：无",
        "ver 3～5；a／b：c",
        "见 README：https://example.org",
        "token：无需配置任何内容，password：我们没有使用密码",
        "API key：❤ required",
    ],
)
def test_wide_punctuation_stays_as_it_was_typed(text):
    assert Redactor().redact(text) == text


@pytest.mark.parametrize("sign", UNSEEN)
def test_the_rest_of_a_text_stays_as_it_was_typed(sign):
    token = "ghp_" + "A1b2C3d4E5" * 4
    text = f"❤\ufe0f a{sign}b, naïve {token[:20]}{sign}{token[20:]} می\u200cخواهم c{sign}d"
    torn = f"{token[:20]}{sign}{token[20:]}"
    assert Redactor().redact(text) == text.replace(torn, "[REDACTED:github-token]")


def test_a_secret_with_something_unseen_in_it_has_the_mark_of_the_secret():
    token = "ghp_" + "A1b2C3d4E5" * 4
    redactor = Redactor(KEY)
    whole, torn = redactor.redact(token), redactor.redact(f"{token[:20]}\u200b{token[20:]}")
    assert whole == torn
    allowed = set(redactor.taken)
    assert len(allowed) == 1
    text = f"see {token[:20]}\u200b{token[20:]} there"
    assert Redactor(KEY, permits=lambda kind, value: value == token).redact(text) == text


def letters(size):
    """Return that many characters of a key, with no part twice."""
    chars, number, made = string.ascii_letters + string.digits, 1, []
    for _ in range(size):
        number = number * 48271 % 0x7FFFFFFF
        made.append(chars[number % 62])
    return "".join(made)


def jwt(size):
    return "eyJhbGciOiJIUzI1NiJ9" + letters(600) + ".eyJ" + letters(size) + "." + letters(80)


def pem(size):
    body = letters(size)
    lines = "\n".join(body[at : at + 64] for at in range(0, size, 64))
    return f"-----BEGIN RSA {'PRIVATE'} KEY-----\n{lines}\n-----END RSA {'PRIVATE'} KEY-----"


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([jwt(300), jwt(3_900), jwt(18_000), pem(900), pem(6_000), pem(18_000)]), st.data())
def test_a_long_secret_goes_whole_wherever_it_is_taken_apart(secret, data):
    whole = secret
    places = data.draw(
        st.lists(st.integers(1, len(secret) - 1) | st.sampled_from([3, 14, len(secret) - 9]), min_size=1, max_size=5)
    )
    for at in sorted(places, reverse=True):
        secret = secret[:at] + data.draw(st.sampled_from(UNSEEN)) + secret[at:]
    filler = "what was printed here is well known\n" * data.draw(st.sampled_from([1, 400]))
    clean = plain(Redactor().redact(f"{filler}{secret}\n{filler}"))
    parts = whole.split("\n")[1:-1] if "\n" in whole else pieces(whole, 40)
    assert not [part for part in parts if len(part) >= 12 and part in clean]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 3), st.sampled_from([8_000, 15_000]), st.sampled_from(UNSEEN))
def test_a_long_private_key_of_odd_lines_goes_up_to_its_torn_last_line(which, size, sign):
    lines = pem(size).split("\n")
    odd = [lines[0], *(f"{line[:30]} and words {line[30:40]}" for line in lines[1:-1]), lines[-1]]
    for at in ([0], [-1], [0, -1], [0, len(odd) // 2, -1])[which]:
        odd[at] = odd[at][:20] + sign + odd[at][20:]
    clean = plain(Redactor().redact("\n".join(["before", *odd, "after"])))
    assert clean == "before\n[REDACTED:private-key]\nafter"


@given(
    st.lists(
        st.lists(
            st.sampled_from([*SIGNS, "password: ", "hunter2hunter2 ", *(rule.example for rule in ONE_LINE[:40])]),
            max_size=6,
        ).map("".join),
        max_size=8,
    )
)
@example(["\u200b", "GOCSPX-" + "A1b2C3d4E5" * 3 + "：❤password: "])
def test_texts_of_a_session_are_redacted_each_by_itself_with_what_is_unseen_in_them(texts):
    session = Session("a", "b", tuple(Event("reply", 1, "assistant", text=text) for text in texts))
    alone = [Redactor().redact(text) for text in texts]
    assert [event.text for event in redact_session(session, Redactor()).events] == alone


@pytest.mark.parametrize(
    "texts",
    [
        ["the password:", "hunter2hunter2"], ["DB_PASSWORD=", "hunter2hunter2"], ["the password", "is: hunter2hunter2"],
        ["machine x.org login", "mira password hunter2"], ["machine x.org login mira", "password hunter2hunter2"],
        ["phone:", "555 0142 99"], ["version", "52.95.110.1"], ["Authorization:", "Bearer " + "A1b2C3d4E5" * 2],
        ["Cookie: a=bcdefgh12;", "d=e1234567"], ["api_key =", '"A1b2C3d4E5A1b2C3d4E5"'], ["Project", "Falcon"],
    ],
)  # fmt: skip
def test_nothing_is_read_over_the_border_between_two_texts(texts):
    session = Session("a", "b", tuple(Event("reply", 1, "assistant", text=text) for text in texts))
    hidden = redact_session(session, Redactor(words=("Project Falcon",)))
    assert [event.text for event in hidden.events] == [Redactor().redact(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    ["a\u200b" * 60_000, "ghp_A1\u200b" * 20_000, "eyJ\u200b.eyJ" * 16_000, f"-----BEGIN RSA {'PRIVATE'} KEY\u200b-----" * 4_000, "\x07a" * 60_000],
    ids=["letters", "tokens", "long tokens", "keys", "controls"],
)  # fmt: skip
def test_many_unseen_characters_take_no_more_than_linear_time(text):
    start = time.process_time()
    Redactor().redact(text)
    assert time.process_time() - start < 8


def test_what_a_person_writes_by_hand_is_not_read_in_this_way():
    assert redact("Ship it ❤\ufe0f") == ("Ship it ❤\ufe0f", {})
