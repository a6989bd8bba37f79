# evtxscan: build, test, install. `make help` lists the targets.
#
# Knobs: CC, CFLAGS, LDFLAGS, PREFIX, DESTDIR, BUILD, DEV=1 (warnings are errors), V=1 (show commands),
# SANITIZE=address|undefined|thread, CORPUS=DIR (for check-corpus, bench, bench-gate), NODEPS=1
# (never call the package manager), BENCH='OPTIONS' (for bench), BENCH_DIR, RIVALS=DIR.

CC ?= cc
PREFIX ?= /usr/local
BUILD ?= build
CORPUS ?= ../shared/corpus

VERSION := $(shell sed -n 's/^\#define EVTXSCAN_VERSION "\(.*\)"/\1/p' include/evtxscan.h)
WARN := -Wall -Wextra -Wshadow -Wconversion -Wvla -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wformat=2 -Wpointer-arith
CFLAGS ?= -O2 -g
override CFLAGS += -std=c17 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 \
	-Iinclude -Isrc $(WARN) -fstack-protector-strong -fPIE
LIBS := -levtx -lbfio -larchive -ldeflate -lyaml -lpcre2-8 -lexpat -lpsl -lnettle -lpthread -lm
ifdef DEV
override CFLAGS += -Werror
endif
ifdef SANITIZE
override CFLAGS += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
override LDFLAGS += -fsanitize=$(SANITIZE)
endif

ifdef V
Q :=
say = @:
else
Q := @
say = @printf '  %-5s %s\n'
endif

