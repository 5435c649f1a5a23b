"""How much a line hangs on what stood around it: what it speaks of is named in it, is general, or stayed behind."""

from __future__ import annotations

from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.formulas import LEAD

STANDS, LEANS, POINTS, HANGS = range(4)
"""It is understood alone; it says only what sort of thing it speaks of; it begins with a word that points back; what it
is about isn't there."""

_LEADING = re.compile(
    r"^(?:it(?!(?:'s| is| was) (?:(?:not|more|very|much|far|often|usually) )*(?:important|better|best|eas(?:y|ier)|"
    r"hard(?:er)?|(?:im)?possible|necessary|worth|good|bad|clear|likely|safer?|cheaper|faster|simpler|useful|helpful|"
    r"crucial|essential|vital|enough|tempting|time) \w+| (?:also |often |usually )?(?:turn(?:s|ed) out|takes?|took|"
    r"helps|pays)\b)|they|both|(?:this|that|these|those)(?= (?:is|are|was|were|be|mean|means|meant|would|will|"
    r"could|can|should|might|may|has|have|had|does|do|did|also|makes?|prevents?|causes?|\w+s|"
    r"correctly|silently|already|only|just)\b)|the (?:first|second|third|last|other) (?:one|two)\b|"
    r"(?:the )?same (?:(?:pattern|issue|problem|thing|story|bug|approach) )?(?:here|in|at|for|as (?:above|before))|"
    r"(?:defined|located|declared|found|called|used|implemented|stored|kept|cached|handled|returned) "
    r"(?:in|at|by|from|as)|(?:when|if|because|since|after|while|once|although) (?:these|those)|"
    r"regardless(?! of)|all of (?:this|that|these|those))\b",
    re.IGNORECASE,
)
_CLAUSE_OF = re.compile(
    r"^[^,`]{3,50}, (?:this|that|it|these|those) (?:is|was|are|were|would|will|means?|could)\b", re.IGNORECASE
)
_SINCE_WHEN = re.compile(
    r"^(?:with|without|in|on|at|by|for|under|during|before|after|previously|originally|currently|here|there|now|also"
    r"|however|then)\b[^,:;]{0,60}, (?:this|these|those)\b",
    re.IGNORECASE,
)
"""It speaks of something that was named before it, after words that only say when or where."""
_THIS_ONE = re.compile(
    r"^(?:this|that|these|those|the (?:new|above|following)) (?:\w+ )?(?:changes?|modifications?|implementations?|"
    r"updates?|approach|fix(?:es)?|edits?|blocks?|setup|version|way|method|function|logic|lines?|script|code|"
    r"solution)\b(?! `)|"
    r"^in (?:this|that|such an?) (?:case|way|example|test|file)s?\b",
    re.IGNORECASE,
)
"""It points at what stood above it, a block of code as a rule."""
_MANY = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"
_OF_CODE = (
    r"agent|argument|attribute|callback|check|class|column|command|component|constant|container|dependency|"
    r"endpoint|enum|event|field|file|flag|folder|function|handler|helper|hook|image|interface|job|key|library|"
    r"loop|method|middleware|migration|module|node|object|package|parameter|plugin|property|query|route|row|script|"
    r"service|setting|step|struct|subtest|suite|table|template|test|tool|type|value|variable|wrapper"
)
_OF_TEXT = (
    r"block|bullet|chapter|comment|document|draft|epic|example|heading|item|line|list|location|message|"
    r"option|page|paragraph|part|phrase|place|point|prompt|section|sentence|spot|story|task|text|ticket|topic"
)
_OF_THOUGHT = (
    r"approach|assumption|bug|case|change|decision|design|error|failure|fix|idea|implementation|issue|logic|"
    r"pattern|plan|problem|question|reason|refactor|rule|situation|solution|technique|way|workaround"
)
_PLURAL = r"(?:e?s)?"
_GOES_ON = (
    r"(?:is|are|was|were|be|been|has|have|had|can|cannot|could|will|would|should|must|may|might|do|does|did|not|also|only|"
    r"just|still|then|never|always|already|again|later|now|today|yet|of|in|for|on|at|by|to|from|with|without|into|over|"
    r"under|after|before|during|through|per|via|as|than|and|or|but|nor|so|because|since|when|while|where|if|until|unless|"
    r"that|which|who|the|an?|it|we|they|you|i|there|every|all|no|made|broke|took|got|ran|went|came|kept|race|fail|pass|[a-z]{2,}(?:s|ed|n't))"
)
"""What may follow a thing: another noun doesn't, for then that one is the thing."""
_BESIDE = r"(?!(?:is|are|was|were|be|the|an?|of|in|to|for|on|and|or|that|has|have|had|will|can|did|does|do)\b)"
_THESE = re.compile(
    rf"(?<![\w-])(?P<which>this|these|those|(?:(?<=^)|(?<=\bof )|(?<=\bin )|(?<=\bfor )|(?<=\bon )|(?<=\bwith )|"
    rf"(?<=\bto )|(?<=\bfrom )|(?<=\bby ))that) (?:{_BESIDE}[\w-]+(?<!s) ){{0,2}}?"
    rf"(?P<noun>(?P<thing>{_OF_CODE}|{_OF_TEXT})|{_OF_THOUGHT}){_PLURAL}\b(?![-_/.(]\w)(?! [`\"“#\d])"
    rf"(?=\W*$|[.,;:!?)…'’]| [(→—–-]| {_GOES_ON}\b)",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"\b(?:all (?:of the |the )?|those |these |the other |those (?:first|last|other) |these (?:first|last|other) )"
    rf"(?:{_MANY}) (?P<noun>[a-z][\w-]*s)\b(?! (?:of|for|in|from|on|behind|under|that)\b)"
    r"(?! ?[(:`\u2014])",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:tests?|checks|files|times|days|weeks|months|years|hours|minutes|seconds|sessions|commits|jobs|"
    r"platforms|people|users|browsers|runs|retries|attempts)",
    re.IGNORECASE,
)
"""What any project has several of: the number says how many, and no others are meant."""
_ALL_OF = re.compile(
    r"\b(?:all|any|some|most|none|each|much|half|the rest|both|either) of (?:this|that|these|those)\b(?! \w+s\b)",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"^(?:\W*[\w'\u2019]+ ){1,6}?this(?= (?:to|so|for|because|and|but|when|if|as|before|after)\b|[.,;]|$)",
    re.IGNORECASE,
)
"""An object that was told before: `I want to save this to remember it`."""
_THEM = re.compile(r"^[^.;:]{3,70}?\bthem\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?!(?:this|is|was|has|does|us|its|says|lets|less|always|perhaps|yes)\b)\w{2,}[^s\W]s\b|\band\b|[`,]|people",
    re.IGNORECASE,
)
_HERE = re.compile(r"^(?:the|this|these|that) (?:[\w'`()-]+ ){1,4}here\b", re.IGNORECASE)
_FORMER = re.compile(r"^(?:in )?the (?:latter|former)\b(?!-)", re.IGNORECASE)
_PASSED_ON = re.compile(
    r"^(?:when |if |once |because |since )?the (?:returned|resulting|passed(?:-in)?|given|above|following|mentioned|"
    r"corresponding|respective|said|latter|former) [a-z]\w+\b(?! (?:of|from|by|to)\b)",
    re.IGNORECASE,
)
_THE = re.compile(
    r"^(?:(?:when|if|once|because|since|but|and|so|also) )?the "
    r"(?:(?:new|old|whole|entire|main|current|actual|real|other|second|third|fourth|fifth|original|remaining) )?"
    r"(?:approach|argument|bug|case|change|class|document|feature|field|file|fix|function|helper|idea|issue|item|line|"
    r"method|module|object|option|output|package|parameter|plan|problem|refactor|result|script|section|solution|step|"
    r"story|struct|subtest|task|test|text|tone|value|variable|wording)"
    r"(?= (?:is|was|has|had|should|must|can|cannot|could|will|would|may|might|needs?|does|did|now|also|only|still|then|"
    r"never|always|just|already|[a-z]{2,}(?:ed|[^s\W]s)|got|took|broke|came|went|ran|made|kept|lost)\b)"
    r"(?! (?:is|was) (?:that|to|how|because)\b)",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    rf"^(?:(?:when|if|once|because|since|but|and) )?the (?:(?:first|last|next) {_MANY} [a-z]\w*s|"
    r"(?:second|third|fourth|fifth|other|remaining) "
    r"(?!time|run|attempt|call|request|day|week|month|half|one)[a-z]\w+)\b"
    r"(?! (?:of|that|which|to|in|for|after|when)\b)",
    re.IGNORECASE,
)
"""One of several that were told before."""
_BARE = re.compile(
    r"\b(?:sub)?(?:task|ticket|story|epic|item|point|finding|option)s? #?\d[\d.]*\b(?![\w-])"
    r"(?! ?[(:\"\u201c\u2014\u2013-])",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\b(?:complet|finish|clos|implement|done|mark|start|resolv|archiv)\w*\b", re.IGNORECASE)
_NAME = re.compile(
    r"`[^`]+`|\"[^\"]{3,}\"|\u201c[^\u201d]{3,}\u201d|\b[a-z]+_\w+|\b[a-z]+[A-Z]\w+|\b\w+\(\)|[\w-]+(?:/[\w.-]+)+|\b[\w-]+\.[a-z]{2,4}\b|"
    r"\b[A-Z][a-z]+[A-Z]\w+|#\d+|(?<=[a-z,;:] )[A-Z][\w.-]+|--[a-z][\w-]+"
)
"""What names a thing: code, a quotation, a path, an option, a proper name within a sentence."""
_WORD = re.compile(r"[A-Za-z][\w-]+")
_LINKING_WORDS = """
    the and for with from that this these those into onto was were are been has have had did does not but our your its
    their when where which while then than also just very more some any all one two
"""
_LINKS = frozenset(_LINKING_WORDS.split())
_FEW, _CLAUSE = 5, 4
"""Words of content: so many may have named something, so many make a clause."""


@lru_cache(maxsize=16384)
def looseness(text: str) -> int:
    """Return how much a line hangs on what stood around it: STANDS, LEANS, POINTS or HANGS.

    General things that any project has (`the cache`, `the tests`, `this project`) need no name.
    """
    text = LEAD.sub("", text, count=1)
    if any(_points_back(text, found) for found in _THESE.finditer(text)):
        return HANGS
    if _counts(text) or _FORMER.match(text) or _is_here(text):
        return HANGS
    whole = _ALL_OF.search(text) or _THIS.match(text)
    if whole and not _is_told(text[: whole.start() or whole.end()]):
        return HANGS
    return POINTS if _begins_pointing(text) else LEANS if _leans(text) or whole else STANDS


def dangles(text: str) -> bool:
    """Tell whether a line points at something that isn't in it."""
    return looseness(text) >= POINTS


def is_lost(text: str, *, drafted: bool) -> bool:
    """Tell whether a line says nothing away from its place; of what a person wrote, a pronoun may be understood."""
    return looseness(text) >= (POINTS if drafted else HANGS) or (drafted and _SINCE_WHEN.match(text) is not None)


def _begins_pointing(text: str) -> bool:
    them = _THEM.match(text)
    is_unnamed = them is not None and not _SEVERAL.search(them.group())
    clause = _CLAUSE_OF.match(text)
    is_short = clause is not None and len(_content(clause.group().partition(",")[0])) < _CLAUSE
    return is_unnamed or is_short or any(one.match(text) for one in (_LEADING, _THIS_ONE, _ANOTHER))


def _is_here(text: str) -> bool:
    found = _HERE.match(text)
    return found is not None and not _NAME.search(found.group())


def _leans(text: str) -> bool:
    """Tell whether a line only says what sort of thing it speaks of: `the returned object`, `the fix`, `task 12`."""
    if _SINCE_WHEN.match(text) or _HERE.match(text) or _PASSED_ON.match(text):
        return True
    if _THE.match(text) and not _NAME.search(text):
        return True
    bare = _BARE.search(text)
    return bool(bare) and not _CLOSED.search(text) and len(_content(_BARE.sub("", text))) < 2 * _FEW


def _points_back(text: str, found: re.Match[str]) -> bool:
    """Tell whether `this …` has nothing before it that it may mean: a name, the same noun, for a thought a clause."""
    before = text[: found.start()]
    noun = found["noun"].casefold()
    is_plural = text[found.end("noun") : found.end()] != ""
    if (
        is_plural != (found["which"].casefold() in {"these", "those"})
        or noun in before.casefold()
        or _NAME.search(before)
    ):
        return False
    if found["thing"]:
        return len(_content(before)) < 2 * _FEW
    return len(_content(before)) < _CLAUSE


def _counts(text: str) -> bool:
    """Tell whether a line counts what it doesn't name: `all three locations`, `those last two tools`."""
    for found in _ALL.finditer(text):
        before, noun = text[: found.start()].casefold(), found["noun"].casefold().rsplit(" ", 1)[-1].rstrip("s")
        if not (_COUNTED.fullmatch(found["noun"]) or noun in before or _NAME.search(text[: found.start()])):
            return True
    return False


def _is_told(before: str) -> bool:
    """Tell whether what stands before a word that sums up lists or names what is summed up."""
    return bool(_NAME.search(before)) or before.count(",") > 1 or ":" in before


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if len(word) > 2 and word.casefold() not in _LINKS]
