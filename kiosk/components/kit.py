"""How a component is made: once at import, from the files that bear its name."""

from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def component(name: str, *, html: str, isolated: bool = True) -> Any:
    """The component of this name: its markup, and the `.css` and `.js` beside this file.

    What is said to it goes in a list of one: Streamlit looks through a dictionary for tables, which takes longer than
    all the rest of it.
    """
    css = HERE / f"{name}.css"
    made = st.components.v2.component(
        f"vitrine_{name}",
        html=html,
        css=css.read_text("utf-8") if css.exists() else None,
        js=(HERE / f"{name}.js").read_text("utf-8"),
        isolate_styles=isolated,
    )
    return lambda *, data, **more: made(data=[data], **more)


def nothing() -> None:
    """A callback that does nothing: it makes the answer's name exist."""
