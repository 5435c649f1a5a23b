"""What a reply says of the code that it has just written is an account of the change, or nothing; never a discovery."""

import pytest

from scripts import Script
from session_journal.core.events import Event
from session_journal.core.insights import story
from session_journal.core.insights.learning import candidates
from session_journal.core.insights.prose import statements


def told(*sentences, edits=True, asked="Large files get lost on the way, please help."):
    """Tell a session with one reply of some sentences, in whose turn it changes a file."""
    script = Script()
    script.says(asked)
    turn = script.replies("\n\n".join(sentences))
    if edits:
        script.events.append(Event("edit", turn, "assistant", target="uploader.py", text="+ retries = 3", call="e"))
        script.events.append(Event("result", turn + 1, "tool", text="Applied edit to uploader.py", call="e"))
        script.turn += 1
    else:
        script.edits("notes.md")
    found = story.tell(script.session(), ())
    return [text for text, _ in found.happened], {(item.kind, item.text) for item in found.items}


FACT = "The `Uploader` already retries three times because the proxy drops idle connections"


@pytest.mark.parametrize("said", [
    "This should resolve the flaky upload of large files through the proxy.",
    "These changes should now show the retries of the `Uploader` in the status line.",
    "The functionality should remain the same for the callers of `Uploader`.",
    "Thank you for providing the output of the `Uploader` and its status line.",
    "I apologize for the mismatch between `Uploader` and its status line.",
    "If you'd like me to change the `Uploader`, you'll need to add its files to the chat.",
    "This SEARCH/REPLACE block now exactly matches the `Uploader` class and its status line.",
    "After this change to the `Uploader`, run the script again and share the output.",
    "To proceed, please add the files of the `Uploader` to the chat.",
    "Since the `Uploader` shows its status line, there's no need for a SEARCH/REPLACE block.",
    "This test case should cover the retries of the `Uploader` and its status line.",
    "If you need further assistance with the `Uploader` or its status line, feel free to ask!",
    "Is there anything else you'd like me to change in the `Uploader` or its status line?",
    "To provide more specific information on the `Uploader`, we would need to look at its files.",
    "The content you've shared appears to be the source of the `Uploader` class.",
    "This approach makes the `Uploader` more robust and its status line easier to maintain.",
    "The rest of the `Uploader` class remains the same, with its status line.",
    "With the new setting, the status line of the `Uploader` should now be complete.",
    "That's a great question about the `Uploader` and its status line.",
    "If you can share the settings of the `Uploader`, its status line can be explained.",
])  # fmt: skip
@pytest.mark.parametrize("edits", [True, False])
def test_promises_and_courtesies_are_told_nowhere(said, edits):
    happened, items = told(said, f"{FACT}.", edits=edits)
    text = " ".join([*happened, *(text for _, text in items)])
    assert said.rstrip(".") not in text
    assert FACT[4:] in text


@pytest.mark.parametrize("said", [
    "It reads the retries of the `Uploader` and puts them into the status line",
    "This ensures that the status line shows the retries of the `Uploader`",
    "After each upload, it puts the retries of the `Uploader` into the status line",
    "We'll put the retries of the `Uploader` into the status line",
    "To show the retries, we need to change the status line of the `Uploader`",
])  # fmt: skip
def test_what_points_at_the_code_above_is_told_only_where_no_code_was_written(said):
    happened, items = told(f"{said}.", f"{FACT}.")
    assert said not in " ".join([*happened, *(text for _, text in items)])
    assert ("discovery", FACT) in items


def test_a_cause_is_no_promise():
    said = "The status line of the `Uploader` stays empty because the counter should now be read after the upload"
    _, items = told(f"{said}.", f"{FACT}.")
    assert ("discovery", said) in items


def test_what_turned_out_while_code_was_written_is_a_discovery():
    said = "It turns out that the `Uploader` gives up after two retries"
    _, items = told(f"{said}.", f"{FACT}.")
    assert ("discovery", said) in items


@pytest.mark.parametrize("said", [
    "Writes the retries of the `Uploader` into the status line",
    "The status line now shows how often the `Uploader` tried",
    "We count the retries of the `Uploader` and print each failed attempt",
    "The `Uploader` class has been updated to print each failed attempt",
])  # fmt: skip
def test_what_the_code_does_is_a_change_where_it_was_written_and_a_discovery_where_it_was_read(said):
    happened, items = told(f"- {said}", f"{FACT}.")
    assert f"- {said}" in happened
    assert ("discovery", said) not in items
    _, items = told(f"- {said}", f"{FACT}.", edits=False)
    assert ("discovery", said) in items


