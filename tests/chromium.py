"""A Chromium for browser tests: Playwright's own, or one of the machine's."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> Path | None:
    """Where a Chromium is; None where there is none."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None
