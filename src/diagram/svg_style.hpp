// Colours, fonts and the ends of lines in an SVG drawing. Used by svg.cpp alone.
#pragma once

#include "diagram/svg.hpp"

#include <string>

namespace sterna::diagram {

/// The elements <style> and <defs>.
std::string svg_style(SvgTheme theme);

}  // namespace sterna::diagram
