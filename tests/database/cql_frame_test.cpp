// The codec of CQL's native protocol: what is written is read again, and whatever bytes come end in
// an answer or in an error.
#include "database/cql/compression.hpp"
#include "database/cql/frame.hpp"
#include "database/cql/url_options.hpp"
#include "database/cql/values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace sterna::cql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ValueType type(Kind kind) {
  ValueType result;
  result.kind = kind;
  return result;
}

ValueType nested(Kind kind, std::vector<ValueType> parts) {
  ValueType result = type(kind);
  result.parts = std::move(parts);
  return result;
}

std::string again(const ValueType& type, const Value& value) {
  const auto bytes = write_value(type, value, "c");
  if (!bytes) return "null";
  return detail::to_text(read_value(type, *bytes), {});
}

/// The body of a server's answer, by hand.
std::string answer(Opcode opcode, const std::string& body, std::uint8_t flags = 0,
                   std::int16_t stream = 0) {
  std::string bytes = frame(opcode, stream, body, flags);
  bytes[0] = static_cast<char>(0x84);
  return bytes;
}

Response read(const std::string& bytes) {
  const FrameHeader header = read_header(std::string_view(bytes).substr(0, header_size));
  return read_response(header, std::string_view(bytes).substr(header_size));
}

std::string error_of(const std::string& bytes) {
  try {
    read(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::connection);
    return error.what();
  }
  return "read";
}

std::string rows_body() {
  ByteWriter writer;
  writer.int_number(2);  // rows
  writer.int_number(1);  // one table for all columns
  writer.int_number(2);
  writer.string("ks");
  writer.string("t");
  writer.string("id");
  writer.short_number(static_cast<unsigned>(Kind::int_));
  writer.string("tags");
  writer.short_number(static_cast<unsigned>(Kind::set));
  writer.short_number(static_cast<unsigned>(Kind::text));
  writer.int_number(1);
  ByteWriter id, tags;
  id.int_number(7);
  tags.int_number(1);
  tags.bytes("a");
  writer.bytes(id.text());
  writer.bytes(tags.text());
  return writer.release();
}

TEST(CqlFrame, ReadsRowsWithTheirTypes) {
  const Response response = read(answer(Opcode::result, rows_body()));
  const auto& rows = std::get<RowsResult>(response.body);
  ASSERT_EQ(rows.columns.size(), 2U);
  EXPECT_EQ(rows.columns[0].name, "id");
  EXPECT_EQ(to_string(rows.columns[1].type), "set<text>");
  EXPECT_EQ(rows.row_count, 1U);
}

TEST(CqlFrame, ReadsWarningsBeforeTheBody) {
  ByteWriter body;
  body.string_list({"too many tombstones"});
  body.int_number(1);
  const Response response = read(answer(Opcode::result, body.text(), 0x08));
  EXPECT_THAT(response.warnings, ElementsAre("too many tombstones"));
  EXPECT_TRUE(std::holds_alternative<VoidResult>(response.body));
}

TEST(CqlFrame, ReadsWhatEachErrorAddsToItsMessage) {
  const auto server_error = [](std::int32_t code, const auto& add) {
    ByteWriter body;
    body.int_number(code);
    body.string("m");
    add(body);
    return std::get<ServerError>(read(answer(Opcode::error, body.text())).body);
  };
  const ServerError unavailable = server_error(0x1000, [](ByteWriter& body) {
    body.short_number(6);
    body.int_number(2);
    body.int_number(1);
  });
  EXPECT_EQ(unavailable.consistency, Consistency::local_quorum);
  EXPECT_EQ(unavailable.required, 2);
  EXPECT_EQ(unavailable.received, 1);
  const ServerError write = server_error(0x1100, [](ByteWriter& body) {
    body.short_number(8);
    body.int_number(1);
    body.int_number(2);
    body.string("CAS");
  });
  EXPECT_EQ(write.write_type, "CAS");
  EXPECT_EQ(write.required, 2);
  const ServerError exists = server_error(0x2400, [](ByteWriter& body) {
    body.string("ks");
    body.string("t");
  });
  EXPECT_EQ(exists.keyspace + "." + exists.object, "ks.t");
  EXPECT_EQ(server_error(0x2500, [](ByteWriter& body) { body.string("id"); }).prepared_id, "id");
}

