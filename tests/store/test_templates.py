"""Templates, shipped and a journal's own."""

import subprocess
import sys

import pytest

from session_journal.core.sections import ORDER, items, split
from session_journal.errors import JournalError
from session_journal.store.templates import render, render_with_warning, take_warnings


@pytest.fixture
def root(tmp_path):
    (tmp_path / "journal" / "templates").mkdir(parents=True)
    return tmp_path


def own(root, text, name="entry.md.j2"):
    path = root / "journal" / "templates" / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


WORDS = {"title": "A <b> & day", "date": "2026-11-20", "project": "api"}


def test_the_template_for_a_person_has_sections_of_an_entry_and_no_items_yet():
    body = render("entry.md.j2", {})
    titles = [section.title for section in split(body) if section.level == 2]
    assert [title for title in ORDER if title in titles] == titles
    assert {
        "What happened",
        "Decisions",
        "Challenges",
        "Discoveries",
        "Key takeaways",
        "For next time",
        "Action items",
    } == set(titles)
    assert items(body) == ()
    assert all(line.count("<!--") == line.count("-->") for line in body.splitlines())


def test_filling_in_words_imports_no_jinja_for_the_quick_path():
    code = (
        "import sys\nfrom session_journal.store.templates import render\nrender('entry.md.j2', {}); render('note.md.j2', {'date': 'd', 'time': 't', 'text': 'x'})\n"
        "print(sorted({'jinja2', 're', 'pathlib', 'typing', 'dataclasses'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_a_draft_has_a_heading_for_each_section_and_one_blank_line_between():
    sections = [{"title": "Context", "lines": ["One.", "Two."]}, {"title": "Decisions", "lines": ["- a <b>"]}]
    assert render("draft.md.j2", {"sections": sections}) == "\n## Context\n\nOne.\nTwo.\n\n## Decisions\n\n- a <b>\n"


def test_a_journals_own_template_goes_first(root):
    own(root, "\ufeff# {{ title }} on {{date}}\n\n{ {x} } }}\n\n")
    assert render("entry.md.j2", WORDS, str(root)) == "# A <b> & day on 2026-11-20\n\n{ {x} } }}\n\n"


def test_an_own_template_may_use_conditions_and_loops(root):
    own(
        root, "{% if project %}\n# {{ project | upper }}\n{% endif %}\n{% for n in [1, 2] %}\n- {{ n }}\n{% endfor %}\n"
    )
    assert render("entry.md.j2", WORDS, str(root)) == "# API\n- 1\n- 2\n"


def test_an_own_template_may_include_another_of_its_folder_and_no_file_beyond(root):
    own(root, "{% include 'part.md.j2' %}!")
    own(root, "part {{ title }}", "part.md.j2")
    assert render("entry.md.j2", WORDS, str(root)) == "part A <b> & day!"
    own(root, "{% include '../journal.toml' %}")
    (root / "journal" / "journal.toml").write_text("secret")
    assert "secret" not in render("entry.md.j2", WORDS, str(root))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# {{ title }}\n\n{{ nosuch }}\n", 3, "`nosuch` is not known here; known are date, project, title"),
        ("a\n{% if x %}\n{{ nosuch }}{% endif %}", 2, "'x' is undefined"),
        ("a\n{% if title %}\n{{ nosuch.x }}{% endif %}", 3, "'nosuch' is undefined"),
        ("a\n\n{% if %}\n", 3, "Expected an expression"),
        ("a\n{{ title", 2, "unexpected end"),
        ("a\n{{ 1 // 0 }}", 2, "ZeroDivisionError"),
        ("{{ ''.__class__.__mro__ }}", 1, "unsafe"),
        ("{% for i in range(10**9) %}x{% endfor %}", 1, "too big"),
        ("{% for item in title %}{{ items.append(1) }}{% endfor %}", 1, "undefined"),
        ("{% include 'no.md.j2' %}", 1, "no.md.j2"),
        (b"caf\xe9", 1, "not UTF-8"),
    ],
)
def test_a_broken_own_template_gives_way_to_the_shipped_one_with_file_line_and_hint(root, text, line, words):
    own(root, text)
    made = render_with_warning("entry.md.j2", WORDS, str(root))
    assert made.text == render("entry.md.j2", WORDS)
    assert made.warning.startswith(f"journal/templates/entry.md.j2:{line}: ")
    assert words in made.warning
    assert "the shipped template was used instead" in made.warning


