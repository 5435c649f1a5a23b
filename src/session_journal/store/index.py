"""The search index: a disposable SQLite database that always says what the files say; nothing else knows its SQL."""

# ruff: noqa: S608  (only names of this module's own tables and columns are put into SQL; every value is bound)

from __future__ import annotations

import heapq
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import TypeVar

from session_journal.core import ranking, terms
from session_journal.core.pages import CLOSE, OPEN, Hit, Page, Passage, Scored, passes
from session_journal.core.query import Filters, Phrase, Query, Term
from session_journal.core.records import record
from session_journal.store.index_rows import COLUMNS, TEXTS, Row, page_of, passage_of, row_of, words_of
from session_journal.store.traces import contents, digest, files_of, is_settled

T = TypeVar("T")
Settled = tuple[int, int, str]
Watch = Callable[[Sequence[str]], Iterable[str]]

VERSION = 3
"""Raise it with every change of what is stored or how a page is read: older indexes are then made anew."""
BUSY_SECONDS = 10.0
MOST_TERMS = 48
MOST_RANKED = 1000
COMMON = 500
"""A word in more rows than this, and in a fifth of them all, costs more time than it tells."""

_PASSAGES = "SELECT key, page, text, kind, section, mark, turns, roles, block_id FROM passage"
_ELSEWHERE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
              sqlite3.SQLITE_PERM, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}  # fmt: skip
"""Results that say nothing against the index itself: it is used by others, or its place cannot be written."""
_SCHEMA = f"""
CREATE TABLE page(key INTEGER PRIMARY KEY, size INTEGER, mtime INTEGER, hash BLOB, settled INTEGER, tags TEXT,
  {", ".join(f"{name} TEXT" for name in TEXTS)});
CREATE UNIQUE INDEX page_path ON page(path);
CREATE TABLE passage(key INTEGER PRIMARY KEY, page INTEGER NOT NULL, text TEXT, parts TEXT, kind TEXT, section TEXT,
  mark TEXT, turns TEXT, roles TEXT, block_id TEXT);
CREATE INDEX passage_page ON passage(page);
CREATE INDEX passage_kind ON passage(kind) WHERE kind NOT IN ('', 'evidence');
CREATE VIRTUAL TABLE page_words USING fts5(title, tags, items, body, parts,
  tokenize="porter unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE passage_words USING fts5(text, parts, content='passage', content_rowid='key',
  tokenize="porter unicode61 remove_diacritics 2");
PRAGMA user_version = {VERSION};
"""


@record(frozen=True, slots=True)
class _Seen:
    """What is remembered of a file; settled: its time was old enough to tell a later change by."""

    size: int
    mtime: int
    hash: bytes
    settled: bool


def ask(root: str, path: str, question: Callable[[Index], T], watch: Watch = iter) -> T:
    """Answer a question from the index at `path`, which is first brought up to date with the journal at `root`.

    A broken index is made anew; where none can be kept (a read-only folder, a lock that stays) one is made in memory.
    watch: hands on what is to be read.
    """
    for attempt in (_keep, _renew):
        try:
            with closing(attempt(path)) as db:
                _refresh(db, root, os.stat(path).st_mtime_ns, watch)
                return question(Index(db))
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _ELSEWHERE:
                break
        except OSError:
            break
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        _refresh(db, root, 0, watch)
        return question(Index(db))


def _keep(path: str) -> sqlite3.Connection:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)


def _renew(path: str) -> sqlite3.Connection:
    for suffix in ("", "-journal", "-wal", "-shm"):
        if os.path.lexists(path + suffix):
            os.remove(path + suffix)
    return _keep(path)


