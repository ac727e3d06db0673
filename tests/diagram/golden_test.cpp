// Every form of every schema in tests/diagram/golden, pinned by files that a person can read. The
// schemas are snapshots of tests/database/samples as their servers gave them, and two written by
// hand. After a wanted change STERNA_UPDATE_GOLDEN=1 writes the files anew; read the difference
// before committing it.
#include "diagram/dbml.hpp"
#include "diagram/diagram_support.hpp"
#include "diagram/dot.hpp"
#include "diagram/markdown.hpp"
#include "diagram/mermaid.hpp"
#include "diagram/svg.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sterna::test {
namespace {

struct Form {
  std::string file;
  std::string (*write)(const model::Model& model, const diagram::TypeSpelling& type);
};

const std::vector<Form>& forms() {
  static const std::vector<Form> all = {
      {"schema.mmd", diagram::to_mermaid},
      {"schema.dot", diagram::to_dot},
      {"schema.dbml", diagram::to_dbml},
      {"schema.md", diagram::to_markdown},
      {"schema.svg", [](const model::Model& model, const diagram::TypeSpelling& type) {
         return diagram::to_svg(model, type);
       }}};
  return all;
}

class DiagramGolden : public testing::TestWithParam<std::string> {};

TEST_P(DiagramGolden, EveryFormIsWhatItsFileHolds) {
  const model::Model model = golden_model(GetParam());
  for (const Form& form : forms()) {
    const std::string text = form.write(model, spelling_for(model));
    const auto file = golden_folder() / GetParam() / form.file;
    if (std::getenv("STERNA_UPDATE_GOLDEN") != nullptr) write_file_atomically(file, text);
    const auto expected = read_file_if_exists(file);
    ASSERT_TRUE(expected) << file << " does not exist; STERNA_UPDATE_GOLDEN=1 writes it";
    EXPECT_EQ(text, *expected) << "in " << file;
  }
}

// What is reviewed as a text must not change with where and when it was read.
TEST_P(DiagramGolden, NothingButTheSchemaStandsInIt) {
  model::Model model = golden_model(GetParam());
  const auto spelling = spelling_for(model);
  model::Model elsewhere = model;
  elsewhere.version = 1;
  elsewhere.product = "another product";
  for (const Form& form : forms())
    EXPECT_EQ(form.write(model, spelling), form.write(elsewhere, spelling)) << form.file;
}

INSTANTIATE_TEST_SUITE_P(All, DiagramGolden, testing::ValuesIn(golden_names()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace sterna::test