@pytest.mark.parametrize("said", [
    "Enables a retry of the `Uploader` before its status line starts",
    "Simplifies the retries of the `Uploader` in its status line",
    "Carefully verifies that the `Uploader` retries and shows its status line",
    "Juggles the retries of the `Uploader` and its status line",
])  # fmt: skip
def test_a_list_of_what_code_does_is_of_the_change_once_there_is_one(said):
    script = Script()
    script.says("Large files get lost on the way, please help.")
    script.edits("uploader.py")
    script.replies(f"{FACT}.\n\nThat is it:\n\n- {said}")
    found = story.tell(script.session(), ())
    assert ("discovery", said) not in {(item.kind, item.text) for item in found.items}
    assert ("discovery", FACT) in {(item.kind, item.text) for item in found.items}


def test_what_code_does_is_told_with_the_file_that_it_stands_under():
    script = Script()
    script.says("Large files get lost on the way, please help.")
    script.edits("uploader.py")
    script.replies(f"{FACT}.\n\n**`net/proxy.py`:**\n\n- Drops every connection that is idle for a minute")
    items = {(item.kind, item.text) for item in story.tell(script.session(), ()).items}
    assert ("discovery", "`proxy.py` drops every connection that is idle for a minute") in items


@pytest.mark.parametrize("said", [
    "Calls of the `Uploader` are retried three times by its status line",
    "Across the retries of the `Uploader` its status line stays empty",
    "Updates to `uploader.py` reach its status line late",
])  # fmt: skip
def test_a_plural_is_no_verb(said):
    script = Script()
    script.says("Large files get lost on the way, please help.")
    script.edits("uploader.py")
    script.replies(f"It works.\n\n- {said}")
    assert ("discovery", said) in {(item.kind, item.text) for item in story.tell(script.session(), ()).items}


def test_a_thought_that_the_next_one_doubts_is_told_nowhere():
    script = Script()
    script.says("Large files get lost on the way, please help.")
    doubted, sure = (
        "The `Uploader` has an unused import of `retries`",
        "The proxy of the `Uploader` drops idle connections",
    )
    script.events.append(
        Event("thought", script.turn + 1, "assistant", text=f"{sure}. {doubted}. Wait, but that was removed.")
    )
    script.replies("It works.")
    told_of = [item.text for item in story.tell(script.session(), ()).items]
    assert doubted not in told_of
    assert sure in told_of


def test_what_was_there_before_the_change_is_a_discovery():
    _, items = told(f"{FACT}.")
    assert ("discovery", FACT) in items


def test_what_a_reply_is_about_to_do_is_no_decision_and_nothing_left_to_do():
    said = (
        "For an approach that works on Windows, we'll need to use another kind of terminal instead of `pty`.",
        "You'll also need to add an import of `retries` at the top of the `uploader.py` file:",
    )
    happened, items = told(*said, f"{FACT}.")
    text = " ".join([*happened, *(text for _, text in items)])
    assert "another kind of terminal" not in text
    assert "add an import" not in text


def test_what_a_reply_announces_is_no_discovery():
    said = "We'll need to import the `Uploader` and change how its retries are displayed"
    _, items = told(f"{said}.", f"{FACT}.", edits=False)
    assert ("discovery", said) not in items


def test_what_a_reply_does_in_its_own_code_is_no_rule():
    said = "We use `retries` with the `Uploader`, which must show its status line"
    _, items = told(f"{said}.", f"{FACT}.")
    assert ("insight", said) not in items
    _, items = told(f"{said}.", f"{FACT}.", edits=False)
    assert ("insight", said) in items


def test_what_points_at_code_that_a_conversation_shows_is_told_nowhere():
    said = "This will print each failed attempt to the terminal of `main`"
    code = "```python\nfor one in retries:\n    show(one)\n    wait()\n```"
    for shown, is_told in (("", True), (f"\n\n{code}", False)):
        script = Script()
        script.says("How can the retries be seen?")
        script.replies(f"{FACT}.\n\n{said}.{shown}")
        found = story.tell(script.session(), ())
        assert (said in [item.text for item in found.items]) is is_told
        assert FACT[4:] in " ".join(text for text, _ in found.happened)


def test_a_reminder_of_a_reply_that_names_its_occasion_is_a_rule():
    said = "Make sure with `make check` that the `Uploader` is idle before running its tests"
    _, items = told(f"{said}.", f"{FACT}.")
    assert ("insight", said) in items


