#include "model/json_tree.hpp"

#include <sterna/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>

namespace sterna::model::json {

Node::Node() = default;
Node::~Node() = default;
Node::Node(const Node&) = default;
Node::Node(Node&&) noexcept = default;
Node& Node::operator=(const Node&) = default;
Node& Node::operator=(Node&&) noexcept = default;

namespace {

/// No model is nested deeper; reading goes down recursively.
constexpr std::size_t deepest = 64;

SourcePosition position_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, std::min(at, text.size()));
  const std::size_t line_start = before.rfind('\n') + 1;  // 0 where there is none
  return {{},
          static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(before.size() - line_start) + 1};
}

/// The events of the parser, as a tree. Returning false stops it; why stands in `wrong`.
class TreeMaker {
 public:
  using Kind = Node::Kind;

  bool null() { return put({}); }
  bool boolean(bool value) {
    Node node;
    node.kind = Kind::boolean;
    node.boolean = value;
    return put(std::move(node));
  }
  bool number_integer(std::int64_t value) {
    Node node;
    node.kind = Kind::integer;
    node.integer = value;
    return put(std::move(node));
  }
  bool number_unsigned(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return number_integer(static_cast<std::int64_t>(value));
    return number_float(0, {});
  }
  bool number_float(double /*value*/, const std::string& text) {
    Node node;
    node.kind = Kind::other_number;
    node.text = text;
    return put(std::move(node));
  }
  bool string(std::string& value) {
    Node node;
    node.kind = Kind::string;
    node.text = std::move(value);
    return put(std::move(node));
  }
  bool binary(std::vector<std::uint8_t>& /*value*/) { return false; }  // no part of JSON texts
  bool start_object(std::size_t /*size*/) { return open(Kind::object); }
  bool start_array(std::size_t /*size*/) { return open(Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    auto& members = open_.back()->members;
    for (const auto& member : members) {
      if (member.first != name) continue;
      wrong = "member \"" + name + "\" stands twice in one object";
      return false;
    }
    members.emplace_back(std::move(name), Node{});
    return true;
  }
  bool parse_error(std::size_t at, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) {
    failed_at = at == 0 ? 0 : at - 1;
    // "[json.exception.parse_error.101] parse error at line 1, column 2: …": the place comes apart.
    const std::string_view message = error.what();
    const std::size_t colon = message.find(": ");
    wrong = colon == std::string_view::npos ? message : message.substr(colon + 2);
    return false;
  }

  Node root;
  std::string wrong;
  std::optional<std::size_t> failed_at;

 private:
  Node& place() {
    if (open_.empty()) return root;
    Node& parent = *open_.back();
    return parent.kind == Kind::array ? parent.items.emplace_back() : parent.members.back().second;
  }
  bool put(Node node) {
    place() = std::move(node);
    return true;
  }
  bool open(Kind kind) {
    if (open_.size() == deepest) {
      wrong = "it is nested deeper than " + std::to_string(deepest) + " levels";
      return false;
    }
    // Parents do not move while they are open: only the innermost grows.
    Node& node = place();
    node.kind = kind;
    open_.push_back(&node);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<Node*> open_;
};

}  // namespace

Node parse(std::string_view text) {
  TreeMaker maker;
  if (nlohmann::json::sax_parse(text, &maker)) return std::move(maker.root);
  Error error(ErrorKind::validation, "the model is no valid JSON: " + maker.wrong);
  if (maker.failed_at) error.at(position_of(text, *maker.failed_at));
  throw error;
}

}  // namespace sterna::model::json
