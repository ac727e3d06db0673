// The actions of ALTER TABLE in detail.
#include "base/text.hpp"
#include "lint/facts_reader.hpp"

namespace sterna::lint {

using Kind = ActionFact::Kind;

std::vector<ActionFact> FactReader::actions() {
  std::vector<ActionFact> result;
  while (!cursor.at_end()) {
    const std::size_t before = offset();
    action(result);
    while (!cursor.at_end() && !cursor.at(',')) cursor.skip();
    if (!result.empty() && result.back().text.empty()) result.back().text = taken_since(before);
    cursor.accept(',');
  }
  return result;
}

void FactReader::action(std::vector<ActionFact>& actions) {
  const Repeated before = repeated_;
  repeated_ = Repeated::none;
  ActionFact fact;
  if (cursor.accept("ADD")) return add(actions, fact);
  if (cursor.accept("DROP")) return drop(actions, fact);
  if (cursor.accept("RENAME")) {
    rename(fact);
  } else if (mysql() && cursor.accept("MODIFY")) {
    cursor.accept("COLUMN");
    accept_if_exists();
    fact.kind = Kind::modify_column;
    fact.column = column();
    fact.name = fact.column.name;
  } else if (mysql() && cursor.accept("CHANGE")) {
    cursor.accept("COLUMN");
    accept_if_exists();
    fact.kind = Kind::modify_column;
    fact.name = cursor.identifier();
    fact.column = column();
    if (fact.column.name != fact.name) fact.new_name = fact.column.name;
  } else if (cursor.at("ALTER")) {
    alter_column(fact);
  } else if (before == Repeated::add && cursor.at_name()) {
    fact.kind = Kind::add_column;
    fact.column = column();
    fact.name = fact.column.name;
    repeated_ = before;
  } else if (before == Repeated::drop && cursor.at_name()) {
    fact.kind = Kind::drop_column;
    fact.name = cursor.identifier();
    repeated_ = before;
  } else {
    other(fact);
  }
  actions.push_back(std::move(fact));
}

void FactReader::add(std::vector<ActionFact>& actions, ActionFact& fact) {
  if (at_constraint()) {
    fact.kind = Kind::add_constraint;
    fact.constraint = constraint();
    fact.name = fact.constraint.name;
  } else if (mysql() && cursor.at("PARTITION")) {
    fact.kind = Kind::partition;
    fact.value = "ADD";
    while (!cursor.at_end()) cursor.skip();
  } else {
    fact.kind = Kind::add_column;
    cursor.accept("COLUMN");
    fact.if_exists = accept_if_exists();
    if (cursor.accept('(')) {  // several
      while (!cursor.at_end() && !cursor.at(')')) {
        fact.column = column();
        fact.name = fact.column.name;
        actions.push_back(fact);
        if (!cursor.accept(',')) break;
      }
      cursor.accept(')');
      return;
    }
    fact.column = column();
    fact.name = fact.column.name;
    if (cursor.traits().alters_without_verb) repeated_ = Repeated::add;
  }
  actions.push_back(std::move(fact));
}

void FactReader::drop(std::vector<ActionFact>& actions, ActionFact& fact) {
  if (cursor.accept({"PRIMARY", "KEY"})) {
    fact.kind = Kind::drop_primary_key;
  } else if (cursor.accept("CONSTRAINT") ||
             (mysql() && (cursor.accept({"FOREIGN", "KEY"}) || cursor.accept("CHECK")))) {
    fact.kind = Kind::drop_constraint;
    fact.if_exists = accept_if_exists();
    fact.name = cursor.identifier();
  } else if (mysql() && cursor.accept_any({"INDEX", "KEY"})) {
    fact.kind = Kind::drop_index;
    fact.if_exists = accept_if_exists();
    fact.name = cursor.identifier();
  } else if (mysql() && cursor.accept("PARTITION")) {
    fact.kind = Kind::partition;
    fact.value = "DROP";
    fact.if_exists = accept_if_exists();
    fact.name = cursor.identifier();
    while (!cursor.at_end()) cursor.skip();
  } else {
    fact.kind = Kind::drop_column;
    cursor.accept("COLUMN");
    fact.if_exists = accept_if_exists();
    if (cursor.at('(')) {
      for (std::string& name : names()) {
        fact.name = std::move(name);
        actions.push_back(fact);
      }
      return;
    }
    fact.name = cursor.identifier();
    if (cursor.traits().alters_without_verb) repeated_ = Repeated::drop;
    fact.cascade = cursor.accept("CASCADE");
  }
  if (!fact.cascade) fact.cascade = cursor.accept("CASCADE");
  actions.push_back(std::move(fact));
}

void FactReader::rename(ActionFact& fact) {
  const auto to = [&] {
    accept_if_exists();
    fact.name = cursor.identifier();
    if (cursor.accept_any({"TO", "AS"})) fact.new_name = cursor.identifier();
  };
  if (cursor.accept_any({"TO", "AS"})) {
    fact.kind = Kind::rename_table;
    fact.new_name = cursor.name().name;
  } else if (!cursor.at("TO", 1) && cursor.accept_any({"INDEX", "KEY"})) {
    fact.kind = Kind::rename_index;
    to();
  } else if (!cursor.at("TO", 1) && cursor.accept("CONSTRAINT")) {
    fact.kind = Kind::rename_constraint;
    to();
  } else if (mysql() && !cursor.at("COLUMN") && !cursor.at("TO", 1)) {
    fact.kind = Kind::rename_table;
    fact.new_name = cursor.name().name;
  } else {
    fact.kind = Kind::rename_column;
    if (!cursor.at("TO", 1)) cursor.accept("COLUMN");
    to();
  }
}

void FactReader::alter_column(ActionFact& fact) {
  cursor.take();
  if (cursor.accept("CONSTRAINT")) {
    fact.value = "ALTER CONSTRAINT";
    fact.name = cursor.identifier();
    return;
  }
  if (mysql() && cursor.accept_any({"INDEX", "KEY", "CHECK"})) return;
  cursor.accept("COLUMN");
  accept_if_exists();
  fact.name = fact.column.name = cursor.identifier();
  if (cursor.accept({"SET", "DATA", "TYPE"}) || cursor.accept("TYPE")) {
    fact.kind = Kind::set_type;
    definition(fact.column);
  } else if (cursor.accept({"SET", "NOT", "NULL"})) {
    fact.kind = Kind::set_not_null;
  } else if (cursor.accept({"DROP", "NOT", "NULL"})) {
    fact.kind = Kind::drop_not_null;
  } else if (cursor.accept({"SET", "DEFAULT"})) {
    fact.kind = Kind::set_default;
    fact.column.default_value = rest_of_item();
  } else if (cursor.accept({"DROP", "DEFAULT"})) {
    fact.kind = Kind::drop_default;
  } else if (cursor.accept("ADD")) {
    fact.kind = Kind::add_identity;
    definition(fact.column);
  } else {
    fact.value = to_upper(rest_of_item());
  }
}

void FactReader::other(ActionFact& fact) {
  const auto value = [&] {
    cursor.accept('=');
    return to_upper(sql::unquoted(cursor.take()));
  };
  if (cursor.accept({"VALIDATE", "CONSTRAINT"})) {
    fact.kind = Kind::validate_constraint;
    fact.name = cursor.identifier();
  } else if (cursor.accept({"ATTACH", "PARTITION"})) {
    fact.kind = Kind::attach_partition;
    fact.object = cursor.name();
    while (!cursor.at_end()) cursor.skip();
  } else if (cursor.accept({"DETACH", "PARTITION"})) {
    fact.kind = Kind::detach_partition;
    fact.object = cursor.name();
    fact.concurrently = cursor.accept("CONCURRENTLY");
    if (cursor.accept("FINALIZE")) fact.concurrently = true;
  } else if (cursor.accept({"SET", "TABLESPACE"})) {
    fact.kind = Kind::set_tablespace;
    fact.name = cursor.identifier();
  } else if (cursor.accept({"SET", "LOGGED"})) {
    fact.kind = Kind::set_logged;
  } else if (cursor.accept({"SET", "UNLOGGED"})) {
    fact.kind = Kind::set_unlogged;
  } else if (cursor.accept({"SET", "ACCESS", "METHOD"})) {
    fact.kind = Kind::set_access_method;
  } else if (cursor.at_any({"ENABLE", "DISABLE", "FORCE", "NO"}) &&
             (cursor.at("ROW", 1) || cursor.at("ROW", 2))) {
    fact.kind = Kind::row_security;
    fact.value = to_upper(cursor.take().text);
  } else if (cursor.at_any({"ENABLE", "DISABLE"}) &&
             (cursor.at("TRIGGER", 1) || cursor.at("TRIGGER", 2))) {
    fact.kind = cursor.at("ENABLE") ? Kind::enable_trigger : Kind::disable_trigger;
    while (!cursor.at("TRIGGER")) cursor.take();
    cursor.take();
    fact.name = cursor.identifier();
  } else if (cursor.accept("ALGORITHM")) {
    fact.kind = Kind::algorithm;
    fact.value = value();
  } else if (cursor.accept("LOCK")) {
    fact.kind = Kind::lock;
    fact.value = value();
  } else if (cursor.accept("ENGINE")) {
    fact.kind = Kind::engine;
    fact.value = value();
  } else if (cursor.accept({"CONVERT", "TO"})) {
    fact.kind = Kind::convert_charset;
    if (cursor.accept({"CHARACTER", "SET"}) || cursor.accept("CHARSET")) fact.value = value();
  } else if (mysql() &&
             (cursor.at_any({"CHARACTER", "CHARSET"}) ||
              (cursor.at("DEFAULT") && (cursor.at("CHARACTER", 1) || cursor.at("CHARSET", 1))))) {
    fact.kind = Kind::charset;
    cursor.accept("DEFAULT");
    if (!cursor.accept("CHARSET")) cursor.accept({"CHARACTER", "SET"});
    fact.value = value();
  } else if (cursor.accept_any({"ROW_FORMAT", "KEY_BLOCK_SIZE"})) {
    fact.kind = Kind::row_format;
    fact.value = value();
  } else if (mysql() && cursor.accept("FORCE")) {
    fact.kind = Kind::force;
  } else if (mysql() && (cursor.at("PARTITION") || cursor.at("PARTITION", 1) ||
                         cursor.at("PARTITIONING", 1))) {
    fact.kind = Kind::partition;
    fact.value = to_upper(cursor.peek().text);
    while (!cursor.at_end()) cursor.skip();
  } else {
    const std::string text = rest_of_item();
    fact.value = to_upper(text);
    fact.text = text;
    if (text.empty() && !cursor.at_end()) cursor.skip();
  }
}

}  // namespace sterna::lint
