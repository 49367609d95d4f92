"""The hand-out about hallmarks, for whoever asks what the marks mean. It explains in our own words.

The Dealer's Notice itself is the British Hallmarking Council's, hangs whole and unaltered on the counter (Hallmarking
Act 1973, s. 11), and is never printed from here. Weights are those of Sch. 1 Pt II para. 12: strictly below them a mark
is not needed.
"""

from pos.paper.document import Align, Cut, Document, Heading, Rule, Size, Space, Table, Text
from pos.paper.slips.facts import Language
from pos.paper.slips.facts_house import NoticeFacts
from pos.paper.slips.parts import centred, head, words_of

# Metal, the weight in g from which it must be marked, the finenesses the Act names (Sch. 2).
STANDARDS = {
    "gold": (1.0, "375 585 750 916 990 999"),
    "silver": (7.78, "800 925 958 999"),
    "platinum": (0.5, "850 900 950 999"),
    "palladium": (1.0, "500 950 999"),
}
_say = words_of(
    en={
        "title": "What the marks mean",
        "why": (
            "In the United Kingdom nobody in trade may call a thing gold, silver, platinum or palladium unless it "
            "bears a hallmark, or weighs less than the law asks for."
        ),
        "marks": "The three marks",
        "sponsor": "The sponsor’s mark: who sent it to be tested.",
        "fineness": "The fineness mark: how many parts in a thousand are the precious metal.",
        "office": "The assay office’s mark: which independent office tested it.",
        "metals": "From which weight",
        "metal": "Metal",
        "from": "From",
        "parts": "Parts in a thousand",
        "gold": "Gold",
        "silver": "Silver",
        "platinum": "Platinum",
        "palladium": "Palladium",
        "plated": "Vermeil is silver with a coat of gold: it is marked as silver, never as gold.",
        "official": (
            "These words are ours. The Dealer’s Notice of the British Hallmarking Council stands on the counter, whole "
            "and unaltered: please ask to see it."
        ),
    },
    fr={
        "title": "Ce que disent les poinçons",
        "why": (
            "Au Royaume-Uni, nul commerçant ne peut dire d’un objet qu’il est en or, argent, platine ou palladium s’il "
            "ne porte un poinçon officiel, ou ne pèse moins que ce que la loi demande."
        ),
        "marks": "Les trois poinçons",
        "sponsor": "Le poinçon de responsabilité : qui l’a présenté au contrôle.",
        "fineness": "Le titre : combien de millièmes sont du métal précieux.",
        "office": "Le poinçon du bureau de garantie : quel bureau indépendant l’a contrôlé.",
        "metals": "À partir de quel poids",
        "metal": "Métal",
        "from": "Dès",
        "parts": "Millièmes",
        "gold": "Or",
        "silver": "Argent",
        "platinum": "Platine",
        "palladium": "Palladium",
        "plated": "Le vermeil est de l’argent couvert d’or : il est poinçonné comme argent, jamais comme or.",
        "official": (
            "Ces mots sont les nôtres. Le Dealer’s Notice du British Hallmarking Council est au comptoir, entier et "
            "inchangé : demandez à le voir."
        ),
    },
)


def notice(told: NoticeFacts, language: Language) -> Document:
    """The hand-out."""
    title = _say(language, "title")
    head_row = tuple(_say(language, key) for key in ("metal", "from", "parts"))
    return Document(
        title=title,
        language=language,
        blocks=(
            *head(told.supplier, title),
            Text(text=_say(language, "why")),
            Space(mm=2),
            Heading(text=_say(language, "marks"), level=3),
            *(Text(text=_say(language, mark)) for mark in ("sponsor", "fineness", "office")),
            Space(mm=2),
            Heading(text=_say(language, "metals"), level=3),
            Table(head=head_row, rows=tuple(_row(metal, language) for metal in STANDARDS)),
            Space(mm=2),
            Text(text=_say(language, "plated")),
            Rule(),
            Text(text=_say(language, "official"), size=Size.SMALL, align=Align.CENTRE),
            *centred([told.supplier.phone] if told.supplier.phone else [], size=Size.SMALL),
            Space(mm=4),
            Cut(),
        ),
    )


def _row(metal: str, language: Language) -> tuple[str, str, str]:
    weight, finenesses = STANDARDS[metal]
    point = "," if language == "fr" else "."
    return _say(language, metal), f"{weight:g}\u00a0g".replace(".", point), finenesses
