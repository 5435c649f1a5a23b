"""Code mode of Codex: a script's commands and edits are told one by one, once, with the codes that are reported."""

import io
import json

import pytest

from session_journal import readers

DONE = "Script completed\nWall time 0.2 seconds\nOutput:\n"
PATCH = "*** Begin Patch\n*** Update File: tide/round.py\n@@\n-low\n+high\n*** End Patch"


def of(*lines):
    meta = line("session_meta", id="s", cwd="/w/tidepool", cli_version="0.146.0")
    data = "\n".join(map(json.dumps, [meta, *lines])).encode()
    (session,) = readers.read_transcript(io.BytesIO(data), "rollout.jsonl")
    return session


def line(kind, **payload):
    return {"timestamp": "2026-11-18T09:00:00.000Z", "type": kind, "payload": payload}


def script(source, call="c1"):
    return line("response_item", type="custom_tool_call", name="exec", call_id=call, input=source)


def output(*texts, call="c1", kind="custom_tool_call_output"):
    blocks = [{"type": "input_text", "text": text} for text in texts]
    return line("response_item", type=kind, call_id=call, output=blocks)


def ended(command, code, text=""):
    item = {
        "type": "CommandExecution", "id": "exec-1", "command": ["/bin/zsh", "-lc", command], "cwd": "file:///w/tidepool",
        "status": "failed" if code else "completed", "exit_code": code, "aggregated_output": text,
    }  # fmt: skip
    return line("event_msg", type="item_completed", item=item)


def told(session):
    return [(one.kind, one.target or one.text, one.exit_code) for one in session.events]


def test_a_command_in_a_script_is_a_command():
    session = of(
        script('const r = await tools.exec_command({cmd:"make test","workdir":"/w/tidepool"});\ntext(r.output);'),
        output(DONE, "2 passed\n"),
    )
    assert told(session) == [("command", "make test", None), ("result", "2 passed", None)]
    assert session.events[1].call == session.events[0].call


def test_the_result_that_a_script_hands_on_tells_the_exit_code():
    session = of(
        script('text(await tools.exec_command({cmd:"make"}))'),
        output(DONE, json.dumps({"chunk_id": "a", "exit_code": 2, "output": "no rule"})),
    )
    assert told(session) == [("command", "make", None), ("error", "no rule", 2)]


@pytest.mark.parametrize("as_list", [True, False])
def test_each_command_of_a_script_has_its_own_result(as_list):
    reports = [{"exit_code": 0, "output": "one"}, {"exit_code": 1, "output": "two"}]
    texts = [json.dumps(reports)] if as_list else [json.dumps(one) for one in reports]
    session = of(
        script('text(await Promise.all([tools.exec_command({cmd:"a"}), tools.exec_command({cmd:"b"})]))'),
        output(DONE, *texts),
    )
    assert told(session) == [("command", "a", None), ("command", "b", None), ("result", "one", 0), ("error", "two", 1)]
    calls = [one.call for one in session.events]
    assert calls[:2] == calls[2:]
    assert calls[0] != calls[1]


def test_an_output_that_names_no_command_gives_no_code():
    session = of(
        script('const r = await Promise.all([tools.exec_command({cmd:"a"}), tools.exec_command({cmd:"b"})]); text(r)'),
        output(DONE, json.dumps({"exit_code": 0, "output": "one"})),
    )
    assert [one.exit_code for one in session.events] == [None] * 4


@pytest.mark.parametrize("first", ["event", "output"])
def test_an_event_that_tells_a_scripts_command_again_only_adds_its_code(first):
    both = [ended("make", 2, "no rule"), output(DONE, "no rule")]
    session = of(
        script('const r = await tools.exec_command({cmd:"make"}); text(r.output)'),
        *(both if first == "event" else both[::-1]),
    )
    assert [one.target for one in session.events if one.kind == "command"] == ["make"]
    assert [one.exit_code for one in session.events][-1] == 2


