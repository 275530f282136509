# The fault run: everything dies while a day is replayed, then is healed, drained and counted. Its binaries are built with
# FAULTS=1, into build/faults, and alone have failpoints and mutants.
CPPFLAGS += $(if $(FAULTS),-DMAJSTER_FAULTS)

.PHONY: faults faults-mutants build-faults
faults: build-faults ## replays a day while all that can break is broken, then counts what must hold (SEED=, ONLY=F6, DIR=)
	@scripts/install.sh run
	@scripts/faults $(or $(DIR),$(RUN)/faults)
faults-mutants: build-faults ## switches seven rules off, one a short run: the counts must turn red every time
	@scripts/install.sh run
	@scripts/faults $(or $(DIR),$(RUN)/mutants) --mutants
build-faults: $(BUILD)/proxy/chaosproxy $(BUILD)/proxy/wrong_clock.so all
	@env -u MAKEFLAGS -u MFLAGS $(MAKE) -s FAULTS=1 all

$(BUILD)/proxy/chaosproxy: $(call object,tests/faults/proxy.c tests/faults/proxy_links.c)
	@mkdir -p $(@D)
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $^
# Into one process by LD_PRELOAD.
$(BUILD)/proxy/wrong_clock.so: tests/faults/wrong_clock.c
	@mkdir -p $(@D)
	@echo '  link $@'
	@$(CC) -std=gnu17 -O2 $(WARN) -D_GNU_SOURCE -fPIC -shared -o $@ $<

.PHONY: simulate
simulate: $(BUILD)/simulator/simulator ## all decisions in one process, crashed and reordered: SEED=1 COUNT=625 STEPS=20000
	@$< $(or $(SEED),1) $(or $(COUNT),625) $(or $(STEPS),20000)
tests: $(BUILD)/simulator/simulator $(BUILD)/proxy/chaosproxy $(BUILD)/proxy/wrong_clock.so
$(BUILD)/simulator/simulator: $(call object,$(call plain,tests/simulator)) $(BUILD)/fuzz/decisions.a
	@mkdir -p $(@D)
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(BUILD)/fuzz/decisions.a -lm
