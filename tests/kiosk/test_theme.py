"""The look rests on names of ours only, its colours pass WCAG, and it arrives with the page."""

import re

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from kiosk import theme
from kiosk.theme import TOKENS, Dressed, stylesheet
from pos.settings import HOUSE

PAGE = '<html><head></head><body><div id="root"></div></body></html>'
OUR_CODE = [*(HOUSE / "kiosk").rglob("*.py"), *(HOUSE / "pages").rglob("*.py"), *(HOUSE / "kiosk").rglob("*.js")]


def test_no_generated_class_and_four_foreign_hooks_only() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.S)
    assert "emotion" not in sheet
    hooks = {f'data-testid="{name}"]' for name in ("stSkeleton", "stAppSkeleton", "stDialog", "InputInstructions")}
    assert set(re.findall(r"data-testid=\S+?\]", sheet)) == hooks


def test_every_class_of_the_sheet_is_ours() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.S)
    selectors = re.sub(r"\{[^{}]*\}", " ", sheet)
    foreign = {name for name in re.findall(r"\.([a-zA-Z][\w-]*)", selectors) if not name.startswith(("vt-", "st-key-"))}
    assert foreign - {"on", "off", "sum", "total", "free", "full", "closed"} == set()


def test_every_token_the_sheets_use_exists() -> None:
    used = set(re.findall(r"var\(--vt-([\w-]+)\)", stylesheet()))
    for sheet in (HOUSE / "kiosk" / "components").glob("*.css"):
        used |= set(re.findall(r"var\(--vt-([\w-]+)\)", sheet.read_text()))
    assert used - set(TOKENS) == set()


def test_no_colour_is_written_anywhere_else() -> None:
    """A colour in a page or a component would not follow the theme."""
    written = {
        (path.name, colour)
        for path in OUR_CODE
        if path.name != "theme.py"
        for colour in re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text())
    }
    assert written == set()


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        *(
            (words, ground)
            for words in ("ink", "muted", "green", "brass-text", "brick")
            for ground in ("paper", "shade")
        ),
        ("paper", "green"),
        ("paper", "night"),
        ("brass-light", "night"),
        ("muted", "white"),
    ],
)
def test_words_can_be_read(words: str, ground: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5:1."""
    assert contrast(words, ground) >= 4.5


@pytest.mark.parametrize(
    ("edge", "ground"), [("edge", "paper"), ("edge", "white"), ("edge", "shade"), ("brass", "paper")]
)
def test_controls_and_marks_can_be_seen(edge: str, ground: str) -> None:
    """WCAG 2.2, 1.4.11: 3:1."""
    assert contrast(edge, ground) >= 3


def dressed() -> TestClient:
    async def shell(_: object) -> StreamingResponse:
        return StreamingResponse(iter([PAGE[:20], PAGE[20:]]), media_type="text/html")

    async def own_page(_: object) -> HTMLResponse:
        return HTMLResponse("<html><body>verified</body></html>")

    async def facts(_: object) -> JSONResponse:
        return JSONResponse({"body": "</body>"})

    routes = [Route("/", shell), Route("/01/1", own_page), Route("/healthz", facts)]
    return TestClient(Dressed(Starlette(routes=routes)))


def test_the_sheet_comes_with_the_page_at_the_end_of_the_body() -> None:
    answer = dressed().get("/", headers={"accept": "text/html", "accept-encoding": "identity"})
    assert answer.text.startswith(PAGE[:-14])
    assert answer.text.endswith("</style></body></html>")
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert theme.stylesheet() in answer.text


def test_the_sheet_comes_small_to_whoever_takes_it_so() -> None:
    plain, small = (
        dressed().get("/", headers={"accept": "text/html", "accept-encoding": how}) for how in ("identity", "gzip, br")
    )
    assert small.text == plain.text
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(plain.content) / 3


@pytest.mark.parametrize(("path", "accept"), [("/01/1", "text/html"), ("/healthz", "text/html"), ("/", "*/*")])
def test_everything_else_passes_untouched(path: str, accept: str) -> None:
    assert "<style>" not in dressed().get(path, headers={"accept": accept}).text


def test_no_rule_dresses_what_nobody_draws() -> None:
    """What a page gave up leaves the sheet too: else the next one wonders what it is for."""
    sheet = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.S)
    drawn = "".join(path.read_text("utf-8") for path in OUR_CODE)
    made = ("vt-h", "vt-not-", "vt-only-")  # put together where they are drawn
    classes = {name for name in re.findall(r"\.(vt-[\w-]*\w)", sheet) if not name.startswith(made)}
    assert {name for name in classes if not re.search(rf"{name}(?![\w-])", drawn)} == set()
