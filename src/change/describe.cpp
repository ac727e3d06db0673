#include "base/text.hpp"
#include "change/change.hpp"

namespace sterna {
namespace {

std::string or_columns(const std::string& name, const std::vector<std::string>& columns) {
  return name.empty() ? "on " + join(columns, ", ") : name;
}

std::string or_parts(const std::string& name, const std::vector<model::IndexPart>& parts) {
  std::vector<std::string> texts;
  for (const model::IndexPart& part : parts) {
    texts.push_back(part.column.empty() ? "(" + part.expression + ")" : part.column);
  }
  return or_columns(name, texts);
}

std::string named(std::string_view words, const std::string& name) {
  return name.empty() ? std::string(words) : std::string(words) + " " + name;
}

std::string_view kind_words(DropConstraint::Kind kind) {
  switch (kind) {
    case DropConstraint::Kind::unique:
      return "unique";
    case DropConstraint::Kind::foreign_key:
      return "foreign key";
    case DropConstraint::Kind::check:
      return "check";
    case DropConstraint::Kind::exclusion:
      return "exclusion";
  }
  return "constraint";
}

struct DescribeAction {
  std::string operator()(const AddColumn& a) const { return "add column " + a.column.name; }
  std::string operator()(const DropColumn& a) const { return "drop column " + a.name; }
  std::string operator()(const RenameColumn& a) const {
    return "rename column " + a.from + " to " + a.to;
  }
  std::string operator()(const ModifyColumn& a) const {
    static constexpr std::pair<unsigned, const char*> names[] = {
        {ModifyColumn::type, "type"},
        {ModifyColumn::nullability, "nullability"},
        {ModifyColumn::default_value, "default"},
        {ModifyColumn::comment, "comment"},
        {ModifyColumn::generated, "generation"},
        {ModifyColumn::identity, "identity"},
        {ModifyColumn::collation, "collation"},
        {ModifyColumn::position, "position"}};
    std::vector<std::string> parts;
    for (const auto& [bit, name] : names) {
      if ((a.parts & bit) != 0) parts.emplace_back(name);
    }
    return "change column " + a.to.name + (parts.empty() ? "" : " (" + join(parts, ", ") + ")");
  }
  std::string operator()(const AddPrimaryKey& a) const {
    return "add primary key " + or_parts(a.key.name, a.key.parts);
  }
  std::string operator()(const DropPrimaryKey& a) const {
    return named("drop primary key", a.name);
  }
  std::string operator()(const AddUnique& a) const {
    return "add unique " + or_columns(a.unique.name, a.unique.columns);
  }
  std::string operator()(const AddForeignKey& a) const {
    return "add foreign key " + or_columns(a.key.name, a.key.columns) + " to " +
           a.key.referenced_table.text();
  }
  std::string operator()(const AddCheck& a) const {
    return "add check " + (a.check.name.empty() ? "(" + a.check.expression + ")" : a.check.name);
  }
  std::string operator()(const AddExclusion& a) const {
    return named("add exclusion", a.exclusion.name);
  }
  std::string operator()(const DropConstraint& a) const {
    return named("drop " + std::string(kind_words(a.kind)), a.name);
  }
  std::string operator()(const ValidateConstraint& a) const {
    return "validate constraint " + a.name;
  }
  std::string operator()(const AddIndex& a) const {
    return "add index " + or_parts(a.index.name, a.index.parts);
  }
  std::string operator()(const DropIndex& a) const { return named("drop index", a.name); }
  std::string operator()(const RenameIndex& a) const {
    return "rename index " + a.from + " to " + a.to;
  }
  std::string operator()(const RenameConstraint& a) const {
    return "rename constraint " + a.from + " to " + a.to;
  }
  std::string operator()(const SetTableComment& a) const {
    return a.comment.empty() ? "remove the comment" : "set the comment";
  }
  std::string operator()(const SetTableOption& a) const { return "set " + a.key + " = " + a.value; }
};

/// The beginning of a statement, on one line.
std::string excerpt(std::string_view sql) {
  constexpr std::size_t most = 70;
  std::string line;
  for (const char c : trim(sql)) {
    const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (space && (line.empty() || line.back() == ' ')) continue;
    line += space ? ' ' : c;
  }
  if (line.size() <= most) return line;
  std::size_t length = most;
  while (length > 0 && (static_cast<unsigned char>(line[length]) & 0xC0U) == 0x80U) --length;
  return line.substr(0, length) + "…";
}

struct Describe {
  std::string operator()(const CreateTable& c) const {
    const std::size_t count = c.table.columns.size();
    return "create table " + c.table.name.text() + " (" + std::to_string(count) +
           (count == 1 ? " column)" : " columns)");
  }
  std::string operator()(const DropTable& c) const { return "drop table " + c.name.text(); }
  std::string operator()(const RenameTable& c) const {
    return "rename table " + c.from.text() + " to " + c.to;
  }
  std::string operator()(const AlterTable& c) const {
    std::vector<std::string> actions;
    for (const TableAction& action : c.actions) {
      actions.push_back(std::visit(DescribeAction{}, action));
    }
    return c.name.text() + ": " + (actions.empty() ? "no change" : join(actions, ", "));
  }
  std::string operator()(const CreateObject& c) const {
    return (c.or_replace ? "create or replace " : "create ") + c.object.kind + " " +
           c.object.name.text();
  }
  std::string operator()(const DropObject& c) const {
    return "drop " + c.kind + " " + c.name.text();
  }
  std::string operator()(const CreateEnum& c) const {
    return "create enum " + c.name.text() + " (" + join(c.values, ", ") + ")";
  }
  std::string operator()(const AddEnumValue& c) const {
    return "enum " + c.name.text() + ": add value " + c.value;
  }
  std::string operator()(const CreateType& c) const {
    const std::size_t count = c.type.fields.size();
    return "create type " + c.type.name.text() + " (" + std::to_string(count) +
           (count == 1 ? " field)" : " fields)");
  }
  std::string operator()(const AlterType& c) const {
    struct DescribeField {
      std::string operator()(const AddTypeField& a) const { return "add field " + a.field.name; }
      std::string operator()(const RenameTypeField& a) const {
        return "rename field " + a.from + " to " + a.to;
      }
    };
    std::vector<std::string> actions;
    for (const TypeAction& action : c.actions)
      actions.push_back(std::visit(DescribeField{}, action));
    return "type " + c.name.text() + ": " + (actions.empty() ? "no change" : join(actions, ", "));
  }
  std::string operator()(const DropType& c) const { return "drop type " + c.name.text(); }
  std::string operator()(const RenameEnumValue& c) const {
    return "enum " + c.name.text() + ": rename value " + c.from + " to " + c.to;
  }
  std::string operator()(const ReplaceEnum& c) const {
    if (c.from.values == c.to.values) return "enum " + c.to.name.text() + ": set the comment";
    return "enum " + c.to.name.text() + ": values anew (" + join(c.to.values, ", ") + ")";
  }
  std::string operator()(const RenameObject& c) const {
    return "rename " + c.kind + " " + c.from.text() + " to " + c.to;
  }
  std::string operator()(const FillColumn& c) const {
    return c.table.text() + ": fill column " + c.column + " with " + c.expression;
  }
  std::string operator()(const RawSql& c) const { return "run " + excerpt(c.statement.sql); }
};

}  // namespace

namespace {

struct Subject {
  model::Name operator()(const CreateTable& it) const { return it.table.name; }
  model::Name operator()(const RenameTable& it) const { return it.from; }
  model::Name operator()(const CreateType& it) const { return it.type.name; }
  model::Name operator()(const ReplaceEnum& it) const { return it.from.name; }
  model::Name operator()(const RenameObject& it) const { return it.from; }
  model::Name operator()(const FillColumn& it) const { return it.table; }
  model::Name operator()(const CreateObject& it) const {
    return it.object.table.name.empty() ? it.object.name : it.object.table;
  }
  model::Name operator()(const DropObject& it) const {
    return it.was && !it.was->table.name.empty() ? it.was->table : it.name;
  }
  model::Name operator()(const RawSql&) const { return {}; }
  template <class Named>
  model::Name operator()(const Named& it) const {
    return it.name;
  }
};

}  // namespace

model::Name subject_of(const Change& change) {
  model::Name name = std::visit(Subject{}, change);
  name.name = name.name.substr(0, name.name.find('('));
  return name;
}

std::string describe(const Change& change) { return std::visit(Describe{}, change); }

}  // namespace sterna
