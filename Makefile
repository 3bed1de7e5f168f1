# Every target makes what it needs first. Only Python 3.11 and its packages are needed.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
RUN := $(VENV)/bin/python
ARGS ?=
# A folder of examples/, instead of the configuration in Pulumi.*.yaml: make up EXAMPLE=two-systems
EXAMPLE ?=
# One drill, on one system: make drill SCENARIO=region-loss SYSTEM=web
SCENARIO ?=
SYSTEM ?=
# The same files are run by hundreds of processes: what is compiled is kept, in folders that .gitignore names.
unexport PYTHONDONTWRITEBYTECODE
CONFIG := $(if $(EXAMPLE),--config-file examples/$(EXAMPLE))

.DEFAULT_GOAL := help
.PHONY: help up preview status runbook drill down test lint bench report clean

help:               ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

up: $(READY)        ## Deploy both stacks to an AWS on this machine, under the policy pack
	@$(RUN) -m sandbox up $(CONFIG) $(ARGS)

preview: $(READY)   ## Show what `up` would do
	@$(RUN) -m sandbox preview $(CONFIG) $(ARGS)

status: $(READY)    ## Say what is deployed
	@$(RUN) -m sandbox status $(ARGS)

runbook: $(READY)   ## Print what to look at and what to call to move each deployed system to another region
	@$(RUN) -m sandbox runbook $(ARGS)

down: $(READY)      ## Remove both stacks and stop the AWS
	@$(RUN) -m sandbox down $(ARGS)

test: $(READY)      ## Run all tests; those that need the Pulumi CLI are skipped without it
	$(RUN) -m pytest -n auto --dist loadfile $(ARGS)

lint: $(READY)      ## Check style and types
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

report: $(READY)    ## Write recovery time and data loss as a page, report.html
	@$(RUN) -m sandbox report $(CONFIG) $(ARGS)

drill: $(READY)     ## Lose an instance, a zone, a region, the data, on copies of an AWS of its own, and see that all comes back
	@$(RUN) -m sandbox drill $(CONFIG) $(if $(SCENARIO),--scenario $(SCENARIO)) $(if $(SYSTEM),--system $(SYSTEM)) $(ARGS)

bench: $(READY)     ## Measure against a floor, in one run
	$(RUN) -m benchmarks $(ARGS)

clean:              ## Remove everything that was made here, a running AWS first
	test ! -x $(RUN) || $(RUN) -m sandbox down --engine runner || true
	rm -rf $(VENV) .sandbox

$(READY): requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
