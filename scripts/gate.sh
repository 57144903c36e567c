#!/usr/bin/env bash
# The project's own accuracy gate: parts of the suite `ci`, three to four minutes on
# two cores, on miniature data, against baselines/accuracy/ci.json. `make gate` and
# the test AccuracyGate run it.
#
#   scripts/gate.sh MSDBENCH FOLDER            run and check
#   scripts/gate.sh MSDBENCH FOLDER --update   run more seeds, accept them as
#                                              the new baseline
set -euo pipefail

if [[ $# -lt 2 || $# -gt 3 || ${3---update} != --update ]]; then
  echo "usage: scripts/gate.sh MSDBENCH FOLDER [--update]" >&2
  exit 2
fi
msdbench=$(realpath "$1")
folder=$(realpath -m "$2")
if [[ -e $folder && ! -e $folder/.gate ]]; then
  echo "scripts/gate.sh: $folder is there and not this script's" >&2
  exit 2
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
baseline=baselines/accuracy/ci.json
# Nothing is reused: a teacher from a cache would hide that teaching broke.
rm -rf "$folder"
mkdir -p "$folder"
touch "$folder/.gate"
# More test examples than usual: they cost little and take noise away.
"$msdbench" data make --out "$folder/data" --test 2000 \
  --datasets mm_imdb,snli_ve,vqa_v2

# Each data set with the methods whose faults show there (docs/gate.md). Runs of
# one thread, so that the number of cores changes no number.
run() {
  local out=$1 status=0
  shift
  part() {
    "$msdbench" run ci --data-root "$folder/data" --out "$folder/$out" \
      --device cpu --threads 1 --quiet "$@" || status=$?
  }
  part --datasets mm_imdb --methods msd-saliency,msd-learned "$@"
  part --datasets snli_ve --methods kd "$@"
  part --datasets vqa_v2 --methods kd-sharp "$@"
  return "$status"
}

if [[ ${3-} == --update ]]; then
  run runs --seeds 1,2,3,4,5,6,7,8,9,10
  teachers=()
  for seed in 1001 1002 1003; do
    run "teacher-$seed" --set "teacher.seed=$seed" --seeds 1
    teachers+=(--teachers "$folder/teacher-$seed")
  done
  # The runs are the whole suite: what they lack has left it.
  exec "$msdbench" baseline update "$folder/runs" "${teachers[@]}" \
    --out "$baseline" --drop
fi

# A run that failed is the check's to name.
run runs || echo "msdbench run ended with exit code $?" >&2

# Twice: as it is, where numbers that are equal pass, and as on a machine where
# none are, so that what passes here passes elsewhere. Both are shown.
failed=0
check() {
  local name=$1
  shift
  "$msdbench" check "$folder/runs" --against "$baseline" --seeds 1,2,3 \
    --junit "$folder/$name.xml" "$@" || failed=$?
}
check check
check check-no-exact --no-exact
exit "$failed"
