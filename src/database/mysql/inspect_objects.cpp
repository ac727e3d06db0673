// Views, triggers, routines, events and sequences: kept as their complete definition. Views and
// sequences are told as they are by SHOW CREATE alone (information_schema qualifies every name with
// the database, has no ALGORITHM on MySQL, and no sequences before MariaDB 11.5).
#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.hpp"
#include "database/mysql/inspect_reading.hpp"
#include "database/mysql/inspect_types.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::mysql {
namespace {

using model::Object;

std::string text_at(Row& row, std::size_t index) {
  return row[index].is_null() ? std::string() : row.take<std::string>(index);
}

/// Without "DEFINER=`user`@`host` " in front of what is created.
std::string without_definer(const std::string& definition) {
  constexpr std::string_view word = " DEFINER=";
  const std::size_t at = definition.find(word);
  if (at == std::string::npos || at > definition.find(" AS ")) return definition;
  std::size_t end = at + word.size();
  while (end < definition.size() && definition[end] != ' ')
    end = definition[end] == '`' ? literal_end(definition, end) : end + 1;
  return definition.substr(0, at) + definition.substr(end);
}

/// Calls of this database's functions are printed with the database's name; an alias in front of a
/// column is never followed by a parenthesis.
std::string with_plain_calls(const std::string& sql, const std::string& quoted_database) {
  std::string result;
  for (std::size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    if (c != '`' && c != '\'' && c != '"') {
      result += c;
      ++i;
      continue;
    }
    std::size_t end = literal_end(sql, i);
    if (sql.compare(i, end - i, quoted_database) == 0 && sql.compare(end, 2, ".`") == 0) {
      const std::size_t name_end = literal_end(sql, end + 1);
      if (name_end < sql.size() && sql[name_end] == '(') {
        i = end + 1;
        end = name_end;
      }
    }
    result.append(sql, i, end - i);
    i = end;
  }
  return result;
}

class ObjectReader {
 public:
  explicit ObjectReader(Reading& reading) : reading_(reading) {}

  std::string session_mode, session_zone, collation;

  // sql_mode, time_zone, collation of the database
  void session(Row& row) {
    session_mode = text_at(row, 0);
    session_zone = text_at(row, 1);
    collation = text_at(row, 2);
  }

  // name, event, table, timing, order, statement, sql_mode, definer
  void trigger(Row& row) {
    Trigger trigger;
    trigger.name = row.take<std::string>(0);
    trigger.event = text_at(row, 1);
    trigger.table = text_at(row, 2);
    trigger.timing = text_at(row, 3);
    trigger.order = row.get<int>(4);
    trigger.statement = text_at(row, 5);
    trigger.mode = text_at(row, 6);
    trigger.definer = definer(text_at(row, 7));
    if (!reading_.without.contains(trigger.table)) triggers_.push_back(std::move(trigger));
  }

  // routine type and name, position, mode, name, type, charset, collation
  void parameter(Row& row) {
    Signature& signature = signatures_[text_at(row, 0) + " " + text_at(row, 1)];
    std::string type = text_at(row, 5);
    if (const std::string own = text_at(row, 7); !own.empty() && own != collation)
      type += " CHARSET " + text_at(row, 6) + " COLLATE " + own;
    if (row.get<std::int64_t>(2) == 0) {
      signature.returns = std::move(type);
      return;
    }
    const std::string mode = text_at(row, 3);
    if (!signature.parameters.empty()) signature.parameters += ", ";
    if (!mode.empty() && mode != "IN") signature.parameters += mode + " ";
    signature.parameters += quote(text_at(row, 4)) + " " + type;
  }

