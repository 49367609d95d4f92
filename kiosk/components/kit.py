"""How a component is made: once, from the files that bear its name."""

from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def component(name: str, *, html: str, isolated: bool = True, called: str = "", before: str = "") -> Any:
    """The component of this name: its markup, and the `.css` and `.js` beside this file.

    called is what Streamlit knows it by, where several are made of the same files; before stands above its script.
    What is said to it goes in a list of one: Streamlit looks through a dictionary for tables, which takes longer than
    all the rest of it.
    """
    made = st.components.v2.component(
        f"vitrine_{called or name}",
        html=html,
        css=text(name, "css") or None,
        js=before + text(name, "js"),
        isolate_styles=isolated,
    )
    return lambda *, data, **more: made(data=[data], **more)


def text(name: str, kind: str) -> str:
    """A file beside this one; empty where a component has none of this kind."""
    file = HERE / f"{name}.{kind}"
    return file.read_text("utf-8") if file.exists() else ""
