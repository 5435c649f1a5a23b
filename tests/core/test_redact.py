"""Redaction: each rule by its example and counter-example, and the properties that hold for all of them."""

import hashlib
import os
import re
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.personal_rules import PERSONAL
from session_journal.core.redact import Redactor, fingerprint, hide_homes, redact, redact_all, secrets
from session_journal.core.rule_index import Index
from session_journal.core.rules import Rule
from session_journal.core.secret_rules import RULES

KINDS = [rule.kind for rule in RULES]


def key(*parts):
    return "".join(parts)


GITHUB = key("gh", "p_", "A1b2C3d4E5" * 4)


LONG = "".join(hashlib.sha256(bytes((number,))).hexdigest() for number in range(30))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (key("Authorization: ", "Bearer ", LONG[:30], "\\/", LONG[30:1200]), "Authorization: [REDACTED:authorization]"),
        (key("Cook", "ie: sid=", LONG[:20], "\\u003d", LONG[20:900]), "Cookie: [REDACTED:cookie]"),
        (key("ey", "JhbGciOiJIUzI1NiJ9\\u002eeyJ", LONG[:1500]), "[REDACTED:jwt]"),
        (key("ey", "JhbGciOiJIUzI1NiJ9.eyJ", LONG[:60], "\n", LONG[60:1500]), "[REDACTED:jwt]"),
        (key("ey", "JhbGciOiJIUzI1NiJ9.eyJ", LONG[:700], "\n", LONG[700:1400], "\n", LONG[1400:1900]), "[REDACTED:jwt]"),
    ],
    ids=["slash", "sign", "dot", "short line", "long lines"],
)  # fmt: skip
def test_a_long_secret_goes_whole_however_far_from_its_end_it_is_broken(text, clean):
    before = "it is all in here: "
    assert redact(f"{before}{text} there")[0].replace("Bearer [", "[") == f"{before}{clean} there"


@pytest.mark.parametrize("rule", RULES, ids=KINDS)
def test_each_rule_replaces_its_example_and_nothing_around_it(rule):
    text, counts = redact(f"before {rule.example} after")
    assert f"[REDACTED:{rule.kind}]" in text
    assert counts[rule.kind] == 1
    assert text.startswith("before ")
    assert text.endswith(" after")


@pytest.mark.parametrize("rule", RULES, ids=KINDS)
def test_each_rule_leaves_its_counterexample_alone(rule):
    assert redact(rule.counterexample) == (rule.counterexample, {})


def test_every_kind_has_one_rule():
    assert len(KINDS) == len(set(KINDS))


@pytest.mark.parametrize(
    "text",
    [
        "commit 5baba5e8f0d1c2b3a4958677685a4b3c2d1e0f9a",
        "id 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "session 0a76fbfe-d767-433e-b4b1-a39e044f21e8",
        "call toolu_01QsjUKj2qiHGGqN8tpRTCRh of msg_01QsjUKj2qiHGGqN8tpRTCRh, request req_011CXJqfBdHc4XoEM4owuAdu",
        "https://github.com/org/repo/pull/181#discussion_r123",
        "git@github.com:org/repo.git and ssh://git@example.org:22/repo",
    ],
)
def test_hashes_ids_and_addresses_are_no_secrets(text):
    assert redact(text) == (text, {})


def test_the_whole_private_key_goes_even_when_its_end_is_missing():
    whole = key("-----BEGIN OPENSSH PRIV", "ATE KEY-----\nb3BlbnNzaC1rZXk\nAAAA")
    assert redact(whole)[0] == "[REDACTED:private-key]"
    assert redact(whole + key("\n-----END OPENSSH PRIV", "ATE KEY-----\nmore"))[0] == "[REDACTED:private-key]\nmore"


def test_a_password_in_an_address_goes_and_the_address_stays_readable():
    text, _ = redact(key("postgres://app:", "hunter2", "@db.example.org:5432/app"))
    assert text == "postgres://app:[REDACTED:url-password]@db.example.org:5432/app"


def test_the_same_secret_twice_is_counted_twice():
    text, counts = redact(f"{GITHUB}\n{GITHUB}")
    assert text == "[REDACTED:github-token]\n[REDACTED:github-token]"
    assert counts == {"github-token": 2}


def test_letters_that_grow_when_lowered_do_not_shift_what_is_cut_out():
    text, counts = redact("İİİ " + key("Authorization: ", "Bearer ", "A1b2C3d4E5" * 2) + " İ")
    assert text == "İİİ Authorization: Bearer [REDACTED:authorization] İ"
    assert counts == {"authorization": 1}


