"""The demonstration's house: its boutiques and people, both capsules, and the stand-ins for reader and printer."""

from sqlmodel import col, select

from pos.catalogue.loading import load
from pos.cli.stand_ins import StandIns
from pos.errors import ReaderTrouble
from pos.models import Reader
from pos.paper import printers
from pos.payments import readers
from pos.people import devices
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
    readers.register(shop, reader_id=outside.reader_id, boutique_id=BOUTIQUE, label="Counter")
    devices.keep_readers(shop, boutique_id=BOUTIQUE, reader_ids=outside.reader_ids)  # a new sandbox, a new reader
    paper = outside.printer
    printers.register(
        shop, printer_id=PRINTER, boutique_id=BOUTIQUE, label="Counter", host=paper["host"], port=paper["port"]
    )


def reader(shop: Shop) -> str:
    """The card reader of the demo boutique. Raises ReaderTrouble where it has none."""
    with shop.read() as look:
        ours = select(Reader.id).where(Reader.boutique_id == BOUTIQUE, col(Reader.retired).is_(False))
        found = look.exec(ours.order_by(col(Reader.id)).limit(1)).first()
    if found is None:
        raise ReaderTrouble(BOUTIQUE, "none")
    return found
