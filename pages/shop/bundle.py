"""A bundle: one flow through its parts, each with its own number, size and words; all are kept at once, or none."""

from collections.abc import Callable

import streamlit as st

from kiosk import basket_bar, choosing, draw, notices, session, state, theme
from kiosk.components import numbers
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import BundleView, SlotView, VariantView
from pos.errors import PieceTaken, SizeNeeded
from pos.models import Role
from pos.selling import basket, bundles
from pos.selling.views import BasketView

here = session.require(Role.SHOPPER)
BUNDLE = here.param("bundle")


def the_bundle() -> BundleView:
    return showcase.bundle(here.shop, bundle_id=BUNDLE, boutique_id=here.device.boutique_id, language=here.language)


def key_of(slot: SlotView, sku: str = "") -> str:
    return "_".join(part for part in (BUNDLE, slot.slot_id, sku) if part)


def chosen(slot: SlotView) -> VariantView:
    """The piece that fills a part: the one touched, else the one that was found to fit, else the first to be had."""
    by_sku = {variant.sku: variant for variant in slot.variants}
    free = next((variant for variant in slot.variants if variant.can_be_kept), slot.variants[0])
    wished = state.get(f"{key_of(slot)}_version") or state.get(choosing.found_for(BUNDLE, slot.slot_id))
    return by_sku.get(wished, free)


def keep_all(bundle: BundleView, tap: str) -> None:
    with notices.on_screen():
        wishes = {}
        for slot in bundle.slots:
            piece = chosen(slot)
            key = key_of(slot, piece.sku)
            wishes[slot.slot_id] = choosing.choice(piece, key=key, number=state.get(f"{key}_mine"))
            if piece.sizes and wishes[slot.slot_id].size is None:
                raise SizeNeeded(piece.sku, None)
        bundles.hold_bundle(here.shop, basket_id=here.basket_id(), bundle_id=BUNDLE, choices=wishes, tap=tap)
        session.go("basket")


def part(slot: SlotView, position: int, total: int, basket_id: str, say: Words) -> None:
    piece = chosen(slot)
    key = key_of(slot, piece.sku)
    with st.container(key=f"slot_{slot.slot_id}"), st.grid(2, min_column_width=330, gap="large"):
        with st.container(gap="small"):
            draw.html(f'<div class="vt-frame">{draw.img(piece.hero, initials=piece.sku)}</div>')
            draw.eyebrow(f"{say('bundle.part', n=position, total=total)} · {slot.name}")
            st.subheader(piece.name, anchor=False)
            draw.quiet(piece.line)
            draw.price(say.money(piece.price_minor), draw.left(piece, say))
            if piece.window and piece.window.is_open:
                draw.quiet(draw.preorder(piece.window, say, zone=here.device.zone))
            if len(slot.variants) > 1:
                names = {one.sku: one.version for one in slot.variants}
                st.segmented_control(
                    say("piece.metal"),
                    list(names),
                    format_func=lambda sku: names[sku],
                    default=piece.sku,
                    required=True,
                    key=f"{key_of(slot)}_version",
                )
        with st.container(gap="medium"):
            number(piece, key, basket_id, say)
            choosing.fit_link(piece, say=say, key=key, bundle=BUNDLE)
            choosing.controls(piece, say=say, key=key, held=None, on_change=lambda: None)
            choosing.words_to_cut(piece, say=say, key=key, held=None, on_change=lambda: None)


def number(piece: VariantView, key: str, basket_id: str, say: Words) -> None:
    edition = showcase.numbers(here.shop, sku=piece.sku, basket_id=basket_id)
    mine = state.get(f"{key}_mine")
    if mine and mine not in edition.free:
        if mine not in edition.mine:  # else the bundle was kept, and this would be another one
            notices.tell(PieceTaken(piece.sku, mine))
        state.take(f"{key}_mine")
        mine = None
    shown = say("shop.number", n=mine) if mine else say("piece.number_none")
    with st.container(gap="xsmall"):
        draw.html(
            f'<div class="vt-row"><p class="vt-quiet">{draw.safe(say("piece.number"))}</p>'
            f'<p class="{"vt-price" if mine else "vt-quiet"}">{draw.safe(shown)}</p></div>'
        )
        numbers.show(
            edition,
            mine=mine,
            also_mine=edition.mine,
            say=say,
            key=f"{key}_number",
            on_pick=lambda: state.put(f"{key}_mine", numbers.picked(f"{key}_number")),
        )


def bar(bundle: BundleView, held: BasketView, say: Words) -> None:
    pieces = [chosen(slot) for slot in bundle.slots]
    whole = sum(piece.price_minor for piece in pieces) - bundle.saving_minor
    with st.container(key="bar", gap=None):
        notices.show()
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(gap=None, width="content"):
                draw.price(say.money(whole))
                draw.quiet(say("bundle.saving", saving=say.money(bundle.saving_minor)))
            st.button(
                say("bundle.keep"),
                type="primary",
                key="go_keep",
                disabled=not all(piece.can_be_kept for piece in pieces),
                on_click=keep_all,
                args=(bundle, held.tap(BUNDLE)),
            )


@session.part(here)
def choose(look: Callable[[], BundleView]) -> None:
    bundle, say = look(), here.say
    held = basket.view(here.shop, basket_id=here.basket_id())
    with st.container(key="bundle_body", gap="large"):
        basket_bar.top(here, back=("story", {"capsule": bundle.capsule_id}))
        with st.container(gap="xsmall"):
            draw.eyebrow(bundle.occasion)
            st.title(bundle.name, anchor=False)
            draw.lead(bundle.line)
            draw.quiet(say("bundle.all_or_none"))
            if any(line.bundle_id == BUNDLE for line in held.lines):
                draw.lead(say("bundle.kept"))
                st.button(say("shop.basket_open"), key="see_basket", on_click=session.go, args=("basket",))
        for position, slot in enumerate(bundle.slots, start=1):
            part(slot, position, len(bundle.slots), held.basket_id, say)
        basket_bar.footer(here, back=("bundle", {"bundle": BUNDLE}))
    bar(bundle, held, say)


found = the_bundle()  # an address that leads nowhere ends here, for the whole page
with theme.page("bundle"):
    choose(session.just(found, the_bundle))
