"""Steps that were announced and taken, instructions that edits followed, messages, and habits."""

import pytest

from scripts import Script
from session_journal.core.drafting import draft
from session_journal.core.insights import learning
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.habits import habits
from session_journal.core.insights.messages import messages
from session_journal.core.insights.prose import statements
from session_journal.core.insights.signs import is_change
from session_journal.core.insights.steps import acted, announced, carried_out
from session_journal.core.insights.troubles import challenges
from session_journal.core.insights.wording import tidy
from session_journal.core.signals import signals


def found(script):
    session = script.session()
    return session, signals(session, prompts(session))


def habit_texts(script):
    return [one.text for one in habits(*found(script))]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Let me check how the resume tests make their folders.", "Checked how the resume tests make their folders"),
        ("Now rename all `LastSeen` to `seen_at` in the models.", "Renamed all `LastSeen` to `seen_at` in the models"),
        (
            "Let me first resolve `a.py`, then update the callers of `load`.",
            "Resolved `a.py`, then updated the callers of `load`",
        ),
        ("Let me look at the file.", ""),
        ("Now fix the tests and the rest of it.", ""),
        ("Let me check whether I broke `load` in the store.", ""),
    ],
)
def test_an_announced_step_is_told_as_taken_where_it_says_something(said, told):
    assert announced(said, 20) == told


def test_a_step_counts_only_where_something_was_done():
    script = Script()
    script.says("Why is it slow?")
    idle = script.replies("Let me check how the cache is filled.")
    script.says("go on")
    busy = script.replies("Let me check how the cache is filled.")
    script.runs("grep -n fill cache.py", "12: fill()")
    assert idle not in acted(script.session())
    assert busy in acted(script.session())


def test_an_instruction_is_told_as_done_where_an_edit_wrote_what_it_names():
    script = Script()
    script.says("Use the typed ids")
    said = script.replies("- Use `MustID()` for literals in tests\n- Use `ParseID()` in the loader")
    edited = script.edits("ids_test.go", 'id := "x"', 'id := MustID("x")') - 1
    session = script.session()
    orders = [("Use `MustID()` for literals in tests", said), ("Use `ParseID()` in the loader", said)]
    assert list(carried_out(orders, session, 20)) == [("Used `MustID()` for literals in tests", said, edited)]


def test_the_message_of_a_commit_that_was_made_is_a_source_without_its_trailers():
    script = Script()
    script.says("commit it")
    message = "Write all logs to one file\n\nHooks need no id any more.\n\nCo-Authored-By: Some One <a@b.example>"
    turn = script.runs(
        f"git commit -m \"$(cat <<'EOF'\n{message}\nEOF\n)\"", "[main 1234567] Write all logs to one file"
    )
    script.runs('git commit -m "Not made at all here"', "nothing to commit", 1)
    session, seen = found(script)
    told = messages(session, seen.acts)
    assert [(one.text, one.turn) for one in told] == [
        ("Wrote all logs to one file", turn),
        ("Hooks need no id any more.", turn),
    ]


def test_what_was_run_before_the_commit_is_told_in_its_order():
    script = Script()
    script.says("Add a retry")
    script.edits("a.py")
    script.runs("mise run lint", "ok", 0)
    script.runs("mise run test", "3 passed", 0)
    script.runs("git commit -m retry", "[main 1234567] retry")
    assert habit_texts(script) == ["Verified before committing with `mise run lint` and `mise run test`"]


def test_checks_that_no_commit_followed_are_only_told_as_checks():
    script = Script()
    script.says("Add a retry")
    script.runs("mise run lint", "ok", 0)
    script.runs("mise run test", "3 passed", 0)
    script.edits("a.py")
    script.runs("git commit -m retry", "[main 1234567] retry")
    assert habit_texts(script) == ["Checked with `mise run lint` and `mise run test`"]


def test_a_formatter_stands_among_the_checks_it_ran_beside():
    script = Script()
    script.says("Add a retry")
    script.runs("mise run fmt && mise run lint", "ok", 0)
    script.runs("mise run test", "3 passed", 0)
    assert habit_texts(script) == ["Checked with `mise run fmt`, `mise run lint` and `mise run test`"]
    alone = Script()
    alone.says("Add a retry")
    alone.runs("gofmt -w .", "", 0)
    alone.runs("black src", "", 0)
    assert habit_texts(alone) == []


