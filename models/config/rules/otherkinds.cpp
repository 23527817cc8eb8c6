#include "models/config/gotypes.h"
#include "models/config/embedded.h"
#include "models/config/rules/rules.h"
#include "models/config/templates/celsyntax.h"
#include "models/config/configtext.h"

#include <array>
#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

using Version = CheckOptions::Version;

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    return Config::text(a).compare(Config::text(b), Qt::CaseInsensitive) == 0;
}

// Blackbox exporter

void checkModule(const StructView& view, Checker& checker)
{
    static const std::set<std::string, std::less<>> probers {"http", "tcp", "icmp", "dns", "grpc", "unix", "websocket"};
    const std::string prober = view.string("prober");
    if (!probers.contains(prober))
        checker.error("blackbox/prober", u"prober '%1' is not valid"_s.arg(Config::text(prober)), view.spanOf("prober"),
                      u"one of http, tcp, icmp, dns, grpc, unix, websocket"_s);
}

/// Whether an Accept-Encoding header takes the encoding: its own entry decides, else "*", as the exporter reads it.
bool acceptsEncoding(std::string_view header, std::string_view encoding)
{
    std::optional<double> own;
    std::optional<double> any;
    for (const QString& entry : Config::text(header).split(u',')) {
        const QStringList parts = entry.split(u';');
        double quality = 1;
        for (const QString& part : parts.mid(1)) {
            if (part.trimmed().startsWith(u"q="))
                quality = part.trimmed().mid(2).toDouble();
        }
        const std::string name = parts.first().trimmed().toStdString();
        if (equalsIgnoringCase(name, encoding))
            own = quality;
        else if (name == "*")
            any = quality;
    }
    return own.value_or(any.value_or(0)) > 0;
}

void checkCompression(const StructView& view, Checker& checker)
{
    const std::string compression = view.string("compression");
    const FoundValue* headers = view.find("headers");
    if (compression.empty() || !headers)
        return;
    for (const YamlEntry& entry : MapEntries(*headers->node, view.dialect)) {
        if (!equalsIgnoringCase(entry.key->value, "Accept-Encoding") || !entry.value->isScalar()
            || acceptsEncoding(entry.value->value, compression))
            continue;
        checker.error("blackbox/compression",
                      u"invalid configuration \"%1: %2\", \"compression: %3\""_s.arg(
                          Config::text(entry.key->value), Config::text(entry.value->value), Config::text(compression)),
                      entry.valueSpan, u"accept the encoding that compression expects"_s);
    }
}

void checkHttpProbe(const StructView& view, Checker& checker)
{
    if (!view.string("body").empty() && !view.string("body_file").empty())
        checker.error("blackbox/body", u"setting body and body_file both are not allowed"_s, view.keySpan("body_file"),
                      u"keep one of them"_s);
    checkCompression(view, checker);
    const bool http3 = view.boolean("enable_http3");
    const auto versions = view.listAt("valid_http_versions");
    for (const FoundValue& version : versions) {
        const bool isThree = version.node->value == "HTTP/3.0";
        if (isThree && !http3)
            checker.error("blackbox/http-version", u"HTTP/3 cannot be used as a valid HTTP version when enable_http3 is false"_s,
                          version.span, u"set enable_http3: true"_s);
        if (!isThree && http3)
            checker.error("blackbox/http-version",
                          u"HTTP/3 and HTTP/2.0/1.1 cannot be used together - only HTTP/3.0 is allowed when enable_http3 is true"_s,
                          version.span);
    }
    if (http3 && view.boolean("enable_http2", true))
        checker.error("blackbox/http-version", u"when enable_http3 is true, enable_http2 must be set to false"_s,
                      view.keySpan("enable_http3"), u"set enable_http2: false"_s);
}

bool isDnsClass(const std::string& name)
{
    static const std::set<std::string, std::less<>> names {"IN", "CS", "CH", "HS", "NONE", "ANY"};
    return names.contains(name);
}

bool isDnsType(const std::string& name)
{
    static const std::set<std::string, std::less<>> names {
        "None", "A", "NS", "MD", "MF", "CNAME", "SOA", "MB", "MG", "MR", "NULL", "PTR", "HINFO", "MINFO", "MX", "TXT", "RP",
        "AFSDB", "X25", "ISDN", "RT", "NSAP-PTR", "SIG", "KEY", "PX", "GPOS", "AAAA", "LOC", "NXT", "EID", "NIMLOC", "SRV",
        "ATMA", "NAPTR", "KX", "CERT", "DNAME", "OPT", "APL", "DS", "SSHFP", "IPSECKEY", "RRSIG", "NSEC", "DNSKEY", "DHCID",
        "NSEC3", "NSEC3PARAM", "TLSA", "SMIMEA", "HIP", "NINFO", "RKEY", "TALINK", "CDS", "CDNSKEY", "OPENPGPKEY", "CSYNC",
        "ZONEMD", "SVCB", "HTTPS", "SPF", "UINFO", "UID", "GID", "UNSPEC", "NID", "L32", "L64", "LP", "EUI48", "EUI64", "NXNAME",
        "URI", "CAA", "AVC", "AMTRELAY", "RESINFO", "TKEY", "TSIG", "IXFR", "AXFR", "MAILB", "MAILA", "ANY", "TA", "DLV", "Reserved"};
    return names.contains(name);
}

