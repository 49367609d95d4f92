"""Below a piece that is gone: leave a first name and a way to be reached, or type the code of what was offered."""

from kiosk import ask, draw, notices, session, state
from kiosk.session import Here
from kiosk.words import Words
from pos.catalogue.views import VariantView
from pos.paper import letters
from pos.selling import offers, waiting

NAME, CONTACT, AGREED, CODE = "waiting_name", "waiting_contact", "waiting_agreed", "waiting_code"


def show(here: Here, piece: VariantView) -> None:
    """The list of this piece, and the way to take what one was offered."""
    say = here.say
    with draw.laid("waiting", "vt-together st-key-waiting"):
        draw.heading(say("waiting.title"))
        joined = state.get("waiting_joined")
        if joined and joined[0] == piece.sku:
            words = say("waiting.first" if joined[1] == 1 else "waiting.place", n=joined[1])
            draw.html(f'<p class="vt-lead" role="status">{draw.safe(words)}</p>')
        else:
            _ask(here, piece, say)
        notices.show(at="waiting")
        _code(here, say)


def _ask(here: Here, piece: VariantView, say: Words) -> None:
    draw.quiet(say("waiting.line"))
    ask.line(say("waiting.name"), key=NAME, most=waiting.LONGEST_NAME)
    ask.line(say("waiting.contact"), key=CONTACT, most=letters.LONGEST)
    agreed = _agreed(piece.sku)
    ask.tick(_consent(here), key=agreed)
    ready = bool(state.get(agreed) and state.get(CONTACT))
    draw.plain(say("waiting.join"), key="go_wait", act=_join, args=(here, piece.sku), rests=not ready)


def _code(here: Here, say: Words) -> None:
    ask.tick(say("waiting.has_code"), key="waiting_has_code")
    if not state.get("waiting_has_code"):
        return
    ask.line(say("waiting.code"), key=CODE, most=20)
    draw.plain(say("waiting.take"), key="go_claim", act=claim, args=(here, ""))


def _consent(here: Here) -> str:
    return here.say.counted("waiting.consent", here.shop.settings.waiting_days)


def _agreed(sku: str) -> str:
    """Where it is kept that one agreed to be told of this piece; to wait for another is agreed to anew."""
    return f"{AGREED}_{sku}"


def _join(here: Here, sku: str) -> None:
    """What is agreed to is what stands beside the box, in the language it was read in."""
    with notices.on_screen(at="waiting"):
        place = waiting.join(
            here.shop,
            sku=sku,
            name=str(state.get(NAME) or ""),
            contact=str(state.get(CONTACT) or ""),
            words=_consent(here) if state.get(_agreed(sku)) else "",
            device_id=here.device.device_id,
            language=here.language,
        )
        state.put("waiting_joined", (sku, place))
        for field in (NAME, CONTACT):
            state.put(field, "")
        state.take(_agreed(sku))


def claim(here: Here, code: str, *, to: str = "piece") -> None:
    """The offered piece into this basket, then on to its page: its size and its words are still to be chosen."""
    with notices.on_screen(at="waiting"):
        held = offers.claim(here.shop, code=code or str(state.get(CODE) or ""), basket_id=here.basket_id())
        state.put(CODE, "")
        session.go(to, **({"sku": held.sku, "item": held.item_id} if to == "piece" else {}))
