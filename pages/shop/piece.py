"""One piece: look at it, choose its number, its size and its words, keep it."""

from collections.abc import Callable

import streamlit as st

from kiosk import ask, basket_bar, choosing, companions, draw, notices, session, state, theme, waiting_room
from kiosk.components import closer, numbers
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import VariantView
from pos.errors import SizeNeeded
from pos.models import Role, Step
from pos.selling import basket
from pos.selling.views import BasketLine, BasketView

here = session.require(Role.SHOPPER)
SKU = here.param("sku")
ITEM = st.query_params.get("item")  # the line of the basket that is changed; a bundle's part is one too
OWN = {"item": ITEM} if ITEM else {}


def family() -> tuple[VariantView, ...]:
    return showcase.variant(here.shop, sku=SKU, boutique_id=here.device.boutique_id, language=here.language)


def line_of(held: BasketView) -> BasketLine | None:
    return choosing.line_of(held, sku=SKU, item_id=ITEM)


def keep(piece: VariantView, number: int | None, tap: str) -> bool:
    """Keep this number, or the next free one; change the number of one kept already, be it by this very tap."""
    with notices.on_screen():
        basket_id = here.basket_id()
        mine = line_of(basket.view(here.shop, basket_id=basket_id))
        kept = mine or basket.hold(
            here.shop, basket_id=basket_id, choice=choosing.choice(piece, key=SKU, number=number), tap=tap
        )
        if number not in (None, kept.number):
            basket.swap(here.shop, basket_id=basket_id, item_id=kept.item_id, number=number)
        return True
    return False


def change(piece: VariantView) -> None:
    """Take the controls over into the basket, where the piece is kept already."""
    with notices.on_screen():
        mine = line_of(here.held())
        if mine is not None:
            choosing.write(here, mine, choosing.wished(piece, key=SKU, held=mine))


def on_to_the_basket(piece: VariantView, tap: str) -> None:
    with notices.on_screen():
        choosing.refuse_what_cannot_be_cut(piece, key=SKU)  # refused words stay on the screen, they are not dropped
        mine = line_of(here.held())
        choosing.refuse_a_collar_that_holds(piece, key=SKU, held=mine)
        wish = choosing.choice(piece, key=SKU, number=None, held=mine)
        if piece.sizes and wish.size is None:
            raise SizeNeeded(piece.sku, None)
        if mine and (wish.size, wish.species) != (mine.size, mine.species):
            choosing.write(here, mine, wish)  # what was found elsewhere stood here chosen, and nobody had to touch it
        if keep(piece, None, tap):
            session.go("basket")


def gallery(piece: VariantView, say: Words) -> None:
    pictures = [picture for picture in piece.pictures if not picture.is_tall] or list(piece.pictures)
    shown = min(state.first(f"shown_{SKU}", 0), max(0, len(pictures) - 1))
    picture = pictures[shown] if len(pictures) > 1 else piece.hero
    note = say("shop.no_picture") if picture is None else say("shop.render") if picture.is_render else ""
    with draw.together("vt-gallery"):
        if picture is not None and picture.marks:
            closer.show(picture, hallmark=piece.hallmark, note=note, say=say, key=f"closer_{SKU}")
        else:
            badge = f'<span class="vt-badge">{draw.safe(note)}</span>' if note else ""
            markup = draw.full(picture, upright=draw.LEFT, initials=piece.sku)
            draw.html(f'<div class="vt-shown">{markup}{badge}</div>')
        if len(pictures) > 1:
            with draw.together("vt-thumbs"):
                for i, small in enumerate(pictures):
                    thumb(i, on=i == shown, name=say(f"roles.{small.role}"), markup=draw.img(small, thumb=True))


def thumb(i: int, *, on: bool, name: str, markup: str) -> None:
    with draw.together("vt-open"):
        chosen = " on" if on else ""
        draw.html(
            f'<figure class="vt-thumb{chosen}"><div>{markup}</div><figcaption>{draw.safe(name)}</figcaption></figure>'
        )
        draw.over(name, key=f"open_thumb{i}", act=state.put, args=(f"shown_{SKU}", i), on=on)


@session.part(here)
def screen(look: Callable[[], tuple[VariantView, ...]]) -> None:
    versions = look()
    piece, say = versions[0], here.say
    held = here.held()
    mine = line_of(held)
    with draw.laid("piece", "vt-block", parts=("closer", "countdown", "engraving", "numbers")):
        gallery(piece, say)
        with draw.together("vt-body vt-side"):
            with draw.together():
                basket_bar.top(here, back=("story", {"capsule": piece.capsule_id}))
                introduce(piece, say)
                choosing.fit_link(piece, say=say, key=SKU, **OWN)
            with draw.together("vt-pair"):
                choose(versions, mine, say)
                with draw.together("vt-near"):
                    number(piece, mine, held, say)
            if piece.engraving and (mine or piece.can_be_kept):
                choosing.words_to_cut(piece, say=say, key=SKU, held=mine, on_change=lambda: change(piece))
            with draw.together("vt-together"):
                draw.quiet(say("piece.next"))
                draw.facts([marks(piece, say), *piece.facts])
            basket_bar.footer(here, back=("piece", {"sku": SKU, **OWN}))
        bar(piece, mine, held, say)


