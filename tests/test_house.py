"""The walls of the house, read from its code: small rooms, no screen in the shop, every setting explained."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.registry import SCREENS as SCREENS_OF_THE_KIOSK
from pos.settings import HOUSE, Settings
from tests.browser.states import STATES

ROOMS = ("pos", "kiosk", "pages", "app.py")
MODULE_LINES, FUNCTION_LINES = 400, 50
SCREENS = {"streamlit", "kiosk", "pages", "app"}
ONE_DOOR = {  # who alone may import it
    "stripe": ("pos/payments/terminal.py",),
    "escpos": ("pos/paper/",),
}
# The outside world knows nothing of the shop; the letters of a printer's font are drawn alike on paper and on a screen.
SHOP_IN_THE_SANDBOX = {"pos.sandbox", "pos.errors", "pos.paper.glyphs"}
PRIVATE_WORDS = ("/work/", "/root/", "files.pythonhosted", "pypi.org", "index-url")


def modules(*rooms: str) -> list[Path]:
    """Every module of these rooms; the steps of migrations are written by a tool and never grow."""
    found = [
        path for room in rooms for path in ([HOUSE / room] if room.endswith(".py") else (HOUSE / room).rglob("*.py"))
    ]
    return sorted(path for path in found if path.exists() and "versions" not in path.parts)


def name(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_a_room_is_understood_at_a_glance() -> None:
    too_long = {
        name(path): lines for path in modules(*ROOMS) if (lines := len(path.read_text().splitlines())) > MODULE_LINES
    }
    assert too_long == {}


def test_a_function_fits_on_a_screen() -> None:
    too_long = {
        f"{name(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in modules(*ROOMS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    }
    assert too_long == {}


def test_the_shop_imports_no_screen() -> None:
    broken = [
        (name(path), module) for path in modules("pos") for module in imported(path) if module.split(".")[0] in SCREENS
    ]
    assert broken == []


WRITING = {"write", "jot"}
BY_THE_MOMENT = ("pos/selling", "pos/stock", "pos/people", "pos/payments")


def asks_the_time(tree: ast.AST) -> bool:
    """Whether somewhere in it the shop's clock is asked."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(
        isinstance(call, ast.Attribute)
        and call.attr == "now"
        and isinstance(call.value, ast.Attribute)
        and call.value.attr == "clock"
        for call in calls
    )


def times_from_before(function: ast.AST) -> Iterator[str]:
    """Times that a function writes down, and asked for before its transaction, or past it."""
    early = {
        name.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and asks_the_time(node.value)
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.With) and WRITING & {
            item.context_expr.func.attr
            for item in node.items
            if isinstance(item.context_expr, ast.Call) and isinstance(item.context_expr.func, ast.Attribute)
        }:
            if asks_the_time(node):
                yield "clock"
            yield from early & {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def test_who_writes_asks_for_the_time_inside_the_transaction() -> None:
    """What was asked before may be over when the pen is free: a hold, a window, somebody's stay at the counter."""
    late = {
        f"{name(path)}:{node.name}": times
        for path in modules(*BY_THE_MOMENT)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (times := list(times_from_before(node)))
    }
    assert late == {}


@pytest.mark.parametrize(
    "verb",
    [
        "now = shop.clock.now()\n    with shop.write() as tx:\n        note(tx, now)",
        "with shop.jot() as tx:\n        note(tx, shop.clock.now())",
        "values = {'at': self._shop.clock.now()}\n    with shop.write() as tx:\n        note(tx, **values)",
    ],
)
def test_a_time_from_before_the_transaction_is_noticed(verb: str) -> None:
    assert list(times_from_before(ast.parse(f"def verb(shop):\n    {verb}")))


def test_nothing_imports_a_page() -> None:
    everything = modules("pos", "kiosk", "app.py", "pages", "bench")
    assert [name(path) for path in everything if any(m.split(".")[0] == "pages" for m in imported(path))] == []


@pytest.mark.parametrize("library", ONE_DOOR)
def test_one_room_speaks_with_each_of_the_outside(library: str) -> None:
    speakers = {name(path) for path in modules(*ROOMS) if any(m.split(".")[0] == library for m in imported(path))}
    assert speakers
    assert {speaker for speaker in speakers if not speaker.startswith(ONE_DOOR[library])} == set()


def test_the_sandbox_knows_nothing_of_the_shop() -> None:
    known = {
        (name(path), module)
        for path in modules("pos/sandbox")
        for module in imported(path)
        if module.split(".")[0] == "pos"
        and not any(module == k or module.startswith(k + ".") for k in SHOP_IN_THE_SANDBOX)
    }
    assert known == set()


def test_no_module_of_the_kiosk_bears_a_library_s_name() -> None:
    """Streamlit puts the script's folder first on the path: kiosk/words.py would hide a module `words` of anyone."""
    import sys

    taken = {path.stem for path in (HOUSE / "kiosk").glob("*.py")} & set(sys.stdlib_module_names)
    assert taken == set()


def test_every_setting_is_explained() -> None:
    written = (HOUSE / "docs" / "settings.md").read_text()
    missing = [field for field in Settings.model_fields if f"`VITRINE_{field.upper()}`" not in written]
    unexplained = [field for field, spec in Settings.model_fields.items() if not spec.description]
    assert (missing, unexplained) == ([], [])


def test_streamlit_opens_no_second_door() -> None:
    config = tomllib.loads((HOUSE / ".streamlit" / "config.toml").read_text())
    assert config["server"]["enableAgentApi"] is False
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"


def test_no_top_level_script_beside_the_pages_is_streamlit_s() -> None:
    """A Streamlit script beside pages/ would serve every page file without the router."""
    calls = ast.dump(ast.parse((HOUSE / "app.py").read_text())) if (HOUSE / "app.py").exists() else ""
    assert "kiosk/shell.py" in calls or not calls


def test_every_page_has_its_picture() -> None:
    """A page without a state in tests/browser/states.py is looked at by nobody, and by no check of accessibility."""
    assert {screen.url for screen in SCREENS_OF_THE_KIOSK} - {state.page for state in STATES} == set()
    assert len({state.name for state in STATES}) == len(STATES)


def test_nothing_tells_of_the_machine_it_was_written_on() -> None:
    told = [
        (name(path), word)
        for path in [
            *modules("pos", "kiosk", "pages", "app.py", "bench", "tools"),
            *HOUSE.glob("requirements*"),
            *HOUSE.glob("*.md"),
        ]
        for word in PRIVATE_WORDS
        if word in path.read_text()
    ]
    assert told == []


TAKERS = {"choose_number", "basket_of", "basket_of_two", "number"}


def numbers_taken(function: ast.FunctionDef) -> set[int]:
    """The numbers of pieces a test in the browser touches."""
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return {
        part.value
        for call in calls
        if str(getattr(call.func, "attr", getattr(call.func, "id", ""))) in TAKERS
        for argument in [*call.args, *(word.value for word in call.keywords)]
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and type(part.value) is int and part.value < 1000  # not a size in pixels
    }


def test_every_browser_test_has_numbers_of_its_own() -> None:
    """They share one shop: of two that want number 12 the later fails, wherever both meet the same one."""
    taken: dict[int, set[str]] = {}
    for path in sorted((HOUSE / "tests" / "browser").glob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                for number in numbers_taken(node):
                    taken.setdefault(number, set()).add(f"{path.name}: {node.name}")
    assert len(taken) > 15
    assert {number: tests for number, tests in taken.items() if len(tests) > 1} == {}
