"""Sections and the items in them."""

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from session_journal.core.items import Item, Quote
from session_journal.core.sections import ORDER, heading, items, quotes, render_item, render_quote, split


def found(body):
    return [(item.kind, item.text) for item in items(body)]


def test_bullets_of_every_marker_are_items_of_their_section():
    assert found("## Decisions\n- a\n* b\n+ c\n1. d\n2) e\n\n## Challenges\n- x → y\n") == [
        ("decision", "a"), ("decision", "b"), ("decision", "c"), ("decision", "d"), ("decision", "e"), ("challenge", "x → y"),
    ]  # fmt: skip


def test_evidence_and_block_ids_are_taken_off_the_text():
    body = "## Decisions\n- use it [t12, t15] ^a1b2c3\n- other way ^a1b2c3 [t3]\n- dot [t4].\n- not [x] evidence\n- n ^2\n- see [t9] in the middle\n"
    assert items(body) == (
        Item("decision", "use it", (12, 15), "", "a1b2c3", 1), Item("decision", "other way", (3,), "", "a1b2c3", 2),
        Item("decision", "dot.", (4,), line=3), Item("decision", "not [x] evidence", line=4), Item("decision", "n ^2", line=5),
        Item("decision", "see [t9] in the middle", line=6),
    )  # fmt: skip


def test_task_marks_are_read_and_dropped_tasks_are_closed():
    body = "## TODO\n- [ ] a\n- [x] b\n- [X] c\n- [/] d\n- [-] e\n- [>] f\n- g\n- [ ]\n- [link](x)\n"
    assert [(item.text, item.mark) for item in items(body)] == [
        ("a", " "), ("b", "x"), ("c", "x"), ("d", "/"), ("e", "x"), ("f", " "), ("g", ""), ("[link](x)", ""),
    ]  # fmt: skip


def test_lines_name_where_an_item_stands():
    body = "intro\n\n## Decisions\n\n- a\n  more\n\n- b\n"
    assert [body.split("\n")[item.line] for item in items(body)] == ["- a", "- b"]


def test_indented_lines_go_on_with_their_bullet():
    assert found("## Decisions\n- a\n  b\n   c [t1]\n\n  another paragraph\n- d\n") == [
        ("decision", "a b c"),
        ("decision", "d"),
    ]


def test_nested_bullets_are_details_unless_their_parent_is_a_label():
    body = "## Decisions\n- a\n  - why a\n- **Storage:**\n  - b\n    - why b\n  - c [t2]\n- colon without children:\n"
    assert found(body) == [
        ("decision", "a"),
        ("decision", "Storage: b"),
        ("decision", "Storage: c"),
        ("decision", "colon without children:"),
    ]
    assert found("## Decisions\n- Storage:\n\n\t- b\n") == [("decision", "Storage: b")]


def test_nested_tasks_are_items_of_their_own():
    body = "## TODO\n- [ ] a\n  - [x] a1\n  - note\n- Later:\n  - [ ] b\n"
    assert [(item.text, item.mark) for item in items(body)] == [("a", " "), ("a1", "x"), ("Later: b", " ")]


def test_paragraphs_count_where_nobody_wrote_bullets():
    body = "## What I learned\n\nTests come\nfirst. [t3]\n\nThen code.\n\n> quoted\n\n| a | b |\n|---|---|\n\n---\n\n![x](y)\n\n```\ncode\n```\n"
    assert found(body) == [("takeaway", "Tests come first."), ("takeaway", "Then code.")]
    assert items(body)[0].turns == (3,)
    assert found("## What I learned\n\nSome things:\n\n- a\n") == [("takeaway", "a")]


def test_a_section_that_is_a_quote_is_read_as_what_its_writer_thinks():
    body = "### 2026-11-16 08:36 — Manual Reflection\n\n> **Reflection:**\n> The rename was quick.\n> It used to be tedious.\n>\n> More of that.\n"
    assert [(item.kind, item.text, body.split("\n")[item.line]) for item in items(body)] == [
        ("insight", "The rename was quick. It used to be tedious.", "> The rename was quick."),
        ("insight", "More of that.", "> More of that."),
    ]
    assert found("## Thoughts\n\n> Somebody said so.\n\nI doubt it.\n") == [("insight", "I doubt it.")]


