// What goes and comes back in a diff (an enum with other values, a domain of another type, a
// function with another result), so that what tables say about it must step aside meanwhile. Used
// by diff alone.
#pragma once

#include "diff/expressions.hpp"
#include "model/model.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sterna::detail {

class Remade {
 public:
  void add_enum(const model::Name& name) { enums_.push_back(name); }
  /// `stand_in`: the type that its columns have while it is gone.
  void add_domain(const model::Name& name, model::Type stand_in) {
    domains_.emplace_back(name, std::move(stand_in));
  }
  /// `name` as in the model, with its arguments.
  void add_function(const model::Name& name) {
    const std::string called = name.name.substr(0, name.name.find('('));
    calls_.push_back(spelled({name.schema, called}) + "(");
  }

  bool empty() const { return enums_.empty() && domains_.empty() && calls_.empty(); }

  /// Whether an expression says something of it.
  bool concerns(std::string_view text) const {
    return any_type([&](const model::Name& name) { return casts_to(text, name); }) ||
           std::any_of(calls_.begin(), calls_.end(), [&](const std::string& call) {
             return text.find(call) != std::string_view::npos;
           });
  }
  bool is_type_of(const model::Column& column) const {
    return any_type([&](const model::Name& name) { return is_of(column.type, name); });
  }
  /// The type of a column of domains that are made anew, without them; nothing for other types.
  std::optional<model::Type> stand_in(const model::Type& type) const {
    for (const auto& [name, base] : domains_) {
      if (type.name == spelled(name)) return base;
    }
    std::optional<model::Type> result;
    for (std::size_t i = 0; i < type.arguments.size(); ++i) {
      auto argument = stand_in(type.arguments[i]);
      if (!argument) continue;
      if (!result) result = type;
      result->arguments[i] = std::move(*argument);
    }
    return result;
  }

  bool concerns(const model::Check& check) const { return concerns(check.expression); }
  bool concerns(const model::Unique&) const { return false; }
  bool concerns(const model::Exclusion& exclusion) const {
    return concerns(exclusion.where) ||
           std::any_of(exclusion.elements.begin(), exclusion.elements.end(),
                       [&](const auto& one) { return concerns(one.column_or_expression); });
  }
  bool concerns(const model::Index& index) const {
    return concerns(index.where) ||
           std::any_of(index.parts.begin(), index.parts.end(),
                       [&](const auto& part) { return concerns(part.expression); });
  }

 private:
  template <class Is>
  bool any_type(Is is) const {
    return std::any_of(enums_.begin(), enums_.end(), is) ||
           std::any_of(domains_.begin(), domains_.end(),
                       [&](const auto& domain) { return is(domain.first); });
  }

  std::vector<model::Name> enums_;
  std::vector<std::pair<model::Name, model::Type>> domains_;
  std::vector<std::string> calls_;
};

}  // namespace sterna::detail
