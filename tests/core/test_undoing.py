"""What takes a decision back, and what merely speaks of the same things."""

from __future__ import annotations

import pytest

from session_journal.core.entry import read
from session_journal.core.undoing import Undoings, undoes


@pytest.mark.parametrize(("earlier", "later"), [
    ("Use Redis for the session cache", "Replaced Redis with SQLite"),
    ("Keep the retry loop in the client", "Reverted the retry loop, it hid the real error"),
    ("Decided to use the polling worker", "The polling worker was reverted"),
    ("Use Redis for the session cache", "Use SQLite instead of Redis"),
    ("Run the linter inside the commit hook", "Do not run the linter inside the commit hook"),
    ("Squash merge pull requests", "Squash merging pull requests was a mistake: bisect is useless now"),
    ("Clear the CDN cache after each deploy", "Clearing the CDN cache after a deploy turned out to be useless"),
    ("Always retry a failed webhook", "Failed webhooks are not retried any more, they go to a queue"),
    ("Let the assistant write commit messages", "Letting the assistant write the commit messages backfired"),
    ("Run the linter in the hook", "Don't run the linter in the hook: it made every single commit wait for seconds"),
])  # fmt: skip
def test_a_later_statement_that_gives_the_thing_up_undoes_it(earlier, later):
    assert undoes(later, earlier)


@pytest.mark.parametrize(("earlier", "later"), [
    ("Use Redis for the session cache", "Use Redis for the job queue"),
    ("Use Redis for the session cache", "Removed the Redis fallback"),
    ("Use Redis for the session cache", "Don't drop Redis"),
    ("Retry failed webhooks five times", "Failed webhooks no longer block the queue"),
    ("Clear the CDN cache after each deploy", "The deploy no longer waits for the checks"),
    ("Don't squash merge pull requests", "Squash merging pull requests was a mistake"),
    ("Use Redis for the session cache", "Decided not to drop Redis"),
    ("Use Redis for the session cache", "If we drop Redis, the tests are faster"),
    ("Use Redis for the session cache", "We almost scrapped Redis"),
    ("Use Redis for the session cache", "Temporarily dropped Redis"),
    ("Use Redis for the session cache", "Considered dropping Redis"),
    ("Add a flaky test marker", "Removed a flaky test"),
    ("Replaced Redis with SQLite", "Use SQLite instead of Redis"),
    ("Release 3.3.0 on Friday with the notes", "Do not release 3.3.1 on Friday with the notes"),
    ("Keep SQLite", "Delete the temporary files"),
    ("Store sessions in YAML", "Switched from YAML to JSON for the settings"),
])  # fmt: skip
def test_what_only_shares_words_undoes_nothing(earlier, later):
    assert not undoes(later, earlier)


def entry(day, body, name="x", **fields):
    front = "".join(f"{key}: {value}\n" for key, value in fields.items())
    front += "" if "title" in fields else "title: T\n"
    text = f"---\ndate: {day}\n{front}---\n\n{body}\n"
    return read(text.encode(), f"journal/sessions/2026/{day}-{name}.md")


def is_undone(decided, *others):
    first = entry("2026-11-16", f"## Decisions\n\n- {decided}")
    return Undoings([first, *others]).of(first, first.items[0]) is not None


@pytest.mark.parametrize("verb", ["Removed", "Replaced", "Stopped using", "Moved away from"])
@pytest.mark.parametrize("name", ["MongoDB", "GraphQL", "RabbitMQ", "TypeScript", "LaunchDarkly", "SQLite", "Redis"])
def test_a_thing_is_found_again_whatever_capitals_are_in_its_name(name, verb):
    assert is_undone(f"Use {name}", entry("2026-11-23", f"## Decisions\n\n- {verb} {name}"))
    assert not is_undone(f"Use {name}", entry("2026-11-23", f"## Decisions\n\n- {verb} Elasticsearch"))