def test_insights_stand_in_paragraphs_beside_bullets():
    body = "## Reflections\n\nI doubt the hook.\n\nTo watch:\n\n- its log\n  of today\n\n  and more\n\nThen it is [t3]\nlate.\n"
    assert found(body) == [
        ("insight", "I doubt the hook."), ("insight", "its log of today"), ("insight", "Then it is [t3] late."),
    ]  # fmt: skip
    assert found("## Decisions\n\nWe talked.\n\n- Keep it\n") == [("decision", "Keep it")]


def test_verdicts_in_lines_of_one_paragraph_are_items_of_their_own():
    body = "## Retro\n\nWent well: batches,\npairing.\nCould be better: I asked too late.\nWhat went wrong: the lock\n"
    assert found(body) == [
        ("went-well", "batches, pairing."), ("improve", "I asked too late."), ("improve", "the lock"),
    ]  # fmt: skip


def test_how_a_challenge_was_met_joins_it_from_the_bullet_below():
    body = "## Challenges\n- **Tests hung** [t3]\n  - seen twice\n  - *Solution*: closed the\n    connection [t4]\n  - Fix: again\n- Slow\n"
    assert [(item.text, item.turns) for item in items(body)] == [
        ("**Tests hung** → closed the connection", (3,)),
        ("Slow", ()),
    ]
    assert found("## Decisions\n- Keep it\n  - Solution: none\n") == [("decision", "Keep it")]


def test_code_comments_quotes_and_rules_are_no_items():
    body = (
        "## Decisions\n```sh\n- code\n## Challenges\n```\n~~~~\n```\n- code\n~~~~\n<!-- - hidden -->\n<!--\n- hidden\n## TODO\n-->\n"
        "> - quoted\n- - -\n***\n\n    - indented code\n\n- real <!-- aside -->\n"
    )
    assert found(body) == [("decision", "real")]


@pytest.mark.parametrize(
    "nothing",
    ["None", "none.", "N/A", "n/a", "-", "…", "Nothing", "_none_", "None yet", "No blockers today", "TBD", ""],
)
def test_a_word_for_nothing_is_no_item(nothing):
    assert items(f"## Challenges\n- {nothing}\n\n## Questions\n{nothing}\n") == ()


@pytest.mark.parametrize(
    "nothing",
    [
        "None encountered; the update was straightforward.", "None; TDD led to a smooth implementation.", "(None; only if added)",
        "None encountered during this step; all went well", "None - it went smoothly", "No major issues encountered; straightforward.",
        "No significant frustrations encountered during this phase.", "None significant.",
    ],
)  # fmt: skip
def test_a_sentence_about_nothing_is_no_item(nothing):
    assert items(f"## Challenges\n- {nothing}\n") == ()


@pytest.mark.parametrize(
    "something",
    [
        "None of the tests ran", "No issues, but the build is slow", "No problem statement was written", "None in config breaks the parser",
        "No error handling in the parser", "Nonetheless it hung", "No issues found except a timeout",
    ],
)  # fmt: skip
def test_a_sentence_that_begins_like_one_about_nothing_is_an_item(something):
    assert [item.text for item in items(f"## Challenges\n- {something}\n")] == [something]


def test_bullets_elsewhere_are_no_items():
    assert (
        items(
            "- a\n\n# Notes of the day\n- b\n\n## What happened\n- c\n- [ ] d\n\n## Recipe\n- e\n\n## Evidence\n- [t1] user: “x”\n"
        )
        == ()
    )


def test_headings_below_a_known_one_inherit_its_kind():
    body = "# Day\n## Decisions\n### Storage\n- a\n### What happened\n- b\n## Recipe\n- c\n"
    assert found(body) == [("decision", "a")]


def test_a_line_in_bold_or_underlined_counts_as_a_heading_where_it_names_a_section():
    body = "**Decisions:**\n- a\n\n__Blockers__\n- b\n\n**Just bold**\n- c\n\nTakeaways\n---------\n- d\n\nQuestions\n===\n- e\n\nPlain\n---\n"
    assert [(kind, text) for kind, text in found(body) if text in "abde"] == [
        ("decision", "a"), ("challenge", "b"), ("takeaway", "d"), ("question", "e"),
    ]  # fmt: skip


