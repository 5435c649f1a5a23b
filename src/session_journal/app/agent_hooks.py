"""The hooks of AI agents: put into the agent's settings, taken out again, and told how they stand.

The settings are their user's. Nothing is added there but by `install`; what a person took out or turned off stays so.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from session_journal.agents import HookEdits, HookTool, Host, hook_tools
from session_journal.app.git_hooks import HookState
from session_journal.app.program import find_program
from session_journal.core.hook_command import is_ours, program_of
from session_journal.core.records import record
from session_journal.core.settings_edit import Node, NotJsonError, append, find, parse, remove, replace
from session_journal.errors import JournalError, NotFoundError
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.foreign import drop_backup, read_foreign, remove_foreign, replace_foreign
from session_journal.store.places import state_dir

_NEW = "{}\n"

Place = tuple[str, int, int]
"""Where a hook stands: its event, and its indexes in the event's array and in its group."""


@record(frozen=True, slots=True)
class Edit:
    """A settings file before and after (None: there is none)."""

    path: str
    old: str | None
    new: str | None

    @property
    def diff(self) -> str:
        """Return the edit as a unified diff, "" where nothing changes."""
        old, new = ((text or "").replace("\r\n", "\n").splitlines(keepends=True) for text in (self.old, self.new))
        lines = difflib.unified_diff(old, new, self.path, self.path)
        return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


@record(frozen=True, slots=True)
class _Manifest:
    """What we wrote into one settings file. made: the keys that were not there before, "" for the file itself."""

    commands: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    made: frozenset[str] = field(default=frozenset())


def find_tool(name: str) -> HookTool:
    """Return the module of hooks of one agent."""
    return next(tool for tool in hook_tools() if name == tool.NAME)


def install(tool: HookTool, host: Host, env: Mapping[str, str], *, dry_run: bool = False) -> Edit | None:
    """Put an agent's hooks in place, or bring them up to date; return what changed, None where nothing had to."""
    edits = tool.edits(host, _program())
    old = _read(edits.path, f"journal hooks install {tool.NAME}", look_only=dry_run)
    manifest = _load(env, tool, edits.path)
    text = _NEW if old is None else old
    text, made = _with_hooks(tool, edits, text, manifest)
    if text == old:
        return None
    if not dry_run:
        kept = {"path": edits.path, "commands": [*dict.fromkeys([*manifest.commands, edits.command])]}
        kept |= {"events": [*edits.groups], "made": sorted({*manifest.made, *made, *([""] if old is None else [])})}
        _replace(edits.path, old, text, _manifest_path(env, tool, edits.path), kept)
    return Edit(edits.path, old, text)


def _with_hooks(tool: HookTool, edits: HookEdits, text: str, manifest: _Manifest) -> tuple[str, list[str]]:
    """Return the settings with every hook in them, and the keys that had to be made."""
    made: list[str] = []
    root = _parse(edits.path, text, f"journal hooks install {tool.NAME}", edits.groups)
    present = list(_ours(root, tool.NAME, manifest))
    for place, command in present:
        if not _runs(command, tool.NAME):  # the program has moved
            text = replace(text, _path(place), edits.command)
    for event in edits.groups.keys() - {place[0] for place, _ in present}:
        made += [key for key in ("hooks", f"hooks.{event}") if find(parse(text), key.split(".")) is None]
    for event, group in edits.groups.items():
        if all(place[0] != event for place, _ in present):
            text = append(text, ("hooks", event), group)
    return text, made


def _replace(path: str, old: str | None, new: str, manifest: str, kept: Mapping[str, object]) -> None:
    """Write the settings and what was written; where there is no room for the one, the other is not changed either."""
    before = read_bytes(manifest)
    write_atomic(manifest, json.dumps(kept, indent=2).encode())
    try:
        replace_foreign(path, None if old is None else old.encode(), new.encode())
    except BaseException:
        if before is None:
            remove_if_there(manifest)
        else:
            write_atomic(manifest, before)
        raise


def uninstall(tool: HookTool, host: Host, env: Mapping[str, str], *, dry_run: bool = False) -> Edit | None:
    """Take our hooks out of an agent's settings, and nothing else; return what changed, None where there were none."""
    path, again = _settings(tool, host), f"journal hooks uninstall {tool.NAME}"
    old, manifest = _read(path, again, look_only=dry_run), _load(env, tool, path)
    if old is None:
        return None
    text = old
    for place, _ in reversed(list(_ours(_parse(path, old, again), tool.NAME, manifest))):
        text = _take_out(text, place, manifest)
    if text == old:
        return None
    gone = "" in manifest.made and _is_empty(text, ())
    if not dry_run:
        if gone:
            remove_foreign(path, old.encode())
        else:
            replace_foreign(path, old.encode(), text.encode())
            drop_backup(path)
        remove_if_there(_manifest_path(env, tool, path))
    return Edit(path, old, None if gone else text)


