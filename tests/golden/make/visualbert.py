"""A tiny VisualBERT, the library's."""

import torch
import transformers

from make.common import HERE, normal, version, write_json, write_tensors


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
      grads = torch.autograd.grad(result.pooler_output.sum(),
                                  [named[k] for k in trained])
      io |= {f"{name}/grad/{k}": g for k, g in zip(trained, grads)}
    io |= {f"{name}/in/{k}": v for k, v in inputs.items()}
    io |= {f"{name}/out/{k}": v for k, v in out.items()}
    cases.append(case)
  write_tensors("visualbert/own16.weights.safetensors", weights)
  write_tensors("visualbert/own16.io.safetensors", io)

  # The same once more with the positions' table in another order, and ids that
  # find each token its old row.
  order = torch.tensor([7, 2, 11, 0, 5])
  rest = [i for i in range(12) if i not in order.tolist()]
  table = weights["embeddings.position_embeddings.weight"]
  with torch.no_grad():
    old = table.clone()
    table[order], table[rest] = old[:5], old[5:]
  inputs = text | patches | {"position_ids": order[None]}
  result = model.visual_bert(**inputs, output_hidden_states=True)
  out = {"last_hidden_state": result.last_hidden_state,
         "pooler_output": result.pooler_output,
         "vqa_logits": model(**inputs).logits}
  for i, states in enumerate(result.hidden_states):
    out[f"hidden_states.{i}"] = states
  places = {"name": "positions", "inputs": list(inputs),
            "hidden_states": len(result.hidden_states), "vqa_logits": True}
  write_tensors("visualbert/own16_positions.weights.safetensors", weights)
  write_tensors("visualbert/own16_positions.io.safetensors",
                {f"positions/in/{k}": v for k, v in inputs.items()}
                | {f"positions/out/{k}": v for k, v in out.items()})
  config = sizes | {"hidden_act": "gelu (erf)", "type_vocab_size": 2,
                    "pad_token_id": 0}
  write_json("visualbert/visualbert.json", {
      "source": "VisualBertForQuestionAnswering; "
                + version("transformers", "torch"),
      "dtype": "float32", "mode": "eval",
      "models": [{"name": name, "config": config,
                  "weights": f"{name}.weights.safetensors",
                  "io": f"{name}.io.safetensors", "cases": some}
                 for name, some in (("own16", cases),
                                    ("own16_positions", [places]))]})
