"""The shop as a command sees it: opened with the settings of the environment, closed when the command is done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from pos import migrations
from pos.cli import watch
from pos.errors import RecordsTrouble
from pos.settings import Settings, read_settings
from pos.shop import Shop


@contextmanager
def shop_open() -> Iterator[Shop]:
    """The shop with its records in today's shape. Raises SettingsWrong and RecordsTrouble."""
    shop = Shop(settings_here())
    try:
        refuse_other_shape(shop.settings.database_url)
        yield shop
    finally:
        shop.close()


def settings_here() -> Settings:
    """The shop's settings; those of the demonstration while one is open over the same folder."""
    settings = read_settings()
    settings.own_folder()
    if not settings.stripe_api_key:
        os.environ.update(watch.told_by_open(settings.var_dir)[0])
    return read_settings()


def refuse_other_shape(url: str) -> None:
    """Open nothing on records that are behind or ahead of this version. Raises RecordsTrouble."""
    here, newest = migrations.step(url), migrations.last_step()
    if here != newest:
        raise RecordsTrouble(
            f"they are at step {here or 'none'} and this version needs {newest}: python -m pos migrate"
        )
