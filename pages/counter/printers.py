"""Printers: how each stands, what waits at it, the slip in doubt with its question; test page, pause, move, copy."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from kiosk import draw, notices, session, staff_bar, state, theme
from kiosk.diagrams import printer as drawing
from kiosk.words import Words
from pos.ids import new_id
from pos.models import JobState, Role
from pos.paper import answers, desk, moving, trying
from pos.paper.desk import Desk, Paper, PrinterView
from pos.paper.printers import READY
from pos.paper.status import SENTENCES, Cause

LOOK_EVERY = 3.0  # seconds
WHY = ("torn", "faded", "lost", "shopper")

here = session.require(Role.STAFF)
by_whom = {"staff_id": here.staff_id or "", "device_id": here.device.device_id}


def do(act: Callable[..., Any], **what: Any) -> None:
    """One verb, by whoever stands here; what it refuses is said."""
    with notices.on_screen():
        act(here.shop, **what, **by_whom)


def try_out(printer_id: str) -> None:
    do(trying.try_out, printer_id=printer_id, language=here.language, tap=str(state.get("try_tap")))
    state.put("try_tap", new_id())


def copy(job_id: str, printer_id: str) -> None:
    why = here.say(f"printers.why_{state.get('copy_why') or WHY[0]}")
    do(answers.copy, job_id=job_id, why=why, printer_id=printer_id)
    state.put("copying", None)


def stands(one: PrinterView, say: Words) -> tuple[str, str]:
    """Which picture, and which sentence."""
    if one.paused:
        return "paused", say("printers.is_paused")
    if one.stands:
        return "trouble", say("printers.stands")
    if one.said is None:
        return "unheard", say("printers.unheard_station" if one.station else "printers.unheard")
    if one.said != READY:
        return "trouble", SENTENCES[say.language][Cause(one.said)]
    return "ready", say("printers.near_end") if one.near_end else SENTENCES[say.language][None]


def head(one: PrinterView, say: Words) -> None:
    sign, sentence = stands(one, say)
    mine = say("printers.mine") if one.mine else ""
    quiet = " · ".join(words for words in (mine, one.model, one.address) if words)
    doubt = "" if one.proves else f'<span class="vt-quiet">{draw.safe(say("printers.proves_nothing"))}</span>'
    tone = "vt-trouble" if sign == "trouble" else "vt-lead"
    draw.html(
        f'<div class="vt-printer">{draw.drawing(drawing.drawn(sign), alt=say(f"printers.sign_{sign}"))}'
        f'<div><h3>{draw.safe(one.label)}</h3><p class="{tone}" role="status">{draw.safe(sentence)}</p>'
        f'<span class="vt-quiet">{draw.safe(quiet)}</span>{doubt}</div></div>'
    )


def acts(one: PrinterView, others: list[PrinterView], say: Words) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(say("printers.try"), key=f"try_{one.printer_id}", on_click=try_out, args=(one.printer_id,))
        words, what = say("printers.go_on" if one.paused else "printers.pause"), {"printer_id": one.printer_id}
        stop = {**what, "paused": not one.paused}
        st.button(words, key=f"pause_{one.printer_id}", on_click=do, args=(moving.pause,), kwargs=stop)
        if any(paper.state != JobState.SENDING for paper in one.queue):
            for other in others:
                way = {"from_id": one.printer_id, "printer_id": other.printer_id}
                key = f"all_{one.printer_id}_{other.printer_id}"
                words = say("printers.move_all", label=other.label)
                st.button(words, key=key, on_click=do, args=(moving.move_all,), kwargs=way)


def line(one: Paper, say: Words) -> str:
    """A slip in words: what it is, whose, since when."""
    kind = say(f"slips.{one.kind}" if say.has(f"slips.{one.kind}") else "slips.other")
    if one.copy_number:
        kind = say("slips.copy", kind=kind, n=one.copy_number)
    at = say.clock(one.ended_at or one.queued_at, zone=here.device.zone)
    return " · ".join(words for words in (kind, one.order_code, at) if words)


def row(words: str, quiet: str) -> None:
    draw.html(f'<p class="vt-text">{draw.safe(words)} <span class="vt-quiet">{draw.safe(quiet)}</span></p>')


def shown(one: Paper, say: Words) -> None:
    alt = draw.safe(say("done.slip_alt", kind=line(one, say)))
    draw.html(
        f'<figure class="vt-slip"><div><img src="/slips/{draw.safe(one.job_id)}.png" alt="{alt}" loading="lazy"></div>'
        f'<figcaption><span>{draw.safe(line(one, say))}</span><span class="vt-quiet">'
        f"{draw.safe(say(f'slips.{one.state}'))}</span></figcaption></figure>"
    )


def in_doubt(one: Paper, printer: PrinterView, others: list[PrinterView], say: Words) -> None:
    """The picture, and the question: did it come out?"""
    with st.container(key=f"paper_{one.job_id}", gap="small"):
        shown(one, say)
        draw.lead(say("printers.ask"))
        if not printer.clears:
            draw.quiet(say("collect.off_and_on"))
        with st.container(horizontal=True, gap="small"):
            for name, yes in (("came_out", True), ("did_not", False)):
                answer = {"job_id": one.job_id, "yes": yes}
                key = f"{name}_{one.job_id}"
                st.button(say(f"collect.{name}"), key=key, on_click=do, args=(answers.came_out,), kwargs=answer)
            for other in others:
                answer = {"job_id": one.job_id, "yes": False, "printer_id": other.printer_id}
                words, key = say("printers.did_not_there", label=other.label), f"there_{one.job_id}_{other.printer_id}"
                st.button(words, key=key, on_click=do, args=(answers.came_out,), kwargs=answer)


def held(one: Paper, say: Words) -> None:
    with st.container(key=f"paper_{one.job_id}", gap="small"):
        shown(one, say)
        with st.container(horizontal=True, gap="small"):
            for name, act in (("release", answers.release), ("leave", answers.leave)):
                what = {"job_id": one.job_id}
                st.button(say(f"printers.{name}"), key=f"{name}_{one.job_id}", on_click=do, args=(act,), kwargs=what)


def waits(one: Paper, others: list[PrinterView], say: Words) -> None:
    with st.container(key=f"waits_{one.job_id}", gap="xsmall"):
        cause = "slips.queued" if one.state == JobState.QUEUED else f"slips.{one.state}"
        row(line(one, say), say(cause))
        if one.state in moving.MOVABLE:
            with st.container(horizontal=True, gap="small"):
                for other in others:
                    way = {"job_id": one.job_id, "printer_id": other.printer_id}
                    words, key = say("printers.move", label=other.label), f"link_move_{one.job_id}_{other.printer_id}"
                    st.button(words, key=key, type="tertiary", on_click=do, args=(moving.move,), kwargs=way)


def one_printer(one: PrinterView, others: list[PrinterView], say: Words) -> None:
    with st.container(key=f"printer_{one.printer_id}", gap="small"):
        head(one, say)
        acts(one, others, say)
        troubles = [*one.asked, *one.held]
        if troubles:
            with st.grid(3, min_column_width=230, gap="large"):
                for paper in one.asked:
                    in_doubt(paper, one, others, say)
                for paper in one.held:
                    held(paper, say)
        for paper in one.queue[: desk.MOST_SHOWN]:
            waits(paper, others, say)
        if len(one.queue) > desk.MOST_SHOWN:
            draw.quiet(say("printers.more", n=len(one.queue) - desk.MOST_SHOWN))
        if not troubles and not one.queue:
            draw.quiet(say("printers.nothing_waits"))


def copies(seen: Desk, say: Words) -> None:
    """What came out lately, and another of it: marked as a copy, with a reason."""
    if not seen.lately:
        return
    st.subheader(say("printers.lately"), anchor=False)
    at = next((one.printer_id for one in seen.printers if one.mine), seen.printers[0].printer_id)
    for one in seen.lately:
        with st.container(key=f"lately_{one.job_id}", gap="xsmall"):
            row(line(one, say), say(f"slips.{one.state}"))
            if one.copies and state.get("copying") == one.job_id:
                st.segmented_control(
                    say("printers.why"), WHY, format_func=lambda why: say(f"printers.why_{why}"), default=WHY[0],
                    required=True, key="copy_why",
                )  # fmt: skip
                st.button(say("printers.copy_yes"), key="go_copy", type="primary", on_click=copy, args=(one.job_id, at))
            elif one.copies:
                words, key = say("printers.copy"), f"link_copy_{one.job_id}"
                st.button(words, key=key, type="tertiary", on_click=state.put, args=("copying", one.job_id))


@session.part(here, run_every=LOOK_EVERY)
def everything() -> None:
    say = here.say
    seen = desk.look(here.shop, boutique_id=here.device.boutique_id, device_id=here.device.device_id)
    notices.show_awhile("printers")
    state.first("try_tap", new_id())
    if not seen.printers:
        draw.lead(say("printers.none"))
        draw.quiet(say("printers.none_line"))
    for one in seen.printers:
        one_printer(one, [other for other in seen.printers if other is not one], say)
    if seen.homeless:
        st.subheader(say("printers.homeless"), anchor=False)
        for paper in seen.homeless:
            waits(paper, list(seen.printers), say)
    copies(seen, say)


with theme.page("printers"):
    staff_bar.show(here, on="printers")
    with st.container(key="printers_body", gap="medium"):
        st.header(here.say("printers.title"), anchor=False)
        everything()
