"""The basket: what is kept and for how long, when it is collected, what is due now and later, the terms, and pay."""

from dataclasses import dataclass

import streamlit as st

from kiosk import basket_bar, draw, notices, session, slots, state, theme
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import VariantView
from pos.errors import PriceMoved
from pos.models import Role
from pos.selling import basket, checkout
from pos.selling.views import BasketLine, BasketView, Choice, Quote

here = session.require(Role.SHOPPER)
BASKET = here.basket_id()


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
        wish = Choice(line.sku, number=line.number, size=line.size, engraving=line.engraving, extras=line.extras)
        basket.hold(here.shop, basket_id=BASKET, choice=wish)


def longer() -> None:
    with notices.on_screen():
        basket.extend(here.shop, basket_id=BASKET)


def pay(shown: Quote) -> None:
    """Open the order at exactly the price on this screen."""
    with notices.on_screen():
        try:
            order_id = checkout.open(
                here.shop,
                quote=shown,
                device_id=here.device.device_id,
                terms_version=here.say("basket.terms_version"),
            )
        except PriceMoved:
            state.take("terms")
            raise
        session.go("pay", order=order_id)


@dataclass(frozen=True)
class Missing:
    """What still stands between a basket and its payment, as one sentence."""

    words: str

    @classmethod
    def of(cls, held: BasketView, pieces: dict[str, VariantView], say: Words) -> "Missing | None":
        if held.lapsed:
            return cls(say("basket.pay_first_lapsed"))
        if any(pieces[line.sku].sizes and not line.size for line in held.lines):
            return cls(say("basket.pay_first_size"))
        if held.pickup_start is None:
            return cls(say("basket.pay_first_slot"))
        return None if state.get("terms") else cls(say("basket.pay_first_terms"))


def row(line: BasketLine, piece: VariantView, say: Words, *, lapsed: bool = False) -> None:
    extras = {extra.extra_id: extra for extra in piece.extras}
    with st.container(key=f"line_{line.item_id}", horizontal=True, vertical_alignment="top", gap="medium"):
        draw.html(
            f'<div class="vt-frame">{draw.img(piece.hero, thumb=True, initials=piece.sku)}</div>', width="content"
        )
        with st.container(gap="xsmall"):
            size = next((one.name for one in piece.sizes if one.code == line.size), "")
            services = [
                f"{extras[one].name}, {say.money(extras[one].price_minor) if extras[one].price_minor else say('basket.included')}"
                for one in line.extras
                if one in extras
            ]
            number = say("shop.number_of", n=line.number, total=piece.edition_size)
            first = " · ".join(part for part in (number, size) if part)
            cut = "".join(f'<span class="vt-cut">{draw.safe(words)}</span><br>' for words in line.engraving)
            quiet = "".join(f'<span class="vt-quiet">{draw.safe(words)}</span>' for words in (first, *services))
            draw.html(f'<div class="vt-held"><b>{draw.safe(piece.name)}</b>{quiet}<span>{cut}</span></div>')
            with st.container(horizontal=True, gap="small"):
                if lapsed:
                    st.button(say("basket.again"), key=f"again_{line.item_id}", on_click=keep_again, args=(line,))
                elif not line.bundle_group:
                    st.button(
                        say("basket.change"),
                        key=f"link_change_{line.item_id}",
                        type="tertiary",
                        on_click=session.go,
                        args=("piece",),
                        kwargs={"sku": line.sku},
                    )
                st.button(
                    say("basket.remove"),
                    key=f"link_remove_{line.item_id}",
                    type="tertiary",
                    on_click=put_back,
                    args=(line,),
                )
        draw.html(f'<p class="vt-price">{draw.safe(say.exact(line.gross_minor))}</p>', width="content")


