"""How challenges were met, and what they teach."""

from __future__ import annotations

import pytest

from rolled import entry, roll, section, texts

FIXED = "Fixed the export of northern gauges, which lost the last reading of a day"
LOST = "The last reading of northern gauges was missing in the export"


def test_a_challenge_is_told_with_its_solution_where_that_stands_under_what_was_accomplished():
    body = section("Challenges", LOST) + section("Accomplishments", "Wrote docs", FIXED)
    assert texts(roll(entry("a", body))["challenges"]) == [f"{LOST} → {FIXED}"]
    assert texts(roll(entry("a", section("Challenges", LOST) + f"## Synopsis\n\nA day. {FIXED}.\n"))["challenges"]) == [
        f"{LOST} → {FIXED}."
    ]


@pytest.mark.parametrize("body", [
    section("Accomplishments", "Fixed the export of southern pumps"),
    f"### Commit 2b3c4d5\n\n{section('Accomplishments', FIXED)}",
    section("Accomplishments", FIXED.replace("Fixed", "Described")),
])  # fmt: skip
def test_a_challenge_is_met_by_nothing_of_another_thing_or_another_commit(body):
    own = f"### Commit 1a2b3c4\n\n{section('Challenges', LOST)}"
    assert texts(roll(entry("a", own + body))["challenges"]) == [LOST]


@pytest.mark.parametrize(("text", "teaches"), [
    ("The store does not enforce types of readings at runtime, so tests had to be written with care", True),
    ("The parser drops a reading, which only happens when a gauge is silent", True),
    ("The bug was subtle, as it only appeared when a gauge was silent", False),
    ("The store never closes a gauge → closed it by hand", False),
    ("Had to update all the tests of the parser for the new layout", False),
    ("Minor friction because the docs name the old gauge", False),
    ("I was stuck because the parser was unknown to me", False),
])  # fmt: skip
def test_a_fact_that_was_found_out_in_trouble_is_learned_and_told_once(text, teaches):
    values = roll(entry("a", section("Challenges", text)))
    assert texts(values["learned"]) == [text] * teaches
    assert texts(values["challenges"]) == [text] * (not teaches)


def test_what_turned_out_in_trouble_is_a_surprise():
    text = "Polling seemed simpler but turned out to lose readings"
    values = roll(entry("a", section("Challenges", text)))
    assert (texts(values["surprises"]), values["challenges"]) == ([text], [])


def test_of_a_long_challenge_and_its_solution_the_labels_go_and_what_they_say_stays():
    labelled = f"**Export trouble**: {LOST}"
    body = section("Challenges", labelled) + section("Accomplishments", f"**Export**: {FIXED}")
    assert texts(roll(entry("a", body))["challenges"]) == [f"{LOST} → {FIXED}"]
    verb_first = "Fixed the export of northern gauges: it lost the last reading of a day"
    body = section("Challenges", LOST) + section("Accomplishments", verb_first)
    assert texts(roll(entry("a", body))["challenges"]) == [f"{LOST} → {verb_first}"]


TRIED = "Tried to drain the queue by hand; that failed"


@pytest.mark.parametrize(
    "body", [f"## What happened\n\n{TRIED}.\n", f"## What happened\n\n- {TRIED}\n- Wrote the runbook\n"]
)
def test_what_was_tried_in_vain_is_a_challenge_and_nothing_accomplished(body):
    made = roll(entry("a", body))
    (line,) = made["projects"][0].lines
    assert "drain" not in f"{line.text} {line.gist} {line.pieces}"
    assert [text.rstrip(".") for text in texts(made["challenges"])] == [TRIED]


def test_a_clause_that_takes_back_what_was_done_is_not_cut_off_it():
    body = "## What happened\n\nDrained the queue by hand; that did not hold; it took an hour.\n"
    (line,) = roll(entry("a", body))["projects"][0].lines
    assert line.gist == "Drained the queue by hand; that did not hold"


