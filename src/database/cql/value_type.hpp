// The type of a value on the wire: what the server says of each column, and of each place of a
// prepared statement. Made by the codec of frames, used by that of values.
#pragma once

#include "database/cql/bytes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna::cql {

/// Option ids of the protocol (section 6, "data type serialization formats"); those above 0xFF have
/// none there and come under the name of their class.
enum class Kind {
  custom = 0x00,
  ascii = 0x01,
  bigint = 0x02,
  blob = 0x03,
  boolean = 0x04,
  counter = 0x05,
  decimal = 0x06,
  double_ = 0x07,
  float_ = 0x08,
  int_ = 0x09,
  timestamp = 0x0B,
  uuid = 0x0C,
  text = 0x0D,
  varint = 0x0E,
  timeuuid = 0x0F,
  inet = 0x10,
  date = 0x11,
  time = 0x12,
  smallint = 0x13,
  tinyint = 0x14,
  duration = 0x15,
  list = 0x20,
  map = 0x21,
  set = 0x22,
  user_type = 0x30,
  tuple = 0x31,
  vector = 0x100,
};

struct ValueType {
  Kind kind = Kind::blob;
  std::vector<ValueType> parts;     ///< element, key and value, fields
  std::vector<std::string> fields;  ///< names, of a user type
  std::size_t dimension = 0;        ///< of a vector
  std::string name;                 ///< class of a custom type
  bool operator==(const ValueType&) const = default;
};

/// @throws as malformed() for an unknown id or types nested without end.
ValueType read_type(ByteReader& reader, int depth = 0);
/// "org.apache.cassandra.db.marshal.VectorType(org…FloatType , 3)": custom when it is not known.
ValueType type_of_class(std::string_view name);
/// "list<int>", for messages.
std::string to_string(const ValueType& type);

}  // namespace sterna::cql
