// C++ source text: literals, names, chains of calls. Used by the writers of migrations and
// entities; knows nothing of schemas.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sterna::codegen {

/// A string literal that the compiler reads as exactly `text`: "…", or R"sql(…)sql" where that is
/// easier to read (several lines, many quotes).
std::string cpp_string(std::string_view text);
/// One literal as it is; several in braces.
std::string cpp_strings(const std::vector<std::string>& texts);
/// Always in braces.
std::string cpp_list(const std::vector<std::string>& texts);
/// "create_posts" → "CreatePosts": a class name whatever the text is.
std::string cpp_class_name(std::string_view text);
/// "first name" → "first_name", "class" → "class_": a name of a member or enumerator whatever the
/// text is.
std::string cpp_identifier(std::string_view text);

/// `head.link.link`, ended by `end`: on one line where it fits, else a line a link.
struct CallChain {
  std::string head;
  std::vector<std::string> links;

  void add(std::string link) { links.push_back(std::move(link)); }
  std::string text(int indent, std::string_view end = ";\n") const;
};

}  // namespace sterna::codegen
