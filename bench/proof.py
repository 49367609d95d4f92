"""Proof at the size of a house after years: 100,000 certificates, a log of a million entries."""

import asyncio
import multiprocessing
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bench import certified
from bench.figure import Figure, Measure, at_least, at_most, exactly, percentile, shown
from pos.proof import certificate_log, log_check, merkle_log
from pos.settings import Settings
from pos.shop import Shop
from pos.web.doors import Doors

CERTIFICATES, ENTRIES = 100_000, 1_000_000
SECONDS, AT_ONCE = 10, 16
A_SECOND = 50  # questions, while it is measured how long one waits


def proof() -> Iterator[Figure]:
    """The page, the log's appending, its proofs, and looking through all of it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        certified.house(Path(folder), certificates=CERTIFICATES) as (shop, addresses),
    ):
        yield from _page(shop, addresses)
        began = time.perf_counter()
        found = log_check.look_through(shop)
        yield at_most("proof.verify_100000_s", time.perf_counter() - began, "s", 20)
        yield exactly("proof.verify_100000", isinstance(found, log_check.Whole), True)
        appended = [certified.one_more(shop) for _ in range(300)]
        yield at_most("proof.append_ms.p50", percentile(appended, 0.5), "ms", 1)
        yield shown("proof.append_ms.p95", percentile(appended, 0.95), "ms", "statements, hashes and signature")
        certified.grow(shop, to=ENTRIES)
        took = [_proven(shop, leaf) for leaf in range(0, ENTRIES, ENTRIES // 300)]
        yield at_most("proof.inclusion_of_1000000_ms.p95", percentile(took, 0.95), "ms", 5)


def _proven(shop: Shop, leaf: int) -> float:
    began = time.perf_counter()
    with shop.read() as look:
        path = certificate_log.inclusion(look, leaf=leaf, size=ENTRIES)
        took = (time.perf_counter() - began) * 1000
        head = certificate_log.head_of(look)
        entry = certificate_log.entries(look, first=leaf, past=leaf + 1)[0]
    assert head is not None
    root = certificate_log.checkpoint_of(head).root
    hash_ = entry.nodes[: merkle_log.HASH_BYTES]
    assert merkle_log.is_included(hash_, leaf=leaf, size=ENTRIES, root=root, path=path)
    return took


def _page(shop: Shop, addresses: list[str]) -> Iterator[Figure]:
    """One server on one core behind a proxy's word, so that each question comes from an address of its own."""
    asked = [one.removeprefix(shop.settings.public) for one in addresses]
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    apart = multiprocessing.get_context("spawn")
    server = apart.Process(target=serve, args=[shop.settings.model_dump(), port], daemon=True)
    server.start()
    try:
        _wait_for(port)
        asyncio.run(_ask(port, asked, seconds=2))
        many = asyncio.run(_ask(port, asked, seconds=SECONDS))
        yield at_least("proof.page_a_second", len(many) / SECONDS, "requests/s", 300)
        calm = asyncio.run(_ask(port, asked, seconds=SECONDS, a_second=A_SECOND))
        yield at_most(f"proof.page_ms_at_{A_SECOND}_a_second.p95", percentile(calm, 0.95), "ms", 30)
    finally:
        server.terminate()
        server.join(10)


def serve(settings: dict[str, Any], port: int) -> None:
    """The doors of a shop, on the first core alone."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    doors = Doors(Shop(Settings.model_validate(settings)))
    app = Starlette(routes=list(doors.routes), middleware=list(doors.middleware))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", proxy_headers=True)


async def _ask(port: int, addresses: list[str], *, seconds: float, a_second: int = 0) -> list[float]:
    """How many milliseconds each answer took: as many as can be, or so many a second."""
    until, took, turn = time.perf_counter() + seconds, [], iter(range(10**9))
    lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(AT_ONCE)]
    began = time.perf_counter()

    async def visitor(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while time.perf_counter() < until:
            i = next(turn)
            if a_second:
                await asyncio.sleep(max(0.0, began + i / a_second - time.perf_counter()))
            host = f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}"
            path = addresses[i % len(addresses)]
            sent = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: {host}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = next(row for row in head.split(b"\r\n") if row.lower().startswith(b"content-length"))
            await reader.readexactly(int(length.partition(b":")[2]))
            took.append((time.perf_counter() - sent) * 1000)
        writer.close()

    await asyncio.gather(*(visitor(*line) for line in lines))
    return took


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the doors did not open")


MEASURES: tuple[Measure, ...] = ((("proof.page", "proof.verify", "proof.append", "proof.inclusion"), proof),)
