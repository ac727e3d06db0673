#include <sterna/migration.hpp>

struct AddColor : sterna::Migration {
  void change(sterna::Schema& schema) override {
    schema.alter_table("notes", [](sterna::TableBuilder& table) {
      table.string("color", 20).default_to("yellow");
    });
  }
};
STERNA_MIGRATION(AddColor);
