"""What stands before every door: headers, shut doors, health, Stripe's knock, pictures."""

import hashlib
import hmac
import json
import time

import pytest
from PIL import Image
from sqlmodel import func, select

from pos.models import StripeEvent
from pos.people import seeding
from pos.settings import HOUSE
from pos.web import webhook
from tests.web.conftest import open_doors

EVENT = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "type": "terminal.reader.action_succeeded",
        "livemode": False,
        "data": {"object": {"id": "tmr_1", "object": "terminal.reader", "action": None}},
    }
).encode()


def knock(web, raw=EVENT, *, secret="whsec_tests", at=None, age=0):
    stamp = int(time.time()) - age if at is None else at
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    return web.post("/stripe/webhook", content=raw, headers={"Stripe-Signature": f"t={stamp},v1={signature}"})


def heard(shop):
    with shop.read() as look:
        return look.exec(select(func.count()).select_from(StripeEvent)).one()


def test_stripe_is_heard_once(web, shop):
    assert knock(web).status_code == 200
    assert knock(web).status_code == 200
    assert heard(shop) == 1


@pytest.mark.parametrize("given", [{"secret": "whsec_other"}, {"age": 3600}, {"at": "soon"}])
def test_whoever_is_not_stripe_learns_nothing(web, shop, given):
    answer = knock(web, **given)
    assert (answer.status_code, answer.text) == (400, "Refused.\n")
    assert heard(shop) == 0


def test_a_knock_without_a_signature_or_without_an_event_is_refused(web, shop):
    assert web.post("/stripe/webhook", content=EVENT).status_code == 400
    assert knock(web, b"no event").status_code == 400
    assert web.get("/stripe/webhook").status_code == 405
    assert heard(shop) == 0


def test_a_flood_is_not_read_to_its_end(web, monkeypatch):
    monkeypatch.setattr(webhook, "LARGEST_EVENT", 1000)
    read = []

    def flood():
        for _ in range(10_000):
            read.append(1)
            yield b"x" * 100

    assert web.post("/stripe/webhook", content=flood()).status_code == 413


def test_a_shop_that_cannot_write_asks_stripe_to_come_again(web, shop):
    with shop.records.writing.begin() as breaking:
        breaking.exec_driver_sql("DROP TABLE stripe_event")
    assert knock(web).status_code == 503


def test_the_shop_says_that_it_is_open_and_which_process_answers(web, shop):
    answer = web.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "boot": shop.name, "records": True}
    assert answer.headers["cache-control"] == "no-store"


def test_a_shop_without_records_is_not_open(web, shop, tmp_path):
    shop.records.close()
    for file in tmp_path.glob("vitrine.db*"):
        file.unlink()
    (tmp_path / "vitrine.db").mkdir()
    answer = web.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["ok"] is False


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "//_stcore/metrics"]
)
def test_streamlits_open_doors_are_shut(web, path):
    for answer in (web.get(path), web.post(path)):
        assert answer.status_code == 404
        assert "a screen" not in answer.text


def test_the_rest_of_streamlit_is_not(web):
    assert web.get("/_stcore/health").status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz", "/_stcore/health", "/_stcore/metrics", "/enrol/guess", "/nothing"])
def test_every_answer_stays_in_its_own_frame(web, path):
    headers = web.get(path).headers
    assert "frame-ancestors" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert "strict-transport-security" not in headers


def test_behind_tls_browsers_are_told_to_stay_there(shop):
    shop.settings = shop.settings.model_copy(update={"cookie_secure": True})
    with open_doors(shop) as web:
        assert "max-age" in web.get("/healthz").headers["strict-transport-security"]


@pytest.fixture
def capsules(shop, tmp_path):
    media = tmp_path / "data" / "capsules" / "notebook" / "media"
    media.mkdir(parents=True)
    (media / "hero.webp").write_bytes(b"RIFF")
    (media / "hero.png").write_bytes(b"PNG")
    (media.parent / "capsule.toml").write_text("cost_minor = 7400")
    (tmp_path / "data" / "secret.webp").write_bytes(b"no")
    (media / "link.webp").symlink_to(tmp_path / "data" / "secret.webp")
    shop.settings = shop.settings.model_copy(update={"data_dir": tmp_path / "data"})


def test_a_picture_is_kept_by_the_browser(shop, capsules):
    with open_doors(shop) as web:
        first = web.get("/pictures/notebook/media/hero.webp")
        assert (first.status_code, first.content) == (200, b"RIFF")
        assert first.headers["content-type"] == "image/webp"
        assert "max-age=86400" in first.headers["cache-control"]
        again = web.get("/pictures/notebook/media/hero.webp", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "notebook/capsule.toml",
        "notebook/media/hero.png",
        "notebook/media/missing.webp",
        "notebook/media/",
        "notebook/media/link.webp",
        "notebook/media/..%2Fcapsule.toml",
        "..%2Fsecret.webp",
        "notebook%2F..%2F..%2Fsecret.webp",
        "notebook/media/..%5C..%5Csecret.webp",
        "notebook/media/hero.webp%00.webp",
    ],
)
def test_nothing_else_of_a_capsule_can_be_fetched(shop, capsules, path):
    with open_doors(shop) as web:
        assert web.get(f"/pictures/{path}").status_code == 404


def test_the_dealers_notice_of_a_boutique_is_served_whole_and_no_other_file_of_its_folder(shop, tmp_path):
    given = Image.new("RGB", (900, 1270), "white")
    given.save(tmp_path / "notice.png")
    house = (HOUSE / "data" / "boutique.toml").read_text("utf-8")
    words = house.replace('logo = "lantern.png"', 'notice = { file = "notice.png", version = "B", dated = 2021-10-01 }')
    (tmp_path / "boutique.toml").write_text(words, "utf-8")
    seeding.open_boutiques(shop, file=tmp_path / "boutique.toml")
    shop.settings = shop.settings.model_copy(update={"data_dir": tmp_path})
    with open_doors(shop) as web:
        answer = web.get("/dealers-notice/demo")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.content == (tmp_path / "notice.png").read_bytes()
        for other in ("demo-pets", "nowhere", "..%2Fboutique.toml", "boutique.toml"):
            assert web.get(f"/dealers-notice/{other}").status_code == 404, other
        (tmp_path / "notice.png").unlink()
        assert web.get("/dealers-notice/demo").status_code == 404


@pytest.mark.parametrize("path", ["/shop/story", "/counter/sell", "/brand/board?capsule=x"])
def test_an_address_below_a_screen_leads_to_the_first_one(web, path):
    answer = web.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/")


def test_what_a_screen_is_made_of_is_not_led_away(web):
    assert web.get("/static/js/index.js", headers={"Accept": "*/*"}).status_code == 404  # Streamlit's, not ours to move


def test_the_engraver_s_face_is_served_to_type_words_in_and_no_other_file_beside_it(shop):
    with open_doors(shop) as web:
        answer = web.get("/fonts/engraver.ttf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "font/ttf")
        assert "max-age=86400" in answer.headers["cache-control"]
        assert web.get("/fonts/OFL.txt").status_code == 404
