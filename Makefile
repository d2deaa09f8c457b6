# The same commands that CI and the README use.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CORPUS ?= amazon-applied-scientist
PORT ?= 8000
export BRAIN_HOME ?= $(CURDIR)/.data

.DEFAULT_GOAL := help
.PHONY: help setup run ingest serve crawl-demo test check format bench soak lock clean

help: ## Show what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed; set PYTHON=…'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -c 'import bm25s, chromadb, fastapi, llama_index.core, onnxruntime, tokenizers, trafilatura'
	@touch $@

setup: $(STAMP) ## Make the virtual environment from the hashed lock file

ingest: $(STAMP)
	$(BIN)/ingest run $(CORPUS) $(if $(LIVE),,--offline)

run: ingest ## Ingest the flagship, start the service, ask it over REST, print the set, stop (LIVE=1 fetches live pages)
	$(BIN)/brain demo $(CORPUS)

serve: ingest ## The same set-up, then keep the service on 127.0.0.1:8000 until Ctrl-C
	$(BIN)/brain serve --port $(PORT)

crawl-demo: $(STAMP) ## Crawl the small web site of tests/site on loopback and show what came from where
	$(BIN)/python -m tests.site.crawl_demo

test: $(STAMP) ## Run every test
	$(BIN)/python -m pytest

check: $(STAMP) ## Format, lint, types, import contracts, data files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/ingest check

format: $(STAMP) ## Format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## Benchmarks: ratios against bare baselines, in one run
	$(BIN)/python -m tests.bench.run

soak: $(STAMP) ## Kill runs at random moments and read 10,000 mutated inputs
	$(BIN)/python -m tests.soak

lock: $(STAMP) ## Resolve the lock file again (hashes, no addresses)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --excludes requirements/excluded.txt \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header $(if $(UPGRADE),--upgrade) \
	  pyproject.toml --group dev requirements/weights.in -o requirements/lock.txt

clean: ## Remove the virtual environment and the local data
	rm -rf $(VENV) .data build dist
