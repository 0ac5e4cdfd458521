"""In Spanish: words about the writer, in danger, in distress, or tired. Written without accents, as they are heard."""

from __future__ import annotations

import re

from bot.safety.spanish.hearing import Heard, either
from bot.safety.spanish.peril import in_peril
from bot.safety.spanish.plainly import found_written
from bot.safety.spanish.strain import strained, weary

_END = r"(?= ?(?:$|[.,;!?\n)-]))"
_FIGURE = (
    r"(?! (?:de|del) (?:(?:la|el|pura|puro|tanta|tanto) )?(?:risas?|verguenza|pena|hambre|sed|sueno|calor|frio|amor"
    r"|ternura|alegria|emocion|aburrimiento|cansancio|ganas|nervios|curiosidad|gusto|felicidad|envidia|coraje))"
)
_BY_CHANCE = (
    r"(?! (?:(?:\w+ ){0,3}(?:jugando|corriendo|cargando|levantando|bajando|subiendo|sin querer|recreo|patio"
    r"|gimnasio)"
    r"|(?:el|la) (?:pie|tobillo|rodilla|dedo|espalda|mano)))"
)
_WISH = (
    r"(?:quiero|queria|quisiera|voy a|iba a|deseo|necesito|preferiria|pienso en|pensando en|pense en|ganas de"
    r"|he pensado en|planeo|prefiero)"
)
_VERY = (
    r"(?:(?:muy|tan|bien|bastante|completamente|totalmente|super|demasiado|realmente|absolutamente|un poco|algo"
    r"|todavia"
    r"|ya|siempre|mental y fisicamente|fisica y mentalmente|emocionalmente|mentalmente|fisicamente|hoy|mas|como"
    r"|simplemente|francamente|cada dia mas|medio) )"
)

