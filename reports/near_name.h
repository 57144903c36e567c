// A guess at what somebody meant who misspelt a name.
#pragma once

#include <string>
#include <vector>

namespace msdbench {

// ` (did you mean "NAME"?)` with the known name at most two edits away (a
// letter more, less, other, or two swapped); empty when none is.
std::string DidYouMean(const std::string& name,
                       const std::vector<std::string>& known);

}  // namespace msdbench
