"""The counter: tap a piece to keep it, see what it comes to, take it by card."""

import streamlit as st

from kiosk import basket_bar, choosing, draw, keeping, notices, proving, session, slots, staff_bar, state, theme
from kiosk.components import numbers
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import VariantView
from pos.models import Role
from pos.selling import basket, checkout, exchange, proofs, waiting
from pos.selling.views import BasketLine, BasketView, Choice, Quote

KINDS = ("charm", "chain", "tag", "ring")

here = session.require(Role.STAFF)


def keep(sku: str, extras: tuple[str, ...], tap: str) -> None:
    """The next free number, with the services that cost nothing; another tap on another screen keeps another one."""
    with notices.on_screen():
        basket.hold(here.shop, basket_id=here.basket_id(), choice=Choice(sku, extras=extras), tap=tap)


def put_back(line: BasketLine) -> None:
    with notices.on_screen():
        basket.release(here.shop, basket_id=here.basket_id(), item_id=line.item_id)


def swap(line: BasketLine) -> None:
    number = numbers.picked(f"swap_{line.item_id}")
    if number:
        with notices.on_screen():
            basket.swap(here.shop, basket_id=here.basket_id(), item_id=line.item_id, number=number)


def change(piece: VariantView, line: BasketLine) -> None:
    with notices.on_screen():
        choosing.write(here, line, choosing.wished(piece, key=line.item_id, held=line))


def go_home(key: str) -> None:
    """Taken away at once; or collected later, and then where and when is still to be chosen."""
    decide = basket.take_away if state.get(key) == "take_away" else basket.forget_way_home
    with notices.on_screen():
        decide(here.shop, basket_id=here.basket_id())


def take(quote: Quote) -> None:
    with notices.on_screen(at="take"):  # a long ticket begins out of sight of its button
        order_id = checkout.open(
            here.shop,
            quote=quote,
            device_id=here.device.device_id,
            terms_version=here.say("basket.terms_version"),
            staff_id=here.staff_id,
            keep_card=keeping.consent(quote, here.say),
        )
        session.go("pay", order=order_id, by="counter")


def wipe() -> None:
    with notices.on_screen():
        here.wipe()


def shelf(pieces: tuple[VariantView, ...], held: BasketView, say: Words) -> None:
    kinds = ["all", *(kind for kind in KINDS if any(piece.kind == kind for piece in pieces))]
    chosen = st.segmented_control(
        say("counter.kind"),
        kinds,
        format_func=lambda kind: say(f"counter.{kind}"),
        default="all",
        required=True,
        key="kind",
        label_visibility="collapsed",
    )
    if not pieces:
        draw.lead(say("counter.nothing_on_sale"))
    waits = waiting.counts(here.shop, boutique_id=here.device.boutique_id)
    with draw.laid("shelf_cards", "vt-cards"):
        for piece in pieces:
            if chosen in ("all", piece.kind):
                free = tuple(extra.extra_id for extra in piece.extras if not extra.price_minor)
                draw.card(
                    piece.sku,
                    picture=piece.hero,
                    badge=str(piece.hallmark.fineness),
                    name=piece.name,
                    price=say.money(piece.price_minor),
                    note=stock(piece, waits.get(piece.sku, 0), say),
                    off=not piece.can_be_kept,
                    rests=not piece.can_be_kept,
                    as_seen=held.tap(piece.sku),
                    act=keep,
                    args=(piece.sku, free, held.tap(piece.sku)),
                )


def stock(piece: VariantView, waits: int, say: Words) -> str:
    """What is left, and how many wait for one to come back."""
    return " · ".join([draw.stock(piece, say), *([say.counted("counter.waits", waits)] if waits else [])])


def row(line: BasketLine, piece: VariantView, say: Words, *, lapsed: bool = False) -> None:
    extras = {extra.extra_id: extra.name for extra in (*piece.extras, *piece.withdrawn)}
    size = next((one.name for one in piece.sizes if one.code == line.size), "")
    words = [say("shop.number_of", n=line.number, total=piece.edition_size), size, *line.engraving]
    words += [say(f"basket.for_{line.species}")] if line.species else []
    words += [extras[one] for one in line.extras if one in extras]
    below = " · ".join(draw.safe(word) for word in words if word)
    if piece.sizes and not size:
        below += f'<br><span class="vt-trouble">{draw.safe(say("piece.choose_size"))}</span>'
    editing = state.get("editing") == line.item_id
    with st.container(key=f"sale_{line.item_id}", gap=None):
        draw.html(
            f'<table class="vt-lines"><tr><td>{draw.safe(piece.name)}<small>{below}</small></td>'
            f"<td>{draw.safe(say.exact(line.list_minor))}</td></tr></table>"
        )
        with st.container(horizontal=True, gap="small"):
            st.button(
                say("counter.done" if editing else "counter.edit"),
                key=f"link_edit_{line.item_id}",
                type="tertiary",
                on_click=state.put,
                args=("editing", None if editing else line.item_id),
            )
            key = f"link_back_{line.item_id}"
            away = say("basket.forget" if lapsed else "counter.remove")
            st.button(away, key=key, type="tertiary", on_click=put_back, args=(line,))
        if editing:
            edit(line, piece, say)