def _refresh(db: sqlite3.Connection, root: str, now: int, watch: Watch) -> None:
    """Make the index say what the files say. now: a time that has certainly passed, by the file system's clock."""
    files = files_of(root)
    if _version(db) == VERSION and not any(_changes(db, root, files, now)):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        if _version(db) != VERSION:
            _create(db)
        # Asked again under the lock: another process may have done the work meanwhile.
        gone, changed, settled = _changes(db, root, files, now)
        _forget(db, [*gone, *changed])
        for path in watch(changed):
            _add(db, root, path, files[path], now)
        db.executemany("UPDATE page SET settled = 1, size = ?, mtime = ? WHERE path = ?", settled)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _create(db: sqlite3.Connection) -> None:
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC")
    for (name,) in tables.fetchall():
        if not name.startswith("sqlite_"):
            quoted = name.replace('"', '""')
            db.execute(f'DROP TABLE IF EXISTS "{quoted}"')
    for statement in _SCHEMA.split(";\n"):
        db.execute(statement)


def _changes(
    db: sqlite3.Connection, root: str, files: dict[str, os.stat_result], now: int
) -> tuple[list[str], list[str], list[Settled]]:
    """Return the paths of vanished files, of new or changed ones, and what may be remembered as settled."""
    seen = {row[0]: _Seen(*row[1:]) for row in db.execute("SELECT path, size, mtime, hash, settled FROM page")}
    gone = [path for path in seen if path not in files]
    changed, settled = list[str](), list[Settled]()
    for path, status in files.items():
        one = seen.get(path)
        if one is None:
            changed.append(path)
        elif (one.size, one.mtime) == (status.st_size, status.st_mtime_ns) and one.settled:
            continue
        elif one.size != status.st_size or digest(contents(root, path)) != one.hash:
            changed.append(path)
        elif is_settled(status, now):
            settled.append((status.st_size, status.st_mtime_ns, path))
    return gone, changed, settled


def _forget(db: sqlite3.Connection, paths: Sequence[str]) -> None:
    known = (db.execute("SELECT key FROM page WHERE path = ?", (path,)).fetchone() for path in paths)
    ones = [row for row in known if row]
    db.executemany(
        "INSERT INTO passage_words(passage_words, rowid, text, parts) "
        "SELECT 'delete', key, text, parts FROM passage WHERE page = ?",
        ones,
    )
    db.executemany("DELETE FROM passage WHERE page = ?", ones)
    db.executemany("DELETE FROM page_words WHERE rowid = ?", ones)
    db.executemany("DELETE FROM page WHERE key = ?", ones)


def _add(db: sqlite3.Connection, root: str, path: str, status: os.stat_result, now: int) -> None:
    from session_journal.core.reading import read_page  # not needed while no file has changed

    data = contents(root, path)
    page = read_page(path, data)
    values = [terms.clean(getattr(page, name)) for name in TEXTS]
    known = (status.st_size, status.st_mtime_ns, digest(data), is_settled(status, now), "\n".join(page.tags))
    holes = ", ".join("?" * (len(TEXTS) + 5))
    key = db.execute(
        f"INSERT INTO page(size, mtime, hash, settled, tags, {', '.join(TEXTS)}) VALUES ({holes})", (*known, *values)
    ).lastrowid
    rows = [row_of(key or 0, passage) for passage in page.passages]
    db.executemany(f"INSERT INTO passage(page, {', '.join(COLUMNS)}) VALUES ({', '.join('?' * 9)})", rows)
    db.execute(
        "INSERT INTO passage_words(rowid, text, parts) SELECT key, text, parts FROM passage WHERE page = ?", (key,)
    )
    db.execute(
        "INSERT INTO page_words(rowid, title, tags, items, body, parts) VALUES (?, ?, ?, ?, ?, ?)",
        (key, *words_of(page)),
    )


