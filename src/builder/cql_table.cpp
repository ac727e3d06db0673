// What CQL's tables have beside those of SQL: their keys and their options.
#include <sterna/table.hpp>

#include "base/text.hpp"
#include "builder/draft.hpp"

namespace sterna {
namespace {

/// `'text'` with its quotes doubled, as CQL writes texts.
std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += c;
    result += c;
  }
  return result + "'";
}

std::string map_of(const std::map<std::string, std::string>& entries) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : entries) parts.push_back(quoted(key) + ": " + quoted(value));
  return "{" + join(parts, ", ") + "}";
}

void add_clustering(detail::TableDraft& draft, const std::vector<IndexColumn>& columns) {
  draft.only_in_create("the clustering key");
  if (!draft.clustering.empty())
    draft.refuse(
        "the clustering key is described twice; keep one of clustering_key() and "
        "clustering_order");
  for (const IndexColumn& column : columns) {
    if (column.text.empty() || column.is_expression)
      draft.refuse("a clustering key is made of columns");
    draft.settings.clustering_key.push_back(column.text);
    model::IndexPart part;
    part.column = column.text;
    part.descending = column.is_descending;
    draft.clustering.push_back(std::move(part));
  }
}

}  // namespace

void TableBuilder::partition_key(Names columns) {
  draft_->only_in_create("partition_key()");
  if (columns.list().empty()) draft_->refuse("partition_key() without columns");
  draft_->settings.partition_key = columns.list();
}

void TableBuilder::clustering_key(IndexColumns columns) {
  if (columns.list().empty()) draft_->refuse("clustering_key() without columns");
  add_clustering(*draft_, columns.list());
}

void TableBuilder::with_options(const StorageOptions& options) {
  if (!options.clustering_order.empty()) add_clustering(*draft_, options.clustering_order);
  const auto maps = {std::pair{"compaction", &options.compaction},
                     std::pair{"compression", &options.compression},
                     std::pair{"caching", &options.caching}};
  for (const auto& [name, entries] : maps) {
    if (!entries->empty()) option(name, map_of(*entries));
  }
  const auto texts = {std::pair{"speculative_retry", &options.speculative_retry},
                      std::pair{"read_repair", &options.read_repair},
                      std::pair{"additional_write_policy", &options.additional_write_policy}};
  for (const auto& [name, text] : texts) {
    if (!text->empty()) option(name, quoted(*text));
  }
  if (options.gc_grace) option("gc_grace_seconds", std::to_string(*options.gc_grace));
  if (options.default_ttl) option("default_time_to_live", std::to_string(*options.default_ttl));
  if (options.bloom_filter_fp_chance) {
    option("bloom_filter_fp_chance",
           detail::to_text(Value(*options.bloom_filter_fp_chance), "bloom_filter_fp_chance"));
  }
  if (options.cdc) option("cdc", *options.cdc ? "true" : "false");
  if (options.comment) comment(*options.comment);
  for (const auto& [name, value] : options.others) option(name, value);
}

IndexBuilder& IndexBuilder::local(Names partition_key) {
  std::vector<model::IndexPart> parts;
  for (const std::string& column : partition_key.list()) {
    model::IndexPart part;
    part.column = column;
    part.operator_class = "local";
    parts.push_back(std::move(part));
  }
  auto& all = draft_->index.parts;
  all.insert(all.begin(), parts.begin(), parts.end());
  return *this;
}

}  // namespace sterna
