# evtxscan: build, test, install. `make help` lists the targets.
#
# Knobs: CC, CFLAGS, LDFLAGS, PREFIX, libdir, DESTDIR, BUILD, DEV=1 (warnings are errors), V=1 (show commands),
# SANITIZE=address|undefined|thread, CORPUS=DIR (for check-corpus, bench, bench-gate), NODEPS=1
# (never call the package manager), BENCH='OPTIONS' (for bench), BENCH_DIR, RIVALS=DIR.

CC ?= cc
OBJCOPY ?= objcopy
PREFIX ?= /usr/local
libdir ?= $(PREFIX)/lib
BUILD ?= build
CORPUS ?= ../shared/corpus

VERSION := $(shell sed -n 's/^\#define EVTXSCAN_VERSION "\(.*\)"/\1/p' include/evtxscan.h)
comma := ,
WARN := -Wall -Wextra -Wshadow -Wconversion -Wvla -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wformat=2 -Wpointer-arith
CFLAGS ?= -O2 -g
OPTIMIZED := $(filter-out -O0,$(filter -O%,$(CFLAGS)))
override CFLAGS += -std=c17 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 \
	-Iinclude -Isrc $(WARN) -fPIC -fvisibility=hidden -ffile-prefix-map=$(CURDIR)=.
