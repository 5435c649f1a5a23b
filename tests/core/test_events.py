"""Events are values."""

from session_journal.core.events import Event


def test_events_with_the_same_values_are_one():
    made = [Event("prompt", 1, "user", "Round it."), Event("prompt", 1, "user", text="Round it.")]
    assert len({*made, Event("prompt", 2, "user", "Round it.")}) == 2


def test_an_event_has_room_for_its_own_values_alone():
    assert not hasattr(Event("prompt", 1, "user"), "__dict__")
