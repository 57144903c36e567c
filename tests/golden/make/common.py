"""What all makers share: random numbers and how files are written."""

import numpy
import safetensors.torch
import torch

from make.files import HERE, version, write_json  # noqa: F401, for the makers

random = numpy.random.default_rng(20)


def normal(*shape, scale=1.0):
  return torch.from_numpy(random.normal(0, scale, shape))


def write_tensors(name, tensors):
  tensors = {k: v.detach().clone().contiguous() for k, v in tensors.items()}
  safetensors.torch.save_file(tensors, HERE / name)
