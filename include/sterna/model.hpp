// Entities as the schema that a database should have: `sterna schema diff --to models`,
// `--to exec:./build/app-schema`. Included by the one source file that registers them, and by
// programs that print them (sterna_add_model in CMake).
//
//   #include <sterna/model.hpp>
//   #include "user.hpp"
//   #include "post.hpp"
//   STERNA_MODEL(User, Post);
#pragma once

#include <sterna/describe.hpp>
#include <sterna/export.hpp>

#include <initializer_list>
#include <string_view>

namespace sterna {

namespace detail {
using DescribeEntity = EntityTable (*)(std::string_view dialect);
/// Adds entities to the process-wide list; what is described in a header may be registered again.
STERNA_API bool register_entities(std::initializer_list<DescribeEntity> entities) noexcept;

template <class... Entities>
bool register_entities_of() noexcept {
  return register_entities({&entity_table_of<Entities>...});
}
}  // namespace detail

/// The main function of a program that prints its registered entities as JSON:
/// `app-schema --dialect postgres [--server-version 150004] [--product PostgreSQL] [--output
/// FILE]`. Exit codes: 0, 1 (a description cannot be; the reason is on standard error), 64 (usage).
STERNA_API int model_main(int argc, char** argv) noexcept;

}  // namespace sterna

#define STERNA_JOIN_(a, b) a##b
#define STERNA_JOIN(a, b) STERNA_JOIN_(a, b)
/// Registers described structs. Anywhere at namespace scope, as often as needed.
#define STERNA_MODEL(...)                                                  \
  namespace {                                                              \
  [[maybe_unused]] const bool STERNA_JOIN(sterna_entities_, __COUNTER__) = \
      ::sterna::detail::register_entities_of<__VA_ARGS__>();               \
  }                                                                        \
  static_assert(true, "STERNA_MODEL needs a semicolon")
