"""The other side of a Codex rollout: events, which repeat what the items say, and tell some things alone."""

from __future__ import annotations

from collections.abc import Callable

from session_journal.core.events import REMOVED
from session_journal.core.text import clean, clip, fold
from session_journal.readers.codex_calls import acts_of, edits_of, search_of
from session_journal.readers.codex_code import claimed
from session_journal.readers.codex_state import State
from session_journal.readers.codex_text import output_of, user_text
from session_journal.readers.fields import Record, blocks, string
from session_journal.readers.keeping import RESULT_LIMIT
from session_journal.readers.patches import Change
from session_journal.readers.recorder import Act, Output

Handler = Callable[[State, Record], None]

_NOT_STOPPED = frozenset({"replaced", "review_ended"})
_CONTEXT = frozenset({"environment_context", "user_instructions"})


def take_event(state: State, payload: Record) -> None:
    """Add what an event tells that nothing else does."""
    handle = _EVENTS.get(string(payload, "type"))
    if handle is not None:
        handle(state, payload)


def _user_message(state: State, payload: Record) -> None:
    if string(payload, "kind") not in _CONTEXT:
        state.say("prompt", "user", user_text(string(payload, "message"), typed=True).strip(), "event")


def _agent_message(state: State, payload: Record) -> None:
    state.say("reply", "assistant", string(payload, "message"), "event")


def _reasoning(state: State, payload: Record) -> None:
    state.say("thought", "assistant", string(payload, "text"), "event")


def _turn(state: State, payload: Record) -> None:
    if string(payload, "turn_id"):
        state.is_known(string(payload, "turn_id"))
    state.say("reply", "assistant", string(payload, "last_agent_message"), "last")
    _error(state, payload)


def _aborted(state: State, payload: Record) -> None:
    if string(payload, "reason") not in _NOT_STOPPED:
        state.interrupt("interrupted")


def _compacted(state: State, payload: Record) -> None:  # noqa: ARG001
    state.compact("", state.agent)


def _error(state: State, payload: Record) -> None:
    text = string(payload, "message") or string(payload.get("error"), "message")
    if text and not state.is_echo("error", text, string(payload, "type")):
        state.fail(text)


def _title(state: State, payload: Record) -> None:
    if string(payload, "thread_name"):
        state.facts["title"] = fold(clean(string(payload, "thread_name")))


def _command_ended(state: State, payload: Record) -> None:
    """Add a command's exit code, and the command itself where no item has told of it."""
    call = string(payload, "call_id") or string(payload, "id")
    code = payload.get("exit_code")
    code = code if isinstance(code, int) and not isinstance(code, bool) else None
    output = string(payload, "aggregated_output") or string(payload, "stdout") + string(payload, "stderr")
    ended = Output(output, code, failed=code not in {0, None})
    if state.calls.get(call) is None:
        own = string(payload, "source") in {"user_shell", "userShell"}
        acts = list(acts_of("shell", payload))
        names = claimed(state, acts)
        if names and code is not None:
            state.settle(ended, code, names[0])
        if names:
            return
        if own and any(state.is_echo("command", act.target, "event") for act in acts):
            return
        for act in acts:
            state.act(act, call, "user" if own else "assistant")
        state.answer(ended, call)
    elif code is not None:
        state.settle(ended, code, call)


def _patched(state: State, payload: Record) -> None:
    """Add the edits of a patch that no item has told of."""
    call = string(payload, "call_id") or string(payload, "id")
    changed = payload.get("changes")
    if state.calls.get(call) is not None or not isinstance(changed, dict):
        return
    failed = payload.get("success") is False or string(payload, "status") in {"failed", "declined"}
    text = string(payload, "stderr") if failed else string(payload, "stdout")
    acts = list(edits_of([_change(path, change) for path, change in changed.items()]))
    names = claimed(state, acts)
    for name in names if failed else ():
        state.answer(Output(text, failed=True), name)
    if names:
        return
    for act in acts:
        state.act(act, call)
    state.answer(Output(text, failed=failed), call)


