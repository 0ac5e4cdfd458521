"""The playground held against the contract: HTML, and a page's side of the wire."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser

from adapters.web.render import card_html, form_html
from bot.cards import Card, Form
from bot.events import Account, FromPlatform
from tests.fakes.playground import ANA, MemoryHouse, Playground, Visitor, playground, visiting

SUFFIX = "html"
LABEL = WHOLE = 1_000_000  # nothing is cut
COMES_AND_GOES = False
FILES = False
AMENDS = False
_VOID = frozenset({"br", "input", "img"})
_LINES = re.compile(r"(?<=.)(?=<(?:p|div|h[23]|dl|dt|fieldset|label|button|a|input|select|option|form)\b)")


def draw(shown: Card | Form) -> str:
    return card_html(shown, "teacher", "m1") if isinstance(shown, Card) else form_html(shown, "f1")


def written(drawn: str) -> str:
    """A line an element."""
    return _LINES.sub("\n", drawn)


def problems(drawn: str) -> list[str]:
    return Page(drawn).problems()


def read(drawn: str) -> list[str]:
    return Page(drawn).pieces


class Page(HTMLParser):
    """What a browser makes of it: what is read, what can be touched and how that is named."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.open: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.wrong: list[str] = []
        self.wanted: list[tuple[str, str]] = []  # (attribute, the id it points at)
        self.labelled: set[str] = set()
        self.buttons: dict[str, tuple[str, str]] = {}
        self.fields: dict[str, str] = {}
        self.controls: list[tuple[str, dict[str, str]]] = []
        self._was: list[str] = []
        self._chosen = False
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> is not closed" for tag, _ in self.open]

    def problems(self) -> list[str]:
        twice = [f"id {one} stands {count} times" for one, count in Counter(self.ids).items() if count > 1]
        nowhere = [f"{how}={to} points nowhere" for how, to in self.wanted if to not in self.ids]
        nameless = [
            f"<{tag} name={attrs.get('name')}> has no accessible name"
            for tag, attrs in self.controls
            if attrs.get("id") not in self.labelled and "within" not in attrs
        ]
        return [*self.wrong, *twice, *nowhere, *nameless]

    def inside(self, tag: str, look: str = "") -> bool:
        return any(t == tag and (not look or look in a.get("class", "").split()) for t, a in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        self.ids += [had["id"]] if "id" in had else []
        if tag in {"script", "style", "iframe", "object"} or any(name.startswith("on") for name in had):
            self.wrong.append(f"<{tag} {' '.join(had)}> could run")
        if had.get("href", "").lower().strip().startswith("javascript"):
            self.wrong.append("a link could run")
        for how in ("for", "aria-labelledby", "aria-describedby"):
            self.wanted += [(how, to) for to in had.get(how, "").split()]
        if tag == "label" and "for" in had:
            self.labelled.add(had["for"])
        if tag in {"input", "select", "textarea"}:
            radio = had.get("type") == "radio"
            self.controls.append((tag, had | ({"within": "label"} if radio and self.inside("label") else {})))
            self._stands(tag, had, radio)
        if tag == "option" and "selected" in had:
            self._chosen = True
            self.fields[next(a for t, a in reversed(self.open) if t == "select").get("name", "")] = had["value"]
        if tag not in _VOID:
            self.open.append((tag, had | {"at": str(len(self.pieces))}))

    def _stands(self, tag: str, had: dict[str, str], radio: bool) -> None:
        name = had.get("name", "")
        if radio:
            self._chosen = "checked" in had
            self.fields |= {name: had["value"]} if self._chosen else {}
        else:
            self.fields[name] = had.get("value", "")
            self.pieces.append(had.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(f"</{tag}> closes nothing")
            return
        _, had = self.open.pop()
        at = int(had["at"])
        text = "".join(self.pieces[at:]).removeprefix("\n" if tag == "textarea" else "")
        if tag in {"button", "a", "legend", "label", "h2", "option"} and not text.strip() and had.get("value") != "":
            self.wrong.append(f"an empty <{tag}>")
        row = self.inside("div", "row") or self.inside("div", "end")
        if tag == "button" or (row and tag in {"a", "span"}):
            self.pieces[at:] = [f"[{text}]"]
            if "data-verb" in had:
                self.buttons[text] = (had["data-verb"], had["data-value"])
        elif tag == "del":
            self._was = [f"({text})"]
            del self.pieces[at:]
        elif tag == "dd":
            self.pieces += self._was
            self._was = []
        elif tag in {"label", "option"} and self._chosen:
            self.pieces[at:] = [f"{text} (chosen)"]
            self._chosen = False
        elif tag in {"p", "label", "legend", "h2", "h3", "option", "textarea", "dt", "span"} and text:
            self.pieces[at:] = [text]
        if tag == "textarea":
            self.fields[had.get("name", "")] = text

    def handle_data(self, data: str) -> None:
        if self.inside("span", "unseen") and not self.inside("del"):
            return
        if data.strip() == "(optional)" and self.inside("span", "soft"):
            return
        self.pieces.append(data)


class Seat:
    def __init__(self, at: Playground, visitor: Visitor) -> None:
        self._at, self._visitor = at, visitor
        self._count = 0
        self.platform = at.platform
        self.account = Account(platform="web", team="playground", user=ANA.id)

    @property
    def heard(self) -> list[FromPlatform]:
        return self._at.door.events

    async def _post(self, what: str, body: dict[str, object]) -> None:
        self._count += 1
        status, _ = await self._visitor.post(what, {"person": ANA.id, **body}, key=f"act-{self._count:04}")
        assert status == 200

    async def say(self, text: str) -> None:
        await self._post("say", {"text": text})

    async def share(self, text: str) -> None:
        raise AssertionError("it takes no files")

    async def edit(self, text: str) -> None:
        raise AssertionError("nothing is changed there")

    async def unsay(self) -> None:
        raise AssertionError("nothing is taken back there")

    async def command(self, command: str, text: str) -> None:
        await self._post("say", {"text": f"/{command} {text}"})

    async def press(self, card: Card, label: str, inputs: dict[str, str]) -> None:
        self._at.house.show(ANA, f"card-{self._count}", card)
        page = Page(card_html(card, ANA.role, "m1"))
        verb, value = page.buttons[label]
        chosen = {name.removeprefix("m1-"): at for name, at in page.fields.items()}
        about = {"thread": card.thread, "version": card.version, "message": f"card-{self._count}"}
        await self._post("press", {**about, "verb": verb, "value": value, "label": label, "inputs": chosen | inputs})

    async def submit(self, form: Form, fields: dict[str, str]) -> None:
        filled = Page(form_html(form, "f1")).fields | fields
        await self._post(
            "submit", {"thread": form.thread, "version": form.version, "verb": form.verb, "fields": filled}
        )

    async def join(self) -> None:
        raise AssertionError("nobody comes to the playground")

    async def leave(self) -> None:
        raise AssertionError("nobody leaves it")

    def sees(self) -> list[str]:
        cards = [one.card for one in self._at.house.kept if one.person == ANA.id and one.card]
        return ["\n".join(read(draw(card))) for card in cards]

    def cut(self) -> bool:
        return False


@asynccontextmanager
async def seated() -> AsyncIterator[Seat]:
    async with playground(MemoryHouse()) as at, visiting(at) as visitor:
        yield Seat(at, visitor)
