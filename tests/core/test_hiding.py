"""Redaction of what transcripts say: secrets wherever and however they are written, personal data, private parts."""

from __future__ import annotations

import json
import re
import re._parser as parser  # type: ignore[import-not-found]

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from session_journal.core import key_blocks, secret_words, wraps
from session_journal.core.events import Event, Session
from session_journal.core.hiding import redact_session
from session_journal.core.personal_rules import PERSONAL
from session_journal.core.redact import Redactor, redact
from session_journal.core.secret_rules import RULES
from session_journal.core.text import clip, cut, fold
from session_journal.core.token_rules import TOKENS

KEY = b"k" * 32
ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
ONE_LINE = [rule for rule in RULES if "\n" not in rule.example]


def hide(text, **options):
    return Redactor(**options).redact(text)


def value_of(rule):
    """Return the part of a rule's example that is the secret itself."""
    clean = redact(rule.example)[0]
    marker = f"[REDACTED:{rule.kind}]"
    before, _, after = clean.partition(marker)
    return rule.example[len(before) : len(rule.example) - len(after)]


def pieces(secret, size=10):
    return [secret[at : at + size] for at in range(0, len(secret) - size + 1, size)] or [secret]


# --- personal data --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", PERSONAL, ids=[f"{rule.kind}-{at}" for at, rule in enumerate(PERSONAL)])
def test_each_personal_rule_hides_its_example_and_leaves_its_counterexample_alone(rule):
    hidden = rule.instead or f"[REDACTED:{rule.kind}]"
    assert hide(f"before {rule.example} after").replace("phone: ", "") == f"before {hidden} after"
    assert hide(rule.counterexample) == rule.counterexample


@pytest.mark.parametrize(
    "text",
    [
        "+1 (415) 555-2671", "+14155552671", "415-555-2671", "0170/1234567", "020 7946 0958", "07700 900123",
        "root@52.95.110.1", "http://52.95.110.1:80/x", "2606:4700:4700::1111", "2a00:1450::5555", "3782 822463 10005",
        "5555-5555-5555-4444", "GB82WEST12345698765432", "a.b+c@mail.co.uk", r"C:\Users\mira", r"C:\\Users\\mira",
        r"\/home\/mira", "/Users/mira", r"all\n/home/mira", r"all\t\/Users\/mira",
    ],
)  # fmt: skip
def test_personal_data_goes_in_its_usual_forms(text):
    assert not set(re.findall(r"\d{4,}|mira|mail\\.", hide(f"see {text} there"))), hide(f"see {text} there")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T14:05:33.123Z took 1732111533123 ms and 12345678 bytes, see lines 120-4500",
        "sha512-3AfKlaWm8Yv0Q6Z8Qm9Vb2mP5sDq7C1y9o5w2uYq6r3T4x8z1A2b3C4d5E6f7G8h9I0jKlMnOpQrStUv==",
        "5baba5e8f0d1c2b3a4958677685a4b3c2d1e0f9a 0a76fbfe-d767-433e-b4b1-a39e044f21e8 toolu_01QsjUKj2qiHGGqN8tpRTCRh",
        "at 52.520008, 13.404954; v1.2.3.4; 10.0.0.1; 192.168.1.20:8080; 0.0.0.0; fe80::1; std::string::npos",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
        '"input_tokens": 12345678, "cache_read_input_tokens": 987654321, "max_tokens": 4096',
        "key = lambda entry: entry.name; tokens = text.split(); password: str = Field(default=None)",
        "the token is read from os.environ['API_TOKEN'] and the password from getpass.getpass()",
        "author: Jane, cookie consent, secret sauce, keyboard layout, authorization is done by the gateway",
        "if (token === undefined || password == null) { secret = generateSecret(); }",
    ],
)  # fmt: skip
def test_what_programs_print_every_day_stays(text):
    assert hide(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("DB_PASSWORD=hunter2hunter2", "hunter2hunter2"), ('password: "correct horse battery 9"', "correct horse battery 9"),
        ('{"password":"S3cr3t!pass"}', "S3cr3t!pass"), ("--password S3cretPass1 --host x", "S3cretPass1"),
        ("export API_KEY=abc123def456ghi789", "abc123def456ghi789"), ("<password>S3cretPw9</password>", "S3cretPw9"),
        ('SECRET_KEY = "django-insecure-a8f$k2!9xq"', "django-insecure-a8f$k2!9xq"), ("the password is hunter2.", "hunter2"),
        ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA=="), ("redis://:s3cr3tpw@host:6379", "s3cr3tpw"),
        ("curl -u admin:S3cret https://x", "S3cret"), ("X-API-Key: 0123456789abcdef0123456789abcdef", "0123456789abcdef"),
        ("Set-Cookie: session=abcdef123456; Path=/", "abcdef123456"), ("postgres://u:p@ss1word@db/x", "p@ss1word"),
        ("machine x.org\n  login mira\n  password s3cr3tpw1", "s3cr3tpw1"),
        ("AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==", "Eby8vdM02x"),
    ],
)  # fmt: skip
def test_a_value_beside_a_credential_word_goes_in_the_usual_notations(text, value):
    assert value not in hide(text)


