"""Run the measurements and hold each against its bar: a table for people, bench/results.json for machines.

`python -m bench [NAME]` runs those whose name begins so. Exit code 1 where a bar is missed.
"""

import json
import logging
import platform
import sys
from pathlib import Path

from bench import drop, paper, paper_speed, paying, printing, proof, sale, screen, screen_browser
from bench.figure import Figure

MEASURES = (
    *drop.MEASURES,
    *sale.MEASURES,
    *printing.MEASURES,
    *paper.MEASURES,
    *paper_speed.MEASURES,
    *paying.MEASURES,
    *proof.MEASURES,
    *screen.MEASURES,
    *screen_browser.MEASURES,
)
RESULTS = Path(__file__).with_name("results.json")


def main(only: str = "") -> int:
    """Measure, print, write down; says the exit code."""
    logging.basicConfig(level=logging.ERROR)
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}", flush=True)
    figures: list[Figure] = []
    for names, measure in MEASURES:
        if any(name.startswith(only) or only.startswith(name) for name in names):
            for figure in measure():
                if figure.name.startswith(only):
                    figures.append(figure)
                    print(figure, flush=True)
    RESULTS.write_text("".join(json.dumps(figure.row(), ensure_ascii=False) + "\n" for figure in figures))
    return 0 if figures and all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
