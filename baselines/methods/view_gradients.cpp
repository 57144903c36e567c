#include "baselines/methods/view_gradients.h"

#include <ATen/ATen.h>

#include <utility>

#include "baselines/methods/forward_mode.h"
#include "baselines/methods/partial_gradients.h"
#include "baselines/models/classifier.h"

namespace msdbench {
namespace {

void Append(std::vector<at::Tensor>& to, std::vector<at::Tensor> more) {
  for (at::Tensor& tensor : more) to.push_back(std::move(tensor));
}

}  // namespace

ViewGradients::ViewGradients(Classifier& student, const Batch& batch,
                             std::vector<View> views, Removal removal,
                             std::uint64_t dropout_seed)
    : student_(student),
      batch_(batch),
      views_(std::move(views)),
      removal_(removal),
      dropout_seed_(dropout_seed),
      input_(student->Embed(batch, views_, removal, dropout_seed)),
      owners_(at::tensor(input_.layout.Owners(), at::kLong)
                  .to(input_.rows.device())),
      pass_(student->encoder(), input_.layout, dropout_seed) {
  first_ = pass_.Forward(input_.rows.detach()).set_requires_grad(true);
  logits_ = SplitViews(student_->Classify(first_, dropout_seed_), views_);
}

void ViewGradients::Back(Losses losses) {
  loss_function_ = std::move(losses);
  losses_ = loss_function_(logits_);
  d_rows_ = pass_.Back(
      PartialGradients(losses_, {first_}, at::ones_like(losses_))[0]);
}

std::vector<at::Tensor> ViewGradients::Gradients(const at::Tensor& scale,
                                                 std::int64_t fixed) {
  const at::Tensor by_row = scale.index_select(0, owners_).view({-1, 1});
  std::vector<at::Tensor> all = PartialGradients(
      input_.rows, student_->InputParameters(), d_rows_ * by_row);

  const std::int64_t last = scale.size(0);
  const auto encoder = [&](std::int64_t first, std::int64_t end) {
    return pass_.Gradients(first, end, scale.narrow(0, first, end - first));
  };
  if (fixed_part_.empty() && fixed > 0) fixed_part_ = encoder(0, fixed);
  std::vector<at::Tensor> rest = encoder(fixed, last);
  for (std::size_t i = 0; i < fixed_part_.size(); ++i) {
    rest[i].add_(fixed_part_[i]);
  }
  Append(all, std::move(rest));
  Append(all, PartialGradients(losses_, student_->OutputParameters(), scale));
  return all;
}

at::Tensor ViewGradients::Products(std::int64_t first, std::int64_t last,
                                   const std::vector<at::Tensor>& direction) {
  const std::vector<at::Tensor> input = student_->InputParameters();
  const std::vector<at::Tensor> encoder = student_->encoder()->parameters();
  const std::vector<at::Tensor> output = student_->OutputParameters();
  const auto begin = direction.begin();
  const auto encoder_begin = begin + static_cast<std::ptrdiff_t>(input.size());
  const auto output_begin =
      encoder_begin + static_cast<std::ptrdiff_t>(encoder.size());

  std::vector<at::Tensor> along(encoder_begin, output_begin);
  for (std::size_t i = 0; i < along.size(); ++i) {
    if (!along[i].defined()) along[i] = at::zeros_like(encoder[i]);
  }
  const at::Tensor products = pass_.Products(first, last, along);
  const at::Tensor row_tangents =
      DirectionalDerivatives(input, {begin, encoder_begin}, [&] {
        return std::vector<at::Tensor>{
            student_->Embed(batch_, views_, removal_, dropout_seed_).rows};
      })[0];
  const at::Tensor row_products = (row_tangents * d_rows_).sum(1);
  const at::Tensor by_sequence =
      at::zeros({input_.layout.Sequences()}, products.options())
          .index_add(0, owners_, row_products.to(at::kDouble));
  const at::Tensor loss_tangents =
      DirectionalDerivatives(output, {output_begin, direction.end()}, [&] {
        return std::vector<at::Tensor>{loss_function_(SplitViews(
            student_->Classify(first_.detach(), dropout_seed_), views_))};
      })[0];
  return products + (by_sequence + loss_tangents.to(at::kDouble))
                        .narrow(0, first, last - first);
}

}  // namespace msdbench
