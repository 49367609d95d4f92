"""The boutiques open from a file, as often as it is read."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from pos.catalogue import dealers_notice
from pos.errors import CapsuleMistakes
from pos.models import Boutique, Staff
from pos.people import house_file, pins, seeding
from pos.selling import pickup
from pos.settings import HOUSE
from pos.shop import Shop

FILE = """
[[boutiques]]
id = "arcade"
name = "Arcade"
address = ["1 Arcade"]
vat_number = "GB 0"
phone = "020 7946 0000"
zone = "Europe/London"
slot_minutes = 30
slot_capacity = 3
pickup_days = 14
closed_days = ["12-25", "2026-12-24"]
[boutiques.hours]
mon = ["10:00", "18:00"]

[[staff]]
id = "ann"
name = "Ann"
role = "staff"
boutique = "arcade"

[[staff]]
id = "brand"
name = "Brand"
role = "brand"
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "boutique.toml"
    path.write_text(FILE)
    return path


@pytest.fixture
def shop(settings, clock, empty_records):
    shutil.copyfile(empty_records, settings.database_url.removeprefix("sqlite:///"))
    shop = Shop(settings, clock=clock)
    yield shop
    shop.close()


def test_the_boutiques_of_the_demonstration_open(shop):
    opened = seeding.open_boutiques(shop, file=HOUSE / "data" / "boutique.toml")
    assert opened.boutiques >= 2
    with shop.read() as look:
        roles = {person.role for person in look.exec(select(Staff))}
    assert {"staff", "manager", "brand"} <= roles


def test_reading_the_file_again_changes_nothing(shop, file):
    seeding.open_boutiques(shop, file=file)
    drawn = pins.make_pins(shop)
    with shop.read() as look:
        before = {row.id: row.model_dump() for table in (Boutique, Staff) for row in look.exec(select(table))}
    seeding.open_boutiques(shop, file=file)
    with shop.read() as look:
        after = {row.id: row.model_dump() for table in (Boutique, Staff) for row in look.exec(select(table))}
    assert after == before
    assert set(drawn) == {"ann", "brand"}
    assert before["arcade"]["hours"] == {"mon": ["10:00", "18:00"]}


def test_who_is_no_longer_in_the_file_is_retired_and_may_come_back(shop, file):
    seeding.open_boutiques(shop, file=file)
    file.write_text(FILE.replace('id = "ann"', 'id = "bea"'))
    seeding.open_boutiques(shop, file=file)
    with shop.read() as look:
        assert look.get(Staff, "ann").retired
    file.write_text(FILE)
    seeding.open_boutiques(shop, file=file)
    with shop.read() as look:
        assert not look.get(Staff, "ann").retired


def test_days_that_are_closed_every_year_are_closed_in_each(shop, file, clock):
    seeding.open_boutiques(shop, file=file)
    clock.move(datetime(2034, 12, 16, tzinfo=UTC) - clock.now())  # long after the file was read
    days = {slot.start.date() for slot in pickup.slots(shop, boutique_id="arcade")}
    assert date(2034, 12, 18) in days  # a Monday; so is Christmas Day
    assert date(2034, 12, 25) not in days


def test_a_mistake_in_the_file_loads_nothing(shop, file):
    file.write_text(FILE.replace('role = "staff"', 'role = "staff"\npin = "1234"'))
    with pytest.raises(CapsuleMistakes):
        seeding.open_boutiques(shop, file=file)
    with shop.read() as look:
        assert look.exec(select(Boutique)).first() is None


