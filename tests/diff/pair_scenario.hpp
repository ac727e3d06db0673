// Two schemas, and the way there and back: what the diff promises of any pair. Knows neither how
// the schemas were made nor which database it is; the generators stand in
// tests/support/random_*.hpp.
#pragma once

#include "database/registry.hpp"
#include "diff/diff.hpp"
#include "diff/script.hpp"
#include "support/databases.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sterna::test {

/// Whether a value can be given to the column of a marker row, and how it is written.
using MarkerValue = std::function<std::string(const model::Column&)>;

class PairScenario {
 public:
  PairScenario(Connection& one, Connection& two, MarkerValue value)
      : one_(one), two_(two), value_(std::move(value)) {}

  /// Makes `a` in the first database and `b` in the second, leads the first to the second and back.
  void run(const model::Model& a, const model::Model& b) {
    create(one_, a);
    create(two_, b);
    if (testing::Test::HasFatalFailure()) return;
    const model::Model from = one_.inspect({}), to = two_.inspect({});
    mark(from, to);
    const auto before = marks(from, to);
    migrate(from, to, "there");
    if (refused_ || testing::Test::HasFatalFailure()) return;
    EXPECT_EQ(marks(from, to), before);
    const model::Model reached = one_.inspect({});
    EXPECT_EQ(words(reached, to), "") << "the second difference\n" << described(from, to);
    unmark(reached);
    migrate(reached, from, "back");
    if (refused_ || testing::Test::HasFatalFailure()) return;
    EXPECT_EQ(words(one_.inspect({}), from), "") << "after the way back\n"
                                                 << described(reached, from);
  }

  /// A difference that the database has no way for was refused.
  bool refused() const { return refused_; }

 private:
  DiffOptions options() const { return {one_.dialect(), one_.server()}; }

  std::string words(const model::Model& from, const model::Model& to) const {
    const std::vector<Change> changes = diff(from, to, options()).changes;
    std::string text = described(from, to);
    for (const Statement& statement : script_of(changes, from, one_).statements)
      text += statement.sql + "\n";
    return text;
  }

  std::string described(const model::Model& from, const model::Model& to) const {
    std::string text;
    for (const Change& change : diff(from, to, options()).changes) text += describe(change) + "\n";
    return text;
  }

  static void create(Connection& on, const model::Model& model) {
    try {
      create_model(on, model);
    } catch (const Error& error) {
      FAIL() << error.what() << "\n" << error.statement();
    }
  }

  void migrate(const model::Model& from, const model::Model& to, const std::string& direction) {
    ChangeScript script;
    try {
      script = script_of(diff(from, to, options()).changes, from, one_);
    } catch (const Error& error) {
      // Refused before anything was touched, by what the database cannot do.
      refused_ = error.kind() == ErrorKind::validation || error.kind() == ErrorKind::plan;
      if (!refused_) FAIL() << direction << ": " << error.what() << "\n" << described(from, to);
      return;
    }
    one_.set_foreign_keys(!script.foreign_keys_off);
    std::string done;
    for (const Statement& statement : script.statements) {
      try {
        one_.execute(statement);
      } catch (const Error& error) {
        FAIL() << direction << ": " << error.what() << "\n" << statement.sql << "\nafter\n" << done;
      }
      done += statement.sql + ";\n";
    }
    one_.set_foreign_keys(true);
  }

  // ---- marker rows: one in each table that can keep one ----

  static bool can_stay(const model::Column& column, const model::Column* now) {
    if (column.generated) return true;
    return now == nullptr ||
           (now->type == column.type && (now->nullable || !column.nullable) && !now->generated);
  }
  static bool can_come(const model::Column& column) {
    return column.nullable || column.default_value || column.generated;
  }
  /// Rows that the schema itself does not forbid on either side.
  static bool markable(const model::Table& old, const model::Table& now) {
    if (!old.foreign_keys.empty() || !now.foreign_keys.empty()) return false;
    for (const model::Column& column : old.columns) {
      if (!can_stay(column, now.column(column.name))) return false;
    }
    for (const model::Column& column : now.columns) {
      if (old.column(column.name) == nullptr && !can_come(column)) return false;
    }
    return !now.primary_key || keeps_key(old, now);
  }
  static bool keeps_key(const model::Table& old, const model::Table& now) {
    for (const model::IndexPart& part : now.primary_key->parts) {
      if (old.column(part.column) == nullptr) return false;
    }
    return true;
  }

  void mark(const model::Model& from, const model::Model& to) {
    marked_.clear();
    for (const model::Table& old : from.tables) {
      const model::Table* now = to.table(old.name);
      if (now == nullptr || !markable(old, *now)) continue;
      std::string columns, values;
      for (const model::Column& column : old.columns) {
        if (column.generated || column.identity != model::Identity::none) continue;
        const std::string value = value_(column);
        if (value.empty()) continue;
        columns += (columns.empty() ? "" : ", ") + one_.dialect().quote(column.name);
        values += (values.empty() ? "" : ", ") + value;
      }
      if (columns.empty()) continue;
      try {
        one_.execute("INSERT INTO " + one_.dialect().quote(old.name) + " (" + columns +
                     ") VALUES (" + values + ")");
        marked_.push_back(old.name);
      } catch (const Error&) {  // a check that no value of ours meets
      }
    }
  }

  /// What the marker rows say in columns that are in both schemas.
  std::map<std::string, std::string> marks(const model::Model& from, const model::Model& to) {
    std::map<std::string, std::string> result;
    for (const model::Name& name : marked_) {
      const model::Table& old = *from.table(name);
      for (const model::Column& column : old.columns) {
        const model::Column* now = to.table(name)->column(column.name);
        if (now == nullptr || column.generated) continue;
        const Rows rows = one_.query("SELECT " + one_.dialect().quote(column.name) + " FROM " +
                                     one_.dialect().quote(name));
        std::string& text = result[name.text() + "." + column.name];
        text =
            rows.size() == 1
                ? std::string(rows.front()[0].is_null() ? "NULL" : rows.front().get<std::string>(0))
                : std::to_string(rows.size()) + " rows";
      }
    }
    return result;
  }

  /// The way back may ask for what the rows cannot give.
  void unmark(const model::Model& reached) {
    one_.set_foreign_keys(false);  // random ones refer to what is no key
    for (const model::Name& name : marked_) {
      if (reached.table(name) != nullptr) one_.execute("DELETE FROM " + one_.dialect().quote(name));
    }
  }

  Connection& one_;
  Connection& two_;
  MarkerValue value_;
  std::vector<model::Name> marked_;
  bool refused_ = false;
};

}  // namespace sterna::test
