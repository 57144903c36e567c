#!/usr/bin/env python3
"""Times msdbench against a PyTorch program on the same workload, in turn.

  scripts/compare_with_peer.py PEER.py                     speed, all methods
  scripts/compare_with_peer.py PEER.py --check             the same losses?
  scripts/compare_with_peer.py PEER.py --methods kd --pairs 9 --json out.json

PEER.py prints one line of JSON with "examples_per_second". Ratios are medians
over pairs that ran one after the other, since machines are noisy. The check is
in fp32 and needs Python's torch and numpy: it starts both from the peer's own
weights.
"""
import argparse
import importlib.util
import json
import math
import os
import struct
import subprocess
import sys
import tempfile

METHODS = ["none", "kd", "msd-fixed", "msd-saliency", "msd-learned"]


def run(command, threads):
    env = dict(os.environ, OMP_NUM_THREADS=str(threads))
    done = subprocess.run(command, env=env, text=True, stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit("failed: " + " ".join(command))
    return json.loads(done.stdout.strip().splitlines()[-1])


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def compare(a, method, precision, cache):
    flags = ["--method", method, "--precision", precision, "--examples", str(a.examples),
             "--epochs", str(a.epochs), "--threads", str(a.threads), "--teacher-cache", cache,
             "--device", a.device]
    pairs = []
    for i in range(a.pairs):
        theirs = lambda: run([a.python, a.peer, *flags], a.threads)["examples_per_second"]
        ours = lambda: run([a.ours, *flags], a.threads)["examples_per_second"]
        # Whoever comes second may find the machine warmer: take turns.
        pairs.append((ours(), theirs()) if i % 2 else (theirs(), ours())[::-1])
    ratios = [us / them for us, them in pairs]
    return {"method": method, "precision": precision, "teacher_cache": cache, "pairs": pairs,
            "ours": median([p[0] for p in pairs]), "peer": median([p[1] for p in pairs]),
            "ratio": median(ratios), "lowest": min(ratios), "highest": max(ratios)}


def speed(a):
    rows = []
    print("| method | precision | peer's teacher | peer ex/s | ours ex/s | ratio (lowest to highest) |")
    print("| --- | --- | --- | ---: | ---: | --- |")
    for precision in a.precisions:
        for method in a.methods:
            for cache in ["off"] if method == "none" else a.teacher_cache:
                row = compare(a, method, precision, cache)
                rows.append(row)
                teacher = {"off": "every step", "on": "once"}[cache] if method != "none" else "-"
                print("| %s | %s | %s | %.1f | %.1f | %.2f (%.2f to %.2f) |" % (
                    method, precision, teacher, row["peer"], row["ours"], row["ratio"],
                    row["lowest"], row["highest"]), flush=True)
    if a.json:
        with open(a.json, "w") as out:
            json.dump({"pairs": a.pairs, "threads": a.threads, "examples": a.examples,
                       "epochs": a.epochs, "rows": rows}, out, indent=1)


def our_names(model, prefix):
    """The peer's parameters under the names that peer_workload reads."""
    e = prefix + "visual_bert.embeddings."
    state = {k: v.detach() for k, v in model.state_dict().items()}
    named = {e + "word_embeddings.weight": state["word.weight"],
             e + "position_embeddings.weight": state["pos.weight"],
             e + "token_type_embeddings.weight": state["kind.weight"],
             e + "visual_token_type_embeddings.weight": state["kind.weight"],
             e + "visual_projection.weight": state["visual.weight"],
             e + "visual_projection.bias": state["visual.bias"],
             e + "LayerNorm.weight": state["norm.weight"],
             e + "LayerNorm.bias": state["norm.bias"],
             prefix + "visual_bert.pooler.dense.weight": state["pool.weight"],
             prefix + "visual_bert.pooler.dense.bias": state["pool.bias"],
             prefix + "cls.weight": state["head.weight"],
             prefix + "cls.bias": state["head.bias"]}
    parts = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
             "o": "attention.output.dense", "norm1": "attention.output.LayerNorm",
             "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm"}
    for name, value in state.items():
        if name.startswith("layers."):
            _, index, part, kind = name.split(".")
            layer = prefix + "visual_bert.encoder.layer." + index + "."
            named[layer + parts[part] + "." + kind] = value
    return named


