"""The doctor: is everything there that a sale needs, and what is to be done where it is not."""

import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from sqlalchemy import and_, func, or_
from sqlalchemy.engine import make_url
from sqlmodel import col, select

from pos import migrations
from pos.errors import RecordsTrouble, SettingsWrong
from pos.models import (
    Boutique,
    JobState,
    Order,
    Payment,
    PaymentState,
    Printer,
    PrintJob,
    Reader,
)
from pos.paper import connection, mail, mail_keeping, post, printers, pulse
from pos.paper.lasting import UNPRINTABLE
from pos.paper.models import MODELS
from pos.payments import owed, refund_parts
from pos.payments.answers import Kind, ReaderAnswer, Refusal
from pos.payments.terminal import API_VERSION
from pos.proof.keys import KeyRing, refuse_lost
from pos.settings import Settings
from pos.shop import Shop

LITTLE_DISK, HARDLY_ANY_DISK = 2 * 1024**3, 200 * 1024**2  # bytes
LONG_WAIT = timedelta(hours=1)  # of a letter: by then it was tried half a dozen times
FEW = 3  # slips that are named one by one
CLOCK_SECONDS = 30  # a webhook signed more than 300 s away from our clock is refused; long before that somebody looks


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, how it is, and what to do (empty: nothing)."""

    what: str
    well: bool
    said: str
    todo: str = ""


def look(shop: Shop) -> Iterator[Finding]:
    """Every finding, as it is made; none of them raises."""
    records = _records(shop.settings)
    yield records
    answer = shop.terminal.readers() if shop.settings.stripe_api_key else None
    yield _stripe(shop.settings, answer)
    yield _webhook(shop.settings)
    if records.well:
        yield from _readers(shop, answer)
        yield from _printers(shop)
        yield _payments(shop)
        yield _refunds(shop)
        yield _slips(shop)
        yield _mail(shop)
    yield _disk(shop.settings.var_dir)
    yield _clock(shop)
    yield _keys(shop, records_well=records.well)


def _records(settings: Settings) -> Finding:
    url = make_url(settings.database_url)
    shown = url.render_as_string(hide_password=True)
    if settings.database_url.startswith("sqlite") and not Path(url.database or "").exists():
        return Finding("records", False, f"{shown} is not there", "python -m pos migrate makes it")
    try:
        step, newest = migrations.step(settings.database_url), migrations.last_step()
    except RecordsTrouble as trouble:
        return Finding("records", False, f"{shown}: {trouble.cause}", "is the database running, the address right?")
    if step != newest:
        todo = "python -m pos migrate" if step is None or step < (newest or "") else "install the newer version"
        return Finding("records", False, f"{shown} is at step {step or 'none'}, this version needs {newest}", todo)
    return Finding("records", True, f"{shown}, step {step}")


def _stripe(settings: Settings, answer: tuple[ReaderAnswer, ...] | Refusal | None) -> Finding:
    base = str(settings.stripe_api_base).rstrip("/")
    if answer is None:
        return Finding("Stripe", False, "no key is set", "set VITRINE_STRIPE_API_KEY (`make run` needs none)")
    if isinstance(answer, Refusal):
        todo = {
            Kind.NO_ANSWER: "check the network and VITRINE_STRIPE_API_BASE",
            Kind.REFUSED: "check VITRINE_STRIPE_API_KEY: it needs to read and write Terminal and PaymentIntents",
        }.get(answer.kind, "look at Stripe's status page, then ask again")
        return Finding("Stripe", False, f"{base}: {answer.message or answer.code}", todo)
    mode = "live" if settings.stripe_live else "test"
    return Finding("Stripe", True, f"{base} takes the {mode} key and speaks {API_VERSION}")


def _webhook(settings: Settings) -> Finding:
    address = f"{settings.public}/stripe/webhook"
    if not settings.stripe_webhook_secrets:
        todo = f"add the endpoint {address} in Stripe, put its secret in VITRINE_STRIPE_WEBHOOK_SECRETS"
        return Finding("webhook", False, "no signing secret is set: payments are only polled", todo)
    return Finding("webhook", True, f"signed events are taken at {address}")


def _readers(shop: Shop, answer: tuple[ReaderAnswer, ...] | Refusal | None) -> Iterator[Finding]:
    with shop.read() as tx:
        ours = list(tx.exec(select(Reader).where(col(Reader.retired).is_(False)).order_by(Reader.id)))
        boutiques = dict(tx.exec(select(Boutique.id, Boutique.name)).all())
    if not ours:
        yield Finding("reader", False, "the shop has none", "python -m pos reader add tmr_… --boutique …")
    known = {reader.id: reader for reader in answer} if isinstance(answer, tuple) else None
    for reader in ours:
        what = f"reader {reader.label or reader.id}, {boutiques.get(reader.boutique_id, reader.boutique_id)}"
        found = known.get(reader.id) if known is not None else None
        if known is None:
            yield Finding(what, False, "could not be asked after", "see Stripe, above")
        elif found is None:
            yield Finding(what, False, f"Stripe knows no {reader.id}", "register it in Stripe, then reader add")
        elif found.status == "offline":
            yield Finding(what, False, "offline", "switch it on, check its network; it answers within two minutes")
        else:
            yield Finding(what, True, found.status or "known to Stripe")


def _printers(shop: Shop) -> Iterator[Finding]:
    with shop.read() as tx:
        ours = list(tx.exec(select(Printer).where(col(Printer.retired).is_(False)).order_by(Printer.id)))
    if not ours:
        yield Finding("printer", False, "the shop has none", "python -m pos printer add NAME HOST --boutique …")
    for printer in ours:
        now = connection.status(printers.address(printer), tells=MODELS[printer.model].tells)
        state, _, todo = now.sentence("en").partition(": ")
        near_end = " The paper is nearly at its end." if now.near_end and now.ready else ""
        yield Finding(f"printer {printer.label or printer.id}, {printers.address(printer)}", now.ready,
                      state.rstrip(".") + "." + near_end, todo.rstrip("."))  # fmt: skip


def _payments(shop: Shop) -> Finding:
    """Payments nobody finishes by waiting: unknown ones, money held but not taken, sales whose money never came."""
    waits = col(Payment.state).in_((PaymentState.UNKNOWN, PaymentState.AUTHORISED))
    settled = col(Payment.receipt_no).is_not(None)
    lost = and_(col(Payment.state) == PaymentState.CANCELLED, settled, ~refund_parts.gives_all_back())
    asked = select(Payment, Order.code).join(Order, col(Order.id) == col(Payment.order_id)).where(or_(waits, lost))
    with shop.read() as look:
        found = look.exec(asked.order_by(col(Payment.opened_at), col(Payment.id))).all()
    said = "; ".join(_waiting(payment, code) for payment, code in found)
    if found:
        return Finding("payments", False, said, "python -m pos recover; then compare with Stripe's dashboard")
    return Finding("payments", True, "none waits for a person")


def _refunds(shop: Shop) -> Finding:
    """Money that did not come back to its shopper, and such as waits for Stripe."""
    found = owed.waiting(shop)
    if not found:
        return Finding("refunds", True, "none waits for a person")
    said = "; ".join(f"{one.number} of {one.order_code} {one.state}" + (f" ({one.reason})" if one.reason else "")
                     for one in found)  # fmt: skip
    return Finding("refunds", False, said, "failed: give it back another way, at the counter; else pos recover")


def _waiting(payment: Payment, code: str) -> str:
    until = f", to be taken before {payment.capture_before:%d %B %H:%M} UTC" if payment.capture_before else ""
    why = f" ({payment.reason})" if payment.reason else ""
    if payment.state == PaymentState.CANCELLED:
        return f"{code} sold, but its payment was cancelled{why}: nothing was taken"
    return f"{code} {payment.state}{why}{until}"


def _slips(shop: Shop) -> Finding:
    """Slips a person has to look at: perhaps printed, kept back by the printer, or such as nobody can print."""
    for_a_person = col(PrintJob.state).in_((JobState.UNKNOWN, JobState.BLOCKED, JobState.HELD))
    states = and_(for_a_person, col(PrintJob.kind) != pulse.DRAWER)
    counted = select(PrintJob.state, PrintJob.cause, func.count()).where(states)
    unprintable = select(PrintJob.id).where(states, PrintJob.cause == UNPRINTABLE).order_by(col(PrintJob.id))
    with shop.read() as look:
        found = look.exec(counted.group_by(col(PrintJob.state), col(PrintJob.cause))).all()
        named = list(look.exec(unprintable.limit(FEW)))
    said = sorted(f"{many} {state} ({cause or 'no cause told'})" for state, cause, many in found)
    if not said:
        return Finding("slips", True, "none waits for a person")
    todo = ["blocked: see the printer, above; unknown, held: say at the counter's printers what is to become of it"]
    if named:
        todo.append(f"{UNPRINTABLE}: look for {', '.join(named)} in the log; a version that can set it prints it")
    return Finding("slips", False, ", ".join(said), "; ".join(todo))


def _mail(shop: Shop) -> Finding:
    """Where letters go, and what lies in the outbox: such as wait too long, came back, or were given up."""
    settings = shop.settings
    with shop.read() as look:
        box = mail_keeping.outbox(look)
    where = f"{settings.mail_host}:{settings.mail_port}" if settings.mail_host else f"{settings.var_dir / mail.FOLDER}/"
    trouble = post.greet(settings) if settings.mail_host else ""
    lies = f"{box.waiting} wait, {box.bounced} came back, {box.given_up} were given up"
    if trouble:
        return Finding("mail", False, f"{where}: {trouble}; {lies}", "check VITRINE_MAIL_HOST, _PORT, _SECURITY, _USER")
    if box.oldest is not None and shop.clock.now() - box.oldest > LONG_WAIT:
        todo = "is the back office running? the shop's log says what the mail server answers"
        return Finding("mail", False, f"{where}: one waits since {box.oldest:%d %B %H:%M} UTC; {lies}", todo)
    return Finding(
        "mail", True, f"{'sent by' if settings.mail_host else 'no server is set: written to'} {where}, {lies}"
    )


def _disk(folder: Path) -> Finding:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    todo = "" if free >= LITTLE_DISK else "make room: without it nothing can be sold"
    return Finding("disk", free >= HARDLY_ANY_DISK, f"{free / 1024**3:.1f} GB free at {folder}", todo)


def _clock(shop: Shop) -> Finding:
    base = str(shop.settings.stripe_api_base).rstrip("/")
    told = _date_of(base)
    if told is None:
        return Finding("clock", False, f"{base} did not tell its time", "check the network")
    apart = round((shop.clock.now() - parsedate_to_datetime(told).astimezone(UTC)).total_seconds())
    if abs(apart) > CLOCK_SECONDS:
        way = "fast" if apart > 0 else "slow"
        return Finding("clock", False, f"{abs(apart)} s {way} against Stripe's", "set this machine's time (NTP)")
    return Finding("clock", True, "agrees with Stripe's")


def _date_of(base: str) -> str | None:
    """The Date header of whatever Stripe answers to a question without a key."""
    try:
        with urllib.request.urlopen(f"{base}/v1/terminal/readers", timeout=5) as answer:  # noqa: S310 (checked setting)
            return str(answer.headers["Date"])
    except urllib.error.HTTPError as refused:
        return refused.headers["Date"]
    except OSError:
        return None


def _keys(shop: Shop, *, records_well: bool) -> Finding:
    """Whether the keys are there; the doctor makes none, or a folder that was lost would look well."""
    folder = shop.settings.keys
    if folder.exists() and not folder.is_dir():
        return Finding("keys", False, f"{folder} is no folder", "set VITRINE_KEYS_DIR to the folder of the keys")
    try:
        if records_well:
            with shop.read() as look:
                refuse_lost(shop.settings, records=look)
        if not shop.settings.signing_key and not (folder / "current").exists():
            return Finding("keys", False, f"there are none in {folder}", "start the shop: its first start makes them")
        ring = KeyRing.of(shop.settings, make=False)
    except SettingsWrong as wrong:
        return Finding("keys", False, wrong.reason, "restore the folder from its backup")
    return Finding("keys", True, f"certificates are signed with {ring.key_id}; back up {folder}")
