"""In Spanish: said plainly, and the nearest ways around it: danger, distress, a student, tiredness."""

from __future__ import annotations

import re

from bot.safety.spanish.hearing import STUDENT, Heard, either

_STOPS = (
    r"(?= ?(?:$|[.,;!?\n)-]| (?:y|porque|pq|hoy|ya|esta noche|manana|ahora|de una vez|para siempre|otra vez"
    r"|de verdad|cuando llegue)(?!\w)))"
)
_INTENT = (
    r"(?:voy a|iba a|vamos a|quiero|quisiera|queria|pienso(?: en)?|pense(?: en)?|pensado(?: en)?|pensando(?: en)?"
    r"|planeo"
    r"|planeando|decidi|decidido|ganas de|a punto de|necesito|idea de|tentad[oa] de|intente|intentado|intentar"
    r"|trate de|podria|prefiero|preferiria|deseo)"
)
_IDLY = r"(?! (?:de (?:la )?(?:risa|amor|calor|hambre|trabajo)|a (?:trabajar|corregir|risas)|trabajando|riendo))"
_CUT = r"(?! (?:el|un poco|las? unas|con (?:el|la|las|una)|a|en (?:la|el) (?:cocina|taller)))"
_LIMBS = r"(?:(?:en )?(?:l[oa]s|mis) (?:venas|munecas|brazos|piernas|muslos))"
_THE_END = either(
    rf"(?:(?:me {_INTENT} )(?:quitar la vida(?! util)|suicidar|ahorcar|colgar{_STOPS}|matar{_IDLY}|hacer dano"
    rf"|(?:cortar|quemar|lastimar)(?:{_STOPS}| {_LIMBS}))|{_INTENT} (?:\w+ )?(?:quitarme la vida|suicidarme|ahorcarme"
    rf"|matarme{_IDLY}|hacerme dano{_STOPS}|(?:cortarme|quemarme|lastimarme)(?:{_STOPS}| {_LIMBS})"
    r"|colgarme del? (?!una llamada)))",
    rf"(?:{_INTENT} |para )(?:\w+ )?(?:acabar|terminar) con (?:todo(?: esto)?{_STOPS}|mi vida|mi existencia)",
    rf"me (?:corto|corte|quemo|queme|hago cortes|hice cortes|lastimo) (?:a proposito|otra vez|de nuevo|{_LIMBS}"
    rf"|para (?:sentir|aguantar|calmarme)){_CUT}",
    r"me (?:corto|corte) (?:anoche|a escondidas|(?:todas las|cada) noches?|cuando (?:llego|estoy|me siento|nadie))",
    rf"me {_INTENT} (?:tirar|aventar|lanzar|arrojar) (?:del?|al?|desde|a las) (?:(?:el|la|un|las) )?(?:puente|metro"
    rf"|tren"
    r"|vias|azotea|balcon|rio|techo|barranco)",
    rf"me (?:mato|matare) (?:hoy|esta noche|manana|ya|ahora){_STOPS}|me (?:suicido|quito la vida(?! util))",
    rf"(?:quiero|ojala|necesito) que todo (?:esto )?(?:se )?(?:acabe|termine|pare){_STOPS}",
    rf"ya no quiero estar (?:aqui|en este mundo){_STOPS}",
    r"me (?:hago|hice|estoy haciendo|sigo haciendo) dano(?! (?:en (?:el|la)|jugando|al|corriendo|cuando|con (?:el"
    r"|la)))",
    rf"(?:ya )?no quiero (?:vivir|existir|estar viv[oa]|seguir viv[oa]|seguir viviendo)(?:{_STOPS}| asi| mas)",
    rf"(?:quiero|quisiera|prefiero|ojala) (?:estar muert[oa]|morir(?:me)?|me muriera|me muera){_IDLY}{_STOPS}",
)
_PEOPLE = r"(?:tod[oa]s|familia|hij[oa]s|ell[oa]s|mundo|gente|marido|esposo|esposa|mama|papa|padres)"
_WITHOUT_ME = either(
    rf"{_PEOPLE}[^.!?\n]{{0,25}} (?:estarian?|serian?|vivirian?|andarian?|irian?|iria|va a estar|van a estar"
    rf"|descansaria"
    r"n?) [^.!?\n]{0,30}(?:si yo (?:ya )?no (?:existiera|estuviera|viviera|anduviera|hubiera nacido)|si me muriera"
    r"|sin mi(?= ?(?:$|[.,;!?\n])))",
    r"ya no (?:voy a estar|estare|voy a andar|voy a existir)[^!?\n]{0,30}ni (?:aqui|aca"
    r"|alla)?,? ?(?:ni )?(?:en )?(?:alla"
    r"|ningun[oa]? (?:lado|lugar|parte|sitio|escuela))",
)
_HOW_SIMPLE = either(
    r"(?:paso|pase|cruzo|miro|veo|me quedo|me asomo)[^.!?\n]{0,25}(?:puente|vias?|anden|metro|tren|azotea|barranco|rio"
    r"|balcon)(?! (?:del? problema))[^.!?\n]{0,50}(?:que|lo) (?:facil|rapido|sencillo|simple) (?:que )?seria(?= ?(?:$"
    r"|[.,;!?\n]))"
    r"|(?:paso|pase|cruzo|miro|veo|me quedo|me asomo)[^.!?\n]{0,25}(?:puente|vias?|anden|metro|tren|azotea|barranco|rio"
    r"|balcon)(?! (?:del? problema))[^.!?\n]{0,50}(?:seria|bastaria|es|tardaria|costaria) (?:cosa de |tan |solo |nomas"
    r" |nada mas |muy )*(?:un (?:segundo|paso|instante|momento|brinco|salto)|facil|rapido|sencillo)"
    r"(?! (?:de (?:diferencia|retraso)|mas|calcular|dibujar|explicar|medir))",
)
_PILLS = r"(?:pastillas|somniferos|ansioliticos|calmantes|medicinas|medicamentos)"
_KEPT = either(
    r"(?:guard|junt|escond|ahorr|acumul)(?:ando|iendo|ado|ido|e|i) (?:\w+ ){0,2}?(?:las |unas |mis |muchas |todas )*"
    rf"{_PILLS} (?:(?:de|para) dormir|de (?:mi|la) (?:madre|mama|papa|padre|abuel[oa]|presion)|del corazon|por si"
    r"|y (?:me da|saber))",
)
_SOMEBODY = (
    r"(?:tipo|hombre|senor|sujeto|alguien|papa|mama|padre|muchacho|individuo|vato|wey|guey|encapuchado|desconocido"
    r"|mujer"
    r"|senora|persona|padrastro)"
)
_WHERE = (
    r"(?:afuera|fuera|en (?:el|la) (?:pasillo|puerta|patio|entrada|porton|reja|salon|ventana|direccion)"
    r"|del otro lado)"
)
_ARM = r"(?:arma|pistola|cuchillo|machete|navaja|fierro|escopeta|pistolon|rifle|hacha)"
_BLUNT = r"(?:bate|palo|tubo|martillo|botella|piedra)"
_MENACED = either(
    rf"(?:hay|esta|entro) un[oa]? {_SOMEBODY} armad[oa](?! (?:de paciencia|en (?:el|la) (?:problema|libro|foto|cuento"
    rf"|texto)))",
    rf"{_SOMEBODY} (?:\w+ ){{0,3}}?{_WHERE}(?: \w+){{0,4}}? (?:armad[oa]|(?:con|trae|tiene) (?:un|una) {_ARM})"
    r"(?! de (?:juguete|agua|carton|silicon))",
    rf"{_SOMEBODY} (?:\w+ ){{0,2}}?(?:trae|tiene|con) (?:un|una) {_ARM} (?!de (?:juguete|agua|carton|silicon))"
    rf"(?:\w+ ){{0,2}}?{_WHERE}",
    rf"{_SOMEBODY} (?:\w+ ){{0,6}}?(?:con|trae|tiene) (?:un|una) (?:{_ARM}|{_BLUNT})(?! de (?:juguete|agua|carton"
    r"|silicon))[^.!?\n]{0,60}(?:gritando|grita|amenaz\w*|encerr\w*|escondid\w*|me va a|nos va a|golpeando la puerta)",
    rf"(?:encerre|cerre con (?:llave|seguro)|encerrad[oa]s?|atranque)[^.!?\n]{{0,50}}(?:{_SOMEBODY} (?:\w+ ){{0,3}}?"
    rf"(?:gritando|armad[oa]|afuera|con (?:un|una) (?:{_ARM}|{_BLUNT})))",
    rf"{_SOMEBODY} (?:\w+ ){{0,4}}?(?:gritando|golpeando)[^.!?\n]{{0,40}}(?:me encerre|cerre con (?:llave|seguro)"
    r"|estoy encerrad[oa])",
)
_ROOM = r"(?:bodega|bano|coche|carro|auto|almacen|sala|cubiculo|salon|laboratorio|despacho|deposito)"
_SCHOOL = r"(?:escuela|salon|clase|aula|cole|colegio|insti|instituto|secundaria|puerta)"
_DISTRESS = either(
    r"se me (?:cierra|cierran|cerro|aprieta|oprime|hunde|cierre) (?:el pecho|la garganta)|no me (?:entra|llega|pasa)"
    r" (?:el |ni el )?aire|(?:no (?:puedo|podia)|sin poder) respirar(?! de (?:la |tanta )?risa)",
    rf"me (?:escondi|encerre|meti|refugie|escondo|encierro|meto) (?:\w+ )?en (?:la|el|un|mi) (?:\w+ )?{_ROOM}"
    r"[^.!?\n]{0,60}(?:nadie me|llorar|llorando|para no|pa no|temblando|no (?:queria|podia|pude)|no me (?:vean"
    r"|vieran))",
    r"algo (?:\w+ ){0,2}?se (?:me )?(?:rompio|quebro|murio|apago)(?: por| a)? ?(?:dentro|adentro|en mi)"
    r"|se me (?:rompio|quebro|murio) algo(?! (?:de|del) )|algo se me (?:rompio|quebro|murio|apago)",
    r"no (?:se|veo) como (?:voy a|le voy a hacer para|podre|podria|hacer para|vamos a) (?:\w+ )?(?:(?:cruzar|pasar por)"
    rf" (?:es[ae]|la|aquella) puerta|(?:entrar|volver|regresar|ir)(?: (?:manana|el lunes|hoy|otra vez))? (?:a|al"
    rf"|en) (?:la |el |es[ae] )?{_SCHOOL}"
    rf"|dar la cara"
    r"|pararme (?:ahi|alli|enfrente|frente|delante)|enfrentar(?:me|los|las)?)",
    rf"no (?:puedo|soy capaz de|quiero) volver a (?:entrar|pisar|pararme|poner un pie|cruzar) (?:\w+ ){{0,3}}?{_SCHOOL}"
    r"(?! (?:hasta|porque|virtual))",
    r"(?:me quedo|me quede) (?:sentad|tirad|acostad|encerrad)[oa] (?:en|a) (?:el suelo|el piso|la oscuridad|oscuras"
    r"|la cama|el coche|el carro)[^.!?\n]{0,40}(?:hasta|sin|horas|llor|mirando|no )",
    r"apago la luz y me (?:quedo|siento|acuesto|tiro|echo)|no (?:puedo|soy capaz de|quiero) (?:mirar|ver|enfrentar) a"
    r" nadie|no (?:queria|quise|quiero) que (?:nadie )?me (?:viera|vea)n? (?:la cara|asi|llorar)"
    r"|me (?:quebre|rompi|derrumbe|vine abajo|desmorone) (?:\w+ )?(?:enfrente|frente|delante|en plena)",
)
_PARENT = r"(?:pap[ai]|papito|padre|mam[ai]|madre|padrastro|madrastra|tio|abuelo|hermano|novio)"
_TURNS = (
    r"(?:se (?:pone|puso|queda|quedo) (?:\w+ )?(?:blanc|palid|tens|ties|rigid|mud)[oa]|se pone a (?:temblar|llorar)"
    r"|se (?:hace|hizo) (?:pis|pipi))"
)
_GIFT = r"(?:regal|compr|mand|di|d)(?:a|o|an|aba|e|io) "
_PLAIN = either(
    rf"(?:ve|ven|vio|llega|llegar|aparece|viene|oye)[^.!?\n]{{0,20}}{_PARENT}[^.!?\n]{{0,15}}{_TURNS}",
    rf"{_TURNS} (?:cuando|al|cada vez|apenas|si)[^.!?\n]{{0,30}}{_PARENT}",
    r"(?:nunca|no) se quiere ir (?:a la (?:salida|casa)|con su|a su casa)(?! (?:hasta|sin) (?:termin|acab|resolv)\w*)",
    rf"(?:hombre|senor|tipo|adulto|desconocido|novio mayor|muchacho mayor|viejo)[^.!?\n]{{0,25}} que (?:le|la"
    rf"|lo) {_GIFT}"
    r"(?:\w+ ){0,2}?(?:cosas|celular|dinero|ropa|regalos|tenis|joyas|telefono|movil)",
)
_OF_A_STUDENT = either(
    r"(?:ruega|pide|suplica|insiste) (?:\w+ ){0,2}?(?:quedarse|no irse|que no (?:lo|la) mande)(?! (?:a"
    r"|para) (?:termin|acab"
    r"|jug)\w*)(?= ?(?:$|[.,;]| (?:conmigo|aqui|en (?:el|mi) salon|cuando|todos)))",
    rf"(?:hombre|senor|tipo|adulto|desconocido)(?: \w+)? (?:le|la|lo) {_GIFT}(?:\w+ ){{0,2}}?(?:cosas|celular|dinero"
    rf"|ropa"
    r"|regalos|tenis|joyas|telefono|movil)(?=[^.!?\n]{0,60}(?:alumna|secret|nina|chica))",
    r"(?:que|de) (?:le )?(?:guard(?:e|ara|arle)|guardar) (?:el|un|su) secreto(?! (?:del?|a los|para la clase))",
    r"(?:no ha|no habia|lleva sin|no) (?:comido|comio|comer|desayunado|cenado|probado bocado) (?:nada )?(?:desde"
    r"|en todo"
    r"|en dos|hace|dos dias|tres dias)",
)
_SPOKEN_OF = either(STUDENT, r"el|ella|me (?:dijo|pidio|conto)|un[oa] de \w+")
_FOUND = re.compile(
    r"\b(?:encontre|vi|lei|halle|descubri|escribio|escrito|puso|decia|dice|aparecio|note)\b[^.!?\n]{0,50}"
    r"\b(?:su|un|el|del|uno de los|la|una|sus) (?:cuaderno|libreta|libro|examen|hoja|tarea|mochila|banca|pupitre"
    r"|carpeta"
    r"|dibujo|nota|papelito|diario)\b"
)
_IN_IT = re.compile(
    r"\b(?:en|de) (?:su|un|el|la|una) (?:cuaderno|libreta|libro|examen|hoja|tarea|banca|pupitre|carpeta|dibujo"
    r"|diario)\b"
    r"[^.!?\n]{0,30}\b(?:decia|dice|puso|escribio|hay escrito|estaba escrito|ponia|pone)\b"
)
_QUOTES = re.compile(r"(?:(?<!\w)['\"]|:|\b(?:dice|decia|puso|escribio|ponia|pone|que)\b)[ '\":]*(?:\w+ ){0,6}$")
_WRITTEN = either(
    r"nadie (?:\w+ ){0,5}si (?:yo )?(?:ya )?(?:no (?:estoy|estuviera|existiera)|me (?:muero|muriera)|desaparezco"
    r"|desapareciera|falto)",
    r"me quiero morir|quiero morirme|no quiero vivir|me quiero matar|quiero matarme",
)
_MINE = re.compile(r"\b(?:mi (?:cuaderno|libreta|diario|agenda)|escribi)\b")
_TIRED = either(
    r"(?:voy (?:por|en)|llevo|es|ya voy por|me tome|tomando) (?:ya )?(?:el |mi |al )?(?:segundo|tercer|tercero|cuarto"
    r"|quinto|sexto|[2-9]º?o?) (?:cafe|termo|cafecito|red ?bull|taza de cafe)(?! (?:del?|en el|cuesta))",
    r"quien (?:pillara|tuviera|agarrara|estuviera|cogiera|pudiera)(?: \w+){0,4}? (?:puente|vacaciones|viernes|cama"
    r"|playa"
    r"|fin de semana|siesta|hamaca|descanso|dormir)",
    r"llevo (?:ya )?(?:tres|cuatro|cinco|seis|[3-9]) cafes",
    r"ya (?:quiero|necesito) (?:unas |las )?(?:vacaciones|que sea viernes|que llegue el viernes)",
    r"(?:que llegue|que lleguen|urgen?|necesito) (?:ya |unas |las |un |el )+(?:puente|vacaciones|viernes|navidad"
    r"|fin de semana)(?! (?:para|de (?:la|esta) (?:actividad|clase)))",
    r"(?:(?:examenes|tareas|trabajos|cuadernos|libretas|correos) (?:por|sin) (?:corregir|revisar|calificar|leer)"
    r"|pendientes|(?:la|el) (?:pila|monton|torre) de (?:examenes|trabajos|cuadernos|correcciones|libretas)) (?:ya "
    r"|no )?"
    r"(?:se (?:me )?(?:reproduce|multiplica|acumula|amontona|acaba|termina)n?(?! por )|me (?:come|mira|comen|miran"
    r"|aplasta|aplastan)|crecen?)",
)


