# Every target works from a fresh clone; see CONTRIBUTING.md.
SHELL := /bin/bash
.DEFAULT_GOAL := build
.PHONY: build demo test test-fast test-full samples bench format format-check publish pack

CONFIGURATION := Release
LARDER := artifacts/bin/Larder.Cli/release/larder
RUN_GENERATOR := dotnet run --project samples/ModelGenerator -c $(CONFIGURATION) --

build: ## All projects
	@eng/prerequisites.sh
	@dotnet build Larder.slnx -c $(CONFIGURATION) --nologo -v quiet

demo: ## A sample model served and asked twice; ONCE=1 stops after the table
	@eng/prerequisites.sh
	@dotnet build src/Larder.Cli -c $(CONFIGURATION) --nologo -v quiet
	@$(LARDER) demo $(if $(ONCE),--once)

test: format-check ## All tests, real servers and processes included
	@eng/test.sh

test-fast: ## What needs no server
	@eng/test.sh --fast

test-full: ## All tests, the long campaigns included
	@eng/test.sh --full

samples: ## Writes the sample models again, and the large one of the sample workflow
	@eng/prerequisites.sh
	@$(RUN_GENERATOR) all
	@$(RUN_GENERATOR) workflow

bench: publish ## The numbers of bench/README.md
	@eng/bench.sh

format: ## Formats the code
	@eng/prerequisites.sh
	@dotnet tool restore --verbosity quiet && dotnet csharpier format .

format-check:
	@eng/prerequisites.sh
	@dotnet tool restore --verbosity quiet && dotnet csharpier check . >/dev/null || { echo "The code is not formatted: run 'make format'." >&2; exit 1; }

publish: ## The larder command as one folder, artifacts/larder
	@eng/prerequisites.sh
	@eng/publish.sh

pack: ## The libraries and the command as packages, in artifacts/packages
	@eng/prerequisites.sh
	@eng/pack.sh
