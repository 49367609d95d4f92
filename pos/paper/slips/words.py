"""The words on the slips, in each language, and how a slip writes a time, a weight, a rate."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pos.paper.slips.facts import Language

MONTHS = {
    "en": [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ],
    "fr": [
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ],
}  # fmt: skip
DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
}

EN = {
    "sales": "Sales receipt",
    "deposit": "Deposit receipt",
    "balance": "Balance receipt",
    "authenticity": "Authenticity",
    "pickup": "Pickup",
    "refund": "Refund",
    "test": "Test page",
    "vat_number": "VAT No. {number}",
    "receipt": "Receipt",
    "order": "Order",
    "date": "Date",
    "served": "Served by",
    "each": "{count} × {price}",
    "subtotal": "Before savings",
    "total": "Total",
    "order_total": "Order total",
    "paid_before": "Already paid",
    "paid_now": "Paid now",
    "due_later": "Due later",
    "vat_rate": "Rate",
    "net": "Net",
    "vat": "VAT",
    "gross": "Gross",
    "payment": "Payment",
    "card": "{brand} ···· {last4}",
    "cash": "Cash",
    "tendered": "Given",
    "change": "Change",
    "left_on_card": "Left on it",
    "read": "Read",
    "application": "Application",
    "aid": "AID",
    "authorisation": "Authorisation",
    "cvm": "Verified by",
    "signature": "Cardholder’s signature",
    "thanks": "Thank you.",
    "returns": "Please keep this receipt. It does not affect your statutory rights.",
    "full_invoice": "A full VAT invoice is written on request.",
    "terms": (
        "The deposit keeps your numbered piece for you. The balance is due when the piece is handed over. "
        "You accepted these terms before you paid."
    ),
    "accepted": "Terms of sale {version}, accepted {at}.",
    "kept_card": "Your card for the balance",
    "consented": "You agreed to this (version {version}) on {at}.",
    "settled": "Paid in full. Thank you.",
    "capsule": "The {name} capsule",
    "number": "No. {number} of {size}",
    "metal": "Metal",
    "fineness": "Fineness",
    "permille": "{number} ‰",
    "weight": "Weight",
    "size": "Size",
    "hallmark": "Hallmark",
    "exempt": "Exempt: {reason}",
    "no_hallmark": "None recorded",
    "engraving": "Engraving",
    "serial": "Serial",
    "design": "Design",
    "sold": "Sold",
    "sold_at": "By",
    "code": "Code",
    "scan_to_verify": "Scan to verify this piece",
    "statement": (
        "This is the maker’s own certificate. It proves that our record of this piece exists and is unchanged. "
        "It does not prove the metal: the hallmark does."
    ),
    "for_house": "For the house",
    "collect_code": "Your collect code",
    "from_to": "{start}–{end}",
    "pieces": "Pieces",
    "balance_due": "Balance due at pickup",
    "nothing_due": "Nothing left to pay",
    "bring": "Show this slip at the counter. Whoever holds it may collect: keep it safe.",
    "gift_card": "Gift card",
    "store_credit": "Store credit",
    "good_until": "Good until {day}",
    "good_for_ever": "Does not expire",
    "card_code": "Your code",
    "code_ends": "Code ending in {last4}",
    "code_on_paper": "The code stands on the paper only.",
    "issued": "Issued",
    "replaces_card": "Takes the place of an earlier card, whose code pays for nothing any more.",
    "gift_terms": (
        "Pays for all or part of a purchase at any of our counters; what is left stays on it. Not exchanged for cash. "
        "Whoever holds this slip may spend it: keep it like money."
    ),
    "outside_vat": "Outside",
    "copy": "Copy {number}",
    "copy_by": "Copy {number} · printed {at} · {by}",
    "copy_why": "Reason: {why}",
    "original_at": "The original was printed {at}.",
    "refund_no": "Refund",
    "of_receipt": "Of receipt",
    "allowed": "Allowed by",
    "reason": "Reason",
    "given_back": "Given back",
    "goes_back": "Goes back",
    "road_card": "To {card}",
    "a_card": "the card that paid",
    "road_card_when": "In 5 to 10 days, as the card’s bank takes.",
    "road_release": "{card}",
    "road_release_when": "Hold released: nothing was taken from the card.",
    "road_cash": "In cash",
    "road_gift_card": "To gift card ···· {last4}",
    "road_credit": "Store credit ···· {last4}",
    "received": "Received in cash: the customer’s signature",
    "no_longer_valid": "The certificate {serials} is no longer valid. Please leave its paper with us.",
    "no_longer_valid_many": "The certificates {serials} are no longer valid. Please leave their paper with us.",
    "keep_refund": "Please keep this slip until the money has arrived.",
    "printer": "Printer",
    "address": "Address",
    "model": "Model",
    "letters": "Letters",
    "all_well": "If every line is complete and the code can be scanned, this printer is ready.",
}

FR = {
    "sales": "Ticket de caisse",
    "deposit": "Reçu d’acompte",
    "balance": "Reçu de solde",
    "authenticity": "Authenticité",
    "pickup": "Retrait",
    "refund": "Remboursement",
    "test": "Page d’essai",
    "vat_number": "N° TVA {number}",
    "receipt": "Ticket",
    "order": "Commande",
    "date": "Date",
    "served": "Servi par",
    "each": "{count} × {price}",
    "subtotal": "Avant remises",
    "total": "Total",
    "order_total": "Total commande",
    "paid_before": "Déjà payé",
    "paid_now": "Payé ce jour",
    "due_later": "Reste dû",
    "vat_rate": "Taux",
    "net": "HT",
    "vat": "TVA",
    "gross": "TTC",
    "payment": "Paiement",
    "card": "{brand} ···· {last4}",
    "cash": "Espèces",
    "tendered": "Reçu",
    "change": "Rendu",
    "left_on_card": "Solde restant",
    "read": "Lecture",
    "application": "Application",
    "aid": "AID",
    "authorisation": "Autorisation",
    "cvm": "Vérifié par",
    "signature": "Signature du porteur",
    "thanks": "Merci.",
    "returns": "Merci de conserver ce ticket. Il n’affecte en rien vos droits légaux.",
    "full_invoice": "Facture détaillée sur demande.",
    "terms": (
        "L’acompte vous réserve votre pièce numérotée. Le solde est dû à la remise de la pièce. "
        "Vous avez accepté ces conditions avant de payer."
    ),
    "accepted": "Conditions de vente {version}, acceptées le {at}.",
    "kept_card": "Votre carte pour le solde",
    "consented": "Vous l’avez accepté (version {version}) le {at}.",
    "settled": "Entièrement payé. Merci.",
    "capsule": "Capsule {name}",
    "number": "N° {number} sur {size}",
    "metal": "Métal",
    "fineness": "Titre",
    "permille": "{number} ‰",
    "weight": "Poids",
    "size": "Taille",
    "hallmark": "Poinçons",
    "exempt": "Dispense : {reason}",
    "no_hallmark": "Aucun enregistré",
    "engraving": "Gravure",
    "serial": "Série",
    "design": "Modèle",
    "sold": "Vendue le",
    "sold_at": "Par",
    "code": "Code",
    "scan_to_verify": "Scannez pour vérifier cette pièce",
    "statement": (
        "Ceci est le certificat de la maison. Il prouve que notre fiche de cette pièce existe et n’a pas changé. "
        "Il ne prouve pas le métal : le poinçon le prouve."
    ),
    "for_house": "Pour la maison",
    "collect_code": "Votre code de retrait",
    "from_to": "{start}–{end}",
    "pieces": "Pièces",
    "balance_due": "Solde dû au retrait",
    "nothing_due": "Plus rien à payer",
    "bring": "Présentez ce ticket au comptoir. Qui le détient peut retirer : gardez-le précieusement.",
    "gift_card": "Carte cadeau",
    "store_credit": "Avoir",
    "good_until": "Valable jusqu’au {day}",
    "good_for_ever": "Sans date limite",
    "card_code": "Votre code",
    "code_ends": "Code finissant par {last4}",
    "code_on_paper": "Le code figure sur le papier seulement.",
    "issued": "Émis le",
    "replaces_card": "Remplace une carte précédente, dont le code ne paie plus rien.",
    "gift_terms": (
        "Paie tout ou partie d’un achat à chacun de nos comptoirs ; le reste demeure disponible. Ne s’échange pas "
        "contre des espèces. Qui détient ce ticket peut le dépenser : gardez-le comme de l’argent."
    ),
    "outside_vat": "Hors TVA",
    "copy": "Copie {number}",
    "copy_by": "Copie {number} · imprimée le {at} · {by}",
    "copy_why": "Motif : {why}",
    "original_at": "L’original a été imprimé le {at}.",
    "refund_no": "Remboursement",
    "of_receipt": "Du ticket",
    "allowed": "Autorisé par",
    "reason": "Motif",
    "given_back": "Remboursé",
    "goes_back": "Retour du paiement",
    "road_card": "Vers {card}",
    "a_card": "la carte du paiement",
    "road_card_when": "Sous 5 à 10 jours, selon la banque de la carte.",
    "road_release": "{card}",
    "road_release_when": "Réservation levée : rien n’a été débité.",
    "road_cash": "En espèces",
    "road_gift_card": "Vers la carte cadeau ···· {last4}",
    "road_credit": "Avoir ···· {last4}",
    "received": "Reçu en espèces : signature du client",
    "no_longer_valid": "Le certificat {serials} n’est plus valable. Merci de nous en laisser le papier.",
    "no_longer_valid_many": "Les certificats {serials} ne sont plus valables. Merci de nous en laisser le papier.",
    "keep_refund": "Gardez ce reçu jusqu’à l’arrivée de l’argent.",
    "printer": "Imprimante",
    "address": "Adresse",
    "model": "Modèle",
    "letters": "Lettres",
    "all_well": "Si chaque ligne est complète et que le code se scanne, l’imprimante est prête.",
}

WORDS = {"en": EN, "fr": FR}

# Stripe's words for a card's brand, how it was read and how its holder was verified, as a shopper reads them.
BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "CB",
    "diners": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "eftpos",
    "interac": "Interac",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
# Why something is given back, by the short words of `pos.selling.reasons`.
REASON_WORDS = {
    "en": {
        "changed_mind": "Changed their mind",
        "wrong_size": "Wrong size",
        "fault": "A fault in the piece",
        "as_a_gift": "Did not suit, as a gift",
        "price": "Something off the price",
    },
    "fr": {
        "changed_mind": "Changement d’avis",
        "wrong_size": "Taille inadaptée",
        "fault": "Défaut de la pièce",
        "as_a_gift": "Cadeau qui ne convenait pas",
        "price": "Geste sur le prix",
    },
}
CARD_WORDS = {
    "en": {
        "contact_emv": "Chip",
        "contactless_emv": "Contactless",
        "card_on_file": "Kept card",
        "contactless_magstripe_mode": "Contactless",
        "magnetic_stripe_fallback": "Magnetic stripe",
        "magnetic_stripe_track2": "Magnetic stripe",
        "none": "Not required",
        "approval": "Device",
        "offline_pin": "PIN",
        "online_pin": "PIN",
        "offline_pin_and_signature": "PIN and signature",
        "signature": "Signature",
        "failure": "Not verified",
    },
    "fr": {
        "contact_emv": "Puce",
        "contactless_emv": "Sans contact",
        "card_on_file": "Carte gardée",
        "contactless_magstripe_mode": "Sans contact",
        "magnetic_stripe_fallback": "Piste magnétique",
        "magnetic_stripe_track2": "Piste magnétique",
        "none": "Non requis",
        "approval": "Appareil",
        "offline_pin": "Code",
        "online_pin": "Code",
        "offline_pin_and_signature": "Code et signature",
        "signature": "Signature",
        "failure": "Non vérifié",
    },
}


def say(language: Language, key: str, **values: object) -> str:
    """The words for a key, with its values in place."""
    return WORDS[language][key].format(**values)


def phrase(own: Mapping[str, Mapping[str, str]], language: Language, key: str, **values: object) -> str:
    """The same from the words that stand beside one slip's layout."""
    return own[language][key].format(**values)


