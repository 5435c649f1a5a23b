"""The words by which drafts put what they find are taken off before statements are compared."""

from datetime import date

import pytest

from session_journal.core import formulas
from session_journal.core.patterns import Statement


def drafted(text, turns=(3,)):
    return Statement("e", "s/e.md", "s", date(2026, 11, 9), "shop", "insight", text, turns=turns)


LEADS = [value for name, value in vars(formulas).items() if name.isupper() and isinstance(value, str)]
CHECKS = {formulas.CHECKED, formulas.VERIFIED, formulas.FROM_BEFORE}


@pytest.mark.parametrize("lead", sorted({*LEADS} - CHECKS))
def test_a_draft_states_its_point_without_the_words_that_put_it(lead):
    words = f"{lead} `find_session`" if lead == formulas.SEARCHED else f"{lead}: `find_session`"
    assert drafted(words).point == "`find_session`"
    assert drafted(words, turns=()).point == words


@pytest.mark.parametrize("lead", sorted(CHECKS))
def test_a_report_of_checks_names_its_commands(lead):
    text = f"{lead} `make lint` and `make test`"
    assert drafted(text).checks == {"make lint", "make test"}
    assert drafted(text, turns=()).checks == frozenset()
    assert drafted(f"{lead} care").checks == frozenset()
