#include "base/dynamic_library.hpp"

#include <sterna/error.hpp>

#include <dlfcn.h>

#include <utility>

namespace sterna {

DynamicLibrary::DynamicLibrary(const std::string& name, const std::string& advice)
    : handle_(::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)), name_(name) {
  if (handle_ != nullptr) return;
  const char* reason = ::dlerror();
  Error error(
      ErrorKind::config,
      "cannot load " + name + (reason != nullptr ? std::string(": ") + reason : std::string()));
  if (!advice.empty()) error.suggest(advice);
  throw error;
}

DynamicLibrary::DynamicLibrary(DynamicLibrary&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), name_(std::move(other.name_)) {}

DynamicLibrary& DynamicLibrary::operator=(DynamicLibrary&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(name_, other.name_);
  return *this;
}

DynamicLibrary::~DynamicLibrary() = default;

void* DynamicLibrary::find(const char* symbol) const noexcept {
  return handle_ == nullptr ? nullptr : ::dlsym(handle_, symbol);
}

void* DynamicLibrary::require(const char* symbol) const {
  if (void* found = find(symbol)) return found;
  throw Error(ErrorKind::config, name_ + " lacks the function " + symbol + ": it is too old")
      .suggest("install a newer version of it");
}

}  // namespace sterna
