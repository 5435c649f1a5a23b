# A fresh machine needs git, make and python3 (3.11 or newer, with venv). Everything else goes into .venv/.
.DEFAULT_GOAL := help
.PHONY: help demo test check format docs benchmark clean

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
WORKERS ?= auto
COVER := COVERAGE_FILE="$(CURDIR)/.coverage"
COVERED := 95
# Some machines set PYTHONDONTWRITEBYTECODE; without byte code every start of journal compiles what it imports.
COMPILE = $(BIN)/python -m compileall -q src

help:
	@echo "make demo       the whole job on sample transcripts, in .demo/ (no network after the install, no key)"
	@echo "make test       everything that CI checks (make check is the same)"
	@echo "make format     put the code into its shape"
	@echo "make docs       write docs/commands.md and the examples in the README again from real runs"
	@echo "make benchmark  how fast it is, measured on this machine"
	@echo "make clean      remove what the above made"

demo: $(VENV)/.installed
	@$(BIN)/python examples/demo.py

test: check

check: $(VENV)/.equipped
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }
	@rm -f .coverage .coverage.*
	$(COVER) $(BIN)/coverage run -m pytest -q -n $(WORKERS)
	@$(COVER) $(BIN)/coverage combine --quiet
	$(COVER) $(BIN)/coverage report --fail-under=$(COVERED)
	$(BIN)/journal --journal . verify

format: $(VENV)/.equipped
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .

docs: $(VENV)/.equipped
	$(BIN)/python docs/make.py

benchmark: $(VENV)/.equipped
	$(BIN)/python tests/benchmarks/bench_commands.py
	$(BIN)/python tests/benchmarks/bench_recall.py
	$(BIN)/python tests/benchmarks/bench_readers.py
	$(BIN)/python tests/benchmarks/bench_log.py
	@if test -n "$$JOURNAL_TEST_DATA"; then $(BIN)/python tests/benchmarks/bench_capture.py; fi

clean:
	rm -rf $(VENV) .demo .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# The first python that is new enough and can make environments; PYTHON=… names another one.
$(VENV)/.made:
	@set -e; for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "making $(VENV) with $$("$$python" --version)"; \
	    "$$python" -m venv $(VENV); touch $@; exit 0; \
	  fi; \
	done; \
	echo "error: no Python 3.11 or newer with venv was found" >&2; \
	echo "hint: install one (Debian: apt-get install python3 python3-venv), or run make with PYTHON=/path/to/python" >&2; \
	exit 1

$(VENV)/.installed: pyproject.toml | $(VENV)/.made
	@echo "installing journal into $(VENV)"
	@$(PIP) install --editable .
	@$(COMPILE)
	@touch $@

# Dependency groups came with pip 25.1.
$(VENV)/.equipped: pyproject.toml | $(VENV)/.made
	@echo "installing journal and the checks' tools into $(VENV)"
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --editable . --group dev
	@$(COMPILE)
	@touch $@ $(VENV)/.installed
