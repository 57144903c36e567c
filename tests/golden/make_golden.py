"""Makes this folder: a few golden values for every golden test.

The layout and the fields are those of the larger set that public peers' own
code made (see CONTRIBUTING.md), so the same tests read both. Nothing here comes
from the project's C++: formulas are written anew in numpy and plain torch,
and VisualBERT, the tokenizer, F1, ROC AUC and the pictures are the libraries'.

  pip install torch transformers scikit-learn pillow
  python tests/golden/make_golden.py
"""

import importlib.metadata
import json
import pathlib
import re

import numpy
import PIL.Image
import safetensors.torch
import sklearn.metrics
import torch
import transformers
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent
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


# -- losses ------------------------------------------------------------------


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


# -- Meta-Weight-Net -----------------------------------------------------------


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


# -- metrics ---------------------------------------------------------------------

# The rules of the VQA challenge, as its page states them: marks, numbers,
# articles, and of its contractions those that occur below.
PUNCTUATION = ";/[]\"{}()=+\\_-><@`,?!"
NUMBERS = dict(none="0", zero="0", one="1", two="2", three="3", four="4",
               five="5", six="6", seven="7", eight="8", nine="9", ten="10")
CONTRACTIONS = {"dont": "don't", "isnt": "isn't"}


def strip_answer(raw):
  return raw.replace("\n", " ").replace("\t", " ").strip()


def process_punctuation(text):
  out, comma = text, re.search(r"\d,\d", text)
  for mark in PUNCTUATION:
    beside_space = mark + " " in text or " " + mark in text
    out = out.replace(mark, "" if beside_space or comma else " ")
  return re.sub(r"\.(?!\d)", "", out)


def process_words(text):
  words = [NUMBERS.get(w, w) for w in text.lower().split()]
  words = [w for w in words if w not in ("a", "an", "the")]
  return " ".join(CONTRACTIONS.get(w, w) for w in words)


def normalise(text):
  return process_words(process_punctuation(text))


def make_vqa():
  raw = ["Yes", " The Dog.", "a", "two cats", "10,000", "red,white", "x-ray",
         "a - b", "U.S.A.", "3.5", "dont know", "isnt", "black / white",
         "one\ttwo\nthree", "What?!", "it's", "1,000 people, or-so", "None",
         "(left)", "ten  and an apple", "5:30", "\u00dcber", ""]
  write_json("metrics/vqa_answers.json", {
      "source": "the challenge's rules written anew",
      "cases": [{"raw": x,
                 "after_punctuation": process_punctuation(strip_answer(x)),
                 "processed": normalise(strip_answer(x))} for x in raw]})

  choices = ["yes", "Yes.", "no", "two", "2", "the dog", "dog"]
  annotations, results, accuracy = [], [], {}
  for number in range(12):
    few = 1 if number < 3 else int(random.integers(2, len(choices)))
    offset = int(random.integers(len(choices)))
    answers = [choices[(offset + int(random.integers(few))) % len(choices)]
               for _ in range(10)]
    result = answers[0] if number % 2 else str(random.choice(choices))
    annotations.append({"question_id": number, "answers": [
        {"answer_id": i + 1, "answer": x} for i, x in enumerate(answers)]})
    results.append({"question_id": number, "answer": result})
    if len(set(answers)) > 1:
      answers, result = [normalise(x) for x in answers], normalise(result)
    matches = [sum(x == result for j, x in enumerate(answers) if j != i)
               for i in range(10)]
    accuracy[str(number)] = round(
        100 * sum(min(1, m / 3) for m in matches) / 10, 12)
  write_json("metrics/vqa_accuracy.json", {
      "source": "mean over the answers left out of min(1, matches / 3)",
      "input": {"annotations": annotations, "results": results},
      "expected": {"per_question_rounded_12": accuracy}})


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
  for name, rows, labels, share in [("dense", 12, 4, 0.5), ("rare", 15, 6, 0.1)]:
    truth, got = random.random((2, rows, labels)) < share
    cases.append({
        "name": name, "kind": "multilabel",
        "y_true": truth.astype(int).tolist(), "y_pred": got.astype(int).tolist()
    } | {f"f1_{average}": sklearn.metrics.f1_score(
        truth, got, average=average, zero_division=0)
         for average in ("micro", "macro", "weighted", "samples")})
  write_json("metrics/classification.json", {"source": source, "cases": cases})


