// Names by which Sterna knows what it made for a while. Used by what makes it and by doctor.
#pragma once

#include <string_view>

namespace sterna::cql {

/// A scratch keyspace of yesterday or before: left by a run that died.
bool is_orphaned_scratch(std::string_view keyspace);

/// Tables that hold the rows of one that is made anew begin with this.
inline constexpr std::string_view copy_prefix = "sterna_copy_of_";

}  // namespace sterna::cql
