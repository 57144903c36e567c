#include "baselines/models/view_rows.h"

#include <ATen/ATen.h>

namespace msdbench {
namespace {

// Finite, so that a row without any token does not become NaN.
constexpr float kHidden = -1e4F;

class Planner {
 public:
  Planner(const Batch& batch, std::int64_t visual_tokens,
          const std::vector<View>& views, Removal removal, bool packed)
      : removal_(removal),
        packed_(packed),
        visual_tokens_(visual_tokens),
        count_(batch.token_ids.size(0)),
        width_(batch.token_ids.size(1)),
        mask_(batch.text_mask.to(at::kCPU, at::kFloat).contiguous()),
        ids_(batch.token_ids.to(at::kCPU).contiguous()),
        ends_(batch.ends.to(at::kCPU).contiguous()),
        image_tokens_(batch.image_tokens) {
    for (View view : views) {
      const bool no_text = view == View::kImage;
      const bool no_image = view == View::kText;
      plan_.ends |= no_text && removal == Removal::kDrop;
      plan_.blanks |= no_text && removal == Removal::kZero;
      plan_.visuals |= !no_image || (removal == Removal::kMask && !packed);
      plan_.zero_visual |= no_image && removal == Removal::kZero;
    }
    ListTexts();
    for (View view : views) AddView(view);
    if (!packed) {
      plan_.layout.key_bias =
          at::tensor(at::ArrayRef<float>(key_bias_), at::kFloat);
    }
  }

  ViewRows Take() { return std::move(plan_); }

 private:
  bool Seen(std::int64_t example, std::int64_t column) const {
    return mask_.data_ptr<float>()[example * width_ + column] > 0;
  }
  // [CLS] and [SEP], which an image alone keeps.
  bool IsEnd(std::int64_t example, std::int64_t column) const {
    return column == 0 ||
           ids_.data_ptr<std::int64_t>()[example * width_ + column] ==
               ends_.data_ptr<std::int64_t>()[2 * example + 1];
  }

  void ListTexts() {
    for (std::int64_t b = 0; b < count_; ++b) {
      first_text_.push_back(static_cast<std::int64_t>(plan_.texts.size()));
      for (std::int64_t c = 0; c < width_; ++c) {
        if (packed_ && !Seen(b, c)) continue;
        plan_.texts.push_back(b * width_ + c);
        plan_.positions.push_back(c);
      }
    }
    first_text_.push_back(static_cast<std::int64_t>(plan_.texts.size()));
    ends_at_ = first_text_.back();
    blanks_at_ = ends_at_ + (plan_.ends ? 2 * count_ : 0);
    visuals_at_ = blanks_at_ + (plan_.blanks ? first_text_.back() : 0);
    zero_at_ = visuals_at_ + (plan_.visuals ? count_ * visual_tokens_ : 0);
  }

  void Add(std::int64_t row, bool seen) {
    if (packed_ && !seen) return;
    plan_.taken.push_back(row);
    key_bias_.push_back(seen ? 0 : kHidden);
  }

  void AddText(std::int64_t b, bool hidden) {
    if (hidden && removal_ == Removal::kDrop) {
      Add(ends_at_ + 2 * b, true);
      Add(ends_at_ + 2 * b + 1, true);
      return;
    }
    for (std::int64_t i = first_text_[b]; i < first_text_[b + 1]; ++i) {
      const std::int64_t column = plan_.positions[i];
      const bool real = Seen(b, column);
      if (hidden && removal_ == Removal::kZero) {
        Add(blanks_at_ + i, real);
      } else {
        Add(i, real && (!hidden || IsEnd(b, column)));
      }
    }
  }

  void AddImage(std::int64_t b, bool hidden) {
    if (hidden && removal_ == Removal::kDrop) return;
    const std::int64_t real = image_tokens_.defined()
                                  ? image_tokens_.data_ptr<std::int64_t>()[b]
                                  : visual_tokens_;
    for (std::int64_t i = 0; i < visual_tokens_; ++i) {
      const bool zero = hidden && removal_ == Removal::kZero;
      Add(zero ? zero_at_ : visuals_at_ + b * visual_tokens_ + i,
          i < real && (!hidden || zero));
    }
  }

  void AddView(View view) {
    auto& stretches = plan_.layout.stretches;
    const std::size_t before = stretches.size();
    for (std::int64_t b = 0; b < count_; ++b) {
      const auto first = static_cast<std::int64_t>(plan_.taken.size());
      AddText(b, view == View::kImage);
      AddImage(b, view == View::kText);
      const std::int64_t length =
          static_cast<std::int64_t>(plan_.taken.size()) - first;
      if (stretches.size() > before && stretches.back().length == length) {
        ++stretches.back().count;
      } else {
        stretches.push_back({1, length});
      }
    }
  }

  Removal removal_;
  bool packed_;
  std::int64_t visual_tokens_, count_, width_;
  at::Tensor mask_, ids_, ends_, image_tokens_;
  std::vector<std::int64_t> first_text_;  // of each example, in plan_.texts
  std::int64_t ends_at_ = 0, blanks_at_ = 0, visuals_at_ = 0, zero_at_ = 0;
  std::vector<float> key_bias_;
  ViewRows plan_;
};

}  // namespace

ViewRows PlanViewRows(const Batch& batch, std::int64_t visual_tokens,
                      const std::vector<View>& views, Removal removal,
                      bool packed) {
  return Planner(batch, visual_tokens, views, removal, packed).Take();
}

}  // namespace msdbench
