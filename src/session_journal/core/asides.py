"""What an assistant says to the one it works for, beside the work: courtesies, promises, reminders, steps, pointers."""

from __future__ import annotations

from session_journal.core import lazy_re as re

_COURTESY = re.compile(
    r"(?:thank(?:s| you)\b|you(?:'re| are) (?:absolutely |quite )?(?:right|correct|welcome)\b|"
    r"(?:i(?:'m| am)? )?sorry\b|"
    r"i (?:sincerely )?apologi[sz]e\b|(?:my )?apologies\b|(?:certainly|absolutely|of course|sure)\b[!,.]|"
    r"(?:(?:that|this)(?:'s| is) )?(?:an? )?(?:very )?(?:good|great|excellent|nice) "
    r"(?:suggestion|idea|question|catch|point)\b|"
    r"(?:please |do )?(?:feel free|don'?t hesitate|let me know)\b|(?:if so, |can you )please\b|"
    r"you(?:'ve)? rais(?:e|ed) an? (?:very )?(?:excellent|good|great|valid|important)\b|"
    r"(?:to [^,]{3,60}, )?(?:could you )?please (?:add|share|provide|confirm|let|tell|paste|try|specify|clarify)\b|"
    r".{0,120}\bthere'?s no need (?:for|to)\b.{0,40}\b(?:block|change|edit|modif\w+)\b|"
    r"if you (?:can|could) (?:share|provide|send|paste|add)\b|"
    r"if you(?:'d|'re| would| need| want| have| run| encounter|'ve)\b.{0,120}"
    r"\b(?:feel free|let me know|please (?:ask|share|provide|let|specify)|i(?:'d| would|'ll| can| will) |"
    r"you(?:'ll| will| should| can| may| could)? (?:need to |have to )?"
    r"(?:(?:share|provide|send|paste)\b|(?:add|give) (?:\w+ ){1,3}(?:files?|contents?|chat)\b))|"
    r".{0,120}\b(?:share|paste|post|send)(?: me| us)? (?:the|your|any|its) (?:\w+ )?"
    r"(?:outputs?|results?|errors?|logs?)\b|"
    r"(?:is there anything|would you like|do you want|shall i|should i)\b.{0,120}\?|"
    r"to (?:provide|give|help|assist|better|proceed)\b[^,]{0,80}, (?:i|we)(?:'d|'ll| would| will)?(?: also)? need\b|"
    r"(?:apparently |it (?:seems|appears|looks like) (?:that )?)?(?:the|your) (?:last|previous) message\b|"
    r"(?:the|your) (?:\w+ )?(?:contents?|files?|code|snippets?|text|outputs?|errors?|logs?|diff) (?:that )?"
    r"you(?:'ve| have)? (?:just )?(?:shared|provided|pasted|given|sent)\b)",
    re.IGNORECASE,
)
"""What is said to whom one talks, of the talk itself."""
_PROMISE = re.compile(
    r"^(?:(?:this|these|it|that|which)(?: [\w`*/-]+){0,4}|(?:the|your|all) [\w` ]{3,40}?) should "
    r"(?:(?:now|also|still|no longer|then|correctly|properly) )*"
    r"(?:(?:be )?(?:able to|fixed|resolved|gone|working|available)|remain|work|pass|run|match|fix|resolve|solve|"
    r"address|catch|check|cover|reflect|verify|handle|prevent|allow|help|give|make|provide|improve|eliminate|ensure|"
    r"behave|display|show|produce|look|see)\b"
    r"|^(?!.*\bbecause\b.* should ).*(?<!\bwe)(?<!\byou)(?<!\bi) should "
    r"(?:now|pass|work|resolve|fix|help|be (?:properly|correctly|fixed|resolved))\b",
    re.IGNORECASE,
)
"""What is expected of a change and was not seen."""
_REMINDER = re.compile(r"(?:please )?(?:make sure|remember to|don'?t forget to|ensure|be sure)\b", re.IGNORECASE)
_EACH_TIME = re.compile(r"\b(?:before|after|when(?:ever)?|each|every|always|never)\b", re.IGNORECASE)
"""What makes a reminder a rule for more than the code beside it."""
_NOTE = re.compile(r"(?:please )?(?:note|keep in mind|be aware|remember that)\b", re.IGNORECASE)
_ALREADY = re.compile(r"\balready\b|\b(?:issue|problem|error)s? persists?\b", re.IGNORECASE)
DOES = (
    r"(?:add|allow|append|appl|assign|avoid|build|calculat|call|captur|catch|chang|check|clean|combin|comput|configur|"
    r"confirm|convert|count|cover|creat|defin|dispatch|display|distinguish|enabl|ensur|extract|filter|find|format|"
    r"generat|get|handl|ignor|implement|import|improv|includ|initiali[sz]|iterat|join|keep|load|log|loop|mak|map|match|"
    r"mock|modif|mov|open|output|pad|pars|pass|prevent|print|process|provid|rais|read|remov|renam|replac|return|run|"
    r"sav|search|send|separat|set|show|simplif|simulat|sort|split|start|stor|structur|support|tak|track|updat|us|"
    r"validat|verif|wrap|writ)(?:e?s|ies)\b"
)
"""A pattern of the verbs that tell what some code does."""
_NO_SUBJECT = re.compile(
    r"(?:\w+ly |also |always |only |just |then |now )?(?!(?:updates|changes|calls) (?:to|in)\b)"
    rf"(?:{DOES}(?! (?:of|for|are|is|was|were|can|will|would|should|must|may|have|had|do|did|failed|passed)\b)|"
    r"(?!(?:as|is|was|has|does|this|thus|its|his|plus|perhaps|yes|besides|across|towards|versus|always|sometimes|"
    r"whereas|minus|afterwards)\b)[a-z]+[a-rt-z]s (?:the|an?|its|each|whether|every|all)\b)",
    re.IGNORECASE,
)
_DID = re.compile(r"(?:(?:\w+ly|also|just|now) )?[a-z]+ed (?:(?:the|an?|its?|each|whether)\b|`)", re.IGNORECASE)
_TO_YOU = re.compile(
    r"^(?:(?!when)[^,]{1,160}, )?(?:then |simply |just )?you(?:'(?:d|ll|re|ve))?\b"
    r"|^(?:if|once|after|to|in case)\b[^,]{0,40}\byou\b|\bif (?:that's what )?you (?:want|like|prefer|need)\b"
    r"|\bas (?:you )?(?:wanted|requested|asked)\b|^(?:please|let me|(?:can|could) you)\b",
    re.IGNORECASE,
)
_STEP = re.compile(r"^(?:\w+,? )?(?:i|we)(?:'(?:ll|ve|m)| will| have)\b", re.IGNORECASE)
_POINTS = re.compile(
    r"^(?:\W*[\w']+ ){0,2}(?:it|they|them|he|she)\b(?!\.)|^to \w+ th(?:is|at|ese|ose)\b"
    r"|\b(?:this|these|those) (?:exact |same |new |old )?(?:approach|bug|case|change|code|command|error|feature"
    r"|file|fix|function|happens|implementation|issue|method|modification|parameter|point|problem|step|subtest|test|update)(?:e?s)?\b"
    r"|\blines? \d|(?<![\w/`&])(?<!PR )(?<!issue )#\d"
    r"|\b(?:option|item|step|observation|point|finding|approach) #?\d",
    re.IGNORECASE,
)
"""What means something only beside what was said around it."""
_BESIDE = re.compile(r" \([^()]*\)")
_TORN = re.compile(
    r",? (?:so|but|and|then|because) (?:if|when|whenever|while|once|since|unless|although|after|before) [^,;:\u2192]+$"
    r"|^(?:since|because|although|while) [^,;:\u2192]+$",
    re.IGNORECASE,
)


