# Needs Python 3.11 or newer, pip and make. Everything else is set up here, inside this folder.
#   make report    a report of the made-up firm Alder IT; prints where it is
#   make test      every test but the long proofs
CLIENT ?= data/sample/alder-it
JOBS   ?= 2
PYTHON ?= python3

RUN    := .venv/bin/python
# The uv that is installed, else our own from PyPI.
UV     := $(or $(wildcard .uv/bin/uv),$(shell command -v uv 2>/dev/null),.uv/bin/uv)

# Python is never fetched by uv, and certificates are the machine's own.
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1
export PIP_ROOT_USER_ACTION := ignore
unexport VIRTUAL_ENV

.DEFAULT_GOAL := report
.PHONY: report test proof truth setup check format-check lint types stripped fmt browser \
  samples pictures clean

report: setup
	@$(RUN) -m servicegap report $(CLIENT)

# A later -m takes the place of the one in pyproject.toml, with which plain `pytest` stays quick.
test: check browser
	@$(RUN) -m pytest -m "not proof" -n $(JOBS) --dist loadfile --no-loadscope-reorder -rs --durations=15

# The bench comes last: it fails where a target is missed, and one is (METHODS says which).
proof: setup browser
	@$(RUN) -m pytest -m proof -rs
	@$(RUN) -m benchmarks.truth

truth: setup
	@$(RUN) -m benchmarks.truth

# No stamp file: where nothing has changed, uv says so in a tenth of a second.
setup: .uv-there
	@test -d .venv || { new=--compile-bytecode; \
	  echo "Setting up the environment in .venv, once; this takes a minute or so." >&2; }; \
	$(UV) sync --locked --quiet $$new

.PHONY: .uv-there
.uv-there:
	@command -v $(UV) >/dev/null || { \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; if it has another name: make PYTHON=python3.12")' && \
	  $(PYTHON) -m pip install --quiet --disable-pip-version-check --target .uv uv; }

check: format-check lint types stripped

format-check: setup
	@$(RUN) -m ruff format --check .

lint: setup
	@$(RUN) -m ruff check .

types: setup
	@$(RUN) -m mypy

stripped: setup
	@$(RUN) -m nbstripout --keep-id --verify notebooks/*.ipynb trainer/*.ipynb

fmt: setup
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m nbstripout --keep-id notebooks/*.ipynb trainer/*.ipynb

# The made-up firms, from their parameters.
samples: setup
	@for firm in alder-it birch-support cedar-desk; do \
	  $(RUN) -c "from servicegap.simulate import make, write; write(make('$$firm'), 'data/sample/$$firm')"; done

# The pictures of the README and of METHODS: the top of a report, a session in JupyterLab after the
# reveal, and every mark of the charts.
pictures: setup browser
	@$(RUN) docs/marks.py
	@page=$$($(RUN) -m servicegap report $(CLIENT) --formats html --out build/pictures | tail -n 1); \
	test -f "$$page" && chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1100,2150 \
	  --screenshot=docs/images/report.png "file://$$(realpath "$$page")" 2>/dev/null
	@SERVICEGAP_SCREENSHOTS=1 $(RUN) -m pytest tests/browser -m browser -k "first_page and 01"

# Browser tests use the system's Chromium, looks at PDFs use poppler. Both are fetched where that
# is possible; elsewhere the tests that need them are skipped and say so.
browser:
	@command -v chromium >/dev/null && command -v pdftoppm >/dev/null || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium poppler-utils >/dev/null; } || \
	  echo "No Chromium or no poppler: tests that need them are skipped." >&2

clean:
	rm -rf .venv .uv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
