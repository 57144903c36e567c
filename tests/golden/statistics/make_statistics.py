"""Makes statistics.json: golden values of the reports' statistics.

Nothing here comes from the project's C++: the values are SciPy's, NumPy's,
scikit-learn's and statsmodels', or computed here straight from a definition
(every pair, every sign pattern, every bootstrap sample, an integral).

  pip install numpy scipy scikit-learn statsmodels mpmath
  python tests/golden/statistics/make_statistics.py
"""

import importlib.metadata
import itertools
import json
import math
import pathlib

import mpmath
import numpy
import scipy.stats
import sklearn.metrics
from statsmodels.stats.contingency_tables import mcnemar

random = numpy.random.default_rng(24)
mpmath.mp.dps = 25


def intervals():
  for values in ([0.71, 0.72], [0.7, 0.72, 0.69, 0.735, 0.71],
                 random.normal(0.6, 0.02, 12).round(4).tolist(),
                 random.normal(900, 50, 40).round(2).tolist()):
    low, high = scipy.stats.t.interval(
        0.95, len(values) - 1, numpy.mean(values), scipy.stats.sem(values))
    yield {"values": values, "low": low, "high": high}


def percentiles():
  for n in (1, 2, 7, 100):
    values = random.normal(0, 1, n).round(6).tolist()
    for share in (0, 0.025, 0.5, 0.975, 1):
      yield {"values": values, "share": share,
             "want": float(numpy.percentile(values, 100 * share))}


def power(n, shift, critical):
  """P(|T| > critical) by integrating over the estimated deviation."""
  k = mpmath.mpf(n - 1)

  def density(s):  # of sqrt(chi^2_k / k)
    return (2 * (k / 2)**(k / 2) / mpmath.gamma(k / 2) * s**(k - 1) *
            mpmath.exp(-k * s * s / 2))

  def either_tail(s):
    return density(s) * (mpmath.ncdf(shift - critical * s) +
                         mpmath.ncdf(-shift - critical * s))

  # The step of the normal distribution function is at shift / critical.
  step = shift / critical
  width = 12 / critical
  points = sorted({mpmath.mpf(0), max(mpmath.mpf(0), step - width), step,
                   step + width, mpmath.mpf(1) + step + width,
                   mpmath.mpf(15) + step})
  return mpmath.quad(either_tail, points)


def critical_value(n, level):
  """The quantile of Student's t, by the root of its distribution function."""
  k = mpmath.mpf(n - 1)

  def tail(t):
    return mpmath.betainc(k / 2, mpmath.mpf(1) / 2, 0, k / (k + t * t),
                          regularized=True) - level

  return mpmath.findroot(tail, scipy.stats.t.isf(float(level) / 2, n - 1))


def powers():
  for n, effect, tests in ((2, 3, 1), (3, 1.5, 1), (3, 10, 40), (5, 1, 1),
                           (5, 3, 40), (5, 0, 8), (10, 1, 40), (10, 3, 40),
                           (30, 0.5, 4)):
    level = mpmath.mpf("0.05") / tests
    shift = mpmath.mpf(effect) * mpmath.sqrt(n)
    yield {"n": n, "effect": effect, "tests": tests,
           "power": float(power(n, shift, critical_value(n, level)))}


def effects():
  for n, tests in ((2, 1), (2, 40), (3, 1), (3, 40), (5, 8), (5, 40),
                   (10, 40), (20, 100)):
    critical = critical_value(n, mpmath.mpf("0.05") / tests)
    shift = mpmath.findroot(
        lambda x: power(n, x, critical) - mpmath.mpf("0.8"),
        (critical, critical * 1.3 + 1), solver="anderson", tol=1e-18)
    yield {"n": n, "tests": tests, "effect": float(shift / mpmath.sqrt(n))}


def accuracies():
  for n, first, second in ((20, 0, 0), (30, 5, 5), (30, 1, 6), (50, 0, 9),
                           (800, 40, 61), (5000, 310, 402), (9, 9, 0)):
    both = (n - first - second) // 2
    neither = n - first - second - both
    test = mcnemar([[both, first], [second, neither]], exact=True)
    # Wald's interval of paired proportions on a table with 1/2 in each cell.
    more = numpy.array([both, first, second, neither]) + 0.5
    share = more / more.sum()
    centre = share[1] - share[2]
    error = numpy.sqrt((share[1] + share[2] - centre**2) / more.sum())
    reach = scipy.stats.norm.isf(0.025) * error
    yield {"n": n, "first": first, "second": second, "both": both,
           "difference": (first - second) / n, "p": float(test.pvalue),
           "low": max(-1.0, centre - reach), "high": min(1.0, centre + reach)}


