#!/usr/bin/env python3
"""Which test finds a drop in one cell of a check best, by simulation.

Prints how often each test rejects, in percent, at the level that Holm's first
step leaves of 0.05 for 32 cells: where nothing changed, where today's runs only
spread twice as much, and where a mean dropped by two standard deviations. The
baseline has twice the seeds of the check, the check's among them; `rho` is the
correlation of two runs with the same seed.

  pip install numpy scipy
  scripts/compare_gate_tests.py
"""

import numpy
from scipy import stats

DRAWS = 40000
LEVEL = 0.05 / 32


def p_values(before, after):
  n = after.shape[1]
  return {
      "pooled": stats.ttest_ind(after, before, axis=1, equal_var=True,
                                alternative="less").pvalue,
      "Welch": stats.ttest_ind(after, before, axis=1, equal_var=False,
                               alternative="less").pvalue,
      "paired": stats.ttest_rel(after, before[:, :n], axis=1,
                                alternative="less").pvalue,
  }


def main():
  random = numpy.random.default_rng(31)
  print("| seeds | rho | test | no change | spread doubled | drop of 2 sd |")
  print("| ---: | ---: | --- | ---: | ---: | ---: |")
  for n in (3, 5, 10):
    for rho in (0.0, 0.5, 0.9):
      shares = {}
      for drop, spread in ((0, 1), (0, 2), (2, 1)):
        before = random.normal(size=(DRAWS, 2 * n))
        after = spread * (rho * before[:, :n] + numpy.sqrt(1 - rho ** 2) *
                          random.normal(size=(DRAWS, n))) - drop
        for test, p in p_values(before, after).items():
          shares.setdefault(test, []).append(100 * numpy.mean(p <= LEVEL))
      for test, (none, doubled, found) in shares.items():
        print(f"| {n} | {rho} | {test} | {none:.2f} % | {doubled:.2f} % |"
              f" {found:.0f} % |")


if __name__ == "__main__":
  main()
