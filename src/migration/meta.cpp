#include "migration/meta.hpp"

#include "base/text.hpp"
#include "bulk/directive.hpp"

#include <array>
#include <charconv>

namespace sterna {
namespace {

constexpr std::array<DirectiveHelp, 18> keys{{
    {"transaction", "none|migration",
     "none: statement by statement, journalled (CREATE INDEX CONCURRENTLY, VACUUM)"},
    {"foreign-keys", "off",
     "SQLite: off while it runs, checked before it is committed (a table is rebuilt)"},
    {"timeout", "DURATION", "for the whole migration: 60s, 5m"},
    {"lock-timeout", "DURATION", "for locks inside the database, then it is tried again"},
    {"retry", "COUNT", "tries after a lock timeout"},
    {"description", "TEXT", "for people"},
    {"breaking", "true|false", "running code of the previous version may fail after it"},
    {"estimated", "DURATION", "expected duration"},
    {"environment", "NAME[,NAME]", "runs only in these environments"},
    {"connection", "NAME", "runs only on this named connection"},
    {"depends", "VERSION[,VERSION]", "versions that must be applied before"},
    {"assert", "SELECT …",
     "has to give no rows, or zero, where it stands; else the migration stops"},
    {"replaces", "VERSION[,VERSION]", "a checkpoint: where these are applied, so is it"},
    {"reversible", "never REASON", "there is no way down, and why"},
    {"backfill", "OPTIONS",
     "the statement below runs batch by batch: table=T batch=auto pause=auto sync=trigger"},
    {"online", "OPTIONS",
     "MySQL: the ALTER TABLE below keeps nobody waiting, on a copy if need be: batch=auto "
     "pause=auto"},
    {"down-loses", "NAMES", "what the way down takes away with its values; asks for permission"},
    {"allow", "RULE[,RULE] REASON", "what `sterna lint` would find, and why it is right here"},
}};

[[noreturn]] void malformed(const Directive& directive, std::string_view expected) {
  throw Error(ErrorKind::validation, "directive '" + directive.key + "' has the value '" +
                                         directive.value + "'; expected " + std::string(expected))
      .at(directive.position);
}

std::vector<std::string> list_of(const Directive& directive) {
  std::vector<std::string> items;
  for (const std::string& item : split(directive.value, ',')) {
    if (const std::string_view text = trim(item); !text.empty()) items.emplace_back(text);
  }
  if (items.empty()) malformed(directive, "one name or several, parted by commas");
  return items;
}

std::chrono::milliseconds duration_of(const Directive& directive) {
  try {
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(parse_duration(directive.value) * 1000));
  } catch (const Error&) {
    malformed(directive, "a duration such as 500ms, 5s or 2m");
  }
}

bool boolean_of(const Directive& directive) {
  if (directive.value == "true") return true;
  if (directive.value == "false") return false;
  malformed(directive, "true or false");
}

int count_of(const Directive& directive) {
  int count = 0;
  const char* end = directive.value.data() + directive.value.size();
  const auto [stop, error] = std::from_chars(directive.value.data(), end, count);
  if (error != std::errc() || stop != end || count < 0) malformed(directive, "a number from 0");
  return count;
}

std::string irreversible_reason(const Directive& directive) {
  constexpr std::string_view word = "never";
  const std::string_view value = directive.value;
  if (!value.starts_with(word) || trim(value.substr(word.size())).empty()) {
    malformed(directive, "'never' and the reason, such as 'never the old column held passwords'");
  }
  return std::string(trim(value.substr(word.size())));
}

[[noreturn]] void unknown(const Directive& directive) {
  std::vector<std::string> known;
  for (const DirectiveHelp& help : keys) known.emplace_back(help.key);
  Error error(ErrorKind::validation, "unknown directive '-- sterna:" + directive.key +
                                         "'; known are " + join(known, ", "));
  error.at(directive.position);
  for (const std::string& near : near_misses(directive.key, known, 1))
    error.suggest("did you mean '-- sterna:" + near + "'?");
  throw error;
}

/// Steps commit batch by batch: the migration that holds one is journalled.
void commits_in_parts(const Directive& step, Meta& meta) {
  if (meta.transaction == TransactionMode::migration) {
    throw Error(ErrorKind::validation,
                "'" + step.key +
                    "' commits batch by batch, so its migration cannot be one "
                    "transaction")
        .at(step.position)
        .suggest("leave 'transaction migration' out");
  }
  meta.transaction = TransactionMode::none;
}

}  // namespace

std::span<const DirectiveHelp> directive_help() { return keys; }

Meta read_meta(const std::vector<Directive>& directives) {
  Meta meta;
  const Directive* foreign_keys = nullptr;
  const Directive* step = nullptr;
  for (const Directive& directive : directives) {
    const std::string& key = directive.key;
    if (key == "transaction") {
      if (directive.value == "none")
        meta.transaction = TransactionMode::none;
      else if (directive.value == "migration")
        meta.transaction = TransactionMode::migration;
      else
        malformed(directive, "none or migration");
    } else if (key == "foreign-keys") {
      if (directive.value != "off") malformed(directive, "off");
      meta.foreign_keys_off = true;
      foreign_keys = &directive;
    } else if (key == "timeout") {
      meta.timeout = duration_of(directive);
    } else if (key == "lock-timeout") {
      meta.lock_timeout = duration_of(directive);
    } else if (key == "retry") {
      meta.retry = count_of(directive);
    } else if (key == "description") {
      meta.description = directive.value;
    } else if (key == "breaking") {
      meta.breaking = boolean_of(directive);
    } else if (key == "estimated") {
      meta.estimated = duration_of(directive);
    } else if (key == "environment") {
      meta.environments = list_of(directive);
    } else if (key == "connection") {
      meta.connection = directive.value;
    } else if (key == "depends") {
      meta.depends = list_of(directive);
    } else if (key == "replaces") {
      meta.replaces = list_of(directive);
    } else if (key == "reversible") {
      meta.irreversible = irreversible_reason(directive);
    } else if (key == "down-loses") {
      if (trim(directive.value).empty()) malformed(directive, "the names of what is lost");
      meta.down_loses = directive.value;
    } else if (key == "assert") {
      if (trim(directive.value).empty()) malformed(directive, "a question to the database");
    } else if (bulk::belongs_to_statement(key)) {
      bulk::read_step(directive);
      step = &directive;
    } else if (key != "allow") {  // read by the linter
      unknown(directive);
    }
  }
  if (step != nullptr) commits_in_parts(*step, meta);
  if (foreign_keys != nullptr && meta.transaction == TransactionMode::none) {
    throw Error(
        ErrorKind::validation,
        "'foreign-keys off' and 'transaction none' exclude each other: the rows are checked "
        "before the transaction is committed")
        .at(foreign_keys->position)
        .suggest("leave 'transaction none' out");
  }
  return meta;
}

}  // namespace sterna
