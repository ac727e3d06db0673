// Precompiled header of the command: the heavy third-party headers are read once.
#pragma once
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../pch.hpp"