def areas():
  """DeLong's variances from every pair of a positive and a negative."""
  for name, n, share, steps in (("small", 12, 0.5, None), ("ties", 40, 0.4, 4),
                                ("rare", 60, 0.1, None), ("more", 150, 0.6, 9)):
    positive = random.random(n) < share
    positive[:4] = [True, True, False, False]
    common = random.normal(0, 1, n) + positive
    scores = [common + random.normal(0, 0.7, n) for _ in range(2)]
    if steps:
      scores = [numpy.round(s * steps / 4) for s in scores]
    scores = [s.round(6) for s in scores]
    wins = [(s[positive][:, None] > s[~positive]) +
            0.5 * (s[positive][:, None] == s[~positive]) for s in scores]
    by_positive = [w.mean(axis=1) for w in wins]
    by_negative = [w.mean(axis=0) for w in wins]
    cov = (numpy.cov(by_positive) / positive.sum() +
           numpy.cov(by_negative) / (~positive).sum())
    difference = wins[0].mean() - wins[1].mean()
    error = numpy.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])
    for s, w in zip(scores, wins):
      assert abs(sklearn.metrics.roc_auc_score(positive, s) - w.mean()) < 1e-12
    reach = scipy.stats.norm.isf(0.025) * error
    yield {"name": name, "positive": positive.astype(int).tolist(),
           "first": scores[0].tolist(), "second": scores[1].tolist(),
           "area": wins[0].mean(), "error": numpy.sqrt(cov[0, 0]),
           "difference": difference,
           "p": 2 * scipy.stats.norm.sf(abs(difference) / error),
           "low": difference - reach, "high": difference + reach}


def credits():
  """All sign patterns, or all their sums where there are too many."""
  for name, n in (("one", 1), ("few", 6), ("ten", 10), ("more", 14),
                  ("drawn", 60), ("many", 400)):
    first, second = random.choice([0, 0.3, 0.6, 0.9, 1], (2, n))
    if name == "many":
      first[:40] = 1
    tenths = numpy.round(10 * (first - second)).astype(int)
    differing = tenths[tenths != 0]
    # The distribution of the sum, one example after another.
    sums = {0: 1}
    for value in differing:
      longer = {}
      for total, ways in sums.items():
        for flipped in (total + int(value), total - int(value)):
          longer[flipped] = longer.get(flipped, 0) + ways
      sums = longer
    seen = abs(int(tenths.sum()))
    ways = sum(w for total, w in sums.items() if abs(total) >= seen)
    p = ways / 2**len(differing)
    if 1 < len(differing) <= 12:
      other = scipy.stats.permutation_test(
          (tenths.astype(float),), numpy.sum, permutation_type="samples",
          n_resamples=numpy.inf)
      assert abs(other.pvalue - p) < 1e-12
    difference = first - second
    low, high = (scipy.stats.t.interval(
        0.95, n - 1, difference.mean(), scipy.stats.sem(difference))
                 if n > 1 else (None, None))
    yield {"name": name, "first": first.tolist(), "second": second.tolist(),
           "differing": len(differing), "difference": difference.mean(), "p": p,
           "low": low, "high": high}


def micro_f1(weights, hits, predicted, actual):
  return 2 * (weights @ hits) / (weights @ (predicted + actual))


def influence_error(hits, predicted, actual):
  """Derivatives by each example's weight, by a complex step."""
  n = len(hits)
  slopes = []
  for i in range(n):
    weights = numpy.ones(n, complex)
    weights[i] += 1e-30j
    slopes.append(micro_f1(weights, hits, predicted, actual).imag / 1e-30)
  # The derivative by a share of the weights is n times that by a weight.
  return numpy.std(numpy.array(slopes) * n, ddof=1) / numpy.sqrt(n)


def atoms(values, name):
  """Percentiles of a discrete distribution, and that 10,000 draws find them."""
  values = numpy.sort(numpy.round(values, 12))
  found = []
  for share in (0.025, 0.975):
    value = values[int(share * len(values))]
    below = numpy.mean(values < value)
    upto = numpy.mean(values <= value)
    # Five standard errors of a share of 0.025 in 10,000 draws.
    if not below + 0.008 < share < upto - 0.008:
      return None
    found.append(float(value))
  return found


def micro_f1s():
  made = 0
  while made < 6:
    n = int(random.integers(4, 7))
    labels = 4
    actual = random.random((n, labels)) < 0.5
    first = actual ^ (random.random((n, labels)) < 0.2)
    second = actual ^ (random.random((n, labels)) < 0.35)
    if not actual.any(axis=1).all():
      continue
    counts = {}
    for name, got in (("first", first), ("second", second)):
      counts[name] = [(got & actual).sum(axis=1), got.sum(axis=1),
                      actual.sum(axis=1)]
    weights = []
    for sample in itertools.product(range(n), repeat=n):
      weights.append(numpy.bincount(sample, minlength=n))
    weights = numpy.array(weights, float)
    differences = (micro_f1(weights, *counts["first"]) -
                   micro_f1(weights, *counts["second"]))
    ends = atoms(differences, "micro_f1")
    if ends is None or ends[0] == ends[1]:
      continue
    differences = numpy.round(differences, 12)
    ones = numpy.ones(n)
    made += 1
    yield {"first": numpy.transpose(counts["first"]).tolist(),
           "second": numpy.transpose(counts["second"]).tolist(),
           "value": sklearn.metrics.f1_score(actual, first, average="micro"),
           "error": influence_error(*counts["first"]),
           "difference": (micro_f1(ones, *counts["first"]) -
                          micro_f1(ones, *counts["second"])),
           "not_above": numpy.mean(differences <= 0),
           "not_below": numpy.mean(differences >= 0),
           "low": ends[0], "high": ends[1]}


