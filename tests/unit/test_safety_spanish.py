"""Spanish ears: what must be heard, what must be left alone, and what is typed to steer."""

from __future__ import annotations

import msgspec
import pytest

from bot.safety import ask, command, labels, notice, without_names
from tests.house.tree import ROOT

HEARD: dict[str, tuple[str, ...]] = {
    "student_safety": (
        "Una alumna llegó con moretones en el brazo",
        "Un niño me dijo que su papá le pega",
        "Me dijo que se quiere morir",
        'Una estudiante escribió: "ya no quiero vivir"',
        "Dice que su padrastro la toca",
        "Un alumno tiene miedo de ir a casa",
        "El niño dice que su mamá lo golpea con el cinturón",
        "Se corta los brazos",
        "Un estudiante trajo una navaja",
        "Creo que alguien abusa de una niña de mi clase",
        "Un chico sufre acoso de los demás",
        "Mi alumno dijo que quiere matarse",
        "No hay comida en su casa",
        "Un estudiante amenazó con matar a otro",
        "No se siente segura en su casa",
        "La niña está en peligro",
        "Una de mis alumnas se hace daño",
        "mi alumna dice que no quiere vivir",
    ),
    "danger": (
        "Me quiero morir",
        "ya no quiero vivir",
        "Quiero quitarme la vida",
        "A veces pienso en suicidarme",
        "No quiero despertar mañana",
        "He pensado en hacerme daño",
        "Todos estarían mejor sin mí",
        "Mi esposo me pega",
        "Ojalá no despertara",
        "no le veo sentido a la vida",
        "Voy a matarme",
        "No tengo razones para vivir",
        "tengo pensamientos suicidas",
        "quiero acabar con mi vida",
    ),
    "distress": (
        "Ya no puedo más",
        "no puedo con esto",
        "No aguanto más",
        "Lloro todos los días",
        "Terminé llorando en el coche",
        "me dan ataques de pánico",
        "Quiero renunciar",
        "Estoy pensando en dejar la docencia",
        "Me siento un fracaso",
        "Me estoy derrumbando",
        "odio mi trabajo",
        "Estoy al borde del colapso",
        "Me da pánico ir a la escuela",
        "estoy deprimida",
    ),
    "tired": (
        "Estoy agotada",
        "estoy muy cansado",
        "Qué cansancio",
        "Fue la peor semana del año",
        "no doy abasto",
        "Me siento abrumada",
        "Semana agotadora",
        "No he dormido nada",
        "estoy hecha polvo",
        "Necesito un descanso",
        "todo esto me rebasa",
    ),
}

LEFT_ALONE = (
    "Hoy los niños me mataron de risa",
    "Me muero de risa con ellos",
    "Los estudiantes estaban cansados después del recreo",
    "me quiero morir de la vergüenza, se me olvidó el material",
    "Un estudiante cortó el círculo en cuatro partes",
    "Hicimos cortes en la cara del cubo",
    "Se hizo daño jugando en el recreo",
    "Le toca a su mamá venir",
    "Los niños no pueden con las fracciones",
    "No quiero vivir lejos de la escuela",
    'Una niña dijo: "no puedo más con esto"',
    "El estudiante dijo que no podía más con las restas",
    "Abusan de la calculadora mis estudiantes",
    "Probé esperar diez segundos y dos parejas discutieron",
    "Cansada del mismo juego de siempre",
    "No estoy cansada",
    "Taller sobre prevención del suicidio el martes",
    "No puedo más que sonreír",
    "Quiero dejar de explicar tanto",
    "Tienen miedo de equivocarse",
    "No se sentían seguros de su respuesta",
    "Su mamá le ayuda en casa",
    "Me quedé callada y esperé",
    "Vi marcas en la cara del dado",
    "La muerte del dinosaurio les dio curiosidad",
)

