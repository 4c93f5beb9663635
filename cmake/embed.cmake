# atonce_embed(template output NAME=FILE ...): a source file in which `std::string_view NAME()` is
# the content of FILE. The assembler copies the bytes, which costs no compile time.
function(atonce_embed template output)
  set(definitions "")
  set(files "")
  foreach(asset IN LISTS ARGN)
    string(REGEX MATCH "^([a-z_]+)=(.+)$" matched "${asset}")
    set(name ${CMAKE_MATCH_1})
    set(file ${CMAKE_MATCH_2})
    list(APPEND files ${file})
    string(APPEND definitions "asm(R\"(
  .section .rodata
atonce_${name}_begin:
  .incbin \"${file}\"
atonce_${name}_end:
  .previous
)\");
extern \"C\" const char atonce_${name}_begin[], atonce_${name}_end[];
std::string_view atonce::${name}() {
  return {atonce_${name}_begin, atonce_${name}_end};
}

")
  endforeach()
  configure_file(${template} ${output} @ONLY)
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${files}")
endfunction()
