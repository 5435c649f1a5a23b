"""Playbooks: what earns one, what it says, and how it is found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from session_journal.core import playbooks
from session_journal.core.entry import read
from session_journal.core.patterns import Statement, find, key_of
from session_journal.core.playbooks import Bar, Mark, Playbook
from session_journal.core.undoing import Undoings

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


def page(status="established", earned="", marks=(), block=""):
    return Playbook("journal/playbooks/p.md", "P", status, "k", frozenset({"k"}), earned, tuple(marks), block=block)


LINT = ("Run the linter before committing", "Always run the linter before a commit", "Run the linter before you commit")


def test_three_sessions_on_two_days_earn_a_playbook():
    assert playbooks.promotable(pattern(*LINT))
    assert not playbooks.promotable(pattern(*LINT[:2]))
    assert not playbooks.promotable(pattern(*LINT, apart=0))
    assert playbooks.promotable(pattern(*LINT[:2]), sessions=2)


def test_what_is_merely_still_open_earns_none():
    assert not playbooks.promotable(pattern(*LINT, kind="action"))
    assert playbooks.promotable(pattern(*LINT, kind=("action", "action", "challenge")))


def test_questions_gaps_and_single_tasks_are_no_evidence_for_what_was_learnt_once():
    asked = (
        "Which linter runs before a commit?",
        "How the linter runs before a commit",
        "Run the linter before commits",
    )
    assert not playbooks.promotable(pattern(*asked, kind=("question", "gap", "takeaway")))
    once = (
        "Add the linter to the commit hook",
        "Add the linter to our commit hook",
        "Run the linter in the commit hook",
    )
    assert not playbooks.promotable(pattern(*once, kind=("action", "action", "takeaway")))


def test_a_task_is_no_step_of_the_playbook_that_its_lesson_earned():
    task = "Add a timeout to the payment client"
    lessons = (
        "Always set an explicit timeout on every HTTP client",
        "Set a timeout explicitly on each HTTP client, the default is none",
        "Every HTTP client needs an explicit timeout",
    )
    found = pattern(task, *lessons, kind=("action", "insight", "insight", "insight"))
    assert task in [member.text for member in found.members]
    assert not any("payment" in step for step in playbooks.values_of(found)["steps"])


def test_what_a_draft_leaves_for_next_time_is_no_lesson_and_what_a_person_means_to_do_is():
    assert not playbooks.promotable(pattern(*LINT, kind="next", turns=(1,), reviewed=False))
    assert playbooks.promotable(pattern(*LINT, kind="next"))


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
    assert playbooks.stand(pattern(*LINT)).status == "established"
    assert playbooks.stand(pattern(*LINT, reviewed=False)).status == "candidate"


def test_the_status_that_a_person_set_stays():
    assert playbooks.stand(pattern(*LINT, reviewed=False), page("proven", "candidate")).status == "proven"
    assert playbooks.stand(pattern(*LINT), page("retired", "established")).status == "retired"
    assert playbooks.stand(pattern(*LINT), page("proven")).status == "proven"  # of a time before `earned` was written


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
    assert playbooks.values_of(found)["steps"] == ["Check with `make migrate-check`"]


def test_steps_are_told_once_and_problems_are_warnings():
    found = pattern(
        "Run the linter before committing",
        "Run the linter before committing",
        "Committed without running the linter → run the linter before committing",
        kind=("takeaway", "takeaway", "challenge"),
    )
    values = playbooks.values_of(found)
    assert values["steps"] == ["Run the linter before committing"]
    assert values["warnings"] == ["Seen to go wrong: Committed without running the linter"]


def test_what_a_statement_forbids_is_what_not_to_do():
    values = playbooks.values_of(pattern("Never force-push a shared branch", "Never force-push to a shared branch"))
    assert values["warnings"] == ["Never force-push to a shared branch"]
    assert values["steps"] == []


def test_evidence_links_each_statement_with_its_turns_and_says_what_is_a_draft():
    evidence = playbooks.values_of(pattern(*LINT, reviewed=False, turns=(1,)))["evidence"]
    assert [(one["link"], one["turns"], one["draft"]) for one in evidence] == [
        ("../sessions/2026/2.md", " [t2]", True),
        ("../sessions/2026/1.md", " [t1]", True),
        ("../sessions/2026/0.md", " [t0]", True),
    ]


def test_what_one_entry_says_twice_is_quoted_once():
    found = pattern(*LINT)
    twice = replace(found, members=(*found.members, found.members[-1]))
    assert playbooks.values_of(twice)["evidence"] == playbooks.values_of(found)["evidence"]


def test_it_applies_where_and_when_it_was_seen():
    entries = {
        f"journal/sessions/2026/{number}.md": read(
            b"---\ndate: 2026-11-09\nkind: debugging\ntags: [ci]\n---\n", f"journal/sessions/2026/{number}.md"
        )
        for number in range(3)
    }
    found = pattern(*LINT)
    assert playbooks.values_of(found)["applies"] == "Working on **shop**, before a commit."
    assert playbooks.tags_of(found, entries) == ["ci"]


def test_when_it_applies_is_left_out_where_nothing_tells():
    found = pattern("Freeze the clock", "Freeze the clock", "Freeze the clock", project="")
    assert playbooks.values_of(found)["applies"] == ""


def test_a_command_that_failed_alike_says_when_it_applies():
    found = pattern(*["`make test` failed: no relation readings → ran `make migrate` first"] * 3, kind="challenge")
    assert playbooks.values_of(found)["applies"] == "Working on **shop**, when `make test` fails."


def test_a_rule_is_the_title_before_what_was_merely_run_and_without_its_lead_in():
    found = pattern(
        "Checked with `pytest -q` and `make migrate-check`",
        "Checked with `pytest -q tests` and `make migrate-check`",
        "The user's correction: That is no bug, just a stale schema. always run `make migrate-check` before the tests",
        kind="insight",
        turns=(1,),
    )
    assert playbooks.title_of(found) == "Always run `make migrate-check` before the tests"
    assert playbooks.values_of(found)["steps"][0] == "Always run `make migrate-check` before the tests"


def test_checks_that_a_rule_does_not_name_are_no_evidence_for_it():
    rules = ["Always run `make migrate-check` before the tests"] * 3
    found = pattern(*rules, "Checked with `make test` before the tests", "Checked with `make migrate-check` before the tests",
                    kind="insight", turns=(1,))  # fmt: skip
    quotes = {one["quote"] for one in playbooks.values_of(found)["evidence"]}
    assert "Checked with `make migrate-check` before the tests" in quotes
    assert "Checked with `make test` before the tests" not in quotes


def test_plain_findings_of_drafts_alone_make_no_playbook():
    found = ["The merge left conflicts in the parser file", "Conflicts in the parser file after the merge"]
    assert not playbooks.promotable(pattern(*found, found[0], kind="discovery", turns=(1,)))
    assert playbooks.promotable(pattern(*found, found[0], kind="takeaway"))
    step = ["Resolve the conflict in the parser file", "Conflict in the parser file", "The parser file has a conflict"]
    assert not playbooks.promotable(pattern(*step, kind="discovery", turns=(1,)))


def test_a_playbook_of_checks_advises_what_every_session_ran_and_tells_the_others_apart():
    runs = ("`fmt`, `lint` and `unit`", "`lint`, `fmt` and `e2e`", "`fmt`, `lint` and `unit`")
    found = pattern(*(f"Checked with {run}" for run in runs), kind="insight", turns=(1,))
    assert playbooks.title_of(found) == "Check with `fmt` and `lint`"
    assert playbooks.values_of(found)["steps"] == ["Check with `fmt` and `lint`", "Several sessions ran `unit` as well"]


def test_what_a_pattern_lacks_for_a_playbook_is_told():
    hard = ["Keeping the docs in step took care"] * 3
    assert playbooks.lacking(pattern(*LINT)) == ""
    assert playbooks.lacking(pattern(*LINT[:2])) == "2 sessions, 3 make a playbook"
    assert playbooks.lacking(pattern(*LINT, apart=0)) == "all on 1 day, 2 make a playbook"
    assert playbooks.lacking(pattern(*hard, kind="challenge")) == "it tells what was met, not what to do"
    assert playbooks.lacking(pattern(*LINT, kind="question")) == "it is a question, and no answer"
    assert playbooks.lacking(pattern(*LINT, kind="action")) == "it is a thing to do, and nothing that was learnt"
    late = pattern(*LINT, kind=("takeaway", "question", "takeaway"))
    assert playbooks.lacking(late) == "2 of its sessions told what to do, 3 make a playbook"
    counted = pattern(*["every check passed the first time"] * 3, kind="went-well", turns=(1,))
    assert "journal reflect" in playbooks.lacking(counted)


def test_a_page_with_nothing_to_do_on_it_stays_a_candidate_however_often_it_was_met():
    hard = pattern(*["Keeping the docs in step took care"] * 9, kind="challenge")
    assert playbooks.stand(hard).status == "candidate"


def test_a_tool_in_common_is_no_point_in_common():
    checks = [f"Checked with `mise run lint` and `mise run {name}`" for name in ("unit", "e2e", "unit")]
    found = pattern(*checks, "Chose a `mise run dup` task", kind="insight", turns=(1,))
    assert not any("dup" in one["quote"] for one in playbooks.values_of(found)["evidence"])


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


def test_a_playbook_stays_with_most_of_its_evidence_where_the_member_that_names_it_was_split_off():
    whole = pattern(*LINT)
    rest, stray = replace(whole, members=whole.members[1:]), replace(whole, members=whole.members[:1])
    known = replace(page(), key=whole.key, keys=frozenset(key_of(text) for text in LINT))
    assert playbooks.match([stray, rest], [known]) == {1: known}


def test_two_patterns_never_share_a_playbook():
    found = pattern(*LINT)
    twin = replace(found, sessions=2)
    known = Playbook("p.md", "", "candidate", found.key, frozenset({found.key}))
    assert playbooks.match([found, twin], [known]) == {0: known}


def marks(*verdicts, start=0):
    return [Mark(DAY + timedelta(days=start + number), verdict) for number, verdict in enumerate(verdicts)]


def test_many_reviewed_sessions_or_helpful_marks_make_it_proven():
    assert playbooks.stand(pattern(*LINT, *LINT)).status == "proven"
    assert playbooks.stand(pattern(*LINT), page(marks=marks("helpful", "helpful"))).status == "proven"
    assert playbooks.stand(pattern(*LINT), page(marks=marks("helpful"))).status == "established"
    assert playbooks.stand(pattern(*LINT), bar=Bar(proven=2)).status == "proven"


def test_drafts_and_marks_never_make_more_than_a_candidate():
    found = pattern(*LINT, *LINT, reviewed=False)
    assert playbooks.stand(found, page("candidate", marks=marks("helpful", "helpful", "helpful"))).status == "candidate"


def test_evidence_counts_half_after_its_half_life():
    found = pattern(*LINT, *LINT)
    later = DAY + timedelta(days=400)
    assert playbooks.stand(found, as_of=DAY + timedelta(days=90)).status == "proven"
    assert playbooks.stand(found, as_of=later).status == "established"
    assert playbooks.stand(found, bar=Bar(half_life=2000), as_of=later).status == "proven"
    assert playbooks.stand(pattern(*LINT), as_of=DAY + timedelta(days=900)).is_faded


def test_harmful_marks_weigh_against_it_and_retire_it_at_last():
    assert playbooks.stand(pattern(*LINT, *LINT), page(), Bar(proven=6)).status == "proven"
    assert playbooks.stand(pattern(*LINT, *LINT), page(marks=marks("harmful")), Bar(proven=6)).status == "established"
    assert playbooks.stand(pattern(*LINT), page(marks=marks("harmful", "harmful"))).status == "retired"
    assert playbooks.stand(pattern(*LINT), page(marks=marks("harmful", "harmful", "helpful"))).status == "established"
    assert playbooks.stand(pattern(*LINT), page(marks=marks("harmful")), Bar(harmful=1)).status == "retired"


def test_a_persons_word_stays_whatever_the_evidence():
    promoted = page("proven", "established", marks("harmful", "harmful", "harmful"))
    assert playbooks.stand(pattern(*LINT), promoted).status == "proven"
    assert playbooks.stand(pattern(*LINT), promoted).earned == "retired"
    again = page("established", "established", marks("helpful", "helpful"))
    assert playbooks.stand(pattern(*LINT), again).status == "proven"


def undone(text, day="2026-12-01", project="shop", kind="Decisions"):
    data = f"---\nid: undo\ntitle: Undone\ndate: {day}\nproject: {project}\n---\n\n## {kind}\n\n- {text}\n"
    return Undoings([read(data.encode(), f"journal/sessions/2026/{day}-undo.md")])


CACHE = [
    "Use the build cache in every pipeline",
    "Use the build cache in each pipeline",
    "Use the build cache in pipelines",
]


def test_a_fix_that_was_undone_later_speaks_against_it():
    found = pattern(*CACHE)
    against = playbooks.objections(found, undone("Reverted the build cache, it served stale files"))
    assert [item.text for _, item in against] == ["Reverted the build cache, it served stale files"]
    values = playbooks.values_of(found, playbooks.stand(found, against=against))
    assert [(one["title"], one["link"]) for one in values["against"]] == [
        ("Undone", "../sessions/2026/2026-12-01-undo.md")
    ]
    assert playbooks.objections(found, undone("Reverted the build cache", project="site")) == ()
    assert playbooks.objections(found, undone("Reverted the build cache", day="2026-11-01")) == ()


def test_counter_evidence_as_strong_as_the_evidence_makes_it_a_candidate_again():
    found = pattern(*CACHE)
    against = playbooks.objections(found, undone("Reverted the build cache"))
    assert playbooks.stand(found, against=against * 3).status == "candidate"
    assert playbooks.stand(found, against=against).status == "established"


def test_what_stands_on_a_page_lives_on_in_its_words_and_place():
    block = "## What to do\n\n- Lint before you commit, always\n- Run the linter before committing\n\n## History\n\n- 2026-11-11: established\n"
    values = playbooks.values_of(pattern(*LINT), page=page(block=block))
    assert values["steps"] == ["Run the linter before committing"]
    assert values["history"][0] == "2026-11-11: established"


def test_what_nothing_says_any_more_is_retired_and_remembered():
    block = "## What to do\n\n- Buy more hardware\n\n## History\n\n- 2026-11-10: candidate\n"
    values = playbooks.values_of(pattern(*LINT), page=page(block=block))
    assert values["steps"] == ["Run the linter before you commit"]
    assert values["history"] == [
        "2026-11-10: candidate",
        "2026-11-11: established (was candidate)",
        "2026-11-11: no longer said: Buy more hardware",
    ]


def test_marks_are_part_of_the_history_and_reasons_say_when_it_does_not_apply():
    told = [Mark(DAY, "helpful", "2026-11-09-a"), Mark(DAY + timedelta(days=1), "harmful", "", "generated code fails")]
    values = playbooks.values_of(pattern(*LINT), page=page(marks=told))
    assert "2026-11-09: marked helpful in 2026-11-09-a" in values["history"]
    assert values["applies_not"] == ["Generated code fails"]


def test_exceptions_that_members_name_say_when_it_does_not_apply():
    found = pattern("Run the linter before committing, unless the commit is a merge", *LINT)
    assert playbooks.values_of(found)["applies_not"] == ["Unless the commit is a merge"]


def test_marks_are_read_as_they_are_written():
    for mark in (Mark(DAY, "helpful"), Mark(DAY, "harmful", "2026-11-09-a", "it: broke")):
        read_back = playbooks.read_playbook("p.md", {"marks": [str(mark)]}, None).marks
        assert read_back == (mark,)
    odd = {"marks": ["2026-13-45 helpful", "yes", 7, "2026-11-09 good"]}
    assert playbooks.read_playbook("p.md", odd, None).marks == ()


def test_one_session_has_one_verdict_and_the_last_can_be_taken_back():
    first, other, later = (
        Mark(DAY, "helpful", "a"),
        Mark(DAY, "helpful", "b"),
        Mark(DAY + timedelta(days=2), "harmful", "a"),
    )
    assert playbooks.add(playbooks.add([first], other), later) == (other, later)
    assert playbooks.take_back([first, other], "helpful") == (first,)
    assert playbooks.take_back([first, other], "helpful", "a") == (other,)
    assert playbooks.take_back([first], "harmful") == (first,)


def test_a_page_whose_point_another_page_makes_by_now_is_a_double():
    found = pattern(*LINT)
    old = Playbook("journal/playbooks/old.md", "Old", "established", key_of(LINT[1]), frozenset({key_of(LINT[1])}))
    mine = Playbook("journal/playbooks/new.md", "New", "established", found.key, frozenset({found.key}))
    taken = playbooks.match([found], [old, mine])
    assert playbooks.doubles([found], [old, mine], taken) == ((old, mine),)


def test_a_template_gets_the_same_names_for_a_page_without_evidence():
    known = page(block="## What to do\n\n- Run it\n\n## History\n\n- 2026-11-09: established\n")
    values = playbooks.values_without(known, DAY)
    assert set(values) == set(playbooks.values_of(pattern(*LINT)))
    assert (values["steps"], values["status"]) == (["Run it"], "candidate")
    assert values["history"] == ["2026-11-09: established", "2026-11-09: candidate (was established)"]