NESTED = "{% set a = [a, a, a, a, a, a, a, a, a, a] %}" * 11
DOUBLED = "{% set n = namespace(x='x') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "1,000,000 steps"),
        ("{% for i in range(99999) %}{{ 'xxxxxxxxx' * 99 }}{% endfor %}", "1,000,000 characters"),
        ("{% set z %}{% for i in range(99999) %}{{ 'x' * 9999 }}{% endfor %}{% endset %}", "too long"),
        ("{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(50) }}", "steps"),
        ("{% include 'entry.md.j2' %}", "RecursionError"),
        ("{{ 10 ** 10 ** 10 }}", "power"),
        ("{{ 'x' * 10 ** 11 }}", "too long"),
        ("{{ [[1] * 9999] * 9999 }}", "repeated"),
        ("{{ '%1000000000d' % 1 }}", "width"),
        ("{{ '{:1000000000}'.format(1) }}", "width"),
        ("{{ '{:{w}}'.format(1, w=10 ** 9) }}", "too big"),
        ("{{ 'x' | center(10 ** 9) }}", "too big"),
        ("{{ 'x'.ljust(10 ** 9) }}", "too big"),
        ("{{ ('x' * 99999) | replace('x', 'y' * 99999) }}", "too long"),
        ("{{ ('x' * 99999).replace('x', 'y' * 99999) }}", "too long"),
        ("{{ range(99999) | join('x' * 99999) }}", "too long"),
        ("{{ title | batch(9999, 'x' * 99999) | list }}", "too long"),
        (DOUBLED, "too long"),
        (DOUBLED.replace("~", "+"), "too long"),
        ("{% set a = [1] %}" + NESTED + "{{ a }}", "too long"),
        ("{% set a = [1] %}" + NESTED + "{{ a ~ '' }}", "too long"),
        ("{% set a = [1] %}" + NESTED + "{{ a | string }}", "too long"),
        ("{{ lipsum() }}", "'lipsum' is undefined"),
        ("{{ ''|attr('__class__') }}", "unsafe"),
        ("{{ title.format.__globals__ }}", "unsafe"),
        ("{{ '{0.__class__}'.format(title) }}", "unsafe"),
        ("x" * 200_001, "200,000"),
    ],
    ids=lambda value: value[:40],
)
def test_a_template_that_would_run_away_ends_soon_and_gives_way(root, text, words):
    own(root, text)
    made = render_with_warning("entry.md.j2", WORDS, str(root))
    assert made.text == render("entry.md.j2", WORDS)
    assert words in made.warning


def test_bounds_leave_room_for_what_templates_do(root):
    text = (
        "{{ 'ab' * 3 }} {{ '%05d' % 7 }} {{ '{:>3}'.format('x') }} {{ [1, 2] | join(', ') }} {{ 2 ** 10 }} {{ 7 % 4 }}"
    )
    own(root, text + "{% for n in range(20000) %}{{ n % 10 }}{% endfor %}{{ title | truncate(9) | center(20) | trim }}")
    made = render_with_warning("entry.md.j2", WORDS, str(root))
    assert made.warning == ""
    assert made.text.startswith("ababab 00007   x 1, 2 1024 30123456789")


def test_rendering_leaves_tracing_as_it_was(root):
    before = sys.gettrace()
    own(root, "{% if title %}x{% endif %}")
    render("entry.md.j2", WORDS, str(root))
    own(root, "{{ 10 ** 10 ** 10 }}{% if title %}x{% endif %}")
    render("entry.md.j2", WORDS, str(root))
    assert sys.gettrace() is before


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a right there")
def test_no_link_leads_out_of_the_journal(root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text("private")
    (root / "journal" / "templates" / "entry.md.j2").symlink_to(outside / "secret.txt")
    made = render_with_warning("entry.md.j2", WORDS, str(root))
    assert "private" not in made.text
    assert "leads out of the journal" in made.warning
    (root / "journal" / "templates" / "entry.md.j2").unlink()
    (root / "journal" / "templates" / "part.md.j2").symlink_to(outside / "secret.txt")
    own(root, "{% include 'part.md.j2' %}")
    made = render_with_warning("entry.md.j2", WORDS, str(root))
    assert "private" not in made.text
    assert "leads out" in made.warning


def test_a_folder_in_a_templates_place_is_said(root):
    (root / "journal" / "templates" / "entry.md.j2").mkdir()
    assert "not a file" in render_with_warning("entry.md.j2", WORDS, str(root)).warning


def test_what_is_wrong_in_an_included_template_names_that(root):
    own(root, "a\n{% include 'part.md.j2' %}")
    own(root, "\n\n{% if %}", "part.md.j2")
    made = render_with_warning("entry.md.j2", WORDS, str(root))
    assert made.warning.startswith("journal/templates/entry.md.j2:2: part.md.j2:3: ")


def test_a_warning_waits_for_the_command_to_tell_it_once(root):
    own(root, "{{ nosuch }}")
    take_warnings()
    render("entry.md.j2", WORDS, str(root))
    render("entry.md.j2", WORDS, str(root))
    (warning,) = take_warnings()
    assert "nosuch" in warning
    assert take_warnings() == []


def test_a_sound_template_gives_no_warning(root):
    own(root, "{{ title }}")
    assert render_with_warning("entry.md.j2", WORDS, str(root)).warning == ""


def test_a_template_of_ones_own_name_has_no_shipped_one_to_fall_back_to(root):
    own(root, "{{ title }}", "retro.md.j2")
    assert render("retro.md.j2", WORDS, str(root)) == "A <b> & day"
    own(root, "x\n{{ nosuch }}", "retro.md.j2")
    with pytest.raises(JournalError, match=r"journal/templates/retro.md.j2:2: `nosuch`") as caught:
        render("retro.md.j2", WORDS, str(root))
    assert caught.value.hint


def test_a_template_that_is_nowhere_is_an_error_that_names_those_there_are(root):
    own(root, "x", "standup.md.j2")
    with pytest.raises(
        JournalError, match=r"no template retro\.md\.j2; there are: draft, entry,.* note,.* standup, weekly"
    ):
        render("retro.md.j2", WORDS, str(root))


@pytest.mark.parametrize("name", ["../journal.toml", "", ".", "..", "a/b", "a\\b", "/etc/passwd", ".hidden", "a\0"])
def test_a_template_is_named_by_a_file_name_alone(root, name):
    with pytest.raises(JournalError, match="not the name of a template"):
        render(name, WORDS, str(root))


def test_a_shipped_template_whose_words_are_missing_is_an_error():
    with pytest.raises(JournalError, match=r"note\.md\.j2:") as caught:
        render("note.md.j2", {})
    assert "another command" in caught.value.hint
