"""The records from the command line: bring them to today's shape, start a demonstration over."""

import argparse
import shutil
from pathlib import Path

from sqlalchemy.engine import make_url

from pos import migrations
from pos.cli.watch import is_played, open_over, running_here
from pos.errors import NotAllowed, WrongState
from pos.settings import Settings, read_settings

# What a demonstration makes, its mark last: a reset that was broken off can be asked for again.
MADE = ("vitrine.db*", "sandbox", "mail", "demo", "pins.txt", "open.json", "demonstration")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """migrate, reset."""
    commands.add_parser("migrate", help="bring the records to this version's shape").set_defaults(do=migrate)
    commands.add_parser("reset", help="start the demonstration over: forgets every sale").set_defaults(do=reset)


def migrate(asked: argparse.Namespace) -> int:
    """Apply every step that is missing."""
    settings = read_settings()
    settings.own_folder()
    url = settings.database_url
    before = migrations.step(url) if _there(url) else None
    migrations.migrate(url)
    after = migrations.step(url)
    print(f"The records are at step {after}." if before == after else f"The records went from {before} to {after}.")
    return 0


def reset(asked: argparse.Namespace) -> int:
    """Forget what a demonstration sold; never what it did not make, and never anything of a shop that trades.

    The signing keys stay: certificates on paper go on verifying.
    """
    settings = read_settings()
    var_dir = settings.var_dir
    _refuse_trade(settings)
    if running_here(var_dir):
        raise WrongState("shop", str(var_dir), "open: stop it first")
    if var_dir.exists():
        if not is_played(var_dir):
            raise NotAllowed("reset", f"{var_dir} was not made by `make run`; remove it by hand if it is to go")
        with open_over(var_dir):
            for made in MADE:
                for path in sorted(var_dir.glob(made)):
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    print("The next `make run` starts with an empty shop.")
    return 0


def _refuse_trade(settings: Settings) -> None:
    if settings.stripe_api_key:
        raise NotAllowed("reset", "a shop with a Stripe key keeps its records; only a demonstration starts over")
    if settings.database_url != f"sqlite:///{settings.var_dir / 'vitrine.db'}":
        shown = make_url(settings.database_url).render_as_string(hide_password=True)
        raise NotAllowed("reset", f"the records are at {shown}, not in {settings.var_dir}; remove them there by hand")


def _there(url: str) -> bool:
    return not url.startswith("sqlite") or Path(url.removeprefix("sqlite:///")).exists()
