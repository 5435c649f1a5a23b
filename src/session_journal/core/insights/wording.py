"""Statements made fit to stand alone: narration dropped, first person turned away, long asides cut."""

from __future__ import annotations

from functools import lru_cache

from session_journal.core import lazy_re as re

_NARRATION = re.compile(
    r"^(?:(?:ok(?:ay)?|good|great|perfect|excellent|now|so|and|but|first|next|then|finally|alright|"
    r"hmm|wait|actually|also|since|right|yes|yeah|no|sure|clear|done|pushed|nice|clean|"
    r"committed)[\s,.!:;—–-]+)*"
    r"(?:let me|let's|let us|i'll|i will|i'm going to|i am going to|i need to|i should|i can see|i "
    r"can|i could|i see|i'd|i would|i want|i think i|i don't|i have (?:the|a|all|enough)|i've (?:read|"
    r"analy|got|now)|"
    r"now i|now let|now we|we can now|here'?s|here is|here are|this is (?:the|my|a) (?:review|summary|"
    r"picture|plan)|want me|would you|should i|shall i|do you|which (?:pr|approach|option|one|would)|"
    r"what do you|ready (?:to|when|for)|"
    r"does (?:this|that) (?:look|sound|match|make)|is (?:this|that) (?:ok|right|what)|any "
    r"(?:questions|thoughts)|sound good|looks? good|starting with|time to|moving on|proceeding|going "
    r"to|looking at|checking|reading|running|"
    r"the user |summary of|based on (?:my|the)|to (?:summari[sz]e|recap)|in summary|you can now|"
    r"you(?:'re| are) (?:right|absolutely)|good (?:question|catch|point|observation)|my "
    r"(?:recommendation|review|thoughts)|"
    r"the (?:following|above|summary|todo|task list)\b|launch(?:ing)? |mark (?:the|this|task)|"
    r"actual\b.{0,30}\bcheck\b)",
    re.IGNORECASE,
)
_PROGRESS = re.compile(
    r"^(?:(?:now|then) (?:the|for|to|on|resolve|fix|update|run|add|check|verify|rename|"
    r"remove|commit|test|create|write)\b|"
    r"(?:that|this|it) is not\b|that'?s not\b|two (?:ways|options)\b|left as it is\b|"
    r"(?:all |both |the )?(?:merge )?(?:conflict )?(?:markers?|conflicts?|fixes|edits?) (?:are|is) (?:now )?"
    r"(?:resolved|gone|done|in place)\W*$|"
    r"(?:all|both|the|\d+) [^,;`]{0,40}(?:tests?|checks?|build) (?:are|is|was|were|still) "
    r"(?:failing|passing|green|red|broken)\W*$|"
    r".{0,60}\bready (?:to (?:commit|merge|push|ship|go)|for (?:review|merge))\b|"
    r"(?:you're|you are|everything is|we're|we are) (?:now )?(?:all )?(?:ready|set)\b|"
    r"(?:test )?coverage is (?:thorough|good|solid|complete|comprehensive)\b|"
    r"verify (?:that )?`[^`]+` (?:passes|works|succeeds)\W*$|"
    r"(?:both|all|the tests?|they|the new tests?)\b.{0,40}\bfail as (?:they|it) should)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:yes|yeah|yep|no|nope|right|ok(?:ay)?|good|great|perfect|exactly|correct|indeed|done|so|"
    r"and|but|also|well|hmm|ah|oh|interesting|excellent|found it|got it|good (?:catch|question|"
    r"point)(?: on [^,.—:]{3,30})?|"
    r"you'?re (?:absolutely |completely )?right|suggestion|ideally|good idea|sounds good|similarly|"
    r"meanwhile|then|clear pattern|clear|clean|all done|"
    r"all clean|the issue is clear(?: now)?|here'?s the (?:root cause|issue|problem|fix|answer)|in "
    r"short|in summary|to summarize|basically|understood|noted|on the way|as expected|actually|however|therefore|thus|"
    r"agreed?|now(?=,)|the (?:change|fix|work|task) is (?:now )?(?:done|complete|in place)|"
    r"makes sense|fair point|i see(?: (?:an?|the) (?:issue|problem|bug|cause))?)"
    r"(?:[\s]*[,.!:;—–-]+\s+|\s+(?=—))|you'?re right that\s+|(?:but|and|so|also|or)\s+(?=[a-z`A-Z]))+",
    re.IGNORECASE,
)
MADE = {
    "add": "Added", "remove": "Removed", "replace": "Replaced", "update": "Updated", "change": "Changed",
    "move": "Moved", "rename": "Renamed", "create": "Created", "introduce": "Introduced", "fix": "Fixed",
    "implement": "Implemented", "extend": "Extended", "simplif": "Simplified", "modif": "Changed", "wrap": "Wrapped",
}  # fmt: skip
_THIS_CHANGE = re.compile(
    rf"^(?:this|these|the) (?:changes?|modifications?|edits?|commits?) (?:now )?({'|'.join(MADE)})(?:e?s|ies|y)? "
    r"(?=[\w`])",
    re.IGNORECASE,
)
_FIRST_PERSON = (
    (
        re.compile(
            r"^(?:I|we)(?:'ve| have)?\s+(?:just |now |also |already )?(?=(?:added|updated|changed|fixed|moved|"
            r"removed|replaced|extracted|refactored|renamed|created|implemented|merged|kept|verified|rewrote|"
            r"wrote|documented|converted|made|inlined|dropped|split|resolved|identified|simplified|"
            r"consolidated|committed|pushed|ran|chose|used|found|set|put|switched|introduced|reverted|deleted|"
            r"tested|confirmed|cleaned|corrected|adjusted|improved|expanded|wired|hardened)\b)",
            re.IGNORECASE,
        ),
        "",
    ),
    (re.compile(r"\b(?:I'd|I would) (?:say|suggest|recommend|argue)(?: that)?\s+", re.IGNORECASE), ""),
    (re.compile(r"\bI (?:think|believe|suspect|noticed|see) (?:that )?", re.IGNORECASE), ""),
    (
        re.compile(r"^(?:It|This|That) (?:looks like|seems(?: like| that)?|appears(?: that)?)\s+", re.IGNORECASE),
        "Apparently ",
    ),
    (re.compile(r"^You have (?=an? |one )"), "There is "),
    (re.compile(r"^You have\b"), "There are"),
    (re.compile(r"^(?:Your|Our)\b"), "The"),
    (re.compile(r"\b(?:your|our)\b"), "the"),
)
_WORTH = re.compile(
    r"^[^`]{0,60}?\b(?:worth (?:considering|noting|mentioning|flagging|a thought)|one (?:concern|caveat|"
    r"thing to (?:note|consider))|(?:minor |small |side )?(?:note|caveat|concern|suggestion))\s*:\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:[—–-]|[.;,:])\s*(?:let me|i'll|i will|now let|let's|i need to|so i'll|so let me|want me|"
    r"should i|i should|i can|here'?s)\b.*$|"
    r",? which should (?:now |also )?(?:resolve|fix|address|solve|prevent|ensure|allow|help|improve|eliminate|work)"
    r"\b.*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(`[^`]*`)|\s*\((?:[^()`]|`[^`]*`){12,}\)")
