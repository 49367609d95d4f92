"""Who is at this screen: the tablet by its cookie, the person by the records, and the address line.

Baskets, orders, payments and people's logins live in the records, found by the cookie of the tablet; the session keeps
only how the screen looks. So a reload, a dropped socket or a restarted server loses nothing.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from kiosk import door, notices, registry, state
from kiosk.words import LANGUAGES, Words
from pos.errors import NotAllowed, ShopError, Unknown
from pos.models import Role, Step
from pos.people import devices, staff
from pos.people.devices import DeviceView
from pos.people.staff import StaffView
from pos.selling import arrival, basket
from pos.selling.views import BasketView, OrderView
from pos.settings import read_settings
from pos.shop import Shop

_house: dict[str, Shop] = {}
_at_the_door: ContextVar["Here | None"] = ContextVar("at_the_door", default=None)


def use(shop: Shop) -> None:
    """Say once a process which shop these screens belong to."""
    _house["shop"] = shop


def the_shop() -> Shop:
    """The shop of these screens; opened from its settings where nobody said which. Raises SettingsWrong."""
    if "shop" not in _house:
        use(Shop(read_settings()))
    return _house["shop"]


def cookie() -> str | None:
    """The secret of this browser, as it came with the socket. The only place that reads it; tests put another here."""
    return st.context.cookies.get(devices.COOKIE)


@dataclass(frozen=True)
class Here:
    """One tablet at one moment: which shop, which boutique, who stands at it, in which language."""

    shop: Shop
    device: DeviceView
    staff: StaffView | None
    language: str
    needed: Role = Role.SHOPPER  # what the page that is drawn asks for
    paying: str | None = field(default=None, compare=False)  # the order of this tablet that is not decided

    @property
    def say(self) -> Words:
        """The voice of this screen."""
        return Words(self.language)

    @property
    def staff_id(self) -> str | None:
        """Who sells, if it is not the shopper alone."""
        return self.staff.staff_id if self.staff else None

    @property
    def at_the_counter(self) -> bool:
        """Whether the counter shows this shopper's page to its customer."""
        return staff.allowed(self.staff, needed=Role.STAFF) and st.query_params.get("by") == "counter"

    def serves(self, order: OrderView) -> bool:
        """Whether somebody of the counter is here, in the boutique that sold it or hands it over."""
        boutiques = {order.boutique_id, order.pickup.boutique_id if order.pickup else ""}
        return staff.allowed(self.staff, needed=Role.STAFF) and self.device.boutique_id in boutiques

    def basket_id(self) -> str:
        """The basket this tablet is filling, begun if there is none."""
        return basket.live(self.shop, device_id=self.device.device_id, language=self.language)

    def held(self) -> BasketView:
        """The same with what is in it."""
        return basket.filled(self.shop, device_id=self.device.device_id, language=self.language)

    def param(self, name: str) -> str:
        """A word of the address line. Raises Unknown where it is missing."""
        value = st.query_params.get(name)
        if not value:
            raise Unknown("page", name)
        if not value.isprintable():  # nothing of ours is called so, and PostgreSQL would not even look
            raise Unknown(name, ascii(value))
        return str(value)

    def wipe(self) -> None:
        """Put back whatever this tablet keeps, and forget what was chosen: the next shopper starts with nothing."""
        state.forget()
        basket.wipe(self.shop, basket_id=self.basket_id())

    def speak(self, language: str) -> None:
        """Change the language of these screens and of what the shopper is about to buy."""
        speak(language)
        basket.speak(self.shop, basket_id=self.basket_id(), language=language)


def arrive(*, seen: bool = False) -> Here | None:
    """The tablet of this run; None where the browser is not one of ours, or is not the one this session began on.

    Asked on every run: a session id is a bearer secret, so a session is only served to the cookie it began with.
    seen: somebody of the counter touches it, which keeps the counter unlocked for another while.
    """
    shop = the_shop()
    found = arrival.of(shop, cookie=cookie())
    if found is None:
        return None
    device, unlocked = found.tablet, found.unlocked
    if state.first("device", device.device_id) != device.device_id:
        state.clear()
        return None
    state.put("zone", device.zone)
    person = staff.still_here(shop, unlocked, device_id=device.device_id, seen=seen) if unlocked else None
    return Here(shop=shop, device=device, staff=person, language=_language(device), paying=found.paying)


def hand_on(here: Here) -> None:
    """Tell the page that is about to be drawn who has just arrived."""
    _at_the_door.set(here)


