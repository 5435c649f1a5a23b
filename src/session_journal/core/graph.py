"""The graph of the log's records: where each stands, and which records each has behind it.

Ancestry is answered by vector clocks kept as changes: for every lane, from which of its records on how far it has seen
each other lane. A lane that nobody joins costs nothing, and a question costs one search in a sorted list.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

from session_journal.core.chain import Record


class Seen:
    """How far a lane has seen one other lane: at its records `at` (ascending) it had seen that lane up to `upto`."""

    __slots__ = ("at", "upto")

    def __init__(self, at: Iterable[int] = (), upto: Iterable[int] = ()) -> None:
        self.at, self.upto = list(at), list(upto)

    def before(self, seq: int) -> int:
        """Return the last record of the other lane that record `seq` has behind it, -1 for none."""
        place = bisect_right(self.at, seq)
        return self.upto[place - 1] if place else -1

    def learn(self, seq: int, upto: int) -> None:
        """Note that record `seq` has the other lane's records up to `upto` behind it."""
        if not self.upto or upto > self.upto[-1]:
            self.at.append(seq)
            self.upto.append(upto)


class Last:
    """What remains to be known of a record that had the last word about an entry."""

    __slots__ = ("c", "id", "op", "s", "w")

    def __init__(self, op: str, w: str, s: int, c: str, id: str) -> None:  # noqa: A002
        self.op, self.w, self.s, self.c, self.id = op, w, s, c, id


class Graph:
    """All records so far, in topological order of adding.

    place: id → (lane, seq, lamport); seen: lane → other lane → Seen; last: entry commitment → the newest records
    about it (more than one where two branches each wrote it); heads: ids nobody has built on; tips: lane → (seq, id);
    roots: ids of records without parents; count: number of records.
    """

    __slots__ = ("count", "heads", "last", "place", "roots", "seen", "tips")

    def __init__(self) -> None:
        self.place: dict[str, tuple[str, int, int]] = {}
        self.seen: dict[str, dict[str, Seen]] = {}
        self.last: dict[str, list[Last]] = {}
        self.heads: set[str] = set()
        self.tips: dict[str, tuple[int, str]] = {}
        self.roots: dict[str, tuple[str, int]] = {}
        self.count = 0

    def where(self, key: str) -> tuple[str, int, int] | None:
        """Return (lane, seq, lamport) of a record, None where it is not known."""
        return self.place.get(key)

    def lamport(self) -> int:
        """Return the highest logical time (-1 for an empty log)."""
        places = (self.where(key) for _, key in self.tips.values())
        return max((place[2] for place in places if place), default=-1)

    def last_of(self, entry: str) -> list[Last]:
        """Return the records that have the last word about an entry."""
        return self.last.get(entry, [])

    def place_records(self, records: Iterable[Record]) -> None:
        """Make records known by name, so that each can be looked up whatever the order they are added in."""
        for record in records:
            self.place[record.id] = (record.w, record.s, record.l)

    def extend(self, record: Record) -> bool:
        """Add a record that builds on the end of its own lane and on nothing else; False where it does more."""
        lane, seq = record.w, record.s
        if len(record.p) != 1 or self.where(record.p[0]) != (lane, seq - 1, record.l - 1):
            return False
        self.count += 1
        self.heads.discard(record.p[0])
        self.heads.add(record.id)
        self.tips[lane] = (seq, record.id)
        if record.e:
            self._speak(record)
        return True

    def add(self, record: Record) -> None:
        """Add a record whose known parents were added before."""
        self.count += 1
        lane, seq = record.w, record.s
        if not record.p:
            self.roots[record.id] = (lane, seq)
        self.heads.difference_update(record.p)
        self.heads.add(record.id)
        tip = self.tips.get(lane)
        if tip is None or seq > tip[0]:
            self.tips[lane] = (seq, record.id)
        self._learn(lane, seq, record.p)
        if record.e:
            self._speak(record)

    def _speak(self, record: Record) -> None:
        """Let a record have the last word about its entry, beside those that it does not have behind it."""
        mine = self.last_of(record.e)
        kept = [old for old in mine if not self.has_behind(record.w, record.s, old.w, old.s)] if mine else []
        self.last[record.e] = [*kept, Last(record.op, record.w, record.s, record.c, record.id)]

    def _learn(self, lane: str, seq: int, parents: tuple[str, ...]) -> None:
        mine = self.seen.setdefault(lane, {})
        for parent in parents:
            place = self.where(parent)
            if place is None or place[0] == lane:
                continue
            other, at, _ = place
            for further, seen in self.seen.get(other, {}).items():
                if further != lane:
                    mine.setdefault(further, Seen()).learn(seq, seen.before(at))
            mine.setdefault(other, Seen()).learn(seq, at)

    def has_behind(self, lane: str, seq: int, other: str, at: int) -> bool:
        """Tell whether record `seq` of a lane has record `at` of another (or the same) lane behind it."""
        if lane == other:
            return at < seq
        seen = self.seen.get(lane, {}).get(other)
        return seen is not None and seen.before(seq) >= at

    def follows_its_lane(self, record: Record, parents: Iterable[tuple[str, int, int]]) -> bool:
        """Tell whether a record builds on the record before it in its lane, itself or through others."""
        mine, before = record.w, record.s - 1
        return any(
            (lane == mine and seq == before) or (lane != mine and self.has_behind(lane, seq, mine, before))
            for lane, seq, _ in parents
        )

    def joins_all_roots(self, record: Record) -> bool:
        """Tell whether a record has every beginning of the log behind it."""
        return all(self.has_behind(record.w, record.s, *root) for root in self.roots.values())

    def known(self) -> Mapping[str, tuple[str, list[int]]]:
        """Return lane → (ids in a row, lamport times) of the records that were remembered."""
        return {}

    def told_lasts(self) -> str:
        """Return a line for each record that has the last word about an entry, between line feeds."""
        return "\n" + "".join(
            f"{entry} {one.op} {one.w} {one.s} {one.c or '-'} {one.id}\n"
            for entry, lasts in self.last.items()
            for one in lasts
        )

    def covered(self, ids: Iterable[str]) -> int:
        """Count the records that known records have behind them, themselves included."""
        upto: dict[str, int] = {}
        for place in map(self.where, ids):
            if place:
                lane, seq, _ = place
                upto[lane] = max(upto.get(lane, -1), seq)
                for other, seen in self.seen.get(lane, {}).items():
                    upto[other] = max(upto.get(other, -1), seen.before(seq))
        return sum(seq + 1 for seq in upto.values())


