# The solver as a program of its own: no library but libc, libm and jansson.
$(BUILD)/bin/route: $(call object,$(call plain,tools/route) tools/route/main.c $(call plain,services/routing/solver) $(filter %/arena.c %/text.c,$(call plain,lib/base)))
	@mkdir -p $(@D)
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) -ljansson -lm
$(BUILD)/bench/offers_cost: $(call object,tests/bench/offers_cost.c $(call plain,services/routing/solver) $(filter %/arena.c %/text.c,$(call plain,lib/base)))
	@mkdir -p $(@D)
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) -lm
