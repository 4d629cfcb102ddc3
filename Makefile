# make run    install what Attune needs into .venv, fine-tune the sample, open the window
# make test   the same with the tools of development, then every check and test
# Another Python: make PYTHON=python3.12 run

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test test-long check clean system
.NOTPARALLEL:
.DELETE_ON_ERROR:

run: system .venv/.installed-run
	$(BIN)/attune sample
	@if [ "$$(uname)" = Darwin ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/attune; \
	else echo "There is no display, so the window stays closed."; fi

test: system check
	$(BIN)/pytest

# The tests that take minutes. pytest ends with 5 where it finds none.
test-long: system .venv/.installed-test
	$(BIN)/pytest -m long || [ $$? -eq 5 ]

check: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Leaves .venv, which takes minutes to make.
clean:
	rm -rf build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -path ./.venv -prune -o -name __pycache__ -type d -print | xargs rm -rf

system:
	@$(PYTHON) packaging/system_packages.py

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed-run: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check --editable '.[starters]'
	touch $@

.venv/.installed-test: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check --editable '.[starters,test]'
	touch $@ .venv/.installed-run
