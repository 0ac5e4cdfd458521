"""In Spanish: signs that a student may not be safe: body, hunger, home, secrets, weapons, oneself, others."""

from __future__ import annotations

from bot.safety.spanish.hearing import STUDENT, Heard, either
from bot.safety.spanish.plainly import of_a_student

_ADULT = (
    r"(?:pap[ai]|papito|padres?|mam[ai]|mamita|madre|padrastro|madrastra|ti[oa]|herman[oa]|abuel[oa]|prim[oa]|novio"
    r"|pareja|jefe|viejo|vieja)"
)
_BEATING = (
    r"(?:paliza|golpiza|tunda|madriza|cueriza|zurra|cintarazos?|cinturonazos?|chanclazos?|correazos?|palazos|golpes"
    r"|una buena)"
)
_ARM = r"(?:arma|navaja|cuchillo|pistola|fierro|revolver|machete|cuter|cutter|punal|faca|sevillana|charrasca|balas?)"
_TOY = r"(?! de (?:juguete|plastico|papel|carton|agua|silicon\w*|silicona|pegamento|madera|plastilina))"
_BAG = (
    r"(?:mochila|mochilita|lapicera|estuche|cartuchera|casillero|locker|bolsillo|pantalon|cintura|chamarra|campera"
    r"|bolsa"
    r"|morral|sudadera)"
)
_HURT = r"(?:cortes|cortadas|moretones|moreton|moratones|marcas|golpes|quemaduras|rasgunos|mordidas|cicatrices)"
_FOOD = (
    r"(?:comida|refri|refrigerio|lonche|torta|sandwich|bocadillo|galletas?|pan|merienda|almuerzo|leche|fruta|colacion"
    r"|desayuno|vianda)"
)
_NET = (
    r"(?:internet|instagram|insta|facebook|face|tiktok|discord|free ?fire|roblox|whatsapp|linea|snapchat|un juego"
    r"|una app"
    r"|las redes)"
)

