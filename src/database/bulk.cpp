#include "database/bulk.hpp"

#include "base/text.hpp"

namespace sterna {

KeyPart BulkWords::key_part(const Dialect& /*dialect*/, std::string column,
                            const model::Type& /*type*/) const {
  return {column, column};
}

std::string BulkWords::compare(const std::vector<KeyPart>& key, std::string_view op,
                               const std::vector<std::string>& values) const {
  const std::string sign = " " + std::string(op) + " ";
  std::vector<std::string> columns;
  for (const KeyPart& part : key) columns.push_back(part.column);
  if (columns.size() == 1) return columns.front() + sign + values.front();
  return "(" + join(columns, ", ") + ")" + sign + "(" + join(values, ", ") + ")";
}

std::vector<Statement> drop_sync_pair(const Dialect& dialect, const SyncTrigger& trigger) {
  std::vector<Statement> statements;
  for (const char* event : {"_i", "_u"})
    statements.push_back(
        {"DROP TRIGGER IF EXISTS " + dialect.quote(trigger.name + event), {}, {}, {}});
  return statements;
}

}  // namespace sterna