_CUTS = (" — ", " – ", "; ", ", which ", ", so ", ", but ", ", since ", ", because ", ", and ", ", e.g", " - ", ", ")
_DONE = re.compile(
    r"^(?:added|updated|changed|fixed|moved|removed|replaced|refactored|renamed|created|implemented|"
    r"merged|rewrote|converted|resolved|simplified|consolidated|switched|improved|"
    r"extended)\s+(?!(?:these|this|it|them|two|the following)\b)",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"^(?:since|because|if|when|while|although|though|once|after|before|as|given|unless|until|for "
    r"the)\b",
    re.IGNORECASE,
)
_LOOSE_END = re.compile(
    r"(?:\s+(?:the|a|an|to|of|and|or|but|with|in|for|on|by|from|that|which|when|where|if|is|are|it|its|as|at))+$",
    re.IGNORECASE,
)
_MASKED = re.compile(r"`[^`]*`|\([^()]*\)|\"[^\"]*\"|“[^”]*”")
_CODE_SPAN = re.compile(r"`[^`]*`")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|does|do|did|can|can't|cannot|could|will|won't|would|"
    r"should|must|may|might|needs?|isn't|aren't|wasn't|doesn't|don't|didn't|hasn't|haven't|shouldn't|"
    r"got|gets?|"
    r"went|goes|came|comes|made|makes|took|takes|kept|keeps|gave|gives|found|finds|ran|runs|set|sets|"
    r"put|left|leaves?|lost|loses|broke|breaks|built|wrote|reads|writes|means?|meant|shows?|lets|held|"
    r"holds|fell|falls|"
    r"says|said|knows|uses|seems?|works|stays|lies|exists?|wants|expects|returns|calls|fails|passes|"
    r"contains|depends|relies|matches|adds|creates|starts|ends|stops|handles|checks|stores|loads|"
    r"tracks|causes|prevents|"
    r"supports|includes|allows|requires|affects|changes|happens|applies|covers|produces|triggers|"
    r"emits|skips|drops|catches|ignores|points|belongs|follows|becomes|became|remains?|conflicts with|"
    r"replaces|avoids|enables|"
    r"eliminates|survives|swallows|consumes|parses|passes|overrides|clears|verifies|validates|"
    r"performs|implements|defines|throws|raises|now [a-z]+|"
    r"\w{2,}s (?:both |all |each |also |only )?(?:use|take|return|need|call|rely|depend|share|render|contain|expect|"
    r"assume)|\w{3,}(?:ed|izes|ises|ifies|ates))\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:I|I'm|I'll|I've|I'd|[Mm]y|let me)\b")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_LISTED_AS = re.compile(r"^\d{1,2}[.)]\s+")
