// The languages that Sterna reads.
#pragma once

namespace sterna {

/// `cpp` is known to the token hash alone.
enum class Language { postgres, mysql, sqlite, cql, cpp };

}  // namespace sterna
