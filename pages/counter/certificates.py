"""Certificates: find one by what stands on paper; its piece, its log, its slips; copy it, pass it on, void it, issue it
again. What a manager alone may do asks for a manager's PIN where somebody else is at the counter.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from kiosk import certificate_file, draw, notices, session, slips, staff_bar, state, theme, who
from kiosk.words import Words
from pos.catalogue import showcase
from pos.catalogue.views import VariantView
from pos.ids import new_id, secret_token
from pos.models import JobState, Role
from pos.paper import answers
from pos.people import staff
from pos.proof import hand_over, reissue
from pos.selling import certificate_desk
from pos.selling.certificate_desk import CertificateFile, FoundCertificate

LOOK_EVERY = 2.0  # seconds between looks at the printer, while paper is still coming
WHY = ("torn", "faded", "lost", "shopper")
LONGEST = reissue.LONGEST_REASON

here = session.require(Role.STAFF)
by_me = {"staff_id": here.staff_id or "", "device_id": here.device.device_id}
zone = here.device.zone


def forget() -> None:
    for key in (
        "certificate",
        "certificates_found",
        "certificate_act",
        "certificate_said",
        "hand_over_code",
        "vouching",
    ):
        state.put(key, None)


def look_up() -> None:
    """A scanner types the address in the QR code and Enter; a person types a code or a number."""
    typed = str(state.get("certificate_words") or "").strip()
    state.put("certificate_words", "")
    forget()
    if not typed:
        return
    with notices.on_screen():
        found = certificate_desk.find(here.shop, words=typed, language=here.language)
        if len(found) == 1:
            state.put("certificate", found[0].certificate_id)
        else:
            state.put("certificates_found", found)


def open_one(certificate_id: str) -> None:
    found = state.get("certificates_found")
    forget()
    state.put("certificates_found", found)
    state.put("certificate", certificate_id)


def back() -> None:
    state.put("certificate", None)
    state.put("certificate_act", None)


def begin(act: str | None) -> None:
    """Begin something with it, or leave it."""
    for key in ("certificate_said", "hand_over_code", "vouching"):
        state.put(key, None)
    state.put("certificate_act", act)
    state.put("certificate_tap", secret_token())
    state.put("copy_tap", new_id())


def carry_out(act: str, verb: Callable[..., Any], **what: Any) -> Any:
    """One act, once: a second touch of the same finger finds it begun no more."""
    if state.get("certificate_act") != act:
        return None
    with notices.on_screen(at="certificate"):
        done = verb(here.shop, **what, **by_me)
        begin(None)
        state.put("certificate_said", act)
        return done


def copy(job_id: str, printer_id: str) -> None:
    why = here.say(f"printers.why_{state.get('certificate_copy_why') or WHY[0]}")
    carry_out("copy", answers.copy, job_id=job_id, why=why, printer_id=printer_id, tap=str(state.get("copy_tap")))


def give_code(certificate_id: str) -> None:
    with notices.on_screen(at="certificate"):
        asked = {"certificate_id": certificate_id, "tap": str(state.get("certificate_tap"))}
        code, until = hand_over.offer_at_counter(here.shop, **asked, **by_me)
        state.put("hand_over_code", (certificate_id, here.staff_id, code, until))


def take_code(certificate_id: str) -> None:
    typed = str(state.get("new_owner_code") or "")
    state.put("new_owner_code", "")
    carry_out("pass", hand_over.confirm_at_counter, certificate_id=certificate_id, code=typed)


def void(certificate_id: str, **manager: str) -> None:
    why = str(state.get(f"void_why_{certificate_id}") or "")
    carry_out("void", reissue.void, certificate_id=certificate_id, why=why, **manager)


def again(file: CertificateFile, **manager: str) -> None:
    at = file.certificate_id
    size, words = state.get(f"again_size_{at}"), state.get(f"again_words_{at}")
    lines = None if words is None or tuple(words.splitlines()) == (file.engraving or ()) else tuple(words.splitlines())
    new = carry_out(
        "again",
        reissue.reissue,
        certificate_id=at,
        why=str(state.get(f"again_why_{at}") or ""),
        size=None if size in (None, file.size) else size,
        engraving=lines,
        **manager,
    )
    if new is not None:
        state.put("certificate", new.certificate_id)


def answer(job_id: str, *, yes: bool) -> None:
    """Somebody has looked whether a slip came out."""
    with notices.on_screen(at="certificate"):
        answers.came_out(here.shop, job_id=job_id, yes=yes, **by_me)


def is_manager() -> bool:
    return staff.allowed(here.staff, needed=Role.MANAGER)


def acts(file: CertificateFile, say: Words) -> None:
    """What may be done with it: one thing at a time."""
    if not file.in_force:
        draw.quiet(say("certificates.over"))
        return
    with st.container(horizontal=True, gap="small"):
        for act in ("copy", "pass", "again", "void"):
            st.button(say(f"certificates.{act}"), key=f"act_{act}", on_click=begin, args=(act,))


def copying(file: CertificateFile, say: Words) -> None:
    printer_id = here.device.printer_id
    if file.to_copy is None or printer_id is None:
        draw.lead(say("certificates.no_printer" if file.to_copy else "certificates.no_paper"))
        return
    draw.quiet(say("certificates.copy_line"))
    st.segmented_control(
        say("printers.why"), WHY, format_func=lambda why: say(f"printers.why_{why}"), default=WHY[0], required=True,
        key="certificate_copy_why",
    )  # fmt: skip
    st.button(say("printers.copy_yes"), key="go_copy", type="primary", on_click=copy, args=(file.to_copy, printer_id))


def code_told(file: CertificateFile) -> tuple[str, datetime] | None:
    """The code that whoever stands here has just been given for it, until when it is good."""
    of, by, code, until = state.get("hand_over_code") or ("", "", "", None)
    return (code, until) if until and (of, by) == (file.certificate_id, here.staff_id) else None


def passing_on(file: CertificateFile, say: Words) -> None:
    """The code for the new owner, told once to whoever stands here; and the code a new owner comes with."""
    told = code_told(file)
    if told:
        code, until = told
        draw.html(f'<p class="vt-big" role="status">{draw.safe(code)}</p>')
        draw.lead(say("certificates.code_until", at=certificate_file.moment(until, say, zone=zone)))
        draw.quiet(say("certificates.code_once"))
        st.button(say("certificates.written_down"), key="go_written", type="primary", on_click=begin, args=(None,))
        return
    draw.quiet(say("certificates.pass_line"))
    st.button(
        say("certificates.give_code"), key="go_code", type="primary", on_click=give_code, args=(file.certificate_id,)
    )
    st.text_input(say("certificates.new_owner"), key="new_owner_code", max_chars=24, autocomplete="off")
    words = say("certificates.confirm")
    st.button(words, key="confirm_code", on_click=take_code, args=(file.certificate_id,))


def voiding(file: CertificateFile, say: Words) -> None:
    draw.quiet(say("certificates.void_line"))
    st.text_input(say("certificates.why"), key=f"void_why_{file.certificate_id}", max_chars=LONGEST)
    managed("void", say, lambda **manager: void(file.certificate_id, **manager))


def issuing_again(file: CertificateFile, variant: VariantView | None, say: Words) -> None:
    """What is new of the piece; the old certificate is voided by the same touch."""
    draw.quiet(say("certificates.again_line"))
    at = file.certificate_id
    sizes = {size.code: size.name for size in variant.sizes} if variant else {}
    if len(sizes) > 1:
        codes = list(sizes)
        index = codes.index(file.size) if file.size in codes else None
        st.selectbox(say("certificates.new_size"), codes, index, format_func=sizes.__getitem__, key=f"again_size_{at}")
    if variant and variant.engraving:
        said = "\n".join(file.engraving or ())
        help_ = say("certificates.new_words_line", n=len(variant.engraving.chars_per_line))
        st.text_area(say("certificates.new_words"), said, key=f"again_words_{at}", height=96, placeholder=help_)
    st.text_input(
        say("certificates.why"), key=f"again_why_{at}", max_chars=LONGEST, placeholder=say("certificates.why_again")
    )
    managed("again", say, lambda **manager: again(file, **manager))


def managed(act: str, say: Words, do: who.Vouched) -> None:
    """The green button; where nobody with the right stands here, it leads to a manager's PIN."""
    if state.get("vouching") == act:
        who.vouch(here, do)
        return
    if not is_manager():
        draw.quiet(say("certificates.needs_manager"))
    tap: tuple[Any, tuple[Any, ...]] = (do, ()) if is_manager() else (state.put, ("vouching", act))
    st.button(say(f"certificates.{act}_yes"), key=f"go_{act}", type="primary", on_click=tap[0], args=tap[1])


