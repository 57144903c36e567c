// How the C library hands out memory.
#pragma once

namespace msdbench {

// Freed memory stays with the process and is used again. By default large
// tensors are mapped and unmapped anew in every step, and the kernel clears
// each page: a sixth of a training's time was spent there. Call it first.
void KeepFreedMemory();

}  // namespace msdbench
