"""The house's mark: black and white, no wider than the paper, and on the slip dot for dot."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from pos.paper import slips
from pos.paper.dots import picture
from pos.paper.logo import TALLEST, WIDEST, read_logo
from pos.paper.models import GENERIC_58
from pos.settings import HOUSE
from tests.paper.house import SALE, SUPPLIER


def drawn(folder: Path, *, size: tuple[int, int] = (12, 4), mode: str = "1", ink: object = 0) -> Path:
    """A mark with one dot of ink in its corner."""
    mark = Image.new(mode, size, "white")
    mark.putpixel((0, 0), ink)  # type: ignore[arg-type]
    mark.save(folder / "mark.png")
    return folder / "mark.png"


def test_a_mark_is_taken_dot_for_dot(tmp_path: Path) -> None:
    mark = read_logo(drawn(tmp_path))
    assert (mark.width, mark.height, mark.bits) == (12, 4, "8000" + "0000" * 3)
    told = slips.plain(replace(SALE, supplier=replace(SUPPLIER, logo=mark)))
    assert slips.document("sales", facts=told, language="en").blocks[0] == mark


@pytest.mark.parametrize(("mode", "ink"), [("L", 0), ("RGB", (0, 0, 0)), ("RGBA", (0, 0, 0, 255))])
def test_however_the_file_is_kept(tmp_path: Path, mode: str, ink: object) -> None:
    assert read_logo(drawn(tmp_path, mode=mode, ink=ink)).bits == "8000" + "0000" * 3


def test_what_is_clear_is_paper(tmp_path: Path) -> None:
    mark = Image.new("RGBA", (8, 1), (0, 0, 0, 0))
    mark.putpixel((7, 0), (0, 0, 0, 255))
    mark.save(tmp_path / "clear.png")
    assert read_logo(tmp_path / "clear.png").bits == "01"


@pytest.mark.parametrize(
    ("size", "mode", "ink", "said"),
    [
        ((WIDEST + 1, 4), "1", 0, f"is {WIDEST + 1} × 4 dots; a slip takes {WIDEST}"),
        ((8, TALLEST + 1), "1", 0, "make it smaller"),
        ((8, 4), "L", 128, "colours or greys"),
        ((8, 4), "RGB", (200, 0, 0), "colours or greys"),
        ((8, 4), "1", 255, "one colour"),
    ],
)
def test_what_would_not_print_as_it_looks_is_refused(
    tmp_path: Path, size: tuple[int, int], mode: str, ink: object, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        read_logo(drawn(tmp_path, size=size, mode=mode, ink=ink))


def test_a_file_that_is_no_picture_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "words.png").write_text("not a picture")
    for name in ("words.png", "nowhere.png"):
        with pytest.raises(ValueError, match="is it there"):
            read_logo(tmp_path / name)


def test_narrow_paper_draws_a_wide_mark_smaller(tmp_path: Path) -> None:
    mark = read_logo(drawn(tmp_path, size=(WIDEST, 20)))
    assert picture(mark, most=GENERIC_58.dots).width == GENERIC_58.dots


def test_the_demonstration_s_own_mark_is_one() -> None:
    assert read_logo(HOUSE / "data" / "lantern.png").width == 112
