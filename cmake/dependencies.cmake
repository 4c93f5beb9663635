# Every third-party library, found once. scripts/lint says which files may include which.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(TBB REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(benchmark REQUIRED)
# The header matches Debian's compiled library only with the macros that pkg-config names.
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)

find_path(DUKTAPE_INCLUDE_DIR duktape.h REQUIRED)
find_library(DUKTAPE_LIBRARY duktape REQUIRED)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