void checkDnsProbe(const StructView& view, Checker& checker)
{
    if (view.string("query_name").empty())
        checker.error("blackbox/dns", u"query name must be set for DNS module"_s, view.keySpan("query_name"), u"add query_name"_s);
    const std::string queryClass = view.string("query_class");
    if (!queryClass.empty() && !isDnsClass(queryClass))
        checker.error("blackbox/dns", u"query class '%1' is not valid"_s.arg(Config::text(queryClass)), view.spanOf("query_class"));
    const std::string type = view.string("query_type");
    if (!type.empty() && !isDnsType(type))
        checker.error("blackbox/dns", u"query type '%1' is not valid"_s.arg(Config::text(type)), view.spanOf("query_type"));
}

void checkIcmpProbe(const StructView& view, Checker& checker)
{
    const std::int64_t ttl = view.integer("ttl").value_or(64);
    if (ttl < 0)
        checker.error("blackbox/icmp", u"\"ttl\" cannot be negative"_s, view.spanOf("ttl"));
    if (ttl > 255)
        checker.error("blackbox/icmp", u"\"ttl\" cannot exceed 255"_s, view.spanOf("ttl"));
}

void checkQueryResponse(const StructView& view, Checker& checker)
{
    if (!view.string("expect").empty() && !view.string("expect_bytes").empty())
        checker.error("blackbox/query-response", u"expect and expect_bytes are mutually exclusive"_s, view.keySpan("expect_bytes"));
}

void checkHeaderMatch(const StructView& view, Checker& checker)
{
    if (view.string("header").empty())
        checker.error("blackbox/header", u"header name must be set for HTTP header matchers"_s, view.keySpan("header"), u"add header"_s);
    if (!view.has("regexp"))
        checker.error("blackbox/header", u"regexp must be set for HTTP header matchers"_s, view.keySpan("regexp"), u"add regexp"_s);
}

/// Brackets and quotes must balance; CEL itself is the exporter's business.
void checkCel(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    if (!node.isScalar()) {
        checker.wrongType(node, span, u"string"_s);
        return;
    }
    if (const auto problem = celProblem(node.value))
        checker.error("blackbox/cel", u"\"Could not compile CEL program\" expression=%1: %2"_s.arg(quoted(node.value), Config::text(problem->message)),
                      spanInScalar(checker.document(), node, problem->offset, problem->offset + 1));
}

// Web configuration

/// bcrypt.Cost(): version, cost and length are all it looks at.
QString bcryptProblem(std::string_view hash)
{
    if (hash.size() < 59)
        return u"crypto/bcrypt: hashedSecret too short to be a bcrypted password"_s;
    if (hash[0] != '$')
        return u"crypto/bcrypt: bcrypt hashes must start with '$', but hashedSecret started with '%1'"_s.arg(QLatin1Char(hash[0]));
    if (hash[1] > '2')
        return u"crypto/bcrypt: bcrypt algorithm version '%1' requested is newer than current version '2'"_s.arg(QLatin1Char(hash[1]));
    const std::size_t costAt = hash[2] == '$' ? 3 : 4;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!digit(hash[costAt]) || !digit(hash[costAt + 1]))
        return u"crypto/bcrypt: the cost is not a number"_s;
    const int cost = (hash[costAt] - '0') * 10 + hash[costAt + 1] - '0';
    if (cost < 4 || cost > 31)
        return u"crypto/bcrypt: cost %1 is outside allowed range (4,31)"_s.arg(cost);
    return {};
}

