"""A mail server, as strict or as slow as a test wants, and a shop that sends by it."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pos.shop import Shop

HOST = "127.0.0.1"


@dataclass
class Office:
    """What a mail server takes, and how it behaves: answers by recipient, one for everybody, a line that breaks."""

    inbox: list[EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # recipient → its answer
    answer: str = "250 taken"
    hangs_up: bool = False  # after it has taken the letter, before it says so
    port: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if not self.answer.startswith("2"):
            return self.answer
        content = envelope.content
        assert isinstance(content, bytes)
        self.inbox.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        if self.hangs_up:
            transport: Any = server.transport
            transport.abort()
        return self.answer


def served(office: Office, **how: Any) -> Iterator[Office]:
    with socket.socket() as free:
        free.bind((HOST, 0))
        office.port = free.getsockname()[1]
    controller = Controller(office, hostname=HOST, port=office.port, **how)
    controller.start()
    try:
        yield office
    finally:
        controller.stop(no_assert=True)


def knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    """Lets one name in."""
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"vitrine", b"open")
    return AuthResult(success=right, handled=False)


def posting(shop: Shop, office: Office, **settings: Any) -> Shop:
    """The same shop with a mail server."""
    given = {"mail_host": HOST, "mail_port": office.port, "mail_security": "none"}
    given |= {"mail_from": "Vitrine <receipts@vitrine.example>"}
    shop.settings = shop.settings.model_copy(update=given | settings)
    return shop