class Index:
    """An open index, brought up to date with the journal's files."""

    __slots__ = ("_db", "_pages")

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        rows = db.execute(f"SELECT key, tags, {', '.join(TEXTS)} FROM page ORDER BY key")
        self._pages = {row[0]: page_of(row) for row in rows}

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the best pages, best first; a query of filters alone lists what passes them, newest first."""
        allowed = self._allowed(query)
        if not query.has_words:
            return [] if query.is_empty else self._listing(allowed, limit)
        scores, best = self._scores(query, allowed)
        rows = [(score * ranking.TYPE_WEIGHTS.get(self._pages[key].type, 1.0), key) for key, score in scores.items()]
        chosen = sorted(rows, key=lambda row: (round(row[0], 4), self._pages[row[1]].order), reverse=True)[:limit]
        return [self._hit(query, key, score, best.get(key)) for score, key in chosen]

    def passages(self, query: Query, kinds: Sequence[str], limit: int) -> list[Scored]:
        """Return the best items of some kinds, best first."""
        allowed, scores = self._allowed(query), self._score("passage_words", query)
        first = heapq.nlargest(MOST_RANKED, scores, key=lambda key: (scores[key].score, -key))
        rows = self._passages("key", first, f"AND {_of_kinds(kinds)}", kinds)
        found = [(round(scores[row[0]].score, 4), row[1], -row[0], row) for row in rows if row[1] in allowed]
        best = heapq.nlargest(limit, found, key=lambda row: (row[0], self._pages[row[1]].order, row[2]))
        return [
            Scored(self._pages[page], passage_of(row[2:]), score, scores[-key].matched)
            for score, page, key, row in best
        ]

    def rate(self, query: Query) -> list[Scored]:
        """Return the pages that answer a query, best first, each with its title for a passage."""
        allowed = self._allowed(query)
        rated = [(one, self._pages[key]) for key, one in self._score("page_words", query).items() if key in allowed]
        rated.sort(key=lambda row: (round(row[0].score, 4), row[1].order), reverse=True)
        return [Scored(page, Passage(page.title), one.score, one.matched) for one, page in rated]

    def items(self, kinds: Sequence[str], pages: Sequence[Page]) -> list[tuple[Page, Passage]]:
        """Return all items of some kinds in some pages, page by page, each page's in its own order."""
        keys = {page.path: key for key, page in self._pages.items()}
        rows = self._passages("page", [keys[page.path] for page in pages], f"AND {_of_kinds(kinds)}", kinds)
        found: dict[int, list[Passage]] = {}
        for row in rows:
            found.setdefault(row[1], []).append(passage_of(row[2:]))
        return [(page, passage) for page in pages for passage in found.get(keys[page.path], ())]

    def printed(self) -> list[str]:
        """Return the texts of items that rest on nothing but what tools printed."""
        sql = (
            "SELECT text FROM passage WHERE kind NOT IN ('', 'evidence') AND roles IN ('tool', 'system', 'system tool')"
        )
        return [row[0] for row in self._db.execute(f"{sql} ORDER BY key")]

    def pages(self, filters: Filters) -> list[Page]:
        """Return the pages that pass the filters, newest first."""
        return [hit.page for hit in self._listing(self._allowed(Query(filters=filters)), -1)]

    def naming(self, starts: Sequence[str], since: str) -> list[str]:
        """Return the paths of the sessions from a day on that have all of some beginnings of words in one passage.

        starts: small letters; a title counts as a passage.
        """
        late = {key: page for key, page in self._pages.items() if page.type == "session" and page.date >= since}
        has_all = " AND ".join(["instr(low(text), ?)"] * len(starts))
        self._db.create_function("low", 1, str.lower, deterministic=True)
        sql = f"SELECT DISTINCT page FROM passage WHERE page IN (SELECT value FROM json_each(?)) AND {has_all or 1}"
        found = {row[0] for row in self._db.execute(sql, (json.dumps(list(late)), *starts))}
        titled = {key for key, page in late.items() if all(one in page.title.lower() for one in starts)}
        return sorted(late[key].path for key in found | titled)

    def passages_of(self, page: Page) -> list[Passage]:
        """Return what one page says, in its order."""
        keys = [key for key, known in self._pages.items() if known.path == page.path]
        return [passage_of(row[2:]) for row in self._passages("page", keys)]

    def _allowed(self, query: Query) -> set[int]:
        """Return the pages that pass the filters, have every exact phrase and nothing excluded."""
        found = {key for key, page in self._pages.items() if passes(page, query.filters, query.unwanted)}
        for phrase in query.phrases:
            found &= self._rows(phrase)
        for phrase in query.excluded:
            found -= self._rows(phrase)
        return found

    def _rows(self, phrase: Phrase) -> set[int]:
        return {
            row[0] for row in self._db.execute("SELECT rowid FROM page_words WHERE page_words MATCH ?", (phrase.match,))
        }

    def _listing(self, allowed: set[int], limit: int) -> list[Hit]:
        pages = sorted((self._pages[key] for key in allowed), key=lambda page: page.order, reverse=True)
        return [Hit(page, 0.0, "", None) for page in (pages if limit < 0 else pages[:limit])]

    def _scores(self, query: Query, allowed: set[int]) -> tuple[dict[int, float], dict[int, int]]:
        pages = {key: score for key, score in self._score("page_words", query).items() if key in allowed}
        passages = self._score("passage_words", query)
        places = self._db.execute("SELECT key, page, kind FROM passage")
        of_allowed = {key: (page, kind) for key, page, kind in places if key in passages and page in pages}
        return ranking.combine(pages, passages, of_allowed)

    def _score(self, table: str, query: Query) -> dict[int, ranking.Rated]:
        wanted = [*(Term("", (phrase,)) for phrase in query.phrases), *query.terms][:MOST_TERMS]
        total = self._db.execute(f"SELECT count(*) FROM {table.removesuffix('_words')}").fetchone()[0]
        found = {term: sum(self._count(table, phrase) for phrase in term.phrases) for term in wanted}
        telling = [term for term in wanted if found[term] <= max(COMMON, total / 5)] or wanted
        asked = [term if found[term] else term.widened() for term in telling]
        hits = [[self._frequencies(table, phrase, total) for phrase in term.phrases] for term in asked]
        return ranking.score_rows(asked, hits, total)

    def _count(self, table: str, phrase: Phrase) -> int:
        return int(
            self._db.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH ?", (phrase.match,)).fetchone()[0]
        )

    def _frequencies(self, table: str, phrase: Phrase, total: int) -> dict[int, float]:
        """Return how often, saturated and by length, each row has a phrase: bm25() freed of its own rarity."""
        weights = ranking.COLUMN_WEIGHTS if table == "page_words" else (1.0, ranking.COLUMN_WEIGHTS[-1])
        rank = f"-bm25({table}, {', '.join(map(str, weights))})"
        rows = self._db.execute(f"SELECT rowid, {rank} FROM {table} WHERE {table} MATCH ?", (phrase.match,)).fetchall()
        rarity = ranking.fts_idf(len(rows), total)
        return {row: score / rarity for row, score in rows}

    def _passages(self, column: str, keys: Sequence[int], more: str = "", values: Sequence[str] = ()) -> list[Row]:
        sql = f"{_PASSAGES} WHERE {column} IN (SELECT value FROM json_each(?)) {more} ORDER BY key"
        return self._db.execute(sql, (json.dumps(keys), *values)).fetchall()

    def _hit(self, query: Query, key: int, score: float, best: int | None) -> Hit:
        page = self._pages[key]
        if best is None:
            return Hit(page, score, "", None)
        row = self._passages("key", [best])[0]
        return Hit(page, score, self._snippet(query, best), passage_of(row[2:]))

    def _snippet(self, query: Query, key: int) -> str:
        asked = [both for term in query.terms[:MOST_TERMS] for both in (term, term.widened())]
        phrases = [*query.phrases, *(phrase for term in asked for phrase in term.phrases)]
        match = " OR ".join(phrase.match for phrase in phrases)
        text = "SELECT snippet(passage_words, 0, ?, ?, '…', 30) FROM passage_words"
        values = (OPEN, CLOSE, match, key)
        return str(self._db.execute(f"{text} WHERE passage_words MATCH ? AND rowid = ?", values).fetchone()[0])


def _of_kinds(kinds: Sequence[str]) -> str:
    return f"kind NOT IN ('', 'evidence') AND kind IN ({', '.join('?' * len(kinds))})"
