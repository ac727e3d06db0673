#include "lint/folder.hpp"

#include "base/file.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "migration/version.hpp"
#include "sql/script.hpp"

#include <algorithm>
#include <exception>

namespace sterna::lint {
namespace fs = std::filesystem;

namespace {

struct Named {
  std::string id, shown, down_shown;
  fs::path file, down_file;
  Version version;
  bool repeatable = false;
};

std::string without_ending(const std::string& name) {
  std::string result = name.substr(0, name.rfind('.'));
  for (const std::string_view part : {".up", ".down"}) {
    if (result.ends_with(part)) result.resize(result.size() - part.size());
  }
  return result;
}

/// Puts the two files of a pair together.
void join_pairs(std::vector<Named>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string file = names[i].shown;
    const std::size_t at = file.rfind(".down.");
    if (at == std::string::npos) continue;
    const std::string up = file.substr(0, at) + ".up" + file.substr(at + 5);
    const auto other = std::find_if(names.begin(), names.end(),
                                    [&](const Named& named) { return named.shown == up; });
    if (other == names.end()) continue;
    other->down_file = names[i].file;
    other->down_shown = file;
    names.erase(names.begin() + static_cast<std::ptrdiff_t>(i--));
  }
}

std::vector<Input> read_all(const std::vector<Named>& names, Language language) {
  std::vector<Input> inputs(names.size());
  std::vector<std::exception_ptr> failures(names.size());
  in_parallel(names.size(), 16, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Named& named = names[i];
      try {
        const std::string down =
            named.down_file.empty() ? std::string() : read_file(named.down_file);
        inputs[i] = read_input(named.id, named.shown, read_file(named.file), language,
                               named.down_shown, down);
        inputs[i].repeatable = named.repeatable;
      } catch (...) {
        failures[i] = std::current_exception();
      }
    }
  });
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  return inputs;
}

void add_versioned(const fs::path& folder, const std::string& shown, std::vector<Named>& names,
                   std::vector<std::string>& code) {
  for (const std::string& name : list_files(folder)) {
    MigrationFileName parsed;
    if (!parse_file_name(name, parsed)) continue;
    if (parsed.part == MigrationFileName::Part::cpp) {
      code.push_back(shown + "/" + name);
      continue;
    }
    names.push_back({without_ending(name),
                     shown + "/" + name,
                     {},
                     folder / name,
                     {},
                     Version(parsed.id.version),
                     false});
  }
  std::stable_sort(names.begin(), names.end(),
                   [](const Named& a, const Named& b) { return a.version < b.version; });
}

}  // namespace

FolderInputs read_inputs(const fs::path& folder, const std::string& shown, Language language) {
  FolderInputs result;
  std::vector<Named> names;
  add_versioned(folder, shown, names, result.code_files);
  join_pairs(names);
  const fs::path again = folder / "repeatable";
  std::error_code ignored;
  if (fs::is_directory(again, ignored)) {
    for (const std::string& name : list_files(again)) {
      if (is_script_name(name))
        names.push_back({"repeatable/" + without_ending(name),
                         shown + "/repeatable/" + name,
                         {},
                         again / name,
                         {},
                         {},
                         true});
    }
  }
  result.inputs = read_all(names, language);
  return result;
}

std::vector<Directive> allowances_in_code(std::string_view text, const std::string& file) {
  constexpr std::string_view start = "// sterna:allow ";
  std::vector<Directive> result;
  int number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    const std::string_view words = trim(line);
    if (words.starts_with(start))
      result.push_back({"allow", std::string(trim(words.substr(start.size()))), {file, number, 1}});
  }
  return result;
}

std::vector<Input> read_inputs(const std::vector<std::string>& files, Language language) {
  std::vector<Named> names;
  for (const std::string& file : files) {
    const fs::path path(file);
    const bool repeatable = path.parent_path().filename() == "repeatable";
    names.push_back({without_ending(path.filename().string()), file, {}, path, {}, {}, repeatable});
  }
  join_pairs(names);
  return read_all(names, language);
}

}  // namespace sterna::lint
