#!/usr/bin/env python3
"""How the cost of a training grows: one axis at a time, the rest as it is.

  scripts/scaling_curves.py                           a table of exponents
  scripts/scaling_curves.py --svg docs/scaling.svg    and a picture
  scripts/scaling_curves.py --axes examples labels --method msd-learned

Each point is the fastest of some runs of peer_workload; axis "seeds" counts the
students of one suite that share a teacher and needs --data-root. The exponent
is the slope between the two dearest points (1 = in proportion).
"""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time

AXES = {
    "examples": ("--examples", [64, 128, 256, 512]),
    "text tokens": ("--text-tokens", [8, 16, 32, 64, 128]),
    "visual tokens": ("--visual-tokens", [9, 18, 36, 72, 144]),
    "labels": ("--labels", [3, 30, 300, 3000]),
    "seeds": (None, [1, 2, 4, 8]),
}


def workload(a, flag, value):
    flags = ["--method", a.method, "--precision", a.precision, "--threads", str(a.threads)]
    if flag != "--examples":
        flags += ["--examples", str(a.examples)]
    done = subprocess.run([a.workload, *flags, flag, str(value)], text=True,
                          stdout=subprocess.PIPE, check=True)
    result = json.loads(done.stdout)
    return result["seconds"], result["peak_memory_mb"]


def suite(a, seeds):
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        subprocess.run([a.msdbench, "run", "quick", "--data-root", a.data_root, "--quiet",
                        "--datasets", "snli_ve", "--methods", "none", a.method, "--out", folder,
                        "--seeds", ",".join(str(s) for s in range(1, seeds + 1))],
                       check=True, stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - start
        peak = 0
        for where, _, files in os.walk(folder):
            if "record.json" in files:
                with open(os.path.join(where, "record.json")) as record:
                    peak = max(peak, json.load(record)["timings"]["process_peak_memory_mib"])
    return seconds, peak


def exponent(points):
    (x0, y0), (x1, y1) = points[-2][:2], points[-1][:2]
    return math.log(y1 / y0) / math.log(x1 / x0)


def measure(a):
    curves = {}
    print("| axis | values | seconds | peak MiB | exponent at the end |")
    print("| --- | --- | --- | --- | ---: |")
    for axis in a.axes:
        flag, values = AXES[axis]
        points = []
        for value in values:
            runs = [suite(a, value) if axis == "seeds" else workload(a, flag, value)
                    for _ in range(a.repeats)]
            points.append((value, min(r[0] for r in runs), min(r[1] for r in runs)))
        curves[axis] = points
        print("| %s | %s | %s | %s | %.2f |" % (
            axis, ", ".join(str(p[0]) for p in points), ", ".join("%.2f" % p[1] for p in points),
            ", ".join("%.0f" % p[2] for p in points), exponent(points)), flush=True)
    return curves


def svg(curves, title):
    """Seconds against the multiple of an axis's first value, both logarithmic."""
    width, height, left, top, right, bottom = 640, 400, 60, 40, 150, 50
    colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56606b"]
    xs = [p[0] / c[0][0] for c in curves.values() for p in c]
    ys = [p[1] for c in curves.values() for p in c]
    low, high = math.floor(math.log2(min(ys))), math.ceil(math.log2(max(ys)))
    most = math.ceil(math.log2(max(xs)))
    x_at = lambda v: left + (width - left - right) * math.log2(v) / most
    y_at = lambda v: height - bottom - (height - top - bottom) * (math.log2(v) - low) / (high - low)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" '
           'font-size="12">' % (width, height),
           '<rect width="100%" height="100%" fill="white"/>',
           '<text x="%d" y="22" font-size="14">%s</text>' % (left, title)]
    for power in range(low, high + 1):
        y = y_at(2.0 ** power)
        out.append('<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" '
                   'text-anchor="end">%g s</text>' % (left, y, width - right, left - 8, y + 4, 2.0 ** power))
    for power in range(0, most + 1, 2):
        out.append('<text x="%.1f" y="%d" text-anchor="middle">%d\u00d7</text>'
                   % (x_at(2.0 ** power), height - bottom + 18, 2 ** power))
    out.append('<text x="%d" y="%d" text-anchor="middle">multiple of the axis\u2019s first value</text>'
               % ((left + width - right) // 2, height - 12))
    labels = []
    for colour, (axis, points) in zip(colours, curves.items()):
        places = [(x_at(p[0] / points[0][0]), y_at(p[1])) for p in points]
        out.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>'
                   % (colour, " ".join("%.1f,%.1f" % place for place in places)))
        out += ['<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (*place, colour) for place in places]
        labels.append([places[-1][1], places[-1][0], "%s (%.2f)" % (axis, exponent(points)), colour])
    labels.sort()
    for above, label in zip(labels, labels[1:]):  # none over another
        label[0] = max(label[0], above[0] + 15)
    out += ['<text x="%.1f" y="%.1f" fill="%s">%s</text>' % (x + 8, y + 4, colour, text)
            for y, x, text, colour in labels]
    return "\n".join(out + ["</svg>\n"])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--workload", default="build/peer_workload")
    p.add_argument("--msdbench", default="build/msdbench")
    p.add_argument("--data-root", help="miniature data, for the axis seeds")
    p.add_argument("--axes", nargs="+", choices=list(AXES))
    p.add_argument("--method", default="msd-fixed")
    p.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    p.add_argument("--examples", type=int, default=64, help="on the other axes")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--repeats", type=int, default=3)
    p.add_argument("--svg", help="also draw the curves here")
    p.add_argument("--json", help="also write every figure here")
    a = p.parse_args()
    if not a.axes:
        a.axes = [axis for axis in AXES if axis != "seeds" or a.data_root]
    if "seeds" in a.axes and not a.data_root:
        p.error("the axis seeds needs --data-root")
    curves = measure(a)
    if a.svg:
        with open(a.svg, "w") as out:
            out.write(svg(curves, "%s, %s, %d threads (exponent at the end)" % (a.method, a.precision, a.threads)))
    if a.json:
        with open(a.json, "w") as out:
            json.dump(curves, out, indent=1)


if __name__ == "__main__":
    sys.exit(main())
