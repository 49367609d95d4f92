"""The records from the command line: bring them to today's shape, start a demonstration over."""

import argparse
import shutil
from pathlib import Path

from pos import migrations
from pos.cli.watch import running_here
from pos.errors import NotAllowed, WrongState
from pos.settings import read_settings


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """migrate, reset."""
    commands.add_parser("migrate", help="bring the records to this version's shape").set_defaults(do=migrate)
    commands.add_parser("reset", help="start the demonstration over: forgets every sale").set_defaults(do=reset)


def migrate(asked: argparse.Namespace) -> int:
    """Apply every step that is missing."""
    url = read_settings().database_url
    before = migrations.step(url) if _there(url) else None
    migrations.migrate(url)
    after = migrations.step(url)
    print(f"The records are at step {after}." if before == after else f"The records went from {before} to {after}.")
    return 0


def reset(asked: argparse.Namespace) -> int:
    """Forget everything of the demonstration; never of a shop that has a Stripe key of its own."""
    settings = read_settings()
    if settings.stripe_api_key:
        raise NotAllowed("reset", "a shop with a Stripe key keeps its records; only a demonstration starts over")
    if running_here(settings.var_dir):
        raise WrongState("shop", str(settings.var_dir), "open: stop it first")
    shutil.rmtree(settings.var_dir, ignore_errors=True)
    print("The next `make run` starts with an empty shop.")
    return 0


def _there(url: str) -> bool:
    return not url.startswith("sqlite") or Path(url.removeprefix("sqlite:///")).exists()
