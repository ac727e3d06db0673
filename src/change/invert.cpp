#include <algorithm>
#include <iterator>

#include "change/change.hpp"
#include "change/former.hpp"
#include "change/known.hpp"

namespace sterna {
namespace {

/// What one action of ALTER TABLE becomes: nothing at all (VALIDATE), an action, or an obstacle.
struct InverseAction {
  std::optional<TableAction> action;
  std::string obstacle;
  bool loses_rows = false;
};

constexpr const char* by_hand = "write down() by hand";

InverseAction cannot(const std::string& what, const std::string& why) {
  return {std::nullopt, what + ": " + why, false};
}

InverseAction unknown_definition(const std::string& what) {
  return cannot(what, std::string("its definition is not known here; ") + by_hand +
                          " or give the definition");
}

InverseAction maybe_older(const std::string& what) {
  return cannot(what, std::string("it may have been there before; ") + by_hand +
                          ", or leave out the \"if missing\"");
}

struct InvertAction {
  const model::Name& table;

  std::string named(std::string_view action, const std::string& name) const {
    return std::string(action) + " " + table.text() + (name.empty() ? "" : "." + name);
  }

  InverseAction operator()(const AddColumn& a) const {
    if (a.if_missing) return maybe_older(named("add_column", a.column.name));
    return {DropColumn{a.column.name, false, a.column}, {}, true};
  }
  InverseAction operator()(const DropColumn& a) const {
    if (!a.was) return unknown_definition(named("drop_column", a.name));
    return {AddColumn{*a.was, false, false, {}}, {}, false};
  }
  InverseAction operator()(const RenameColumn& a) const {
    return {RenameColumn{a.to, a.from, a.was}, {}, false};
  }
  InverseAction operator()(const ModifyColumn& a) const {
    const std::string what = named("change column", a.to.name);
    if (!a.was) return unknown_definition(what);
    if ((a.parts & ModifyColumn::position) != 0) {
      return cannot(what, std::string("its former position is not known here; ") + by_hand);
    }
    if (!a.using_expression.empty()) {
      return cannot(what, std::string("its USING expression has no known reverse; ") + by_hand);
    }
    return {ModifyColumn{*a.was, a.parts, a.to, {}, false, {}}, {}, false};
  }
  InverseAction operator()(const AddPrimaryKey& a) const {
    return {DropPrimaryKey{a.key.name, a.key}, {}, false};
  }
  InverseAction operator()(const DropPrimaryKey& a) const {
    if (!a.was) return unknown_definition(named("drop_primary", ""));
    return {AddPrimaryKey{*a.was}, {}, false};
  }
  InverseAction operator()(const AddUnique& a) const {
    return {
        DropConstraint{DropConstraint::Kind::unique, a.unique.name, false, a.unique}, {}, false};
  }
  InverseAction operator()(const AddForeignKey& a) const {
    return {DropConstraint{DropConstraint::Kind::foreign_key, a.key.name, false, a.key}, {}, false};
  }
  InverseAction operator()(const AddCheck& a) const {
    if (a.check.name.empty()) {
      return cannot(named("add_check", "") + " (" + a.check.expression + ")",
                    std::string("it has no name to drop it by; name the check, or ") + by_hand);
    }
    return {DropConstraint{DropConstraint::Kind::check, a.check.name, false, a.check}, {}, false};
  }
  InverseAction operator()(const AddExclusion& a) const {
    return {DropConstraint{DropConstraint::Kind::exclusion, a.exclusion.name, false, a.exclusion},
            {},
            false};
  }
  InverseAction operator()(const DropConstraint& a) const {
    if (!a.was) return unknown_definition(named("drop constraint", a.name));
    struct Add {
      TableAction operator()(const model::Unique& v) const { return AddUnique{v}; }
      TableAction operator()(const model::ForeignKey& v) const { return AddForeignKey{v}; }
      TableAction operator()(const model::Check& v) const { return AddCheck{v}; }
      TableAction operator()(const model::Exclusion& v) const { return AddExclusion{v}; }
    };
    return {std::visit(Add{}, *a.was), {}, false};
  }
  // A validated constraint may stay validated: nothing that was possible before is refused after
  // it.
  InverseAction operator()(const ValidateConstraint&) const { return {}; }
  InverseAction operator()(const AddIndex& a) const {
    if (a.if_missing) return maybe_older(named("add_index", a.index.name));
    return {DropIndex{a.index.name, false, a.concurrently, a.index}, {}, false};
  }
  InverseAction operator()(const DropIndex& a) const {
    if (!a.was) return unknown_definition(named("drop_index", a.name));
    return {AddIndex{*a.was, false, a.concurrently}, {}, false};
  }
  InverseAction operator()(const RenameIndex& a) const {
    return {RenameIndex{a.to, a.from}, {}, false};
  }
  InverseAction operator()(const RenameConstraint& a) const {
    return {RenameConstraint{a.to, a.from}, {}, false};
  }
  InverseAction operator()(const SetTableComment& a) const {
    if (!a.was) {
      return cannot(named("comment", ""),
                    std::string("the former comment is not known here; ") + by_hand);
    }
    return {SetTableComment{*a.was, a.comment}, {}, false};
  }
  InverseAction operator()(const SetTableOption& a) const {
    if (!a.was) {
      return cannot(named("set", a.key),
                    std::string("the former value is not known here; ") + by_hand);
    }
    return {SetTableOption{a.key, *a.was, a.value}, {}, false};
  }
};

Inverse obstacle(std::string text) { return {{}, std::move(text), false}; }

struct Invert {
  Inverse operator()(const CreateTable& c) const {
    if (c.if_missing) return obstacle(maybe_older("create_table " + c.table.name.text()).obstacle);
    return {{DropTable{c.table.name, false, false, c.table}}, {}, true};
  }
  Inverse operator()(const DropTable& c) const {
    if (!c.was) return obstacle(unknown_definition("drop_table " + c.name.text()).obstacle);
    return {{CreateTable{*c.was, false}}, {}, false};
  }
  Inverse operator()(const RenameTable& c) const {
    return {{RenameTable{model::Name(c.from.schema, c.to), c.from.name}}, {}, false};
  }
  Inverse operator()(const AlterTable& c) const {
    AlterTable result{c.name, {}, c.online};
    Inverse inverse;
    for (auto action = c.actions.rbegin(); action != c.actions.rend(); ++action) {
      InverseAction part = std::visit(InvertAction{c.name}, *action);
      if (!part.obstacle.empty()) return obstacle(std::move(part.obstacle));
      if (part.action) result.actions.push_back(std::move(*part.action));
      inverse.loses_rows = inverse.loses_rows || part.loses_rows;
    }
    if (!result.actions.empty()) inverse.changes.emplace_back(std::move(result));
    return inverse;
  }
  Inverse operator()(const CreateObject& c) const {
    const model::Object& object = c.object;
    if (c.or_replace) {
      return obstacle("create or replace " + object.kind + " " + object.name.text() +
                      ": what it replaces is not known here; " + by_hand);
    }
    return {{DropObject{object.kind, object.name, false, false, object}}, {}, false};
  }
  Inverse operator()(const DropObject& c) const {
    if (!c.was) {
      return obstacle(unknown_definition("drop " + c.kind + " " + c.name.text()).obstacle);
    }
    return {{CreateObject{*c.was, false}}, {}, false};
  }
  Inverse operator()(const CreateEnum& c) const {
    return {{DropObject{"enum", c.name, false, false, std::nullopt}}, {}, false};
  }
  Inverse operator()(const AddEnumValue& c) const {
    return obstacle("enum " + c.name.text() + ": PostgreSQL cannot remove the value '" + c.value +
                    "'; " + by_hand + " (a new type, the columns converted to it)");
  }
  Inverse operator()(const CreateType& c) const {
    if (c.if_missing) return obstacle(maybe_older("create_type " + c.type.name.text()).obstacle);
    return {{DropType{c.type.name, false, c.type}}, {}, false};
  }
  Inverse operator()(const AlterType& c) const {
    AlterType result{c.name, {}};
    for (auto action = c.actions.rbegin(); action != c.actions.rend(); ++action) {
      const auto* rename = std::get_if<RenameTypeField>(&*action);
      if (rename == nullptr) {
        return obstacle("alter_type " + c.name.text() +
                        ": a field cannot be taken out of a type again; " + by_hand);
      }
      result.actions.push_back(RenameTypeField{rename->to, rename->from});
    }
    return {{std::move(result)}, {}, false};
  }
  Inverse operator()(const DropType& c) const {
    if (!c.was) return obstacle(unknown_definition("drop_type " + c.name.text()).obstacle);
    return {{CreateType{*c.was, false}}, {}, false};
  }
  Inverse operator()(const RenameEnumValue& c) const {
    return {{RenameEnumValue{c.name, c.to, c.from}}, {}, false};
  }
  Inverse operator()(const ReplaceEnum& c) const {
    ReplaceEnum back{c.to, c.from, c.columns};
    for (EnumColumn& column : back.columns) std::swap(column.from, column.to);
    return {{std::move(back)}, {}, false};
  }
  Inverse operator()(const RenameObject& c) const {
    return {{RenameObject{c.kind, model::Name(c.from.schema, c.to), c.from.name}}, {}, false};
  }
  // Values that stood for NULL may stay: the column goes, or bears them.
  Inverse operator()(const FillColumn&) const { return {}; }
  Inverse operator()(const RawSql& c) const {
    if (!c.undo) {
      return obstacle("\"" + describe(c).substr(4) +
                      "\": SQL has no known reverse; give the undo "
                      "statement, or " +
                      by_hand);
    }
    return {{RawSql{*c.undo, c.statement}}, {}, false};
  }
};

}  // namespace

Inverse invert(const Change& change) {
  // An AlterTable may drop or change what its own earlier actions added.
  return std::visit(Invert{}, detail::Known{}.completed(change));
}

namespace {

Inverse invert_known(const std::vector<Change>& changes, detail::Known known) {
  std::vector<Change> completed;
  completed.reserve(changes.size());
  for (const Change& change : changes) {
    completed.push_back(known.completed(change));
    known.apply(completed.back());
  }
  Inverse result;
  for (auto change = completed.rbegin(); change != completed.rend(); ++change) {
    Inverse part = std::visit(Invert{}, *change);
    if (!part.obstacle.empty()) return part;
    result.loses_rows = result.loses_rows || part.loses_rows;
    std::move(part.changes.begin(), part.changes.end(), std::back_inserter(result.changes));
  }
  return result;
}

}  // namespace

Inverse invert(const std::vector<Change>& changes) {
  return invert_known(changes, detail::Known{});
}

Inverse invert(const std::vector<Change>& changes, const model::Model& before) {
  return invert_known(changes, detail::Known{before});
}

}  // namespace sterna
