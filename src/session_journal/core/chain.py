"""Records of the hash-chained log: their fields, canonical line, id and commitments (RFC 6962 leaf hash)."""

from __future__ import annotations

from session_journal.core.digest import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

RECORDS_PER_FILE = 256
# op → whether its records carry a content commitment, and an entry commitment
_SHAPE = {
    "init": (True, False), "put": (True, True), "move": (True, True), "del": (False, True), "forget": (False, True),
    "ckpt": (True, False),
}  # fmt: skip
OPS = tuple(_SHAPE)
_HEX = frozenset("0123456789abcdef")
_FIELDS = ["c", "e", "l", "op", "p", "s", "t", "v", "w"]
_PATTERN: re.Pattern[str] | None = None


class Record:
    """One line of a lane.

    c: content commitment; e: entry commitment; l: lamport time; op: what happened; p: sorted ids of the heads it
    saw; s: place in its lane; t: unix seconds; w: lane. `id` is the RFC 6962 leaf hash of the line.
    """

    __slots__ = ("c", "e", "id", "l", "op", "p", "s", "t", "w")

    def __init__(
        self,
        *,
        op: str,
        w: str,
        s: int,
        t: int,
        c: str = "",
        e: str = "",
        p: Iterable[str] = (),
        l: int = 0,  # noqa: E741
    ) -> None:
        self.op, self.w, self.s, self.t, self.c, self.e, self.l = op, w, s, t, c, e, l
        self.p = tuple(sorted(p))
        self.id = record_id(encode(self))


def encode(record: Record) -> bytes:
    """Return the record's one canonical line, without its newline: ASCII JSON, sorted keys, no spaces."""
    parents = ",".join(f'"{parent}"' for parent in record.p)
    return (
        f'{{"c":"{record.c}","e":"{record.e}","l":{record.l},"op":"{record.op}","p":[{parents}],'
        f'"s":{record.s},"t":{record.t},"v":1,"w":"{record.w}"}}'
    ).encode("ascii")


def record_id(line: bytes) -> str:
    """Return the record id of a line: SHA-256(0x00 || line), hex."""
    return sha256(b"\0" + line).hexdigest()


def content_commitment(path: str, data: bytes) -> str:
    """Commit to a file's path (relative to the journal's root, with `/`) and its committed bytes."""
    name = path.encode("utf-8", "surrogateescape")
    return sha256(b"journal/v1/content\0" + len(name).to_bytes(4, "big") + name + data).hexdigest()


def entry_commitment(entry_id: str) -> str:
    """Commit to an entry's id without saying which entry it is."""
    return sha256(b"journal/v1/entry\0" + entry_id.encode("utf-8")).hexdigest()


def lane_file(lane: str, seq: int) -> str:
    """Return the path of the file that holds a lane's record `seq`."""
    return f"journal/log/{lane}/{seq // RECORDS_PER_FILE:06d}.jsonl"


def decode(line: bytes) -> Record:
    """Read one line under the canonical rule; raise ValueError saying what is wrong with it."""
    return _sound(line, line.decode("latin-1")) or _explained(line)


def decode_all(data: bytes) -> Iterator[Record | bytes]:
    """Yield the records of a file's lines, and each line that is none as it is."""
    body = data.removesuffix(b"\n")
    for line, text in zip(body.split(b"\n"), body.decode("latin-1").split("\n"), strict=True):
        yield _sound(line, text) or line


def _canonical() -> re.Pattern[str]:
    """Return the pattern of a canonical line: what it matches needs no JSON parser to be read or trusted."""
    global _PATTERN  # noqa: PLW0603 - compiled at the first line; a publish reads none
    if _PATTERN is None:
        import re  # noqa: PLC0415

        digest, number = "([0-9a-f]{64})?", "(0|[1-9][0-9]{0,17})"
        parents = '((?:"[0-9a-f]{64}"(?:,"[0-9a-f]{64}")*)?)'
        _PATTERN = re.compile(
            rf'\{{"c":"{digest}","e":"{digest}","l":{number},"op":"({"|".join(OPS)})","p":\[{parents}\],'
            rf'"s":{number},"t":{number},"v":1,"w":"([0-9a-f]{{16}})"\}}'
        )
    return _PATTERN


def _sound(line: bytes, text: str) -> Record | None:
    """Return the record of a canonical line, None where it is not one or its fields don't fit together."""
    match = _canonical().fullmatch(text)
    if match is None:
        return None
    c, e, lamport, op, parents, seq, seconds, lane = match.groups("")
    p = tuple(parents[1:-1].split('","')) if parents else ()
    if _SHAPE[op] != (c != "", e != "") or (len(p) > 1 and list(p) != sorted(set(p))):
        return None
    record = Record.__new__(Record)
    record.op, record.w, record.s, record.t = op, lane, int(seq), int(seconds)
    record.c, record.e, record.l, record.p, record.id = c, e, int(lamport), p, record_id(line)
    return record


def _explained(line: bytes) -> Record:
    """Read a line the slow way, to say what is wrong with it."""
    import json  # noqa: PLC0415

    try:
        raw = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise ValueError("not a line of ASCII JSON") from error
    if not isinstance(raw, dict) or sorted(raw) != _FIELDS:
        raise ValueError("not exactly the fields of a record")
    problem = _problem(raw)
    if problem:
        raise ValueError(problem)
    record = Record(op=raw["op"], w=raw["w"], s=raw["s"], t=raw["t"], c=raw["c"], e=raw["e"], p=raw["p"], l=raw["l"])
    if encode(record) != line:
        raise ValueError("not written in the canonical form")
    return record


def _problem(raw: dict[str, object]) -> str:
    numbers = (raw["l"], raw["s"], raw["t"], raw["v"])
    if any(type(number) is not int or number < 0 for number in numbers):
        return "with a number that is not a plain integer"
    if raw["v"] != 1:
        return f"of version {raw['v']}, which is not known"
    if raw["op"] not in OPS:
        return "of an unknown operation"
    if not _is_hex(raw["w"], 16):
        return "of a malformed lane"
    return _parents_problem(raw["p"]) or _commitment_problem(raw)


def _parents_problem(parents: object) -> str:
    if not isinstance(parents, list) or not all(_is_hex(parent, 64) for parent in parents):
        return "with a parent that is no record id"
    return "with the same parent twice" if len(set(parents)) != len(parents) else ""


def _commitment_problem(raw: dict[str, object]) -> str:
    has_c, has_e = _SHAPE[str(raw["op"])]
    if not (_is_hex(raw["c"], 64) if has_c else raw["c"] == ""):
        return "with a malformed content commitment"
    if not (_is_hex(raw["e"], 64) if has_e else raw["e"] == ""):
        return "with a malformed entry commitment"
    return ""


def _is_hex(value: object, length: int) -> bool:
    return isinstance(value, str) and len(value) == length and set(value) <= _HEX


def find_id(data: bytes) -> str:
    """Return the `id` that a markdown file's front matter carries, or "" where it has none.

    A plain scan instead of YAML: it runs on every commit and every verification, and must say the same forever.
    """
    text = data.removeprefix(b"\xef\xbb\xbf")
    if not text.startswith((b"---\n", b"---\r\n")):
        return ""
    for line in text.split(b"\n")[1:]:
        stripped = line.strip()
        if stripped in {b"---", b"..."}:
            return ""
        if line.startswith(b"id:"):
            return _scalar(line[3:].decode("utf-8", "replace").strip())
    return ""


def _scalar(text: str) -> str:
    if text[:1] in {'"', "'"}:
        return text[1:].split(text[0], 1)[0]
    return text.split(" #", 1)[0].strip()
