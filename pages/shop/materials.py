"""What a piece is made of: each metal's facts from the trade's table, its mark, and how to care for it."""

from kiosk import basket_bar, draw, measuring, session, theme
from kiosk.diagrams.scale import metal_of
from kiosk.diagrams.shields import shield
from kiosk.words import Words
from pos.catalogue import hallmark, showcase
from pos.catalogue.materials import Material, materials
from pos.models import Role

here = session.require(Role.SHOPPER)
say = here.say
on_show = {
    piece.material_id
    for piece in showcase.on_sale(here.shop, boutique_id=here.device.boutique_id, language=here.language)
}
swatches = showcase.swatches(here.shop, boutique_id=here.device.boutique_id, language=here.language)
limits = {one.metal: one.exempt_below_mg for one in hallmark.standards(on=here.shop.clock.now().date())}


def swatch(metal: Material) -> str:
    """The metal's own picture; where no capsule has one its colour, without a claim to its shine."""
    if metal.id in swatches:
        return f'<span class="vt-swatch">{draw.img(swatches[metal.id])}</span>'
    return draw.drawing(gradient(metal), alt="", css="vt-swatch")


def gradient(metal: Material) -> str:
    light, mid, dark, _ = theme.METALS[metal_of(metal.id)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40" preserveAspectRatio="none"><defs>'
        f'<linearGradient id="m"><stop offset="0" stop-color="{mid}"/><stop offset=".35" stop-color="{light}"/>'
        f'<stop offset=".7" stop-color="{mid}"/><stop offset="1" stop-color="{dark}"/></linearGradient></defs>'
        '<path fill="url(#m)" d="M0 0h160v40H0z"/></svg>'
    )


def one(metal: Material, say: Words) -> None:
    name = metal.printed[here.language]
    with draw.together():
        draw.html(
            f'<div class="vt-metal">{swatch(metal)}{draw.drawing(shield(metal.metal), alt="", css="vt-shield")}</div>'
        )
        draw.heading(name)
        draw.text(metal.about[here.language])
        rows = [
            (say("materials.alloy"), metal.alloy[here.language]),
            (say("materials.fineness"), say("materials.fineness_of", n=metal.fineness)),
            (
                say("materials.exempt"),
                say("materials.exempt_below", grams=say.decimal(limits[metal.metal] / 1000, places=2)),
            ),
            (say("materials.density"), say("materials.density_of", n=say.decimal(metal.density, places=2))),
        ]
        measuring.table("materials.facts", rows, say, name=name)
        draw.quiet(
            f"{say('materials.skin')}{say('formats.colon')}{metal.skin[here.language]} {say('materials.no_claim')}",
            f"{say('materials.care')}{say('formats.colon')}{metal.care[here.language]}",
            say("materials.source", source=metal.publishers),
        )


def shelf(title: str, metals: list[Material], say: Words) -> None:
    if not metals:
        return
    draw.heading(title, level=2)
    with draw.together("vt-pair"):
        for metal in metals:
            one(metal, say)


with theme.page("materials"), draw.laid("materials", "vt-block"):
    with draw.together("vt-body vt-column"):
        basket_bar.tongue(here)
        with draw.together():
            draw.title(say("materials.title"))
            draw.lead(say("materials.lead"))
        every = list(materials().values())
        shelf(say("materials.on_show"), [metal for metal in every if metal.id in on_show], say)
        shelf(say("materials.others"), [metal for metal in every if metal.id not in on_show], say)
        with draw.together("vt-note"):
            draw.heading(say("materials.assay"), level=2)
            draw.text(*say.many("materials.assay_lines"))
    basket_bar.only_back(here)
