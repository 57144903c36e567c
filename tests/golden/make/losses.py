"""The distillation losses, their formulas written anew."""

import numpy
import torch
from torch.nn import functional as F

from make.common import normal, version, write_json, write_tensors


def distillation(t, s, temperature):
  p, q = (torch.log_softmax(x / temperature, 1) for x in (t, s))
  return temperature**2 * (p.exp() * (p - q)).sum(1)


def bernoulli(t, s, temperature, entropy):
  p, q = torch.sigmoid(t / temperature), torch.sigmoid(s / temperature)
  cross = -(p * q.log() + (1 - p) * (1 - q).log())
  if entropy:
    cross = cross + p * p.log() + (1 - p) * (1 - p).log()
  return temperature**2 * cross


def attention(t, s):
  side = min(t.shape[2], s.shape[2])
  t, s = (F.adaptive_avg_pool2d(x, side) for x in (t, s))
  t, s = (F.normalize((x**2).mean(1).flatten(1)) for x in (t, s))
  return ((t - s) ** 2).mean()


def similarity(t, s):
  t, s = (x.flatten(1) for x in (t, s))
  t, s = (F.normalize(x @ x.T) for x in (t, s))
  return ((t - s) ** 2).sum() / len(t) ** 2


def relational(t, s, distance, angle):
  def distances(x):
    square = ((x[:, None] - x[None]) ** 2).sum(2)
    others = ~torch.eye(len(x), dtype=torch.bool)
    d = torch.where(others, torch.where(others, square, 1.0).sqrt(), 0.0)
    return d / d[others].mean()

  def angles(x):
    e = F.normalize(x[None] - x[:, None], dim=2)
    return torch.einsum("ijd,ikd->ijk", e, e)

  loss = distance * F.smooth_l1_loss(distances(s), distances(t))
  return loss + angle * F.smooth_l1_loss(angles(s), angles(t))


def probabilistic(t, s, eps):
  def shares(x):
    x = x / (x.norm(dim=1, keepdim=True) + eps)
    cosine = (x @ x.T + 1) / 2
    return cosine / cosine.sum(1, keepdim=True)

  t, s = shares(t), shares(s)
  return (t * ((t + eps) / (s + eps)).log()).mean()


def correlation(t, s):
  gap = (t - s).abs()
  return (gap[:-1] * gap[1:]).sum(1).mean()


def variational(t, s, extra, eps):
  for i in (0, 2, 4):
    s = F.conv2d(s, extra[f"regressor.{i}.weight"])
    s = s if i == 4 else s.relu()
  variance = (F.softplus(extra["log_scale"]) + eps)[None, :, None, None]
  return (0.5 * ((s - t) ** 2 / variance + variance.log())).mean()


def make_losses():
  cases, tensors = [], {}

  def add(name, source, params, teacher, student, loss, extra=(), train=False):
    """`loss` gives a number a layer; `train`: gradients of extra as well."""
    extra = dict(extra)
    learned = [v for v in extra.values() if train]
    for tensor in student + learned:
      tensor.requires_grad_(True)
    layers = [loss(t, s, extra) for t, s in zip(teacher, student)]
    sum(layers).backward()
    case = {"name": name, "source": source, "params": params}
    case["loss"] = sum(layers).item()
    if len(layers) > 1:
      case["per_layer"] = [layer.item() for layer in layers]
    for key, values in {
        "student": {str(i): x for i, x in enumerate(student)},
        "teacher": {str(i): x for i, x in enumerate(teacher)},
        "grad_student": {str(i): x.grad for i, x in enumerate(student)},
        "extra": extra,
        "grad_extra": {k: v.grad for k, v in extra.items() if train},
    }.items():
      names = {f"{name}/{key}.{k}": v for k, v in values.items()}
      tensors.update(names)
      case[key] = list(names)
    cases.append(case | {"degenerate_zero": False})

  peer = "RepDistiller distiller_zoo/{}.py, its formula written anew"
  for temperature in (1.0, 4.0):
    add(f"kd_T{temperature:g}", peer.format("KD"), {"T": temperature},
        [normal(4, 3, scale=3)], [normal(4, 3)],
        lambda t, s, _: distillation(t, s, temperature).mean())
  add("kd_and_labels",
      "torchdistill losses/mid_level.py KDLoss, its formula written anew",
      {"T": 2.0, "alpha": 0.3}, [normal(4, 3, scale=3)], [normal(4, 3)],
      lambda t, s, e: 0.3 * F.cross_entropy(s, e["targets"])
      + 0.7 * distillation(t, s, 2.0).mean(),
      {"targets": torch.tensor([2, 0, 1, 1])})
  for kind in ("bce", "kl"):
    for reduction in ("mean", "sum_labels_mean_batch"):
      labels = 1 if reduction == "mean" else 5
      add(f"bernoulli_{kind}_{reduction}", "plain torch",
          {"T": 2.0, "reduction": reduction},
          [normal(3, 5, scale=3)], [normal(3, 5)],
          lambda t, s, _: labels * bernoulli(t, s, 2.0, kind == "kl").mean())
  add("hint", peer.format("FitNet"), {}, [normal(3, 4)], [normal(3, 4)],
      lambda t, s, _: ((t - s) ** 2).mean())
  add("attention", peer.format("AT"), {"p": 2},
      [normal(3, 2, 4, 4), normal(3, 3, 2, 2)],
      [normal(3, 3, 2, 2), normal(3, 2, 4, 4)],
      lambda t, s, _: attention(t, s))
  add("similarity", peer.format("SP"), {},
      [normal(4, 6), normal(4, 2, 2, 2)], [normal(4, 3), normal(4, 1, 3, 3)],
      lambda t, s, _: similarity(t, s))
  add("relational", peer.format("RKD"), {"w_d": 25, "w_a": 50},
      [normal(5, 4)], [normal(5, 3)],
      lambda t, s, _: relational(t, s, 25, 50))
  add("probabilistic", peer.format("PKT"), {"eps": 1e-7},
      [normal(4, 5)], [normal(4, 3)],
      lambda t, s, _: probabilistic(t, s, 1e-7))
  add("correlation", peer.format("CC"), {}, [normal(5, 4)], [normal(5, 4)],
      lambda t, s, _: correlation(t, s))
  start = float(numpy.log(numpy.exp(5.0 - 1e-5) - 1))
  add("variational", peer.format("VID"),
      {"init_pred_var": 5.0, "eps": 1e-5, "initial_log_scale": start},
      [normal(2, 3, 2, 2)], [normal(2, 2, 2, 2)],
      lambda t, s, e: variational(t, s, e, 1e-5),
      {"log_scale": start + normal(3, scale=0.5),
       "regressor.0.weight": normal(4, 2, 1, 1),
       "regressor.2.weight": normal(4, 4, 1, 1),
       "regressor.4.weight": normal(3, 4, 1, 1)}, train=True)
  write_json("losses/losses.json", {
      "source": f"formulas in plain torch, float64; {version('torch')}",
      "tensors": "losses.safetensors", "cases": cases})
  write_tensors("losses/losses.safetensors", tensors)
