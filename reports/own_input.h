// No command may write over what it reads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

// Whether both names lead to one file or folder: by links, hard links, "./".
// False where either is absent.
bool IsSamePlace(const std::filesystem::path& a,
                 const std::filesystem::path& b);

// Whether `path`, which need not be there, is `folder` or lies below it, links
// followed.
bool LiesIn(const std::filesystem::path& path,
            const std::filesystem::path& folder);

// Throws UsageError where `output`, which `option` names, is one of `inputs`.
void RefuseOwnInput(const std::string& option,
                    const std::filesystem::path& output,
                    const std::vector<std::filesystem::path>& inputs);

}  // namespace msdbench
