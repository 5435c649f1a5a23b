"""Slugs."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from session_journal.core.slug import slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Fix flaky auth tests", "fix-flaky-auth-tests"), ("  What's up?!  ", "whats-up"), ("Größe & Maße", "grosse-masse"), ("Œuvre Ørsted Łódź", "oeuvre-orsted-lodz"),
        ("İstanbul", "istanbul"), ("日本語 テスト", "日本語-テスト"), ("Привет, Мир", "привет-мир"), ("हिन्दी में", "हिन्दी-में"), ("ﬁle №5", "file-no5"),
        ("a/b\\c:d*e", "a-b-c-d-e"), ("snake_case", "snake-case"), ("v1.2.3", "v1-2-3"), ("../../etc/passwd", "etc-passwd"),
        ("", "session"), ("🎉!!!", "session"), ("CON", "con-session"), ("nul", "nul-session"), ("COM1", "com1-session"), ("lpt¹", "lpt1-session"), ("console", "console"),
    ],
)  # fmt: skip
def test_titles_become_readable_names(text, slug):
    assert slugify(text) == slug


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_slug_is_a_safe_file_name_that_is_its_own_slug(text):
    slug = slugify(text)
    assert slug
    assert len(f"2026-11-20-{slug}-12.md".encode()) < 240
    assert not set(slug) & set('<>:"/\\|?*.\0 \n\t')
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert slug == unicodedata.normalize("NFC", slug)


def test_a_long_title_is_cut_between_words():
    assert slugify("one two three four", limit=10) == "one-two"
    assert slugify("abcdefghijklmnop", limit=10) == "abcdefghij"
    assert slugify("a bcdefghijklmnop", limit=10) == "a-bcdefghi"
    assert slugify("one two three", limit=7) == "one-two"
