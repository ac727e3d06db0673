# For projects that carry their migrations in a program.
#
#   sterna_embed_migrations(TARGET DIRECTORY migrations)
#     bakes the SQL and C++ migrations of a folder into TARGET. A sterna::Runner without a list of its own runs them.
#
#   sterna_add_migrator(TARGET DIRECTORY migrations [LINK library…])
#     makes an executable with the whole sterna command line and these migrations inside: no compiler is needed where it runs.

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