def edit(line: BasketLine, piece: VariantView, say: Words) -> None:
    edition = showcase.numbers(here.shop, sku=line.sku, basket_id=here.basket_id())
    family = showcase.variant(here.shop, sku=line.sku, boutique_id=here.device.boutique_id, language=here.language)
    with draw.laid(f"edit_{line.item_id}", "vt-together", parts=("engraving", "numbers")):
        numbers.show(
            edition,
            mine=line.number,
            also_mine=[n for n in edition.mine if n != line.number],
            say=say,
            key=f"swap_{line.item_id}",
            on_pick=lambda: swap(line),
        )
        choosing.controls(family, say=say, key=line.item_id, held=line, on_change=lambda: change(piece, line))
        choosing.words_to_cut(piece, say=say, key=line.item_id, held=line, on_change=lambda: change(piece, line))


def total(quote: Quote, say: Words) -> None:
    rows = [("sum", say("basket.vat"), quote.vat_minor), ("total", say("basket.total"), quote.total_minor)]
    if quote.saving_minor:
        rows.insert(0, ("sum", say("counter.saving"), -quote.saving_minor))
    if quote.due_later_minor:
        rows.append(("sum", say("counter.later"), quote.due_later_minor))
        rows.append(("total", say("basket.due_now"), quote.due_now_minor))
    draw.html(
        '<table class="vt-lines">'
        + "".join(
            f'<tr class="{css}"><td>{draw.safe(name)}</td><td>{draw.safe(say.exact(minor))}</td></tr>'
            for css, name, minor in rows
        )
        + "</table>"
    )


def home(held: BasketView, places: slots.Places, say: Words) -> bool:
    """How it goes home, and whether that is decided; what is still to be made can only be collected."""
    to_be_made = bool(held.quote and held.quote.due_later_minor)
    ways = ("pickup",) if to_be_made else ("take_away", "pickup")
    now = "take_away" if held.take_away and not to_be_made else "pickup"
    collected = slots.chosen(held, places, say)
    decided = to_be_made or held.take_away or collected
    key = f"home_{len(ways)}"
    chosen = st.segmented_control(
        say("counter.home"),
        ways,
        format_func=lambda way: say(f"counter.{way}"),
        default=now if decided else None,
        key=key,
        width="stretch",
        label_visibility="collapsed",
        on_change=go_home,
        args=(key,),
    )
    if chosen == "pickup":
        slots.choose(here, held, places)
    return bool(collected) or (held.take_away and not to_be_made)


def lines(held: BasketView, pieces: dict[str, VariantView], say: Words) -> None:
    """What is kept, with the drawing of what will be cut for the customer to say yes to; then what has lapsed."""
    cut = any(line.engraving for line in held.lines)
    proved = proofs.of_basket(here.shop, basket_id=held.basket_id) if cut else {}
    for line in held.lines:
        row(line, pieces[line.sku], say)
        if line.engraving:
            with draw.laid(f"proof_{line.item_id}", "vt-block"):
                proving.show(here, line, pieces[line.sku], proved.get(line.item_id), basket_id=held.basket_id)
    for line in held.lapsed:
        draw.html(f'<p class="vt-trouble">{draw.safe(say("basket.lapsed"))}</p>')
        row(line, pieces[line.sku], say, lapsed=True)


def ticket(held: BasketView, say: Words) -> None:
    every = (*held.lines, *held.lapsed)
    pieces = showcase.named(here.shop, skus=[line.sku for line in every], language=here.language)
    draw.heading_row(say("counter.basket"), say("counter.walk_in"))
    notices.show()
    if not every:
        draw.quiet(say("counter.empty"))
    else:
        basket_bar.clock(here, held)
    lines(held, pieces, say)
    ready = False
    if held.quote:
        total(held.quote, say)
        ready = home(held, slots.places(here, capsules={pieces[line.sku].capsule_id for line in held.lines}), say)
        keeping.offer(held.quote, say)
    if every:
        st.button(say("counter.wipe"), key="link_wipe", type="tertiary", on_click=wipe)
    if held.quote and not ready:
        draw.quiet(say("counter.choose_home"))
    notices.show(at="take")
    amount = say.exact(held.quote.due_now_minor) if held.quote else ""
    st.button(
        say("counter.take", amount=amount) if amount else say("counter.take_nothing"),
        type="primary",
        width="stretch",
        key="go_take",
        disabled=not ready,
        on_click=take,
        args=(held.quote,),
    )
    given = sum(card.balance_minor for card in exchange.credits(here.shop, device_id=here.device.device_id))
    if given:
        draw.quiet(say("counter.exchange", amount=say.exact(given)))
    st.button(
        say("counter.other_ways"),
        width="stretch",
        key="other_ways",
        disabled=not ready,
        on_click=session.go,
        args=("take",),
    )


@session.part(here)
def counter() -> None:
    held = here.held()
    left, right = st.columns([13, 9], gap=None)
    with right, st.container(key="ticket", gap="small"):
        ticket(held, here.say)
    with left, st.container(key="shelf", gap="medium"):
        pieces = showcase.on_sale(here.shop, boutique_id=here.device.boutique_id, language=here.language)
        shelf(pieces, held, here.say)


with theme.page("counter"):
    staff_bar.show(here, on="counter")
    counter()
