# Every target does its own set-up in .venv, once, and again when pyproject.toml changes.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test matrix check codegen bench
.DELETE_ON_ERROR:

help:
	@echo "make demo     see the library at work on a real engine"
	@echo "make test     every test, on a real Docker and a real Podman (root; on Debian they are installed)"
	@echo "make matrix   the tests with engines, on those of Debian 12, 13 and unstable: six engines, an hour; or on those"
	@echo "              of some releases alone: make matrix SUITES='bookworm sid'"
	@echo "make check    formatting, lint, types, import rules, generated code is up to date"
	@echo "make codegen  write the generated code anew from spec/"
	@echo "make bench    measure it beside docker-py, podman-py, aiodocker and a raw socket"

demo: .venv/package.stamp
	$(BIN)/python -m examples.demo

# Two at a time, each with engines of its own.
test: .venv/tools.stamp
	$(BIN)/python -m tests.engines.second_look -n 2 --dist loadfile

matrix: .venv/tools.stamp
	$(BIN)/python -m tests.engines.matrix $(SUITES)

check: .venv/tools.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/python -m codegen --check

codegen: .venv/tools.stamp
	$(BIN)/python -m codegen

bench: .venv/tools.stamp .venv/rivals.stamp
	$(BIN)/python -m benchmarks --rivals .venv/rivals/bin/python --growth --json .venv/bench.json $(BENCH)

.venv/rivals.stamp: benchmarks/peers/rivals/requirements.txt .venv/package.stamp
	$(PYTHON) -m venv .venv/rivals
	.venv/rivals/bin/python -m pip install --quiet --requirement benchmarks/peers/rivals/requirements.txt
	@touch $@

.venv/package.stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Wharfinger needs Python 3.11 or newer; $(PYTHON) is %d.%d. Name another one: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/tools.stamp: .venv/package.stamp
	$(BIN)/python -m pip install --quiet --group codegen --group test --group check
	@touch $@
