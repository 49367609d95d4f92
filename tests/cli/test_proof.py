"""The log of certificates from the command line: whole, broken, held against a checkpoint that was kept."""

import os
import shutil
from pathlib import Path

import pytest

from pos import migrations
from pos.cli import main
from pos.cli.proof import bar
from pos.models import LogEntry
from pos.proof import certificate_log
from pos.shop import Shop
from tests.conftest import settings_for
from tests.proof.sold import sold_piece


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop that sold one piece, as a command finds it."""
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.chdir(tmp_path)
    os.environ |= {"VITRINE_VAR_DIR": str(tmp_path), "VITRINE_DATABASE_URL": f"sqlite:///{tmp_path / 'vitrine.db'}"}
    migrations.migrate(f"sqlite:///{tmp_path / 'vitrine.db'}")
    shop = Shop(settings_for(tmp_path))
    sold_piece(shop).certify()
    shop.close()
    return shop


def test_a_whole_log_is_said_so_with_its_root(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "verify"]) == 0
    assert capsys.readouterr().out.startswith("The log is whole: 1 entries, root ")


def test_the_first_broken_place_is_named(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    with shop.jot() as tx:
        tx.get_one(LogEntry, 0).seal = "0" * 64
    assert main(["log", "verify"]) == 1
    assert capsys.readouterr().out == "The log does not fit at entry 0: its words are not the ones that were entered.\n"


def test_a_checkpoint_that_was_kept_is_compared(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with shop.read() as look:
        head = certificate_log.head_of(look)
    assert head
    kept = tmp_path / "kept.txt"
    kept.write_text(certificate_log.note_of(head, shop.keys))
    assert main(["log", "verify", "--kept", str(kept)]) == 0
    for path in tmp_path.glob("vitrine.db*"):
        path.unlink()
    migrations.migrate(shop.settings.database_url)
    assert main(["log", "verify", "--kept", str(kept)]) == 1
    assert "of another log" in capsys.readouterr().out
    kept.write_text("nothing of ours")
    assert main(["log", "verify", "--kept", str(kept)]) == 2
    shutil.rmtree(tmp_path / "keys")


def test_how_far_it_is_can_be_seen(capsys: pytest.CaptureFixture[str]) -> None:
    bar(500, 1000)
    bar(1000, 1000)
    told = capsys.readouterr().err
    assert "\r[####################                    ] 500 of 1000" in told
    assert told.endswith("1000 of 1000 entries\n")
