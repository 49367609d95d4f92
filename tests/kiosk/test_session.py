"""Leaving a page leaves its parts: none of them starts again under the next page's name."""

from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from kiosk import session, state


def test_streamlit_keeps_its_parts_where_the_session_looks_for_them() -> None:
    assert "fragment_storage" in ScriptRunContext.__dataclass_fields__
    assert "fragment_ids_this_run" in ScriptRunContext.__dataclass_fields__


def test_walking_away_forgets_the_parts_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, walked = MemoryFragmentStorage(), []
    kept.register("live", lambda: None)
    monkeypatch.setattr(session, "get_script_run_ctx", lambda: SimpleNamespace(fragment_storage=kept))
    monkeypatch.setattr(
        st, "switch_page", lambda _page, query_params: walked.append((kept.contains("live"), query_params))
    )
    state.put("going", ("story", {"capsule": "notebook-corner"}))
    session.follow()
    assert walked == [(False, {"capsule": "notebook-corner", "lang": "en"})]


def test_whoever_goes_nowhere_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = MemoryFragmentStorage()
    kept.register("live", lambda: None)
    monkeypatch.setattr(session, "get_script_run_ctx", lambda: SimpleNamespace(fragment_storage=kept))
    state.take("going")
    session.follow()
    assert kept.contains("live")


def a_page_with_a_clock() -> None:
    import streamlit as st

    from kiosk import session

    session.part(None, run_every=1.0)(lambda: st.text("the clock"))()  # type: ignore[arg-type]
    st.text("what stands below")


def test_a_part_with_a_clock_has_a_place_that_is_sent_with_the_page() -> None:
    """Streamlit drops what is on its way of a part that starts again. Were that the part's place in the page, what
    stands below would move up in the browser, and the part would be drawn over it."""
    page = AppTest.from_function(a_page_with_a_clock).run().main
    its_place, below = page.children[0], page.children[1]
    assert below.value == "what stands below"
    its_own = its_place.children[0]  # what Streamlit makes for the part, and drops
    assert its_own.children[0].value == "the clock"
