"""Days and times as they are typed in Spanish, in the words that the rest of this family reads."""

from __future__ import annotations

import re
import unicodedata

_DAYS = {
    "lunes": "monday", "martes": "tuesday", "miercoles": "wednesday", "jueves": "thursday", "viernes": "friday",
    "sabado": "saturday", "domingo": "sunday", "lun": "mon", "mie": "wed", "jue": "thu", "vie": "fri", "sab": "sat",
    "dom": "sun",
}  # fmt: skip
_MONTHS = {
    "enero": "january", "febrero": "february", "marzo": "march", "abril": "april", "mayo": "may", "junio": "june",
    "julio": "july", "agosto": "august", "septiembre": "september", "setiembre": "september", "octubre": "october",
    "noviembre": "november", "diciembre": "december", "ene": "jan", "abr": "apr", "ago": "aug", "dic": "dec",
}  # fmt: skip
_WORDS = {
    "hoy": "today", "manana": "tomorrow", "semana": "week", "semanas": "weeks", "dia": "day", "dias": "days",
    "mes": "month", "meses": "months", "hora": "hour", "horas": "hours", "minuto": "minute", "minutos": "minutes",
    "min": "min", "hasta": "until", "desde": "from", "por": "for", "durante": "for", "un": "a", "una": "a",
    "uno": "one", "dos": "two", "tres": "three", "cuatro": "four", "cinco": "five", "seis": "six", "siete": "seven",
    "ocho": "eight", "y": "and", "a": "to", "al": "to", "de": "of", "del": "of", "el": "", "la": "", "los": "",
    "las": "", "que": "", "en": "in", "cada": "every", "lanzamiento": "launch", "apertura": "launch",
    "menu": "menu", "cierre": "closure", "bloque": "block",
}  # fmt: skip
_PHRASES = (
    (r"\b(?:que|la|el) (?:proxim[oa]|siguiente) (\w+)", r"next \1"),
    (r"\b(?:la |el )?(?:proxim[oa]|siguiente) (\w+)", r"next \1"),
    (r"\b(?:la |el )?(\w+) (?:que viene|proxim[oa]|siguiente)\b", r"next \1"),
    (r"\b(?:de la|por la|en la) manana\b", "am"),
    (r"\b(?:de la|por la|en la) (?:tarde|noche)\b", "pm"),
    (r"\bpasado manana\b", "in 2 days"),
    (r"\besta semana\b", "this week"),
    (r"\ba las? (?=\d)", "at "),
    (r"\b(\d{1,2}) y media\b", r"\1:30"),
    (r"\b(\d{1,2}) y cuarto\b", r"\1:15"),
    (r"\bmedia hora\b", "30 minutes"),
    (r"\b(?:hasta )?que (?:yo )?(?:diga|avise)\b|\bnuevo aviso\b", "until i say"),
    (r"\b(?:clase|leccion|parte) principal\b", "main lesson"),
    (r"\b(?:charla|conversacion|platica) (?:numerica|de numeros)\b", "number talk"),
)
_SHAPES = tuple((re.compile(spanish), english) for spanish, english in _PHRASES)
_ALL = {**_DAYS, **_MONTHS, **_WORDS}
# "mar" is Tuesday beside an hour, and March beside a day of the month.
_MAR = re.compile(r"\bmar\b(?! \d{4})(?<!\d mar)(?<!\d de mar)")
_WORD = re.compile(r"(?<![@\w])[a-z]+")


# Mentions, links and quoted words are nobody's day or time: they are put back as they were typed.
_KEPT = re.compile(
    r"<[^<>]*>|\"[^\"]*\"|[“„”][^“„”]*[”“]|«[^«»]*»|(?<![\w-])(?:focus|foco|enfoque)\s*[:=].*",
    re.IGNORECASE | re.DOTALL,
)
_FOCUS = re.compile(r"(?:foco|enfoque)\s*[:=]", re.IGNORECASE)
# A sign that no line holds once it is cleaned, and no pattern here reads.
_HOLD = "\ue000"


def in_english(text: str) -> str:
    """The same day or time: "hasta el lunes" is "until monday". What is no word of time stays as it was typed."""
    kept = _KEPT.findall(text)
    said = _folded(_KEPT.sub(_HOLD, text.replace(_HOLD, " ")))
    for shape, english in _SHAPES:
        said = shape.sub(english, said)
    said = _MAR.sub("tue", said)
    said = " ".join(_WORD.sub(lambda found: _ALL.get(found[0], found[0]), said).split())
    for piece in kept:
        said = said.replace(_HOLD, _FOCUS.sub("focus:", piece, count=1), 1)
    return said


def as_typed(read: str, text: str) -> str:
    """Words that were left of what `in_english` made of the text, as they stand in the text itself."""
    own: dict[str, str] = {}
    for word in text.split():
        plain = _folded(word)
        own |= {_WORD.sub(lambda found: _ALL.get(found[0], found[0]), plain): word, plain: word}
    return " ".join(own.get(word, word) for word in read.split())


def named_days(text: str) -> frozenset[int]:
    """Which weekdays are named: "los viernes, por favor" is {4}."""
    said = _folded(text)
    stems = ("lunes|lun", "martes|mar", "miercoles|mie", "jueves|jue", "viernes|vie", "sabados?|sab", "domingos?|dom")
    return frozenset(n for n, stem in enumerate(stems) if re.search(rf"\b(?:{stem})\b", said))


def _folded(text: str) -> str:
    """Without capitals and accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
