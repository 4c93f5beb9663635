# The npm packages of package-lock.json, installed next to it; the lock file's checksums are
# verified by npm. Needed to build and test, not to run.
set(ATONCE_NODE_MODULES ${PROJECT_SOURCE_DIR}/node_modules)
set(npm_lock ${PROJECT_SOURCE_DIR}/package-lock.json)
set(npm_stamp ${ATONCE_NODE_MODULES}/.atonce-lock)
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${npm_lock})

# Several build directories may be configured at the same time.
set(npm_guard ${PROJECT_SOURCE_DIR}/build/npm.guard)
file(LOCK ${npm_guard} GUARD FILE TIMEOUT 300)
file(SHA256 ${npm_lock} npm_wanted)
set(npm_installed "")
if(EXISTS ${npm_stamp})
  file(READ ${npm_stamp} npm_installed)
endif()
if(NOT npm_installed STREQUAL npm_wanted)
  find_program(NPM npm)
  if(NOT NPM)
    message(FATAL_ERROR "npm is missing: install nodejs and npm")
  endif()
  message(STATUS "Installing the npm packages of package-lock.json")
  execute_process(COMMAND ${NPM} ci --no-audit --no-fund --ignore-scripts
                  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} RESULT_VARIABLE npm_failed)
  if(npm_failed)
    message(FATAL_ERROR "npm ci failed")
  endif()
  file(WRITE ${npm_stamp} ${npm_wanted})
endif()
file(LOCK ${npm_guard} RELEASE)
