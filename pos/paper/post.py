"""The way to a mail server (SMTP, RFC 5321): one letter, one conversation, and what it said."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from pos.settings import Settings

PATIENCE = 20.0  # seconds for each answer of the server
LONGEST = 200  # letters of what a server said that are kept


@dataclass(frozen=True)
class Answer:
    """What became of a letter: taken, refused for good (another address is needed), or not now."""

    taken: bool
    for_good: bool = False
    cause: str = ""


def greet(settings: Settings) -> str:
    """Whether the shop's mail server lets us in: empty, or why not, in its words or the network's."""
    try:
        with _connected(settings) as server:
            server.noop()
    except smtplib.SMTPResponseException as refused:
        return _no(refused.smtp_code, refused.smtp_error, for_good=False).cause
    except (smtplib.SMTPException, OSError, ValueError) as trouble:
        return f"{type(trouble).__name__}: {trouble}"[:LONGEST]
    return ""


def deliver(settings: Settings, message: EmailMessage) -> Answer:
    """Hand a letter to the shop's mail server; never raises for anything that the server or the network does.

    Only what the server says of this recipient or of this letter is for good (5yz, RFC 5321 §4.2.1); what it says of us
    (our name, our password, our own address) may be mended, and the letter waits.
    """
    try:
        with _connected(settings) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return _no(code, words, for_good=True)
    except smtplib.SMTPSenderRefused as refused:
        return _no(refused.smtp_code, refused.smtp_error, for_good=False)
    except smtplib.SMTPDataError as refused:
        return _no(refused.smtp_code, refused.smtp_error, for_good=True)
    except smtplib.SMTPResponseException as refused:
        return _no(refused.smtp_code, refused.smtp_error, for_good=False)
    except (smtplib.SMTPException, OSError, ValueError) as trouble:  # ValueError: a name that is no host
        return Answer(taken=False, cause=f"{type(trouble).__name__}: {trouble}"[:LONGEST])
    return Answer(taken=True)


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    where = (settings.mail_host, settings.mail_port)
    if settings.mail_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=PATIENCE, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(*where, timeout=PATIENCE)
    try:
        if settings.mail_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        yield server
    finally:
        _leave(server)


def _leave(server: smtplib.SMTP) -> None:
    """What the server says to our goodbye changes nothing: the letter was taken before."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _no(code: int, words: bytes | str, *, for_good: bool) -> Answer:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Answer(taken=False, for_good=for_good and 500 <= code < 600, cause=f"{code} {said}"[:LONGEST])