def choose(versions: tuple[VariantView, ...], mine: BasketLine | None, say: Words) -> None:
    """Metal, size, who wears it, services; what fills a part of a bundle is chosen with the bundle."""
    piece = versions[0]
    with draw.together():
        if mine is None or mine.bundle_group is None:
            version(versions, say)
        if mine or piece.can_be_kept:
            choosing.controls(versions, say=say, key=SKU, held=mine, on_change=lambda: change(piece))


def introduce(piece: VariantView, say: Words) -> None:
    with draw.together():
        draw.eyebrow(draw.badge(piece, say))
        draw.title(piece.name)
        draw.quiet(piece.line, piece.iconic)
        draw.price(say.money(piece.price_minor, piece.currency), say("piece.with_vat"))
        if piece.window and piece.window.is_open:
            draw.quiet(draw.preorder(piece.window, say, zone=here.device.zone))


def version(versions: tuple[VariantView, ...], say: Words) -> None:
    if len(versions) < 2:
        return
    by_fit_and_price = sorted(versions, key=lambda one: (not companions.suits(one), one.price_minor, one.sku))
    key = f"version_{SKU}"
    ask.choice(
        say("piece.metal"),
        {one.sku: one.version for one in by_fit_and_price},
        now=SKU,
        key=key,
        act=lambda: to_version(state.get(key)),
    )


def to_version(sku: str) -> None:
    """To the same in another metal; the one that stands here, touched again, stays the line it was opened for."""
    if sku != SKU:
        session.go("piece", sku=sku)


def number(piece: VariantView, mine: BasketLine | None, held: BasketView, say: Words) -> None:
    gone = not piece.can_be_kept and mine is None
    with draw.together("vt-block"):
        if gone:
            draw.lead(say("piece.sold_out" if piece.is_open else "piece.closed"))
        else:
            choosing.number_row(mine.number if mine else None, say)
        draw.quiet(left(piece, say))
    numbers.show(
        showcase.numbers(here.shop, sku=SKU, basket_id=held.basket_id),
        mine=mine.number if mine else None,
        also_mine=[line.number for line in held.lines if line.sku == SKU and line is not mine],
        say=say,
        key=f"number_{SKU}",
        on_pick=lambda: keep(piece, numbers.picked(f"number_{SKU}"), held.tap(SKU)),
    )
    if gone and piece.is_open:
        waiting_room.show(here, piece)
    else:
        notices.show(at="waiting")  # it came back while somebody asked to wait for it


def left(piece: VariantView, say: Words) -> str:
    """What is left of the edition; beside its numbers, a pre-order says how many of them it has places for."""
    if piece.window is not None and piece.window.is_open and 1 < piece.left < piece.edition_size:
        return say("piece.places_of", n=piece.left, total=piece.edition_size)
    return draw.left(piece, say)


def marks(piece: VariantView, say: Words) -> str:
    """What is struck into the metal, as the record says it."""
    mark = piece.hallmark
    if mark.status == "exempt":
        return say("piece.exempt", fineness=mark.fineness, grams=say.grams(piece.weight_mg))
    struck = ", ".join(str(part) for part in (mark.sponsor, mark.fineness, mark.office, mark.date_letter) if part)
    return say("piece.marks", marks=struck, place=mark.place)


def price(piece: VariantView, mine: BasketLine | None, say: Words) -> None:
    """What is due now and later; of a piece that is gone what it cost, for nothing is due."""
    if mine is None and not piece.can_be_kept:
        draw.price(say.money(piece.price_minor), draw.left(piece, say))
        return
    later = piece.due_later_minor
    note = say("piece.due_later", amount=say.money(later)) if later else ""
    draw.price(say.money(piece.due_now_minor), f"{say('piece.due_now')}{' · ' + note if note else ''}")


def bar(piece: VariantView, mine: BasketLine | None, held: BasketView, say: Words) -> None:
    with basket_bar.low():
        price(piece, mine, say)
        if mine:  # the clock of another piece would stand here for this one's
            basket_bar.clock(here, held)
        words = "piece.to_basket" if mine else "piece.preorder" if piece.window else "piece.keep"
        draw.primary(
            say(words),
            key="go_keep",
            rests=mine is None and not piece.can_be_kept,
            act=on_to_the_basket,
            args=(piece, held.tap(SKU)),
        )


fetched = family()  # an address that leads nowhere ends here, and is not counted
session.count_once(here, Step.VIEW, sku=SKU)
with theme.page("piece"):
    screen(session.seen_first(fetched, family))
