#include "lint/words.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string>

namespace sterna::lint {
namespace {

// PostgreSQL 15, appendix C: reserved.
constexpr std::string_view postgres =
    " all analyse analyze and any array as asc asymmetric both case cast check collate column "
    "constraint create current_catalog "
    "current_date current_role current_time current_timestamp current_user default deferrable desc "
    "distinct do else end except "
    "false fetch for foreign from grant group having in initially intersect into lateral leading "
    "limit localtime localtimestamp not "
    "null offset on only or order placing primary references returning select session_user some "
    "symmetric table then to trailing "
    "true union unique user using variadic when where window with authorization binary collation "
    "concurrently cross freeze full "
    "ilike inner is isnull join left like natural notnull outer overlaps right similar tablesample "
    "verbose ";
// MySQL 8.0 manual 9.3, and MariaDB's of the same kind: reserved.
constexpr std::string_view mysql =
    " accessible add all alter analyze and as asc asensitive before between bigint binary blob "
    "both by call cascade case change char "
    "character check collate column condition constraint continue convert create cross cube "
    "cume_dist current_date current_time "
    "current_timestamp current_user cursor database databases day_hour dec decimal declare default "
    "delayed delete dense_rank desc "
    "describe deterministic distinct distinctrow div double drop dual each else elseif empty "
    "enclosed escaped except exists exit "
    "explain false fetch first_value float for force foreign from fulltext function generated get "
    "grant group grouping groups having "
    "high_priority if ignore in index infile inner inout insensitive insert int integer intersect "
    "interval into is iterate join "
    "json_table key keys kill lag last_value lateral lead leading leave left like limit linear "
    "lines load localtime localtimestamp "
    "lock long longblob longtext loop low_priority match maxvalue mediumblob mediumint mediumtext "
    "mod modifies natural not "
    "nth_value ntile null numeric of on optimize option optionally or order out outer outfile over "
    "partition percent_rank precision "
    "primary procedure purge range rank read reads real recursive references regexp release rename "
    "repeat replace require resignal "
    "restrict return revoke right rlike row row_number rows schema schemas select sensitive "
    "separator set show signal smallint "
    "spatial specific sql sqlexception sqlstate sqlwarning ssl starting stored straight_join "
    "system table terminated then tinyblob "
    "tinyint tinytext to trailing trigger true undo union unique unlock unsigned update usage use "
    "using values varbinary varchar "
    "varying virtual when where while window with write xor zerofill ";
constexpr std::string_view sqlite =
    " add all alter and as autoincrement between case check collate commit constraint create "
    "default deferrable delete distinct drop "
    "else escape except exists foreign from group having if in index insert intersect into is "
    "isnull join limit not notnull null on "
    "or order primary references select set table then to transaction union unique update using "
    "values when where ";
constexpr std::string_view cql =
    " add allow alter and apply asc authorize batch begin by columnfamily create delete desc "
    "describe drop entries execute from full "
    "grant if in index infinity insert into is keyspace limit materialized modify nan norecursive "
    "not null of on or order primary "
    "rename replace revoke schema select set table to token truncate unlogged update use using "
    "view where with ";

}  // namespace

bool is_reserved(std::string_view name, Language language) noexcept {
  const std::string_view words = language == Language::mysql    ? mysql
                                 : language == Language::sqlite ? sqlite
                                 : language == Language::cql    ? cql
                                                                : postgres;
  return !name.empty() && words.find(" " + to_lower(name) + " ") != std::string_view::npos;
}

}  // namespace sterna::lint
