"""The scripts that git runs as hooks: small, for POSIX sh, each telling by itself that it is ours and unchanged.

A script looks with git alone whether the journal is concerned, before it pays for a start of Python. Only BLOCKED ends
what git was about to do; whatever else goes wrong on our side is said in one line, and git goes on.
"""

from __future__ import annotations

import re

from session_journal.core.digest import sha256

VERSION = 1
BLOCKED = 10
NAMES = ("pre-commit", "post-commit", "post-merge", "post-rewrite", "pre-push")
CHAINED = ".chained"
LEGACY = ".legacy"  # what the pre-commit framework calls the hook that was there before it
FRAMEWORK = "pre-commit.com"
_SUM = re.compile(rb"^# sum ([0-9a-f]{16})\n", re.MULTILINE)
_MARK = re.compile(rb"\A#!/bin/sh\n# journal hook, version [0-9]+: ")

_HEAD = """\
#!/bin/sh
# journal hook, version {version}: {name}
# sum {sum}
# Written by `journal hooks install git`; `journal hooks uninstall git` takes it away.
"""
_INPUT = """\
input=$(cat)
say() { [ -z "$1" ] || printf '%s\\n' "$1" 2>/dev/null; }
"""
_BESIDE = """\
theirs="${{0%/*}}/{name}.chained"
# The pre-commit framework runs this as its .legacy hook: it must not be called from here again.
case $0 in *.legacy) grep -q pre-commit.com "$theirs" 2>/dev/null && theirs= ;; esac
"""
_FIRST = {
    "pre": 'if [ -f "$theirs" ] && [ -x "$theirs" ]; then {feed}"$theirs" "$@" || exit $?; fi\n',
    "post": 'code=0\nif [ -f "$theirs" ] && [ -x "$theirs" ]; then {feed}"$theirs" "$@" || code=$?; fi\n',
}
_FORWARD = 'if [ -f "$theirs" ] && [ -x "$theirs" ]; then exec "$theirs" "$@"; fi\n'
_CONCERNED = {
    "pre-commit": """\
git diff --cached --quiet --no-ext-diff --ignore-submodules=none -- journal && exit 0
""",
    "post-commit": """\
new=$(git rev-parse -q --verify HEAD:journal 2>/dev/null) || exit $code
[ "$new" = "$(git rev-parse -q --verify HEAD^:journal 2>/dev/null)" ] && exit $code
""",
    "post-merge": """\
[ "$1" = 1 ] && exit $code
new=$(git rev-parse -q --verify HEAD:journal 2>/dev/null) || exit $code
[ "$new" = "$(git rev-parse -q --verify ORIG_HEAD:journal 2>/dev/null)" ] && exit $code
""",
    "post-rewrite": """\
[ "$1" = rebase ] || exit $code
# Without input (the pre-commit framework keeps it to itself) the command looks where git keeps the list.
made=$(say "$input" | cut -d' ' -f2)
[ -z "$made" ] || [ -n "$(say "$made" | git diff-tree --stdin -m -r --name-only --no-commit-id -- journal)" ] ||
  exit $code
""",
    "pre-push": """\
checked="$(git rev-parse --git-common-dir)/journal/checked/$(printf %s "$2" | git hash-object --stdin)"
[ -f "$checked" ] || checked=/dev/null
concerned=$(say "$input" | while read -r _ new _ old; do
  case $new in *[!0]*) ;; *) continue ;; esac
  git cat-file -e "$new^{commit}" 2>/dev/null || echo look
  case $old in *[!0]*) not="^$old" ;; *) not= ;; esac
  git rev-list --full-history -n 1 --stdin "$new" $not -- journal <"$checked" 2>/dev/null || echo look
done)
[ -n "$concerned" ] || exit 0
""",
}
_RUN = """\
journal={journal}
[ -x "$journal" ] || journal=$(command -v journal) || {{
  echo "journal: its command was not found, so {undone}; git goes on" >&2
  exit {passed}
}}
{feed}"$journal" hooks run {name} "$@"
ran=$?
"""
_END = {
    "pre": """\
[ $ran = 10 ] && exit 1
[ $ran = 0 ] || echo "journal: {undone} (exit code $ran); git goes on" >&2
exit 0
""",
    "post": """\
[ $ran = 0 ] || echo "journal: {undone} (exit code $ran): journal seal" >&2
exit $code
""",
}
_UNDONE = {"pre-commit": "nothing was checked", "pre-push": "nothing was checked"}


def make_script(name: str, journal: str, folder: str = "") -> bytes:
    """Return the script of a hook of ours.

    journal: the command's path, "" for the one on the PATH. folder: where another tool's hooks lie, one of the same
    name runs first; "" for the one that was moved aside.
    """
    when = name.partition("-")[0]
    feed = 'say "$input" | ' if name in {"pre-push", "post-rewrite"} else ""
    undone = _UNDONE.get(name, "nothing was recorded in the journal's log")
    theirs = f"theirs={quote(folder)}/{name}\n" if folder else _BESIDE.format(name=name)
    run = _RUN.format(
        journal=quote(journal), undone=undone, passed="0" if when == "pre" else "$code", feed=feed, name=name
    )
    parts = [_INPUT if feed else "", theirs, _FIRST[when].format(feed=feed), _CONCERNED[name], run]
    return _signed(name, "".join(parts) + _END[when].format(undone=undone))


def make_pass_through(name: str, folder: str) -> bytes:
    """Return a script that only runs another tool's hook of the same name."""
    return _signed(name, f"theirs={quote(folder)}/{name}\n{_FORWARD}")


def is_ours(data: bytes) -> bool:
    """Tell whether a hook was written by us."""
    return _MARK.match(data) is not None


def is_unedited(data: bytes) -> bool:
    """Tell whether a hook of ours is as we wrote it, in this version or another."""
    found = _SUM.search(data)
    return found is not None and found.group(1).decode() == _sum(data[: found.start()] + data[found.end() :])


def recorded_command(data: bytes) -> str:
    """Return the path of the command that a hook of ours runs."""
    found = re.search(rb"^journal='(.*)'$", data, re.MULTILINE)
    return found.group(1).decode("utf-8", "surrogateescape").replace("'\\''", "'") if found else ""


def quote(text: str) -> str:
    """Return text as one word for sh."""
    return "'" + text.replace("'", "'\\''") + "'"


def _signed(name: str, body: str) -> bytes:
    head = _HEAD.format(version=VERSION, name=name, sum="0" * 16)
    data = (head + body).encode("utf-8", "surrogateescape")
    found = _SUM.search(data)
    assert found is not None  # noqa: S101 - it stands in _HEAD
    mark = _sum(data[: found.start()] + data[found.end() :]).encode()
    return data[: found.start(1)] + mark + data[found.end(1) :]


def _sum(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]
