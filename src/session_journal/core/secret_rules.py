"""The rules of redaction, as data: what each kind of secret looks like, with an example and a counter-example.

These apply to everything that is stored. What else is taken out of transcripts stands in personal_rules.py.
"""

from __future__ import annotations

from session_journal.core.rules import NOT_AFTER, Rule
from session_journal.core.token_rules import TOKENS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

__all__ = ["RULES", "Rule"]

_A = "A1b2C3d4E5"
_HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
_SUFFIX = (
    r"(?:s|_?(?:prod|production|dev|development|test|staging|live|base|value|new|old|default|admin|root|[0-9]{1,3}))?"
)
_SIGN = r"(?:\\{0,3}[\"'`])?\]?\s{0,8}(?:=>|:=|\?=|==?|:)\s{0,8}"
_VALUE = (
    r"(?!\$)(?P<open>\\{0,3}(?P<mark>[\"'`]))?(?P<secret>(?(open)(?![\s+,;)}\]])(?:(?!(?P=mark))[^\n\x1e\\]|\\(?![\"'`nr])){4,400}"
    r"|(?:[^\s\"'`<>(){}\[\],;&\\|\x1e]|&(?![A-Za-z_.-]{1,40}=)){4,400}))"
)
_AT_ONCE = tuple(bytes((code,)) for code in b"\"'\\:=? \t\n\r\v\f\x1c\x1d\x1e\x1f")
"""What can stand between a word and its value; `?` is the ASCII form of all other blanks."""
_IN_XML = r"|>(?=[^<\s]{4,80}</)"


def _private_key(text: str, at: int) -> tuple[int, int] | None:
    if not text.endswith(("PRIVATE KEY", "PuTTY-User-Key"), max(0, at - 11), at + 3):
        return None
    from session_journal.core.key_blocks import find_key  # noqa: PLC0415 - needs `re`, see Rule.regex

    return find_key(text, at)


def _password(found: re.Match[str]) -> bool:
    from session_journal.core.secret_words import is_password  # noqa: PLC0415 - needs `re`, see Rule.regex

    return is_password(found)


def _random(found: re.Match[str]) -> bool:
    from session_journal.core.secret_words import is_random  # noqa: PLC0415

    return is_random(found)


def _key(found: re.Match[str]) -> bool:
    from session_journal.core.secret_words import is_key  # noqa: PLC0415

    return is_key(found)


def _credential(found: re.Match[str]) -> bool:
    from session_journal.core.secret_words import is_credential  # noqa: PLC0415

    return is_credential(found)


def _twilio(found: re.Match[str]) -> bool:
    return "twilio" in found.string[max(0, found.start() - 30) : found.start()].lower()


def _netrc(found: re.Match[str]) -> bool:
    from session_journal.core.secret_words import is_in_netrc  # noqa: PLC0415

    return is_in_netrc(found)


def _login(found: re.Match[str]) -> bool:
    from session_journal.core.secret_words import is_login  # noqa: PLC0415

    return is_login(found)


def _cookie(found: re.Match[str]) -> bool:
    from session_journal.core.secret_words import is_cookie  # noqa: PLC0415

    return is_cookie(found)


