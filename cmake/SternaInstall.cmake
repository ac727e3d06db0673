# cmake --install: command, library, headers, CMake package, pkg-config file.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Sterna)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/sterna DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)
set(installed sterna sterna_embed)
if(STERNA_BUILD_COMMAND)
  list(APPEND installed sterna_cli)
  install(TARGETS sterna_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
  install(FILES ${PROJECT_BINARY_DIR}/src/cli/sterna.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT runtime)
endif()
install(TARGETS ${installed} EXPORT SternaTargets
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
install(EXPORT SternaTargets NAMESPACE Sterna:: DESTINATION ${package_dir} COMPONENT dev)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/SternaConfig.cmake.in ${PROJECT_BINARY_DIR}/SternaConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/SternaConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/SternaConfig.cmake ${PROJECT_BINARY_DIR}/SternaConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/SternaMigrations.cmake ${PROJECT_SOURCE_DIR}/cmake/sterna_migrator_main.cpp
  ${PROJECT_SOURCE_DIR}/cmake/sterna_model_main.cpp DESTINATION ${package_dir} COMPONENT dev)
configure_file(${PROJECT_SOURCE_DIR}/cmake/sterna.pc.in ${PROJECT_BINARY_DIR}/sterna.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/sterna.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
