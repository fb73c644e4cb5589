"""The charts of docs/performance.md, as SVG."""

from __future__ import annotations

from math import log10
from typing import Any

from benchmarks.report import groups
from benchmarks.workloads import OURS, RIVALS

Row = dict[str, Any]
_BAR, _HEIGHT, _LEFT, _WIDTH = 9, 26, 300, 760
_PANEL, _TALL, _MARGIN = 250, 220, 45
_COLOURS = {
    "ours": "#1f6feb",
    "ours_async": "#76a9fa",
    "ours_podman": "#1f6feb",
    "ours_podman_async": "#76a9fa",
}
_LEGEND = '<tspan fill="#1f6feb">sync</tspan>, <tspan fill="#76a9fa">async</tspan>'


def _svg(width: float, height: float, parts: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n'
    )


def ratios(rows: list[Row]) -> str:
    """Bars: our time as a share of the fastest rival's, which is the line at 1."""
    bars: list[str] = []
    place = 30
    scale = (_WIDTH - _LEFT - 60) / 1.5
    for group in groups(rows):
        ours = [row for row in group if row["peer"] in OURS and row.get("to_best_rival")]
        if not ours or not any(row["peer"] in RIVALS for row in group):
            continue
        title = f"{group[0]['title']} ({group[0]['place']})"
        bars.append(f'<text x="{_LEFT - 8}" y="{place + 13}" text-anchor="end">{title}</text>')
        for number, row in enumerate(ours):
            value = row["to_best_rival"]
            width, top = min(value, 1.5) * scale, place + number * (_BAR + 1)
            bars.append(
                f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR}" fill="{_COLOURS[row["peer"]]}"/>'
                f'<text x="{_LEFT + width + 4:.1f}" y="{top + 8}" font-size="9">{value:.2f}</text>'
            )
        place += _HEIGHT
    line = _LEFT + scale
    parts = [
        f'<text x="{line}" y="18" text-anchor="middle">the fastest rival</text>',
        f'<text x="8" y="18">time, as a share of it: {_LEGEND}</text>',
        *bars,
        f'<line x1="{line}" x2="{line}" y1="24" y2="{place}" stroke="#d1242f"/>',
    ]
    return _svg(_WIDTH, place + 10, parts)


def growth(rows: list[Row]) -> str:
    """Lines, one panel for each kind of work: milliseconds against its size, both in powers of ten."""
    titles = list(dict.fromkeys(row["title"] for row in rows))
    parts = [f'<text x="8" y="14">milliseconds against the work: {_LEGEND}</text>']
    for number, title in enumerate(titles):
        found = [row for row in rows if row["title"] == title]
        parts.append(
            f'<g transform="translate({number * (_PANEL + _MARGIN) + _MARGIN} 40)">{_panel(found)}</g>'
        )
        middle = number * (_PANEL + _MARGIN) + _MARGIN + _PANEL / 2
        parts.append(f'<text x="{middle}" y="32" text-anchor="middle">{title}</text>')
    return _svg(len(titles) * (_PANEL + _MARGIN) + _MARGIN, _TALL + 70, parts)


def _panel(rows: list[Row]) -> str:
    """One of them; the axes end at whole powers of ten."""
    points = [(log10(row["size"]), log10(row["seconds"] * 1e3)) for row in rows]
    ends = [(int(min(axis) // 1), int(-(-max(axis) // 1))) for axis in zip(*points, strict=True)]
    (left, right), (low, high) = ends

    def at(x: float, y: float) -> str:
        across, up = (x - left) / max(right - left, 1), (y - low) / max(high - low, 1)
        return f"{across * _PANEL:.1f},{_TALL - up * _TALL:.1f}"

    parts = [f'<rect width="{_PANEL}" height="{_TALL}" fill="none" stroke="#8c959f"/>']
    for power in range(left, right + 1):
        x = at(power, low).split(",")[0]
        parts.append(f'<text x="{x}" y="{_TALL + 14}" text-anchor="middle">{10**power}</text>')
    for power in range(low, high + 1):
        y = at(left, power).split(",")[1]
        parts.append(f'<text x="-4" y="{float(y) + 4}" text-anchor="end">{10.0**power:g}</text>')
    # From our last point down to the size of the first, as fast as the work.
    size, time = max(points)
    steps = min(size - min(points)[0], time - low)
    parts.append(_line([at(size - steps, time - steps), at(size, time)], "#8c959f", dashed=True))
    for peer in dict.fromkeys(row["peer"] for row in rows):
        own = [point for row, point in zip(rows, points, strict=True) if row["peer"] == peer]
        parts.append(_line([at(*point) for point in own], _COLOURS[peer]))
    return "".join(parts)


def _line(points: list[str], colour: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