TEST(CqlFrame, ReadsEventsOfNodesAndDefinitions) {
  ByteWriter body;
  body.string("STATUS_CHANGE");
  body.string("DOWN");
  body.byte(4);
  body.raw(std::string("\x7F\0\0\x03", 4));
  body.int_number(9042);
  const auto node = std::get<NodeEvent>(read(answer(Opcode::event, body.text(), 0, -1)).body);
  EXPECT_EQ(node.address, "127.0.0.3");
  EXPECT_EQ(node.port, 9042);
  ByteWriter change;
  for (const char* text : {"SCHEMA_CHANGE", "CREATED", "TABLE", "ks", "t"}) change.string(text);
  EXPECT_EQ(std::get<SchemaChange>(read(answer(Opcode::event, change.text())).body).object, "t");
}

TEST(CqlFrame, RefusesOtherProtocolsOpcodesAndLengths) {
  EXPECT_THAT(error_of("HTTP/1.1 400 Bad Request"), HasSubstr("does not speak"));
  std::string other = answer(Opcode::ready, "");
  other[0] = static_cast<char>(0x85);
  EXPECT_THAT(error_of(other), HasSubstr("version 5"));
  std::string opcode = answer(Opcode::ready, "");
  opcode[4] = 0x7E;
  EXPECT_THAT(error_of(opcode), HasSubstr("unknown opcode"));
  std::string length = answer(Opcode::ready, "");
  length[5] = static_cast<char>(0xFF);
  EXPECT_THAT(error_of(length), HasSubstr("bytes long"));
  EXPECT_THAT(error_of(answer(Opcode::query, "")), HasSubstr("opcode"));
}

TEST(CqlFrame, LyingLengthsInTheBodyAreErrors) {
  std::string body = rows_body();
  body.back() = 'b';
  EXPECT_EQ(error_of(answer(Opcode::result, body)), "read");
  ByteWriter many;  // rows of no columns, two thousand millions of them
  many.int_number(2);
  many.int_number(0);
  many.int_number(0);
  many.int_number(0x7FFFFFFF);
  EXPECT_THAT(error_of(answer(Opcode::result, many.text())), HasSubstr("without columns"));
  ByteWriter deep;  // list<list<list<…
  deep.int_number(2);
  deep.int_number(1);
  deep.int_number(1);
  for (const char* name : {"ks", "t", "c"}) deep.string(name);
  for (int i = 0; i < 5000; ++i) deep.short_number(static_cast<unsigned>(Kind::list));
  EXPECT_THAT(error_of(answer(Opcode::result, deep.text())), HasSubstr("nested"));
}