_AGREED = re.compile(r"([—–-] )(?:yeah|yes|yep|no|well|actually),\s+")
_NAMED = re.compile(r"^`[^`]+`(?: \([^()]*\))?\s*[:—–-]+\s+\S+(?:\s+\S+){3,}")
"""What begins with a name in code and says what it is needs no verb."""
_CODE = re.compile(
    r"[{};]\s*$|^\s*(?:func|def|class|import|return|if \(|for \(|\$ |//|#include)\b|=>|:=\s|\)\s*\{|"
    r"^\W*[\w./-]+:\d+:\W*$"
)


def tidy(text: str, limit: int = 28) -> str:
    """Return a statement that stands alone within limit words, "" when it only tells what happens next."""
    bare = _bare(text)
    return capital(trim(bare, limit)).rstrip(" .;,:") if bare else ""


@lru_cache(maxsize=32768)
def _bare(text: str) -> str:
    """Return a statement without what leads into it, "" when it only tells what happens next."""
    text = _unwrapped(text)
    whole = text.endswith((".", ".)"))
    if _NARRATION.match(text) and not _LEAD.match(text):
        return ""
    text = _LEAD.sub("", _LISTED_AS.sub("", text))
    text = _TAIL.sub("", _WORTH.sub("", text) if ":" in text else text)
    text = _THIS_CHANGE.sub(lambda found: f"{MADE[found.group(1).lower()]} ", text)
    for pattern, instead in _FIRST_PERSON:
        text = pattern.sub(instead, text)
    text = _introduced(_AGREED.sub(r"\1", text).strip(" -–—,;"))
    if (
        _LISTED.match(text)
        or _EMPTIED.search(text)
        or (_SUBORDINATE.match(text) and "," not in _MASKED.sub("x", text))
        or _is_fragment(text)
    ):
        return ""
    if _NARRATION.match(text) or _PROGRESS.match(text) or _CODE.search(text) or text.count("`") % 2:
        return ""
    if _FIRST.search(text) or len(_LETTERS.findall(text)) < 4:
        return ""
    return text if whole or _NAMED.match(text) or _VERB.search(_CODE_SPAN.sub("x", text)) else ""


_NUMBER = re.compile(r"^\(\d{1,3}\)\s+")
_BRACKETED = re.compile(r"^\(([^()]*(?:\([^()]*\)[^()]*)*)\)[.\s]*$")
_LISTED = re.compile(r"^#\d+\s*(?:[—–-]|:)\s")
"""An issue's or a pull request's title in a list: what it orders was not done here."""
_EMPTIED = re.compile(r"(?<!`)``(?!`)")
"""Code that was lost on the way: what it named is gone."""


def _unwrapped(text: str) -> str:
    """Return a sentence without the number or the brackets that it stands in."""
    text = _NUMBER.sub("", text)
    inner = _BRACKETED.match(text)
    return inner.group(1).strip() if inner else text


_GERUND = re.compile(r"[A-Z]?[a-z]{2,}ing\b(?!:)\s+(?P<rest>.+)", re.DOTALL)
_PURPOSE = re.compile(r"(?:in order )?to [a-z]+\b", re.IGNORECASE)