  // type, name, definition, deterministic, data access, security, comment, sql_mode, definer
  void routine(Row& row) {
    const std::string type = text_at(row, 0);
    const std::string name = text_at(row, 1);
    const std::string mode = text_at(row, 7);
    if (type != "PROCEDURE" && type != "FUNCTION") {
      packages_.emplace_back(type, name, mode);
      return;
    }
    if (row[2].is_null()) {
      reading_.not_managed(to_lower(type) + " " + name + ": no right to read its definition");
      return;
    }
    const std::string body = text_at(row, 2);
    const Signature& signature = signatures_[type + " " + name];
    std::string text = "CREATE " + definer(text_at(row, 8));
    if (type == "FUNCTION" && is_aggregate(body)) text += "AGGREGATE ";
    text += type + " " + quote(name) + "(" + signature.parameters + ")";
    if (type == "FUNCTION") text += " RETURNS " + signature.returns;
    if (text_at(row, 3) == "YES") text += "\n  DETERMINISTIC";
    if (const std::string access = text_at(row, 4); access != "CONTAINS SQL")
      text += "\n  " + access;
    if (text_at(row, 5) == "INVOKER") text += "\n  SQL SECURITY INVOKER";
    if (const std::string comment = text_at(row, 6); !comment.empty())
      text += "\n  COMMENT " + literal(comment);
    Object object;
    object.kind = to_lower(type);
    object.name.name = name;
    object.definition = text + "\n" + body;
    add(std::move(object), mode, {});
  }

  // name, definition, type, at, interval value and field, starts, whether that is when it was made,
  // ends, status, on completion, comment, time zone, sql_mode, definer
  void event(Row& row) {
    const std::string name = text_at(row, 0);
    std::string text =
        "CREATE " + definer(text_at(row, 14)) + "EVENT " + quote(name) + "\n  ON SCHEDULE ";
    if (text_at(row, 2) == "ONE TIME") {
      text += "AT '" + text_at(row, 3) + "'";
    } else {
      text += "EVERY " + text_at(row, 4) + " " + text_at(row, 5);
      const bool starts = !row[6].is_null() && row.get<std::int64_t>(7) == 0;
      if (starts) text += " STARTS '" + text_at(row, 6) + "'";
      if (!row[8].is_null()) text += " ENDS '" + text_at(row, 8) + "'";
    }
    if (text_at(row, 10) == "PRESERVE") text += "\n  ON COMPLETION PRESERVE";
    const std::string status = text_at(row, 9);
    if (status != "ENABLED") text += status == "DISABLED" ? "\n  DISABLE" : "\n  DISABLE ON SLAVE";
    if (const std::string comment = text_at(row, 11); !comment.empty())
      text += "\n  COMMENT " + literal(comment);
    Object object;
    object.kind = "event";
    object.name.name = name;
    object.definition = text + "\n  DO " + text_at(row, 1);
    add(std::move(object), text_at(row, 13), text_at(row, 12));
  }

  void view(const std::string& name, Row& row) {
    Object object;
    object.kind = "view";
    object.name.name = name;
    object.definition = with_plain_calls(row.get<std::string>(1), quote(reading_.database));
    if (!reading_.options.grants) object.definition = without_definer(object.definition);
    reading_.model.objects.push_back(std::move(object));
  }

  void sequence(const std::string& name, Row& row) {
    Object object;
    object.kind = "sequence";
    object.name.name = name;
    object.definition = row.get<std::string>(1);
    reading_.model.objects.push_back(std::move(object));
  }

  std::vector<CatalogQuery> packages() {
    std::vector<CatalogQuery> queries;
    for (const auto& [type, name, mode] : packages_) {
      queries.push_back({"SHOW CREATE " + type + " " + quote(name),
                         [this, type = type, name = name, mode = mode](Row& row) {
                           Object object;
                           object.kind = to_lower(type);
                           object.name.name = name;
                           object.definition = text_at(row, 2);
                           if (!reading_.options.grants)
                             object.definition = without_definer(object.definition);
                           if (type == "PACKAGE BODY")
                             object.depends_on = {model::key_of("package", object.name)};
                           add(std::move(object), mode, {});
                         },
                         to_lower(type) + " " + name});
    }
    return queries;
  }