# Said of a child these need no more.
_PLAIN = either(
    # On the body: marks, and shrinking back.
    rf"(?:le |les )(?:vi|he visto|note|encontre|descubri)(?: \w+){{0,2}} {_HURT}(?! (?:de (?:suerte|vista|lapiz"
    rf"|plumon|tinta|gis|tiza)|en"
    r" (?:el|su) (?:cuaderno|libro|hoja|examen)))",
    rf"(?:siempre|otra vez|cada (?:lunes|semana)) (?:trae|viene con|llega con|aparece con) (?:\w+ )?{_HURT}",
    rf"(?:tiene|trae|tenia|traia|con|aparecio con) (?:\w+ )?{_HURT} en (?:los|las|el|la|su|sus|todo el) (?:braz"
    rf"|pierna|espalda|cuello|cara|cuerpo"
    r"|muneca|mano|muslo)\w*\b(?! del? )",
    r"manga larga (?:\w+ ){0,4}(?:para (?:tapar|esconder|que no)|y no (?:se la quita|se remanga))",
    r"se (?:asusta|encoge|sobresalta|tapa la (?:cara|cabeza)|cubre|tensa|aparta|protege|hace bolita)(?: \w+)? (?:si"
    r"|cuando"
    r"|cada vez que|apenas) (?:\w+ ){0,3}?(?:grit\w+|levant\w+ (?:la (?:voz|mano)|el brazo)|acer[cq]\w+|toc[oa]n?"
    r"|alz\w+"
    r"|camin\w+|paso|pasan?)(?! (?:el timbre|la campana|al pizarron|las? (?:respuesta|fraccion)))",
    r"no quiere(?: \w+){0,6}? (?:irse|ir|volver|regresar) (?:a|pa|para) (?:su |la )?casa(?! (?:hasta"
    r"|sin) (?:termin|acab"
    r"|resolv|gan)\w*)",
    # A parent who will hit.
    rf"(?:su|el|la|un) {_ADULT} (?:le|lo|la|les|los|las) (?:va a|iba a|va|vaya a) (?:\w+ )?(?:agarrar a|moler a"
    rf"|matar(?! si (?:se le )?(?:pierd|olvid|romp|manch|ensuci|dej|no (?:llev|tra|encuentr))\w*)|pegar"
    rf"|golpear|dar (?:una |de |con )?{_BEATING}|dar con (?:el|la)|castigar (?:con|a)|correr de|echar de|romper"
    rf"|partir|madrear)"
    r"(?! (?:la (?:idea|pregunta)|de (?:risa|la clase)))",
    r"en (?:su |la )?casa (?:le|lo|la|les|los|las) (?:pegan?|golpean?|maltratan?|encierran?|castigan con"
    r"|dejan sin comer)",
    rf"(?:le|les) (?:dan|da|dio|dieron|daran|van a dar|va a dar) (?:\w+ )?{_BEATING}(?! (?:en el|jugando|al equipo"
    rf"|de goles"
    r"|en la puerta|a la (?:mesa|puerta|pinata)|de (?:efecto|suerte)))(?! contra)",
    rf"(?:lo|la|los|las) (?:agarra|agarran|agarro|agarraron|muele|molieron) a (?:golpes|palos|patadas|{_BEATING})",
    # Secrets.
    r"(?:que )?no (?:se )?(?:le|lo) (?:diga|dijera|cuente|contara)(?: \w+)? a (?:nadie(?! (?:el|la|los|las|como|cual"
    r"|lo que))|su (?:mama|papa|madre|padre))"
    r"|(?:le|la|lo) (?:dice|dijo|hace|hizo) (?:\w+ ){0,2}(?:que es (?:un|su|nuestro) secreto|guardar (?:el"
    r"|un) secreto con)",
    r"(?:la|lo|le) (?:toca|tocaba|manosea|manosean|manosearon|besa|espia)(?: \w+){0,2} (?:su (?:tio|padrastro|papa"
    r"|primo"
    r"|abuelo|hermano|entrenador)|de noche|cuando duerme)|se (?:mete|metio|metia) (?:a|en) su (?:cuarto|cama"
    r"|habitacion|recamara|pieza)",
    # Wanting to be gone, and being told to.
    r"se (?:quiere|quiso|queria|va a) (?:cortar|lastimar|hacer dano|quemar)(?! (?:el (?:pelo|cabello)|las unas|un"
    r"|una|la|en|por|con))",
    r"(?:quiere|quisiera|queria) (?:desaparecer(?! (?:el|la|los|las|un))|no existir|no haber nacido|dormir(?:se)? y no"
    r" despertar)",
    r"(?:diciend|dic|dij|escrib|mand|pid|pus)\w* (?:\w+ ){0,2}?que se (?:mate|muera|suicide|ahorque|tire (?:de|por|a)"
    r"|cuelgue)|matate|suicidate",
    r"(?:se (?:tomo|trago|tomaba)|(?:se )?ha tomado) (?:\w+ ){0,4}(?:pastillas|somniferos|cloro|raticida|medicinas)"
    r"(?! de (?:menta|dulce))",
    r"se odia(?: a si mism[oa])?|se (?:provoca|provoco) el vomito"
    r"|se encierra (?:en el bano )?(?:a|para) (?:vomitar|cortarse|llorar)",
    # Somebody who waits for them.
    r"un (?:senor|hombre|tipo|adulto|desconocido|coche|carro) (?:\w+ ){0,2}?(?:l[oa]s?|le) (?:espera|sigue|persigue"
    r"|ronda|molesta|acecha)(?! (?:el|la) (?:lunes|martes|miercoles|jueves|viernes|proxim))",
    # A weapon among the things.
    rf"(?:amenaz\w+ con|va a|iba a|dice que|dijo que) (?:traer|llevar|sacar) (?:un |una |el |la )?{_ARM}{_TOY}",
    rf"{_ARM}{_TOY} (?:\w+ ){{0,4}}?(?:en|dentro de) (?:la|su|el) {_BAG}|en (?:la|su"
    rf"|el) {_BAG} (?:\w+ ){{0,3}}?(?:un|una|el|la"
    rf"|su) {_ARM}{_TOY}",
    r"(?:va|iba|van|quiere|quieren|planea\w*|amenaz\w+ con) (?:a )?(?:\w+ )?(?:balacear|tirotear|apunalar|matar|quemar"
    r"|disparar(?:le|les)?|hacer (?:un tiroteo|una masacre)|poner una bomba)(?: a| en)? (?:la escuela|el colegio"
    r"|el instituto"
    r"|todos (?:los|sus)? ?(?:companer|alumn|profe|maestr)\w*|toda la escuela|su (?:maestr|profe|companer)\w*)",
    # To be beaten after school.
    r"(?:le|les|lo|la|se) van a (?:\w+ )?(?:pegar|golpear|madrear|partir|agarrar)(?: \w+){0,3}? (?:a la salida"
    r"|en la salida"
    r"|saliendo|despues de clases?|afuera)",
    # Pictures.
    r"(?:fotos?|imagen(?:es)?|videos?|pack) (?:\w+ )?(?:intim[oa]s?|sexual(?:es)?|desnud[oa]s?|sin ropa"
    r"|en ropa interior"
    r"|porno\w*)|(?:videos?|fotos?) de (?:\w+ ){0,4}?(?:desnud[oa]s?|sin ropa|en ropa interior)|nudes|sexteo|sexting"
    r"|sextorsion|pasa\w* (?:el|su) pack|(?:desnuda|desnudo) (?:por|en) (?:el grupo|whatsapp)",
)
# These need a student, or somebody spoken of, in the message.
_OF_A_STUDENT = either(
    # Hunger.
    r"(?:llega|llego|viene|vino|vienen|llegan|anda) (?:\w+ ){0,3}?sin (?:desayunar|comer|cenar|almorzar|probar bocado)",
    rf"(?:se guarda|esconde|se lleva|roba|se roba|se mete) (?:\w+ ){{0,3}}?{_FOOD}(?: \w+){{0,2}}? (?:para|pa"
    rf"|en (?:la|el|los|su)"
    r" (?:mochila|bolsillos?|bolsa|chamarra)|a (?:su )?casa|de (?:los|sus) (?:demas|companer\w+))(?! (?:la actividad"
    r"|el conteo))",
    r"(?:unica|sola) (?:comida|cosa) que (?:come|hace|prueba|comen)|pasa(?:n)? hambre|(?:solo"
    r"|unicamente) come (?:lo que (?:le|les)|en la escuela)|dejo de comer|en (?:su |la )?casa no (?:hay"
    r"|tienen|tiene)"
    r" (?:nada|comida|luz|agua|que comer|ni)|se (?:desmayo|mareo) (?:de|por) (?:el )?hambre",
    # How they live.
    r"(?:viene|viniendo|llega|llegando|anda|trae|usando|lleva|vino)(?: \w+){0,3}? (?:con )?la misma (?:ropa|camisa"
    r"|playera"
    r"|camiseta|remera|chamarra|sudadera)(?! (?:talla|marca|cantidad))",
    r"(?:pasa|queda|quedan|duerme|dejan|deja|esta) (?:\w+ ){0,2}?(?:las? noches?|los fines de semana|dias enteros"
    r"|toda la noche)"
    r" (?:sol[oa]s?)|sol[oa]s? (?:toda la noche|por las noches|las noches)|huele (?:muy )?(?:mal|a (?:orines|pipi"
    r"|alcohol|mota))",
    # Away from home.
    r"(?:se (?:va|quiere|piensa|iba|vaya)|va|piensa) (?:a )?(?:ir|escapar|fugar|huir|largar|irse|escaparse|fugarse"
    r"|largarse)"
    r" (?:\w+ ){0,3}?(?:de (?:la|su) casa|con (?:un|una|su) (?:novi|hombre|senor|tipo|chavo)\w*)"
    r"|(?:escaparse|fugarse|huir|irse) de (?:la|su) casa",
    r"no (?:va a|piensa) (?:volver|regresar|llegar) (?:hoy |nunca |mas )?a (?:su |la )?casa"
    r"|lleva (?:\w+ ){0,2}(?:dias|noches) sin"
    r" (?:volver|llegar|aparecer|dormir en (?:su |la )?casa)|(?:esta|sigue) desaparecid[oa]",
    # Who they met, who writes to them.
    r"(?:llego|llega|vino|viene|estaba|entro) (?:\w+ )?(?:borrach[oa]|drogad[oa])|desaloj(?:aron|ados|ada)"
    r"|(?:duermen|viven) (?:\w+ ){0,3}en"
    r" (?:un|el|su) (?:coche|carro|auto|camioneta|garaje)",
    rf"(?:novi[oa]|hombre|senor|tipo|adulto|muchacho|alguien|desconocido|amigo)(?: \w+){{0,5}}? (?:por|en|de) {_NET}"
    r"|novi[oa] (?:\w+ )?(?:de (?:2|3|4)\d|much[oa] mayor|mayor de edad)|grooming",
    r"(?:le|les) (?:pide|pidio|piden|pidieron|exige) (?:\w+ ){0,2}(?:fotos|videos|nudes)(?! (?:de (?:la|las|el|los"
    r"|su|sus)"
    r" (?:tarea|cuaderno|ejercicio|pizarr|trabajo|libreta)|del))",
    # Threatened, recruited.
    r"(?:lo|la|los|las) (?:quieren|obligan|andan|estan) (?:\w+ ){0,2}?(?:a )?(?:meter(?:lo|la)? (?:a|en)|vender"
    r"|reclut\w+|a vender"
    r"|llevar droga)|(?:lo|la|los|las) (?:tienen|traen) amenazad[oa]s?",
    r"pandill\w+|narco\w*|sicari\w+|vend(?:e|er|en|iendo) (?:droga|mota|piedra|merca|faso|cristal|perico)",
)
_SPOKEN_OF = either(
    STUDENT,
    r"duermen|solo come",
    r"(?:un[oa] de (?:los|las) (?:mi[oa]s|nuestr[oa]s|tuy[oa]s)|(?:la|su|el) (?:mama|madre|papa|padre)|dice|dijo"
    r"|conto|el|ella)",
    r"(?:lleva|viene|llega|trae|anda)",
)


def shows(heard: Heard) -> bool:
    """Whether what is told may be a sign that a student is hurt, hungry, threatened or about to be."""
    return (
        of_a_student(heard)
        or _PLAIN.search(heard.text) is not None
        or (_SPOKEN_OF.search(heard.text) is not None and _OF_A_STUDENT.search(heard.text) is not None)
    )