def doing(file: CertificateFile, variant: VariantView | None, say: Words) -> None:
    """The form of what was begun, and what it came to."""
    notices.show(at="certificate")
    said, act = state.get("certificate_said"), state.get("certificate_act")
    if said:
        draw.lead(say(f"certificates.{said}_done"), role="status")
    if not act or not file.in_force:
        return
    with st.container(key=f"certificate_{act}", gap="small"):
        draw.heading_row(say(f"certificates.{act}"), "")
        if act == "again":
            issuing_again(file, variant, say)
        else:
            {"copy": copying, "pass": passing_on, "void": voiding}[act](file, say)
        if not state.get("vouching") and not code_told(file):
            st.button(say("certificates.leave"), key="link_leave", type="tertiary", on_click=begin, args=(None,))


def papers(certificate_id: str) -> None:
    """Its slips: the original, the card for the box, and each copy with who and why."""
    say, file = here.say, certificate_desk.view(here.shop, certificate_id=certificate_id, language=here.language)
    draw.heading_row(say("certificates.paper"), copies(file, say))
    if not file.papers:
        draw.quiet(say("certificates.no_paper"))
        return
    with st.grid(3, min_column_width=230, gap="large"):
        for one in file.papers:
            with st.container(key=f"paper_{one.slip.job_id}", gap="small"):
                certificate_file.paper(one, say, zone=zone)
                if one.slip.state == JobState.UNKNOWN and one.slip.boutique_id == here.device.boutique_id:
                    slips.ask(one.slip, say, answer=answer)


