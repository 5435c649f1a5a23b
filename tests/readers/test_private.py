"""What a user marked private is in no field of a session, wherever in a transcript it stands."""

import io
import re

import pytest

from reading import SAMPLES
from session_journal.readers import read_transcript

_PLACES = re.compile(rb"\b(?:Brest|tides?|tenth|pytest|heights?|plot|water|brief|6\.9)\b(?!-1)")  # not in an id
PLAIN = b"# On Brest\n\n## User\n\nBrest?\n\n## Assistant\n\nBrest, yes.\n"


@pytest.mark.parametrize("name", ["aider.md", "specstory.md", "chatgpt.json", "claude_web.json", "plain.md"])
def test_private_parts_are_in_no_field_of_a_session(name):
    data = PLAIN if name == "plain.md" else (SAMPLES / name).read_bytes()
    places = [found.end() for found in _PLACES.finditer(data)]
    assert len(places) >= 3
    for place in places:
        planted = data[:place] + b"<private>hush</private>" + data[place:]
        told = repr(list(read_transcript(io.BytesIO(planted), name)))
        assert "hush" not in told, data[max(0, place - 40) : place + 20]
