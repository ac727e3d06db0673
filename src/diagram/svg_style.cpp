#include "diagram/svg_style.hpp"

#include <fmt/format.h>

namespace sterna::diagram {
namespace {

struct Colours {
  const char *paper, *card, *border, *head, *name, *column, *mark, *type, *line;
};

// Every text has at least 4.5 : 1 against what it stands on (WCAG 2.1, 1.4.3).
constexpr Colours light{"#f6f8fa", "#ffffff", "#8895a5", "#dfe7f1", "#14233a",
                        "#1b2633", "#8a4b00", "#55616f", "#4a6079"};
constexpr Colours dark{"#12171d", "#1c232c", "#5d6b7b", "#2a3645", "#eef3f9",
                       "#dbe3ec", "#f0b35c", "#a3b0be", "#8fa6c0"};
constexpr Colours print{"#ffffff", "#ffffff", "#000000", "#ffffff", "#000000",
                        "#000000", "#000000", "#333333", "#000000"};

// Plain classes, not custom properties: several programs that print SVG know no var().
std::string rules(const Colours& c) {
  return fmt::format(
      ".paper{{fill:{}}}.card{{fill:{};stroke:{}}}.head{{fill:{};stroke:{}}}.name{{fill:{}}}"
      ".column{{fill:{}}}.mark{{fill:{}}}.type,.null{{fill:{}}}.line,.end{{stroke:{}}}"
      ".ring{{fill:{}}}",
      c.paper, c.card, c.border, c.head, c.border, c.name, c.column, c.mark, c.type, c.line,
      c.paper);
}

const Colours& colours_of(SvgTheme theme) {
  switch (theme) {
    case SvgTheme::dark:
      return dark;
    case SvgTheme::print:
      return print;
    case SvgTheme::automatic:
    case SvgTheme::light:
      break;
  }
  return light;
}

constexpr const char* shapes =
    "text{font:12px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;white-space:pre}"
    ".name{font-weight:bold;font-size:13px}.key{font-weight:bold}"
    ".mark{font-size:11px;font-weight:bold}.null{font-style:italic}"
    ".line,.end{fill:none;stroke-width:1.3}.line{stroke-linejoin:round}"
    ".enum .card,.enum .head{stroke-dasharray:4 3}";

// Lines begin and end at the card's side: the shapes lie outside it, along the line.
constexpr const char* ends =
    "<defs>\n"
    "<marker id=\"many\" viewBox=\"0 0 24 16\" refX=\"0\" refY=\"8\" markerWidth=\"24\" "
    "markerHeight=\"16\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"end\" "
    "d=\"M0 2L12 8L0 14\"/><circle class=\"end ring\" cx=\"16\" cy=\"8\" r=\"4\"/></marker>\n"
    "<marker id=\"zero-or-one\" viewBox=\"0 0 24 16\" refX=\"0\" refY=\"8\" markerWidth=\"24\" "
    "markerHeight=\"16\" markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path "
    "class=\"end\" d=\"M7 3V13\"/><circle class=\"end ring\" cx=\"16\" cy=\"8\" "
    "r=\"4\"/></marker>\n"
    "<marker id=\"one\" viewBox=\"0 0 24 16\" refX=\"0\" refY=\"8\" markerWidth=\"24\" "
    "markerHeight=\"16\" markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path "
    "class=\"end\" d=\"M7 3V13M12 3V13\"/></marker>\n"
    "</defs>\n";

}  // namespace

std::string svg_style(SvgTheme theme) {
  std::string style = std::string(shapes) + rules(colours_of(theme));
  if (theme == SvgTheme::automatic) {
    style += "@media (prefers-color-scheme:dark){" + rules(dark) + "}";
    style += "@media print{" + rules(print) + "}";
  }
  return "<style>" + style + "</style>\n" + ends;
}

}  // namespace sterna::diagram
