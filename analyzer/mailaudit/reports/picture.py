# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws a report's pictures, as SVG for pages and as PNG for word processors."""

import io
import re
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.font_manager import get_font_names
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mailaudit.reports import words
from mailaudit.reports.document import Picture

COLOURS = ("#1f5a96", "#c8641e")
"""Told apart by people who see few colours, and in grey on paper."""
HATCHES = ("", "//")
METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
"""Who made the picture: a page need not say it."""
SIZE = (6.3, 2.7)  # inches: the width between the margins of A4
DOTS = 200  # per inch, of a PNG
FONTS = ("Liberation Serif", "Times New Roman", "DejaVu Serif")
"""Those of official writing; the last one comes with Matplotlib."""
STYLE = {
    "font.size": 10,
    "svg.fonttype": "none",  # texts stay texts
    "svg.hashsalt": "postwarden",  # the same picture gives the same file
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def _style() -> Any:
    """Return the settings, with the fonts that there are."""
    there = set(get_font_names())
    return {**STYLE, "font.family": [name for name in FONTS if name in there]}


def svg(picture: Picture) -> str:
    """Return a picture as an SVG element, to stand in a page."""
    with rc_context(_style()):
        file = io.StringIO()
        _drawn(picture).savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    return METADATA.sub("", text[text.index("<svg") :])


def png(picture: Picture) -> bytes:
    """Return a picture as a PNG file."""
    with rc_context(_style()):
        file = io.BytesIO()
        _drawn(picture).savefig(file, format="png", dpi=DOTS, metadata={"Software": None})
    return file.getvalue()


def _drawn(picture: Picture) -> Figure:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    places = range(len(picture.labels))
    width = 0.8 / len(picture.series)
    for number, (name, values) in enumerate(picture.series.items()):
        shift = (number - (len(picture.series) - 1) / 2) * width
        colour, hatch = COLOURS[number], HATCHES[number]
        axes.bar(
            [place + shift for place in places],
            list(values),
            width,
            label=name,
            color=colour,
            hatch=hatch,
            edgecolor="white",
        )
    axes.set_xticks(list(places), picture.labels, rotation=45 if len(picture.labels) > 7 else 0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value)))
    axes.set_ylim(bottom=0, top=max((*map(max, picture.series.values()), 1)) * 1.05)
    if len(picture.series) > 1:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=2, frameon=False)
    return figure
