// A data migration: every post gets a slug made of its title, row by row in C++, and only then is
// the column made NOT NULL. SQLite cannot alter a column; there the table is rebuilt, with all that
// belongs to it.
#include <sterna/migration.hpp>

#include <cctype>

namespace {

std::string slug_of(const std::string& title) {
  std::string slug;
  for (const char c : title) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      slug += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  return slug;
}

}  // namespace

struct AddSlugs : sterna::Migration {
  void up(sterna::Schema& schema) override {
    schema.alter_table("posts",
                       [](sterna::TableBuilder& table) { table.string("slug", 200).nullable(); });
    schema.table("posts").chunk_by_key(500, [&](const sterna::Rows& posts) {
      for (const sterna::Row& post : posts) {
        const auto id = post.get<std::int64_t>("id");
        schema.table("posts").where("id", id).update(
            {{"slug", slug_of(post.get<std::string>("title")) + "-" + std::to_string(id)}});
      }
    });
    schema.alter_table("posts", [](sterna::TableBuilder& table) {
      table.string("slug", 200).not_null().alter();
      table.unique({"slug"});
    });
  }
  void down(sterna::Schema& schema) override {
    schema.alter_table("posts", [](sterna::TableBuilder& table) {
      table.drop_unique({"slug"});
      table.drop_column("slug");
    });
  }
};
STERNA_MIGRATION(AddSlugs, sterna::Meta{.description = "A readable address for every post"});
