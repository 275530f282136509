# What must hold of every line before any of it runs. A file is looked at again when it, or what it includes, has changed.
HEADERS := $(shell find lib services tools tests -name '*.h' 2>/dev/null | sort)
PURE_SOURCES := $(foreach source,$(filter-out %_test.c,$(SOURCES)),\
	$(if $(call is_pure,$(patsubst %/,%,$(dir $(source)))),$(filter-out lib/base/%,$(source))))
TIDY_FLAGS = $(filter-out -MMD -MP,$(CPPFLAGS)) -std=gnu17 $(WARN)
# A table of rows is as long as the rule has cases; what a test does wrong, its run under sanitizers shows; two draws of
# chance look the same and differ; the same bytes are compared as bytes.
TIDY_TESTS := --checks=-readability-function-size,-readability-function-cognitive-complexity,-clang-analyzer-*,-misc-redundant-expression,-bugprone-suspicious-memory-comparison,-cert-exp42-c,-cert-flp37-c

CHECKS := format words headers layers purity failpoints proto alerts tidy includes docs
.PHONY: check $(CHECKS:%=check-%) format release-proto docs
check: $(CHECKS:%=check-%) ## format, words, headers, layers, purity, failpoints, proto, alerts, tidy, includes, stale docs

check-format:
	@clang-format-14 --dry-run -Werror $(SOURCES) $(HEADERS) 2>&1 | awk -F: \
		'/ error: / && !seen[$$1]++ { print "check-format: " $$1 ":" $$2 ": make format writes it right" } END { exit NR > 0 }'
	@echo 'check-format: $(words $(SOURCES) $(HEADERS)) files'
check-words:
	@scripts/check-words
check-headers: $(HEADERS:%=$(BUILD)/header/%)
	@echo 'check-headers: $(words $(HEADERS)) stand alone'
check-layers: $(call object,$(SOURCES))
	@scripts/check-layers $(BUILD) $(SOURCES)
check-purity: $(PURE_SOURCES:%.c=$(BUILD)/pure/%.o) $(call object,$(call plain,lib/base))
	@scripts/check-purity $(BUILD) $(PURE_SOURCES)
check-failpoints: all
	@scripts/check-failpoints $(SERVICES:%=$(BUILD)/bin/%)
check-proto:
	@scripts/check-proto check $(BUILD)
check-alerts:
	@scripts/check-alerts
	@scripts/make-dashboards check
check-tidy: $(SOURCES:%.c=$(BUILD)/tidy/%)
	@echo 'check-tidy: $(words $(SOURCES)) files'
check-includes: $(SOURCES:%.c=$(BUILD)/includes/%)
	@echo 'check-includes: $(words $(SOURCES)) files'
check-docs: all
	@scripts/make-docs check $(BUILD)/bin

format: ## writes every file as .clang-format wants it
	@clang-format-14 -i $(SOURCES) $(HEADERS)
release-proto: ## proto/released.binpb, what later protos must not break
	@scripts/check-proto release $(BUILD)
docs: all ## docs/events.md, deploy/settings.md and the README's made parts
	@scripts/make-docs write $(BUILD)/bin

# The object stands for the source and all that it includes.
$(BUILD)/tidy/%: $(BUILD)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	@echo '  tidy $*.c'
	@clang-tidy-14 --quiet $(if $(filter %_test,$*),$(TIDY_TESTS)) $*.c -- $(TIDY_FLAGS) 2>$@.said || \
		{ grep -v 'warnings generated\|^Suppressed\|^Use -header' $@.said; exit 1; }
	@rm -f $@.said
	@touch $@
# Only what a .c includes for nothing; docs/decisions/0007 says why no more.
$(BUILD)/includes/%: $(BUILD)/obj/%.o make/iwyu.imp
	@mkdir -p $(@D)
	@iwyu -Xiwyu --no_comments -Xiwyu --no_fwd_decls -Xiwyu --mapping_file=make/iwyu.imp $(TIDY_FLAGS) -w $*.c 2>&1 | awk -v source=$*.c \
		'/ should remove these lines:$$/ { file = $$1 } /^$$/ { file = "" } / error: / { print; bad = 1 } \
		file == source && /^- #include/ { print "check-includes: " file ": nothing needs " $$3; bad = 1 } END { exit bad }'
	@touch $@
$(BUILD)/header/%: % | $(GENERATED)
	@mkdir -p $(@D)
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) -MMD -MP -MF $@.d -MT $@ -std=gnu17 $(WARN) -Wno-unused-function -fsyntax-only \
		-include $< -x c /dev/null
	@touch $@
# As the compiler makes it without hardening: nothing is called that the source does not call.
$(BUILD)/pure/%.o: %.c $(BUILD)/obj/%.o
	@mkdir -p $(@D)
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) -std=gnu17 -O2 -w -c -o $@ $<
