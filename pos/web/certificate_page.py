"""The public page of a certificate, drawn: a pure function from the record to HTML."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html import escape
from typing import Any

from starlette.responses import HTMLResponse

from pos.catalogue.gtin import is_demo
from pos.catalogue.views import PictureView
from pos.proof.register import Answer, Record, Standing
from pos.web.sheets import sheet
from pos.words import counted, part_of, written

WORDS = part_of("web", "certificate")
STATUS = {Answer.VALID: 200, Answer.UNKNOWN: 404, Answer.ALTERED: 422, Answer.WITHDRAWN_KEY: 410}
MARKS = ("sponsor", "fineness", "office", "date_letter", "symbol", "convention")
TICK = '<path d="M8 19l7 7L29 11"/>'
CROSS = '<path d="M10 10l16 16M26 10L10 26"/>'
BACK = '<path d="M13 9l-6 6 6 6M7 15h14a7 7 0 0 1 0 14h-6"/>'


LOOKS = {"valid": ("", TICK), "transferred": ("", TICK), "voided": (" trouble", CROSS)}
IN_FORCE = (Standing.VALID, Standing.TRANSFERRED)


def page(record: Record, *, language: str, other: str, house: str, pass_on: str = "") -> HTMLResponse:
    """The page of a record: other is the address of the same in the other language, pass_on that of a hand-over."""
    words = WORDS[language]
    body = _piece(record, language) if record.statement is not None else _no_piece(record, words)
    if pass_on and record.standing in IN_FORCE:
        body += f'<p><a href="{escape(pass_on)}">{escape(words["pass_on"])}</a></p>'
    body += _footer(record, words, other=other)
    marks = f' data-verdict="{record.answer}"' + (f' data-state="{record.standing}"' if record.standing else "")
    return sheet(body, title=words["title"], language=language, status=STATUS[record.answer], marks=marks, house=house)


def _piece(record: Record, language: str) -> str:
    words, said = WORDS[language], record.statement or {}
    number = words["number"].format(number=said["number"], size=said["edition_size"])
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in _facts(record, language))
    demo = f'<p class="quiet">{escape(words["demo"])}</p>' if is_demo(said["gtin"]) else ""
    return (
        f'<header><p class="eyebrow">{escape(words["title"])}</p><h1>{escape(said["piece"][language])}</h1>'
        f'<p class="number">{escape(number)}</p></header>'
        f"{_verdict(_headline(record), words)}{_figure(record.picture, words)}<dl>{facts}</dl>"
        f"{_meaning(said['hallmark'], words)}"
        f"<section><h2>{escape(words['proves'])}</h2><p>{escape(words['proves_1'])}</p>"
        f"<p>{escape(words['proves_2'])}</p>{demo}</section>"
    )


def _headline(record: Record) -> str:
    return str(record.standing or record.answer)


def _no_piece(record: Record, words: dict[str, str]) -> str:
    answer = "unregistered" if record.answer is Answer.UNKNOWN and record.key_id else str(record.answer)
    look = "doubt" if record.answer is Answer.UNKNOWN else "trouble"
    todo = "known" if record.known else answer
    return (
        f'<header><p class="eyebrow">{escape(words["title"])}</p><h1 class="{look}">{escape(words[answer])}</h1>'
        f'<p class="lead">{escape(words[f"{answer}_line"])}</p></header>'
        f"<section><p>{escape(words[f'{todo}_do'])}</p></section>"
    )


def _verdict(what: str, words: dict[str, str]) -> str:
    look, mark = LOOKS.get(what, (" doubt", BACK))
    return (
        f'<div class="verdict{look}" role="status"><svg viewBox="0 0 36 36" aria-hidden="true">{mark}</svg>'
        f"<b>{escape(words[what])}</b><span>{escape(words[f'{what}_line'])}</span></div>"
    )


def _figure(picture: PictureView | None, words: dict[str, str]) -> str:
    if picture is None:
        return ""
    what = "marks" if picture.role == "hallmark" else "piece"
    caption = words[f"{what}_{'render' if picture.is_render else 'photograph'}"]
    return (
        f'<figure><img src="{escape(picture.src)}" alt="{escape(picture.alt)}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _swatch(picture: PictureView | None) -> str:
    """The metal's colour beside its name, which says everything already."""
    return f'<img class="swatch" src="{escape(picture.thumb)}" alt="">' if picture else ""


