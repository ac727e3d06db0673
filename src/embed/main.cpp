// sterna-embed FOLDER OUTPUT: writes a C++ source that bakes a folder of migrations into a program
// (sterna_embed_migrations in CMake). SQL goes in as text; of C++ migrations, which are compiled
// into the program beside it, only the hash of the source.
#include "base/file.hpp"
#include "sql/script.hpp"

#include <sterna/error.hpp>

#include <cstdio>

namespace {

namespace fs = std::filesystem;

/// As string literals of a length that every compiler takes; octal escapes keep every byte.
std::string literal(std::string_view text) {
  std::string result = "\"";
  int column = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 32 && byte < 127 && c != '"' && c != '\\' && c != '?') {
      result += c;
    } else {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\%03o", byte);
      result += escape;
    }
    if (++column % 100 == 0) result += "\"\n    \"";
  }
  return result + "\"";
}

std::string entry(const fs::path& path, const std::string& name) {
  const std::string text = sterna::read_file(path);
  if (name.ends_with(".cpp"))
    return "    {" + literal(name) + ", {}, \"" + sterna::token_hash(text, sterna::Language::cpp) +
           "\"},\n";
  return "    {" + literal(name) + ", {" + literal(text) + ", " + std::to_string(text.size()) +
         "}, {}},\n";
}

std::string source_of(const fs::path& folder) {
  std::string entries;
  for (const std::string& name : sterna::list_files(folder)) {
    if (sterna::is_script_name(name) || name.ends_with(".cpp"))
      entries += entry(folder / name, name);
  }
  if (fs::is_directory(folder / "repeatable")) {
    for (const std::string& name : sterna::list_files(folder / "repeatable")) {
      if (sterna::is_script_name(name))
        entries += entry(folder / "repeatable" / name, "repeatable/" + name);
    }
  }
  return "// Made by sterna-embed. Do not edit.\n#include <sterna/embedded.hpp>\n\n#include "
         "<array>\n\nnamespace {\n\nconst std::array files = "
         "std::to_array<sterna::EmbeddedFile>({\n" +
         entries +
         "});\n\n[[maybe_unused]] const bool registered = (sterna::register_embedded(files), "
         "true);\n\n}  // namespace\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: sterna-embed FOLDER OUTPUT\n");
    return 3;
  }
  try {
    sterna::write_file_atomically(argv[2], source_of(argv[1]));
    return 0;
  } catch (const sterna::Error& error) {
    std::fprintf(stderr, "sterna-embed: %s\n", error.what());
    return 1;
  }
}
