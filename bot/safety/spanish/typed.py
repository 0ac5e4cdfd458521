"""In Spanish: plain typed words that work in any conversation, and how long a pause is, said on in English."""

from __future__ import annotations

import re

from bot.safety.spanish.hearing import folded
from bot.when.spanish import in_english

_READER = (
    r"(?:(?:mi|la|el|mis|los|las|otr[oa]s?|alguna?) )*(?:coach|director[a]?|jefe|jefa|escuela|lideres"
    r"|directivos|alguien"
    r"|nadie|otr[oa]s?|todos|maestr[oa]s|colegas|coordinador[a]?|padres|familias|gente|distrito|mas)(?: mas)?"
)
_IT = (
    r"(?:esto|eso|lo que (?:escribo|digo|comparto|pongo)|mis (?:respuestas|notas|palabras|pasos|reflexiones"
    r"|mensajes|cosas))"
)
_TODAY = r"(?: por (?:hoy|ahora|esta semana))?"
_SAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "stop",
        (
            r"parar|para|detente|basta|cancelar suscripcion|(?:para|deja) de (?:escribirme|mandarme mensajes)",
            r"no me (?:escribas|mandes) mas(?: mensajes)?",
        ),
    ),
    ("start", (r"(?:empezar|comenzar|iniciar|empieza|comienza)(?: (?:de nuevo|otra vez))?",)),
    ("help", (r"ayuda|comandos",)),
    ("pause", (r"(?:pausa|pausar|silencio)(?P<rest> .+)?",)),
    ("resume", (r"reanudar|reanuda|retomar",)),
    ("skip", (r"(?:saltar|salta|omitir|saltarme)(?: (?:esto|esta|esta semana|la semana))?",)),
    (
        "who",
        (
            rf"quien(?:es)? (?:mas )?(?:pueden? |podra |va a )?(?:ver|ve|ven|leer|lee|leen|vera) {_IT}",
            rf"(?:{_READER} )?(?:puede|pueden|podra) (?:{_READER} )?(?:ver|leer) {_IT}",
            r"(?:esto |es |esto es |es esto )(?:privado|confidencial)",
        ),
    ),
    (
        "mine",
        (r"(?:muestrame )?(?:lo mio|mis (?:palabras|notas|reflexiones|pasos|datos)|lo que (?:escribi|he escrito))",),
    ),
    ("home", (r"(?:mi )?inicio",)),
    ("export", (r"exportar?(?: (?:todo|mis (?:datos|palabras|notas)))?|descargar mis datos",)),
    ("mirror", (r"espejo",)),
    (
        "sort",
        (
            r"agrupar",
            r"(?:agrupar|clasificar|mirar|ver) (?:los |unos )?trabajos(?: de (?:los |mis )?(?:estudiantes|alumnos))?",
        ),
    ),
    ("setup", (r"preparar|preparacion|configurar",)),
    ("coaches", (r"acompanantes",)),
    ("now", (r"ahora(?: mismo)?|reflexionar|reflexion",)),
    (
        "delete",
        (r"(?:borrar|borra|eliminar|elimina)(?: (?:todo|(?:todos )?mis (?:datos|cosas|palabras|notas)|mi cuenta))?",),
    ),
    (
        "unwrite",
        (
            r"(?:borra|borrar|elimina|eliminar|olvida) (?:todo )?lo que (?:escribi|dije|acabo de escribir|puse)",
            r"(?:borra|borrar|elimina|eliminar|olvida) (?:todo )?(?:esto|eso)",
        ),
    ),
    (
        "enough",
        (
            rf"(?:eso es todo|es todo|ya es todo|es suficiente|suficiente|ya estuvo|hasta aqui|dejalo asi){_TODAY}",
            rf"(?:dejemoslo(?: asi| ahi| aqui)?|ya (?:termine|acabe)|no mas preguntas){_TODAY}",
        ),
    ),
    (
        "bot",
        (
            r"(?:eres|es usted|sos) (?:un |una )?(?:bot|robot|human[oa]|persona(?: real)?|maquina|computadora|ia|real)",
            r"quien (?:eres|es usted|sos|te hizo)|que eres",
        ),
    ),
    (
        "about",
        (
            r"que (?:haces|puedes hacer|sabes hacer|es esto|es beside)",
            r"que puedo (?:hacer|decir|escribir|preguntar)(?: aqui)?",
            r"como (?:funciona|funcionas|funciona esto)|para que (?:es|sirve) (?:esto|beside)|para que sirves",
        ),
    ),
    (
        "next",
        (
            r"cuando (?:es|sera|viene|llega|me toca)(?: (?:mi|la|tu))? (?:proxima|siguiente) (?:pregunta|reflexion)",
            r"cuando me (?:escribes|escribiras|preguntas)(?: otra vez| de nuevo)?",
        ),
    ),
    (
        "visit",
        (
            r"cuando (?:es|sera) (?:la|mi|nuestra) (?:proxima )?visita",
            r"cuando (?:viene|vienes) (?:mi coach|[a-z]{2,20})",
            r"viene (?:mi coach|[a-z]{2,20}) (?:hoy|manana|esta semana)",
        ),
    ),
    (
        "step",
        (
            r"(?:cual (?:es|era)|muestrame|recuerdame) mi (?:ultimo |proximo |siguiente )?paso|mi (?:proximo )?paso",
            r"que dije que (?:iba a )?(?:probar|hacer|intentar)",
        ),
    ),
    ("settings", (r"(?:mis |cambiar (?:mis )?)?(?:ajustes|configuracion|preferencias|opciones)",)),
    ("link", (r"(?:enlazar|vincular|conectar)(?: (?P<code>(?=\S*\d)[0-9a-z]{3}-?[0-9a-z]{3}-?[0-9a-z]{3}))?",)),
    ("leave", (r"(?:estoy de |estare de |me voy de |de )?(?:licencia|permiso|vacaciones)(?P<rest> .+)?",)),
)
_SHAPES = tuple((name, re.compile("|".join(says))) for name, says in _SAYS)
_PLEASE = re.compile(r"^por favor | por favor$")


def command(text: str) -> tuple[str, str] | None:
    """Which command this whole message is and, in English, for how long; the code of a link as it was typed."""
    said = re.sub(r"[^\w\s/.-]", " ", folded(text))
    said = _PLEASE.sub("", " ".join(said.split()).strip("/.-_ "))
    for name, shape in _SHAPES:
        if found := shape.fullmatch(said):
            groups = found.groupdict()
            return name, groups.get("code") or in_english((groups.get("rest") or "").strip())
    return None
