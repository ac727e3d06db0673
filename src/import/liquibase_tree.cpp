// Change logs in XML, YAML and JSON, as one kind of tree.
#include "base/text.hpp"
#include "import/liquibase.hpp"

#include <sterna/error.hpp>

#include <yaml.h>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <nlohmann/json.hpp>

#include <sstream>

namespace sterna::detail {
namespace {

using Json = nlohmann::ordered_json;

Error malformed(const std::string& file, int line, const std::string& why) {
  Error error(ErrorKind::validation, "the change log cannot be read: " + why);
  error.at({file, line, 0}).with_state("nothing was written");
  return error;
}

/// Names without their prefix: "ext:" and "pro:" mark extensions.
std::string local_name(const std::string& name) {
  return name.substr(name.find(':') == std::string::npos ? 0 : name.find(':') + 1);
}

LogNode of_xml(const std::string& name, const boost::property_tree::ptree& tree) {
  LogNode node;
  node.name = local_name(name);
  node.text = tree.data();
  for (const auto& [key, value] : tree) {
    if (key == "<xmlattr>") {
      for (const auto& [attribute, text] : value)
        node.attributes[local_name(attribute)] = text.data();
    } else if (key != "<xmlcomment>") {
      node.children.push_back(of_xml(key, value));
    }
  }
  return node;
}

std::string scalar(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  return json.is_null() ? std::string() : json.dump();
}

/// Lists whose elements stand directly in their parent in XML.
bool is_flat(std::string_view key) {
  return key == "changes" || key == "columns" || key == "databaseChangeLog";
}

LogNode of_json(const std::string& name, const Json& json);

void add_items(LogNode& parent, const Json& list) {
  for (const Json& item : list) {
    if (!item.is_object()) continue;
    for (const auto& [name, value] : item.items()) parent.children.push_back(of_json(name, value));
  }
}

LogNode of_json(const std::string& name, const Json& json) {
  LogNode node;
  node.name = name;
  if (json.is_array()) {
    add_items(node, json);
    return node;
  }
  if (!json.is_object()) {
    node.text = scalar(json);
    return node;
  }
  for (const auto& [key, value] : json.items()) {
    if (value.is_array() && is_flat(key))
      add_items(node, value);
    else if (value.is_object() || value.is_array() || key == "rollback")
      node.children.push_back(of_json(key, value));
    else
      node.attributes[key] = scalar(value);
  }
  return node;
}

/// Plain scalars keep their spelling: `id: 007` is no number.
Json of_yaml(yaml_document_t& document, int index, int depth, const std::string& file) {
  const yaml_node_t* node = yaml_document_get_node(&document, index);
  if (node == nullptr) return nullptr;
  if (depth > 64)
    throw malformed(file, static_cast<int>(node->start_mark.line) + 1, "it is nested too deeply");
  if (node->type == YAML_SEQUENCE_NODE) {
    Json list = Json::array();
    for (auto* item = node->data.sequence.items.start; item < node->data.sequence.items.top; ++item)
      list.push_back(of_yaml(document, *item, depth + 1, file));
    return list;
  }
  if (node->type == YAML_MAPPING_NODE) {
    Json object = Json::object();
    for (auto* pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; ++pair)
      object[scalar(of_yaml(document, pair->key, depth + 1, file))] =
          of_yaml(document, pair->value, depth + 1, file);
    return object;
  }
  return std::string(reinterpret_cast<const char*>(node->data.scalar.value),
                     node->data.scalar.length);
}

Json parse_yaml(std::string_view text, const std::string& file) {
  yaml_parser_t parser;
  yaml_document_t document;
  yaml_parser_initialize(&parser);
  const std::unique_ptr<yaml_parser_t, void (*)(yaml_parser_t*)> end_parser(&parser,
                                                                            yaml_parser_delete);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
  if (yaml_parser_load(&parser, &document) == 0)
    throw malformed(file, static_cast<int>(parser.problem_mark.line) + 1,
                    parser.problem == nullptr ? "it is no YAML" : parser.problem);
  const std::unique_ptr<yaml_document_t, void (*)(yaml_document_t*)> end_document(
      &document, yaml_document_delete);
  return yaml_document_get_root_node(&document) == nullptr ? Json() : of_yaml(document, 1, 0, file);
}

}  // namespace

std::string LogNode::get(std::string_view attribute, std::string_view fallback) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? std::string(fallback) : found->second;
}

const LogNode* LogNode::child(std::string_view child_name) const {
  for (const LogNode& node : children) {
    if (node.name == child_name) return &node;
  }
  return nullptr;
}

LogNode parse_log(std::string_view text, std::string_view ending, const std::string& file) {
  if (ending == ".xml") {
    namespace tree = boost::property_tree;
    std::istringstream stream{std::string(text)};
    tree::ptree root;
    try {
      tree::read_xml(stream, root, tree::xml_parser::trim_whitespace);
    } catch (const tree::xml_parser_error& error) {
      throw malformed(file, static_cast<int>(error.line()), error.message());
    }
    for (const auto& [name, child] : root) {
      if (local_name(name) == "databaseChangeLog") return of_xml(name, child);
    }
    throw malformed(file, 1, "it has no databaseChangeLog");
  }
  const Json json = ending == ".json" ? Json::parse(text, nullptr, false) : parse_yaml(text, file);
  if (json.is_discarded() || !json.is_object() || !json.contains("databaseChangeLog"))
    throw malformed(file, 1, "it has no databaseChangeLog");
  return of_json("databaseChangeLog", json["databaseChangeLog"]);
}

}  // namespace sterna::detail
