"""Passing a piece on, on the public page: the owner gets a code for the short code on the paper, the new one confirms.

Nothing here knows a visitor: there is no cookie and no login, so another site that sends this form for somebody gains
nothing it could not send itself. It is refused all the same: a form comes from our own page (what the browser says of
its origin) and bears a mark that only our page of this certificate has, good for an hour or two.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from html import escape
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pos.errors import ShopError, TooManyTries, Unknown, WrongState
from pos.proof import hand_over
from pos.proof.register import Record
from pos.shop import Shop
from pos.web.bodies import TooLarge, body_of
from pos.web.certificate_page import IN_FORCE, moment
from pos.web.sheets import sheet
from pos.words import part_of

WORDS = part_of("web", "hand_over")
ASKED = {"do": "hand-over"}
LARGEST = 2048  # bytes of a form
A_MARK = timedelta(hours=1)
ODD = 403  # a form that is not from our page


def is_asked(request: Request) -> bool:
    """Whether the hand-over of a certificate is asked for, not its page."""
    return request.query_params.get("do") == ASKED["do"]


async def answer(shop: Shop, request: Request, record: Record, *, language: str) -> Response:
    """The page of the hand-over, or what became of a form that was sent. Raises RecordsTrouble."""
    if record.standing not in IN_FORCE:
        return _said(shop, record, language, "not_in_force", status=409)
    if request.method != "POST":
        return _forms(shop, record, language)
    try:
        form = parse_qs((await body_of(request, most=LARGEST)).decode("ascii", "replace"), max_num_fields=8)
    except (TooLarge, ValueError):
        return _said(shop, record, language, "not_ours", status=ODD)
    said = {name: values[0] for name, values in form.items()}
    if not _is_from_here(request) or not _is_ours(shop, record, said.get("mark", "")):
        return _said(shop, record, language, "not_ours", status=ODD)
    try:
        return await run_in_threadpool(_carried_out, shop, request, record, said, language)
    except TooManyTries as refusal:
        return _forms(shop, record, language, trouble=WORDS[language]["wait"].format(wait=refusal.wait), status=429)
    except (Unknown, WrongState) as refusal:
        return _forms(shop, record, language, trouble=WORDS[language][_why(refusal)], status=422)


def _carried_out(shop: Shop, request: Request, record: Record, said: dict[str, str], language: str) -> Response:
    if "code" in said:
        hand_over.confirm(shop, certificate_id=record.certificate_id, code=said["code"])
        back = request.scope["query_string"].decode("latin-1").replace("&do=hand-over", "")
        return RedirectResponse(f"?{back}", 303, headers={"Cache-Control": "no-store"})
    short = said.get("short", "")
    code, until = hand_over.offer(shop, certificate_id=record.certificate_id, short_code=short)
    return _told(shop, record, language, code, until)


def _why(refusal: ShopError) -> str:
    if isinstance(refusal, WrongState):
        return "not_in_force"
    return "wrong_code" if refusal.kind == hand_over.CODE else "wrong_short"


def _forms(shop: Shop, record: Record, language: str, *, trouble: str = "", status: int = 200) -> Response:
    words, mark = WORDS[language], escape(_mark(shop, record, shop.clock.now()))

    def form(name: str) -> str:
        return (
            f"<section><h2>{escape(words[name])}</h2><p>{escape(words[f'{name}_line'])}</p>"
            f'<form method="post"><input type="hidden" name="mark" value="{mark}">'
            f'<label for="{name}">{escape(words[f"{name}_label"])}</label>'
            f'<input id="{name}" name="{name}" autocomplete="off" autocapitalize="characters" spellcheck="false" '
            f'maxlength="24" required><button>{escape(words[f"{name}_do"])}</button></form></section>'
        )

    warned = f'<p class="lead trouble" role="alert">{escape(trouble)}</p>' if trouble else ""
    return _page(shop, record, language, warned + form("code") + form("short"), status=status)


def _told(shop: Shop, record: Record, language: str, code: str, until: datetime) -> Response:
    words = WORDS[language]
    good = words["good_until"].format(until=moment(until, language))
    body = (
        f'<section role="status"><h2>{escape(words["your_code"])}</h2><p class="code">{escape(code)}</p>'
        f"<p>{escape(good)}</p><p>{escape(words['your_code_line'])}</p></section>"
    )
    return _page(shop, record, language, body)


def _said(shop: Shop, record: Record, language: str, what: str, *, status: int) -> Response:
    return _page(shop, record, language, f'<p class="lead">{escape(WORDS[language][what])}</p>', status=status)


def _page(shop: Shop, record: Record, language: str, body: str, *, status: int = 200) -> Response:
    words, said = WORDS[language], record.statement or {}
    head = (
        f'<header><p class="eyebrow">{escape(said["piece"][language])} · {escape(said["serial"])}</p>'
        f"<h1>{escape(words['title'])}</h1></header>"
    )
    house = shop.settings.house_name
    return sheet(head + body, title=words["title"], language=language, status=status, house=house, forms=True)


def _is_from_here(request: Request) -> bool:
    """What the browser itself says of where a form comes from; an old one that says nothing is judged by the mark."""
    return request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


def _is_ours(shop: Shop, record: Record, mark: str) -> bool:
    now = shop.clock.now()
    known = [_mark(shop, record, now), _mark(shop, record, now - A_MARK)]
    return any([hmac.compare_digest(mark.encode(), one.encode()) for one in known])


def _mark(shop: Shop, record: Record, at: datetime) -> str:
    hour = int(at.timestamp() // A_MARK.total_seconds())
    words = f"{record.certificate_id} {hour}".encode()
    return hmac.new(shop.keys.secret("hand-over form"), words, hashlib.sha256).hexdigest()
