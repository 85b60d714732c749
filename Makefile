# Everything runs in .venv, which is made of the project's own lock.
.DEFAULT_GOAL := help
.PHONY: help demo demo-stop engine browser screenshot test exhaustive quick coverage docs distribution release-check lowest fuzz bench check lint format types imports lock clean

PYTHON ?= python3
PORT ?= 4566
MQTT_PORT ?= 8883
SECONDS ?= 600
ENGINE ?= cdk
KEEP ?=
VENV := .venv
READY := $(VENV)/ready
RELEASE := $(VENV)/release
PULUMI := $(VENV)/bin/pulumi

help: ## Show the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is older than 3.11: set PYTHON to a newer one, such as make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Deploy to the emulator and let three devices try to register; ENGINE=pulumi for Pulumi, KEEP=1 to stay up
	@$(VENV)/bin/python -m workshop.demo --port $(PORT) --mqtt-port $(MQTT_PORT) \
		--engine $(ENGINE) $(if $(KEEP),--keep)

demo-stop: $(READY) ## End the demo that KEEP=1 keeps up
	@$(VENV)/bin/python -m workshop.demo.stop

engine: $(READY) ## Have Pulumi's engine: the one on the PATH, or one built from its Go modules in minutes
	@if command -v pulumi; then :; \
	elif [ -x $(PULUMI) ]; then echo $(PULUMI); \
	elif command -v go >/dev/null; then $(MAKE) --no-print-directory $(PULUMI); \
	else echo "there is no pulumi on the PATH, and no Go to build it with: install one of them"; exit 2; fi

$(PULUMI): engine/go.mod engine/go.sum | $(READY)
	cd engine && version=$$(go list -m -f '{{.Version}}' github.com/pulumi/pulumi/sdk/v3) && go build \
		-ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$${version#v}" \
		-o $(CURDIR)/$@ github.com/pulumi/pulumi/pkg/v3/cmd/pulumi

browser: ## Have chromium, in which tests look at the page of explain
	@command -v chromium || command -v chromium-browser || command -v google-chrome \
		|| { echo "there is no chromium on the PATH: apt-get install chromium, or your system's package of it"; exit 2; }

screenshot: $(READY) browser ## Make docs/explain.png
	@$(VENV)/bin/python -m tests.support.screenshot docs/explain.png

# Where no bytecode is to be written, each of the processes that tests start would compile what it imports.
test: $(READY) ## Run the tests, in about ten minutes on two processors
	PYTHONDONTWRITEBYTECODE= $(VENV)/bin/pytest

exhaustive: $(READY) ## Try all of what the tests try some of: each call cut short, each example on the engine
	PYTHONDONTWRITEBYTECODE= $(VENV)/bin/pytest -m exhaustive

quick: $(READY) ## Run what needs no engine, no emulator and no synthesis, in less than a minute
	PYTHONDONTWRITEBYTECODE= $(VENV)/bin/pytest --quick -n2 --hypothesis-profile=quick -p no:randomly

# What takes minutes while it is measured covers nothing that other tests don't.
NOT_MEASURED := *_orders.py *_storm.py *_fuzzing.py *_benchmarks.py
coverage: $(READY) ## Measure the branch coverage of core, hook and allow list, and hold each above its floor
	$(VENV)/bin/pytest --quick -n2 --hypothesis-profile=quick --hypothesis-seed=0 -p no:randomly \
		$(NOT_MEASURED:%=--ignore-glob='%') --cov --cov-report=
	$(VENV)/bin/pytest -n2 --hypothesis-profile=quick --hypothesis-seed=0 -m 'not slow and not exhaustive' \
		tests/test_cli_devices*.py tests/test_hook_attestation.py tests/test_hook_batches.py \
		--cov --cov-append --cov-report=
	$(VENV)/bin/coverage report --fail-under=97 --include='*/aws_iot/*,*/fleet/*,*/greengrass/*,*/iotda/*,*/panorama/*'
	$(VENV)/bin/coverage report --fail-under=98 --include='*/pre_provisioning_hook/*,*/records/*'
	$(VENV)/bin/coverage report --fail-under=97 --include='*/allow_list/*'

docs: $(READY) ## Build the documentation site, build/site, and run what its pages show
	$(VENV)/bin/python -m documentation.build
	PYTHONDONTWRITEBYTECODE= $(VENV)/bin/pytest -n2 --dist=worksteal -m documentation tests

distribution: $(READY) ## Build what is released, and try it in environments of its own
	PYTHONDONTWRITEBYTECODE= $(VENV)/bin/pytest -n0 -m distribution tests/test_distribution*.py

release-check: $(READY) $(RELEASE)/ready ## Make what a release has, in dist, and check it
	$(VENV)/bin/python -m release.check

$(RELEASE)/ready: release/requirements.lock | $(READY)
	$(VENV)/bin/uv venv --quiet --clear $(RELEASE)
	$(VENV)/bin/uv pip install --quiet --python $(RELEASE)/bin/python --require-hashes --requirement release/requirements.lock
	@touch $@

lowest: $(READY) ## Run the tests with the lowest versions that pyproject.toml allows
	$(VENV)/bin/uv venv --quiet --clear $(VENV)/lowest
	$(VENV)/bin/uv pip install --quiet --python $(VENV)/lowest/bin/python --resolution lowest-direct \
		--editable '.[aws,cdk,cfn-lint,init,iotda,language-server,parquet,pulumi]' --group dev
	@[ ! -x $(PULUMI) ] || ln -f $(PULUMI) $(VENV)/lowest/bin/pulumi
	PYTHONDONTWRITEBYTECODE= $(VENV)/lowest/bin/pytest

fuzz: $(READY) ## Fuzz each target for SECONDS=600, then run the property tests with 20,000 examples each
	@for target in parsing evaluating hook rows lint fixing explaining; do \
		echo "$$target: $(SECONDS) seconds"; \
		$(VENV)/bin/python -m tests.support.fuzz $$target --seconds $(SECONDS) || exit; \
	done
	$(VENV)/bin/pytest --hypothesis-profile=long --timeout=0 tests/test_*_any_*.py

bench: $(READY) ## Measure, and write benchmarks/results.json and docs/benchmarks.md; NAMES=simulate for some
	$(VENV)/bin/python -m benchmarks.run $(NAMES)

check: lint types imports test coverage ## Run what a change has to pass at once; .ci/run is all of it

lint: $(READY) ## Check style
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check

format: $(READY) ## Put the code into style
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

types: $(READY) ## Check types
	$(VENV)/bin/mypy
	$(VENV)/bin/pyright

imports: $(READY) ## Check who imports whom
	$(VENV)/bin/lint-imports --no-cache

LOCK := $(VENV)/bin/uv pip compile --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet
lock: $(READY) ## Lock the newest versions that pyproject.toml allows
	$(LOCK) pyproject.toml --all-extras --group dev --output-file requirements.lock
	$(LOCK) --group release --output-file release/requirements.lock

clean: ## Remove what was made
	rm -rf $(VENV) cdk.out
