"""The story first: why this piece, why now; then the pieces, the bundles, and where the marks are explained."""

import streamlit as st

from kiosk import basket_bar, draw, session, theme
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import BundleView, CapsuleView, SignalView
from pos.models import Role

here = session.require(Role.SHOPPER)
say = here.say
capsule = showcase.capsule(
    here.shop, capsule_id=here.param("capsule"), boutique_id=here.device.boutique_id, language=here.language
)


def hero(capsule: CapsuleView, say: Words) -> None:
    with st.container(key="hero", gap=None):
        draw.html(draw.full(capsule.hero, upright=draw.LEFT))
        if capsule.hero and capsule.hero.is_render:
            draw.html(f'<span class="vt-badge">{draw.safe(say("shop.render"))}</span>')
        with st.container(key="hero_words", gap="small"):
            closes = capsule.closes_at
            until = say("story.until", date=say.last_day(closes, zone=here.device.zone)) if closes else ""
            draw.eyebrow(" · ".join(words for words in (capsule.eyebrow, until) if words))
            st.title(capsule.name, anchor=False)
            draw.lead(capsule.line)


def why(capsule: CapsuleView, say: Words) -> None:
    with st.container(gap="small"):
        st.subheader(capsule.title, anchor=False)
        draw.prose(capsule.story)
    if capsule.signals:
        with st.container(gap="small"):
            st.subheader(say("story.why"), anchor=False)
            draw.html('<ol class="vt-timeline">' + "".join(sighting(seen, say) for seen in capsule.signals) + "</ol>")


def sighting(seen: SignalView, say: Words) -> str:
    day = say.on(seen.seen_on, year=True, short=True)
    source = f"{say(f'kinds.{seen.kind}')}{say('formats.colon')}{seen.source}"
    return (
        f'<li><time datetime="{seen.seen_on}">{draw.safe(day)}</time>{draw.safe(seen.words)}'
        f"<cite>{draw.safe(source)}</cite></li>"
    )


def pieces(capsule: CapsuleView, say: Words) -> None:
    st.subheader(say("story.pieces"), anchor=False)
    with st.grid(min(4, max(3, len(capsule.variants))), gap="medium", min_column_width=170):
        for piece in capsule.variants:
            draw.card(
                piece.sku,
                picture=piece.upright,
                badge=draw.badge(piece, say),
                name=piece.name,
                price=say.money(piece.price_minor, piece.currency),
                note=draw.stock(piece, say),
                off=not piece.can_be_kept,
                on_click=session.go,
                args=("piece",),
                kwargs={"sku": piece.sku},
            )
    windows = {p.window for p in capsule.variants if p.window and p.window.is_open}
    draw.quiet(*sorted({draw.preorder(window, say, zone=here.device.zone) for window in windows}))


def together(bundle: BundleView, say: Words) -> None:
    with st.container(
        key=f"strip_{bundle.bundle_id}",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        saving = say("story.saving", saving=say.money(bundle.saving_minor))
        draw.html(
            f'<p class="vt-eyebrow">{draw.safe(bundle.occasion)}</p><p class="vt-price">{draw.safe(bundle.name)}</p>'
            f'<p class="vt-quiet">{draw.safe(bundle.line)}<br>{draw.safe(saving)}</p>',
            width="content",
        )
        st.button(
            say("story.see_bundle"),
            key=f"bundle_{bundle.bundle_id}",
            on_click=session.go,
            args=("bundle",),
            kwargs={"bundle": bundle.bundle_id},
        )


with theme.page("story"):
    hero(capsule, say)
    with st.container(key="story_body", gap="medium"):
        basket_bar.top(here, back=("", {}))
        why(capsule, say)
        pieces(capsule, say)
        with st.container(gap="small"):
            for bundle in capsule.bundles:
                together(bundle, say)
        basket_bar.footer(here, back=("story", {"capsule": capsule.capsule_id}))
    basket_bar.show(here)
