// Precompiled header of the tests.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../src/pch.hpp"
