"""What the public page of a hand-over says, in both languages."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Pass a piece on",
        "code": "You are the new owner",
        "code_line": "The owner before you has a hand-over code. Enter it here: the page of the certificate will say "
        "that the piece was passed on, and when. It names nobody.",
        "code_label": "Hand-over code, twelve characters",
        "code_do": "Confirm",
        "short": "You are passing it on",
        "short_line": "Enter the short code from your printed certificate. You get a hand-over code to give to the new "
        "owner, with the piece and its paper. A boutique of the house does the same for you.",
        "short_label": "Short code, eight characters",
        "short_do": "Get a code",
        "your_code": "The hand-over code",
        "good_until": "Good once, until {until}.",
        "your_code_line": "Write it down now: it is shown this once, and the house does not keep it. A code given out "
        "before is good no more.",
        "wrong_code": "This code passes nothing on: it is mistyped, used, or over. Ask for a new one.",
        "wrong_short": "This is not the short code of this certificate. It stands below the QR code on the paper.",
        "wait": "Too many codes that were wrong. Please try again in {wait} s.",
        "not_in_force": "This certificate is no longer in force: its piece cannot be passed on.",
        "not_ours": "This form has lain open too long, or did not come from this page. Open the page again and send "
        "it from there.",
    },
    "fr": {
        "title": "Transmettre une pièce",
        "code": "Vous êtes le nouveau propriétaire",
        "code_line": "Le propriétaire précédent possède un code de transmission. Saisissez-le ici : la page du "
        "certificat dira que la pièce a été transmise, et quand. Elle ne nomme personne.",
        "code_label": "Code de transmission, douze caractères",
        "code_do": "Confirmer",
        "short": "Vous la transmettez",
        "short_line": "Saisissez le code court de votre certificat imprimé. Vous recevez un code de transmission à "
        "donner au nouveau propriétaire, avec la pièce et son papier. Une boutique de la maison le fait aussi.",
        "short_label": "Code court, huit caractères",
        "short_do": "Obtenir un code",
        "your_code": "Le code de transmission",
        "good_until": "Valable une fois, jusqu’au {until}.",
        "your_code_line": "Notez-le maintenant : il n’est montré que cette fois, et la maison ne le garde pas. Un code "
        "donné auparavant ne vaut plus.",
        "wrong_code": "Ce code ne transmet rien : il est mal saisi, déjà utilisé ou périmé. Demandez-en un autre.",
        "wrong_short": "Ce n’est pas le code court de ce certificat. Il figure sous le QR code, sur le papier.",
        "wait": "Trop de codes erronés. Réessayez dans {wait} s.",
        "not_in_force": "Ce certificat n’est plus en vigueur : sa pièce ne peut être transmise.",
        "not_ours": "Ce formulaire est resté ouvert trop longtemps, ou ne vient pas de cette page. Rouvrez-la et "
        "envoyez-le de là.",
    },
}
