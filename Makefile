# What a developer, a newcomer and CI call. `make help` lists it.
SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LINT    := bin/tools/golangci-lint
GOTEST  := bin/tools/testsum

# The pages are one npm workspace; its build puts what Go embeds into the packages that embed it.
WEB         := $(wildcard web/package.json)
WEB_SOURCES := $(shell [ ! -d web ] || find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*')
WEB_STAMP   := $(if $(WEB),bin/.web-built)
npm          = $(if $(WEB),npm --prefix web run --silent $(1))

.PHONY: help setup build run check test bench generate lint vet unit web-test clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what is missing (as root on Debian; elsewhere it is named)
	@scripts/setup.sh

build: $(WEB_STAMP) ## bin/openseat, pages included
	go build -trimpath -ldflags '-X main.version=$(VERSION)' -o bin/openseat ./cmd/openseat

$(WEB_STAMP): $(WEB_SOURCES)
	$(call npm,build)
	@mkdir -p $(@D) && touch $@

run: ## build it and start the demo: a whole contact center with a simulated outside world
	@scripts/setup.sh run
	@$(MAKE) --no-print-directory build
	bin/openseat demo

check: $(WEB_STAMP) vet lint unit web-test ## vet, lint, unit tests: under 90 s

test: ## everything, on real parts: what CI runs
	@scripts/setup.sh
	@$(MAKE) --no-print-directory build
	@scripts/generated.sh
	@$(MAKE) --no-print-directory vet lint web-test
	@$(MAKE) --no-print-directory race

vet:
	go vet ./...

# The linter's cache holds absolute paths, and its exceptions match relative ones: what one clone has cached is wrong in another.
lint: export GOLANGCI_LINT_CACHE := $(CURDIR)/bin/lint-cache
lint:
	$(LINT) run
	$(call npm,lint)

unit: $(GOTEST)
	go test -short -json ./... | $(GOTEST)

.PHONY: race
race: $(GOTEST)
	go test -race -timeout 12m -json ./... | $(GOTEST)

web-test:
	$(call npm,test)

bench: build ## measure, print the table (docs/performance.md keeps one)
	go run ./bench

.PHONY: screenshots
screenshots: ## take the pictures of docs/images/agent
	node web/agent-sdk/scripts/screenshots.mjs

generate: ## rewrite what is generated from api/
	go generate ./...
	$(call npm,generate --if-present)

$(GOTEST): $(wildcard scripts/testsum/*.go)
	@go build -o $@ ./scripts/testsum

clean: ## forget what was built (not what was installed)
	rm -rf bin/openseat bin/.web-built $(GOTEST)
