"""The ASGI entry: opens the shop, starts its back office, hangs the doors beside the Streamlit screens.

`uvicorn app:app`, one process; `python -m pos run` and `python -m pos serve` do that. A setting that is wrong, a
key that is lost or records that cannot be read stop the start with one sentence on stderr and exit code 2.
"""

import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import altair  # noqa: F401 (before gc.freeze, as pandas: the board draws with it, and nobody should wait for that)
import pandas  # noqa: F401 (before gc.freeze: the board needs it, and the first tablet should not wait for it)
import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from kiosk import session, theme
from pos import logs
from pos.backoffice import BackOffice
from pos.cli.sentences import sentence
from pos.errors import RecordsTrouble, SettingsWrong
from pos.proof import log_beginning
from pos.proof.keys import refuse_lost
from pos.settings import HOUSE, read_settings
from pos.shop import Shop
from pos.web.doors import Doors

log = logging.getLogger("pos.app")


def opened() -> Shop:
    """The shop by its settings, its keys read and none of them lost; ends the process with a sentence otherwise."""
    try:
        settings = read_settings()
        settings.own_folder()
        shop = Shop(settings)
        with shop.read() as look:
            refuse_lost(shop.settings, records=look)
        shop.keys  # noqa: B018 (read or made now: never in the middle of a sale)
        log_beginning.begin(shop)
    except (SettingsWrong, RecordsTrouble) as wrong:
        print(sentence(wrong), file=sys.stderr)
        raise SystemExit(2) from None
    session.use(shop)
    return shop


shop = opened()
doors = Doors(shop)


def one_log() -> None:
    """One log for all: Streamlit gives the server's loggers handlers of its own, and those write down every address,
    enrolment secrets among them."""
    if not logging.getLogger().handlers:
        logs.begin()
    for name in ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error", "websockets", "streamlit"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Work beside the screens for as long as they are served."""
    # What is loaded now stays: looking through it after every script run costs more than the run (40 ms against 4).
    gc.collect()
    gc.freeze()
    one_log()
    office = BackOffice(shop)
    office.start()
    log.info("the shop is open")
    try:
        yield
    finally:
        shop.closing.set()  # a reader's poll or a printer's wait ends at the next look
        await run_in_threadpool(office.stop)
        await doors.close()
        shop.close()
        log.info("the shop is shut")


app = st.App(
    HOUSE / "kiosk/shell.py",  # never a file beside pages/: Streamlit would serve those without the router
    lifespan=lifespan,
    routes=doors.routes,
    middleware=[*doors.middleware, Middleware(theme.Dressed)],
)
