"""The time zone that somebody means: by its name, by a city in it, or by what it is called there."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from zoneinfo import available_timezones

from bot.data import languages

SPOKEN = {
    "eastern": "America/New_York", "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "central": "America/Chicago", "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago",
    "mountain": "America/Denver", "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver",
    "pacific": "America/Los_Angeles", "pt": "America/Los_Angeles", "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles", "gmt": "Europe/London", "bst": "Europe/London", "cet": "Europe/Paris",
}  # fmt: skip
# Where many people live, and no zone is called after it.
_CITIES = {
    "America/New_York": "boston, philadelphia, washington, washington dc, atlanta, miami, charlotte, baltimore",
    "America/Chicago": "houston, dallas, austin, san antonio, minneapolis, milwaukee, st louis, new orleans, nashville",
    "America/Denver": "salt lake city, albuquerque, colorado springs",
    "America/Los_Angeles": "san francisco, oakland, san diego, sacramento, seattle, las vegas",
}
_OURS = re.compile(r"(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/")
_AROUND = re.compile(
    r"^(?:(?:i ?am|i'?m|we'?re|it'?s|estoy|es|soy) )?(?:(?:in|on|near|from|en|cerca de|de|la|hora|de) )*"
    r"|(?: standard| daylight)? time(?: zone)?$"
)


def zone_meant(typed: str) -> str:
    """The one zone these words can mean; none where they are no place that is known, or say more than a place."""
    exact = _exact().get(_key(typed))
    if exact is not None:
        return exact
    words = _AROUND.sub("", _plain(typed))
    return _named().get(words) or _named().get(words.partition(",")[0].strip(), "")


def city(zone: str, language: str) -> str:
    """What a zone is called by its city, in that language: Nueva York."""
    told = _cities(language).get(zone, "")
    return told or zone.rsplit("/", 1)[-1].replace("_", " ")


def _key(typed: str) -> str:
    return "_".join(typed.casefold().split())


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    kept = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(re.sub(r"[._]", " ", kept).split()).strip(" !?;:,")


@cache
def _exact() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones()) if "/" in name or name == "UTC"}


@cache
def _named() -> dict[str, str]:
    """Every name once, the same whatever the language: who asks may not read what the other types."""
    zones = [name for name in sorted(available_timezones()) if _OURS.match(name)]
    found: dict[str, str] = {}
    for zone in zones:
        name = _plain(zone.rsplit("/", 1)[-1])
        # Where one place has two names, such as America/Louisville, the longer one is today's.
        found[name] = zone if name not in found or zone.count("/") > found[name].count("/") else found[name]
    for language in languages():
        for zone, name in _cities(language).items():
            found.setdefault(_plain(name), zone)
    named = {one: zone for zone, cities in _CITIES.items() for one in cities.split(", ")}
    return found | named | SPOKEN


@cache
def _cities(language: str) -> dict[str, str]:
    from babel import Locale

    there = Locale.parse(language, sep="-" if "-" in language else "_").time_zones
    return {zone: str(told["city"]) for zone in available_timezones() if "city" in (told := there.get(zone, {}))}