def test_a_reminder_of_a_reply_is_no_rule_and_that_of_the_user_is():
    said = "Make sure to import the modules that the `Uploader` needs"
    for edits in (True, False):
        _, items = told(f"{said}.", f"{FACT}.", edits=edits)
        assert ("insight", said) not in items
    _, items = told(f"{FACT}.", asked="Show the retries. Make sure to run the tests of the uploader each time")
    assert ("insight", "Make sure to run the tests of the uploader each time") in items


def test_a_list_of_what_was_done_is_no_choice():
    done = "The changes:\n\n1. Outputs the retries as JSON\n2. Imports the uploader\n3. Replaces the word count\n"
    script = Script()
    script.says("Show the retries of the uploader")
    turn = script.replies(done)
    offered = list(script.events)
    script.events.append(Event("edit", turn, "assistant", target="uploader.py", text="+ x", call="e"))
    for events, chosen in ((offered, True), (script.events, False)):
        script.events = events
        script.says("use indent=4 on all json.dump")
        found = story.tell(script.session(), ())
        assert any(item.text.startswith("The user chose") for item in found.items) is chosen


def test_what_stands_behind_do_that_may_be_no_choice():
    script = Script()
    script.says("How do we know that a page is HTML?")
    script.replies("The header of the response tells it.")
    script.says("ok do that, rather than just guessing based on the content")
    script.edits("scrape.py")
    found = story.tell(script.session(), ())
    assert not [item for item in found.items if item.text.startswith("The user chose")]


def test_advice_to_whoever_wants_more_is_no_talk_about_the_talk():
    said = "If you want to see each retry of the `Uploader`, you can add the `-v` flag to `make upload`"
    happened, items = told(f"{said}.", f"{FACT}.", edits=False)
    assert said[3:] in " ".join([*happened, *(text for _, text in items)])


def test_a_note_on_an_approach_is_no_decision():
    said = "Note that this approach opens a new terminal for the `Uploader`"
    _, items = told(f"{said}.", f"{FACT}.", edits=False)
    assert ("discovery", said) in items


def test_what_is_expected_of_an_approach_is_no_decision():
    said = "This should resolve the error of the `Uploader`, which is better than a retry"
    happened, items = told(f"{said}.", f"{FACT}.")
    assert said not in " ".join([*happened, *(text for _, text in items)])


@pytest.mark.parametrize(
    "said",
    [
        "If it doesn't exist, you might need to add it to the `Uploader` later",
        "That's a good suggestion to improve the `Uploader` for its users on Windows",
        "This implementation successfully addresses the TODO about the retries of the `Uploader`",
        "The cache of the `Uploader` remains in its original place behind the retries",
        "It works for `<a>1</a>`, but consider `<b>2</b>` in the report of the `Uploader`",
    ],
)
@pytest.mark.parametrize("edits", [True, False])
def test_what_wants_nothing_done_is_no_open_end(said, edits):
    _, items = told(f"{said}.", f"{FACT}.", edits=edits)
    assert ("next", said) not in items


def test_what_leads_into_a_list_says_no_more_than_the_list():
    _, items = told(
        f"{FACT}. However, we could suggest some ways of retrying in the `Uploader`:\n\n- Wait", edits=False
    )
    assert not [text for kind, text in items if kind == "next"]


@pytest.mark.parametrize(
    ("lead", "is_open"),
    [
        ("Here are the main improvements:", False),
        ("Possible improvements:", True),
        ("To get around the limitations:", False),
    ],
)
def test_a_list_of_what_was_improved_leaves_nothing_open(lead, is_open):
    one = "The retries of the `Uploader` stand in one place of the settings"
    _, items = told(f"{FACT}. {lead}\n\n- {one}.\n", edits=False)
    assert (("next", one) in items) is is_open


def test_what_code_does_with_words_of_the_future_is_no_open_end():
    for one in ("Collects the retries in a list for later return", 'Adds a `title` to the "Suggested upload" dialog'):
        _, items = told(f"{FACT}. This version:\n\n- {one}.\n")
        assert ("next", one) not in items
    needed = "The retries of the `Uploader` should be tested later"
    _, items = told(f"{FACT}. Notes:\n\n- {needed}.\n")
    assert ("next", needed) in items


@pytest.mark.parametrize(
    ("title", "before"),
    [
        ("**Before (old setup):**", "Before: "),
        ("### Previously", "Before: "),
        ("Old behaviour:", "Before: "),
        ("**Before merging:**", ""),
        ("**Now:**", ""),
    ],
)
def test_what_stands_under_a_title_of_how_things_were_says_so(title, before):
    one = "Retries of the `Uploader` stood in the settings of the proxy"
    _, items = told(f"{FACT}.\n\n{title}\n\n- {one}.\n", edits=False)
    texts = [text for kind, text in items if "stood in the settings" in text]
    assert texts == [f"{before}{one[:1].lower() if before else one[:1]}{one[1:]}"]