/// All answers of the tests, cut at every byte and changed at random: never a crash, and never
/// anything but an answer or Error(connection).
TEST(CqlFrame, NoBytesAtAllDoHarm) {
  std::vector<std::string> answers{answer(Opcode::result, rows_body())};
  ByteWriter supported;
  supported.short_number(1);
  supported.string("COMPRESSION");
  supported.string_list({"lz4", "snappy"});
  answers.push_back(answer(Opcode::supported, supported.text()));
  ByteWriter prepared;
  prepared.int_number(4);
  prepared.string("id");
  prepared.int_number(1);
  prepared.int_number(1);
  prepared.int_number(1);
  prepared.short_number(0);
  for (const char* name : {"ks", "t", "c"}) prepared.string(name);
  prepared.short_number(static_cast<unsigned>(Kind::custom));
  prepared.string(
      "org.apache.cassandra.db.marshal.VectorType(org.apache.cassandra.db.marshal.FloatType , 3)");
  prepared.int_number(0);
  answers.push_back(answer(Opcode::result, prepared.text()));
  ByteWriter error;
  error.int_number(0x1500);
  error.string("m");
  error.short_number(8);
  for (const int number : {1, 2, 3}) error.int_number(number);
  error.string("CAS");
  answers.push_back(answer(Opcode::error, error.text()));
  std::mt19937 random(42);
  int refused = 0;
  const auto digest = [&](const std::string& bytes) {
    try {
      const Response response = read(bytes);
      if (const auto* rows = std::get_if<RowsResult>(&response.body)) {
        ByteReader reader(rows->cells);
        for (std::size_t i = 0; i < rows->row_count; ++i) {
          for (const ColumnInfo& column : rows->columns) read_value(column.type, reader.bytes());
        }
      }
    } catch (const Error& failure) {
      ASSERT_EQ(failure.kind(), ErrorKind::connection) << failure.what();
      ++refused;
    }
  };
  for (const std::string& whole : answers) {
    for (std::size_t size = 0; size < whole.size(); ++size) digest(whole.substr(0, size));
    for (int i = 0; i < 20000; ++i) {
      std::string changed = whole;
      for (unsigned n = 1 + random() % 4; n > 0; --n)
        changed[random() % changed.size()] = static_cast<char>(random());
      digest(changed);
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(CqlCompression, RestoresWhatItMade) {
  if (!has_lz4()) GTEST_SKIP() << "liblz4 is not installed";
  const std::string text(100000, 'a');
  const std::string bytes = lz4_compressed(text);
  EXPECT_LT(bytes.size(), 1000U);
  EXPECT_EQ(lz4_restored(bytes), text);
  EXPECT_THROW(lz4_restored(bytes.substr(0, bytes.size() - 1)), Error);
  EXPECT_THROW(lz4_restored(std::string("\x3F\xFF\xFF\xFFx", 5)), Error);
}

TEST(CqlValue, EveryTypeReadsWhatWasWritten) {
  EXPECT_EQ(again(type(Kind::int_), -5), "-5");
  EXPECT_EQ(again(type(Kind::tinyint), -128), "-128");
  EXPECT_EQ(again(type(Kind::bigint), INT64_MIN), std::to_string(INT64_MIN));
  EXPECT_EQ(again(type(Kind::float_), 1.1), "1.1");
  EXPECT_EQ(again(type(Kind::double_), "1e300"), "1e+300");
  EXPECT_EQ(again(type(Kind::boolean), true), "true");
  EXPECT_EQ(again(type(Kind::text), "it's"), "it's");
  EXPECT_EQ(again(type(Kind::uuid), "550e8400-e29b-41d4-a716-446655440000"),
            "550e8400-e29b-41d4-a716-446655440000");
  EXPECT_EQ(again(type(Kind::timestamp), "2026-01-15T14:30:22.5Z"), "2026-01-15 14:30:22.500000");
  EXPECT_EQ(again(type(Kind::timestamp), "1969-12-31 23:59:59"), "1969-12-31 23:59:59.000000");
  EXPECT_EQ(again(type(Kind::date), "1969-12-31"), "1969-12-31");
  EXPECT_EQ(again(type(Kind::time), "14:30:22.000000001"), "14:30:22.000000001");
  EXPECT_EQ(again(type(Kind::duration), "-1y2mo3d4h5m6s7ms8us9ns"), "-1y2mo3d4h5m6s7ms8us9ns");
  EXPECT_EQ(again(type(Kind::inet), "::1"), "::1");
  EXPECT_EQ(again(type(Kind::inet), "10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(again(type(Kind::blob), Blob{std::string("\0\xFF", 2)}), std::string("\0\xFF", 2));
}

TEST(CqlValue, NumbersOfAnyLengthKeepTheirDigits) {
  for (const char* text :
       {"0", "1", "-1", "127", "128", "-128", "-129", "255", "-256", "32768",
        "170141183460469231731687303715884105727", "-170141183460469231731687303715884105728",
        "1000000000000000000000000000000000000000000000000000000000000000000000000000001"}) {
    EXPECT_EQ(again(type(Kind::varint), text), text);
    EXPECT_EQ(again(type(Kind::decimal), text), text);
  }
  EXPECT_EQ(again(type(Kind::decimal), "-0.050"), "-0.050");
  EXPECT_EQ(again(type(Kind::decimal), "12.5e3"), "12500");
  EXPECT_EQ(again(type(Kind::decimal), "1e-400"), "1E-400");
  EXPECT_EQ(again(type(Kind::decimal), 2.5), "2.5");
}

TEST(CqlValue, CollectionsAreLiteralsThatCanBeBoundAgain) {
  const ValueType tags = nested(Kind::set, {type(Kind::text)});
  EXPECT_EQ(again(tags, "{'a', 'it''s, really'}"), "{'a', 'it''s, really'}");
  const ValueType times =
      nested(Kind::map, {type(Kind::time), nested(Kind::list, {type(Kind::int_)})});
  EXPECT_EQ(again(times, "{'10:00:00': [1, 2], '11:00:00.5': []}"),
            "{'10:00:00.000000000': [1, 2], '11:00:00.500000000': []}");
  const ValueType pair = nested(Kind::tuple, {type(Kind::int_), type(Kind::text)});
  EXPECT_EQ(again(pair, "(1, null)"), "(1, null)");
  ValueType address = nested(Kind::user_type, {type(Kind::text), type(Kind::blob)});
  address.fields = {"street", "photo"};
  EXPECT_EQ(again(address, "{photo: 0x00ff, street: 'A'}"), "{street: 'A', photo: 0x00ff}");
  const ValueType vector = type_of_class(
      "org.apache.cassandra.db.marshal.VectorType(org.apache.cassandra.db.marshal.FloatType , 3)");
  EXPECT_EQ(to_string(vector), "vector<float, 3>");
  EXPECT_EQ(again(vector, "[1, 2.5, -3]"), "[1, 2.5, -3]");
}

TEST(CqlValue, WhatDoesNotFitIsRefusedWithTheColumn) {
  const auto refusal = [](const ValueType& wanted, const Value& value) {
    try {
      write_value(wanted, value, "age");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      return std::string(error.what());
    }
    return std::string("taken");
  };
  EXPECT_EQ(refusal(type(Kind::tinyint), 200), "'200' is no tinyint, the type of age");
  EXPECT_THAT(refusal(type(Kind::int_), "x"), HasSubstr("is no int"));
  EXPECT_THAT(refusal(type(Kind::int_), 1.5), HasSubstr("is no int"));
  EXPECT_THAT(refusal(type(Kind::uuid), "550e8400"), HasSubstr("is no uuid"));
  EXPECT_THAT(refusal(nested(Kind::list, {type(Kind::int_)}), "[1, 2"), HasSubstr("list<int>"));
  EXPECT_THAT(refusal(nested(Kind::list, {type(Kind::int_)}), "[1] 2"), HasSubstr("list<int>"));
  EXPECT_THAT(refusal(type(Kind::duration), "5parsecs"), HasSubstr("duration"));
  EXPECT_THAT(refusal(type(Kind::text), Blob{"x"}), HasSubstr("binary"));
}

TEST(CqlUrl, ReadsHostsAndSettings) {
  const Url url = parse_url(
      "cassandra://ann:pw@a,b:9043/app?dc=dc1&consistency=QUORUM&tls=verify_ca&lease=10s");
  ASSERT_EQ(url.hosts.size(), 2U);
  EXPECT_EQ(to_string(url.hosts[0]) + " " + to_string(url.hosts[1]), "a:9042 b:9043");
  const UrlOptions options = read_options(url);
  EXPECT_EQ(options.data_center, "dc1");
  EXPECT_EQ(options.consistency, Consistency::quorum);
  EXPECT_EQ(options.tls.mode, TlsOptions::Mode::verify_ca);
  EXPECT_EQ(options.lease, std::chrono::seconds(10));
}

TEST(CqlUrl, NamesWhatItDoesNotKnow) {
  const auto refusal = [](const std::string& parameters) {
    try {
      read_options(parse_url("cassandra://h/k?" + parameters));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::config);
      std::string text = error.what();
      for (const std::string& suggestion : error.suggestions()) text += "\n" + suggestion;
      return text;
    }
    return std::string("taken");
  };
  EXPECT_THAT(refusal("consistancy=one"), HasSubstr("did you mean consistency?"));
  EXPECT_THAT(refusal("consistency=most"), HasSubstr("local_quorum"));
  EXPECT_THAT(refusal("serial=quorum"), HasSubstr("local_serial"));
  EXPECT_THAT(refusal("agreement-timeout=0"), HasSubstr("above zero"));
  EXPECT_THAT(refusal("ssl-cert=/x"), HasSubstr("ssl-key"));
  EXPECT_THAT(refusal("lease=1s"), HasSubstr("2s"));
}

}  // namespace
}  // namespace sterna::cql
