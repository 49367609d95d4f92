"""Where the log of certificates begins in a shop that sold before there was one."""

from sqlmodel import select

from pos.books import audit
from pos.models import Certificate, LogEntry
from pos.proof import certificate_log
from pos.shop import Shop


def begin(shop: Shop) -> int:
    """Enter what was issued before there was a log, once, while it is still empty; says how many certificates.

    Asked at every start. Later, a certificate the log does not know is a fault, and stays one. Raises RecordsTrouble.
    """
    with shop.read() as look:
        if look.exec(select(LogEntry.leaf).limit(1)).first() is not None:
            return 0
        if look.exec(select(Certificate.id).limit(1)).first() is None:
            return 0
    with shop.write(durable=True) as tx:
        taken = certificate_log.take_in(tx)
        audit.record(tx, "log of certificates begun", None, by="the shop", certificates=taken)
    return taken
