// Everything of Sterna's public API, for programs that do not mind reading all of it.
#pragma once

#include <sterna/database.hpp>
#include <sterna/entity.hpp>
#include <sterna/error.hpp>
#include <sterna/event.hpp>
#include <sterna/health.hpp>
#include <sterna/migration.hpp>
#include <sterna/runner.hpp>
#include <sterna/schema.hpp>
#include <sterna/value.hpp>
