#include "designer/working_copy.hpp"

#include "base/file.hpp"

#include <sterna/error.hpp>

#include <nlohmann/json.hpp>

namespace sterna::designer {
namespace {

using Json = nlohmann::ordered_json;

constexpr int file_version = 1;

[[noreturn]] void unreadable(const std::filesystem::path& path, const std::string& why) {
  throw Error(ErrorKind::validation, "the working copy cannot be read: " + why)
      .at({path.string(), 0, 0})
      .with_state("nothing was changed")
      .suggest("move the file away to begin anew; what is drawn in it is then lost");
}

}  // namespace

WorkingCopy WorkingCopyFile::read() const {
  const auto text = read_file_if_exists(path_);
  if (!text) return {};
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("sterna_design") || !json["sterna_design"].is_number())
    unreadable(path_, "it is no working copy of the designer");
  if (json["sterna_design"] != file_version)
    unreadable(path_, "it was written by another version of Sterna");
  if (!json.contains("revision") || !json["revision"].is_number_unsigned())
    unreadable(path_, "it has no revision");
  WorkingCopy copy;
  copy.revision = json["revision"].get<std::int64_t>();
  if (json.contains("document") && json["document"].is_object())
    copy.document = json["document"].dump();
  return copy;
}

std::optional<std::int64_t> WorkingCopyFile::write(std::int64_t revision,
                                                   std::string_view document) {
  if (read().revision != revision) return std::nullopt;
  std::error_code ignored;
  std::filesystem::create_directories(path_.parent_path(), ignored);
  const std::int64_t next = revision + 1;
  std::string text = "{\"sterna_design\": " + std::to_string(file_version) +
                     ", \"revision\": " + std::to_string(next);
  if (!document.empty()) text += ", \"document\": " + std::string(document);
  text += "}\n";
  // Written on nearly every stroke: what a crash of the machine takes is the last second at most.
  write_file_atomically(path_, text, Durability::fast);
  return next;
}

bool WorkingCopyFile::discard(std::int64_t revision) {
  const WorkingCopy present = read();
  if (present.revision != revision) return false;
  if (present.document.empty()) return true;
  std::filesystem::path aside = path_;
  aside += ".discarded";
  std::filesystem::copy_file(path_, aside, std::filesystem::copy_options::overwrite_existing);
  return write(revision, {}).has_value();
}

}  // namespace sterna::designer