@given(st.text(max_size=80), st.sampled_from(RULES), st.text(max_size=80))
def test_redacting_twice_changes_nothing_more(before, rule, after):
    once, _ = redact(f"{before} {rule.example} {after}")
    assert redact(once) == (once, {})


@pytest.mark.parametrize(
    "text",
    [
        ("://" + "a" * 30 + ":" + "-----BEGIN " + "api_key=" + "Bearer ") * 4_000,
        "-sk-key" * 40_000,
        f"{'word ' * 12}x\\n      + // " * 8_000,
        "hookey-u token: " * 16_000,
    ],
    ids=["keywords", "dashes in one run of letters", "ends of lines", "words that share a letter"],
)
def test_many_keywords_without_a_secret_stay_fast(text):
    start = time.perf_counter()
    redact(text)
    assert time.perf_counter() - start < 5


FILLER = "all is well here\n" * 400


@given(
    st.text(max_size=40),
    st.sampled_from((*RULES, *PERSONAL)),
    st.sampled_from(["", " ", "-", "\\n", ", ", "://", "token"]),
)
def test_a_long_text_is_searched_as_a_short_one(before, rule, sign):
    """The words of rules are looked for in another way there."""
    text = f"{before}\n{sign}{rule.example}{sign}"
    assert Redactor().redact(FILLER + text) == FILLER + Redactor().redact(text)
    assert redact(FILLER + text)[0] == FILLER + redact(text)[0]


WORDS = ("key", "token", "hook", "cookie", "pass", "pwd", "secret", "auth", "acme", "kek", "-u", "sig")


@given(st.lists(st.sampled_from([*WORDS, "s", "=", ": ", '":', " 12,", "}", " is ", "-", "x", "_", "\n"]), max_size=30))
def test_words_that_run_into_each_other_are_all_found_in_a_long_text(parts):
    """A word is left out only where no rule that goes with it can apply."""
    rules = [Rule("a", (word,), f"(?:{re.escape(word)})", (word,), "") for word in WORDS]
    assigned = [Rule("b", (word,), f"(?:{re.escape(word)})", (word,), "", assigned=True) for word in WORDS]
    text = "".join(parts)
    for index in (Index(rules), Index(assigned)):
        short = {(start, end, rule) for start, end, rule in index.spans(text)}
        long = {(start - len(FILLER), end - len(FILLER), rule) for start, end, rule in index.spans(FILLER + text)}
        assert short == {span for span in long if span[0] >= 0}


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("/Users/mira/code/x.py", "~/code/x.py"),
        ("see /home/mira/x", "see ~/x"),
        (r"C:\Users\mira\code", r"~\code"),
        ("/Users/Shared/tool", "/Users/Shared/tool"),
        ("https://example.org/home/page", "https://example.org/home/page"),
    ],
)
def test_home_folders_lose_their_owner(text, hidden):
    assert hide_homes(text) == hidden


def test_values_are_redacted_through_and_through():
    counts = {}
    value = redact_all({"tags": [GITHUB], "path": ("/home/mira/x", 3, None)}, counts)
    assert value == {"tags": ["[REDACTED:github-token]"], "path": ("~/x", 3, None)}
    assert counts == {"github-token": 1}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_what_is_kept_stays_as_it_was_and_is_not_counted(rule):
    text = f"before {rule.example} after\n"
    assert redact(text, lambda kind, value: True) == (text, {})
    assert redact(text, lambda kind, value: False) == redact(text)
    assert [secret.kind for secret in secrets(text)] == list(redact(text)[1])


def test_a_value_beside_one_that_is_kept_is_taken_out():
    other = GITHUB[:-1] + "z"
    text = f"{GITHUB} {other} [REDACTED:github-token:0]"
    kept, counts = redact(text, lambda kind, value: value == GITHUB)
    assert kept == f"{GITHUB} [REDACTED:github-token] [REDACTED:github-token:0]"
    assert counts == {"github-token": 1}


def test_a_token_after_a_dash_goes_also_where_the_dash_begins_the_text():
    assert redact(f"-{GITHUB}")[0] == "-[REDACTED:github-token]"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{"input_tokens": 1024, "auth_token": "A1b2C3d4E5f6G7h8"}', '"auth_token": "[REDACTED:token]"'),
        ('{"auth_token": 12345678901234567890}', '"auth_token": 12345678901234567890'),
        ('{"auth_token": 1234abcd5678efgh}', '"auth_token": [REDACTED:token]'),
        ('{"auth_token": "1234,abcd5678efgh"}', '"auth_token": "[REDACTED:token]"'),
    ],
)
def test_a_count_of_tokens_is_none_and_what_only_begins_like_a_number_may_be_one(text, kept):
    assert kept in redact(text)[0]


