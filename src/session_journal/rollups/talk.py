"""What an assistant says to the one it works for, beside the work: advice, promises, steps, what points elsewhere."""

from __future__ import annotations

import re

_TO_YOU = re.compile(
    r"^(?:(?!when)[^,]{1,160}, )?(?:then |simply |just )?you(?:['\u2019](?:d|ll|re|ve))?\b"
    r"|^(?:if|once|after|to|in case)\b[^,]{0,40}\byou\b|\bif (?:that['\u2019]s what )?you (?:want|like|prefer|need)\b"
    r"|\bas (?:you )?(?:wanted|requested|asked)\b"
    r"|^(?:please|remember to|don['\u2019]t forget|note that you|be sure to|feel free|let me|(?:can|could) you)\b",
    re.IGNORECASE,
)
_STEP = re.compile(r"^(?:\w+,? )?(?:i|we)(?:['\u2019](?:ll|ve|m)| will| have)\b", re.IGNORECASE)
_PROMISE = re.compile(
    r"\bshould (?:now|pass|work|resolve|fix|help|also|be (?:properly|correctly|fixed|resolved))\b", re.IGNORECASE
)
_PRAISE = re.compile(r"\b(?:good|great|excellent|nice) (?:suggestion|idea|question|catch|point)\b", re.IGNORECASE)
_ACT = re.compile(
    r"^(?:(?:Always|Only|Simply|Just|Also|Actually|Correctly|Now) [a-z]+|[A-Z][a-z]+)(?:s|ed)"
    r" (?:(?:the|an?|its?|each|whether)\b|`)"
)
"""A verb without a subject: `Reads the file`; no plural stands before an article."""
_POINTS = re.compile(
    r"^(?:\W*[\w'\u2019]+ ){0,2}(?:it|they|them|he|she)\b(?!\.)"
    r"|\b(?:this|these|those) (?:exact |same |new |old )?(?:approach|bug|case|change|code|command|error|feature"
    r"|file|fix|function|happens|implementation|issue|method|modification|parameter|point|problem|step|subtest|test|update)(?:e?s)?\b"
    r"|\blines? \d|(?<![\w/`&])(?<!PR )(?<!issue )#\d"
    r"|\b(?:option|item|step|observation|point|finding|approach) #?\d",
    re.IGNORECASE,
)
"""What means something only beside what was said around it."""


_REMINDER = re.compile(
    r"^(?:make sure|ensure|be sure|remember|keep in mind|note that)\b"
    r"|\balready\b|\b(?:issue|problem|error)s? persists?\b",
    re.IGNORECASE,
)


def is_advice(text: str) -> bool:
    """Tell whether what a draft has for next time is what an assistant tells its reader to see to, or done."""
    return is_talk(text) or _REMINDER.search(text) is not None


_BESIDE = re.compile(r" \([^()]*\)")


def is_aside(text: str) -> bool:
    """Tell whether a sentence of a conversation speaks to its reader, or means nothing by itself."""
    said = _BESIDE.sub("", text)
    is_torn = text.count('"') % 2 > 0 or text.rstrip().endswith("?")
    return is_torn or any(one.search(said) for one in (_TO_YOU, _PROMISE, _PRAISE, _POINTS))


def is_talk(text: str) -> bool:
    """Tell whether a sentence of a conversation is an aside, or tells of a step and not of the work."""
    return is_aside(text) or _STEP.search(text) is not None or _ACT.search(text) is not None


_TORN = re.compile(
    r",? (?:so|but|and|then|because) (?:if|when|whenever|while|once|since|unless|although|after|before) [^,;:\u2192]+$"
    r"|^(?:since|because|although|while) [^,;:\u2192]+$",
    re.IGNORECASE,
)


def is_torn(text: str) -> bool:
    """Tell whether a sentence ends before its main clause: `It is kept by day, so if the day ends`."""
    return _TORN.search(text.rstrip(".")) is not None
