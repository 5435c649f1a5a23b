"""A person's query read into terms, exact phrases, exclusions and filters; no text can be a malformed query."""

from __future__ import annotations

import re
from dataclasses import field, replace
from datetime import date, timedelta
from itertools import chain, pairwise

from session_journal.core import terms
from session_journal.core.records import record
from session_journal.core.variants import variants

KEYS = ("project", "kind", "tag", "since", "until", "is", "agent")
STATES = {"draft": "draft", "unreviewed": "draft", "final": "final", "reviewed": "final"}
NEIGHBOURS, PART = 0.3, 0.5
"""What two words side by side, and a part of a compound, count beside a word."""

_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:(?P<key>[a-z]+):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_POSSESSIVE = re.compile(r"['\u2019][sS]\b")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)
_WEEK = re.compile(r"(\d{4})-[Ww](\d{2})\Z", re.ASCII)
_YEAR = re.compile(r"(\d{4})\Z", re.ASCII)


@record(frozen=True, slots=True)
class Phrase:
    """Tokens that stand next to each other; never empty, each only letters and digits."""

    tokens: tuple[str, ...]
    weight: float = 1.0
    is_prefix: bool = False

    @property
    def match(self) -> str:
        """Return the phrase as an FTS5 string, in which nothing is an operator."""
        return '"' + " ".join(self.tokens) + ('" *' if self.is_prefix else '"')


@record(frozen=True, slots=True)
class Term:
    """One thing asked for; the best of its phrases counts."""

    text: str
    phrases: tuple[Phrase, ...]
    weight: float = 1.0

    def widened(self) -> Term:
        """Return the term for words that begin with it: what to look for where it is nowhere itself."""
        tokens = self.phrases[0].tokens
        if len(tokens) > 1 or len(tokens[0]) < 4:
            return self
        return Term(self.text, (Phrase(tokens, PART, is_prefix=True),), self.weight)


@record(frozen=True, slots=True)
class Filters:
    """What a document must be, whatever it says; empty means any."""

    project: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    agent: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@record(frozen=True, slots=True)
