"""What transcripts show of people and their machines: addresses, numbers, home folders.

Taken out of what programs wrote down; what a person writes into the journal by hand is that person's choice.
"""

from __future__ import annotations

import ipaddress
import re

from session_journal.core.rules import Rule

_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18,
    "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24,
    "XK": 20,
}  # fmt: skip
_NOBODY = re.compile(
    r"(?:git|hg|svn|noreply|no-reply|no_reply|donotreply|do-not-reply|notifications?|x|user|you|me|name|email|someone)@"
    r"|[^@]+@(?:(?:[\w-]+\.)*(?:example|test|invalid|localhost|local)(?:\.[a-z]{2,3})?|users\.noreply\.github\.com"
    r"|(?:noreply|email|domain|yourdomain|company|mail)\.(?:com|org|net|tld)|[0-9.]+.*"
    r"|.*\.(?:png|jpe?g|gif|svg|webp|ico|js|jsx|tsx|json|css|scss|html|service|timer|socket|target|mount|slice|lock"
    r"|yml|yaml|toml|txt|tgz|zip|gz|wasm|local|internal|lan))\Z",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?:version|release|build|ver|rev|revision|tag|upgrade|firmware|driver|package|chrome|v)\W{0,4}\Z|[=~^<>]=\s?\Z"
    r"|[A-Za-z]/\Z|section \Z",
    re.IGNORECASE,
)


def _address(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - 100) : found.start()]
    in_url = "://" in before and not re.search(r"[\s\"'<>]", before.rpartition("://")[2])
    return not in_url and _NOBODY.match(found[0]) is None and ".." not in found[0]


def _public(found: re.Match[str]) -> bool:
    try:
        address = ipaddress.ip_address(found[0])
    except ValueError:
        return False
    if not address.is_global or address.is_multicast:
        return False
    if address.version == 6:
        return True
    before = found.string[max(0, found.start() - 16) : found.start()]
    return _VERSION.search(before) is None and not found[0].endswith(".0.0")


def _card(found: re.Match[str]) -> bool:
    digits = [int(char) for char in found[0] if char.isdigit()]
    doubled = [
        digit if place % 2 else (digit * 2 - 9 if digit > 4 else digit * 2)
        for place, digit in enumerate(reversed(digits), 1)
    ]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1


def _iban(found: re.Match[str]) -> bool:
    code = found[0].replace(" ", "")
    if len(code) != _IBAN_LENGTHS.get(code[:2]):
        return False
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def _number(found: re.Match[str]) -> bool:
    digits = sum(char.isdigit() for char in found["secret"])
    return 7 <= digits <= 15 and not re.search(r"\d{4}-\d{2}-\d{2}|\d\.\d+\.\d+\.\d", found["secret"])


_NOT_IN_NUMBER = r"(?<![\w.+/:=#-])"
_END_OF_NUMBER = r"(?![\w]|[.,:/-]\d|-[A-Za-z])"