# --- In danger: ending one's life, hurting oneself, or hurt by somebody
_RESTED = (
    r"(?:descansar(?:ian|ia|an|a)|(?:estar|vivir|ser|andar|quedar)(?:ian|ia|an|a) (?:\w+ )?(?:mejor|mas (?:tranquil"
    r"|feli|a gusto|content)\w*|en paz|bien|tranquil\w+|felices))"
)
_WITHOUT_ME = r"(?:sin mi|si (?:yo )?(?:ya )?no (?:estuviera|estuviese|existiera|existiese|estoy))"
_DANGER = either(
    # Who would be better off is part of it: it is said by the writer, of themselves.
    rf"(?:(?:mi|mis|la|los|las|todos|todo el mundo|ellos"
    rf"|ellas) )?(?:\w+ ){{0,3}}{_RESTED} (?:\w+ ){{0,2}}{_WITHOUT_ME}"
    r"(?= ?(?:$|[.,;!?\n)-]|aqui|en este mundo|vivo|viva))",
    rf"(?:{_WISH}|pienso|imagino|imaginaba|fantaseo con|tentacion de)(?: \w+){{0,2}} (?:tirar|estrellar"
    r"|estampar|chocar|aventar|lanzar|sacar)(?:me)?(?: con)? (?:el|mi) (?:coche|carro|auto|moto|camioneta)"
    r" (?:contra|por|de|desde|al|a)",
    r"si (?:manana )?(?:ya )?no (?:me )?(?:despierto|despertara|despertase|amanezco|amaneciera)(?: manana| mas)?"
    r",? (?:seria )?(?:mejor|tanto mejor|que mas da|no pasa nada|nadie|ni modo)",
    r"(?:quiero|quisiera|ojala|prefiero|me gustaria|preferiria) (?:\w+ )?(?:dormirme|acostarme|dormir) y (?:ya )?no"
    r" (?:despertar|amanecer|levantarme)|para no (?:despertar|amanecer)(?: nunca| jamas| mas)?(?= ?(?:$"
    r"|[.,;!?\n]))",
    r"(?:irme|dejar|salir|desaparecer|largarme) (?:de )?(?:este|el) mundo|me (?:quiero|voy a"
    r"|quisiera) (?:\w+ )?ir de este"
    r" mundo",
    r"(?:he|estuve|anduve|llevo dias|llevo|estoy|ando|sigo) (?:mirado|mirando|buscado|buscando|contado"
    r"|contando|calculado|calculando"
    r"|leido|leyendo|pensado|pensando) (?:\w+ ){0,3}(?:pastillas|somniferos|formas de (?:morir|acabar|irme)|como"
    r" (?:morir|matarme|quitarme|hacerlo sin dolor))(?! de )",
    rf"(?:me )?{_WISH} morir(?:me)?{_FIGURE}|me (?:quiero|queria|quisiera|dan ganas de) (?:morir|matar"
    rf"|suicidar){_FIGURE}",
    rf"{_WISH} (?:matarme|suicidarme|ahorcarme|estar muert[oa]|no estar viv[oa]|no despertar|no existir"
    rf"|no haber nacido){_FIGURE}",
    rf"(?:me voy a|me iba a) (?:matar|suicidar|ahorcar|tirar (?:de|desde|por|al)){_FIGURE}(?! (?:trabajando"
    rf"|estudiando"
    rf"|preparando|calificando|planeando|por))",
    r"(?:ya )?no (?:quiero|deseo|queria) (?:seguir )?(?:vivir|viviendo|existir|existiendo|estar viv[oa]"
    r"|despertar(?:me)?"
    r"|estar en este mundo|seguir (?:viv[oa]|aqui)|estar aqui mas)(?! (?:en|con|cerca|lejos|temprano|a las|tan"
    r"|antes"
    r"|al bebe))",
    r"(?:quitarme|acabar con|terminar con|poner(?:le)? fin a) (?:la|mi) (?:propia )?vida|acabar con todo"
    r"(?! (?:el|la|lo|los|las|este|esta|mi|eso))",
    r"(?:pensamientos|ideas|ideacion) suicidas?",
    r"(?:suicidarme|suicidio|me suicid(?:o|e|aria))(?! (?:colectivo|politico))",
    rf"(?:hacerme|me hago|me hice|hacerme algo de) dano(?: a mi mism[oa])?{_BY_CHANCE}|(?:lastimarme"
    rf"|me lastimo) (?:a"
    rf" (?:mi mism[oa]|proposito)){_BY_CHANCE}|(?:quiero|ganas de|pense en) lastimarme{_BY_CHANCE}",
    r"cortarme (?:las venas|los brazos|las munecas|las piernas)|me (?:corto|corte) (?:las venas|los brazos"
    r"|las munecas"
    r"|a proposito|para)|(?:quiero|ganas de) cortarme(?! (?:el (?:pelo|cabello)|las unas|un))|me autolesion\w+"
    r"|autolesionarme",
    r"(?:estarian|estaria|estaran|estan|estaban) mejor (?:sin mi|si (?:yo )?no (?:estuviera|existiera|estoy))"
    r"|mejor muert[oa]|el mundo (?:\w+ ){0,3}mejor sin mi",
    r"ojala (?:no )?(?:me )?(?:muriera|muera|estuviera muert[oa]|hubiera nacido|despertara|despertase|existiera"
    r"|despierte manana)",
    r"(?:no (?:vale|merece) la pena|no tiene sentido|para que) (?:seguir )?(?:vivir|viviendo)"
    r"|no (?:le )?(?:veo|encuentro) (?:el )?sentido a (?:la|mi) vida|mi vida no (?:vale|tiene sentido)",
    r"(?:razon|razones|motivo|motivos|ganas|motivacion) (?:para|de) (?:seguir )?(?:vivir|viviendo)"
    r"|nada por lo que vivir|no tengo por que vivir",
    r"(?:ahorcarme|envenenarme|pegarme un tiro|dispararme|colgarme de una|electrocutarme)|tirarme (?:(?:de"
    r"|desde|por|del"
    r"|al|a|delante de) (?:\w+ )?(?:puente|ventana|balcon|edificio|tren|metro|vias|azotea|techo|carro|coche"
    r"|camion))",
    r"(?:tomarme|tragarme|me tome|me voy a tomar) (?:todas|todo el frasco|un frasco|muchas|demasiadas|un monton)"
    r"(?: de)?(?: las| mis)?(?: pastillas| medicinas| pildoras)?|sobredosis",
    r"(?:soy|seria) un peligro para mi(?: mism[oa])?|no voy a (?:estar|seguir) (?:viv[oa]|aqui) (?:mucho"
    r"|por mucho)",
)
_PARTNER = r"(?:espos[oa]|marido|mujer|pareja|novi[oa]|ex|exmarido|exesposo|exnovio|companero|hijo)"
_DANGER_FROM_OTHERS = either(
    rf"mi (?:ex )?{_PARTNER} (?:\w+ ){{0,3}}?me (?:\w+ )?(?:(?:peg|golpe|maltrat|amenaz|ahorc|lastim|agred"
    rf"|violent|zarande|empuj|patea|abofete|jalone|encerr)\w+"
    rf"|(?:levanto|levanta|alzo|alza) la mano|(?:tiro|avento|lanzo) (?:contra|al suelo|por))",
    rf"mi (?:ex )?{_PARTNER} (?:[^.!?;\n]{{0,40}} )?(?:dijo|dice|jura|juro|grito|grita|repite|escribio)"
    r" que (?:me|nos) (?:va a|iba a|quiere|puede) (?:matar|golpear|pegar|encontrar|quemar)",
    rf"me (?:peg|golpe|maltrat|amenaz|ahorc|lastim|agred)\w+ (?:\w+ ){{0,3}}?mi (?:ex )?{_PARTNER}",
    r"(?:miedo|temo) (?:de |a )?que (?:me|nos) (?:mate|lastime|haga dano|haga algo|pegue|golpee)",
    r"amenaz\w+ (?:de muerte|con matarme)|me (?:quiere|va a) matar(?! (?:de|la directora|mi (?:jefa|directora"
    r"|coach)))",
    r"violencia (?:domestica |familiar )?(?:de|en) mi (?:casa|pareja|esposo|marido)",
)

