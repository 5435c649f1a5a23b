"""Which values beside a credential word are secrets: not placeholders, not code, and with enough entropy."""

from __future__ import annotations

import math
import re

_FILLER = re.compile(
    r"change_?me|change_?it|replace_?me|redacted|removed|hidden|masked|secret|passphrase|password|passwd|token"
    r"|credentials?|api_?key|example|sample|dummy|fake|none|null|nil|true|false|undefined|default|required|optional"
    r"|disabled|enabled|string|bytes|number|boolean|integer|object|todo|fixme|placeholder|unknown|your|testing|test|foobar"
    r"|value|here|goes|x{3,400}|123456|12345|1234|123|insert|enter|paste|generated?|random|strong|invalid|valid|wrong"
    r"|actual|access|client|secure|private|public|variable|admin|prod|staging|local|some|auth|user|root|abc|dev|env|var"
    r"|new|old|long|real|not|set|empty|put|key|app|type|pass|pwd|foo|bar|my|the|a|an"
)
_CODE = re.compile(
    r"[$<{*\[%#@]|\\?\(|(?:os|process|sys|env|config|settings|self|this|ctx|request|req|args|options|opts|props|params"
    r"|secrets|vars|github|import|System|ENV|Deno|Bun)[.\[(:]|(?:https?|file|ssh|git|s3)://|\.{0,2}/[A-Za-z0-9_.~-]+/|~/"
    r"|[A-Za-z]:\\|(?:sha[0-9]{1,3}|md5)[:-]|(?:str|int|bool|bytes|float|Optional|Secret|None|null|undefined)\b",
)
_NAMES = re.compile(r"[A-Za-z]{1,80}(?:(?:->|::|[_.:/\-])[A-Za-z]{1,80}){0,40}[0-9]{0,3}")
_CALL = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*[(\[]")
_NETRC = re.compile(r"(?:machine\s{1,4}[^\s\x00]{1,200}|default)\s{1,20}login\s{1,4}[^\s\x00]{1,200}\s{1,20}\Z")
_NOT_THESE = re.compile(
    r"(?:page|next|continuation|cancell?ation|cancel|public|pub|pagination|design|idempotency|sync|max|min|num|total"
    r"|input|output|prompt|cached?|(?<!ac)count|sort|primary|foreign|partition|cursor|stop|eos|bos|pad|special|non|anti|no"
    r"|without|hash|redaction)[_. -]?$",
    re.IGNORECASE,
)

_KEYS = re.compile(
    r"(?:api|access|secret|private|encryption|encrypt|signing|sign|auth|account|master|service|client|admin|deploy"
    r"|storage|shared|license|jwt|session|webhook|app|application|sas|subscription|functions?|write|ingest|hmac|aes"
    r"|integration|publishing|consumer|bot|server)[_. -]?$",
    re.IGNORECASE,
)


def entropy(value: str) -> float:
    """Return the Shannon entropy of a value in bits a character."""
    total = len(value)
    return -sum(n / total * math.log2(n / total) for n in (value.count(char) for char in set(value)))


def is_placeholder(value: str) -> bool:
    """Tell whether a value stands for a secret instead of being one: `changeme`, `${VAR}`, `<your-key>`, `xxxx`."""
    return (
        "[REDACTED" in value
        or len(set(value)) < 4
        or _is_filler(value)
        or _CODE.match(value) is not None
        or value.endswith(("...", "…"))
    )


def _is_filler(value: str) -> bool:
    """Tell whether nothing is left of a value without the words that placeholders are made of."""
    rest = _FILLER.sub("", value.lower()).strip("._- ")
    return not rest or (rest.isdigit() and len(rest) < 4)


def is_password(found: re.Match[str]) -> bool:
    """Tell whether what stands beside the word password is one: a person may have chosen it, so little is asked."""
    value = _bare(found)
    if len(value) < 6 or is_placeholder(value) or _is_code(found, value):
        return False
    if value.isalpha():
        return not value.islower() and not value[1:].islower() and not value.isupper() and entropy(value) > 3.2
    return _mixed(value) and entropy(value) >= 2.2 and not _is_name(value)


def is_random(found: re.Match[str]) -> bool:
    """Tell whether what stands beside the word key, token or secret is one: those are made by machines."""
    value = _bare(found)
    if len(value) < 10 or is_placeholder(value) or _is_code(found, value) or _NAMES.fullmatch(value):
        return False
    if _NOT_THESE.search(found.string, max(0, found.start() - 24), found.start()):
        return False
    return _mixed(value) and entropy(value) >= (2.8 if len(value) < 20 else 3.0)


def is_key(found: re.Match[str]) -> bool:
    """Tell whether the key is one that opens something (an API key, a signing key) and its value is a secret."""
    before = max(0, found.start() - 16)
    return _KEYS.search(found.string, before, found.start()) is not None and is_random(found)


def is_credential(found: re.Match[str]) -> bool:
    """Tell whether what stands in an authorization header is a credential."""
    value = _bare(found)
    if len(value) < 8 or is_placeholder(value) or _is_code(found, value) or _NAMES.fullmatch(value):
        return False
    return entropy(value) >= 2.5 and (_mixed(value) or (not value.islower() and not value.isupper()))


def is_login(found: re.Match[str]) -> bool:
    """Tell whether what a download's command says after a user's name and a colon is a password."""
    before = found.string[max(0, found.start() - 400) : found.start()].rpartition("\n")[2]
    value = _bare(found)
    return ("curl" in before or "wget" in before) and len(value) >= 3 and not is_placeholder(value)


def is_in_netrc(found: re.Match[str]) -> bool:
    """Tell whether a password stands in a line of .netrc, after the machine and the login."""
    near = found.string[max(0, found.start() - 300) : found.start()]
    return _NETRC.search(near) is not None and not is_placeholder(found["secret"])


def is_cookie(found: re.Match[str]) -> bool:
    """Tell whether a cookie header holds a value."""
    value = found["secret"].partition("=")[2]
    return len(value) >= 6 and not is_placeholder(value.partition(";")[0]) and "[REDACTED" not in value


def _bare(found: re.Match[str]) -> str:
    return found["secret"].strip("\\\"'`")


def _mixed(value: str) -> bool:
    """Tell whether a value has digits and letters, or signs that no word has."""
    digits = any(char.isdigit() for char in value)
    letters = any(char.isalpha() for char in value)
    signs = any(not char.isalnum() and char not in "_-./: " for char in value)
    return (digits and letters) or (signs and letters) or (digits and signs)


def _is_name(value: str) -> bool:
    """Tell whether a value is several words joined: an identifier of some program."""
    return _NAMES.fullmatch(value) is not None and any(sign in value for sign in "_.:/-")


def _is_code(found: re.Match[str], value: str) -> bool:
    """Tell whether the value is a call, an index or an attribute of something; in quotes it is a value."""
    text, end = found.string, found.end("secret")
    if found.start("secret") and text[found.start("secret") - 1] in "\"'`":
        return False
    return text[end : end + 1] in {"(", "["} or _CALL.match(value) is not None
