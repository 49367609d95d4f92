"""A browser becomes a tablet at a door; slips and the reader's screen are for tablets only."""

from datetime import timedelta

import httpx
import pytest
from pydantic import HttpUrl
from sqlmodel import func, select

from pos.books import audit
from pos.errors import RecordsTrouble
from pos.models import Boutique, Device, Order, Printer, PrintJob, Reader, Role, Staff
from pos.paper import desk
from pos.people import devices, pins, staff
from tests.web.conftest import open_doors

PAGE = {"Accept": "text/html"}


def offered(shop, **given):
    return "/enrol/" + devices.issue(shop, **({"boutique_id": "demo", "label": "Window"} | given))


def test_an_enrolment_address_makes_a_tablet_and_shows_it_the_shop(web, shop, sale):
    answer = web.get(offered(shop))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    for word in ("vitrine_device=", "HttpOnly", "SameSite=lax", "Path=/", "Max-Age=34560000"):
        assert word in cookie
    assert "Secure" not in cookie
    assert devices.known(shop, cookie=web.cookies[devices.COOKIE]).label == "Window"


def test_behind_tls_the_cookie_never_travels_in_the_clear(shop, sale):
    shop.settings = shop.settings.model_copy(update={"cookie_secure": True})
    with open_doors(shop) as web:
        assert "Secure" in web.get(offered(shop)).headers["set-cookie"]


def test_the_address_opens_once(web, shop, sale):
    address = offered(shop)
    web.get(address)
    web.cookies.clear()
    again = web.get(address)
    assert again.status_code == 410
    assert "set-cookie" not in again.headers
    assert "good once" in again.text
    assert "une fois" in web.get(address, headers={"Accept-Language": "fr"}).text


def test_an_old_or_guessed_address_does_not_open(web, shop, sale, clock):
    address = offered(shop)
    clock.move(timedelta(hours=25))
    assert web.get(address).status_code == 410
    assert web.get("/enrol/guess").status_code == 410


def test_a_preview_does_not_spend_the_address(web, shop, sale):
    address = offered(shop)
    assert web.head(address).status_code == 204
    assert web.get(address).status_code == 303


def test_records_that_cannot_be_reached_do_not_spend_it_either(web, shop, sale):
    address = offered(shop)
    with shop.records.writing.begin() as breaking:
        breaking.exec_driver_sql("ALTER TABLE enrol_token RENAME TO away")
    assert web.get(address).status_code == 503
    with shop.records.writing.begin() as mending:
        mending.exec_driver_sql("ALTER TABLE away RENAME TO enrol_token")
    assert web.get(address).status_code == 303


@pytest.fixture
def demo(shop, sale):
    shop.settings = shop.settings.model_copy(update={"auto_enrol": "demo"})
    with open_doors(shop) as browser:
        yield browser


def tablets(shop):
    with shop.read() as look:
        return look.exec(select(func.count()).select_from(Device)).one()


def test_in_a_demonstration_a_browser_is_taken_in_with_its_first_page(demo, shop):
    before = tablets(shop)
    assert demo.get("/", headers=PAGE).text == "<html><body>a screen</body></html>"
    assert devices.known(shop, cookie=demo.cookies[devices.COOKIE]).boutique_id == "demo"
    assert "set-cookie" not in demo.get("/", headers=PAGE).headers
    assert tablets(shop) == before + 1


def test_a_cookie_of_another_day_is_replaced(demo, shop):
    demo.cookies.set(devices.COOKIE, "stale")
    assert "set-cookie" in demo.get("/", headers=PAGE).headers


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"Accept": "*/*"}),
        ("/healthz", PAGE),
        ("/01/09521234543213/21/A1", PAGE),
        ("/enrol/guess", PAGE),
        ("/_stcore/health", PAGE),
    ],
)
def test_only_whoever_opens_a_screen_is_taken_in(demo, shop, path, headers):
    before = tablets(shop)
    assert "set-cookie" not in demo.get(path, headers=headers).headers
    assert tablets(shop) == before


def test_outside_a_demonstration_nobody_is(web, shop, sale):
    assert "set-cookie" not in web.get("/", headers=PAGE).headers


def test_a_demonstration_without_its_boutique_still_opens(shop, sale):
    shop.settings = shop.settings.model_copy(update={"auto_enrol": "nowhere"})
    with open_doors(shop) as browser:
        answer = browser.get("/", headers=PAGE)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


@pytest.fixture
def slip(shop, tablet, monkeypatch):
    """A slip of another tablet's sale, in this boutique; its picture is not what is tested here."""
    with shop.write() as tx:
        audit.record(tx, "slip queued", "slip", by="test")
        tx.add(Printer(id="printer", boutique_id="demo", label="Printer", host="127.0.0.1"))
        tx.flush()
        tx.add(
            PrintJob(
                id="slip", printer_id="printer", order_id="order", kind="sales", facts={}, queued_at=shop.clock.now()
            )
        )
        tx.add(Staff(id="ann", boutique_id="demo", name="Ann", role=Role.STAFF, pin_hash=pins.HASHER.hash("246810")))
        tx.add(Staff(id="brand", name="Brand", role=Role.BRAND, pin_hash=pins.HASHER.hash("998877")))
    monkeypatch.setattr(desk, "picture", lambda shop, *, job_id: b"PNG of " + job_id.encode())
    return "/slips/slip.png"


def sold_here(shop, tablet):
    with shop.write() as tx:
        audit.record(tx, "moved", "order", by="test")
        tx.get(Order, "order").device_id = tablet.device_id


