#include "diagram/svg.hpp"

#include "diagram/svg_style.hpp"
#include "diagram/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sterna::diagram {
namespace {

constexpr double header_height = 30, row_height = 22, padding = 10, column_space = 14;
constexpr double letter = 7.3;  // advance of one letter at 12 px in every usual fixed-width font
constexpr double margin = 24;
constexpr std::size_t longest_name = 48, longest_type = 36;

double width_of(std::string_view text) {
  return std::ceil(static_cast<double>(display_width(text)) * letter);
}

struct Row {
  std::string mark, name, type, tooltip;
  bool key = false, nullable = false;
};

/// A table or an enum, as it is drawn.
struct Card {
  std::string title, kind, comment;
  std::vector<Row> rows;
  double mark_width = 0, name_width = 0, width = 0;
  double height() const {
    return header_height + static_cast<double>(rows.size()) * row_height + 4;
  }
  double middle_of(std::size_t row) const {
    return header_height + (static_cast<double>(row) + 0.5) * row_height;
  }
};

void measure(Card& card) {
  double type_width = 0, null_width = 0;
  for (const Row& row : card.rows) {
    card.mark_width = std::max(card.mark_width, row.mark.empty() ? 0 : width_of(row.mark) + 8);
    card.name_width = std::max(card.name_width, width_of(row.name));
    type_width = std::max(type_width, row.type.empty() ? 0 : width_of(row.type) + column_space);
    if (row.nullable) null_width = width_of("null") + column_space;
  }
  const double inside = card.mark_width + card.name_width + type_width + null_width;
  card.width = std::max({inside, width_of(card.title) * 1.1, 100.0}) + 2 * padding;
}

Card card_of(const model::Table& table, const std::vector<ColumnMarks>& marks,
             const TypeSpelling& type) {
  Card card{shortened(table.name.text(), longest_name), "table", table.comment, {}};
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const model::Column& column = table.columns[c];
    const std::string type_text = type(column.type);
    Row row{marks[c].text(),
            shortened(column.name, longest_name),
            shortened(type_text, longest_type),
            column.name + " " + type_text + (column.nullable ? " null" : " not null"),
            marks[c].primary || marks[c].partition || marks[c].clustering,
            column.nullable};
    if (column.default_value) row.tooltip += " default " + default_text(*column.default_value);
    if (const std::string extras = column_extras(column); !extras.empty())
      row.tooltip += ", " + extras;
    if (!column.comment.empty()) row.tooltip += ": " + column.comment;
    card.rows.push_back(std::move(row));
  }
  measure(card);
  return card;
}

Card card_of(const model::EnumType& type) {
  Card card{shortened(type.name.text(), longest_name), "enum", type.comment, {}};
  for (const std::string& value : type.values)
    card.rows.push_back({"", shortened(value, longest_name), "", value});
  measure(card);
  return card;
}

Card card_of(const model::UserType& user_type, const TypeSpelling& type) {
  Card card{shortened(user_type.name.text(), longest_name), "type", user_type.comment, {}};
  for (const model::TypeField& field : user_type.fields) {
    const std::string type_text = type(field.type);
    card.rows.push_back({"", shortened(field.name, longest_name),
                         shortened(type_text, longest_type), field.name + " " + type_text});
  }
  measure(card);
  return card;
}

class SvgWriter {
 public:
  SvgWriter(const model::Model& model, const TypeSpelling& type, const SvgOptions& options)
      : model_(model), options_(options), facts_(facts_of(model)) {
    for (std::size_t t = 0; t < model.tables.size(); ++t)
      cards_.push_back(card_of(model.tables[t], facts_.marks[t], type));
    for (const model::EnumType& each : model.enums) cards_.push_back(card_of(each));
    for (const model::UserType& each : model.types) cards_.push_back(card_of(each, type));
  }

  std::string write() {
    arrange();
    begin();
    text_ += "<g class=\"lines\">\n";
    for (std::size_t e = 0; e < facts_.relationships.size(); ++e) line(e);
    text_ += "</g>\n";
    for (std::size_t at = 0; at < cards_.size(); ++at) draw(cards_[at], layout_.positions[at]);
    text_ += "</svg>\n";
    return std::move(text_);
  }

 private:
  void arrange() {
    std::vector<LayoutNode> nodes;
    for (std::size_t at = 0; at < cards_.size(); ++at) {
      const bool is_table = at < model_.tables.size();
      const model::Name& name = name_of(at);
      LayoutNode node{cards_[at].width, cards_[at].height(), std::nullopt, name.schema};
      if (const auto placed = options_.placed.find(name);
          is_table && placed != options_.placed.end())
        node.pinned = placed->second;
      nodes.push_back(std::move(node));
    }
    std::vector<LayoutEdge> edges;
    for (const Relationship& each : facts_.relationships)
      edges.push_back({each.child, each.parent, offset(each.child, each.key->columns),
                       offset(each.parent, each.parent_columns)});
    layout_ = lay_out(nodes, edges);
  }

