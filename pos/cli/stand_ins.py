"""The sandbox as a process beside the shop: started for a demonstration, gone when the shop is gone."""

import json
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos.errors import PaymentTrouble, SandboxTrouble
from pos.payments.terminal import API_VERSION
from pos.settings import HOUSE

PATIENCE = 10  # seconds for it to go when it is told to


@dataclass(frozen=True)
class StandIns:
    """Where the stand-ins for Stripe and the printer are, and how to be the outside world in them."""

    told: dict[str, Any]

    @property
    def settings(self) -> dict[str, str]:
        """What the shop is set to, to speak with them."""
        stripe = self.told["stripe"]
        return {
            "VITRINE_STRIPE_API_BASE": stripe["url"],
            "VITRINE_STRIPE_API_KEY": stripe["api_key"],
            "VITRINE_STRIPE_WEBHOOK_SECRETS": stripe["webhook_secret"],
            "VITRINE_READER_SCREEN_URL": stripe["readers"][0]["screen"],
        }

    @property
    def reader_id(self) -> str:
        """The card reader."""
        return self.reader_ids[0]

    @property
    def reader_ids(self) -> tuple[str, ...]:
        """Every card reader the stand-in for Stripe knows."""
        return tuple(str(reader["id"]) for reader in self.told["stripe"]["readers"])

    @property
    def printer(self) -> dict[str, Any]:
        """The receipt printer: host, port, dir of its slips."""
        return dict(self.told["printer"])

    def listen(self, url: str) -> None:
        """Have webhooks sent to an address of the shop."""
        self._post("/_sandbox/webhooks", json.dumps({"url": url}).encode(), {"Content-Type": "application/json"})

    def present_card(self) -> None:
        """Hold a good card to the reader: Stripe's own test helper, which answers when the card is through."""
        stripe = self.told["stripe"]
        path = f"/v1/test_helpers/terminal/readers/{self.reader_id}/present_payment_method"
        form = urllib.parse.urlencode({"type": "card_present"}).encode()
        self._post(path, form, {"Authorization": f"Bearer {stripe['api_key']}", "Stripe-Version": API_VERSION})

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        request = urllib.request.Request(self.told["stripe"]["url"] + path, body, headers)  # noqa: S310 (loopback)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                answer.read()
        except OSError as trouble:
            raise PaymentTrouble(f"the stand-in for Stripe: {trouble}") from trouble


@contextmanager
def running(folder: Path) -> Iterator[StandIns]:
    """The sandbox over a folder, for as long as the block lasts. Raises SandboxTrouble where it does not start."""
    words = [sys.executable, "-m", "pos.sandbox.run", "--json", "--with-parent", "--dir", str(folder)]
    # A session of its own: Ctrl-C reaches the shop alone, which closes first and then lets the outside world go.
    process = subprocess.Popen(  # noqa: S603 (our own words)
        words, cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line.startswith("{"):
            raise SandboxTrouble(f"exit code {process.wait(PATIENCE)}; their own words stand above")
        yield StandIns(json.loads(line))
    finally:
        process.stdin.close()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
