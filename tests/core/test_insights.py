"""Statements, prompts, checks, git acts and wording."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import Script
from session_journal.core.insights.goals import goals, prompts
from session_journal.core.insights.prose import statements
from session_journal.core.insights.requests import goal_text
from session_journal.core.insights.shell import checks, segments
from session_journal.core.insights.steps import announced
from session_journal.core.insights.titles import given_title, title
from session_journal.core.insights.vcs import Merge, acts, unfinished
from session_journal.core.insights.wording import terms, tidy, trim

REPORT = """\
Good, here it is.

## Issues

#### 1. The cache is never cleared (Medium)

It grows with every call, e.g. in `load()`. See [the docs](https://example.org/a).

```python
cache = {}
```

| a | b |
|---|---|
| table | row |

**Options:**

- **`store.py`** - Added a `limit` to the cache
- **Plain text**
  goes on here.
"""


def test_a_reply_is_taken_apart_into_statements_with_their_place():
    found = list(statements(REPORT, 7))
    assert [one.text for one in found] == [
        "Good, here it is.",
        "The cache is never cleared: It grows with every call, e.g. in `load()`.",
        "See the docs.",
        "`store.py` - Added a `limit` to the cache",
        "Plain text goes on here.",
    ]
    assert found[1].finding
    assert "issues" in found[1].heading
    assert found[3].bullet
    assert found[3].label == "`store.py`"
    assert all(one.turn == 7 for one in found)


def test_code_and_tables_are_no_statements():
    assert not list(statements("```\nx = 1\n```\n| a | b |\n---\n", 1))


@pytest.mark.parametrize(
    "text",
    [
        "Let me check the tests first.",
        "Now I'll update the docs and the tests.",
        "Want me to commit these changes and push them?",
        "Here's the summary of the changes:",
        "Good. Let me look at the failing handler next.",
        "I think my change is what the linter dislikes here.",
        "func main() {",
        "Since the error is not actionable, I should ignore it.",
        "#162 — Skip the checkpoint if the session was condensed already.",
        "The `` hints are suggestions on lines that nobody touched.",
        "My next step will be to confirm that the text is accurate.",
        "This change modifies the reading of ports to:",
        "When a port is given, the reading of the table does:",
        "Refining the logic that strips the tags from ports.",
        "To fulfill the wish of a table of ports and ensure it is tracked.",
        "You're ready to try the new workflow on the next tag.",
    ],
)
def test_narration_questions_and_code_say_nothing_that_stands_alone(text):
    assert tidy(text) == ""


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("I've updated the parser to accept empty input.", "Updated the parser to accept empty input"),
        ("Good catch. The parser drops empty lines, so let me fix it.", "The parser drops empty lines"),
        (
            "You have regression tests in `reset_test.go` for this.",
            "There are regression tests in `reset_test.go` for this",
        ),
        ("Your config is read twice.", "The config is read twice"),
        ("(The hints stand on lines that nobody touched.)", "The hints stand on lines that nobody touched"),
        ("(62) The comment of `resolve` is out of date.", "The comment of `resolve` is out of date"),
        ("Now, the ports have to be read again.", "The ports have to be read again"),
        ("This change adds the import of `Port` to the page.", "Added the import of `Port` to the page"),
        ("The change is done — added the ports to the table.", "Added the ports to the table"),
        ("Keeping the ports in a cache makes it quick.", "Keeping the ports in a cache makes it quick"),
        ("To read the ports twice, the page opens the table.", "To read the ports twice, the page opens the table"),
        ("These modifications simplify the reading of ports.", "Simplified the reading of ports"),
    ],
)
def test_statements_lose_their_speaker(text, tidied):
    assert tidy(text) == tidied


def test_trimming_never_cuts_code_in_two():
    text = "the signature changed from `f(session, path, prompt)` to `f(session, kind, path, prompt)` in the parent branch of it all"
    for limit in range(6, 20):
        assert trim(text, limit).count("`") % 2 == 0


def test_trimming_leaves_no_clause_that_waits_for_another():
    text = "We save the ports with the session, so if the user changes a port we set, the page would show both of them"
    assert trim(text, 16) == "We save the ports with the session"
    text = "We save the ports with the session, and the page shows them when it is opened, as all the other pages do"
    assert trim(text, 16) == "We save the ports with the session, and the page shows them when it is opened"


def test_an_announced_step_is_told_as_taken():
    assert announced("Let me check the changelog to see what v5.16.5 changed.", 20) == (
        "Checked the changelog to see what v5.16.5 changed"
    )
    assert announced("Let me look at the file.", 20) == ""


def test_terms_fold_forms_of_a_word():
    assert terms("caching `loadFile` caches") == {"cach", "loadfile"}


def kinds(*said):
    script = Script()
    for text in said:
        script.says(text)
    return [prompt.kind for prompt in prompts(script.session())]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Add a retry to the uploader", "request"),
        ("why does the cache grow?", "question"),
        ("yes please", "consent"),
        ("looks good, thanks!", "consent"),
        ("2", "choice"),
        ("option b", "choice"),
        ("commit and push", "publish"),
        ("ok, now open a draft PR", "publish"),
        ("no, use the store instead", "correction"),
        ("we never mock the store", "correction"),
        ("continue", "continue"),
        ("Which store? → SQLite", "answer"),
    ],
)
def test_prompts_are_told_apart(text, kind):
    assert kinds("Start with the uploader", text)[1] == kind


def test_what_is_said_when_declining_or_right_after_stopping_is_a_correction():
    script = Script()
    script.says("Fix the uploader")
    script.declines("a.py", "use the retry helper")
    script.stops()
    script.says("the parent branch is main")
    assert [prompt.kind for prompt in prompts(script.session())] == ["request", "correction", "correction"]


def test_the_tools_own_commands_are_no_prompts_and_skills_are():
    assert kinds("/clear", "/model opus", "/review", "/release-notes") == ["request"]


def test_commands_to_aider_are_no_prompts_and_what_it_is_asked_is():
    script = Script()
    for text in ("/add a.py", "/ask why is it slow?", "/code make it fast", "/exit", "/commit"):
        script.says(text)
    session = script.session()
    told = [prompt.text for prompt in prompts(replace(session, agent="aider"))]
    assert told == ["why is it slow?", "make it fast"]
    assert len(prompts(session)) == 4


def wanted(*said):
    script = Script()
    for text in said:
        script.says(text)
    return [goal for goal, _ in goals(prompts(script.session()))]


def test_goals_are_what_sets_new_work():
    said = ("Add a retry to the uploader", "yes", "commit", "now document the retry please", "interesting")
    assert wanted(*said) == ["Add a retry to the uploader", "Document the retry"]


def test_a_slash_command_takes_the_number_that_follows():
    assert wanted("/review", "181") == ["Review 181"]


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        (
            "Implement the following plan:\n\n# Plan: One log file\n\n## Context\n...",
            "Implement the plan: One log file",
        ),
        ("can you please add a retry?", "Add a retry"),
        ("Good. Now store the coupons on the order.", "Store the coupons on the order."),
        ("Good error messages are missing. Add some.", "Good error messages are missing. Add some."),
        ("ok so let's look at https://github.com/o/r/pull/12 please", "Look at #12"),
    ],
)
def test_goals_are_short(text, goal):
    assert goal_text(text) == goal


@pytest.mark.parametrize(
    ("goal", "about", "named"),
    [
        ("Lint and test failures", "", "Fix lint and test failures"),
        ("Got merge conflicts from parent main", "", "Resolve merge conflicts from parent main"),
        ("Main branch tests failing - why?", "", "Find out why main branch tests fail"),
        ("How do we detect duplicated code?", "", "Detect duplicated code"),
        ("Implement the plan: One log file", "", "One log file"),
        ("Review 181", "PR #181 — Fix duplicate ids", "Review PR #181 — Fix duplicate ids"),
        ("Tests fail on this branch, what is the issue? debug", "", "Find out why tests fail on this branch"),
        ("The ports page is failing on Safari", "", "Find out why the ports page fails on Safari"),
        ("The ports page doesn't work on Safari", "", "Fix the ports page on Safari"),
        ("KeyError: 'Brest'", "", "Fix KeyError: 'Brest'"),
        ("The cleanup should ignore errors", "", "The cleanup should ignore errors"),
        ("In cleanup, ignore errors too", "", "In cleanup, ignore errors too"),
        ("`load_ports` should take a name", "", "load_ports should take a name"),
        ("Add a test which calls `load_ports`. it should mock the net", "", "Add a test which calls load_ports"),
        ("Consider this feedback: the table loses ports", "", "The table loses ports"),
        ("While we're here, we got some comments: load() is slow", "", "load() is slow"),
        ("I think the table is sorted twice", "", "The table is sorted twice"),
        (
            'In the ports page where we show it. Let\'s make it: "P - ports"',
            "",
            'In the ports page, make it: "P - ports"',
        ),
        (
            "We have added ports to it, your job is to check that we use the best names",
            "",
            "Check that we use the best names",
        ),
        ("In 'a.sh' and 'b.sh', I want to have the output on the terminal", "", "Have the output on the terminal"),
        (
            "Sort the ports by name, for the table should show the…",
            "",
            "Sort the ports by name, for the table should show",
        ),
        ("We're seeing a weird issue where users are logged out", "", "Fix weird issue where users are logged out"),
        ("The CI is red. Can you find out why and fix it?", "", "The CI is red"),
        ("Next step: I want to run this app once per day", "", "Run this app once per day"),
        ("Analyze the crate at /home/mira/code/rust/crates/tide-table", "", "Analyze the crate at tide-table"),
        ("Can you tell me which ports are missing?", "", "Tell me which ports are missing"),
        ("hay un error en la tabla de puertos", "", "Hay un error en la tabla de puertos"),
        ("分析一下港口表，我想知道为什么少了一个港口。请修复它。", "", "分析一下港口表，我想知道为什么少了一个港口"),
        ("We have some test failures on this branch", "", "Fix test failures on this branch"),
    ],
)
def test_titles_are_imperative(goal, about, named):
    assert title(goal, about) == named


@pytest.mark.parametrize(
    ("goal", "named"),
    [
        (
            "Evaluate @packages/services and create a new package called @packages/services-prisma",
            "Evaluate @packages/services and create a new package",
        ),
        (
            "Before running a shell command, add it to the io user input history as it was typed",
            "Before running a shell command, add it to the io user input history",
        ),
        (
            "If the shell command that was proposed takes more than one line, after it issue each on its own",
            "After it issue each on its own",
        ),
        (
            'Change the message "Upgrade to the better table to see the ports of other countries" to a shorter one',
            'Change the message "Upgrade to the better table to see the ports"',
        ),
        (
            "请把港口表按照潮汐高度和名称重新排序，" * 8,
            "把港口表按照潮汐高度和名称重新排序，请把港口表按照潮汐高度和名称重新排序",
        ),
    ],
)
def test_a_long_title_is_cut_where_a_phrase_ends(goal, named):
    assert title(goal) == named


@given(st.text(max_size=300))
def test_a_title_is_never_longer_than_seventy_characters(goal):
    assert len(title(goal)) <= 70


def ran(command, output="", code=0):
    script = Script()
    script.runs(command, output, code)
    return [(check.kind, check.passed) for check in checks(script.session().events)]


@pytest.mark.parametrize(
    ("command", "output", "code", "found"),
    [
        ("pytest -q", "12 passed in 0.1s", 0, [("test", True)]),
        ("pytest -q | tail -1", "1 failed, 11 passed", 0, [("test", False)]),
        ("go test ./... 2>&1 | tail -3", "ok  \tx/y\t1.2s", 0, [("test", True)]),
        ("go test ./... 2>&1 | tail -3", "FAIL\tx/y [build failed]", 0, [("test", False)]),
        ("npm test", "Tests: 3 passed, 3 total", 0, [("test", True)]),
        ("mise run fmt && mise run lint", "[lint] $ golangci-lint run\n0 issues.", 0, [("lint", True)]),
        ("ruff check .", "Found 2 errors.", 1, [("lint", False)]),
        ("go build ./...", "", 0, [("build", True)]),
        ("pytest | tail -1", "", 0, [("test", None)]),
        ("grep -rn 'go test' .", "Makefile: go test", 0, []),
        ("cat pytest.ini", "", 0, []),
        ("cargo test", "test result: FAILED. 1 passed; 1 failed", 101, [("test", False)]),
        ("rtk proxy cargo test", "test result: ok. 2 passed", 0, [("test", True)]),
        ("mise run test -- -k tides", "2 passed", 0, [("test", True)]),
        ("rtk grep -rn 'go test' .", "Makefile: go test", 0, []),
    ],
)
def test_checks_are_judged_by_exit_code_and_output(command, output, code, found):
    assert ran(command, output, code) == found


def test_a_failed_check_says_what_it_objects_to():
    script = Script()
    script.runs("golangci-lint run", "a/b.go:68:13: Error return value is not checked (errcheck)\n1 issues:", 1)
    script.runs("go test ./...", "    hooks.go:10: just a log line\n--- FAIL: TestRow (0.00s)", 1)
    found = checks(script.session().events)
    assert found[0].complaints == ("Error return value is not checked (errcheck)",)
    assert found[1].complaints == ("TestRow",)


def test_a_line_that_opens_a_thousand_here_documents_is_read_at_once():
    assert len(segments("<<EOF\n" * 50_000 + "EOF\nls")) <= 2


def test_here_documents_are_no_commands():
    assert segments("cat <<'EOF' > x && ls\na; b\nEOF") == ["cat > x", "ls"]
    assert segments("cat <<EOF\nls") == ["cat <<EOF", "ls"]
    assert segments("cat > x <<'EOF'\nrm -rf y && z\nEOF\ngit add x") == ["cat > x", "git add x"]


@pytest.mark.parametrize(
    ("command", "parts"),
    [
        ('echo "run pytest && make test"; ls', ['echo "run pytest && make test"', "ls"]),
        ("grep 'a|b' x | head", ["grep 'a|b' x", "head"]),
        ("# don't\npytest # it's quick\nls", ["pytest", "ls"]),
        ('bash -lc "cd x && pytest -q"', ["cd x", "pytest -q"]),
        ("echo it\\'s; ls", ["echo it\\'s", "ls"]),
        ("echo 'never closed; ls", ["echo 'never closed", "ls"]),
        ("curl x#y && ls", ["curl x#y", "ls"]),
    ],
)
def test_a_command_line_is_cut_outside_of_quotations(command, parts):
    assert segments(command) == parts


def test_git_acts_are_those_that_worked():
    script = Script()
    script.runs("git commit -m x && git push", "[main 1234567] Subject\nTo example.org\n  1..2 main -> main")
    script.runs("git commit -m y", "nothing to commit", 1)
    script.runs("gh pr create --draft", "https://github.com/o/r/pull/9")
    found = acts(script.session().events)
    assert [(act.kind, act.name) for act in found] == [
        ("commit", "1234567"),
        ("push", ""),
        ("pull-request", "https://github.com/o/r/pull/9"),
    ]


@pytest.mark.parametrize(
    ("command", "output", "names"),
    [
        ("rtk git add a && rtk git commit -m x", "ok ✓\nok ✓ 1 file changed, 2 insertions(+)", [""]),
        ("rtk proxy git commit -m x", "[main 1234567] x\n 1 file changed", ["1234567"]),
        ("GIT_EDITOR=true timeout 60 git commit -m x", "[main 1234567] x", ["1234567"]),
        ("git commit -q -m 'add the tides'", "", [""]),
        ("git commit -q -m x", "error: gpg failed to sign the data", []),
        ("git commit -m 'be -q uiet'", "", []),
        ("rtk git commit -m x", "nothing to commit, working tree clean", []),
        ("echo git commit -q", "git commit -q", []),
    ],
)
def test_a_commit_counts_through_a_wrapper_and_without_its_hash(command, output, names):
    script = Script()
    script.runs(command, output)
    assert [act.name for act in acts(script.session().events) if act.kind == "commit"] == names


@pytest.mark.parametrize(
    ("command", "output", "code", "found"),
    [
        ("git commit -m x", "$ bun test src/\n\n 1351 pass\n 0 fail\n$ tsc --noEmit\n[main 1234567] x", 0,
         [("test", True), ("lint", True)]),
        ("git commit -m x", "ruff....................Passed\nunit tests..............Passed\n[main 1234567] x",
         0, [("lint", True), ("test", True)]),
        ("git commit -m x", "ruff....................Passed\nmypy....................Failed\n- hook id: mypy", 1,
         [("lint", False)]),
        ("git push", "> tides@1.0.0 test\n> vitest run\n\n 3 passed\nTo example.org:o/r\n  1..2 main -> main", 0,
         [("test", True)]),
        ("git commit -m '> vitest run'", "[main 1234567] > vitest run\n 1 file changed", 0, []),
        ("git commit --no-verify -m x", "$ tsc --noEmit\n[main 1234567] x", 0, []),
    ],
)  # fmt: skip
def test_checks_that_a_hook_of_git_ran_are_checks(command, output, code, found):
    assert ran(command, output, code) == found


@pytest.mark.parametrize("output", ["." * 200_000, "\n" * 100_000, "a" + "." * 100_000 + "\n" * 1_000])
def test_a_hooks_output_of_any_length_is_read_at_once(output):
    assert ran("git commit -m x", output, 1) == []


def test_conflicts_of_a_merge_that_was_given_up_are_not_told():
    script = Script()
    script.runs("git merge main", "CONFLICT (content): Merge conflict in a.go", 1)
    script.runs("git merge --abort")
    turn = script.runs("git merge dev", "CONFLICT (content): Merge conflict in b.go", 1)
    assert list(unfinished(script.session().events)) == [Merge(turn, "merge dev", ("b.go",), resolved=False)]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("git merge origin/main 2>&1", "merge origin/main"),
        ("git fetch && git merge --no-ff -m 'take it in' dev > merge.log", "merge dev"),
        ("git pull origin main 2>&1 | tail -3", "pull origin/main"),
        ("git pull", "pull"),
        ("git -C web rebase -X theirs trunk", "rebase trunk"),
        ("git merge 'feature/a b", "merge b"),
        ("git stash pop 2> /dev/null", "stash pop"),
    ],
)
def test_what_is_merged_is_no_option_and_no_redirection(command, told):
    script = Script()
    script.runs(command, "CONFLICT (content): Merge conflict in a.go", 1)
    assert [merge.what for merge in unfinished(script.session().events)] == [told]


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("git merge dev --no-commit", "Automatic merge went well; stopped before committing as requested"),
        ("git merge --squash dev", "Updating 1..2\nFast-forward\nSquash commit -- not updating HEAD"),
        ("git merge dev || true", "CONFLICT (content): Merge conflict in a.go"),
    ],
)
def test_a_merge_counts_once_it_is_committed(command, output):
    script = Script()
    script.runs(command, output)
    assert acts(script.session().events) == []
    script.runs("git commit -qm merged", "")
    assert [(act.kind, act.name) for act in acts(script.session().events)] == [("merge", "dev"), ("commit", "")]


def test_a_merge_that_had_nothing_to_do_is_none():
    script = Script()
    script.runs("git merge main", "Already up to date.")
    script.runs("git merge dev 2>&1", "Updating 1..2\nFast-forward")
    assert [(act.kind, act.name) for act in acts(script.session().events)] == [("merge", "dev")]


@pytest.mark.parametrize(
    ("name", "title_"),
    [
        ("Sort the ports of Brittany.", "Sort the ports of Brittany"),
        ("New chat", ""),
        ("New session - 2026-11-20T14:02:11.123Z", ""),
        ("Untitled", ""),
        ("Session 12", ""),
        ("2026-11-20 14:02", ""),
        ("", ""),
        ("please sort the ports, they…", ""),
        ("/pr-review", ""),
        ("Session handling", "Session handling"),
    ],
)
def test_the_title_that_a_tool_gave_counts_where_it_names_something(name, title_):
    assert given_title(name, "Please sort the ports, they stand as they came") == title_
