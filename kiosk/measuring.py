"""Measuring a finger on the glass or by a strip of paper, a chain on a drawn neck, and a piece beside a coin."""

from typing import Any

from kiosk import ask, draw, found, notices, state
from kiosk.components import sizer
from kiosk.diagrams import coins, necks, plates
from kiosk.diagrams import rings as ring_drawings
from kiosk.session import Here
from kiosk.words import Words
from pos.catalogue.materials import VERMEIL
from pos.catalogue.views import VariantView
from pos.fitting import chains, glass, rings
from pos.models import Role
from pos.people import staff
from pos.selling import strips

LENGTHS_MM = (400.0, 425.0, 450.0, 500.0, 600.0)  # where no piece says which it comes in
FIRST_PAPER_MM = 54.0


def finger(here: Here, piece: VariantView | None) -> None:
    """The ring sizer and what it found, in every country's size."""
    say, seen = here.say, glass.of(here.shop, device_id=here.device.device_id)
    by_card = seen is None or _anew(here)
    card_on_it = by_card and _how() == "glass"
    with draw.together("vt-body" if card_on_it else "vt-pair"):  # a card is wider than half a tablet
        with draw.together("vt-body"):
            how = {one: say(f"fit.by_{one}") for one in ("glass", "paper")}
            ask.choice(say("fit.how"), how, now=_how(), key="fit_how")
            if _how() == "paper":
                _paper(here)
            else:
                _on_the_glass(here, seen)
        with draw.together():
            _ring_found(here, piece, seen)


def _how() -> str:
    return str(state.get("fit_how") or "glass")


def _on_the_glass(here: Here, seen: glass.Glass | None) -> None:
    say, again = here.say, _anew(here)
    if seen and not again and not seen.is_fine:
        _trouble(say("fit.coarse", dots=say.decimal(seen.dots_per_mm)))
    finger_now = found.ring()
    sizer.show(
        None if again else seen,
        circumference_mm=finger_now.circumference_mm if finger_now else None,
        tries=int(state.get("glass_tries", 0)),
        say=say,
        key="fit_sizer",
        on_card=lambda: _calibrate(here),
        on_ring=_keep_ring,
    )
    if seen and not again and staff.allowed(here.staff, needed=Role.STAFF):
        with draw.together("vt-block"):
            draw.button(say("fit.measure_glass_again"), key="link_glass", act=_again)
    elif seen and not again:
        draw.quiet(say("fit.glass_known"))


def _anew(here: Here) -> bool:
    """Whether the glass is being measured anew; what the counter began and left is not asked of the next shopper."""
    return bool(state.get("glass_again")) and staff.allowed(here.staff, needed=Role.STAFF)


def _again() -> None:
    state.put("glass_again", True)


def _calibrate(here: Here) -> None:
    with notices.on_screen():
        long, short, dots = sizer.edges("fit_sizer")
        state.put("glass_tries", int(state.get("glass_tries", 0)) + 1)
        glass.calibrate(
            here.shop,
            device_id=here.device.device_id,
            long_points=long,
            short_points=short,
            dots_per_point=dots,
            staff_id=here.staff_id,
        )
        state.take("glass_again")


def _keep_ring() -> None:
    found.keep(ring=found.RingFound(sizer.found("fit_sizer"), "glass"))


def _paper(here: Here) -> None:
    say = here.say
    draw.html(
        '<ol class="vt-how">' + "".join(f"<li>{draw.safe(line)}</li>" for line in say.many("fit.paper")) + "</ol>"
    )
    if state.get("strip_asked"):
        draw.quiet(say("fit.printing"))
    else:
        draw.plain(say("fit.print"), key="fit_print", act=_print, args=(here,))
    hint = say.decimal(FIRST_PAPER_MM)
    ask.line(say("fit.paper_mm"), key="fit_paper_mm", most=6, hint=hint, decimal=True, act=_keep_paper)
    measured = ask.decimal_of("fit_paper_mm")
    if measured is not None and not rings.is_a_finger(measured):
        least, most = (say.decimal(mm, places=2) for mm in (rings.LEAST_MM, rings.MOST_MM))
        _trouble(say("fit.paper_outside", least=least, most=most))
    elif measured is not None:
        draw.quiet(say("fit.paper_errs", mm=say.decimal(rings.PAPER_MAY_ERR_MM)))


def _trouble(words: str) -> None:
    draw.html(f'<p class="vt-trouble">{draw.safe(words)}</p>')


def _print(here: Here) -> None:
    with notices.on_screen():
        strips.print_strip(here.shop, device_id=here.device.device_id, language=here.language)
        state.put("strip_asked", True)


def _keep_paper() -> None:
    mm = ask.decimal_of("fit_paper_mm")
    if mm is not None:
        found.keep(ring=found.RingFound(mm, "paper") if rings.is_a_finger(mm) else None)


