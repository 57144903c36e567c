// Names of parts of a model, as suites give them.
#pragma once

#include <string>
#include <vector>

namespace msdbench {

// Whether `part` names this parameter: a run of its dotted name, where * stands
// for any characters ("visual_*", "image", "pooler", "encoder.layer.1").
bool NamesPart(const std::string& part, const std::string& parameter);

// The shortest name of a part that a plain text encoder lacks; empty for all
// others.
std::string ShortPart(const std::string& parameter);

// What a suite may write so that these begin anew; empty when it may not.
std::string NewPartsHint(const std::vector<std::string>& missing);

}  // namespace msdbench
