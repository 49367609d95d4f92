"""The brand's board: how each edition sells, as it sells."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from kiosk import draw, session, staff_bar, state, theme
from kiosk.diagrams.curve import curve
from kiosk.words import Words
from pos.books import standing
from pos.brand import funnel, sellthrough
from pos.brand.funnel import FunnelRow
from pos.brand.sellthrough import MARKS, SellThrough
from pos.models import Role, Step

LOOK_EVERY = 2  # seconds
SPANS = {"today": 1, "week": 7, "all": 0}  # days of the funnel; 0: since the drop

here = session.require(Role.BRAND)


def figures(one: SellThrough, say: Words) -> None:
    kept = say("board.left_line", held=one.kept)
    cap = say("board.preorders_line", cap=one.cap) if one.cap else say("board.no_window")
    orders = say.counted("board.orders", one.orders)
    marks = [
        (say("board.at", hours=hours), "–" if n is None else say.percent(n / one.size), share(n, one, say))
        for hours, n in zip(MARKS, one.marks, strict=True)
    ]
    draw.figures(
        [
            (say("board.sold"), str(one.sold), say("board.sold_line", total=one.size)),
            *marks,
            (say("board.left"), str(one.free), kept),
            (say("board.preorders"), str(one.preorders), cap),
            (say("board.revenue"), say.money(one.taken_ex_vat_minor), orders),
        ]
    )


def share(n: int | None, one: SellThrough, say: Words) -> str:
    return say("board.at_open") if n is None else f"{n} / {one.size}"


def table(editions: tuple[SellThrough, ...], say: Words) -> None:
    """Every edition in one line."""
    head = [say("board.edition"), say("board.sold"), *(say("board.at", hours=h) for h in MARKS), say("board.left")]
    head += [say("board.preorders"), say("board.revenue")]
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{draw.safe(cell)}</td>"
            for cell in (
                one.name,
                f"{one.sold} / {one.size}",
                *("–" if n is None else n for n in one.marks),
                one.free,
                f"{one.preorders} / {one.cap}" if one.cap else "–",
                say.exact(one.taken_ex_vat_minor),
            )
        )
        + "</tr>"
        for one in editions
    )
    titles = "".join(f'<th scope="col">{draw.safe(name)}</th>' for name in head)
    markup = f'<table class="vt-editions"><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table>'
    draw.html(f'<div class="vt-wide">{markup}</div>')


@session.part(here, run_every=LOOK_EVERY)
def live(capsule_id: str, sku: str | None) -> None:
    say = here.say
    whole, *editions = sellthrough.of_capsule(here.shop, capsule_id=capsule_id, language=here.language)
    one = next((edition for edition in editions if edition.sku == sku), whole)
    as_of = say("board.as_of", time=say.clock(one.as_of, zone=here.device.zone, seconds=True))
    draw.heading_row(one.name, as_of, level=2)
    figures(one, say)
    with st.container(key="curve", gap="xsmall"):
        draw.quiet(say("board.curve", total=one.size))
        st.altair_chart(curve(one, say=say), key="chart", alt=say("board.curve", total=one.size))
    table(tuple(editions), say)
    steps(capsule_id, say)


def steps(capsule_id: str, say: Words) -> None:
    """How far shoppers come with each piece, and in each boutique: counts, and shares of those who looked."""
    span = str(state.get("funnel_span") or "all")
    today = here.shop.clock.now().astimezone(ZoneInfo(here.device.zone)).date()
    since = today - timedelta(days=SPANS[span] - 1) if SPANS[span] else None
    found = funnel.of_capsule(here.shop, capsule_id=capsule_id, language=here.language, since=since)
    as_of = say("board.as_of", time=say.clock(found.as_of, zone=here.device.zone, seconds=True))
    draw.heading_row(say("funnel.title"), as_of, level=2)
    st.segmented_control(
        say("funnel.span"),
        list(SPANS),
        format_func=lambda one: say(f"funnel.span_{one}"),
        default="all",
        required=True,
        label_visibility="collapsed",
        key="funnel_span",
    )
    if not found.pieces:
        draw.quiet(say("funnel.nothing"))
        return
    draw.figures([(say(f"funnel.{one}"), str(found.whole.counts.get(one, 0)), of_views(found.whole, one, say))
                  for one in Step])  # fmt: skip
    rows = [step_row(one, say) for one in found.pieces]
    if len(found.boutiques) > 1:
        rows += [step_row(one, say) for one in found.boutiques]
    titles = "".join(
        f'<th scope="col">{draw.safe(name)}</th>'
        for name in (say("funnel.of"), *(say(f"funnel.{one}") for one in Step))
    )
    markup = f'<table class="vt-editions"><thead><tr>{titles}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    draw.html(f'<div class="vt-wide">{markup}</div>')
    draw.quiet(say("funnel.note"))


def step_row(one: FunnelRow, say: Words) -> str:
    cells = (one.name, *(one.counts.get(step, 0) for step in Step))
    return "<tr>" + "".join(f"<td>{draw.safe(str(cell))}</td>" for cell in cells) + "</tr>"


def of_views(one: FunnelRow, step: Step, say: Words) -> str:
    share = one.share(step)
    if share is None or step is Step.VIEW:
        return ""
    return say("funnel.share_kept" if step is Step.DROP else "funnel.share", share=say.percent(share))


def books(say: Words) -> None:
    """One quiet line: whether the books and Stripe's agree, and when anybody last looked."""
    last, n, zone = standing.compared(here.shop), standing.count(here.shop), here.device.zone
    if last.at is None:
        words = say("books.board_never")
    else:
        day, time = say.local_day(last.at, zone=zone), say.clock(last.at, zone=zone)
        differ = say.counted("books.board_differ", n, day=day, time=time)
        words = differ if n else say("books.board_agree", day=day, time=time)
    draw.quiet(words, *([say("books.board_stale")] if last.stale and last.at is not None else []))


def choose(say: Words) -> tuple[str, str | None]:
    """Which capsule, and which of its editions."""
    names = {capsule.capsule_id: capsule.name for capsule in sellthrough.capsules(here.shop, language=here.language)}
    with st.container(horizontal=True, gap="medium"):
        capsule_id = st.segmented_control(
            say("board.capsule"),
            list(names),
            format_func=lambda one: names[one],
            default=next(iter(names)),
            required=True,
            key="board_capsule",
        )
    _, *editions = sellthrough.of_capsule(here.shop, capsule_id=capsule_id, language=here.language)
    by_sku = {"": say("board.all"), **{edition.sku or "": edition.name for edition in editions}}
    sku = st.pills(
        say("board.edition"),
        list(by_sku),
        format_func=lambda one: by_sku[one],
        default="",
        required=True,
        key=f"board_edition_{capsule_id}",
    )
    return capsule_id, sku or None


with theme.page("board"):
    staff_bar.show(here, on="board")
    with st.container(key="board_body", gap="medium"):
        if sellthrough.capsules(here.shop, language=here.language):
            live(*choose(here.say))
        else:
            draw.lead(here.say("board.nothing"))
        books(here.say)