void checkHttp2Cipher(const StructView& view, Checker& checker)
{
    // Debian's exporter-toolkit does not look; Go's HTTP/2 server refuses to start without one of the two.
    const StructView tls = view.structAt("tls_server_config");
    const auto ciphers = tls.listAt("cipher_suites");
    if (ciphers.empty() || !view.structAt("http_server_config").boolean("http2", true)
        || checker.options().prometheus < Version {3, 0} || tls.string("min_version") == "TLS13")
        return;
    for (const FoundValue& cipher : ciphers) {
        if (cipher.node->value == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
            || cipher.node->value == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
            return;
    }
    checker.error("web/cipher",
                  u"http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need at least one of TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)"_s,
                  tls.spanOf("cipher_suites"), u"add one of them, or set http2: false"_s);
}

void checkWebConfig(const StructView& view, Checker& checker)
{
    checkHttp2Cipher(view, checker);
    if (const FoundValue* users = view.find("basic_auth_users"); users && users->node->isMapping()) {
        for (const YamlEntry& entry : MapEntries(*users->node, view.dialect)) {
            const QString problem = bcryptProblem(entry.value->value);
            if (!problem.isEmpty())
                checker.error("web/password", problem, entry.valueSpan, u"passwords are bcrypt hashes"_s);
        }
    }
}

void checkWebTls(const StructView& view, Checker& checker)
{
    if (!view.node || view.values.empty())
        return;
    const auto set = [&view](const char* plain, const char* file) { return !view.string(plain).empty() || !view.string(file).empty(); };
    const bool cert = set("cert", "cert_file");
    const bool key = set("key", "key_file");
    const std::string auth = view.string("client_auth_type");
    const bool clientCa = set("client_ca", "client_ca_file");
    // Nothing that asks for TLS: the section counts as absent.
    if (!cert && !key && !clientCa && auth.empty())
        return;
    if (!cert)
        checker.error("web/tls", u"missing one of cert or cert_file"_s, view.keySpan("cert_file"), u"add cert_file"_s);
    if (!key)
        checker.error("web/tls", u"missing one of key or key_file"_s, view.keySpan("key_file"), u"add key_file"_s);
    static const std::set<std::string, std::less<>> types {"", "NoClientCert", "RequestClientCert", "RequireAnyClientCert",
                                                           "RequireClientCert", "VerifyClientCertIfGiven",
                                                           "RequireAndVerifyClientCert"};
    if (!types.contains(auth))
        checker.error("web/client-auth", u"invalid ClientAuth: %1"_s.arg(Config::text(auth)), view.spanOf("client_auth_type"));
    if (clientCa && (auth.empty() || auth == "NoClientCert"))
        checker.error("web/client-auth", u"client CA's have been configured without a Client Auth Policy"_s,
                      view.keySpan(view.has("client_ca_file") ? "client_ca_file" : "client_ca"), u"set client_auth_type"_s);
}

void checkWebHttp(const StructView& view, Checker& checker)
{
    const FoundValue* headers = view.find("headers");
    if (!headers || !headers->node->isMapping())
        return;
    struct Header
    {
        const char* name;
        std::vector<std::string> values; ///< empty: any
    };
    static const std::array<Header, 5> allowed {{{"Strict-Transport-Security", {}},
                                                 {"X-Content-Type-Options", {"nosniff"}},
                                                 {"X-Frame-Options", {"deny", "sameorigin"}},
                                                 {"X-XSS-Protection", {}},
                                                 {"Content-Security-Policy", {}}}};
    for (const YamlEntry& entry : MapEntries(*headers->node, view.dialect)) {
        const auto found = std::find_if(allowed.begin(), allowed.end(), [&](const Header& header) { return entry.key->value == header.name; });
        if (found == allowed.end()) {
            checker.error("web/header", u"HTTP header %1 can not be configured"_s.arg(quoted(entry.key->value)), entry.key->span);
            continue;
        }
        const std::string& value = entry.value->value;
        const bool fits = found->values.empty() || value.empty()
            || std::any_of(found->values.begin(), found->values.end(),
                           [&value](const std::string& one) { return equalsIgnoringCase(value, one); });
        if (!fits)
            checker.error("web/header", u"invalid value for %1: %2"_s.arg(Config::text(entry.key->value), quoted(value)), entry.valueSpan);
    }
}

ValueCheck knownName(std::set<std::string, std::less<>> names, const char* code, QString message)
{
    return [names = std::move(names), code, message = std::move(message)](const YamlNode& node, const TextSpan& span, Checker& checker) {
        if (!node.isScalar() || !names.contains(node.value))
            checker.error(code, message + Config::text(node.value), span);
    };
}

} // namespace

const CheckRules& fileSdRules()
{
    return prometheusRules();
}

const CheckRules& blackboxRules()
{
    static const CheckRules rules = [] {
        CheckRules all;
        addHttpRules(all);
        all.structs["blackbox.Module"].push_back(checkModule);
        all.structs["blackbox.HTTPProbe"].push_back(checkHttpProbe);
        all.structs["blackbox.DNSProbe"].push_back(checkDnsProbe);
        all.structs["blackbox.ICMPProbe"].push_back(checkIcmpProbe);
        all.structs["blackbox.QueryResponse"].push_back(checkQueryResponse);
        all.structs["blackbox.HeaderMatch"].push_back(checkHeaderMatch);
        all.values["@cel"] = checkCel;
        return all;
    }();
    return rules;
}

const CheckRules& webRules()
{
    static const CheckRules rules = [] {
        CheckRules all;
        addHttpRules(all);
        all.structs["web.Config"].push_back(checkWebConfig);
        all.structs["web.TLSConfig"].push_back(checkWebTls);
        all.structs["web.HTTPConfig"].push_back(checkWebHttp);
        all.values["@cipher"] = knownName(
            {"TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA",
             "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256",
             "TLS_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
             "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_RC4_128_SHA", "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
             "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
             "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
             "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
             "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
             "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
             "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"},
            "web/cipher", u"unknown cipher: "_s);
        all.values["@curve"] = knownName({"CurveP256", "CurveP384", "CurveP521", "X25519", "X25519MLKEM768"}, "web/curve",
                                         u"unknown curve: "_s);
        return all;
    }();
    return rules;
}

} // namespace Promdeck::Config
