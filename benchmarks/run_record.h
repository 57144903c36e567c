// From what a run produced to its JSON record (schema: reports/schemas).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "benchmarks/machine/run_memory.h"
#include "benchmarks/prepared_data.h"
#include "benchmarks/run_identity.h"
#include "benchmarks/suite.h"
#include "benchmarks/training.h"
#include "benchmarks/view_scores.h"
#include "reports/record.h"

namespace msdbench {

struct TrainedTeacher;
struct WeightsOrigin;

// Below a run's folder, with --save-models.
inline constexpr const char* kModelFolder = "model";

struct RunTimings {
  std::string started;  // UTC, ISO 8601
  double loading_s = 0, teacher_s = 0, evaluation_s = 0, total_s = 0;
  // None where the run trained nothing: a teacher from the cache.
  std::optional<double> training_s, examples_per_second;
  RunMemoryPeak memory;
};

// What every record says before anything ran; with data = nullptr the data
// set's own numbers are left out. A failed record is this plus an error.
Json BeginRecord(const Suite& suite, const DatasetPlan& plan,
                 const PreparedData* data, const RunIdentity& identity);
void MarkFailed(Json& record, const std::string& error);

// Where the first weights came from; nothing when all were drawn.
void PutOrigin(Json& record, const std::optional<WeightsOrigin>& origin);
void PutTeacher(Json& record, const TrainedTeacher& teacher);
// Which epoch, by which metric, and which others were as good; nothing where it
// is not known.
void PutSelection(Json& record, const TrainingResult& training,
                  const std::string& metric);
// The selection and every epoch.
void PutTraining(Json& record, const TrainingResult& training,
                 const std::string& metric);
// split: "dev", "test", "test_last_epoch".
void PutResults(Json& record, const std::string& split,
                const ViewScores& scores);
void PutTimings(Json& record, const RunTimings& timings);

// The time now, UTC, as "2026-01-31T12:00:00Z".
std::string NowText();

}  // namespace msdbench
