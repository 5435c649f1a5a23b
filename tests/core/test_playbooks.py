"""Playbooks: what earns one, what it says, and how it is found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from session_journal.core import playbooks
from session_journal.core.entry import read
from session_journal.core.patterns import Statement, find
from session_journal.core.playbooks import Playbook

DAY = date(2026, 11, 9)


def pattern(*texts, kind="takeaway", reviewed=True, project="shop", apart=1, turns=()):
    items = [
        Statement(
            f"e{number}", f"journal/sessions/2026/{number}.md", f"s{number}", DAY + timedelta(days=number * apart),
            project, one_kind, text, f"Session {number}", turns and (number,), reviewed,
        )
        for number, text in enumerate(texts)
        for one_kind in [kind[number] if isinstance(kind, tuple) else kind]
    ]  # fmt: skip
    (found,) = find(items)
    return found


LINT = ("Run the linter before committing", "Always run the linter before a commit", "Run the linter before you commit")


def test_three_sessions_on_two_days_earn_a_playbook():
    assert playbooks.promotable(pattern(*LINT))
    assert not playbooks.promotable(pattern(*LINT[:2]))
    assert not playbooks.promotable(pattern(*LINT, apart=0))
    assert playbooks.promotable(pattern(*LINT[:2]), sessions=2)


def test_what_is_merely_still_open_earns_none():
    assert not playbooks.promotable(pattern(*LINT, kind="action"))
    assert playbooks.promotable(pattern(*LINT, kind=("action", "action", "challenge")))


def test_how_drafted_sessions_went_is_no_lesson_but_what_a_person_wrote_is():
    went = ["every check passed the first time"] * 3
    assert not playbooks.promotable(pattern(*went, kind="went-well", turns=(1,)))
    assert playbooks.promotable(pattern(*went, kind="went-well"))


def test_a_failure_that_drafting_saw_counts_where_it_was_solved_the_same_way():
    failed = "`make test` failed: relation readings does not exist"
    same = [f"{failed} → ran `make migrate` first"] * 3
    somehow = [f"{failed} → passed after a fix"] * 3
    assert playbooks.promotable(pattern(*same, kind="challenge", turns=(1,)))
    assert not playbooks.promotable(pattern(*somehow, kind="challenge", turns=(1,)))


def test_a_playbook_is_established_when_reviewed_entries_alone_carry_it():
    assert playbooks.status_of(pattern(*LINT)) == "established"
    assert playbooks.status_of(pattern(*LINT, reviewed=False)) == "candidate"


def test_the_status_that_a_person_set_stays():
    assert playbooks.status_of(pattern(*LINT, reviewed=False), "proven") == "proven"
    assert playbooks.status_of(pattern(*LINT), "retired") == "retired"


def test_a_long_statement_becomes_a_title_that_ends_with_a_clause():
    long = "Run the linter before committing; otherwise the pipeline fails ten minutes later and everyone waits for the fix"
    found = pattern(long, long + " again")
    assert playbooks.title_of(found) == "Run the linter before committing"


def test_a_title_never_ends_inside_code():
    text = (
        "Before each commit always remember to run the complete local sequence `make lint test-unit test-integration`"
    )
    title = playbooks.title_of(pattern(text, text + " first"))
    assert title.count("`") % 2 == 0
    assert len(title) <= 90


def test_checks_are_named_by_the_commands_that_several_sessions_ran():
    found = pattern(
        "Checked with `pytest -q tests/test_a.py` and `make migrate-check`",
        "Checked with `pytest -q tests/test_b.py` and `make migrate-check`",
        "Checked with `make migrate-check` and `pytest -q tests/test_c.py`",
        kind="insight",
    )
    assert playbooks.title_of(found) == "Check with `make migrate-check`"
    assert playbooks.values_of(found, "candidate")["steps"] == ["Check with `make migrate-check`"]


def test_steps_are_told_once_and_problems_are_warnings():
    found = pattern(
        "Run the linter before committing",
        "Run the linter before committing",
        "Committed without running the linter → run the linter before committing",
        kind=("takeaway", "takeaway", "challenge"),
    )
    values = playbooks.values_of(found, "established")
    assert values["steps"] == ["Run the linter before committing"]
    assert values["warnings"] == ["Seen to go wrong: Committed without running the linter"]


def test_what_a_statement_forbids_is_what_not_to_do():
    values = playbooks.values_of(pattern("Never force-push a shared branch", "Never force-push to a shared branch"), "")
    assert values["warnings"] == ["Never force-push to a shared branch"]
    assert values["steps"] == []


def test_evidence_links_each_statement_with_its_turns_and_says_what_is_a_draft():
    evidence = playbooks.values_of(pattern(*LINT, reviewed=False, turns=(1,)), "candidate")["evidence"]
    assert [(one["link"], one["turns"], one["draft"]) for one in evidence] == [
        ("../sessions/2026/2.md", " [t2]", True),
        ("../sessions/2026/1.md", " [t1]", True),
        ("../sessions/2026/0.md", " [t0]", True),
    ]


def test_it_applies_where_and_when_it_was_seen():
    entries = {
        f"journal/sessions/2026/{number}.md": read(
            b"---\ndate: 2026-11-09\nkind: debugging\ntags: [ci]\n---\n", f"journal/sessions/2026/{number}.md"
        )
        for number in range(3)
    }
    found = pattern(*LINT)
    assert playbooks.values_of(found, "")["applies"] == "Working on **shop**, before a commit."
    assert playbooks.tags_of(found, entries) == ["ci"]


def test_when_it_applies_is_left_out_where_nothing_tells():
    found = pattern("Freeze the clock", "Freeze the clock", "Freeze the clock", project="")
    assert playbooks.values_of(found, "")["applies"] == ""


def test_a_command_that_failed_alike_says_when_it_applies():
    found = pattern(*["`make test` failed: no relation readings → ran `make migrate` first"] * 3, kind="challenge")
    assert playbooks.values_of(found, "")["applies"] == "Working on **shop**, when `make test` fails."


def test_a_rule_is_the_title_before_what_was_merely_run_and_without_its_lead_in():
    found = pattern(
        "Checked with `pytest -q` and `make migrate-check`",
        "Checked with `pytest -q tests` and `make migrate-check`",
        "The user's correction: That is no bug, just a stale schema. always run `make migrate-check` before the tests",
        kind="insight",
        turns=(1,),
    )
    assert playbooks.title_of(found) == "Always run `make migrate-check` before the tests"
    assert playbooks.values_of(found, "")["steps"][0] == "Always run `make migrate-check` before the tests"


def test_checks_that_a_rule_does_not_name_are_no_evidence_for_it():
    rules = ["Always run `make migrate-check` before the tests"] * 3
    found = pattern(*rules, "Checked with `make test` before the tests", "Checked with `make migrate-check` before the tests",
                    kind="insight", turns=(1,))  # fmt: skip
    quotes = {one["quote"] for one in playbooks.values_of(found, "")["evidence"]}
    assert "Checked with `make migrate-check` before the tests" in quotes
    assert "Checked with `make test` before the tests" not in quotes


def test_plain_findings_of_drafts_alone_make_no_playbook():
    found = ["The merge left conflicts in the parser file", "Conflicts in the parser file after the merge"]
    assert not playbooks.promotable(pattern(*found, found[0], kind="discovery", turns=(1,)))
    assert playbooks.promotable(pattern(*found, found[0], kind="takeaway"))
    step = ["Resolve the conflict in the parser file", "Conflict in the parser file", "The parser file has a conflict"]
    assert not playbooks.promotable(pattern(*step, kind="discovery", turns=(1,)))


def test_a_tool_in_common_is_no_point_in_common():
    checks = [f"Checked with `mise run lint` and `mise run {name}`" for name in ("unit", "e2e", "unit")]
    found = pattern(*checks, "Chose a `mise run dup` task", kind="insight", turns=(1,))
    assert not any("dup" in one["quote"] for one in playbooks.values_of(found, "")["evidence"])


def test_a_playbook_is_found_again_by_its_key_though_its_name_changed():
    found = pattern(*LINT)
    mine = Playbook("journal/playbooks/renamed.md", "My own title", "proven", found.key, frozenset({found.key}))
    other = Playbook("journal/playbooks/other.md", "Other", "candidate", "ffff", frozenset({"ffff"}))
    assert playbooks.match([found], [other, mine]) == {0: mine}


def test_a_playbook_is_found_again_by_its_evidence_when_an_earlier_entry_turns_up():
    before = pattern(*LINT)
    block = "".join(f"- 2026 [x](y): “{member.text}” [t1]\n" for member in before.members)
    known = playbooks.read_playbook("journal/playbooks/lint.md", {"pattern": before.key}, block)
    after = pattern("The linter has to run before commits", *LINT)
    assert after.key != before.key
    assert playbooks.match([after], [known]) == {0: known}


def test_two_patterns_never_share_a_playbook():
    found = pattern(*LINT)
    twin = replace(found, sessions=2)
    known = Playbook("p.md", "", "candidate", found.key, frozenset({found.key}))
    assert playbooks.match([found, twin], [known]) == {0: known}
