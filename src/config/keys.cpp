#include "config/keys.hpp"

#include "base/text.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <vector>

namespace sterna {
namespace {

constexpr std::array<std::string_view, 23> names{"url",
                                                 "directories",
                                                 "directory",
                                                 "separate_directories",
                                                 "history_table",
                                                 "history_schema",
                                                 "run_timeout",
                                                 "migration_timeout",
                                                 "statement_timeout",
                                                 "lock_wait",
                                                 "lock_timeout",
                                                 "lock_retries",
                                                 "replicas",
                                                 "out_of_order",
                                                 "transaction",
                                                 "strict",
                                                 "protected",
                                                 "auto_run",
                                                 "seeds",
                                                 "models",
                                                 "schema",
                                                 "schema_only",
                                                 "schema_without"};

class KeyCheck {
 public:
  explicit KeyCheck(const std::string& file) : file_(file) {}

  void document(const TomlValue& top) const {
    const std::initializer_list<std::string_view> beside{"default", "environment", "connection",
                                                         "env",     "fleet",       "lint"};
    for (const auto& [key, value] : top.fields) {
      if (key == "connection")
        connections(value, "connection.");
      else if (key == "env")
        environments(value);
      else
        known(key, value, {}, beside);
    }
  }

 private:
  void environments(const TomlValue& tables) const {
    expect_table(tables, "env.NAME");
    for (const auto& [name, fields] : tables.fields) {
      expect_table(fields, "env.NAME");
      for (const auto& [key, value] : fields.fields) {
        if (key == "connection")
          connections(value, "env." + name + ".connection.");
        else
          known(key, value, "env." + name, {"connection", "lint"});
      }
    }
  }

  void connections(const TomlValue& tables, const std::string& prefix) const {
    expect_table(tables, prefix + "NAME");
    for (const auto& [name, fields] : tables.fields) {
      expect_table(fields, prefix + "NAME");
      for (const auto& [key, value] : fields.fields) known(key, value, prefix + name, {});
    }
  }

  void expect_table(const TomlValue& value, const std::string& what) const {
    if (value.kind == TomlValue::Kind::table) return;
    throw Error(ErrorKind::config, "[" + what + "] is expected").at({file_, value.line, 0});
  }

  void known(const std::string& key, const TomlValue& value, const std::string& where,
             std::initializer_list<std::string_view> beside) const {
    if (is_setting(key) || std::find(beside.begin(), beside.end(), key) != beside.end()) return;
    std::vector<std::string> all(beside.begin(), beside.end());
    all.insert(all.end(), names.begin(), names.end());
    Error error(ErrorKind::config, "unknown key '" + key + "'" +
                                       (where.empty() ? std::string() : " in [" + where + "]"));
    error.at({file_, value.line, 0});
    for (const std::string& near : near_misses(key, all, 1))
      error.suggest("did you mean '" + near + "'?");
    error.suggest("known keys: " + join(all, ", "));
    throw error;
  }

  const std::string& file_;
};

}  // namespace

std::span<const std::string_view> setting_names() { return names; }

bool is_setting(std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const TomlValue* field(const TomlValue& table, std::string_view name) {
  const auto found = table.fields.find(name);
  return found == table.fields.end() ? nullptr : &found->second;
}

void check_keys(const TomlValue& document, const std::string& file) {
  KeyCheck(file).document(document);
}

}  // namespace sterna
