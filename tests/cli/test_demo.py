"""`python -m pos demo`: one complete sale of each kind, and everything that is said of it is so."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from pos.cli import played_sale, sale, stage
from pos.cli.stage import Stage
from pos.proof.keys import public_keys
from pos.proof.verify import check
from tests.house import House


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A shop of its own, as the command makes one."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("demo")
        patch.chdir(folder)
        patch.setenv("VITRINE_VAR_DIR", str(folder))
        with stage.of_its_own() as made:
            yield made


def codes(png: str) -> set[str]:
    """What a scanner reads on a drawn slip."""
    return {code.text for code in zxingcpp.read_barcodes(Image.open(png))}


@pytest.mark.parametrize(
    ("what", "kinds", "pieces", "payments"),
    [
        ("piece", ["sales", "authenticity", "pickup"], 1, 1),
        ("bundle", ["sales", "authenticity", "authenticity", "pickup"], 2, 1),
        ("preorder", ["deposit", "pickup", "balance", "authenticity"], 1, 2),
    ],
)
def test_a_whole_sale(on: Stage, what: str, kinds: list[str], pieces: int, payments: int) -> None:
    played = played_sale.play(on, what=what)
    told = json.loads(json.dumps(played.facts))
    assert played.untrue == ()
    assert [slip["kind"] for slip in told["slips"]] == kinds
    assert [payment["status"] for payment in told["payments"]] == ["captured"] * payments
    assert sum(payment["amount_minor"] for payment in told["payments"]) == told["total_minor"]
    assert {payment["last4"] for payment in told["payments"]} == {"4242"}
    assert (len(told["pieces"]), len(told["certificates"])) == (pieces, pieces)
    assert 1 <= told["piece"]["number"] <= told["piece"]["edition_size"]
    assert datetime.fromisoformat(told["pickup"]["slot"]).tzinfo is not None
    assert told["currency"] == "gbp"


def test_the_drawn_slips_can_be_scanned(on: Stage) -> None:
    told = played_sale.play(on, what="piece").facts
    drawn = {slip["kind"]: slip["png"] for slip in told["slips"]}
    assert told["certificate"]["url"] in codes(drawn["authenticity"])
    assert any(told["pickup"]["code"] in code for code in codes(drawn["pickup"]))
    assert Path(drawn["sales"]).with_suffix(".bin").stat().st_size > 200


def test_what_is_not_so_is_said(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(played_sale, "_proven", lambda on, url: False)
    played = played_sale.play(on, what="piece")
    assert played.untrue == ("every piece has a valid certificate",)
    assert "NOT SO: every piece has a valid certificate" in sale.story(played)


def test_the_command_itself(tmp_path: Path) -> None:
    house = House(tmp_path)
    told = house.run("demo", "--json")
    assert told.returncode == 0, told.stderr
    facts = json.loads(told.stdout)
    assert {
        "order",
        "receipt_no",
        "piece",
        "total_minor",
        "currency",
        "payment",
        "slips",
        "certificate",
        "pickup",
    } <= set(facts)
    assert facts["payment"]["id"].startswith("pi_")
    assert check(facts["certificate"]["url"], public_keys(tmp_path / "keys")).valid
    assert all(Path(slip["png"]).exists() for slip in facts["slips"])
    assert house.run("verify", facts["certificate"]["url"]).stdout.startswith("Valid")
    assert not (tmp_path / "vitrine.db").exists(), "it has records of its own"