def copies(file: CertificateFile, say: Words) -> str:
    many = sum(bool(one.slip.copy_number) for one in file.papers)
    return say.counted("certificates.copies", many) if many else say("certificates.copies_none")


def one(certificate_id: str, say: Words) -> None:
    file = certificate_desk.view(here.shop, certificate_id=certificate_id, language=here.language)
    variant = showcase.named(here.shop, skus=[file.sku], language=here.language).get(file.sku)
    with st.grid(2, min_column_width=380, gap="large"):
        with st.container(gap="medium"):
            certificate_file.piece(file, variant, say)
            acts(file, say)
        with st.container(gap="small"):
            certificate_file.told(file, say, zone=zone)
    doing(file, variant, say)
    with st.container(horizontal=True, gap="medium"):
        if state.get("certificates_found"):
            st.button(say("certificates.others_found"), key="link_found", type="tertiary", on_click=back)
        st.button(say("certificates.next"), key="link_next", type="tertiary", on_click=forget)
    st.subheader(say("certificates.log"), anchor=False)
    certificate_file.log(file, say, zone=zone)
    coming = slips.are_coming(tuple(paper.slip for paper in file.papers))
    session.part(here, run_every=LOOK_EVERY if coming else None)(papers)(certificate_id)
    if file.others:
        st.subheader(say("certificates.others"), anchor=False)
        several(file.others, say)


def several(found: tuple[FoundCertificate, ...], say: Words) -> None:
    for it in found:
        words = certificate_file.line(it, say, zone=zone)
        key = f"open_{it.certificate_id}"
        st.button(words, key=key, width="stretch", on_click=open_one, args=(it.certificate_id,))


def body(say: Words) -> None:
    chosen, found = state.get("certificate"), state.get("certificates_found")
    if chosen:
        one(chosen, say)
    elif found:
        draw.quiet(say("certificates.found", n=len(found)))
        several(found, say)
    else:
        draw.quiet(say("certificates.hint"))


with theme.page("certificates"):
    staff_bar.show(here, on="certificates")
    with st.container(key="certificates_body", gap="medium"):
        st.header(here.say("certificates.title"), anchor=False)
        st.text_input(
            here.say("certificates.code"),
            key="certificate_words",
            placeholder=here.say("certificates.code_hint"),
            on_change=look_up,
        )
        notices.show()
        body(here.say)
