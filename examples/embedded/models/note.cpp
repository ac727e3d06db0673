#include "note.hpp"

#include <sterna/model.hpp>

STERNA_MODEL(Note);
