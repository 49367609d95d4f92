"""A demonstration turned into a capsule of a real shop: written dates, a real office, numbers of its own."""

from pathlib import Path

from pos.catalogue import gtin

DATES = {
    "opens_at = { days_from_load = 0 }": "opens_at = 2026-11-23T00:00:00Z",
    "closes_at = { days_from_load = 42 }": "closes_at = 2027-02-28T00:00:00Z",
    "closes_at = { days_from_load = 7 }": "closes_at = 2026-11-30T00:00:00Z",
    **{f"seen_on = {{ days_from_load = -{n} }}": "seen_on = 2026-11-03" for n in (19, 13, 8, 6)},
}


def dated(folder: Path) -> None:
    """Rewrite the folder's capsule file."""
    path = folder / "capsule.toml"
    text = path.read_text(encoding="utf-8").replace("demo = true", "demo = false").replace("Demonstration", "Sheffield")
    for before, after in DATES.items():
        text = text.replace(before, after)
    for number in range(1, 20):
        body = f"95200000{number:04d}"
        own = f"50600000{number:04d}"
        text = text.replace(body + gtin.check_digit(body), own + gtin.check_digit(own))
    path.write_text(text, encoding="utf-8")
