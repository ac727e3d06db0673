#include "bulk/alteration.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "bulk/walk.hpp"
#include "model/kinds.hpp"
#include "sql/lexer.hpp"
#include "sql/token_cursor.hpp"

#include <algorithm>

namespace sterna::bulk {
namespace {

using model::Type;
using model::TypeKind;

/// What stands behind the table's name.
std::string actions_of(std::string_view sql, Language language) {
  sql::Lexer lexer(sql, language);
  sql::Token token = lexer.next();
  while (token.kind != sql::TokenKind::end && !is_word(token, "TABLE")) token = lexer.next();
  bool named = false;
  for (token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.is_comment() || token.is('.')) {
      named = named && !token.is('.');
      continue;
    }
    if (named) break;
    named = !is_word(token, "IF") && !is_word(token, "EXISTS");
  }
  if (token.kind == sql::TokenKind::end) return {};
  return std::string(sql.substr(static_cast<std::size_t>(token.text.data() - sql.data())));
}

bool says(const std::string& sql, Language language, std::initializer_list<const char*> words) {
  sql::Lexer lexer(sql, language);
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    for (const char* word : words) {
      if (is_word(token, word)) return true;
    }
  }
  return false;
}

std::string own_name(std::string_view prefix, const std::string& table) {
  constexpr std::size_t most = 58;  // triggers add some letters
  const std::string name = std::string(prefix) + table;
  return name.size() <= most ? name
                             : name.substr(0, most - 9) + "_" + sha256_hex(table).substr(0, 8);
}

bool is_text(const Type& type) {
  return model::is_text(type.kind) || type.kind == TypeKind::enumeration;
}

/// A range of the one holds the rows that it holds of the other.
bool same_order(const model::Table& table, const model::Column& before, const model::Table& fresh,
                const model::Column& after) {
  if (model::is_integer(before.type.kind)) return model::is_integer(after.type.kind);
  if (before.type.kind == TypeKind::enumeration) return before.type == after.type;
  const auto collation = [](const model::Table& owner, const model::Column& column) {
    return column.collation.empty() ? owner.collation : column.collation;
  };
  if (model::is_text(before.type.kind))
    return model::is_text(after.type.kind) && collation(table, before) == collation(fresh, after);
  return before.type.kind == after.type.kind;
}

[[noreturn]] void refuse_key(const std::string& column) {
  throw Error(ErrorKind::validation, "the change alters how column '" + column +
                                         "' is ordered, of the key by which rows are found in the "
                                         "copy")
      .suggest("change the key by itself, without the directive, when few use the table");
}

/// Rows of table and copy belong together by a key that both have.
void check_key(const Shadow& shadow, const model::Table& table, const model::Table& fresh,
               const BulkWords& words) {
  std::vector<std::string> wanted;
  for (const std::string& column : shadow.key) {
    const auto known = std::find_if(shadow.columns.begin(), shadow.columns.end(),
                                    [&](const auto& one) { return one.from == column; });
    if (known != shadow.columns.end()) wanted.push_back(known->to);
  }
  std::vector<std::string> there;
  try {
    there = key_of_table(fresh, words);
  } catch (const Error&) {  // then it has none
  }
  if (wanted.size() == shadow.key.size() && there == wanted) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!same_order(table, *table.column(shadow.key[i]), fresh, *fresh.column(wanted[i])))
        refuse_key(shadow.key[i]);
    }
    return;
  }
  throw Error(ErrorKind::validation, "the change takes away or changes the key (" +
                                         join(shadow.key, ", ") +
                                         ") by which rows are found in the copy")
      .suggest("change the key by itself, without the directive, when few use the table");
}

/// The server takes no foreign key to a column of another type, or of another name. Where a table
/// refers to itself both columns may change together.
void check_referred(const Shadow& shadow, const model::Table& table, const model::Table& fresh) {
  for (const Shadow::Reference& reference : shadow.references) {
    if (reference.to_copy.empty()) continue;
    for (const std::string& name : reference.referenced) {
      const model::Column* before = table.column(name);
      const model::Column* after = fresh.column(name);
      const bool itself = reference.owner == shadow.table;
      if (before != nullptr && after != nullptr && (itself || before->type == after->type))
        continue;
      throw Error(ErrorKind::validation, "the change alters column '" + name +
                                             "', which foreign key " + reference.name + " of " +
                                             reference.owner.text() + " refers to")
          .suggest(
              "drop that foreign key before, change the columns of both tables, and add it "
              "again behind (with foreign_key_checks = 0 the server does it in place)");
    }
  }
}

}  // namespace

