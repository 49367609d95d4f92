"""The demonstration's house: its boutiques and people, both capsules, and the stand-ins for reader and printer."""

from pos.catalogue.loading import load
from pos.cli.stand_ins import StandIns
from pos.people.equipment import add_printer, add_reader
from pos.people.seeding import open_boutiques
from pos.shop import Shop

BOUTIQUE = "demo"
PRINTER = "demo-printer"


def furnish(shop: Shop) -> None:
    """Open the demo boutiques and put every capsule of the house on the shelf; again is the same."""
    open_boutiques(shop, file=shop.settings.data_dir / "boutique.toml")
    load(shop)


def equip(shop: Shop, outside: StandIns) -> None:
    """Put the stand-ins' reader and printer into the demo boutique."""
    add_reader(shop, boutique_id=BOUTIQUE, reader_id=outside.reader_id, by="set-up")
    paper = outside.printer
    add_printer(
        shop,
        boutique_id=BOUTIQUE,
        printer_id=PRINTER,
        label="Counter",
        host=paper["host"],
        port=paper["port"],
        by="set-up",
    )
