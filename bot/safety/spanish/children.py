"""In Spanish: words about a student who may not be safe. Written without accents, as they are heard."""

from __future__ import annotations

import re

from bot.safety.spanish.hearing import STUDENT, Heard, either
from bot.safety.spanish.peril import told_by_another
from bot.safety.spanish.signs import shows

_BODY = (
    r"(?:brazos?|brazitos?|bracitos?|munecas?|piernas?|cuello|espalda|cara|carita|cuerpo|cuerpito|manos?|ojos?"
    r"|mejillas?|muslos?|rostro|piel|cabeza|costillas|barriga|estomago|hombros?)"
)
_ADULT = (
    r"(?:(?:pap[ai]|papito|padre|padres|mam[ai]|mamita|madre|padrastro|madrastra|ti[oa]|herman[oa]s?|hermanastro"
    r"|abuel[oa]|prim[oa]|padrino|novi[oa]|pareja|cuidador[a]?|ninera|vecin[oa]|tutor|familia|entrenador))"
)
_FIGURE = (
    r"(?! (?:de|del) (?:(?:la|el|pura|puro|tanta|tanto) )?(?:risas?|verguenza|pena|hambre|sed|sueno|calor|frio|amor"
    r"|ternura|alegria|emocion|aburrimiento|cansancio|ganas|nervios|curiosidad|gusto|felicidad|envidia|coraje))"
)
_IN_PLAY = (
    r"(?! (?:\w+ ){0,4}(?:jugando|corriendo|saltando|recreo|futbol|partido|gimnasia|patio|educacion fisica"
    r"|sin querer|tropez\w+|caerse|cayo))"
)
_HITS = (
    r"(?:peg(?:a|an|o|aba|aban|aron|ue)|golpe(?:a|an|o|aba|aban|aron)|maltrat(?:a|an|o|aba|aban|aron)"
    r"|amenaz(?:a|an|o"
    r"|aba|aron)|quem(?:a|an|o|aba|aron)|ahorc(?:a|o|aron)|azot(?:a|o|aba)|patea(?:n|ba|ron)?|pateo|abofete(?:a|o)"
    r"|castiga(?:n)? con|encierra(?:n)?|encerro|encerraron|viol(?:a|o|aba|aron)|abus(?:a|o|aba|aron) de"
    r"|(?:agarr|jal|tir|arrastr|zarande|sacud|empuj|levant)(?:a|o|an|aron|aba|e|io) (?:de|del|por)"
    r" (?:la |el |los |las )?(?:pelos?|cabello|cuello|orejas?|brazos?|camisa|ropa))"
)
_NOT_SAFE = r"(?:no (?:\w+ ){0,3}(?:a salvo|segur[oa]s?)|insegur[oa]s?|en peligro|con miedo)"

