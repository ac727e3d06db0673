# Compiler settings that every target of this project shares.
add_library(sterna_compile INTERFACE)
target_compile_features(sterna_compile INTERFACE cxx_std_20)
target_compile_options(sterna_compile INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers
  -fdiagnostics-color=auto
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
if(STERNA_WERROR)
  target_compile_options(sterna_compile INTERFACE -Werror)
endif()
if(STERNA_CCACHE)
  target_compile_options(sterna_compile INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
if(STERNA_SANITIZE)
  add_compile_options(-fsanitize=${STERNA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${STERNA_SANITIZE})
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
    # False alarms at every std::string that is put together and moved, with -O3 (GCC bugs 105329, 105562, 105651).
    target_compile_options(sterna_compile INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow)
  endif()
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections -Wl,-O1)
endif()
