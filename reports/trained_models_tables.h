// TrainedModels, drawn.
#pragma once

#include "reports/run_matrix.h"
#include "reports/table.h"
#include "reports/trained_models.h"

namespace msdbench {

constexpr std::size_t kMostPairRows = 500;

// "Trained models, example by example": a row a metric and method, its two
// spreads and how many of its seeds differ. No rows where nothing was compared.
Table TrainedModelsTable(const RunMatrix& matrix, std::size_t reference,
                         const TrainedModels& models, int decimals);

// "Trained models, seed by seed": a row a pair, with difference, interval and
// p. No rows above kMostPairRows: a list of hundreds tells nobody anything.
Table ModelPairsTable(const RunMatrix& matrix, std::size_t reference,
                      const TrainedModels& models, int decimals);

}  // namespace msdbench