@pytest.mark.parametrize(("decided", "said"), [
    ("Deploy only on Tuesdays", "The Tuesday rule is gone"),
    ("Deploy only on Tuesdays", "The Tuesday rule is gone: we deploy when the checks are green"),
    ("Never merge on Friday", "The Friday ban is history."),
    ("Use SQLite instead of Postgres for the queue", "We went back to Postgres for the queue"),
    ("Moved from YAML to JSON", "We went back to YAML"),
    ("Switched from Jest to Vitest", "Reverted to Jest"),
    ("Switched from Jest to Vitest", "Vitest did not pan out"),
    ("Use Redis for the session cache", "Redis turned out too slow, so now SQLite"),
    ("Use the monorepo", "The monorepo didn't survive the first release"),
    ("Keep the retry loop in the client", "After a day we scrapped the retry loop"),
    ("Keep the polling worker", "Finally retired the polling worker."),
    ("Chose Redis over SQLite", "I abandoned Redis"),
    ("Adopt trunk-based development", "Trunk-based development was scrapped: too many conflicts"),
    ("Rewrite the parser in Rust", "The Rust rewrite was abandoned"),
    ("Use feature flags", "We undid the feature flags"),
    ("Use the Redis approach", "Nothing new, and the Redis approach is dead"),
])  # fmt: skip
def test_what_is_said_freely_to_have_gone_holds_no_more(decided, said):
    for heading in ("## Decisions\n\n- ", "## Summary\n\n", "## Discoveries\n\n- "):
        assert is_undone(decided, entry("2026-11-18", heading + said))


@pytest.mark.parametrize(("decided", "said"), [
    ("Use Redis for the session cache", "The Redis fallback is gone"),
    ("Use Redis for the session cache", "If Redis is gone, we use SQLite"),
    ("Remove Redis", "Redis is gone"),
    ("No Redis in tests", "Redis is gone"),
    ("Use Redis for the job queue", "Redis is dead for the session cache"),
    ("Moved from YAML to JSON for the settings", "We went back to YAML for the fixtures"),
    ("Add a flaky test marker", "The flaky test is gone"),
    ("Use SQLite", "SQLite turned out too slow on Windows"),
    ("Use SQLite", "SQLite should be retired next year"),
    ("Use SQLite", "We reverted to SQLite"),
    ("Use SQLite", "Was SQLite ditched?"),
    ("Use SQLite", "SQLite is gone until the next release"),
    ("Use SQLite", "> SQLite is gone"),
    ("Deploy with Docker on Tuesdays", "The Tuesday rule is gone"),
    ("Fix the flicker of the menu", "The flicker is gone"),
    ("Use the error boundary", "The error is gone now"),
])  # fmt: skip
def test_what_is_gone_takes_back_nothing_that_it_does_not_name_whole(decided, said):
    for heading in ("## Decisions\n\n- ", "## Summary\n\n"):
        assert not is_undone(decided, entry("2026-11-18", heading + said))


def test_a_rule_that_is_gone_takes_back_none_of_two_decisions_that_it_may_mean():
    gone = entry("2026-11-18", "The Tuesday rule is gone")
    other = entry("2026-11-17", "## Decisions\n\n- Never hold reviews on Tuesdays")
    assert is_undone("Deploy only on Tuesdays", gone)
    assert not is_undone("Deploy only on Tuesdays", other, gone)


def test_what_is_gone_is_so_only_for_what_is_known_to_have_been_decided_before():
    said = "Redis is dead. So it goes."
    assert is_undone("Use Redis", entry("2026-11-18", said))
    assert not is_undone("Use Redis", entry("2026-11-14", said))
    assert not is_undone("Use Redis", entry("2026-11-16", said, "y"))
    early, late = "2026-11-16T09:00:00Z", "2026-11-16T15:00:00Z"
    for created, other, expected in ((early, late, True), (late, early, False)):
        first = entry("2026-11-16", "## Decisions\n\n- Use Redis", created=created)
        second = entry("2026-11-16", said, "y", created=other)
        assert (Undoings([first, second]).of(first, first.items[0]) is not None) is expected


def test_a_draft_says_so_in_its_items_alone():
    fields = {"status": "draft", "drafted_by": "offline"}
    assert not is_undone("Use Redis", entry("2026-11-18", "## What happened\n\nRedis is dead.", **fields))
    assert is_undone("Use Redis", entry("2026-11-18", "## Decisions\n\n- Redis is dead [t3]", **fields))


SIGNALS = "Decided to implement `write_signal()` as one function for all tools"


@pytest.mark.parametrize(("decided", "body"), [
    (SIGNALS, "## Synopsis\n\nA long day. Removed signal-based complexity in favor of a direct hook."),
    (SIGNALS, "The pivot from the signal approach to plain calls was worth it."),
    (SIGNALS, "## Accomplishments\n\n- Dropped obsolete signal-based code from the docs"),
    ("Chose to poll the queue every minute", "## Summary\n\nWe switched from a polling design to a push one."),
])  # fmt: skip
def test_a_later_turn_away_from_a_way_of_working_takes_back_what_was_decided_of_it(decided, body):
    first, later = entry("2026-11-16", f"## Decisions\n\n- {decided}"), entry("2026-11-18", body)
    assert Undoings([first, later]).of(first, first.items[0])
    assert not Undoings([entry("2026-11-14", body), first]).of(first, first.items[0])


