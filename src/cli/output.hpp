// Results on stdout, everything else on stderr; colours only where a person reads them. Texts are
// masked before they are written.
#pragma once

#include <sterna/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sterna {
struct Problem;
}

namespace sterna::cli {

enum class Tone { plain, good, warning, bad, dim, strong };

/// Decides about colours: --no-color, NO_COLOR (if not empty), CLICOLOR_FORCE, TERM=dumb, and
/// whether the stream is a terminal.
void set_colours(bool forbidden);
std::string toned(std::string_view text, Tone tone, bool to_stderr = false);

/// STERNA_LOG=json: standard error holds JSON lines and nothing else.
bool log_is_json();
/// @throws Error(config) for a value of STERNA_LOG that is none.
void check_log_format();
/// The present time by RFC 3339.
std::string log_time();

void print(std::string_view text);     ///< stdout, as it is
void say(std::string_view text);       ///< stderr, one line; with STERNA_LOG=json a "message" event
void say_line(std::string_view text);  ///< stderr, one line as it is
void tell(const Error& error);         ///< stderr, explained; with STERNA_LOG=json an "error" event

/// Columns padded to their widest cell. The first row is the heading.
std::string table(const std::vector<std::vector<std::string>>& rows);

/// What validation found, on stdout.
void print_problems(const std::vector<Problem>& problems);

/// The whole of an error for a person: what, where, statement, detail, state, suggestions.
std::string explain(const Error& error);
/// The same as JSON, one object.
std::string explain_json(const Error& error);
int exit_code(ErrorKind kind);

bool stdin_is_terminal();
bool stderr_is_terminal();
/// Asks on the terminal; true when the answer is `expected` (or y/yes when that is empty). False
/// without a terminal.
bool ask(std::string_view question, std::string_view expected = {});

}  // namespace sterna::cli
