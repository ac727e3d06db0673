// Flyway (V, U and R files, placeholders, flyway.conf and flyway.toml) and refinery, which took its
// names over. Sources: "Migrations", "Placeholders" and "Configuration files" of Flyway's
// documentation; refinery's README.
#include "base/file.hpp"
#include "base/text.hpp"
#include "config/toml.hpp"
#include "import/readers.hpp"

#include <fmt/format.h>

#include <boost/crc.hpp>

#include <algorithm>

namespace sterna::detail {
namespace fs = std::filesystem;
namespace {

struct FlywaySettings {
  std::map<std::string, std::string>
      placeholders;  ///< names in lower case: Flyway does not tell cases apart
  bool replace = true;
  std::string prefix = "${", suffix = "}";
};

void read_conf(const fs::path& file, FlywaySettings& settings) {
  const auto text = read_file_if_exists(file);
  if (!text) return;
  for (const std::string& raw : split(*text, '\n')) {
    const std::string_view line = trim(raw);
    const auto equals = line.find('=');
    if (line.empty() || line.front() == '#' || equals == std::string_view::npos) continue;
    const std::string key(trim(line.substr(0, equals))), value(trim(line.substr(equals + 1)));
    if (key.starts_with("flyway.placeholders."))
      settings.placeholders[to_lower(key.substr(20))] = value;
    if (key == "flyway.placeholderReplacement") settings.replace = value != "false";
    if (key == "flyway.placeholderPrefix") settings.prefix = value;
    if (key == "flyway.placeholderSuffix") settings.suffix = value;
  }
}

void read_flyway_toml(const fs::path& file, FlywaySettings& settings) {
  const auto text = read_file_if_exists(file);
  if (!text) return;
  const TomlValue root = parse_toml(*text, file.string());
  const auto flyway = root.fields.find("flyway");
  if (flyway == root.fields.end()) return;
  const auto& fields = flyway->second.fields;
  if (const auto found = fields.find("placeholders"); found != fields.end()) {
    for (const auto& [name, value] : found->second.fields)
      settings.placeholders[to_lower(name)] = value.text;
  }
  if (const auto found = fields.find("placeholderReplacement"); found != fields.end())
    settings.replace = found->second.text != "false";
  if (const auto found = fields.find("placeholderPrefix"); found != fields.end())
    settings.prefix = found->second.text;
  if (const auto found = fields.find("placeholderSuffix"); found != fields.end())
    settings.suffix = found->second.text;
}

/// From the folder of the files upwards, and the present one: Flyway looks where it is started.
FlywaySettings settings_of(const ForeignRequest& request) {
  FlywaySettings settings;
  std::vector<fs::path> places{fs::current_path()};
  fs::path at = fs::absolute(request.path).lexically_normal();
  for (int up = 0; up < 5 && at.has_parent_path() && at != at.root_path();
       ++up, at = at.parent_path())
    places.push_back(at);
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    read_conf(*place / "conf/flyway.conf", settings);
    read_conf(*place / "flyway.conf", settings);
    read_flyway_toml(*place / "flyway.toml", settings);
  }
  for (const auto& [name, value] : request.placeholders)
    settings.placeholders[to_lower(name)] = value;
  return settings;
}

std::string filled_in(const std::string& text, const FlywaySettings& settings,
                      const std::string& file) {
  if (!settings.replace) return text;
  std::string out;
  for (std::size_t at = 0;;) {
    const std::size_t start = text.find(settings.prefix, at);
    const std::size_t end = start == std::string::npos
                                ? start
                                : text.find(settings.suffix, start + settings.prefix.size());
    if (end == std::string::npos) return out + text.substr(at);
    const std::string name =
        text.substr(start + settings.prefix.size(), end - start - settings.prefix.size());
    const auto value = settings.placeholders.find(to_lower(name));
    if (value == settings.placeholders.end()) {
      const int line =
          1 + static_cast<int>(std::count(text.begin(),
                                          text.begin() + static_cast<std::ptrdiff_t>(start), '\n'));
      throw Error(ErrorKind::config, fmt::format("the placeholder {}{}{} has no value",
                                                 settings.prefix, name, settings.suffix))
          .at({file, line, 0})
          .with_state("nothing was written")
          .suggest(fmt::format("give it: --placeholder {}=VALUE", name));
    }
    out += text.substr(at, start - at) + value->second;
    at = end + settings.suffix.size();
  }
}

/// Flyway's: over the lines without their ends, before placeholders are filled in, and signed.
std::string flyway_checksum(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  boost::crc_32_type sum;
  for (const char c : text) {
    if (c != '\n' && c != '\r') sum.process_byte(static_cast<unsigned char>(c));
  }
  return std::to_string(static_cast<std::int32_t>(sum.checksum()));
}

/// "V1.1__add_email.sql": the letter, the version, the words.
struct FlywayName {
  char letter = 0;
  std::string version, words, ending;
};

std::optional<FlywayName> parse_flyway_name(std::string_view file) {
  const auto dot = file.rfind('.');
  const auto bars = file.find("__");
  if (file.empty() || dot == std::string_view::npos || bars == std::string_view::npos || bars > dot)
    return std::nullopt;
  FlywayName name{file[0], std::string(file.substr(1, bars - 1)),
                  std::string(file.substr(bars + 2, dot - bars - 2)),
                  std::string(file.substr(dot))};
  std::replace(name.version.begin(), name.version.end(), '_', '.');
  return name;
}

std::string version_text(std::string version) {
  std::replace(version.begin(), version.end(), '.', '_');
  return version;
}

/// executeInTransaction of FILE.conf (script configuration).
bool in_transaction(const fs::path& file) {
  const auto text = read_file_if_exists(file.string() + ".conf");
  return !text || to_lower(*text).find("executeintransaction=false") == std::string::npos;
}

class FlywayFolder {
 public:
  FlywayFolder(const ForeignRequest& request, FlywaySettings settings, bool undo)
      : request_(request), settings_(std::move(settings)), undo_(undo) {}

