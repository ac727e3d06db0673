// Versions of migrations and the file names that carry them. Pure text: reads no file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// Digits and underscores: "20260115143022", "2026_01_15_143022", "20260115_001", "001". Compared
/// by the numbers of its groups; a leading year_month_day counts as one group with what follows, so
/// the first two of these are equal.
class Version {
 public:
  Version() = default;
  /// @throws Error(validation) when `text` holds anything but digits and single underscores between
  /// them.
  explicit Version(std::string_view text);

  const std::string& text() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }
  /// How many numbers it is compared by: versions of one folder must agree in it, or their order
  /// would be a guess.
  std::size_t groups() const noexcept { return groups_.size(); }

  friend bool operator==(const Version& a, const Version& b) noexcept {
    return a.groups_ == b.groups_;
  }
  friend bool operator<(const Version& a, const Version& b) noexcept;

 private:
  std::string text_;
  std::vector<std::string> groups_;  // without leading zeros
};

/// "20260115_001_create_users" → version "20260115_001", name "create_users". The version is the
/// longest run of digit groups at the start. Nothing when `id` does not begin with a digit.
struct MigrationId {
  std::string version;
  std::string name;
  bool operator==(const MigrationId&) const = default;
};
bool parse_migration_id(std::string_view id, MigrationId& out);

/// The parts of a migration's file name.
struct MigrationFileName {
  enum class Part { both, up, down, cpp };
  MigrationId id;
  Part part = Part::both;
};
/// Understands VERSION_description.sql, .up.sql, .down.sql (.cql likewise) and .cpp. False for
/// every other name.
bool parse_file_name(std::string_view file_name, MigrationFileName& out);

}  // namespace sterna
