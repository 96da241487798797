# make demo      builds the graph of corpus/ into graph/, asks it three questions, and says where the page is
# make test      installs what the tests need and runs them all
# make docs      builds the documentation site in build/docs
# make quality   writes tests/quality.md anew
# make bench     runs the benchmarks (some hours), writes tests/benchmarks/results.md anew
# make ontology-docs   makes a page of the ontology, dist/ontology.html
# make clean     removes what the others made

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
KG     := $(BIN)/kg

# With LOCK=.ci/requirements.txt every package is of the version and hash that stand there (Linux x86-64, Python 3.11), those for tests
# and for building included; nothing else is then fetched.
ifdef LOCK
INSTALL      := $(BIN)/python -m pip install --quiet --require-hashes -r $(LOCK) && \
                $(BIN)/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
INSTALL_TEST := $(BIN)/python -m pip check
else
INSTALL      := $(BIN)/python -m pip install --quiet --editable .
INSTALL_TEST := $(BIN)/python -m pip install --quiet --editable '.[test]'
endif

.PHONY: demo test docs quality bench ontology-docs clean

demo: $(VENV)/.ready
	$(KG) build corpus -g graph || test $$? -eq 1
	@echo
	@echo '== Who led Gwent Police on 20 March 2024?'
	$(KG) query who-led -g graph --force "Gwent Police" --on 2024-03-20 --format table
	@echo '== Which officers of Essex Police stand accused, and what came of it?'
	$(KG) query officers-charged -g graph --force "Essex Police" --format table
	@echo '== What did reviews of Merseyside Police find?'
	$(KG) query reviews-of -g graph --force "Merseyside Police" --format table
	@echo
	@echo 'The graph: graph/graph.ttl'
	@echo 'The page:  graph/graph.html (open it in a browser; it needs no network)'
	@echo 'More:      $(KG) query --list'

test: $(VENV)/.ready-test
	.ci/system-packages
	$(BIN)/ruff check .
	$(BIN)/python -m pytest

docs: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	$(BIN)/mkdocs build --strict --quiet --config-file .docs/mkdocs.yml
	@echo 'The documentation: build/docs/index.html (its search needs a server: python3 -m http.server -d build/docs)'

quality: $(VENV)/.ready-test
	$(BIN)/python -m tests.quality

bench: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks

ontology-docs: $(VENV)/.ready-test
	mkdir -p dist
	$(BIN)/pylode --sort --outputfile dist/ontology.html ontology/kg.ttl
	@echo 'The ontology: dist/ontology.html'

$(VENV)/.ready: pyproject.toml .ci/make-venv
	PYTHON=$(PYTHON) .ci/make-venv $(VENV)
	$(INSTALL)
	touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	$(INSTALL_TEST)
	touch $@

clean:
	rm -rf $(VENV) graph build