def test_a_run_of_some_tests_is_no_check_where_all_of_them_ran():
    script = Script()
    script.says("Add a retry")
    script.runs("go test ./... -run TestRetry -v", "ok x 0.1s", 0)
    script.runs("mise run lint", "ok", 0)
    assert habit_texts(script) == ["Checked with `go test ./... -run TestRetry` and `mise run lint`"]
    script.runs("mise run test", "3 passed", 0)
    assert habit_texts(script) == ["Checked with `mise run lint` and `mise run test`"]


def test_what_is_left_out_of_a_long_command_is_marked():
    script = Script()
    script.says("Add a retry")
    script.runs("go test -tags=net -race ./... -count=5 -run TestRetry -v", "ok x 0.1s", 0)
    script.runs("mise run lint", "ok", 0)
    assert habit_texts(script) == ["Checked with `go test -tags=net -race … -run TestRetry` and `mise run lint`"]


def test_what_was_edited_between_two_failures_counts_too():
    script = Script()
    script.says("Run the tests of the port table")
    script.runs("go test ./...", "--- FAIL: TestPorts (0.00s)\nFAIL", 1)
    script.edits("ports_test.go")
    script.runs("go test ./...", "--- FAIL: TestPorts (0.00s)\nFAIL", 1)
    script.edits("ports.go")
    script.runs("go test ./...", "ok  \tx/y\t1.2s")
    assert troubles_told(script) == ["`go test ./...` failed: TestPorts → passed after a fix"]


def test_every_check_stands_in_the_front_matter_with_the_turn_of_its_first_run():
    script = Script()
    script.says("Add a retry")
    script.edits("a.py")
    first = script.runs("mise run test", "1 failed", 1)
    script.runs("mise run test", "3 passed", 0)
    assert draft(script.session()).fields["checks"] == [f"mise run test [t{first}]"]
    idle = Script()
    idle.says("What does it do?")
    idle.replies("It retries.")
    assert "checks" not in draft(idle.session()).fields


def test_a_name_searched_for_three_times_is_a_trouble():
    script = Script()
    script.says("Where is it?")
    for _ in range(3):
        script.runs("grep -rn 'func GetStrategy' .", "", 1)
    assert "Searched several times for `GetStrategy`" in habit_texts(script)


def test_a_name_that_is_found_each_time_is_no_trouble():
    script = Script()
    script.says("Rename it")
    for _ in range(4):
        script.runs("grep -rn 'GetStrategy' .", "./a.go:3: func GetStrategy()")
    assert habit_texts(script) == []
    script.runs("grep -rn 'GetStrategy' ./b", "", 1)
    assert habit_texts(script) == ["Searched several times for `GetStrategy`"]


def test_a_search_whose_tool_failed_is_no_search_for_a_name():
    script = Script()
    script.says("Where is it?")
    for _ in range(3):
        script.calls_tool("search", "GetStrategy", output="ENOENT: no such file, spawn '/opt/tool'", failed=True)
    script.runs("rg GetStrategy", "rg: command not found", 127)
    assert habit_texts(script) == []
    for _ in range(3):
        script.calls_tool("search", "GetStrategy", output="No matches found")
    assert habit_texts(script) == ["Searched several times for `GetStrategy`"]


def test_logs_of_ci_that_were_read_are_told():
    script = Script()
    script.says("Why is CI red?")
    script.runs("gh run view 123 --log-failed | tail -40", "boom")
    assert habit_texts(script) == ["Read the logs of CI with `gh run view`"]


@pytest.mark.parametrize(
    ("reply", "change"),
    [
        ("Here's what was added:\n\n- **Nav** — a new component with two links", True),
        ("## What changed\n\n- Both layouts render the menu above the content", True),
        ("- **PRD — state**: corrected to tell of the stores", True),
        ("The causes are:\n\n- Both layouts render the menu above the content", False),
        ("`main` introduced several changes:\n\n- Both layouts render the menu above the content", False),
        ("We introduced these changes:\n\n- Both layouts render the menu above the content", True),
    ],
)
def test_a_list_of_changes_is_known_by_what_leads_to_it(reply, change):
    one = list(statements(reply, 3, closing=True))[-1]
    assert is_change(one, tidy(one.text)) is change


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "The merge stopped because it did not compile - `main` brought several changes:",
            "The merge stopped because it did not compile",
        ),
        (
            "Two of the tests use both `Parallel()` and `Chdir()`:",
            "Two of the tests use both `Parallel()` and `Chdir()`",
        ),
        ("The failing one of the tests is:", ""),
        (
            "`checkpoint/id/` - new type for the ids of checkpoints",
            "`checkpoint/id/` - new type for the ids of checkpoints",
        ),
        ("You're right that a loaded file loses its old offset.", "A loaded file loses its old offset"),
        (
            "Fine so far, but worth considering: a half-written session makes `write` fail.",
            "A half-written session makes `write` fail",
        ),
    ],
)
def test_what_leads_in_is_dropped_and_what_it_says_stays(said, told):
    assert tidy(said) == told


