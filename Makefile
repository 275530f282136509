# Finds services and tests by folder. `make` builds everything into build/bin; `make help` lists the rest.
BUILD ?= build$(if $(SAN),/san)$(if $(FAULTS),/faults)
SAN ?=
FAULTS ?=
CC = gcc
.DEFAULT_GOAL := all
SHELL = /bin/bash
MAKEFLAGS += --no-builtin-rules -j$(shell nproc)

PACKAGES := libprotobuf-c rdkafka libmicrohttpd hiredis libpq libcurl jansson libsodium $(shell cat services/*/packages 2>/dev/null)
HAVE_PACKAGES := $(shell pkg-config --exists $(PACKAGES) 2>/dev/null && echo yes)
WARN = -Wall -Wextra -Werror -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wcast-qual -Wno-missing-field-initializers
HARD = -fstack-protector-strong -fstack-clash-protection -fcf-protection $(if $(SAN),,-D_FORTIFY_SOURCE=2)
SANITIZE = $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
CPPFLAGS := -I. -I$(BUILD)/gen -D_GNU_SOURCE -MMD -MP $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
CFLAGS = -std=gnu17 -O2 -g -fPIE $(WARN) $(HARD) $(SANITIZE)
LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(SANITIZE)
LDLIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lm -lpthread

# What exists, by folder.
SERVICES := $(patsubst services/%/main.c,%,$(wildcard services/*/main.c))
TOOLS := $(patsubst tools/%/main.c,%,$(wildcard tools/*/main.c))
# They need nothing of the suite: make/route.mk.
ALONE := route
SOURCES := $(shell find lib services tools tests -name '*.c' 2>/dev/null | sort)
TESTS := $(filter %_test.c,$(SOURCES))
TEST_ROOMS := $(sort $(patsubst %/,%,$(dir $(TESTS))))
PROTOS := $(wildcard proto/*.proto)
SQL_ROOMS := $(patsubst %/sql/queries.sql,%,$(wildcard services/*/sql/queries.sql lib/*/sql/queries.sql lib/*/*/sql/queries.sql))
PB_SOURCES := $(PROTOS:%.proto=$(BUILD)/gen/%.pb-c.c)
PB_OBJECTS := $(PB_SOURCES:%.c=%.o)
# Messages of a room's own tests, linked into that room's test binary only.
TEST_PROTOS := $(wildcard lib/*/*_test.proto)
TEST_PB_SOURCES := $(TEST_PROTOS:%.proto=$(BUILD)/gen/%.pb-c.c)
SQL_OBJECTS := $(SQL_ROOMS:%=$(BUILD)/gen/%/queries.o)
GENERATED := $(PB_SOURCES) $(TEST_PB_SOURCES) $(SQL_ROOMS:%=$(BUILD)/gen/%/queries.h)
object = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
plain = $(filter-out %_test.c %/main.c,$(filter $(1)/%,$(SOURCES)))
# Pure floors: decisions link with these alone, so a hidden dependency is a link error.
PURE := $(call object,$(call plain,lib/base) $(call plain,lib/domain) $(call plain,lib/schedule))
SHELL_OBJECTS := $(call object,$(call plain,lib/service)) $(filter $(BUILD)/gen/lib/%,$(SQL_OBJECTS)) $(PB_OBJECTS)

.PHONY: all clean help
all: $(SERVICES:%=$(BUILD)/bin/%) $(TOOLS:%=$(BUILD)/bin/%) ## builds everything into build/bin
help:
	@grep -hE '^[a-z-]+:.*##' Makefile make/*.mk | sed 's/:.*## /\t/' | expand -t 16
clean: ## removes everything that was built
	rm -rf build

define service_rule
$(BUILD)/bin/$(1): $$(call object,$$(call plain,services/$(1)) services/$(1)/main.c) $$(filter $(BUILD)/gen/services/$(1)/%,$$(SQL_OBJECTS)) $$(SHELL_OBJECTS) $$(PURE)
endef
$(foreach service,$(SERVICES),$(eval $(call service_rule,$(service))))
define tool_rule
$(BUILD)/bin/$(1): $$(call object,$$(call plain,tools/$(1)) tools/$(1)/main.c) $$(SHELL_OBJECTS) $$(PURE)
endef
$(foreach tool,$(filter-out $(ALONE),$(TOOLS)),$(eval $(call tool_rule,$(tool))))
$(BUILD)/bin/%:
	@mkdir -p $(@D)
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $(sort $(filter %.o,$^)) $(LDLIBS)

# One test binary a room; a room called domain (or a pure floor) links with the pure floors alone.
is_pure = $(filter lib/base lib/domain lib/schedule %/domain %/solver,$(1))
room_of = $(firstword $(subst /, ,$(1)))/$(word 2,$(subst /, ,$(1)))
define test_rule
$(BUILD)/test/$(subst /,-,$(1)): $$(call object,$$(filter $(1)/%_test.c,$$(TESTS))) $$(filter $(BUILD)/gen/$(1)/%,$$(TEST_PB_SOURCES:%.c=%.o)) $(if $(call is_pure,$(1)),$$(call object,$$(call plain,$(1))),$$(call object,$$(call plain,$(call room_of,$(1)))) $$(filter $(BUILD)/gen/$(call room_of,$(1))/%,$$(SQL_OBJECTS)) $$(SHELL_OBJECTS)) $$(PURE)
	@mkdir -p $$(@D)
	@echo '  link $$@'
	@$(CC) $(LDFLAGS) -o $$@ $$(sort $$(filter %.o,$$^)) $(if $(call is_pure,$(1)),-lm,$$(LDLIBS)) -lcriterion
endef
$(foreach room,$(TEST_ROOMS),$(eval $(call test_rule,$(room))))
TEST_BINARIES := $(foreach room,$(TEST_ROOMS),$(BUILD)/test/$(subst /,-,$(room)))

$(BUILD)/obj/services/routing/solver/%.o: CFLAGS += -O3
$(BUILD)/obj/%.o: %.c | $(GENERATED)
	@mkdir -p $(@D)
	@echo '  cc   $<'
	@$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	@$(CC) $(CPPFLAGS) $(filter-out -W%,$(CFLAGS)) -c -o $@ $<
# Both are named, or a changed message leaves objects with its old layout.
$(BUILD)/gen/%.pb-c.c $(BUILD)/gen/%.pb-c.h: %.proto $(PROTOS)
	@mkdir -p $(@D)
	@protoc-c -I. -I/usr/include --c_out=$(BUILD)/gen $<
$(BUILD)/gen/%/queries.h: %/sql/queries.sql scripts/queries.awk
	@mkdir -p $(@D)
	@awk -v mode=header -v room=$* -v prefix=$(notdir $*) -f scripts/queries.awk $< $(wildcard $*/sql/[0-9]*.sql) > $@
.SECONDEXPANSION:
$(BUILD)/gen/%/queries.c: %/sql/queries.sql $$(wildcard %/sql/[0-9]*.sql) scripts/queries.awk | $(BUILD)/gen/%/queries.h
	@awk -v mode=source -v room=$* -v prefix=$(notdir $*) -f scripts/queries.awk $< $(wildcard $*/sql/[0-9]*.sql) > $@
.PRECIOUS: $(BUILD)/gen/%.pb-c.c $(BUILD)/gen/%/queries.c $(BUILD)/gen/%/queries.h

-include $(wildcard make/*.mk)
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
