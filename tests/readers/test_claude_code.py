"""The Claude Code reader, on samples that are true to the format."""

import io
import json
from pathlib import Path

import pytest

from session_journal.errors import TranscriptError
from session_journal.readers import claude_code, read_transcript, recognise

SAMPLES = Path(__file__).parent / "samples"


def read(name):
    with (SAMPLES / name).open("rb") as stream:
        (session,) = read_transcript(stream, name)
    return session


def lines(*records):
    return io.BytesIO("\n".join(json.dumps(record) for record in records).encode())


def of(*records):
    (session,) = read_transcript(lines(*records), "x.jsonl")
    return session


def record(kind, content, **more):
    role = {"message": {"role": kind, "content": content, **more.pop("message", {})}}
    return {"parentUuid": None, "isSidechain": False, "cwd": "/w/cli", "sessionId": "s", "type": kind, **role, **more}


def result(call, content, **more):
    block = {"type": "tool_result", "tool_use_id": call, "content": content, **more.pop("block", {})}
    return record("user", [block], **more)


def use(call, name, **given):
    return record("assistant", [{"type": "tool_use", "id": call, "name": name, "input": given}])


def kinds(session):
    return [event.kind for event in session.events]


@pytest.fixture(scope="module")
def rounding():
    return read("claude_code_rounding.jsonl")


def test_the_facts_of_a_session(rounding):
    assert rounding.id == "5b1f0c52-7c1e-4b7e-9c53-0f3f6a1d2e44"
    assert (rounding.cwd, rounding.branch) == ("/home/mira/code/tidepool", "fix/rounding")
    assert (rounding.model, rounding.version) == ("claude-sonnet-4-5-20250929", "2.1.150")
    assert rounding.title == "Make rounding of tide heights consistent"
    assert rounding.links == ("https://example.org/mira/tidepool/pull/7",)
    assert rounding.skipped == 0
    assert rounding.started < rounding.ended


def test_the_user_is_heard_without_wrappers_and_injected_context(rounding):
    said = [event.text for event in rounding.events if event.kind == "prompt" and event.role == "user"]
    assert said == [
        "/clear",
        "The tide table shows 2.35 m as 2.4 in one place and 2.3 in the other. Please make rounding consistent.",
        "we never use Decimal in the hot path, use integer centimetres instead",
        "great, commit it",
    ]


def test_one_message_over_several_lines_is_one_turn(rounding):
    first = next(event for event in rounding.events if event.kind == "thought")
    same = [event.kind for event in rounding.events if event.turn == first.turn]
    assert same == ["thought", "reply", "read", "search"]


def test_the_results_of_one_message_are_one_turn_and_every_turn_has_one_role(rounding):
    results = [event for event in rounding.events if event.kind == "result"]
    assert results[0].turn == results[1].turn
    roles = {}
    for event in rounding.events:
        assert roles.setdefault(event.turn, event.role) == event.role


def test_exit_codes_come_from_the_text_or_from_a_call_that_worked(rounding):
    codes = [event.exit_code for event in rounding.events if event.exit_code is not None]
    assert codes == [1, 0, 0]


def test_paths_are_relative_to_the_project(rounding):
    edited = [event.target for event in rounding.events if event.kind == "edit"]
    assert edited == ["tides/format.py", "tides/format.py", "tides/units.py"]


def test_an_edit_tells_old_and_new(rounding):
    edit = [event for event in rounding.events if event.kind == "edit"][1]
    assert edit.text == "-     return f'{height:.1f}'\n+     return tenth(round(height * 100))"


def test_a_sub_agent_is_not_the_user(rounding):
    agents = [(event.kind, event.role) for event in rounding.events if event.agent == "a7"]
    assert agents == [("prompt", "assistant"), ("reply", "assistant")]


def test_a_truncated_file_gives_everything_up_to_the_tear(rounding):
    session = read("claude_code_truncated.jsonl")
    assert session.skipped == 1
    assert session.events == rounding.events[: len(session.events)]
    assert len(session.events) > 20


def test_hostile_lines_are_skipped_and_counted_and_what_is_readable_is_read():
    session = read("claude_code_hostile.jsonl")
    said = [event.text for event in session.events if event.kind == "prompt"]
    assert said[1:] == ["half a pair \ufffd and", "still here"]
    assert said[0].startswith("The tide table")
    assert session.skipped == 7