PLAN = (
    "Implement the following plan:\n\n# Plan: One log file\n\n## Context\n\n"
    + (
        "Every session writes a log file of its own, so nobody can follow it before a session starts. "
        "The session id is only needed for the name of that file and for one attribute. " * 2
    )
    + "\n\n## Verification\n\n- Open the folder `.logs/` in a file manager and look at the one file in it\n"
)


def test_what_a_pasted_plan_tells_is_context_and_no_discovery():
    script = Script()
    script.says(PLAN)
    script.edits("log.py")
    made = draft(script.session())
    context = dict(made.sections)["Context"]
    assert any("Every session writes a log file of its own" in line for line in context)
    assert not any(item.turns == (1,) for item in made.items if item.kind == "discovery")
    assert not any("file manager" in line for line in context)


def test_a_command_that_does_not_exist_checked_nothing():
    script = Script()
    script.says("Run the tests")
    script.edits("a.py")
    script.runs("wrap bun run test", "error: unrecognized subcommand 'bun'", 2)
    script.runs("bun run test", "\n 1329 pass\n 0 fail\n", 0)
    _, seen = found(script)
    assert [(check.command, check.passed) for check in seen.checks] == [("bun run test", True)]


def kinds(script, kind):
    return [item.text for item in draft(script.session()).items if item.kind == kind]


def test_the_sentence_after_a_failed_check_tells_what_failed():
    script = Script()
    script.says("Use one log file")
    script.edits("log.py")
    script.runs("pytest", "FAILED tests/test_hook.py::test_logs\n1 failed, 3 passed", 1)
    script.replies("The logging tests pass, but three tests in `test_hook.py` fail because they expect the old name.")
    script.edits("test_hook.py")
    script.runs("pytest", "4 passed")
    script.replies("Done.")
    [trouble] = kinds(script, "challenge")
    assert trouble.startswith("The logging tests pass, but three tests in `test_hook.py` fail")
    assert trouble.endswith("→ passed after editing `test_hook.py`")


def test_what_is_free_of_trouble_is_no_challenge():
    script = Script()
    script.says("Merge main into the branch")
    script.replies(
        "The tree of `store` is clean, with no active merge conflicts left. It now requires `limit` in `load()`."
    )
    script.edits("a.py")
    assert kinds(script, "challenge") == []


def test_a_next_step_that_was_taken_later_is_not_left_open():
    script = Script()
    script.says("Is the document up to date?")
    script.replies("- Optionally add a section on known technical debt to the requirements document `prd.md`")
    script.says("yes")
    script.edits("prd.md")
    script.replies("Added the section on known technical debt to the requirements document, before the last one.")
    assert kinds(script, "next") == []


def test_a_question_back_is_no_decision():
    script = Script()
    script.says("Merge the parent branch into `feature`")
    script.declines("a.py", "we still have merge issues? with the parent branch of feature")
    script.edits("a.py")
    assert kinds(script, "decision") == []


def test_praise_gives_way_to_findings():
    script = Script()
    script.says("Review the change to `load()` in `cache.py`, please")
    praise = [f"- The structure of `part_{n}.py` is very clean and well documented throughout" for n in range(9)]
    script.replies(
        "\n".join([*praise, "- `load()` in `cache.py` never clears its entries, so it grows with each call"])
    )
    script.runs("git diff", "+ x")
    made = draft(script.session())
    texts = [item.text for item in made.items]
    assert any("never clears its entries" in text for text in [*texts, *dict(made.sections)["What happened"]])


