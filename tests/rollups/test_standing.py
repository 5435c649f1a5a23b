"""What stands at a period's end: decisions nobody took back, what is open and since when, what became of gaps."""

from __future__ import annotations

from session_journal.core.entry import read
from session_journal.core.patterns import find, statements
from session_journal.rollups.monthly import values_of
from session_journal.rollups.span import Span


def entry(name, body="", day="2026-11-16", **fields):
    front = "".join(f"{key}: {value}\n" for key, value in fields.items())
    path = f"journal/sessions/2026/{day}-{name}.md"
    return read(f"---\nid: {name}\ntitle: About {name}\ndate: {day}\n{front}---\n\n{body}\n".encode(), path)


def section(title, *bullets):
    return f"## {title}\n\n" + "".join(f"- {bullet}\n" for bullet in bullets) + "\n"


def roll(*entries, name="2026-11"):
    own = [one for one in entries if one.date.strftime("%Y-%m") == name]
    return values_of(Span(name, own, (), find(statements(entries)), {}, entries))


def told(lines):
    return [(line.text, line.state) for line in lines]


def test_a_decision_that_a_later_one_took_back_is_not_told():
    first = entry("a", section("Decisions", "Use Redis for the session cache", "Keep the old API"), "2026-11-02")
    later = entry("b", section("Decisions", "Use SQLite instead of Redis"), "2026-11-09")
    assert [text for text, _ in told(roll(first, later)["decisions"])] == [
        "Use SQLite instead of Redis",
        "Keep the old API",
    ]
    assert "Use Redis for the session cache" in [text for text, _ in told(roll(first)["decisions"])]


def test_a_decision_of_another_project_takes_nothing_back():
    first = entry("a", section("Decisions", "Use Redis for the session cache"), "2026-11-02", project="shop")
    other = entry("b", section("Decisions", "Use SQLite instead of Redis"), "2026-11-09", project="site")
    assert len(roll(first, other)["decisions"]) == 2


def test_a_decision_that_was_struck_out_is_not_told():
    assert roll(entry("a", section("Decisions", "~~Use Redis~~")))["decisions"] == []


def test_what_people_decided_is_told_wherever_they_wrote_it():
    body = section("Insights", "We decided to drop the command line: nobody can review by hand") + section(
        "Changes made", "Added a page"
    )
    assert told(roll(entry("a", body))["decisions"]) == [
        ("We decided to drop the command line: nobody can review by hand", "")
    ]


def test_open_actions_carry_over_with_their_age_until_they_are_ticked_anywhere():
    old = entry("a", section("Action items", "[ ] write the docs", "[ ] tag it", "no box"), "2026-10-05")
    new = entry("b", section("Action items", "[ ] ask Ada"), "2026-11-03")
    assert told(roll(old, new)["actions"]) == [
        ("ask Ada", ""),
        ("write the docs", "open since 10-05"),
        ("tag it", "open since 10-05"),
        ("no box", "open since 10-05"),
    ]
    done = entry("c", section("Action items", "[x] write the docs", "[x] no box"), "2026-11-09")
    assert told(roll(old, new, done)["actions"]) == [("ask Ada", ""), ("tag it", "open since 10-05")]


def test_what_a_draft_gave_no_box_is_not_carried_over():
    old = entry("a", section("Action items", "[ ] tag it", "no box"), "2026-10-05", status="draft")
    assert [text for text, _ in told(roll(old, entry("b"))["actions"])] == ["tag it"]


def test_what_there_is_no_room_for_is_counted_with_the_day_of_the_oldest_and_where_to_see_it():
    nouns = ["cache", "parser", "index", "socket", "widget", "ledger", "mailer", "router", "docs", "tags", "ports",
             "hooks", "locks", "views", "keys"]  # fmt: skip
    old = entry("a", section("Action items", *(f"[ ] tidy the {noun}" for noun in nouns)), "2026-10-05")
    values = roll(old, entry("b", section("Action items", "[ ] ask Ada")))
    shown = [text for text, _ in told(values["actions"])]
    assert shown[0] == "ask Ada"
    assert values["more"]["actions"] == f"and {16 - len(shown)} more, the oldest since 10-05 (`journal actions`)"
    alone = roll(entry("b", section("Action items", "[ ] ask Ada")))
    assert alone["more"] == {"actions": "", "questions": "", "gaps": ""}