  /// Tables come first, then enums, then structured types.
  const model::Name& name_of(std::size_t card) const {
    if (card < model_.tables.size()) return model_.tables[card].name;
    card -= model_.tables.size();
    return card < model_.enums.size() ? model_.enums[card].name
                                      : model_.types[card - model_.enums.size()].name;
  }

  std::optional<double> offset(std::size_t table, const std::vector<std::string>& columns) const {
    const auto& all = model_.tables[table].columns;
    for (std::size_t c = 0; c < all.size() && !columns.empty(); ++c) {
      if (all[c].name == columns.front()) return cards_[table].middle_of(c);
    }
    return std::nullopt;
  }

  void begin() {
    const double left = layout_.low.x - margin, top = layout_.low.y - margin;
    const double width = layout_.high.x - layout_.low.x + 2 * margin;
    const double height = layout_.high.y - layout_.low.y + 2 * margin;
    text_ += fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"schema-title "
        "schema-desc\" width=\"{2:.0f}\" height=\"{3:.0f}\" viewBox=\"{0:.0f} {1:.0f} {2:.0f} "
        "{3:.0f}\">\n<title id=\"schema-title\">{4}</title>\n<desc id=\"schema-desc\">{5}</desc>\n",
        left, top, width, height, xml(one_line(options_.title)), description());
    text_ += svg_style(options_.theme);
    text_ += fmt::format(
        "<rect class=\"paper\" x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\"/>\n",
        left, top, width, height);
  }

  std::string description() const {
    return fmt::format(
        "{}, {}, {}. PK: primary key, FK: foreign key, UK: unique, K: "
        "partition key, C: clustering key. A line leads from a foreign key (crow's foot: many "
        "rows; "
        "bar and ring: at most one) to the column it refers to (two bars: exactly one row; bar and "
        "ring: one or none).",
        number_of(model_.tables.size(), "table"),
        number_of(facts_.relationships.size(), "relationship"),
        number_of(model_.enums.size(), "enum"));
  }

  void line(std::size_t e) {
    const Relationship& each = facts_.relationships[e];
    text_ += "<path class=\"line\" d=\"";
    char command = 'M';
    for (const LayoutPoint& point : layout_.routes[e]) {
      text_ += fmt::format("{}{:.1f} {:.1f}", command, point.x, point.y);
      command = 'L';
    }
    text_ += fmt::format(
        "\" marker-start=\"url(#{})\" marker-end=\"url(#{})\"><title>{}</title></path>\n",
        each.at_most_one ? "zero-or-one" : "many", each.optional ? "zero-or-one" : "one",
        xml(one_line(reference_text(model_.tables[each.child], *each.key))));
  }

  void draw(const Card& card, LayoutPoint at) {
    text_ += fmt::format(
        "<g class=\"{0}\" transform=\"translate({1:.1f} {2:.1f})\"><title>{0} {3}</title>\n"
        "<rect class=\"card\" width=\"{4:.0f}\" height=\"{5:.0f}\" rx=\"5\"/>"
        "<path class=\"head\" d=\"M0 {6:.0f}V5A5 5 0 0 1 5 0H{7:.0f}A5 5 0 0 1 {4:.0f} "
        "5V{6:.0f}Z\"/>"
        "<text class=\"name\" x=\"{8:.0f}\" y=\"20\">{9}</text>\n",
        card.kind, at.x, at.y,
        xml(one_line(card.comment.empty() ? card.title : card.title + ": " + card.comment)),
        card.width, card.height(), header_height, card.width - 5, padding, xml(card.title));
    for (std::size_t r = 0; r < card.rows.size(); ++r) row(card, r);
    text_ += "</g>\n";
  }

  void row(const Card& card, std::size_t number) {
    const Row& row = card.rows[number];
    const double y = card.middle_of(number) + 4;
    text_ += fmt::format("<g><title>{}</title>", xml(one_line(row.tooltip)));
    if (!row.mark.empty())
      text_ += fmt::format("<text class=\"mark\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>", padding, y,
                           row.mark);
    text_ +=
        fmt::format("<text class=\"{}\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>",
                    row.key ? "column key" : "column", padding + card.mark_width, y, xml(row.name));
    if (!row.type.empty())
      text_ +=
          fmt::format("<text class=\"type\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>",
                      padding + card.mark_width + card.name_width + column_space, y, xml(row.type));
    if (row.nullable)
      text_ += fmt::format(
          "<text class=\"null\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">null</text>",
          card.width - padding, y);
    text_ += "</g>\n";
  }

  const model::Model& model_;
  const SvgOptions& options_;
  SchemaFacts facts_;
  std::vector<Card> cards_;
  LayoutResult layout_;
  std::string text_;
};

}  // namespace

std::string to_svg(const model::Model& model, const TypeSpelling& type, const SvgOptions& options) {
  return SvgWriter(model, type, options).write();
}

}  // namespace sterna::diagram