def require(role: Role) -> Here:
    """The first line of every page: this tablet and this person may see it, or the page ends here.

    Only the staff's own pages are a sign of life from the counter: a shopper's taps keep nothing unlocked.
    """
    here, _ = _at_the_door.get(), _at_the_door.set(None)  # good once, in this very run
    if here is None or role != Role.SHOPPER:
        here = arrive(seen=role != Role.SHOPPER)
    if here is None:
        door.unknown(state.language())
        st.stop()
    if role != Role.SHOPPER and not staff.allowed(here.staff, needed=role):
        raise NotAllowed(here.staff.staff_id if here.staff else "shopper", "see this page")
    return replace(here, needed=role)


def count_once(here: Here, step: Step, *, sku: str) -> None:
    """Count a step of the shopper at this screen with a piece, once; staff who show it are not counted."""
    seen: set[tuple[Step, str]] = state.first("steps", set())
    if here.staff is None and (step, sku) not in seen:
        seen.add((step, sku))
        here.shop.tally.note(step, sku=sku, boutique_id=here.device.boutique_id, at=here.shop.clock.now())


def go(url: str, /, **params: str) -> None:
    """Walk to another screen when the script starts again: callbacks may not leave the page themselves."""
    state.put("going", (url, params))


def follow() -> None:
    """Go where a callback asked to go."""
    going = state.take("going")
    if going:
        url, params = going
        if url:
            state.put("went", going)
        else:  # on the first screen nobody is on the way any more
            state.take("went")
        _forget_parts()
        st.switch_page(registry.page(url), query_params={**params, "lang": state.language()})


def go_on_from_nowhere(asked: str) -> None:
    """To the screen last walked to, where the address of `asked` bears that one's words; else to the first screen.

    While a slow server is on its way to another screen, a second touch names the old screen with the new one's words.
    """
    url, params = state.get("went", ("", {}))
    words = {name: value for name, value in st.query_params.to_dict().items() if name != "lang"}
    if url not in ("", asked) and words == params:
        go(url, **params)
    else:
        go("")


def _forget_parts() -> None:
    """The parts of the page that is left do not start again: not for a second tap, not for a timer on its way.

    Streamlit would ask for such a part after the new page, under the old page's name; the browser then takes the new
    page down to make room for it, finds nothing to draw, and stays blank.
    """
    context = get_script_run_ctx()
    if context is not None:
        context.fragment_storage.clear()


def speak(language: str) -> None:
    """Change the language of these screens."""
    if language in LANGUAGES:
        state.put("language", language)
        st.query_params["lang"] = language


def _language(device: DeviceView) -> str:
    """As the address says. On the browser's way back the address is an old one, and the language stays as it is."""
    asked, context = st.query_params.get("lang"), get_script_run_ctx()
    if context is not None and context.is_history_navigation and state.get("language") not in (None, asked):
        st.query_params["lang"] = state.language()
    elif asked in LANGUAGES:
        state.put("language", asked)
    return str(state.first("language", device.language))


Drawing = TypeVar("Drawing", bound=Callable[..., Any])
Seen = TypeVar("Seen")


def part(here: Here, *, run_every: float | None = None) -> Callable[[Drawing], Drawing]:
    """A part of a page that starts again on its own; what goes wrong in it shows no more than a sentence.

    It asks again who is there: once that has changed, the whole page starts again, and its lock with it. run_every is
    in seconds. A part with a clock cannot tell its clock from a tap, so it never counts as a sign of life.
    """

    def dressed(draw: Drawing) -> Drawing:
        @wraps(draw)
        def calmly(*args: Any, **kwargs: Any) -> Any:
            follow()
            try:
                _start_over_unless_still(here, seen=run_every is None and here.needed != Role.SHOPPER)
                return draw(*args, **kwargs)
            except ShopError as refusal:
                notices.tell(refusal)
                notices.show()

        part_of_the_page = st.fragment(calmly, run_every=run_every)

        @wraps(draw)
        def in_its_place(*args: Any, **kwargs: Any) -> Any:
            # Where the clock strikes while its page is still on the way, Streamlit takes the part out of the page, and
            # what stands below moves up and is overwritten: a place of its own keeps the others where they are.
            with st.container(gap=None):
                return part_of_the_page(*args, **kwargs)

        return part_of_the_page if run_every is None else in_its_place  # type: ignore[return-value]

    return dressed


def seen_first(seen: Seen, look: Callable[[], Seen]) -> Callable[[], Seen]:
    """What a page has looked up already, for the part it is about to draw; drawn again alone, the part looks itself."""
    fresh = [seen]
    return lambda: fresh.pop() if fresh else look()


def _start_over_unless_still(here: Here, *, seen: bool) -> None:
    """A part drawn alone knows its page as it was; another tablet, person or language needs the whole page."""
    context = get_script_run_ctx()
    if context is None or not context.fragment_ids_this_run:
        return  # the page around it has just asked
    now = arrive(seen=seen)
    if now is None or replace(now, needed=here.needed) != here:
        st.rerun()
