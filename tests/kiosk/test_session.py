"""Leaving a page leaves its parts: none of them starts again under the next page's name."""

from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

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
