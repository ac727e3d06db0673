#include "sql/client_script.hpp"

namespace sterna {

std::string client_script(std::string_view sql, Language language) {
  const std::string text(sql);
  if (language != Language::mysql || sql.find(';') == std::string_view::npos) return text + ";\n";
  std::string delimiter = "//";
  while (text.find(delimiter) != std::string::npos) delimiter += "/";
  return "DELIMITER " + delimiter + "\n" + text + "\n" + delimiter + "\nDELIMITER ;\n";
}

}  // namespace sterna
