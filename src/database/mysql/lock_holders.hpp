// Who holds what a statement waited for in vain. Used by explain alone.
#pragma once

#include "database/mysql/questions.hpp"

namespace sterna::mysql {

/// Adds the sessions that hold, or may hold, the lock, as far as rights and server tell.
void explain_lock(Error& error, Questions& questions);

}  // namespace sterna::mysql
