"""Drafts: fields, sections, evidence, honesty, redaction, length."""

import re
import time
from dataclasses import replace
from datetime import UTC, date, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from scripts import Script
from session_journal.core.drafting import draft
from session_journal.core.sections import ORDER
from session_journal.readers import read_transcript

SAMPLES = Path(__file__).parents[1] / "readers" / "samples"


def sample():
    with (SAMPLES / "claude_code_rounding.jsonl").open("rb") as stream:
        return next(read_transcript(stream, "x"))


def sections(drafted):
    return dict(drafted.sections)


def lines(drafted):
    return [line for _, part in drafted.sections for line in part]


@pytest.fixture(scope="module")
def rounding():
    return draft(sample(), tz=UTC)


def test_the_front_matter_tells_what_the_transcript_knows(rounding):
    assert rounding.fields | {"source_sha256": ""} == {
        "title": "Make rounding of tide heights consistent",
        "date": date(2026, 11, 18),
        "type": "session",
        "status": "draft",
        "visibility": "self",
        "project": "tidepool",
        "agent": "claude-code",
        "model": "claude-sonnet-4-5-20250929",
        "kind": "implementation",
        "duration": 15,
        "goals": [
            "The tide table shows 2.35 m as 2.4 in one place and 2.3 in the other. Please make rounding consistent."
        ],
        "outcome": "done",
        "effectiveness": 5,
        "tags": ["python"],
        "checks": ["pytest -q tests [t11]"],
        "source": "claude-code:5b1f0c52-7c1e-4b7e-9c53-0f3f6a1d2e44",
        "source_sha256": "",
        "turns": 24,
        "skipped": 0,
        "drafted_by": "offline",
    }


def test_changed_files_stand_in_backticks_with_what_changed(rounding):
    assert sections(rounding)["Changes made"] == (
        "- `tides/format.py` — changed short() to round integer centimetres [t8, t20]",
        "- `tides/table.py` — replaced its own round() call by tenth() [t14, t20]",
        "- `tides/units.py` — added tenth [t12]",
    )


def test_the_root_cause_the_users_rule_and_the_follow_up_are_kept(rounding):
    found = sections(rounding)
    assert any("Root cause" in line and "[t5]" in line for line in found["Discoveries"])
    assert any("never use Decimal" in line and "[t7]" in line for line in found["Insights"])
    assert any("tides/chart.py" in line for line in found["For next time"])


def test_a_challenge_reads_problem_and_resolution(rounding):
    (line,) = sections(rounding)["Challenges"]
    assert " → " in line
    assert "test_row_rounds_up" in line


def test_sections_stand_in_order(rounding):
    titles = [title for title, _ in rounding.sections]
    assert titles == [title for title in ORDER if title in titles]


def test_every_claim_names_turns_and_every_turn_named_has_a_quote_from_its_role(rounding):
    claims = [line for title, part in rounding.sections if title != "Evidence" for line in part]
    assert all(re.search(r"\[t\d+(, t\d+)*\]$", line) for line in claims)
    named = {int(turn) for line in claims for turn in re.findall(r"\bt(\d+)", line.rsplit("[", 1)[1])}
    assert named == {quote.turn for quote in rounding.quotes}
    roles = {event.turn: event.role for event in sample().events}
    assert all(quote.role == roles[quote.turn] for quote in rounding.quotes)


def test_quotes_stand_in_the_transcript_word_for_word(rounding):
    said = {}
    for event in sample().events:
        said[event.turn] = " ".join(f"{said.get(event.turn, '')} {event.target} {event.text}".split())
    for quote in rounding.quotes:
        assert quote.text.rstrip("…") in said[quote.turn]


def test_drafting_is_deterministic(rounding):
    assert draft(sample(), tz=UTC) == rounding


def test_the_date_is_the_local_day_of_the_first_prompt():
    script = Script()
    script.says("Add a retry")
    script.edits("a.py")
    assert draft(script.session(), tz=UTC).fields["date"] == date(2026, 11, 18)
    assert draft(script.session(), tz=timezone(timedelta(hours=2))).fields["date"] == date(2026, 11, 19)


def test_goals_noted_before_the_work_stand_in_the_entry():
    script = Script()
    script.says("Add a retry")
    assert draft(script.session(), goals=("Stop losing uploads",)).fields["goals"] == ["Stop losing uploads"]


