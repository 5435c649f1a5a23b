"""What a model answers is read with patience, and what is none of its answers is left out."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from session_journal.llm.prompts import Claim, Found

GOOD = {"kind": "discovery", "text": "It fails", "turn": 3, "role": "user", "quote": "it fails"}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"kind": "Discoveries"}, {"kind": "discovery"}),
        ({"kind": "Action items"}, {"kind": "action"}),
        ({"kind": "Lessons learned"}, {"kind": "takeaway"}),
        ({"kind": " decision "}, {"kind": "decision"}),
        ({"turn": "t12"}, {"turn": 12}),
        ({"turn": "t12, t15"}, {"turn": 12}),
        ({"role": "Human"}, {"role": "user"}),
        ({"role": "assistant, sub-agent"}, {"role": "assistant"}),
        ({"confidence": 0.9}, {}),
    ],
)
def test_other_ways_to_say_the_same_are_understood(given, read):
    claim = Claim.model_validate({**GOOD, **given})
    assert claim.model_dump() == {**GOOD, **read}


@pytest.mark.parametrize(
    "broken", [{"kind": "change"}, {"kind": "joke"}, {"role": "system"}, {"turn": "x"}, {"quote": None}]
)
def test_what_cannot_be_read_is_no_item(broken):
    with pytest.raises(ValidationError):
        Claim.model_validate({**GOOD, **broken})


def test_one_bad_item_spoils_no_reply_but_none_that_can_be_read_does():
    marks = {"start_mark": "a", "end_mark": "b"}
    found = Found.model_validate({**marks, "items": [GOOD, {"kind": "joke"}, "text"]})
    assert [item.text for item in found.items] == ["It fails"]
    assert Found.model_validate({**marks, "items": []}).items == []
    with pytest.raises(ValidationError):
        Found.model_validate({**marks, "items": [{"kind": "joke"}]})
