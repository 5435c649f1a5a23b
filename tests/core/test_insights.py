"""Statements, prompts, checks, git acts and wording."""

from dataclasses import replace

import pytest

from scripts import Script
from session_journal.core.insights.goals import goal_text, goals, prompts
from session_journal.core.insights.prose import statements
from session_journal.core.insights.shell import checks, segments
from session_journal.core.insights.steps import announced
from session_journal.core.insights.titles import title
from session_journal.core.insights.vcs import acts, conflicts
from session_journal.core.insights.wording import dangles, terms, tidy, trim

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
    ],
)
def test_statements_lose_their_speaker(text, tidied):
    assert tidy(text) == tidied


def test_trimming_never_cuts_code_in_two():
    text = "the signature changed from `f(session, path, prompt)` to `f(session, kind, path, prompt)` in the parent branch of it all"
    for limit in range(6, 20):
        assert trim(text, limit).count("`") % 2 == 0


def test_an_announced_step_is_told_as_taken():
    assert announced("Let me check the changelog to see what v5.16.5 changed.", 20) == (
        "Checked the changelog to see what v5.16.5 changed"
    )
    assert announced("Let me look at the file.", 20) == ""


def test_a_sentence_that_points_backwards_dangles():
    assert dangles("This prevents stale files.")
    assert not dangles("This branch prevents stale files.")


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
    assert told == ["why is it slow?", "make it fast", "/commit"]
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
        ("can you please add a retry?", "Add a retry?"),
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
        ("Tests fail on this branch, what is the issue? debug", "", "Fix tests fail on this branch"),
    ],
)
def test_titles_are_imperative(goal, about, named):
    assert title(goal, about) == named


def test_a_title_is_never_longer_than_seventy_characters():
    assert len(title("Add " + "a very long thing " * 20)) <= 70


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


def test_here_documents_are_no_commands():
    assert segments("cat > x <<'EOF'\nrm -rf y && z\nEOF\ngit add x") == ["cat > x", "git add x"]


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


def test_conflicts_of_a_merge_that_was_given_up_are_not_told():
    script = Script()
    script.runs("git merge main", "CONFLICT (content): Merge conflict in a.go", 1)
    script.runs("git merge --abort")
    turn = script.runs("git merge dev", "CONFLICT (content): Merge conflict in b.go", 1)
    assert list(conflicts(script.session().events)) == [(turn, "merge dev", ("b.go",))]
