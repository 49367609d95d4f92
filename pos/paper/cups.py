"""A queue of CUPS as a printer: IPP over HTTP, the four operations a slip needs (RFC 8010, RFC 8011).

CUPS calls a job completed when its back end has handed the bytes on, not when paper has come out, and what the printer
answers does not come back to us. So a slip sent like this is "sent (unconfirmed)" at best. The queue must be raw, and
its error policy `abort-job`: `retry-job` prints from the beginning again, a second original (docs/printing.md).
"""

import http.client
import struct
import threading
import time
from enum import StrEnum
from urllib.parse import quote

from pos.paper.plugs import Address
from pos.paper.status import Cause, PrinterStatus, absent

PRINT_JOB, CANCEL_JOB, GET_JOB, GET_PRINTER = 0x0002, 0x0008, 0x0009, 0x000B  # RFC 8011 §5.4.15
OPERATION, END = 0x01, 0x03  # group tags
INTEGER, ENUM, BOOLEAN, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME = (
    0x21,
    0x23,
    0x22,
    0x42,
    0x44,
    0x45,
    0x47,
    0x48,
    0x49,
)
RAW = "application/vnd.cups-raw"
STOPPED = 5  # printer-state (RFC 8011 §5.4.11)
COMPLETED, OVER = 9, (7, 8)  # job-state (§5.3.7): completed; canceled, aborted
LOOK = 0.1  # seconds between two looks at a job
REASONS = {  # printer-state-reasons (§5.4.12) that a person can mend, by how they begin
    "cover-open": Cause.COVER_OPEN,
    "door-open": Cause.COVER_OPEN,
    "media-empty": Cause.PAPER_OUT,
    "media-needed": Cause.PAPER_OUT,
    "media-jam": Cause.CUTTER,
    "offline": Cause.UNREACHABLE,
    "connecting-to-device": Cause.UNREACHABLE,
    "timed-out": Cause.UNREACHABLE,
    "paused": Cause.OFFLINE,
}
Attributes = dict[str, list[int | str | bool]]


class Said(StrEnum):
    """What CUPS said of a job."""

    COMPLETED = "completed"
    REFUSED = "refused"  # it was never taken
    GIVEN_UP = "given up"  # canceled or aborted, by CUPS or by us
    LOST = "lost"  # no answer came


CAUSES = {Said.REFUSED: Cause.OFFLINE, Said.GIVEN_UP: Cause.ERROR, Said.LOST: Cause.UNREACHABLE}
TROUBLE = (OSError, http.client.HTTPException, ValueError, struct.error, IndexError)


def status(address: Address, *, timeout: float) -> PrinterStatus:
    """How a queue stands; never raises."""
    try:
        code, told = _ask(address, GET_PRINTER, timeout=timeout)
    except TROUBLE:
        return absent(Cause.UNREACHABLE)
    if code >= 0x0400:
        return absent(Cause.UNREACHABLE)
    reasons = [str(reason) for reason in told.get("printer-state-reasons", [])]
    cause = next((cause for begins, cause in REASONS.items() if any(one.startswith(begins) for one in reasons)), None)
    if cause is None and (told.get("printer-state") == [STOPPED] or told.get("printer-is-accepting-jobs") == [False]):
        cause = Cause.OFFLINE
    near_end = any(reason.startswith("media-low") for reason in reasons)
    return PrinterStatus(online=cause is None, near_end=near_end, cause=cause)


def send(
    address: Address, data: bytes, *, name: str, timeout: float, deadline: float, give_up: threading.Event
) -> Said:
    """Give CUPS one job and wait until it has handed it on; past the deadline (seconds) it is canceled."""
    try:
        code, told = _ask(address, PRINT_JOB, timeout=timeout, name=name, document=data)
    except ConnectionRefusedError:
        return Said.REFUSED
    except TROUBLE:
        return Said.LOST
    if code >= 0x0400:
        return Said.REFUSED
    job_id, until = int(told["job-id"][0]), time.monotonic() + deadline
    try:
        while (state := _state(address, job_id, timeout)) not in (COMPLETED, *OVER):
            if give_up.wait(LOOK) or time.monotonic() > until:
                _ask(address, CANCEL_JOB, timeout=timeout, job_id=job_id)
                return Said.GIVEN_UP
    except TROUBLE:
        return Said.LOST
    return Said.COMPLETED if state == COMPLETED else Said.GIVEN_UP


def _state(address: Address, job_id: int, timeout: float) -> int:
    code, told = _ask(address, GET_JOB, timeout=timeout, job_id=job_id)
    if code >= 0x0400:
        raise ValueError(f"CUPS does not tell of job {job_id}: {code:#06x}")
    return int(told["job-state"][0])


def _ask(
    address: Address,
    operation: int,
    *,
    timeout: float,
    name: str = "",
    job_id: int | None = None,
    document: bytes = b"",
) -> tuple[int, Attributes]:
    """One IPP request; its status code and the attributes of the answer. Raises one of TROUBLE."""
    path = f"/printers/{quote(address.path, safe='')}"
    message = struct.pack(">BBHI", 2, 0, operation, 1) + bytes([OPERATION])
    message += _attribute(CHARSET, "attributes-charset", "utf-8")
    message += _attribute(LANGUAGE, "attributes-natural-language", "en")
    message += _attribute(URI, "printer-uri", f"ipp://{address.host}:{address.port}{path}")
    if job_id is not None:
        message += _attribute(INTEGER, "job-id", struct.pack(">i", job_id))
    message += _attribute(NAME, "requesting-user-name", "vitrine")
    if document:
        message += _attribute(NAME, "job-name", name) + _attribute(MIME, "document-format", RAW)
    line = http.client.HTTPConnection(address.host, address.port, timeout=timeout)
    try:
        body = message + bytes([END]) + document
        line.request("POST", path, body, {"Content-Type": "application/ipp"})
        answer = line.getresponse()
        if answer.status != 200:
            raise ValueError(f"CUPS says {answer.status}")
        return _read(answer.read())
    finally:
        line.close()


def _attribute(tag: int, name: str, value: str | bytes) -> bytes:
    words = value.encode() if isinstance(value, str) else value
    return struct.pack(">BH", tag, len(name)) + name.encode() + struct.pack(">H", len(words)) + words


def _read(data: bytes) -> tuple[int, Attributes]:
    code, at, told, name = struct.unpack(">H", data[2:4])[0], 8, Attributes(), ""
    while data[at] != END:
        if data[at] <= 0x0F:  # a group begins
            at += 1
            continue
        tag, length = struct.unpack(">BH", data[at : at + 3])
        name = data[at + 3 : at + 3 + length].decode() or name  # without one: another value of the last
        at += 3 + length
        (length,) = struct.unpack(">H", data[at : at + 2])
        told.setdefault(name, []).append(_value(tag, data[at + 2 : at + 2 + length]))
        at += 2 + length
    return int(code), told


def _value(tag: int, data: bytes) -> int | str | bool:
    if tag in (INTEGER, ENUM):
        return int(struct.unpack(">i", data)[0])
    return data != b"\0" if tag == BOOLEAN else data.decode("utf-8", "replace")