def test_what_was_tried_and_worked_out_in_the_end_is_no_failure():
    body = "## What happened\n\nTried to drain the queue by hand, which failed, and fixed the consumer instead.\n"
    made = roll(entry("a", body))
    assert "drain the queue" in made["projects"][0].lines[0].gist
    assert made["challenges"] == []


def test_a_search_alone_names_no_problem():
    found = "Searched several times for `newPump` \u2192 found in `pump.py` [t4]"
    body = section("Challenges", "Searched several times for `newGauge` [t3]", found)
    draft = roll(entry("a", body, status="draft", drafted_by="offline"))
    assert texts(draft["challenges"]) == [found[:-5]]


def test_a_challenge_that_a_later_session_solved_is_told_with_its_solution_alone():
    first = entry("a", section("Challenges", LOST, "Login loops on Safari", "The store leaks handles"))
    solved = f"{LOST} \u2192 read it until the end"
    body = section("Challenges", solved) + "## What happened\n\nFixed the login loop on Safari: SameSite was unset.\n"
    values = roll(first, entry("b", body, "2026-11-18"))
    assert sorted(texts(values["challenges"])) == [
        "Login loops on Safari \u2192 Fixed the login loop on Safari: SameSite was unset.",
        solved,
        "The store leaks handles",
    ]
    assert len(roll(first)["challenges"]) == 3


def test_one_problem_and_its_own_solution_are_no_recurrence():
    days = ("2026-11-16", "2026-11-17", "2026-11-18")
    bare, solved = section("Challenges", LOST), section("Challenges", f"{LOST} \u2192 read it until the end")

    def recurred(*bodies):
        return len(roll(*(entry(f"s{day}", body, day) for day, body in zip(days, bodies, strict=False)))["recurred"])

    assert recurred(bare, solved) == 0
    assert (recurred(solved, bare), recurred(solved, solved), recurred(bare, bare, solved)) == (1, 1, 1)


BARE = [
    "`pytest tests/test_tide.py` failed: test_low_tide → passed after a fix [t4, t9]",
    "The linter complains about the key of the gauge → passed after editing `gauge.py` [t4, t9]",
    "The reader never closes its cache → then edited `reader.py` [t4, t9]",
    "The parser rejects an empty boat → `make all` passed later [t4, t9]",
    "The parser rejects an empty boat → edited `Makefile` (not run again) [t4, t9]",
]
TOLD = [
    "The tide was read twice → moved the read out of the loop [t4, t9]",
    "`make all` failed: no rule for the harbour → left failing [t4, t9]",
]


@pytest.mark.parametrize("bare", BARE)
def test_a_trouble_whose_end_a_draft_does_not_know_stands_last_and_on_the_page_of_its_week_alone(bare):
    drafts = [
        entry(f"d{place}", section("Challenges", text), day=f"2026-11-{20 - place}", status="draft")
        for place, text in enumerate([bare, *TOLD])
    ]
    shown = [text.partition(" [t")[0] for text in (bare, *TOLD)]
    week = texts(roll(*drafts)["challenges"])
    assert (set(week), week[-1]) == (set(shown), shown[0])
    assert set(texts(roll(*drafts, name="2026-11")["challenges"])) == set(shown[1:])
    own = entry("own", section("Challenges", bare.partition(" [t")[0]))
    assert texts(roll(own, name="2026-11")["challenges"]) == [bare.partition(" [t")[0]]


def test_a_challenge_keeps_its_solution_beside_the_lesson_that_recurs_of_it():
    lessons = ("Verify webhook signatures against the raw body", "Webhook signatures need the raw body")
    solved = "Webhook signatures of the raw body fail behind the proxy \u2192 it re-encoded the body; turned that off"
    days = ("2026-11-16", "2026-11-17")
    said = [entry(f"s{day}", section("Key takeaways", text), day) for day, text in zip(days, lessons, strict=True)]
    values = roll(*said, entry("solved", section("Challenges", solved), "2026-11-18"))
    assert [row.sessions for row in values["recurred"]] == [3]
    assert texts(values["challenges"]) == [solved]
