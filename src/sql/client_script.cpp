#include "sql/client_script.hpp"

#include "sql/token_cursor.hpp"

namespace sterna {
namespace {

bool reads_stdin(std::string_view sql, Language language) {
  sql::TokenCursor cursor(sql, language);
  return cursor.traits().copy_data && cursor.accept("COPY") && cursor.skip_to({"FROM"}) &&
         cursor.accept({"FROM", "STDIN"});
}

}  // namespace

std::string client_script(std::string_view sql, Language language, std::string_view copy_data) {
  const std::string text(sql);
  if (reads_stdin(sql, language)) {
    const bool ends = copy_data.empty() || copy_data.back() == '\n';
    return text + ";\n" + std::string(copy_data) + (ends ? "\\.\n" : "\n\\.\n");
  }
  if (language != Language::mysql || sql.find(';') == std::string_view::npos) return text + ";\n";
  std::string delimiter = "//";
  while (text.find(delimiter) != std::string::npos) delimiter += "/";
  return "DELIMITER " + delimiter + "\n" + text + "\n" + delimiter + "\nDELIMITER ;\n";
}

}  // namespace sterna
