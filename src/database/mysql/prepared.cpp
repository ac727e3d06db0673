#include "database/mysql/prepared.hpp"

#include "database/mysql/errors.hpp"
#include "database/mysql/values.hpp"

namespace sterna::mysql {

Prepared::Prepared(const LibMariadb& api, MYSQL* handle, const Statement& statement)
    : api_(api),
      statement_(statement),
      handle_(api.mysql_stmt_init(handle)),
      binds_(statement.parameters.size(), MYSQL_BIND{}),
      numbers_(binds_.size()),
      reals_(binds_.size()),
      lengths_(binds_.size()) {
  if (handle_ == nullptr) throw Error(ErrorKind::internal, "libmariadb has no memory");
  try {
    if (api_.mysql_stmt_prepare(handle_, statement.sql.data(), statement.sql.size()) != 0) fail();
    if (const unsigned long wanted = api_.mysql_stmt_param_count(handle_);
        wanted != binds_.size()) {  // the client library would read behind the bindings
      throw Error(ErrorKind::validation, "the statement has " + std::to_string(wanted) +
                                             " placeholder(s), but " +
                                             std::to_string(binds_.size()) + " value(s) are bound")
          .with_statement(statement.sql)
          .at(statement.position)
          .suggest("bind one value for each ? of the statement");
    }
  } catch (const Error&) {
    api_.mysql_stmt_close(handle_);
    throw;
  }
}

void Prepared::fail() const {
  throw error_of(api_.mysql_stmt_errno(handle_), api_.mysql_stmt_sqlstate(handle_),
                 api_.mysql_stmt_error(handle_), statement_);
}

void Prepared::bind_bytes(std::size_t index, const std::string& bytes, enum_field_types type) {
  lengths_[index] = bytes.size();
  MYSQL_BIND& bind = binds_[index];
  bind.buffer_type = type;
  bind.buffer = const_cast<char*>(bytes.data());  // read only, but the C interface is one for both
  bind.buffer_length = lengths_[index];
  bind.length = &lengths_[index];
}

void Prepared::bind(std::size_t index) {
  MYSQL_BIND& bind = binds_[index];
  const Value::Storage& value = statement_.parameters[index].storage();
  const auto integer = [&](std::int64_t number) {
    numbers_[index] = number;
    bind.buffer_type = MYSQL_TYPE_LONGLONG;
    bind.buffer = &numbers_[index];
  };
  if (std::holds_alternative<std::monostate>(value)) {
    bind.buffer_type = MYSQL_TYPE_NULL;
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    integer(*flag ? 1 : 0);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    integer(*number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    reals_[index] = *real;
    bind.buffer_type = MYSQL_TYPE_DOUBLE;
    bind.buffer = &reals_[index];
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    bind_bytes(index, *text, MYSQL_TYPE_STRING);
  } else {
    bind_bytes(index, std::get<Blob>(value).bytes, MYSQL_TYPE_BLOB);
  }
}

void Prepared::run() {
  for (std::size_t i = 0; i < binds_.size(); ++i) bind(i);
  if (!binds_.empty() && api_.mysql_stmt_bind_param(handle_, binds_.data()) != 0) fail();
  if (api_.mysql_stmt_execute(handle_) != 0) fail();
}

Rows Prepared::rows() {
  Rows rows;
  bool found = false;
  for (;;) {
    if (MYSQL_RES* meta = api_.mysql_stmt_result_metadata(handle_); meta != nullptr) {
      Rows more;
      try {
        more = read_result(meta);
      } catch (const Error&) {
        api_.mysql_free_result(meta);
        throw;
      }
      api_.mysql_free_result(meta);
      if (!found) rows = std::move(more);
      found = true;
    }
    if (!api_.mysql_stmt_more_results(handle_)) return rows;
    if (api_.mysql_stmt_next_result(handle_) > 0) fail();
  }
}

/// Every column is asked for as text, so that one table of conversions serves both protocols.
Rows Prepared::read_result(MYSQL_RES* meta) {
  const unsigned count = api_.mysql_num_fields(meta);
  const MYSQL_FIELD* fields = api_.mysql_fetch_fields(meta);
  auto names = std::make_shared<std::vector<std::string>>();
  std::vector<MYSQL_BIND> binds(count, MYSQL_BIND{});
  std::vector<unsigned long> lengths(count);
  std::vector<my_bool> nulls(count);
  for (unsigned i = 0; i < count; ++i) {
    names->emplace_back(fields[i].name);
    binds[i].buffer_type = is_binary(fields[i]) || fields[i].type == MYSQL_TYPE_BIT
                               ? MYSQL_TYPE_BLOB
                               : MYSQL_TYPE_STRING;
    binds[i].length = &lengths[i];
    binds[i].is_null = &nulls[i];
  }
  if (api_.mysql_stmt_bind_result(handle_, binds.data()) != 0 ||
      api_.mysql_stmt_store_result(handle_) != 0)
    fail();
  Rows rows;
  for (;;) {
    const int code = api_.mysql_stmt_fetch(handle_);
    if (code == MYSQL_NO_DATA) break;
    if (code != 0 && code != MYSQL_DATA_TRUNCATED) fail();
    std::vector<Value> values;
    values.reserve(count);
    for (unsigned i = 0; i < count; ++i)
      values.push_back(nulls[i] ? Value() : read_field(fields[i], binds[i], i));
    rows.emplace_back(names, std::move(values));
  }
  api_.mysql_stmt_free_result(handle_);
  return rows;
}

Value Prepared::read_field(const MYSQL_FIELD& field, const MYSQL_BIND& bound, unsigned index) {
  // A real number is cut to the buffer it is given, and its length is told for a buffer of 0
  // bytes: ask with room enough.
  const bool real = field.type == MYSQL_TYPE_FLOAT || field.type == MYSQL_TYPE_DOUBLE;
  std::string text(real ? 64 : *bound.length, '\0');
  MYSQL_BIND one = bound;
  one.buffer = text.data();
  one.buffer_length = text.size();
  if (!text.empty() && api_.mysql_stmt_fetch_column(handle_, &one, index, 0) != 0) fail();
  text.resize(std::min<std::size_t>(*bound.length, text.size()));
  return read_value(field, text);
}

}  // namespace sterna::mysql
