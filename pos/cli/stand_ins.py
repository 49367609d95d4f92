"""The sandbox as a process beside the shop: started for a demonstration, gone when the shop is gone."""

import json
import subprocess
import sys
import urllib.error
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
        self._say("/_sandbox/webhooks", {"url": url})

    def armed(self) -> list[dict[str, Any]]:
        """What is about to go wrong."""
        return list(self._ask("GET", "/_sandbox/faults")["armed"])

    def arm(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Let something go wrong: fault, times (None: until cleared), on, settings. Raises PaymentTrouble."""
        return self._say("/_sandbox/faults", wish)

    def disarm(self, name: str | None) -> int:
        """Clear every fault of that name, or all; says how many."""
        if name and not any(armed["fault"] == name for armed in self.armed()):
            return 0
        return int(self._ask("DELETE", f"/_sandbox/faults/{name}" if name else "/_sandbox/faults")["cleared"])

    def present_card(self) -> None:
        """Hold a good card to the reader: Stripe's own test helper, which answers when the card is through."""
        stripe = self.told["stripe"]
        path = f"/v1/test_helpers/terminal/readers/{self.reader_id}/present_payment_method"
        form = urllib.parse.urlencode({"type": "card_present"}).encode()
        key = {"Authorization": f"Bearer {stripe['api_key']}", "Stripe-Version": API_VERSION}
        self._ask("POST", path, form, key)

    def _say(self, path: str, what: dict[str, Any]) -> dict[str, Any]:
        return self._ask("POST", path, json.dumps(what).encode(), {"Content-Type": "application/json"})

    def _ask(
        self, verb: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        address = self.told["stripe"]["url"] + path
        try:
            request = urllib.request.Request(address, body, headers or {}, method=verb)  # noqa: S310 (loopback)
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return dict(json.loads(answer.read()))
        except urllib.error.HTTPError as refused:
            said = refused.read().decode(errors="replace")
            raise PaymentTrouble(f"the stand-in for Stripe: {refused.code} {said[:200]}") from refused
        except (OSError, ValueError) as trouble:
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
