// A shared library opened at run time: client libraries (libpq, libmariadb) on first use of their
// URL scheme, and C++ migrations.
#pragma once

#include <filesystem>
#include <string>

namespace sterna {

class DynamicLibrary {
 public:
  DynamicLibrary() = default;
  /// dlopen(RTLD_NOW | RTLD_LOCAL). @throws Error(config) with the loader's message and, when
  /// given, `advice` as a suggestion
  /// ("install the package libpq5").
  explicit DynamicLibrary(const std::string& name, const std::string& advice = {});
  DynamicLibrary(DynamicLibrary&& other) noexcept;
  DynamicLibrary& operator=(DynamicLibrary&& other) noexcept;
  DynamicLibrary(const DynamicLibrary&) = delete;
  ~DynamicLibrary();  ///< never dlcloses: code of the library may still be referenced

  void* find(const char* symbol) const noexcept;  ///< nullptr when there is no such symbol
  template <class Function>
  void load(Function*& function, const char* symbol) const {
    function = reinterpret_cast<Function*>(require(symbol));
  }

 private:
  void* require(const char* symbol) const;  // throws Error(config): the library is too old
  void* handle_ = nullptr;
  std::string name_;
};

}  // namespace sterna
