"""Private keys: where one ends, and how far is looked for that."""

from __future__ import annotations

import pytest

from session_journal.core.key_blocks import BORDER, STOP, find_key

BEGIN = f"-----BEGIN RSA {'PRIVATE'} KEY-----"


class Read(str):
    """A text that counts the characters in which something is looked up and those that are copied out of it."""

    __slots__ = ()
    count = 0

    def find(self, sign, start=0, end=None):
        at = super().find(sign, start, end)
        Read.count += (len(self) if end is None else end) - start if at < 0 else at - start
        return at

    def __getitem__(self, part):
        piece = super().__getitem__(part)
        Read.count += len(piece)
        return piece


@pytest.mark.parametrize("line", ["", "\nMIIEowI", "\nMIIEowI\n-----END", " \n MIIEowI\n\n"])
def test_the_end_of_a_key_is_looked_for_no_farther_than_keys_are_long(line):
    text = Read((BEGIN + line) * 6_000)
    for at in range(BEGIN.index("KEY"), 40 * len(BEGIN + line), len(BEGIN + line)):
        Read.count = 0
        assert find_key(text, at)
        assert Read.count <= 45_000


@pytest.mark.parametrize("ending", ["", "\nMIIEowI", "\n12\t", "\n12: ", "\nMIIEowI\n 7| ", "\nProc-Type: 4"])
def test_no_key_goes_over_the_border_between_two_texts(ending):
    text = f"{BEGIN}{ending}{BORDER}MIIEowIBAAKCAQEAx7\n-----END RSA {'PRIVATE'} KEY-----"
    where = find_key(text, BEGIN.index("KEY"))
    assert where
    assert len(BEGIN) <= where[1] <= text.index(STOP)