def card_word(language: Language, code: str) -> str:
    """Stripe's word in the shopper's language; a word we do not know is shown as it is."""
    return CARD_WORDS[language].get(code, code.replace("_", " ").capitalize())


def brand(code: str) -> str:
    """A card brand as it writes itself."""
    return BRANDS.get(code, code.replace("_", " ").title())


def reason(language: Language, written: str) -> str:
    """Why, in the shopper's language; what somebody wrote in their own words stays as it is."""
    short, dot, words = written.partition(" · ")
    return f"{REASON_WORDS[language].get(short, short)}{dot}{words}"


def day(at: datetime, zone: str, language: Language, *, weekday: bool = False) -> str:
    """The boutique's own date: `22 November 2026`, `1er mars 2027`."""
    local = at.astimezone(ZoneInfo(zone)).date()
    name = f"{DAYS[language][local.weekday()]} " if weekday else ""
    return f"{name}{say_day(local, language)}"


def say_day(on: date, language: Language) -> str:
    """A date in words: `22 November 2026`, `1er mars 2027`."""
    number = "1er" if language == "fr" and on.day == 1 else str(on.day)
    return f"{number} {MONTHS[language][on.month - 1]} {on.year}"


def clock(at: datetime, zone: str) -> str:
    """The boutique's own time: `14:05`."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def zone_name(at: datetime, zone: str) -> str:
    """Which time that is: `GMT`, `BST`, or the distance from UTC where the zone has no letters."""
    name = at.astimezone(ZoneInfo(zone)).tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def moment(at: datetime, zone: str, language: Language) -> str:
    """The boutique's own date and time: `22 November 2026, 14:05 GMT`."""
    return f"{day(at, zone, language)}, {clock(at, zone)} {zone_name(at, zone)}"


def grams(weight_mg: int, language: Language) -> str:
    """A weight in grams with two decimals, halves up: `6.20 g`, `6,20 g`."""
    hundredths = (weight_mg + 5) // 10
    point = "," if language == "fr" else "."
    return f"{hundredths // 100}{point}{hundredths % 100:02d}\u00a0g"


def percent(rate_bp: int, language: Language) -> str:
    """A rate: `20%`, `5,5 %`."""
    whole, rest = divmod(rate_bp, 100)
    tail = f"{rest:02d}".rstrip("0")
    if language == "fr":
        return f"{whole}{',' + tail if tail else ''}\u00a0%"
    return f"{whole}{'.' + tail if tail else ''}%"
