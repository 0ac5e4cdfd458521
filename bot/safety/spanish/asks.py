"""In Spanish: words that ask for something other than the next question. Written without accents."""

from __future__ import annotations

import re

from bot.safety.asks import Ask
from bot.safety.hearing import tidy
from bot.safety.spanish.hearing import either, heard

_STUCK_WORDS = 16
_IDEAS = (
    r"(?:consejos?|actividad(?:es)?|ideas?|tips?|trucos?|estrategias?|sugerencias?|recursos?|hojas de trabajo"
    r"|recomendacion(?:es)?|respuestas?|solucion(?:es)?|ejemplos?|planes?(?: de clase)?|planeacion(?:es)?"
    r"|planificacion(?:es)?|juegos?|tareas?|videos?|ejercicios?|problemas para)"
)
_SOME = r"(?:(?:un|una|unos|unas|algun|alguna|algunos|algunas|otra|otro|mas|tu|buen|buena|buenas|la|el|las) ){0,3}"
_ADVICE = either(
    r"(?:dime|diganme|digame|explicame|muestrame|ensename|indicame) (?:ya |solo |nada mas |exactamente |por favor )?"
    r"(?:que|como|cual|donde)(?! (?:viste|pensaste|dijeron|hicieron|vieron|pensaron))",
    r"que (?:deberia|debo|tengo que|puedo|podria|hago|hacemos|debemos|podemos|me conviene)"
    r"(?: (?:hacer|probar|usar|decir|cambiar|ensenar|dar|intentar|planear|planificar))?"
    r"(?= ?(?:$|[?.!,;]|con|para|si|cuando|ahora|aqui|manana|entonces|al|en))",
    r"que (?:harias|haria|harian|hubieras hecho|me (?:sugieres|recomiendas|aconsejas|recomienda|propones)|recomiendas"
    r"|sugieres|aconsejas|usarias|piensas que (?:debo|deberia))",
    r"como (?:deberia|debo|puedo|podria|hago para|le hago|lo) (?:arreglar|manejar|resolver|lograr|ensenar|abordar"
    r"|responder|mejorar|hacer que|para|arreglo|resuelvo|manejo|soluciono)",
    rf"(?:dame|denme|deme|mandame|enviame|pasame|buscame|muestrame|ofreceme|regalame|hazme|escribeme|planeame"
    rf"|preparame|recomiendame|sugiereme|compartem[e]) {_SOME}(?:{_IDEAS}|algo)",
    rf"(?:puedes|podrias|me puedes|me podrias|puede|podria) (?:por favor )?(?:darme|dar|mandarme|sugerir|sugerirme"
    rf"|recomendar|recomendarme|compartir|compartirme|buscar|buscarme|pasarme|ofrecerme|aconsejarme|decirme|ayudarme"
    rf"|hacerme|planear|ayudar)(?: {_SOME}{_IDEAS})?",
    rf"(?:alguna|algun|algunas|algunos|tienes|tendras|hay) {_SOME}{_IDEAS}(?= ?(?:$|[?.!]|para|sobre|de como))",
    rf"(?:necesito|quiero|quisiera|me hace falta|me vendria bien|busco) {_SOME}(?:consejos?|tips?|sugerencias?"
    rf"|respuestas?|recomendaciones|actividad(?:es)? para|ideas? para)",
    r"(?:necesito|quiero) que (?:alguien |solo |me )?(?:me )?(?:digas?|muestres?|ensene[s]?|des?)|(?:aconsejame"
    r"|orientame)"
    r"|(?:tu|su) (?:consejo|opinion)|^(?:por favor,? )?solo dime[ .!]*$|contesta(?:me)? (?:mi|la) pregunta",
)
_TOLD = re.compile(r"(?:pregunt|dij|dec|grit|escrib|cont)\w+ ?[,:]? ?(?:que |si )?[^.!?\n]{0,10}$")
_STUCK = either(
    r"(?:estoy|me siento|sigo|estamos|ando|quede|me quede) (?:\w+ ){0,2}(?:atascad[oa]s?|atorad[oa]s?|trabad[oa]s?"
    r"|estancad[oa]s?|bloquead[oa]s?|perdid[oa]s?|en blanco)",
    r"^(?:la verdad,? |sinceramente,? |uf,? |no,? )?(?:ni idea|no tengo (?:ni )?idea|ninguna idea|sin ideas)"
    r"(?! de (?:como|que|por que|donde|quien) (?:lo |la |le |se )?(?:ell|hicier|pens|lleg|supier|resolv))",
    r"no tengo (?:ni |la menor |la mas minima )?idea(?= ?(?:$|[.,;!?]|de (?:que hacer|como (?:seguir|empezar"
    r"|continuar))"
    r"|que hacer|por donde))",
    r"no se (?:muy bien )?(?:que (?:hacer|probar|decir|intentar|mas hacer)|por donde (?:empezar|seguir|ir)|como"
    r" (?:empezar|seguir|continuar|avanzar|salir))",
    r"se me (?:acabaron|terminaron) las ideas|no se me ocurre (?:nada|que)|(?:dando|doy) vueltas(?: en lo mismo)?"
    r"|callejon sin salida|^(?:atascad|atorad|trabad|bloquead)[oa][ .!]*$",
)
_CLASS = r"(?:clase|grupo|grado|salon|estudiantes|alumn[oa]s|nin[oa]s|chic[oa]s|ellos|ellas|mis|los mios|mios|aula)"
_TESTED = (
    r"(?:prueba(?:s|ita)?|examen(?:es)?|quiz(?:es)?|evaluacion(?:es)?|diagnostico|test(?:s)?|tiquete de salida"
    r"|boletos? de salida|control(?:es)?|calificacion(?:es)?|notas?|puntajes?|puntuacion(?:es)?)"
)
_WENT = (
    rf"(?:acert\w+|bien|correct\w+|mal|incorrect\w+|aprob\w+|reprob\w+|fall\w+|saco|sacaron|domin\w+|promedio|logr\w+"
    rf"|pas(?:o|aron)|{_TESTED})"
)
_SHARE = r"\d{1,3}(?:[.,]\d{1,2})? ?(?:%|por ?ciento\b)"
_NUMBERS = re.compile(
    rf"{_SHARE}[^.!?\n]{{0,40}}\b{_WENT}\b|\b{_WENT}\b[^.!?\n]{{0,40}}?(?<!\d){_SHARE}"
    rf"|{_SHARE} (?:de )?(?:la |mi |mis |los |las |el )?{_CLASS}\b|^\W*(?:como |casi |solo |un |el )?{_SHARE}\W*$"
    rf"|\b\d{{1,3}} de (?:los |las |mis )?\d{{1,3}} (?:{_CLASS}|{_WENT})"
    rf"|\b(?:los |las )?(?:resultados|puntajes|calificaciones|notas|datos) (?:de|del) (?:la |el |los |las )?{_TESTED}"
    r"|\b(?:los puntajes|las calificaciones|las notas) (?:subieron|bajaron|son|fueron|mejoraron)"
    r"|\b(?:percentil|cuartil)\b|\bpromedio (?:de la clase|del grupo|grupal)"
)
_MATHS = re.compile(rf"{_SHARE} de (?:un|una|el|la|los|\d+) (?!(?:{_CLASS})\b)")
_MORE = (
    r"(?:mejor(?:es)?|peor(?:es)?|adelantad[oa]s?|atrasad[oa]s?|mas (?:rapid|lent|alt|baj|fuert|avanzad)\w+"
    r"|atras|delante)"
)
_THEIRS = (
    r"(?:(?:el|la|los|las|de|del) otr[oa]s? (?:maestr|profesor|docent|clase|grupo|salon|aula|coleg)\w*|(?:el"
    r"|la) (?:salon"
    r"|clase|aula|grupo) de (?:al lado|junto|enfrente)|mi coleg[a]s?|l[oa]s demas (?:maestr|profesor|grupo|clase)\w*"
    r"|(?:la )?(?:maestra|profesora|profe|miss|maestro|profesor) [a-z]{3,20})"
)
_COMPARED = either(
    rf"{_THEIRS}[^.!?\n]{{0,50}}\b{_MORE}",
    rf"{_MORE}(?: \w+){{0,3}} que (?:(?:en|con) )?{_THEIRS}",
    rf"(?:tan buen[oa]s? como|comparad[oa]s? con|a diferencia de|no como) {_THEIRS}",
)
_LABELS = either(
    r"(?:l[oa]s|mis|un[oa]s?|est[oe]s|es[oa]s|el|la) (?:estudiantes?|alumn[oa]s?|nin[oa]s?|chic[oa]s?|grupo|equipo)"
    r" (?:mas )?(?:baj[oa]s?|lent[oa]s?|debil(?:es)?|floj[oa]s?|atrasad[oa]s?|rezagad[oa]s?|list[oa]s?|inteligentes?"
    r"|brillantes?|avanzad[oa]s?|fuertes?|dificil(?:es)?|problematic[oa]s?|alt[oa]s|vag[oa]s?)",
    r"mis (?:baj[oa]s|alt[oa]s|flojit[oa]s|burrit[oa]s|rezagad[oa]s|atrasad[oa]s|list[oa]s|estrellitas|rojos|verdes)"
    r"|l[oa]s (?:burr[oa]s|flojos|rezagad[oa]s|atrasad[oa]s|listos|de bajo (?:nivel|rendimiento)|de bajo desempeno)"
    r"|(?:bajo|alto) (?:rendimiento|desempeno|nivel)",
)
_NONE = re.compile(
    r"(?:(?:la verdad|pues|eh+|mmm+|bueno|ay|perdon|uf),? )*(?:no (?:lo )?se|no se(?: la verdad)?|nada|no|nop|ninguno"
    r"|ninguna|no mucho|no realmente|no me acuerdo|no recuerdo|nada (?:en (?:especial|particular)|nuevo|que (?:decir"
    r"|contar|agregar|reportar)|esta semana|hoy|por ahora)|esta semana no|paso|ni idea que decir|sin comentarios"
    r"|no se me ocurre nada que decir|n/?a)[ .!…]*"
)


def ask(text: str) -> Ask | None:
    """What these words ask for; nothing where they are simply an answer."""
    own = heard(tidy(text)).own.strip()
    if _NONE.fullmatch(own):
        return "none"
    if any(not _TOLD.search(own[max(0, found.start() - 40) : found.start()]) for found in _ADVICE.finditer(own)):
        return "advice"
    if len(own.split()) <= _STUCK_WORDS and _STUCK.search(own):
        return "stuck"
    if _COMPARED.search(own):
        return "compared"
    if _NUMBERS.search(_MATHS.sub(" ", own)):
        return "numbers"
    return "labels" if _LABELS.search(own) else None


def labels(sentence: str) -> bool:
    """Whether this sentence sorts students by how able they are said to be."""
    return _LABELS.search(heard(tidy(sentence)).text) is not None
