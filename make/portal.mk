# Portal's templates, styles and scripts go into its binary.
PORTAL_FILES := $(sort $(wildcard services/portal/templates/*.html services/portal/static/*))

$(BUILD)/gen/services/portal/embedded.c: $(PORTAL_FILES) scripts/embed.awk
	@mkdir -p $(@D)
	@sha256sum $(PORTAL_FILES) | awk -v strip=services/portal/ -v header=services/portal/embedded.h -f scripts/embed.awk > $@
$(BUILD)/bin/portal $(BUILD)/test/services-portal: $(BUILD)/gen/services/portal/embedded.o
