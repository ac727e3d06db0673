// An assertion for psql: a block that raises, which also takes back the open transaction.
#include "database/postgres/dialect.hpp"

#include <fmt/format.h>

namespace sterna::postgres {

std::optional<std::string> PostgresDialect::client_assertion(std::string_view query,
                                                             std::string_view place) const {
  // The query runs as text of its own: its columns cannot be taken for the block's variables. The
  // row becomes json, not jsonb, which would make one of two columns with the same name.
  constexpr std::string_view block = R"(DO {0}
DECLARE
  sterna_row record;
  sterna_first json;
  sterna_count integer := 0;
BEGIN
  FOR sterna_row IN EXECUTE {1}
{2}
{1} LOOP
    sterna_count := sterna_count + 1;
    IF sterna_count = 1 THEN sterna_first := row_to_json(sterna_row); END IF;
    EXIT WHEN sterna_count > 1;
  END LOOP;
  IF sterna_count = 0 THEN RETURN; END IF;
  IF sterna_count = 1 AND (SELECT count(*) = 1 AND coalesce(bool_and(value IN ('0', 'f', 'false')), false)
                           FROM json_each_text(sterna_first)) THEN RETURN; END IF;
  RAISE EXCEPTION USING MESSAGE = {3}, DETAIL = 'its first row: ' || sterna_first, ERRCODE = 'check_violation';
END
{0};
)";
  const auto tag = [&](std::string name) {
    while (query.find("$" + name + "$") != std::string_view::npos) name += "_";
    return "$" + name + "$";
  };
  return fmt::format(
      block, tag("sterna_block"), tag("sterna_query"), query,
      string_literal(fmt::format(
          "the assertion at {} does not hold: its question has to give no rows, or zero", place)));
}

}  // namespace sterna::postgres
