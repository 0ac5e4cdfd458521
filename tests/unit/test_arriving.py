"""Which language somebody reads: their platform's, until they choose one themselves."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot import demo
from bot.arriving import by_name, in_locale, in_zone, spoken
from bot.events import Account
from bot.when.spanish import as_typed, in_english, named_days

ANA = demo.TEACHERS[0]


@pytest.mark.parametrize(("locale", "language"), [("es-MX", "es"), ("es-419", "es"), ("en-GB", "en"), ("fr-FR", "en")])
def test_a_platform_that_speaks_a_language_we_have_is_followed(locale: str, language: str) -> None:
    assert spoken(locale) == language
    assert in_locale(ANA, locale).language == language
    assert in_locale(ANA, locale).locale == locale


def test_a_language_that_somebody_chose_stays() -> None:
    chosen = replace(ANA, language="es")
    assert in_locale(chosen, "en-GB").language == "es"
    spanish = in_locale(ANA, "es-ES")
    assert in_locale(replace(spanish, language="en"), "es-MX").language == "en"


@pytest.mark.parametrize("locale", ["", "en-US", "../../etc", "x" * 80, "es_MX; DROP"])
def test_what_is_no_locale_changes_nothing(locale: str) -> None:
    assert in_locale(ANA, locale) == ANA


def test_the_clock_of_somebody_new_goes_before_the_list_and_an_hour_that_was_agreed_to_stays() -> None:
    new = replace(ANA, chat="asked")
    assert in_zone(new, "America/Denver").zone == "America/Denver"
    assert in_zone(replace(new, chat="on"), "America/Denver").zone == ANA.zone
    for unknown in ("", "Mars/Olympus", "../../etc/passwd", "x" * 300):
        assert in_zone(new, unknown) == new


def test_a_zone_is_told_by_a_clock_and_never_against_somebody_s_own_word() -> None:
    coach = replace(demo.SAM, chat="new", zone_by="presumed")
    assert in_zone(coach, "") == coach
    told = in_zone(coach, "America/Denver")
    assert (told.zone, told.zone_by) == ("America/Denver", "told")
    said = replace(told, zone="America/Chicago", zone_by="self")
    assert in_zone(said, "America/Denver") == said


def test_somebody_without_a_name_has_theirs_as_soon_as_it_is_told() -> None:
    ana = Account(platform="slack", team="T1", user="U1ANA", name="Ana Ruiz")
    assert by_name(replace(ANA, name="U1ANA"), ana).name == "Ana Ruiz"
    assert by_name(replace(ANA, name="U1ANA"), replace(ana, name="")).name == "U1ANA"
    assert by_name(replace(ANA, name="Ana R."), ana).name == "Ana R."  # a roster's name stays


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("hasta el lunes", "until monday"),
        ("@ana martes 10:15 45m apertura", "@ana tuesday 10:15 45m launch"),
        ("mar 10:15", "tue 10:15"),
        ("3 mar 10:15", "3 mar 10:15"),
        ("mañana a las 9", "tomorrow at 9"),
        ("jueves a las 3 y media de la tarde", "thursday at 3:30 pm"),
        ("la próxima semana", "next week"),
        ("3 semanas", "3 weeks"),
        ("<@U0001SAM|Sam> el próximo viernes 9:00", "<@U0001SAM|Sam> next friday 9:00"),
        ("<at>José Ruiz</at> mañana a las 9", "<at>jose ruiz</at> tomorrow at 9"),
        ("jueves 9:00 «¿Qué dirán mañana?»", "thursday 9:00 «¿Qué dirán mañana?»"),
        ("jueves 9:00 foco: quién habla el Lunes", "thursday 9:00 focus: quién habla el Lunes"),
    ],
)
def test_days_and_hours_are_read_as_they_are_typed_in_spanish(typed: str, read: str) -> None:
    assert in_english(typed) == read


def test_what_is_left_of_a_line_is_told_as_it_was_typed() -> None:
    line = "@sam jueves 9:00 con Marcadores y Lápices"
    assert as_typed("con marcadores and lapices", line) == "con Marcadores y Lápices"


def test_weekdays_are_known_by_their_names() -> None:
    assert named_days("los viernes, por favor") == {4}
    assert named_days("sábado o domingo") == {5, 6}
    assert named_days("el viejo marcador") == frozenset()
