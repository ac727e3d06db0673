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
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections -Wl,-O1)
endif()
