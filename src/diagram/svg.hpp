// A schema as a drawing: an SVG file that holds everything it needs, laid out by itself. Used by
// `schema inspect --format svg` and the designer's export; no script, no font, no network in it.
#pragma once

#include "diagram/facts.hpp"
#include "diagram/layout.hpp"

#include <map>
#include <string>

namespace sterna::diagram {

enum class SvgTheme {
  automatic,  ///< light or dark, as the reader's system wishes; the print theme on paper
  light,
  dark,
  print,  ///< black on white
};

struct SvgOptions {
  SvgTheme theme = SvgTheme::automatic;
  /// Top left corners of the tables that a person has placed.
  std::map<model::Name, LayoutPoint> placed;
  std::string title = "Database schema";
};

/// Tables as cards with marks of keys (PK, FK, UK; K and C of CQL), types and "null"; lines from
/// the foreign key's column to the column it refers to, with crow's-foot ends; enums as cards too.
std::string to_svg(const model::Model& model, const TypeSpelling& type,
                   const SvgOptions& options = {});

}  // namespace sterna::diagram