[[noreturn]] void refuse(const Statement& statement, const std::string& reason,
                         const std::string& advice) {
  throw Error(ErrorKind::validation, "this change cannot be made online: " + reason)
      .at(statement.position)
      .with_statement(std::string(body_of(statement.sql)))
      .with_state("nothing was run")
      .suggest(advice);
}

bool Alteration::drops(const std::string& column) const {
  return std::any_of(summary.actions.begin(), summary.actions.end(),
                     [&](const AlterAction& action) {
                       return action.kind == AlterAction::Kind::drop_column &&
                              equals_ignoring_case(action.name, column);
                     });
}

std::string Alteration::new_name(const std::string& column) const {
  for (const AlterAction& action : summary.actions) {
    if (action.kind == AlterAction::Kind::rename_column &&
        equals_ignoring_case(action.name, column))
      return action.new_name;
  }
  return column;
}

Alteration alteration_of(const Statement& statement, Language language) {
  Alteration result;
  result.options = *step_of(statement);
  const std::string body(body_of(statement.sql));
  result.summary = classify(body, language);
  if (result.summary.verb != Verb::alter || result.summary.object != "TABLE")
    refuse(statement, "it is no ALTER TABLE", "put the directive above the ALTER TABLE");
  result.table = model::Name(result.summary.name.schema, result.summary.name.name);
  result.actions = actions_of(body, language);
  using Kind = AlterAction::Kind;
  for (const AlterAction& action : result.summary.actions) {
    if (action.kind == Kind::rename_table)
      refuse(statement, "it renames the table", "rename it by a statement of its own");
    if (action.kind == Kind::add_foreign_key)
      refuse(statement, "it adds a foreign key",
             "add it by an ALTER TABLE of its own: with foreign_key_checks = 0 the server does it "
             "in place");
  }
  if (says(result.actions, language, {"ALGORITHM", "LOCK", "FOREIGN"}))
    refuse(statement, "it says ALGORITHM, LOCK or FOREIGN KEY itself",
           "leave ALGORITHM and LOCK out: the best of them is found; change foreign keys by an "
           "ALTER TABLE of their own");
  if (!result.options.table.empty() && model::Name(result.options.table).name != result.table.name)
    refuse(statement, "the directive names table '" + result.options.table + "'",
           "name the table that is altered");
  return result;
}

Shadow shadow_of(const Alteration& alteration) {
  const model::Name& table = alteration.table;
  Shadow shadow;
  shadow.table = table;
  shadow.fresh = {table.schema, own_name("_sterna_new_", table.name)};
  shadow.former = {table.schema, own_name("_sterna_old_", table.name)};
  shadow.actions = alteration.actions;
  return shadow;
}

void fit(Shadow& shadow, const Alteration& alteration, const model::Table& table,
         const model::Table& fresh, const BulkWords& words) {
  shadow.columns.clear();
  for (const model::Column& column : table.columns) {
    // One that is dropped and added again is another, without the values of the former.
    if (column.generated || alteration.drops(column.name)) continue;
    const std::string to = alteration.new_name(column.name);
    const model::Column* there = fresh.column(to);
    if (there == nullptr || there->generated) continue;
    const bool text = is_text(column.type) && is_text(there->type);
    const bool integer = model::is_integer(column.type.kind) && model::is_integer(there->type.kind);
    const auto charset = [](const model::Table& owner, const model::Column& one) {
      return one.charset.empty() ? owner.charset : one.charset;
    };
    shadow.columns.push_back(
        {column.name, to, text && charset(table, column) != charset(fresh, *there),
         column.nullable || there->nullable, text || integer || column.type == there->type});
  }
  shadow.key = key_of_table(table, words);
  shadow.key_types = types_of(table, shadow.key);
  check_key(shadow, table, fresh, words);
  check_referred(shadow, table, fresh);
}

}  // namespace sterna::bulk