@pytest.mark.parametrize(
    "text",
    [
        'token: "changeme"', "password: <your-password>", "API_KEY=${API_KEY}", "if password == user.password:",
        'password := os.Getenv("DB_PASS")', "SECRET_KEY = config('SECRET_KEY')", "token = await next_token(stream)",
        "api_key: str | None = None", "password=password", "secret: xxxxxxxx", "credentials: same-origin",
    ],
)  # fmt: skip
def test_placeholders_and_code_beside_a_credential_word_stay(text):
    assert hide(text) == text


@pytest.mark.parametrize("char", ["\u2060", "\u200b", "\u00ad", "\u202e", "\U000e0041", "\ufe0f"])
@pytest.mark.parametrize("secret", ["ghp_" + ALNUM[:36], "anna@example-mail.org", "Acme"])
def test_what_nobody_sees_hides_no_secret(char, secret):
    """Whoever copies it, or strips such characters, has the secret again."""
    torn = char.join(secret)
    assert char not in (clean := hide(f"see {torn} there", words=("Acme",)))
    assert re.fullmatch(r"see \[REDACTED:[\w-]+\] there", clean)


def test_wide_letters_hide_no_word():
    assert hide("Ａｃｍｅ の 契約", words=("Acme",)) == "[REDACTED:hidden-word] の 契約"
    assert hide("ＡＢＣ（第３回）", words=("Acme",)) == "ＡＢＣ（第３回）"


def test_what_hides_nothing_stays_as_it_was_typed():
    text = "❤\ufe0f 👩\u200d💻 می\u200cخواهم naïve"
    assert hide(text) == text


def test_a_text_with_unseen_characters_is_hidden_among_others():
    token = "ghp_" + ALNUM[:36]
    events = [
        Event("prompt", 1, "user", text="Ship it ❤\ufe0f"),
        Event("reply", 2, "assistant", text=f"It is {token[:9]}\u2060{token[9:]}"),
        Event("command", 3, "assistant", target=f"curl -H {token}"),
    ]
    hidden = redact_session(Session("a", "s", tuple(events)), Redactor()).events
    assert [hidden[0].text, hidden[1].text] == ["Ship it ❤\ufe0f", "It is [REDACTED:github-token]"]
    assert token not in hidden[2].target


def test_words_to_hide_go_whole_and_in_any_case():
    words = ("Acme", "Project Falcon", "Müller")
    text = "ACME and acme-corp, academe; project\n falcon; MÜLLER GmbH"
    assert hide(text, words=words) == (
        "[REDACTED:hidden-word] and [REDACTED:hidden-word]-corp, academe; [REDACTED:hidden-word]; [REDACTED:hidden-word] GmbH"
    )
    assert redact("for Acme", words=("Acme",)) == ("for [REDACTED:hidden-word]", {"hidden-word": 1})


