"""`make run`, as a person meets it: three addresses, the PINs, nothing alarming; a second start keeps everything."""

import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House, opened


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One open house for this file."""
    with opened(tmp_path_factory.mktemp("house")) as house:
        yield house


def test_it_says_where_everything_is_and_nothing_alarming(house: House) -> None:
    words = "\n".join(house.said)
    addresses = re.findall(r"http://127\.0\.0\.1:\d+(/\S*)", words)
    assert addresses == ["/", "/counter", "/board"]
    assert {"Counter", "Manager", "Brand"} <= set(house.pins)
    assert not re.search(r"warn|error|traceback|deprecat|secret|sk_test", words, re.IGNORECASE)


def test_every_address_answers(house: House) -> None:
    for path in ("/", "/counter", "/board"):
        assert house.get(path)[0] == 200
    assert house.healthy()["records"] is True


def test_streamlit_s_other_doors_are_shut(house: House) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json"):
        with pytest.raises(urllib.error.HTTPError) as shut:
            house.get(path)
        assert shut.value.code == 404


def test_the_doctor_finds_everything_well(house: House) -> None:
    told = house.run("doctor")
    lines = told.stdout.splitlines()
    assert (told.returncode, told.stderr) == (0, "")
    assert [line.removeprefix("well").split()[0].rstrip(":") for line in lines] == [
        "records", "Stripe", "webhook", "reader", "printer", "payments", "refunds", "slips", "mail", "disk", "clock",
        "keys",
    ]  # fmt: skip
    assert all(line.startswith("well") for line in lines)


def test_a_second_start_over_the_same_folder_is_told_so(house: House) -> None:
    told = house.run("run")
    assert told.returncode == 2
    assert told.stderr.count("\n") == 1


def test_a_port_in_use_is_one_sentence(house: House, tmp_path: Path) -> None:
    other = House(tmp_path)
    other._given["PORT"] = house.address.rsplit(":", 1)[1]
    told = other.run("run")
    assert told.returncode == 2
    assert "PORT" in told.stderr
    assert "cannot be used" in told.stderr
    assert told.stderr.count("\n") == 1


def test_an_open_demonstration_is_not_reset(house: House) -> None:
    told = house.run("reset")
    assert told.returncode == 2
    assert "stop it first" in told.stderr


def test_shut_and_opened_again_it_is_the_same_house(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        before = house.pins, house.outside.reader_id, house.outside.printer["port"], house.address
        sandbox = house.outside.told["stripe"]["url"]
        sold = house.run("demo", "--here", "--json")
        assert sold.returncode == 0, sold.stdout + sold.stderr
        assert house.shut() == 0
        _wait_until_nobody_answers(sandbox)
        house.open()
        assert (house.pins, house.outside.reader_id, house.outside.printer["port"], house.address) == before
        again = house.run("demo", "--here", "--json")
        assert '"number": 2' in again.stdout, "number 1 was sold before"
        house.kill()
        _wait_until_nobody_answers(sandbox)
        reset = house.run("reset")
        assert reset.returncode == 0, reset.stderr
        assert {left.name for left in tmp_path.iterdir()} == {"keys", "open.lock"}


def test_open_to_the_network_a_tablet_needs_its_address(tmp_path: Path) -> None:
    with opened(tmp_path, HOST="0.0.0.0") as house:
        words = "\n".join(house.said)
        offered = re.findall(r"http://\S+(/enrol/\S+)", words)
        assert len(offered) == 2
        assert words.count("▄▄▄▄▄▄▄") >= 4, "no QR codes"
        port = int(house.address.rsplit(":", 1)[1])
        stranger = _ask(port, "/")
        assert "vitrine_device" not in stranger
        assert "vitrine_device" in _ask(port, offered[0])
        assert "vitrine_device" not in _ask(port, offered[0]), "an address makes one tablet"


def _ask(port: int, path: str) -> str:
    """The Set-Cookie header of an answer on this machine, redirects not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: object, **named: object) -> None:
            return None

    try:
        answer = urllib.request.build_opener(Stay).open(f"http://127.0.0.1:{port}{path}", timeout=30)
        return str(answer.headers.get("Set-Cookie") or "")
    except urllib.error.HTTPError as refused:
        return str(refused.headers.get("Set-Cookie") or "")


def _wait_until_nobody_answers(url: str) -> None:
    """The stand-ins go when the shop is gone, however it went."""
    host, port = url.removeprefix("http://").split(":")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as line:
            if line.connect_ex((host, int(port))) != 0:
                return
        time.sleep(0.1)
    raise AssertionError("the sandbox is still there")