def test_what_was_offered_and_nobody_took_up_is_not_carried_over():
    offered = "[ ] Offered and left open: push the branch"
    old = entry("a", section("Action items", offered, "[ ] tag it"), "2026-10-05", status="draft")
    assert [text for text, _ in told(roll(old, entry("b"))["actions"])] == ["tag it"]
    assert len(told(roll(old, entry("b"), name="2026-10")["actions"])) == 2


def test_what_was_offered_or_left_to_push_is_carried_for_two_weeks():
    offered = (
        "[ ] Offered and left open: push the branch",
        "[ ] Commit the merge of `main`, which is not committed yet",
    )
    for day, carried in (("2026-10-20", 2), ("2026-10-10", 0)):
        old = entry("a", section("Action items", *offered), day)
        assert len(told(roll(old, entry("b", day="2026-11-02"))["actions"])) == carried


def test_a_task_that_nobody_touched_for_half_a_year_is_not_carried_over():
    old = entry("a", section("Action items", "[ ] write the docs"), "2026-03-05")
    assert roll(old, entry("b"))["actions"] == []


def test_gaps_tell_what_became_of_them_in_the_period_and_older_ones_remind_of_themselves():
    old = entry("a", section("Knowledge gaps", "[ ] WAL mode", "[ ] Vacuum", "[ ] Locks"), "2026-10-05")
    new = entry("b", section("Knowledge gaps", "[x] WAL mode", "[ ] Vacuum", "[/] Joins", "[ ] Triggers"), "2026-11-05")
    assert told(roll(old, new)["gaps"]) == [
        ("WAL mode", "resolved"), ("Joins", "practising"), ("Triggers", "opened"), ("Vacuum", "open since 10-05"),
        ("Locks", "open since 10-05"),
    ]  # fmt: skip


def test_a_gap_that_is_stated_anew_after_it_was_resolved_is_open_again():
    old = entry("a", section("Knowledge gaps", "[ ] WAL mode", "[x] Joins"), "2026-10-05")
    done = entry("b", section("Knowledge gaps", "[x] WAL mode", "[ ] Locks"), "2026-10-12")
    anew = entry("c", section("Knowledge gaps", "[ ] WAL mode", "[ ] Joins", "[ ] Locks"), "2026-11-05")
    assert told(roll(old, done, anew)["gaps"]) == [
        ("WAL mode", "open again"), ("Joins", "open again"), ("Locks", "open since 10-12"),
    ]  # fmt: skip
    assert told(roll(old, done, anew, name="2026-Q4")["gaps"])[0] == ("WAL mode", "open again")


def test_a_deviation_names_the_plan_that_wants_an_update():
    with_plan = entry("a", section("Deviations from plan", "Left out the importer"), plan="docs/plan.md")
    without = entry("b", section("Deviations from plan", "Skipped the tests"), "2026-11-18")
    assert told(roll(with_plan, without)["deviations"]) == [
        ("Left out the importer", "update the plan: docs/plan.md"), ("Skipped the tests", ""),
    ]  # fmt: skip


def test_a_question_that_is_asked_again_is_worth_an_investigation():
    asked = [
        entry("a", section("Questions", "Why is the integration suite slow on Mondays?"), "2026-11-02"),
        entry("b", section("Questions", "Why is the integration suite slow on Mondays?"), "2026-11-09"),
    ]
    values = roll(*asked, entry("c", section("Questions", "Who owns the domain?"), "2026-11-10"))
    assert set(told(values["questions"])) == {
        ("Who owns the domain?", ""),
        ("Why is the integration suite slow on Mondays?", "asked again: worth an investigation"),
    }


def test_challenges_that_say_how_they_were_met_come_first():
    body = section("Challenges", "The build was slow all day", "Tests hung on a lock → closed the connection")
    assert [line.text[:5] for line in roll(entry("a", body))["challenges"]] == ["Tests", "The b"]


def test_what_three_sessions_said_last_month_and_none_this_month_has_gone_quiet():
    said = [entry(f"s{n}", section("Key takeaways", "Run the linter first"), f"2026-10-{n:02}") for n in (5, 12, 19)]
    assert [row.trend for row in roll(*said, entry("now"))["recurred"]] == ["quiet"]
    assert roll(*said, entry("later", day="2026-12-01"), name="2026-12")["recurred"] == []


def test_an_old_month_knows_nothing_of_what_came_after():
    said = [entry(f"s{n}", section("Key takeaways", "Run the linter first"), f"2026-1{n}-05") for n in (0, 1, 2)]
    (row,) = roll(*said, name="2026-11")["recurred"]
    assert (row.sessions, row.trend) == (2, "growing")
    assert roll(*said, name="2026-10")["recurred"] == []


