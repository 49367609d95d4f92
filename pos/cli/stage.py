"""Where a demonstration sale is played: a shop with its doors open, its back office at work, and the world outside."""

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from pydantic import HttpUrl
from starlette.applications import Starlette

from pos import migrations
from pos.backoffice import BackOffice
from pos.cli import demonstration, stand_ins, watch
from pos.cli.opened import shop_open
from pos.cli.stand_ins import StandIns
from pos.errors import WrongState
from pos.people import devices, pins
from pos.settings import Settings, read_settings
from pos.shop import Shop
from pos.web.doors import Doors


@dataclass(frozen=True)
class Stage:
    """What a sale needs: the shop, the world outside, a tablet, and the PINs of the people."""

    shop: Shop
    outside: StandIns
    device_id: str
    pins: Mapping[str, str]


@contextmanager
def of_its_own() -> Iterator[Stage]:
    """A shop made for one sale, with a sandbox of its own; both are gone afterwards."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vitrine-demo-")))
        outside = stack.enter_context(stand_ins.running(home / "sandbox"))
        line = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        shop = Shop(_settings(home, outside, port=line.getsockname()[1]))
        stack.callback(shop.close)
        shop.keys  # noqa: B018 (keys that cannot be used are said now, not in the middle of a sale)
        migrations.migrate(shop.settings.database_url)
        demonstration.furnish(shop)
        demonstration.equip(shop, outside)
        stack.enter_context(_doors_open(shop, line))
        outside.listen(f"{shop.settings.public}/stripe/webhook")
        office = BackOffice(shop)
        office.start()
        stack.callback(office.stop)
        yield Stage(shop, outside, _tablet(shop), pins.make_pins(shop))


@contextmanager
def here() -> Iterator[Stage]:
    """The demonstration that is open on this machine; what is sold stays sold. Raises WrongState where none is open."""
    with shop_open() as shop:
        _, told = watch.told_by_open(shop.settings.var_dir)
        if told is None:
            raise WrongState("demonstration", str(shop.settings.var_dir), "not open: start it with `make run`")
        device_id = _tablet(shop)
        people = {one.staff_id: one.pin for one in pins.to_print(shop)}
        try:
            yield Stage(shop, StandIns(told), device_id, people)
        finally:
            devices.revoke(shop, device_id=device_id, by="demo")


def keep(slip: Path, *, order_code: str, name: str) -> Path:
    """Keep a drawn slip beyond the end of its sandbox; says where its picture is."""
    folder = read_settings().own_folder() / "demo" / order_code
    folder.mkdir(parents=True, exist_ok=True)
    for kind in (".bin", ".png"):
        shutil.copyfile(slip.with_suffix(kind), folder / f"{name}{kind}")
    return folder / f"{name}.png"


def _settings(home: Path, outside: StandIns, *, port: int) -> Settings:
    """The person's settings, but for records, files and Stripe: those are this sale's own.

    The keys of a house that trades sign nothing that was not sold; elsewhere its keys are used, for `verify` to know.
    """
    person = read_settings()
    person.own_folder()
    given = {key.removeprefix("VITRINE_").lower(): value for key, value in outside.settings.items()}
    own = {
        "database_url": f"sqlite:///{home / 'shop.db'}",
        "var_dir": home,
        "keys_dir": None if person.stripe_api_key else person.keys,
        "signing_key": "" if person.stripe_api_key else person.signing_key,
        "public_url": HttpUrl(f"http://127.0.0.1:{port}"),
        "stripe_live": False,
        "auto_enrol": demonstration.BOUTIQUE,
    }
    return Settings.model_validate(person.model_dump() | given | own)


def _tablet(shop: Shop) -> str:
    token = devices.issue(
        shop,
        boutique_id=demonstration.BOUTIQUE,
        label="Demonstration",
        reader_id=demonstration.reader(shop),
        printer_id=demonstration.PRINTER,
        by="demo",
    )
    tablet = devices.known(shop, cookie=devices.enrol(shop, token=token))
    assert tablet is not None  # enrolled on the line before
    return tablet.device_id


@contextmanager
def _doors_open(shop: Shop, line: socket.socket) -> Iterator[None]:
    doors = Doors(shop)
    app = Starlette(routes=list(doors.routes), middleware=list(doors.middleware))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="warning", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [line]}, name="doors", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
