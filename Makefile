# One word, one command, the same by hand and in CI. PARAMS and BUILD work with every one of them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
# Compiled modules make each start faster; an environment that forbids them would be paid for on every call.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PARAMS ?= params/pbc-4096.toml
BUILD  ?= build
JOBS   ?= 2
export UV_PYTHON_DOWNLOADS = never

FLAGS  := --params $(PARAMS) --build $(BUILD)
RUN    := $(PY) -m phextpaper $(FLAGS)
LOCK   := requirements/lock.txt
# `make wave 5` is the same as `make wave N=5`
ifeq (wave,$(firstword $(MAKECMDGOALS)))
  WORDS := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
  N ?= $(WORDS)
  ifneq (,$(WORDS))
    $(eval $(WORDS):;@:)
    .PHONY: $(WORDS)
  endif
endif

.PHONY: help all wave check test tex bench measure clean formats serve

help:
	@echo 'make all         build all waves, check every criterion, write the reports'
	@echo 'make wave N=5    build wave 5 and what it needs; make wave 5 is the same'
	@echo 'make check       check the artefacts on disk, build nothing (N=5 for one wave)'
	@echo 'make test        run the test suite'
	@echo 'make tex         install TeX, as root on Debian or Ubuntu; without it the PDF is set by typst'
	@echo 'make bench       compare speed with other libraries, into $(BUILD)/reports/bench.json'
	@echo 'make measure     time lookups on this machine, into reference/measured.toml'
	@echo 'make formats     build, then write the paper as DOCX, EPUB and JATS XML'
	@echo 'make serve       show the site on this computer and build on change'
	@echo 'make clean       remove what was built'
	@echo 'PARAMS=file.toml takes another machine, BUILD=dir another output folder.'

# Set-up happens once, and again when the lock or the package's own description changes.
$(VENV)/.ready: $(LOCK) requirements/uv.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'error: phextpaper needs Python 3.11 or newer; give one as PYTHON=/path/to/python3' >&2; exit 2; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo 'error: python3 cannot make a virtual environment; as root: apt-get install --no-install-recommends python3-venv ca-certificates' >&2; exit 2; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt && \
	 $(VENV)/bin/uv pip sync --quiet --python $(PY) --require-hashes $(LOCK) requirements/uv.txt || \
	 $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

all: $(VENV)/.ready
	@$(RUN) build --jobs $(JOBS)

wave: $(VENV)/.ready
	@test -n "$(N)" || { echo 'error: which wave? make wave N=5' >&2; exit 2; }
	@$(RUN) build --jobs $(JOBS) $(if $(PDF),--pdf $(PDF)) $(N)

check: $(VENV)/.ready
	@$(RUN) check $(N)

# The tests also run a search on a cluster of their own; who only builds the paper does not pay for Dask.
$(VENV)/.cluster: requirements/cluster.txt $(VENV)/.ready
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --require-hashes -r requirements/cluster.txt || \
	 $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/cluster.txt
	@touch $@

# The builder's tests build the project over and over; they run beside all others, and say what they have to say at the end.
APART := tests/press/pipeline
test: $(VENV)/.cluster
	@$(PY) -m ruff check --quiet --no-cache phextpaper waves tests bench
	@$(PY) -m ruff format --quiet --no-cache --check phextpaper waves tests bench
	@$(PY) -m mypy --no-error-summary --cache-dir $(VENV)/.mypy phextpaper waves
ifdef TESTS
	@$(PY) -m pytest -q $(TESTS)
else
	@$(PY) -m pytest -q $(APART) > $(VENV)/.apart.txt 2>&1 & apart=$$!; \
	 $(PY) -m pytest -q --ignore=$(APART); one=$$?; wait $$apart; two=$$?; cat $(VENV)/.apart.txt; test $$one -eq 0 -a $$two -eq 0
endif

# What the paper's LaTeX asks for, and latexmk for who wants to set it by hand. Builds notice by themselves when TeX comes.
TEX_PACKAGES := texlive-publishers texlive-fonts-recommended latexmk
TEX_FILES := IEEEtran.cls IEEEtran.bst booktabs.sty listings.sty t1xtt.tfm
tex:
	@if command -v pdflatex >/dev/null && command -v bibtex >/dev/null && command -v latexmk >/dev/null && test "$$(kpsewhich $(TEX_FILES) 2>/dev/null | wc -l)" -eq $(words $(TEX_FILES)); then \
	  echo 'TeX is here already'; \
	elif ! command -v apt-get >/dev/null; then \
	  echo 'error: there is no apt-get here; install pdfTeX with IEEEtran, booktabs, listings and txfonts by the means of this system' >&2; exit 2; \
	elif test "$$(id -u)" -ne 0; then \
	  echo 'error: TeX is not here, and only root can install it: sudo make tex' >&2; exit 2; \
	else \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(TEX_PACKAGES); \
	fi

# The peers of the comparisons live in a set-up of their own, so that nobody who only builds the paper pays for them.
BENCH := .venv-bench
$(BENCH)/.ready: requirements/bench.txt $(VENV)/.ready
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	@$(VENV)/bin/uv pip sync --quiet --python $(BENCH)/bin/python --require-hashes requirements/bench.txt
	@touch $@

bench: $(BENCH)/.ready
	@$(BENCH)/bin/python -m bench $(BUILD)/reports/bench.json

# Times of this machine, which the paper reports as measured. A build reads the file and never writes it.
measure: $(VENV)/.ready
	@$(RUN) measure

# The paper for offices, readers and archives: DOCX, EPUB, JATS.
formats: all
	@$(RUN) formats

serve: $(VENV)/.ready
	@$(RUN) serve

clean:
	@rm -rf $(BUILD)
