"""What is known of statements and their likeness comes back as it was, or not at all."""

from __future__ import annotations

import random
import re
import zlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from session_journal.core.patterns import MANY, Memory, Statement, find, words
from session_journal.core.patterns.contrary import claims
from session_journal.store.known import _READERS, keep, recall

DAY = date(2026, 11, 9)


def stated(count):
    """Return so many random statements, two a day, some with numbers, denials and names in them."""
    chance = random.Random(3)
    words = [f"word{number}" for number in range(500)] + ["not", "3.3.0", "`find_session`", "linter"]
    return [
        Statement(
            f"e{number}", f"s/{number}.md", f"s{number}", DAY + timedelta(days=number // 2), "shop",
            "challenge" if number % 9 == 0 else "takeaway", " ".join(chance.choices(words, k=6)),
        )
        for number in range(count)
    ]  # fmt: skip


STATEMENTS = stated(MANY + 50)


@pytest.fixture(scope="module")
def memory():
    made = Memory()
    find(STATEMENTS, memory=made)
    return made


@pytest.fixture
def place(tmp_path, memory):
    path = str(tmp_path / "cache" / "known")
    keep(path, memory)
    return path


def test_what_is_recalled_is_what_was_kept(place, memory):
    found = recall(place)
    assert found.terms == memory.read
    assert found.compared == memory.compared
    assert memory.compared["said"].holders
    assert found.mild == memory.met_mild != set()
    assert not any(map(claims, found.mild))


def test_a_search_that_recalls_has_nothing_more_to_keep(place):
    found = recall(place)
    find(STATEMENTS, memory=found)
    assert not found.changed


@pytest.mark.parametrize("damage", [b"", b"torn", b"00000000\n{}", b"a3\n{}", b"\xff\n\xff"])
def test_what_is_torn_counts_as_nothing(place, damage):
    Path(place).write_bytes(damage)
    assert recall(place) == Memory()


@pytest.mark.parametrize("text", [b"[]", b"{}", b'{"form": 1}'])
def test_whole_files_of_another_form_count_as_nothing(place, text):
    Path(place).write_bytes(b"%08x\n%b" % (zlib.crc32(text), text))
    assert recall(place) == Memory()


def test_what_the_reading_of_terms_is_made_of_is_part_of_the_form():
    source = Path(words.__file__).read_text(encoding="utf-8")
    used = {
        name.replace(".", "/")
        for name in re.findall(r"^from session_journal\.core\.([\w.]+) import", source, re.MULTILINE)
    }
    assert used | {"patterns/words"} <= set(_READERS)


def test_where_nothing_can_be_kept_nothing_is(tmp_path, memory):
    (tmp_path / "file").write_text("", encoding="utf-8")
    keep(str(tmp_path / "file" / "known"), memory)
    assert recall(str(tmp_path / "file" / "known")) == Memory()