def remember(graph: Graph) -> dict[str, object]:
    """Return a graph as plain values, for a Memory to begin with; its log must have been sound."""
    lanes: dict[str, list[object]] = {}
    fresh: dict[str, list[tuple[int, str, int]]] = {}
    known = graph.known()
    for key, (lane, seq, lamport) in graph.place.items():
        if seq >= len(known.get(lane, ("", ()))[1]):
            fresh.setdefault(lane, []).append((seq, key, lamport))
    for lane in graph.tips:
        ids, times = known.get(lane, ("", []))
        new = sorted(fresh.get(lane, ()))
        seen = {other: [one.at, one.upto] for other, one in graph.seen.get(lane, {}).items()}
        lanes[lane] = [ids + "".join(key for _, key, _ in new), [*times, *(lamport for _, _, lamport in new)], seen]
    return {
        "lanes": lanes,
        "last": graph.told_lasts(),
        "heads": sorted(graph.heads),
        "roots": [[key, *place] for key, place in graph.roots.items()],
    }


class Memory(Graph):
    """A graph that begins with what was verified before: it reads from the memory's text what is asked of it."""

    __slots__ = ("_ids", "_lasts", "_times")

    def __init__(self, told: Mapping[str, object]) -> None:
        super().__init__()
        lanes: dict[str, list[object]] = told["lanes"]  # type: ignore[assignment]
        self._ids: dict[str, str] = {lane: str(values[0]) for lane, values in lanes.items()}
        self._times: dict[str, list[int]] = {lane: values[1] for lane, values in lanes.items()}  # type: ignore[misc]
        for lane, (ids, times, seen) in lanes.items():
            self.tips[lane] = (len(times) - 1, ids[-64:])  # type: ignore[arg-type,index]
            self.seen[lane] = {other: Seen(*pair) for other, pair in seen.items()}  # type: ignore[attr-defined]
        self._lasts = str(told["last"])
        self.heads = set(told["heads"])  # type: ignore[call-overload]
        self.roots = {key: (lane, seq) for key, lane, seq in told["roots"]}  # type: ignore[attr-defined]
        self.count = sum(map(len, self._times.values()))

    def where(self, key: str) -> tuple[str, int, int] | None:
        """Return (lane, seq, lamport) of a record, None where it is not known."""
        if key not in self.place and len(key) == 64:
            for lane, ids in self._ids.items():
                at = ids.find(key)
                while at > 0 and at % 64:
                    at = ids.find(key, at + 1)
                if at >= 0:
                    self.place[key] = (lane, at // 64, self._times[lane][at // 64])
                    break
        return self.place.get(key)

    def last_of(self, entry: str) -> list[Last]:
        """Return the records that have the last word about an entry."""
        if entry not in self.last:
            self.last[entry] = list(self._remembered(entry))
        return self.last[entry]

    def known(self) -> Mapping[str, tuple[str, list[int]]]:
        """Return lane → (ids in a row, lamport times) of the records that were remembered."""
        return {lane: (ids, self._times[lane]) for lane, ids in self._ids.items()}

    def told_lasts(self) -> str:
        """Return a line for each record that has the last word about an entry, between line feeds."""
        kept = [line for line in self._lasts.split("\n") if line and line[:64] not in self.last]
        return "\n" + "".join(f"{line}\n" for line in kept) + super().told_lasts()[1:]

    def _remembered(self, entry: str) -> Iterator[Last]:
        at = self._lasts.find(f"\n{entry} ")
        while at >= 0:
            _, op, lane, seq, content, key = self._lasts[at + 1 : self._lasts.index("\n", at + 1)].split(" ")
            yield Last(op, lane, int(seq), content.strip("-"), key)
            at = self._lasts.find(f"\n{entry} ", at + 1)