@pytest.mark.parametrize("before", ["", "a@b c@d ", "see http://x.example/y then ask a@b ", "a" * 400 + "@ ", "://@"])
def test_a_password_in_a_url_is_found_whatever_stands_before_it(before):
    url = "postgres://" + key("app:", "hunter2") + "@db.example.org"
    clean, counts = redact(f"{before}{url} and {url}, x@y")
    assert clean.endswith("[REDACTED:url-password]@db.example.org, x@y")
    assert counts == {"url-password": 2}


def test_a_password_in_a_url_may_stand_as_far_from_its_sign_as_the_rule_reaches():
    name = "n" * 70
    assert redact(f"postgres://{name}:{'p4' * 100}@db.example.org")[1] == {"url-password": 1}


@pytest.mark.parametrize(
    "margin", ["", "    ", "│ ", "> ", "> + ", "+", "- ", "// ", "# ", "  * // ", "\\u2502 ", "  ⎿  "]
)
@pytest.mark.parametrize("cut", [12, 24, 38])
def test_a_token_that_a_terminal_broke_goes_whatever_the_next_line_begins_with(margin, cut):
    line = f"{'the output of the deployment was: ':>50}{GITHUB[:cut]}"
    clean, counts = redact(f"{line}\n{margin}{GITHUB[cut:]} and more\nnext")
    assert counts == {"github-token": 1}
    assert not any(GITHUB[at : at + 8] in clean for at in range(4, len(GITHUB) - 8))


@pytest.mark.parametrize("rule", [rule for rule in (*RULES, *PERSONAL) if not rule.instead], ids=lambda rule: rule.kind)
@pytest.mark.parametrize("frame", ["{}", 'the key is "{}", said a@fastmail.com', "password={}\n"])
def test_what_was_taken_out_stays_when_its_fingerprints_are_allowed(rule, frame):
    secret = b"k" * 32
    first = Redactor(secret)
    text = frame.format(rule.example)
    clean = first.redact(text)
    assert rule.kind in {kind for kind, _ in first.taken.values()} or "password" in frame
    assert all(mark in clean for _, mark in first.taken.values())
    second = Redactor(secret, permits=lambda kind, value: fingerprint(value, secret) in first.taken)
    assert (second.redact(text), second.counts, second.taken) == (text, {}, {})


HIDING = '> File "~/Projects joe.may@fastmail.com /ai mi\\n> ra.holm@fastmail.com der/main.py", line 38, in guessed\\n'
"""The second address is found when the first one is gone."""


@pytest.mark.parametrize("before", [0, 1, 29_000, 61_000, 150_000])
@pytest.mark.parametrize("between", [0, 4_000, 58_000, 64_000, 200_000])
def test_what_hid_behind_a_secret_is_found_anywhere_in_a_long_text(before, between):
    alone = Redactor().redact(HIDING)
    assert "fastmail" not in alone

    def filler(size):
        return ("all is well here\n" * (size // 17 + 1))[:size] + "\n"

    text, clean = (filler(before) + part + filler(between) + part + filler(before) for part in (HIDING, alone))
    redactor = Redactor()
    assert redactor.redact(text) == clean
    assert redactor.counts == {"email": 4}


def test_nothing_is_found_where_a_part_of_a_long_text_begins_or_ends():
    word = "a" * 100 + GITHUB + "a" * 100  # no token stands in the middle of a word
    for size in (*range(3_800, 6_200, 20), *range(29_800, 31_200, 40)):
        text = f"{word} {'x' * size} a@fastmail.com {'x' * size} {word}"
        assert Redactor().redact(text) == text.replace("a@fastmail.com", "[REDACTED:email]")


def test_a_fingerprint_depends_on_value_and_key():
    marks = {fingerprint(value, key) for value in ("a", "b") for key in (b"k" * 32, b"l" * 32)}
    assert len(marks) == 4
    assert all(len(mark) == 16 for mark in marks)


def test_an_ordinary_note_or_entry_loads_no_regular_expressions():
    text = (
        '---\nid: "0497a8230211ff1f070fd4e4e4b51eb7"\ntitle: Fix it\ncreated: 2026-11-27T13:50:38.911575+00:00\n'
        "updated: 2026-11-27T13:50:38.911575+00:00\n---\n\n## Key takeaways\n\n<!-- what holds beyond today -->\n"
    )
    code = f"import sys\nfrom session_journal.core.redact import redact\nredact({text!r})\nprint('re' in sys.modules)"
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}  # it loads much itself
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout == "False\n"
