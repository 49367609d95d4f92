"""Records with very many certificates and a log of them, written straight down: what a house has after years."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from pos.books import audit
from pos.clock import SetClock
from pos.models import Certificate, CertificateState, LogAct, LogEntry, LogHead, Piece, PieceState, Table
from pos.proof import certificate, certificate_log, merkle_log
from pos.proof.keys import written
from pos.proof.signed_note import Checkpoint
from pos.proof.statement import digest, sealed_words
from pos.shop import Shop
from tests.conftest import settings_for
from tests.proof.sold import SOLD_AT, Sale, sold_piece

AT_A_TIME = 5000


@contextmanager
def house(folder: Path, *, certificates: int) -> Iterator[tuple[Shop, list[str]]]:
    """An open shop that has issued so many certificates, each with its entry; and the addresses of some of them."""
    shop = Shop(settings_for(folder), clock=SetClock(SOLD_AT + timedelta(days=1)))
    Table.metadata.create_all(shop.records.engine)
    sale = sold_piece(shop)
    sale.certify()
    addresses: list[str] = []
    rows = _certificates(shop, sale, certificates - 1, addresses)
    with shop.jot() as tx:
        head = certificate_log.head_of(tx)
        assert head is not None
        size, peaks = head.size, certificate_log.parted(head.peaks)
        while page := list(islice(rows, AT_A_TIME)):
            line = tx.connection()
            line.execute(insert(Piece), [one["piece"] for one in page])
            line.execute(insert(Certificate), [one["certificate"] for one in page])
            entries = []
            for one in page:
                nodes, peaks = merkle_log.grown(peaks, size, certificate_log.leaf_of(one["entry"]))
                entries.append({**one["entry"], "leaf": size, "nodes": b"".join(nodes)})
                size += 1
            line.execute(insert(LogEntry), entries)
        _sign(shop, head, size, peaks)
    try:
        yield shop, addresses
    finally:
        shop.close()


def grow(shop: Shop, *, to: int) -> None:
    """Go on with entries of one certificate until the log has so many: only their number is of interest."""
    with shop.jot() as tx:
        head = certificate_log.head_of(tx)
        assert head is not None
        first = tx.get_one(LogEntry, 0)
        size, peaks = head.size, certificate_log.parted(head.peaks)
        same = {"act": LogAct.COPIED, "at": first.at, "certificate_id": first.certificate_id}
        while size < to:
            entries = []
            for _ in range(min(AT_A_TIME, to - size)):
                nodes, peaks = merkle_log.grown(peaks, size, hashlib.sha256(size.to_bytes(8, "big")).digest())
                entries.append({**same, "leaf": size, "seal": f"{size:064x}", "nodes": b"".join(nodes)})
                size += 1
            tx.connection().execute(insert(LogEntry), entries)
        _sign(shop, head, size, peaks)


def _sign(shop: Shop, head: LogHead, size: int, peaks: list[bytes]) -> None:
    head.size, head.peaks, head.key_id = size, b"".join(peaks), shop.keys.key_id
    head.signature = shop.keys.sign(Checkpoint(head.origin, size, merkle_log.folded(peaks)).text.encode())


def _certificates(shop: Shop, sale: Sale, many: int, addresses: list[str]) -> Iterator[dict[str, Any]]:
    with shop.read() as look:
        first = look.get_one(Certificate, look.get_one(LogEntry, 0).certificate_id)
    for number in range(1001, 1001 + many):
        serial = certificate.serial_of("NC-PT950", number=number)
        statement = {**first.statement, "serial": serial, "number": number}
        words = sealed_words(gtin=first.gtin, serial=serial, digest=digest(statement))
        raw = shop.keys.private.sign(words)
        row = {
            **first.model_dump(),
            "id": f"{number:032d}",
            "piece_id": number,
            "serial": serial,
            "short_code": f"{number:08d}",
            "statement": statement,
            "signature": written(raw),
            "state": CertificateState.VALID,
        }
        if number % 50 == 0:
            addresses.append(certificate.link(shop, Certificate(**row)))
        yield {
            "piece": {"id": number, "sku": "NC-PT950", "number": number, "state": PieceState.SOLD, "order_id": "order"},
            "certificate": row,
            "entry": {
                "act": LogAct.ISSUED,
                "at": first.issued_at,
                "certificate_id": row["id"],
                "seal": hashlib.sha256(words + raw).hexdigest(),
            },
        }


def one_more(shop: Shop) -> float:
    """Enter one more act; says how many milliseconds of its transaction that took."""
    import time

    with shop.write() as tx:
        audit.record(tx, "one more", None, by="bench")
        entered = tx.get_one(Certificate, f"{1001:032d}")
        tx.connection()
        certificate_log.note(tx, LogAct.COPIED, entered, at=tx.now())
        began = time.perf_counter()
        certificate_log.seal(tx, shop.keys)
        return (time.perf_counter() - began) * 1000