def test_the_project_is_renamed_by_an_alias_or_named_by_the_caller():
    script = Script("/w/cli/.worktrees/2")
    script.says("Add a retry")
    assert draft(script.session()).fields["project"] == "cli"
    assert draft(script.session(), aliases={"cli": "tool"}).fields["project"] == "tool"
    assert draft(script.session(), project="named").fields["project"] == "named"


def test_nothing_is_done_that_the_transcript_does_not_show():
    script = Script()
    script.says("Add a retry to the uploader")
    script.edits("up.py")
    script.replies("Done! Everything works and all tests pass.")
    drafted = draft(script.session())
    assert drafted.fields["outcome"] == "partial"
    assert "no check ran after the last edit" in sections(drafted)["What happened"][0]


def test_an_edit_that_was_declined_is_told_as_declined():
    script = Script()
    script.says("Fix the flaky test")
    script.declines("a_test.go", "is there any other way?")
    script.replies("Removing the parallel call is the simplest way because it changes the process.")
    assert sections(draft(script.session()))["Changes made"] == ("- `a_test.go` — edit declined, not made [t2]",)


def test_an_offer_that_the_user_takes_is_a_decision_and_one_left_open_an_action():
    script = Script()
    script.says("Look at the comments of the review")
    script.replies("Both comments are right. Want me to fix the comment on `load()` and add a test for it?")
    script.says("yes please")
    script.edits("a.py")
    script.replies("Fixed the comment on `load()`. Want me to commit and push these changes?")
    found = sections(draft(script.session()))
    assert found["Decisions"] == ("- Agreed to fix the comment on `load()` and add a test for it [t2, t3]",)
    assert found["Action items"] == ("- [ ] Offered and left open: commit and push these changes [t6]",)


@pytest.mark.parametrize(
    "said",
    [
        "Decided to keep the used coupons in a set on the order, because a table needs a migration.",
        "We decided on a set on the order instead of a table.",
        "Chose a set on the order rather than a table, which would need a migration later.",
    ],
)
def test_what_calls_itself_a_decision_is_one(said):
    script = Script()
    script.says("Store the used coupons of an order")
    script.edits("order.py")
    script.replies(f"The order keeps its coupons. {said}")
    made = dict(draft(script.session()).sections)
    assert any("a set on the order" in line for line in made["Decisions"])


def test_steps_of_the_plan_that_were_left_are_deviations():
    script = Script()
    script.says("Add a retry to the uploader")
    script.plans("[x] Add the retry", "Write the tests")
    script.edits("a.py")
    assert sections(draft(script.session()))["Deviations from plan"] == ("- Planned, not done: Write the tests [t2]",)


def test_secrets_and_home_folders_reach_no_part_of_a_draft():
    secret = "gh" + "p_" + "A1b2C3d4E5" * 4
    script = Script("/home/mira/code/tidepool")
    script.says(f"Use the token {secret} to fix the upload in /home/mira/code/tidepool/up.py")
    script.runs(f"curl -H 'Authorization: Bearer {secret}' x && pytest", f"token {secret}\n3 passed")
    script.edits("up.py", new=f"TOKEN = '{secret}'")
    script.replies(f"Root cause: the token `{secret}` was missing in `/home/mira/code/tidepool/up.py`, which broke it.")
    drafted = draft(script.session(branch=f"fix/{secret}", title=f"Use {secret}"))
    everything = repr((drafted.fields, drafted.sections, drafted.items, drafted.quotes))
    assert secret not in everything
    assert "/home/mira" not in everything
    assert drafted.report["github-token"] > 1


def test_sessions_in_which_nothing_happened_are_trivial():
    empty = Script()
    assert draft(empty.session()).trivial
    hello = Script()
    hello.says("hello")
    hello.replies("Hi! How can I help?")
    assert draft(hello.session()).trivial
    worked = Script()
    worked.says("Add a retry")
    worked.edits("a.py")
    assert not draft(worked.session()).trivial


