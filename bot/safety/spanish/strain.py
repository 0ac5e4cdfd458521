"""In Spanish: the writer in distress or tired, by families: the body, tears, not going back, empty, worn out."""

from __future__ import annotations

from bot.safety.spanish.hearing import Heard, either
from bot.safety.spanish.plainly import in_distress, is_tired

_END = r"(?= ?(?:$|[.,;!?\n)-]))"
_GLAD = r"(?! de (?:la |pura |puro )?(?:risa|alegria|felicidad|emocion|orgullo|ternura|gusto))"

_DISTRESS = either(
    r"me cuesta respirar|(?:ya )?no (?:soporto|aguanto) ni (?:verl[oa]s|oirl[oa]s|pensarlo|entrar)",
    # The body: nausea, heart, trembling, the night.
    r"me (?:entra|entran|da|dan|viene|vienen|agarra|agarran|pone|ponen) (?:\w+ )?(?:nauseas|arcadas|taquicardia"
    r"|palpitaciones"
    r"|temblorina|temblores|el temblor|un ataque|la ansiedad)(?! de (?:risa|emocion))",
    r"(?:tengo|siento|con) ganas de vomitar|me despierto (?:\w+ ){0,4}?con (?:taquicardia|angustia|el corazon"
    r"|ansiedad|panico|un nudo)",
    r"(?:las|con|siento) nauseas (?:\w+ ){0,3}(?:lunes|domingo|escuela|clase|entrar|manana)|vomito (?:cada|todas las"
    r"|antes)",
    r"(?:no duermo|ni duermo),? (?:ni|no|y no) como|(?:paso|pase) (?:las|la) noches? (?:llorando|sin dormir"
    r"|dando vueltas)"
    r"|me despierto (?:\w+ )?(?:llorando|temblando|con angustia|angustiad[oa])",
    # Tears.
    rf"me (?:solte|puse|eche|rompi|quebre|deshice) (?:a|en) (?:llorar|llanto|lagrimas){_GLAD}|rompi (?:a llorar"
    rf"|en llanto){_GLAD}",
    rf"se me (?:salieron|escaparon|caian|salen|saltaron) las lagrimas{_GLAD}|(?<!que )llore (?:delante|enfrente"
    rf"|frente a|en plena"
    rf"|toda la){_GLAD}",
    # Broken, empty, not oneself.
    r"(?:rot[oa]|hech[oa] (?:polvo|trizas|pedazos|mierda)|destrozad[oa]|muert[oa]|vaci[oa]|podrid[oa]) por dentro",
    r"(?:estoy|me siento|ando|soy|quede) (?:como )?(?:\w+ )?(?:vaci[oa](?! de (?:ideas|tarea))|anestesiad[oa]"
    r"|un (?:zombi|zombie"
    r"|robot|fantasma)|apagad[oa])" + _END,
    r"(?:ya )?no siento nada(?! (?:raro|de frio|malo|en (?:el|la|los) ))|no me reconozco|ya no soy (?:yo|la misma"
    r"|el mismo)"
    r"|nada me importa ya|ya nada me importa",
    r"no tengo (?:a nadie )?con (?:quien|nadie) (?:hablar|desahogarme)(?! (?:de|sobre) (?:mate|frac|esta actividad))",
    # Not going back in.
    r"me (?:quede|quedo) (?:paralizad|congelad|bloquead|clavad)[oa] (?:en la puerta|antes de|sin poder|y no)"
    r"|no (?:pude|podia) (?:ni )?entrar"
    r" (?:a|al|en) (?:la |el |mi )?(?:clase|salon|aula|escuela)(?! (?:porque|por|con|ya que|hasta|estaba"
    r"|temprano))",
    r"(?:ya )?no (?:puedo|soy capaz de|me atrevo a|pienso) (?:\w+ )?(?:volver|regresar|pisar|entrar) (?:\w+ )?(?:a "
    r"|en |al )?"
    r"(?:es[ae]|aquel(?:la)?) (?:aula|salon|clase|escuela|grupo|cole|colegio|instituto|secundaria|sitio|lugar"
    r"|infierno)",
    r"(?:de )?(?:solo|nomas|nada mas) (?:de )?pensar(?:lo| en \w+(?: \w+)?),? (?:me |se me )(?:ahogo|falta|enfermo"
    r"|pongo mal"
    r"|tiembl\w+|cierra|ponen|da (?:angustia|panico|nauseas)|revuelve)",
    r"les tengo (?:\w+ )?(?:pavor|terror|panico|miedo)(?! a )",
    # No good for it, going under.
    r"no (?:valgo|sirvo) (?:para (?:esto|nada|ensenar|la docencia)|como (?:maestr|profe|docente)\w*)",
    r"me (?:ahogo|hundo)(?! (?:de|en|con) (?:risa|un vaso|(?:el |la |los |tanto |tantos )?(?:papel|correo|trabajo|tarea"
    r"|pendiente|calor|agua|tos))\w*)" + _END,
)

