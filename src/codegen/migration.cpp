#include "codegen/migration.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "codegen/cpp_text.hpp"
#include "codegen/table_code.hpp"

namespace sterna {
namespace {

using codegen::CallChain;
using codegen::cpp_list;
using codegen::cpp_string;
using Code = std::optional<std::string>;

constexpr int body = 4;  ///< indent of the statements of up() and down()

std::string line(const std::string& method, const std::vector<std::string>& arguments) {
  CallChain chain;
  chain.head = "schema." + method + "(" + join(arguments, ", ") + ")";
  return chain.text(body);
}

/// A name as the builder takes it; nothing when it would be parted in another place.
Code name_code(const model::Name& name) {
  const std::string text = name.text();
  return model::Name(text) == name ? Code(cpp_string(text)) : std::nullopt;
}

std::string with_table(const std::string& method, const std::string& name,
                       const std::string& calls) {
  return "    schema." + method + "(" + name + ", [](sterna::TableBuilder& table) {\n" + calls +
         "    });\n";
}

/// Changes other than AlterTable, as one call each.
struct ChangeCode {
  const codegen::TableContext& context;

  Code operator()(const CreateTable& c) const {
    const Code name = name_code(c.table.name);
    const Code calls = table_code(c.table, context, body + 2);
    if (!name || !calls) return std::nullopt;
    return with_table(c.if_missing ? "create_table_if_missing" : "create_table", *name, *calls);
  }
  Code operator()(const DropTable& c) const {
    const Code name = name_code(c.name);
    if (!name || (c.if_exists && c.cascade)) return std::nullopt;
    return line(c.if_exists ? "drop_table_if_exists"
                : c.cascade ? "drop_table_cascade"
                            : "drop_table",
                {*name});
  }
  Code operator()(const RenameTable& c) const {
    const Code from = name_code(c.from);
    if (!from || !model::Name(c.to).schema.empty()) return std::nullopt;
    return line("rename_table", {*from, cpp_string(c.to)});
  }
  Code operator()(const CreateObject& c) const {
    const Code name = name_code(c.object.name);
    const Code table = c.object.table.name.empty() ? Code("") : name_code(c.object.table);
    if (!name || !table || c.or_replace || !c.object.comment.empty()) return std::nullopt;
    std::vector<std::string> arguments{cpp_string(c.object.kind), *name,
                                       cpp_string(c.object.definition)};
    if (!table->empty()) arguments.push_back(*table);
    return line("create_object", arguments);
  }
  Code operator()(const DropObject& c) const {
    const Code name = name_code(c.name);
    if (!name || c.cascade || (c.was && !c.was->drop.empty())) return std::nullopt;
    if (c.kind == "enum") return line(c.if_exists ? "drop_enum_if_exists" : "drop_enum", {*name});
    if (c.if_exists) return std::nullopt;
    if (!c.was || c.was->table.name.empty())
      return line("drop_object", {cpp_string(c.kind), *name});
    const Code table = name_code(c.was->table);
    if (!table) return std::nullopt;
    return line("drop_object", {cpp_string(c.kind), *name, "\"\"", *table});
  }
  Code operator()(const CreateEnum& c) const {
    const Code name = name_code(c.name);
    if (!name || !c.comment.empty() || c.values.empty()) return std::nullopt;
    return line("create_enum", {*name, cpp_list(c.values)});
  }
  Code operator()(const AddEnumValue& c) const {
    const Code name = name_code(c.name);
    if (!name || (!c.before.empty() && !c.after.empty())) return std::nullopt;
    const std::string value = cpp_string(c.value);
    if (!c.before.empty())
      return line("add_enum_value_before", {*name, value, cpp_string(c.before)});
    if (!c.after.empty()) return line("add_enum_value_after", {*name, value, cpp_string(c.after)});
    return line("add_enum_value", {*name, value});
  }
  Code operator()(const RawSql& c) const {
    if (!c.undo) return std::nullopt;  // as any other statement
    CallChain chain;
    chain.head = "schema.raw(" + cpp_string(c.statement.sql) + ")";
    chain.add(".undo(" + cpp_string(c.undo->sql) + ")");
    return chain.text(body);
  }
  template <class Other>
  Code operator()(const Other&) const {
    return std::nullopt;
  }
};

std::string_view column_of(const TableAction& action) {
  if (const auto* add = std::get_if<AddColumn>(&action)) return add->column.name;
  if (const auto* modify = std::get_if<ModifyColumn>(&action)) return modify->to.name;
  return {};
}

/// Writes one direction.
class DirectionWriter {
 public:
  DirectionWriter(const std::function<Rendered(const Change&)>& render,
                  const codegen::TableContext& context)
      : render_(render), context_(context) {}

  std::string code(const std::vector<Change>& changes) {
    for (const Change& change : changes) {
      if (const auto* alter = std::get_if<AlterTable>(&change)) {
        add(*alter);
      } else {
        add(change, std::visit(ChangeCode{context_}, change));
      }
    }
    return std::move(text_);
  }

