"""Many small random lives of two and three clones: nothing is lost, everything comes out equal."""

from __future__ import annotations

import os
import random
import re
from datetime import timedelta
from pathlib import Path

import pytest

from clones import files_of, keep_in_step, make_clones, sync_until_quiet
from journals import NOW, git
from session_journal.app.note import add_note
from session_journal.app.rollup import Asked, roll_up
from session_journal.app.seal import seal
from session_journal.app.verify import verify
from session_journal.core.archive_pages import lines_of
from session_journal.core.chain import find_id
from session_journal.core.document import dump, parse, set_body, set_fields
from session_journal.core.events import Event, Session
from session_journal.store.archive import page_change
from session_journal.store.journal import Change, Journal
from session_journal.store.settings import Settings

WORLDS = int(os.environ.get("JOURNAL_SYNC_WORLDS", "20"))
FIRST = int(os.environ.get("JOURNAL_SYNC_SEED", "0"))
LIVES = 5
"""Interleavings in one world: random steps on its clones, then syncs until all are at rest, then every check."""
ACTIONS = [
    ("new", 3), ("note", 4), ("edit", 12), ("delete", 1), ("rename", 2), ("draft", 2), ("roll", 2), ("settle", 1),
    ("commit", 1), ("settings", 1), ("sync", 3),
]  # fmt: skip
MARKER = re.compile(rb"^(<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|) ", re.MULTILINE)
_WORD = re.compile(r"\bw\d+q\b")


class Life:
    """Some clones, a clock, and every word that was written or deleted on purpose."""

    actions = ACTIONS

    def __init__(self, seed: int, journals: list[Journal]) -> None:
        self.random, self.journals = random.Random(seed), journals
        self.now, self.count = NOW, 0
        self.written: set[str] = set()
        self.deleted: set[str] = set()

    def word(self) -> str:
        self.count += 1
        self.written.add(f"w{self.count}q")
        return f"w{self.count}q"

    def run(self) -> None:
        for _ in range(self.random.randint(6, 14)):
            self.step()
        self.check()

    def step(self) -> None:
        self.now += timedelta(minutes=self.random.randint(1, 7))
        journal = self.random.choice(self.journals)
        action, _ = self.random.choices(self.actions, [weight for _, weight in self.actions])[0]
        getattr(self, action)(journal)

    def begin(self) -> None:
        """Give all clones a few pages in common."""
        first = self.journals[0]
        for name in ("alpha", "beta"):
            self.new(first, name=name)
        self.note(first)
        self.note(first)
        self.roll(first)
        sync_until_quiet(self.journals, self.now)

    def pages(self, journal: Journal, folder: str = "sessions") -> list[Path]:
        return sorted(Path(journal.path(f"journal/{folder}")).rglob("*.md"))

    def new(self, journal: Journal, status: str = "final", name: str = "") -> None:
        name = name or self.random.choice(["alpha", "beta", "gamma"])
        path = f"journal/sessions/2026/2026-11-20-{name}.md"
        if os.path.exists(journal.path(path)):
            return self.edit(journal)
        stamp = self.now.isoformat()
        lesson = self.random.choice(["Run the migrations before the tests", "Restart the worker after a deploy"])
        text = (
            f'---\nid: "{self.random.getrandbits(128):032x}"\ntitle: {name} {self.word()}\ndate: 2026-11-20\n'
            f"created: {stamp}\nupdated: {stamp}\ntype: session\nstatus: {status}\ntags:\n  - {self.word()}\n---\n\n"
            f"First {self.word()}.\n\nSecond {self.word()}.\n\n## Insights\n\n- {lesson} {self.word()}\n- Last {self.word()}\n"
        )
        journal.publish([Change(path, text.encode())], f"entry: {name}", self.now)
        return None

    def draft(self, journal: Journal) -> None:
        drafts = [path for path in self.pages(journal) if b"status: draft" in path.read_bytes()]
        if not drafts:
            return self.new(journal, "draft")
        path = self.random.choice(drafts)
        old = path.read_bytes()
        data = dump(set_fields(parse(old), {"status": "final", "updated": self.now}))
        seal(journal, self.now)
        journal.publish([Change(path.relative_to(journal.root).as_posix(), data, old)], "entry: x", self.now)
        return None

    def note(self, journal: Journal) -> None:
        add_note(journal, f"noted {self.word()}", self.now)

    def edit(self, journal: Journal) -> None:
        pages = [*self.pages(journal), *self.pages(journal, "notes"), *self.pages(journal, "rollups")]
        if not pages:
            return
        path = self.random.choice(pages)
        doc = parse(path.read_bytes())
        lines = doc.body.splitlines(keepends=True)
        blocks = [number for number, line in enumerate(lines) if "journal:" in line]
        places = [n for n in range(len(lines)) if lines[n].strip() and not (blocks and blocks[0] <= n <= blocks[-1])]
        way = self.random.choice(["insert", "change", "remove", "append", "tag", "title"])
        if way in {"change", "remove"} and places:
            at = self.random.choice(places)
            self.deleted.update(_WORD.findall(lines[at]))
            lines[at : at + 1] = [f"- changed {self.word()}\n"] if way == "change" else []
        elif way == "insert" and places:
            lines.insert(self.random.choice(places), f"inserted {self.word()}\n")
        elif way == "tag" and "sessions" in path.parts:
            doc = set_fields(doc, {"tags": [self.word()], "updated": self.now})
            self.deleted.update(_WORD.findall(parse(path.read_bytes()).front))
        elif way == "title" and "sessions" in path.parts:
            self.deleted.update(_WORD.findall(str(parse(path.read_bytes()).front).split("title:")[1].split("\n")[0]))
            doc = set_fields(doc, {"title": f"titled {self.word()}"})
        else:
            lines.append(f"appended {self.word()}\n")
        path.write_bytes(dump(set_body(doc, "".join(lines))))

    def delete(self, journal: Journal) -> None:
        pages = [*self.pages(journal), *self.pages(journal, "notes")]
        if pages:
            path = self.random.choice(pages)
            self.deleted.update(_WORD.findall(path.read_text(encoding="utf-8")))
            path.unlink()

    def rename(self, journal: Journal) -> None:
        pages = self.pages(journal)
        if pages:
            path = self.random.choice(pages)
            target = path.with_name(f"2026-11-20-{self.random.choice(['alpha', 'beta', 'delta', 'Delta'])}.md")
            if not target.exists():
                path.rename(target)

    def roll(self, journal: Journal) -> None:
        roll_up(journal, Asked("2026-W47"), self.now, Settings({}, {}))

    def commit(self, journal: Journal) -> None:
        git(journal, "add", "-A", "journal")
        if git(journal, "status", "--porcelain"):
            git(journal, "commit", "-q", "-m", "by hand")
            seal(journal, self.now)  # a sync does not record what was committed past the log

    def settings(self, journal: Journal) -> None:
        path = Path(journal.path("journal/journal.toml"))
        lines = path.read_text(encoding="utf-8").splitlines()
        lines.insert(self.random.randint(0, len(lines)), f"# setting {self.word()}")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def settle(self, journal: Journal) -> None:
        seal(journal, self.now)

    def sync(self, journal: Journal) -> None:
        keep_in_step(journal, self.now)

    def check(self) -> None:
        self.now += timedelta(minutes=1)
        sync_until_quiet(self.journals, self.now)
        first, *others = self.journals
        for other in others:
            assert other.repo.head() == first.repo.head()
            assert files_of(other) == files_of(first)
        for journal in self.journals:
            assert git(journal, "status", "--porcelain") == ""
            found = verify(journal, int(self.now.timestamp())).findings
            assert [finding for finding in found if finding.level == "FAIL"] == []
        text = b"\n".join(files_of(first).values()).decode()
        assert self.written - self.deleted - set(_WORD.findall(text)) == set()


