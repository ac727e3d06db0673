#include "render_cases.hpp"

#include "render_build.hpp"

namespace sterna::test {
namespace {

model::Type of(TypeKind kind, std::vector<model::Type> arguments, std::string name = {}) {
  model::Type result = type(kind);
  result.arguments = std::move(arguments);
  result.name = std::move(name);
  return result;
}

std::vector<std::pair<std::string, model::Type>> all_types() {
  model::Type decimal = type(TypeKind::decimal);
  decimal.precision = 10;
  decimal.scale = 2;
  model::Type zoned = type(TypeKind::timestamp, 3);
  zoned.with_time_zone = true;
  model::Type big_unsigned = type(TypeKind::big_integer);
  big_unsigned.is_unsigned = true;
  model::Type colours = type(TypeKind::enumeration);
  colours.values = {"red", "it's", "back\\slash"};
  model::Type named = colours;
  named.name = "colour_of_car";
  model::Type flags = type(TypeKind::set_of_values);
  flags.values = {"a", "b"};
  const model::Type text = type(TypeKind::text);
  return {
      {"native", of(TypeKind::native, {}, "varchar(7)")},
      {"boolean", type(TypeKind::boolean)},
      {"tiny_integer", type(TypeKind::tiny_integer)},
      {"small_integer", type(TypeKind::small_integer)},
      {"medium_integer", type(TypeKind::medium_integer)},
      {"integer", type(TypeKind::integer)},
      {"big_integer", type(TypeKind::big_integer)},
      {"big_unsigned", big_unsigned},
      {"decimal", decimal},
      {"real", type(TypeKind::real)},
      {"double_precision", type(TypeKind::double_precision)},
      {"char", type(TypeKind::char_, 2)},
      {"string", type(TypeKind::string, 200)},
      {"text", text},
      {"tiny_text", type(TypeKind::tiny_text)},
      {"medium_text", type(TypeKind::medium_text)},
      {"long_text", type(TypeKind::long_text)},
      {"binary", type(TypeKind::binary)},
      {"binary_16", type(TypeKind::binary, 16)},
      {"uuid", type(TypeKind::uuid)},
      {"json", type(TypeKind::json)},
      {"jsonb", type(TypeKind::jsonb)},
      {"date", type(TypeKind::date)},
      {"time", type(TypeKind::time)},
      {"time_3", type(TypeKind::time, 3)},
      {"timestamp", type(TypeKind::timestamp)},
      {"timestamp_zoned", zoned},
      {"datetime_6", type(TypeKind::datetime, 6)},
      {"interval", type(TypeKind::interval)},
      {"year", type(TypeKind::year)},
      {"enumeration", colours},
      {"enumeration_named", named},
      {"set_of_values", flags},
      {"inet", type(TypeKind::inet)},
      {"cidr", type(TypeKind::cidr)},
      {"mac_address", type(TypeKind::mac_address)},
      {"array", of(TypeKind::array, {type(TypeKind::integer)})},
      {"array_of_string", of(TypeKind::array, {type(TypeKind::string, 20)})},
      {"range", of(TypeKind::range, {}, "int4range")},
      {"timeuuid", type(TypeKind::timeuuid)},
      {"counter", type(TypeKind::counter)},
      {"list", of(TypeKind::list, {text})},
      {"set", of(TypeKind::set, {text})},
      {"map", of(TypeKind::map, {text, text})},
      {"tuple", of(TypeKind::tuple, {text, text})},
      {"frozen", of(TypeKind::frozen, {text})},
      {"user_type", of(TypeKind::user_type, {}, "address")},
      {"vector", of(TypeKind::vector, {type(TypeKind::real)})},
      {"varint", type(TypeKind::varint)},
      {"duration", type(TypeKind::duration)},
      {"ascii", type(TypeKind::ascii)},
  };
}

RenderCase types(std::string name, bool strict) {
  RenderCase result{std::move(name), {}};
  for (auto& [label, each] : all_types()) {
    if (strict && label == "native") each.name = "text";
    model::Table plain;
    plain.name = model::Name((strict ? "strict_" : "type_") + label);
    plain.columns = {column("c", std::move(each))};
    plain.strict = strict;
    result.steps.push_back({create(std::move(plain)), strict ? "sqlite" : ""});
  }
  return result;
}

RenderCase numbered() {
  model::Table always = table("always", {});
  always.columns[0].auto_increment = false;
  always.columns[0].identity = model::Identity::always;
  model::Table big = table("big", {});
  big.columns[0] = with_unsigned(increments("id", TypeKind::big_integer));
  model::Table elsewhere = table("elsewhere", {column("other", TypeKind::integer)});
  elsewhere.primary_key = primary({part("id"), part("other")});
  model::Table keyless;
  keyless.name = "keyless";
  keyless.columns = {column("a", TypeKind::integer)};
  return {"numbered_columns",
          {{create(table("plain", {}))},
           {create(big)},
           {create(always)},
           {create(elsewhere)},
           {create(keyless)},
           {alter("keyless",
                  {AddColumn{with_default(column("n", TypeKind::integer), number_default("1")),
                             false,
                             false,
                             {}}})}}};
}

RenderCase defaults() {
  model::Table t;
  t.name = "defaults";
  t.columns = {
      with_default(column("flag", TypeKind::boolean), boolean_default(true)),
      with_default(column("off", TypeKind::boolean), boolean_default(false)),
      with_default(column("number", TypeKind::integer), number_default("-5")),
      with_default(column("word", TypeKind::string, 20), text_default("it's \\ here")),
      with_default(column("body", TypeKind::text), text_default("long")),
      with_default(column("document", TypeKind::json), text_default("{}")),
      with_default(nullable(column("nothing", TypeKind::integer)), null_default()),
      with_default(column("sum", TypeKind::integer), expression_default("1 + 1")),
      with_default(column("at", TypeKind::timestamp), now_default()),
      with_default(column("at_3", TypeKind::timestamp, 3), now_default()),
      with_default(column("moment", TypeKind::datetime, 6), now_default()),
      with_default(column("day", TypeKind::date), now_default()),
      with_default(column("clock", TypeKind::time), now_default()),
      nullable(column("deleted_at", TypeKind::timestamp)),
      with_default(enumeration("state", {"new", "old"}), text_default("new")),
  };
  return {
      "defaults",
      {{create(t)},
       {sql("INSERT INTO defaults (flag) VALUES (false)")},
       {alter("defaults",
              {ModifyColumn{with_default(column("number", TypeKind::integer), number_default("7")),
                            ModifyColumn::default_value,
                            std::nullopt,
                            {},
                            false,
                            {}},
               ModifyColumn{column("word", TypeKind::string, 20),
                            ModifyColumn::default_value,
                            std::nullopt,
                            {},
                            false,
                            {}}})}}};
}

RenderCase modifiers() {
  const auto one = [](const std::string& name, model::Column c) {
    model::Table t = table("m_" + name, {column("a", TypeKind::integer)});
    t.columns.push_back(std::move(c));
    return create(t);
  };
  model::Column stored = nullable(column("twice", TypeKind::integer));
  stored.generated = model::Generated{"a * 2", true};
  model::Column required = column("twice", TypeKind::integer);
  required.generated = model::Generated{"a * 2", true};
  model::Column computed = nullable(column("twice", TypeKind::integer));
  computed.generated = model::Generated{"a * 2", false};
  model::Column character = column("word", TypeKind::string, 20);
  character.charset = "utf8mb4";
  character.collation = "utf8mb4_bin";
  const auto collated = [](const char* collation) {
    model::Column c = column("word", TypeKind::text);
    c.collation = collation;
    return c;
  };
  model::Column updated = with_default(column("at", TypeKind::timestamp, 3), now_default());
  updated.on_update = "CURRENT_TIMESTAMP";
  model::Column commented = column("word", TypeKind::string, 20);
  commented.comment = "what it's for";
  model::Column lead = commented;
  lead.name = "lead";
  model::Column hidden = with_default(column("word", TypeKind::integer), number_default("1"));
  hidden.options["invisible"] = "";
  return {"modifiers",
          {{one("stored", stored)},
           {one("stored_required", required)},
           {one("virtual", computed)},
           {one("character", character)},
           {one("collated", collated("C")), "postgres"},
           {one("collated", collated("NOCASE")), "sqlite"},
           {one("on_update", updated)},
           {one("comment", commented)},
           {one("unsigned", with_unsigned(column("n", TypeKind::integer)))},
           {one("hidden", hidden), "mysql"},
           {alter("m_comment", {AddColumn{lead, false, true, {}}})},
           {alter("m_unsigned", {AddColumn{column("z", TypeKind::integer), false, false, "a"}})}}};
}

RenderCase keys() {
  model::Table users =
      table("users", {column("email", TypeKind::string, 190), column("tenant", TypeKind::integer)});
  users.uniques = {unique({"email"}), unique({"id", "tenant"}, "users_whole")};
  users.indexes = {index({part("tenant")})};
  model::Table posts;
  posts.name = "posts";
  posts.columns = {column("a", TypeKind::integer),
                   column("b", TypeKind::integer),
                   nullable(column("author_id", TypeKind::integer)),
                   nullable(column("editor_id", TypeKind::integer)),
                   nullable(column("tenant", TypeKind::integer)),
                   column("score", TypeKind::integer)};
  posts.primary_key = primary({part("a"), part("b")});
  model::ForeignKey author = foreign({"author_id"}, "users");
  author.on_delete = model::ReferentialAction::cascade;
  author.on_update = model::ReferentialAction::restrict_;
  model::ForeignKey editor = foreign({"editor_id", "tenant"}, "users", {"id", "tenant"});
  editor.name = "posts_editor";
  editor.on_delete = model::ReferentialAction::set_null;
  posts.foreign_keys = {author, editor};
  posts.checks = {check("posts_score_check", "score >= 0"), check("", "score < 1000")};
  const auto drop = [](DropConstraint::Kind kind, const char* name) {
    return DropConstraint{kind, name, false, std::nullopt};
  };
  model::ForeignKey deferred = foreign({"editor_id"}, "users");
  deferred.initially_deferred = true;
  model::ForeignKey late = foreign({"author_id"}, "users");
  late.name = "posts_late";
  late.not_valid = true;
  model::ForeignKey full = foreign({"author_id"}, "users");
  full.name = "posts_full";
  full.match = "full";
  model::ForeignKey fallback = foreign({"author_id"}, "users");
  fallback.name = "posts_fallback";
  fallback.on_delete = model::ReferentialAction::set_default;
  model::Unique late_unique = unique({"score"}, "posts_deferred");
  late_unique.deferrable = true;
  model::Unique nulls = unique({"tenant"}, "posts_nulls");
  nulls.nulls_not_distinct = true;
  model::Check not_valid = check("posts_not_valid", "a > 0");
  not_valid.not_valid = true;
  model::Check not_enforced = check("posts_not_enforced", "b > 0");
  not_enforced.not_enforced = true;
  model::Exclusion exclusion;
  exclusion.elements = {{"int4range(a, b)", "&&"}};
  exclusion.where = "score > 0";
  return {
      "keys",
      {{create(users)},
       {create(posts)},
       {alter("posts", {drop(DropConstraint::Kind::foreign_key, "posts_author_id_foreign"),
                        drop(DropConstraint::Kind::check, "posts_score_check"), DropPrimaryKey{}})},
       {alter("posts",
              {AddPrimaryKey{primary({part("b"), part("a")})}, AddUnique{unique({"score"})},
               AddForeignKey{author}, AddCheck{check("posts_score_check", "score > 0")}})},
       {alter("posts", {drop(DropConstraint::Kind::unique, "posts_score_unique")})},
       {alter("posts", {AddForeignKey{deferred}})},
       {alter("posts", {AddForeignKey{late}})},
       {alter("posts", {ValidateConstraint{"posts_late"}})},
       {alter("posts", {AddForeignKey{full}})},
       {alter("posts", {AddForeignKey{fallback}})},
       {alter("posts", {AddUnique{late_unique}})},
       {alter("posts", {AddUnique{nulls}})},
       {alter("posts", {AddCheck{not_valid}})},
       {alter("posts", {AddCheck{not_enforced}})},
       {alter("posts", {AddExclusion{exclusion}})},
       {alter("posts", {DropConstraint{DropConstraint::Kind::exclusion, "", false, exclusion}})},
       {alter("posts",
              {DropConstraint{DropConstraint::Kind::check, "posts_none", true, std::nullopt}})}}};
}

RenderCase columns() {
  model::Column title = column("title", TypeKind::string, 100);
  model::Column wide = nullable(column("title", TypeKind::string, 300));
  model::Column number = nullable(column("title", TypeKind::integer));
  model::Column generated = nullable(column("twice", TypeKind::integer));
  generated.generated = model::Generated{"base * 2", false};
  model::Column stored = generated;
  stored.name = "thrice";
  stored.generated = model::Generated{"base * 3", true};
  model::Column plain = nullable(column("thrice", TypeKind::integer));
  model::Column signed_n = nullable(column("n", TypeKind::big_integer));
  const auto add = [](model::Column c) { return AddColumn{std::move(c), false, false, {}}; };
  const auto modify = [](model::Column to, unsigned parts, std::optional<model::Column> was = {},
                         std::string using_expression = {}) {
    return ModifyColumn{std::move(to), parts, std::move(was), std::move(using_expression),
                        false,         {}};
  };
  using M = ModifyColumn;
  return {
      "columns",
      {{create(table("articles", {title, with_default(column("base", TypeKind::integer),
                                                      number_default("1"))}))},
       {alter("articles",
              {add(nullable(column("slug", TypeKind::string, 80))),
               add(with_default(column("views", TypeKind::integer), number_default("0"))),
               add(with_default(column("seen_at", TypeKind::timestamp), now_default()))})},
       {sql("INSERT INTO articles (title, slug) VALUES ('12', 'x')")},
       {alter("articles", {add(generated)})},
       {alter("articles", {add(stored)})},
       {alter("articles", {modify(plain, M::generated, stored)}), "postgres"},
       {alter("articles", {modify(wide, M::type | M::nullability, title)})},
       {alter("articles", {modify(with_default(wide, text_default("none")), M::default_value)})},
       {alter("articles", {modify(number, M::type | M::default_value, wide, "title::integer")})},
       {alter("articles", {add(nullable(with_unsigned(column("n", TypeKind::integer))))})},
       {alter("articles", {modify(signed_n, M::type,
                                  nullable(with_unsigned(column("n", TypeKind::integer))))})},
       {alter("articles", {modify(nullable(with_unsigned(column("n", TypeKind::big_integer))),
                                  M::type, signed_n)})},
       {alter("articles", {RenameColumn{"slug", "path"}, RenameColumn{"views", "hits"},
                           DropColumn{"hits", false, std::nullopt}})},
       {alter("articles",
              {add(column("x", TypeKind::integer)), DropColumn{"x", false, std::nullopt}}),
        "", false},
       {alter("articles",
              {AddColumn{nullable(column("again", TypeKind::integer)), true, false, {}}})},
       {alter("articles", {DropColumn{"again", true, std::nullopt}})},
       {alter("articles", {ModifyColumn{nullable(column("path", TypeKind::string, 80)),
                                        M::position,
                                        std::nullopt,
                                        {},
                                        true,
                                        {}}})},
       {alter("articles", {modify(increments("id", TypeKind::big_integer), M::type)}), "postgres"},
       {create(table("numbers", {column("k", TypeKind::integer)}))},
       {alter("numbers", {modify(increments("k"), M::identity)}), "postgres"},
       {alter("numbers", {modify(column("k", TypeKind::integer), M::identity, increments("k"))}),
        "postgres"}}};
}

RenderCase indexes() {
  model::Table t =
      table("pages", {column("title", TypeKind::string, 100), column("body", TypeKind::text),
                      column("author_id", TypeKind::integer),
                      nullable(column("deleted_at", TypeKind::timestamp))});
  const auto add = [](model::Index i) {
    return alter("pages", {AddIndex{std::move(i), false, false}});
  };
  model::Index uniq = index({part("title"), part("author_id")});
  uniq.unique = true;
  model::Index descending = index({part("author_id")}, "pages_desc");
  descending.parts[0].descending = true;
  model::Index nulls = index({part("deleted_at")}, "pages_nulls");
  nulls.parts[0].nulls = "last";
  model::Index expression = index({expression_part("lower(title)")});
  model::Index partial = index({part("author_id")}, "pages_partial");
  partial.where = "deleted_at IS NULL";
  model::Index include = index({part("author_id")}, "pages_include");
  include.include = {"title"};
  model::Index method = index({part("author_id")}, "pages_hash");
  method.method = "hash";
  model::Index gin = index({part("author_id")}, "pages_brin");
  gin.method = "brin";
  model::Index opclass = index({part("title")}, "pages_pattern");
  opclass.parts[0].operator_class = "varchar_pattern_ops";
  model::Index prefix = index({part("body")}, "pages_prefix");
  prefix.parts[0].prefix_length = 20;
  model::Index collated = index({part("title")}, "pages_collated");
  collated.parts[0].collation = "C";
  model::Index nocase = index({part("title")}, "pages_nocase");
  nocase.parts[0].collation = "NOCASE";
  model::Index distinct = index({part("deleted_at")}, "pages_distinct");
  distinct.unique = true;
  distinct.nulls_not_distinct = true;
  model::Index storage = index({part("title")}, "pages_storage");
  storage.options["fillfactor"] = "70";
  model::Index text = index({part("title"), part("body")});
  text.kind = model::IndexKind::full_text;
  model::Index german = index({part("body")}, "pages_german");
  german.kind = model::IndexKind::full_text;
  german.language = "german";
  model::Index parser = text;
  parser.name = "pages_ngram";
  parser.parser = "ngram";
  model::Index commented = index({part("title")}, "pages_commented");
  commented.comment = "for the front page";
  model::Table places;
  places.name = "places";
  model::Column at = column("at", TypeKind::native);
  at.type.name = "point";
  places.columns = {at};
  model::Index spatial = index({part("at")});
  spatial.kind = model::IndexKind::spatial;
  return {"indexes",
          {{create(t)},
           {add(index({part("author_id")}))},
           {add(uniq)},
           {add(descending)},
           {add(nulls)},
           {add(expression)},
           {add(partial)},
           {add(include)},
           {add(method)},
           {add(gin)},
           {add(opclass)},
           {add(prefix)},
           {add(collated), "postgres"},
           {add(nocase), "sqlite"},
           {add(collated), "mysql"},
           {add(distinct)},
           {add(storage)},
           {add(text)},
           {add(german)},
           {add(parser), "", false},
           {add(commented)},
           {create(places)},
           {alter("places", {AddIndex{spatial, false, false}})},
           {alter("pages", {AddIndex{index({part("author_id")}, "pages_slow"), false, true}})},
           {alter("pages", {AddIndex{index({part("author_id")}, "pages_slow"), true, false}})},
           {alter("pages", {RenameIndex{"pages_slow", "pages_fast"}})},
           {alter("pages", {DropIndex{"pages_fast", false, true, std::nullopt}})},
           {alter("pages", {DropIndex{"", false, false, uniq}})},
           {alter("pages", {DropIndex{"pages_gone", true, false, std::nullopt}})}}};
}

RenderCase enumerations() {
  const model::Column status =
      with_default(enumeration("status", {"draft", "live"}), text_default("draft"));
  const model::Column more =
      with_default(enumeration("status", {"draft", "live", "old"}), text_default("draft"));
  const model::Column word =
      with_default(column("status", TypeKind::string, 20), text_default("x"));
  using M = ModifyColumn;
  const auto modify = [](model::Column to, unsigned parts, std::optional<model::Column> was) {
    return alter("stories", {ModifyColumn{std::move(to), parts, std::move(was), {}, false, {}}});
  };
  const model::Column mood = enumeration("mood", {"happy", "sad"});
  const model::Table stories = table("stories", {status});
  model::Column phase = enumeration("phase", {"open", "done"});
  phase.type.name = "phase";
  const model::Table tasks = table("tasks", {phase}), bugs = table("bugs", {phase});
  return {"enumerations",
          {{create(stories)},
           {sql("INSERT INTO stories (status) VALUES ('live')")},
           {modify(more, M::type, status)},
           {modify(word, M::type | M::default_value, more)},
           {modify(status, M::type | M::default_value, word)},
           {alter("stories", {AddColumn{nullable(mood), false, false, {}}})},
           {alter("stories", {DropColumn{"mood", false, mood}})},
           {DropTable{"stories", false, false, stories}},
           {CreateTable{stories, true}},
           {create(tasks)},
           {create(bugs)},
           {DropTable{"tasks", false, false, tasks}},
           {DropTable{"bugs", false, false, bugs}},
           {CreateEnum{"weather", {"sun", "rain"}}},
           {AddEnumValue{"weather", "snow", "rain", {}}},
           {DropObject{"enum", "weather", false, false, std::nullopt}}}};
}

RenderCase tables() {
  model::Table full = table("notes", {column("body", TypeKind::text)});
  full.comment = "what people it's from wrote";
  full.columns[1].comment = "as typed";
  full.indexes = {index({part("id")}, "notes_id")};
  model::Table engine = table("engine", {});
  engine.engine = "InnoDB";
  model::Table charset = table("charset", {});
  charset.charset = "utf8mb4";
  charset.collation = "utf8mb4_bin";
  model::Table fillfactor = table("fillfactor", {});
  fillfactor.options["fillfactor"] = "70";
  model::Table row_format = table("row_format", {});
  row_format.options["row_format"] = "DYNAMIC";
  model::Table rowid;
  rowid.name = "without_rowid";
  rowid.columns = {column("k", TypeKind::text)};
  rowid.primary_key = primary({part("k")});
  rowid.without_rowid = true;
  model::Table temporary = table("scratch", {});
  temporary.temporary = true;
  model::Table qualified = table("app.users", {});
  qualified.indexes = {index({part("id")})};
  qualified.foreign_keys = {foreign({"id"}, "app.people")};
  const std::string sixty(60, 'x');
  model::Table long_name = table(sixty, {column("second_column", TypeKind::integer)});
  long_name.indexes = {index({part("second_column")})};
  const auto option = [](const char* table_name, const char* key, const char* value) {
    return alter(table_name, {SetTableOption{key, value, std::nullopt}});
  };
  return {"tables",
          {{create(full)},
           {CreateTable{full, true}},
           {alter("notes", {SetTableComment{"new words", std::nullopt}})},
           {alter("notes", {SetTableComment{"", std::nullopt}})},
           {create(engine)},
           {create(charset)},
           {create(fillfactor), "postgres"},
           {create(row_format), "mysql"},
           {create(row_format), "sqlite"},
           {create(rowid)},
           {create(temporary)},
           {create(long_name)},
           {alter(sixty, {DropPrimaryKey{}}), "postgres"},
           {create(qualified), "", false},
           {alter("app.users", {AddIndex{index({part("id")}, "again"), false, false},
                                DropIndex{"again", false, false, std::nullopt}}),
            "", false},
           {RenameTable{"app.users", "members"}, "", false},
           {option("notes", "engine", "InnoDB")},
           {option("notes", "charset", "utf8mb4")},
           {option("notes", "fillfactor", "80"), "postgres"},
           {option("notes", "row_format", "DYNAMIC"), "mysql"},
           {option("notes", "page_size", "1"), "sqlite"},
           {RenameTable{"notes", "remarks"}},
           {DropTable{"remarks", false, false, std::nullopt}},
           {DropTable{"remarks", true, false, std::nullopt}},
           {DropTable{"without_rowid", true, true, std::nullopt}}}};
}

RenderCase objects() {
  const model::UserType place{
      "place", {{"street", type(TypeKind::text)}, {"zip", type(TypeKind::integer)}}, {}};
  const model::Object view{"view", "everyone", "CREATE VIEW everyone AS SELECT id FROM people", {}};
  model::Object trigger{"trigger", "people_touch",
                        "CREATE TRIGGER people_touch AFTER INSERT ON people BEGIN SELECT 1; END",
                        "people"};
  model::Object in_mysql = trigger;
  in_mysql.definition =
      "CREATE TRIGGER people_touch BEFORE INSERT ON people FOR EACH ROW SET NEW.id = NEW.id";
  model::Object in_postgres = trigger;
  in_postgres.definition =
      "CREATE TRIGGER people_touch BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION "
      "suppress_redundant_updates_trigger()";
  const model::Object function{"function",
                               "area(integer)",
                               "CREATE FUNCTION area(side integer) RETURNS integer LANGUAGE sql AS "
                               "'SELECT side * side'",
                               {}};
  return {
      "objects",
      {{create(table("people", {}))},
       {CreateObject{view, false}},
       {CreateObject{view, true}},
       {DropObject{"view", "everyone", false, false, view}},
       {DropObject{"view", "everyone", true, true, std::nullopt}},
       {CreateObject{trigger, true}, "sqlite"},
       {CreateObject{in_mysql, true}, "mysql"},
       {CreateObject{in_postgres, true}, "postgres"},
       {DropObject{"trigger", "people_touch", false, false, trigger}},
       {DropObject{"trigger", "people_touch", true, false, std::nullopt}, "", false},
       {CreateObject{function, false}, "postgres"},
       {DropObject{"function", "area(integer)", false, false, function}, "postgres"},
       {CreateType{place, false}},
       {AlterType{"place",
                  {AddTypeField{{"city", type(TypeKind::text)}}, RenameTypeField{"zip", "code"}}}},
       {DropType{"place", false, place}},
       {DropType{"place", true, std::nullopt}},
       {sql("DELETE FROM people")}}};
}

}  // namespace

const std::vector<RenderCase>& render_cases() {
  static const std::vector<RenderCase> all = [] {
    std::vector<RenderCase> cases = {types("types", false),
                                     types("types_strict", true),
                                     numbered(),
                                     defaults(),
                                     modifiers(),
                                     keys(),
                                     columns(),
                                     indexes(),
                                     enumerations(),
                                     tables(),
                                     objects()};
    for (RenderCase& each : cql_render_cases()) cases.push_back(std::move(each));
    return cases;
  }();
  return all;
}

}  // namespace sterna::test
