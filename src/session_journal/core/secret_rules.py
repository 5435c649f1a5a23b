"""The rules of redaction, as data: what each kind of secret looks like, with an example and a counter-example."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re


class Rule:
    """One kind of secret: keywords that any text holding it must contain, and the pattern that finds it.

    Where the pattern has a group named `secret`, that group alone is replaced. `before` is how many characters a match
    can begin before its keyword; the pattern is tried around keywords only, never over the whole text.
    `ignore_case` lets the keywords be looked up in the lowered text.
    """

    __slots__ = ("_compiled", "before", "counterexample", "example", "ignore_case", "keywords", "kind", "pattern")

    def __init__(
        self,
        kind: str,
        keywords: tuple[str, ...],
        pattern: str,
        example: tuple[str, ...],
        counterexample: str,
        *,
        before: int = 0,
        ignore_case: bool = False,
    ) -> None:
        self.kind = kind
        self.keywords = keywords
        self.pattern = pattern
        self.example = "".join(example)
        self.counterexample = counterexample
        self.before = before
        self.ignore_case = ignore_case
        self._compiled: re.Pattern[str] | None = None

    def regex(self) -> re.Pattern[str]:
        """Return the compiled pattern; it is compiled when a keyword is met for the first time."""
        if self._compiled is None:
            import re  # noqa: PLC0415 - most texts hold no keyword, and a commit must not wait for this

            self._compiled = re.compile(self.pattern, re.IGNORECASE if self.ignore_case else 0)
        return self._compiled


_A = "A1b2C3d4E5"
_HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
_NOT_BEFORE = r"(?<![A-Za-z0-9_])"
_NOT_AFTER = r"(?![A-Za-z0-9_])"

# The examples are joined from parts, so that secret scanners do not take this file for a leak.
RULES: tuple[Rule, ...] = (
    Rule(
        "private-key",
        ("-----BEGIN ",),
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE "
        r"KEY(?: BLOCK)?-----|\Z)",
        ("-----BEGIN RSA PRIV", "ATE KEY-----\nMIIEow", "IBAAKCAQEA\n-----END RSA PRIV", "ATE KEY-----"),
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBg\n-----END PUBLIC KEY-----",
    ),
    Rule(
        "github-token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        _NOT_BEFORE + r"(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255})",
        ("gh", "p_", _A * 4),
        "ghp_short and gho_example are no tokens",
    ),
    Rule(
        "gitlab-token",
        ("glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "gloas-"),
        _NOT_BEFORE + r"(?:glpat|gldt|glrt|glptt|glcbt|gloas)-[A-Za-z0-9_.-]{18,}",
        ("gl", "pat-", _A * 2),
        "glpat-YOUR",
    ),
    Rule(
        "aws-key",
        ("AKIA", "ASIA", "ABIA", "ACCA"),
        _NOT_BEFORE + r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}" + _NOT_AFTER,
        ("AK", "IA", "Q3EGRTGHJK2LMN4P"),
        "AKIA is the prefix; EURASIA is a place",
    ),
    Rule(
        "aws-secret",
        ("secret_access_key", "secretaccesskey", "aws_secret_key"),
        r"(?:secret_?access_?key|"
        r"aws_secret_key)[\"']?\s{0,5}[:=]\s{0,5}[\"']?(?P<secret>[A-Za-z0-9/+=]{40})(?![A-Za-z0-9/+=])",
        ("aws_secret", "_access_key = ", (_A * 4)),
        "aws_secret_access_key = $AWS_SECRET",
        ignore_case=True,
    ),
    Rule(
        "anthropic-key",
        ("sk-ant-",),
        _NOT_BEFORE + r"sk-ant-[A-Za-z0-9_-]{20,}",
        ("sk-", "ant-api03-", _A * 4),
        "sk-ant-... goes here",
    ),
    Rule(
        "openai-key",
        ("sk-",),
        _NOT_BEFORE
        + r"sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,}|"
        + _NOT_BEFORE
        + r"sk-(?=[A-Za-z]*[0-9])[A-Za-z0-9]{32,}"
        + _NOT_AFTER,
        ("sk-", "proj-", _A * 4),
        "task-management and sk-learn-contrib-package-of-some-length",
    ),
    Rule(
        "google-key",
        ("AIza", "GOCSPX-", "ya29."),
        _NOT_BEFORE + r"(?:AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])|GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{30,})",
        ("AI", "za", (_A * 4)[:35]),
        "AIza is how they begin",
    ),
    Rule(
        "slack-token",
        ("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe", "xapp-"),
        _NOT_BEFORE + r"(?:xox[bpars]-[A-Za-z0-9-]{16,}|xoxe(?:\.xox[bp])?-[A-Za-z0-9-]{16,}|"
        r"xapp-[0-9]-[A-Za-z0-9-]{16,})",
        ("xo", "xb-", "123456789012-", _A * 2),
        "xoxb-token",
    ),
    Rule(
        "slack-webhook",
        ("hooks.slack.com",),
        r"hooks\.slack\.com/(?:services|workflows)/(?P<secret>[A-Za-z0-9/_-]{20,})",
        ("https://hooks.", "slack.com/services/T0AAAAAAA/B0AAAAAAA/", _A * 2),
        "https://hooks.slack.com/services/",
    ),
    Rule(
        "discord-webhook",
        ("discord.com/api/webhooks/", "discordapp.com/api/webhooks/"),
        r"discord(?:app)?\.com/api/webhooks/(?P<secret>[0-9]{15,20}/[A-Za-z0-9_-]{40,})",
        ("https://disc", "ord.com/api/webhooks/", "123456789012345678/", _A * 6),
        "https://discord.com/api/webhooks/ID",
    ),
    Rule(
        "stripe-key",
        ("sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"),
        _NOT_BEFORE + r"(?:[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,})",
        ("sk_", "live_", _A * 2),
        "sk_test_ is the prefix of task_test_runner",
    ),
    Rule(
        "npm-token",
        ("npm_",),
        _NOT_BEFORE + r"npm_[A-Za-z0-9]{36}" + _NOT_AFTER,
        ("np", "m_", (_A * 4)[:36]),
        "npm_config_registry and npm_lifecycle_event",
    ),
    Rule(
        "pypi-token",
        ("pypi-AgE",),
        _NOT_BEFORE + r"pypi-AgE[A-Za-z0-9_-]{50,}",
        ("py", "pi-AgE", _A * 6),
        "pypi-publish",
    ),
    Rule(
        "huggingface-token",
        ("hf_",),
        _NOT_BEFORE + r"hf_[A-Za-z]{30,}" + _NOT_AFTER,
        ("h", "f_", "AbCdEfGhIj" * 4),
        "hf_hub_download and hf_transformers",
    ),
    Rule(
        "sendgrid-key",
        ("SG.",),
        _NOT_BEFORE + r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}",
        ("SG", ".", _A * 2, ".", _A * 4),
        "SG.short.one",
    ),
    Rule("twilio-key", ("SK",), _NOT_BEFORE + r"SK[0-9a-f]{32}" + _NOT_AFTER, ("S", "K", _HEX), "SKIPPED and TASK"),
    Rule(
        "twilio-token",
        ("twilio",),
        r"twilio[a-z_]{0,30}token[\"']?\s{0,5}[:=]\s{0,5}[\"']?(?P<secret>[0-9a-f]{32})" + _NOT_AFTER,
        ("TWILIO_AUTH", "_TOKEN=", _HEX),
        "TWILIO_AUTH_TOKEN=$TOKEN",
        ignore_case=True,
    ),
    Rule(
        "digitalocean-token",
        ("dop_v1_", "doo_v1_", "dor_v1_"),
        _NOT_BEFORE + r"do[opr]_v1_[0-9a-f]{64}",
        ("do", "p_v1_", _HEX * 2),
        "dop_v1_TOKEN",
    ),
    Rule(
        "shopify-token",
        ("shpat_", "shpca_", "shppa_", "shpss_"),
        _NOT_BEFORE + r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
        ("shp", "at_", _HEX),
        "shpat_token",
    ),
    Rule(
        "linear-key", ("lin_api_",), _NOT_BEFORE + r"lin_api_[A-Za-z0-9]{32,}", ("lin", "_api_", _A * 4), "lin_api_key"
    ),
    Rule("groq-key", ("gsk_",), _NOT_BEFORE + r"gsk_[A-Za-z0-9]{40,}", ("gs", "k_", _A * 5), "gsk_text_view_new"),
    Rule("xai-key", ("xai-",), _NOT_BEFORE + r"xai-[A-Za-z0-9]{40,}", ("xa", "i-", _A * 6), "xai-explainability"),
    Rule("databricks-token", ("dapi",), _NOT_BEFORE + r"dapi[0-9a-f]{32}", ("da", "pi", _HEX), "dapifestival"),
    Rule(
        "vault-token", ("hvs.", "hvb."), _NOT_BEFORE + r"hv[sb]\.[A-Za-z0-9_-]{24,}", ("hv", "s.", _A * 3), "hvs.token"
    ),
    Rule(
        "docker-token",
        ("dckr_pat_",),
        _NOT_BEFORE + r"dckr_pat_[A-Za-z0-9_-]{24,}",
        ("dckr", "_pat_", _A * 3),
        "dckr_pat_x",
    ),
    Rule(
        "age-key",
        ("AGE-SECRET-KEY-1",),
        r"AGE-SECRET-KEY-1[0-9A-Z]{50,}",
        ("AGE-SECRET", "-KEY-1", "QPZRY9X8GF" * 6),
        "AGE-SECRET-KEY-1",
    ),
    Rule(
        "jwt",
        ("eyJ",),
        _NOT_BEFORE + r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?",
        ("ey", "JhbGciOiJIUzI1NiJ9.", "ey", "JzdWIiOiIxMjM0NTY3ODkwIn0.", _A * 4),
        "eyJhbGciOiJIUzI1NiJ9 alone is a header",
    ),
    Rule(
        "authorization",
        ("authorization",),
        r"authorization[\"']{0,2}\s{0,5}[:=]\s{0,5}[\"']{0,2}(?:(?:bearer|basic|token|digest|"
        r"apikey)\s{1,5})?(?P<secret>(?!(?:bearer|basic|token|digest|"
        r"apikey)\b)(?=[^\s\"'\\]{0,60}[0-9])[A-Za-z0-9+/=_.~:-]{12,})",
        ("Authorization: ", "Bearer ", _A * 2),
        "Authorization: Bearer $TOKEN",
        ignore_case=True,
    ),
    Rule(
        "bearer-token",
        ("bearer ",),
        r"bearer\s{1,3}(?P<secret>(?=[A-Za-z_.~+/-]{0,40}[0-9])[A-Za-z0-9_.~+/-]{20,}=*)",
        ("Bearer ", _A * 3),
        "the bearer token-is-a-hyphenated-long-word",
        ignore_case=True,
    ),
    Rule(
        "url-password",
        ("://",),
        r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s/:@\"'<>`]{0,80}:(?P<secret>(?![$<{*\[%])[^\s/@\"'<>`]{1,200})@(?=[A-Za-z0-9\[])",
        ("postgres://app:", "hunter2", "@db.example.org/app"),
        "https://example.org:8080/a@b and postgres://app:$PASS@db",
        before=22,
    ),
    Rule(
        "password",
        ("password=", "pwd=", "accountkey=", "sharedaccesskey="),
        r"(?:;|^|\s|[\"'])(?:password|pwd|accountkey|"
        r"sharedaccesskey)=(?P<secret>(?![$<{*\[%])[^\s;\"'<>,)]{4,200})(?=;|[\"']|\s*$)",
        ("Server=db;User Id=app;", "Password=", "hunter2hunter2", ";"),
        "password=$DB_PASSWORD and set password = input()",
        before=1,
        ignore_case=True,
    ),
    Rule(
        "api-key",
        ("api_key", "api-key", "apikey", "secret_key", "secret-key", "client_secret", "access_token", "auth_token"),
        r"(?<![A-Za-z])(?:[A-Za-z0-9]{1,20}[_-]){0,4}(?:api[_-]?key|secret[_-]key|client[_-]secret|"
        r"access[_-]token|auth[_-]token)[\"']?\s{0,5}(?:=|:|"
        r"=>)\s{0,5}[\"']?(?P<secret>(?=[A-Za-z_+/=-]{0,40}[0-9])(?=[0-9_+/=-]{0,40}[A-Za-z])[A-Za-z0-9_+/=-]{20,200})(?![A-Za-z0-9_+/=.(-])",
        ("MAPS_API", "_KEY=", _A * 3),
        "api_key = get_api_key_from_environment_2(settings)",
        before=84,
        ignore_case=True,
    ),
)