def _change(path: str, change: object) -> Change:
    """Return one changed file; its diff's lines without their frame."""
    if string(change, "type") == "delete":
        return Change(path, REMOVED)
    unified = string(change, "unified_diff") or string(change, "diff")
    lines = [line for line in unified.splitlines() if line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"}]
    text = "\n".join(f"{line[0]} {line[1:]}" for line in lines)
    added = "\n".join(f"+ {line}" for line in string(change, "content").splitlines())
    return Change(string(change, "move_path") or path, clip(text or added, RESULT_LIMIT))


def _tool_ended(state: State, payload: Record) -> None:
    """Add the call of a server's tool that no item has told of."""
    call = string(payload, "call_id") or string(payload, "id")
    invocation = payload.get("invocation")
    told = invocation if isinstance(invocation, dict) else payload
    if state.calls.get(call) is not None or not string(told, "tool"):
        return
    if claimed(state, [Act("tool", f"mcp__{string(told, 'server')}__{string(told, 'tool')}")]):
        return
    given = told.get("arguments")
    for act in acts_of(f"{string(told, 'server')}.{string(told, 'tool')}", given if isinstance(given, dict) else {}):
        state.act(act, call)
    result = payload.get("result")
    result = result.get("Ok", result) if isinstance(result, dict) else None
    failed = result is None or (isinstance(result, dict) and (result.get("isError") is True or "Err" in result))
    text = output_of(result).text if isinstance(result, dict) else ""
    state.answer(Output(text, failed=failed), call)


def _searched(state: State, payload: Record) -> None:
    action = payload.get("action")
    act = search_of(action if isinstance(action, dict) else payload)
    target = act.target or string(payload, "query")
    if target and not state.is_echo("search", target, "event"):
        state.act(Act("search", target, act.text), "")


def _item(state: State, payload: Record) -> None:
    item = payload.get("item")
    handle = _ITEMS.get(string(item, "type"))
    if handle is not None and isinstance(item, dict):
        handle(state, item)


def _said(item: Record) -> str:
    return "\n\n".join(string(block, "text") for block in blocks(item.get("content")) if string(block, "text"))


def _user_item(state: State, item: Record) -> None:
    state.say("prompt", "user", user_text(_said(item), typed=True).strip(), "done")


def _agent_item(state: State, item: Record) -> None:
    state.say("reply", "assistant", _said(item), "done")


def _reasoning_item(state: State, item: Record) -> None:
    for key in ("summary_text", "raw_content"):
        value = item.get(key)
        for text in value if isinstance(value, list) else ():
            if isinstance(text, str):
                state.say("thought", "assistant", text, "done")


def _plan_item(state: State, item: Record) -> None:
    text = clip(clean(string(item, "text")), RESULT_LIMIT)
    if text:
        state.act(Act("plan", "plan", text), "")


_EVENTS: dict[str, Handler] = {
    "user_message": _user_message,
    "agent_message": _agent_message,
    "agent_reasoning": _reasoning,
    "agent_reasoning_raw_content": _reasoning,
    "task_started": _turn,
    "turn_started": _turn,
    "task_complete": _turn,
    "turn_complete": _turn,
    "turn_aborted": _aborted,
    "context_compacted": _compacted,
    "error": _error,
    "thread_name_updated": _title,
    "exec_command_end": _command_ended,
    "patch_apply_end": _patched,
    "mcp_tool_call_end": _tool_ended,
    "web_search_end": _searched,
    "item_completed": _item,
}
_ITEMS: dict[str, Handler] = {
    "UserMessage": _user_item,
    "AgentMessage": _agent_item,
    "Reasoning": _reasoning_item,
    "Plan": _plan_item,
    "CommandExecution": _command_ended,
    "FileChange": _patched,
    "McpToolCall": _tool_ended,
    "WebSearch": _searched,
    "Extension": _searched,
    "ContextCompaction": _compacted,
}
