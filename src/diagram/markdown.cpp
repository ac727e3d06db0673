#include "diagram/markdown.hpp"

#include "base/text.hpp"
#include "diagram/text.hpp"

#include <algorithm>

namespace sterna::diagram {
namespace {

using model::Model;
using model::Table;

/// Text between marks of Markdown: none of its signs takes effect.
std::string prose(std::string_view text) {
  std::string result;
  for (const char c : one_line(text)) {
    if (std::string_view("\\`*_{}[]<>#|~&").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::size_t longest_run(std::string_view text, char of) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == of ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string code(std::string_view text) {
  const std::string line = one_line(text);
  if (line.empty()) return {};
  const std::string marks(longest_run(line, '`') + 1, '`');
  const bool space = line.front() == '`' || line.back() == '`';
  return marks + (space ? " " : "") + line + (space ? " " : "") + marks;
}

/// Tables are cut at bars before anything else, so that these are escaped in code too; elsewhere a
/// backslash in code is one.
std::string cell_code(std::string_view text) { return replaced(code(text), '|', "\\|"); }

std::string block(std::string_view text) {
  const std::string marks(std::max<std::size_t>(longest_run(text, '`') + 1, 3), '`');
  return marks + "sql\n" + std::string(trim(text)) + "\n" + marks + "\n";
}

std::string options_text(const std::map<std::string, std::string>& options) {
  std::vector<std::string> words;
  for (const auto& [name, value] : options) words.push_back(name + " " + value);
  return join(words, ", ");
}

void add_word(std::string& line, bool is, std::string_view word) {
  if (is) line += ", " + std::string(word);
}

void add_code(std::string& line, std::string_view word, std::string_view text) {
  if (!text.empty()) line += ", " + (word.empty() ? "" : std::string(word) + " ") + code(text);
}

class MarkdownWriter {
 public:
  MarkdownWriter(const Model& model, const TypeSpelling& type)
      : model_(model), type_(type), facts_(facts_of(model)) {}

  std::string write() {
    text_ = "# Data dictionary\n\n" + number_of(model_.tables.size(), "table") + ", " +
            number_of(facts_.relationships.size() + facts_.dangling.size(), "foreign key") + ", " +
            number_of(model_.enums.size(), "enum") + ", " +
            number_of(model_.objects.size(), "other object") + ".\n";
    if (!model_.tables.empty()) text_ += "\n## Tables\n";
    for (std::size_t t = 0; t < model_.tables.size(); ++t) table(t);
    enums();
    user_types();
    objects();
    if (model_.not_managed.empty()) return std::move(text_);
    text_ += "\n## Not managed\n\n";
    for (const std::string& line : model_.not_managed) text_ += "* " + prose(line) + "\n";
    return std::move(text_);
  }

 private:
  void table(std::size_t at) {
    const Table& table = model_.tables[at];
    text_ += "\n### " + prose(table.name.text()) + "\n";
    if (!table.comment.empty()) text_ += "\n" + prose(table.comment) + "\n";
    if (!table.columns.empty())
      text_ += "\n| Column | Type | Null | Default | Key | Comment |\n|---|---|---|---|---|---|\n";
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      column(table.columns[c], facts_.marks[at][c]);
    const std::size_t before = text_.size();
    details(table);
    referring(at);
    if (text_.size() != before) text_.insert(before, "\n");
  }

  void column(const model::Column& column, const ColumnMarks& marks) {
    std::string comment = prose(column.comment);
    if (const std::string extras = column_extras(column); !extras.empty())
      comment += (comment.empty() ? "" : "; ") + cell_code(extras);
    text_ += "| " + cell_code(column.name) + " | " + cell_code(type_(column.type)) + " | " +
             (column.nullable ? "yes" : "no") + " | " +
             (column.default_value ? cell_code(default_text(*column.default_value)) : "") + " | " +
             marks.text(", ") + " | " + comment + " |\n";
  }

  void item(std::string_view what, const std::string& name, const std::string& rest) {
    text_ += "* " + std::string(what) + (name.empty() ? "" : " " + code(name)) + ": " + rest + "\n";
  }

  void details(const Table& table) {
    cql_key(table);
    if (table.primary_key && table.partition_key.empty())
      item("Primary key", table.primary_key->name, code(parts_text(table.primary_key->parts)));
    for (const model::Unique& unique : table.uniques) {
      std::string rest = code(join(unique.columns, ", "));
      add_word(rest, unique.nulls_not_distinct, "nulls not distinct");
      add_word(rest, unique.deferrable, "deferrable");
      add_word(rest, unique.initially_deferred, "initially deferred");
      add_code(rest, "", options_text(unique.options));
      item("Unique", unique.name, rest);
    }
    for (const model::ForeignKey& key : table.foreign_keys) foreign_key(key);
    for (const model::Check& check : table.checks) {
      std::string rest = code(check.expression);
      add_word(rest, check.not_valid, "not validated");
      add_word(rest, check.not_enforced, "not enforced");
      add_code(rest, "", options_text(check.options));
      item("Check", check.name, rest);
    }
    for (const model::Exclusion& exclusion : table.exclusions) {
      std::vector<std::string> parts;
      for (const auto& element : exclusion.elements)
        parts.push_back(element.column_or_expression + " with " + element.with_operator);
      std::string rest = code(exclusion.method) + " " + code(join(parts, ", "));
      add_code(rest, "where", exclusion.where);
      item("Exclusion", exclusion.name, rest);
    }
    for (const model::Index& index : table.indexes) index_item(index);
    table_options(table);
  }

  void cql_key(const Table& table) {
    if (table.partition_key.empty()) return;
    item("Partition key (K)", "", code(join(table.partition_key, ", ")));
    if (!table.clustering_key.empty())
      item("Clustering key (C)", "", code(join(table.clustering_key, ", ")));
  }

  void foreign_key(const model::ForeignKey& key) {
    std::string rest = code(join(key.columns, ", ")) + " → " + code(key.referenced_table.text());
    if (!key.referenced_columns.empty()) rest += " " + code(join(key.referenced_columns, ", "));
    const auto none = model::ReferentialAction::no_action;
    add_word(rest, key.on_delete != none, std::string("on delete ") + action_text(key.on_delete));
    add_word(rest, key.on_update != none, std::string("on update ") + action_text(key.on_update));
    add_word(rest, !key.match.empty(), "match " + key.match);
    add_word(rest, key.deferrable, "deferrable");
    add_word(rest, key.initially_deferred, "initially deferred");
    add_word(rest, key.not_valid, "not validated");
    add_code(rest, "", options_text(key.options));
    item("Foreign key", key.name, rest);
  }

  void index_item(const model::Index& index) {
    std::string rest = code(parts_text(index.parts));
    add_code(rest, "by", index.method);
    add_code(rest, "including", join(index.include, ", "));
    add_code(rest, "where", index.where);
    add_word(rest, index.nulls_not_distinct, "nulls not distinct");
    add_code(rest, "language", index.language);
    add_code(rest, "parser", index.parser);
    add_code(rest, "", options_text(index.options));
    if (!index.comment.empty()) rest += ": " + prose(index.comment);
    const bool text = index.kind == model::IndexKind::full_text;
    const bool space = index.kind == model::IndexKind::spatial;
    item(text           ? "Full-text index"
         : space        ? "Spatial index"
         : index.unique ? "Unique index"
                        : "Index",
         index.name, rest);
  }

  void table_options(const Table& table) {
    std::vector<std::string> words;
    if (table.temporary) words.emplace_back("temporary");
    if (table.strict) words.emplace_back("strict");
    if (table.without_rowid) words.emplace_back("without rowid");
    if (!table.engine.empty()) words.push_back("engine " + table.engine);
    if (!table.charset.empty()) words.push_back("charset " + table.charset);
    if (!table.collation.empty()) words.push_back("collate " + table.collation);
    if (!table.options.empty()) words.push_back(options_text(table.options));
    if (!words.empty()) item("Options", "", code(join(words, ", ")));
  }

  void referring(std::size_t at) {
    if (referring_.empty()) {
      referring_.resize(model_.tables.size());
      for (const Relationship& each : facts_.relationships)
        referring_[each.parent].push_back(code(model_.tables[each.child].name.text()) + " " +
                                          code(join(each.key->columns, ", ")));
    }
    if (!referring_[at].empty()) item("Referred to by", "", join(referring_[at], "; "));
  }

  void enums() {
    if (model_.enums.empty()) return;
    text_ += "\n## Enums\n";
    for (const model::EnumType& each : model_.enums) {
      text_ += "\n### " + prose(each.name.text()) + "\n\n";
      if (!each.comment.empty()) text_ += prose(each.comment) + "\n\n";
      for (const std::string& value : each.values)
        text_ += "* " + (value.empty() ? "(empty)" : code(value)) + "\n";
    }
  }

  void user_types() {
    if (model_.types.empty()) return;
    text_ += "\n## Structured types\n";
    for (const model::UserType& each : model_.types) {
      text_ += "\n### " + prose(each.name.text()) + "\n\n";
      if (!each.comment.empty()) text_ += prose(each.comment) + "\n\n";
      text_ += "| Field | Type |\n|---|---|\n";
      for (const model::TypeField& field : each.fields)
        text_ += "| " + cell_code(field.name) + " | " + cell_code(type_(field.type)) + " |\n";
    }
  }

  void objects() {
    const std::string* kind = nullptr;
    for (const model::Object& object : model_.objects) {
      if (kind == nullptr || *kind != object.kind) {
        kind = &object.kind;
        std::string heading = object.kind;
        if (!heading.empty()) heading.replace(0, 1, to_upper(heading.substr(0, 1)));
        text_ += "\n## " + prose(heading) + "\n";
      }
      text_ += "\n### " + prose(object.name.text()) +
               (object.table.name.empty() ? "" : " on " + prose(object.table.text())) + "\n\n";
      if (!object.comment.empty()) text_ += prose(object.comment) + "\n\n";
      text_ += block(object.definition);
    }
  }

  const Model& model_;
  const TypeSpelling& type_;
  SchemaFacts facts_;
  std::vector<std::vector<std::string>> referring_;  // by table
  std::string text_;
};

}  // namespace

std::string to_markdown(const Model& model, const TypeSpelling& type) {
  return MarkdownWriter(model, type).write();
}

}  // namespace sterna::diagram
