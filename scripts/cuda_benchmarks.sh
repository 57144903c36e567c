#!/usr/bin/env bash
# Builds msdbench against a CUDA LibTorch and measures training on the GPU.
#
#   scripts/cuda_benchmarks.sh TORCH OUT [PEER.py]
#
# TORCH is PyTorch's own folder (python -c 'import torch; print(torch.__path__[0])'),
# OUT takes the build and the figures. With PEER.py the same workload is timed
# against PyTorch. DEVICE=cpu tries the script out where there is no GPU.
# Libraries that are headers only may lie anywhere: CMAKE_FLAGS=-DCMAKE_PREFIX_PATH=...
set -euo pipefail

if [[ $# -lt 2 ]]; then
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
torch=$1
out=$(mkdir -p "$2" && cd "$2" && pwd)
peer=${3-}
device=${DEVICE:-cuda}
source=$(cd "$(dirname "$0")/.." && pwd)

# Newer fmt headers than the system's library come with PyTorch.
# shellcheck disable=SC2086  # several flags
cmake -S "$source" -B "$out/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DMSDBENCH_TESTS=OFF -DMSDBENCH_MICROBENCHMARKS=OFF \
  -DCMAKE_PREFIX_PATH="$torch" -DCMAKE_CXX_FLAGS=-DFMT_HEADER_ONLY \
  -DCMAKE_EXE_LINKER_FLAGS=-Wl,--allow-shlib-undefined ${CMAKE_FLAGS-}
cmake --build "$out/build" --target msdbench peer_workload

"$out/build/msdbench" doctor --json > "$out/doctor.json" || true

# Paper size: a BERT-base teacher on 100 regions, a TinyBERT student.
paper=(--device "$device" --precision bf16 --teacher 12,768,12,3072
       --visual-tokens 100 --epochs 1)
: > "$out/paper.jsonl"
for batch in 64 128 256 480; do
  for method in none kd msd-fixed msd-saliency msd-learned; do
    "$out/build/peer_workload" "${paper[@]}" --method "$method" \
      --batch "$batch" --examples $((batch * ${STEPS:-20})) |
      tee -a "$out/paper.jsonl"
  done
done

if [[ -n $peer ]]; then
  "$source/scripts/compare_with_peer.py" "$peer" --device "$device" \
    --ours "$out/build/peer_workload" --precisions bf16 \
    --examples "${EXAMPLES:-2048}" --json "$out/peer.json" | tee "$out/peer.md"
fi
echo "figures in $out"
