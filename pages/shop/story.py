"""The story first: why this piece, why now; then the pieces, the bundles, and where the marks are explained."""

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
    with draw.together("vt-hero"):
        draw.html(draw.full(capsule.hero, upright=draw.LEFT))
        if capsule.hero and capsule.hero.is_render:
            draw.html(f'<span class="vt-badge">{draw.safe(say("shop.render"))}</span>')
        with draw.together("vt-hero_words"):
            closes = capsule.closes_at
            until = say("story.until", date=say.last_day(closes, zone=here.device.zone)) if closes else ""
            draw.eyebrow(" · ".join(words for words in (capsule.eyebrow, until) if words))
            draw.title(capsule.name)
            draw.lead(capsule.line)


def why(capsule: CapsuleView, say: Words) -> None:
    with draw.together():
        draw.heading(capsule.title, level=2)
        draw.prose(capsule.story)
    if capsule.signals:
        with draw.together():
            draw.heading(say("story.why"), level=2)
            sightings = "".join(sighting(seen, say) for seen in capsule.signals)
            draw.html(f'<ol class="vt-timeline">{sightings}</ol>')


def sighting(seen: SignalView, say: Words) -> str:
    day = say.on(seen.seen_on, year=True, short=True)
    source = f"{say(f'kinds.{seen.kind}')}{say('formats.colon')}{seen.source}"
    return (
        f'<li><time datetime="{seen.seen_on}">{draw.safe(day)}</time>{draw.safe(seen.words)}'
        f"<cite>{draw.safe(source)}</cite></li>"
    )


def detail(capsule: CapsuleView, say: Words) -> None:
    """The one detail the capsule comes from: on the thing it is at home on, and on the piece."""
    if not capsule.variants:
        return
    at_home = {piece: [one for one in piece.pictures if one.role == "lifestyle"] for piece in capsule.variants}
    piece = next((one for one in capsule.variants if at_home[one]), capsule.variants[0])
    with draw.together():
        draw.heading(say("story.detail"), level=2)
        draw.lead(piece.iconic)
        with draw.together("vt-pair vt-detail"):
            for picture in [*at_home[piece][:1], *([piece.hero] if piece.hero else [])]:
                draw.html(
                    f'<figure><div class="vt-frame">{draw.img(picture)}</div>'
                    f'<figcaption class="vt-quiet">{draw.safe(say(f"roles.{picture.role}"))}</figcaption></figure>'
                )


def pieces(capsule: CapsuleView, say: Words) -> None:
    draw.heading(say("story.pieces"), level=2)
    with draw.together("vt-cards"):
        for piece in capsule.variants:
            draw.card(
                piece.sku,
                picture=piece.upright,
                badge=draw.badge(piece, say),
                name=piece.name,
                price=say.money(piece.price_minor, piece.currency),
                note=draw.stock(piece, say),
                off=not piece.can_be_kept,
                act=session.go,
                args=("piece",),
                kwargs={"sku": piece.sku},
            )
    windows = {p.window for p in capsule.variants if p.window and p.window.is_open}
    draw.quiet(*sorted({draw.preorder(window, say, zone=here.device.zone) for window in windows}))


def together(bundle: BundleView, say: Words) -> None:
    with draw.together("vt-strip"):
        now = say("story.saving", saving=say.money(bundle.saving_minor)) if bundle.can_be_kept else gone(bundle, say)
        draw.html(
            f'<div><p class="vt-eyebrow">{draw.safe(bundle.occasion)}</p>'
            f'<p class="vt-price">{draw.safe(bundle.name)}</p>'
            f'<p class="vt-quiet">{draw.safe(bundle.line)}<br>{draw.safe(now)}</p></div>'
        )
        draw.button(
            say("story.see_bundle"),
            key=f"bundle_{bundle.bundle_id}",
            act=session.go,
            args=("bundle",),
            kwargs={"bundle": bundle.bundle_id},
            css="vt-plain",
        )


def gone(bundle: BundleView, say: Words) -> str:
    """Which part a bundle wants: nobody is led there by a saving that nobody can have."""
    piece = next(slot.variants[0] for slot in bundle.slots if not slot.can_be_kept)
    return say("bundle.part_gone" if piece.is_open else "bundle.part_closed", name=piece.name)


with theme.page("story"), draw.laid("story", "vt-block", parts=basket_bar.PARTS):
    hero(capsule, say)
    with draw.together("vt-body vt-side"):
        basket_bar.top(here, back=("", {}))
        why(capsule, say)
        detail(capsule, say)
        pieces(capsule, say)
        for bundle in capsule.bundles:
            together(bundle, say)
        basket_bar.footer(here, back=("story", {"capsule": capsule.capsule_id}))
    basket_bar.show(here)
