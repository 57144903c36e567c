#include "benchmarks/machine/blas_library.h"

#include <ATen/Context.h>
#include <ATen/Version.h>
#include <dlfcn.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace msdbench {
namespace {

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}
bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// "openblas-openmp", "blis-pthread": Debian's folders.
std::string VariantOfFolder(std::string_view folder) {
  for (const char* variant : {"openmp", "pthread", "serial"}) {
    if (Contains(folder, variant)) return variant;
  }
  return "";
}

// The files of a process, each once; other mappings have no '/'.
std::set<std::filesystem::path> MappedFiles(std::string_view maps) {
  std::set<std::filesystem::path> files;
  std::istringstream lines{std::string(maps)};
  for (std::string line; std::getline(lines, line);) {
    const auto slash = line.find('/');
    if (slash != std::string::npos) files.insert(line.substr(slash));
  }
  return files;
}

std::string MklVariant(const std::set<std::filesystem::path>& files) {
  for (const auto& file : files) {
    const std::string name = file.filename();
    if (StartsWith(name, "libmkl_sequential")) return "serial";
    if (StartsWith(name, "libmkl_tbb_thread")) return "tbb";
    if (StartsWith(name, "libmkl_gnu_thread")) return "openmp";
    if (StartsWith(name, "libmkl_intel_thread")) return "openmp";
  }
  return "";
}

// "2024.2" of "Intel(R) ... Library Version 2024.2-Product Build ...".
std::string ShortMklVersion(const std::string& text) {
  const std::string key = "Version ";
  const auto start = text.find(key);
  if (start == std::string::npos) return text;
  const auto number = start + key.size();
  return text.substr(number, text.find_first_of("- ", number) - number);
}

// Asked of OpenBLAS itself, where a file's name and folder say nothing.
void AskOpenBlas(BlasLibrary& library) {
  using Parallel = int (*)();
  using Config = const char* (*)();
  if (auto* ask = reinterpret_cast<Parallel>(
          dlsym(RTLD_DEFAULT, "openblas_get_parallel"))) {
    static constexpr const char* kVariants[] = {"serial", "pthread", "openmp"};
    const int answer = ask();
    if (answer >= 0 && answer <= 2) library.variant = kVariants[answer];
  }
  if (auto* ask = reinterpret_cast<Config>(
          dlsym(RTLD_DEFAULT, "openblas_get_config"))) {
    // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ... USE_OPENMP Zen ..."
    std::istringstream words(ask());
    std::string name;
    words >> name >> library.version;
  }
}

}  // namespace

BlasLibrary ClassifyBlas(std::string_view maps) {
  const auto files = MappedFiles(maps);
  const auto found = [](const char* name, std::string variant,
                        const std::filesystem::path& file) {
    const auto folder = file.parent_path().filename();
    return BlasLibrary{name, std::move(variant), "", folder / file.filename()};
  };
  // libblas.so.3 is what a distribution's LibTorch is linked to, so it decides
  // even when another program part has loaded a second BLAS.
  for (const auto& file : files) {
    const std::string name = file.filename();
    const std::string folder = file.parent_path().filename();
    if (!StartsWith(name, "libblas.so") && !StartsWith(name, "libblas-")) {
      continue;
    }
    for (const char* known : {"openblas", "blis", "atlas"}) {
      if (Contains(folder, known)) {
        return found(known, VariantOfFolder(folder), file);
      }
    }
    return found("reference", "serial", file);
  }
  for (const auto& file : files) {
    const std::string name = file.filename();
    const std::string variant =
        VariantOfFolder(std::string(file.parent_path().filename()));
    if (StartsWith(name, "libopenblas"))
      return found("openblas", variant, file);
    if (StartsWith(name, "libmkl_rt") || StartsWith(name, "libmkl_core")) {
      return found("mkl", MklVariant(files), file);
    }
    if (StartsWith(name, "libblis")) return found("blis", variant, file);
    if (StartsWith(name, "libflexiblas")) return found("flexiblas", "", file);
  }
  return {};
}

BlasLibrary LoadedBlas() {
  std::ifstream in("/proc/self/maps");
  std::ostringstream maps;
  maps << in.rdbuf();
  BlasLibrary library = ClassifyBlas(maps.str());
  if (at::hasMKL()) {  // linked in, whatever else is loaded
    if (library.name != "mkl") library = {"mkl", "openmp", "", ""};
    library.version = ShortMklVersion(at::get_mkl_version());
  } else if (library.name == "openblas") {
    AskOpenBlas(library);
  }
  return library;
}

}  // namespace msdbench
