#include "render_build.hpp"
#include "render_cases.hpp"

namespace sterna::test {
namespace {

constexpr const char* cql = "cql";

model::Type of(TypeKind kind, std::vector<model::Type> arguments = {}, std::string name = {}) {
  model::Type result = type(kind);
  result.arguments = std::move(arguments);
  result.name = std::move(name);
  return result;
}
model::Type frozen(model::Type inner) { return of(TypeKind::frozen, {std::move(inner)}); }
const model::Type text = of(TypeKind::text);
const model::Type number = of(TypeKind::integer);

/// Partition key "id", and the columns given.
model::Table keyed(std::string name, std::vector<model::Column> columns = {}) {
  model::Table result;
  result.name = model::Name(name);
  result.columns = {column("id", TypeKind::uuid)};
  for (model::Column& each : columns) result.columns.push_back(std::move(each));
  result.primary_key = primary({part("id")});
  return result;
}
model::IndexPart descending(std::string name) {
  model::IndexPart result = part(std::move(name));
  result.descending = true;
  return result;
}
model::IndexPart over(std::string name, std::string what) {
  model::IndexPart result = part(std::move(name));
  result.operator_class = std::move(what);
  return result;
}
AddColumn add(model::Column what) { return AddColumn{std::move(what), false, false, {}}; }
RenderStep step(Change change, bool server = true) { return {std::move(change), cql, server}; }
RenderStep create_step(model::Table what, bool server = true) {
  return step(CreateTable{std::move(what), false}, server);
}

model::Table user_events() {
  model::Table table;
  table.name = "user_events";
  table.columns = {
      column("user_id", TypeKind::uuid),
      column("day", TypeKind::date),
      column("at", TypeKind::timestamp),
      column("event_id", TypeKind::timeuuid),
      column("kind", TypeKind::text),
      column("tags", of(TypeKind::set, {text})),
      column("data", of(TypeKind::map, {text, text})),
      column("steps", of(TypeKind::list, {frozen(of(TypeKind::tuple, {text, number}))})),
      column("user_name", TypeKind::text)};
  table.columns.back().is_static = true;
  table.primary_key = primary({part("user_id"), part("day"), descending("at"), part("event_id")});
  table.partition_key = {"user_id", "day"};
  table.clustering_key = {"at", "event_id"};
  table.comment = "what it's about";
  table.options = {{"compaction",
                    "{'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS', "
                    "'compaction_window_size': 1}"},
                   {"compression", "{'class': 'ZstdCompressor', 'chunk_length_in_kb': 64}"},
                   {"gc_grace_seconds", "86400"},
                   {"default_time_to_live", "7776000"},
                   {"speculative_retry", "95p"}};
  table.indexes = {index({part("kind")}), index({over("data", "entries")}, "events_by_data")};
  return table;
}

RenderCase cql_tables() {
  model::Table counters = keyed("page_views", {column("views", TypeKind::counter)});
  model::Table mixed = counters;
  mixed.name = "mixed";
  mixed.columns.push_back(column("name", TypeKind::text));
  model::Table still = keyed("still", {column("name", TypeKind::text)});
  still.columns.back().is_static = true;
  model::Table keyless;
  keyless.name = "keyless";
  keyless.columns = {column("a", TypeKind::integer)};
  model::Table collected = keyed("collected");
  collected.columns[0].type = of(TypeKind::list, {text});
  model::Table temporary = keyed("passing");
  temporary.temporary = true;
  model::Table odd = keyed("Odd", {column("Mixed \"Case\"", TypeKind::text)});
  model::Table unknown = keyed("unknown");
  unknown.options = {{"gc_grace_second", "1"}};
  model::Table dashed = keyed("with-dash");
  model::Table repair = keyed("repaired");
  repair.options = {{"read_repair", "NONE"}};
  model::Table paxos = keyed("paxos");
  paxos.options = {{"paxos_grace_seconds", "10"}};
  return {"cql_tables",
          {create_step(user_events()), step(CreateTable{user_events(), true}),
           create_step(counters), create_step(odd), create_step(repair), create_step(paxos),
           create_step(mixed), create_step(still), create_step(keyless), create_step(collected),
           create_step(temporary), create_step(unknown), create_step(dashed),
           step(DropTable{"page_views", false, false, std::nullopt}),
           step(DropTable{"page_views", true, false, std::nullopt}),
           step(DropTable{"user_events", false, true, std::nullopt}),
           step(RenameTable{"user_events", "events"})}};
}

RenderCase cql_types() {
  model::Type vector = of(TypeKind::vector, {of(TypeKind::real)});
  vector.length = 3;
  const std::vector<std::pair<std::string, model::Type>> all = {
      {"ascii", of(TypeKind::ascii)},
      {"bigint", of(TypeKind::big_integer)},
      {"blob", of(TypeKind::binary)},
      {"boolean", of(TypeKind::boolean)},
      {"date", of(TypeKind::date)},
      {"decimal", of(TypeKind::decimal)},
      {"double", of(TypeKind::double_precision)},
      {"duration", of(TypeKind::duration)},
      {"float", of(TypeKind::real)},
      {"inet", of(TypeKind::inet)},
      {"int", number},
      {"smallint", of(TypeKind::small_integer)},
      {"text", text},
      {"time", of(TypeKind::time)},
      {"timestamp", of(TypeKind::timestamp)},
      {"timeuuid", of(TypeKind::timeuuid)},
      {"tinyint", of(TypeKind::tiny_integer)},
      {"uuid", of(TypeKind::uuid)},
      {"varint", of(TypeKind::varint)},
      {"list", of(TypeKind::list, {text})},
      {"set", of(TypeKind::set, {number})},
      {"map", of(TypeKind::map, {text, frozen(of(TypeKind::list, {number}))})},
      {"frozen_map", frozen(of(TypeKind::map, {text, number}))},
      {"tuple", of(TypeKind::tuple, {text, frozen(of(TypeKind::set, {number}))})},
      {"user_type", of(TypeKind::user_type, {}, "address")},
      {"frozen_user_type", frozen(of(TypeKind::user_type, {}, "address"))},
      {"list_of_user_type", of(TypeKind::list, {frozen(of(TypeKind::user_type, {}, "address"))})},
      {"vector", vector}};
  RenderCase result{
      "cql_types",
      {step(CreateType{
          {"address", {{"street", text}, {"zips", frozen(of(TypeKind::set, {number}))}}, {}},
          false})}};
  for (const auto& [name, each] : all)
    result.steps.push_back(create_step(keyed("of_" + name, {column("c", each)})));
  const std::vector<std::pair<std::string, model::Type>> refused = {
      {"nested", of(TypeKind::list, {of(TypeKind::list, {text})})},
      {"nested_type", of(TypeKind::map, {text, of(TypeKind::user_type, {}, "address")})},
      {"counters", of(TypeKind::list, {of(TypeKind::counter)})},
      {"frozen_text", frozen(text)},
      {"array", of(TypeKind::array, {text})},
      {"range", of(TypeKind::range, {}, "int4range")},
      {"cidr", of(TypeKind::cidr)},
      {"microseconds", type(TypeKind::timestamp, 6)},
      {"unsigned", with_unsigned(column("c", number)).type},
      {"enumeration", enumeration("c", {"a"}).type}};
  for (const auto& [name, each] : refused)
    result.steps.push_back(create_step(keyed("no_" + name, {column("c", each)})));
  return result;
}

RenderCase cql_columns() {
  model::Column note = column("note", TypeKind::text);
  note.is_static = true;
  model::Table table = user_events();
  table.indexes.clear();
  const auto change = [](const char* name, TypeKind kind, unsigned parts) {
    return alter("user_events",
                 {ModifyColumn{column(name, kind), parts, std::nullopt, {}, false, {}}});
  };
  const auto alone = [&](TableAction action, bool server = true) {
    return step(alter("user_events", {std::move(action)}), server);
  };
  return {
      "cql_columns",
      {create_step(table),
       step(alter("user_events", {add(column("source", TypeKind::inet)), add(note),
                                  add(column("kinds", of(TypeKind::set, {text})))})),
       alone(AddColumn{column("source", TypeKind::inet), true, false, {}}),
       alone(DropColumn{"source", false, std::nullopt}),
       alone(DropColumn{"source", true, std::nullopt}),
       alone(add(column("source", TypeKind::inet))), alone(DropColumn{"kind", false, std::nullopt}),
       // On the server the old type is known, and refused.
       alone(add(column("kind", TypeKind::integer))), alone(RenameColumn{"at", "happened_at"}),
       alone(RenameColumn{"data", "details"}),
       step(change("kinds", TypeKind::text, ModifyColumn::type)),
       step(change("kinds", TypeKind::text, ModifyColumn::default_value)),
       alone(AddPrimaryKey{primary({part("user_id")})}), alone(DropPrimaryKey{}),
       alone(AddUnique{unique({"kinds"})}), alone(AddForeignKey{foreign({"user_id"}, "users")}),
       alone(AddCheck{check("positive", "a > 0")}),
       alone(AddColumn{column("late", TypeKind::text), false, true, {}}),
       alone(AddColumn{
           with_default(column("late", TypeKind::text), text_default("x")), false, false, {}}),
       alone(AddColumn{increments("late"), false, false, {}}),
       alone(SetTableComment{"it's new", std::nullopt}),
       alone(SetTableOption{"gc_grace_seconds", "3600", std::nullopt}),
       alone(SetTableOption{"gc_grace_seconds", "", std::nullopt}),
       alone(SetTableOption{"caching", "{'rows_per_partition':'100','keys':'ALL'}", std::nullopt}),
       alone(SetTableOption{"compaction", "", std::nullopt}),
       alone(SetTableOption{"fillfactor", "80", std::nullopt})}};
}

RenderCase cql_indexes() {
  model::Table table = user_events();
  table.indexes.clear();
  const auto make = [](model::Index index, bool server = true) {
    return step(alter("user_events", {AddIndex{std::move(index), false, false}}), server);
  };
  model::Index sai = index({part("kind")}, "kind_sai");
  sai.method = "sai";
  sai.options = {{"case_sensitive", "false"}};
  model::Index sasi = index({part("user_name")}, "name_sasi");
  sasi.method = "sasi";
  sasi.options = {
      {"mode", "CONTAINS"},
      {"analyzer_class", "org.apache.cassandra.index.sasi.analyzer.NonTokenizingAnalyzer"}};
  model::Index own = index({part("kind")}, "kind_own");
  own.method = "com.example.Index";
  model::Index unique = index({part("kind")});
  unique.unique = true;
  model::Index where = index({part("kind")});
  where.where = "kind > 1";
  return {"cql_indexes",
          {create_step(table),
           make(index({part("kind")})),
           step(alter("user_events", {AddIndex{index({part("kind")}), true, false}})),
           make(index({over("tags", "values")})),
           make(index({over("data", "keys")}, "by_key")),
           make(index({over("data", "values")}, "by_value")),
           make(index({over("data", "entries")}, "by_entry")),
           make(index({over("data", "sorted")}, "by_order")),
           step(alter("user_events", {DropIndex{"by_key", false, false, std::nullopt}})),
           step(alter("user_events", {DropIndex{"by_key", true, false, std::nullopt}})),
           make(sai, false),
           make(sasi, false),
           make(own, false),
           make(index({over("user_id", "local"), over("day", "local"), part("kind")}, "kind_local"),
                false),
           make(unique),
           make(where),
           make(index({part("kind"), part("tags")})),
           make(index({descending("kind")})),
           make(index({expression_part("lower(kind)")})),
           step(alter("user_events", {RenameIndex{"by_value", "other"}}))}};
}

RenderCase cql_user_types() {
  const model::UserType address{
      "address",
      {{"street", text}, {"zip", number}, {"Odd", frozen(of(TypeKind::list, {text}))}},
      {}};
  const model::UserType person{
      "person", {{"name", text}, {"home", frozen(of(TypeKind::user_type, {}, "address"))}}, {}};
  const model::UserType loose{"loose", {{"home", of(TypeKind::user_type, {}, "address")}}, {}};
  const model::UserType empty{"empty", {}, {}};
  return {
      "cql_user_types",
      {step(CreateType{address, false}), step(CreateType{address, true}),
       step(CreateType{person, false}), step(CreateType{loose, false}),
       step(CreateType{empty, false}),
       step(AlterType{"address", {AddTypeField{{"city", text}}, RenameTypeField{"zip", "code"}}}),
       step(DropType{"person", false, person}), step(DropType{"person", true, std::nullopt}),
       step(DropType{"address", false, std::nullopt})}};
}

model::Object object_of(std::string kind, std::string name, std::string definition) {
  model::Object object;
  object.kind = std::move(kind);
  object.name = model::Name(std::string(), std::move(name));
  object.definition = std::move(definition);
  return object;
}

RenderCase cql_objects() {
  const model::Object keyspace =
      object_of("keyspace", "render_case_ks",
                "CREATE KEYSPACE \"render_case_ks\" WITH replication = {'class': "
                "'SimpleStrategy', 'replication_factor': '1'} AND durable_writes = true");
  model::Object altered = keyspace;
  altered.definition.replace(altered.definition.find("true"), 4, "false");
  const model::Object view = object_of(
      "materialized view", "by_kind",
      "CREATE MATERIALIZED VIEW \"by_kind\" AS SELECT kind, user_id, day, at, event_id, data FROM "
      "user_events WHERE kind IS NOT NULL "
      "AND user_id IS NOT NULL AND day IS NOT NULL AND at IS NOT NULL AND event_id IS NOT NULL "
      "PRIMARY KEY (kind, user_id, day, at, event_id)");
  const model::Object function =
      object_of("function", "plus(int, int)",
                "CREATE FUNCTION \"plus\" (a int, b int) RETURNS NULL ON NULL INPUT RETURNS int "
                "LANGUAGE java AS $$return a + b;$$");
  const model::Object aggregate =
      object_of("aggregate", "total(int)",
                "CREATE AGGREGATE \"total\" (int) SFUNC plus STYPE int INITCOND 0");
  model::Object role =
      object_of("role", "render_case_role", "CREATE ROLE \"render_case_role\" WITH LOGIN = false");
  model::Object grant = object_of("grant", "SELECT ON user_events TO render_case_role",
                                  "GRANT SELECT ON user_events TO \"render_case_role\"");
  grant.drop = "REVOKE SELECT ON user_events FROM \"render_case_role\"";
  const auto create_object = [](const model::Object& what, bool replace = false) {
    return step(CreateObject{what, replace});
  };
  const auto drop_object = [](const model::Object& what) {
    return step(DropObject{what.kind, what.name, false, false, what});
  };
  model::Object plain = object_of("view", "all_events", "CREATE VIEW all_events AS SELECT 1");
  model::Object sequence = object_of("sequence", "numbers", "CREATE SEQUENCE numbers");
  return {"cql_objects",
          {create_step(user_events()),
           create_object(keyspace),
           create_object(altered, true),
           drop_object(keyspace),
           create_object(view),
           drop_object(view),
           create_object(function),
           create_object(function, true),
           create_object(aggregate),
           drop_object(aggregate),
           drop_object(function),
           create_object(role),
           create_object(role, true),
           create_object(grant),
           drop_object(grant),
           drop_object(role),
           create_object(plain),
           create_object(sequence),
           step(CreateEnum{"mood", {"ok"}}),
           step(DropObject{"enum", "mood", false, false, std::nullopt})}};
}

/// What ScyllaDB has beside Cassandra (its documentation: "Data Definition", "Change Data Capture",
/// "Per-partition rate limit", "Materialized views", "Local secondary indexes"); refused elsewhere.
RenderCase cql_of_scylla() {
  const auto with = [](const std::string& name, std::map<std::string, std::string> options) {
    model::Table table = keyed(name);
    table.options = std::move(options);
    return create_step(table);
  };
  const auto set = [](const std::string& option, const std::string& value) {
    return step(AlterTable{"logged", {SetTableOption{option, value, std::nullopt}}});
  };
  const std::string replication =
      " WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': '3'} AND durable_writes = "
      "true";
  const auto object = [](const char* kind, const char* name, const std::string& definition) {
    return step(CreateObject{object_of(kind, name, definition), false});
  };
  const std::string view =
      "CREATE MATERIALIZED VIEW \"by_kind\" AS SELECT * FROM t WHERE kind IS NOT NULL AND id IS "
      "NOT NULL PRIMARY KEY (kind, id) WITH synchronous_updates = true";
  return {"cql_of_scylla",
          {object("keyspace", "app",
                  "CREATE KEYSPACE \"app\"" + replication + " AND tablets = {'enabled': true}"),
           with("logged", {{"cdc", "true"}}),
           with("logged_for_long",
                {{"cdc", "{'enabled': true, 'preimage': true, 'postimage': false, 'ttl': 86400}"}}),
           with("limited", {{"per_partition_rate_limit",
                             "{'max_reads_per_second': 100, 'max_writes_per_second': 50}"}}),
           with("repaired", {{"tombstone_gc", "{'mode': 'repair'}"}}),
           with("agreed", {{"paxos_grace_seconds", "864000"}}), set("cdc", "false"),
           set("tombstone_gc", "{'mode': 'timeout', 'propagation_delay_in_seconds': '3600'}"),
           set("per_partition_rate_limit", ""), object("materialized view", "by_kind", view)}};
}

}  // namespace

std::vector<RenderCase> cql_render_cases() {
  return {cql_tables(),     cql_types(),   cql_columns(),  cql_indexes(),
          cql_user_types(), cql_objects(), cql_of_scylla()};
}

}  // namespace sterna::test