def test_two_objects_on_one_line_are_both_read():
    first, second = record("user", "one", uuid="1"), record("user", "two", uuid="2")
    stream = io.BytesIO((json.dumps(first) + json.dumps(second) + "\n").encode())
    (session,) = read_transcript(stream, "x")
    assert [event.text for event in session.events] == ["one", "two"]
    assert session.skipped == 0


def test_a_fork_that_replays_messages_counts_them_once():
    once = record("user", "hello", uuid="1")
    assert kinds(of(once, {**once, "sessionId": "other"})) == ["prompt"]


def test_meta_lines_and_skill_texts_are_nobody_speaking():
    assert kinds(of(record("user", "real"), record("user", "Base directory for this skill: x", isMeta=True))) == [
        "prompt"
    ]


def test_a_compaction_carries_its_summary():
    boundary = {"type": "system", "subtype": "compact_boundary", "sessionId": "s"}
    session = of(record("user", "a"), boundary, record("user", "Summary: all of it", isCompactSummary=True))
    assert kinds(session) == ["prompt", "compaction"]
    assert session.events[1].text == "Summary: all of it"


def test_a_refusal_without_a_reason_is_an_interruption():
    text = "The user doesn't want to proceed with this tool use. STOP what you are doing and wait for the user."
    session = of(use("1", "Bash", command="ls"), result("1", text, block={"is_error": True}))
    assert kinds(session) == ["command", "error", "interruption"]


def test_an_interruption_is_no_prompt():
    session = of(record("user", "go"), record("user", [{"type": "text", "text": "[Request interrupted by user]"}]))
    assert kinds(session) == ["prompt", "interruption"]


def test_answers_to_questions_are_the_user_speaking():
    session = of(
        use("1", "AskUserQuestion", questions=[]),
        result("1", "User has answered", toolUseResult={"answers": {"Which store?": "SQLite"}}),
    )
    assert session.events[-1].kind == "prompt"
    assert session.events[-1].text == "Which store? → SQLite"


def test_todo_lists_and_tasks_are_plans_with_done_steps_marked():
    session = of(
        use("1", "TodoWrite", todos=[{"content": "a", "status": "completed"}, {"content": "b", "status": "pending"}]),
        use("2", "TaskCreate", subject="c"),
        use("3", "TaskUpdate", taskId="1", status="completed"),
    )
    assert [event.text for event in session.events] == ["[x] a\nb", "c", "[x] c"]
    assert set(kinds(session)) == {"plan"}


def test_a_step_that_was_called_off_is_on_the_list_no_longer():
    todos = [{"content": "a", "status": "completed"}, {"content": "b", "status": "cancelled"}]
    session = of(
        use("1", "TodoWrite", todos=todos),
        use("2", "TaskCreate", subject="c"),
        use("3", "TaskUpdate", taskId="1", status="deleted"),
    )
    assert [event.text for event in session.events] == ["[x] a", "c", ""]


def test_what_was_queued_and_delivered_at_once_is_said_once():
    queue = {"type": "queue-operation", "sessionId": "s"}
    session = of(
        record("user", "start"),
        {**queue, "operation": "enqueue", "content": "does it fail locally?"},
        {**queue, "operation": "remove"},
        {"type": "attachment", "attachment": {"type": "queued_command", "prompt": "does it fail locally?"}},
        {**queue, "operation": "enqueue", "content": "and commit"},
        {**queue, "operation": "dequeue"},
        record("user", "and commit"),
    )
    assert [event.text for event in session.events] == ["start", "does it fail locally?", "and commit"]


def test_a_summary_of_another_session_is_no_title():
    session = of(record("user", "a", uuid="1"), {"type": "summary", "summary": "Other", "leafUuid": "elsewhere"})
    assert session.title == ""
    session = of(record("user", "a", uuid="1"), {"type": "summary", "summary": "Mine", "leafUuid": "1"})
    assert session.title == "Mine"


def test_files_of_sub_agents_join_their_session_in_order_of_time():
    main = lines(
        record("user", "go", timestamp="2026-11-18T09:00:00Z"), record("user", "on", timestamp="2026-11-18T09:10:00Z")
    )
    part = lines(record("assistant", [{"type": "text", "text": "found"}], timestamp="2026-11-18T09:05:00Z"))
    (session,) = read_transcript(main, "x", [("a1", part)])
    assert [(event.text, event.agent) for event in session.events] == [("go", ""), ("found", "a1"), ("on", "")]


