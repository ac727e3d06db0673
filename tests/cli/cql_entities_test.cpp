// Structs as the schema of a keyspace: partition and clustering key, static columns, user types;
// and every format in which such a schema is shown.
#include "base/file.hpp"
#include "support/command.hpp"
#include "support/cql_versions.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>

#include <filesystem>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* entities = R"(#include <sterna/sterna.hpp>
#include <sterna/model.hpp>
#include <cstdint>
#include <optional>
#include <string>

struct Address {
  std::string street;
  std::optional<std::int32_t> zip;
};
struct Reading {
  std::string device;
  std::int64_t at = 0, number = 0;
  std::optional<std::string> owner, kind;
  std::optional<Address> home;
};

template <>
inline constexpr auto sterna::entity<Address> = sterna::user_type<Address>(
    "address", sterna::column<&Address::street>("street").text(), sterna::column<&Address::zip>("zip"));
template <>
inline constexpr auto sterna::entity<Reading> =
    sterna::table<Reading>("events", sterna::column<&Reading::device>("device").text(),
                         sterna::column<&Reading::at>("at"), sterna::column<&Reading::number>("number"),
                         sterna::column<&Reading::owner>("owner").text().static_(),
                         sterna::column<&Reading::kind>("kind").text(),
                         sterna::column<&Reading::home>("home").type([] {
                           return sterna::types::frozen(sterna::types::user_type("address"));
                         }),
                         sterna::index<&Reading::kind>().name("events_by_kind"))
        .partition_key<&Reading::device>()
        .clustering_key(sterna::by<&Reading::at>().desc(), sterna::by<&Reading::number>());

STERNA_MODEL(Address, Reading);
)";

struct CqlEntities : CqlVersions {
  void SetUp() override {
    CqlVersions::SetUp();
    if (!connection_) return;
    write("sterna.toml", "url = \"" + url_ + "\"\n");
    write("models/events.cpp", entities);
  }
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  CommandResult run(std::vector<std::string> arguments) {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }
  TempFolder folder;
};

TEST_P(CqlEntities, AreAppliedOnceAndThenEqual) {
  const CommandResult applied = run({"schema", "apply", "--to", "models", "--auto-approve"});
  ASSERT_EQ(applied.exit_code, 0) << applied.out << applied.err;
  const CommandResult again = run({"schema", "diff", "--to", "models", "--exit-code"});
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_THAT(again.out, IsEmpty());
  const model::Model model = connection_->inspect({});
  const model::Table* events = model.table("events");
  ASSERT_NE(events, nullptr);
  EXPECT_EQ(events->partition_key, std::vector<std::string>{"device"});
  EXPECT_EQ(events->clustering_key, (std::vector<std::string>{"at", "number"}));
  EXPECT_TRUE(events->primary_key->parts[1].descending);
  EXPECT_FALSE(events->primary_key->parts[2].descending);
  EXPECT_TRUE(events->column("owner")->is_static);
  ASSERT_EQ(model.types.size(), 1U);
  EXPECT_EQ(model.types[0].fields.size(), 2U);
}

TEST_P(CqlEntities, EveryFormatShowsTablesKeysAndUserTypes) {
  ASSERT_EQ(run({"schema", "apply", "--to", "models", "--auto-approve"}).exit_code, 0);
  for (const char* format : {"sql", "json", "mermaid", "dot", "dbml", "svg", "markdown", "cpp"}) {
    const CommandResult shown = run({"schema", "inspect", "--format", format});
    EXPECT_EQ(shown.exit_code, 0) << format << shown.err;
    EXPECT_THAT(shown.out, AllOf(HasSubstr("events"), HasSubstr("device"), HasSubstr("address"),
                                 HasSubstr("street"), HasSubstr("zip")))
        << format;
  }
}

STERNA_ON_EACH_CASSANDRA(CqlEntities);

}  // namespace
}  // namespace sterna::test
