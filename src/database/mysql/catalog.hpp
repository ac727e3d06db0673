// Conditions that the questions to information_schema share.
#pragma once

#include <string_view>

namespace sterna::mysql {

/// Behind a schema's column: it is the one of the parameter, or the session's own where that is
/// empty. A value and a literal may have collations of their own (MySQL 8.0), which do not compare.
inline constexpr std::string_view in_schema =
    " = COALESCE(NULLIF(?, _utf8mb4'' COLLATE utf8mb4_bin), DATABASE())";

}  // namespace sterna::mysql
