# What is tested, and by whom: rooms in C, stores, services, stories, pages and parts by pytest, all but the parts again under sanitizers.
FUZZ := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_BINARIES := $(FUZZ:%=$(BUILD)/fuzz/%)

.PHONY: test tests quick fuzz promises drill-alarms
test: ## everything, from nothing: rooms, stores, services, stories, pages, parts, city, corpora, and all of ours again under sanitizers
	@scripts/install.sh test
	@$(MAKE) --no-print-directory all tests
	@$(MAKE) --no-print-directory FAULTS=1 all
	@$(MAKE) --no-print-directory SAN=address,undefined all tests
	@scripts/test-all
tests: $(TEST_BINARIES) $(FUZZ_BINARIES)
quick: ## what changed since the last commit: built, checked, and the tests of its rooms
	+@scripts/test-quick
promises: ## promised hours under kills, races and absences, at full count, each with what it found (SEED=1, ONLY=hour): docs/promises.md
	@scripts/install.sh test
	@env -u MAKEFLAGS -u MFLAGS $(MAKE) -s all
	@env -u MAKEFLAGS -u MFLAGS $(MAKE) -s FAULTS=1 all
	@PROMISES=full SEED=$(or $(SEED),1) /usr/bin/python3 -m pytest -q -s -p no:cacheprovider $(if $(ONLY),-k '$(ONLY)') tests/promises
drill-alarms: ## causes what the alarms are for, on a suite that Prometheus watches, and mends it as the runbooks say: ten minutes
	@scripts/install.sh test
	@env -u MAKEFLAGS -u MFLAGS $(MAKE) -s all
	@scripts/drill-alarms
fuzz: ## SECONDS_EACH=60 of new inputs for every fuzz target, with clang; what breaks one stays in build/fuzzing
	+@scripts/fuzz $(FUZZ)

# A target may use the decisions of any service, and what reads outside bytes beside them, and plans it; the archive gives each what it names.
READERS := services/notifications/webhook_signature.c services/intake/mail_text.c services/workforce/recurrence.c
PROBLEMS := $(call plain,tools/route) $(call plain,services/routing/solver)
$(BUILD)/fuzz/decisions.a: $(PURE) $(call object,$(READERS) $(PROBLEMS) $(foreach service,$(SERVICES),$(call plain,services/$(service)/domain)))
	@mkdir -p $(@D)
	@rm -f $@
	@ar rcs $@ $^
define fuzz_rule
$(BUILD)/fuzz/$(1): $(BUILD)/obj/tests/fuzz/$(1)_fuzz.o $(BUILD)/obj/tests/fuzz/replay.o $$(SHELL_OBJECTS) $$(TEST_PB_SOURCES:%.c=%.o) $(BUILD)/fuzz/decisions.a
	@mkdir -p $$(@D)
	@echo '  link $$@'
	@$$(CC) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $(BUILD)/fuzz/decisions.a $$(LDLIBS)
endef
$(foreach name,$(FUZZ),$(eval $(call fuzz_rule,$(name))))
