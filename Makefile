# make demo              both demo models explained, in JupyterLab; without a display, in one HTML file
# make demo HEADLESS=1   the HTML file in any case
# make test              everything that has to pass
PYTHON ?= python3
BIN := .venv/bin
STATIC := tam_widgets/views/static
MODEL_TESTS := tests/models tests/capture/test_explainer.py tests/capture/test_given_answers.py \
  tests/capture/test_conversation.py tests/capture/inputs tests/demo/test_models.py

# as many processes as CPUs, up to four; each is given whole files
PYTEST = $(BIN)/python -m pytest -q -n logical --maxprocesses 4 \
  --dist loadfile --no-loadscope-reorder

# what .venv brings (Node where the machine has none) comes first
export PATH := $(CURDIR)/$(BIN):$(PATH)
# tests start dozens of Pythons: let only the first compile a module
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint python front-end browser notebooks hosts site release-check clean
.DELETE_ON_ERROR:

demo: .venv/.installed-jupyter
	@$(BIN)/python -m tam_widgets.cli demo $(if $(filter-out 0,$(HEADLESS)),--html tam-demo.html)

test: lint front-end python

lint: .venv/.installed-test
	@echo "== lint"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

front-end: .venv/.installed-test js/node_modules/.package-lock.json browser
	@echo "== front end"
	@cd js && npm run --silent check && npm run --silent test && npm run --silent build
	@git diff --exit-code --stat -- $(STATIC) || { \
	  echo "make: $(STATIC) is not what js/ builds: commit the rebuilt files"; exit 1; }

python: .venv/.installed-test browser
	@echo "== Python, notebooks, browser"
	@$(PYTEST)
	@echo "== models, with the oldest transformers that is supported"
	@PYTHONPATH=$(BIN)/../transformers-oldest $(PYTEST) $(MODEL_TESTS)

browser: .venv/.installed-test
	@$(BIN)/python scripts/setup_browser.py >/dev/null

# run the shipped notebooks again and store their outputs and widget state
notebooks: .venv/.installed-test
	@$(BIN)/python scripts/execute_notebooks.py

# try the views in every host that docs/hosts.md tells of, or in some: make hosts HOST="panel shiny"
hosts: .venv/hosts/.installed browser
	@.venv/hosts/bin/python -m scripts.hosts $(HOST)

# the documentation as pages that work from disk: docs/_build/site/index.html
site: .venv/.installed-docs
	@$(BIN)/python -m sphinx -q -W --keep-going docs docs/_build/site
	@echo "docs/_build/site/index.html"

.venv/hosts/.installed: scripts/hosts/requirements.txt scripts/hosts/samples.py .venv/.installed-test
	@echo "setup: installing the hosts (minutes, the first time)"
	@$(BIN)/python -m venv .venv/hosts
	@.venv/hosts/bin/python -m pip install -q --disable-pip-version-check -r $<
	@rm -rf .venv/hosts/samples
	@$(BIN)/python -m scripts.hosts.samples .venv/hosts/samples
	@touch $@

# all that can be checked before a release: make release-check, or make release-check TAG=v0.2.0
release-check: .venv/release/.installed
	@.venv/release/bin/python -m scripts.check_release $(if $(TAG),--tag $(TAG))

.venv/release/.installed: .venv/.installed-test
	@$(BIN)/python -m venv .venv/release
	@.venv/release/bin/python -m pip install -q --disable-pip-version-check build hatchling twine
	@touch $@

clean:
	rm -rf .venv js/node_modules docs/_build dist tam-demo tam-demo.html

.venv/.installed-%: pyproject.toml constraints.txt scripts/setup_env.py
	@$(PYTHON) scripts/setup_env.py $*
	@touch $@

js/node_modules/.package-lock.json: js/package.json js/package-lock.json .venv/.installed-test
	@echo "setup: installing the front end's packages"
	@cd js && npm ci --silent --no-audit --no-fund
	@touch $@
