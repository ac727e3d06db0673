// A statement ready to be sent to a server: text, bound values, and where it came from.
#pragma once

#include <sterna/error.hpp>
#include <sterna/value.hpp>

#include <string>
#include <vector>

namespace sterna {

/// Whose statement it is. A server that lets each statement choose how many nodes must know of it
/// shows Sterna's own to all runs at once; those of the history hold only under the lock.
enum class Purpose { migration, history, lock };

struct Statement {
  std::string sql;                ///< without a closing semicolon
  std::vector<Value> parameters;  ///< bound in order; empty for nearly all DDL
  SourcePosition position;        ///< of the first token; for C++ migrations the file alone
  std::string copy_data;  ///< COPY … FROM stdin: the lines that follow, without the closing "\."
  Purpose purpose = Purpose::migration;
  bool operator==(const Statement&) const = default;
};

}  // namespace sterna
