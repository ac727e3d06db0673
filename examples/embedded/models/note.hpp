#pragma once

#include <sterna/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>

enum class Weight { light, heavy };

struct Note {
  std::int64_t id = 0;
  std::string text;
  Weight weight = Weight::light;
  std::optional<std::int64_t> answer_to;
};

template <>
inline constexpr auto sterna::enumeration<Weight> = sterna::enum_type<Weight>(
    "weight", sterna::value(Weight::light, "light"), sterna::value(Weight::heavy, "heavy"));

template <>
inline constexpr auto sterna::entity<Note> = sterna::table<Note>(
    "model_notes", sterna::column<&Note::id>("id").primary(),
    sterna::column<&Note::text>("text").length(200),
    sterna::column<&Note::weight>("weight").default_to(Weight::light),
    sterna::column<&Note::answer_to>("answer_to").references<&Note::id>(sterna::Cascade),
    sterna::index<&Note::weight, &Note::text>());
