# Thin front door to cmake, ctest and build/msdbench: `make help`.
# Every variable can be given on the command line: make quick OUT=/elsewhere

BUILD ?= build
DATA ?= data/miniature
OUT ?= runs/quick
# A configure preset of CMakePresets.json, and more arguments for cmake.
PRESET ?= release
CMAKE_FLAGS ?=
# What `make fuzz` builds, for how long it runs each target, and which.
FUZZ_BUILD ?= build-fuzz
FUZZ_SECONDS ?= 10
FUZZ_TARGETS ?=
# Non-empty: install nothing (docs/install.md, "Without root").
SKIP_PACKAGES ?=

# One job a core, but no more than memory allows: compiling a file against
# LibTorch's headers takes up to 2.5 GB.
ifndef JOBS
JOBS := $(shell awk -v cores=$$(nproc) '/^MemAvailable/ { \
  jobs = int($$2 / 2500000); if (jobs > cores) jobs = cores; \
  print jobs < 1 ? 1 : jobs }' /proc/meminfo)
JOBS := $(or $(JOBS),2)
endif

msdbench = $(BUILD)/msdbench
# Steps and build output go to stderr: stdout of `make -s quick` is the table.
step = @echo "== $(1)" >&2

.DEFAULT_GOAL := help
.PHONY: help quick test gate fuzz build install-packages format clean

help:  ## this text
	@echo "make TARGET [VARIABLE=VALUE ...]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / \
	  { printf "  %-18s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "variables: BUILD=$(BUILD) DATA=$(DATA) OUT=$(OUT) JOBS=$(JOBS)" \
	  "PRESET=$(PRESET) CMAKE_FLAGS= SKIP_PACKAGES="

quick: install-packages $(BUILD)/build.ninja  ## build, make the miniature data, compare all methods, print the table
	$(call step,build msdbench ($(JOBS) jobs))
	@cmake --build $(BUILD) --target msdbench --parallel $(JOBS) >&2
	$(call step,miniature data sets in $(DATA))
	@$(msdbench) data make --out $(DATA)
	$(call step,run the quick suite)
	@$(msdbench) run quick --data-root $(DATA) --out $(OUT)
	$(call step,report)
	@$(msdbench) report $(OUT) --out $(OUT)/report
	$(call step,done: records in $(OUT) and report in $(OUT)/report)

test: build  ## build everything, run every test and the accuracy gate
	$(call step,test)
	@ctest --test-dir $(BUILD) --output-on-failure --no-tests=error --parallel $(JOBS)

gate: install-packages $(BUILD)/build.ninja  ## run the suite ci, fail if an accuracy fell (part of `make test`)
	$(call step,build msdbench ($(JOBS) jobs))
	@cmake --build $(BUILD) --target msdbench --parallel $(JOBS) >&2
	$(call step,run and check the suite ci)
	@scripts/gate.sh $(msdbench) $(BUILD)/gate

fuzz: install-packages  ## give every parser random bytes for FUZZ_SECONDS each (docs/fuzzing.md)
	$(if $(SKIP_PACKAGES),,@scripts/install_packages.sh --fuzz)
	$(call step,build the fuzzing programs ($(JOBS) jobs))
	@cmake --preset fuzz -B $(FUZZ_BUILD) --log-level=WARNING $(CMAKE_FLAGS) >&2
	@cmake --build $(FUZZ_BUILD) --target fuzz_targets --parallel $(JOBS) >&2
	$(call step,fuzz $(or $(FUZZ_TARGETS),all targets))
	@scripts/fuzz.sh $(FUZZ_BUILD) $(FUZZ_SECONDS) $(FUZZ_TARGETS)

build: install-packages $(BUILD)/build.ninja  ## build the program, the tests and the timing programs
	$(call step,build everything ($(JOBS) jobs))
	@cmake --build $(BUILD) --parallel $(JOBS) >&2

install-packages:  ## install the Debian packages that are missing
	$(call step,packages)
	$(if $(SKIP_PACKAGES),@echo "skipped" >&2,@scripts/install_packages.sh)

# Order-only: an existing build folder configures itself anew when needed.
$(BUILD)/build.ninja: | install-packages
	$(call step,configure $(BUILD) (preset $(PRESET)))
	@cmake --preset $(PRESET) -B $(BUILD) --log-level=WARNING $(CMAKE_FLAGS) >&2

format:  ## clang-format all C++ sources in place
	@git ls-files -z --cached --others --exclude-standard '*.h' '*.cpp' | \
	  xargs -0 clang-format -i

clean:  ## remove the build folder (data and runs stay)
	@if [ -e "$(BUILD)/CMakeCache.txt" ]; then \
	  cmake -E rm -r "$(BUILD)"; fi
