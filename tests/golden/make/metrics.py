"""ROC AUC and F1, the library's."""

import numpy
import sklearn.metrics

from make.common import random, version, write_json


def make_metrics():
  cases = []
  for name, labels, scores in [
      ("random", random.integers(0, 2, 30), random.normal(0, 1, 30)),
      ("ties", random.integers(0, 2, 30), random.integers(0, 4, 30)),
      ("one_class", numpy.ones(4, int), random.normal(0, 1, 4)),
      ("reversed", numpy.array([1, 1, 0, 0]), numpy.arange(4))]:
    both = 0 < labels.sum() < len(labels)
    cases.append({
        "name": name, "labels": labels.tolist(),
        "scores": scores.astype(float).tolist(),
        "auc": sklearn.metrics.roc_auc_score(labels, scores) if both else None,
        "error": None if both else "one class only"})
  source = version("scikit-learn")
  write_json("metrics/roc_auc.json", {"source": source, "cases": cases})

  cases = []
  for name, labels in [("binary", 2), ("three", 3)]:
    truth, got = random.integers(0, labels, (2, 20))
    cases.append({
        "name": name, "kind": "multiclass", "y_true": truth.tolist(),
        "y_pred": got.tolist(),
        "accuracy": sklearn.metrics.accuracy_score(truth, got)})
  for name, rows, labels, share in [("dense", 12, 4, 0.5),
                                    ("rare", 15, 6, 0.1)]:
    truth, got = random.random((2, rows, labels)) < share
    cases.append({
        "name": name, "kind": "multilabel",
        "y_true": truth.astype(int).tolist(), "y_pred": got.astype(int).tolist()
    } | {f"f1_{average}": sklearn.metrics.f1_score(
        truth, got, average=average, zero_division=0)
         for average in ("micro", "macro", "weighted", "samples")})
  write_json("metrics/classification.json", {"source": source, "cases": cases})
