"""What was measured: rows of ours beside a peer's, kept as JSON, and the page with its table and plot."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from math import log10
from pathlib import Path

import msgspec
from msgspec import Struct

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "performance.svg"


class Row(Struct, frozen=True, kw_only=True):
    """One figure; `against` says what the peer was.

    `goal` reads `<= 0.5` or `>= 10`: of the ratio (ours to the peer's) or, without a peer, of our own figure.
    """

    name: str
    ours: float
    peer: float | None
    unit: str
    ratio: float | None
    goal: str
    met: bool
    against: str = ""


def row(name: str, ours: float, peer: float | None, unit: str, goal: str, against: str = "") -> Row:
    ratio = None if peer is None or not peer else ours / peer
    sign, limit = goal.split()
    judged = ours if ratio is None else ratio
    met = judged <= float(limit) if sign == "<=" else judged >= float(limit)
    return Row(
        name=name, ours=_short(ours), peer=None if peer is None else _short(peer), unit=unit,
        ratio=None if ratio is None else _short(ratio), goal=goal, met=met, against=against,
    )  # fmt: skip


def told(one: Row) -> str:
    beside = "" if one.peer is None else f"; {one.against or 'peer'}: {one.peer:g} {one.unit}; ratio {one.ratio:g}"
    return f"{one.name}: {one.ours:g} {one.unit}{beside}; goal {one.goal}: {'met' if one.met else 'NOT MET'}"


def keep(rows: list[Row]) -> None:
    """Rows measured now replace those of the same name; the page is made anew from all."""
    known = msgspec.json.decode(RESULTS.read_bytes(), type=list[Row]) if RESULTS.exists() else []
    fresh = {one.name: one for one in rows}
    merged = [fresh.pop(one.name, one) for one in known]
    merged += fresh.values()
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(merged), indent=2) + b"\n")
    PAGE.write_text(_page(merged), "utf-8")
    PLOT.write_text(_plot(merged), "utf-8")


def _short(figure: float) -> float:
    return float(f"{figure:.3g}")


def _page(rows: list[Row]) -> str:
    table = "\n".join(
        f"| `{one.name}` | {one.ours:g} {one.unit} | {_theirs(one)} | {'' if one.ratio is None else f'{one.ratio:g}'}"
        f" | {one.goal.replace('<=', '≤').replace('>=', '≥')} | {'yes' if one.met else '**no**'} |"
        for one in rows
    )
    return (
        "# How fast it is\n\n"
        "Made by `make bench`: each figure of ours beside a peer's, taken in the same run on the same machine. "
        "Read the ratios; the absolute figures belong to the machine.\n\n"
        f"Measured on {os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{datetime.now(UTC):%d %B %Y}.\n\n"
        "![Ratios of ours to the peer's, on a logarithmic scale](performance.svg)\n\n"
        "| figure | Beside | peer | ratio | goal | met |\n|---|---|---|---|---|---|\n" + table + "\n\n"
        "A goal is about the ratio where there is a peer, and about our own figure where there is none. "
        "How each is taken stands at the top of its file in `benchmarks/`.\n"
    )


def _theirs(one: Row) -> str:
    return "" if one.peer is None else f"{one.peer:g} {one.unit} ({one.against})"


def _plot(rows: list[Row]) -> str:
    """Bars from 1, left where ours is smaller; the tick on a bar is the goal."""
    shown = [one for one in rows if one.ratio]
    height, left, width = 26 * len(shown) + 40, 210, 560
    low, high = -3.0, 3.0

    def x(ratio: float) -> float:
        return left + (min(max(log10(ratio), low), high) - low) / (high - low) * width

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 90} {height}" role="img"',
        ' font-family="system-ui, sans-serif" font-size="12"><title>Ours to the peer’s, logarithmic</title>',
        '<rect width="100%" height="100%" fill="#faf7f0"/>',
    ]
    for power in range(int(low), int(high) + 1):
        at = x(10.0**power)
        parts.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="8" y2="{height - 24}" stroke="#ddd6c8"/>'
            f'<text x="{at:.1f}" y="{height - 8}" text-anchor="middle" fill="#57534b">{10.0**power:g}</text>'
        )
    for n, one in enumerate(shown):
        y, end = 14 + 26 * n, x(one.ratio or 1.0)
        begin, goal = x(1.0), x(float(one.goal.split()[1]))
        parts.append(
            f'<text x="{left - 8}" y="{y + 13}" text-anchor="end" fill="#211f1b">{one.name}</text>'
            f'<rect x="{min(begin, end):.1f}" y="{y}" width="{abs(end - begin):.1f}" height="18" '
            f'fill="{"#2b5f82" if one.met else "#9a4a2c"}"/>'
            f'<line x1="{goal:.1f}" x2="{goal:.1f}" y1="{y - 2}" y2="{y + 20}" stroke="#211f1b" stroke-width="2"/>'
            f'<text x="{left + width + 8}" y="{y + 13}" fill="#211f1b">{one.ratio:g}</text>'
        )
    return "\n".join([*parts, "</svg>\n"])