@pytest.mark.parametrize(
    "mark",
    [
        "<private>{}</private>", r"\u003cprivate\u003e{}\u003c/private\u003e", "&lt;private&gt;{}&lt;/private&gt;",
        r"<private>{}<\/private>", "<private>{}",
    ],
)  # fmt: skip
def test_private_parts_go_also_where_their_marks_are_escaped(mark):
    assert "my own affair" not in hide(f"before {mark.format('my own affair')} after")
    assert hide(f"before {mark.format('x')}").startswith("before ")


def test_what_a_person_writes_by_hand_keeps_addresses():
    text = "ask mira@fastmail.com, +49 170 1234567, /home/mira"
    assert redact(text) == (text, {})
    assert "fastmail" not in hide(text)


# --- marks ----------------------------------------------------------------------------------------------------------


def test_the_same_secret_has_the_same_mark_and_another_key_another_one():
    one, other = value_of(TOKENS[0]), value_of(TOKENS[0])[:-1] + "z"
    first = hide(f"{one} {other} {one}", key=KEY).split("] ")
    assert re.fullmatch(r"\[REDACTED:github-token [0-9a-f]{4}", first[0])
    assert first[0] == first[2].rstrip("]") != first[1]
    assert hide(one, key=b"l" * 32) != hide(one, key=KEY)


def test_personal_data_has_no_mark():
    text = " ".join(rule.example for rule in PERSONAL if not rule.instead)
    assert re.findall(r"REDACTED:[a-z-]+ ", hide(text, key=KEY)) == []


@given(st.text(max_size=60), st.sampled_from([*RULES, *PERSONAL]), st.text(max_size=60))
def test_redacting_a_second_time_changes_nothing(before, rule, after):
    once = hide(f"{before} {rule.example} {after}", key=KEY)
    assert hide(once, key=KEY) == once


def test_what_is_allowed_stays_and_is_not_counted():
    token = value_of(TOKENS[0])
    redactor = Redactor(KEY, permits=lambda kind, value: value == token)
    assert redactor.redact(f"{token} {token[:-1]}z").startswith(f"{token} [REDACTED:github-token ")
    assert redactor.counts == {"github-token": 1}


# --- secrets that something broke -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ONE_LINE, ids=lambda rule: rule.kind)
def test_a_secret_inside_json_goes(rule):
    for text in (json.dumps({"out": rule.example}), json.dumps(json.dumps({"out": f"\n{rule.example}\n"}))):
        assert value_of(rule) not in hide(text), text


@pytest.mark.parametrize("rule", TOKENS, ids=lambda rule: rule.kind)
@pytest.mark.parametrize("escape", [r"\u{:04x}", r"\x{:02x}"])
def test_a_token_with_escaped_characters_goes(rule, escape):
    secret = value_of(rule)
    middle = len(secret) // 2
    text = f'{{"a": "{secret[:middle]}{escape.format(ord(secret[middle]))}{secret[middle + 1 :]}"}}'
    clean = hide(text)
    assert secret[:middle] not in clean
    assert secret[middle + 1 :] not in clean


@pytest.mark.parametrize("rule", TOKENS, ids=lambda rule: rule.kind)
@given(
    width=st.integers(60, 120),
    offset=st.integers(0, 50),
    frame=st.sampled_from(["{}\n", "  {}\n", "│ {} │\n", "  │ {} │\n", "{}\\n"]),
)
def test_a_token_that_a_terminal_wrapped_goes(rule, width, offset, frame):
    secret = value_of(rule)
    line = "x" * offset + " export T=" + secret + " and more"
    rows = [line[at : at + width] for at in range(0, len(line), width)]
    clean = hide("".join(frame.format(row) for row in rows))
    left = [piece for piece in pieces(secret) if piece in clean]
    assert not left or max(map(len, left)) < 10 or len(secret) < 20, clean


@pytest.mark.parametrize("edge", ["", " ", " \\u2502", "\\u2502"])
@pytest.mark.parametrize("margin", ["", "  ", "> ", "\\u2502 "])
@pytest.mark.parametrize("rest", [1, 4, 6, 12, 30])
def test_the_rest_of_a_token_goes_behind_an_escaped_end_of_line_however_short_it_is(edge, margin, rest):
    token = value_of(TOKENS[0])
    text = f"{'what the deployment printed: ' * 2}{token[:-rest]}{edge}\\n{margin}{token[-rest:]} and more"
    clean = hide(text)
    assert clean.startswith(f"{'what the deployment printed: ' * 2}[REDACTED:github-token]")
    assert clean.endswith("] and more")