  /// Each trigger names the one before it of the same table, time and event.
  void finish_triggers() {
    std::sort(triggers_.begin(), triggers_.end(), [](const Trigger& a, const Trigger& b) {
      return std::tie(a.table, a.timing, a.event, a.order) <
             std::tie(b.table, b.timing, b.event, b.order);
    });
    const Trigger* before = nullptr;
    for (const Trigger& trigger : triggers_) {
      const bool follows = before != nullptr && before->table == trigger.table &&
                           before->timing == trigger.timing && before->event == trigger.event;
      Object object;
      object.kind = "trigger";
      object.name.name = trigger.name;
      object.table.name = trigger.table;
      object.depends_on = {model::key_of("table", object.table)};
      object.definition = "CREATE " + trigger.definer + "TRIGGER " + quote(trigger.name) + " " +
                          trigger.timing + " " + trigger.event + " ON " + quote(trigger.table) +
                          " FOR EACH ROW";
      if (follows) {
        object.definition += " FOLLOWS " + quote(before->name);
        object.depends_on.push_back(model::key_of("trigger", before->name));
      }
      object.definition += "\n" + trigger.statement;
      add(std::move(object), trigger.mode, {});
      before = &trigger;
    }
  }

 private:
  struct Trigger {
    std::string name, event, table, timing;
    int order = 0;
    std::string statement, mode, definer;
  };
  struct Signature {
    std::string parameters, returns;
  };
  struct Package {
    std::string type, name, mode;
    Package(std::string t, std::string n, std::string m)
        : type(std::move(t)), name(std::move(n)), mode(std::move(m)) {}
  };

  std::string quote(const std::string& name) const {
    return reading_.connection.dialect().quote(name);
  }
  std::string literal(const std::string& text) const {
    return reading_.connection.dialect().literal(Value(text));
  }
  std::string definer(const std::string& account) const {
    if (!reading_.options.grants || account.empty()) return {};
    const std::size_t at = account.rfind('@');
    std::string text = "DEFINER=" + quote(account.substr(0, at));
    if (at != std::string::npos && at + 1 < account.size())
      text += "@" + quote(account.substr(at + 1));
    return text + " ";
  }
  /// The server takes FETCH GROUP NEXT ROW in aggregates alone, and demands it of them.
  static bool is_aggregate(const std::string& body) {
    sql::TokenCursor cursor(body, Language::mysql);
    while (!cursor.at_end()) {
      if (cursor.accept({"FETCH", "GROUP", "NEXT", "ROW"})) return true;
      cursor.take();
    }
    return false;
  }
  /// What was made under another sql_mode or time zone than a session has by itself is made under
  /// it again.
  void add(Object object, const std::string& mode, const std::string& zone) {
    // Another grammar, chosen before a statement is read: no statement can ask for it itself.
    constexpr std::string_view oracle = "ORACLE";
    if (mode.find(oracle) != std::string::npos && session_mode.find(oracle) == std::string::npos) {
      reading_.not_managed(object.kind + " " + object.name.text() +
                           ": made under sql_mode ORACLE, which this session has not");
      return;
    }
    std::vector<std::string> settings;
    if (mode != session_mode) settings.push_back("sql_mode = " + literal(mode));
    if (!zone.empty() && zone != session_zone) settings.push_back("time_zone = " + literal(zone));
    if (!settings.empty() && reading_.mariadb) {
      object.definition = "SET STATEMENT " + join(settings, ", ") + " FOR " + object.definition;
    } else if (!settings.empty()) {
      reading_.not_managed(object.kind + " " + object.name.text() + ": made under " +
                           join(settings, ", ") + ", which its definition cannot say");
    }
    reading_.model.objects.push_back(std::move(object));
  }

  Reading& reading_;
  std::vector<Trigger> triggers_;
  std::map<std::string, Signature> signatures_;
  std::vector<Package> packages_;
};

/// What a view's definition reads: the names behind FROM and JOIN, and the functions it calls.
class ViewDependencies {
 public:
  explicit ViewDependencies(const Reading& reading) {
    for (const model::Table& table : reading.model.tables) kinds_.emplace(table.name.name, "table");
    for (const Object& object : reading.model.objects) {
      if (object.kind == "view" || object.kind == "sequence")
        kinds_.emplace(object.name.name, object.kind);
      if (object.kind == "function") functions_.insert(object.name.name);
    }
  }

