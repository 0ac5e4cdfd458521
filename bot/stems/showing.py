"""The whole library as a page to read: by focus, phase and lesson part, as text or as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import get_args

from bot.stems.library import Focus, LessonPart, Library, Phase, Stem

# On a page for people a focus has the name that a teacher would give it.
FOCUS = {
    "data": "Student work", "pedagogy": "Teaching choices", "intervention": "Extra time on an idea",
    "relationship": "Working together",
}  # fmt: skip
PHASE = {
    "notice": "Noticing", "wonder": "Wondering", "plan": "Planning", "try": "Trying", "learn": "Learning",
    "adapt": "Adapting",
}  # fmt: skip
PART = {
    "any": "Any part", "number_talk": "Number talk", "launch": "Launch", "main_lesson": "Main lesson", "menu": "Menu",
    "closure": "Closure",
}  # fmt: skip


def as_text(library: Library) -> str:
    lines = [f"The question library, {library.language}"]
    for title, depth in _headed(library):
        if isinstance(title, Stem):
            lines += ["", f"  {title.id}  {title.text}", *(f"      {one}" for one in title.follow_ups)]
            lines.append(f"      {_about(title)}")
        else:
            lines += ["", title.upper() if depth == 0 else title if depth == 1 else f"- {title}"]
    if library.reflect_back:
        lines += ["", "HANDING WORDS BACK", ""]
        lines += [f"  {line.id}  {line.text}" for line in library.reflect_back]
    return "\n".join(lines)


def as_html(library: Library) -> str:
    """One file that stands by itself: no script, nothing fetched, readable on paper."""
    body = []
    for title, depth in _headed(library):
        if isinstance(title, Stem):
            more = "".join(f"<li>{escape(one)}</li>" for one in title.follow_ups)
            about = f"<p class=about><code>{escape(title.id)}</code> {escape(_about(title))}</p>"
            body.append(f"<article><p>{escape(title.text)}</p><ul>{more}</ul>{about}</article>")
        else:
            body.append(f"<h{depth + 2}>{escape(title)}</h{depth + 2}>")
    if library.reflect_back:
        body.append("<h2>Handing words back</h2><ul>")
        body += [f"<li>{escape(line.text)} <code>{escape(line.id)}</code></li>" for line in library.reflect_back]
        body.append("</ul>")
    return _PAGE.format(language=escape(library.language), body="\n".join(body))


def _headed(library: Library) -> Iterator[tuple[str | Stem, int]]:
    """Headings with their depth, and the stems below them."""
    for focus in get_args(Focus):
        yield FOCUS[focus], 0
        for phase in get_args(Phase):
            here = [stem for stem in library.stems if (stem.focus, stem.phase) == (focus, phase)]
            if here:
                yield PHASE[phase], 1
            for part in get_args(LessonPart):
                found = [stem for stem in here if stem.lesson_part == part]
                if found:
                    yield PART[part], 2
                for stem in found:
                    yield stem, 3


def _about(stem: Stem) -> str:
    moments = ", ".join(moment.replace("_", " ") for moment in stem.used_in)
    asked = "" if stem.status == "active" else f"; {stem.status}, not asked"
    return f"{stem.audience}; {moments}; depth {stem.depth}{asked}"


_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The question library</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }}
article {{ border-left: 3px solid; padding-left: 1rem; margin: 1rem 0; break-inside: avoid; }}
article > p:first-child {{ font-size: 1.1rem; margin: 0; }}
.about {{ color: #555; font-size: .85rem; margin: 0; }}
</style>
<main>
<h1>The question library</h1>
{body}
</main>
</html>
"""
