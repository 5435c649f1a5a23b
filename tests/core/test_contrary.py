"""Two statements that cannot be of one mind make no point together, however alike they read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from session_journal.core.patterns import Statement, find
from session_journal.core.patterns.contrary import forbids, is_contrary

BEFORE = "Run the migrations before deploying the workers"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (BEFORE, "Don't run the migrations before deploying the workers: it broke the old ones"),
        ("Run migrations before the workers are deployed", "Don't run the migrations before deploying the workers"),
        ("Migrations first, then deploy the workers", "Deploy the workers before running the migrations"),
        ("Enable the feature flag before the deploy", "Enable the feature flag after the deploy"),
        ("Write the migration first and the model second", "Write the model first and the migration second"),
        ("Enable the feature flag before the deploy", "Disable the feature flag before the deploy"),
        ("Release 3.3.0 needs the new key in Vault", "Release 3.3.1 needs the new key in Vault"),
        ("Freeze the clock in tests that compare dates", "Don't freeze the clock in tests: it hid the bug"),
        ("Mock the database in integration tests", "Never mock the database in integration tests"),
        ("Mock the database in integration tests, it is faster", "Avoid mocking the database in integration tests"),
        ("We should always retry webhooks", "Never retry webhooks"),
        ("Remove the retry wrapper", "Always use the retry wrapper"),
        (
            "Order of events: unclear, needs validation with two clients",
            "Validated the order of events with two clients",
        ),
        ("Squash merge every pull request", "Squash merging pull requests was a mistake: bisect is useless now"),
        ("Always retry a failed webhook five times", "Failed webhooks are not retried any more"),
        ("Clear the cache after each deploy", "Clearing the cache after each deploy turned out to be useless"),
        ("Let the assistant write commit messages", "Letting the assistant write commit messages backfired"),
        ("The editor's warnings are stale", "The editor shows warnings in `a.go` \u2192 `go build` passed after a fix"),
        ("Not yet verified that retries keep the order", "Verified: retries keep the order"),
        ("Deploy only on Tuesdays", "The Tuesday rule for deploys is gone"),
        ("Use the retry wrapper for webhooks", "The retry wrapper was ditched"),
    ],
)
def test_what_one_asks_for_and_the_other_rules_out_is_contrary(one, two):
    assert is_contrary(one, two)
    assert is_contrary(two, one)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (BEFORE, "Run migrations before the workers are deployed"),
        (BEFORE, "Migrations first, then deploy the workers"),
        (BEFORE, "Don't deploy the workers before running the migrations"),
        (BEFORE, "Deploy the workers after running the migrations"),
        ("Write the migration first and the model second", "Write the model after the migration"),
        ("Don't run tests in parallel", "Run tests before committing"),
        ("Never commit without running the linter", "Run the linter before a commit"),
        ("Avoid time.Sleep in tests", "time.Sleep in tests makes them flaky"),
        ("Don't run migrations first", "Running migrations first broke the workers"),
        ("Never log request bodies", "Log request ids"),
        ("Don't trust gopls diagnostics after edits", "gopls diagnostics are stale after edits"),
        ("Don't forget to run the linter before committing", "Run the linter before committing"),
        ("Freeze the clock before the test", "Unfreeze the clock after the test"),
        ("Diagnostics are stale after edits until the build runs", "After an edit the diagnostics stay stale: build"),
        ("Enable tracing in the worker", "Disable caching in the browser"),
        ("Verify webhook signatures on the raw body", "Webhook signatures need to be verified on the raw body"),
        ("Don't let the assistant write commit messages", "Letting the assistant write commit messages backfired"),
        ("The page is no longer cached after a deploy", "After a deploy the page isn't cached any more"),
        ("The lock file is stale", "A stale lock file blocked the deploy \u2192 passed after a fix"),
        ("The cause of the leak is unclear", "The leak comes back after each deploy"),
    ],
)
def test_what_merely_says_it_the_other_way_round_or_of_something_else_is_not(one, two):
    assert not is_contrary(one, two)
    assert not is_contrary(two, one)


def said(*texts):
    first = date(2026, 11, 2)
    return [
        Statement(f"e{number}", f"p{number}", f"s{number}", first + timedelta(days=3 * number), "", "takeaway", text)
        for number, text in enumerate(texts)
    ]


def test_who_takes_a_rule_back_is_no_evidence_for_it():
    rule = (BEFORE, "Run migrations before the workers are deployed", "Migrations first, then deploy the workers")
    (pattern,) = find(said(*rule, "Don't run the migrations before deploying the workers: it broke the old workers"))
    assert [one.text for one in pattern.members] == list(rule)


def test_the_same_words_in_the_other_order_are_another_statement():
    (pattern,) = find(said("Deploy before migrating", "Deploy before migrating", "Migrate before deploying"))
    assert [one.text for one in pattern.members] == ["Deploy before migrating"] * 2


def test_a_rule_that_is_forbidden_later_is_taken_back_and_another_version_takes_nothing_back():
    assert forbids("Don't run the migrations before deploying the workers: it broke the old ones", BEFORE)
    assert not forbids("Don't release 3.3.1 on Friday with the notes", "Release 3.3.0 on Friday with the notes")
    assert not forbids("Release 3.3.1 needs the new key", "Release 3.3.0 needs the new key")
    assert not forbids(BEFORE, BEFORE)
