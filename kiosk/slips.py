"""A slip of paper on a screen: its picture, its name, and where it is, in words."""

from collections.abc import Callable

import streamlit as st

from kiosk import draw
from kiosk.words import Words
from pos.models import JobState
from pos.paper.lasting import UNPRINTABLE
from pos.paper.status import SENTENCES, Cause
from pos.selling.views import SlipView

COMING = (JobState.QUEUED, JobState.BLOCKED, JobState.SENDING)


def are_coming(slips: tuple[SlipView, ...]) -> bool:
    """Whether paper is still on its way."""
    return any(one.state in COMING and one.cause != UNPRINTABLE for one in slips)


def figure(one: SlipView, say: Words, *, cause: bool = False) -> str:
    """The slip as markup; with its cause, for staff."""
    kind = say(f"slips.{one.kind}" if say.has(f"slips.{one.kind}") else "slips.other")
    if one.copy_number:
        kind = say("slips.copy", kind=kind, n=one.copy_number)
    alt = draw.safe(say("done.slip_alt", kind=kind))
    stands = "set_aside" if one.cause == UNPRINTABLE else one.state
    below = [say(f"slips.{stands}"), why(one, say) if cause else ""]
    quiet = "".join(f'<span class="vt-quiet">{draw.safe(words)}</span>' for words in below if words)
    return (
        f'<figure class="vt-slip"><div><img src="/slips/{draw.safe(one.job_id)}.png" alt="{alt}" loading="lazy"></div>'
        f"<figcaption><span>{draw.safe(kind)}</span>{quiet}</figcaption></figure>"
    )


def ask(one: SlipView, say: Words, *, answer: Callable[..., None]) -> None:
    """Did it come out? A printer that cannot clear itself is emptied by hand first, or it prints the slip twice."""
    if not one.clears:
        draw.quiet(say("collect.off_and_on"))
    with st.container(horizontal=True, gap="small"):
        for name, yes in (("came_out", True), ("did_not", False)):
            st.button(
                say(f"collect.{name}"),
                key=f"{name}_{one.job_id}",
                on_click=answer,
                args=(one.job_id,),
                kwargs={"yes": yes},
            )


def why(one: SlipView, say: Words) -> str:
    """What it waits for, or why nobody knows whether it came out; nothing where there is nothing to say."""
    if one.cause is None or one.state == JobState.CONFIRMED:
        return ""
    if say.has(f"slips.cause_{one.cause}"):
        return say(f"slips.cause_{one.cause}")
    return SENTENCES[say.language][Cause(one.cause)] if one.cause in set(Cause) else ""
