"""The page of a pay link, as the shopper sees it at home: the amount, a test card to choose, and pay."""

from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pos.sandbox.stripe import sessions
from pos.sandbox.stripe.cards import VISA
from pos.sandbox.stripe.errors import Refused, Thing
from pos.sandbox.stripe.world import World

CARDS = {
    "4242 4242 4242 4242 (paid)": VISA,
    "4000 0000 0000 9995 (no funds)": "4000000000009995",
    "4000 0000 0000 0069 (expired)": "4000000000000069",
}
_Handler = Callable[[Request], Awaitable[Response]]
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Pay (stand-in for Stripe)</title>
<style>body{{font:17px/1.5 system-ui;max-width:26rem;margin:12vh auto;padding:0 1.2rem;color:#1b1b1b}}
h1{{font-size:2.2rem;margin:.2em 0}}button,select{{font:inherit;width:100%;min-height:3rem;margin:.4rem 0}}
p.no{{color:#9b1c1c}}small{{color:#6b6b6b}}</style>
<small>Stand-in for Stripe’s page. No real card, no real money.</small>{body}</html>"""


def routes(world: World) -> list[Route]:
    """The page of a session, and paying on it."""
    return [
        Route("/checkout/{session}", _page(world)),
        Route("/checkout/{session}", _pay(world), methods=["POST"]),
    ]


def _page(world: World) -> _Handler:
    async def page(request: Request) -> Response:
        with world.acting():
            try:
                session = sessions.current(world, request.path_params["session"])
            except Refused as refusal:
                return _shown(f"<p>{escape(str(refusal))}</p>", 404)
            return _shown(_form(session))

    return page


def _pay(world: World) -> _Handler:
    async def pay(request: Request) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        key = request.path_params["session"]
        with world.acting():
            try:
                refused = sessions.pay(world, key, number=form.get("card", [""])[0])
                session = sessions.current(world, key)
            except Refused as refusal:
                return _shown(f'<p class="no">{escape(str(refusal))}</p>', refusal.status)
            if refused is not None:
                return _shown(_form(session, refused=refused), 402)
            return RedirectResponse(session["success_url"], 303)

    return pay


def _form(session: Thing, *, refused: str | None = None) -> str:
    if session["status"] != "open":
        return f"<p>This link is {escape(session['status'])}.</p>"
    amount = f"{session['amount_total'] / 100:,.2f} {session['currency'].upper()}"
    chosen = "".join(f'<option value="{number}">{escape(name)}</option>' for name, number in CARDS.items())
    back = f'<p><a href="{escape(session["cancel_url"])}">Not now</a></p>' if session["cancel_url"] else ""
    no = f'<p class="no" role="alert">{escape(refused)}</p>' if refused else ""
    return (
        f'<h1>{amount}</h1>{no}<form method="post"><label>Card<select name="card">{chosen}</select></label>'
        f"<button>Pay</button></form>{back}"
    )


def _shown(body: str, status: int = 200) -> Response:
    return HTMLResponse(PAGE.format(body=body), status)
