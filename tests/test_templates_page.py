"""What docs/templates.md says of templates is so: every value it names, and every example as a journal's own."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.app.capture import Wanted, capture
from session_journal.app.draft import Clock
from session_journal.app.learnings import refresh
from session_journal.app.new import create_entry
from session_journal.app.note import add_note
from session_journal.app.patterns import find_patterns
from session_journal.app.rollup import Asked, roll_up
from session_journal.core import learnings, playbooks
from session_journal.rollups import monthly, quarterly, weekly
from session_journal.rollups.span import Span
from session_journal.store.entries import load
from session_journal.store.journal import Change
from session_journal.store.settings import load as load_settings
from session_journal.store.templates import render, take_warnings, template_names

ROOT = Path(__file__).resolve().parents[1]
TRANSCRIPTS = ROOT / "examples" / "transcripts"
PAGE = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
PARTS = dict(re.findall(r"^## (\w+)\.md\.j2\n(.*?)(?=^## \w+\.md\.j2$|\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))
EXAMPLES = {
    name: re.findall(r"^```jinja\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL) for name, text in PARTS.items()
}
NAMED = {name: set(re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)) for name, text in PARTS.items()}
NOW = datetime(2026, 11, 13, 18, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path):
    """Return a journal that uses every example of the page."""
    made = make_journal(tmp_path / "journal")
    folder = tmp_path / "journal" / "journal" / "templates"
    folder.mkdir()
    for name, (text,) in EXAMPLES.items():
        (folder / f"{name}.md.j2").write_text(text, encoding="utf-8")
    take_warnings()
    return made


@pytest.fixture
def worked(journal):
    """Return it with a week of drafts, and a lesson that two of its entries share."""
    capture(journal, sorted(map(str, TRANSCRIPTS.glob("2026-11-*.jsonl"))), Clock(NOW, UTC), Wanted())
    text = "## Key takeaways\n\n- Always run the migrations check before the test suite\n"
    for day in (9, 10, 11):
        create_entry(journal, f"Migrations {day}", text, NOW, "tidepool", day=date(2026, 11, day))
    return journal


def read(journal, path):
    return Path(journal.path(path)).read_text(encoding="utf-8")


def test_the_page_tells_of_every_shipped_template():
    assert sorted(PARTS) == template_names()
    assert all(len(found) == 1 for found in EXAMPLES.values())


def test_an_entry_and_a_note_are_made_as_the_page_shows(journal):
    made = create_entry(journal, "Sharks", "", NOW, "sea")
    assert (made.warning, "<!-- 2026-11-13, in sea -->" in made.data.decode()) == ("", True)
    note = add_note(journal, "saw one", NOW)
    assert (note.warning, note.data.decode().endswith("# Log of 2026-11-13\n\n- 18:00 saw one\n")) == ("", True)


def test_drafts_weeks_and_playbooks_are_made_as_the_page_shows(worked):
    rolled = roll_up(worked, Asked("2026-W46"), NOW, load_settings({}, worked.root))
    assert take_warnings() == []
    drafts = [entry for entry in load(worked.root)[0] if entry.status == "draft"]
    assert drafts
    assert all(
        re.search(r"^> (done|partial|blocked|abandoned|unknown)", entry.body, flags=re.MULTILINE) for entry in drafts
    )
    assert all(entry.items for entry in drafts)
    assert "# Week 2026-W46: " in read(worked, rolled.path)
    assert rolled.new_playbooks
    pages = [read(worked, path) for path in rolled.new_playbooks]
    assert [
        page for page in pages if not re.search(r"^# Seen [3-9] times, last on 2026-11-1\d$", page, flags=re.MULTILINE)
    ] == []


def test_the_digest_is_made_as_the_page_shows(worked):
    body = "## Gaps\n\n- [ ] How tides work\n\n## Takeaways\n\n- Always read the tide table first\n"
    text = f'---\nid: "{7:032x}"\ntitle: Tides\ndate: 2026-11-12\n---\n\n{body}'
    worked.publish([Change("journal/sessions/2026/2026-11-12-tides.md", text.encode())], "entry: tides", NOW)
    made = refresh(worked, NOW).data.decode()
    assert take_warnings() == []
    assert re.search(r"^- \[ \] How tides work \^[a-z0-9]{6}$", made, flags=re.MULTILINE)
    assert "- Always read the tide table first ([2026-11-12](sessions/2026/2026-11-12-tides.md))\n" in made


def test_the_values_that_the_page_names_are_those_there_are(worked):
    entries = load(worked.root)[0]
    for module, name in ((weekly, "2026-W46"), (monthly, "2026-11"), (quarterly, "2026-Q4")):
        assert NAMED[module.__name__.rpartition(".")[2]] == set(module.values_of(Span(name, entries)))
    pattern = next(iter(find_patterns(entries)))
    assert NAMED["playbook"] == set(playbooks.values_of(pattern))
    assert NAMED["learnings"] == set(learnings.values_of(learnings.Learned()))


@pytest.mark.parametrize(("name", "make"), [
    ("entry", lambda journal: create_entry(journal, "A", "", NOW).warning),
    ("note", lambda journal: add_note(journal, "A", NOW).warning),
])  # fmt: skip
def test_a_value_that_is_unknown_is_answered_with_those_the_page_names(journal, name, make):
    Path(journal.path(f"journal/templates/{name}.md.j2")).write_text("{{ nosuch }}", encoding="utf-8")
    known = re.search(r"known are ([\w, ]+)", make(journal))[1]
    assert set(known.split(", ")) == NAMED[name]


def test_a_draft_has_the_values_that_the_page_promises(journal):
    Path(journal.path("journal/templates/draft.md.j2")).write_text("{{ nosuch }}", encoding="utf-8")
    capture(journal, [str(TRANSCRIPTS / "2026-11-10-csv-export.jsonl")], Clock(NOW, UTC), Wanted())
    (warning,) = take_warnings()
    assert NAMED["draft"] < set(re.search(r"known are ([\w, ]+)", warning)[1].split(", "))
    assert load(journal.root)[0][0].items  # the shipped one was used


def test_shipped_templates_know_no_values_beyond_the_page():
    for name in ("entry", "note"):
        assert render(f"{name}.md.j2", dict.fromkeys(NAMED[name], "x"))