def test_how_it_went_holds_two_kinds_told_apart_by_their_first_words():
    body = "## How it went\n- Went well: tests [t1]\n- **To improve:** prompts\n- neutral\n\n### Wins\n- speed\n\n## What went wrong\n- haste\n"
    assert found(body) == [("went-well", "tests"), ("improve", "prompts"), ("went-well", "speed"), ("improve", "haste")]


def test_surprises_are_discoveries_with_a_tag():
    assert found("## Surprises\n- odd [t1]\n- marked #surprise\n") == [
        ("discovery", "odd #surprise"),
        ("discovery", "marked #surprise"),
    ]


def test_files_with_crlf_lines_have_the_same_items():
    body = "intro\n\n## Decisions\n- a [t1]\n  b ^a1b2c3\n\n**TODO**\n- [ ] c\n```\n- d\n```\n"
    assert items(body.replace("\n", "\r\n")) == items(body)


def test_sections_know_their_place():
    body = "intro\n\n# Title\n\n## 1. Decisions:\n\n- a\n### Sub\n- b\n"
    seen = [(s.title, s.kind, s.level, s.start, s.end, s.first, s.known) for s in split(body)]
    assert seen == [
        ("", None, 0, 0, 2, 0, False), ("Title", None, 1, 2, 4, 3, False), ("Decisions", "decision", 2, 4, 7, 5, True),
        ("Sub", "decision", 3, 7, 9, 8, False),
    ]  # fmt: skip
    assert [section.lines for section in split("")] == [("",)]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "## Decisions",
                "# x",
                "**TODO**",
                "- a",
                "  - b:",
                "",
                "```",
                "<!--",
                "-->",
                "text",
                "---",
                "Wins",
                "\t- c",
                "\x0c",
                "\u2028",
            ]
        ),
        max_size=16,
    )
)
def test_every_line_lies_in_exactly_one_section_and_items_lie_in_the_body(lines):
    body = "\n".join(lines)
    sections = split(body)
    ends = [section.end for section in sections]
    assert [section.start for section in sections] == [0, *ends[:-1]][: len(sections)]
    assert all(
        section.lines == tuple(body.removesuffix("\n").split("\n")[section.first : section.end]) for section in sections
    )
    assert all(0 <= item.line < len(lines) for item in items(body))


WORDS = st.text(alphabet=string.ascii_letters + string.digits + "`→.,'()é/", min_size=1, max_size=12)
TEXTS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join).filter(lambda text: any(char.isalpha() for char in text))
KINDS = st.sampled_from([
    "decision", "change", "deviation", "challenge", "discovery", "pattern", "insight", "question", "gap", "takeaway", "next", "action",
    "went-well", "improve",
])  # fmt: skip


@settings(deadline=None)
@given(st.builds(
    Item, KINDS, TEXTS.map(lambda text: "x " + text), st.lists(st.integers(1, 9999), max_size=3, unique=True).map(tuple),
    st.sampled_from(["", " ", "x", "/"]), st.sampled_from(["", "a1b2c3", "0000ff"]), st.just(2),
))  # fmt: skip
def test_a_rendered_item_is_read_back_as_it_was(item):
    line = render_item(item)
    assert "\n" not in line
    body = f"## {heading(item.kind)}\n\n{line}\n"
    assert items(body) == (item,)


def test_an_item_is_rendered_as_one_line():
    assert render_item(Item("action", "a\n b", (12, 15), " ", "a1b2c3")) == "- [ ] a b [t12, t15] ^a1b2c3"
    assert render_item(Item("went-well", "tests")) == "- Went well: tests"
    assert render_item(Item("improve", "prompts", (1,))) == "- To improve: prompts [t1]"


def test_every_kind_has_a_section_of_the_drafted_order():
    kinds = (
        "decision",
        "change",
        "deviation",
        "challenge",
        "discovery",
        "pattern",
        "insight",
        "question",
        "gap",
        "takeaway",
        "next",
        "action",
    )
    titles = [heading(kind) for kind in kinds]
    assert len(set(titles)) == len(kinds)
    assert {*titles, heading("went-well"), heading("improve")} <= set(ORDER)


