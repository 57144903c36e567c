// A loop whose turns are shared among threads.
#pragma once

#include <cstddef>
#include <functional>

namespace msdbench {

// Calls `turn` with 0 .. count - 1, each once, in any order, on up to `threads`
// threads, the caller's among them. Where turns throw, the rest still runs and
// the exception of the lowest turn is thrown.
void ParallelFor(std::size_t count, int threads,
                 const std::function<void(std::size_t)>& turn);

// As many threads as there are cores, but no more than `useful`; at least 1.
int ThreadsFor(std::size_t useful);

}  // namespace msdbench
