// What a preview finds follows the project's policy, as `sterna lint` does.
#include "project_fixture.hpp"

namespace sterna::test {
namespace {

/// The severity that dropping a column has in the preview; empty: it is not found.
std::string severity_of_dropping(const std::string& policy) {
  DesignerProject project("sqlite:app.db", false, policy);
  project.write("migrations/001_users.sql",
                "-- sterna:up\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n-- "
                "sterna:down\nDROP TABLE users;\n");
  Json model = project.model();
  DesignerProject::table(model, "users")["columns"].erase(1);
  const Json preview = project.json("POST", "preview", {{"model", model}});
  for (const Json& finding : preview["findings"]) {
    if (finding["rule"] == "ST102") return finding["severity"];
  }
  return {};
}

TEST(DesignerLint, FollowsTheProjectsPolicy) {
  EXPECT_EQ(severity_of_dropping(""), "error");
  EXPECT_EQ(severity_of_dropping("[lint.severity]\nST102 = \"note\"\n"), "note");
  EXPECT_EQ(severity_of_dropping("[lint]\nignore = [\"ST102\"]\n"), "");
}

}  // namespace
}  // namespace sterna::test
