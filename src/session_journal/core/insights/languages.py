"""What people say in many languages that is no request: consent, going on, greetings, courtesies; and how long it is.

English is read closely. In other languages only what is said alike by everybody is known; the rest is kept as it is.
"""

from __future__ import annotations

from session_journal.core import lazy_re as re

_NO_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
"""Letters of scripts that put no blanks between words."""

SENTENCE = re.compile(r"(?<=[。！？；])\s*(?=\S)")
"""Where a sentence ends without a blank after it."""


def units(text: str) -> int:
    """Return how many words a text has; where a script puts no blanks between them, two letters count as one."""
    if text.isascii():
        return len(text.split())
    return len(_NO_BLANKS.sub(" ", text).split()) + (len(_NO_BLANKS.findall(text)) + 1) // 2


_COMMON = frozenset(
    [
        *("the", "to", "of", "and", "is", "it", "for", "with", "that", "this", "we", "you", "i", "be", "not", "on"),
        *("are", "can", "should", "have", "has", "our", "my", "your", "please", "how", "what", "why", "when", "where"),
        *("if", "but", "or", "from", "by", "as", "at", "all", "do", "does", "did", "there", "these", "those", "which"),
        *("into", "need", "want", "make", "add", "fix", "use", "a", "an", "it's", "don't", "let's", "its", "then"),
    ]
)
_FOREIGN = frozenset(
    [
        *("der", "die", "das", "und", "ist", "nicht", "ein", "eine", "mit", "für", "den", "dem", "bitte", "wie", "ich"),
        *("el", "la", "los", "las", "de", "que", "en", "un", "una", "por", "para", "con", "del", "como", "y", "es"),
        *("le", "les", "des", "du", "et", "est", "une", "pour", "dans", "avec", "pas", "sur", "ce", "je", "il", "che"),
        *("não", "uma", "os", "com", "em", "di", "per", "non", "sono", "het", "een", "van", "voor", "niet", "że"),
        *("się", "jak", "czy", "nie", "na", "w", "z", "o", "av", "och", "att", "det", "som", "bir", "ve", "bu", "için"),
    ]
)


_WORD = re.compile(r"(?<![-/\w.])[^\W\d_][\w'’]*")


def is_english(text: str) -> bool:
    """Say whether a text is not plainly in another language: short commands and names count as English."""
    text = text[:600]
    letters = [] if text.isascii() else [letter for letter in text if letter.isalpha()]
    if sum(not letter.isascii() for letter in letters) > 0.2 * len(letters):
        return False
    words = _WORD.findall(text.lower().replace("’", "'"))
    return sum(word in _FOREIGN for word in words) <= sum(word in _COMMON for word in words)


_CONSENTS = (
    "ja|jawohl|jo|genau|passt|klar|gerne?|danke|mach das|super|perfekt|sehr gut|in ordnung|"
    "s[ií]|claro|vale|dale|gracias|perfecto|de acuerdo|adelante|hazlo|muy bien|"
    "oui|merci|d'accord|parfait|vas-y|très bien|sim|obrigad[oa]|perfeito|pode|certo|va bene|grazie|perfetto|"
    "tak|dzięki|okej|да|давай|хорошо|спасибо|отлично|супер|так|дякую|"
    "好的?|好啊|可以的?|行|是的?|对的?|没问题|谢谢|很好|完美|同意|嗯|"
    "はい|お願いします|ありがとう(?:ございます)?|了解(?:です)?|いいですね|네|예|좋아요?|감사합니다|evet|tamam|teşekkürler|joo|kyllä"
)
_GOES_ON = (
    "weiter|mach weiter|nochmal|fortfahren|contin[uú]a|sigue|otra vez|continuez?|encore|prossiga|avanti|"
    "dalej|kontynuuj|продолжай|дальше|ещё раз|继续|接着|再来一次|下一步|"
    "続けて(?:ください)?|続行|계속(?:해줘)?|devam(?: et)?"
)
_HELLOS = (
    "h+m+|u+[hm]+|hi|hello|hey|hiya|yo|good (?:morning|afternoon|evening)|test|testing|ping|are you there|"
    "hallo|moin|servus|guten (?:morgen|tag|abend)|hola|buenos d[ií]as|bonjour|salut|ol[áa]|ciao|cześć|привет|"
    "你好|您好|こんにちは|안녕(?:하세요)?|merhaba"
)
CONSENTED = re.compile(rf"^(?:(?:{_CONSENTS}|ok|okay)[\s,.!。！、，]*)+$", re.IGNORECASE)
CONTINUED = re.compile(rf"^(?:(?:{_CONSENTS}|bitte|请)[\s,.!。！，]*)?(?:{_GOES_ON})[\s,.!。！吧]*$", re.IGNORECASE)
GREETED = re.compile(
    rf"^(?:(?:{_HELLOS})[\s,.!?。！？]*)+(?:there|claude|codex|gemini|all|everyone)?[\s,.!?]*$", re.IGNORECASE
)
COURTEOUS = re.compile(
    r"^(?:(?:bitte|kannst du(?: mir)?(?: bitte)?|könntest du(?: mir)?(?: bitte)?|por favor|(?:me )?puedes|podr[ií]as|"
    r"s['’]il (?:te|vous) pla[iî]t|peux-tu|pourrais-tu|voc[êe] pode|per favore|puoi|"
    r"пожалуйста|можешь|proszę|czy możesz)"
    r"[\s,]+)+|^(?:请(?:你|您)?(?:帮我|帮忙)?|麻烦(?:你|您)?(?:帮我)?|帮我|帮忙)(?!问)",
    re.IGNORECASE,
)
_TROUBLES = re.compile(
    r"fehler|kaputt|schlägt fehl|funktioniert nicht|geht nicht|falla\b|no funciona|\berreur|"
    r"ne (?:marche|fonctionne) pas|ошибк|не работает|błąd|nie działa|报错|错误|"
    r"失败|不工作|エラー|バグ|動かない|오류|에러",
    re.IGNORECASE,
)


def tells_trouble(text: str) -> bool:
    """Say whether a text in another language than English tells that something does not work."""
    return bool(_TROUBLES.search(text))
