# Run at build time: cmake -DSOURCE=... -DVERSION=... -DOUT=... -P this file.
# Writes OUT, which defines Version() and Revision(); left alone when nothing
# changed, so that a new commit recompiles that one small file and no other.
cmake_minimum_required(VERSION 3.22)
set(revision unknown)
find_program(GIT git)

function(git out)
  execute_process(
    COMMAND ${GIT} -C ${SOURCE} ${ARGN}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE text
    ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    set(text "")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

if(GIT)
  git(prefix rev-parse --show-prefix)
  git(commit rev-parse --short=12 HEAD)
  # A non-empty prefix: an unpacked archive inside someone else's repository.
  if(commit AND prefix STREQUAL "")
    set(revision ${commit})
    # Only what the program is made of: notes and suites beside it don't count.
    git(changes --no-optional-locks status --porcelain -- CMakeLists.txt cmake
        reports datasets baselines benchmarks)
    if(changes)
      string(APPEND revision "+changes")
    endif()
  endif()
endif()

file(
  CONFIGURE OUTPUT ${OUT} @ONLY
  CONTENT
    "#include \"benchmarks/version.h\"

namespace msdbench {
std::string_view Version() { return \"@VERSION@\"; }
std::string_view Revision() { return \"@revision@\"; }
}  // namespace msdbench
")