def test_a_draft_of_a_very_long_session_is_still_a_page():
    script = Script()
    for number in range(150):
        script.says(f"Now add the handler number {number} and explain why the store {number} fails here")
        script.replies(
            f"The handler_{number} fails because store_{number} is closed too early by `close_{number}()`. "
            f"The store_{number} must stay open until `flush_{number}()` returns, which the docs do not say."
        )
        script.edits(f"src/handler_{number}.py", new=f"def handler_{number}():")
    drafted = draft(script.session())
    words = sum(
        len(line.split())
        for title, part in drafted.sections
        if title != "Evidence"
        for line in part
        if "`src/" not in line
    )
    assert words <= 330


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["says", "replies", "runs", "edits", "declines", "stops", "plans"]),
            st.text(alphabet=st.characters(codec="utf-8"), max_size=120),
        ),
        max_size=12,
    )
)
def test_no_session_breaks_the_drafting(steps):
    script = Script()
    for name, text in steps:
        script.stops() if name == "stops" else getattr(script, name)(text)
    drafted = draft(script.session(), tz=UTC)
    assert all("\n" not in line for line in lines(drafted))
    assert all(
        re.search(r"\[t\d+(, t\d+)*\]$", line)
        for title, part in drafted.sections
        if title != "Evidence"
        for line in part
    )


def test_every_real_session_makes_a_page_with_evidence(shared_data):
    for path in sorted((shared_data / "claude-code").glob("*.jsonl")):
        with path.open("rb") as stream:
            drafted = draft(next(read_transcript(stream, path.name)), tz=UTC)
        claims = [line for title, part in drafted.sections if title != "Evidence" for line in part]
        assert not drafted.trivial
        assert all(re.search(r"\[t\d+(, t\d+)*\]$", line) for line in claims)
        assert "/Users/" not in repr(drafted)
        assert len(str(drafted.fields["title"])) <= 70


@pytest.mark.parametrize(
    "text", ["A. " * 30_000, "The cache is broken " * 10_000, "**" + "a*" * 30_000, "(" * 30_000, "`" * 30_001]
)
def test_text_that_never_ends_does_not_hold_up_the_drafting(text):
    script = Script()
    script.says("Fix the cache")
    script.replies(text)
    start = time.perf_counter()
    draft(script.session())
    assert time.perf_counter() - start < 5


def test_where_a_transcript_records_no_results_that_is_said_and_no_check_is_missed():
    """Cursor writes calls down, and nothing of what became of them."""
    script = Script()
    script.says("Add a retry to the uploader, then run the tests")
    script.edits("up.py")
    script.runs("pytest -q")
    session = script.session()
    calls = tuple(event for event in session.events if event.kind not in {"result", "error"})
    drafted = draft(replace(session, events=calls))
    assert sections(drafted)["Changes made"][0].startswith("- `up.py` — ")
    assert "no result recorded" in sections(drafted)["Changes made"][0]
    assert "the transcript records no results" in sections(drafted)["What happened"][0]
    assert not any("no check ran" in line for line in lines(drafted))


def test_nothing_that_a_session_says_acts_in_its_entry():
    evil = "<script>x</script> ![p](http://a.example/p.png) [[Secrets]] %%gone%% [t99]"
    script = Script()
    script.says(f"# Evidence {evil}: make the parser keep its tags \u202e\U000e0041")
    script.replies(f"The root cause is that the lexer drops {evil} in its first pass.")
    script.edits("src/<img src=x>.py", "a", "b")
    script.runs("pytest -q", f"FAILED tests/test_<b>.py {evil}\n1 failed", 1)
    script.says(f"Always run the linter before {evil} is committed.")
    made = draft(script.session())
    page = MarkdownIt("commonmark").parse("\n\n".join(lines(made)))
    kinds = {child.type for token in page for child in token.children or ()}
    assert not kinds & {"html_inline", "image", "link_open"}
    assert not {token.type for token in page} & {"heading_open", "html_block", "hr", "fence"}
    assert sum("script" in line for line in lines(made)) > 3
    for line in lines(made):
        assert not re.search(r"(?<!\\)\[\[|%%|(?<!\\)\[t99|[\u202e\U000e0041]", line), line


def test_what_the_assistant_only_thought_of_doing_is_no_discovery():
    script = Script()
    script.says("Make the port table quick")
    script._add("thought", "assistant", text="The new code will keep the ports in a cache of `load()`.\n\n"
                "The immediate next step is to call `load()` in the port table.\n\n"
                "The port table calls `load()` for each of the forty ports.")  # fmt: skip
    script.edits("ports.py")
    texts = [item.text for item in draft(script.session()).items]
    assert "The port table calls `load()` for each of the forty ports" in texts
    assert not any("will keep" in text or "next step" in text for text in texts)
