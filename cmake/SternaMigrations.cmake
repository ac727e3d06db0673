# For projects that carry their migrations in a program.
#
#   sterna_embed_migrations(TARGET DIRECTORY migrations)
#     bakes the SQL and C++ migrations of a folder into TARGET. A sterna::Runner without a list of its own runs them.
#
#   sterna_add_migrator(TARGET DIRECTORY migrations [LINK library…])
#     makes an executable with the whole sterna command line and these migrations inside: no compiler is needed where it runs.

#   sterna_add_model(TARGET LINK library… [SOURCES file…])
#     makes an executable that prints the entities which these libraries and files register (STERNA_MODEL): the state exec:path/to/TARGET.

function(_sterna_embed target directory)
  get_filename_component(folder "${directory}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  file(GLOB cpp CONFIGURE_DEPENDS "${folder}/*.cpp")
  file(GLOB files CONFIGURE_DEPENDS "${folder}/*.cpp" "${folder}/*.sql" "${folder}/repeatable/*.sql")
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${target}_migrations.gen.cpp")
  add_custom_command(OUTPUT "${generated}" COMMAND Sterna::embed "${folder}" "${generated}" DEPENDS Sterna::embed ${files} VERBATIM
                     COMMENT "Embedding the migrations of ${directory} into ${target}")
  target_sources(${target} PRIVATE ${cpp} "${generated}")
  target_link_libraries(${target} PRIVATE Sterna::sterna)
endfunction()

function(sterna_embed_migrations target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIRECTORY" "")
  if(NOT arg_DIRECTORY)
    message(FATAL_ERROR "sterna_embed_migrations: DIRECTORY is missing")
  endif()
  _sterna_embed(${target} "${arg_DIRECTORY}")
endfunction()

set(_STERNA_MIGRATOR_MAIN "${CMAKE_CURRENT_LIST_DIR}/sterna_migrator_main.cpp")

function(sterna_add_migrator target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIRECTORY" "LINK")
  if(NOT arg_DIRECTORY)
    message(FATAL_ERROR "sterna_add_migrator: DIRECTORY is missing")
  endif()
  add_executable(${target} "${_STERNA_MIGRATOR_MAIN}")
  _sterna_embed(${target} "${arg_DIRECTORY}")
  target_link_libraries(${target} PRIVATE Sterna::cli ${arg_LINK})
endfunction()

set(_STERNA_MODEL_MAIN "${CMAKE_CURRENT_LIST_DIR}/sterna_model_main.cpp")

function(sterna_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK;SOURCES")
  if(NOT arg_LINK AND NOT arg_SOURCES)
    message(FATAL_ERROR "sterna_add_model: LINK (a library with entities) or SOURCES is missing")
  endif()
  add_executable(${target} "${_STERNA_MODEL_MAIN}" ${arg_SOURCES})
  foreach(library ${arg_LINK})
    set(type "")
    if(TARGET ${library})
      get_target_property(type ${library} TYPE)
    endif()
    # Nothing refers to a file that only registers entities: the linker would leave it out of a static library.
    if(type STREQUAL "STATIC_LIBRARY")
      target_link_libraries(${target} PRIVATE "$<LINK_LIBRARY:WHOLE_ARCHIVE,${library}>")
    else()
      target_link_libraries(${target} PRIVATE ${library})
    endif()
  endforeach()
  target_link_libraries(${target} PRIVATE Sterna::sterna)
endfunction()
