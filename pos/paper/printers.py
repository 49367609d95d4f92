"""The receipt printers of the boutiques: which the shop knows, and where they are."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select, update

from pos.books import audit
from pos.errors import Unknown
from pos.models import Boutique, Connection, Device, EnrolToken, Printer
from pos.paper import waiting
from pos.paper.models import MODELS, Proof
from pos.paper.plugs import Address
from pos.paper.status import PrinterStatus
from pos.shop import Shop, wake

READY = "ready"
OLD = timedelta(seconds=30)  # after that the same word is written down again, so that it is news
SPEEDS = (9600, 19200, 38400, 57600, 115200)


def register(
    shop: Shop,
    *,
    printer_id: str,
    boutique_id: str,
    label: str,
    host: str = "",
    port: int = 9100,
    model: str = "generic-80",
    connection: Connection = Connection.NETWORK,
    path: str = "",
    baud: int = 0,
    station: bool = False,
) -> None:
    """Give a printer to a boutique, or write down where it has moved to; slips that waited for one are printed there.

    host, port, path and baud as in plugs.Address; station: a print station of the boutique prints at it, not the
    server. What numbers its slips (never used twice) is left as it is. Raises Unknown (boutique, printer model,
    address).
    """
    if model not in MODELS:
        raise Unknown("printer model", model)
    refuse_nowhere(Address(host, port, connection, path, baud))
    with shop.write() as tx:
        if tx.get(Boutique, boutique_id) is None:
            raise Unknown("boutique", boutique_id)
        where: dict[str, Any] = {
            "boutique_id": boutique_id, "label": label, "host": host, "port": port, "model": model,
            "connection": connection, "path": path, "baud": baud, "station": station,
        }  # fmt: skip
        known = tx.get(Printer, printer_id)
        if known is None:
            tx.add(Printer(id=printer_id, **where))
        else:
            known.sqlmodel_update({**where, "retired": False})
        tx.flush()
        adopted = waiting.adopt(tx, printer_id=printer_id, boutique_id=boutique_id)
        audit.record(tx, "printer registered", printer_id, by="shop", slips=adopted, **where)
        wake(tx, "printing")


def refuse_nowhere(address: Address) -> None:
    """Raise Unknown for an address that is none."""
    networked = address.connection in (Connection.NETWORK, Connection.CUPS)
    if networked and (not address.host or not 0 < address.port < 65536):
        raise Unknown("address", f"{address.host}:{address.port}")
    if address.connection != Connection.NETWORK and not address.path:
        raise Unknown("address", str(address))
    if address.baud not in (0, *SPEEDS):
        raise Unknown("speed", str(address.baud))


def read_address(words: str) -> Address:
    """An address as an operator types it: host, host:port, usb:file, serial:file@baud, cups://host:port/queue.

    Raises Unknown.
    """
    if words.startswith("usb:"):
        return Address(connection=Connection.USB, path=words.removeprefix("usb:"))
    if words.startswith("serial:"):
        path, _, baud = words.removeprefix("serial:").partition("@")
        return Address(connection=Connection.SERIAL, path=path, baud=_number("speed", baud or "115200"))
    place, _, queue = words.removeprefix("cups://").partition("/")
    host, _, port = place.partition(":")
    if words.startswith("cups://"):
        return Address(host, _number("port", port or "631"), Connection.CUPS, queue.removeprefix("printers/"))
    return Address(host, _number("port", port or "9100"))


def _number(what: str, words: str) -> int:
    if not words.isdecimal():
        raise Unknown(what, words)
    return int(words)


def address(printer: Printer) -> Address:
    """Where a printer is, by its row."""
    return Address(printer.host, printer.port, printer.connection, printer.path, printer.baud)


def proves(printer: Printer) -> bool:
    """Whether a slip of this printer can be more than sent."""
    return MODELS[printer.model].proof is Proof.PROCESS_ID and printer.connection != Connection.CUPS


def to_print_at(look: Session, *, station_of: str | None) -> list[str]:
    """The printers a process prints at: the server at all that have no station, a station at those of its boutique."""
    here: ColumnElement[bool] = col(Printer.station).is_(False)
    if station_of is not None:
        here = and_(col(Printer.station).is_(True), col(Printer.boutique_id) == station_of)
    return list(look.exec(select(Printer.id).where(col(Printer.retired).is_(False), here).order_by(col(Printer.id))))


def note(tx: Session, *, printer_id: str, said: PrinterStatus, at: datetime) -> None:
    """Write a printer's word down, where it is another one than before, or the last is not fresh any more."""
    word = said.cause.value if said.cause else READY
    news = or_(
        col(Printer.said).is_distinct_from(word),
        col(Printer.near_end) != said.near_end,
        col(Printer.said_at).is_(None),
        col(Printer.said_at) < at - OLD,
    )
    told = update(Printer).where(col(Printer.id) == printer_id, news)
    tx.connection().execute(told.values(said=word, near_end=said.near_end, said_at=at))


def retire(shop: Shop, *, printer_id: str) -> None:
    """Take a printer out of use: its tablets have none, and what waits for it waits for the one they get.

    A slip that it is printing now ends there; registering it again brings it back. Raises Unknown.
    """
    with shop.write() as tx:
        printer = tx.get(Printer, printer_id)
        if printer is None or printer.retired:
            raise Unknown("printer", printer_id)
        printer.retired = True
        for table in (Device, EnrolToken):
            tx.connection().execute(update(table).where(col(table.printer_id) == printer_id).values(printer_id=None))
        tx.flush()
        waiting.find_printers(tx)
        audit.record(tx, "printer retired", printer_id, by="shop")
        wake(tx, "printing")
