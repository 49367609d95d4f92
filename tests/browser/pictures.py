"""The README's pictures, taken from the open demonstration: `python -m tests.browser.pictures [ADDRESS]`.

Without an address a house of its own is opened for them, and shut.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pos.settings import HOUSE
from tests import chromium
from tests.browser.tablet import LANDSCAPE, Shopper
from tests.house import opened

FOLDER = HOUSE / "docs" / "pictures"
LARGEST = 250 * 1024  # bytes
STEP_MS = 60_000
IN_SIGHT = """[...document.images].filter((one) => {
  const box = one.getBoundingClientRect(); return box.width && box.bottom > 0 && box.top < innerHeight; })"""
PIECE, NUMBER, WORDS = "Corner charm, vermeil", 12, "ANE"


def all_painted(page: Page) -> None:
    """Wait until every picture in sight is there, and unpacked: a loaded one may still stand as a blank."""
    page.wait_for_function(f"() => {IN_SIGHT}.every((one) => one.complete)")
    page.evaluate(f"() => Promise.all({IN_SIGHT}.map((one) => one.decode().catch(() => null)))")


def main() -> int:
    """Take both, say where they are."""
    path = chromium.find()
    if path is None:
        print("There is no Chromium on this machine: `make test` fetches one.", file=sys.stderr)
        return 2
    expect.set_options(timeout=STEP_MS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with shop_open(sys.argv[1:]) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
        for name in take(browser, address):
            print(FOLDER / name)
        browser.close()
    return 0


@contextmanager
def shop_open(given: list[str]) -> Iterator[str]:
    """The address to take them at."""
    if given:
        yield given[0].rstrip("/")
        return
    with tempfile.TemporaryDirectory(prefix="vitrine-pictures-") as folder, opened(Path(folder)) as house:
        yield house.address
        house.shut()


def take(browser: Browser, address: str) -> Iterator[str]:
    """The story of a capsule, and one of its pieces with a number chosen and words on it."""
    context = browser.new_context(base_url=address, viewport=LANDSCAPE, has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(STEP_MS)
    shopper = Shopper(context)
    shopper.explore()
    yield keep(shopper.page, "story")
    shopper.look_at(PIECE)
    shopper.choose_number(NUMBER)
    shopper.engrave(WORDS)
    number = shopper.page.get_by_text("Your number", exact=True).first
    number.evaluate("one => { one.style.scrollMarginTop = '36px'; one.scrollIntoView(); }")
    yield keep(shopper.page, "piece")
    context.close()


def keep(page: Page, name: str) -> str:
    """Wait for every picture and letter in sight, take the screen, keep it as small as it stays good."""
    page.evaluate("document.fonts.ready.then(() => document.activeElement?.blur())")
    all_painted(page)
    shot = page.screenshot(animations="disabled")
    with Image.open(io.BytesIO(shot)) as picture:
        for quality in (88, 80, 70, 60):
            picture.convert("RGB").save(FOLDER / f"{name}.webp", quality=quality, method=6)
            if (FOLDER / f"{name}.webp").stat().st_size < LARGEST:
                break
    return f"{name}.webp"


if __name__ == "__main__":
    sys.exit(main())
