# Speed is shown here, never by a timed test: one table, ours beside the peer or the physical limit of the same run.
.PHONY: bench sizing
bench: ## prints the benchmark table (orders/s beside pgbench, fact to webhook, memory and start of each service)
	@scripts/install.sh test
	@$(MAKE) --no-print-directory all
	@/usr/bin/python3 tests/bench/bench.py
sizing: ## measures memory, CPU, disk and connections into deploy/sizing.json; make docs puts them into deploy/settings.md
	@scripts/install.sh test
	@$(MAKE) --no-print-directory all
	@tests/bench/sizing.py deploy/sizing.json
