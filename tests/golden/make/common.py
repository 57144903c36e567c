"""What all makers share: random numbers and how files are written."""

import importlib.metadata
import json
import pathlib

import numpy
import safetensors.torch
import torch

HERE = pathlib.Path(__file__).parent.parent
random = numpy.random.default_rng(20)


def version(*packages):
  return ", ".join(f"{p} {importlib.metadata.version(p)}" for p in packages)


def normal(*shape, scale=1.0):
  return torch.from_numpy(random.normal(0, scale, shape))


def write_json(name, value):
  """One line a key, and one line an item of a list of cases."""
  lines = []
  for key, item in value.items():
    if isinstance(item, list) and item and isinstance(item[0], dict):
      text = "[\n  " + ",\n  ".join(json.dumps(x) for x in item) + "\n ]"
    else:
      text = json.dumps(item)
    lines.append(f" {json.dumps(key)}: {text}")
  path = HERE / name
  path.parent.mkdir(exist_ok=True)
  path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def write_tensors(name, tensors):
  tensors = {k: v.detach().clone().contiguous() for k, v in tensors.items()}
  safetensors.torch.save_file(tensors, HERE / name)