# -- tokenizer -------------------------------------------------------------------

PIECES = """[PAD] [UNK] [CLS] [SEP] [MASK] the cat sat hello world cafe un ##aff
##able don ' t play ##ing ##s is it what color ? ! , . - $ 10 ##0 naive \u00df a
b \u4e2d \u6587 \u0438 \u03c3 ##\u03c3 uber ( ) " m ##e ##me""".split()

TEXTS = {
    "ascii": ["Hello, World!", "unaffable cats", "Don't play", "what color is it?",
              "playing-plays", "$100", "(the \"cat\")", "unknownword", "me meme"],
    "accents": ["Caf\u00e9 na\u00efve \u00dcBER", "cafe\u0301", "\u00df \u1e9e"],
    "cjk": ["hello\u4e2d\u6587a", "\u3042\u4e2d"],
    "control": ["he\u200bllo", "hel\u0000lo", "a\u00adb"],
    "whitespace": ["", " \t\n\u00a0\u3000", "the\u2003cat\r\nsat"],
    "emoji": ["cat \U0001f600 sat"],
    "oddunicode": ["\u0418 \u03a3\u03c3", "\ufb01 \u2026"],
    "long": ["un" + "able" * 24, "un" + "able" * 25, "the cat sat " * 9],
    "special_in_text": ["[CLS] hello [SEP]", "the [MASK] sat"],
}


def make_tokenizer():
  (HERE / "tokenizer").mkdir(exist_ok=True)
  vocab = HERE / "tokenizer" / "vocab.txt"
  vocab.write_text("\n".join(PIECES) + "\n", encoding="utf-8")
  tokenizer = transformers.BertTokenizer(str(vocab))

  def ids(text):
    return tokenizer(text, add_special_tokens=False)["input_ids"]

  single = [{"group": group, "text": text}
            for group, texts in TEXTS.items() for text in texts]
  single = [{"id": i} | one | {"ids": ids(one["text"])}
            for i, one in enumerate(single)]
  damaged = [b"\xff", b"hel\xfflo", b"cat\xc3", b"\xc3(", b"\xe4\xb8\xad\xe4\xb8",
             b"\xf0\x9f\x98a", b"\xed\xa0\x80b"]
  pairs = [("the cat", "it sat"), ("hello", ""), ("caf\u00e9", "\u4e2d\u6587!")]
  write_json("tokenizer/tokenizer.json", {
      "source": "BertTokenizer; " + version("transformers", "tokenizers"),
      "vocab": "vocab.txt",
      "special": {"pad": tokenizer.pad_token_id, "unk": tokenizer.unk_token_id,
                  "cls": tokenizer.cls_token_id, "sep": tokenizer.sep_token_id,
                  "mask": tokenizer.mask_token_id},
      "single": single,
      "invalid_utf8": [{"bytes_hex": x.hex(),
                        "ids": ids(x.decode("utf-8", "replace"))}
                       for x in damaged],
      "pairs": [{"id": i, "text_a": a, "text_b": b, "input_ids": tokenizer(
          a, b, padding="max_length", max_length=12)["input_ids"]}
                for i, (a, b) in enumerate(pairs)]})


# -- VisualBERT ------------------------------------------------------------------


