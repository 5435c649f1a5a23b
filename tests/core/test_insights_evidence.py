"""Evidence: the quote is the place that shows the claim."""

import pytest

from scripts import Script
from session_journal.core.drafting import draft
from session_journal.core.insights.evidence import quotes


def quoted(script, claim, turn=None):
    (found,) = quotes(script.session(), {turn or script.turn: [claim]})
    return found.text


def test_of_an_edit_the_line_that_defines_something_is_quoted():
    script = Script()
    script.edits("a.py", "", "(\nimport os\nx = 1\ndef load_ports(): ...\n)")
    assert quoted(script, "`a.py`", script.turn - 1) == "+ def load_ports(): ..."


@pytest.mark.parametrize("line", ["import os", '"example.org/ports"', ")"])
def test_no_import_or_bracket_is_quoted_where_a_line_says_more(line):
    script = Script()
    script.edits("a.py", "", f"{line}\nports = sort(ports)")
    assert quoted(script, "`a.py`", script.turn - 1) == "+ ports = sort(ports)"


def test_where_several_checks_ran_at_once_the_one_that_is_claimed_is_quoted():
    script = Script()
    script.says("Sort the ports")
    script.edits("a.go")
    output = "a/b.go:68:13: string `port` has 3 occurrences (goconst)\n1 issues:\nok  \tx/y\t1.2s"
    turn = script.runs("golangci-lint run; go test ./...", output, 1)
    script.edits("a.go")
    script.runs("golangci-lint run && go test ./...", "0 issues.\nok  \tx/y\t1.2s")
    by_turn = {one.turn: one.text for one in draft(script.session()).quotes}
    assert "3 occurrences" in by_turn[turn]


def test_each_claim_on_a_turn_has_what_shows_it_quoted():
    said = (
        "The gauge reads metres.",
        "The station sleeps at night because its battery is weak.",
        "Nothing else is known.",
    )
    script = Script()
    script.says("What did you find?")
    turn = script.replies("\n\n".join(said))
    claims = {
        turn: ["The gauge reads metres", "The station sleeps at night, its battery is weak", "Nothing of this was said"]
    }
    found = [one.text for one in quotes(script.session(), claims)]
    assert sorted(found) == sorted(said[:2])


def test_no_more_than_four_pieces_of_a_turn_are_quoted():
    said = [
        f"Station {name} sleeps beside harbour {name}."
        for name in ("alpha", "beta", "gamma", "delta", "omega", "sigma")
    ]
    script = Script()
    script.says("Which stations sleep?")
    turn = script.replies("\n\n".join(said))
    assert len(quotes(script.session(), {turn: said})) == 4
