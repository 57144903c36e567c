"""Where golden values go and how they are written; needs no other package."""

import importlib.metadata
import json
import pathlib

HERE = pathlib.Path(__file__).parent.parent


def version(*packages):
  return ", ".join(f"{p} {importlib.metadata.version(p)}" for p in packages)


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
