"""The app as Teams is asked to install it: a package of its manifest and two pictures, all made here."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from math import hypot
from typing import Any
from urllib.parse import urlsplit

from adapters.teams.payloads import PROPOSE

VERSION = "1.19"
NAME = "Beside"
AMONG = {"coteach": "coteach", "beside help": "help"}  # what is offered where others read along, after our own name
BACKGROUND, NEAR, FAR, WHITE = (0x22, 0x40, 0x3A), (0xFA, 0xF7, 0xF0), (0xA9, 0xC4, 0xB8), (0xFF, 0xFF, 0xFF)
Pixel = tuple[int, int, int, int]


def manifest(
    commands: Iterable[tuple[str, str]], words: Mapping[str, str], app_id: str, public_url: str, version: str,
    others: Iterable[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """For these commands (as they are typed, and what each does), and with no rights beyond the chats it is put in.

    `words` say what the app is; `others` are the languages besides English that the package brings along.
    """
    address = public_url.rstrip("/")
    listed = [{"title": title, "description": does} for title, does in commands]
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": VERSION,
        "version": version,
        "id": app_id,
        "developer": {"name": "Beside", "websiteUrl": address, "privacyUrl": address, "termsOfUseUrl": address},
        "localizationInfo": {
            "defaultLanguageTag": "en",
            "additionalLanguages": [{"languageTag": one, "file": f"{one}.json"} for one in others],
        },
        "name": {"short": NAME, "full": words["name"]},
        "description": {"short": words["short"], "full": words["full"]},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#{:02X}{:02X}{:02X}".format(*BACKGROUND),
        "defaultInstallScope": "personal",
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal", "team", "groupChat"],
                "commandLists": [
                    {"scopes": ["personal"], "commands": listed},
                    {
                        "scopes": ["team", "groupChat"],
                        "commands": [one | {"title": AMONG[one["title"]]} for one in listed if one["title"] in AMONG],
                    },
                ],
            }
        ],
        "composeExtensions": [
            {
                "botId": app_id,
                "commands": [
                    {
                        "id": PROPOSE,
                        "type": "action",
                        "title": words["propose"],
                        "description": words["proposes"],
                        "context": ["message", "compose"],
                        "fetchTask": True,
                    }
                ],
            }
        ],
        "validDomains": [urlsplit(address).netloc],
    }


def translation(made: dict[str, Any], commands: Iterable[tuple[str, str]], words: Mapping[str, str]) -> dict[str, str]:
    """The same manifest's sentences in another language; what is typed stays as it is typed."""
    does = dict(commands)
    does |= {short: does[title] for title, short in AMONG.items() if title in does}
    listed = made["bots"][0]["commandLists"]
    return {
        "$schema": made["$schema"].replace("Teams.schema", "Teams.Localization.schema"),
        "name.short": NAME,
        "name.full": words["name"],
        "description.short": words["short"],
        "description.full": words["full"],
        **{
            f"bots[0].commandLists[{n}].commands[{m}].description": does[one["title"]]
            for n, group in enumerate(listed)
            for m, one in enumerate(group["commands"])
        },
        "composeExtensions[0].commands[0].title": words["propose"],
        "composeExtensions[0].commands[0].description": words["proposes"],
    }


def package(made: dict[str, Any], translations: Mapping[str, Mapping[str, str]]) -> bytes:
    """The zip to upload; the same manifest gives the same bytes."""
    files = {
        "manifest.json": _json(made),
        **{f"{language}.json": _json(told) for language, told in translations.items()},
        "color.png": _picture(192, _color),
        "outline.png": _picture(32, _outline),
    }
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return kept.getvalue()


def _json(tree: object) -> bytes:
    return json.dumps(tree, indent=2, ensure_ascii=False).encode()


# Two discs, one beside the other, in a square from 0 to 1.


def _color(x: float, y: float, blur: float) -> Pixel:
    red, green, blue = BACKGROUND
    for tint, inside in ((FAR, _disc(x, y, 0.61, 0.2, blur)), (NEAR, _disc(x, y, 0.39, 0.2, blur))):
        red, green, blue = (
            round(was + (new - was) * inside) for was, new in zip((red, green, blue), tint, strict=True)
        )
    return red, green, blue, 255


def _outline(x: float, y: float, blur: float) -> Pixel:
    left, right = (max(_disc(x, y, at, 0.27, blur) - _disc(x, y, at, 0.2, blur), 0) for at in (0.32, 0.68))
    return *WHITE, round(255 * max(left, right))


def _disc(x: float, y: float, at: float, radius: float, blur: float) -> float:
    return min(max((radius - hypot(x - at, y - 0.5)) / blur + 0.5, 0), 1)


def _picture(size: int, pixel: Callable[[float, float, float], Pixel]) -> bytes:
    """A PNG with an alpha channel."""
    middle = [(n + 0.5) / size for n in range(size)]
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y, 1 / size)) for x in middle) for y in middle)
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
