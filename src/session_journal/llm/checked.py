"""Claims of a model held against the session: the quote stands there, who said it, and no success is invented."""

from __future__ import annotations

import re
from collections.abc import Sequence

from session_journal.core.insights.wording import terms
from session_journal.core.records import record
from session_journal.core.verbatim import folded
from session_journal.llm.contrary import borrows, miscounts, unsays
from session_journal.llm.prompts import Claim, Sentence
from session_journal.llm.record import Haystack, Record

LONGEST = 400
"""Characters that a statement may have."""
_LONGEST_QUOTE = 600
_SHORTEST_QUOTE = 12
_AROUND = 240
_OWN_WORDS = 4
"""Content words that a sentence of the head may have of its own."""
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_TOOL_KINDS = frozenset({"discovery", "challenge", "pattern"})
"""What a tool's output can show; what it printed is nobody's decision, and never advice by itself."""

# Who writes for whoever retells a session does not take part in it.
_STEERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b(?: [\w']+){0,3} (?:instructions?|prompts?|directives?)\b|"
    r"\bsummari[sz](?:er|ers|ing (?:model|ai|llm|agent|assistant|tool))\b|"
    r"\b(?:whoever|anyone|any (?:ai|llm|model)|ai|llms?|models?|assistants?) (?:who |that |which )?(?:is |are )?"
    r"(?:summari[sz]\w*|reading this|reads this|retell\w*|draft\w* (?:this|the) (?:entry|session|journal))|"
    r"\b(?:note|message|instructions?)\W{1,3}(?:to|for)\W{1,2}(?:the |any |all )?(?:ai\b|llms?\b|summari[sz])|"
    r"\b(?:summary|title|headline|journal entry|entry|record) (?:of|for) (?:the|this) "
    r"(?:entry|summary|session|journal|transcript|conversation)\b[^.]{0,30}\b(?:must|should|has to|shall|is|to)\b|"
    r"\bsummari[sz]\w+ (?:the|this) (?:session|transcript|conversation)\b[^.]{0,60}"
    r"\b(?:write|say|state|include|add|report|use|must|should)\b",
    re.IGNORECASE,
)
_USERS = re.compile(
    r"\b(?:the )?users?\b[^.;→]{0,30}\b(?:decid|chose|choos|want|ask|request|prefer|reject|refus|declin|accept|agree|"
    r"approv|confirm|insist|correct|said|told|demand|opted|pick)",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"\bexit(?:ed|s)?\b[^.;→]{0,12}\b\d+\b|\bprint(?:ed|s)\b|\bthe output (?:says|said|show\w+)\b", re.IGNORECASE
)
_EXIT = re.compile(r"\bexit(?:ed|s)?\b(?: with)?(?: code| status)?[ :=]*(\d{1,3})\b", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=\w)[.;:](?=\s)|→|->|\s[—–-]\s|,? \bbut\b ")
_PASSES = re.compile(
    r"\b(?P<what>tests?|specs?|suites?|lint\w*|type ?checks?|builds?|compil\w+|checks?|ci|pipelines?|everything|all)\b"
    r"[^.;→]{0,40}\b(?:pass(?:es|ed|ing)?|succe(?:ed|eds|eded|ss)|green|clean(?:ly)?)\b|"
    r"\b(?:passing|green|successful|clean) (?P<that>tests?|specs?|suites?|lint\w*|builds?|checks?|ci|pipelines?)\b",
    re.IGNORECASE,
)
_SUCCESS = re.compile(
    r"\b(?:now|again) (?:works?|working|passes|runs|builds|compiles)\b|"
    r"\bworks? (?:now|again|correctly|as expected|fine)\b|"
    r"\bsuccess(?:ful|fully)?\b|\bfixed\b|\bresolved\b|\bsolved\b|\bfixes the\b|\bverified\b|\bconfirmed\b|"
    r"\bno longer (?:fails?|crash\w*|errors?|hangs?)\b|\bfully (?:working|functional)\b|\bworks?\W*$|"
    r"\b(?:is|are|was|were|fully|now) (?:done|complete|completed|finished)\b|"
    r"(?:^|\b(?:was|were|been|is|are|got|it|and) )(?:deployed|shipped)\b",
    re.IGNORECASE,
)
_ACTS = {
    kind: re.compile(rf"(?:^|\b(?:was|were|been|is|are|and|then|got) ){word}\b", re.IGNORECASE)
    for kind, word in (("commit", "committed"), ("push", "pushed"))
}
_CHANGED = re.compile(r"\b(?:chang|edit|modif|updat|rewr[io]t|add|remov|delet|creat|renam|replac)\w*", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not|never|nor|cannot|without|until|unless|if|when|should|must|would|could|may|might|needs?|un(?:fixed|resolved|"
    r"solved|verified|confirmed)|fail(?:s|ed|ing)? to|to (?:pass|make|get|be|confirm|verify|ensure|check))\b|"
    r"\w+n't\b|\bno (?!longer)",
    re.IGNORECASE,
)
_NAMES = {
    "test": "test",
    "spec": "test",
    "suit": "test",
    "lint": "lint",
    "type": "lint",
    "buil": "build",
    "comp": "build",
}


@record(frozen=True, slots=True)
class Statement:
    """A statement that held: what the head of the entry is written from. quote: what shows it, "" for offline facts."""

    kind: str
    text: str
    turns: tuple[int, ...]
    quote: str = ""


def wrong_with(claim: Claim, record: Record) -> str:
    """Return what is wrong with a claim, "" where it holds; the words go back to the model."""
    return _wrong_quote(claim, record) or _wrong_kind(claim, record) or _wrong_text(claim, record)


def _wrong_quote(claim: Claim, record: Record) -> str:
    said = record.said.get((claim.turn, claim.role))
    quote = quoted(claim, record)
    if said is None:
        spoken = [who for at, who in record.said if at == claim.turn]
        return f"message t{claim.turn} is {spoken[0]}'s" if spoken else f"there is no message t{claim.turn}"
    if quote not in said:
        return f"the quote does not stand in message t{claim.turn} word for word"
    if len(quote) < _SHORTEST_QUOTE and quote != said:
        return "the quote is too short to show anything"
    return "the quote is too long" if len(quote) > _LONGEST_QUOTE else ""


def quoted(claim: Claim, record: Record) -> str:
    """Return a claim's quote folded as it stands in its turn, else without what models put around a quote."""
    said, text = record.said.get((claim.turn, claim.role), ""), folded(claim.quote)
    while text and text not in said:
        bare = text.strip("\"'").removesuffix("...").removeprefix("...").strip()
        if bare == text:
            break
        text = bare
    return text


def _wrong_kind(claim: Claim, record: Record) -> str:
    if borrows(record.said[claim.turn, claim.role], quoted(claim, record), claim.role):
        return f"these are the words of another one, as told by the {claim.role}"
    if claim.role == "tool" and claim.kind not in _TOOL_KINDS:
        return f"what a tool printed shows no {claim.kind}"
    if claim.role != "user" and _USERS.search(claim.text):
        return "what the user decided or said has to be quoted from the user"
    if claim.role != "tool" and record.has_results and _PRINTED.search(claim.text):
        return "what a tool printed has to be quoted from the tool"
    return ""


def _wrong_text(claim: Claim, record: Record) -> str:
    text = folded(claim.text)
    if len(text.split()) < 2 or len(text) > LONGEST:
        return "the text is no single sentence"
    if _steers(claim, record):
        return "it is addressed to whoever retells the session, and no part of the work"
    if lacking := record.whole.lacks(text):
        return f"the record does not name {', '.join(lacking[:3])}"
    if other := _differs(claim, text, record):
        return other
    if overstates(text, (claim.turn,), record):
        return "the record does not show that this was done, or that it succeeded"
    return ""


def _differs(claim: Claim, text: str, record: Record) -> str:
    """Return how a statement differs from the message that is to show it, "" where it does not."""
    # An answer speaks of what the message before it asked.
    said = f"{record.turn(claim.turn - 1)} {record.turn(claim.turn)}"
    if number := miscounts(text, said):
        return f"message t{claim.turn} does not say {number}"
    if not record.is_english:
        return ""
    if unsays(text, record.said[claim.turn, claim.role], quoted(claim, record)):
        return f"message t{claim.turn} says that it is not so"
    used = terms(text)
    if not used & terms(said):
        return f"message t{claim.turn} speaks of something else"
    # Paraphrase has words of its own, but half of what is told occurs in what it tells.
    return "" if 2 * len(used & record.terms) >= len(used) else "most of it does not occur in the record"


def _steers(claim: Claim, record: Record) -> bool:
    """Tell whether a claim rests on words that are meant for the one who retells: those before it, and its sentence."""
    said, quote = record.said[claim.turn, claim.role], quoted(claim, record)
    at = said.find(quote)
    end = _SENTENCE_END.search(said, at + len(quote) - 1)
    around = said[max(0, at - _AROUND) : end.start() if end else len(said)]
    return steers(around[: _AROUND + len(quote) + _AROUND]) or steers(claim.text)


def steers(text: str) -> bool:
    """Tell whether a text gives orders to whoever retells the session."""
    return bool(_STEERS.search(text))


def overstates(text: str, turns: Sequence[int], record: Record) -> bool:
    """Tell whether a text claims a success that the session does not show, or what is known not to have been done."""
    for clause in _CLAUSE.split(folded(text)):
        if _wrong_code(clause, turns, record):
            return True
        if _DENIED.search(clause):
            continue
        if _undone(clause, record):
            return True
        passing = _PASSES.search(clause)
        if passing and not _passed(_kind(passing), record):
            return True
        if not passing and _SUCCESS.search(clause) and not _succeeded(turns, record):
            return True
    return False


def successes(text: str) -> set[str]:
    """Return the kinds of success that a text claims: work that succeeded, a kind of check, a commit, a push."""
    found: set[str] = set()
    for clause in _CLAUSE.split(folded(text)):
        if _DENIED.search(clause):
            continue
        found |= {kind for kind, pattern in _ACTS.items() if pattern.search(clause)}
        if passing := _PASSES.search(clause):
            found.add(f"{_kind(passing)} passed")
        elif _SUCCESS.search(clause):
            found.add("success")
    return found


def _undone(clause: str, record: Record) -> bool:
    """Tell whether a clause has something committed, pushed or changed that was not."""
    if any(pattern.search(clause) and kind not in record.acts for kind, pattern in _ACTS.items()):
        return True
    named = {path for path in record.declined if path in clause or path.rsplit("/", 1)[-1] in clause}
    return bool(named and _CHANGED.search(clause))


def _wrong_code(clause: str, turns: Sequence[int], record: Record) -> bool:
    told = _EXIT.search(clause)
    known = frozenset[int]().union(*(record.codes.get(turn, frozenset()) for turn in turns))
    return bool(told and known and int(told[1]) not in known)


def _kind(passing: re.Match[str]) -> str:
    return _NAMES.get((passing["what"] or passing["that"]).lower()[:4], "")


def _passed(kind: str, record: Record) -> bool:
    """Tell whether the last run of a kind of check passed; of every kind where none is named."""
    last = {check.kind: check.passed for check in record.checks if check.passed is not None}
    return last.get(kind) is True if kind else bool(last) and all(last.values())  # type: ignore[call-overload]


def _succeeded(turns: Sequence[int], record: Record) -> bool:
    """Tell whether the work is shown to have succeeded: at its end, or by a check after what is told."""
    if record.done or any(turn in record.praise for turn in turns):
        return True
    last = {check.kind: check for check in record.checks if check.passed is not None}
    return bool(last) and all(check.passed and check.turn >= max(turns, default=0) for check in last.values())


def wrong_with_sentence(sentence: Sentence, cited: Sequence[Statement], record: Record) -> str:
    """Return what a sentence of the head says beyond the statements that it cites, "" where it says nothing more."""
    text = folded(sentence.text)
    if not cited or not text or len(text) > LONGEST:
        return "it cites nothing" if text else "it is empty"
    given = [part for one in cited for part in (one.text, one.quote)]
    turns = tuple(dict.fromkeys(turn for one in cited for turn in one.turns))
    lacking = Haystack([folded(part) for part in given] + [record.turn(turn) for turn in turns]).lacks(text)
    if lacking:
        return f"its statements do not name {', '.join(lacking[:3])}"
    used, known = terms(text), terms(" ".join(given))
    if steers(text) or not used or len(used - known) > min(len(used) // 2, _OWN_WORDS):
        return "it says something else than its statements"
    return "it claims a success that is not shown" if overstates(text, turns, record) else ""
