# Every target does its own set-up in .venv, once, and again when pyproject.toml changes.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test check codegen bench
.DELETE_ON_ERROR:

help:
	@echo "make demo     see the library at work on a real engine"
	@echo "make test     every test, on a real Docker and a real Podman (root; on Debian they are installed)"
	@echo "make check    formatting, lint, types, import rules, generated code is up to date"
	@echo "make codegen  write the generated code anew from spec/"
	@echo "make bench    measure imports and the transport"

demo: .venv/package.stamp
	$(BIN)/python -m examples.demo

test: .venv/tools.stamp
	$(BIN)/python -m pytest

check: .venv/tools.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/python -m codegen --check

codegen: .venv/tools.stamp
	$(BIN)/python -m codegen

bench: .venv/tools.stamp
	$(BIN)/python -m benchmarks.imports
	$(BIN)/python -m benchmarks.transport

.venv/package.stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Wharfinger needs Python 3.11 or newer; $(PYTHON) is %d.%d. Name another one: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/tools.stamp: .venv/package.stamp
	$(BIN)/python -m pip install --quiet --group codegen --group test --group check
	@touch $@
