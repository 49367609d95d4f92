"""The basket: what is kept and for how long, when it is collected, what is due now and later, the terms, and pay."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from kiosk import ask, basket_bar, by_mail, draw, keeping, notices, proving, session, slots, state, theme
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import VariantView
from pos.errors import PriceMoved
from pos.models import Role
from pos.selling import basket, checkout, proofs
from pos.selling.views import BasketLine, BasketView, Choice, Quote

LOOK_EVERY = 20  # seconds: holds end by the clock, whether or not anybody touches the screen

here = session.require(Role.SHOPPER)
first = here.held()
BASKET = first.basket_id


def put_back(line: BasketLine) -> None:
    with notices.on_screen():
        basket.release(here.shop, basket_id=BASKET, item_id=line.item_id)


def keep_again(line: BasketLine) -> None:
    """The same number once more, if it is still free; a bundle is kept again as a whole, on its own page."""
    with notices.on_screen():
        if line.bundle_id:
            basket.release(here.shop, basket_id=BASKET, item_id=line.item_id)
            session.go("bundle", bundle=line.bundle_id)
            return
        kept = {name: getattr(line, name) for name in ("number", "size", "engraving", "extras", "species", "collar")}
        wish = Choice(line.sku, **kept)
        basket.hold(here.shop, basket_id=BASKET, choice=wish)


def longer() -> None:
    with notices.on_screen():
        basket.extend(here.shop, basket_id=BASKET)


def pay(held: BasketView, shown: Quote) -> None:
    """Open the order at exactly the price on this screen."""
    if not state.get("terms"):
        return  # taken back with the touch before this one, while the screen was being drawn
    with notices.on_screen():
        try:
            order_id = checkout.open(
                here.shop,
                quote=shown,
                device_id=here.device.device_id,
                terms_version=here.say("basket.terms_version"),
                keep_card=keeping.consent(shown, here.say),
            )
        except PriceMoved:
            state.take("terms")
            raise
        by_mail.agree_before(here, held, order_id=order_id)
        session.go("pay", order=order_id)


def missing_for(
    held: BasketView, pieces: dict[str, VariantView], proved: Collection[str], pickup: str, say: Words
) -> str:
    """What still stands between a basket and its payment, as one sentence; empty where nothing does."""
    if held.lapsed:
        return say("basket.pay_first_lapsed")
    if any(pieces[line.sku].sizes and not line.size for line in held.lines):
        return say("basket.pay_first_size")
    if any(line.engraving and line.item_id not in proved for line in held.lines):
        return say("basket.pay_first_proof")
    if not pickup:
        return say("basket.pay_first_slot")
    return "" if state.get("terms") else say("basket.pay_first_terms")


def row(line: BasketLine, piece: VariantView, say: Words, *, lapsed: bool = False) -> None:
    with draw.together("vt-kept"):
        draw.html(
            f'<div class="vt-held"><div class="vt-frame">{draw.img(piece.hero, thumb=True, initials=piece.sku)}</div>'
            f"<div><b>{draw.safe(piece.name)}</b>{wish(line, piece, say)}</div>"
            f'<p class="vt-price">{draw.safe(say.exact(line.list_minor))}</p></div>'
        )
        with draw.together("vt-acts"):
            if lapsed:
                words = say("basket.again_bundle" if line.bundle_id else "basket.again")
                draw.button(words, key=f"again_{line.item_id}", act=keep_again, args=(line,), css="vt-plain")
            else:
                quiet("change", line, session.go, say, "piece", sku=line.sku, item=line.item_id)
            # What lapsed is in the shop already: nothing of it is put back.
            one, whole = ("forget", "forget_bundle") if lapsed else ("remove", "remove_bundle")
            quiet(whole if line.bundle_group else one, line, put_back, say, line)


def quiet(name: str, line: BasketLine, act: Callable[..., None], say: Words, *args: Any, **kwargs: str) -> None:
    draw.button(say(f"basket.{name}"), key=f"link_{name}_{line.item_id}", act=act, args=args, kwargs=kwargs)


def wish(line: BasketLine, piece: VariantView, say: Words) -> str:
    """Number, size, services and words of one line, as markup."""
    size = next((one.name for one in piece.sizes if one.code == line.size), "")
    number = say("shop.number_of", n=line.number, total=piece.edition_size)
    services = [
        f"{extra.name}, {say.money(extra.price_minor) if extra.price_minor else say('basket.included')}"
        for extra in (*piece.extras, *piece.withdrawn)
        if extra.extra_id in line.extras
    ]
    plain = [say("basket.plain")] if piece.engraving and not line.engraving else []
    worn = [say(f"basket.for_{line.species}")] if line.species else []
    quiet_lines = [" · ".join(part for part in (number, size) if part), *worn, *services, *plain]
    below = "".join(f'<p class="vt-quiet">{draw.safe(words)}</p>' for words in quiet_lines)
    return below + "".join(f'<p class="vt-cut">{draw.safe(words)}</p>' for words in line.engraving)


def lines(held: BasketView, pieces: dict[str, VariantView], proved: Mapping[str, proofs.ProofView], say: Words) -> None:
    """What is kept and for how long, each engraving with its proof, and what it comes to."""
    with draw.together():
        basket_bar.clock(here, held)
        with draw.together("vt-block"):
            for line in held.lines:
                row(line, pieces[line.sku], say)
                if line.engraving:
                    proving.show(here, line, pieces[line.sku], proved.get(line.item_id), basket_id=BASKET)
            with draw.together():
                sums(held, pieces, say)


def sums(held: BasketView, pieces: dict[str, VariantView], say: Words) -> None:
    """Below what is kept: longer, what has lapsed, and what it comes to."""
    minutes = here.shop.settings.hold_extension_minutes
    if any(line.can_extend for line in held.lines):
        draw.button(say.counted("basket.extend", minutes), key="link_extend", act=longer)
    if held.lapsed:
        draw.heading(say("basket.lapsed"), level=2)
        draw.html(f'<p class="vt-trouble">{draw.safe(say("basket.lapsed_line"))}</p>')
        for line in held.lapsed:
            row(line, pieces[line.sku], say, lapsed=True)
    if held.quote:
        totals(held.quote, say)


def totals(quote: Quote, say: Words) -> None:
    rows = [(say("basket.total"), quote.total_minor), (say("basket.vat"), quote.vat_minor)]
    if quote.saving_minor:
        rows.insert(0, (say("basket.saving"), -quote.saving_minor))
    cells = "".join(
        f'<tr class="sum"><td class="vt-quiet">{draw.safe(name)}</td>'
        f'<td class="vt-quiet">{draw.safe(say.exact(minor))}</td></tr>'
        for name, minor in rows
    )
    draw.html(f'<table class="vt-lines">{cells}</table>')


def due(held: BasketView, quote: Quote, say: Words) -> None:
    parts = [(say("basket.due_now"), say.exact(quote.due_now_minor), "")]
    if quote.due_later_minor:
        later_on = say("basket.later_on", date=say.on(held.ready_on))
        parts.append((say("basket.due_later"), say.exact(quote.due_later_minor), later_on))
    draw.due(parts)


def terms(say: Words) -> None:
    draw.html("".join(f'<p class="vt-quiet vt-terms">{draw.safe(line)}</p>' for line in say.many("basket.terms_text")))
    ask.tick(say("basket.terms"), key="terms")


def bar(held: BasketView, missing: str, pickup: str, say: Words) -> None:
    with basket_bar.low():
        with draw.together("vt-block"):
            if held.quote:
                draw.price(say.exact(held.quote.due_now_minor), say("basket.due_now").lower())
            draw.quiet(missing or pickup)
        amount = say.exact(held.quote.due_now_minor) if held.quote else ""
        draw.primary(
            say("basket.pay", amount=amount),
            key="go_pay",
            rests=bool(missing) or held.quote is None,
            act=pay,
            args=(held, held.quote),
        )


def empty(say: Words) -> None:
    with theme.page("calm"), draw.laid("empty", "vt-calm st-key-calm"):
        notices.show()
        draw.heading(say("basket.empty"), level=2)
        draw.lead(say("basket.empty_line"))
        draw.primary(say("shop.home"), key="go_home", act=session.go, args=("",))
        basket_bar.footer(here, back=("basket", {}))


@session.part(here, run_every=LOOK_EVERY)
def contents(look: Callable[[], BasketView]) -> None:
    held, say = look(), here.say
    every = (*held.lines, *held.lapsed)
    if not every:
        st.rerun()
    pieces = showcase.named(here.shop, skus=[line.sku for line in every], language=here.language)
    cut = any(line.engraving for line in held.lines)
    proved = proofs.of_basket(here.shop, basket_id=BASKET) if cut else {}
    places = slots.places(here, capsules={pieces[line.sku].capsule_id for line in held.lines})
    with draw.laid("basket", "vt-block", parts=basket_bar.PARTS):
        with draw.together("vt-body vt-column vt-basket"):
            with draw.together():
                basket_bar.top(here, back=("story", {"capsule": pieces[every[0].sku].capsule_id}))
                draw.title(say("basket.title"))
            with draw.together("vt-pair"):
                with draw.together("vt-stays" if len(every) < 3 and not cut else "vt-block"):
                    lines(held, pieces, proved, say)
                with draw.together():
                    if held.quote:
                        slots.choose(here, held, places)
                        due(held, held.quote, say)
                        keeping.offer(held.quote, say)
                        by_mail.offer(held, say)
                        terms(say)
            basket_bar.footer(here, back=("basket", {}))
        pickup = slots.chosen(held, places, say)
        bar(held, missing_for(held, pieces, proved, pickup, say), pickup, say)


def the_basket() -> BasketView:
    return basket.view(here.shop, basket_id=BASKET)


if first.lines or first.lapsed:
    with theme.page("basket"):
        contents(session.seen_first(first, the_basket))
else:
    empty(here.say)
