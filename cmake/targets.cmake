# How a target of ours is made: C++20, warnings as errors, includes from the top folder.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
option(ATONCE_SANITIZED "Built with a sanitizer: tests scale their load down" OFF)

function(atonce_settings target)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                           -Wno-sign-conversion -Wnon-virtual-dtor -Werror)
  # GCC 12 sees overlaps that are not there in std::string concatenation (GCC bug 105651).
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  if(ATONCE_SANITIZED)
    target_compile_definitions(${target} PRIVATE ATONCE_SANITIZED)
  endif()
endfunction()

# atonce_library(name SOURCES a.cpp ... LIBRARIES x y): a static library of ours.
function(atonce_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  atonce_settings(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LIBRARIES})
endfunction()
