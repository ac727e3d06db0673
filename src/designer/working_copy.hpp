// What is being drawn and is no migration yet: one file of the project (.sterna/design.json) with a
// revision, so that two pages, or a page and a crash, never overwrite one another in silence. Used
// by the designer's API; what the document holds is the page's affair.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace sterna::designer {

struct WorkingCopy {
  std::int64_t revision = 0;  ///< 0: there is none
  std::string document;       ///< a JSON object, or empty
};

class WorkingCopyFile {
 public:
  explicit WorkingCopyFile(std::filesystem::path path) : path_(std::move(path)) {}

  /// @throws Error(validation) naming the file when it is no working copy, or of a newer version.
  WorkingCopy read() const;
  /// Writes `document` when the file still has `revision`; the new revision. Nothing when another
  /// one was written meanwhile: nothing is changed then.
  std::optional<std::int64_t> write(std::int64_t revision, std::string_view document);
  /// Puts the present one aside as FILE.discarded and begins anew; false as above.
  bool discard(std::int64_t revision);

 private:
  std::filesystem::path path_;
};

}  // namespace sterna::designer
