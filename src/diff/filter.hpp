// Which objects of a schema are looked at: patterns that a person gives (--only, --without). What
// is left out is as if it were in neither schema: neither made nor changed nor dropped.
#pragma once

#include "model/model.hpp"

#include <string>
#include <vector>

namespace sterna {

/// A pattern is "[kind:]name" with `*` for any text and `?` for one character: "tmp_*" in any
/// schema, "app.*" all of a schema, "function:*" all of a kind, "view:app.recent_*". What belongs
/// to a table (triggers, policies, …) goes with it.
struct ObjectFilter {
  std::vector<std::string> only;     ///< empty: everything
  std::vector<std::string> without;  ///< wins over `only`
  bool empty() const noexcept { return only.empty() && without.empty(); }
};

/// @throws Error(validation) for a pattern without a name, or of a kind that there is not.
void check(const ObjectFilter& filter);

/// The model without what the filter leaves out.
model::Model filtered(model::Model model, const ObjectFilter& filter);

}  // namespace sterna
