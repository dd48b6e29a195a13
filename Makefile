.DEFAULT_GOAL := help
OUT := $(CURDIR)/.ci/out
MODULES := . store/sqlite examples benchmarks
LINT := $(OUT)/golangci-lint

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

test: ## run every test of every module, as the README does
	go test work

race: ## the same with the race detector, in random order
	go test -race -timeout 40m -shuffle=on -count=1 work

lint: $(LINT) ## golangci-lint over every module, at the version pinned in tools/go.mod
	@set -e; for m in $(MODULES); do echo "lint $$m"; (cd $$m && $(LINT) run --config $(CURDIR)/.golangci.yml ./...); done

$(LINT): tools/go.mod
	cd tools && GOWORK=off go build -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

fmt: $(LINT) ## format
	@set -e; for m in $(MODULES); do (cd $$m && $(LINT) fmt --config $(CURDIR)/.golangci.yml ./...); done

modules: ## build, vet, test and tidy each module by itself, without the workspace
	@set -e; for m in $(MODULES); do echo "module $$m"; \
	  (cd $$m && GOWORK=off go mod tidy -diff && GOWORK=off go vet ./... && GOWORK=off go test ./...); done

quickstart: ## the whole sync against fakes, then again with a kill in the middle
	go run ./examples/quickstart
	go run ./examples/quickstart -kill

kills: ## examples/sync killed 200 times against fakes in other processes
	go test ./examples/sync -run TestKilled -kills 200 -v -count=1 -timeout 60m

mutants: ## the engine broken in every way of docs/testing.md, each to be found
	go test ./internal/sim -run TestMutants -v -count=1 -timeout 60m -args -mutants

seeds: ## the simulator with SEEDS seeds a scenario (default 100000)
	go test ./internal/sim -run TestSchedules -v -count=1 -timeout 24h -args -seeds $${SEEDS:-100000}

killmatrix: ## KILLS processes killed around SQLite (default 10000)
	cd store/sqlite && go test ./killmatrix -run TestKillMatrix -v -count=1 -timeout 24h -args -kills $${KILLS:-10000} | grep -v -e '^=== ' -e '^    --- '

doubles: ## WRITES writes a case to a QuickBooks that does not answer a fifth of them (default 100000)
	go test ./connectors/quickbooks -run TestNoDoubles -v -count=1 -timeout 24h -args -writes $${WRITES:-100000} | grep -e '| ' -e '^---' -e FAIL

reading: ## busy shops of 10,000 records read with SEEDS seeds (default 20)
	go test ./connectors/woocommerce -run TestReadingABusyShop -v -count=1 -timeout 6h -args -seeds $${SEEDS:-20} | grep -e '| ' -e '^---' -e FAIL

docs: ## write the tables of docs/testing.md and docs/quickbooks.md anew
	UPDATE_DOCS=1 go test -p 1 -count=1 -run 'TestMutantTable|TestTables?$$|TestComplete|TestEveryCode$$' ./internal/sim ./internal/badinput ./store/storetest ./connectors/connectortest ./connectors/quickbooks

bench: ## the library against the alternatives, in one run (docs/performance.md)
	cd benchmarks && go test -run TestPipelining -v -count=1 . | grep '|'
	cd benchmarks && go test -run '^$$' -bench 'Process|Paginator' -benchmem -count=10 .
	cd benchmarks && go test -run '^$$' -bench 'Engine|StoreAlone|Loopback' -benchmem .
	go test -run '^$$' -bench PageOfOrders -benchmem -count=6 ./connectors/woocommerce

rotations: ## two processes over one file, their tokens expired ROTATIONS times (default 1000)
	go test ./examples/internal/connection -run TestProcessesRotate -v -count=1 -timeout 60m -args -rotations $${ROTATIONS:-1000} | grep -v "^==="

throughput: ## writes into QuickBooks at its limits, on a virtual clock and over loopback
	go test ./connectors/quickbooks -run TestThroughput -v -count=1 -timeout 30m -args -minutes 10 -loopback | grep -e '| ' -e '^---' -e FAIL

million: ## a million records into SQLite, and what the process holds
	cd benchmarks && go test -run TestMemoryStaysFlat -v -count=1 -timeout 1h . -args -records 1000000

fuzz: ## every fuzz target for a while (FUZZTIME, default 60s)
	@set -e; for m in $(MODULES); do (cd $$m; for p in $$(go list ./...); do \
	  for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
	    go test -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-60s} -fuzzminimizetime 5s $$p; done; done); done

ci: ## all that CI runs
	.ci/run

.PHONY: help test race lint fmt modules quickstart kills mutants seeds killmatrix doubles reading docs bench rotations throughput million fuzz ci
