# Every task a person runs. `make help` lists them.
#
# A fresh machine needs Python 3.11 or newer and GNU make, nothing else: the
# first target that needs the environment makes it.

PYTHON ?= python3
CORPUS ?= ../shared/corpora/kinto
PORT ?= 8000
REPO ?= build/repo
ARGS ?=

UV := uv==0.13.9
BIN := .venv/bin
READY := .venv/.ready
LOCKED := .venv/.locked
PIP := pip install -qq --disable-pip-version-check --no-input
COMPILE := build/lock/venv/bin/uv pip compile --quiet --universal --fork-strategy fewest \
	--python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SILENT:
.PHONY: all html check links test lint kinto bench soak fuzz serve live repo changelog lock clean distclean help

all: html ## What a plain `make` does: the same as `make html`

html: $(READY) ## Prove the documentation against the reference server and build it into build/html
	$(BIN)/honestdocs build $(ARGS)

check: $(READY) ## Check examples, links, spelling and style without building pages; ARGS="--external" and others pass through
	$(BIN)/honestdocs check --with all $(ARGS)

links: $(READY) ## Check the links of the documentation; ARGS=--offline asks nobody and checks those within it
	$(BIN)/honestdocs links $(ARGS)

# Three for two cores, since many a test waits; in the order of the folders, since the files with
# the fewest tests, which come last otherwise, take the longest.
test: $(READY) ## Run the tests on two cores, lint included; ARGS="-k name" and others pass through
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(READY) ## Check format, lint and types
	bad=0; $(BIN)/ruff format --check || bad=1; $(BIN)/ruff check || bad=1; \
		$(BIN)/mypy || bad=1; exit $$bad

# 1 and 3 are what was found out about Kinto's pages, not a fault of ours; 2 is.
kinto: $(READY) build/kinto/venv/.ready ## Run Kinto's own documentation against a real Kinto; CORPUS=DIR says where its pages are
	test -d "$(CORPUS)" || { \
		echo "Kinto's pages are not at $(CORPUS): say where with make kinto CORPUS=DIR" >&2; exit 2; }
	rm -f build/kinto/outcomes.json
	$(BIN)/honestdocs check "$(CORPUS)" --config tests/kinto/honestdocs.toml \
		--json build/kinto/outcomes.json $(ARGS) || [ $$? -eq 1 ] || [ $$? -eq 3 ]
	test -s build/kinto/outcomes.json
	echo "The outcomes are in build/kinto/outcomes.json"

bench: $(READY) build/bench/venv/.ready ## Measure speed, memory and build cost side by side with other tools
	$(BIN)/python tests/bench $(ARGS)

soak: $(READY) ## Hold 200 pages open for 5 minutes while their service flaps; memory and processor are measured
	$(BIN)/python tests/bench/soak.py $(ARGS)

fuzz: $(READY) build/fuzz/venv/.ready ## Send the reference server what Schemathesis makes up, for a minute or two; ARGS=N examples each
	$(BIN)/python tests/fuzz build/fuzz/venv/bin/schemathesis $(ARGS)

serve: $(READY) ## Serve build/html on 127.0.0.1:PORT, alive with the state of the services
	test -f build/html/index.html || $(BIN)/honestdocs build || [ $$? -ne 2 ]
	$(BIN)/honestdocs serve --port $(PORT) $(ARGS)

live: $(READY) ## Serve the pages on 127.0.0.1:PORT; build and prove each one again as it is saved
	$(BIN)/honestdocs live --port $(PORT) $(ARGS)

repo: $(READY) ## Make a hosted Mercurial repository of this tree in build/repo; REPO=DIR puts it elsewhere
	$(BIN)/honestdocs host init "$(REPO)" --from . $(ARGS)

changelog: $(READY) ## Move the fragments of changes/ into the changelog; ARGS=--draft only shows it
	$(BIN)/towncrier build --yes --version "$$($(BIN)/python -c \
		'from importlib.metadata import version; print(version("honestdocs"))')" $(ARGS)

lock: build/lock/venv/.$(UV) ## Write the lock files again from their sources; UPGRADE=1 takes the newest releases
	$(COMPILE) pyproject.toml --all-extras --group test --group lint \
		--group house --group pins -o requirements.lock
	$(COMPILE) tests/kinto/requirements.in -o tests/kinto/requirements.lock
	$(COMPILE) tests/bench/requirements.in -o tests/bench/requirements.lock
	$(COMPILE) tests/fuzz/requirements.in -o tests/fuzz/requirements.lock
	echo "Written: requirements.lock and those of tests/kinto, tests/bench and tests/fuzz"

clean: ## Remove what builds made; keep the environments and the history of outcomes
	if [ -d build ]; then find build -mindepth 1 -maxdepth 1 ! -name kinto ! -name bench ! -name fuzz \
		! -name lock ! -name '*.sqlite*' -exec rm -rf {} +; fi

distclean: ## Remove everything that is not source: build and .venv
	rm -rf build .venv

help: ## Show this list
	awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# The environments. A changed lock makes its environment anew, so that what was
# dropped from the lock is gone from it too.

define fit_python
	command -v "$(PYTHON)" >/dev/null || { \
		echo "There is no $(PYTHON): install Python 3.11 or newer, or name one, as in" >&2; \
		echo "    make PYTHON=python3.12" >&2; exit 2; }
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$("$(PYTHON)" -V 2>&1). Name another, as in" >&2; \
		echo "    make PYTHON=python3.12" >&2; exit 2; }
	"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments: its modules venv and ensurepip are missing." >&2; \
		echo "On Debian and Ubuntu they are the package python3-venv." >&2; exit 2; }
endef

$(READY): $(LOCKED) pyproject.toml
	$(BIN)/$(PIP) --no-deps --no-build-isolation -e .
	touch $@

$(LOCKED): requirements.lock
	$(fit_python)
	echo "Making the environment in .venv (once, about half a minute) ..."
	"$(PYTHON)" -m venv --clear .venv
	$(BIN)/$(PIP) --require-hashes -r $<
	touch $@

build/%/venv/.ready: tests/%/requirements.lock
	$(fit_python)
	echo "Making the environment in build/$*/venv (once) ..."
	"$(PYTHON)" -m venv --clear build/$*/venv
	build/$*/venv/bin/$(PIP) --require-hashes -r $<
	touch $@

build/lock/venv/.$(UV):
	$(fit_python)
	"$(PYTHON)" -m venv --clear build/lock/venv
	build/lock/venv/bin/$(PIP) $(UV)
	touch $@
