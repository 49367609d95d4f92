"""Attract: the capsules of this boutique, each a picture to touch. Whoever touches one is a new shopper."""

from kiosk import ask, basket_bar, draw, notices, session, state, theme
from kiosk.words import LANGUAGES
from pos.catalogue import showcase
from pos.catalogue.views import PictureView
from pos.models import Role

here = session.require(Role.SHOPPER)
say = here.say
capsules = showcase.capsules(here.shop, boutique_id=here.device.boutique_id, language=here.language)


def picture(found: PictureView | None) -> str:
    """One panel stands as the tablet does; of several every one is upright, or the upright half of its panel."""
    if len(capsules) == 1 or found is None:
        return draw.full(found, upright=draw.STANDING)
    return draw.img(found.tall or found, eager=True)


def explore(capsule_id: str) -> None:
    with notices.on_screen():
        here.wipe()  # what the last shopper left behind, if the screen could not tell the shop
        session.go("story", capsule=capsule_id)  # and nobody goes on with what could not be wiped


with theme.page("attract"):
    notices.show()
    if not capsules:
        with draw.together("vt-nothing"):
            draw.eyebrow(here.device.boutique_name)
            draw.title(say("attract.nothing"))
            draw.lead(say("attract.nothing_line"))
    with draw.laid("panels", "vt-panels"):
        for capsule in capsules:
            with draw.together("vt-panel"):
                with draw.together("vt-panelpicture"):
                    draw.html(picture(capsule.picture))
                with draw.together("vt-panelwords"):
                    draw.eyebrow(capsule.eyebrow)
                    draw.title(capsule.name)
                    draw.lead(capsule.line)
                words = say("attract.explore", name=capsule.name)
                draw.button(
                    words,
                    key=f"explore_{capsule.capsule_id}",
                    act=explore,
                    args=(capsule.capsule_id,),
                    css="vt-explore",
                    markup=f"<span>{draw.safe(words)}</span>",
                )
        basket_bar.footer(here, back=("", {}))
        ask.choice(
            say("shop.language"),
            {one: one.upper() for one in LANGUAGES},
            now=here.language,
            key="tongue",
            act=lambda: session.speak(state.get("tongue")),
            named=False,
        )
