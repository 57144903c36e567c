# msdbench_library(NAME [TORCH] [EMBED file...] [LINK target...]
#                  [PRECOMPILE header...] [EXCLUDE regex...] [ONLY regex...])
# A static library of every .cpp in the folder (sub-folders included), except
# those that match EXCLUDE, or only those that match ONLY. EMBED compiles text
# files in: see EmbedText.cmake.
include(EmbedText)

# Headers that most files of a target read, read once: half of a build's time.
# A file still includes what it uses: the preset pypi-torch builds without.
set(MSDBENCH_PRECOMPILE_TEXT
    <algorithm> <filesystem> <functional> <map> <optional> <set> <string>
    <vector> <fmt/format.h> <nlohmann/json.hpp>)
# Each header costs every file of a target, wanted or not: templates that its
# inline functions use are instantiated anew. So a target takes the shortest
# list of these three that most of its files need.
set(MSDBENCH_PRECOMPILE_TENSORS ${MSDBENCH_PRECOMPILE_TEXT}
                                <ATen/core/Tensor.h>)
set(MSDBENCH_PRECOMPILE_MODELS
    ${MSDBENCH_PRECOMPILE_TEXT} <ATen/ATen.h> <ATen/Parallel.h>
    <torch/csrc/autograd/custom_function.h> <torch/nn/modules/conv.h>
    <torch/nn/modules/embedding.h> <torch/nn/modules/linear.h>
    <torch/nn/modules/normalization.h>)
set(MSDBENCH_PRECOMPILE_TESTS <gmock/gmock.h> <gtest/gtest.h>)

function(msdbench_options target)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(
    ${target} PRIVATE -Wall -Wextra -Wshadow -Wno-unused-parameter
                      $<$<BOOL:${MSDBENCH_WERROR}>:-Werror>)
  if(MSDBENCH_ASAN)
    target_compile_options(${target} PUBLIC -fsanitize=address,undefined
                                            -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=address,undefined)
  endif()
  if(MSDBENCH_FUZZ)
    set(checks address,undefined,float-cast-overflow)
    target_compile_options(
      ${target} PUBLIC -fsanitize=fuzzer-no-link,${checks}
                       -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${checks})
  endif()
endfunction()

# The folder's .cpp files, sub-folders included, without those whose path in it
# ("/cli/cli.cpp") matches a pattern of `exclude`; with `only`, just those that
# match one of it.
function(msdbench_sources out exclude only)
  file(GLOB_RECURSE sources RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}
       CONFIGURE_DEPENDS *.cpp)
  list(TRANSFORM sources PREPEND "/")
  foreach(pattern IN LISTS exclude)
    list(FILTER sources EXCLUDE REGEX ${pattern})
  endforeach()
  if(only)
    list(JOIN only "|" pattern)
    list(FILTER sources INCLUDE REGEX ${pattern})
  endif()
  list(TRANSFORM sources PREPEND ${CMAKE_CURRENT_SOURCE_DIR})
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

function(msdbench_library name)
  cmake_parse_arguments(ARG "TORCH" "" "EMBED;LINK;EXCLUDE;ONLY;PRECOMPILE"
                        ${ARGN})
  msdbench_sources(sources "${ARG_EXCLUDE}" "${ARG_ONLY}")
  if(ARG_EMBED)
    msdbench_embed(embedded ${name} ${ARG_EMBED})
    list(APPEND sources ${embedded})
  endif()
  add_library(${name} STATIC ${sources})
  msdbench_options(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_TORCH)
    # SYSTEM silences warnings from inside LibTorch's headers.
    target_include_directories(${name} SYSTEM PUBLIC ${TORCH_INCLUDE_DIRS})
    target_link_libraries(${name} PUBLIC ${TORCH_LIBRARIES})
  endif()
  if(ARG_PRECOMPILE)
    target_precompile_headers(${name} PRIVATE ${ARG_PRECOMPILE})
  endif()
endfunction()

# msdbench_test(NAME LABELS label... LINK target... [PRECOMPILE header...]
#               [EXCLUDE regex...] [ONLY regex...]): one GoogleTest program
# of every *_test.cpp in the folder; each case becomes a CTest test. Suites
# named Golden... are labelled `golden` too.
function(msdbench_test name)
  cmake_parse_arguments(ARG "" "" "LABELS;LINK;PRECOMPILE;EXCLUDE;ONLY" ${ARGN})
  msdbench_sources(sources "${ARG_EXCLUDE}" "${ARG_ONLY}")
  add_executable(${name} ${sources})
  msdbench_options(${name})
  # What tests call in our libraries' .cpp files is optimised; they themselves
  # are built sooner so.
  target_compile_options(${name} PRIVATE
                         $<$<CONFIG:Release,RelWithDebInfo>:-O1>)
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gmock
                                        GTest::gtest_main)
  target_precompile_headers(${name} PRIVATE ${ARG_PRECOMPILE}
                            ${MSDBENCH_PRECOMPILE_TESTS})
  msdbench_discover_tests(${name} "-Golden*" ${ARG_LABELS} ${name}_plain)
  msdbench_discover_tests(${name} "Golden*" ${ARG_LABELS} ${name}_golden)
  # A list cannot pass through gtest_discover_tests' properties, so the second
  # label is set when ctest reads the tests.
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}_golden_labels.cmake
       "foreach(test IN LISTS ${name}_golden)\n"
       "  set_tests_properties(\"\${test}\" PROPERTIES LABELS "
       "\"${ARG_LABELS};golden\")\n"
       "endforeach()\n")
  set_property(
    DIRECTORY APPEND
    PROPERTY TEST_INCLUDE_FILES
             ${CMAKE_CURRENT_BINARY_DIR}/${name}_golden_labels.cmake)
endfunction()

# msdbench_discover_tests(NAME FILTER LABEL LIST): the cases that the filter
# names, collected in the variable LIST.
function(msdbench_discover_tests name filter label list)
  gtest_discover_tests(
    ${name}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    DISCOVERY_TIMEOUT 60
    TEST_FILTER ${filter}
    TEST_LIST ${list}
    NO_PRETTY_VALUES
    PROPERTIES LABELS ${label} SKIP_REGULAR_EXPRESSION "SKIPPED")
endfunction()