def lines(held: BasketView, pieces: dict[str, VariantView], say: Words) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        basket_bar.clock(here, held)
        if any(line.can_extend for line in held.lines):
            minutes = here.shop.settings.hold_extension_minutes
            st.button(say("basket.extend", n=minutes), key="link_extend", type="tertiary", on_click=longer)
    with st.container(gap=None):
        for line in held.lines:
            row(line, pieces[line.sku], say)
    if held.lapsed:
        with st.container(gap="xsmall"):
            st.subheader(say("basket.lapsed"), anchor=False)
            draw.html(f'<p class="vt-trouble">{draw.safe(say("basket.lapsed_line"))}</p>')
        with st.container(gap=None):
            for line in held.lapsed:
                row(line, pieces[line.sku], say, lapsed=True)


def amounts(held: BasketView, quote: Quote, say: Words) -> None:
    promised = [line.promised_on for line in held.lines if line.promised_on]
    later_on = say("basket.later_on", date=say.on(held.ready_on)) if promised else ""
    parts = [(say("basket.due_now"), say.exact(quote.due_now_minor), "")]
    if quote.due_later_minor:
        parts.append((say("basket.due_later"), say.exact(quote.due_later_minor), later_on))
    draw.due(parts)
    rows = [(say("basket.total"), quote.total_minor), (say("basket.vat"), quote.vat_minor)]
    if quote.saving_minor:
        rows.insert(0, (say("basket.saving"), -quote.saving_minor))
    draw.html(
        '<table class="vt-lines">'
        + "".join(
            f'<tr class="sum"><td class="vt-quiet">{draw.safe(name)}</td><td class="vt-quiet">{say.exact(minor)}</td></tr>'
            for name, minor in rows
        )
        + "</table>"
    )


def terms(say: Words) -> None:
    with st.container(gap="xsmall"):
        draw.quiet(*say.many("basket.terms_text"))
        st.checkbox(say("basket.terms"), key="terms")


def bar(held: BasketView, pieces: dict[str, VariantView], say: Words) -> None:
    missing = Missing.of(held, pieces, say)
    with st.container(key="bar", gap=None):
        notices.show()
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(gap=None, width="content"):
                if held.quote:
                    draw.price(say.exact(held.quote.due_now_minor), say("basket.due_now").lower())
                draw.quiet(missing.words if missing else say("basket.terms"))
            amount = say.exact(held.quote.due_now_minor) if held.quote else ""
            st.button(
                say("basket.pay", amount=amount),
                type="primary",
                key="go_pay",
                disabled=missing is not None or held.quote is None,
                on_click=pay,
                args=(held.quote,),
            )


def empty(say: Words) -> None:
    with theme.page("calm"), st.container(key="calm", horizontal_alignment="center", gap="medium"):
        notices.show()
        st.header(say("basket.empty"), anchor=False, text_alignment="center")
        draw.lead(say("basket.empty_line"))
        st.button(say("shop.home"), type="primary", key="go_home", on_click=session.go, args=("",))


@session.part()
def contents(held: BasketView) -> None:
    say = here.say
    held = basket.view(here.shop, basket_id=BASKET)
    every = (*held.lines, *held.lapsed)
    if not every:
        st.rerun()
    pieces = showcase.named(here.shop, skus=[line.sku for line in every], language=here.language)
    with st.container(key="basket_body", gap="medium"):
        basket_bar.top(here, back=("story", {"capsule": pieces[every[0].sku].capsule_id}))
        st.title(say("basket.title"), anchor=False)
        with st.grid(2, min_column_width=400, gap="large"):
            with st.container(gap="medium"):
                lines(held, pieces, say)
            with st.container(gap="medium"):
                if held.quote:
                    slots.choose(here, held, capsules={pieces[line.sku].capsule_id for line in held.lines})
                    amounts(held, held.quote, say)
                    terms(say)
        basket_bar.footer(here, back=("basket", {}))
    bar(held, pieces, say)


first = basket.view(here.shop, basket_id=BASKET)
if first.lines or first.lapsed:
    with theme.page("basket"):
        contents(first)
else:
    empty(here.say)