def _is_fragment(text: str) -> bool:
    """Say whether a text has no verb of its own: it says what for, or what somebody was at."""
    bare = _CODE_SPAN.sub("x", text)
    if _PURPOSE.match(bare):
        return "," not in _MASKED.sub("x", text)
    going = _GERUND.match(bare)
    return bool(going) and not _VERB.search(going.group("rest") if going else "")


def _introduced(text: str) -> str:
    """Return a sentence that leads into a list as a statement of its own, "" where it only leads."""
    if not text.endswith(":") or (_DONE.match(text) and not _LEADS.search(text[:-1])):
        return text
    parts = re.split(r"\s[—–-]\s", text[:-1])
    text = " - ".join(parts[:-1]) if len(parts) > 1 and len(parts[0].split()) >= _STANDS else text[:-1]
    return "" if len(text.split()) < _STANDS or _LEADS.search(text) else text


_STANDS = 6
_LEADS = re.compile(
    r"\b(?:is|are|was|were|states?|says|that|follows?|following|these|this|those|here|below|like|as|such|means|when|where|if|"
    r"does|do|did|"
    r"includ\w+|to|of|with|by|and|or|for|in|at)$",
    re.IGNORECASE,
)


def trim(text: str, limit: int) -> str:
    """Return text within limit words: asides go first, then the last clauses; code is kept whole or left out."""
    if len(text.split()) <= limit and len(text) <= 9 * limit:
        return text
    text = _ASIDE.sub(lambda found: found.group(1) or "", text)
    while len(text.split()) > limit or len(text) > 11 * limit:
        masked = _MASKED.sub(lambda found: "x" * len(found.group()), text)
        at = max((place for cut in _CUTS if len(text[: (place := masked.rfind(cut))].split()) >= 6), default=-1)
        if at > 0 and _SUBORDINATE.match(text) and "," not in masked[:at]:
            return _cut(text, masked, limit)
        if at <= 0:
            return _cut(text, masked, limit)
        text = _HALF.sub("", text[:at])
    return text.rstrip(" ,;:—–-")


_HALF = re.compile(
    r"[,;—–-] (?:and|so|but|or|which means|meaning)(?: that)?"
    r" (?:if|when|unless|although|while|once|since|because)\b[^,;]*$",
    re.IGNORECASE,
)
"""A clause that was to lead to another one, which was cut off."""


def _cut(text: str, masked: str, limit: int) -> str:
    """Return the first words of a text that has no clause to cut at."""
    ends = [found.end() for found in re.finditer(r"\S+", masked)]
    fitting = [end for end in ends if len(text[:end].split()) <= limit and end <= 11 * limit]
    return _LOOSE_END.sub("", text[: fitting[-1] if fitting else ends[0]].rstrip(" ,;:—–-(")) + "…"


_NAME = re.compile(r"[\w-]*(?:[(_/A-Z]|\.\w|::)")


def capital(text: str) -> str:
    """Return text with a capital in front, unless it begins with a path, an address or a name in code."""
    named = _NAME.match(text[1:40])
    return text if named else text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Return text as it reads after a colon or an arrow: a name or a code word keeps its capital."""
    return (
        text[:1].lower() + text[1:]
        if not re.match(r"I\b", text) and re.match(r"[A-Z][a-z]*(?:[\s,;:.—-]|$)", text)
        else text
    )


_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]+|#?\d{2,}")
_STOP = frozenset(
    re.findall(
        r"\w+",
        """
        the a an to of and in for on with is was were be been are that this it as by from at or not no into when
        which so but if then than its via has had have all also only now just can will would should could may might
        do does did done their there they them these those we you your our i my me he she his her out up down over
        under about after before again more most some any each both other same new one two three first second need
        needs needed use uses used using get gets got let make makes made see look like here what where how why who
        yes file files code test tests change changes changed line lines because while without within still already
        still very much many few lot add added update updated fix fixed run running ran check checks
        """,
    )
)


def terms(text: str) -> set[str]:
    """Return a statement's content words, folded so that forms of one word are the same term."""
    found = {_term(word) for word in _WORD.findall(text)}
    found.discard("")
    return found


@lru_cache(maxsize=16384)
def _term(word: str) -> str:
    """Return the term that a word stands for, "" where it stands for nothing."""
    word = word.lower()
    if word in _STOP or len(word) < 3:
        return ""
    for ending in ("ings", "ing", "edly", "ed", "ies", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
