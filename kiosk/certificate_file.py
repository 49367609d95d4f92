"""A certificate on the counter's screen: the piece in the hand, what its owner is told, the log, and the slips."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk import draw, slips
from kiosk.words import Words
from pos.catalogue.views import VariantView
from pos.models import CertificateState
from pos.proof.register import Answer, Standing
from pos.selling.certificate_desk import CertificateFile, CertificatePaper, FoundCertificate

WELL = (Standing.VALID, Standing.TRANSFERRED)


def moment(at: datetime, say: Words, *, zone: str) -> str:
    """A day and a time of the boutique's own: `26 November 2026, 14:05`."""
    return f"{say.on(at.astimezone(ZoneInfo(zone)).date(), year=True)}, {say.clock(at, zone=zone)}"


def piece(file: CertificateFile, variant: VariantView | None, say: Words) -> None:
    """The piece as it must lie on the counter: picture, number, name, the words cut into it."""
    picture = draw.img(variant.hero if variant else None, initials=file.sku)
    cut = "".join(f'<span class="vt-cut">{draw.safe(line)}</span>' for line in file.engraving or ())
    sizes = {size.code: size.name for size in variant.sizes} if variant else {}
    size = say("certificates.size", size=sizes.get(file.size, file.size)) if file.size else ""
    quiet = "".join(f'<span class="vt-quiet">{draw.safe(words)}</span>' for words in (file.metal, size) if words)
    number = say("certificates.number", n=file.number, of=file.edition_size)
    draw.html(
        f'<div class="vt-handover"><div class="vt-frame">{picture}</div><div class="vt-certificate">'
        f'<span class="vt-big">{draw.safe(number)}</span><b>{draw.safe(file.name)}</b>{cut}{quiet}</div></div>'
    )


def told(file: CertificateFile, say: Words, *, zone: str) -> None:
    """What the public page says of it now, in its own word; then the numbers on the paper."""
    what = file.standing or file.answer
    tone = "vt-lead" if file.answer is Answer.VALID and file.standing in WELL else "vt-trouble"
    draw.quiet(say("certificates.page_says"))
    draw.html(f'<p class="{tone} vt-verdict" role="status">{draw.safe(say(f"certificates.is_{what}"))}</p>')
    lines = [say(f"certificates.is_{what}_line")]
    lines += [say("certificates.passed_on", at=moment(at, say, zone=zone)) for at in file.transfers]
    if file.offered_until and file.in_force:
        lines.append(say("certificates.code_is_out", at=moment(file.offered_until, say, zone=zone)))
    draw.quiet(*lines)
    draw.facts(
        [
            say("certificates.serial", serial=file.serial),
            say("certificates.short_code", code=file.short_code),
            say("certificates.issued", at=moment(file.issued_at, say, zone=zone), order=file.order_code),
        ]
    )


def log(file: CertificateFile, say: Words, *, zone: str) -> None:
    """Its entries in the log of certificates, the oldest first."""
    head = "".join(
        f'<th scope="col">{draw.safe(say(f"certificates.{name}"))}</th>' for name in ("when", "what", "entry")
    )
    rows = "".join(
        f"<tr><td>{draw.safe(moment(one.at, say, zone=zone))}</td>"
        f"<td>{draw.safe(say(f'certificates.act_{one.act}'))}</td><td>{one.leaf}</td></tr>"
        for one in file.entries
    )
    table = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    draw.html(f'<div class="vt-wide"><table class="vt-journal">{table}</table></div>')


def paper(one: CertificatePaper, say: Words, *, zone: str) -> None:
    """One slip of it; under a copy, who printed it, when and why."""
    draw.html(slips.figure(one.slip, say, cause=True))
    if one.slip.copy_number and one.at:
        said = {"at": moment(one.at, say, zone=zone), "by": one.by, "why": one.why}
        draw.quiet(say("certificates.copied", **said))


def line(one: FoundCertificate, say: Words, *, zone: str) -> str:
    """One of several, in words: `Corner charm Nº 12 · NC-VM-012 · in force · 26 November 2026, 14:05`."""
    stands = "" if one.state == CertificateState.VALID else say(f"certificates.is_{one.state}")
    name = f"{one.name} {say('shop.number', n=one.number)}"
    return " · ".join(words for words in (name, one.serial, stands, moment(one.issued_at, say, zone=zone)) if words)
