// The migrations of one folder, on disk or baked into the program: which files belong together, and
// what is to be known of each (hashes, meta) before anything runs. Used by source.cpp alone; never
// keeps a file's text.
#pragma once

#include "migration/file_cache.hpp"
#include "migration/source.hpp"

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::detail {

inline constexpr std::string_view repeatable_folder = "repeatable";

/// A file of a folder, on disk or baked in.
struct FoundFile {
  std::string path;           ///< to show and to read
  std::string_view embedded;  ///< text, when baked in
  std::string_view embedded_hash;
  bool is_embedded = false;
};

std::string text_of(const FoundFile& file);

class FolderReader {
 public:
  /// `cache`: what is known of files on disk from earlier runs; may be nullptr.
  FolderReader(std::string scope, Language language, FileCache* cache = nullptr)
      : scope_(std::move(scope)), language_(language), cache_(cache) {}

  void expect(std::size_t files) { pending_.reserve(files); }
  /// A migration's file; any other file is passed over. @throws Error(validation) when it looks
  /// like a migration but has no version.
  void add_file(std::string_view name, FoundFile file);
  /// A file of the folder repeatable/.
  void add_repeatable(std::string_view name, FoundFile file);

  /// Reads all that was added. Versioned ones in the order of their versions.
  /// @throws Error(validation): two files with one version, versions of different styles, a pair
  /// without its up part, an unknown directive. The first by the order of the files.
  std::vector<Source> take(std::vector<Source>& repeatable);

 private:
  struct Pending {
    MigrationFileName parsed;
    FoundFile file;
    std::string name;  ///< in the cache
    std::optional<FileStamp> stamp;
    bool repeatable = false;
    bool known = false;   ///< from the cache
    bool simple = false;  ///< has no directives: it may be kept in the cache
    std::exception_ptr error;
  };

  /// What one file tells, as a source of its own: half a one for a file of a pair.
  Source read(Pending& pending) const noexcept;
  void read_script(Source& source, std::string_view text, Pending& pending) const;
  void fill(Source& source, const Pending& pending) const;
  void recall(std::vector<Source>& sources);
  void remember(const std::vector<Source>& sources) const;
  void check_style(const Version& version, const std::string& file);

  std::string scope_;
  Language language_;
  FileCache* cache_;
  std::vector<Pending> pending_;
  std::size_t groups_ = 0;
  std::string first_file_;
};

/// "two migrations have the version …".
[[noreturn]] void refuse_twice(const std::string& version, const std::string& first,
                               const std::string& second);

/// One folder on disk, checked against its sterna.sum when `options.check_sums`.
std::vector<Source> read_folder(const std::filesystem::path& folder, const std::string& shown,
                                const std::string& scope, const SourceOptions& options,
                                std::vector<Source>& repeatable);

}  // namespace sterna::detail
