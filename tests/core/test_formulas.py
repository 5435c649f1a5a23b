"""The words by which drafts put what they find are taken off before statements are compared."""

from datetime import date

import pytest

from session_journal.core import formulas
from session_journal.core.patterns import Statement, find
from session_journal.core.playbooks import title_of


def drafted(text, turns=(3,)):
    return Statement("e", "s/e.md", "s", date(2026, 11, 9), "shop", "insight", text, turns=turns)


LEADS = [value for name, value in vars(formulas).items() if name.isupper() and isinstance(value, str)]
CHECKS = {formulas.CHECKED, formulas.VERIFIED, formulas.FROM_BEFORE}
ENDS = {formulas.AFTER_A_FIX, formulas.AFTER_EDITING, formulas.LATER}
STATES = {formulas.TO_PUSH, formulas.TO_COMMIT, formulas.UNCOMMITTED}


@pytest.mark.parametrize("lead", sorted({*LEADS} - CHECKS - ENDS - STATES - {formulas.STAGED}))
def test_a_draft_states_its_point_without_the_words_that_put_it(lead):
    words = f"{lead} `find_session`" if lead == formulas.SEARCHED else f"{lead}: `find_session`"
    assert drafted(words).point == "`find_session`"
    assert drafted(words, turns=()).point == words


@pytest.mark.parametrize("end", sorted(ENDS))
def test_which_command_failed_and_that_it_came_to_pass_is_no_point(end):
    end = f"{end} `cart.py`" if end == formulas.AFTER_EDITING else end
    assert drafted(f"`make check` failed: CartTotalsRound \u2192 {end}").point == "CartTotalsRound"
    assert drafted(f"CartTotalsRound is off by one \u2192 `make check` {end}").point == "CartTotalsRound is off by one"


@pytest.mark.parametrize("state", sorted(STATES))
def test_how_a_session_left_the_repository_is_known_by_its_words(state):
    said = f"Commit the merge of `main`, {state}" if state == formulas.UNCOMMITTED else f"{state}: the branch is ahead"
    assert formulas.LEFT_OVER.match(said)
    assert not formulas.LEFT_OVER.match(f"Say {state} of the branch")


@pytest.mark.parametrize("lead", sorted(CHECKS))
def test_a_report_of_checks_names_its_commands(lead):
    text = f"{lead} `make lint` and `make test`"
    assert drafted(text).checks == {"make lint", "make test"}
    assert drafted(text, turns=()).checks == frozenset()
    assert drafted(f"{lead} care").checks == frozenset()


@pytest.mark.parametrize("lead", sorted(CHECKS))
def test_what_was_checked_again_and_again_is_told_as_what_to_check(lead):
    texts = [f"{lead} `make lint` and `make test`"] * 3
    stated = [
        Statement(
            f"e{number}",
            f"s/{number}.md",
            f"s{number}",
            date(2026, 11, 9 + number),
            "shop",
            "insight",
            text,
            turns=(3,),
        )
        for number, text in enumerate(texts)
    ]
    (found,) = find(stated)
    assert title_of(found).startswith(("Check with", "Verify before committing with", "Test with"))
    assert "`make lint` and `make test`" in title_of(found)
