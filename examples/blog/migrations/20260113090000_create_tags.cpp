// One direction only: change() is turned around for the way down.
#include <sterna/migration.hpp>

struct CreateTags : sterna::Migration {
  void change(sterna::Schema& schema) override {
    schema.create_table("tags", [](sterna::TableBuilder& table) {
      table.id();
      table.string("name", 50).unique();
    });
    schema.create_table("post_tags", [](sterna::TableBuilder& table) {
      table.big_integer("post_id");
      table.big_integer("tag_id");
      table.primary({"post_id", "tag_id"});
      table.foreign("post_id").references("id").on("posts").on_delete(sterna::Cascade);
      table.foreign("tag_id").references("id").on("tags").on_delete(sterna::Cascade);
    });
  }
};
STERNA_MIGRATION(CreateTags);