# --- In distress: it cannot go on like this
_GLAD = r"(?! de (?:la |pura )?(?:risa|alegria|felicidad|emocion|orgullo|ternura|gusto))"
_LEAVE = (
    r"(?:renunciar|dejar(?:lo todo| la docencia| la ensenanza| de ensenar| mi trabajo| este trabajo| el trabajo"
    r"| la profesion| el magisterio| las aulas| de ser maestr[oa])|tirar la toalla|abandonar(?:lo todo| la docencia"
    r"| todo)|mandar todo (?:a|al)|salirme de (?:esto|la docencia)|irme de (?:esta escuela|aqui para siempre))"
)
_BODY_SAYS = (
    r"(?:me (?:tiembl\w+|sud\w+) (?:las manos|las piernas|todo|el cuerpo)|(?:tengo )?el corazon (?:a mil|acelerado)"
    r"|me falta el aire|se me cierra (?:el pecho|la garganta)|me duele el pecho|no puedo respirar)"
)
_AT_THE_DOOR = (
    r"(?:antes de (?:entrar|ir|salir|clase|empezar)|al entrar|cuando (?:entro|llego|suena|pienso en (?:ir|volver))"
    r"|cada (?:vez|manana|lunes|domingo|dia)|de camino|camino (?:a|al)|en el estacionamiento|los domingos)"
)
_DISTRESS = either(
    r"me (?:encierro|encerre|meto|meti|escondo|escondi|escape|escapo|voy|fui|salgo|sali) (?:en|a|al)"
    rf" (?:\w+ ){{0,2}}(?:a|para) llorar{_GLAD}|(?:a|para) llorar (?:en|entre) (?:el|clase|los|cada)",
    r"(?:pedir|pido|pedi|coger|cojo|tomar|solicitar|darme|estoy de) (?:la |una |mi )?(?:baja(?! (?:la|el"
    r"|de (?:un|una)"
    r" (?:alumn|estudiant|nin)))|licencia (?:medica|psiquiatrica|por (?:estres|depresion|ansiedad|salud)))",
    r"(?:la |de )?baja (?:medica )?por (?:ansiedad|depresion|estres)|no (?:le |les )?(?:veo|encuentro"
    r"|hallo) (?:la |una )?"
    r"salida(?! de emergencia)|no puedo (?:ni )?con mi (?:alma|vida)|lloro por (?:todo|nada|cualquier)",
    r"(?:ya )?no (?:soporto|aguanto) (?:\w+ )?(?:ir|entrar|volver|estar|levantarme|verlos|ver)(?= )",
    r"no (?:levanto|alzo) (?:la )?cabeza|no (?:salgo|logro salir) de(?:l| este| la) (?:pozo|hoyo|agujero|bache"
    r"|cama)",
    rf"(?:hech[oa]|en|soy) un mar de (?:lagrimas|llanto){_GLAD}|(?:con el|tengo el) alma rota",
    r"(?:siento|parece|creo|pienso) que me (?:ahog|hund|rompo|romp|derrumb|desmoron|asfixi|quiebr|quebr|apag|voy a"
    r" (?:desmay|volver loc|romp|quebr|derrumb))\w*(?! (?:de la |de )?(?:risa|calor|en (?:papel|correo|trabajo)))",
    r"(?:estoy|ando|sigo|me siento|vivo) (?:\w+ ){0,2}(?:de|con (?:un|el)) bajon"
    r"|me cuesta (?:\w+ ){0,3}(?:levantarme"
    r"|salir|pararme) de (?:la )?cama|ya vali(?: madres?)?(?= ?(?:$|[.,;!?\n]))",
    rf"{_BODY_SAYS}[^.!?\n]{{0,50}}{_AT_THE_DOOR}|{_AT_THE_DOOR}[^.!?\n]{{0,40}}{_BODY_SAYS}",
    rf"(?:ya )?no puedo (?:mas(?! que)|con (?:esto|todo|nada|tanto|mi vida|este trabajo|mas)|aguantar|soportar"
    rf"|seguir(?: asi| adelante| con esto| haciendo esto|{_END})|parar de llorar|dejar de llorar|levantarme"
    rf"|salir de la cama|respirar(?! de)|enfrentar)",
    rf"ya no puedo{_END}|(?:ya )?no (?:aguanto|soporto|resisto) (?:mas|esto|este trabajo|otro dia|un dia mas|ni un)"
    rf"|ya no (?:aguanto|soporto|resisto){_END}|(?:ya )?no doy (?:para )?mas",
    r"no se (?:cuanto (?:tiempo )?mas|si) (?:puedo|podre|voy a) (?:\w+ )?(?:aguantar|seguir|soportar|resistir)",
    rf"lloro (?:tod[oa]s|cada|casi|en (?:el|mi|la)|sol[oa]|de camino|antes|despues|por (?:las|la)|al|a diario|y"
    rf"|mucho|sin){_GLAD}",
    rf"(?:estoy|estuve|ando|termine|acabe|sali|llegue|me puse a|empece a|no paro de|no dejo de|me (?:paso|pase)"
    rf"|pase|llevo)(?: \w+){{0,4}} llor(?:ar|ando){_GLAD}",
    rf"(?<!que )(?<!nadie )(?<!no )llore(?: \w+){{0,2}} (?:en (?:el|mi|la)|ayer|hoy|anoche|despues|antes"
    rf"|de camino|al"
    rf"|otra vez|por|la noche|noche|dia|tarde){_GLAD}",
    r"(?:un |otro |los )?(?:ataques?|crisis) de (?:panico|ansiedad|nervios|llanto|angustia)|colapso nervioso",
    r"me (?:estoy|voy a|siento que me) (?:\w+ )?(?:derrumb|quebr|romp|desmoron|hund|volv\w+ loc|ahog)\w*"
    r"(?! en (?:papel|trabajo|correo|tarea|pendiente))|me (?:derrumbe|quebre|desmorone|vine abajo|derrumbo)",
    r"(?:estoy|me siento) (?:\w+ ){0,2}(?:rot[oa]|destrozad[oa]|hundid[oa]|al limite|al borde|desesperad[oa]"
    r"(?! por (?:saber|ver))|atrapad[oa]|deprimid[oa]|devastad[oa]|perdid[oa] y|desolad[oa])",
    r"al borde de(?:l| la| un| una| las)? (?:colapso|llanto|crisis|ataque|lagrimas|abismo|renuncia|locura)"
    r"|(?:toque|he tocado|estoy tocando) fondo",
    rf"(?<!no )(?:quiero|voy a|pienso|estoy pensando en|pensando en|ganas de|estoy por|a punto de|he pensado en"
    rf"|considerando) {_LEAVE}|renuncio{_END}|mi (?:carta de )?renuncia",
    r"(?:odio) (?:mi (?:vida|trabajo)|este trabajo|ser maestr[oa]|ser profesor[a]?|ir a (?:la escuela|trabajar)"
    r"|venir)"
    r"|me odio",
    r"me siento (?:\w+ ){0,3}(?:inutil|un fracaso|fracasad[oa]|sin salida|desesperanzad[oa]|vaci[oa]|sin esperanza"
    r"|ahogad[oa](?! en)|una basura|un desastre como maestr[oa]|impotente)|soy (?:un fracaso|una? (?:pesim|mal)[oa]"
    r" (?:maestr|profesor)\w*|inutil|un desastre como (?:maestr|profesor)\w*)",
    r"(?:mi|tengo|en) depresion|(?:tengo|siento|con|vivo con) (?:\w+ )?(?:ansiedad|angustia|panico|pavor|terror)"
    r"(?! por (?:saber|ver|contar))",
    r"(?:ya )?no quiero (?:volver|ir|entrar|regresar) (?:mas )?(?:a|al) (?:la escuela|trabajo|trabajar|salon"
    r"|aula|clases?"
    r"|esa escuela)",
    r"me (?:da|dan|entra) (?:panico|terror|pavor|ganas de llorar|ganas de vomitar|angustia)",
    r"(?:vomito|vomite|tiemblo|me enfermo) (?:\w+ ){0,3}antes de (?:ir|entrar|venir|clase|la escuela)",
    r"todo se (?:esta derrumbando|derrumba|desmorona|me viene encima|me cae encima)|no (?:veo|hay"
    r"|encuentro) (?:la |una )?"
    r"salida(?! de emergencia)|(?:quiero|quisiera) (?:desaparecer|salir corriendo y no volver)",
    rf"no estoy (?:nada )?bien{_END}|estoy (?:muy )?mal{_END}|(?:esto|este trabajo|la escuela) me (?:esta|va a)"
    rf" (?:destruyendo|destrozando|matando por dentro|acabando|destruir|matar)",
)