def in_danger(heard: Heard) -> bool:
    """Whether the writer says so plainly, or that all would be easier, or that somebody armed is there."""
    return (
        any(
            not heard.theirs(found.start()) and not found_written(heard, found.start())
            for family in (_THE_END, _HOW_SIMPLE, _KEPT)
            for found in family.finditer(heard.own)
        )
        or any(not heard.told(found.start()) for found in _WITHOUT_ME.finditer(heard.own))
        or _MENACED.search(heard.own) is not None
    )


def in_distress(heard: Heard) -> bool:
    """Whether the writer broke, cannot go back in, cannot face them, cannot breathe."""
    return any(
        not heard.theirs(found.start()) and not heard.denied(found.start()) for found in _DISTRESS.finditer(heard.own)
    )


def of_a_student(heard: Heard) -> bool:
    """Whether a student may be hungry, afraid of a parent or led on by somebody older."""
    text = heard.text
    if any(found_written(heard, found.start()) for found in _WRITTEN.finditer(text)):
        return True
    return _PLAIN.search(text) is not None or (
        _SPOKEN_OF.search(text) is not None and _OF_A_STUDENT.search(text) is not None
    )


def found_written(heard: Heard, at: int) -> bool:
    """Whether this place is what stood in a student's notebook, found by the writer."""
    before = heard.text[max(0, at - 140) : at]
    return (
        (_FOUND.search(before) or _IN_IT.search(before)) is not None
        and _QUOTES.search(before) is not None
        and _MINE.search(before) is None
    )


def is_tired(heard: Heard) -> bool:
    """Whether the writer counts coffees and days to the holidays, or the pile breeds."""
    return any(
        not heard.theirs(found.start()) and not heard.denied(found.start()) for found in _TIRED.finditer(heard.own)
    )