  std::vector<std::string> of(const std::string& definition) const {
    std::vector<std::string> keys;
    const auto add = [&](const std::string& kind, const std::string& name) {
      std::string key = model::key_of(kind, name);
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
    };
    sql::TokenCursor cursor(definition, Language::mysql);
    while (!cursor.at_end()) {
      if (cursor.peek().kind == sql::TokenKind::quoted_identifier && cursor.at('(', 1)) {
        const std::string name = cursor.identifier();
        if (functions_.contains(name)) add("function", name);
        continue;
      }
      if (!cursor.accept_any({"FROM", "JOIN", "STRAIGHT_JOIN"})) {
        cursor.take();
        continue;
      }
      while (cursor.accept('(')) {
      }
      if (cursor.peek().kind != sql::TokenKind::quoted_identifier || cursor.at('.', 1)) continue;
      const std::string name = cursor.identifier();
      if (const auto found = kinds_.find(name); found != kinds_.end()) add(found->second, name);
    }
    return keys;
  }

 private:
  std::unordered_map<std::string, std::string> kinds_;
  std::unordered_set<std::string> functions_;
};

}  // namespace

struct ObjectPart::State {
  explicit State(Reading& reading) : reader(reading) {}
  ObjectReader reader;
};

ObjectPart::ObjectPart(Reading& reading)
    : reading_(reading), state_(std::make_unique<State>(reading)) {}
ObjectPart::~ObjectPart() = default;

std::vector<CatalogQuery> ObjectPart::queries() {
  ObjectReader* reader = &state_->reader;
  const auto with = [&](void (ObjectReader::*read)(Row&)) {
    return [reader, read](Row& row) { (reader->*read)(row); };
  };
  const std::string& schema = reading_.schema;
  return {
      {"SELECT @@sql_mode, @@time_zone, @@collation_database", with(&ObjectReader::session),
       "session"},
      {"SELECT trigger_name, event_manipulation, event_object_table, action_timing, action_order, "
       "action_statement, sql_mode, definer FROM information_schema.triggers WHERE "
       "trigger_schema = " +
           schema,
       with(&ObjectReader::trigger), "triggers"},
      {"SELECT routine_type, specific_name, ordinal_position, parameter_mode, parameter_name, "
       "dtd_identifier, character_set_name, collation_name FROM information_schema.parameters "
       "WHERE specific_schema = " +
           schema + " ORDER BY routine_type, specific_name, ordinal_position",
       with(&ObjectReader::parameter), "parameters"},
      {"SELECT routine_type, routine_name, routine_definition, is_deterministic, "
       "sql_data_access, security_type, routine_comment, sql_mode, definer FROM "
       "information_schema.routines WHERE routine_schema = " +
           schema,
       with(&ObjectReader::routine), "routines"},
      {"SELECT event_name, event_definition, event_type, execute_at, interval_value, "
       "interval_field, starts, COALESCE(CONVERT_TZ(starts, time_zone, @@session.time_zone) IN "
       "(created, last_altered), 0), ends, status, on_completion, event_comment, time_zone, "
       "sql_mode, definer FROM information_schema.events WHERE event_schema = " +
           schema,
       with(&ObjectReader::event), "events"}};
}

std::vector<CatalogQuery> ObjectPart::definitions() {
  ObjectReader* reader = &state_->reader;
  const Dialect& dialect = reading_.connection.dialect();
  std::vector<CatalogQuery> queries = reader->packages();
  for (const std::string& name : reading_.views) {
    queries.push_back({"SHOW CREATE VIEW " + dialect.quote(name),
                       [reader, &name](Row& row) { reader->view(name, row); }, "view " + name});
  }
  for (const std::string& name : reading_.sequences) {
    queries.push_back({"SHOW CREATE SEQUENCE " + dialect.quote(name),
                       [reader, &name](Row& row) { reader->sequence(name, row); },
                       "sequence " + name});
  }
  return queries;
}

void ObjectPart::finish() {
  state_->reader.finish_triggers();
  if (reading_.views.empty()) return;
  const ViewDependencies dependencies(reading_);
  for (Object& object : reading_.model.objects) {
    if (object.kind == "view") object.depends_on = dependencies.of(object.definition);
  }
}

}  // namespace sterna::mysql