@pytest.mark.parametrize(
    ("thought", "is_told"),
    [
        ("The `Uploader` keeps its retries in a file of its own", True),
        ("The retries are lost because the proxy restarts at night", True),
        ("The core structure of the uploading part is coming together nicely", False),
        ("The requested file `upload.md` is now created beside the others", False),
        ("The current implementation handles all retries of the `Uploader`", False),
        ("Large files are uploaded by several people of the harbour office", False),
    ],
)
def test_a_thought_of_its_own_sketch_is_no_discovery(thought, is_told):
    script = Script()
    script.says("What became of the large files?")
    script.events.append(Event("thought", script.turn + 1, "assistant", text=f"{thought}."))
    script.turn += 1
    script.runs("ls", "a.bin")
    found = story.tell(script.session(), ())
    assert (thought in [item.text for item in found.items]) is is_told


def test_a_question_of_a_reply_is_no_discovery():
    said = "What specific retries of the `Uploader` are you working on?"
    happened, items = told(f"{FACT}.", said, edits=False)
    assert not any(said[:30] in text for text in [*happened, *(text for _, text in items)])


def test_what_a_review_ticks_ranks_behind_what_it_finds():
    def score(mark, said="The `load()` contract is stated in the comment of the loader"):
        return candidates(statements(f"- {mark}{said}", 1))[0].score

    assert score("(37) ✅ ") < score("(37) ⚠️ ")
    assert score("✅ ", "Added the `load()` contract to the loader") == score(
        "", "Added the `load()` contract to the loader"
    )


@pytest.mark.parametrize(
    ("lead", "one", "told_as"),
    [
        ("These changes will:", "Import the `Retry` class of the `Uploader` module", "Imported the `Retry` class of"),
        ("This change does the following:", "A message of the `Uploader` that names each file", "A message of the"),
        (
            "Here's what the new code does:",
            "Append each lost file to the queue of the `Uploader`",
            "Appended each lost file",
        ),
        (
            "This test covers the following scenarios:",
            "Order of the files in the `Uploader` queue is right",
            "Order of",
        ),
    ],
)
def test_a_list_of_what_a_change_does_is_an_account_of_it(lead, one, told_as):
    happened, items = told(f"{FACT}.", f"{lead}\n\n- {one}.\n")
    assert not any(text.startswith(told_as[:12]) for _, text in items)
    assert told_as.lower() in " ".join(happened).lower()
    _, items = told(f"{FACT}. The files are lost for two reasons:\n\n- {one}.\n")
    assert any(kind == "discovery" and text == one for kind, text in items)


@pytest.mark.parametrize(
    ("said", "is_found_out"),
    [
        ("The default of the `Uploader` is set to three tries for each file", False),
        ("When a file of the `Uploader` is lost, its name will be shown in red", False),
        ("Large files of the `Uploader` will have a bar of their own in the list", False),
        ("The rest of the `Uploader`'s list remains largely the same for small files", False),
        ("The default of the `Uploader` was set to one try for each file", True),
        ("The list of the `Uploader` is stored twice because its cache never expires", True),
        ("The retries of the `Uploader` are already stored in the settings file", True),
    ],
)
def test_a_walk_through_the_new_code_finds_nothing_out(said, is_found_out):
    _, items = told(f"{FACT}.", f"{said}.")
    assert (("discovery", said) in items) is is_found_out
    if not is_found_out and "remains" not in said:
        assert ("discovery", said) in told(f"{FACT}.", f"{said}.", edits=False)[1]


@pytest.mark.parametrize(
    "said",
    [
        "We can use the `Retry` class to send each file of the `Uploader` again",
        "After making this change, try to run the script of the `Uploader` again",
        "You raise an excellent point, and it matters for the `Uploader` as well",
    ],
)
def test_what_is_said_on_the_way_to_the_code_is_told_nowhere(said):
    happened, items = told(f"{FACT}.", f"{said}.")
    assert said not in " ".join([*happened, *(text for _, text in items)])


def test_a_change_is_told_without_the_hope_that_it_helps():
    happened, _ = told("Removed the unused import of `Uploader`, which should resolve the error of the linter.")
    assert "Removed the unused import of `Uploader`".lower() in happened[0].lower()
    assert "resolve" not in happened[0]