class Told(Life):
    """A life in which the events of sessions are committed, and go on here and there."""

    actions = (*ACTIONS, ("tell", 10), ("delete", 3))

    def tell(self, journal: Journal) -> None:
        pages = self.pages(journal)
        if pages:
            entry_id = find_id(self.random.choice(pages).read_bytes())
            apart = self.random.random() < 0.1
            texts = [f"event {number}{self.word() if apart else ''}" for number in range(self.random.randint(1, 9))]
            events = tuple(Event("reply", turn, "assistant", text) for turn, text in enumerate(texts, 1))
            journal.publish([page_change(journal, entry_id, Session("codex", "s", events))], "entry: x", self.now)

    def check(self) -> None:
        self.deleted.update(self.written)  # Life looks for words; here it is events that count
        super().check()
        for journal in self.journals:
            entries = {find_id(path.read_bytes()) for path in self.pages(journal)}
            for path in self.pages(journal, "archive"):
                assert lines_of(path.read_bytes())
                assert "-version-" in path.name or path.stem in entries


def every_blob(journal: Journal) -> list[bytes]:
    """Return all blobs that any commit of the repository ever had."""
    listed = git(journal, "rev-list", "--objects", "--all").splitlines()
    return list(journal.repo.blobs([line.split(" ")[0] for line in listed]).values())


@pytest.mark.parametrize("world", range(FIRST, FIRST + WORLDS))
def test_whatever_happens_nothing_is_lost_and_all_clones_come_out_equal(tmp_path, world):
    life = Life(world, make_clones(tmp_path, 2 + world % 2))
    print(f"to see it again: JOURNAL_SYNC_SEED={world} JOURNAL_SYNC_WORLDS=1")
    life.begin()
    for _ in range(LIVES):
        life.run()
    assert not any(MARKER.search(blob) for blob in every_blob(life.journals[0]))


@pytest.mark.parametrize("world", range(FIRST, FIRST + max(1, WORLDS // 4)))
def test_events_that_two_clones_go_on_with_stay_whole_and_with_their_entries(tmp_path, world):
    life = Told(world, make_clones(tmp_path, 2 + world % 2))
    print(f"to see it again: JOURNAL_SYNC_SEED={world} JOURNAL_SYNC_WORLDS=1")
    life.begin()
    for _ in range(LIVES):
        life.run()
    assert not any(MARKER.search(blob) for blob in every_blob(life.journals[0]))
