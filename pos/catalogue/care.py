"""How to look after a piece: sentences by its metal and by what it is, after the trade's practice."""

from pos.catalogue.materials import VERMEIL, material
from pos.errors import Unknown

OF_METAL = {
    "en": {
        "platinum": (
            "Wash it in lukewarm water with a mild soap and a soft brush, and dry it well.",
            "Platinum is displaced by a scratch, not worn away: it can be polished again and again.",
        ),
        "gold": (
            "Wash it in lukewarm water with a mild soap and a soft brush, and dry it well.",
            "Take it off in a pool: chlorine makes gold brittle.",
        ),
        "silver": (
            "Wear it: silver that is worn stays bright. Else keep it dry, in its pouch.",
            "Wipe it with a silver cloth; a dip takes off more than the tarnish.",
        ),
        VERMEIL: (
            "Wipe it with a soft, dry cloth. Polish and silver dips take off the gold.",
            "Put it on last, after scent and cream, and take it off before water.",
        ),
    },
    "fr": {
        "platinum": (
            "Lavez-la à l’eau tiède avec un savon doux et une brosse souple, puis séchez-la bien.",
            "Une rayure déplace le platine sans l’user : il se repolit encore et encore.",
        ),
        "gold": (
            "Lavez-la à l’eau tiède avec un savon doux et une brosse souple, puis séchez-la bien.",
            "Retirez-la à la piscine : le chlore fragilise l’or.",
        ),
        "silver": (
            "Portez-la : l’argent porté reste clair. Sinon, gardez-la au sec, dans sa pochette.",
            "Essuyez-la d’un chiffon à argent ; un bain ôte plus que le ternissement.",
        ),
        VERMEIL: (
            "Essuyez-la d’un chiffon doux et sec. Les produits à argent ôtent l’or.",
            "Mettez-la en dernier, après parfum et crème, et retirez-la avant l’eau.",
        ),
    },
}
OF_KIND = {
    "en": {"tag": "Look at its ring once a month, and have it changed when it is worn thin."},
    "fr": {"tag": "Regardez son anneau chaque mois, et faites-le changer quand il s’amincit."},
}
OF_ALL = {
    "en": "Keep each piece apart from the others, and bring it once a year: we look at it and clean it.",
    "fr": "Gardez chaque pièce à part des autres, et apportez-la une fois l’an : nous la vérifions et la nettoyons.",
}


def care(*, material_id: str, kind: str, language: str) -> tuple[str, ...]:
    """The sentences for a piece; what is of no known metal is told what all are told."""
    try:
        metal = VERMEIL if material_id == VERMEIL else material(material_id).metal
    except Unknown:
        metal = ""
    own = OF_KIND[language].get(kind)
    return (*OF_METAL[language].get(metal, ()), *([own] if own else []), OF_ALL[language])