def make_visualbert():
  (HERE / "visualbert").mkdir(exist_ok=True)
  sizes = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
               intermediate_size=24, vocab_size=20, visual_embedding_dim=6,
               max_position_embeddings=12, num_labels=3, layer_norm_eps=1e-12)
  model = transformers.VisualBertForQuestionAnswering(
      transformers.VisualBertConfig(**sizes)).eval()
  weights = {k.removeprefix("visual_bert."): v
             for k, v in model.state_dict().items()}
  with torch.no_grad():
    for name, value in weights.items():
      value.copy_(normal(*value.shape, scale=0.3)
                  + (1 if name.endswith("LayerNorm.weight") else 0))

  text, patches = {
      "input_ids": torch.tensor([[2, 7, 9, 11, 3], [2, 5, 3, 0, 0]]),
      "attention_mask": torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]),
      "token_type_ids": torch.zeros(2, 5, dtype=torch.long)}, {
      "visual_embeds": normal(2, 3, 6).float(),
      "visual_attention_mask": torch.tensor([[1, 1, 1], [1, 1, 0]]),
      "visual_token_type_ids": torch.ones(2, 3, dtype=torch.long)}
  ends = {"input_ids": torch.tensor([[2, 3], [2, 3]]),
          "attention_mask": torch.ones(2, 2, dtype=torch.long),
          "token_type_ids": torch.zeros(2, 2, dtype=torch.long)}
  trained = ["embeddings.visual_projection.weight",
             "embeddings.word_embeddings.weight",
             "encoder.layer.0.attention.self.query.weight",
             "encoder.layer.1.output.LayerNorm.bias"]
  cases, io = [], {}
  for name, inputs in {"multimodal": text | patches, "text_only": text,
                       "image_only": ends | patches}.items():
    result = model.visual_bert(**inputs, output_hidden_states=True)
    out = {"last_hidden_state": result.last_hidden_state,
           "pooler_output": result.pooler_output}
    case = {"name": name, "inputs": list(inputs), "hidden_states": 0}
    if name != "text_only":
      case["vqa_logits"] = True
      out["vqa_logits"] = model(**inputs).logits
    if name == "multimodal":
      case["hidden_states"] = len(result.hidden_states)
      for i, states in enumerate(result.hidden_states):
        out[f"hidden_states.{i}"] = states
      case["grad_of_sum_pooled"] = trained
      named = dict(model.visual_bert.named_parameters())
      for k, g in gradients(result.pooler_output.sum(),
                            {k: named[k] for k in trained}).items():
        io[f"{name}/grad/{k}"] = g
    io |= {f"{name}/in/{k}": v for k, v in inputs.items()}
    io |= {f"{name}/out/{k}": v for k, v in out.items()}
    cases.append(case)
  write_tensors("visualbert/own16.weights.safetensors", weights)
  write_tensors("visualbert/own16.io.safetensors", io)
  write_json("visualbert/visualbert.json", {
      "source": "VisualBertForQuestionAnswering; "
                + version("transformers", "torch"),
      "dtype": "float32", "mode": "eval",
      "models": [{"name": "own16",
                  "config": sizes | {"hidden_act": "gelu (erf)",
                                     "type_vocab_size": 2, "pad_token_id": 0},
                  "weights": "own16.weights.safetensors",
                  "io": "own16.io.safetensors", "cases": cases}]})


# -- images ----------------------------------------------------------------------


def make_images():
  (HERE / "images").mkdir(exist_ok=True)
  mean = numpy.float32([0.485, 0.456, 0.406])
  deviation = numpy.float32([0.229, 0.224, 0.225])
  side, cases, tensors = 10, [], {}
  for name, file, mode in [("rgb", "rgb.jpg", "RGB"), ("grey", "grey.jpg", "L"),
                           ("rgba", "rgba.png", "RGBA")]:
    width, height = int(random.integers(17, 30)), int(random.integers(17, 30))
    # Waves with a little noise: what a photograph is to JPEG.
    y, x = numpy.mgrid[:height, :width]
    planes = [128 + 90 * numpy.sin(x / a + y / b) + random.normal(0, 8, x.shape)
              for a, b in random.uniform(2, 9, (len(mode), 2))]
    pixels = numpy.stack(planes, 2).clip(0, 255).astype("uint8")
    PIL.Image.fromarray(pixels.squeeze()).save(HERE / "images" / file)
    image = PIL.Image.open(HERE / "images" / file).convert("RGB")
    small = numpy.asarray(
        image.resize((side, side), PIL.Image.Resampling.BILINEAR))
    normalised = (small / numpy.float32(255) - mean) / deviation
    tensors[f"{name}/decoded_rgb_hwc"] = numpy.asarray(image)
    tensors[f"{name}/resized_rgb_hwc"] = small
    tensors[f"{name}/normalised_chw"] = normalised.transpose(2, 0, 1)
    cases.append({"name": name, "file": file, "width": width, "height": height,
                  "decoded_rgb_included": True})
  write_json("images/images.json", {
      "source": f"{version('pillow')}, bilinear; pictures of our own",
      "mean": mean.tolist(), "std": deviation.tolist(),
      "tensors": "images.safetensors", "cases": cases})
  write_tensors("images/images.safetensors",
                {k: torch.from_numpy(v.copy()) for k, v in tensors.items()})


if __name__ == "__main__":
  for make in (make_losses, make_metaweight, make_vqa, make_metrics,
               make_tokenizer, make_visualbert, make_images):
    make()
