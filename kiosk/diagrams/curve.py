"""The sell-through of an edition as a step curve: an ink line at its size, brass marks at 24, 48 and 72 hours."""

from typing import Any

import altair as alt
import pandas as pd

from kiosk.theme import TOKENS
from kiosk.words import Words
from pos.brand.sellthrough import MARKS, SellThrough

LETTERS: Any = {"labelColor": TOKENS["muted"], "titleColor": TOKENS["muted"], "labelFontSize": 15, "titleFontSize": 15}
LEAST_HOURS = 76  # so that the three marks are always on the paper


def curve(edition: SellThrough, *, say: Words) -> Any:
    """The chart; the same shape at every look, so that Streamlit changes it in place."""
    last = (round(edition.hours, 3), edition.sold)
    steps = pd.DataFrame([(0.0, 0), *edition.curve, last], columns=["h", "n"])
    wide = max(LEAST_HOURS, edition.hours * 1.02)
    every = 12 if wide <= 96 else 24 * max(1, round(wide / 24 / 8))
    x = alt.X(
        "h:Q",
        title=say("board.hours"),
        scale=alt.Scale(domain=[0, wide]),
        axis=alt.Axis(values=list(range(0, int(wide) + 1, every)), grid=False, titlePadding=14, **LETTERS),
    )
    tall = edition.size * 1.08
    ticks = [round(edition.size * i / 5) for i in range(6)]
    y = alt.Y(
        "n:Q",
        title=None,
        scale=alt.Scale(domain=[0, tall]),
        axis=alt.Axis(values=ticks, gridColor=TOKENS["rule"], **LETTERS),
    )
    base = alt.Chart(steps)
    area = base.mark_area(interpolate="step-after", opacity=0.12, color=TOKENS["green"]).encode(x, y)
    line = base.mark_line(interpolate="step-after", strokeWidth=2.5, color=TOKENS["green"]).encode(x, y)
    whole = alt.Chart(pd.DataFrame({"n": [edition.size]})).mark_rule(color=TOKENS["ink"], strokeWidth=1).encode(y="n:Q")
    return (area + line + _marks(edition, say=say) + whole).properties(height=460)


def _marks(edition: SellThrough, *, say: Words) -> Any:
    rows = [
        (hours, say("board.mark_open", hours=hours) if n is None else say("board.mark", hours=hours, n=n))
        for hours, n in zip(MARKS, edition.marks, strict=True)
    ]
    marks = alt.Chart(pd.DataFrame(rows, columns=["h", "name"]))
    rules = marks.mark_rule(color=TOKENS["brass"], strokeDash=[3, 4]).encode(x="h:Q")
    names = marks.mark_text(align="left", dx=7, dy=4, baseline="top", fontSize=15, color=TOKENS["brass-text"]).encode(
        x="h:Q", y=alt.value(0), text="name"
    )
    return rules + names
