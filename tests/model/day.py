"""Any day in the shop: shoppers, staff, the reader, the network, the clock and the power, in any order.

Hypothesis chooses who does what. A refusal (ShopError) is an answer like any other; what must never come out is a shop
whose money, pieces and papers disagree (books.py). When a day ends the shop is left alone until it is quiet.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import update
from sqlmodel import col, select

from pos.clock import SetClock
from pos.errors import ShopError
from pos.models import (
    Fate,
    Method,
    Order,
    OrderState,
    Payment,
    PaymentState,
    Pickup,
    Road,
    Role,
    Staff,
    StaffSession,
)
from pos.payments import gift_cards, intents, recover, refunds, saved_cards, webhook
from pos.payments.saved_cards import Consent
from pos.sandbox.stripe import RunningStripe
from pos.sandbox.stripe.webhooks import signature
from pos.selling import checkout, finish, pickup, returns, tenders, unwinding
from pos.selling.tenders import Tender
from pos.selling.views import GiveBack, Quote
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING, settings_for
from tests.model import books
from tests.model.fragile import FragileShop, PowerCut
from tests.payments.conftest import DECLINED, NO_FUNDS, VISA, Till, till_at
from tests.selling.shelf import CHAIN, CHARM, TAG, Tablet

FAULTS = (
    "rate_limit",
    "lock_timeout",
    "key_in_use",
    "error_500_before",
    "error_500_after",
    "socket_drop_before",
    "socket_drop_after",
    "reader_timeout_not_delivered",
    "reader_timeout_delivered",
    "reader_busy",
    "reader_offline",
    "connection_error",
    "connection_error_with_auth",
    "search_lag",
)
TABLETS = 2
WISHES = (CHARM, CHAIN, TAG, "pair")
DEAD_FOR = timedelta(seconds=8)  # until the shop is opened again: every lease of the dead is over
LONGEST_EVENING = 80  # turns of the back office until all is quiet

ROADS = (None, None, Road.CASH, Road.CREDIT)
CONSENT = Consent("Keep this card for the balance.", "2026-11", "en")
shares = st.integers(1, 4)  # quarters of an amount
which = st.integers(0, 20)  # which of those there are


def due_of(order: Order) -> int:
    """What the payments of the part that is being paid may come to, with all before."""
    return order.due_now_minor if order.state == OrderState.OPEN else order.total_minor


class AnyDay(RuleBasedStateMachine):
    """One day; `stripe` and `shelf` (records to copy) are given by the test."""

    stripe: ClassVar[RunningStripe]
    shelf: ClassVar[Path]

    @initialize()
    def open_the_shop(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="day"))
        shutil.copyfile(self.shelf, self.folder / "vitrine.db")
        self.settings = settings_for(
            self.folder,
            stripe_api_base=self.stripe.url,
            stripe_api_key=self.stripe.api_key,
            stripe_webhook_secrets=self.stripe.webhook_secret,
        )
        self.stripe.clear_faults()
        self.clock = SetClock(MONDAY_MORNING)
        self.shop = FragileShop(self.settings, clock=self.clock)
        self.till = till_at(self.shop, self.stripe)
        self.tills = [self.till] + [self.till.neighbour() for _ in range(TABLETS - 1)]
        self.counter = self.till.neighbour()
        self.counter.tablet.unlock()
        self.quiet = Shop(self.settings, clock=self.clock)  # a process that no power cut reaches
        with self.quiet.jot() as tx:
            tx.get_one(Staff, "ada").role = Role.MANAGER
            at = self.clock.now()
            card, _ = gift_cards.issue_credit(tx, amount_minor=20000, boutique_id="demo", staff_id="ada", at=at)
            self.credit, self.taps = card.id, 0
        self.quotes: list[tuple[Till, Quote, str]] = []
        self.powercuts = 0

    # Shoppers

    @rule(who=st.integers(0, TABLETS - 1), what=st.sampled_from(WISHES), number=st.integers(1, 3))
    def keep(self, who: int, what: str, number: int) -> None:
        self._try(lambda: self._keep(self.tills[who], what, number))

    @rule(who=st.integers(0, TABLETS - 1), what=st.sampled_from(WISHES), number=st.integers(1, 3))
    def keep_and_pay(self, who: int, what: str, number: int) -> None:
        self._try(lambda: self._keep(self.tills[who], what, number))
        self._try(lambda: self._pay(self.tills[who]))

    @rule(who=st.integers(0, TABLETS - 1), what=st.sampled_from(WISHES), number=st.integers(1, 3))
    def a_sale_as_it_should_be(self, who: int, what: str, number: int) -> None:
        """Kept, paid and settled, unless the network, the power or somebody else's payment is in the way."""
        self.keep_and_pay(who, what, number)
        for payment in self._open():
            self._carry_on_and_pay(payment)

    @precondition(lambda self: self.quotes)
    @rule(of=which)
    def tap_pay_once_more(self, of: int) -> None:
        """The same price sent again opens nothing."""
        till, shown, order_id = self.quotes[of % len(self.quotes)]
        self._changes_nothing(lambda: self._same(order_id, till.tablet.open(shown)))

    @precondition(lambda self: self._open())
    @rule(of=which)
    def leave(self, of: int) -> None:
        self._payment(of, lambda payment: intents.ask_cancel(self.shop, payment_id=payment.id, by="shopper"))

    @precondition(lambda self: self._payments(col(Payment.state) == PaymentState.DECLINED))
    @rule(of=which)
    def try_again(self, of: int) -> None:
        refused = self._payments(col(Payment.state) == PaymentState.DECLINED)
        payment = refused[of % len(refused)]
        self._try(lambda: intents.retry(self.shop, payment_id=payment.id, by="shopper"))

    # The reader

    @precondition(lambda self: self._open())
    @rule(of=which, card=st.sampled_from((VISA, VISA, VISA, DECLINED, NO_FUNDS)), through=st.booleans())
    def shown_and_tapped(self, of: int, card: str, through: bool) -> None:
        """What usually happens: the reader shows it, somebody holds a card to it."""
        self._payment(of, lambda payment: finish.carry_on(self.shop, payment_id=payment.id))
        self._card(card, through=through)

    @rule(card=st.sampled_from((VISA, DECLINED)), through=st.booleans())
    def hold_a_card_to_the_reader(self, card: str, through: bool) -> None:
        self._card(card, through=through)

    @rule()
    def the_card_is_through(self) -> None:
        self.till.end_card()

    @rule()
    def press_cancel_on_the_reader(self) -> None:
        with suppress(Exception):  # it shows nothing that could be cancelled
            self.till.walk_away()

    # Staff

    @precondition(lambda self: self._orders(OrderState.DEPOSIT))
    @rule(of=which, ready=st.booleans(), paid=st.booleans(), by=st.sampled_from((Method.CARD, Method.SAVED_CARD)))
    def take_the_balance(self, of: int, ready: bool, paid: bool, by: Method) -> None:
        self._staff()
        if ready:
            self._order(of, lambda order: self.counter.tablet.say_ready(order.id), OrderState.DEPOSIT)
        self._order(of, lambda order: self._open_balance(order.id, by=by), OrderState.DEPOSIT)
        for payment in self._open() if paid else ():
            self._carry_on_and_pay(payment)

    @precondition(lambda self: self._orders(OrderState.PAID, OrderState.DEPOSIT))
    @rule(of=which)
    def hand_over(self, of: int) -> None:
        self._order(of, self._hand_over, OrderState.PAID, OrderState.DEPOSIT)

    @rule(what=st.sampled_from(WISHES), number=st.integers(1, 3), share=shares, cash=st.booleans())
    def sell_at_the_counter(self, what: str, number: int, share: int, cash: bool) -> None:
        """Staff take a first part of the price in cash, or off a card of the house, and the rest later."""

        def act() -> None:
            self._keep(self.counter, what, number)
            self.counter.tablet.book()
            shown = self.counter.tablet.quote()
            amount = shown.due_now_minor * share // 4
            order_id = checkout.open(
                self.shop,
                quote=shown,
                terms_version="2026-11",
                first=self._tender(amount, cash=cash),
                keep_card=CONSENT,
                **self._staff(),
            )
            self.quotes.append((self.counter, shown, order_id))

        self._try(act)

    @precondition(lambda self: self._unpaid())
    @rule(
        of=which, share=shares, how=st.sampled_from((Method.CASH, Method.GIFT_CARD, Method.CARD)), twice=st.booleans()
    )
    def tender(self, of: int, share: int, how: Method, twice: bool) -> None:
        """One more way to pay, of what is left; a second tap changes nothing."""
        orders_ = self._unpaid()
        order = orders_[of % len(orders_)]
        left = max(due_of(order) - order.asked_minor, 1)
        amount, key = max(left * share // 4, 1), f"tap{self.taps}"
        self.taps += 1
        tender = Tender(Method.CARD, amount) if how is Method.CARD else self._tender(amount, cash=how is Method.CASH)
        if tender is None:
            return
        for _ in range(1 + twice):
            self._try(lambda: tenders.add(self.shop, order_id=order.id, tender=tender, key=key, **self._staff()))

    @precondition(lambda self: self._open())
    @rule(of=which)
    def take_a_tender_back(self, of: int) -> None:
        self._payment(of, lambda one: unwinding.take_back(self.shop, payment_id=one.id, **self._staff()))

    @precondition(lambda self: self._unpaid())
    @rule(of=which)
    def give_the_sale_up(self, of: int) -> None:
        orders_ = self._unpaid()
        self._try(lambda: unwinding.give_up(self.shop, order_id=orders_[of % len(orders_)].id, **self._staff()))

    @precondition(lambda self: self._open())
    @rule(of=which)
    def hand_the_cash_back(self, of: int) -> None:
        self._payment(of, lambda one: unwinding.cash_returned(self.shop, payment_id=one.id, **self._staff()))

    @precondition(lambda self: self._orders(OrderState.PAID, OrderState.DEPOSIT))
    @rule(
        of=which, line=which, share=shares, fate=st.sampled_from(Fate), road=st.sampled_from(ROADS), twice=st.booleans()
    )
    def give_money_back(self, of: int, line: int, share: int, fate: Fate, road: Road | None, twice: bool) -> None:
        """A line, or a part of it, or the whole of a deposit; a second tap changes nothing."""
        key = f"back{self.taps}"
        self.taps += 1

        def act(order: Order) -> None:
            seen = returns.view(self.shop, order_id=order.id)
            lines = seen.lines if seen.whole_only else seen.lines[line % len(seen.lines) :][:1]
            share_of = 4 if seen.whole_only else share
            back = [GiveBack(one.line_id, one.refundable_minor * share_of // 4, fate) for one in lines]
            returns.refund(
                self.shop, order_id=order.id, key=key, lines=back, reason="changed_mind", road=road, **self._staff()
            )

        for _ in range(1 + twice):
            self._order(of, act, OrderState.PAID, OrderState.DEPOSIT, OrderState.REFUNDED)

    # The back office

    @precondition(lambda self: refunds.open_parts(self.shop))
    @rule()
    def carry_refunds_on(self) -> None:
        self._try(lambda: refunds.recover(self.shop))

    @precondition(lambda self: self._open())
    @rule(of=which, glance=st.booleans())
    def carry_on(self, of: int, glance: bool) -> None:
        self._payment(of, lambda payment: finish.carry_on(self.shop, payment_id=payment.id, glance=glance))

    @precondition(lambda self: self._open())
    @rule()
    def sweep(self) -> None:
        self.clock.move(DEAD_FOR)  # it comes once a minute
        self._try(self._sweep)

    # The world

    @rule(name=st.sampled_from(FAULTS), skip=st.integers(0, 2))
    def trouble_at_stripe(self, name: str, skip: int) -> None:
        self.stripe.fault(name, skip=skip)

    @rule(of=which, times=st.integers(1, 2), forged=st.booleans())
    def a_webhook_comes(self, of: int, times: int, forged: bool) -> None:
        """Any event of the day: late, out of order, more than once, or signed by a stranger."""
        with self.stripe.world.lock:
            events = [dict(event) for _, event in self.stripe.world.shelf.items("event")][-21:]
        if not events:
            return
        raw = json.dumps(events[of % len(events)])
        secret = "whsec_of_a_stranger" if forged else self.stripe.webhook_secret
        stamp = signature(raw, secret=secret, at=int(time.time()))
        for _ in range(times):
            self._try(lambda: webhook.receive(self.shop, raw=raw.encode(), signature=stamp))

    @rule(seconds=st.sampled_from((1, 7, 90, 700, 2000)))
    def time_passes(self, seconds: int) -> None:
        self.clock.move(timedelta(seconds=seconds))
        self.stripe.advance(seconds=seconds)

    @rule(edges=st.integers(0, 12))
    def the_power_goes_soon(self, edges: int) -> None:
        self.shop.cut_in = edges

    # What must be true

    @invariant()
    def the_books_add_up(self) -> None:
        if hasattr(self, "shop"):
            books.always(self.shop)

    def teardown(self) -> None:
        if not hasattr(self, "shop"):
            return
        try:
            self._evening()
            books.when_quiet(self.shop, self.stripe)
            books.agree_with_stripe(self.shop, self.stripe)
        finally:
            self.shop.close()
            self.quiet.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _evening(self) -> None:
        """The network is well, nobody holds a card, who still stands at the reader leaves: the shop comes to rest."""
        self.stripe.clear_faults()
        self.shop.cut_in = None
        for _ in range(LONGEST_EVENING):
            self.till.end_card()
            self.clock.move(DEAD_FOR)
            for payment in self._open():
                intents.ask_cancel(self.shop, payment_id=payment.id, by="closing")
            for order in self._orders(OrderState.OPEN, OrderState.DEPOSIT):
                with suppress(ShopError):
                    unwinding.give_up(self.shop, order_id=order.id, **self._staff())
            for payment in self._open():
                with suppress(ShopError):
                    unwinding.cash_returned(self.shop, payment_id=payment.id, **self._staff())
            self._sweep()
            if not self._open() and not refunds.open_parts(self.shop, due=True):
                return
        raise AssertionError(f"the shop never came to rest: {self._open()}")

    # How

    def _try(self, act: Callable[[], Any]) -> None:
        """Do something; a refusal is an answer, and where the power goes the shop is opened again later."""
        try:
            act()
        except ShopError:
            return
        except PowerCut:
            self._open_again()

    def _changes_nothing(self, act: Callable[[], Any]) -> None:
        before = self._counts()
        self._try(act)
        assert self._counts() == before

    def _keep(self, till: Till, what: str, number: int) -> None:
        if what == "pair":
            till.tablet.hold_pair()
        elif what == CHAIN:
            till.tablet.hold(CHAIN, number=number, size="45")
        else:
            till.tablet.hold(what, number=number)

    def _pay(self, till: Till) -> None:
        till.tablet.book()
        shown = till.tablet.quote()
        order_id = checkout.open(
            self.shop, quote=shown, device_id=till.tablet.device_id, terms_version="2026-11", keep_card=CONSENT
        )
        self.quotes.append((till, shown, order_id))

    def _card(self, number: str, *, through: bool) -> None:
        with suppress(Exception):  # it shows nothing that takes a card
            self.till.begin_card(number)
        if through:
            self.till.end_card()

    def _carry_on_and_pay(self, payment: Payment) -> None:
        self._try(lambda: finish.carry_on(self.shop, payment_id=payment.id))
        self._card(VISA, through=True)
        self._try(lambda: finish.carry_on(self.shop, payment_id=payment.id))

    def _hand_over(self, order: Order) -> None:
        with self.shop.read() as look:
            booked = look.exec(select(Pickup).where(Pickup.order_id == order.id)).one()
        pickup.hand_over(self.shop, code=booked.code, **self._staff())

    def _orders(self, *states: OrderState) -> list[Order]:
        with self.shop.read() as look:
            asked = select(Order).order_by(col(Order.opened_at), col(Order.id))
            return list(look.exec(asked.where(col(Order.state).in_(states)) if states else asked))

    def _order(self, of: int, act: Callable[[Order], Any], *states: OrderState) -> None:
        orders = self._orders(*states)
        if orders:
            self._try(lambda: act(orders[of % len(orders)]))

    def _open(self) -> list[Payment]:
        return self._payments(col(Payment.finished_at).is_(None))

    def _payment(self, of: int, act: Callable[[Payment], Any]) -> None:
        """One of the payments that are not finished; now and then one that is."""
        payments = self._open() or self._payments()
        if of == 20:
            payments = self._payments()
        if payments:
            self._try(lambda: act(payments[of % len(payments)]))

    def _payments(self, *where: Any) -> list[Payment]:
        with self.shop.read() as look:
            return list(look.exec(select(Payment).where(*where).order_by(col(Payment.opened_at), col(Payment.id))))

    def _open_balance(self, order_id: str, *, by: Method) -> None:
        checkout.open_balance(self.shop, order_id=order_id, by=by, **self._staff())

    def _staff(self) -> dict[str, str]:
        """Whoever is at the counter is there now, and not gone from it."""
        tablet: Tablet = self.counter.tablet
        if not self.shop.dead:
            with self.quiet.jot() as tx:
                here = col(StaffSession.device_id) == tablet.device_id
                tx.exec(update(StaffSession).where(here).values(seen_at=self.clock.now()))
        return {"staff_id": tablet.staff_id or "", "device_id": tablet.device_id}

    def _tender(self, amount: int, *, cash: bool) -> Tender:
        """In cash, or off the store credit of the day."""
        if cash:
            return Tender(Method.CASH, amount, tendered_minor=amount + 500)
        return Tender(Method.GIFT_CARD, amount, gift_card_id=self.credit)

    def _unpaid(self) -> list[Order]:
        return [one for one in self._orders(OrderState.OPEN, OrderState.DEPOSIT) if one.asked_minor < due_of(one)]

    def _sweep(self) -> None:
        done = recover.recover(self.shop, carry_on=finish.carry_on)
        assert done.troubles == (), f"the sweep met trouble: {done.troubles}"
        assert refunds.recover(self.shop) == ()
        saved_cards.look_after(self.shop)

    def _open_again(self) -> None:
        self.powercuts += 1
        self.shop.close()
        self.clock.move(DEAD_FOR)
        self.shop = FragileShop(self.settings, clock=self.clock)
        for till in (*self.tills, self.counter):
            till.shop = till.tablet.shop = self.shop

    def _counts(self) -> list[tuple[OrderState | PaymentState, ...]]:
        seen = books.Books.opened(self.shop)
        return [(order.state, *(one.state for one in seen.payments[order.id])) for order in seen.orders.values()]

    def _same(self, first: str, again: str) -> None:
        assert again == first, f"a second tap opened another order: {again}"