_SPENT = (
    r"(?:agotad|reventad|fundid|quemad|molid|rendid|exhaust|desbordad|saturad|agobiad|derrengad|petad|destruid)[oa]"
)
_TIRED = either(
    r"no puedo con (?:el|este|tanto) (?:sueno|cansancio)|(?:llevo|traigo|cargo) (?:un|mucho|tanto|este) (?:cansancio"
    r"|sueno|agotamiento)",
    # Worn out, at the head of a sentence or on the way home.
    rf"(?:^|(?<=[.!?\n] )){_SPENT} (?:con|de|por|y|hoy|esta)(?! (?:los intentos|las (?:ideas|opciones)))",
    rf"(?:llego|llegue|vuelvo|volvi|salgo|sali|termino|termine) (?:a (?:la |mi )?casa |del? (?:la )?(?:trabajo|cole"
    rf"|escuela"
    rf"|turno) |de ahi )(?:\w+ )?(?:{_SPENT}|hech[oa] (?:polvo|un trapo|trizas)|muert[oa]|sin ganas)",
    r"(?:vengo|ando|estoy|llego|voy|sigo|amaneci|hoy vengo) (?:\w+ )?(?:con )?(?:muy |bien )?(?:poca|poquita|sin"
    r"|sin nada de|cero"
    r"|baj[oa] de) (?:pila|pilas|bateria|energia|gasolina|cuerda|fuerzas)",
    # The head, the eyes, the hours of sleep.
    r"(?:ya )?no me da (?:ya )?(?:mas )?(?:la (?:cabeza|vida)|el (?:cuerpo|cerebro|coco))|(?:tengo"
    r"|traigo) la cabeza (?:\w+ )?(?:frita"
    r"|quemada|embotada|hecha (?:un lio|bolas|papilla)|como un bombo)|se me cierran los ojos",
    r"(?:traigo|tengo|ando con|cargo) (?:un|mucho|tanto|harto) (?:sueno|cansancio)(?! (?:de|que quiero|por cumplir))",
    r"dormi (?:\w+ )?(?:[1-5]|una|dos|tres|cuatro|cinco|nada|poco|poquisimo|mal|fatal"
    r"|un par de)(?: horas?)?(?= ?(?:$|[.,;!?\n]"
    r"| por| y| para| para| anoche| de))",
    # The time that is missing, what does not end.
    r"no (?:me )?(?:queda|tengo|hay|encuentro|alcanza) (?:el )?(?:tiempo|un minuto|un rato) (?:ni )?(?:para|de"
    r"|pa) (?:\w+ )?(?:comer"
    r"|respirar|vivir|dormir|ir al bano|descansar|mis hijos|mi familia)|ni tiempo (?:de|para) (?:comer|respirar"
    r"|ir al bano)",
    r"no (?:paro|he parado|descanso)(?= ?(?:$|[.,;!?\n]| en todo| desde| ni))|sin ganas (?:ni )?de (?:nada|cocinar"
    r"|hablar)"
    r"|(?:ya )?no (?:carburo|rindo|me rinde el cuerpo)|pidiendo la hora|contando los dias para las vacaciones",
)
_LONG = either(
    r"(?:que|vaya|menuda|menudo) (?:semana|dia|mes|jornada|trimestre|curso|lunes)(?: (?:mas|tan))? (?:larg[oa]"
    r"|pesad[oa]|dur[oa]"
    r"|fe[oa]|de locos)|(?:semana|jornada|dia|curso|trimestre) (?:interminable|etern[oa])",
)


def strained(heard: Heard) -> bool:
    """Whether the writer says that it cannot go on like this."""
    return in_distress(heard) or any(
        not heard.theirs(found.start()) and not heard.denied(found.start()) for found in _DISTRESS.finditer(heard.own)
    )


def weary(heard: Heard) -> bool:
    """Whether the writer is worn out, or the time was long."""
    return (
        is_tired(heard)
        or any(
            not heard.theirs(found.start()) and not heard.denied(found.start()) for found in _TIRED.finditer(heard.own)
        )
        or any(not heard.denied(found.start()) for found in _LONG.finditer(heard.own))
    )