class Query:
    """What is asked: terms rank, phrases must occur, excluded must not, filters limit.

    notes: what could not be read as it was written, for the user to know.
    """

    terms: tuple[Term, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    filters: Filters = field(default_factory=Filters)
    unwanted: Filters = field(default_factory=Filters)
    notes: tuple[str, ...] = ()

    @property
    def has_words(self) -> bool:
        """Tell whether anything ranks the documents."""
        return bool(self.terms or self.phrases)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all is asked for."""
        return not self.has_words and self.filters == Filters() and self.unwanted == Filters() and not self.excluded


@record(slots=True)
class _Draft:
    words: list[str] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    wanted: dict[str, list[str]] = field(default_factory=dict)
    unwanted: dict[str, list[str]] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def parse(text: str) -> Query:
    """Read a query; every text is one, the worst of them an empty one."""
    draft = _Draft()
    for piece in _PIECE.finditer(terms.clean(text)):
        _take(draft, piece)
    if not draft.words and not draft.phrases and not draft.wanted and not draft.days and draft.excluded:
        draft.words, draft.excluded = draft.excluded, []  # `-rf` alone looks for the flag
    return Query(
        _ranked(draft.words),
        tuple(draft.phrases),
        tuple(phrase for word in draft.excluded if (phrase := _phrase(word))),
        _filters(draft.wanted, draft.days),
        _filters(draft.unwanted, {}),
        tuple(draft.notes),
    )


def topic(text: str) -> Query:
    """Return a query for what a text is about; whatever it holds, nothing in it is an operator."""
    return Query(_ranked(terms.clean(text).split()))


def narrow(query: Query, filters: Filters) -> Query:
    """Return the query limited by filters that came another way too; of two for one thing, those given here count."""
    old = query.filters
    merged = Filters(
        project=filters.project or old.project,
        kind=filters.kind or old.kind,
        tag=filters.tag or old.tag,
        agent=filters.agent or old.agent,
        status=filters.status or old.status,
        since=max((day for day in (old.since, filters.since) if day), default=None),
        until=min((day for day in (old.until, filters.until) if day), default=None),
    )
    return replace(query, filters=merged)


def span_of(text: str) -> tuple[date, date] | None:
    """Return first and last day of `2026-11-20`, `2026-11`, `2026-W47` or `2026`; None for anything else."""
    try:
        if found := _DAY.match(text):
            day = date(*map(int, found.groups()))
            return day, day
        if found := _WEEK.match(text):
            first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return first, first + timedelta(days=6)
        if found := _MONTH.match(text):
            return _month(int(found[1]), int(found[2]))
        if found := _YEAR.match(text):
            return date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)
    except (ValueError, OverflowError):
        pass
    return None


def _month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else date.max
    return first, following - timedelta(days=1) if following != date.max else date.max


def _take(draft: _Draft, piece: re.Match[str]) -> None:
    minus, key, phrase, word = piece["minus"], piece["key"], piece["phrase"], piece["word"]
    value = phrase if phrase is not None else word
    if key in KEYS and value and _filter(draft, key, value.strip(), unwanted=bool(minus)):
        return
    text = f"{key}:{value}" if key else value
    if minus and len(terms.tokens(value)) and (phrase is not None or _excludes(value)):
        draft.excluded.append(text)
    elif phrase is not None and not key:
        draft.phrases += [found] if (found := _phrase(phrase)) else []
    else:
        draft.words.append((minus or "") + text)


def _excludes(word: str) -> bool:
    """`-m` and `--no-edit` are flags somebody looks for, `-word` excludes."""
    return len(word) > 1 and word[0].isalnum()


def _filter(draft: _Draft, key: str, value: str, *, unwanted: bool) -> bool:
    if key in {"since", "until"}:
        return not unwanted and _bound(draft, key, value)
    into = draft.unwanted if unwanted else draft.wanted
    if key == "is":
        if value.lower() not in STATES:
            draft.notes.append(f"is:{value} is no state (draft or final); looked for as words")
            return False
        value = STATES[value.lower()]
    into.setdefault(key, []).append(value)
    return True


def _bound(draft: _Draft, key: str, value: str) -> bool:
    span = span_of(value)
    if span is None:
        draft.notes.append(f"{key}:{value} is no day like 2026-11-20, 2026-11 or 2026-W47; looked for as words")
        return False
    draft.days[key] = span[0] if key == "since" else span[1]
    return True


def _filters(values: dict[str, list[str]], days: dict[str, date]) -> Filters:
    def of(key: str) -> tuple[str, ...]:
        return tuple(value.casefold() for value in values.get(key, ()))

    return Filters(of("project"), of("kind"), of("tag"), of("agent"), of("is"), days.get("since"), days.get("until"))


def _phrase(text: str) -> Phrase | None:
    found = terms.tokens(_POSSESSIVE.sub("", text))
    return Phrase(tuple(found)) if found else None


def _ranked(words: list[str]) -> tuple[Term, ...]:
    topical = [word for word in words if not _is_stop(word)] or words
    found: dict[tuple[Phrase, ...], Term] = {}
    for word in topical:
        for term in _terms(word):
            found.setdefault(term.phrases, term)
    for pair in _neighbours(topical):
        found.setdefault(pair.phrases, pair)
    return tuple(found.values())


def _neighbours(words: list[str]) -> list[Term]:
    """Words asked for side by side count a little more side by side, or grown together (`web hook`, `webhook`)."""
    found = [terms.tokens(_bare(word)) for word in words]
    both = [(one[0], two[0]) for one, two in pairwise(found) if len(one) == len(two) == 1]
    return [Term(" ".join(two), (Phrase(two), Phrase(("".join(two),))), NEIGHBOURS) for two in both]


def _is_stop(word: str) -> bool:
    bare = _EDGE.sub("", word).lower().replace("\u2019", "'")
    return not bare or bare in terms.STOP or _bare(bare) in terms.STOP


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", _EDGE.sub("", word))


def _terms(word: str) -> list[Term]:
    """A plain word is one term; a compound is a phrase, and its parts count a little by themselves."""
    bare = _bare(word)
    found = tuple(terms.tokens(bare))
    if len(found) < 2:
        return _single(bare, found[0]) if found else []
    parts = (terms.split_identifier(token) or (token.lower(),) for token in terms.raw_tokens(bare))
    split = tuple(chain.from_iterable(parts))
    whole = dict.fromkeys((found, split, ("".join(found),)))
    alone = [part for part in dict.fromkeys((*found, *split)) if len(part) > 1 and part not in terms.STOP]
    return [Term(bare, tuple(map(Phrase, whole))), *(Term(part, (Phrase((part,)),), PART) for part in alone)]


def _single(word: str, token: str) -> list[Term]:
    phrases = [Phrase((token,))]
    if split := terms.split_identifier(word):
        phrases.append(Phrase(split))
    phrases += [Phrase((form,), weight) for form, weight in variants(token)]
    pairs = [pair for run in terms.unspaced(word) for pair in terms.pairs(run) if pair != word]
    return [Term(word, tuple(phrases)), *(Term(pair, (Phrase((pair,)),), PART) for pair in pairs)]
