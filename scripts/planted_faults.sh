#!/usr/bin/env bash
# Does the accuracy gate notice a fault? Plants each of scripts/faults in a clone
# of the last commit, builds it, runs the gate and prints what it says: the table
# of docs/gate.md. Without NAMES all faults, and first "none", which must pass.
#
#   scripts/planted_faults.sh FOLDER [NAME...]
set -euo pipefail

if [[ $# -lt 1 ]]; then
  echo "usage: scripts/planted_faults.sh FOLDER [NAME...]" >&2
  exit 2
fi
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(realpath -m "$1")
shift
names=("$@")
if [[ ${#names[@]} -eq 0 ]]; then
  names=(none)
  for patch in "$source"/scripts/faults/*.patch; do
    names+=("$(basename "$patch" .patch)")
  done
fi
if [[ -e $folder && ! -e $folder/.planted_faults ]]; then
  echo "scripts/planted_faults.sh: $folder is there and not this script's" >&2
  exit 2
fi
mkdir -p "$folder"
touch "$folder/.planted_faults"
rm -rf "$folder/tree"
git clone --quiet "$source" "$folder/tree"
cd "$folder/tree"

# The cells of one check that fail, with their values.
failures() {
  grep -oE '(regressed|changed|incomparable|missing|failed|untested): [^;"]*' \
    "$1" | sort -u | sed 's/&gt;/>/g; s/^/  /' || true
}

for name in "${names[@]}"; do
  git checkout --quiet --force
  if [[ $name != none ]]; then git apply "scripts/faults/$name.patch"; fi
  cmake --preset release -B "$folder/build" --log-level=WARNING >&2
  cmake --build "$folder/build" --target msdbench >&2
  echo "== $name"
  if scripts/gate.sh "$folder/build/msdbench" "$folder/$name" \
    >"$folder/$name.txt" 2>&1; then
    echo "  the gate passes"
  fi
  failures "$folder/$name/check-no-exact.xml"
done
