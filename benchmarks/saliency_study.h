// What every saliency measure says about a data set, and how well it ranks the
// modality that a planted rule made informative.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "baselines/models/view_logits.h"
#include "datasets/encoded.h"
#include "reports/json_file.h"
#include "reports/table.h"

namespace msdbench {

struct SaliencyRow {
  std::string dataset, measure;
  std::int64_t examples = 0;
  double text_score = 0, image_score = 0;  // means over the split
  double image_weight = 0;                 // mean share; text has the rest
  // How often, of two examples of which the rule made the image matter more
  // for one, that one has the larger image share; ties count half. None
  // without a planted rule or where all examples are alike.
  std::optional<double> ranking;
  std::int64_t pairs = 0;  // that the ranking is over
  // "text", "image" or "neither": the modality that scores better alone under
  // the planted rule; empty without one.
  std::string planted_side;
};

// A row a measure. `teacher`: logits of all three views on `split`. `planted`:
// the content of planted.json, or null.
std::vector<SaliencyRow> StudySaliency(const std::string& dataset,
                                       const EncodedSplit& split,
                                       const ViewLogits& teacher,
                                       const Json& planted);

Json ToJson(const std::vector<SaliencyRow>& rows);
Table SaliencyTable(const std::vector<SaliencyRow>& rows);

}  // namespace msdbench
