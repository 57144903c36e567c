# msdbench_embed(OUT_VARIABLE NAME file...): writes a .cpp that defines
#   namespace msdbench { std::string_view EmbeddedText(path) } parts for NAME:
# each file becomes `extern const EmbeddedFile` rows of a table NAME_embedded,
# so that the program runs without its source tree.
function(msdbench_embed out name)
  set(rows "")
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    get_filename_component(base ${file} NAME)
    string(APPEND rows "    {\"${base}\", R\"__EMBED__(${text})__EMBED__\"},\n")
  endforeach()
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}_embedded.cpp)
  file(
    CONFIGURE OUTPUT ${generated} @ONLY
    CONTENT
      "#include \"reports/embedded.h\"

namespace msdbench {
extern const std::vector<EmbeddedFile> k_@name@_files;
const std::vector<EmbeddedFile> k_@name@_files = {
@rows@};
}  // namespace msdbench
")
  set(${out} ${generated} PARENT_SCOPE)
endfunction()