def test_effectiveness_is_held_against_the_period_before():
    values = roll(entry("a", day="2026-10-05", effectiveness=3), entry("b", effectiveness=4))
    assert (values["before"], values["effect_before"]) == ("2026-10", "3.0")
    assert roll(entry("b", effectiveness=4))["effect_before"] == ""


def test_a_decision_told_in_running_text_is_told_after_those_of_a_section():
    body = section("Decisions", "Keep SQLite") + (
        "## Summary\n\nWorking on the trigger. We made a significant design pivot from state files to dated files."
        " It went fine.\n\n> We decided to quote this\n\n```\nwe decided to print this\n```\n"
    )
    assert [line.text for line in roll(entry("a", body))["decisions"]] == [
        "Keep SQLite", "We made a significant design pivot from state files to dated files.",
    ]  # fmt: skip
    assert [line.text for line in roll(entry("a", body, status="draft"))["decisions"]] == ["Keep SQLite"]


def test_on_a_long_page_an_offer_of_before_it_has_passed_by_its_last_session():
    old = entry("a", section("Action items", "[ ] Offered and left open: push the branch"), "2026-10-25")
    early, late = (entry(day, "## What happened\n\nWork.\n", day) for day in ("2026-11-03", "2026-11-28"))
    assert len(roll(old, early)["actions"]) == 1
    assert roll(old, early, late)["actions"] == []


def test_an_offer_that_points_at_what_stood_around_it_is_not_told():
    offers = ["Offered and left open: doing the same for all gauges using this approach [t3]"]
    offers += ["Offered and left open: commit and push these [t3]"]
    offers += ["Offered and left open: moving all four readers [t3]"]
    offers += ["Offered and left open: closing every gauge before the export [t4]"]
    draft = entry("a", section("Action items", *(f"[ ] {one}" for one in offers)), status="draft", drafted_by="offline")
    assert [text for text, _ in told(roll(draft)["actions"])] == [offers[3].removesuffix(" [t4]")]


GAP = section("Knowledge gaps", "[ ] How to configure Netlify deploys")


def deployed(name, day, how=""):
    return entry(name, section("Accomplishments", f"Configured Netlify deploys for the {name} {how}".strip()), day)


def test_a_gap_that_was_practised_is_told_in_its_period_with_what_was_done_by_then():
    asked = entry("a", GAP, "2026-10-05")
    done = [deployed("blog", "2026-11-03"), deployed("shop", "2026-11-09")]
    alone = deployed("docs", "2026-12-01", "by myself")
    assert told(roll(asked, *done, alone)["gaps"]) == [
        ("How to configure Netlify deploys", "practising: 2 sessions, last 11-09"),
    ]
    (line,) = roll(asked, *done, alone, name="2026-12")["gaps"]
    assert (line.state, line.mark) == ("resolved: 3 sessions, last 12-01 without help", " ")


def test_a_gap_that_practice_resolved_is_told_once_and_suggested_no_more():
    asked = entry("a", GAP, "2026-10-05")
    done = [deployed("blog", "2026-10-12"), deployed("shop", "2026-11-09", "by myself")]
    values = roll(asked, *done)
    assert told(values["gaps"]) == [
        ("How to configure Netlify deploys", "resolved: 2 sessions, last 11-09 without help")
    ]
    assert values["reps"] == []
    later = roll(asked, *done, deployed("docs", "2026-12-01", "by myself"), name="2026-12")
    assert told(later["gaps"]) == []


def test_a_gap_that_was_practised_before_reminds_of_itself_and_is_still_to_be_practised():
    values = roll(entry("a", GAP), deployed("blog", "2026-11-20"), name="2026-11")
    assert told(values["gaps"]) == [("How to configure Netlify deploys", "practising: 1 session, last 11-20")]
    assert values["reps"] == ["Practise: How to configure Netlify deploys"]
    later = roll(entry("a", GAP), deployed("blog", "2026-11-20"), entry("b", "", "2026-12-02"), name="2026-12")
    assert told(later["gaps"]) == [("How to configure Netlify deploys", "practising: 1 session, last 11-20")]


def test_a_gap_ticked_by_hand_is_told_as_resolved_without_what_was_done():
    ticked = entry("b", section("Knowledge gaps", "[x] How to configure Netlify deploys"), "2026-11-20")
    assert told(roll(entry("a", GAP), deployed("blog", "2026-11-18"), ticked)["gaps"]) == [
        ("How to configure Netlify deploys", "resolved"),
    ]
