// Query::chunk_by_key: a table worked through piece by piece, by the order of a key, so that the
// work can be taken up where it ended.
#include <sterna/error.hpp>
#include <sterna/query.hpp>

#include <charconv>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "builder/query_draft.hpp"
#include "builder/session.hpp"
#include "database/bulk.hpp"
#include "database/registry.hpp"

namespace sterna {

using detail::QueryDraft;

namespace {

constexpr std::string_view finished = "end";

// A saved position: its type, then its text. One line: it shares a row with other saved things.
std::string encode(const Value& key, const std::string& column) {
  if (const auto* number = std::get_if<std::int64_t>(&key.storage()))
    return "i" + std::to_string(*number);
  if (const auto* real = std::get_if<double>(&key.storage()))
    return "d" + detail::to_text(Value(*real), column);
  if (const auto* text = std::get_if<std::string>(&key.storage())) {
    std::string result = "s";
    for (const char c : *text) {
      if (c == '\n')
        result += "\\n";
      else if (c == '\\')
        result += "\\\\";
      else
        result += c;
    }
    return result;
  }
  throw Error(
      ErrorKind::data,
      "chunk_by_key() goes by column '" + column +
          "', which holds NULL, a truth value or binary data; it needs a unique number or text");
}

Value decode(std::string_view saved) {
  const char type = saved.front();
  saved.remove_prefix(1);
  if (type == 'i') return detail::to_integer(Value(saved), "the saved position");
  if (type == 'd') return detail::to_double(Value(saved), "the saved position");
  std::string text;
  for (std::size_t i = 0; i < saved.size(); ++i) {
    if (saved[i] != '\\' || i + 1 == saved.size())
      text += saved[i];
    else
      text += saved[++i] == 'n' ? '\n' : '\\';
  }
  return text;
}

/// The same name whenever the migration is run, another for every other step: what is asked, and
/// how often it was asked before.
std::string step_name(detail::Session& session, const QueryDraft& query, std::string_view key) {
  detail::SqlWriter writer(session.target.dialect());
  writer.select(query);
  const Statement statement = writer.take();
  std::string text = statement.sql;
  for (const Value& value : statement.parameters)
    text += '\x1f' + (value.is_null() ? std::string("\x1e") : detail::to_text(value, {}));
  std::string name = query.table + "." + std::string(key) + ":" + sha256_hex(text).substr(0, 16);
  const int earlier = session.data_steps[name]++;
  return earlier == 0 ? name : name + "#" + std::to_string(earlier);
}

void check_shape(const QueryDraft& query, std::size_t size) {
  if (size == 0)
    throw Error(ErrorKind::validation,
                "chunk_by_key() on table '" + query.table + "' with chunks of 0 rows")
        .with_object(query.table);
  if (query.order.empty() && !query.limit && !query.offset && !query.distinct &&
      query.groups.empty())
    return;
  throw Error(ErrorKind::validation, "chunk_by_key() on table '" + query.table +
                                         "' orders and limits by its key: leave out order_by, "
                                         "limit, offset, distinct and group_by")
      .with_object(query.table);
}

/// @throws Error(validation) when rows behind a position in the key cannot be asked for.
void check_order(SchemaTarget& target, const QueryDraft& query, const std::string& key) {
  const Dialect& dialect = target.dialect();
  const BulkWords* words = bulk_words(dialect.name());
  if (words == nullptr) return;
  std::vector<std::string> parts = split(query.table, '.');
  const std::vector<std::string> place = split(key, '.');
  if (place.size() > 1) parts.back() = place[place.size() - 2];
  const std::string sql = words->type_out_of_order(
      dialect, parts.size() > 1 ? model::Name(parts[0], parts[1]) : model::Name(parts[0]),
      place.back());
  if (sql.empty()) return;
  const Rows rows = target.query({sql, {}, {}, {}});
  if (rows.empty()) return;
  throw Error(ErrorKind::validation,
              "chunk_by_key() goes by column '" + key + "' of table '" + query.table +
                  "', which is " + rows.front().get<std::string>(0) +
                  ": the server compares its values in another order than it sorts them in, or "
                  "shows them rounded, so that rows would be left out")
      .with_object(query.table)
      .suggest("name another unique column as the key")
      .suggest(
          "or write the step as a backfill, which goes by the primary key of any type but SET");
}

/// The key must be among the columns, for the position to be read from the last row.
void add_key(QueryDraft& query, std::string_view key, const std::string& plain) {
  if (query.columns.empty()) return;
  for (const Term& term : query.columns) {
    const std::string& column = term.column();
    if (column == key || column == plain || column == "*" || column.ends_with(".*") ||
        column.ends_with("." + plain))
      return;
  }
  query.columns.emplace_back(key);
}

/// The rows behind a position: what was asked, in parentheses, and the key.
void put_behind(QueryDraft& query, std::string_view key, const Value& position) {
  auto asked = std::make_shared<const detail::ConditionNode>(std::move(query.where));
  query.where = detail::ConditionNode();
  if (!asked->parts.empty()) query.where.parts.push_back({false, Condition(std::move(asked))});
  query.where.parts.push_back({false, Condition::compare(key, ">", position)});
}

struct OpenStep {
  explicit OpenStep(detail::Session& open_session) : session(open_session) { ++session.open_steps; }
  ~OpenStep() { --session.open_steps; }
  OpenStep(const OpenStep&) = delete;
  OpenStep& operator=(const OpenStep&) = delete;
  detail::Session& session;
};

}  // namespace

void Query::chunk_by_key(std::size_t size, const std::function<bool(const Rows&)>& body,
                         std::string_view key) {
  if (!session_->target.dialect().capabilities({}).relational) {
    throw Error(ErrorKind::validation,
                "chunk_by_key() on table '" + draft_->table +
                    "' goes through all rows in the order of a key, which CQL has within one "
                    "partition alone")
        .with_object(draft_->table)
        .suggest("go through the table with chunk(), which reads it by ranges of tokens");
  }
  ChunkOptions options;
  options.key = std::string(key);
  chunk_by(size, body, options);
}

void Query::chunk(std::size_t size, const std::function<bool(const Rows&)>& body,
                  const ChunkOptions& options) {
  SchemaTarget& target = session_->target;
  if (target.dialect().capabilities({}).relational) return chunk_by(size, body, options);
  check_shape(*draft_, size);
  const std::vector<std::string> parts = split(draft_->table, '.');
  const Connection::TokenKey key = target.token_key(
      parts.size() > 1 ? model::Name(parts[0], parts[1]) : model::Name(draft_->table));
  if (!key.token.empty()) {
    std::vector<Term>& columns = draft_->columns;
    if (columns.empty() || (columns.size() == 1 && columns.front().column() == "*"))
      columns = {key.columns.begin(), key.columns.end()};
    return chunk_by_tokens(size, body, options, key.token);
  }
  if (target.records()) return;  // an earlier step of the plan makes it
  throw Error(ErrorKind::schema, "there is no table '" + draft_->table + "' to go through")
      .with_object(draft_->table);
}

void Query::chunk_by(std::size_t size, const std::function<bool(const Rows&)>& body,
                     const ChunkOptions& options) {
  const std::string& key = options.key;
  check_shape(*draft_, size);
  const std::string plain = split(key, '.').back();
  add_key(*draft_, key, plain);
  SchemaTarget& target = session_->target;
  check_order(target, *draft_, key);
  const bool resumable = session_->open_steps == 0;
  const std::string step = resumable ? step_name(*session_, *draft_, key) : std::string();
  std::string saved = resumable ? target.load_cursor(step) : std::string();
  if (saved.empty()) saved = options.from;
  if (saved == finished) return;
  const OpenStep open(*session_);

  Query rest = *this;
  if (!saved.empty()) put_behind(*rest.draft_, key, decode(saved));
  const std::int64_t total = rest.count();
  std::int64_t done = 0;
  for (bool more = true; more;) {
    Query chunk = rest;
    const Rows rows = chunk.order_by(key).limit(static_cast<std::int64_t>(size)).get();
    if (rows.empty()) break;
    const Value position = rows.back()[plain];
    const std::string cursor = encode(position, plain);
    detail::in_transaction(target, [&] {
      more = body(rows);
      if (resumable) target.save_cursor(step, cursor);
    });
    if (options.at) options.at(cursor);
    done += static_cast<std::int64_t>(rows.size());
    target.progress(draft_->table, done, total);
    // A plan shows what is done to one chunk; it does not walk through the table.
    if (rows.size() < size || target.records()) break;
    rest = *this;
    put_behind(*rest.draft_, key, position);
  }
  if (resumable) target.save_cursor(step, finished);
}

void Query::chunk_by_tokens(std::size_t size, const std::function<bool(const Rows&)>& body,
                            const ChunkOptions& options, const std::string& token) {
  SchemaTarget& target = session_->target;
  const bool resumable = session_->open_steps == 0;
  const std::string step = resumable ? step_name(*session_, *draft_, "token") : std::string();
  Connection::Walk walk;
  walk.cursor = resumable ? target.load_cursor(step) : std::string();
  if (walk.cursor.empty()) walk.cursor = options.from;
  if (walk.cursor == finished) return;
  if (resumable) target.repeat_from_here();
  const OpenStep open(*session_);

  Query ranged = *this;
  std::vector<Term>& columns = ranged.draft_->columns;
  columns.insert(columns.begin(), Term(expression(token)));
  ranged.where_raw(token + " > ? AND " + token + " <= ?", std::int64_t{0}, std::int64_t{0});
  detail::SqlWriter writer(target.dialect());
  writer.select(*ranged.draft_);
  walk.select = writer.take();
  walk.size = size;
  walk.readers = options.readers;
  std::int64_t done = 0;
  target.walk(walk, [&](const Rows& rows, const Connection::WalkStep& at) {
    const bool more = rows.empty() || body(rows);
    if (resumable) target.save_cursor(step, at.cursor);
    if (options.at) options.at(at.cursor);
    done += static_cast<std::int64_t>(rows.size());
    const double share = std::max(at.done, 1e-6);
    target.progress(draft_->table, done,
                    static_cast<std::int64_t>(static_cast<double>(done) / share));
    return more;
  });
  if (resumable) target.save_cursor(step, finished);
}

}  // namespace sterna
