"""Records behave as dataclasses do."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace

import pytest

from session_journal.core.records import record


def made(decorate):
    @decorate
    class Point:
        """A point."""

        x: int
        y: int = 2
        tags: list[str] = field(default_factory=list, hash=False)
        key: str = field(default="", repr=False)

    return Point


FROZEN, PLAIN = made(record(frozen=True, slots=True)), made(record(slots=True))


@pytest.mark.parametrize("kind", [FROZEN, PLAIN])
def test_a_record_compares_shows_and_copies_itself_as_a_dataclass(kind):
    usual = made(dataclass(slots=True))
    assert kind(1) == kind(1, 2) != kind(1, 3)
    assert kind(1, tags=["a"]) != kind(1)
    assert kind(1) != (1, 2)
    assert repr(kind(1, key="open sesame")) == repr(usual(1, key="open sesame"))
    assert "sesame" not in repr(kind(1, key="open sesame"))
    assert asdict(replace(kind(1), y=5)) == asdict(usual(1, 5))
    assert [one.name for one in fields(kind)] == ["x", "y", "tags", "key"]
    assert not hasattr(kind(1), "__dict__")


def test_only_a_frozen_record_can_be_hashed_and_by_the_fields_that_count():
    assert len({FROZEN(1), FROZEN(1), FROZEN(2)}) == 2
    assert hash(FROZEN(1, tags=["a"])) == hash(FROZEN(1))
    with pytest.raises(TypeError):
        hash(PLAIN(1))


def test_what_a_class_says_of_itself_stands_and_records_of_no_or_one_field_compare():
    @record(frozen=True, slots=True)
    class Named:
        name: str

        def __repr__(self):
            return self.name

    @record(frozen=True, slots=True)
    class Nothing:
        pass

    assert repr(Named("a")) == "a"
    assert Named("a") == Named("a") != Named("b")
    assert Nothing() == Nothing()
    assert {Nothing(), Nothing()} == {Nothing()}
