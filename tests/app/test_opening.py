"""A rollup's opening by the user's model, over a real wire: asked for once, kept, and left out whatever goes wrong."""

from __future__ import annotations

import os
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from journals import git, make_journal, read
from llm.server import Behaviour, fails, says
from session_journal.app.endpoint import Voice
from session_journal.app.rollup import Asked, roll_up
from session_journal.app.verify import verify
from session_journal.core.document import fields, parse
from session_journal.errors import SecretError
from session_journal.store.endpoints import Endpoints
from session_journal.store.journal import Change, Journal
from session_journal.store.settings import change, load, unset

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
PAGE = "journal/rollups/2026-W47.md"
ENTRIES = (
    ("Rewrite the invoice parser", "done", "## Decisions\n\n- Keep SQLite for the order archive\n"),
    ("Import the old orders", "partial", "## Challenges\n\n- The export failed on a full disk → logs are rotated\n"),
    ("Ask the bank", "unknown", "## Key takeaways\n\n- The staging server does not run migrations by itself\n"),
)
TRUE = "The invoice parser was rewritten. It was decided to keep SQLite for the order archive."
OFFLINE = "2026-11-16 to 2026-11-22: 3 sessions on 3 days"


@pytest.fixture
def env(tmp_path, model_server):
    made = {**os.environ, "JOURNAL_CONFIG": str(tmp_path / "config.toml"), "JOURNAL_STATE": str(tmp_path / "state")}
    change(made, "llm.base_url", model_server.url)
    change(made, "llm.model", "tiny")
    model_server.always = answer
    return made


@pytest.fixture
def journal(tmp_path, env):
    made = Journal(make_journal(tmp_path / "journal").root, env)
    for number, (title, outcome, body) in enumerate(ENTRIES):
        add(made, number, title, outcome, body)
    return made


def add(journal, number, title, outcome, body, visibility="self"):
    day = f"2026-11-{16 + number}"
    front = f'id: "{number + 16:032x}"\ntitle: {title}\ndate: {day}\ntype: session\nstatus: final\n'
    front += f"visibility: {visibility}\nproject: shop\noutcome: {outcome}\n"
    path = f"journal/sessions/2026/{day}-{number}.md"
    journal.publish([Change(path, f"---\n{front}---\n\n{body}".encode())], f"entry: {number}", NOW)


def answer(body):
    """Tell two true sentences and a made-up one, each with the lines that speak of it."""
    lines = re.findall(r"^(i\d+) [^:\n]+: (.*)$", body["messages"][-1]["content"], re.MULTILINE)

    def ids(word):
        return [name for name, text in lines if word in text]

    return says(
        {
            "sentences": [
                {"text": "The invoice parser was rewritten.", "items": ids("invoice parser")},
                {"text": "Customers were delighted by 40 percent.", "items": ids("invoice parser")},
                {"text": "It was decided to keep SQLite for the order archive.", "items": ids("SQLite")},
            ]
        }
    )


class Person:
    def __init__(self, *, agrees=True):
        self.agrees, self.shown, self.told = agrees, [], []

    def voice(self, *, there=True, yes=False):
        return Voice(
            lambda why, hint: self.told.append((why, hint)), self.agree if there else None, self.shown.append, yes=yes
        )

    def agree(self, preview):
        self.shown.append(preview)
        return self.agrees


def roll(journal, person=None, now=NOW, name="2026-W47", dry_run=False, **voice):
    voice = person.voice(**voice) if person else None
    return roll_up(journal, Asked(name, dry_run=dry_run), now, load(journal.env, journal.root), voice)


def told(journal, path=PAGE):
    return read(journal, path).decode()


def test_the_opening_stands_at_the_head_of_the_page_and_names_its_model(journal):
    person = Person()
    roll(journal, person)
    page = told(journal)
    assert f"{OFFLINE} · 1 done, 1 partial, 1 unknown.\n\n{TRUE}\n\n## Accomplished\n" in page
    assert fields(parse(read(journal, PAGE)))["opening_by"] == "tiny"
    assert "delighted" not in page
    assert person.told == []
    assert verify(journal, int(NOW.timestamp())).findings == ()


@pytest.mark.parametrize("name", ["2026-11", "2026-Q4"])
def test_months_and_quarters_have_one_as_well(journal, name):
    roll(journal, Person(), name=name)
    assert TRUE in told(journal, f"journal/rollups/{name}.md")


def test_a_second_run_asks_nothing_and_changes_nothing(journal, model_server):
    roll(journal, Person())
    before, head = read(journal, PAGE), git(journal, "rev-parse", "HEAD")
    asked = len(model_server.bodies)
    assert roll(journal, Person(), LATER).changed == ()
    assert (read(journal, PAGE), git(journal, "rev-parse", "HEAD")) == (before, head)
    assert len(model_server.bodies) == asked


@pytest.mark.parametrize(
    "how", ["the cache gone", "the model gone", "offline", "the server gone", "another model down"]
)
def test_a_page_of_the_same_lines_keeps_its_opening(journal, env, model_server, how):
    roll(journal, Person())
    before = read(journal, PAGE)
    shutil.rmtree(os.path.dirname(journal.cache("openings")), ignore_errors=True)
    model_server.always = fails(500, "gone")
    if how == "the model gone":
        unset(env, "llm.base_url")
    if how == "another model down":
        change(env, "llm.model", "other")
    person = None if how == "offline" else Person()
    assert roll(journal, person, LATER).changed == ()
    assert read(journal, PAGE) == before


