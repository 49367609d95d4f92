"""A tablet without a browser: it speaks Streamlit's own words over a real websocket; only the server is timed."""

import asyncio
import json
import time
import urllib.request
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from pos.people.devices import COOKIE

PATIENCE = 30  # seconds for an answer
COMPONENT = "$$STREAMLIT_INTERNAL_KEY_{id}__events"  # where Streamlit hears what a component triggers


def cookie_of_a_new_tablet(address: str) -> str:
    """Open the shop's page once, as a browser would; says the cookie it gave."""
    request = urllib.request.Request(f"{address}/", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return str(answer.headers["set-cookie"]).partition(f"{COOKIE}=")[2].partition(";")[0]


class Tablet:
    """One session; `open` it first. Every verb says how many seconds passed from the tap to the finished script."""

    def __init__(self, address: str, *, cookie: str = "") -> None:
        self._address, self._cookie = address, cookie
        self._page, self._query = "", ""
        self._widgets: dict[str, tuple[str, str]] = {}  # our key → Streamlit's id and the part of the page it is in
        self._socket: ClientConnection

    async def open(self) -> "Tablet":
        """Connect."""
        self._socket = await connect(
            self._address.replace("http", "ws") + "/_stcore/stream",
            additional_headers={"Cookie": f"{COOKIE}={self._cookie}"} if self._cookie else {},
            origin=self._address,  # type: ignore[arg-type]
            subprotocols=["streamlit", "nothing"],  # type: ignore[list-item]
            max_size=None,
            ping_interval=None,
        )
        return self

    async def close(self) -> None:
        """The browser is gone."""
        await self._socket.close()

    async def walk(self, page: str, query: str = "") -> float:
        """To a screen."""
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = page, query
        self._widgets.clear()
        return await self._ask(message)

    async def again(self) -> float:
        """The same screen once more, whole."""
        return await self._ask(self._here())

    async def tap(self, tray: str, name: str, *said: Any) -> float:
        """What lies on a tray, and what is said with it."""
        return await self.trigger(tray, "tapped", [[time.time_ns() // 1_000_000, name, *said]])

    async def trigger(self, key: str, event: str, value: Any) -> float:
        """What a component of ours says."""
        widget, part = self._widgets[key]
        message = self._here()
        message.rerun_script.fragment_id = part
        state = message.rerun_script.widget_states.widgets.add()
        state.id = COMPONENT.format(id=widget)
        state.json_trigger_value = json.dumps([{"event": event, "value": value}])
        return await self._ask(message)

    def _here(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.page_script_hash, message.rerun_script.query_string = self._page, self._query
        return message

    async def _ask(self, message: BackMsg) -> float:
        self._query = message.rerun_script.query_string
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while True:
            said = ForwardMsg.FromString(await asyncio.wait_for(self._socket.recv(), PATIENCE))  # type: ignore[arg-type]
            if said.WhichOneof("type") == "script_finished":
                if said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return time.perf_counter() - began
            else:
                self._hear(said)

    def _hear(self, said: ForwardMsg) -> None:
        kind = said.WhichOneof("type")
        if kind == "new_session":
            self._page = said.new_session.page_script_hash
        elif kind == "navigation":
            self._page = said.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = said.page_info_changed.query_string
        elif kind == "delta" and said.delta.WhichOneof("type") == "new_element":
            element = said.delta.new_element
            widget = str(getattr(getattr(element, str(element.WhichOneof("type"))), "id", ""))
            if widget.startswith("$$ID-"):  # $$ID-<hash>-<our key>
                self._widgets[widget.split("-", 2)[2]] = (widget, said.delta.fragment_id)

    @property
    def sees(self) -> set[str]:
        """The keys of what can be touched."""
        return set(self._widgets)