def across_points():
  for runs in ([[1], [1]], [[3, 3], [3, 3]], [[5, 4, 5], [5, 5, 3]],
               [[10, 7, 9, 10], [8, 10, 10, 6]]):
    scores = [[random.normal(0.6 + 0.1 * d, 0.03, n).round(2).tolist()
               for d, n in enumerate(list_)] for list_ in runs]
    flat = [x for values in scores[0] for x in values]
    chances = [scipy.stats.mannwhitneyu(x, y).statistic / (len(x) * len(y))
               for x, y in zip(*scores)]
    yield {"scores": scores[0], "reference": scores[1],
           "iqm": scipy.stats.trim_mean(flat, 0.25),
           "improvement": numpy.mean(chances)}


def expanded_tail(values, groups):
  """Hesterberg 2015: percentiles that are an interval for few values."""
  freedom = values - groups
  stretch = numpy.sqrt(values / freedom)
  return scipy.stats.norm.cdf(-stretch * scipy.stats.t.isf(0.025, freedom))


def brackets(values, tail):
  """Where 10,000 draws from `values` have their percentiles, five errors wide."""
  values = numpy.sort(values)
  found = []
  for share in (tail, 1 - tail):
    reach = 5 * numpy.sqrt(share * (1 - share) / 10_000) + 1e-4
    found.append([float(numpy.quantile(values, max(0, share - reach))),
                  float(numpy.quantile(values, min(1, share + reach)))])
  return found


def across_intervals():
  """Every bootstrap sample of two methods' runs on two data sets."""
  for runs, paired in ((3, True), (4, True), (5, True), (3, False)):
    scores = random.normal([[[0.62], [0.70]], [[0.60], [0.71]]], 0.03,
                           (2, 2, runs)).round(4)  # method, data set, run
    picks = numpy.array(list(itertools.combinations_with_replacement(
        range(runs), runs)))
    # How many of the runs ** runs draws give these runs.
    counts = numpy.array([numpy.bincount(p, minlength=runs) for p in picks])
    ways = numpy.array([math.factorial(runs) // math.prod(
        math.factorial(c) for c in count) for count in counts])
    centred, chances, weights = [], [], []
    for d in range(2):
      mine, other = scores[0][d][picks], scores[1][d][picks]
      first = numpy.repeat(numpy.arange(len(picks)), 1 if paired else len(picks))
      second = first if paired else numpy.tile(numpy.arange(len(picks)),
                                               len(picks))
      mine, other = mine[first], other[second]
      centred.append(mine - other.mean(axis=1, keepdims=True))
      wins = ((mine[:, :, None] > other[:, None, :]) +
              0.5 * (mine[:, :, None] == other[:, None, :]))
      chances.append(wins.mean(axis=(1, 2)))
      weights.append(ways[first] if paired else ways[first] * ways[second])
    a, b = (x.ravel() for x in numpy.meshgrid(
        *(numpy.arange(len(c)) for c in chances), indexing="ij"))
    iqms = scipy.stats.trim_mean(
        numpy.concatenate([centred[0][a], centred[1][b]], axis=1), 0.25, axis=1)
    means = (chances[0][a] + chances[1][b]) / 2
    times = weights[0][a] * weights[1][b]
    times = times // numpy.gcd.reduce(times)
    tail = expanded_tail(2 * runs, 2)
    difference = scores[0] - scores[1].mean(axis=1, keepdims=True)
    yield {"scores": scores[0].tolist(), "reference": scores[1].tolist(),
           "paired": paired, "tail": tail,
           "iqm": scipy.stats.trim_mean(difference.ravel(), 0.25),
           "iqm_ends": brackets(numpy.repeat(iqms, times), tail),
           "improvement_ends": brackets(numpy.repeat(means, times), tail)}


def plain(value):
  if isinstance(value, dict):
    return {k: plain(v) for k, v in value.items()}
  if isinstance(value, (list, tuple)):
    return [plain(v) for v in value]
  return value.item() if isinstance(value, numpy.generic) else value


if __name__ == "__main__":
  packages = ("numpy", "scipy", "scikit-learn", "statsmodels", "mpmath")
  groups = (intervals, percentiles, powers, effects, accuracies, areas,
            credits, micro_f1s, across_points, across_intervals)
  lines = [' "source": ' + json.dumps(", ".join(
      f"{p} {importlib.metadata.version(p)}" for p in packages))]
  for group in groups:
    cases = [json.dumps(plain(case)) for case in group()]
    lines.append(f' "{group.__name__}": [\n  ' + ",\n  ".join(cases) + "\n ]")
  path = pathlib.Path(__file__).parent / "statistics.json"
  path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
