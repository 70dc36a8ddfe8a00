# One command each; `make` alone lists them. Everything the targets need beyond Go, a C compiler, Python, Java
# and Node they install themselves, below .cache/.

GO       ?= go
# pebblegozstd: zstd in Go instead of C, 24 s less of a cold build (docs/decisions/pebble.md).
GOFLAGS_ := -tags pebblegozstd

.PHONY: help build demo test check unit wire example bench bench-compaction bench-import bench-page bench-profile bench-sql bench-training bench-verify soak counts fuzz asof meta crash crash-rounds lock-python trino

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/larder
	@scripts/build

demo: build ## see a feature store work, in a minute
	@bin/larder demo

test: ## everything CI runs
	@scripts/test

check: ## gofmt, vet, staticcheck, import rules, unit tests with the race detector
	@scripts/check

unit: ## unit tests alone
	@scripts/unit

wire: build ## the suites that speak to a running server alone
	@scripts/wire

example: build python ## examples/flight_delays on the whole data
	@scripts/example

bench: build ## Larder, physical limits and peers, in under an hour: writes docs/benchmarks.md (BENCH_SMALL=1: some minutes)
	@scripts/bench

bench-compaction: build ## an hour's ingest: files, write amplification; a backfill, without sorted runs and with them
	@scripts/bench-compaction

bench-import: build ## IMPORT_ROWS (100 million) rows and IMPORT_LATE (10 million) late ones: rate, memory, disk
	@scripts/bench-import

bench-profile: ## profiles of the server for each path of the bench, below .cache/profiles (BENCH_ONLY, PROFILES: scripts/bench-profile)
	@scripts/bench-profile

bench-sql: build ## SQL over SQL_ROWS (100 million) rows, beside plain DuckDB on the same files: times, memory
	@scripts/bench-sql

bench-training: build ## training sets beside DuckDB, Polars, pandas and Feast: TRAINING_ROWS (10 million) a group, TRAINING_LABELS (1 million)
	@scripts/bench-training

bench-verify: build ## DATASETS (100) training sets, DATASETS_LATER (10 million) later rows, compaction: all are made again
	@scripts/bench-verify

bench-page: ## docs/benchmarks.md and the figures of README.md anew, from the rows of the last run
	@scripts/bench-page

soak: build ## SOAK (1h) of writes to a real server: files, write amplification, memory, times
	@scripts/soak

counts: build ## SELECT count(*) after each of COUNTS (10000) acknowledged puts under load
	$(GO) test $(GOFLAGS_) -count=1 -v -timeout 2h -run '^TestCountIsNeverShort$$' ./test/soak -args -puts $(or $(COUNTS),10000)

trino: build ## test/trino's statements on a real Trino (300 MB from Maven Central), and Larder's answers beside its
	@scripts/trino

fuzz: ## every fuzzer, FUZZTIME (30s) each
	@scripts/fuzz

asof: ## ASOF (100000) random as-of joins against the oracle
	$(GO) test $(GOFLAGS_) -count=1 -v -timeout 2h -run '^TestJoinIsWhatTheOracleSays$$' ./internal/dataset/asof -args -cases $(or $(ASOF),100000)

meta: build ## META (1000000) random operations against the model, and as many concurrent ones
	@scripts/meta

crash-rounds: build ## 20 rounds of kill -9 under load
	$(GO) test $(GOFLAGS_) -count=1 -timeout 20m ./test/faults -args -rounds 20

crash: ## the power fails at CRASHES (20000) file operations: flush, compaction, import, uploads, deletes
	@scripts/crash

lock-python: ## lock all Python packages anew
	@scripts/lock-python

.PHONY: python clients
python:
	@scripts/python newest

clients: ## set up what the client suites need: Python environments, jars, JavaScript packages
	@scripts/clients
