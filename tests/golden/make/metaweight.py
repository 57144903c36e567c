"""Meta-Weight-Net: double backward and both optimisers written out."""

import torch
from torch.nn import functional as F

from make.common import HERE, normal, random, version, write_json, write_tensors
from make.losses import distillation


def two_layers(p, x, activation):
  x = activation(x @ p["linear1.weight"].T + p["linear1.bias"])
  return x @ p["linear2.weight"].T + p["linear2.bias"]


def parameters(inputs, hidden, outputs):
  shapes = {"linear1.weight": (hidden, inputs), "linear1.bias": (hidden,),
            "linear2.weight": (outputs, hidden), "linear2.bias": (outputs,)}
  return {k: normal(*shape).requires_grad_(True) for k, shape in shapes.items()}


def gradients(loss, p, **options):
  return dict(zip(p, torch.autograd.grad(loss, list(p.values()), **options)))


def leaves(p):
  return {k: v.detach().requires_grad_(True) for k, v in p.items()}


def meta_case(name, kind, config):
  c, branches = config, kind == "three_branches"
  inputs = c["in"] * (2 if branches else 1)
  student = parameters(inputs, c["hidden"], c["classes"])
  network = parameters(3 if branches else 1, c["vnet_hidden"],
                       2 if branches else 1)
  momentum = {k: 0 for k in student}
  first, second = ({k: 0 for k in network} for _ in range(2))
  out = {f"init/student.{k}": v for k, v in student.items()}
  out |= {f"init/weightnet.{k}": v for k, v in network.items()}
  steps = []

  for step in range(c["steps"]):
    def put(key, value):
      values = value if isinstance(value, dict) else {"": value}
      for k, v in values.items():
        out[f"step{step}/{key}{k}"] = v

    def batch(split, size):
      data = {k: normal(size, c["in"])
              for k in (("x_text", "x_image") if branches else ("x",))}
      data["y"] = torch.from_numpy(random.integers(0, c["classes"], size))
      if branches and split == "train.":
        for view in ("multi", "text", "image"):
          data[f"teacher_{view}"] = normal(size, c["classes"], scale=2)
      put(split, data)
      return data

    def full(data):
      if not branches:
        return data["x"]
      return torch.cat([data["x_text"], data["x_image"]], 1)

    train, meta = batch("train.", c["batch"]), batch("meta.", c["meta_batch"])

    def per_example(p):
      """The losses of each example, and its cross-entropy."""
      logits = two_layers(p, full(train), torch.tanh)
      ce = F.cross_entropy(logits, train["y"], reduction="none")
      if not branches:
        return ce, ce
      none = torch.zeros_like(train["x_text"])
      views = {"multi": logits}
      for view, halves in {"text": (train["x_text"], none),
                           "image": (none, train["x_image"])}.items():
        views[view] = two_layers(p, torch.cat(halves, 1), torch.tanh)
      return torch.stack([
          distillation(train[f"teacher_{view}"], z, c["T"])
          for view, z in views.items()], 1), ce

    def objective(p, w):
      losses, ce = per_example(p)
      if not branches:
        return (losses * w[:, 0]).mean()
      kd = losses[:, 0] + (losses[:, 1:] * w).sum(1)
      return (c["lambda_ce"] * ce + (1 - c["lambda_ce"]) * kd).mean()

    losses, ce = per_example(student)
    features = losses.detach().reshape(c["batch"], -1)

    def weigh(p):
      return torch.sigmoid(two_layers(p, features, torch.relu))

    weights = weigh(network)
    virtual_loss = objective(student, weights)
    virtual_grad = gradients(virtual_loss, student, create_graph=True)
    virtual = {k: v - c["lr"] * virtual_grad[k] for k, v in student.items()}
    meta_loss = F.cross_entropy(
        two_layers(virtual, full(meta), torch.tanh), meta["y"])
    meta_grad = gradients(meta_loss, network)
    put("losses", losses)
    if branches:
      put("ce", ce)
    put("weights", weights)
    put("virtual_loss", virtual_loss)
    put("virtual_grad.", virtual_grad)
    put("virtual.", virtual)
    put("meta_loss", meta_loss)
    put("meta_grad.", meta_grad)

    # Adam, then SGD, written out; weight decay is coupled in both.
    for k, value in network.items():
      g = meta_grad[k] + c["vnet_weight_decay"] * value
      first[k] = 0.9 * first[k] + 0.1 * g
      second[k] = 0.999 * second[k] + 0.001 * g**2
      m = first[k] / (1 - 0.9 ** (step + 1))
      v = second[k] / (1 - 0.999 ** (step + 1))
      network[k] = value - c["vnet_lr"] * m / (v.sqrt() + 1e-8)
    network = leaves(network)
    weights_new = weigh(network).detach()
    loss = objective(student, weights_new)
    for k, g in gradients(loss, student).items():
      g = g + c["weight_decay"] * student[k]
      momentum[k] = c["momentum"] * momentum[k] + g
      student[k] = student[k] - c["lr"] * momentum[k]
    student = leaves(student)
    put("weightnet_after.", network)
    put("weights_new", weights_new)
    put("loss", loss)
    put("student_after.", student)
    steps.append({"virtual_loss": virtual_loss.item(),
                  "meta_loss": meta_loss.item(), "loss": loss.item()})

  write_tensors(f"metaweight/{name}.safetensors", out)
  return {"name": name, "kind": kind, "file": f"{name}.safetensors",
          "config": config, "steps": steps}


def make_metaweight():
  (HERE / "metaweight").mkdir(exist_ok=True)
  config = {"lr": 0.1, "momentum": 0.9, "weight_decay": 5e-4, "vnet_lr": 1e-3,
            "vnet_weight_decay": 1e-4, "batch": 4, "meta_batch": 3,
            "hidden": 3, "classes": 3, "vnet_hidden": 4, "steps": 2, "in": 2}
  write_json("metaweight/metaweight.json", {
      "source": "double backward and both optimisers in plain torch; "
                + version("torch"),
      "dtype": "float64",
      "cases": [
          meta_case("own_mwn", "meta_weight_net", config),
          meta_case("own_branches", "three_branches",
                    config | {"T": 2.0, "lambda_ce": 0.4})]})
