"""The door at the printer's back: switches its troubles over HTTP, on loopback only.

GET   /state        switches, queue, slips, commands it did not know
PATCH /faults       {"cover_open": true, "paper_out_after": 200}: moves switches, answers with the state
POST  /power-cycle  off and on
"""

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol


class Controlled(Protocol):
    """What the door works on."""

    def state(self) -> dict[str, Any]: ...
    def set(self, **changes: Any) -> Any: ...
    def power_cycle(self) -> None: ...


class ControlDoor:
    """The HTTP server of one printer's door."""

    def __init__(self, printer: Controlled, *, port: int) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(printer))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, name="printer-control", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the door is."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Shut the door; a last knock ends the server's wait for the next."""
        shutting = threading.Thread(target=self._server.shutdown)
        shutting.start()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        shutting.join()
        self._server.server_close()
        self._thread.join()


def _handler(printer: Controlled) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        """One request. JSON only: a page in a browser cannot send it from elsewhere without asking first."""

        def do_GET(self) -> None:
            self._serve({"/state": lambda: None})

        def do_PATCH(self) -> None:
            self._serve({"/faults": lambda: printer.set(**self._body())})

        def do_POST(self) -> None:
            self._serve({"/power-cycle": printer.power_cycle})

        def _serve(self, acts: dict[str, Callable[[], Any]]) -> None:
            act = acts.get(self.path)
            if act is None:
                self._answer(HTTPStatus.NOT_FOUND, {"error": "there is no such door"})
                return
            try:
                act()
            except (ValueError, TypeError) as wrong:
                self._answer(HTTPStatus.BAD_REQUEST, {"error": str(wrong)})
                return
            self._answer(HTTPStatus.OK, printer.state())

        def _body(self) -> dict[str, Any]:
            if self.headers.get_content_type() != "application/json":
                raise ValueError("switches are sent as application/json")
            switches = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            if not isinstance(switches, dict):
                raise ValueError("switches are one JSON object")
            return switches

        def _answer(self, status: HTTPStatus, content: dict[str, Any]) -> None:
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the shop's log is not the place."""

    return Door