def test_another_checkout_of_the_project_is_inside_and_a_folder_visited_is_not():
    session = of(
        record("user", "a", cwd="/home/a/cli"),
        record("user", "b", cwd="/home/b/work/cli"),
        record("user", "c", cwd="/home/a/other"),
        use("1", "Read", file_path="/home/b/work/cli/x.go"),
        use("2", "Read", file_path="/home/a/other/y.go"),
    )
    assert [event.target for event in session.events if event.kind == "read"] == ["x.go", "/home/a/other/y.go"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\0" * 100, b"hello\n", b'{"role":"user"}\n', b"[]\n"])
def test_nothing_readable_is_an_error_with_a_hint(data):
    with pytest.raises(TranscriptError) as caught:
        next(read_transcript(io.BytesIO(data), "notes.txt"))
    assert "notes.txt" in caught.value.message
    assert caught.value.hint


def test_records_without_any_event_are_a_session_in_which_nothing_happened():
    (session,) = read_transcript(lines({"type": "mode", "sessionId": "s"}), "x")
    assert (session.id, session.events) == ("s", ())


def test_a_file_of_which_nothing_is_understood_is_an_error():
    with pytest.raises(TranscriptError, match="nothing in this transcript"):
        next(read_transcript(io.BytesIO(b'{"isSidechain": "sessionId" torn'), "x"))


def test_a_line_whose_type_is_no_text_is_of_no_known_format():
    for kind in ([], {}, None, 7):
        assert recognise(json.dumps({"type": kind, "uuid": "1"}).encode()) is None


def test_other_formats_are_not_taken_for_claude_code():
    gemini = b'{"id":"1","timestamp":"2026","type":"user","content":"hi"}\n'
    codex = b'{"timestamp":"2026-01-01T00:00:00Z","type":"session_meta","payload":{"id":"x"}}\n'
    assert not claude_code.recognises(gemini)
    assert not claude_code.recognises(codex)


def test_a_line_that_is_longer_than_the_head_is_recognised_and_read():
    big = record("user", [{"type": "tool_result", "tool_use_id": "1", "content": "x" * 600_000}])
    session = of(big, record("user", "after"))
    assert [event.text for event in session.events if event.kind == "prompt"] == ["after"]
    assert len(session.events[0].text) < 20_000


def test_of_a_very_long_line_the_images_are_cut_and_the_rest_is_read():
    image = {"type": "image", "source": {"type": "base64", "data": "A" * 5_000_000}}
    session = of(record("user", "before"), record("user", [image, {"type": "text", "text": "and this"}]))
    assert [event.text for event in session.events] == ["before", "and this"]
    assert session.skipped == 0


def test_a_line_that_is_too_long_even_so_is_passed_over_and_counted():
    session = of(record("user", "before"), record("user", "x", numbers=list(range(500_000))), record("user", "after"))
    assert [event.text for event in session.events] == ["before", "after"]
    assert session.skipped == 1


def test_a_private_part_of_a_long_line_stays_private():
    text = "open <private>" + "secret " * 500_000 + "</private> closed"
    session = of(record("user", [{"type": "tool_result", "tool_use_id": "1", "content": text}]))
    assert [event.text for event in session.events] == ["open"]


def test_a_sub_agents_file_given_alone_is_not_the_user_speaking():
    session = of(record("user", "look it up", isSidechain=True, agentId="a7"))
    assert [(event.kind, event.role, event.agent) for event in session.events] == [("prompt", "assistant", "a7")]


@pytest.mark.parametrize("kind", ["peer", "coordinator", "task-notification", "channel", "scheduled-trigger"])
def test_what_another_agent_or_a_task_wrote_is_not_the_user(kind):
    origin = {"origin": {"kind": kind}}
    queued = {"type": "attachment", "attachment": {"type": "queued_command", "prompt": "done", **origin}}
    session = of(record("user", "report: all done", **origin), queued, record("user", "go", origin={"kind": "human"}))
    assert [event.text for event in session.events] == ["go"]


def test_every_real_transcript_is_read(shared_data):
    for path in sorted((shared_data / "claude-code").glob("*.jsonl")):
        with path.open("rb") as stream:
            (session,) = read_transcript(stream, path.name)
        assert session.events
        assert session.skipped == 0
        assert {event.turn for event in session.events} == set(range(1, max(e.turn for e in session.events) + 1))
        roles = {}
        for event in session.events:
            assert roles.setdefault(event.turn, event.role) == event.role


def test_a_session_that_goes_on_holds_all_messages_of_its_beginning(shared_data):
    def uuids(name):
        with (shared_data / "claude-code" / f"{name}.jsonl").open("rb") as stream:
            return next(read_transcript(stream, name)).uuids

    assert uuids("d0161e0df1cb1") < uuids("6f6952dcc8890")


@pytest.mark.parametrize("wrong", [["text"], {"a": 1}, None, 7])
def test_a_type_that_is_no_text_never_raises(wrong):
    odd = [{"type": wrong, "text": "x"}]
    session = of(
        {**record("user", "odd"), "type": wrong}, record("user", odd), record("assistant", odd), record("user", "hi")
    )
    assert [event.text for event in session.events if event.kind == "prompt"][-1] == "hi"


def test_what_is_private_stays_out_wherever_it_stands():
    secret = "<private>hunter2</private>"
    session = of(
        record("user", f"a {secret}"),
        record("assistant", [{"type": "text", "text": f"b {secret}"}, {"type": "thinking", "thinking": secret}]),
        use("1", "Bash", command=f"echo {secret}", description=secret),
        result("1", f"said {secret}"),
        use("2", "Edit", file_path="/w/cli/a", old_string=secret, new_string=secret),
        use("3", "Some", value=secret),
        use("4", "Grep", pattern=secret),
        use("5", "TodoWrite", todos=[{"content": f"x {secret}", "status": "pending"}]),
        use("6", "TaskCreate", subject=f"x {secret}"),
        use("7", "Task", prompt=secret, description=secret),
        record("user", f"Summary {secret}", isCompactSummary=True),
        {"type": "system", "subtype": "api_error", "error": {"message": secret}, "sessionId": "s"},
        {"type": "ai-title", "aiTitle": f"t {secret}", "sessionId": "s"},
        {"type": "queue-operation", "operation": "enqueue", "content": f"q {secret}", "sessionId": "s"},
    )
    assert "hunter2" not in repr(session)


def test_a_number_of_any_length_stands_where_an_exit_code_does():
    session = of(use("1", "Bash", command="x"), result("1", "Exit code " + "9" * 6_000, block={"is_error": True}))
    assert session.events[-1].exit_code is None


def test_a_queued_prompt_can_be_a_list_of_blocks_and_is_taken_out_by_its_name():
    def queue(operation, content):
        return {"type": "queue-operation", "operation": operation, "sessionId": "s", "content": content}

    blocks = [{"type": "text", "text": "second"}]
    session = of(
        queue("enqueue", "first"), queue("enqueue", blocks), queue("remove", blocks), queue("remove", "first"),
        queue("remove", "third"),
    )  # fmt: skip
    assert [event.text for event in session.events if event.kind == "prompt"] == ["second", "first", "third"]


def test_the_older_name_of_a_tool_is_known():
    session = of(use("t", "exit_plan_mode", plan="first this"))
    assert [(event.kind, event.text) for event in session.events] == [("plan", "first this")]


def test_a_notice_in_the_queue_takes_no_prompt_out_of_it():
    def queue(operation, **more):
        return {"type": "queue-operation", "operation": operation, "sessionId": "s", **more}

    notice = "<task-notification>done</task-notification>"
    session = of(
        queue("enqueue", content=notice), queue("enqueue", content="and the tests"), queue("remove", content=notice),
        queue("remove"), queue("enqueue", content=notice), queue("remove"),
    )  # fmt: skip
    assert [event.text for event in session.events] == ["and the tests"]


def test_a_refused_call_that_is_told_as_an_interruption_too_is_one():
    refused = "The user doesn't want to proceed with this tool use. The tool use was rejected."
    session = of(
        use("t", "Bash", command="ls"),
        result("t", refused, block={"is_error": True}),
        record("user", [{"type": "text", "text": "[Request interrupted by user for tool use]"}]),
    )
    assert kinds(session) == ["command", "error", "interruption"]


@pytest.mark.parametrize("name", ["teammate-message", "bash-notification"])
def test_a_message_of_a_teammate_or_a_shell_is_nobody_speaking(name):
    raw = f'<{name} teammate_id="lead">do the thing</{name}>'
    session = of(record("user", raw), record("user", "and the tests"))
    assert [event.text for event in session.events] == ["and the tests"]


def test_a_quoted_message_of_a_teammate_leaves_the_prompt_whole():
    raw = "<teammate-message> is what I see. Why?"
    assert [event.text for event in of(record("user", raw)).events] == [raw]