# Checked in what is built by tests/hardening.sh. Sanitizers do all of it in their own way.
ifndef SANITIZE
TARGET := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
override CFLAGS += -fstack-protector-strong -fstack-clash-protection
override CFLAGS += $(if $(OPTIMIZED),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
override CFLAGS += $(if $(filter x86_64,$(TARGET)),-fcf-protection)
override CFLAGS += $(if $(filter aarch64,$(TARGET)),-mbranch-protection=standard)
override LDFLAGS += -Wl,-z,relro,-z,now,-z,noexecstack $(if $(filter x86_64,$(TARGET)),-Wl$(comma)-z$(comma)shstk)
endif
# As pkg-config knows them: for the program, for libevtxscan.pc and for the static program.
PACKAGES := libevtx libbfio libarchive libdeflate yaml-0.1 libpcre2-8 expat libpsl nettle
LIBS = $(shell pkg-config --libs $(PACKAGES)) -lpthread -lm
# Of the program alone: its sandbox.
SANDBOX := $(if $(filter Linux,$(shell uname)),libseccomp)
PROGRAM_LIBS = $(LIBS) $(if $(SANDBOX),$(shell pkg-config --libs $(SANDBOX)))
ifdef DEV
override CFLAGS += -Werror
endif
ifdef COVERAGE
override CFLAGS += -fprofile-instr-generate -fcoverage-mapping -mllvm -runtime-counter-relocation \
	-Wno-unused-command-line-argument
override LDFLAGS += -fprofile-instr-generate
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
say = @printf '  %-7s %s\n'
endif

SOURCES := $(sort $(wildcard src/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embedded.o
MAIN := $(BUILD)/src/cli/main.o
# Everything but main(), for the program and the tests; then what others link: the same objects, but
# with no names to the outside except those of include/evtxscan.h.
INTERNAL := $(BUILD)/internal.a
PUBLIC := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/lib/*.c))
SONAME := libevtxscan.so.0
LIBRARIES := $(BUILD)/libevtxscan.a $(BUILD)/$(SONAME)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
# Only scans have threads.
REPLAYS := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_$(if \
	$(filter thread,$(SANITIZE)),scan,*).c)))
FUZZ_TIME ?= 60
RULES := $(sort $(wildcard rules/*.yml rules/*/*.yml))
REPORT := $(sort $(wildcard src/output/report/*))
# Another build folder keeps its program to itself.
PROGRAM := $(if $(filter build,$(BUILD)),evtxscan,$(BUILD)/evtxscan)

.PHONY: all demo fuzz faults coverage check check-report staged check-corpus check-dist bench bench-gate lint lint-deep format \
	format-check asan tsan msan valgrind sweep mutation install uninstall deps static deb clean help samples golden unit
all: $(PROGRAM) $(LIBRARIES) ## build the program at ./evtxscan, and the library (default)

evtxscan: $(BUILD)/evtxscan
	@cp -f $< $@

$(BUILD)/evtxscan: $(MAIN) $(INTERNAL)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) -pie $(LDFLAGS) -o $@ $(MAIN) $(INTERNAL) $(PROGRAM_LIBS)

$(INTERNAL): $(filter-out $(MAIN),$(OBJECTS))
	@rm -f $@
	$(say) AR $@
	$(Q)$(AR) rcs $@ $^

# One object, whose hidden names become local.
$(BUILD)/libevtxscan.a: $(PUBLIC) $(INTERNAL)
	@rm -f $@
	$(say) AR $@
	$(Q)$(CC) -r -nostdlib -o $(@:.a=.o) $^
	$(Q)$(OBJCOPY) --localize-hidden $(@:.a=.o)
	$(Q)$(AR) rcs $@ $(@:.a=.o)

$(BUILD)/$(SONAME): $(PUBLIC) $(INTERNAL)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) -shared -Wl,-soname,$(SONAME) $(LDFLAGS) -o $@ $^ $(LIBS)

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

# A change in src/ only links the tests again.
$(BUILD)/unit/%.o: tests/unit/%.c $(BUILD)/flags | deps
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) -Itests/unit -MMD -MP -c -o $@ $<

$(BUILD)/unit/%: $(BUILD)/unit/%.o $(INTERNAL)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(INTERNAL) $(PROGRAM_LIBS) -lcmocka

FUZZ_HEADERS := $(wildcard tests/fuzz/*.h)
$(BUILD)/fuzz/%.o: tests/fuzz/%.c $(BUILD)/flags | deps
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CFLAGS) -D_GNU_SOURCE -MMD -MP -c -o $@ $<

$(BUILD)/fuzz/%: $(BUILD)/fuzz/fuzz_%.o $(BUILD)/fuzz/replay.o $(INTERNAL)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/fuzz/replay.o $(INTERNAL) $(PROGRAM_LIBS)

.SECONDARY: # objects of tests are kept

# The same targets over real logs that are damaged in every way.
$(BUILD)/sweep/%: tests/fuzz/fuzz_%.c tests/fuzz/sweep.c $(FUZZ_HEADERS) $(INTERNAL)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -D_GNU_SOURCE $(LDFLAGS) -o $@ $< tests/fuzz/sweep.c $(INTERNAL) $(PROGRAM_LIBS)

# Our mutator for AFL++, not instrumented.
$(BUILD)/mutate_afl.so: tests/fuzz/mutate_afl.c $(FUZZ_HEADERS) $(INTERNAL)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $< $(INTERNAL) $(LIBS)

# The same targets under libFuzzer, or the driver of AFL++ in its place.
$(BUILD)/libfuzzer/%: tests/fuzz/fuzz_%.c $(FUZZ_HEADERS) $(INTERNAL)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -D_GNU_SOURCE $(LDFLAGS) -fsanitize=fuzzer -o $@ $< $(INTERNAL) $(PROGRAM_LIBS)

deps: ## install what is missing (Debian packages; asks sudo when not root)
	@$(if $(NODEPS),true,sh tests/lint/deps.sh)

demo: all ## build and scan samples/, printing hits
	./evtxscan -t table samples

unit: $(UNIT_TESTS) ## unit tests alone
	@sh tests/run_unit.sh $(UNIT_TESTS)

check: all staged $(UNIT_TESTS) $(REPLAYS) ## all tests that need only this repository
	@EVTXSCAN=$(PROGRAM) REPLAYS='$(abspath $(REPLAYS))' STAGED=$(if $(COVERAGE),,$(abspath $(BUILD)/staged)) \
		HARDENED='$(if $(SANITIZE),,$(abspath $(PROGRAM) $(BUILD)/$(SONAME)))' FORTIFY=$(OPTIMIZED) \
		REPORT=$(if $(SANITIZE),,1) FAULTS=$(if $(SANITIZE),,1) SANITIZED='$(SANITIZE)$(COVERAGE)' \
		CC='$(CC) $(if $(SANITIZE),-fsanitize=$(SANITIZE))' sh tests/check.sh $(UNIT_TESTS)

# What install puts on a system, for the tests.
staged: all
	@rm -rf $(BUILD)/staged
	@$(MAKE) -s install DESTDIR=$(abspath $(BUILD)/staged) PREFIX=/usr

check-report: all ## the HTML report in a browser; needs chromium and chromium-driver
	@EVTXSCAN=$(PROGRAM) python3 -B tests/browser/report.py

faults: all ## each call that can fail fails, one after the other: files, memory, signals (long)
	@EVTXSCAN=$(PROGRAM) python3 -B tests/faults/run.py -v

check-corpus: all ## real logs and SigmaHQ rules, CORPUS=DIR
	@EVTXSCAN=$(PROGRAM) sh tests/check_corpus.sh $(CORPUS)

check-dist: all staged static deb ## static program and packages elsewhere: an empty root, a new Debian (network)
	@EVTXSCAN=$(PROGRAM) STAGED=$(abspath $(BUILD)/staged) sh tests/dist.sh $(STATIC) $(BUILD)/deb

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

lint-deep: ## cppcheck and clang-tidy; silent when clean
	@$(if $(NODEPS),true,sh tests/lint/deps.sh cppcheck clang-tidy)
	@sh tests/lint/deep.sh

FORMATTED = $(SOURCES) $(wildcard src/*/*.h include/*.h tests/unit/*.[ch] tests/fuzz/*.[ch])
format: ## clang-format all sources
	@clang-format-14 -i $(FORMATTED)

format-check:
	@clang-format-14 --dry-run -Werror $(FORMATTED)

asan: ## all tests under AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer
	@LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 \
		ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
		CASE_SECONDS=180 $(MAKE) check BUILD=build/asan SANITIZE=address,undefined CFLAGS="-O1 -g"

# Libraries are not built for it, so what they write counts as not set. These tests use none but libc; the
# others, with libyaml, libevtx, libarchive, nettle or stat() behind them, are for valgrind.
MSAN_TESTS := buf_arena check_patterns clocale columns differences dns dump ecs_fields encode engine escape event \
	evtx_damage evtx_plain evtx_reader html html_zone ip json_value ledger map memo metrics metrics_order number \
	pattern psl regex resolve str summary temporal text tm transform value window writer zone
msan: ## unit tests of what needs no library under MemorySanitizer (needs clang)
	@MSAN_OPTIONS=allocator_may_return_null=1 $(MAKE) unit BUILD=build/msan SANITIZE=memory CC=clang CFLAGS="-O1 -g" \
		UNIT_TESTS="$(MSAN_TESTS:%=build/msan/unit/test_%)"

# In the sandbox's own test system calls are refused that valgrind makes.
valgrind: all $(UNIT_TESTS) ## unit tests and commands under valgrind's memcheck; 5 minutes
	@$(if $(NODEPS),true,sh tests/lint/deps.sh valgrind)
	@EVTXSCAN=$(PROGRAM) sh tests/valgrind.sh $(filter-out %/test_sandbox,$(UNIT_TESTS))

fuzz: ## fuzz every target, or FUZZ_TARGET, FUZZ_TIME=60 seconds each; FUZZER=libfuzzer (clang) or afl (afl++)
	@FUZZER=$(or $(FUZZER),libfuzzer) sh tests/fuzz/fuzz.sh $(FUZZ_TIME) $(FUZZ_TARGET)

sweep: ## real logs cut, inverted and mutated, under sanitizers; CORPUS=DIR (an hour)
	@$(MAKE) BUILD=build/asan SANITIZE=address,undefined CFLAGS="-O1 -g" build/asan/sweep/scan build/asan/sweep/chunk
	@LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 ASAN_OPTIONS=abort_on_error=1 \
		UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1 SWEEPS=build/asan/sweep \
		sh tests/fuzz/sweep.sh $(or $(CORPUS),../shared/corpus)

mutation: ## plant faults in the code, one at a time, and see whether the tests notice (hours)
	@python3 -B tests/mutation/run.py

# Counts are kept in a mapped file, which neither the sandbox nor a signal keeps from being written.
# The library's names are not tested: instrumented, it has more.
coverage: ## lines of src/ that make check runs, by module and file; fails below 90 %, and where others are not in tests/uncovered.tsv (needs clang)
	@$(if $(NODEPS),true,sh tests/lint/deps.sh clang llvm)
	@rm -rf build/coverage/profile
	@LLVM_PROFILE_FILE=$(CURDIR)/build/coverage/profile/%m%c.profraw CASE_SECONDS=180 \
		$(MAKE) check BUILD=build/coverage COVERAGE=1 CC=clang CFLAGS="-O0 -g"
	@python3 -B tests/coverage.py build/coverage

# The other unit tests have one thread.
TSAN_TESTS := archive corr_memory library library_logs metrics metrics_order sandbox
tsan: ## the tests that use threads under ThreadSanitizer
	@TSAN_OPTIONS=halt_on_error=1:allocator_may_return_null=1 SUITES='unit cli fuzz' AREAS='input/threads input/archives input/sandbox input/two_readers search' CASE_SECONDS=300 \
		$(MAKE) check BUILD=build/tsan SANITIZE=thread CFLAGS="-O1 -g" UNIT_TESTS="$(TSAN_TESTS:%=build/tsan/unit/test_%)"

# bash, zsh and fish look for completions below PREFIX by themselves; zshdir is where zsh does.
zshdir ?= $(PREFIX)/share/zsh/site-functions
INSTALLER = DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' LIBDIR='$(libdir)' ZSHDIR='$(zshdir)' \
	BUILD='$(BUILD)' PROGRAM='$(abspath $(PROGRAM))' VERSION='$(VERSION)' PACKAGES='$(PACKAGES)' \
	sh src/dist/install.sh

install: all ## install program, library, man pages, completions, rules (PREFIX, libdir, DESTDIR)
	$(say) INSTALL $(DESTDIR)$(PREFIX)
	$(Q)$(INSTALLER) install

uninstall: ## remove what install put there
	$(Q)$(INSTALLER) uninstall

# What libarchive.a and libpsl.a need besides; libpsl.pc does not say so.
STATIC_NEEDS := libacl1-dev libbz2-dev libidn2-dev liblz4-dev liblzma-dev libunistring-dev libxml2-dev \
	libzstd-dev zlib1g-dev
STATIC := $(BUILD)/static/evtxscan
static: $(STATIC) ## the program without shared libraries, at build/static/evtxscan
$(STATIC): $(MAIN) $(INTERNAL)
	@$(if $(NODEPS),true,sh tests/lint/deps.sh $(STATIC_NEEDS))
	@mkdir -p $(@D)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) -static-pie $(LDFLAGS) -o $@ $^ \
		$$(pkg-config --static --libs $(PACKAGES) $(SANDBOX) libidn2) -lpthread -lm

deb: ## Debian packages in build/deb/
	@$(if $(NODEPS),true,sh tests/lint/deps.sh dpkg-dev)
	@MAKE='$(MAKE)' VERSION='$(VERSION)' PACKAGES='$(PACKAGES)' sh src/dist/deb.sh $(BUILD)/deb

clean: ## remove everything that was built
	rm -rf build evtxscan

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

-include $(OBJECTS:.o=.d) $(UNIT_TESTS:=.d) $(wildcard $(BUILD)/fuzz/*.d)