def test_what_is_left_open_comes_before_one_more_discovery():
    script = Script()
    script.says("Explain how `store.py` and `cache.py` and `index.py` work together")
    facts = [
        f"`load_{n}()` in `store.py` reads block {n} of `cache.py` and hands it to the reader in `index.py` at once."
        for n in range(40)
    ]
    script.replies("\n\n".join([*facts, "The lock in `guard.py` still needs a time limit."]))
    script.runs("cat store.py", "x")
    assert kinds(script, "next") == ["The lock in `guard.py` still needs a time limit"]


def test_the_reports_of_sub_agents_and_new_documents_fill_a_page_that_is_empty():
    script = Script()
    script.says("Audit the login of all services")
    report = "- The backend hashes passwords with `argon2` and keeps tokens in `redis` for one hour\n" * 4
    script.calls_tool("tool", "Task", "backend", report)
    script.calls_tool("tool", "Task", "mobile", "Async agent launched successfully. agentId: a5 " + "x" * 300)
    text = (
        "# Audit\n\nThe mobile client of `auth` refreshes its tokens five minutes before `expiry` and retries once.\n"
        * 3
    )
    script.edits("docs/audit.md", "", text)
    told = kinds(script, "discovery")
    assert any("argon2" in one for one in told)
    assert any("five minutes before" in one for one in told)
    assert not any("agentId" in one for one in told)


def test_what_a_document_says_that_tells_of_no_findings_was_not_found_out():
    script = Script()
    script.says("Write a page on the lighthouse")
    text = (
        "# The lighthouse\n\nThe lamp of `Marit` symbolizes trust, because ships never pass it by without a sign.\n" * 4
    )
    script.edits("docs/lighthouse.md", "", text)
    assert kinds(script, "discovery") == []


def test_what_stands_under_what_happened_is_not_told_again():
    script = Script()
    script.says("Write all logs of `hooks` to one file")
    script.replies("Let me look at the logger.")
    script.edits("log.py")
    script.runs("git commit -m 'Write all logs of `hooks` to `entire.log` at once'", "[main 1234567] Write all logs")
    script.replies("Wrote all logs of the `hooks` to `entire.log` at once, instead of many files per session.")
    happened = dict(draft(script.session()).sections)["What happened"]
    assert sum("entire.log" in line for line in happened) == 1


def test_what_a_hook_checks_is_told_as_a_fact_of_the_project():
    script = Script()
    script.says("Add a retry to the chart upload")
    script.edits("upload.py")
    script.runs("git commit -am x", "$ pytest -q\n12 passed in 0.2s\n$ mypy\nSuccess: no issues\n[main 1234567] x")
    assert "A hook runs tests and lint on every `git commit`" in habit_texts(script)


def test_an_instruction_of_several_ways_is_not_told_as_done_because_one_name_turned_up():
    script = Script()
    script.says("Use the typed ids")
    said = script.replies("- Replace it with `MustID()` or drop the ids")
    script.edits("ids_test.go", 'id := "x"', 'id := MustID("x")')
    orders = [("Replace it with a helper like `MustID()` or drop the ids", said)]
    assert not list(carried_out(orders, script.session(), 20))


def missed(script, path="a.py", output="String to replace not found in file."):
    return script.calls_tool("edit", path, text="- x\n+ y", output=output, failed=True)


def troubles_told(script):
    return [one.text for one in challenges(*found(script)[:1], (), found(script)[1])]


def test_an_edit_that_never_reached_its_file_is_told():
    script = Script()
    script.says("Rename the ports")
    missed(script)
    assert troubles_told(script) == ["An edit of `a.py` failed: String to replace not found in file → not made"]


def test_an_edit_that_was_made_at_the_second_attempt_is_not_told_nor_one_that_was_declined():
    script = Script()
    script.says("Rename the ports")
    missed(script)
    script.edits("a.py")
    script.declines("b.py", "not that file")
    missed(script, "c.py")
    script.runs("sed -i s/x/y/ src/c.py")
    missed(script, "d.py", "File has not been read yet. Read it first before writing to it.")
    assert troubles_told(script) == []


def test_an_edit_that_took_three_attempts_is_told_with_its_end():
    script = Script()
    script.says("Rename the ports")
    for _ in range(3):
        missed(script)
    script.edits("a.py")
    assert troubles_told(script) == [
        "An edit of `a.py` failed 3 times: String to replace not found in file → made later"
    ]


def steps_told(*replies, then=()):
    script = Script()
    script.says("Read the ports")
    for reply in replies:
        script.replies(reply)
        script.runs("ls")
    for path, new in then:
        script.edits(path, "", new)
    session = script.session()
    return [one.text for one in learning.steps(list(learning.replies(session, prompts(session))), session)]


