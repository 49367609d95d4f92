"""The job ticket, twice: the bench copy lies with the piece, the customer copy is signed for and taken home."""

from collections.abc import Iterator
from datetime import date

from pos.paper.document import QR, Align, Block, Cut, Document, Heading, Rule, Size, Space, Text, Weight
from pos.paper.slips.drawn_proof import drawn_proof
from pos.paper.slips.engraving_proof import engraving_proof
from pos.paper.slips.facts import Language
from pos.paper.slips.facts_house import JobFacts
from pos.paper.slips.parts import centred, facts, head, signature_line, words_of
from pos.paper.slips.words import grams, moment, say, say_counted, say_day
from pos.words import written
from pos.words.written import FIXED

_say = words_of("job")


def bench(job: JobFacts, language: Language) -> Document:
    """The copy that lies with the piece."""
    title = _say(language, "bench")
    return _ticket(
        job,
        language,
        title=title,
        blocks=[
            *head(job.supplier, title),
            QR(payload=job.job_no),
            Text(text=job.job_no, align=Align.CENTRE, size=Size.LARGE),
            *centred([f"{_say(language, 'due')} {_promised(job, language)}"]),
            Rule(),
            *_piece(job, language),
            *facts([(_say(language, "note"), job.note)]),
            Rule(),
            Heading(text=_say(language, "work"), level=3),
            *(Text(text=f"[{FIXED}]{FIXED}{task}") for task in job.work),
            *_words(job, language, counted=True),
            *(signature_line(language, _say(language, "cut_by")) if job.engraving else []),
            *signature_line(language, _say(language, "checked_by")),
        ],
    )


def customer(job: JobFacts, language: Language) -> Document:
    """The copy that is taken home."""
    title = _say(language, "customer")
    signed = [
        *centred([_say(language, "promise")], size=Size.SMALL),
        *signature_line(language, _say(language, "signed")),
    ]
    return _ticket(
        job,
        language,
        title=title,
        blocks=[
            *head(job.supplier, title),
            Text(text=job.job_no, align=Align.CENTRE, size=Size.LARGE),
            *centred([f"{_say(language, 'ready')} {_promised(job, language)}"]),
            Rule(),
            *_piece(job, language),
            Rule(),
            Heading(text=_say(language, "work"), level=3),
            *(Text(text=task) for task in job.work),
            *_words(job, language, counted=False),
            *(signed if job.engraving else []),
            *centred([_say(language, "bring")], size=Size.SMALL),
        ],
    )


def _ticket(job: JobFacts, language: Language, *, title: str, blocks: list[Block]) -> Document:
    return Document(title=f"{title} {job.job_no}", language=language, blocks=(*blocks, Space(mm=4), Cut()))


def _promised(job: JobFacts, language: Language) -> str:
    return say_day(date.fromisoformat(job.promised_on), language)


def _piece(job: JobFacts, language: Language) -> list[Block]:
    number = say(language, "number", number=job.number, size=job.edition_size)
    return [
        Text(text=job.piece, weight=Weight.BOLD),
        *facts(
            [
                (job.sku, number),
                (say(language, "metal"), job.metal),
                (say(language, "weight"), grams(job.weight_mg, language) if job.weight_mg else ""),
                (say(language, "size"), job.size),
                (_say(language, "condition"), job.condition),
                (say(language, "order"), job.order_no),
                (_say(language, "accepted"), moment(job.accepted_at, job.zone, language)),
                (_say(language, "by"), job.accepted_by),
            ]
        ),
    ]


def _words(job: JobFacts, language: Language, *, counted: bool) -> Iterator[Block]:
    if not job.engraving:
        return
    yield Rule()
    yield Heading(text=_say(language, "proof"), level=3)
    yield Space(mm=2)
    confirmed = drawn_proof(job.proof_svg) if job.proof_svg else None
    yield confirmed.picture if confirmed else engraving_proof(job.engraving)
    yield Space(mm=2)
    if confirmed:
        times = written.decimal(confirmed.times, language)
        yield Text(text=_say(language, "confirmed", times=times), size=Size.SMALL)
        yield Text(text=_say(language, "digest", digest=job.proof_sha256[:16]), size=Size.SMALL)
    if counted:
        for i, line in enumerate(job.engraving, 1):
            letters = len(line.replace(" ", ""))
            yield Text(text=say_counted(language, "job.letters", letters, line=i), size=Size.SMALL)
    if not confirmed:
        height = written.decimal(job.cap_height_mm, language, places=2)
        yield Text(text=_say(language, "height", mm=height), size=Size.SMALL)
    yield Space(mm=2)
