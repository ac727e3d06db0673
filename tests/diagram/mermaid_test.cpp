// Mermaid and Graphviz: names that mean something else there.
#include "diagram/mermaid.hpp"
#include "diagram/diagram_support.hpp"
#include "diagram/dot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using diagram::to_dot;
using diagram::to_mermaid;
using testing::HasSubstr;
using testing::Not;

model::Model one_table(const std::string& table, const std::string& column,
                       const std::string& type) {
  model::Model model;
  model.tables.emplace_back();
  model.tables.front().name.name = table;
  model.tables.front().columns.emplace_back();
  model.tables.front().columns.front().name = column;
  model.tables.front().columns.front().type.name = type;
  return model;
}

std::string as_given(const model::Type& type) { return type.name; }

TEST(Mermaid, WordsOfTheLanguageAreQuotedAsNamesOfTables) {
  for (const char* word : {"class", "Style", "end", "one", "TO", "subgraph"})
    EXPECT_THAT(to_mermaid(one_table(word, "id", "int"), as_given),
                HasSubstr("  \"" + std::string(word) + "\" {"));
  EXPECT_THAT(to_mermaid(one_table("styles", "id", "int"), as_given), HasSubstr("  styles {"));
}

TEST(Mermaid, ColumnsNamedLikeMarksOfKeysAreNoMarks) {
  EXPECT_THAT(to_mermaid(one_table("t", "PK", "int"), as_given), HasSubstr("    int PK_ \"PK\"\n"));
}

TEST(Mermaid, TypesItCannotHoldStandInFullBeside) {
  EXPECT_THAT(to_mermaid(one_table("t", "price", "decimal(10,2)"), as_given),
              HasSubstr("    decimal(10_2) price \"decimal(10,2)\"\n"));
}

TEST(Mermaid, TwoTablesNeverBecomeOne) {
  model::Model model = one_table("a\"b", "id", "int");
  model.tables.push_back(one_table("a`b", "id", "int").tables.front());
  const std::string text = to_mermaid(model, as_given);
  EXPECT_THAT(text, HasSubstr("  a_b {"));
  EXPECT_THAT(text, HasSubstr("  a_b_2 {"));
}

TEST(Dot, NamesCannotLeaveTheirLabels) {
  const std::string text =
      to_dot(one_table("</B>>]; x -> y [label=<", "a&b", "set<text>"), as_given);
  EXPECT_THAT(text, HasSubstr("&lt;/B&gt;&gt;]; x -&gt; y [label=&lt;"));
  EXPECT_THAT(text, HasSubstr("a&amp;b"));
  EXPECT_THAT(text, HasSubstr("set&lt;text&gt;"));
}

TEST(Dot, EveryLineEndsAtAColumnThatIsThere) {
  for (const std::string& name : golden_names()) {
    const model::Model model = golden_model(name);
    const std::string text = to_dot(model, spelling_for(model));
    for (std::size_t t = 0; t < model.tables.size(); ++t)
      EXPECT_THAT(text, Not(HasSubstr(" t" + std::to_string(t) + ":c" +
                                      std::to_string(model.tables[t].columns.size()) + " ")))
          << name;
  }
}

}  // namespace
}  // namespace sterna::test