def test_a_command_that_only_an_event_tells_stays_told():
    session = of(script("for (const c of all) await tools.exec_command({cmd: c})"), ended("ls", 0, "a"), output(DONE))
    assert [(kind, target) for kind, target, _ in told(session) if kind in {"command", "tool"}] == [
        ("tool", "exec"), ("command", "ls"),
    ]  # fmt: skip


@pytest.mark.parametrize("again", [True, False])
def test_a_patch_in_a_script_is_an_edit_told_once(again):
    change = {"type": "update", "unified_diff": "@@ -1 +1 @@\n-low\n+high\n", "move_path": None}
    event = line(
        "event_msg", type="patch_apply_end", call_id="exec-2", success=True, stdout="Done",
        changes={"/w/tidepool/tide/round.py": change},
    )  # fmt: skip
    source = f"const patch = {json.dumps(PATCH)};\ntext(await tools.apply_patch(patch));"
    session = of(script(source), *([event] if again else []), output(DONE, "{}"))
    assert told(session) == [("edit", "tide/round.py", None), ("result", "", None)]
    assert session.events[0].text == "- low\n+ high"


def test_a_patch_that_was_not_applied_is_an_error():
    event = line(
        "event_msg", type="patch_apply_end", call_id="exec-2", success=False, stderr="no such lines",
        changes={"/w/tidepool/tide/round.py": {"type": "update", "unified_diff": ""}},
    )  # fmt: skip
    source = f"text(await tools.apply_patch({json.dumps(PATCH)}));"
    failed = output("Script failed\nWall time 0.1 seconds\nError:\n", "no such lines")
    for lines in ([event, failed], [failed]):
        assert [one.kind for one in of(script(source), *lines).events][:2] == ["edit", "error"]


def test_what_is_waited_for_is_the_scripts_own_result():
    wait = line("response_item", type="function_call", name="wait", call_id="c2", arguments='{"cell_id":"28"}')
    session = of(
        script('text(await tools.exec_command({cmd:"make"}))'),
        output("Script running with cell ID 28\nWall time 10.0 seconds\nOutput:\n"),
        wait,
        output(DONE, '{"exit_code":0,"output":"made"}', call="c2", kind="function_call_output"),
    )
    assert told(session) == [("command", "make", None), ("result", "", None), ("result", "made", 0)]


def test_a_process_that_a_later_script_looks_after_gets_its_code_there():
    session = of(
        script('text(await tools.exec_command({cmd:"make"}))'),
        output(DONE, '{"session_id":4711,"output":"building"}'),
        script('text(await tools.write_stdin({session_id:4711,chars:""}))', "c2"),
        output(DONE, '{"exit_code":0,"output":"made"}', call="c2"),
    )
    assert told(session) == [("command", "make", None), ("result", "building", None), ("result", "made", 0)]


def test_searches_plans_and_other_tools_of_scripts_are_what_they_are():
    session = of(
        script('await tools.web__run({search_query:[{q:"tide tables"}]}); await tools.update_plan({plan:[{step:"go",status:"completed"}]}); await tools.mcp__sea__depth({at:1})'),
        line("event_msg", type="mcp_tool_call_end", call_id="x", invocation={"server": "sea", "tool": "depth", "arguments": {}}, result={"Ok": {}}),
        output(DONE, "found"),
    )  # fmt: skip
    assert [(kind, target) for kind, target, _ in told(session)][:3] == [
        ("search", "tide tables"), ("plan", "todo"), ("tool", "mcp__sea__depth"),
    ]  # fmt: skip
    assert sum(one.kind == "tool" for one in session.events) == 1


def test_a_tool_may_be_named_with_its_namespace():
    call = line(
        "response_item", type="function_call", name="functions.exec_command", call_id="c", arguments='{"cmd":"ls"}'
    )
    assert told(of(call)) == [("command", "ls", None)]