def test_other_lines_are_told_anew(journal, model_server):
    roll(journal, Person())
    asked = len(model_server.bodies)
    add(journal, 4, "Read the new tax rules", "done", "## Key takeaways\n\n- Invoices need the tax number\n")
    roll(journal, Person(), LATER)
    assert len(model_server.bodies) == asked + 1
    assert "4 sessions on 4 days" in told(journal)
    assert TRUE in told(journal)


def test_an_opening_of_other_lines_does_not_stay_where_no_model_is_asked(journal):
    roll(journal, Person())
    add(journal, 4, "Read the new tax rules", "done", "## Key takeaways\n\n- Invoices need the tax number\n")
    roll(journal, None, LATER)
    assert TRUE not in told(journal)
    assert "opening_" not in told(journal)


def test_what_was_kept_for_these_lines_needs_no_second_question(journal, model_server):
    roll(journal, Person())
    page = read(journal, PAGE)
    os.remove(journal.path(PAGE))
    asked = len(model_server.bodies)
    assert TRUE in roll(journal, Person(), LATER, dry_run=True).text
    assert len(model_server.bodies) == asked
    assert page


def test_a_dry_run_asks_nothing(journal, model_server):
    assert OFFLINE in roll(journal, Person(), dry_run=True).text
    assert model_server.bodies == []


def test_one_yes_holds_for_drafts_and_rollups_of_that_model(journal, env, model_server):
    person = Person()
    roll(journal, person)
    (preview,) = person.shown
    assert (preview.purpose, preview.model) == ("opening", "tiny")
    assert preview.tokens > sum(len(one["content"]) for one in model_server.bodies[0]["messages"]) // 4
    assert Endpoints(env).has_agreed(model_server.url, "tiny")
    again = Person(agrees=False)
    roll(journal, again, name="2026-11")
    assert again.shown == []


@pytest.mark.parametrize("voice", [{"there": False}, {}])
def test_without_a_yes_nothing_is_sent_and_the_page_is_written_offline(journal, model_server, voice):
    person = Person(agrees=False)
    roll(journal, person, **voice)
    assert model_server.bodies == []
    assert OFFLINE in told(journal)
    assert len(person.told) == 1
    assert person.told[0][0].startswith("Told offline")


WRONG = {
    "down": fails(500, "broken"),
    "no JSON": says("I would rather not."),
    "made up": says({"sentences": [{"text": "Revenue rose by 12 percent.", "items": ["i1"]}]}),
    "nothing": says({"sentences": []}),
    "half": says('{"sentences": [{"te', finish="length"),
    "a page": Behaviour(body=b"<html>hello</html>"),
    "slow": Behaviour(silent=True),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_whatever_a_server_sends_the_page_is_that_of_no_model_and_one_line_says_why(journal, env, model_server, wrong):
    change(env, "llm.timeout", 5)
    model_server.always = wrong
    person = Person()
    offline = roll(journal, None, dry_run=True).text
    roll(journal, person, yes=True)
    assert told(journal).partition("---\n\n")[2] == offline.partition("---\n\n")[2]
    ((why, hint),) = person.told
    assert why.startswith("Told offline: ")
    assert "draft" not in hint


def test_what_holds_too_little_is_not_asked_for_again(journal, model_server):
    model_server.always = WRONG["made up"]
    roll(journal, Person(), yes=True)
    asked = len(model_server.bodies)
    roll(journal, Person(), LATER)
    assert len(model_server.bodies) == asked


def test_personal_data_is_not_sent(journal, model_server):
    add(journal, 4, "Mend the scheduler", "done", "## Decisions\n\n- Call anna@mueller-verlag.de first\n")
    roll(journal, Person(), yes=True)
    assert "Mend the scheduler" in model_server.texts()
    assert "[REDACTED:email" in model_server.texts()
    assert "anna" not in model_server.texts()


def test_words_to_hide_are_not_sent(journal, env, model_server):
    add(journal, 4, "Mend the Acme scheduler", "done", "## Decisions\n\n- Call Acme first\n")
    change(env, "redact.words", "Acme")
    with pytest.raises(SecretError):  # the page would hold them, too
        roll(Journal(journal.root, env), Person(), yes=True)
    assert "scheduler" in model_server.texts()
    assert "Acme" not in model_server.texts()


def test_a_few_lines_need_no_opening(tmp_path, env, model_server):
    journal = Journal(make_journal(tmp_path / "small").root, env)
    add(journal, 0, "Rewrite the invoice parser", "done", "Nothing notable.\n")
    roll(journal, Person(), yes=True)
    assert model_server.bodies == []


def test_a_page_changed_by_hand_stays_as_it_is(journal):
    roll(journal, Person())
    path = journal.path(PAGE)
    with open(path, encoding="utf-8") as file:
        text = file.read().replace(TRUE, "My own words on this week.")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    add(journal, 4, "Read the new tax rules", "done", "## Key takeaways\n\n- Invoices need the tax number\n")
    assert len(roll(journal, Person(), LATER).refused) == 1
    assert told(journal) == text
