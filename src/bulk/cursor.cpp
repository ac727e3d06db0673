#include "bulk/cursor.hpp"

#include <nlohmann/json.hpp>

namespace sterna::bulk {

std::string write_cursor(const Cursor& cursor) {
  nlohmann::json json{{"end", cursor.end},
                      {"pass", cursor.pass},
                      {"rows", cursor.rows},
                      {"batches", cursor.batches},
                      {"left", cursor.left}};
  if (!cursor.phase.empty()) json["phase"] = cursor.phase, json["note"] = cursor.note;
  if (cursor.at) json["at"] = *cursor.at;
  // Literals may hold any bytes that the server takes.
  return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::strict);
}

Cursor read_cursor(std::string_view text) {
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    Cursor cursor;
    cursor.end = json.at("end").get<Place>();
    cursor.pass = json.at("pass").get<int>();
    cursor.rows = json.at("rows").get<std::int64_t>();
    cursor.batches = json.at("batches").get<std::int64_t>();
    cursor.left = json.at("left").get<std::int64_t>();
    cursor.phase = json.value("phase", "");
    cursor.note = json.value("note", "");
    if (json.contains("at")) cursor.at = json.at("at").get<Place>();
    return cursor;
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::validation, "the saved position of a backfill cannot be read")
        .with_detail(std::string(text))
        .suggest("it may have been written by a newer version of Sterna: update this one");
  }
}

}  // namespace sterna::bulk
