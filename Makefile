# The shop's machinery. `make run` needs Python 3.11 or newer, make, and nothing else.

ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
endif
IN = .venv/bin/
ONLY ?=
# Compiled modules are what makes the second start quick.
unexport PYTHONDONTWRITEBYTECODE
ARGS ?=

.PHONY: help run setup setup-dev test crash days check format reset lock migration words bench renders shots

help:
	@echo "make run      the whole shop on this machine, with a stand-in for Stripe and a printer that draws"
	@echo "make test     everything that is checked; make check for format, lint and types alone"
	@echo "make setup    the environment only        make reset    the demonstration starts over"
	@echo "make bench    measured comparisons (ONLY=race …)        make lock    resolve the pins again"
	@echo "make shots    every screen in every state as a picture, into shots/ (docs/screens.md)"

run: setup
	@exec $(IN)python -m pos run

setup: python
	@$(PYTHON) tools/environment.py requirements.txt

setup-dev: python
	@$(PYTHON) tools/environment.py requirements.txt requirements-dev.txt

.PHONY: python
python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || { \
	echo "Vitrine needs Python 3.11 or newer: install it, or say where it is with PYTHON=/path/to/python3." >&2; exit 2; }

test: check
	@$(IN)python -m tests.needs
	@$(IN)python -m pytest -n auto --maxprocesses 4 --dist loadfile -rs $(ARGS)

# A till killed at every boundary of every road, on both databases: what `make test` takes a sample of.
crash: setup-dev
	@KILL_EVERYWHERE=1 $(IN)python -m pytest -n auto --dist loadfile -rs tests/crash $(ARGS)

# Random days in the shop, new ones each time: what `make test` plays a few of.
days: setup-dev
	@DAYS=$(or $(DAYS),1000) $(IN)python -m pytest -rs tests/model $(ARGS)

check: setup-dev
	@$(IN)ruff format --check .
	@$(IN)ruff check .
	@$(IN)mypy

format: setup-dev
	@$(IN)ruff format .
	@$(IN)ruff check --fix .

reset: setup
	@$(IN)python -m pos reset

LOCK = $(IN)uv pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
lock: setup
	@$(LOCK) $(ARGS) requirements.in -o requirements.txt
	@$(LOCK) $(ARGS) requirements-dev.in -o requirements-dev.txt
	@$(LOCK) $(ARGS) requirements-postgres.in -o requirements-postgres.txt

# The next migration, written from the models: make migration WORDS="a piece remembers its bench"
migration: setup-dev
	@$(IN)python -m pos.migrations.draft "$(WORDS)" $(ARGS)
	@$(IN)ruff format -q pos/migrations

# The catalogues of words: what is new in the code waits empty in each, what changed in English is fuzzy.
words: setup
	@$(IN)python -m tools.words

bench: setup-dev
	@$(IN)python -m bench $(ONLY)

# Pictures of the demo capsules, drawn again; needs Blender's Python module.
renders: setup
	@$(IN)python data/studio/draw.py

# Every screen in every state, both orientations and languages, into shots/; the contact sheets into docs/pictures.
shots: setup-dev
	@$(IN)python -m tests.browser.shots $(ARGS)
