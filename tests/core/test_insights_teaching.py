"""Rules, choices, labels and what a file's change is said to be."""

import pytest

from scripts import Script
from session_journal.core.drafting import draft
from session_journal.core.insights.choices import options
from session_journal.core.insights.labels import is_standing, labelled
from session_journal.core.insights.titles import title


def items(script, kind):
    return [item.text for item in draft(script.session()).items if item.kind == kind]


def told(*said, reply="I'll look at the parser of the uploader."):
    script = Script()
    script.says("Fix the parser")
    script.replies(reply)
    for text in said:
        script.says(text)
    script.edits("parser.py")
    return script


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "that's not the bug, the schema is stale. always run the migrations before the tests",
            "Always run the migrations before the tests",
        ),
        ("no, you skipped it again; never mock the store", "Never mock the store"),
        (
            "make sure no migration is pending before running tests",
            "Make sure no migration is pending before running tests",
        ),
        ("check the migrations first, then test", "Check the migrations first, then test"),
        (
            "don't rewrite routes.py. only add the route, keep the diff small",
            "Don't rewrite routes.py; only add the route, keep the diff small",
        ),
        ("stop. no new dependency. leave the rest as it is", "No new dependency; leave the rest as it is"),
    ],
)
def test_a_rule_of_the_user_stands_alone_as_an_insight(text, rule):
    assert rule in items(told(text), "insight")


def test_what_never_happens_is_no_rule():
    assert not items(told("it fails in CI about once a day and never on my machine"), "insight")


@pytest.mark.parametrize("text", ["make sure it does", "make sure no changes"])
def test_a_rule_names_what_it_is_about(text):
    assert not items(told(text), "insight")


OFFER = """Three ways to do it:

1. Build the file in memory. Simple, but large.
2. Stream it row by row. Constant memory.
3. A background job that mails a link. Needs a queue.

I would take 2."""


@pytest.mark.parametrize("answer", ["go with streaming. no queue, we would have to run it", "2", "option 2"])
def test_a_choice_is_one_decision_with_what_it_was_over(answer):
    script = told(answer, reply=OFFER)
    (decision,) = items(script, "decision")
    assert decision.startswith(
        "The user chose: Stream it row by row, over “build the file in memory” and “a background job that mails a link”"
    )
    assert ("(no queue, we would have to run it)" in decision) == ("queue" in answer)
    assert not items(script, "discovery")


def test_a_choice_whose_name_says_nothing_is_told_with_its_question():
    offer = """Good, that is clear now.

**How should the tool know which ports to read?**

1. **From the plan** - parse its words
2. **Explicit** - the user names them
3. **Both** - infer them, but let the user name others
"""
    over = "over “from the plan” and “explicit”"
    asked = "(asked: how should the tool know which ports to read?)"
    for reply in (
        offer,
        offer.replace(offer.splitlines()[2], "Three ways.") + "\nHow should the tool know which ports to read?",
    ):
        assert items(told("3", reply=reply), "decision") == [
            f"The user chose: Both - infer them, but let the user name others, {over} {asked}"
        ]


def test_a_choice_between_ways_that_the_user_named():
    script = Script()
    script.says("Fix the red job")
    script.replies("The job restores an old database because its key never changes.")
    script.says("two ways out: key the cache by the migrations, or check in the job before testing. which one?")
    script.replies("The check in the job: it catches a stale schema wherever it comes from.")
    script.says("ok do that: a step that checks the schema before testing")
    script.edits("ci.yml")
    assert items(script, "decision") == [
        "The user chose: A step that checks the schema before testing, over “key the cache by the migrations”"
    ]


def test_answers_to_the_tools_own_questions_are_decisions():
    assert items(told("Which store? → SQLite"), "decision") == ["The user chose: SQLite (asked: Which store?)"]


def test_who_asks_back_or_is_asked_again_has_not_chosen_yet():
    assert items(told("Which store? → Does SQLite work on the share?"), "decision") == []
    again = told("Which store keeps the readings? → Postgres", "Which store keeps the readings? → SQLite")
    assert items(again, "decision") == ["The user chose: SQLite (asked: Which store keeps the readings?)"]


def test_options_are_the_last_list_that_is_numbered():
    assert options("1. old\n2. older\n\nor:\n\n1. **New** - x\n2. Newer") == {"1": "New - x", "2": "Newer"}
    assert options("1. only one") == {}


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("Next: put the id into the key.", "next", "put the id into the key"),
        ("Still open: rotate the token", "next", "rotate the token"),
        ("Open: how many to keep", "question", "how many to keep"),
        ("Open question: do we need a limit?", "question", "do we need a limit?"),
        ("What we learned: a red test means a stale schema.", "takeaway", "a red test means a stale schema"),
        ("Next time, check the schema first", "takeaway", "Next time, check the schema first"),
        ("The next run passed", None, "The next run passed"),
        ("Outstanding: the hours of Husum.", "next", "the hours of Husum"),
        ("Remaining work: name the harbours", "next", "name the harbours"),
        ("The remaining work: name the harbours", None, "The remaining work: name the harbours"),
    ],
)
def test_a_label_says_where_a_line_belongs(text, kind, rest):
    assert labelled(text) == (kind, rest)


def test_what_is_left_for_later_stands_without_its_label():
    script = told("leave it here. next: put the newest id into the cache key. open question: do we need a limit there?")
    assert items(script, "next") == ["Put the newest id into the cache key"]
    assert items(script, "question") == ["Do we need a limit there?"]
    assert draft(script.session()).fields["goals"] == ["Fix the parser"]


def test_standing_rules_are_told_from_single_orders():
    assert is_standing("Check the schema (`make check`) before running the tests")
    assert not is_standing("Check the schema")