def test_a_real_journal_written_by_another_developer_yields_items(shared_data):
    kinds = {}
    for path in sorted(Path(shared_data, "journals", "commit-story").glob("*.md")):
        for item in items(path.read_text(encoding="utf-8")):
            kinds[item.kind] = kinds.get(item.kind, 0) + 1
    assert kinds["change"] > 500
    assert kinds["challenge"] > 150
    assert kinds["insight"] > 40


def test_what_is_opened_and_never_closed_hides_nothing():
    body = (
        "## Decisions\n- strip `<!-- x` marks\n- keep `<!-- y -->` whole\n- a <!-- b\n<!-- open\n- c\n```\n- d\n"
        "```sh\n- e\n"
    )
    assert found(body) == [
        ("decision", "strip `<!-- x` marks"), ("decision", "keep `<!-- y -->` whole"),
        ("decision", "a <!-- b <!-- open"), ("decision", "c ```"), ("decision", "d ```sh"), ("decision", "e"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["<!--", "```", "~~~~", "- a\n  - b:", "`", "[t1", "<!-- -->", "**a", "# a" + " " * 9_000 + "b"]
)
def test_a_hostile_body_of_many_lines_is_read_to_its_end(line):
    body = "## Decisions\n" + f"{line}\n" * 3_000 + "\n## Questions\n- last\n"
    assert found(body)[-1] == ("question", "last")


def test_a_line_of_comments_that_never_end_is_read_in_no_time():
    text = "<!-- " * 100_000
    assert [item.text for item in items(f"## Challenges\n- a {text}\n")] == [f"a {text}".strip()]


@pytest.mark.parametrize("title", ["## Evidence", "## Quotes", "### Evidence"])
def test_a_quote_that_is_written_is_read_back_from_the_evidence_alone(title):
    told = (Quote(3, "user", 'say "no" twice'), Quote(12, "tool", "2 failed"))
    lines = "\n".join(map(render_quote, told))
    assert quotes(f'## Decisions\n\n- [t1] user: "outside"\n\n{title}\n\n{lines}\n- else [t4]\n') == told


def test_a_task_under_a_heading_of_ones_own_and_before_any_is_an_action():
    body = (
        "- [ ] Call Ann\n- No task\n\n# My day\n\n## Ship list\n\n- [x] Tag it ^a1b2c3\n- Seen\n  1. [ ] Tell Bob\n\nText\n"
        "\n### Before noon\n\n- Errands:\n  - [ ] Post the parcel\n"
    )
    assert [(one.kind, one.text, one.mark, one.block_id) for one in items(body)] == [
        ("action", "Call Ann", " ", ""),
        ("action", "Tag it", "x", "a1b2c3"),
        ("action", "Tell Bob", " ", ""),
        ("action", "Errands: Post the parcel", " ", ""),
    ]


def test_a_checklist_under_habits_is_none_of_what_was_seen_to_recur():
    body = "## Habits\n\n- [x] exercise\n- [ ] no sugar\n- We test late\n"
    assert [(one.kind, one.text) for one in items(body)] == [
        ("action", "exercise"), ("action", "no sugar"), ("pattern", "We test late"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "## Ship list\n\n```\n- [ ] in code\n```\n",
        "## Ship list\n\n<!--\n- [ ] in a comment\n-->\n\n> - [ ] in a quote\n",
        "## Context\n\n- [ ] a step of the plan\n\n### Phase one\n\n- [ ] another\n",
        '## Evidence\n\n- [t1] user: "- [ ] said"\n- [ ] quoted\n',
    ],
)
def test_no_task_in_code_or_quotes_and_none_of_a_known_section_without_items_is_an_action(body):
    assert items(body) == ()


@pytest.mark.parametrize("heading", ["Things to do", "What I don't understand yet", "What I still don't get"])
def test_headings_of_what_is_still_to_be_done_or_understood_are_known(heading):
    kind = "action" if heading == "Things to do" else "gap"
    assert [one.kind for one in items(f"## {heading}\n\n- How tabs share tokens\n")] == [kind]
