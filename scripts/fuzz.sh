#!/usr/bin/env bash
# Runs the libFuzzer programs of a build folder of the preset `fuzz`, one after
# another, and prints a line for each. Exit code 1 when one found something.
#
#   scripts/fuzz.sh BUILD SECONDS [TARGET...]   default: all that are built
#
# What it finds stays in BUILD/fuzz/found, new inputs in BUILD/fuzz/corpus: see
# docs/fuzzing.md.
set -euo pipefail

say() { printf 'fuzz: %s\n' "$*" >&2; }
if [[ $# -lt 2 || ! $2 =~ ^[1-9][0-9]*$ ]]; then
  say "usage: scripts/fuzz.sh BUILD SECONDS [TARGET...]"
  exit 2
fi
build=$1 seconds=$2
shift 2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
seeds=$here/tests/fuzz/corpus
found=$build/fuzz/found

targets=("$@")
if [[ ${#targets[@]} -eq 0 ]]; then
  for program in "$build"/fuzz/*_fuzz; do
    name=$(basename "$program")
    targets+=("${name%_fuzz}")
  done
fi
mkdir -p "$found"

# Limits of one input: larger or slower is a finding. None is longer than 8 KiB
# or the target's largest seed.
limits=(-rss_limit_mb=2048 -malloc_limit_mb=512)
limits_of() {
  local largest timeout=10
  largest=$(find "$seeds/$1" -type f -printf '%s\n' | sort -n | tail -n 1)
  # A library that hangs is stopped after seconds of computing: an answer too.
  case $1 in hdf5 | lmdb) timeout=120 ;; esac
  printf '%s\n' "-timeout=$timeout" \
    "-max_len=$((${largest:-0} > 8192 ? largest : 8192))"
}
# The vector check sees false alarms where LibTorch, which is not instrumented,
# has grown a vector of ours.
export ASAN_OPTIONS=${ASAN_OPTIONS-detect_container_overflow=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS-print_stacktrace=1}

# The number behind "stat::NAME:" in libFuzzer's closing lines.
stat() {
  local value
  value=$(sed -n "s/^stat::$1: *//p" "$2" | tail -n 1)
  printf '%s' "${value:-?}"
}

status=0
printf '%-20s %12s %8s %9s %8s %6s %6s\n' \
  target executions seconds exec/s coverage new found
for target in "${targets[@]}"; do
  program=$build/fuzz/${target}_fuzz
  if [[ ! -x $program ]]; then
    say "$target: no program $program; is it built?"
    exit 2
  fi
  mkdir -p "$build/fuzz/corpus/$target" "$seeds/$target"
  log=$build/fuzz/$target.log
  before=$(find "$found" -name "$target-*" | wc -l)
  start=$SECONDS
  code=0
  readarray -t own < <(limits_of "$target")
  asan=$ASAN_OPTIONS
  # LibTorch's reader of archives loses 152 bytes where a directory is damaged.
  case $target in torch_archive) asan+=:detect_leaks=0 ;; esac
  ASAN_OPTIONS=$asan "$program" "${limits[@]}" "${own[@]}" \
    -max_total_time="$seconds" -print_final_stats=1 \
    -artifact_prefix="$found/$target-" \
    "$build/fuzz/corpus/$target" "$seeds/$target" >"$log" 2>&1 || code=$?
  spent=$((SECONDS - start))
  crashes=$(($(find "$found" -name "$target-*" | wc -l) - before))
  coverage=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d ' ' -f 2 || true)
  executions=$(stat number_of_executed_units "$log")
  printf '%-20s %12s %8s %9s %8s %6s %6s\n' "$target" "$executions" "$spent" \
    "$(stat average_exec_per_sec "$log")" "${coverage:-?}" \
    "$(stat new_units_added "$log")" "$crashes"
  if [[ $code -ne 0 ]]; then
    status=1
    say "$target ended with exit code $code; the end of $log:"
    grep -m 1 -E 'ERROR: |runtime error: |^finding: |Test unit written' "$log" >&2 || true
    input=$(find "$found" -name "$target-*" -newer "$seeds" -printf '%T@ %p\n' |
      sort -n | tail -n 1 | cut -d ' ' -f 2-)
    [[ -z $input ]] || say "run it again: $program $input"
  fi
done
exit "$status"
