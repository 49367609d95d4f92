"""How this shop is set up: by environment (`VITRINE_…`) and `.env`. docs/settings.md lists every key; a test looks."""

import difflib
import ipaddress
import re
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, NoDecode, SettingsConfigDict

from pos.errors import SettingsWrong

HOUSE = Path(__file__).resolve().parent.parent
PREFIX = "VITRINE_"
# What Kubernetes tells every container of a service that is called “vitrine”; none of it is a setting.
OF_A_CLUSTER = re.compile(r"service_host|service_port(_.+)?|port_\d+_.+|port=tcp://.+")


class Settings(BaseSettings):
    """Every setting of the shop, checked once when it opens."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    var_dir: Path = Field(default=HOUSE / "var", description="Where the shop keeps its own files: keys, slips, mail")
    database_url: str = Field(
        default_factory=lambda given: f"sqlite:///{given['var_dir'] / 'vitrine.db'}",
        description="SQLite file or PostgreSQL (postgresql+psycopg://…); default: vitrine.db under VITRINE_VAR_DIR",
    )
    data_dir: Path = Field(default=HOUSE / "data", description="Capsule folders, boutiques and reference tables")
    keys_dir: Path | None = Field(
        default=None, description="Signing keys of certificates; default: keys/ under VITRINE_VAR_DIR"
    )
    public_url: HttpUrl = Field(
        default=HttpUrl("http://127.0.0.1:8501"),
        description="Address the world reaches this shop at; stands in the QR of every certificate and receipt",
    )

    stripe_api_key: str = Field(default="", repr=False, description="Stripe secret or restricted key")
    stripe_api_base: HttpUrl = Field(default=HttpUrl("https://api.stripe.com"), description="Where the Stripe API is")
    stripe_webhook_secrets: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), repr=False, description="Webhook signing secrets, comma separated (two while one is replaced)"
    )
    stripe_live: bool = Field(
        default=False, description="True only where real cards are charged; must agree with the key"
    )

    hold_minutes: int = Field(default=15, ge=1, le=120, description="How long a piece is kept for a basket")
    hold_extension_minutes: int = Field(
        default=10, ge=1, le=120, description="How much longer, once, when the shopper asks"
    )
    max_holds: int = Field(default=6, ge=1, le=50, description="How many pieces one tablet keeps at a time")
    payment_minutes: int = Field(
        default=10, ge=1, le=60, description="How long a reader waits for a card before the shop cancels the payment"
    )
    gift_card_least_minor: int = Field(default=2_000, ge=100, description="Least a gift card is sold for, in pence")
    gift_card_most_minor: int = Field(
        default=200_000, ge=100, le=10_000_000, description="Most a gift card is sold for, in pence"
    )
    gift_card_months: int = Field(
        default=24, ge=0, le=240, description="Months a gift card is good for (0: for ever); store credit never expires"
    )
    cash_limit_minor: int = Field(
        default=0, ge=0, description="Cash of one buyer stays below this, in pence; 0: the law's own limit of the day"
    )
    high_value_dealer: bool = Field(
        default=False, description="True where the house is registered as a high value dealer: no limit of the law"
    )
    cash_refund_limit: int = Field(
        default=10_000, ge=0, description="Most cash staff give back of one order without a manager, in pence"
    )
    offer_hours: int = Field(
        default=24,
        ge=1,
        le=336,
        description="Hours a piece is kept for the next of its waiting list before it passes on",
    )
    waiting_days: int = Field(
        default=180, ge=1, le=730, description="Days after which a name on a waiting list is forgotten"
    )
    proof_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="Days after hand-over or refund until the drawing of an engraving is erased",
    )
    receipt_link_days: int = Field(
        default=30, ge=1, le=366, description="Days after a sale on which its receipt opens on a phone, by its address"
    )
    staff_lock_minutes: int = Field(
        default=10, ge=1, le=480, description="Idle minutes after which the counter locks itself"
    )
    idle_seconds: int = Field(
        default=120, ge=20, le=3600, description="Idle seconds after which a shopper's tablet starts over"
    )

    mail_host: str = Field(
        default="",
        description="Mail server (SMTP) that sends receipts; without it, mail is written to mail/ in VAR_DIR",
    )
    mail_port: int = Field(default=587, ge=1, le=65535, description="Its port: 587 with STARTTLS, 465 with TLS")
    mail_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls, tls, or none (only on this machine or a network of your own)"
    )
    mail_user: str = Field(default="", description="Name to log in with at the mail server, where it wants one")
    mail_password: str = Field(default="", repr=False, description="Its password")
    mail_from: str = Field(
        default="", description="Address that mail comes from, such as Vitrine <receipts@example.co>"
    )
    mail_keep_days: int = Field(
        default=90, ge=1, le=3650, description="Days after which address and words of a letter that is over are wiped"
    )
    house_name: str = Field(
        default="Vitrine", min_length=1, max_length=60, description="The house, as its public pages name it"
    )
    hand_over_days: int = Field(
        default=14, ge=1, le=90, description="Days a hand-over code is good, by which a piece passes to a new owner"
    )
    signing_key: str = Field(
        default="", repr=False, description="Private key of certificates, instead of a file in VITRINE_KEYS_DIR"
    )
    public_keys: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Public keys of earlier signing keys, comma separated, where no folder keeps them"
    )
    withdrawn_keys: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Public keys that were withdrawn, comma separated, where no folder keeps them"
    )

    auto_enrol: str | None = Field(
        default=None, description="Boutique id: every new browser becomes a tablet of it (for a demonstration only)"
    )
    reader_screen_url: HttpUrl | None = Field(
        default=None,
        description="A screen that shows the reader beside the pay page, where the reader has none in sight",
    )
    cookie_secure: bool = Field(default=False, description="Tablet cookie over HTTPS only; set true behind TLS")
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("127.0.0.1",),
        description="Addresses or networks of proxies, comma separated, whose word for a visitor's address is taken",
    )

    @field_validator("stripe_webhook_secrets", "trusted_proxies", "public_keys", "withdrawn_keys", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return value

    @field_validator("data_dir")
    @classmethod
    def _a_folder(cls, value: Path) -> Path:
        if not value.is_dir():
            raise ValueError(f"{value} is no folder")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in value:
            try:
                ipaddress.ip_network(proxy)
            except ValueError:
                raise ValueError(f"{proxy!r} is neither an address nor a network, such as 10.0.0.0/8") from None
        return value

    @model_validator(mode="after")
    def _limits_agree(self) -> "Settings":
        if self.gift_card_least_minor > self.gift_card_most_minor:
            raise ValueError("gift_card_least_minor: is more than VITRINE_GIFT_CARD_MOST_MINOR")
        return self

    @model_validator(mode="after")
    def _mail_agrees(self) -> "Settings":
        if self.mail_host and "@" not in parseaddr(self.mail_from)[1]:
            raise ValueError("mail_from: a shop with a mail server needs an address that its mail comes from")
        if self.mail_password and self.mail_security == "none" and not _on_this_machine(self.mail_host):
            raise ValueError("mail_security: a password is never sent over a network in the open")
        return self

    @model_validator(mode="after")
    def _live_agrees(self) -> "Settings":
        live_key = self.stripe_api_key.startswith(("sk_live_", "rk_live_"))
        if self.stripe_live and not live_key:
            raise ValueError("stripe_live: is true, but the key is not a live key")
        if live_key and not self.stripe_live:
            raise ValueError("stripe_live: the key is live; say so with VITRINE_STRIPE_LIVE=true")
        for wrong in _unfit_for_trade(self) if self.stripe_live else ():
            raise ValueError(wrong)
        return self

    def own_folder(self) -> Path:
        """The shop's own folder, made where it is missing: PINs and keys lie in it, so for this person alone (0700)."""
        try:
            self.var_dir.parent.mkdir(parents=True, exist_ok=True)
            self.var_dir.mkdir(mode=0o700, exist_ok=True)
        except OSError as trouble:
            raise SettingsWrong(f"{PREFIX}VAR_DIR", f"{self.var_dir} cannot be made: {trouble.strerror}") from trouble
        return self.var_dir

    @property
    def keys(self) -> Path:
        """The folder of the signing keys."""
        return self.keys_dir or self.var_dir / "keys"

    @property
    def public(self) -> str:
        """The public address without a closing slash."""
        return str(self.public_url).rstrip("/")


