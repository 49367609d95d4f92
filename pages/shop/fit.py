"""Does it fit: a finger, a neck, a companion's collar, and a piece beside a coin, all drawn to scale."""

from collections.abc import Callable

import streamlit as st

from kiosk import ask, basket_bar, choosing, companions, draw, found, measuring, notices, session, state, theme
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import VariantView
from pos.models import Role, Step
from pos.selling import basket

here = session.require(Role.SHOPPER)
SKU = st.query_params.get("sku")
BUNDLE = st.query_params.get("bundle")
ITEM = st.query_params.get("item")  # the line of the basket this is about
OWN = {"item": ITEM} if ITEM else {}
PIECE = ("bundle", {"bundle": BUNDLE}) if BUNDLE else ("piece", {"sku": SKU or "", **OWN})
BACK = basket_bar.came_from() if {"from_", "via"} & set(st.query_params) or not SKU else PIECE


def family() -> tuple[VariantView, ...]:
    """The piece this is about, first, and its sisters; nobody's where the screen was opened without one."""
    if not SKU:
        return ()
    return showcase.variant(
        here.shop, sku=here.param("sku"), boutique_id=here.device.boutique_id, language=here.language
    )


def take(piece: VariantView, size: str) -> None:
    """Back to the piece with this size; where it is kept already, it is kept in this size."""
    with notices.on_screen():
        session.count_once(here, Step.SIZE, sku=piece.sku)
        held = here.held()
        line = choosing.line_of(held, sku=piece.sku, item_id=ITEM)
        if line is not None and line.size != size:
            basket.change(here.shop, basket_id=held.basket_id, item_id=line.item_id, size=size)
        session.go(PIECE[0], **PIECE[1])


def bar(piece: VariantView | None, sisters: tuple[VariantView, ...], kind: str, say: Words) -> None:
    """One way on: the size that was found, the tag that fits, or back."""
    label, act = say("shop.back"), lambda: session.go(BACK[0], **BACK[1])
    size = found.size_for(piece) if piece and kind == piece.kind else None
    if piece and size:
        name = next(one.name for one in piece.sizes if one.code == size)
        label, act = say("fit.take", size=name), lambda: take(piece, size)
    if kind == "companion":
        fitting = companions.sister(sisters)
        if fitting is not None:
            label, act = say("fit.take_tag", name=fitting.name), lambda: to_tag(fitting)
    with basket_bar.low("vt-right"):
        draw.primary(label, key="go_fit", act=act)


def to_tag(piece: VariantView) -> None:
    """On to the tag that fits; where it is kept already, it is kept for this companion. A bundle's stays with it."""
    with notices.on_screen():
        companions.refuse_a_collar_that_holds()
        session.count_once(here, Step.SIZE, sku=piece.sku)
        held, (species, collar) = here.held(), companions.wearer()
        if BUNDLE:
            into_the_bundle(piece)
            return
        line = choosing.line_of(held, sku=piece.sku, item_id=ITEM)
        if line is not None:
            basket.change(here.shop, basket_id=held.basket_id, item_id=line.item_id, species=species, collar=collar)
        session.go("piece", sku=piece.sku, **OWN)


def into_the_bundle(piece: VariantView) -> None:
    """Back to the bundle, with this piece in its part."""
    whole = showcase.bundle(
        here.shop, bundle_id=str(BUNDLE), boutique_id=here.device.boutique_id, language=here.language
    )
    for slot in whole.slots:
        if piece.sku in {one.sku for one in slot.variants}:
            state.put(choosing.found_for(whole.bundle_id, slot.slot_id), piece.sku)
    session.go(PIECE[0], **PIECE[1])


@session.part(here)
def screen(look: Callable[[], tuple[VariantView, ...]]) -> None:
    say = here.say
    sisters = look()
    piece = sisters[0] if sisters else None
    kind = str(state.get("fit_kind") or choosing.fitted_as(piece))
    drawn: dict[str, Callable[[], None]] = {
        "ring": lambda: measuring.finger(here, piece),
        "chain": lambda: measuring.neck(here, piece),
        "coin": lambda: measuring.coin(here, piece),
        "companion": lambda: companions.fit(here, sisters),
    }
    with draw.laid("fit", "vt-block", parts=("sizer",)):
        with draw.together("vt-body vt-column"):
            top(piece, kind, say)
            drawn[kind]()
            basket_bar.footer(here, back=("fit", basket_bar.own_address()))
        bar(piece, sisters, kind, say)


def top(piece: VariantView | None, kind: str, say: Words) -> None:
    """The way back, and what shall fit."""
    kinds = ["ring", "chain", "companion", *(["coin"] if piece and piece.kind != "chain" else [])]
    with draw.together():
        basket_bar.top(here, back=BACK)
        draw.eyebrow(piece.name if piece else here.device.boutique_name)
        draw.title(say("fit.title"))
        words = say("fit.of_what")
        ask.choice(words, {one: say(f"fit.{one}") for one in kinds}, now=kind, key="fit_kind", named=False)


fetched = family()  # an address that leads nowhere ends here, for the whole page
with theme.page("fit"):
    screen(session.seen_first(fetched, family))
