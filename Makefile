# The commands of this project. Variables go on the line: make demo PORT=8000 RESET=1
PYTHON := .venv/bin/python
WORKERS ?= 2
# The tests start the product two hundred times: none of them compiles it again.
unexport PYTHONDONTWRITEBYTECODE
UV := 0.13.8
COMPILE = .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
	--python-version 3.11 --universal

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types quick e2e bench lock translations runtime dev browser

help: ## Show this list
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /  make \1|/' | \
		awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

# Ends with make however make ends, and ends everything it started.
demo: runtime ## Start everything here (PORT, SANDBOX_PORT, DEMO_PASSWORD, GUICHE_DATA, RESET=1)
	@exec $(PYTHON) -I -S app/die_with_parent.py --parent $$PPID --signal SIGTERM -- \
		$(PYTHON) -m app.demo

test: check browser ## Everything that must pass
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup -m "not serial and not quick"
	$(PYTHON) -m pytest -m serial

check: dev ## Format, lint, types, architecture and the quick tests, in under 30 s
	@$(MAKE) --no-print-directory -j2 types lint quick

lint:
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	.venv/bin/lint-imports

types:
	$(PYTHON) -m mypy

quick:
	$(PYTHON) -m pytest -q -m quick

e2e: dev browser ## The browser tests alone
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup -m browser

bench: dev ## The measurements (PART=pages,staff,live,intake,debts,handouts, WRITE=1)
	$(PYTHON) -m bench

lock: runtime ## Resolve requirements*.in into requirements*.txt, with hashes
	$(PYTHON) -m pip install --quiet --disable-pip-version-check uv==$(UV)
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

translations: dev ## Bring translations/ up to the code, and say what is missing
	$(PYTHON) -m scripts.translations

runtime:
	@sh scripts/environment requirements.txt

dev:
	@sh scripts/environment requirements.txt requirements-dev.txt

browser: dev
	@$(PYTHON) -m tests.browser