def _facts(record: Record, language: str) -> Iterator[tuple[str, str]]:
    """The rows of the table: a name, and a value that is already escaped."""
    words, said = WORDS[language], record.statement or {}
    fineness = words["fineness"].format(fineness=said["fineness"])
    yield words["state"], escape(words[f"state_{record.standing}"])
    if record.transfers:
        yield words["passed_on"], "<br>".join(escape(moment(at, language)) for at in record.transfers)
    yield words["capsule"], escape(said["capsule"][language])
    yield words["metal"], f"{_swatch(record.swatch)}{escape(said['metal'][language])}<small>{escape(fineness)}</small>"
    yield words["weight"], escape(words["weight_about"].format(weight=_grams(said["weight_mg"], language)))
    if said["size"]:
        yield words["size"], escape(said["size"])
    yield words["hallmark"], escape(marks(said["hallmark"], language))
    cut = said["engraved_lines"]
    engraved = counted("web", "certificate.engraved", cut, language).format(n=cut) if cut else words["plain"]
    proved = said.get("proof_sha256", "")
    digest = f"<small>{escape(words['proved'])} <span>{escape(_in_groups(proved))}</span></small>" if proved else ""
    yield words["engraving"], escape(engraved) + digest
    issued = words["issued_by"].format(date=_day(said["issued_on"], language), issuer=said["issuer"])
    yield words["issued"], escape(issued)
    yield words["serial"], f"{escape(said['serial'])}<small>GTIN {escape(said['gtin'])}</small>"


def marks(hallmark: dict[str, Any], language: str) -> str:
    """The marks as recorded, in words; where there are none, why."""
    words = WORDS[language]
    if hallmark["status"] != "hallmarked":
        return words[hallmark["status"]]
    said = [words["struck"].format(**{"sponsor": "–", "office": "–", **hallmark})]
    said += [words[key].format(**hallmark) for key in ("date_letter", "symbol", "convention") if hallmark.get(key)]
    place = (hallmark.get("place") or {}).get(language)
    sentence = ", ".join([*said, *([place] if place else [])]) + "."
    return sentence[0].upper() + sentence[1:]


def _meaning(hallmark: dict[str, Any], words: dict[str, str]) -> str:
    """What each mark that was recorded says; nothing where there is none."""
    if hallmark["status"] != "hallmarked":
        return ""
    said = [words[f"means_{mark}"].format(**{mark: hallmark[mark]}) for mark in MARKS if hallmark.get(mark)]
    lines = "".join(f"<li>{escape(line)}</li>" for line in [*said, words["means_only"]])
    return f"<section><h2>{escape(words['meaning'])}</h2><ul>{lines}</ul></section>"


def _footer(record: Record, words: dict[str, str], *, other: str) -> str:
    key = escape(record.key_id)
    signed = (
        f'{escape(words["key"].format(key=record.key_id))}, <a href="/keys/{key}.pub">{escape(words["public_key"])}</a>'
        "<br>"
        f'<a href="/log/proof/certificate/{escape(record.seal)}">{escape(words["log"])}</a>'
        if record.statement is not None
        else ""
    )
    return f'<footer><span class="quiet">{signed}</span><a href="{escape(other)}">{escape(words["other"])}</a></footer>'


def _in_groups(digest: str) -> str:
    """A digest as eyes can compare it: eight characters at a time."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def _grams(weight_mg: int, language: str) -> str:
    return written.decimal(Decimal(weight_mg) / 1000, language, places=3)


def moment(at: datetime, language: str) -> str:
    """A moment to the minute, in UTC: a public page has no boutique's own time."""
    at = at.astimezone(UTC)
    return WORDS[language]["moment"].format(day=_day(at.date().isoformat(), language), hour=f"{at:%H:%M}")


def _day(iso: str, language: str) -> str:
    return written.on(date.fromisoformat(iso), language, f"{written.DATE} y")
