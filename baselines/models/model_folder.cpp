#include "baselines/models/model_folder.h"

#include <ATen/ATen.h>

#include "baselines/models/checkpoint.h"
#include "baselines/models/checkpoint_names.h"
#include "baselines/models/classifier.h"
#include "datasets/text/tokenizer_folder.h"
#include "reports/json_file.h"

namespace msdbench {

void SaveModelFolder(const Classifier& model,
                     const std::vector<std::string>& vocabulary,
                     const KeptPieces& pieces, const at::Tensor& words,
                     const std::filesystem::path& folder) {
  const ClassifierOptions& options = model->options();
  const VisualBertOptions& bert = options.bert;
  const Json config = {{"architectures", {"VisualBertModel"}},
                       {"model_type", "visual_bert"},
                       {"vocab_size", pieces.total},
                       {"hidden_size", bert.hidden},
                       {"num_hidden_layers", bert.layers},
                       {"num_attention_heads", bert.heads},
                       {"intermediate_size", bert.intermediate},
                       {"hidden_act", "gelu"},
                       {"hidden_dropout_prob", bert.dropout},
                       {"attention_probs_dropout_prob", bert.dropout},
                       {"max_position_embeddings", bert.positions},
                       {"type_vocab_size", 2},
                       {"layer_norm_eps", bert.layer_norm_epsilon},
                       {"visual_embedding_dim", bert.visual_width},
                       {"bypass_transformer", false},
                       {"special_visual_initialize", true},
                       {"num_labels", options.labels},
                       {"pad_token_id", 0}};
  const at::Tensor kept =
      model->named_parameters()[kWordEmbeddings].detach().to(at::kCPU,
                                                             at::kFloat);
  at::Tensor whole = words.defined() ? words.to(at::kFloat).clone()
                                     : at::zeros({pieces.total, kept.size(1)});
  whole.index_copy_(0, at::tensor(pieces.ids), kept);
  SaveWeights(*model, folder / "model.safetensors", {{"format", "pt"}},
              {{kWordEmbeddings, whole}});
  WriteFileAtomically(folder / "config.json", config.dump(2) + "\n");
  WriteFileAtomically(folder / "vocab.txt", VocabularyText(vocabulary));
}

}  // namespace msdbench
