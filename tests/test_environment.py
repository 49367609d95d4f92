"""The environment is made with Python alone; what hinders it is one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from pos.settings import HOUSE
from tools import environment
from tools.environment import Hindered

LOCKS = ["requirements.txt"]


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What would be run, in an empty place; everything succeeds but what a test lets fail."""
    done: list[tuple[str, ...]] = []
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / "locks")
    monkeypatch.setattr(environment, "_python", lambda: tmp_path / "python")
    monkeypatch.setattr(environment, "_run", lambda *words, quiet=False: not done.append(tuple(map(str, words[1:]))))
    return done


def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 18))
    with pytest.raises(Hindered, match=r"3\.11 or newer, and this is 3\.9"):
        environment.make(LOCKS)


def test_a_python_without_its_venv_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / "locks")
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(Hindered, match="apt-get install python3-venv"):
        environment.make(LOCKS)


def test_a_second_start_installs_nothing(commands: list[tuple[str, ...]]) -> None:
    environment.make(LOCKS)
    assert any("sync" in words and "--require-hashes" in words for words in commands)
    commands.clear()
    environment.make(LOCKS)
    assert commands == []


def test_the_shop_leaves_the_tests_packages_in(commands: list[tuple[str, ...]]) -> None:
    environment.make(["requirements.txt", "requirements-dev.txt"])
    commands.clear()
    environment.make(LOCKS)
    assert commands == []


def test_pip_does_it_where_uv_cannot(commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_by_uv", lambda python, names: False)
    environment.make(LOCKS)
    assert [words[:3] for words in commands] == [("-m", "pip", "install")]
    assert commands[0][-3:] == ("--require-hashes", "-r", "requirements.txt")


def test_where_nothing_can_be_installed_the_next_try_starts_over(
    commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.make(LOCKS)
    monkeypatch.setattr(environment, "_digest", lambda lock: "another")
    monkeypatch.setattr(environment, "_run", lambda *words, quiet=False: False)
    with pytest.raises(Hindered, match="check the network"):
        environment.make(LOCKS)
    assert not environment.STAMP.exists()


def test_make_without_a_python_is_one_sentence() -> None:
    told = subprocess.run(["make", "setup", "PYTHON=/no/python"], cwd=HOUSE, capture_output=True, text=True)
    assert told.returncode == 2
    assert told.stderr.splitlines()[0].startswith("Vitrine needs Python 3.11 or newer")


def test_every_lock_is_pinned_and_hashed() -> None:
    for lock in HOUSE.glob("requirements*.txt"):
        pins = [line for line in lock.read_text().splitlines() if line and not line.startswith((" ", "#"))]
        assert pins
        assert all("==" in pin and pin.endswith("\\") for pin in pins), lock.name