@pytest.mark.parametrize(
    ("reply", "then", "told"),
    [
        ("Let me replace `load()` by `read()` in the port table.", [("a.py", "ports = read()")], True),
        ("Let me replace `load()` by `read()` in the port table.", [("a.py", "x = 1")], False),
        ("Let me replace `load()` by `read()` or drop the port table.", [("a.py", "ports = read()")], False),
        ("I'll replace `load()` by `read()` in the port table.", [("a.py", "ports = read()")], False),
        ("Let's replace `load()` by `read()` in the port table.", [("a.py", "ports = read()")], False),
        ("I need to replace `load()` by `read()` in the port table.", [("a.py", "ports = read()")], False),
        ("Let me check whether `load()` or `read()` is called first in the port table.", [], True),
    ],
)
def test_an_announced_change_is_told_as_made_where_it_left_a_trace(reply, then, told):
    assert bool(steps_told(reply, then=then)) is told


def test_that_a_check_passes_now_is_only_said_where_it_did_not_run_again():
    script = Script()
    script.says("Tidy the port table")
    script.edits("ports.py")
    script.runs("ruff check .", "ports.py:3:1: F401 unused import `os` in the port table\nFound 1 error.", 1)
    script.replies("All twelve rows of the table pass and lint is clean.")
    session, signs_found = found(script)
    said = list(learning.replies(session, prompts(session)))
    told = [one.text for one in challenges(session, said, signs_found)]
    assert next(one for one in told if "ruff" in one).endswith("(said, not run again)")


@pytest.mark.parametrize(
    ("edited", "end"),
    [
        ((), "passed later"),
        (("ports.go", "internal\\ports.go"), "passed after editing `ports.go`"),
        (("a/ports.go", "b/table.go"), "passed after a fix"),
    ],
)
def test_a_check_that_passes_after_a_failure_names_the_one_file_that_was_edited_in_between(edited, end):
    script = Script()
    script.says("Run the tests of the port table")
    script.runs("go test ./...", "--- FAIL: TestPorts (0.00s)\nFAIL", 1)
    for path in edited:
        script.edits(path)
    script.runs("go test ./...", "ok  \tx/y\t1.2s")
    assert troubles_told(script) == [f"`go test ./...` failed: TestPorts → {end}"]


def test_a_check_that_passes_after_a_command_changed_files_passed_after_a_fix():
    script = Script()
    script.says("Run the tests of the port table")
    script.runs("go test ./...", "--- FAIL: TestPorts (0.00s)\nFAIL", 1)
    script.runs("sed -i s/80/8080/ ports.go", "")
    script.runs("go test ./...", "ok  \tx/y\t1.2s")
    assert troubles_told(script) == ["`go test ./...` failed: TestPorts → passed after a fix"]


def test_what_others_changed_is_told_as_nobodys_change():
    said = "The merge brought in changes that:\n\n- Moved the `Menu` of both layouts above the content"
    assert not learning.candidates(statements(said, 3, closing=True))
    assert learning.candidates(statements(said.replace("The merge brought in", "I made"), 3, closing=True))


@pytest.mark.parametrize(("said", "order"), [
    ("Test failures of the menu are hidden by the retry", False),
    ("Go's engine knows no backreferences, which the menu needs", False),
    ("Go-git v5.16.5 fixed the bug of the menu", False),
    ("Keep in mind that the menu catches only what reaches the top", False),
    ("Read the menu and extracted its title from the page", False),
    ("Replace the entire menu with this updated version", True),
    ("Use a table for the ports that are shown in the menu", True),
    ("Go through the ports of the menu before its release", True),
    ("Update the menu to use the new table of ports", True),
])  # fmt: skip
def test_what_somebody_is_told_to_do_is_no_fact(said, order):
    assert bool(learning.candidates(statements(f"{said}.", 3))) is not order


def test_a_message_of_a_commit_tells_its_orders_as_done():
    script = Script()
    script.says("Show the ports")
    script.edits("a.py")
    script.runs("git commit -m 'Document how the ports are cached by the menu'", "[main 1234567] Document")
    (said,) = messages(script.session(), signals(script.session(), prompts(script.session())).acts)
    assert said.text == "Documented how the ports are cached by the menu"
