# Two commands for a fresh machine: `make run` starts Quotewire, `make test` runs every check.
PYTHON ?= python3
BIN := .venv/bin

# Kept where the environment says not to (images of containers often do): each process that a test starts would compile all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-postgres coverage audit format pictures links fuzz soak crashes mutants clean

run: .venv/.installed
	$(BIN)/quotewire run

test: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@# The type check runs beside the tests; what it found is told after them. Of the tests, those with a running bot wait
	@# half of their time: three at once keep two cores busy, and what runs long comes in the middle, not at the end.
	@$(BIN)/pyright >.venv/types.txt 2>&1 & checking=$$!; \
	$(BIN)/pytest -n 3 --dist loadscope --no-loadscope-reorder; tests=$$?; \
	wait $$checking; types=$$?; echo "pyright: $$(cat .venv/types.txt)"; \
	exit $$((tests || types))

# All tests once more, each newsroom and each bot on a PostgreSQL that the tests start: what several processes share. And
# those with servers that die or take over, of which `make test` has a few; half an hour.
test-postgres: .venv/.installed-dev
	QUOTEWIRE_DATABASE=1 $(BIN)/pytest -m "" -n 3 --dist loadscope --no-loadscope-reorder

# Which lines and branches the tests reach, those of the processes that they start included; twice the time of `make test`.
coverage: .venv/.installed-dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n 3 --dist loadscope --no-loadscope-reorder
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

# Whether holes are known in what is pinned; asks PyPI, so it needs the network.
audit: .venv/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt pip-audit
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip

format: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The pictures of the README and the gallery, drawn from what the bot really sends; needs Chromium or Chrome.
pictures: .venv/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[pictures]'
	$(BIN)/python docs/pictures.py

# Links that highlight quotes, tried in Chromium and Firefox, as far as they are there; some minutes for each.
links: .venv/.installed
	$(BIN)/python -m benchmarks.links --write docs/links.md

# What strangers write, damaged in every way, thousands of times for each reader; some minutes. FUZZ_EXAMPLES says how often.
fuzz: .venv/.installed-dev
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-2000} $(BIN)/pytest -q -s tests/fuzz
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz.guided --seconds $${FUZZ_SECONDS:-300}

# An hour of mixed work against the bot's own process (MINUTES says how many), with a picture of what grew.
soak: .venv/.installed-dev
	$(BIN)/python -m benchmarks.soak --minutes $${MINUTES:-60}

# The bot's own process killed a hundred times, at any instant of any work (DEATHS says how often); a quarter of an hour.
crashes: .venv/.installed-dev
	$(BIN)/python -m benchmarks.crashes --deaths $${DEATHS:-100} --bag-of-words

# The code that quotes and guards, changed in some two thousand places, one at a time: does a test notice? About an hour.
# MODULES names some of it ("bot.connection.limits*"); what survived is told by `mutmut results`, shown by `mutmut show`.
mutants: .venv/.installed-dev
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[mutation]'
	$(BIN)/python -m mutmut run $${MODULES:+"$$MODULES"}

clean:
	rm -rf .venv .quotewire mutants

# The stamps re-install when a dependency changes, and only then.
.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/.installed-dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,evaluate]'
	touch .venv/.installed $@
