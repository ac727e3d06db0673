// The JSON documents that the API answers with. Used by the routes; docs/designer-api.yaml
// describes the same.
#pragma once

#include "designer/preview.hpp"
#include "designer/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna::designer {

/// {"fingerprint", "model", "type_texts", "field_texts"}: the texts are by table (type) and column
/// (field).
std::string state_json(DesignProject& project, const DesignState& state);
std::string model_members(DesignProject& project, const model::Model& model);
/// The connection, its database and what it can do.
/// `base`: what lies under the drawing.
std::string project_json(DesignProject& project, bool allow_apply, const std::string& base);
std::string preview_json(const Preview& preview);
/// Two states and what lies between them.
std::string comparison_json(DesignProject& project, const std::string& from, const std::string& to);
std::string history_json(DesignProject& project);

}  // namespace sterna::designer
