"""Opening the shop: `run` shows all of it on this machine with stand-ins, `serve` is a shop that trades."""

import argparse
import os
from collections.abc import Sequence

from pos import migrations
from pos.cli import demonstration, stand_ins
from pos.cli.opened import refuse_other_shape
from pos.cli.people import enrolment
from pos.cli.server import Place, listening, serve
from pos.cli.stand_ins import StandIns
from pos.cli.watch import open_over, plays, tell_others, trades
from pos.errors import SettingsWrong
from pos.models import Role
from pos.people import devices, pins
from pos.people.pins import PersonalPin
from pos.settings import Settings, read_settings
from pos.shop import Shop

TABLETS = ("Window tablet", "Counter tablet")
OPENS = {Role.STAFF: "counter", Role.MANAGER: "counter and board", Role.BRAND: "board"}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """run, serve."""
    commands.add_parser("run", help="the whole shop with stand-ins for Stripe and the printer").set_defaults(
        do=run, serves=True
    )
    real = commands.add_parser("serve", help="a shop that trades: its own Stripe key, its own capsules")
    real.add_argument("--migrate", action="store_true", help="first bring the records to this version's shape")
    real.set_defaults(do=trade, serves=True)


def trade(asked: argparse.Namespace) -> int:
    """Serve the shop as it is set up; nothing is made up."""
    settings = read_settings()
    if not settings.stripe_api_key:
        raise SettingsWrong("VITRINE_STRIPE_API_KEY", "it is missing; `python -m pos run` shows the shop without one")
    with listening() as place, open_over(settings.own_folder()):
        trades(settings.var_dir)
        if asked.migrate:
            migrations.migrate(settings.database_url)
        refuse_other_shape(settings.database_url)
        say = f"Vitrine is open at {settings.public}"
        return serve(place, trusted_proxies=settings.trusted_proxies, opened=lambda: print(say, flush=True))


def run(asked: argparse.Namespace) -> int:
    """Make, furnish and serve the demonstration; with a Stripe key of one's own it is `serve --migrate`."""
    settings = read_settings()
    if settings.stripe_api_key:
        return trade(argparse.Namespace(migrate=True))
    with (
        listening() as place,
        open_over(settings.own_folder()),
        stand_ins.running(settings.var_dir / "sandbox") as outside,
    ):
        if not any(settings.var_dir.glob("vitrine.db*")):
            plays(settings.var_dir)
        own = _set_up(settings, place, outside)
        os.environ.update(own)
        tell_others(settings.var_dir, settings=own, outside=outside.told)
        words = _open_house(place, outside)
        return serve(place, trusted_proxies=settings.trusted_proxies, opened=lambda: _say(words, place, outside))


def _set_up(settings: Settings, place: Place, outside: StandIns) -> dict[str, str]:
    """What the demonstration needs and the person has not set."""
    own = dict(outside.settings)
    if "public_url" not in settings.model_fields_set:
        own["VITRINE_PUBLIC_URL"] = place.address
    if not place.open_to_the_network:  # from the network, only a browser that was shown the address becomes a tablet
        own["VITRINE_AUTO_ENROL"] = settings.auto_enrol or demonstration.BOUTIQUE
    return own


def _open_house(place: Place, outside: StandIns) -> str:
    settings = read_settings()
    migrations.migrate(settings.database_url)
    # PINs are printed at every start of a demonstration, also where browsers are not taken in by themselves.
    shop = Shop(settings.model_copy(update={"auto_enrol": settings.auto_enrol or demonstration.BOUTIQUE}))
    try:
        demonstration.furnish(shop)
        demonstration.equip(shop, outside)
        tablets = [_tablet(shop, outside, label) for label in TABLETS] if place.open_to_the_network else []
        return welcome(settings.public, people=pins.to_print(shop), tablets=tablets)
    finally:
        shop.close()


def _tablet(shop: Shop, outside: StandIns, label: str) -> str:
    token = devices.issue(
        shop,
        boutique_id=demonstration.BOUTIQUE,
        label=label,
        reader_id=outside.reader_id,
        printer_id=demonstration.PRINTER,
        by="set-up",
    )
    return enrolment(f"{shop.settings.public}/enrol/{token}", label=label)


def welcome(address: str, *, people: Sequence[PersonalPin], tablets: Sequence[str]) -> str:
    """What a person reads when the demonstration is open."""
    lines = [
        "",
        "Vitrine is open. Cards and paper are stand-ins: nothing is charged, slips are drawn.",
        "",
        f"  Shopper's tablet   {address}/",
        f"  Counter            {address}/counter",
        f"  Brand's board      {address}/board",
        "",
        "  PINs   " + "\n         ".join(f"{one.pin}  {one.name} ({OPENS[one.role]})" for one in people),
        "",
        *tablets,
        "Ctrl-C closes the shop; what was sold stays. `make reset` starts over.",
    ]
    return "\n".join(lines)


def _say(words: str, place: Place, outside: StandIns) -> None:
    outside.listen(f"{place.here}/stripe/webhook")
    print(words, flush=True)