@pytest.mark.parametrize(
    ("was", "made", "key"),
    [
        ('vat_number = "GB 0"', "", "boutiques[arcade].vat_number"),
        ('["10:00", "18:00"]', '["18:00", "10:00"]', "boutiques[arcade].hours.mon"),
        ('["10:00", "18:00"]', '["10", "18"]', "boutiques[arcade].hours.mon"),
        ("mon =", "monday =", "boutiques[arcade].hours.monday"),
        ('"12-25"', '"13-25"', "boutiques[arcade].closed_days"),
        ('"Europe/London"', '"Europe/Nowhere"', "boutiques[arcade].zone"),
        ('boutique = "arcade"', 'boutique = "yard"', "staff[ann].boutique"),
        ('boutique = "arcade"', "", "staff[ann].boutique"),
        ('role = "staff"', 'role = "boss"', "staff[ann].role"),
        ('id = "ann"', 'id = "brand"', "staff[brand].id"),
        ('role = "staff"', 'role = "staff"\npin = "1234"', "staff[ann].pin"),
    ],
)
def test_a_mistake_is_named_by_its_key(file, was, made, key):
    assert was in FILE
    file.write_text(FILE.replace(was, made, 1))
    with pytest.raises(CapsuleMistakes) as refusal:
        house_file.read_house(file)
    assert any(mistake.key.startswith(key) for mistake in refusal.value.mistakes), refusal.value.mistakes


@pytest.mark.parametrize("words", [b"boutiques = 3", b"[[boutiques]", b"\xff"])
def test_what_is_no_such_file_is_said_so(tmp_path, words):
    path = tmp_path / "boutique.toml"
    path.write_bytes(words)
    for file in (path, tmp_path / "missing.toml"):
        with pytest.raises(CapsuleMistakes):
            house_file.read_house(file)


NOTICE = 'notice = { file = "notice.png", version = "B", dated = 2021-10-01 }'


def drawn(path: Path, *, size: tuple[int, int] = (900, 1270), kind: str = "PNG") -> None:
    Image.new("RGB", size, "white").save(path, kind)


def test_the_dealers_notice_is_taken_with_its_boutique(shop, file, tmp_path):
    drawn(tmp_path / "notice.png")
    file.write_text(FILE.replace('phone = "020 7946 0000"', f'phone = "020 7946 0000"\n{NOTICE}'))
    seeding.open_boutiques(shop, file=file)
    seen = dealers_notice.notice_of(shop, boutique_id="arcade")
    assert seen == dealers_notice.NoticeView("notice.png", 900, 1270, "B", date(2021, 10, 1))
    file.write_text(FILE)
    seeding.open_boutiques(shop, file=file)
    assert dealers_notice.notice_of(shop, boutique_id="arcade") is None
    assert dealers_notice.notice_of(shop, boutique_id="nowhere") is None


def test_a_notice_that_cannot_be_read_whole_is_named(shop, file, tmp_path):
    file.write_text(FILE.replace('phone = "020 7946 0000"', f'phone = "020 7946 0000"\n{NOTICE}'))

    def refused() -> str:
        with pytest.raises(CapsuleMistakes) as wrong:
            seeding.open_boutiques(shop, file=file)
        return str(wrong.value.mistakes[0])

    assert "boutiques[arcade].notice: notice.png is no picture" in refused()
    drawn(tmp_path / "notice.png", size=(799, 1100))
    assert "is 799 pixels wide; to be read whole it needs 800" in refused()
    drawn(tmp_path / "notice.png")
    whole = (tmp_path / "notice.png").read_bytes()
    (tmp_path / "notice.png").write_bytes(whole[: len(whole) // 2])
    assert "is no picture that can be read" in refused()
    drawn(tmp_path / "notice.png", size=(900, 1500), kind="BMP")
    assert "bytes; a tablet takes" in refused()


def test_a_mark_is_taken_with_its_boutique_and_a_bad_one_is_named(shop, file, tmp_path):
    file.write_text(FILE.replace('phone = "020 7946 0000"', 'phone = "020 7946 0000"\nlogo = "mark.png"'))
    with pytest.raises(CapsuleMistakes) as wrong:
        seeding.open_boutiques(shop, file=file)
    assert "boutiques[arcade].logo: mark.png is no picture" in str(wrong.value.mistakes[0])
    mark = Image.new("1", (16, 2), 1)
    mark.putpixel((0, 0), 0)
    mark.save(tmp_path / "mark.png")
    seeding.open_boutiques(shop, file=file)
    with shop.read() as look:
        logo = look.get_one(Boutique, "arcade").logo
    assert (logo["width"], logo["bits"]) == (16, "80000000")
