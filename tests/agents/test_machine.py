"""The machine that the agents' modules are asked about."""

from __future__ import annotations

import os

from session_journal.agents import this_machine


def test_a_home_that_the_environment_does_not_name_is_asked_for():
    assert this_machine({}, "").home == os.path.expanduser("~")
    assert os.path.isabs(this_machine({}, "").home)
    assert this_machine({"HOME": "/h"}, "").home == "/h"
    assert this_machine({"USERPROFILE": "/u"}, "").home == "/u"
