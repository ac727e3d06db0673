// The options of CQL tables and views by the server's own names: which there are, and what each is
// when nobody sets it. Used by rendering (WITH …) and by the inspector, which leaves out what is at
// its default; knows nothing of what an option does.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "database/dialect.hpp"

namespace sterna::cql {

/// The names of all options that tables of this server have.
std::vector<std::string> table_options(const ServerInfo& server);

/// What an option is when it is not set, as CQL writes it. `all`: the table's options, because the
/// default of one may follow from another (bloom filters of levelled compaction). Empty when there
/// is no such option, or when its default is not known.
std::string default_of(std::string_view option, const std::map<std::string, std::string>& all,
                       const ServerInfo& server);

/// `key = value AND …` without WITH, in the order of the names. @throws Error(validation) for a
/// name that the server does not have, with "did you mean".
std::vector<std::string> option_clauses(const std::string& object,
                                        const std::map<std::string, std::string>& options,
                                        const ServerInfo& server);

/// `{'class': 'x', 'n': '1'}` from its entries, sorted by key: the form in which values are
/// compared.
std::string map_text(const std::map<std::string, std::string>& entries);
/// The same for a map that a person wrote, in any order and spacing; other values as they are.
std::string canonical_value(std::string_view value);

}  // namespace sterna::cql
