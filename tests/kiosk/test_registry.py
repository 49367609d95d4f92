"""Every page is registered with its role; what is not registered cannot be opened."""

import ast

import pytest

from kiosk.registry import BY_URL, PAGES, SCREENS, is_open
from pos.models import Role
from pos.people.staff import StaffView
from pos.settings import HOUSE


def person(role: Role) -> StaffView:
    return StaffView(staff_id="one", name="One", role=role, boutique_id="demo")


def test_every_page_file_is_registered_and_exists() -> None:
    registered = {screen.path.resolve() for screen in SCREENS}
    assert registered == {path.resolve() for path in PAGES.rglob("*.py")}


def test_addresses_are_unique_and_flat() -> None:
    assert len(BY_URL) == len(SCREENS)
    assert [screen.url for screen in SCREENS if "/" in screen.url] == []


def test_the_role_of_a_page_is_where_it_lives() -> None:
    rooms = {"shop": Role.SHOPPER, "counter": Role.STAFF, "brand": Role.BRAND}
    assert [screen.url for screen in SCREENS if screen.role != rooms[screen.file.split("/")[0]]] == []


@pytest.mark.parametrize(
    ("url", "role", "opens"),
    [
        ("story", None, True),
        ("counter", None, False),
        ("collect", None, False),
        ("board", None, False),
        ("counter", Role.STAFF, True),
        ("board", Role.STAFF, False),
        ("counter", Role.MANAGER, True),
        ("board", Role.MANAGER, True),
        ("board", Role.BRAND, True),
        ("counter", Role.BRAND, False),
        ("story", Role.BRAND, True),
    ],
)
def test_who_may_open_what(url: str, role: Role | None, opens: bool) -> None:
    assert is_open(BY_URL[url], person(role) if role else None) is opens


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.url or "attract")
def test_a_page_asks_for_its_role_before_anything_else(screen: object) -> None:
    """The first statement after the imports is `here = session.require(Role.…)`, with the registered role."""
    body = ast.parse(screen.path.read_text()).body  # type: ignore[attr-defined]
    passed = (ast.Import, ast.ImportFrom, ast.Expr)
    constants = [node for node in body if not isinstance(node, passed) and not _is_constant(node)]
    assert ast.unparse(constants[0]) == f"here = session.require(Role.{screen.role.name})"  # type: ignore[attr-defined]


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and all(isinstance(one, ast.Name) and one.id.isupper() for one in node.targets)


def test_screens_know_no_sql() -> None:
    for room in ("kiosk", "pages"):
        for path in (HOUSE / room).rglob("*.py"):
            imported = {
                (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Import | ast.ImportFrom)
            }
            assert not {name for name in imported if name.split(".")[0] in ("sqlmodel", "sqlalchemy")}, path
            assert ".write()" not in path.read_text(), path
            assert ".jot()" not in path.read_text(), path


def test_one_door_to_the_session() -> None:
    users = {
        str(path.relative_to(HOUSE))
        for room in ("kiosk", "pages")
        for path in (HOUSE / room).rglob("*.py")
        if "st.session_state" in path.read_text()
    }
    assert users == {"kiosk/state.py"}


def test_one_door_to_the_cookie() -> None:
    readers = {
        str(path.relative_to(HOUSE))
        for room in ("kiosk", "pages")
        for path in (HOUSE / room).rglob("*.py")
        if "context.cookies" in path.read_text()
    }
    assert readers == {"kiosk/session.py"}


def test_streamlit_finds_no_page_by_itself() -> None:
    """Beside its script Streamlit looks for a folder `pages` and would run its files without the shell."""
    assert not (HOUSE / "kiosk" / "pages").exists()
    assert [path for path in HOUSE.glob("*.py") if "set_page_config" in path.read_text()] == []