def status(tool: HookTool, host: Host, env: Mapping[str, str]) -> list[HookState]:
    """Tell for each hook of an agent whether it runs, as far as the settings say."""
    path, again = _settings(tool, host), f"journal hooks install {tool.NAME}"
    events, manifest = list(tool.edits(host, "journal").groups), _load(env, tool, path)
    try:
        root = parse((read_bytes(path) or _NEW.encode()).decode("utf-8"))
    except (NotJsonError, UnicodeDecodeError):
        state = "unknown: the settings are not JSON"
        return [HookState(event, active=False, state=state, path=path, hint=f"mend {path}") for event in events]
    places = {place[0]: (place, command) for place, command in _ours(root, tool.NAME, manifest)}
    states = []
    for event in events:
        if event in places:
            states.append(_state(tool, host, root, *places[event], path))
        else:
            state = "taken out by hand" if event in manifest.events else "not installed"
            states.append(HookState(event, active=False, state=state, path=path, hint=again))
    return states


def _state(tool: HookTool, host: Host, root: Node, place: Place, command: str, path: str) -> HookState:
    if not _runs(command, tool.NAME):
        state, hint = f"inactive: {program_of(command, tool.NAME)} is gone", f"journal hooks install {tool.NAME}"
        return HookState(place[0], active=False, state=state, path=path, hint=hint)
    why = tool.why_inactive(host, _plain(root), place)
    return HookState(place[0], active=not why, state=f"inactive: {why}" if why else "active", path=path)


# --- reading the settings -------------------------------------------------------------------------------------------


def _program() -> str:
    program = find_program()
    if not program:
        raise NotFoundError(
            "the command journal was found nowhere, so no hook could run it",
            "install it as a command: pipx install session-journal",
        )
    return program


def _settings(tool: HookTool, host: Host) -> str:
    return tool.edits(host, "journal").path


def _read(path: str, again: str, *, look_only: bool) -> str | None:
    data = read_foreign(path, look_only=look_only)
    try:
        return None if data is None else data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JournalError(
            f"{path} is not UTF-8; nothing was changed", f"mend it in an editor, then {again}"
        ) from error


def _parse(path: str, text: str, again: str, events: Iterable[str] = ()) -> Node:
    """Read the settings and see that what we add to has the shape that the agent documents."""
    hint = f"mend it in an editor, then {again}"
    try:
        root = parse(text)
    except NotJsonError as error:
        raise JournalError(f"{path} is not JSON ({error}); nothing was changed", hint) from None
    hooks = find(root, ("hooks",))
    arrays = [find(root, ("hooks", event)) for event in events]
    if not root.is_object or (hooks and not hooks.is_object) or not all(one is None or one.is_array for one in arrays):
        raise JournalError(f'{path}: "hooks" is not an object of arrays; nothing was changed', hint)
    return root


def _ours(root: Node, agent: str, manifest: _Manifest) -> Iterator[tuple[Place, str]]:
    """Yield place and command of each hook of ours."""
    hooks = find(root, ("hooks",))
    for event in dict.fromkeys(child.key for child in hooks.children) if hooks else ():
        groups = find(root, ("hooks", event))
        for at, group in enumerate(groups.children if groups and groups.is_array else ()):
            handlers = find(group, ("hooks",))
            for number, handler in enumerate(handlers.children if handlers and handlers.is_array else ()):
                node = find(handler, ("command",))
                command = node.value if node and isinstance(node.value, str) else ""
                if is_ours(command, agent) or command in manifest.commands:
                    yield (event, at, number), command


def _path(place: Place) -> tuple[str | int, ...]:
    event, group, handler = place
    return ("hooks", event, group, "hooks", handler, "command")


def _runs(command: str, agent: str) -> bool:
    program = program_of(command, agent)
    return os.path.isfile(program) and os.access(program, os.X_OK)


def _plain(root: Node) -> dict[str, object]:
    return {child.key: child.value for child in root.children}


# --- taking out -----------------------------------------------------------------------------------------------------


def _take_out(text: str, place: Place, manifest: _Manifest) -> str:
    """Take out one hook, and around it what is empty without it and was made for it."""
    event, group, handler = place
    text = remove(text, ("hooks", event, group, "hooks", handler))
    if _is_empty(text, ("hooks", event, group, "hooks")):
        text = remove(text, ("hooks", event, group))
    for keys in (("hooks", event), ("hooks",)):
        if ".".join(keys) in manifest.made and _is_empty(text, keys):
            text = remove(text, keys)
    return text


def _is_empty(text: str, path: tuple[str | int, ...]) -> bool:
    node = find(parse(text), path)
    return node is not None and not node.children


# --- what was written -----------------------------------------------------------------------------------------------


def _manifest_path(env: Mapping[str, str], tool: HookTool, path: str) -> str:
    name = hashlib.sha256(os.path.abspath(path).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return os.path.join(state_dir(env), "hooks", "installed", f"{tool.NAME}-{name}.json")


def _load(env: Mapping[str, str], tool: HookTool, path: str) -> _Manifest:
    try:
        kept = json.loads(read_bytes(_manifest_path(env, tool, path)) or b"{}")
        return _Manifest(tuple(kept["commands"]), tuple(kept["events"]), frozenset(kept["made"]))
    except (ValueError, KeyError, TypeError):
        return _Manifest()  # our hooks are known by their command, too
