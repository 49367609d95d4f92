"""Every screen in every state as a picture: `python -m tests.browser.shots [FOLDER]`, or `make shots`.

Both orientations and both languages, the staff's pages on a phone too, all into a folder that is not committed; and a
contact sheet of each language into docs/pictures. Which screens there are stands in tests/browser/states.py.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

from kiosk.words import LANGUAGES
from pos.settings import HOUSE
from pos.shop import Shop
from tests import chromium
from tests.browser.conftest import IDLE_SECONDS
from tests.browser.states import STATES, State, Walk, walk
from tests.browser.tablet import Till
from tests.house import House, opened

FOLDER, SHEETS = HOUSE / "shots", HOUSE / "docs" / "pictures"
LYING: ViewportSize = {"width": 1180, "height": 820}
STANDING: ViewportSize = {"width": 820, "height": 1180}
PHONE: ViewportSize = {"width": 390, "height": 844}
STEP_MS = 60_000
LARGEST = 700 * 1024  # bytes of a sheet
HEIGHT, GAP, LABEL, COLUMNS = 168, 14, 20, 4


def main() -> int:
    """Take them all, lay out the sheets, say where they are."""
    path = chromium.find()
    if path is None:
        print("There is no Chromium on this machine: `make test` fetches one.", file=sys.stderr)
        return 2
    expect.set_options(timeout=STEP_MS)
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"VITRINE_IDLE_SECONDS": str(IDLE_SECONDS)}
    with tempfile.TemporaryDirectory(prefix="vitrine-shots-") as home, opened(Path(home), **settings) as house:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
            for language in LANGUAGES:
                for name in take(browser, house, folder, language):
                    print(name, flush=True)
            browser.close()
        house.shut()
    for language in LANGUAGES:
        print(sheet(folder, language))
    return 0


def sizes(state: State) -> tuple[ViewportSize, ...]:
    """How a screen is held: a tablet lying and standing, and for the staff a phone."""
    return (LYING, STANDING, PHONE) if state.is_staffs else (LYING, STANDING)


def picture(folder: Path, state: State, language: str, size: ViewportSize) -> Path:
    """Where its picture is."""
    return folder / f"{state.name}.{language}.{size['width']}.png"


def take(browser: Browser, house: House, folder: Path, language: str) -> Iterator[str]:
    """One walk through all of them; says each name."""
    context = browser.new_context(base_url=house.address, viewport=LYING, has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(STEP_MS)
    tablet, shop = Till(context, language=language), Shop(house.settings)
    on = Walk(tablet, house, shop)
    for state in walk(on):
        for size in sizes(state):
            tablet.page.set_viewport_size(size)
            on.settle()
            tablet.page.screenshot(path=picture(folder, state, language, size), animations="disabled")
        tablet.page.set_viewport_size(LYING)
        yield f"{state.name} ({language})"
    shop.close()
    context.close()


def sheet(folder: Path, language: str) -> Path:
    """All states of a language small, side by side, each lying and standing."""
    widths = [round(size["width"] * HEIGHT / size["height"]) for size in (LYING, STANDING)]
    cell = sum(widths) + 4 + GAP
    rows = -(-len(STATES) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * cell + GAP, rows * (HEIGHT + LABEL + GAP) + GAP), "#CFC8BC")
    pen, font = ImageDraw.Draw(whole), ImageFont.load_default(13)
    for i, state in enumerate(STATES):
        x, y = GAP + i % COLUMNS * cell, GAP + i // COLUMNS * (HEIGHT + LABEL + GAP)
        pen.text((x, y), state.name, fill="#1E1C1A", font=font)
        for size, width in zip((LYING, STANDING), widths, strict=True):
            with Image.open(picture(folder, state, language, size)) as shot:
                whole.paste(shot.convert("RGB").resize((width, HEIGHT), Image.Resampling.LANCZOS), (x, y + LABEL))
            x += width + 4
    path = SHEETS / f"screens-{language}.webp"
    for quality in (80, 70, 60, 50, 40):
        whole.save(path, quality=quality, method=6)
        if path.stat().st_size < LARGEST:
            break
    return path


if __name__ == "__main__":
    sys.exit(main())