def _unfit_for_trade(shop: Settings) -> Iterator[str]:
    """What a shop that charges real cards must not be set to: the key, and why."""
    stripe, public = shop.stripe_api_base, shop.public_url
    if (stripe.scheme, stripe.host, stripe.port) != ("https", "api.stripe.com", 443):
        yield "stripe_api_base: a live key may only be sent to Stripe itself, https://api.stripe.com"
    if public.scheme != "https" or _on_this_machine(public.host or ""):
        yield "public_url: a shop that charges real cards needs an https address the world reaches it at"
    if not shop.cookie_secure:
        yield "cookie_secure: must be true where real cards are charged"
    if shop.auto_enrol:
        yield "auto_enrol: belongs to a demonstration; where real cards are charged each tablet is enrolled by hand"
    if shop.reader_screen_url:
        yield "reader_screen_url: belongs to a demonstration; real cards are shown to a real reader"


def _on_this_machine(host: str) -> bool:
    host = host.strip("[]").rstrip(".").lower()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _refuse_unknown() -> None:
    known = list(Settings.model_fields)
    for source in (DotEnvSettingsSource(Settings), EnvSettingsSource(Settings)):
        for key, value in source.env_vars.items():
            name = key.lower().removeprefix(PREFIX.lower())
            cluster = OF_A_CLUSTER.fullmatch(name) or OF_A_CLUSTER.fullmatch(f"{name}={value}")
            if name == key.lower() or name in known or cluster:
                continue
            near = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
            raise SettingsWrong(key.upper(), f"there is no such setting; the nearest is {PREFIX}{near.upper()}")


def read_settings() -> Settings:
    """The shop's settings; raises SettingsWrong with the first key that is wrong or unknown and why."""
    _refuse_unknown()
    try:
        return Settings()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        reason = str(first["msg"]).removeprefix("Value error, ")
        if not key and ": " in reason:
            key, reason = reason.split(": ", 1)
        raise SettingsWrong(f"{PREFIX}{key.upper()}" if key else f"{PREFIX}…", reason) from None
