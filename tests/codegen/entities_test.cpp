// Entities written from a database compile, and as a state make the same tables again.
#include "codegen/entities.hpp"

#include "codegen/support.hpp"

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(EntitiesText, NamesAreNamesOfCppWhateverTheyAreInTheDatabase) {
  model::Model model;
  model::Table table;
  table.name = "order items";
  for (const char* name : {"class", "first name", "first_name", "2nd", "OrderItems"}) {
    model::Column column;
    column.name = name;
    column.type.kind = model::TypeKind::integer;
    table.columns.push_back(column);
  }
  model.tables.push_back(table);
  EXPECT_THAT(cpp_entities({model, {}}),
              AllOf(HasSubstr("struct OrderItems {"), HasSubstr("std::int32_t class_{};"),
                    HasSubstr("first_name{};"), HasSubstr("first_name_{};"), HasSubstr("n2nd{};"),
                    HasSubstr("OrderItems_{};")));
}

TEST(EntitiesText, WhatIsNotSaidIsNamed) {
  model::Model model;
  model::Object view;
  view.kind = "view";
  view.name = "recent";
  model.objects.push_back(view);
  EXPECT_THAT(cpp_entities({model, {}}), HasSubstr("//   view recent"));
}

class WrittenEntities : public testing::TestWithParam<SampleFile> {};

TEST_P(WrittenEntities, MakeTheTablesThatTheyCameFrom) {
  const SampleFile& sample = GetParam();
  STERNA_REQUIRE_SERVER(sample.kind);
  const TestDatabase database(sample.kind);
  const auto connection = connect(parse_url(database.url()));
  for (const std::string& file : sample.files) run_sql(*connection, test_text(file));
  const TempFolder folder;
  CommandOptions options;
  options.folder = folder.path();
  const auto sterna = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--url", database.url()});
    return sterna_command(arguments, options);
  };
  const CommandResult written = sterna({"schema", "inspect", "--format", "cpp"});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  std::filesystem::create_directories(folder.path() / "models");
  write_file_atomically(folder.path() / "models" / "all.hpp", written.out);
  const CommandResult difference = sterna({"schema", "diff", "--to", "models", "--exit-code"});
  EXPECT_EQ(difference.exit_code, 0) << difference.err;
  EXPECT_THAT(difference.out, IsEmpty()) << written.out;
}

INSTANTIATE_TEST_SUITE_P(Samples, WrittenEntities, testing::ValuesIn(all_samples()),
                         [](const auto& one) { return name_of(one.param); });

}  // namespace
}  // namespace sterna::test