def test_what_follows_a_token_at_a_lines_end_stays():
    token = value_of(TOKENS[0])
    text = f"the variable GITHUB_TOKEN was set to {token}\nDATABASE_URL=sqlite:///x\nand then it went on"
    assert hide(text) == (
        "the variable GITHUB_TOKEN was set to [REDACTED:github-token]\nDATABASE_URL=sqlite:///x\nand then it went on"
    )


BODY = "\n".join("MIIEowIBAAKCAQEA1c7+9z5Pad7OejecsQ0bu3aozN3tihPmljnnudb9G3HECdnH" for _ in range(12))
PEM = f"-----BEGIN {'RSA'} PRIVATE KEY-----\n{BODY}\nQ0bu3aoz\n-----END {'RSA'} PRIVATE KEY-----"


@pytest.mark.parametrize(
    "text",
    [
        PEM, PEM.replace("\n", "\\n"), json.dumps(PEM), "\n".join(f"│ {line:<66} │" for line in PEM.split("\n")),
        "\n".join(f"+ {line}" for line in PEM.split("\n")), PEM[: len(PEM) // 2], PEM[len(PEM) // 2 :],
        "\n".join(f"  {at:>4}→{line}" for at, line in enumerate(PEM.split("\n"), 1))[:-40],
    ],
    ids=["plain", "escaped", "json", "boxed", "diff", "first half", "second half", "numbered and cut off"],
)  # fmt: skip
def test_a_private_key_goes_whole_in_whatever_form(text):
    clean = hide(f"before\n{text}\n")
    assert "MIIEow" not in clean
    assert "aozN3tihPmljnnudb9" not in clean
    assert clean.startswith("before\n")


def test_a_key_that_is_only_mentioned_takes_nothing_else_along():
    text = f'if "-----BEGIN {"RSA"} PRIVATE KEY-----" in text: return True # and everything else in this function'
    assert hide(text).endswith('" in text: return True # and everything else in this function')


def test_putty_and_pgp_keys_are_keys():
    putty = "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAAB3NzaC1yc2E9zz\nPrivate-Lines: 1\nAAAAgQC7x9zz\nPrivate-MAC: 0a1b2c"
    pgp = f"-----BEGIN PGP {'PRIVATE'} KEY BLOCK-----\nVersion: 1\n\nlQOYBF1Yc2EBCAC7\n=abcd\n-----END PGP {'PRIVATE'} KEY BLOCK-----"
    assert hide(f"{putty}\nend") == "[REDACTED:private-key]\nend"
    assert hide(f"{pgp}\nend") == "[REDACTED:private-key]\nend"


# --- cuts -----------------------------------------------------------------------------------------------------------


@given(st.data())
def test_a_secret_at_a_cut_leaves_no_half(data):
    rule = data.draw(st.sampled_from(ONE_LINE))
    sep = data.draw(st.sampled_from([" ", "\n", '","']))
    filler = data.draw(st.integers(0, 30))
    before = sep.join(["lorem ipsum"] * 20)[: 180 + filler]
    text = sep.join([before, rule.example, *["dolor sit amet"] * 60])
    for short in (
        clip(text, 2 * (len(before) + data.draw(st.integers(0, len(rule.example) + 4)))),
        cut(text, len(before) + 8),
    ):
        clean = hide(short)
        assert not [piece for piece in pieces(value_of(rule)) if len(piece) >= 10 and piece in clean], short


@given(st.integers(100, 3000))
def test_a_private_key_at_a_cut_leaves_no_half(limit):
    clean = hide(clip("words of a log\n" * 20 + PEM + "\n" + "more words\n" * 40, limit))
    assert "aozN3tihPmljnnudb9" not in clean


# --- sessions -------------------------------------------------------------------------------------------------------


def test_every_text_of_a_session_is_redacted():
    token = value_of(TOKENS[0])
    event = Event("edit", 1, "assistant", text=f"+ {token}", target=f"src/{token}.py", agent=token)
    session = Session(
        "claude-code", "id", (event,), cwd=f"/home/mira/{token}", branch=f"fix/{token}", model=token, title=token,
        version=token, links=(f"https://x:{token}@example.org",),
    )  # fmt: skip
    redactor = Redactor(KEY)
    assert token not in repr(redact_session(session, redactor))
    assert "mira" not in repr(redact_session(session, redactor))
    assert redactor.counts["github-token"] > 6


@given(st.lists(st.text(max_size=40), max_size=8))
@example(["<private>", "a"])
@example(["\x1e", "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEowIBAAKCAQEA", "MIIEowIBAAKCAQEA"])
def test_texts_of_a_session_are_redacted_each_by_itself(texts):
    session = Session("a", "b", tuple(Event("reply", 1, "assistant", text=text) for text in texts))
    alone = [hide(text) for text in texts]
    assert [event.text for event in redact_session(session, Redactor()).events] == alone


# --- the patterns themselves ----------------------------------------------------------------------------------------

OTHERS = [
    pattern
    for module in (key_blocks, secret_words, wraps)
    for pattern in vars(module).values()
    if isinstance(pattern, re.Pattern)
]
PATTERNS = [rule.regex().pattern for rule in (*RULES, *PERSONAL)] + [pattern.pattern for pattern in OTHERS]


def repeats(tree):
    """Yield each repetition of a parsed pattern: how often, and the pattern that is repeated."""
    for op, given_ in tree:
        if "REPEAT" in str(op):
            yield given_[1], given_[2]
        for inner in subpatterns(given_):
            yield from repeats(inner)


def subpatterns(given_):
    """Yield the patterns inside one step of a parsed pattern."""
    for part in given_ if isinstance(given_, (tuple, list)) else ():
        if isinstance(part, parser.SubPattern):
            yield part
        else:
            yield from subpatterns(part)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_pattern_can_take_more_than_linear_time(pattern):
    for most, inner in repeats(parser.parse(pattern)):
        endless = most is parser.MAXREPEAT
        assert not (endless and list(repeats(inner))), "an endless repetition of repetitions"
        nested = [again for again, _ in repeats(inner) if again is parser.MAXREPEAT]
        assert not (most != 1 and most > 1 and nested), "a repetition of endless repetitions"


PIECES = ("ghp_A1b2C3d4E5A1b2C3d4E5", "A1b2C3d4E5A1b2C3d4E5")


@pytest.mark.parametrize("sign", ["+", "-", "# ", "// ", "* ", "> ", "-│ ", r"\u2502 "])
def test_a_token_wrapped_behind_a_sign_is_taken_out(sign):
    text = f"{sign}{'the value that was printed here is ' * 2}{PIECES[0]}\n{sign}{PIECES[1]}\n"
    assert not any(piece in Redactor().redact(text) for piece in PIECES)


def test_a_wrapped_token_is_known_still_when_its_text_was_folded_or_cut():
    text = "the value that was printed here is " * 2 + f"{PIECES[0]}\n{PIECES[1]} and\nmore\n"
    assert not any(piece in Redactor().redact(fold(text)) for piece in PIECES)
    assert fold("some words\n  and more\n") == "some words and more"
    for limit in range(60, 130):
        assert not any(piece in Redactor().redact(cut(text, limit)) for piece in PIECES)


def test_what_joins_a_call_and_its_result_shows_nothing_and_joins_them_still():
    token = "".join(PIECES)
    events = tuple(
        Event(kind, 1, role, target="x", call=call)
        for call in (f"a {token}", f"b {token}", "c")
        for kind, role in (("command", "assistant"), ("result", "tool"))
    )
    hidden = redact_session(Session("codex", f"{token}-1", events), Redactor(b"key"))
    assert token not in repr(hidden)
    assert [event.call for event in hidden.events[::2]] == [event.call for event in hidden.events[1::2]]
    assert len({event.call for event in hidden.events}) == 3
    assert hidden.id != redact_session(Session("codex", f"{token}-2", events), Redactor(b"key")).id
