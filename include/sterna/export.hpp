// Marks what the library exports. Everything without it is hidden.
#pragma once

#define STERNA_API __attribute__((visibility("default")))
