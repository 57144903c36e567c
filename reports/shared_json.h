// What JSON objects have in common, told once.
#pragma once

#include <vector>

#include "reports/json_file.h"

namespace msdbench {

// The members, of objects inside too, that all of `objects` have with one
// value. Lists are taken whole. None given: an empty object.
Json SharedPart(const std::vector<Json>& objects);

// `object` without what `shared`, a part of it, has.
Json OwnPart(const Json& object, const Json& shared);

// The object again: members of both, objects inside joined, else `own`'s.
Json Joined(Json shared, const Json& own);

}  // namespace msdbench
