"""Build large journals for benchmarks, with `git fast-import`: as if each commit had published some files."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from session_journal.core.chain import Record, content_commitment, encode, entry_commitment, lane_file

START = 1_700_000_000
TEXT = "Found the cause in the retry loop and wrote it down with what to do next time. " * 6


class Builder:
    """One lane of records and the files they speak of; `lines` hands out the stream for fast-import."""

    def __init__(self, commits: int, records: int, entries: int) -> None:
        self.commits, self.records, self.entries = commits, records, entries
        self.log: dict[str, bytes] = {}
        self.last: Record | None = None
        self.seq = 0
        self.lane = "00112233445566aa"

    def append(self, op: str, c: str = "", e: str = "") -> str:
        """Add a record and return the path of the log file it stands in."""
        parents = [self.last.id] if self.last else []
        self.last = Record(op=op, w=self.lane, s=self.seq, t=START + self.seq, c=c, e=e, p=parents, l=self.seq)
        path = lane_file(self.lane, self.seq)
        self.log[path] = self.log.get(path, b"") + encode(self.last) + b"\n"
        self.seq += 1
        return path

    def stream(self) -> Iterator[bytes]:
        """Yield the stream: all versions of the log first, so that git stores them as deltas, then files and commits."""
        plans: list[list[tuple[str, bytes]]] = []
        logs: list[dict[str, int]] = []
        mark = 1
        for commit in range(self.commits):
            changed, files = set(), []
            if not commit:
                changed.add(self.append("init", "5" * 64))
                files = [("journal/journal.toml", b"format = 1\n"), (".gitattributes", b"journal/** -text\n")]
            for path, data, entry in self.changes(commit):
                files.append((path, data))
                changed.add(self.append("put", content_commitment(path, data), entry_commitment(entry)))
            marks = {}
            for path in sorted(changed):
                yield b"blob\nmark :%d\ndata %d\n%b\n" % (mark, len(self.log[path]), self.log[path])
                marks[path], mark = mark, mark + 1
            plans.append(files)
            logs.append(marks)
        for commit, files in enumerate(plans):
            who = b"Ada Example <ada@example.org> %d +0000" % (START + commit)
            yield b"commit refs/heads/main\ncommitter %b\ndata 9\nentry: x\n\n" % who
            for path, data in files:
                yield b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(data), data)
            for path, number in logs[commit].items():
                yield b"M 100644 :%d %b\n" % (number, path.encode())
            yield b"\n"

    def changes(self, commit: int) -> Iterator[tuple[str, bytes, str]]:
        """Yield (path, bytes, id) of each file that a commit publishes: every entry is made once, then changed."""
        upto = self.records * (commit + 1) // self.commits
        for number in range(self.records * commit // self.commits, upto):
            which = number % self.entries
            entry = sha256(b"%d" % which).hexdigest()[:32]
            path = f"journal/sessions/{2020 + which % 7}/{2020 + which % 7}-{which % 12 + 1:02d}-11-work-{which}.md"
            body = f"# Work {which}\n\n{TEXT}\n\n- version {number // self.entries}\n"
            yield path, f'---\nid: "{entry}"\ntitle: Work {which}\ndate: 2026-11-11\n---\n\n{body}'.encode(), entry


def build(root: Path, commits: int, records: int, entries: int) -> Path:
    """Make a repository with so many commits, records and entries, and check it out."""
    root.mkdir(parents=True)
    run = ["git", "-c", "core.compression=1", "-c", "init.defaultBranch=main"]
    subprocess.run([*run, "init", "-q", "."], cwd=root, check=True)
    importer = subprocess.Popen([*run, "fast-import", "--quiet", "--done"], cwd=root, stdin=subprocess.PIPE)
    assert importer.stdin
    for part in Builder(commits, records, entries).stream():
        importer.stdin.write(part)
    importer.stdin.write(b"done\n")
    importer.stdin.close()
    assert importer.wait() == 0
    subprocess.run([*run, "reset", "-q", "--hard"], cwd=root, check=True)
    return root
