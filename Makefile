# `make run` and `make test` are all that a fresh machine needs (Python 3.11+, git, make).
PYTHON ?= python3
UV := .venv/bin/uv
BIN := .venv/bin

# Where pyenv's shims are on the path, uv stops at the first shim whose version is not active: make all of them active.
ifneq ($(wildcard $(PYENV_ROOT)/versions),)
ALL_PYTHONS := PYENV_VERSION=$(shell ls $(PYENV_ROOT)/versions | paste -sd: -)
endif
# Rasa's libraries install from wheels; a cache that is on another disk must not make that loud.
export UV_LINK_MODE ?= copy

.PHONY: run install test check format train tune evaluate compare bench lock hooks clean

run: install ## everything, http://localhost:8000
	@$(BIN)/kaspa run

install: .venv/.app .venv-nlu/.installed

.venv/.uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kaspa needs Python 3.11 or later; this is %d.%d. Set PYTHON=python3.12, say." % sys.version_info[:2])'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.app: .venv/.uv requirements/app.txt pyproject.toml
	@echo "Installing Kaspa…"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/app.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv/.dev: .venv/.app requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

.venv-nlu/.installed: .venv/.uv requirements/nlu.txt
	@echo "Installing Rasa (Python 3.10, about 2 GB, once)…"
	@$(ALL_PYTHONS) $(UV) venv --quiet --clear --python 3.10 .venv-nlu || { echo "Rasa needs Python 3.10, and none was found or could be fetched. Install it (Debian: apt-get install python3.10; or pyenv install 3.10) and run make again."; exit 1; }
	@$(UV) pip install --quiet --python .venv-nlu/bin/python --require-hashes -r requirements/nlu.txt
	@touch $@

train: install
	@$(BIN)/kaspa train

tune: install ## the encoder, when the training data has changed a lot: an hour
	@$(BIN)/kaspa tune

test: install .venv/.dev ## trains the model once, then all tests; understanding may not have become worse
	@$(BIN)/kaspa train
	@$(BIN)/python -m pytest
	@$(BIN)/kaspa evaluate --gate

check: .venv/.dev ## what a person, the commit hook and CI run
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/kaspa check

format: .venv/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

evaluate: install ## the whole report, with Rasa's own judge and cross-validation: half an hour
	@$(BIN)/kaspa evaluate --rasa --folds 3

compare: install ## other pipelines beside ours: an hour
	@$(BIN)/kaspa compare

bench: install .venv/.dev
	@$(BIN)/python -m tests.bench

lock: .venv/.uv ## pin everything again, with hashes
	@$(UV) pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url pyproject.toml -o requirements/app.txt
	@$(UV) pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url pyproject.toml --group dev -o requirements/dev.txt
	@$(UV) pip compile --quiet --upgrade --python-version 3.10 --generate-hashes --no-emit-index-url --group nlu -o requirements/nlu.txt

hooks: ## make check before every commit
	@printf '#!/bin/sh\nexec make check\n' > .git/hooks/pre-commit && chmod +x .git/hooks/pre-commit

clean:
	rm -rf .venv .venv-nlu build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
