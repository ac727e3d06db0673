#include "database/cql/url_options.hpp"

#include "base/text.hpp"

#include <functional>

namespace sterna::cql {
namespace {

using std::chrono::milliseconds;

[[noreturn]] void refuse(const std::string& key, const std::string& value,
                         const std::string& words) {
  throw Error(ErrorKind::config, key + "=" + value + " is not known").suggest(key + " is " + words);
}

milliseconds duration_of(const std::string& key, const std::string& value) {
  try {
    const double seconds = parse_duration(value);
    if (seconds > 0) return milliseconds(static_cast<std::int64_t>(seconds * 1000));
  } catch (const Error&) {  // the message that follows names the parameter
  }
  refuse(key, value, "a time above zero, as 500ms or 30s");
}

TlsOptions::Mode tls_mode(const std::string& value) {
  const std::string mode = to_lower(value);
  if (mode == "disabled") return TlsOptions::Mode::disabled;
  if (mode == "required") return TlsOptions::Mode::required;
  if (mode == "verify_ca") return TlsOptions::Mode::verify_ca;
  if (mode == "verify_identity") return TlsOptions::Mode::verify_identity;
  refuse("tls", value, "disabled, required, verify_ca or verify_identity");
}

Consistency serial_of(const std::string& value) {
  const Consistency consistency = consistency_named(value);
  if (consistency == Consistency::serial || consistency == Consistency::local_serial)
    return consistency;
  refuse("serial", value, "serial or local_serial");
}

using Setter = std::function<void(UrlOptions&, const std::string&)>;

const std::map<std::string, Setter, std::less<>>& setters() {
  static const std::map<std::string, Setter, std::less<>> all{
      {"dc", [](UrlOptions& o, const std::string& v) { o.data_center = v; }},
      {"consistency",
       [](UrlOptions& o, const std::string& v) { o.consistency = consistency_named(v); }},
      {"serial", [](UrlOptions& o, const std::string& v) { o.serial = serial_of(v); }},
      {"tls", [](UrlOptions& o, const std::string& v) { o.tls.mode = tls_mode(v); }},
      {"ssl-ca", [](UrlOptions& o, const std::string& v) { o.tls.authority = v; }},
      {"ssl-cert", [](UrlOptions& o, const std::string& v) { o.tls.certificate = v; }},
      {"ssl-key", [](UrlOptions& o, const std::string& v) { o.tls.key = v; }},
      {"compression",
       [](UrlOptions& o, const std::string& v) {
         if (v != "lz4" && v != "none") refuse("compression", v, "lz4 or none");
         o.compression = v == "lz4";
       }},
      {"request-timeout",
       [](UrlOptions& o, const std::string& v) {
         o.request_timeout = duration_of("request-timeout", v);
       }},
      {"agreement",
       [](UrlOptions& o, const std::string& v) {
         if (v != "all" && v != "live") refuse("agreement", v, "all or live");
         o.agreement = v == "all" ? AgreementPolicy::all : AgreementPolicy::live;
       }},
      {"agreement-timeout",
       [](UrlOptions& o, const std::string& v) {
         o.agreement_timeout = duration_of("agreement-timeout", v);
       }},
      {"moving-nodes",
       [](UrlOptions& o, const std::string& v) {
         if (v != "refuse" && v != "allow") refuse("moving-nodes", v, "refuse or allow");
         o.moving_nodes = v == "allow";
       }},
      {"lease",
       [](UrlOptions& o, const std::string& v) {
         o.lease = duration_of("lease", v);
         constexpr milliseconds least{2000};  // a TTL counts whole seconds
         if (o.lease < least) refuse("lease", v, "2s or more");
       }},
  };
  return all;
}

}  // namespace

UrlOptions read_options(const Url& url) {
  UrlOptions options;
  // Certificates alone say that TLS is meant.
  if (!url.parameter("ssl-ca").empty() || !url.parameter("ssl-cert").empty())
    options.tls.mode = TlsOptions::Mode::verify_identity;
  for (const auto& [key, value] : url.parameters) {
    const auto setter = setters().find(key);
    if (setter == setters().end()) {
      std::vector<std::string> known;
      for (const auto& [name, unused] : setters()) known.push_back(name);
      Error error(ErrorKind::config, "the parameter '" + key + "' of the URL is not known");
      for (const std::string& near : near_misses(key, known, 1))
        error.suggest("did you mean " + near + "?");
      throw error.suggest("there are " + join(known, ", "));
    }
    setter->second(options, value);
  }
  if (options.tls.certificate.empty() != options.tls.key.empty())
    throw Error(ErrorKind::config, "ssl-cert and ssl-key go together, and one is missing");
  return options;
}

std::string to_string(const Url::Host& host) {
  const bool six = host.name.find(':') != std::string::npos;
  return (six ? "[" + host.name + "]" : host.name) + ":" +
         std::to_string(host.port == 0 ? default_port : host.port);
}

}  // namespace sterna::cql