PERSONAL: tuple[Rule, ...] = (
    Rule(
        "email",
        (),
        r"(?:(?<![A-Za-z0-9._%+\\-])|(?<=\\[nrt]))[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@"
        r"(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9@-])",
        ("mira.holm", "@", "fastmail.com"),
        "git@github.com:a/b.git, mira@example.org, 1+mira@users.noreply.github.com, icon@2x.png, react@18.2.0",
        before=65,
        reach=255,
        seen=rb"@(?<=[A-Za-z0-9._%+-]@)[A-Za-z0-9][A-Za-z0-9-]{0,62}\.[A-Za-z0-9-]",
        check=_address,
    ),
    Rule(
        "phone",
        (),
        r"(?<![\w.+)-])\+[1-9](?:[ .\-/()]{0,2}[0-9]){7,14}" + _END_OF_NUMBER,
        ("+49 170 ", "1234567"),
        "+0200, +1, x+12345678901, 2026-11-20T10:00:00+02:00, +100 -20",
        reach=40,
        seen=rb"\+(?<![A-Za-z0-9_.+)-]\+)[1-9](?:[ .\-/()]{0,2}[0-9]){3}",
        check=lambda found: bool(re.match(r"\+\d{8,15}\Z|\+\d{1,3}[ .\-/(]", found[0])),
    ),
    Rule(
        "phone",
        (),
        _NOT_IN_NUMBER + r"(?:(?:\+?1[-. ])?(?:\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[-. ]"
        r"|[2-9][0-9]{2}(?P<sep>[-.])[2-9][0-9]{2}(?P=sep))[0-9]{4}"
        r"|0[1-9][0-9]{1,3}[/-][0-9]{6,8}|01[0-9]{3} [0-9]{6}|07[0-9]{3} [0-9]{6}|02[0-9] [0-9]{4} [0-9]{4}"
        r"|0(?:1[5-7][0-9]|30|40|69|89) [0-9]{7,8})" + _END_OF_NUMBER,
        ("(415) ", "555-2671"),
        "2026-11-20, v1.2.3.4, 100-2000, 0644 1048576, 123-45-6789, 0000010 4567 1234, 555.1234",
        before=14,
        reach=12,
        shapes=(b"dddsdddd",),
    ),
    Rule(
        "phone",
        ("phone",),
        r"phone(?:[ _-]?(?:number|no|nr))?[\"'.]{0,2}\s{0,3}[:=]?\s{0,3}[\"'(]{0,2}"
        r"(?P<secret>[+(]?[0-9][0-9 ().\-/]{5,20}[0-9])(?![\w.])",
        ("phone: ", "555 0142 99"),
        "phone: 12, phones = 20261120, phone = 2026-11-20 10",
        ignore_case=True,
        reach=60,
        check=_number,
    ),
    Rule(
        "ip-address",
        (),
        r"(?<![\w.\-])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w-]|\.[0-9A-Za-z])",
        ("52.95.110", ".1"),
        "127.0.0.1 10.1.2.3 192.168.0.1 203.0.113.7 version 1.2.3.4 v4.5.6.7 Chrome/120.1.2.3 1.3.6.1.4.1 ==1.2.3.4",
        before=4,
        reach=20,
        seen=rb"\.(?<=[0-9]\.)[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
        check=_public,
    ),
    Rule(
        "ip-address",
        (),
        r"(?<![\w:.])[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{2,35}[0-9A-Fa-f](?![\w:])",
        ("2a00:1450:4001", ":82a::200e"),
        "::1 fe80::1 2001:db8::1 std::io 14:05:33 2026:11:20",
        before=4,
        reach=46,
        seen=rb":(?<=[23][0-9A-Fa-f]{3}:)[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]",
        check=_public,
    ),
    Rule(
        "credit-card",
        (),
        r"(?<![\w.+-])(?:4[0-9]{3}|5[1-5][0-9]{2}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)|3[47][0-9]{2}"
        r"|6011|65[0-9]{2}|64[4-9][0-9]|35(?:2[89]|[3-8][0-9])|30[0-5][0-9]|3[689][0-9]{2}|62[0-9]{2})"
        r"(?:(?P<gap>[ -]?)[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{4}"
        r"|(?<=3[0-9]{3})[ -]?[0-9]{6}[ -]?[0-9]{4,5})(?![\w-]|\.[0-9])",
        ("4111 1111", " 1111 1111"),
        "4111 1111 1111 1112, 1700000000000, 4111111111111111.5 and a4111111111111111",
        before=6,
        reach=20,
        shapes=(b"dddsdddd", b"dddddddddddddd"),
        check=_card,
    ),
    Rule(
        "iban",
        (),
        r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?)(?![A-Za-z0-9])",
        ("DE89 3704 ", "0044 0532 0130 00"),
        "DE88 3704 0044 0532 0130 00 and AB12 3456",
        reach=40,
        shapes=(b"UUdd",),
        check=_iban,
    ),
    Rule(
        "home-folder",
        ("users", "home"),
        r"(?:(?<![A-Za-z0-9_.~-])|(?<=\\[nrt]))(?:[A-Za-z]:)?(?:\\?/Users|\\?/home|\\{1,4}Users)(?:\\?/|\\{1,4})(?!\.|Shared\b|Public\b|runner\b|linuxbrew\b)"
        r"[^/\\\s\"'<>:;,()\[\]{}`*?|$%]{1,60}",
        ("/ho", "me/mira"),
        "https://example.org/home/page and /Users/Shared/x",
        before=9,
        instead="~",
        reach=70,
        after=(b"/", b"\\"),
    ),
)
"""Rules for transcripts only, beside those of secret_rules.py."""
