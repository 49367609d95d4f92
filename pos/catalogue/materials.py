"""The metals a piece may be made of: alloy, fineness, density, and how the metal is printed."""

from dataclasses import dataclass
from pathlib import Path

from pos.catalogue.reference import REFERENCE, table
from pos.errors import Unknown

VERMEIL = "VERMEIL"
VERMEIL_LEAST_UM = 2.5  # house standard, after 16 CFR 23: no UK statute defines the word
DENSITY_TOLERANCE = 0.04  # of a weighed piece against its measures


@dataclass(frozen=True)
class Material:
    """One alloy; density in g/cm³, fineness in parts per thousand."""

    id: str
    alloy: dict[str, str]  # language → its name in the trade
    metal: str  # platinum, gold, silver: what the hallmark is for
    fineness: int
    density: float
    printed: dict[str, str]  # language → words
    hardness: str
    nickel: str
    publishers: str  # of its density, by name
    about: dict[str, str]  # language → what it is, in a sentence or two
    skin: dict[str, str]  # language → what its recipe says of nickel; no claim, which would need evidence (DESC-10)
    care: dict[str, str]

    def metal_line(self, *, plating_um: float | None = None) -> dict[str, str]:
        """The metal as a slip or a card prints it; a coat of gold with its measured micrometres.

        "gold" stands only with "plated", in one size of letter (Hallmarking Act 1973, Sch. 1 Pt I).
        """
        if plating_um is None:
            return dict(self.printed)
        comma = {"en": f"{plating_um:g}", "fr": f"{plating_um:g}".replace(".", ",")}
        return {tongue: f"{words}, {comma[tongue]}\u00a0µm" for tongue, words in self.printed.items()}


def materials(*, folder: Path = REFERENCE) -> dict[str, Material]:
    """Every material by its id."""
    return {row["material_id"]: _material(row) for row in table("materials", folder=folder)}


def material(material_id: str, *, folder: Path = REFERENCE) -> Material:
    """One material. Raises Unknown."""
    found = materials(folder=folder).get(material_id)
    if found is None:
        raise Unknown("material", material_id)
    return found


def _material(row: dict[str, str]) -> Material:
    return Material(
        id=row["material_id"],
        metal=row["hallmark_metal"],
        fineness=int(row["fineness_ppt"]),
        density=float(row["density_default_g_cm3"]),
        printed={"en": row["printed_en"], "fr": row["printed_fr"]},
        hardness=row["hardness_hv"],
        nickel=row["nickel_status"],
        publishers=row["publishers"],
        **{name: {"en": row[f"{name}_en"], "fr": row[f"{name}_fr"]} for name in ("alloy", "about", "skin", "care")},
    )
