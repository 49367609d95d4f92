"""A print server in a box: one raw queue that takes jobs by IPP and sends them on to a printer, as CUPS does.

Its "completed" means what CUPS means: the bytes have left, whatever came of them. Nothing of what the printer answers
comes back. Only the attributes the shop asks for are there (RFC 8011).
"""

import socket
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRINT_JOB, CANCEL_JOB, GET_JOB, GET_PRINTER = 0x0002, 0x0008, 0x0009, 0x000B
OK, GONE, NOT_ACCEPTING = 0x0000, 0x0406, 0x0506
IDLE, STOPPED = 3, 5
PROCESSING, CANCELED, COMPLETED = 5, 7, 9
RETRY = 0.1  # seconds before a printer that does not answer is tried again


@dataclass
class Job:
    """What was given to the queue, and how far it is."""

    name: str
    data: bytes
    state: int = PROCESSING
    over: threading.Event = field(default_factory=threading.Event)


class PrintServer:
    """The server, its one queue, and the printer behind it. Use it in a `with`."""

    queue = "receipts"

    def __init__(self, printer: tuple[str, int]) -> None:
        self.jobs: list[Job] = []
        self.stopped = False  # somebody has stopped the queue
        self.reasons: list[str] = []  # printer-state-reasons that it tells
        self._printer = printer
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.02), name="cups", daemon=True)
        self._thread.start()

    def __enter__(self) -> "PrintServer":
        return self

    def __exit__(self, *_: object) -> None:
        for job in self.jobs:
            job.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, message: bytes) -> bytes:
        """One IPP request, answered."""
        operation, request = struct.unpack(">HI", message[2:8])
        told, document = _parts(message)
        code, attributes = self._act(operation, told, document)
        groups = b"\x01" + _word(0x47, "attributes-charset", b"utf-8")
        return struct.pack(">BBHI", 2, 0, code, request) + groups + attributes + b"\x03"

    def _act(self, operation: int, told: dict[str, bytes], document: bytes) -> tuple[int, bytes]:
        if not told["printer-uri"].decode().endswith(f"/{self.queue}"):
            return GONE, b""
        if operation == GET_PRINTER:
            reasons = [_word(0x44, "printer-state-reasons", (self.reasons or ["none"])[0].encode())]
            reasons += [_word(0x44, "", reason.encode()) for reason in self.reasons[1:]]
            state = _number(0x23, "printer-state", STOPPED if self.stopped else IDLE)
            accepts = _word(0x22, "printer-is-accepting-jobs", b"\1")
            return OK, b"\x04" + state + b"".join(reasons) + accepts
        if operation == PRINT_JOB:
            job = Job(told["job-name"].decode(), document)
            self.jobs.append(job)
            threading.Thread(target=self._send_on, args=[job], name="cups-backend", daemon=True).start()
            return OK, b"\x02" + _number(0x21, "job-id", len(self.jobs)) + _number(0x23, "job-state", job.state)
        job = self.jobs[struct.unpack(">i", told["job-id"])[0] - 1]
        if operation == CANCEL_JOB and job.state == PROCESSING:
            job.state = CANCELED
            job.over.set()
        return OK, b"\x02" + _number(0x23, "job-state", job.state)

    def _send_on(self, job: Job) -> None:
        while not job.over.is_set():
            try:
                with socket.create_connection(self._printer, timeout=1) as line:
                    line.sendall(job.data)
                    line.shutdown(socket.SHUT_WR)
                    while line.recv(4096):
                        pass
                job.state = COMPLETED
                return
            except OSError:
                job.over.wait(RETRY)


def _handler(server: PrintServer) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = server.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/ipp")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    return Door


def _parts(message: bytes) -> tuple[dict[str, bytes], bytes]:
    told, at = {}, 8
    while message[at] != 0x03:
        if message[at] <= 0x0F:
            at += 1
            continue
        length = struct.unpack(">H", message[at + 1 : at + 3])[0]
        name, at = message[at + 3 : at + 3 + length].decode(), at + 3 + length
        length = struct.unpack(">H", message[at : at + 2])[0]
        told[name], at = message[at + 2 : at + 2 + length], at + 2 + length
    return told, message[at + 1 :]


def _word(tag: int, name: str, value: bytes) -> bytes:
    return struct.pack(">BH", tag, len(name)) + name.encode() + struct.pack(">H", len(value)) + value


def _number(tag: int, name: str, value: int) -> bytes:
    return _word(tag, name, struct.pack(">i", value))