def _ring_found(here: Here, piece: VariantView | None, seen: glass.Glass | None) -> None:
    say, finger_now = here.say, found.ring()
    if finger_now is None:
        draw.heading(say("fit.nothing_yet"), level=2)
        draw.text(*say.many("fit.ring_tips"))
        return
    band = found.band_mm(piece.measures) if piece and piece.kind == "ring" else 0
    wanted = rings.advised(finger_now.circumference_mm, band_mm=band)
    size = rings.size_of(wanted)
    draw.heading(say("fit.your_ring"), level=2)
    true = draw.to_scale(
        ring_drawings.ring(
            circumference_mm=wanted,
            depth_mm=float((piece.measures.get("depth") if piece else None) or 1.8),
            material_id=piece.material_id if piece else "PT950RU",
            words=f"{say.decimal(size.diameter_mm)} mm",
        ),
        alt=say("fit.ring_alt", mm=say.decimal(size.diameter_mm)),
        points_per_mm=seen.points_per_mm if seen else None,
    )
    draw.quiet(say("fit.true_size" if true else "fit.to_scale"))
    _scales(size, say)
    notes = [say(f"fit.estimate_{finger_now.by}")]
    if wanted != finger_now.circumference_mm:
        notes.insert(0, say("fit.wide", band=say.decimal(band), mm=say.decimal(rings.WIDE_ADDS_MM)))
    if piece and piece.kind == "ring" and found.size_for(piece) is None:
        can = rings.resizing(has_stone=bool(piece.measures.get("stone")), is_plated=piece.material_id == VERMEIL)
        notes.append(say(f"fit.no_such_size_{can}"))
    draw.quiet(*notes)


def _scales(size: rings.RingSize, say: Words) -> None:
    none = "–"
    rows = [
        (say("fit.round"), f"{say.decimal(size.circumference_mm)} mm"),
        (say("fit.scale_uk"), size.uk or none),
        (say("fit.scale_us"), say.decimal(size.us, places=2) if size.us is not None else none),
        (say("fit.scale_eu"), str(size.eu) if size.eu is not None else none),
        (say("fit.scale_jp"), str(size.jp) if size.jp is not None else none),
    ]
    table("fit.scales", rows, say)


def table(of: str, rows: list[tuple[str, str]], say: Words, **facts: str) -> None:
    """Names and what they are, under a name for who listens."""
    cells = "".join(
        f'<tr><th scope="row">{draw.safe(left)}</th><td>{draw.safe(right)}</td></tr>' for left, right in rows
    )
    draw.html(f'<table class="vt-measures" aria-label="{draw.safe(say(of, **facts))}">{cells}</table>')


def neck(here: Here, piece: VariantView | None) -> None:
    """A chain on a drawn neck: its length and the neck's girth may be changed."""
    say = here.say
    mine = piece if piece and piece.kind == "chain" else None
    lengths = [float(size.mm) for size in mine.sizes if size.mm] if mine else list(LENGTHS_MM)
    if mine and not lengths:
        lengths = [float(mine.measures["length"])]
    girth_cm = ask.decimal_of("fit_neck")
    around = chains.GIRTH_MM if girth_cm is None else girth_cm * 10
    is_a_neck = chains.is_a_neck(around)
    liked = state.get("fit_length") or found.chain()
    length = liked if liked in lengths else min(lengths, key=lambda mm: abs(mm - 450))
    with draw.laid("neck", "vt-pair"):
        with draw.together():
            ask.choice(
                say("fit.length"),
                {mm: f"{say.decimal(mm / 10)} cm" for mm in lengths},
                now=length,
                key="fit_length",
                act=lambda: found.keep(chain=state.get("fit_length")),
            )
            ask.line(say("fit.neck_cm"), key="fit_neck", most=6, hint=say.decimal(chains.GIRTH_MM / 10), decimal=True)
            drawn_on = [say("fit.neck_assumed" if girth_cm is None else "fit.neck_measured")] if is_a_neck else []
            draw.quiet(say("fit.neck_how"), *drawn_on)
        with draw.together():
            if is_a_neck:
                _hanging(lengths, length, around, mine, say)
            else:
                least, most = (say.decimal(mm / 10) for mm in chains.NECK_MM)
                _trouble(say("fit.neck_outside", least=least, most=most))


def _hanging(lengths: list[float], length: float, girth: float, piece: VariantView | None, say: Words) -> None:
    hangs = chains.lie(length, girth_mm=girth)
    words = f"{say.decimal(length / 10)} cm"
    if hangs is None:
        draw.lead(say("fit.too_short", length=words))
        return
    others = [chains.lie(other, girth_mm=girth) for other in lengths if other != length]
    place = say(f"fit.lies_{hangs.place}")
    draw.to_scale(
        necks.neck(
            hangs,
            others=[one for one in others if one],
            material_id=piece.material_id if piece else "PT950RU",
            words=words,
        ),
        alt=say("fit.neck_alt", length=words, place=place),
    )
    draw.lead(f"{words}{say('formats.colon')}{place}")
    draw.quiet(say("fit.neck_estimate"))


def coin(here: Here, piece: VariantView | None) -> None:
    """The piece beside a coin, as large as it is where the glass was measured."""
    say = here.say
    if piece is None:
        return
    seen: Any = glass.of(here.shop, device_id=here.device.device_id)
    money = coins.COIN[here.language]
    wide, _, _ = plates.outline_beside(piece.kind, piece.measures)
    words = f"{say.decimal(wide)} mm"
    with draw.laid("coin", "vt-together"):
        true = draw.to_scale(
            coins.beside(
                kind=piece.kind, measures=piece.measures, material_id=piece.material_id, coin=money, words=words
            ),
            alt=say(
                "fit.coin_alt", name=piece.name, mm=words, coin=money.name, coin_mm=say.decimal(money.mm, places=2)
            ),
            points_per_mm=seen.points_per_mm if seen else None,
            most_points=680,
        )
        draw.quiet(
            say("fit.true_size" if true else "fit.to_scale"),
            say("fit.coin_line", coin=money.name, mm=say.decimal(money.mm, places=2)),
            piece.line,
        )