 private:
  /// Runs of actions that the builder can say become one alter_table; the others stand between.
  void add(const AlterTable& alter) {
    const Code name = name_code(alter.name);
    const auto sayable = [&](const TableAction& action) {
      return name && action_code(alter.name, action, context_, body + 2).has_value();
    };
    // One rebuild does them all: a part of it may be no table at all.
    if (!context_.capabilities.foreign_keys_by_alter &&
        !std::all_of(alter.actions.begin(), alter.actions.end(), sayable))
      return add(alter, std::nullopt);
    AlterTable run{alter.name, {}};
    std::string calls;
    std::set<std::string> columns;  // the builder describes each once
    const auto flush = [&] {
      if (run.actions.empty()) return;
      add(run, with_table("alter_table", *name, calls));
      run.actions.clear();
      calls.clear();
      columns.clear();
    };
    for (const TableAction& action : alter.actions) {
      const Code call = name ? action_code(alter.name, action, context_, body + 2) : std::nullopt;
      if (!call) {
        flush();
        add(AlterTable{alter.name, {action}}, std::nullopt);
        continue;
      }
      const std::string column(column_of(action));
      if (!column.empty() && columns.contains(column)) flush();
      if (!column.empty()) columns.insert(column);
      run.actions.push_back(action);
      calls += *call;
    }
    flush();
  }

  void add(const Change& change, const Code& call) {
    const Rendered rendered = render_(change);
    if (call) {
      text_ += *call;
      return;
    }
    if (rendered.needs_foreign_keys_off) {
      throw Error(ErrorKind::plan,
                  "a C++ migration has no word for this, and its rebuild must run with foreign "
                  "keys off: " +
                      describe(change))
          .suggest("write this migration as SQL");
    }
    for (const Statement& statement : rendered.statements) {
      if (!statement.parameters.empty() || !statement.copy_data.empty()) {
        throw Error(ErrorKind::plan, "a statement with rows or bound values stands in no C++ file")
            .with_statement(statement.sql)
            .suggest("write this migration as SQL");
      }
      text_ += line("raw", {cpp_string(trim(statement.sql))});
    }
  }

  const std::function<Rendered(const Change&)>& render_;
  const codegen::TableContext& context_;
  std::string text_;
};

std::string milliseconds(std::chrono::milliseconds value) {
  return value.count() % 1000 == 0 ? std::to_string(value.count() / 1000) + "s"
                                   : std::to_string(value.count()) + "ms";
}

/// `sterna::Meta{.description = "…", .timeout = 60s}`; empty when there is nothing to say.
std::string meta_code(const Meta& meta) {
  std::vector<std::string> fields;
  const auto say = [&](std::string_view field, const std::string& value) {
    fields.push_back("." + std::string(field) + " = " + value);
  };
  if (!meta.description.empty()) say("description", cpp_string(meta.description));
  if (meta.breaking) say("breaking", "true");
  if (meta.estimated.count() != 0) say("estimated", milliseconds(meta.estimated));
  if (meta.timeout.count() != 0) say("timeout", milliseconds(meta.timeout));
  if (meta.lock_timeout.count() != 0) say("lock_timeout", milliseconds(meta.lock_timeout));
  if (meta.retry >= 0) say("retry", std::to_string(meta.retry));
  if (meta.transaction == TransactionMode::migration)
    say("transaction", "sterna::TransactionMode::migration");
  if (meta.transaction == TransactionMode::none)
    say("transaction", "sterna::TransactionMode::none");
  if (!meta.environments.empty()) say("environments", cpp_list(meta.environments));
  if (!meta.connection.empty()) say("connection", cpp_string(meta.connection));
  if (!meta.depends.empty()) say("depends", cpp_list(meta.depends));
  if (!meta.replaces.empty()) say("replaces", cpp_list(meta.replaces));
  if (!meta.irreversible.empty()) say("irreversible", cpp_string(meta.irreversible));
  if (!meta.down_loses.empty()) say("down_loses", cpp_string(meta.down_loses));
  return fields.empty() ? std::string() : ", sterna::Meta{" + join(fields, ", ") + "}";
}

std::string method_code(std::string_view name, const std::string& code) {
  const std::string parameter = code.empty() ? "sterna::Schema&" : "sterna::Schema& schema";
  return "  void " + std::string(name) + "(" + parameter + ") override {" +
         (code.empty() ? "}\n" : "\n" + code + "  }\n");
}

}  // namespace

std::string migration_class_name(std::string_view description) {
  return codegen::cpp_class_name(description);
}

std::vector<Change> framed(std::vector<Change> changes, const Dialect& dialect) {
  const Dialect::Frame frame = dialect.script_frame(changes);
  std::vector<Change> all;
  for (const Statement& statement : frame.before) all.emplace_back(RawSql{statement, std::nullopt});
  for (Change& change : changes) all.push_back(std::move(change));
  for (const Statement& statement : frame.after) all.emplace_back(RawSql{statement, std::nullopt});
  return all;
}

std::string cpp_migration(const CppMigration& migration) {
  const codegen::TableContext context{migration.capabilities, migration.type_name};
  const std::string name = migration_class_name(
      migration.class_name.empty() ? migration.meta.description : migration.class_name);
  std::string text =
      "#include <sterna/migration.hpp>\n\nstruct " + name + " : sterna::Migration {\n";
  text += method_code("up", DirectionWriter(migration.render_up, context).code(migration.up));
  if (migration.meta.irreversible.empty())
    text +=
        method_code("down", DirectionWriter(migration.render_down, context).code(migration.down));
  return text + "};\nSTERNA_MIGRATION(" + name + meta_code(migration.meta) + ");\n";
}

}  // namespace sterna