  ForeignProject take() {
    add(request_.path, "");
    std::stable_sort(project_.migrations.begin(), project_.migrations.end(),
                     [](const ForeignMigration& a, const ForeignMigration& b) {
                       return less_by_number(a.key, b.key);
                     });
    for (auto& [key, down] : downs_) {
      for (ForeignMigration& migration : project_.migrations) {
        if (migration.key != key) continue;
        migration.down = down;
        migration.has_down = true;
      }
    }
    return std::move(project_);
  }

 private:
  /// Flyway looks into the folders below, too.
  void add(const fs::path& folder, const std::string& prefix) {
    for (const std::string& file : files_by_number(folder))
      add_file(folder / file, file, prefix + file);
    for (const std::string& below : folders_in(folder)) add(folder / below, prefix + below + "/");
  }

  void add_file(const fs::path& path, const std::string& file, const std::string& shown) {
    const auto name = parse_flyway_name(file);
    if (!name) {
      if (file.ends_with(".sql"))
        project_.notes.push_back(shown +
                                 " is no migration by its name (a callback?): it was left out");
      return;
    }
    const bool sql = name->ending == ".sql";
    if (!sql && name->ending != ".java" && name->ending != ".class" && name->ending != ".kt" &&
        name->ending != ".rs")
      return;
    const std::string raw = sql ? read_file(path) : std::string();
    const std::string text = filled_in(raw, settings_, path.string());
    const std::string checksum = sql && undo_ ? flyway_checksum(raw) : std::string();
    if (name->letter == 'U' && undo_) {
      downs_[name->version] = text;
    } else if (name->letter == 'R' && undo_) {
      if (sql)
        project_.repeatables.push_back({name->words, shown, text, checksum});
      else
        project_.notes.push_back(shown + " is repeatable code: it was left out");
    } else if (name->letter == 'B' && undo_) {
      project_.notes.push_back(
          shown +
          " is a baseline for new databases: it was left out, the migrations before it are whole");
    } else if (name->letter == 'V' || name->letter == 'U') {
      ForeignMigration migration;
      migration.key = name->version;
      migration.version = version_text(name->version);
      migration.name = name->words;
      migration.file = shown;
      migration.up = text;
      migration.checksum = checksum;
      migration.in_transaction = in_transaction(path);
      if (!sql) migration.code = name->ending == ".rs" ? "Rust" : "Java";
      project_.migrations.push_back(std::move(migration));
    } else {
      project_.notes.push_back(shown + " is of a kind that is not known here: it was left out");
    }
  }

  const ForeignRequest& request_;
  FlywaySettings settings_;
  bool undo_;
  ForeignProject project_;
  std::map<std::string, std::string> downs_;
};

}  // namespace

ForeignProject read_flyway(const ForeignRequest& request) {
  return FlywayFolder(request, settings_of(request), true).take();
}

/// U means "not contiguous" there: both letters go up.
ForeignProject read_refinery(const ForeignRequest& request) {
  FlywaySettings settings;
  settings.replace = false;
  return FlywayFolder(request, settings, false).take();
}

bool mark_flyway(ForeignProject& project, ForeignHistory& history,
                 const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "version, description, type, success, checksum", "installed_rank",
                    rows))
    return false;
  std::vector<std::string> applied;
  std::map<std::string, std::string> checksums;
  std::string baseline;
  for (const ForeignRow& row : rows) {
    const std::string& version = row[0];
    if (!is_true(row[3]))
      refuse_history("Flyway", fmt::format("{} {} failed", version, row[1]),
                     "settle it with `flyway repair`, then import again");
    if (row[2] == "BASELINE") {
      baseline = version;
    } else if (row[2].starts_with("UNDO") || row[2] == "DELETE") {
      std::erase(applied, version);
    } else if (version.empty()) {
      std::string wanted = to_lower(row[1]);
      std::replace(wanted.begin(), wanted.end(), ' ', '_');
      for (ForeignRepeatable& repeatable : project.repeatables) {
        // Edited since: Flyway would run it again.
        if (to_lower(repeatable.name) == wanted)
          repeatable.applied = row[4].empty() || row[4] == repeatable.checksum;
      }
    } else if (row[2] != "SCHEMA") {
      applied.push_back(version);
      checksums[version] = row[4];
    }
  }
  // What was undone may have been edited since.
  for (const std::string& version : applied)
    check_unchanged("Flyway", project, version, checksums[version],
                    "bring the file back to what was applied, or accept it with `flyway repair`, "
                    "then import again");
  mark_keys(project, applied);
  if (baseline.empty()) return true;
  for (ForeignMigration& migration : project.migrations) {
    if (!less_by_number(baseline, migration.key)) migration.applied = true;
  }
  return true;
}

bool mark_refinery(ForeignProject& project, ForeignHistory& history,
                   const std::vector<std::string>& tables) {
  return mark_by_version(project, history, tables);
}

}  // namespace sterna::detail