SOURCES := $(sort $(wildcard src/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embedded.o
MAIN := $(BUILD)/src/cli/main.o
LIBRARY := $(BUILD)/libevtxscan.a
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
REPLAYS := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_TIME ?= 60
RULES := $(sort $(wildcard rules/*.yml rules/*/*.yml))
REPORT := $(sort $(wildcard src/output/report/*))
# Another build folder keeps its program to itself.
PROGRAM := $(if $(filter build,$(BUILD)),evtxscan,$(BUILD)/evtxscan)

.PHONY: all demo fuzz check check-report check-corpus bench bench-gate lint format format-check asan ubsan tsan \
	install uninstall deps \
	clean help samples golden unit
all: $(PROGRAM) ## build the program at ./evtxscan (default)

evtxscan: $(BUILD)/evtxscan
	@cp $< $@

$(BUILD)/evtxscan: $(MAIN) $(LIBRARY)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -pie -o $@ $(MAIN) $(LIBRARY) $(LIBS)

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS))
	@rm -f $@
	$(say) AR $@
	$(Q)$(AR) rcs $@ $^

# A changed compiler or flag rebuilds everything in this build folder.
$(BUILD)/flags: force
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS)' | cmp -s - $@ || echo '$(CC) $(CFLAGS)' > $@
.PHONY: force

$(BUILD)/%.o: %.c $(BUILD)/flags | deps
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/embedded.c: tests/lint/embed.sh $(RULES) $(REPORT)
	@mkdir -p $(@D)
	$(say) EMBED $@
	$(Q)sh tests/lint/embed.sh rules/ $(RULES) src/output/ $(REPORT) > $@.tmp && mv $@.tmp $@

$(BUILD)/embedded.o: $(BUILD)/embedded.c $(BUILD)/flags | deps
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

$(BUILD)/unit/%: tests/unit/%.c $(wildcard tests/unit/*.h) $(LIBRARY)
	@mkdir -p $(@D)
	$(say) TEST $<
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -Itests/unit -o $@ $< $(LIBRARY) $(LIBS) -lcmocka

$(BUILD)/fuzz/%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(LIBRARY)
	@mkdir -p $(@D)
	$(say) FUZZ $<
	$(Q)$(CC) $(CFLAGS) -D_GNU_SOURCE $(LDFLAGS) -o $@ $< tests/fuzz/replay.c $(LIBRARY) $(LIBS)

# The same targets under libFuzzer.
$(BUILD)/libfuzzer/%: tests/fuzz/fuzz_%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -D_GNU_SOURCE $(LDFLAGS) -fsanitize=fuzzer -o $@ $< $(LIBRARY) $(LIBS)

deps: ## install what is missing (Debian packages; asks sudo when not root)
	@$(if $(NODEPS),true,sh tests/lint/deps.sh)

demo: all ## build and scan samples/, printing hits
	./evtxscan -t table samples

unit: $(UNIT_TESTS) ## unit tests alone
	@sh tests/run_unit.sh $(UNIT_TESTS)

check: all $(UNIT_TESTS) $(REPLAYS) ## all tests that need only this repository
	@EVTXSCAN=$(PROGRAM) REPLAYS=$(abspath $(BUILD)/fuzz) REPORT=$(if $(SANITIZE),,1) \
		sh tests/check.sh $(UNIT_TESTS)

check-report: all ## the HTML report in a browser; needs chromium and chromium-driver
	@EVTXSCAN=$(PROGRAM) python3 -B tests/browser/report.py

check-corpus: all ## real logs and SigmaHQ rules, CORPUS=DIR
	@EVTXSCAN=$(PROGRAM) sh tests/check_corpus.sh $(CORPUS)

# The inputs below $BENCH_DIR (/tmp/evtxscan-bench) stay; 1.4 GB, with BENCH=--big 11 GB more.
bench: all ## speed beside that of other tools, CORPUS=DIR; BENCH='--rounds N --big --json FILE'
	@EVTXSCAN=$(PROGRAM) CORPUS=$(CORPUS) python3 -B tests/bench/run.py $(BENCH)

bench-gate: all ## instructions per record against tests/bench/ceilings.tsv
	@EVTXSCAN=$(PROGRAM) CORPUS=$(CORPUS) python3 -B tests/bench/gate.py

golden: all ## rewrite the expectations of tests/cli and of the README (review the diff)
	@sh tests/cli/run.sh --golden
	@sh tests/docs.sh --golden

samples: all ## make samples/*.evtx anew from their descriptions
	@sh samples/make.sh

lint: ## layers, sizes, headers, docs, banned calls, format; silent when clean
	@sh tests/lint/lint.sh
	@if command -v clang-format-14 >/dev/null; then $(MAKE) -s format-check; else \
		echo 'clang-format-14 is not here: the format is not checked'; fi

format: ## clang-format all sources
	@clang-format-14 -i $(SOURCES) $(wildcard src/*/*.h include/*.h tests/unit/*.[ch])

format-check:
	@clang-format-14 --dry-run -Werror $(SOURCES) $(wildcard src/*/*.h include/*.h tests/unit/*.[ch])

asan: ## all tests under AddressSanitizer and LeakSanitizer
	@LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 \
		ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 \
		$(MAKE) check BUILD=build/asan SANITIZE=address CFLAGS="-O1 -g"

ubsan: ## all tests under UndefinedBehaviorSanitizer
	@UBSAN_OPTIONS=print_stacktrace=1 \
		$(MAKE) check BUILD=build/ubsan SANITIZE=undefined CFLAGS="-O1 -g"

fuzz: ## libFuzzer on every target, FUZZ_TIME=60 seconds each (needs clang)
	@sh tests/fuzz/fuzz.sh $(FUZZ_TIME)

tsan: ## all tests under ThreadSanitizer
	@TSAN_OPTIONS=halt_on_error=1:allocator_may_return_null=1 \
		$(MAKE) check BUILD=build/tsan SANITIZE=thread CFLAGS="-O1 -g"

install: all ## install program, man page, rules (PREFIX, DESTDIR)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/evtxscan/rules/t1596_001
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/evtxscan
	install -m 644 src/cli/evtxscan.1 $(DESTDIR)$(PREFIX)/share/man/man1/evtxscan.1
	install -m 644 rules/*.yml $(DESTDIR)$(PREFIX)/share/evtxscan/rules/
	install -m 644 rules/t1596_001/*.yml $(DESTDIR)$(PREFIX)/share/evtxscan/rules/t1596_001/

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/evtxscan $(DESTDIR)$(PREFIX)/share/man/man1/evtxscan.1
	rm -rf $(DESTDIR)$(PREFIX)/share/evtxscan

clean: ## remove everything that was built
	rm -rf build evtxscan

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

-include $(OBJECTS:.o=.d)
