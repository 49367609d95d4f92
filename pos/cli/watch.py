"""One shop at a time over one folder: the lock that says that it is open, and with which settings of its own."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pos.errors import WrongState


@contextmanager
def open_over(var_dir: Path) -> Iterator[None]:
    """Hold the folder for this process; the lock goes with the process, however it ends. Raises WrongState."""
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / "open.lock").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongState("shop", str(var_dir), "open already, in another process") from None
        yield


def running_here(var_dir: Path) -> bool:
    """Whether a shop is open over this folder."""
    if not (var_dir / "open.lock").exists():
        return False
    try:
        with open_over(var_dir):
            return False
    except WrongState:
        return True


def tell_others(var_dir: Path, *, settings: Mapping[str, str], outside: Mapping[str, Any]) -> None:
    """Leave to the commands beside it what a demonstration set for itself, and where its stand-ins are.

    There is a key in it, so it is readable by this person alone.
    """
    file = _told(var_dir)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as words:
        json.dump({"settings": dict(settings), "outside": dict(outside)}, words)


def told_by_open(var_dir: Path) -> tuple[dict[str, str], dict[str, Any] | None]:
    """The settings and the stand-ins of the demonstration that is open over this folder; none where none is."""
    try:
        told = json.loads(_told(var_dir).read_text()) if running_here(var_dir) else {}
        return told.get("settings", {}), told.get("outside")
    except (OSError, ValueError):
        return {}, None


def plays(var_dir: Path) -> None:
    """Mark the folder as a demonstration's, made by one from the first: it may be started over."""
    _played(var_dir).write_text(
        "The demonstration of `make run` made what is in this folder; `make reset` may remove it.\n"
    )


def trades(var_dir: Path) -> None:
    """A shop with a Stripe key of its own is open over the folder: from now on nothing may remove what is in it."""
    _played(var_dir).unlink(missing_ok=True)


def is_played(var_dir: Path) -> bool:
    """Whether all that is in the folder was made by a demonstration."""
    return _played(var_dir).exists()


def _played(var_dir: Path) -> Path:
    return var_dir / "demonstration"


def _told(var_dir: Path) -> Path:
    return var_dir / "open.json"
