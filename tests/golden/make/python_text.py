"""What this Python's str and re do with every code point, in runs of them."""

import json
import pathlib
import random
import re
import unicodedata

SIGMA, FINAL = "\u03a3", "\u03c2"
POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
DIGIT = re.compile(r"\d")


def runs(of):
  """first, last, first, last, ... of the code points that are `of`."""
  flat, last = [], None
  for c in filter(lambda c: of(chr(c)), POINTS):
    if last is not None and c == last + 1:
      flat[-1] = c
    else:
      flat += [c, c]
    last = c
  return flat


def lower_runs():
  """[first, last, step, what is added] of those with another lower case."""
  found = []
  for c in POINTS:
    lower = chr(c).lower()
    if lower == chr(c) or len(lower) > 1:
      continue
    added = ord(lower) - c
    if found:
      first, last, step, same = found[-1]
      if added == same and c - last == (step or min(c - last, 2)):
        found[-1] = [first, c, c - last, added]
        continue
    found.append([c, c, 0, added])
  return found


def ends_final(text):
  return text.lower().endswith(FINAL)


def cased(c):
  return ends_final(c + SIGMA)


def ignorable(c):
  return ends_final("A" + c + SIGMA) and not cased(c)


def make_python_text():
  for c in map(chr, POINTS):
    assert c.isspace() == (len(f"a{c}b".split()) == 2) == (f"{c}b".strip() == "b")
    assert (("A" + SIGMA + c).lower()[1] == FINAL) != cased(c)
    assert (("A" + SIGMA + c + "A").lower()[1] == FINAL) != (
        cased(c) or ignorable(c))
  draw = random.Random(20)
  letters = "Aa\u03a3\u03a3\u03a3'.\u0301\u00ad\u00aa\u01301 -\u02b0\u2019\u24b6"
  words = ["".join(draw.choices(letters, k=draw.randint(1, 6)))
           for _ in range(200)]
  words += ["", "\u039f\u0394\u039f\u03a3", "\u03a3", "\u039f\u03a3.\u039f\u03a3",
            "\u0130STANBUL", "\u1e9e", "\u212a\u212b", "\U00010400", "D\u017d"]
  value = {
      "source": "this script, run by CPython 3.11",
      "unicode": unicodedata.unidata_version,
      "unassigned": runs(lambda c: unicodedata.category(c) == "Cn"),
      "lower": [x for run in lower_runs() for x in run],
      "longer": {c: c.lower() for c in map(chr, POINTS) if len(c.lower()) > 1},
      "space": runs(str.isspace),
      "digit": runs(lambda c: bool(DIGIT.match(c))),
      "cased": runs(cased),
      "ignorable": runs(ignorable),
      "words": sum(([w, w.lower()] for w in sorted(set(words))), []),
  }
  path = pathlib.Path(__file__).parent.parent / "text" / "python_text.json"
  path.parent.mkdir(exist_ok=True)
  lines = [f" {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()]
  path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
  make_python_text()
