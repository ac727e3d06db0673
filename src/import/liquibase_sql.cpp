// Change logs in formatted SQL. Source: "Formatted SQL changelog" of Liquibase's documentation.
#include "base/text.hpp"
#include "import/liquibase.hpp"

namespace sterna::detail {
namespace {

/// The value of "name:value" in a line of attributes; a value may stand in quotes.
std::string attribute(std::string_view line, std::string_view name) {
  const std::string lower = to_lower(line), wanted = to_lower(name) + ":";
  for (std::size_t at = 0; (at = lower.find(wanted, at)) != std::string::npos;
       at += wanted.size()) {
    if (at > 0 && lower[at - 1] != ' ' && lower[at - 1] != '\t') continue;
    std::string_view value = line.substr(at + wanted.size());
    if (!value.empty() && (value.front() == '"' || value.front() == '\''))
      return std::string(value.substr(1, value.find(value.front(), 1) - 1));
    return std::string(value.substr(0, value.find_first_of(" \t")));
  }
  return {};
}

/// Statements parted by a delimiter of their own, each ended by a semicolon.
std::string with_semicolons(const std::string& text, const std::string& delimiter) {
  if (delimiter.empty() || delimiter == ";") return text;
  const bool regular = delimiter.find('\\') != std::string::npos;
  // The usual patterns ("\nGO", "\n/") stand on a line of their own.
  const std::string word(
      trim(regular ? delimiter.substr(delimiter.find_last_of("n\\") + 1) : delimiter));
  std::string out, statement;
  const auto flush = [&] {
    const std::string_view body = trim(statement);
    if (!body.empty()) out += std::string(body) + (body.ends_with(';') ? "\n" : ";\n");
    statement.clear();
  };
  for (const std::string& line : split(text, '\n')) {
    const std::string_view bare = trim(line);
    if (equals_ignoring_case(bare, word)) {
      flush();
    } else if (bare.size() > word.size() && bare.ends_with(word)) {
      statement += std::string(bare.substr(0, bare.size() - word.size())) + "\n";
      flush();
    } else {
      statement += line + "\n";
    }
  }
  flush();
  return out;
}

/// Line by line: a change set begins at its mark and ends at the next.
class FormattedLog {
 public:
  FormattedLog(std::string shown, const std::string& database,
               std::map<std::string, std::string>& properties, ForeignProject& project)
      : log_(std::move(shown)), database_(database), properties_(properties), project_(project) {}

  void read(std::string_view text) {
    for (const std::string& line : split(text, '\n')) {
      const std::string_view bare = trim(line);
      const std::string lower = to_lower(bare);
      if (in_rollback_) {
        rollback_line(bare);
      } else if (lower.starts_with("/* liquibase rollback") ||
                 lower.starts_with("/*liquibase rollback")) {
        in_rollback_ = !bare.ends_with("*/");
      } else if (!bare.starts_with("--") || !mark(trim(bare.substr(2)))) {
        if (wanted_) current().up += line + "\n";
      }
    }
    finish();
  }

 private:
  ForeignMigration& current() { return project_.migrations.back(); }

  void rollback_line(std::string_view line) {
    const std::string_view sql = line.substr(0, line.find("*/"));
    if (wanted_ && !sql.empty()) current().down += std::string(sql) + "\n";
    in_rollback_ = sql.size() == line.size();
  }

  void finish() {
    if (wanted_) {
      current().up = with_semicolons(current().up, delimiter_);
      current().has_down = !trim(current().down).empty();
    }
    wanted_ = false;
  }

  /// True when a comment says something to Liquibase.
  bool mark(std::string_view text) {
    const std::string word = to_lower(text.substr(0, text.find_first_of(" :\t")));
    std::string_view rest = text.substr(word.size());
    if (rest.starts_with(':')) rest.remove_prefix(1);
    rest = trim(rest);
    if (word == "liquibase") {
      if (const std::string path = attribute(rest, "logicalFilePath"); !path.empty()) log_ = path;
    } else if (word == "changeset") {
      begin(rest);
    } else if (word == "rollback") {
      const std::string lower = to_lower(rest);
      if (wanted_ && lower != "empty" && lower != "not required")
        current().down += std::string(rest) + "\n";
    } else if (word.starts_with("precondition")) {
      if (wanted_) project_.notes.push_back(current().file + std::string(preconditions_note));
    } else if (word == "property") {
      properties_.emplace(attribute(rest, "name"), attribute(rest, "value"));
    } else {
      return word == "comment";
    }
    return true;
  }

  /// "author:id name:value …"
  void begin(std::string_view head) {
    finish();
    const std::size_t colon = head.find(':'),
                      end = head.find_first_of(" \t", colon == std::string_view::npos ? 0 : colon);
    const std::string_view id = colon == std::string_view::npos
                                    ? head.substr(0, end)
                                    : head.substr(colon + 1, end - colon - 1);
    const std::string_view attributes =
        end == std::string_view::npos ? std::string_view() : head.substr(end);
    wanted_ = is_for(attribute(attributes, "dbms"), database_);
    if (!wanted_) return;
    delimiter_ = attribute(attributes, "endDelimiter");
    ForeignMigration migration =
        change_set(log_, std::string(head.substr(0, std::min(colon, end))), std::string(id));
    migration.in_transaction = attribute(attributes, "runInTransaction") != "false";
    tell_conditions(project_,
                    attribute(attributes, "context") + attribute(attributes, "contextFilter"),
                    attribute(attributes, "labels"), migration.file);
    if (attribute(attributes, "runOnChange") == "true" ||
        attribute(attributes, "runAlways") == "true")
      project_.notes.push_back(migration.file +
                               " runs again when it changes: move it to repeatable/");
    project_.migrations.push_back(std::move(migration));
  }

  std::string log_;
  const std::string& database_;
  std::map<std::string, std::string>& properties_;
  ForeignProject& project_;
  std::string delimiter_;
  bool wanted_ = false, in_rollback_ = false;
};

}  // namespace

void read_formatted_log(std::string_view text, const std::string& shown,
                        const std::string& database, std::map<std::string, std::string>& properties,
                        ForeignProject& project) {
  FormattedLog(shown, database, properties, project).read(text);
}

}  // namespace sterna::detail
