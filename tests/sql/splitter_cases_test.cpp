// The splitter against the folder cases/: NAME.sql beside NAME.expect. An .expect file holds, for
// each statement, a line
// `@ line:column` and the statement as it is, then `@ copy` and the lines of COPY data when there
// are any; or, when the script must be refused, one line `! line:column message`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "sql/splitter.hpp"
#include "support.hpp"

namespace sterna {
namespace {

namespace fs = std::filesystem;

struct Case {
  Language language;
  fs::path script;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const Language language : sql_languages) {
    for (const auto& entry : fs::directory_iterator(fs::path(STERNA_SOURCE_DIR) /
                                                    "tests/sql/cases" / name_of(language))) {
      if (entry.path().extension() == ".sql") cases.push_back({language, entry.path()});
    }
  }
  std::sort(cases.begin(), cases.end(),
            [](const Case& a, const Case& b) { return a.script < b.script; });
  return cases;
}

void PrintTo(const Case& a_case, std::ostream* out) { *out << a_case.script.filename().string(); }

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string place(const SourcePosition& position) {
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

std::string describe(std::string_view text, Language language) {
  std::string description;
  try {
    for (const Statement& statement : split_statements(text, language)) {
      description += "@ " + place(statement.position) + "\n" + statement.sql + "\n";
      if (!statement.copy_data.empty()) description += "@ copy\n" + statement.copy_data;
    }
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::syntax);
    return "! " + place(error.position()) + " " + error.what() + "\n";
  }
  return description;
}

class SplitterCase : public testing::TestWithParam<Case> {};

TEST_P(SplitterCase, SplitsAsExpected) {
  fs::path expected = GetParam().script;
  expected.replace_extension(".expect");
  EXPECT_EQ(describe(read(GetParam().script), GetParam().language), read(expected));
}

INSTANTIATE_TEST_SUITE_P(Folder, SplitterCase, testing::ValuesIn(all_cases()),
                         [](const auto& a_case) {
                           return std::string(name_of(a_case.param.language)) + "_" +
                                  a_case.param.script.stem().string();
                         });

TEST(SplitterCases, AreAtLeastSixtyAndCoverEveryLanguage) {
  EXPECT_GE(all_cases().size(), 60u);
  for (const Language language : sql_languages) {
    const std::vector<Case> cases = all_cases();
    EXPECT_GE(std::count_if(cases.begin(), cases.end(),
                            [&](const Case& c) { return c.language == language; }),
              5);
  }
}

}  // namespace
}  // namespace sterna
