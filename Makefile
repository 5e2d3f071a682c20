# Two commands: `make run` and `make test`. Python 3.11 or newer and make are all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
BUILT := app/static/manifest.json
SOURCES := $(shell find app/assets -type f 2>/dev/null) vite.config.js package-lock.json
CATALOGUES := $(shell find app/translations -name '*.po' 2>/dev/null)

.PHONY: run test test-postgresql setup assets lint lock docs bench faults canary seeded libreoffice messages check clean

run: setup
	APP_ENV=demo $(BIN)/flask --app wsgi serve --demo

test: setup $(STAMPS)/test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# The same tests on PostgreSQL: TEST_POSTGRES_URL names a database from which others may be created.
test-postgresql: setup $(STAMPS)/test
	TEST_DATABASE_URL="$(TEST_POSTGRES_URL)" $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/journeys

setup: $(STAMPS)/runtime $(BUILT) $(STAMPS)/messages

$(STAMPS)/venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv."; exit 1; }
	mkdir -p $(STAMPS)
	touch $@

$(STAMPS)/runtime: requirements.txt $(STAMPS)/venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(STAMPS)/test: tests/requirements.txt $(STAMPS)/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	touch $@

# Node from the machine where it is new enough for the build, else the wheel from the Python registry.
NODE ?= node
ENOUGH := const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b >= 12) || (a == 20 && b >= 19) ? 0 : 1)
ifeq ($(shell $(NODE) -e '$(ENOUGH)' 2>/dev/null && npm --version >/dev/null 2>&1 && echo yes),yes)
NPM := npm
NODE_READY := $(STAMPS)/venv
else
NPM := $(BIN)/python app/assets/build/npm.py
NODE_READY := $(STAMPS)/node
endif

$(STAMPS)/node: app/assets/build/requirements.txt $(STAMPS)/venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r app/assets/build/requirements.txt
	touch $@

node_modules/.package-lock.json: package-lock.json $(NODE_READY)
	$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

$(BUILT): node_modules/.package-lock.json $(SOURCES)
	$(NPM) run --silent build
	touch $@

assets: $(BUILT)

$(STAMPS)/messages: $(CATALOGUES) $(STAMPS)/runtime
	$(BIN)/pybabel --quiet compile --directory app/translations
	touch $@

# Collect new sentences from the source into the catalogue; translate them in app/translations/ja, then `make setup`.
messages: $(STAMPS)/runtime
	$(BIN)/pybabel --quiet extract -F babel.cfg -k _l -k lazy_gettext --no-wrap --sort-output --no-location --omit-header -o $(VENV)/messages.pot app
	$(BIN)/pybabel --quiet update -i $(VENV)/messages.pot -d app/translations --no-wrap --no-fuzzy-matching --ignore-obsolete

lint: $(STAMPS)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app
	$(BIN)/lint-imports --no-cache

docs: setup
	APP_ENV=testing $(BIN)/flask --app wsgi docs

# Everything a change must pass.
check: lint test

# Each page as a multiple of a bare page; see tests/bench/pages.py for its settings.
bench: setup
	$(BIN)/python tests/bench/pages.py

# Long tests of what must never happen: 200 parallel submissions, kill -9 during writes, two editors a thousand times.
faults: setup
	$(BIN)/python -m tests.faults.run

# Every secret text carries a word, everybody asks for everything: who finds whose? (CANARY_SHARE=1: all that can be asked)
canary: setup
	$(BIN)/python -m tests.canary.run

# Faults of authorization, planted one at a time in a copy of the tree: do the tests notice?
seeded: setup
	$(BIN)/python -m tests.seeded.run

# A plan's workbook through LibreOffice and back, many plans: needs soffice (Debian: apt-get install libreoffice-calc).
libreoffice: setup $(STAMPS)/test
	REQUIRE_LIBREOFFICE=1 LIBREOFFICE_PLANS=$${LIBREOFFICE_PLANS:-20} $(BIN)/python -m pytest -q tests/applications/test_workbook_libreoffice.py

# Lock files from pyproject.toml, with hashes.
lock: $(STAMPS)/venv
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" -o requirements.txt
	$(BIN)/uv pip compile -q pyproject.toml --group dev -c requirements.txt --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" -o tests/requirements.txt
	$(BIN)/uv pip compile -q --group node --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" -o app/assets/build/requirements.txt

clean:
	rm -rf $(VENV) node_modules app/static app/fonts instance
