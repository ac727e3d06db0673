// The same for every database: the builder knows how each of them spells it.
#include <sterna/migration.hpp>

struct CreatePosts : sterna::Migration {
  void up(sterna::Schema& schema) override {
    schema.create_table("posts", [](sterna::TableBuilder& table) {
      table.id();
      table.string("title", 200);
      table.text("body").nullable();
      table.integer("author_id").index();
      table.boolean("published").default_to(false);
      table.timestamps();
      table.foreign("author_id").references("id").on("users").on_delete(sterna::Cascade);
    });
  }
  void down(sterna::Schema& schema) override { schema.drop_table("posts"); }
};
STERNA_MIGRATION(CreatePosts, sterna::Meta{.description = "Blog posts", .timeout = 60s});