# --- Tired
_WORN = (
    r"(?:cansad[oa](?! (?:de|del) (?!todo|esto|tanto|trabajar|vivir|luchar|intentar|correr|la vida))"
    r"|cansadisim[oa]|agotad[oa](?! (?:el|la|los|las) )|agotadisim[oa]"
    r"|exhaust[oa]|rendid[oa]|fundid[oa]|quemad[oa]|reventad[oa]|hech[oa] (?:polvo|trizas|pedazos|un trapo)"
    r"|molid[oa]"
    r"|muert[oa](?= ?(?:$|[.,;!?\n]|de (?:cansancio|sueno)))|abrumad[oa]|sobrepasad[oa]|rebasad[oa]|saturad[oa]"
    r"|desbordad[oa]|desgastad[oa]|estresad[oa]|agobiad[oa]|fatigad[oa]|sobrecargad[oa]|desvelad[oa]|desmotivad[oa]"
    r"|drenad[oa]|sin (?:energia|fuerzas|pilas|bateria|aliento|animo|animos)|hasta (?:el cuello|arriba|la coronilla"
    r"|el tope)|en las ultimas)"
)
_TIRED = either(
    rf"(?:estoy|ando|me siento|quedo|quede|termin[eo]|acab[eo]|llego|llegue|sigo|vengo|salgo|sali|vuelvo"
    rf"|estuve|me tiene|me tienen|me dejo|me deja"
    rf"|me voy|amanec\w+)(?: cada (?:dia|tarde|noche|semana)| (?:el dia|la semana))? {_VERY}{{0,3}}{_WORN}",
    r"me (?:caigo|estoy cayendo|caia|muero) de(?:l)? (?:sueno|cansancio)|con la lengua (?:de )?(?:afuera"
    r"|fuera)|ya no doy una"
    r"|(?:estoy|ando|quede|quedo) para (?:el arrastre|el tinte|el desguace|tirar)|hech[oa] fosfatina",
    rf"{_VERY}{{1,2}}{_WORN}(?= ?(?:$|[.,;!?\n]|esta semana|hoy|por|y|para|con todo))",
    r"que (?:cansancio|agotamiento|agobio|estres)|(?:mucho|tanto|demasiado) (?:cansancio|agotamiento|estres|agobio)"
    r"|burn ?-?out",
    r"(?:no|casi no|apenas|ni) (?:he dormido|dormi|duermo|pude dormir|puedo dormir|he podido dormir|logro dormir)"
    r"|sin dormir|noches? en vela|duermo (?:muy )?(?:poco|mal)",
    r"no (?:tengo|me queda|me quedan) (?:mas |ya |nada de )?(?:energias?|fuerzas|animos?|pilas|ganas de nada)"
    r"|me (?:falta|faltan)"
    r" (?:energia|fuerzas|animo)|me quede sin (?:energia|fuerzas|pilas|bateria|gasolina)",
    r"no (?:doy abasto|me da la vida|me alcanza (?:el tiempo|la vida|la energia))|(?:todo )?(?:esto )?me"
    r" (?:supera|rebasa|sobrepasa|abruma|agobia|tiene al limite)",
    r"(?:es|fue|tengo|ha sido) demasiado(?: (?:para mi|encima|todo|trabajo))?(?= ?(?:$|[.,;!?\n]|esta semana))",
    r"necesito (?:un |unas |mucho )?(?:descanso|respiro|vacaciones|dormir|descansar|parar)(?! (?:el|la|un) )",
    r"ahog(?:ad[oa]|andome) en (?:\w+ )?(?:papeles|trabajo|correos|tareas|pendientes|reportes|juntas|calificaciones"
    r"|planeaciones|planificaciones)|(?:arrastrandome|sobreviviendo|en modo supervivencia|pendiendo de un hilo)",
)
_TIRED_WEEK = either(
    r"(?:me )?pas(?:o|a|aron|ado) (?:la semana|el dia|el mes|el trimestre|el curso|todo)? ?(?:\w+ )?por encima"
    r"(?! (?:de|del) )|me (?:paso|atropello) (?:\w+ ){0,4}(?:camion|tren|aplanadora|trailer)",
    r"arrastr\w+ (?:el |un |este |mucho |tanto )?(?:cansancio|agotamiento|sueno)",
    r"(?:semana|dia|mes|semestre|ano|jornada) (?:\w+ ){0,2}?(?:agotador[a]?|horrible|terrible|pesad[oa]"
    r"|pesadisim[oa]"
    r"|durisim[oa]|espantos[oa]|infernal|extenuante|de locos|larguisim[oa]|fatal|muy dur[oa]|complicadisim[oa])",
    r"(?<!su )(?:la |el |mi )?peor (?:semana|dia|mes|ano|semestre)",
    r"esta semana me (?:acabo|mato|dejo|destrozo|tumbo|revento|pudo)",
)
_TRAINED = re.compile(
    r"\b(?:prevencion|capacitacion|taller|charla|protocolo|curso|modulo|video|politica|formacion)s?"
    r" (?:\w+ ){0,3}(?:suicidio|autolesion(?:es)?|ansiedad|estres|burn ?-?out)"
)


def danger(heard: Heard) -> bool:
    """Whether the writer speaks of ending their life, of self-harm, or of somebody who hurts them."""
    own = _TRAINED.sub(lambda found: " " * len(found[0]), heard.own)
    return (
        any(
            not heard.theirs(found.start()) and not found_written(heard, found.start())
            for found in _DANGER.finditer(own)
        )
        or any(not heard.theirs(found.start()) for found in _DANGER_FROM_OTHERS.finditer(own))
        or in_peril(heard)
    )


def distress(heard: Heard) -> bool:
    """Whether the writer says that it cannot go on like this."""
    return strained(heard) or any(
        not heard.theirs(found.start()) and not heard.denied(found.start()) for found in _DISTRESS.finditer(heard.own)
    )


def tired(heard: Heard) -> bool:
    """Whether the writer is worn out, or the week was."""
    own = _TRAINED.sub(lambda found: " " * len(found[0]), heard.own)
    return (
        any(not heard.theirs(found.start()) and not heard.denied(found.start()) for found in _TIRED.finditer(own))
        or weary(heard)
        or any(not heard.denied(found.start()) for found in _TIRED_WEEK.finditer(own))
    )
