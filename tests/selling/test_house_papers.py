"""Labels and hand-outs: for a printer that is in use, at the prices of now."""

import pytest
from sqlmodel import col, select

from pos.errors import Unknown
from pos.models import PrintJob, Variant
from pos.paper import printers, slips
from pos.selling import house_papers
from pos.shop import Shop
from tests.selling.shelf import CHAIN, CHARM


def queued(shop: Shop) -> list[PrintJob]:
    with shop.read() as look:
        return list(look.exec(select(PrintJob).order_by(col(PrintJob.id))))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_label_for_each_variant_at_its_price(boutique: Shop, language: str) -> None:
    assert house_papers.print_labels(boutique, skus=[CHARM, CHAIN], printer_id="demo-1", language=language) == 2
    jobs = queued(boutique)
    assert sorted((job.facts["sku"], job.facts["price_minor"], job.facts["edition_size"]) for job in jobs) == [
        (CHAIN, 9500, 20),
        (CHARM, 14000, 50),
    ]
    assert all(job.printer_id == "demo-1" and job.language == language for job in jobs)
    for job in jobs:
        slips.document(job.kind, facts=job.facts, language=job.language)
    assert {job.facts["payload"].split("/01/")[1] for job in jobs} == {"09520000000011", "09520000000028"}


def test_what_is_not_sold_has_no_label_and_nothing_is_printed_of_the_rest(boutique: Shop) -> None:
    with boutique.jot() as tx:
        tx.get_one(Variant, CHAIN).retired = True
    with pytest.raises(Unknown):
        house_papers.print_labels(boutique, skus=[CHARM, CHAIN], printer_id="demo-1")
    assert queued(boutique) == []


def test_a_printer_out_of_use_prints_none(boutique: Shop) -> None:
    printers.retire(boutique, printer_id="demo-1")
    with pytest.raises(Unknown):
        house_papers.print_hand_outs(boutique, printer_id="demo-1")


def test_hand_outs_by_the_count_but_not_by_the_ream(boutique: Shop) -> None:
    assert house_papers.print_hand_outs(boutique, printer_id="demo-1", count=3, language="fr") == 3
    assert house_papers.print_hand_outs(boutique, printer_id="demo-1", count=1000) == house_papers.MOST
