# `make demo` and `make test` do all the set-up there is. Needs Python >= 3.11 and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2

# Tests start many processes: each would compile all that it imports again if none might keep it.
unexport PYTHONDONTWRITEBYTECODE
PYTEST = -m pytest -n $(JOBS) --dist worksteal --durations=15
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1

.PHONY: demo check test fuzz mutate lint docs bench lock wheelhouse clean

demo: .venv/.demo
	$(BIN)/screening demo

# Before each commit: all tests but those in a browser, of the wheel and of the notebooks.
check: lint
	$(BIN)/python $(PYTEST) -m "not browser and not wheel and not notebook" tests

# What a pull request must pass: everything, and the coverage floors.
test: lint
	@bash tests/get-chromium.sh
	rm -f .coverage.*
	$(BIN)/python -W "ignore:Unable to activate pytest" -m slipcover --out .coverage.json $(PYTEST) --nbmake tests notebooks
	$(BIN)/python tests/coverage_floor.py

# Every property with a hundred times as many examples, and new ones on each run, and a million changed
# files put to every loader: for a night.
fuzz: .venv/.test
	$(BIN)/python $(PYTEST) -m property --hypothesis-profile fuzz tests
	$(BIN)/python tools/fuzz.py --inputs 1000000 --seed $${SEED:-$$(date +%s)}

# Small changes of the code, drawn by a seed, that some test must notice: for a night.
mutate: .venv/.test
	$(BIN)/python tools/mutate.py

lint: .venv/.test
	$(BIN)/ruff check screening tests benchmarks docs tools notebooks
	$(BIN)/ruff format --check screening tests benchmarks docs tools notebooks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/screening checklist lint --strict

docs: .venv/.test
	$(BIN)/python docs/generate.py

bench: .venv/.bench
	$(BIN)/python benchmarks/kernel.py
	$(BIN)/python benchmarks/end_to_end.py
	$(BIN)/python benchmarks/frames.py
	$(BIN)/python benchmarks/cold_start.py
	$(BIN)/python benchmarks/ctdc.py
	$(BIN)/python benchmarks/published.py
	$(BIN)/python benchmarks/synth.py
	$(BIN)/python benchmarks/scorecard.py
	$(BIN)/python benchmarks/interview.py
	$(BIN)/python benchmarks/web.py
	$(BIN)/python benchmarks/load.py
	$(BIN)/python benchmarks/casebook.py
	$(BIN)/python benchmarks/worklist.py
	$(BIN)/python benchmarks/casebook_kill.py
	$(BIN)/python benchmarks/calibrate.py

# The committed requirements are hash-pinned. Renew them with `make lock` (needs uv); they name no index.
# Extras stay in the names: with hashes, pip may take an unpinned newer release for a name with an extra.
# A file for each extra that people run; officer.txt is the interview, with pages and letters, without
# what only tables and statistics need (see docs/install.md).
UV ?= uv
LOCK = $(UV) pip compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
  --no-emit-find-links --no-strip-extras --python-version 3.11 pyproject.toml
EXTRAS = web ml trainer cluster casebook
ONLY_TABLES = pandas pyarrow python-dateutil six tzdata openpyxl et-xmlfile

lock:
	$(LOCK) -o requirements/base.txt
	$(LOCK) --extra fast --extra dev -c requirements/base.txt -o requirements/dev.txt
	$(LOCK) --extra fast --extra dev --extra bench -c requirements/dev.txt -o requirements/bench.txt
	for extra in $(EXTRAS); do $(LOCK) --extra $$extra -c requirements/dev.txt -o requirements/$$extra.txt || exit 1; done
	$(LOCK) requirements/officer.in --extra web -c requirements/dev.txt \
	  $(addprefix --no-emit-package ,$(ONLY_TABLES)) -o requirements/officer.txt

# A folder that installs at a station without a network: install.bat or install.sh in it does the rest.
# PLATFORM: win_amd64, manylinux_x86_64, macosx_arm64 or macosx_x86_64. EDITION: officer, or base, web, ...
PLATFORM ?= win_amd64
EDITION ?= officer
wheelhouse: .venv/.test
	$(BIN)/python tools/wheelhouse.py --platform $(PLATFORM) --edition $(EDITION) -o dist/station-$(PLATFORM)

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("screening needs Python 3.11 or later; set PYTHON=python3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/.demo: requirements/base.txt requirements/build.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/build.txt -r requirements/base.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.test: requirements/dev.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ .venv/.demo

.venv/.bench: requirements/bench.txt .venv/.test
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

clean:
	rm -rf .venv dist build .coverage .coverage.* benchmarks/_work
