# Speed is shown here, never by a timed test: one table, ours beside the peer or the physical limit of the same run.
.PHONY: bench bench-slots bench-routes sizing
bench: ## prints the benchmark table (orders/s beside pgbench, fact to webhook, hours searched and booked, routes beside their peers, memory and start of each service)
	@scripts/install.sh test
	@$(MAKE) --no-print-directory all $(BUILD)/bench/slots_cost $(BUILD)/bench/offers_cost
	@/usr/bin/python3 tests/bench/bench.py
	@tests/bench/routes.py --short
bench-slots: ## only the hours: 10,000 technicians, 100,000 visits, search and booking over HTTP, cost against size
	@scripts/install.sh test
	@$(MAKE) --no-print-directory all $(BUILD)/bench/slots_cost $(BUILD)/bench/offers_cost
	@/usr/bin/python3 tests/bench/slots.py
bench-routes: ## only the routes: gap to the best known in BUDGETS seconds, days of home assistance; PEERS=1 measures VROOM and PyVRP as well
	@scripts/install.sh build
	@$(MAKE) --no-print-directory $(BUILD)/bin/route
	@tests/bench/routes.py
$(BUILD)/bench/slots_cost: $(call object,tests/bench/slots_cost.c $(call plain,services/matching/domain)) $(PURE)
	@mkdir -p $(@D)
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) -lm
sizing: ## measures memory, CPU, disk and connections into deploy/sizing.json; make docs puts them into deploy/settings.md
	@scripts/install.sh test
	@$(MAKE) --no-print-directory all
	@tests/bench/sizing.py deploy/sizing.json
