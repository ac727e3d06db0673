# The designer's page inside the library: web/ is built with Node and packed into a source file. Where Node is not found, or its packages
# cannot be had, the library is built all the same, with a page that says how to build it.
option(STERNA_BUILD_PAGE "Build the designer's page (needs Node.js 20.19 or newer)" ON)

function(sterna_add_page target)
  set(web "${PROJECT_SOURCE_DIR}/web")
  set(generated "${PROJECT_BINARY_DIR}/page/page_files.gen.cpp")
  find_program(STERNA_NODE node)
  find_program(STERNA_NPM npm)
  set(found 0)
  if(STERNA_NODE)
    execute_process(COMMAND ${STERNA_NODE} --version OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(REPLACE "v" "" found "${found}")
  endif()
  if(STERNA_BUILD_PAGE AND STERNA_NPM AND found VERSION_GREATER_EQUAL 20.19)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${web}/src/*" "${web}/public/*")
    set(mode build)
  else()
    message(STATUS "The designer's page is left out: Node.js 20.19 was not found, or STERNA_BUILD_PAGE is off")
    set(mode empty)
  endif()
  add_custom_command(OUTPUT "${generated}"
    COMMAND ${CMAKE_COMMAND} -DMODE=${mode} -DNODE=${STERNA_NODE} -DNPM=${STERNA_NPM} -DWEB=${web} -DOUT=${generated}
            -DDIST=${PROJECT_BINARY_DIR}/page/dist -P "${PROJECT_SOURCE_DIR}/cmake/BuildPage.cmake"
    DEPENDS ${sources} "${web}/index.html" "${web}/package-lock.json" "${web}/vite.config.ts" "${web}/scripts/pack.mjs"
            "${PROJECT_SOURCE_DIR}/cmake/BuildPage.cmake"
    COMMENT "Building the designer's page" VERBATIM)
  target_sources(${target} PRIVATE "${generated}")
  set_source_files_properties("${generated}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
