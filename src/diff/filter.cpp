#include "diff/filter.hpp"

#include "base/text.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace sterna {
namespace {

using model::Name;

/// `*` any text, `?` one character. Goes back to the last star alone, so that no pattern is slow.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resumed = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++p, ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resumed = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resumed;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

constexpr std::array<std::string_view, 45> kinds{"table",
                                                 "view",
                                                 "materialized view",
                                                 "enum",
                                                 "type",
                                                 "domain",
                                                 "range",
                                                 "sequence",
                                                 "sequence owner",
                                                 "function",
                                                 "procedure",
                                                 "aggregate",
                                                 "trigger",
                                                 "event trigger",
                                                 "event",
                                                 "rule",
                                                 "policy",
                                                 "grant",
                                                 "owner",
                                                 "default privilege",
                                                 "comment",
                                                 "schema",
                                                 "extension",
                                                 "index",
                                                 "statistics",
                                                 "collation",
                                                 "publication",
                                                 "subscription",
                                                 "foreign table",
                                                 "server",
                                                 "user mapping",
                                                 "foreign data wrapper",
                                                 "operator",
                                                 "operator class",
                                                 "operator family",
                                                 "cast",
                                                 "conversion",
                                                 "language",
                                                 "transform",
                                                 "text search configuration",
                                                 "text search dictionary",
                                                 "text search parser",
                                                 "text search template",
                                                 "domain constraint",
                                                 "virtual table"};

struct Pattern {
  std::string_view kind;  // empty: any
  std::string_view name;
};

Pattern read(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {{}, text};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

class Matcher {
 public:
  Matcher(const ObjectFilter& filter, const std::string& default_schema)
      : default_schema_(default_schema) {
    for (const std::string& text : filter.only) only_.push_back(read(text));
    for (const std::string& text : filter.without) without_.push_back(read(text));
  }

  /// `owner`: the table it belongs to, if any; a schema itself has its name as name.
  bool keeps(std::string_view kind, const Name& name, const Name& owner = {}) const {
    const auto fits = [&](const Pattern& pattern) { return says(pattern, kind, name, owner); };
    if (std::any_of(without_.begin(), without_.end(), fits)) return false;
    return only_.empty() || std::any_of(only_.begin(), only_.end(), fits);
  }

 private:
  bool says(const Pattern& pattern, std::string_view kind, const Name& name,
            const Name& owner) const {
    const bool any_kind = pattern.kind.empty();
    if (any_kind && !owner.name.empty() && named(pattern.name, owner)) return true;
    if (pattern.kind == "table" && !owner.name.empty()) return named(pattern.name, owner);
    return (any_kind || pattern.kind == kind) && named(pattern.name, name);
  }

  bool named(std::string_view pattern, const Name& name) const {
    // Functions have their arguments in their name.
    const std::string bare = name.name.substr(0, name.name.find('('));
    if (matches(pattern, bare) || matches(pattern, name.name)) return true;
    const std::string& schema = name.schema.empty() ? default_schema_ : name.schema;
    return matches(pattern, schema + "." + bare) || matches(pattern, schema + "." + name.name);
  }

  const std::string& default_schema_;
  std::vector<Pattern> only_, without_;
};

}  // namespace

void check(const ObjectFilter& filter) {
  for (const auto* list : {&filter.only, &filter.without}) {
    for (const std::string& text : *list) {
      const Pattern pattern = read(text);
      const bool known = pattern.kind.empty() ||
                         std::find(kinds.begin(), kinds.end(), pattern.kind) != kinds.end();
      if (known && !pattern.name.empty() && (!pattern.kind.empty() || text.front() != ':'))
        continue;
      Error error(ErrorKind::validation, "'" + text + "' is no pattern for objects");
      error.with_state("nothing was changed");
      const std::vector<std::string> all(kinds.begin(), kinds.end());
      for (const std::string& near : near_misses(pattern.kind, all, 1))
        error.suggest("did you mean " + near + ":" + std::string(pattern.name) + "?");
      throw error.suggest(
          "write a name, or kind:name, with * for any text: 'tmp_*', 'app.*', "
          "'function:*'");
    }
  }
}

model::Model filtered(model::Model model, const ObjectFilter& filter) {
  if (filter.empty()) return model;
  const std::string default_schema = model.default_schema;
  const Matcher matcher(filter, default_schema);
  std::erase_if(model.tables,
                [&](const model::Table& table) { return !matcher.keeps("table", table.name); });
  std::erase_if(model.enums,
                [&](const model::EnumType& type) { return !matcher.keeps("enum", type.name); });
  std::erase_if(model.objects, [&](const model::Object& object) {
    return !matcher.keeps(object.kind, object.name, object.table);
  });
  // A schema stays with anything that is in it.
  std::erase_if(model.schemas, [&](const std::string& schema) {
    const auto inside = [&](const auto& items) {
      return std::any_of(items.begin(), items.end(),
                         [&](const auto& item) { return item.name.schema == schema; });
    };
    return !matcher.keeps("schema", Name(std::string(), schema)) && !inside(model.tables) &&
           !inside(model.enums) && !inside(model.objects);
  });
  return model;
}

}  // namespace sterna