# Said of a child these need no more: an ending or "su" is enough.
_GRAVE = either(
    rf"(?:moret(?:on|ones|es?)|hematomas?|cardenales|marcas|golpes|cortes|cortadas|quemaduras|cicatrices|aranazos"
    rf"|heridas|rasgunos) (?:\w+ ){{0,3}}?(?:en|por|sobre) (?:el|la|los|las|su|sus|todo el) {_BODY}(?! del? )",
    rf"(?:su|el|la|un|una) {_ADULT}(?: de (?:el|ella|su {_ADULT}))? (?:\w+ ){{0,3}}?(?:lo|la|le|los|las"
    rf"|les) {_HITS}",
    rf"(?:lo|la|le|los|las|les) {_HITS} (?:\w+ ){{0,4}}?(?:(?:su|el|un|la|una) {_ADULT}|en (?:su |la )?casa)",
    rf"(?:su|el|un) {_ADULT} (?:\w+ ){{0,3}}?(?:lo|la|los|las) toc(?:a|o|aba|aron)",
    r"(?:lo|la|los|las|le) toc(?:a|an|o|aba|aban|aron) (?:\w+ ){0,3}(?:partes|inapropiad\w+|indebid\w+|cuerpo)",
    r"abus(?:o|os) sexual(?:es)?|tocamientos?|abus(?:an|aron|aba|o|a) (?:sexualmente )?de (?:el|ella|ellos"
    r"|ellas|un|una"
    r"|mi|esa?|este|esta)(?! (?:tiempo|turno|poder|confianza|silencio|palabra|material|recurso|calculadora))"
    r"(?: (?:nin|alumn|estudiant|chic)\w+)?",
    r"(?:lo|la) viol(?:aron|o|aban)|fue (?:violad|abusad|golpead|agredid)[oa]",
    rf"(?:se )?(?:quiere|queria|quisiera|quiso|va a|iba a|planea|intento|trato de|tenia ganas de|tiene ganas de)"
    rf" (?:morirse|matarse|suicidarse|ahorcarse|colgarse de|quitarse la vida|morir|hacerse dano|cortarse las"
    rf"|lastimarse a){_FIGURE}",
    rf"se (?:quiere|queria|quisiera|quiso|va a|iba a|intento) (?:morir|matar|suicidar|ahorcar"
    rf"|quitar la vida){_FIGURE}",
    r"no (?:quiere|queria) (?:vivir|seguir viviendo|estar viv[oa]|existir|despertar)(?! (?:en|con|cerca|lejos"
    r"|temprano))",
    r"(?:ojala|quisiera|desearia) (?:estar|estuviera) muert[oa]",
    r"quitarse la vida|suicidarse|se (?:suicid\w+|autolesion\w+)|autolesion(?:es|arse)?|se (?:corta|cortaba|corto)"
    r" (?:los brazos|las venas|las munecas|las piernas|a proposito|para sentir)",
    rf"se (?:hace|hizo|hacia|lastima|lastimo|lastimaba) (?:dano )?a (?:si mism[oa]|proposito)|se (?:hace"
    rf"|hacia) dano"
    rf"{_IN_PLAY}",
    r"(?:tiene|tenia|tienen|siente|da|daba|tuvo) (?:mucho )?miedo (?:de |a )?(?:ir|volver|regresar|llegar"
    r"|estar|irse)"
    r" (?:a|en) (?:su |la )?casa|miedo (?:de|a) su (?:papa|padre|mama|madre|padrastro|madrastra|tio|abuelo"
    r"|hermano)",
    r"(?:lo|la|los|las) (?:echaron|corrieron|sacaron|botaron) de (?:su |la )?casa|se (?:escapo|fugo|fue huyendo) de"
    r" (?:su |la )?casa",
    r"no (?:hay|habia|tiene|tienen|tenia) (?:nada )?(?:comida|de comer|que comer) en (?:su |la )?casa"
    r"|no (?:ha|han|habia) comido (?:desde|en|nada desde)",
    r"(?:sol[oa]s?) en (?:su |la )?casa (?:tod[oa]s? |por |varios |muchos )?(?:la noche|las noches|el fin|dias"
    r"|la semana)",
    rf"{_NOT_SAFE} en (?:su |la )casa|entra(?:ba|n)? (?:de noche )?(?:a|en) su (?:cuarto|habitacion|recamara|cama)",
    r"violencia (?:en (?:su |la )casa|familiar|domestica|intrafamiliar)",
    # Whoever arrives so did not fall at school; the writer's own arriving has other endings.
    r"(?:llego|llega|vino|viene|volvio|aparecio|aparece|trae|trajo|traia) (?:\w+ ){0,4}(?:ojos? morados?"
    r"|labio partido"
    r"|ojo hinchado|moret\w+(?! (?:\w+ ){0,3}(?:bici|bicicleta|patinet\w|patin\w*|futbol|pelota|cancha"
    r"|columpio|tobogan|caida))|quemaduras?|marcas de (?:golpe|cinturon|cuerda|mordida|dedo|cigarr)\w*)",
    r"marcas de (?:cinturon|cinto|correa|cuerda|cigarr\w+|dedos en)|(?:duerme|dormia|vive)(?:n)? (?:en|dentro de)"
    r" (?:el|un|la|su|una) (?:coche|carro|auto|camioneta|calle|parque|terminal)(?! de juguete)",
)
# These need a student somewhere in the message.
_GRAVE_FOR_A_STUDENT = either(
    r"no (?:come|comen|comia|cena|cenan|desayuna|desayunan|almuerza) (?:\w+ ){0,2}(?:en (?:su |la )?casa"
    r"|desde (?:el|hace|ayer))|(?:lo|la|los|las) dejan sol[oa]s?(?= ?(?:$|[.,;!?\n]|en (?:su |la )?casa|toda"
    r"|por|con))"
    r"|(?:viene|llega|vienen|llegan|anda) (?:\w+ ){0,3}(?:suci[oa]s?|sin (?:comer|banarse|zapatos|abrigo|dormir))",
    r"(?:traer|llevar|sacar|usar) (?:un|una|el|la) (?:arma|navaja|cuchillo|pistola|revolver|machete)"
    r"(?! de (?:juguete|plastico|papel|carton|agua))",
    r"abus(?:o|os|ada?o?s?|ada|aron|aban|an)(?! (?:de|del) (?:la |el |los |las |mi |su )?(?:calculadora|tiempo"
    r"|recurso"
    r"|material|turno|paciencia|confianza|palabra|tecnologia|formula|algoritmo))",
    r"maltrat\w+(?! (?:el|los|las|la) (?:material|libro|cuaderno|mueble|juego)\w*)|negligencia|desnutrid[oa]s?",
    rf"{_NOT_SAFE}(?! (?:de (?:perder|olvidar|caer|confundir|repetir|quedar|que)|para|al|ante|con (?:las|los|sus)"
    r"|en (?:las|los|sus) (?:respuest|matematic|cuenta|suma|fraccion)|de (?:su|sus|la|si)|sobre|cuando|frente"
    r"|compart|particip|pregunt|respond)\w*)",
    rf"moret(?:on|ones|es?)|ojo morado|labio partido|golpead[oa]s?(?! (?:con|por) (?:la|el) (?:pelota"
    rf"|balon)){_IN_PLAY}",
    rf"(?:le|les|lo|la|los|las) (?:pegan|pegaron|golpean|golpearon|hacen dano|hicieron dano|lastiman|lastimaron"
    rf"|danan)"
    rf"{_IN_PLAY}",
    rf"(?:lastimad[oa]s?|herid[oa]s?)(?! (?:de orgullo|en (?:su|el) orgullo|los sentimientos)){_IN_PLAY}"
    rf"|le[s]? (?:hacen|hace|hizo) dano"
    rf"(?! (?:a la confianza|al proceso)){_IN_PLAY}",
    r"(?:ciber)?acos(?:o|an|ado|ada|aron|aban|ados)|(?:ciber)?bullying|hostigan|hostigamiento",
    r"(?:trajo|traia|trae|tiene|tenia|saco|llevo|lleva|mostro|encontr\w+|escond\w+) (?:\w+ ){0,2}(?:arma|armas"
    r"|navaja"
    r"|cuchillo|pistola|revolver|machete)(?! de (?:juguete|plastico|papel|carton))",
    r"amenaz\w+ (?:\w+ ){0,3}(?:matar|golpear|apunalar|disparar|muerte)|(?:apunal|dispar)(?:o|aron|ada|ado) a",
    r"(?:se )?(?:quieren|querian) (?:morir|morirse|matar|matarse)" + _FIGURE,
    r"suicid(?:io|as?|arse|ar|aron)|sobredosis|autolesion\w*",
)
# Their own life, in the first person and so only if somebody else is told to have said it.
_LIFE = either(
    rf"(?:me )?(?:quiero|queria|quisiera|voy a|iba a) (?:morir(?:me)?|matar(?:me)?|suicidarme){_FIGURE}",
    r"(?:ya )?no quiero (?:vivir|seguir viviendo|existir|estar viv[oa]|despertar)(?! (?:en|con|cerca|lejos"
    r"|temprano))",
    r"(?:quitarme la vida|hacerme dano|matarme|suicidarme|cortarme (?:las venas|los brazos))" + _FIGURE,
    r"(?:me (?:pega|pegan|golpea|golpean|maltrata|toca)|me hacen dano) (?:\w+ ){0,3}(?:mi "
    + _ADULT
    + r"|en (?:mi )?casa)|mi "
    + _ADULT
    + r" me (?:pega|golpea|maltrata|toca|amenaza)",
)
_TRAINED = re.compile(
    r"\b(?:prevencion|capacitacion|taller|charla|protocolo|curso|modulo|video|politica|formacion)s?"
    r" (?:\w+ ){0,3}(?:suicidio|autolesion(?:es)?|acoso|bullying|abuso(?: sexual)?|maltrato|violencia(?: \w+)?)"
)
_A_STUDENT = either(STUDENT)


def student_safety(heard: Heard) -> bool:
    """Whether this could be about a student who is hurt, threatened or wants to die."""
    text = _TRAINED.sub(lambda found: " " * len(found[0]), heard.text)
    if _GRAVE.search(text) or shows(Heard(text, heard.own)) or told_by_another(heard):
        return True
    if any(heard.own[found.start()] == " " or heard.theirs(found.start()) for found in _LIFE.finditer(text)):
        return True
    return _A_STUDENT.search(text) is not None and _GRAVE_FOR_A_STUDENT.search(text) is not None
