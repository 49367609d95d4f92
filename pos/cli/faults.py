"""What can go wrong at the stand-in for Stripe, from the command line: seen, armed and cleared where it is open."""

import argparse
import json
from typing import Any

from pos.cli import watch
from pos.cli.stand_ins import StandIns
from pos.errors import Unknown, WrongState
from pos.sandbox.stripe.faults import FAULTS
from pos.settings import read_settings


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """sandbox faults."""
    parser = commands.add_parser("faults", help="what can go wrong; with names: let it happen, in the open sandbox")
    parser.add_argument("names", nargs="*", metavar="name", help="which, as this command lists them")
    parser.add_argument("--clear", action="store_true", help="clear these; without names, all")
    parser.add_argument("--times", type=_times, default=1, metavar="N", help="how often it happens; 0: until cleared")
    parser.add_argument("--on", metavar="PATTERN", help="only where this fits; see docs/stripe-sandbox.md")
    parser.add_argument("--set", type=_setting, action="append", default=[], metavar="NAME=VALUE", help="its settings")
    parser.add_argument("--at", metavar="ADDRESS", help="of a stand-in that was started alone; it says it")
    parser.set_defaults(do=faults)


def faults(asked: argparse.Namespace) -> int:
    """List what there is and what is armed; or arm, or clear, what is named."""
    _refuse_unknown(asked)
    outside = _open_here(asked.at)
    if not asked.names and not asked.clear:
        print(_table(outside.armed() if outside else None))
        return 0
    if outside is None:
        where = str(read_settings().var_dir)
        raise WrongState("sandbox", where, "not open: start it with `make run`, or say where it is with --at")
    if asked.clear:
        print(f"{sum(outside.disarm(name) for name in asked.names or [None])} cleared.")
        return 0
    for name in asked.names:
        wish = {"fault": name, "times": asked.times or None, "on": asked.on, "settings": dict(asked.set)}
        print(f"Armed: {_armed(outside.arm(wish))}")
    return 0


def _refuse_unknown(asked: argparse.Namespace) -> None:
    for name in asked.names:
        if name not in FAULTS:
            raise Unknown("fault", name)
        for setting, _ in asked.set:
            if setting not in FAULTS[name].settings:
                raise Unknown(f"setting of {name}", setting)


def _open_here(at: str | None) -> StandIns | None:
    told: dict[str, Any] | None = {"stripe": {"url": at.rstrip("/")}} if at else None
    told = told or watch.told_by_open(read_settings().var_dir)[1]
    return StandIns(told) if told else None


def _table(armed: list[dict[str, Any]] | None) -> str:
    wide = max(len(name) for name in FAULTS)
    lines = [f"  {name:{wide}}  {fault.says}{_settings(fault.settings)}" for name, fault in FAULTS.items()]
    now = "No sandbox is open here." if armed is None else "\n".join(["Armed now:", *(f"  {_armed(a)}" for a in armed)])
    return "\n".join(["What can go wrong:", *lines, now if armed != [] else "Nothing is armed now."])


def _armed(armed: dict[str, Any]) -> str:
    times = "until cleared" if armed["times"] is None else f"{armed['times']} times"
    return f"{armed['fault']}, {times}, on {armed['on']}{_settings(armed['settings'])}"


def _settings(settings: Any) -> str:
    words = ", ".join(f"{name}={json.dumps(value)}" for name, value in settings.items())
    return f" ({words})" if words else ""


def _times(words: str) -> int:
    if not words.isdecimal():
        raise argparse.ArgumentTypeError(f"{words!r} is no number of times")
    return int(words)


def _setting(words: str) -> tuple[str, Any]:
    name, _, value = words.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words!r} is no setting such as seconds=3 or authorised=true") from None
