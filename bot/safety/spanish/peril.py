"""In Spanish: the writer in danger, by families: not to be, the means at hand, leave taken, somebody who threatens."""

from __future__ import annotations

from bot.safety.spanish.hearing import Heard, either
from bot.safety.spanish.plainly import found_written, in_danger

_END = r"(?= ?(?:$|[.,;!?\n)-]))"
_IMPULSE = (
    r"(?:ganas de|pienso en|pense en|pensado en|pensando en|tentacion de|dan por|imagino|a punto de|quiero|quisiera"
    r"|impulso de) (?:\w+ )?"
)
# Not waking, not being there, a burden, nobody would notice.
_NOT_TO_BE = either(
    r"ojala (?:que )?(?:(?:me (?:durmiera|durmiese|acostara|quedara dormid[oa])|manana|hoy|ya|simplemente|un dia"
    r"|esta noche|y) ){0,4}(?:ya )?no (?:me )?(?:despertara|despertase|amaneciera|amaneciese|despierte|amanezca)",
    r"(?:dormir(?:me)?|acostarme) (?:y |para )?(?:ya )?no (?:volver a )?(?:despertar|amanecer|levantarme)(?:me)?"
    r"|(?:quiero|quisiera|me gustaria) dormir(?:me)? para siempre|no volver a despertar(?:me)?",
    r"(?:si|cuando) (?:yo )?(?:me muero|me muriera|me muriese|desaparezco|desapareciera|desapareciese|falto|faltara"
    r"|me matara)(?: \w+){0,2}? nadie (?:\w+ ){0,5}(?:cuenta|extran\w+|importa\w*|nota\w*|enter\w+|llor\w+|falta)",
    r"nadie me (?:va a |iba a )?(?:extranar|extranaria|echaria de menos|echara de menos|lloraria)",
    r"soy (?:solo |nada mas |nomas )?(?:una|un) (?:carga|estorbo|lastre)(?= ?(?:$|[.,;!?\n]| para))",
    r"(?:ya )?no (?:les |le )?(?:voy a|quiero|pienso) (?:dar(?:les)? (?:mas )?(?:lata|guerra|problemas|molestias)"
    r"|ser (?:mas )?"
    r"(?:una )?carga|estorbar(?:les)?)(?: mas)?(?: a (?:nadie|mi \w+|mis \w+|ellos))?" + _END,
    r"(?:ya )?no le (?:veo|encuentro|hallo) (?:el |ningun )?(?:sentido|caso|chiste) a (?:nada|seguir|vivir|la vida"
    r"|esta vida|existir)(?! de)",
)
# The end of it all, and out of the way.
_THE_END = either(
    r"no quiero (?:seguir|estar) (?:mas )?en esta vida|me quiero ir y (?:ya )?no volver(?: nunca| jamas)?|(?:irme"
    r"|estar) (?:ya )?con mis (?:muertos|difuntos)",
    r"quitarme (?:de|del|de en) (?:en )?medio|desaparecer (?:para siempre|del mapa|de este mundo)|irme para siempre de",
    r"(?:y ya|y listo|y ya esta),? (?:se |que se )?(?:acababa|acabaria|acaba|acabo|terminaba) todo(?! (?:el|la|los"
    r"|las))"
    r"|se (?:acababa|acabaria|terminaria) todo" + _END,
    r"(?:quiero|ganas de|ojala) que (?:todo )?(?:se )?(?:acabe|termine|pare) todo(?: ya| de una vez)?" + _END,
    r"(?:poner(?:le)? fin|ponerle punto final) a (?:todo|mi vida)|pegarme un tiro|dejar de (?:existir|vivir|respirar)"
    r"(?! (?:en|con|aqui))|bajarme de (?:este mundo|la vida)|no quiero (?:seguir|estar) (?:mas )?en este mundo",
)
# The means at hand. One steps further in a lesson too, and cuts paper and hair.
_MEANS = either(
    rf"{_IMPULSE}tomarme (?:todas|un (?:bote|frasco|monton)|muchas|todo el frasco"
    rf"|las pastillas)(?! (?:las )?(?:vacaciones|clases))",
    r"(?:tengo|guarde|guardo|estoy guardando|he guardado|ando guardando|junte|estoy juntando|he juntado|voy juntando"
    r"|escondi|consegui|compre|ahorre)"
    r" (?:ya )?(?:guardadas |juntas )?(?:las|todas las|todas mis|mis|suficientes|bastantes|muchas) (?:pastillas"
    r"|somniferos|ansioliticos|calmantes)"
    r"(?! (?:de|para (?:la|el)|que me))",
    rf"{_IMPULSE}(?:soltar (?:el )?(?:volante|manubrio|timon)|no frenar|dar (?:el|un) volantazo|estrellarme(?! de risa)"
    r"|tirarme (?:de|del|desde|por|al? (?:tren|metro|via|vias|puente|rio))|aventarme (?:de|del|desde|al? (?:tren|metro"
    r"|via|vias))|lanzarme (?:de|del|desde|al? (?:tren|metro|vias?))|dejarme caer (?:de|del|desde|al)|cruzar sin mirar"
    r"|arrojarme)(?! (?:la|el) (?:alberca|piscina|agua|tobogan))",
    r"(?:anden|metro|vias?|puente|azotea|balcon|barandal|barranco|viaducto|acantilado|terraza)[^.!?\n]{0,40}(?:tirarme"
    r"|dar (?:un|el|ese) paso|aventarme|lanzarme|dejarme caer|arrojarme|saltar y ya)",
    r"me (?:volvi a|he vuelto a|vuelvo a|sigo|empece a|estuve|estoy) (?:cortar|cortando|quemar|quemando|rasgunar"
    r"|rasgunando|lastimar|lastimando)(?! (?:el (?:pelo|cabello|dedo|flequillo)|las? unas|con (?:el|la|las"
    r"|una) (?:papel"
    r"|guillotina|tijeras|hoja|horno|comal|silicon)|las? (?:rodilla|espalda|mano)|jugando))",
    r"(?:volvi|vuelto|empece|empezado|vuelvo) a (?:cortarme|quemarme|lastimarme|hacerme cortes)(?! (?:el (?:pelo"
    r"|cabello)"
    r"|las? unas))|(?:cortes|cortadas|cicatrices) en (?:mis|los) (?:brazos|munecas|muslos) (?:que me hago"
    r"|que me hice|mios)",
)
# Leave taken: papers, keys, letters, peace.
_LEAVE_TAKEN = either(
    r"(?:deje|di|dado|dejado|mande|escribi|anote|entregue|pase)(?: \w+){0,4} (?:claves|contrasenas|papeles|escrituras"
    r"|llaves|tarjetas) (?:del?|de la|de las) (?:banco|casa|cuentas?|seguro|carro|coche|departamento|piso|depa)"
    r"(?! (?:para (?:el|la) (?:actividad|problema)|de (?:carton|juguete)))",
    r"cartas? de (?:despedida|adios)(?! (?:a|de|para) (?:los|las|mis) (?:de|alumn|chic|nin|estud))|(?:escribi"
    r"|escrito|deje"
    r"|dejado) (?:\w+ )?cartas? (?:para|a) (?:mis hij[oa]s|mi (?:familia|esposo|esposa|marido|mujer|mama))"
    r"|(?:ya )?me despedi de (?:todos|mis hijos|mi familia|mi gente)",
    r"(?:deje|dejar|dejo|dejando|tengo) (?:\w+ )?(?:todo )?(?:mis (?:asuntos|papeles)) (?:en orden|arreglados|listos)"
    r"|hice (?:mi |el )?testamento|(?:regale|estoy regalando|ando regalando) (?:todas )?mis cosas",
    r"(?:ya )?(?:estoy|me siento) en paz(?: con (?:todo|esto|mi decision|irme))" + _END,
)
_SOMEBODY = (
    r"(?:tipo|hombre|senor|sujeto|alguien|papa|padre|muchacho|individuo|vato|wey|guey|encapuchado|desconocido|mujer"
    r"|senora|tio|chico|alumno|estudiante|persona)"
)
_ARMED = r"(?:armad[oa]|con (?:un|una) (?:arma|pistola|cuchillo|machete|navaja|fierro|escopeta|pistolon|bate))"
# Somebody armed, somebody who waits, follows, threatens or took hold of the writer.
_MENACED = either(
    r"mi (?:marido|esposo|esposa|pareja|novio|novia|mujer) (?:\w+ ){0,3}?me (?:rompio|quebro|fracturo|avento"
    r"|empuj\w+|encerr\w+|jalone\w+"
    r"|pate\w+|ahorc\w+|cachete\w+|quem[oa]|viol\w+|amenaz\w+)(?! (?:el (?:corazon|esquema)|la taza|a (?:ir|probar)))",
    r"me (?:avento|tiro|lanzo|arrojo) (?:un|una|el|la) (?:silla|botella|piedra|mesa|mesabanco)",
    rf"{_SOMEBODY} (?:\w+ ){{0,2}}?{_ARMED}(?! de (?:juguete|paciencia|valor|agua)) (?:\w+ ){{0,3}}?(?:afuera|fuera"
    rf"|adentro"
    r"|dentro|en (?:el|la|mi) (?:pasillo|escuela|puerta|patio|entrada|salon|aula|colegio|porton))",
    r"(?<!simulacro de )(?<!simulacros de )(?:tiroteo|balacera|balaceras|tirador activo)(?! (?:de (?:preguntas|ideas)))"
    r"|se oyen (?:balazos|disparos|tiros)",
    r"(?:escondid|encerrad|atrincherad)[oa]s? con (?:los|mis|las) (?:nin|alumn|chic"
    r"|pequen)\w*[^.!?\n]{0,40}(?:afuera|armad"
    r"|miedo|tiros|balazos|puerta)",
    r"mi ex(?! ?-?(?:alumn|coleg|companer|jef|direct|profe))(?: \w+)? (?:\w+ ){0,3}?(?:esperando|afuera|fuera"
    r"|siguiendo|sigue|persigue|acosa|acosando|amenaza|amenazo"
    r"|aparecio|en la (?:puerta|salida|entrada)|me busca|buscandome)",
    r"de (?:hoy|esta|esta noche) no paso|(?:dijo|dice|juro|jura|amenazo con|amenaza con) (?:que )?(?:me (?:va a|iba a)"
    r" (?:matar|golpear|partir|quemar|romper)|me mata|me mataria|me las (?:va a|voy a) pagar)(?! (?:de (?:risa|amor)))",
    rf"(?:un|una|el|la|ese|esa|aquel) {_SOMEBODY}(?: de \w+)? (?:\w+ ){{0,2}}?me (?:agarr\w+ (?:del?|por|a) |golpe"
    rf"|empuj|amenaz|persig"
    rf"|ahorc|jal"
    r"one|escup|atac|acorral|zarande|apunt|sigui)\w*(?! (?:la (?:corriente|atencion|onda|mano)|el (?:juego|hilo"
    r"|ritmo|paso)"
    r"|de (?:sorpresa|bajada)|desprevenid|en curva|a (?:pensar|probar|intentar)|por sorpresa|con (?:preguntas"
    r"|la pregunta)"
    r"|la|el|que|en (?:su|el) (?:cuaderno|libreta|lista)))",
    r"(?:alguien|un (?:tipo|hombre|coche|carro)) (?:me (?:sigue|viene siguiendo|esta siguiendo)|anda siguiendome)"
    r"|me (?:apuntaron|asaltaron|tienen amenazad[oa]|quieren matar)|me llegan amenazas"
    r"|amenazas? de muerte (?:a mi|contra mi)|me amenaz\w+ de muerte",
)
_OF_ONESELF = (_NOT_TO_BE, _THE_END, _MEANS, _LEAVE_TAKEN)


def in_peril(heard: Heard) -> bool:
    """Whether the writer speaks of not living on, of how, or of somebody who threatens."""
    return (
        any(
            not heard.told(found.start()) and not found_written(heard, found.start())
            for found in _NOT_TO_BE.finditer(heard.own)
        )
        or any(
            not heard.theirs(found.start())
            for family in (_THE_END, _MEANS, _LEAVE_TAKEN)
            for found in family.finditer(heard.own)
        )
        or _MENACED.search(heard.own) is not None
        or in_danger(heard)
    )


def told_by_another(heard: Heard) -> bool:
    """Whether somebody else is told to have said such a thing of themselves."""
    return any(
        heard.own[found.start()] != heard.text[found.start()]
        or heard.told(found.start())
        or found_written(heard, found.start())
        for family in _OF_ONESELF
        for found in family.finditer(heard.text)
    )