@pytest.mark.parametrize(("decided", "body"), [
    (SIGNALS, "Removed the old signal pattern."),
    ("Decided to sign every release", "The pivot from the signal approach to plain calls was worth it."),
    (SIGNALS, "Replaced the polling design with a push one."),
    ("Decided against the signal approach in favor of plain calls", "Pivoted from the signal approach to plain calls."),
    ("Chose plain calls instead of the signal design", "Pivoted from the signal design to plain calls."),
])  # fmt: skip
def test_a_turn_takes_back_nothing_that_it_does_not_name_or_that_made_it(decided, body):
    first = entry("2026-11-16", f"## Decisions\n\n- {decided}")
    assert not Undoings([first, entry("2026-11-18", body)]).of(first, first.items[0])


PIECES = """### 9:10

#### Summary

{about}

#### Technical Discussion

- It was a long one.

#### Decisions

- {decided}

### 11:30

#### Summary

Upgraded the linter.

#### Decisions

- Chose strict rules
"""
LEFT = "## Summary\n\nWe pivoted from the beacon design to plain calls."


@pytest.mark.parametrize(("about", "decided", "left"), [
    ("Wrote the beacon writer. Took all day.", "Chose a complete rewrite over backwards compatibility", True),
    ("Wrote the beacon writer.", "**Architecture**: Chose a clean break", True),
    ("Wrote the beacon writer.", "Chose SQLite over Postgres", False),
    ("Wrote the printer. It is near the beacon writer.", "Chose a complete rewrite", False),
    ("Replaced the beacon design with plain calls.", "Chose a complete rewrite", False),
])  # fmt: skip
def test_a_decision_that_names_nothing_is_about_its_piece_of_work(about, decided, left):
    first = entry("2026-11-16", PIECES.format(about=about, decided=decided))
    own, other = (one for one in first.items if one.kind == "decision")
    said = Undoings([first, entry("2026-11-18", LEFT)])
    assert (said.of(first, own) is not None) is left
    assert said.of(first, other) is None


def test_a_draft_is_about_what_its_title_says():
    fields = {"status": "draft", "drafted_by": "offline"}
    body = "## Decisions\n\n- Chose a complete rewrite [t3]"
    first = entry("2026-11-16", body, title="Build the importer service", **fields)
    assert Undoings([first, entry("2026-11-18", "We scrapped the importer service.")]).of(first, first.items[0])
    assert not Undoings([first, entry("2026-11-18", "We scrapped the exporter service.")]).of(first, first.items[0])


CHOICE = "The user chose: Shared - the pool is general, the watcher is a template, over “only here” (asked: how wide?)"


@pytest.mark.parametrize(("decided", "deviation", "changed", "dropped"), [
    (CHOICE, "Dropped at the user's word: create file-lock watcher script; instead: run it by hand", "run.py", True),
    ("Add a file-lock watcher", "Dropped from the list: write the file-lock watcher", "run.py", True),
    (CHOICE, "Dropped from the list: create the watcher tests", "run.py", False),
    (CHOICE, "Dropped from the list: test the file-lock watcher", "run.py", False),
    (CHOICE, "Dropped from the list: create the file-lock watcher", "`watcher.py`", False),
    (CHOICE, "Dropped at the user's word: add a file-lock watcher; instead: add a poll watcher", "run.py", False),
    ("Keep the restart watcher", "Dropped from the list: create the file-lock watcher", "run.py", False),
    ("The user chose: Local, over “the watcher is shared”", "Dropped from the list: add a lock watcher", "x.py", False),
    ("Docs live beside the code", "Dropped from the list: write docs", "run.py", False),
])  # fmt: skip
def test_what_the_same_session_dropped_is_no_decision_of_it(decided, deviation, changed, dropped):
    body = f"## Changes made\n\n- {changed}\n\n## Decisions\n\n- {decided} [t2]\n\n## Deviations from plan\n\n- {deviation}"
    first = entry("2026-11-16", body)
    (item,) = (one for one in first.items if one.kind == "decision")
    assert (Undoings([first]).of(first, item) is not None) is dropped