# The examples are joined from parts, so that secret scanners do not take this file for a leak.
RULES: tuple[Rule, ...] = (
    # Whole blocks: core/key_blocks.py finds where they begin and end.
    Rule(
        "private-key",
        ("key",),
        "",
        ("-----BEGIN RSA PRIV", "ATE KEY-----\nMIIEow", "IBAAKCAQEA\n-----END RSA PRIV", "ATE KEY-----"),
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBg\n-----END PUBLIC KEY-----",
        finder=_private_key,
    ),
    *TOKENS,
    Rule(
        "aws-secret",
        ("secret", "token"),
        r"(?:secret_?access_?key|(?<=aws_)secret_key|(?<=session_)token|(?<=session)token)[\"'\\]{0,4}\s{0,5}[:=]\s{0,5}[\"'\\]{0,4}"
        r"(?P<secret>[A-Za-z0-9/+=]{40,1200})(?![A-Za-z0-9/+=])",
        ("aws_secret", "_access_key = ", (_A * 4)),
        "aws_secret_access_key = $AWS_SECRET",
        ignore_case=True,
        assigned=True,
        after=(*_AT_ONCE, b"a", b"_"),
        reach=1300,
    ),
    Rule(
        "twilio-token",
        ("token",),
        r"token[\"'\\]{0,4}\s{0,5}[:=]\s{0,5}[\"'\\]{0,4}(?P<secret>[0-9a-f]{32})" + NOT_AFTER,
        ("TWILIO_AUTH", "_TOKEN=", _HEX),
        "TWILIO_AUTH_TOKEN=$TOKEN",
        ignore_case=True,
        assigned=True,
        after=_AT_ONCE,
        check=_twilio,
    ),
    Rule(
        "slack-webhook",
        ("hook",),
        r"hooks\.slack\.com(?:\\?/)(?:services|workflows|triggers)(?:\\?/)(?P<secret>[A-Za-z0-9/\\_-]{20,200})",
        ("https://hooks.", "slack.com/services/T0AAAAAAA/B0AAAAAAA/", _A * 2),
        "https://hooks.slack.com/services/",
        after=(b"s.slack.",),
    ),
    Rule(
        "discord-webhook",
        ("hook",),
        r"(?<=web)hooks(?:\\?/)(?P<secret>[0-9]{15,20}(?:\\?/)[A-Za-z0-9_-]{40,100})",
        ("https://disc", "ord.com/api/webhooks/", "123456789012345678/", _A * 6),
        "https://discord.com/api/webhooks/ID",
        after=(b"s/", b"s\\"),
    ),
    Rule(
        "teams-webhook",
        ("hook",),
        r"(?<=web)hook\.office\.com/(?P<secret>webhookb2/[A-Za-z0-9@/-]{60,300})",
        ("https://acme.webhook.", "office.com/webhookb2/", _HEX, "/IncomingWebhook/", _HEX),
        "https://acme.webhook.office.com/",
        after=(b".office.",),
    ),
    Rule(
        "authorization",
        ("auth",),
        r"authorization[\"'\\]{0,4}\s{0,5}[:=]\s{0,5}[\"'\\]{0,4}(?:(?:bearer|basic|token|digest|apikey|negotiate|bot)"
        r"\s{1,5})?(?P<secret>(?!(?:bearer|basic|token|digest|apikey|negotiate|bot)\b)[A-Za-z0-9+/=_.~:-]{8,4000})",
        ("Authorization: ", "Bearer ", _A * 2),
        "Authorization: Bearer $TOKEN",
        ignore_case=True,
        assigned=True,
        reach=4200,
        check=_credential,
    ),
    Rule(
        "bearer-token",
        ("bearer ",),
        r"bearer\s{1,3}(?P<secret>(?=[A-Za-z_.~+/-]{0,40}[0-9])[A-Za-z0-9_.~+/-]{20,4000}={0,3})",
        ("Bearer ", _A * 3),
        "the bearer token-is-a-hyphenated-long-word",
        ignore_case=True,
        reach=4200,
        check=_credential,
    ),
    Rule(
        "cookie",
        ("cookie",),
        r"cookie[\"'\\]{0,4}\s{0,3}:\s{0,3}[\"'\\]{0,4}"
        r"(?P<secret>[A-Za-z0-9_.%!#$&*+^|~-]{1,80}=[^\s;\"'\\]{1,4000}(?:;\s{0,2}[^\s;\"'\\]{1,4000}){0,60})",
        ("Cook", "ie: sid=", _A * 2, "; theme=dark"),
        "Cookie: $COOKIE and cookie: use SameSite=Lax; Set-Cookie: a=<value>",
        ignore_case=True,
        assigned=True,
        reach=4200,
        check=_cookie,
    ),
    Rule(
        "basic-login",
        ("-u",),
        r"-u(?:ser)?[ =]{0,2}[\"'\\]{0,4}[^\s:\"'$<{\\]{1,64}:(?P<secret>[^\s\"'\\]{3,120})",
        ("cu", "rl -u mira:", "hunter2hunter2", " https://example.org"),
        "curl -u $USER:$PASS https://example.org, curl -u mira https://x and docker run -u 1000:1000 x",
        check=_login,
    ),
    Rule(
        "login-file",
        ("pass",),
        r"password\s{1,4}(?P<secret>[^\s\\]{3,200})",
        ("mach", "ine api.example.org login mira password ", "hunter2hunter2"),
        "the machine api login is not a password line",
        check=_netrc,
    ),
    Rule(
        "url-password",
        ("://",),
        r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s/:@\"'<>`\\\[\]]{0,80}:"
        r"(?P<secret>(?![$<{*\[%])[^\s/\"'<>`\x1e]{1,200})@(?=[A-Za-z0-9\[$])",
        ("postgres://app:", "hunter2", "@db.example.org/app"),
        "https://example.org:8080/a@b and postgres://app:$PASS@db",
        before=22,
        reach=300,
        near=b"@",
    ),
    Rule(
        "url-token",
        ("://",),
        r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}://(?P<secret>(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{20,200})(?::x-oauth-basic)?@(?=[A-Za-z0-9])",
        ("https://", _HEX, "@git.example.org/x"),
        "https://some-long-user-name-here@example.org",
        before=22,
        reach=300,
        near=b"@",
    ),
    Rule(
        "url-signature",
        ("sig",),
        r"[?&](?:x-amz-|x-goog-)?sig(?:nature)?=(?P<secret>[A-Za-z0-9%+/=_-]{20,600})",
        ("https://example.org/x?se=2026&", "sig=", _A * 3),
        "https://example.org/x?sig=short and signature=f(x)",
        before=8,
        reach=640,
        ignore_case=True,
        assigned=True,
    ),
    Rule(
        "password",
        ("pass", "pwd"),
        r"(?:passw(?:or)?d|passphrase|(?<![A-Za-z])pwd|(?<![A-Za-z])pass(?==))"
        + _SUFFIX
        + r"(?:"
        + _SIGN
        + r"|\s{1,4}(?=\\{0,3}[\"'])|(?<=-password)\s{1,4}|(?<=-passwd)\s{1,4}|(?<=-passphrase)\s{1,4}"
        + r"|\s{1,3}is:?\s{1,3}"
        + _IN_XML
        + ")"
        + _VALUE,
        ("Server=db;User Id=app;", "Password=", "hunter2hunter2", ";"),
        "password=$DB_PASSWORD and set password = input(); password: str, password = changeme",
        ignore_case=True,
        assigned=True,
        check=_password,
    ),
    Rule(
        "cli-password",
        ("mysql", "pass"),
        r"(?:(?<=ssh)pass -p ?[\"']?|mysql(?:dump|admin)?\s[^\n\x1e]{0,200}?(?<=\s)-p[\"']?)"
        r"(?P<secret>[^\s\"'$<\x1e-][^\s\"'\x1e]{3,80})",
        ("mys", "ql -u root -p", "hunter2hunter2", " shop"),
        "mysql -u root -p shop",
        check=_password,
    ),
    Rule(
        "api-key",
        ("key",),
        "key" + _SUFFIX + "(?:" + _SIGN + r"|(?<=-key)\s{1,4}" + _IN_XML + ")" + _VALUE,
        ("MAPS_API", "_KEY=", _A * 3),
        "api_key = get_api_key_from_environment_2(settings); cache_key: a1b2c3d4e5f6a7b8; keyboard=a1b2c3d4e5f6",
        ignore_case=True,
        assigned=True,
        check=_key,
    ),
    Rule(
        "token",
        ("token", "auth"),
        "(?:token|(?<=_)auth)" + _SUFFIX + "(?:" + _SIGN + r"|(?<=-token)\s{1,4}" + _IN_XML + ")" + _VALUE,
        ("DEPLOY_", "TOKEN=", _A * 2),
        "token = next_token(stream); max_tokens: 4096, page_token=abc1def2ghi3, token: Optional[str]",
        ignore_case=True,
        assigned=True,
        check=_random,
    ),
    Rule(
        "secret",
        ("secret", "credential"),
        "(?:secret|credential)" + _SUFFIX + "(?:" + _SIGN + r"|(?<=-secret)\s{1,4}" + _IN_XML + ")" + _VALUE,
        ("app_", "secret: ", _A * 2),
        "secret: ${APP_SECRET}; client_secret = os.environ['CLIENT_SECRET_2']; secret_name: app-secret-1",
        ignore_case=True,
        assigned=True,
        check=_random,
    ),
)
