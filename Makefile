# Beside's own commands. `make` alone lists them.

PYTHON ?=
# More than there are cores: many tests wait for a clock, a retry or a browser.
WORKERS ?= 4
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
TESTS := $(VENV)/.tests
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 --dist worksteal
SOURCES := bot adapters migrations tests $(wildcard benchmarks)
# What was compiled is kept, whatever the environment says: a run starts many Pythons.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup setup-browser run test test-teams-client lint check format gallery faults older bench wheel lock clean

help: ## List what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNS) ## Open the playground in the browser, without any account (http://127.0.0.1:8080)
	@exec $(BIN)/python -m bot serve $(ARGS)

setup: $(TESTS) ## Make .venv with everything that work on Beside needs (PYTHON=… picks the Python)
	@:

test: lint setup-browser ## Everything a change must pass: check, then all tests that take seconds (ARGS="-k coteach")
	$(PYTEST) -m "not slow" $(ARGS)

# A tool of Microsoft's for development, under its own terms: installed for the run, in a network without a way out.
PLAYGROUND := $(VENV)/agents-playground
test-teams-client: setup setup-browser ## Microsoft's Agents Playground against Beside, by hand (needs npm; ARGS="--shots FOLDER")
	npm install --prefix $(PLAYGROUND) --ignore-scripts --no-audit --no-fund --silent @microsoft/m365agentsplayground@0.2.28
	unshare -rn sh -c 'ip link set lo up && exec $(BIN)/python -m tests.fakes.teams.client \
		$(PLAYGROUND)/node_modules/@microsoft/m365agentsplayground/cli.js $(ARGS)'

check: lint ## Lint, format, types, import contracts, and the tests of the house itself
	$(BIN)/python -m pytest -q tests/house

format: setup ## Put the code in its usual form
	$(BIN)/ruff check --fix-only --exit-zero $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

gallery: setup ## Collect every card from the dialogs, and draw it again for every platform (tests/contract)
	$(BIN)/python -m tests.contract

faults: setup ## The tests that take minutes: kills, cuts, floods
	@$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 -m slow $(ARGS); code=$$?; \
	[ $$code -ne 5 ] || { echo "No test is marked slow yet."; exit 0; }; exit $$code

older: setup ## An older revision's store on today's form of the database: REV=… (ARGS="-n 2")
	$(BIN)/python -m tests.store.older $(REV) $(ARGS)

bench: setup ## Figures beside those of others, in one run
	@[ -f benchmarks/__main__.py ] || { echo "There is nothing in benchmarks/ to run yet."; exit 1; }
	$(BIN)/python -m benchmarks $(ARGS)

wheel: setup ## Build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel -d dist

lock: setup ## Write requirements/ again from pyproject.toml
	$(COMPILE) $(UPGRADE) pyproject.toml -o requirements/run.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt
	$(COMPILE) --group build -c requirements/dev.txt -o requirements/build.txt

clean: ## Remove what was built and cached, and .venv; what people wrote stays
	rm -rf $(VENV) dist build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

lint: setup
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# One environment serves all. What only runs Beside installs less, and what tests it has the rest already.

$(RUNS): requirements/run.txt | $(BIN)/python
	$(PIP) --require-hashes -r requirements/run.txt
	@touch $@

$(TESTS): requirements/dev.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/dev.txt
	$(PIP) --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $(RUNS) $@

# A Python that is named may still not run (pyenv's do that), so each is asked for its version.
$(BIN)/python:
	@fits='import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 14))'; \
	for one in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
		"$$one" -c "$$fits" >/dev/null 2>&1 && { python=$$one; break; }; \
	done; \
	if [ -z "$${python:-}" ]; then \
		echo "Beside needs Python 3.11, 3.12 or 3.13, and found none that runs (looked for $(or $(PYTHON),python3)):" \
			"install one (Debian: apt-get install python3 python3-venv), or name one with PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		echo "$$python can't make environments: install its venv (Debian: apt-get install python3-venv)" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" -V)"; \
	"$$python" -m venv --clear $(VENV)

setup-browser: ## Find Chromium for the tests of the page, or install it
	@for one in $${CHROMIUM:-chromium chromium-browser google-chrome}; do \
		command -v "$$one" >/dev/null && exit 0; \
	done; \
	[ -z "$${CHROMIUM:-}" ] || { echo "CHROMIUM is $$CHROMIUM, and there is no such program." >&2; exit 1; }; \
	if command -v apt-get >/dev/null; then \
		if [ "$$(id -u)" = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as="sudo -n"; else as=no; fi; \
		if [ "$$as" != no ]; then \
			echo "Installing Chromium for the tests of the page"; \
			$$as apt-get update -q && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium && exit 0; \
		fi; \
	fi; \
	echo "The tests of the page need Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM to it." >&2; \
	exit 1