def test_a_tablet_sees_the_slips_of_its_own_sales(web, shop, tablet, slip):
    sold_here(shop, tablet)
    answer = web.get(slip)
    assert (answer.status_code, answer.content) == (200, b"PNG of slip")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_slip_that_cannot_be_drawn_is_no_error_of_the_shop(web, shop, tablet, slip, monkeypatch):
    sold_here(shop, tablet)
    monkeypatch.undo()  # its facts are empty
    answer = web.get(slip)
    assert (answer.status_code, answer.text) == (404, "This slip cannot be drawn.\n")


def test_a_slip_of_another_tablet_is_seen_by_staff_only(web, shop, tablet, slip):
    assert web.get(slip).status_code == 404
    staff.unlock(shop, device_id=tablet.device_id, staff_id="brand", pin="998877")
    assert web.get(slip).status_code == 404
    staff.unlock(shop, device_id=tablet.device_id, staff_id="ann", pin="246810")
    assert web.get(slip).status_code == 200


def test_a_slip_of_another_boutique_is_not_seen_even_by_staff(web, shop, tablet, slip):
    with shop.write() as tx:
        audit.record(tx, "moved", "order", by="test")
        tx.add(Boutique(id="yard", name="Yard", address=[], vat_number="GB 0", hours={}))
        tx.flush()
        tx.get(Order, "order").boutique_id = tx.get(Printer, "printer").boutique_id = "yard"
    staff.unlock(shop, device_id=tablet.device_id, staff_id="ann", pin="246810")
    assert web.get(slip).status_code == 404


def test_a_stranger_sees_no_slip_and_does_not_learn_of_any(web, shop, tablet, slip):
    sold_here(shop, tablet)
    web.cookies.clear()
    there, missing = web.get(slip), web.get("/slips/missing.png")
    assert (there.status_code, there.text) == (missing.status_code, missing.text) == (404, "There is no such slip.\n")


class Screen(httpx.AsyncBaseTransport):
    """A reader's screen somewhere else."""

    def __init__(self) -> None:
        self.answer = httpx.Response(200, text="<p>Tap", headers={"content-type": "text/html", "set-cookie": "no=1"})
        self.asked = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method, str(request.url), await request.aread(), dict(request.headers)))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def screen(shop, tablet, monkeypatch):
    with shop.write() as tx:
        audit.record(tx, "reader added", None, by="test")
        tx.add(Reader(id="tmr_1", boutique_id="demo", label="Reader"))
        tx.flush()
        tx.get(Device, tablet.device_id).reader_id = "tmr_1"
    shop.settings = shop.settings.model_copy(
        update={"reader_screen_url": HttpUrl("http://127.0.0.1:12111/_sandbox/reader/tmr_1")}
    )
    far, client = Screen(), httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **words: client(transport=far, **words))
    return far


def test_a_tablet_sees_the_screen_of_its_reader(web, screen):
    answer = web.get("/reader-screen/tmr_1?lang=fr")
    assert (answer.status_code, answer.text) == (200, "<p>Tap")
    assert "set-cookie" not in answer.headers
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert screen.asked[0][:2] == ("GET", "http://127.0.0.1:12111/_sandbox/reader/tmr_1?lang=fr")


def test_a_tap_on_it_arrives_and_the_tablets_cookie_does_not(web, screen):
    web.post("/reader-screen/tmr_1/present", json={"card": "visa"})
    method, url, body, headers = screen.asked[0]
    assert (method, url) == ("POST", "http://127.0.0.1:12111/_sandbox/reader/tmr_1/present")
    assert body == b'{"card":"visa"}'
    assert "cookie" not in headers
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "path",
    ["tmr_1/%2E%2E", "tmr_1/..%2F..%2Ffaults", "tmr_1/a/b", "tmr_1/state%3Fx", "tmr_1/state.json", "tmr_2", "%2E%2E"],
)
def test_it_leads_nowhere_else(web, screen, path):
    assert web.get(f"/reader-screen/{path}").status_code in (404, 405)
    assert screen.asked == []


def test_a_stranger_sees_no_reader(web, screen):
    web.cookies.clear()
    assert web.get("/reader-screen/tmr_1").status_code == 404
    assert screen.asked == []


def test_where_a_reader_has_its_own_screen_there_is_nothing_to_show(web, shop, tablet):
    assert web.get("/reader-screen/tmr_1").status_code == 404


def test_too_much_in_either_direction_is_stopped(web, screen):
    assert web.post("/reader-screen/tmr_1/present", content=b"x" * 5000).status_code == 413
    screen.answer = httpx.Response(200, content=b"x" * 600_000)
    assert web.get("/reader-screen/tmr_1").status_code == 502


def test_a_screen_that_does_not_answer_is_said_so(web, screen):
    screen.answer = httpx.ConnectError("gone")
    answer = web.get("/reader-screen/tmr_1")
    assert (answer.status_code, answer.text) == (502, "The reader's screen does not answer now.\n")
    assert answer.headers["Refresh"] == "2", "it is asked again by itself: nobody can reload a frame"
    assert "Refresh" not in web.post("/reader-screen/tmr_1/present", json={}).headers


def test_a_browser_that_cannot_be_taken_in_now_reads_that_the_shop_is_shut(demo, shop, monkeypatch):
    def full(*_, **__):
        raise RecordsTrouble("the disk is full")

    monkeypatch.setattr(devices, "auto_enrol", full)
    answer = demo.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "shut for a moment" in answer.text
    assert answer.headers["refresh"] == "10"
