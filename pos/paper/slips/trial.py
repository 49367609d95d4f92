"""The test page: every kind of line a slip can have, so that a look at it says whether the printer is set up right."""

from pos.paper.document import QR, Cut, Document, Fold, Heading, Row, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import Language, TestFacts
from pos.paper.slips.parts import centred, head, small_facts
from pos.paper.slips.words import moment, say

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789"
ACCENTS = "£ € § ° ½ × · – — ‰ ‘’ “” « » àâæçéèêëîïôœùûüÿ ÀÉÈÇŒ áíñóú ß åøþ ŁłŃńŚśŹźŻż ČčŘřŠšŽž Őő"
SPECIMENS = (
    *(Row(left=size.value, right="1 450,00", size=size) for size in Size),
    Row(left="bold", right="1 450,00", weight=Weight.BOLD),
)


def trial(printer: TestFacts, language: Language) -> Document:
    """A page that a new printer, or one that was mended, prints first."""
    title = say(language, "test")
    return Document(
        title=f"{title} {printer.printer}",
        language=language,
        blocks=(
            *head(printer.supplier, title),
            *small_facts(
                [
                    (say(language, "printer"), printer.printer),
                    (say(language, "address"), printer.address),
                    (say(language, "model"), printer.model),
                    (say(language, "date"), moment(printer.issued_at, printer.zone, language)),
                ]
            ),
            Rule(),
            Heading(text=say(language, "letters"), level=3),
            Text(text=LETTERS),
            Text(text=ACCENTS),
            Text(text=ACCENTS, size=Size.SMALL),
            Text(text="Ω α β γ Ж д ♥ ✓"),
            Space(mm=2),
            *SPECIMENS,
            Fold(),
            QR(payload=printer.address),
            *centred([say(language, "all_well")], size=Size.SMALL),
            Space(mm=4),
            Cut(),
        ),
    )