def write_safetensors(path, tensors):
    header, blobs, offset = {}, [], 0
    for name, tensor in tensors.items():
        blob = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape),
                        "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for blob in blobs:
            out.write(blob)


def peer_losses(a, method, initial):
    """Runs the peer with its step losses watched and its first weights saved."""
    import torch
    spec = importlib.util.spec_from_file_location("peer", a.peer)
    peer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(peer)
    models, losses = [], []

    class Watched(peer.VisualBert):
        def __init__(self, *sizes):
            super().__init__(*sizes)
            models.append(self)

    # The peer draws features, teacher, student in this order, then trains.
    saved = torch.Tensor.item

    def item(tensor):
        if tensor.requires_grad:  # the step's loss; AdamW asks for its counters
            losses.append(saved(tensor))
        return saved(tensor)

    adam = torch.optim.Adam

    class Saving(adam):  # of the weight network, made last
        def __init__(self, parameters, **options):
            parameters = list(parameters)
            super().__init__(parameters, **options)
            tensors = {"features": peer.FEATURES}
            tensors.update(our_names(models[0], "teacher/"))
            tensors.update(our_names(models[1], "student/"))
            tensors.update({"method/%d" % i: p.detach() for i, p in enumerate(parameters)})
            write_safetensors(initial, tensors)

    peer.VisualBert, torch.optim.Adam, torch.Tensor.item = Watched, Saving, item
    arguments, output = sys.argv, sys.stdout
    sys.argv = ["peer", "--method", method, "--examples", str(a.examples), "--epochs", str(a.epochs),
                "--threads", str(a.threads)]
    sys.stdout = open(os.devnull, "w")
    try:
        peer.main()
    finally:
        torch.optim.Adam, torch.Tensor.item = adam, saved
        sys.argv, sys.stdout = arguments, output
    return losses


def check(a):
    worst_of_all = 0
    for method in a.methods:
        if method == "msd-saliency":
            print("msd-saliency  left out: the peer's saliency is KL the other way round")
            continue
        with tempfile.TemporaryDirectory() as folder:
            initial = os.path.join(folder, "initial.safetensors")
            theirs = peer_losses(a, method, initial)
            ours = run([a.ours, "--method", method, "--examples", str(a.examples), "--epochs",
                        str(a.epochs), "--threads", str(a.threads), "--initial", initial,
                        "--losses"], a.threads)["losses"]
        if len(ours) != len(theirs):
            sys.exit("%s: %d steps against %d" % (method, len(ours), len(theirs)))
        if not all(x is not None and math.isfinite(x) for x in ours + theirs):
            sys.exit("%s: a loss is not finite" % method)
        worst = max(abs(x - y) / abs(y) for x, y in zip(ours, theirs))
        print("%-13s %d steps, largest relative difference %.1e" % (method, len(ours), worst))
        worst_of_all = max(worst_of_all, worst)
    if not worst_of_all <= 1e-4:
        sys.exit("losses differ by more than 1e-4")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("peer", help="the PyTorch program")
    p.add_argument("--ours", default="build/peer_workload")
    p.add_argument("--python", default=sys.executable, help="runs the peer")
    p.add_argument("--methods", nargs="+", choices=METHODS, default=METHODS)
    p.add_argument("--precisions", nargs="+", choices=["fp32", "bf16"], default=["fp32", "bf16"])
    p.add_argument("--teacher-cache", nargs="+", choices=["off", "on"], default=["off", "on"])
    p.add_argument("--pairs", type=int, default=5)
    p.add_argument("--examples", type=int, default=128)
    p.add_argument("--epochs", type=int, default=3)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--device", default="cpu", help="cpu, cuda, cuda:N")
    p.add_argument("--json", help="also write every figure here")
    p.add_argument("--check", action="store_true", help="compare losses instead of speed")
    a = p.parse_args()
    check(a) if a.check else speed(a)


if __name__ == "__main__":
    main()
