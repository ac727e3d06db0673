#include "designer/layout.hpp"

#include "diagram/layout.hpp"

#include <sterna/error.hpp>

#include <nlohmann/json.hpp>

namespace sterna::designer {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_nodes = 20'000;

double number_of(const Json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_number())
    throw Error(ErrorKind::validation,
                "\"" + std::string(member) + "\" of a layout is to be a number");
  return found->get<double>();
}
std::optional<double> number_if_any(const Json& object, const char* member) {
  if (!object.contains(member)) return std::nullopt;
  return number_of(object, member);
}
const Json& list_of(const Json& json, const char* member) {
  const auto found = json.find(member);
  if (found == json.end() || !found->is_array() || found->size() > most_nodes)
    throw Error(ErrorKind::validation, "\"" + std::string(member) +
                                           "\" of a layout is to be a list of at most " +
                                           std::to_string(most_nodes));
  return *found;
}

diagram::LayoutNode node_of(const Json& json) {
  if (!json.is_object()) throw Error(ErrorKind::validation, "a node is to be an object");
  diagram::LayoutNode node;
  node.width = number_of(json, "width");
  node.height = number_of(json, "height");
  if (json.contains("x")) node.pinned = {number_of(json, "x"), number_of(json, "y")};
  if (const auto group = json.find("group"); group != json.end() && group->is_string())
    node.group = group->get<std::string>();
  return node;
}

std::size_t index_of(const Json& json, const char* member, std::size_t count) {
  const double value = number_of(json, member);
  if (!(value >= 0 && value < static_cast<double>(count)))
    throw Error(ErrorKind::validation, "an edge leads to a node that is not there");
  return static_cast<std::size_t>(value);
}

}  // namespace

std::string layout_json(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) throw Error(ErrorKind::validation, "a layout is to be a JSON object");
  std::vector<diagram::LayoutNode> nodes;
  for (const Json& node : list_of(json, "nodes")) nodes.push_back(node_of(node));
  std::vector<diagram::LayoutEdge> edges;
  for (const Json& edge : list_of(json, "edges")) {
    if (!edge.is_object()) throw Error(ErrorKind::validation, "an edge is to be an object");
    edges.push_back({index_of(edge, "from", nodes.size()), index_of(edge, "to", nodes.size()),
                     number_if_any(edge, "from_offset"), number_if_any(edge, "to_offset")});
  }
  const diagram::LayoutResult result = diagram::lay_out(nodes, edges);
  Json answer = {{"positions", Json::array()}, {"routes", Json::array()}};
  for (const diagram::LayoutPoint& point : result.positions)
    answer["positions"].push_back({point.x, point.y});
  for (const auto& route : result.routes) {
    Json points = Json::array();
    for (const diagram::LayoutPoint& point : route) points.push_back({point.x, point.y});
    answer["routes"].push_back(std::move(points));
  }
  return answer.dump();
}

}  // namespace sterna::designer