def is_courtesy(text: str) -> bool:
    """Tell whether a statement is said to whom one talks, of the talk itself."""
    return _COURTESY.match(_straight(text)) is not None


def is_promise(text: str) -> bool:
    """Tell whether a statement says what is expected of a change and was not seen."""
    return _PROMISE.search(text) is not None


def is_reminder(text: str) -> bool:
    """Tell whether a statement reminds its reader of something to do this once; a rule says when to do it again."""
    return _REMINDER.match(_straight(text)) is not None and _EACH_TIME.search(text) is None


def is_each_time(text: str) -> bool:
    """Tell whether a statement holds for more than the code beside it."""
    return _EACH_TIME.search(text) is not None


def is_note(text: str) -> bool:
    """Tell whether a statement only points its reader to something."""
    return _NOTE.match(text) is not None


def lacks_subject(text: str) -> bool:
    """Tell whether a statement begins with what some code does, as in a list; no plural stands before an article."""
    return _NO_SUBJECT.match(text) is not None


def is_aside(text: str) -> bool:
    """Tell whether a sentence of a conversation speaks to its reader, or means nothing by itself."""
    said = _straight(_BESIDE.sub("", text))
    is_cut = text.count('"') % 2 > 0 or text.rstrip().endswith("?")
    is_said = is_courtesy(said) or is_promise(said) or is_reminder(said)
    return is_cut or is_said or _TO_YOU.search(said) is not None or _POINTS.search(said) is not None


def is_talk(text: str) -> bool:
    """Tell whether a sentence of a conversation is an aside, or tells of a step and not of the work."""
    is_step = _STEP.search(_straight(text)) or _DID.match(text)
    return is_aside(text) or is_step is not None or lacks_subject(text)


def is_advice(text: str) -> bool:
    """Tell whether what a draft has for next time is what an assistant tells its reader to see to, or done."""
    return is_talk(text) or is_note(text) or _ALREADY.search(text) is not None


def is_torn(text: str) -> bool:
    """Tell whether a sentence ends before its main clause: `It is kept by day, so if the day ends`."""
    return _TORN.search(text.rstrip(".")) is not None


def _straight(text: str) -> str:
    return text.replace("\u2019", "'")
