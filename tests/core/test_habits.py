"""What drafts count of how sessions went recurs by what it says, not by the words it happens to share."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from session_journal.core.entry import read
from session_journal.core.observations import NEXT, TABLE, words
from session_journal.core.patterns import Correction, Statement, find, quoted, statements
from session_journal.core.playbooks.lifecycle import lacking

DAY = date(2026, 11, 9)


def drafted(*texts, kind="went-well"):
    """Return drafted statements, one session a week each."""
    return [
        Statement(
            f"e{number}", f"s/{number}.md", f"s{number}", DAY + timedelta(weeks=number), "shop", kind, text,
            turns=(1,), reviewed=False,
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip


def shown(found):
    return [(one.statement, one.sessions, [member.text for member in one.members]) for one in found]


def test_a_statement_of_two_habits_is_evidence_for_each_and_numbers_part_nothing():
    stated = drafted(
        "7 files read before the first edit; check named in the first request",
        "3 files read before the first edit",
        "check named in the first request",
        "every check passed the first time",
    )
    assert shown(find(stated)) == [
        ("check named in the first request", 2, ["check named in the first request"] * 2),
        (
            "several files were read before the first edit", 2,
            ["7 files read before the first edit", "3 files read before the first edit"],
        ),
    ]  # fmt: skip


def test_what_went_well_and_what_is_to_improve_never_meet():
    tip = "name the check that has to pass"
    well = drafted("check named in the first request", "check named in the first request")
    worse = drafted(*[f"no check ran after the last edit{NEXT}{tip}"] * 2, kind="improve")
    found = find([*well, *worse])
    assert sorted(one.statement for one in found) == [
        "check named in the first request", "no check ran after the last edit",
    ]  # fmt: skip


@pytest.mark.parametrize("one", [one for one in TABLE if one.sort != "ending"], ids=lambda one: one.key)
def test_every_habit_recurs(one):
    (found,) = find(drafted(words(one.key, 3, "`make`"), words(one.key, 4, "`make`")))
    assert found.statement == one.said


def test_habits_come_behind_what_was_learnt():
    lessons = [
        replace(one, text=text, kind="takeaway", turns=())
        for one, text in zip(
            drafted("", ""), ("Freeze the clock in date tests", "Date tests need a frozen clock"), strict=True
        )
    ]
    found = find([*drafted(*["check named in the first request"] * 4), *lessons])
    assert [one.best.is_conduct for one in found] == [False, True]


def test_a_person_takes_a_habit_out_of_sight():
    stated = drafted(*["check named in the first request"] * 3)
    (found,) = find(stated)
    (again,) = find(stated, corrections=[Correction("ignore", quoted(found.best))])
    assert again.ignored


def test_sessions_that_tell_the_same_work_count_once_for_a_habit():
    work = ["Freeze the clock in tests that compare dates", "Retry uploads of large files through the proxy",
            "Rotate the staging secret before a release", "Cache the session index by its repository"]  # fmt: skip
    days = [DAY, DAY, DAY + timedelta(weeks=9)]
    stated = [
        Statement(f"e{number}", f"s/{number}.md", f"s{number}", day, "shop", kind, text, turns=(1,))
        for number, day in enumerate(days)
        for kind, text in [
            *(("takeaway", text) for text in (work if number < 2 else ["Prune branches that were merged"])),
            ("went-well", "check named in the first request"),
        ]
    ]
    (habit,) = (one for one in find(stated) if one.best.is_conduct)
    assert habit.sessions == 2


def checked(*runs):
    return drafted(*(f"Checked with {text}" for text in runs), kind="insight")


def test_a_habit_of_checking_is_told_by_what_all_of_its_sessions_ran():
    stated = checked("`lint` and `test a`", "`lint`, `fmt` and `test b`", "`fmt`, `lint` and `test a`", "`build`")
    (found,) = find(stated)
    assert (found.statement, found.sessions) == ("Checked with `lint`", 3)
    (found,) = find([*stated, *drafted("x", "x", "x", "x", "Checked with `fmt` and `lint`", kind="insight")[4:]])
    assert (found.statement, found.sessions) == ("Checked with `fmt` and `lint`", 3)


def test_checks_that_share_no_command_are_habits_of_their_own():
    found = find(checked("`lint`", "`lint` and `build`", "`make test`", "`make test`", "`make test` and `e2e`"))
    assert [(one.statement, one.sessions) for one in found] == [
        ("Checked with `make test`", 3), ("Checked with `lint`", 2),
    ]  # fmt: skip


def test_the_checks_of_the_front_matter_and_of_the_page_are_one_report():
    head = "---\ndate: 2026-11-20\nchecks:\n  - mise run fmt [t3]\n  - mise run lint [t5]\n---\n\n## Insights\n\n"
    body = "- Checked with `mise run lint` and `make e2e` [t5, t9]\n- Checked with care [t7]\n"
    found = statements([read((head + body).encode(), "journal/sessions/2026/s.md")])
    assert [(one.text, one.turns, one.checks) for one in found] == [
        ("Checked with care", (7,), frozenset()),
        (
            "Checked with `mise run fmt`, `mise run lint` and `make e2e`", (3, 5, 9),
            frozenset({"mise run fmt", "mise run lint", "make e2e"}),
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("checks", ["mise run lint [t5]", "[3, null]", "{a: b}", "- mise run lint"])
def test_checks_that_a_person_wrote_in_another_form_count_for_nothing(checks):
    data = f"---\ndate: 2026-11-20\nchecks:\n  {checks}\n---\n\n## Insights\n\n- Checked with `lint` [t5]\n"
    (found,) = statements([read(data.encode(), "journal/sessions/2026/s.md")])
    assert found.text == "Checked with `lint`"


def test_one_command_alone_makes_no_playbook_and_two_do():
    for runs, count in ((["`make test`"] * 4, 0), (["`make lint` and `make test`"] * 4, 1)):
        (found,) = find(checked(*runs))
        assert found.is_one_check is not bool(count)
        assert ("one command" in lacking(found)) is not bool(count)
