# Two commands: `make run` and `make test`. What they do by hand is in the README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run run-dev test bench bench-hall bench-measures docs check format clean

run: $(VENV)/.runs
	$(BIN)/python -m progressions serve

run-dev: $(VENV)/.runs
	STREAMLIT_SERVER_FILE_WATCHER_TYPE=auto $(BIN)/python -m progressions serve

test: $(VENV)/.tests
	sh tests/prepare.sh
	$(BIN)/python -m pytest -n 2 --dist loadfile

bench: $(VENV)/.tests
	$(BIN)/python -m tests.load.bench_imports --million

bench-hall: $(VENV)/.tests
	$(BIN)/python -m tests.load.hall floor convening

bench-measures: $(VENV)/.tests
	$(BIN)/python -m tests.load.bench_measures

docs: $(VENV)/.made
	$(BIN)/python -m docs.make_measures

check: $(VENV)/.tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.tests
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Progressions needs Python 3.11 or newer; $(PYTHON) is older. Try: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python could not make an environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.runs: $(VENV)/.made requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.tests: $(VENV)/.runs tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