ASKED = {
    "Solo dime qué hacer": "advice",
    "¿Qué debería hacer?": "advice",
    "Dame una actividad": "advice",
    "¿qué harías tú?": "advice",
    "¿Me puedes dar ideas para fracciones?": "advice",
    "Los niños preguntaron qué deberían hacer": None,
    "Les pregunté cómo lo sabían": None,
    "Estoy atascada": "stuck",
    "No sé por dónde empezar": "stuck",
    "ni idea": "stuck",
    "El 60 % aprobó el examen": "numbers",
    "El 25 % de una pizza es un cuarto": None,
    "Mis niños están peor que los otros grupos": "compared",
    "Mis alumnos más bajos no participaron": "labels",
    "no sé": "none",
    "nada en especial": "none",
}

TYPED = {
    "ayuda": ("help", ""),
    "PARAR": ("stop", ""),
    "por favor, pausa 2 semanas": ("pause", "2 weeks"),
    "pausa hasta el lunes": ("pause", "until monday"),
    "pausa hasta el 26 de octubre": ("pause", "until 26 of october"),
    "borrar mis datos": ("delete", ""),
    "¿Quién puede ver esto?": ("who", ""),
    "ahora": ("now", ""),
    "eso es todo por hoy": ("enough", ""),
    "¿Eres un bot?": ("bot", ""),
    "ajustes": ("settings", ""),
    "saltar": ("skip", ""),
    "reanudar": ("resume", ""),
    "empezar": ("start", ""),
    "enlazar AB1-2C3-D4E": ("link", "ab1-2c3-d4e"),
    "licencia hasta el lunes": ("leave", "until monday"),
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in HEARD.items() for text in texts])
def test_hears_who_may_not_be_safe_or_has_no_strength_left(kind: str, text: str) -> None:
    assert kind in notice(text)


def test_leaves_everyday_talk_alone() -> None:
    assert [(text, found) for text in LEFT_ALONE if (found := notice(text))] == []


def test_hears_what_was_written_on_both_sides_of_the_sea_and_leaves_the_rest_alone() -> None:
    """Written before the lists knew them, in Latin American and Iberian usage; `care` is what must be heard."""
    lines = [msgspec.json.decode(line) for line in (ROOT / "tests/data/safety_es.jsonl").read_bytes().splitlines()]
    assert len(lines) > 90
    heard = [(one["text"], found) for one in lines if one["care"] is None and (found := notice(one["text"]))]
    missed = [one["text"] for one in lines if one["care"] and one["care"] not in notice(one["text"])]
    assert (heard, missed) == ([], [])


def test_hears_without_accents_as_well() -> None:
    assert notice("no puedo mas") == notice("No puedo más") == ("distress",)


def test_hears_what_is_asked_for_instead_of_the_next_question() -> None:
    assert {text: ask(text) for text in ASKED} == ASKED
    assert labels("Los estudiantes lentos se sentaron juntos")
    assert not labels("Los estudiantes se sentaron juntos")


def test_knows_the_words_that_always_work() -> None:
    found = {text: command(text) for text in TYPED}
    assert {text: one and (one.name, one.rest) for text, one in found.items()} == TYPED


@pytest.mark.parametrize(
    "text", ["pausa antes de responder", "para empezar vimos un video", "salto de tres en tres", "la ayuda de ellos"]
)
def test_a_sentence_that_merely_holds_the_word_is_no_command(text: str) -> None:
    assert command(text) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Maya dibujó tres cajas", "un estudiante dibujó tres cajas"),
        ("El trabajo de Maya mostró tres maneras", "El trabajo de un estudiante mostró tres maneras"),
        ("Le pregunté a Jayden cómo lo sabía", "Le pregunté a un estudiante cómo lo sabía"),
        ("Mi estudiante Lucía contó de tres en tres", "Mi estudiante contó de tres en tres"),
        ("La maestra Ruiz vino a ver", "La maestra Ruiz vino a ver"),
        ("Hablé con Sam sobre la lección", "Hablé con Sam sobre la lección"),
        ("Usamos Desmos y el lunes empezamos", "Usamos Desmos y el lunes empezamos"),
    ],
)
def test_a_students_name_becomes_a_student(written: str, kept: str) -> None:
    assert without_names(written, {"sam"}, "es") == kept