def test_a_change_is_told_in_words_that_came_after_it_and_name_no_problem():
    script = Script()
    script.says("Fix the order of visits")
    script.replies("- **`stations.py`**: removed the sort key, as the request under review says")
    script.edits("stations.py")
    script.edits("readings.py")
    script.replies("`readings.py` has the same weakness and fails when two rows share a time.")
    changes = [item.text for item in draft(script.session()).items if item.kind == "change"]
    assert sorted(changes) == ["`readings.py`", "`stations.py`"]


def test_a_test_that_was_to_fail_is_no_challenge():
    script = Script()
    script.says("Cache the fit, start with a test")
    script.edits("test_fit.py")
    script.runs("pytest -q", "FAILED test_fit.py::test_once\n1 failed", 1)
    script.replies("It fails as it should. Now the cache.")
    script.edits("fit.py")
    script.runs("pytest -q", "1 passed")
    assert not items(script, "challenge")


def test_the_runner_is_named_not_what_ran_before_it():
    script = Script()
    script.says("Fix the order")
    script.edits("a.py")
    script.runs("make migrate-check && LEVEL=2 pytest -q", "at 0012\n96 passed in 6s")
    drafted = draft(script.session())
    assert "tests (`pytest -q`) passed" in dict(drafted.sections)["What happened"][0]
    assert any("96 passed" in quote.text for quote in drafted.quotes)


def test_a_session_with_nothing_else_says_so_in_one_line():
    script = Script()
    script.says("which flag of the runner stops at the first failure?")
    script.replies("`-x` stops at the first failure of all tests.")
    assert dict(draft(script.session()).sections)["What happened"][-1].startswith("Nothing else notable.")


@pytest.mark.parametrize(
    ("goal", "named"),
    [
        (
            "GET /fit/{code} takes 1.4 s because it fits every time. cache the fit per station. start with a test",
            "Cache the fit per station",
        ),
        ("The two timeouts in settings.py are hard coded. read them from the environment", "Read the two timeouts in settings.py from the environment"),
        ("Which flag stops at the first failure?", "Which flag stops at the first failure"),
        (
            "In ~/x/y is a open source repo, can you analyze the code and compare it to ours?",
            "Analyze the code and compare it to ours",
        ),
        (
            "Explain the order in which the uploader reads the readings of stations because nobody knows",
            "Explain the order in which the uploader reads the readings",
        ),
    ],
)  # fmt: skip
def test_a_title_is_a_whole_phrase_and_the_order_rather_than_the_problem(goal, named):
    assert title(goal) == named


def test_what_a_review_says_of_others_changes_is_not_told_as_done():
    script = Script()
    script.says("Review the branch and fix the test")
    script.replies("The branch: added a hard error to `load()` when the metadata of a station is missing.")
    script.edits("test_load.py")
    script.replies("Added the missing fixture to the four tests of `load()` in `test_load.py`.")
    (happened,) = dict(draft(script.session()).sections)["What happened"][:1]
    assert "hard error" not in happened
    assert "added the missing fixture" in happened


@pytest.mark.parametrize(("said", "kind"), [
    ("The ports were kept in one table, the pages have none", "decision"),
    ("The ports of the page - keep, the table does not have them", "decision"),
    ("A table is the better place for the ports than the page", "decision"),
    ("There is a better way to read the ports of the page", "discovery"),
    ("It might be an approach to keep the ports instead of the page", "discovery"),
    ("The `/drop` command reads the ports of the page from its table", "discovery"),
])  # fmt: skip
def test_a_decision_says_what_was_decided_or_over_what(said, kind):
    script = Script()
    script.says("Show the ports")
    script.replies(f"Done.\n\n- {said}")
    script.edits("page.py")
    found = {item.text: item.kind for item in draft(script.session()).items}
    assert found.get(said) == kind, found


@pytest.mark.parametrize(("said", "kind"), [
    ("no, the third argument of the page is its port", "discovery"),
    ("no, remove the third argument of the page", "decision"),
    ("no, the page has two ports, that is what it is about. fix the port, the page is right", "decision"),
    ("no, we want the port of the page as its third argument", "decision"),
])  # fmt: skip
def test_a_correction_that_tells_how_things_are_is_no_decision(said, kind):
    script = Script()
    script.says("Show the ports")
    script.edits("page.py")
    script.replies("The page shows its ports now.")
    script.says(said)
    script.edits("page.py", "x = 1", "x = 2")
    assert items(script, kind)
    assert not items(script, {"discovery": "decision", "decision": "discovery"}[kind])


@pytest.mark.parametrize(
    "said",
    [
        "make sure they exist, print an error and skip any that are missing",
        "no, do that, rather than just guessing based on the content",
        "nevermind, i want to keep what was there before in the parser",
    ],
)
def test_what_names_only_what_was_said_before_is_no_rule_and_no_decision(said):
    script = told(said)
    assert items(script, "insight") == []
    assert items(script, "decision") == []


def test_an_agreement_is_told_without_what_points_at_the_reply():
    script = told("yes please", reply="Want me to write the parser of the uploader incorporating this simplification?")
    assert items(script, "decision") == ["Agreed to write the parser of the uploader"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("or something descriptive for the port? it is only a test", ["Instead of what was proposed: something"]),
        ("what about a name that says which port it is?", ["Instead of what was proposed: what about a name"]),
        ("which port does the gauge of the harbour use?", []),
    ],
)
def test_what_a_user_asks_for_in_place_of_what_they_refused_is_a_decision(said, kept):
    script = Script()
    script.says("Fix the parser")
    script.declines("parser.py", said)
    script.edits("parser.py")
    assert [text[: len(start)] for text, start in zip(items(script, "decision"), kept, strict=True)] == kept
