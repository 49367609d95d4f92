"""Capsule folders a test may spoil: copies of the demonstrations, without their pictures."""

import shutil
from pathlib import Path

import pytest

from pos.settings import HOUSE


@pytest.fixture
def capsules(tmp_path: Path) -> Path:
    """A folder with both demonstrations."""
    root = tmp_path / "data" / "capsules"
    shutil.copytree(HOUSE / "data" / "capsules", root, ignore=shutil.ignore_patterns("media*"))
    return root


@pytest.fixture
def notebook(capsules: Path) -> Path:
    """The folder of the notebook corner."""
    return capsules / "notebook-corner"


@pytest.fixture
def pair(capsules: Path) -> Path:
    """The folder of owner and pet."""
    return capsules / "owner-and-pet"
