#include "diagram/dot.hpp"

#include "diagram/text.hpp"

#include <map>

namespace sterna::diagram {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : one_line(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

std::string cell(std::string_view text) { return xml(one_line(text)); }

std::string row(std::size_t port, const model::Column& column, const ColumnMarks& marks,
                const TypeSpelling& type) {
  return "<TR><TD ALIGN=\"LEFT\" PORT=\"c" + std::to_string(port) + "\">" +
         (marks.any() ? "<B>" + marks.text() + "</B> " : "") + cell(column.name) +
         "</TD><TD ALIGN=\"LEFT\">" + cell(type(column.type)) + (column.nullable ? " null" : "") +
         "</TD></TR>";
}

std::string node(std::size_t at, const model::Table& table, const std::vector<ColumnMarks>& marks,
                 const TypeSpelling& type) {
  std::string text = "t" + std::to_string(at) + " [tooltip=" +
                     quoted(table.comment.empty() ? table.name.text() : table.comment) +
                     ", label=<<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" "
                     "CELLPADDING=\"4\"><TR><TD COLSPAN=\"2\" BGCOLOR=\"#e8edf3\"><B>" +
                     cell(table.name.text()) + "</B></TD></TR>";
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    text += row(c, table.columns[c], marks[c], type);
  return text + "</TABLE>>];\n";
}

std::string node(std::size_t at, const model::UserType& user_type, const TypeSpelling& type) {
  std::string text = "u" + std::to_string(at) + " [tooltip=" + quoted(user_type.name.text()) +
                     ", label=<<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" "
                     "CELLPADDING=\"4\"><TR><TD COLSPAN=\"2\" BGCOLOR=\"#f3ede4\"><I>type</I> <B>" +
                     cell(user_type.name.text()) + "</B></TD></TR>";
  for (const model::TypeField& field : user_type.fields)
    text += "<TR><TD ALIGN=\"LEFT\">" + cell(field.name) + "</TD><TD ALIGN=\"LEFT\">" +
            cell(type(field.type)) + "</TD></TR>";
  return text + "</TABLE>>];\n";
}

std::string port(const model::Table& table, const std::vector<std::string>& columns) {
  for (std::size_t c = 0; c < table.columns.size() && !columns.empty(); ++c) {
    if (table.columns[c].name == columns.front()) return ":c" + std::to_string(c);
  }
  return {};
}

}  // namespace

std::string to_dot(const model::Model& model, const TypeSpelling& type) {
  const SchemaFacts facts = facts_of(model);
  std::string text =
      "digraph schema {\n"
      "  graph [rankdir=RL, nodesep=0.4, ranksep=1.0];\n"
      "  node [shape=plain, fontname=\"Helvetica\", fontsize=10];\n"
      "  edge [dir=both, fontname=\"Helvetica\", fontsize=9, color=\"#5b6b7f\"];\n";
  std::map<std::string, std::string> clusters;  // by schema; that of the default one is no cluster
  for (std::size_t t = 0; t < model.tables.size(); ++t) {
    const model::Table& table = model.tables[t];
    clusters[table.name.schema] +=
        (table.name.schema.empty() ? "  " : "    ") + node(t, table, facts.marks[t], type);
  }
  for (std::size_t u = 0; u < model.types.size(); ++u) {
    const model::UserType& each = model.types[u];
    clusters[each.name.schema] += (each.name.schema.empty() ? "  " : "    ") + node(u, each, type);
  }
  std::size_t number = 0;
  for (const auto& [schema, nodes] : clusters) {
    if (schema.empty())
      text += nodes;
    else
      text += "  subgraph cluster_" + std::to_string(number) + " {\n    label=" + quoted(schema) +
              ";\n" + nodes + "  }\n";
    ++number;
  }
  for (const Relationship& each : facts.relationships) {
    text += "  t" + std::to_string(each.child) + port(model.tables[each.child], each.key->columns) +
            " -> t" + std::to_string(each.parent) +
            port(model.tables[each.parent], each.parent_columns) +
            " [arrowtail=" + (each.at_most_one ? "teeodot" : "crowodot") +
            ", arrowhead=" + (each.optional ? "teeodot" : "teetee") +
            ", tooltip=" + quoted(reference_text(model.tables[each.child], *each.key)) + "];\n";
  }
  return text + "}\n";
}

}  // namespace sterna::diagram
