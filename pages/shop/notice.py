"""What the marks say, in our own words, and where the official notice stands. One tap from every shopper's screen."""

from kiosk import basket_bar, draw, session, theme
from kiosk.diagrams.shields import shield
from pos.catalogue.dealers_notice import NoticeView, notice_of
from pos.models import Role

here = session.require(Role.SHOPPER)
say = here.say


def shields(names: tuple[str, ...]) -> None:
    draw.html(
        '<dl class="vt-shields">'
        + "".join(
            f"<div><dt>{draw.drawing(shield(name), alt='')}{draw.safe(say(f'marks.{name}'))}</dt>"
            f"<dd>{draw.safe(say(f'marks.{name}_line'))}</dd></div>"
            for name in names
        )
        + "</dl>"
    )


def official(notice: NoticeView | None) -> None:
    """The notice itself, whole; where the boutique was given none yet, where it is to be had."""
    with draw.together("vt-note"):
        draw.heading(say("marks.official"), level=2)
        draw.text(say("marks.official_line"), say("marks.ours"))
    if notice is not None:
        source = f"/dealers-notice/{here.device.boutique_id}?{notice.dated}"  # another date is another picture
        alt = say("marks.official_alt", version=notice.version, date=say.on(notice.dated, year=True))
        size = f'width="{notice.width}" height="{notice.height}"'
        draw.html(
            f'<figure class="vt-official"><img src="{draw.safe(source)}" alt="{draw.safe(alt)}" loading="lazy" {size}>'
            f'<figcaption class="vt-quiet">{draw.safe(alt)}</figcaption></figure>'
        )


with theme.page("notice"), draw.laid("notice", "vt-block"):
    with draw.together("vt-body vt-column"):
        basket_bar.tongue(here)
        with draw.together():
            draw.title(say("marks.title"))
            draw.lead(say("marks.lead"))
        shields(("sponsor", "fineness", "office", "date"))
        draw.heading(say("marks.shapes"), level=2)
        shields(("platinum", "gold", "silver", "palladium"))
        draw.text(say("marks.vermeil"), say("marks.stamp"))
        official(notice_of(here.shop, boutique_id=here.device.boutique_id))
    basket_bar.only_back(here)
