# `make run` and `make test` do all their own set-up.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run demo test soak mutants lint bench bench-duplicates conformance screenshots package fonts translations clean

PY := .venv/bin/python
READY := .venv/.ready
FONTS := resources/fonts/.ready
PO := $(wildcard translations/*/LC_MESSAGES/migdesk.po)
MO := $(PO:.po=.mo)
# Scripts in packaging/ import migdesk from here.
SCRIPT := PYTHONPATH=. $(PY) packaging

help:  ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 18

setup: $(READY) $(FONTS) $(MO)  ## virtual environment, system libraries, fonts, words

$(READY): requirements.lock packaging/setup.sh packaging/system.sh packaging/python.sh
	@bash packaging/setup.sh

$(FONTS): $(READY) packaging/make_fonts.py
	@$(SCRIPT)/make_fonts.py
	@touch $@

%.mo: %.po packaging/catalogues.py | $(READY)
	@$(SCRIPT)/catalogues.py compile $<

run: setup  ## start the program
	@$(PY) -m migdesk $(ARGS)

demo: setup  ## start the program with invented people
	@$(PY) -m migdesk --demo $(ARGS)

test: lint  ## everything that must hold: style, types, rooms, words, tests
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -q -n 2 --dist loadfile $(ARGS)

soak: setup  ## the long runs: faults, hostile bundles, the model, real servers
	@bash packaging/system.sh servers
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -q -m soak $(ARGS)

mutants: setup  ## take out each rule of the exchange: the model must notice
	PYTHONPATH=. $(PY) -W ignore -m tests.exchange.mutants $(ARGS)

lint: setup  ## style, types, rooms, words
	$(PY) -m ruff check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache
	$(SCRIPT)/catalogues.py check

bench: setup  ## measure, as ratios to the bare library
	QT_QPA_PLATFORM=offscreen $(PY) -m benchmarks $(ARGS)

OTHERS := build/duplicates

bench-duplicates: setup $(OTHERS)/.ready  ## duplicates beside splink and recordlinkage
	PYTHONPATH=. $(OTHERS)/bin/python -W ignore -m benchmarks.duplicates $(ARGS)

$(OTHERS)/.ready: pyproject.toml  # their own environment: ours lies behind it
	$(PY) -m venv --clear $(OTHERS)
	$(OTHERS)/bin/pip install -q "recordlinkage>=0.16,<1" "splink>=5,<6"
	$(PY) -c "import site; print(site.getsitepackages()[0])" \
		> "$$($(OTHERS)/bin/python -c 'import site; print(site.getsitepackages()[0])')/zz.pth"
	@touch $@

conformance: setup  ## fill every form at hand at random, beside two engines
	@bash packaging/system.sh conformance
	PYTHONPATH=. $(PY) -W ignore -m tests.conformance $(ARGS)

screenshots: setup  ## a picture of every page
	QT_QPA_PLATFORM=offscreen $(SCRIPT)/screenshots.py $(ARGS)

package: setup  ## one-folder program and .deb in dist/, tried under Xvfb
	@bash packaging/system.sh package
	bash packaging/make_deb.sh
	bash packaging/check_package.sh

fonts: $(FONTS)  ## fonts that documents embed

translations: setup  ## collect words, update and compile the catalogues
	$(SCRIPT)/catalogues.py update
	$(SCRIPT)/catalogues.py compile

clean:  ## remove what was made, but not .venv
	rm -rf build dist resources/fonts .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -path ./.venv -prune -o -name __pycache__ -exec rm -rf {} +
	find translations -name '*.mo' -delete
