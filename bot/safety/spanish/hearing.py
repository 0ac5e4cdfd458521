"""Spanish as it is heard: in small letters without accents, and whose clause each place in it belongs to."""

from __future__ import annotations

import re

from msgspec import Struct

from bot.safety.hearing import either

STUDENT = (
    r"(?:estudiantes?|alumn[oa]s?|alumnitos?|nin[oa]s?|ninit[oa]s?|chic[oa]s?|chiquit[oa]s?|chiquill[oa]s?"
    r"|muchachit[oa]s?|muchach[oa]s?|nen[ea]s?|pib[ea]s?|chav[oa]s?|chavit[oa]s?|chamac[oa]s?|chaval(?:a|es|as)?|gurises"
    r"|guri|guaguas?|criaturas?|patoj[oa]s?|pequen[oa]s|menores|adolescentes?|jovenes|bebes?|companerit[oa]s?"
    r"|un[oa] de (?:mis|los|las|ell[oa]s)|(?:los|las|mis) de (?:primero|segundo|tercero|cuarto|quinto|sexto))"
)
_OTHERS = (
    rf"(?:{STUDENT}|ellos|ellas|ella|(?:su|sus|la|el|una?|mi|mis|los|las) (?:mama|papa|madre|padre|padres|hermanos?"
    r"|hermanas?|tio|tia|abuel[oa]|familia|directora?|coordinadora?|companer[oa]s?|colegas?|coach|grupo|clase|salon"
    r"|proyector|computadora|impresora|amig[oa]s?)|alguien|nadie|todos ellos)"
)
# Behind one of these they are spoken of, and do nothing themselves.
_OBJECT = r"(?:con|de|del|a|al|para|por|sobre|entre|sin|ante|en) (?:(?:el|la|los|las|mis|un|una|unos|unas|mi|tus?) )?"
_SUBJECT = re.compile(
    rf"\b(?:(?P<object>{_OBJECT})?(?P<other>{_OTHERS})"
    r"|(?P<mine>yo|estoy|estaba yo|tengo|siento|ando|quiero|puedo|me siento|soy|llevo))\b"
)
_SPEAKS = re.compile(
    r"\b(?:dijo|dice|dijeron|dicen|decia|escribio|escribe|grito|grita|susurro|contesto|respondio|repite|repitio"
    r"|(?:me|nos) (?:dijo|dice|conto|cuenta|confeso|escribio))\b[ ,:\"']{0,4}(?:que )?"
)
_MYSELF_SPEAKING = re.compile(r"\b(?:dije|digo|pense|pienso|le dije|les dije|me dije|conte|escribi)\b")
_QUOTED = re.compile(r'"[^"\n]{1,400}"')
_ACCENTS = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc")
_DENIED = re.compile(
    r"\b(?:no|nunca|ni|sin|menos|ya no)(?: (?:me|estoy|siento|tan|muy|quede|ando|fue|es|una"
    r"|un))*\W*$"
)
_STOP = re.compile(r"[.!?;\n¿¡]")


class Heard(Struct, frozen=True):
    """`text` is everything, `own` the same without what others are quoted as saying, at the same places."""

    text: str
    own: str

    def theirs(self, at: int) -> bool:
        """Whether the clause before this place is about somebody else, or tells what somebody else said."""
        start = max((stop.end() for stop in _STOP.finditer(self.own, 0, at)), default=0)
        if any(True for _ in _SPEAKS.finditer(self.own, start, at)):
            return not _MYSELF_SPEAKING.search(self.own, start, at)
        last = None
        for found in _SUBJECT.finditer(self.own, start, at):
            if found["mine"] or not found["object"]:
                last = found
        return last is not None and last["mine"] is None

    def told(self, at: int) -> bool:
        """Whether the clause before this place tells what somebody else said."""
        start = max((stop.end() for stop in _STOP.finditer(self.own, 0, at)), default=0)
        return _SPEAKS.search(self.own, start, at) is not None and not _MYSELF_SPEAKING.search(self.own, start, at)

    def denied(self, at: int) -> bool:
        """Whether a "no" stands right before this place."""
        return _DENIED.search(self.own[max(0, at - 30) : at]) is not None


def heard(tidied: str) -> Heard:
    small = folded(tidied)
    return Heard(small, _without_quotes(small))


def folded(text: str) -> str:
    """In small letters without accents: many write without them."""
    return text.lower().translate(_ACCENTS)


def _without_quotes(text: str) -> str:
    pieces, at = [], 0
    for quote in _QUOTED.finditer(text):
        before = _STOP.split(text[max(0, quote.start() - 70) : quote.start()])[-1]
        after = _STOP.split(text[quote.end() : quote.end() + 40])[0]
        told = _SPEAKS.search(before) or _SPEAKS.search(after) or re.search(_OTHERS, before)
        if told and not _MYSELF_SPEAKING.search(before):
            pieces += [text[at : quote.start()], " " * len(quote[0])]
            at = quote.end()
    return "".join([*pieces, text[at:]])


__all__ = ["STUDENT", "Heard", "either", "folded", "heard"]
