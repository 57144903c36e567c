"""One-sided two-sample t-tests with a pooled variance, SciPy's."""

import numpy
import scipy.stats

from make.common import version, write_json

random = numpy.random.default_rng(21)


def make_two_sample():
  cases = []
  for name, before, after, shift, scale in [
      ("like_the_gate", 6, 3, -0.02, 0.01), ("no_change", 10, 5, 0, 0.01),
      ("a_rise", 20, 10, 0.01, 0.02), ("one_value", 6, 1, -0.01, 0.01),
      ("two_against_one", 2, 1, -0.5, 0.1), ("far_out", 12, 6, -0.3, 0.01)]:
    old = (0.7 + random.normal(0, scale, before)).tolist()
    new = (0.7 + shift + random.normal(0, scale, after)).tolist()
    cases.append({
        "name": name, "before": old, "after": new,
        "p": scipy.stats.ttest_ind(new, old, equal_var=True,
                                   alternative="less").pvalue})
  write_json("statistics/two_sample.json",
             {"source": version("scipy"), "cases": cases})
