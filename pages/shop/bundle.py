"""A bundle: one flow through its parts, each with its own number, size and words; all are kept at once, or none."""

from collections.abc import Callable

from kiosk import ask, basket_bar, choosing, companions, draw, notices, session, state, theme
from kiosk.components import numbers
from kiosk.components.tray import nothing
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import BundleView, NumbersView, SlotView, VariantView
from pos.errors import PieceTaken, SizeNeeded
from pos.models import Role
from pos.selling import bundles
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
    free = next((variant for variant in offered(slot) if variant.can_be_kept), slot.variants[0])
    wished = state.get(f"{key_of(slot)}_version") or state.get(choosing.found_for(BUNDLE, slot.slot_id))
    return by_sku.get(wished, free)


def offered(slot: SlotView) -> list[VariantView]:
    """The pieces for a part; where a companion was told of, what is right for it comes first."""
    return sorted(slot.variants, key=lambda one: not companions.suits(one))


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


def part(bundle: BundleView, slot: SlotView, edition: NumbersView, position: int, say: Words) -> None:
    piece, total = chosen(slot), len(bundle.slots)
    key = key_of(slot, piece.sku)
    with draw.together("vt-pair vt-slot"):
        with draw.together():
            introduce(piece, f"{say('bundle.part', n=position, total=total)} · {slot.name}", say)
            choosing.fit_link(piece, say=say, key=key, bundle=BUNDLE)
            if len(slot.variants) > 1:
                names = {one.sku: one.version for one in offered(slot)}
                ask.choice(say("piece.metal"), names, now=piece.sku, key=f"{key_of(slot)}_version")
        with draw.together():
            if piece.can_be_kept and not bundle.can_be_kept:
                alone(piece, key, say)
                return
            number(piece, edition, key, say)
            if not piece.can_be_kept and not edition.mine:
                return  # nothing is left to choose
            choosing.controls((piece, *slot.variants), say=say, key=key, held=None, on_change=nothing)
            choosing.words_to_cut(piece, say=say, key=key, held=None, on_change=nothing)


def introduce(piece: VariantView, part_of: str, say: Words) -> None:
    draw.html(f'<div class="vt-frame">{draw.img(piece.hero, initials=piece.sku)}</div>')
    draw.eyebrow(part_of)
    draw.heading(piece.name, level=2)
    draw.quiet(piece.line)
    draw.price(say.money(piece.price_minor), draw.left(piece, say))
    if piece.window and piece.window.is_open:
        draw.quiet(draw.preorder(piece.window, say, zone=here.device.zone))


def gone_for_now(piece: VariantView, key: str, say: Words) -> None:
    """In place of a choice: this part cannot be had, and its own page has the list of who waits for it."""
    to_its_page(
        piece,
        "piece.sold_out" if piece.is_open else "piece.closed",
        "bundle.to_the_list" if piece.is_open else "bundle.to_the_piece",
        key,
        say,
    )


def alone(piece: VariantView, key: str, say: Words) -> None:
    """In place of a choice: another part is gone, and this one is to be had on its own page, by itself."""
    to_its_page(piece, "bundle.by_itself", "bundle.to_the_piece", key, say)


def to_its_page(piece: VariantView, why: str, words: str, key: str, say: Words) -> None:
    with draw.laid(f"gone_{key}", "vt-together"):
        draw.lead(say(why))
        draw.button(say(words), key=f"link_piece_{key}", act=session.go, args=("piece",), kwargs={"sku": piece.sku})


def number(piece: VariantView, edition: NumbersView, key: str, say: Words) -> None:
    mine = state.get(f"{key}_mine")
    if mine and mine not in edition.free:
        if mine not in edition.mine:  # else the bundle was kept, and this would be another one
            notices.tell(PieceTaken(piece.sku, mine))
        state.take(f"{key}_mine")
        mine = None
    if piece.can_be_kept or edition.mine:
        choosing.number_row(mine, say)
    else:
        gone_for_now(piece, key, say)
    numbers.show(
        edition,
        mine=mine,
        also_mine=edition.mine,
        say=say,
        key=f"{key}_number",
        on_pick=lambda: state.put(f"{key}_mine", numbers.picked(f"{key}_number")),
    )


def price(bundle: BundleView, pieces: list[VariantView], say: Words) -> None:
    """What is due now and at the pickup, and the saving; where a part is gone the whole, and which part it is."""
    saved = say("bundle.saving", saving=say.money(bundle.saving_minor))
    gone = next((piece for piece in pieces if not piece.can_be_kept), None)
    now, later = bundle.due_minor(pieces)
    if gone is not None:
        draw.price(say.money(now + later))
        draw.quiet(say("bundle.part_gone" if gone.is_open else "bundle.part_closed", name=gone.name))
    elif later:
        draw.price(say.money(now), f"{say('piece.due_now')} · {say('piece.due_later', amount=say.money(later))}")
        draw.quiet(saved)
    else:
        draw.price(say.money(now))
        draw.quiet(saved)


def bar(bundle: BundleView, held: BasketView, say: Words) -> None:
    pieces = [chosen(slot) for slot in bundle.slots]
    ahead = any(piece.window for piece in pieces)
    with basket_bar.low():
        with draw.together("vt-block"):
            price(bundle, pieces, say)
        draw.primary(
            say("piece.preorder" if ahead else "bundle.keep"),
            key="go_keep",
            rests=not all(piece.can_be_kept for piece in pieces),
            act=keep_all,
            args=(bundle, held.tap(BUNDLE)),
        )


@session.part(here)
def screen(look: Callable[[], BundleView]) -> None:
    bundle, say = look(), here.say
    held = here.held()
    skus = [chosen(slot).sku for slot in bundle.slots]
    editions = showcase.numbers_of(here.shop, skus=skus, basket_id=held.basket_id)
    with draw.laid("bundle", "vt-block", parts=("engraving", "numbers")):
        with draw.together("vt-body vt-column"):
            lead(bundle, held, say)
            for position, (slot, sku) in enumerate(zip(bundle.slots, skus, strict=True), start=1):
                part(bundle, slot, editions[sku], position, say)
            basket_bar.footer(here, back=("bundle", {"bundle": BUNDLE}))
        bar(bundle, held, say)


def lead(bundle: BundleView, held: BasketView, say: Words) -> None:
    """What the bundle is for, that its parts come together, and whether it is kept already."""
    with draw.together():
        basket_bar.top(here, back=("story", {"capsule": bundle.capsule_id}))
        draw.eyebrow(bundle.occasion)
        draw.title(bundle.name)
        draw.lead(bundle.line)
        draw.quiet(say("bundle.all_or_none"))
        if any(line.bundle_id == BUNDLE for line in held.lines):
            draw.lead(say("bundle.kept"))
            with draw.together("vt-block"):
                draw.button(say("shop.basket_open"), key="see_basket", act=session.go, args=("basket",), css="vt-plain")


found = the_bundle()  # an address that leads nowhere ends here, for the whole page
with theme.page("bundle"):
    screen(session.seen_first(found, the_bundle))
