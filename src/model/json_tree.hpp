// A JSON text as a tree of values, with repeated members refused. Read by json.cpp and by
// inspectors of servers that answer in JSON; the library that parses stays behind it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sterna::model::json {

struct Node {
  enum class Kind : std::uint8_t { null, boolean, integer, other_number, string, array, object };
  Kind kind = Kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text;  ///< of a string, and of other_number as it was written
  std::vector<Node> items;
  std::vector<std::pair<std::string, Node>> members;  ///< in the order of the text

  // Defined elsewhere: clang with libstdc++ 12 wants to know a pair of this type in the midst of
  // it.
  Node();
  ~Node();
  Node(const Node&);
  Node(Node&&) noexcept;
  Node& operator=(const Node&);
  Node& operator=(Node&&) noexcept;
};

/// @throws Error(validation) with line and column for a text that is no JSON, repeats a member or
/// is nested beyond all measure.
Node parse(std::string_view text);

}  // namespace sterna::model::json
