# The fault run: everything dies while a day is replayed, then is healed, drained and counted. Its binaries are built with
# FAULTS=1, into build/faults, and alone have failpoints and mutants.
CPPFLAGS += $(if $(FAULTS),-DMAJSTER_FAULTS)

$(BUILD)/proxy/chaosproxy: $(call object,tests/faults/proxy.c tests/faults/proxy_links.c)
	@mkdir -p $(@D)
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $^
