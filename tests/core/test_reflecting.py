"""What entries say together: counted, backed by entries, silent below five sessions, and never invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from session_journal.core.entry import read
from session_journal.core.reflecting.accounts import accounts, group, groups
from session_journal.core.reflecting.trend import Span, sparkline, trend
from session_journal.core.reflecting.trials import trials


def draft(number, mark, *lines, kind="debugging", project="tidepool", outcome="done", day=None):
    """Return a drafted entry whose `How it went` holds these lines."""
    said = "".join(f"- {line} [t{place}]\n" for place, line in enumerate(lines, 2))
    text = (
        f'---\nid: "{number:032x}"\ntitle: S {number}\nkind: {kind}\nproject: {project}\noutcome: {outcome}\n'
        f"effectiveness: {mark}\nstatus: draft\ndrafted_by: offline\n---\n\n## How it went\n\n"
        f"Effectiveness {mark} of 5: checks passed after the last edit. [t9]\n{said}"
    )
    return read(text.encode(), f"journal/sessions/2026/{day or f'2026-11-{number:02}'}-s{number}.md")


def written(number, *lines, kind="debugging", outcome="done"):
    """Return an entry that a person wrote."""
    text = f"---\nkind: {kind}\nproject: tidepool\noutcome: {outcome}\n---\n\n## How it went\n\n"
    return read(
        (text + "".join(f"- {line}\n" for line in lines)).encode(), f"journal/2026-11-{number:02}-own{number}.md"
    )


def test_an_account_reads_the_entrys_own_lines_back():
    (found,) = accounts([draft(3, 4, "Went well: plan made, 6 files read before the first edit")])
    assert found.seen == {"passed", "plan-first", "read-first"}
    assert (found.entry, found.mark, found.told, found.well) == ("2026-11-03-s3", 4, True, ())


def test_a_persons_own_words_are_kept_and_are_no_draft():
    (found,) = accounts([written(4, "Went well: small steps", "To improve: too many tabs")])
    assert (found.well, found.better, found.told, found.mark) == (("small steps",), ("too many tabs",), False, 0)


def test_words_of_a_draft_count_once_a_person_has_let_them_stand():
    unread = draft(3, 4, "Went well: the model said so")
    assert accounts([unread])[0].well == ()
    assert accounts([replace(unread, status="final")])[0].well == ("the model said so",)


def test_what_got_in_the_way_is_quoted_where_nothing_is_to_be_improved():
    text = "---\nkind: debugging\n---\n\n## Frustrations or Roadblocks\n\n- The staging key had expired\n"
    (found,) = accounts([read(text.encode(), "journal/2026-11-04-own.md")])
    assert found.better == ("The staging key had expired",)


def test_a_question_that_was_answered_is_not_counted_as_of_an_unknown_end():
    told = "it was answered, and nobody said whether that helped"
    one = replace(draft(1, 3, outcome="unknown"), body=f"## How it went\n\nEffectiveness 3 of 5: {told}. [t9]\n")
    assert [(one.outcome, one.mark) for one in accounts([one, draft(2, 3, outcome="unknown")])] == [
        ("answered", 0),
        ("unknown", 0),
    ]


def test_a_draft_in_the_middle_because_nothing_shows_its_end_is_not_judged():
    entries = [draft(1, 3, outcome="unknown"), draft(2, 3, outcome="partial"), draft(3, 2, outcome="unknown")]
    assert [one.mark for one in accounts(entries)] == [0, 3, 2]


def test_four_sessions_are_too_few_and_five_tell_something():
    lines = "Went well: every check passed the first time"
    few = group("x", accounts([draft(number, 5, lines) for number in range(1, 5)]))
    assert (few.sessions, few.tells, few.went_well) == (4, False, ())
    enough = group("x", accounts([draft(number, 5, lines) for number in range(1, 6)]))
    assert enough.tells
    assert enough.went_well[0].text == "every check passed the first time"
    assert enough.went_well[0].entries[0] == "2026-11-05-s5"
    assert len(enough.went_well[0].entries) == 5


def test_own_words_are_quoted_without_marks_and_cut_between_words():
    long = "**Task size**: The original task had grown into an unwieldy monster of twelve parts, each with a plan of its own that"
    many = [written(number, f"To improve: {long} was hard to keep in one head") for number in range(1, 6)]
    (point,) = group("", accounts(many)).to_improve
    assert point.text == f"{long.replace('**', '').removesuffix(' that')}\u2026"


def test_what_one_session_shows_is_no_point_unless_a_person_wrote_it():
    entries = [draft(number, 4) for number in range(1, 5)]
    entries.append(draft(5, 4, "To improve: success was claimed without a check"))
    assert group("x", accounts(entries)).to_improve == ()
    (point,) = group("x", accounts([*entries, written(6, "To improve: I skipped the plan")])).to_improve
    assert (point.text, point.quoted, point.entries) == ("I skipped the plan", True, ("2026-11-06-own6",))


def test_different_numbers_of_one_observation_are_one_point():
    entries = [draft(number, 3, f"To improve: {number + 1} corrections by the user") for number in range(1, 6)]
    (point,) = group("x", accounts(entries)).to_improve
    assert (point.text, len(point.entries)) == ("the course had to be corrected repeatedly", 5)


def test_groups_are_ordered_by_size_and_never_by_mark():
    entries = [draft(1, 5, kind="review"), draft(2, 1, kind="writing"), draft(3, 1, kind="writing")]
    assert [one.name for one in groups(accounts(entries), lambda one: one.kind)] == ["writing", "review"]


def marks(*values):
    return accounts([draft(number, value) for number, value in enumerate(values, 1)])


def test_a_trend_needs_ten_judged_sessions():
    assert trend(marks(1, 1, 1, 1, 5, 5, 5, 5, 5)).change == "unknown"
    found = trend(marks(2, 2, 2, 2, 2, 5, 5, 5, 5, 5))
    assert (found.change, found.before, found.lately) == ("better", 2.0, 5.0)
    assert trend(marks(4, 4, 4, 4, 4, 2, 2, 2, 2, 2)).change == "lower"
    assert trend(marks(4, 3, 4, 3, 4, 3, 4, 4, 4, 3)).change == "steady"


def test_weeks_without_a_session_stay_in_the_trend():
    days = [f"2026-10-0{day}" for day in range(1, 6)] + [f"2026-11-0{day}" for day in range(1, 6)]
    found = trend(accounts([draft(number, 4, day=day) for number, day in enumerate(days, 1)]))
    assert found.unit == "week"
    assert [(one.name, one.judged) for one in found.spans] == [
        ("2026-W40", 4), ("2026-W41", 1), ("2026-W42", 0), ("2026-W43", 0), ("2026-W44", 1), ("2026-W45", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "unit", "count"), [("2026-12-30", "month", 12), ("2028-12-30", "quarter", 12), ("2046-01-05", "year", 16)]
)
def test_a_long_time_is_told_in_longer_spans(last, unit, count):
    days = [f"2026-01-{day:02}" for day in range(5, 14)]
    found = trend(accounts([draft(number, 4, day=day) for number, day in enumerate([*days, last], 1)]))
    assert (found.unit, len(found.spans)) == (unit, count)


def test_a_sparkline_has_one_sign_for_each_span_and_digits_where_blocks_cannot_be_shown():
    spans = [Span("a", 2, 1.0), Span("b", 0, None), Span("c", 1, 5.0), Span("d", 1, 3.5)]
    assert sparkline(spans) == "▁·█▅"
    assert sparkline(spans, plain=True) == "1.54"


NAMED = "Went well: check named in the first request"


def test_a_thing_to_try_is_what_well_rated_sessions_did_and_similar_others_did_not():
    entries = [draft(number, 5, NAMED) for number in range(1, 5)] + [draft(number, 2) for number in range(5, 8)]
    (found,) = trials(accounts(entries))
    assert found.text == "Say in the first request how the result will be checked"
    assert found.why == "noted in 4 of 4 debugging sessions in tidepool rated 4 or 5, in 0 of 3 others"
    assert found.entries == ("2026-11-04-s4", "2026-11-03-s3", "2026-11-02-s2", "2026-11-01-s1")


def test_nothing_is_to_be_tried_where_the_others_did_the_same_or_are_too_few():
    well = [draft(number, 5, NAMED) for number in range(1, 5)]
    assert trials(accounts([*well, draft(5, 2, NAMED), draft(6, 2, NAMED)])) == ()
    assert trials(accounts([*well, draft(5, 2)])) == ()


def test_what_the_mark_is_made_of_is_no_advice():
    well = [draft(number, 5, "Went well: every check passed the first time") for number in range(1, 5)]
    poor = [draft(number, 1, "To improve: 4 corrections by the user") for number in range(5, 9)]
    assert trials(accounts([*well, *poor])) == ()


def test_what_only_the_others_met_is_to_be_avoided():
    well = [draft(number, 5) for number in range(1, 5)]
    poor = [draft(number, 2, "To improve: a later request turned to something else") for number in range(5, 8)]
    (found,) = trials(accounts([*well, *poor]))
    assert found.text == "Open a new session for a new subject"
    assert found.entries[0] == "2026-11-07-s7"


def test_sessions_of_another_kind_are_not_similar():
    well = [draft(number, 5, NAMED, kind="review", project="a") for number in range(1, 5)]
    poor = [draft(number, 2, kind="writing", project="b") for number in range(5, 9)]
    assert trials(accounts([*well, *poor])) == ()


def test_entries_that_a_person_wrote_are_no_evidence_of_what_was_not_done():
    well = [draft(number, 5, NAMED) for number in range(1, 5)]
    assert trials(accounts([*well, *(written(number, outcome="partial") for number in range(5, 9))])) == ()


def test_what_a_person_wrote_went_well_is_offered_again_where_similar_sessions_went_less_well():
    others = [draft(number, 2) for number in range(1, 5)]
    (found,) = trials(accounts([*others, written(9, "Went well: I wrote the failing test first")]))
    assert found.text == "Again: I wrote the failing test first"
    assert found.entries == ("2026-11-09-own9",)


def test_at_most_three_things_are_to_be_tried():
    lines = (
        "Went well: plan made, 5 files read, 2 questions settled before the first edit; check named in the first request",
    )
    entries = [draft(number, 5, *lines) for number in range(1, 6)] + [draft(number, 2) for number in range(6, 11)]
    assert len(trials(accounts(entries))) == 3


def test_kinds_written_in_capitals_are_the_same_kind():
    entries = [draft(1, 4, kind="Debugging"), draft(2, 4, kind="debugging")]
    assert [(one.name, one.sessions) for one in groups(accounts(entries), lambda one: one.kind)] == [("debugging", 2)]
