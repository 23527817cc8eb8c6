#include "models/config/configtext.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"

#include <initializer_list>
#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

int countSet(const StructView& view, std::initializer_list<const char*> keys)
{
    int count = 0;
    for (const char* key : keys)
        count += !view.string(key).empty();
    return count;
}

/// Place of the last of these keys that is set: the one that is too many.
TextSpan lastSet(const StructView& view, std::initializer_list<const char*> keys)
{
    TextSpan span = view.span;
    for (const char* key : keys) {
        if (view.has(key))
            span = view.keySpan(key);
    }
    return span;
}

void atMostOne(const StructView& view, Checker& checker, std::initializer_list<const char*> keys, const QString& message)
{
    if (countSet(view, keys) > 1)
        checker.error("http/conflict", message, lastSet(view, keys), u"keep one of them"_s);
}

/// 2.42 forgot to validate the client of these.
bool isUnchecked(const Checker& checker)
{
    static const std::set<std::string, std::less<>> unchecked {
        "azure.SDConfig", "aws.EC2SDConfig", "http.SDConfig", "aws.LightsailSDConfig", "puppetdb.SDConfig", "uyuni.SDConfig"};
    return readsOldHttp(checker) && checker.isWithin(unchecked);
}

void checkBasicAuth(const StructView& view, Checker& checker)
{
    atMostOne(view, checker, {"username", "username_file", "username_ref"},
              u"at most one of basic_auth username, username_file & username_ref must be configured"_s);
    atMostOne(view, checker, {"password", "password_file", "password_ref"},
              u"at most one of basic_auth password, password_file & password_ref must be configured"_s);
}

std::string lowerTrimmed(std::string_view value)
{
    const std::string text = lower(value);
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void checkAuthorization(const StructView& view, Checker& checker)
{
    atMostOne(view, checker, {"credentials", "credentials_file", "credentials_ref"},
              u"at most one of authorization credentials & credentials_file must be configured"_s);
    if (lowerTrimmed(view.string("type")) == "basic")
        checker.error("http/authorization-type",
                      u"authorization type cannot be set to \"basic\", use \"basic_auth\" instead"_s, view.spanOf("type"));
}

void checkOAuth2(const StructView& view, Checker& checker)
{
    const bool jwt = view.string("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer";
    if (view.string("client_id").empty())
        checker.error("http/oauth2", u"oauth2 client_id must be configured"_s, view.keySpan("client_id"));
    if (view.string("token_url").empty())
        checker.error("http/oauth2", u"oauth2 token_url must be configured"_s, view.keySpan("token_url"));
    if (!jwt) {
        if (readsOldHttp(checker) && countSet(view, {"client_secret", "client_secret_file"}) == 0)
            checker.error("http/oauth2", u"either oauth2 client_secret or client_secret_file must be configured"_s, view.span, u"add client_secret_file"_s);
        atMostOne(view, checker, {"client_secret", "client_secret_file", "client_secret_ref"},
                  u"at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using grant-type=client_credentials"_s);
        return;
    }
    atMostOne(view, checker,
              {"client_certificate_key", "client_certificate_key_file", "client_certificate_key_ref"},
              u"at most one of oauth2 client_certificate_key, client_certificate_key_file & client_certificate_key_ref must be configured using grant-type=urn:ietf:params:oauth:grant-type:jwt-bearer"_s);
    const std::string algorithm = view.string("signature_algorithm");
    if (!algorithm.empty() && algorithm != "RS256" && algorithm != "RS384" && algorithm != "RS512")
        checker.error("http/oauth2", u"valid signature algorithms are RS256, RS384 and RS512"_s,
                      view.spanOf("signature_algorithm"));
}

void checkHttpClient(const StructView& view, Checker& checker)
{
    const bool basic = view.has("basic_auth");
    const bool oauth2 = view.has("oauth2");
    const bool authorization = view.has("authorization");
    const int bearer = countSet(view, {"bearer_token", "bearer_token_file"});
    if (bearer > 1)
        checker.error("http/conflict", u"at most one of bearer_token & bearer_token_file must be configured"_s,
                      view.keySpan("bearer_token_file"), u"keep one of them"_s);
    if ((basic || oauth2) && bearer > 0)
        checker.error("http/conflict",
                      u"at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured"_s,
                      lastSet(view, {"bearer_token", "bearer_token_file"}));
    if (authorization && bearer > 0)
        checker.error("http/conflict", u"authorization is not compatible with bearer_token & bearer_token_file"_s,
                      lastSet(view, {"bearer_token", "bearer_token_file"}));
    if (int(basic) + int(oauth2) + int(authorization) > 1)
        checker.error("http/conflict", u"at most one of basic_auth, oauth2 & authorization must be configured"_s,
                      lastSet(view, {"basic_auth", "oauth2", "authorization"}), u"keep one of them"_s);
}

void checkTls(const StructView& view, Checker& checker)
{
    atMostOne(view, checker, {"ca", "ca_file", "ca_ref"}, u"at most one of ca, ca_file & ca_ref must be configured"_s);
    atMostOne(view, checker, {"cert", "cert_file", "cert_ref"},
              u"at most one of cert, cert_file & cert_ref must be configured"_s);
    atMostOne(view, checker, {"key", "key_file", "key_ref"}, u"at most one of key and key_file must be configured"_s);
    if (readsOldHttp(checker))
        return;
    const bool cert = countSet(view, {"cert", "cert_file", "cert_ref"}) > 0;
    const bool key = countSet(view, {"key", "key_file", "key_ref"}) > 0;
    if (cert && !key)
        checker.error("http/tls",
                      u"exactly one of key or key_file must be configured when a client certificate is configured"_s,
                      lastSet(view, {"cert", "cert_file", "cert_ref"}), u"add key_file"_s);
    if (key && !cert)
        checker.error("http/tls",
                      u"exactly one of cert or cert_file must be configured when a client key is configured"_s,
                      lastSet(view, {"key", "key_file", "key_ref"}), u"add cert_file"_s);
}

void checkProxy(const StructView& view, Checker& checker)
{
    const bool url = !view.string("proxy_url").empty();
    const bool environment = view.boolean("proxy_from_environment");
    const bool noProxy = !view.string("no_proxy").empty();
    const FoundValue* header = view.find("proxy_connect_header");
    if (header && !header->node->entries.empty() && !environment && !url)
        checker.error("http/proxy",
                      u"if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured"_s,
                      view.keySpan("proxy_connect_header"));
    if (environment && url)
        checker.error("http/proxy", u"if proxy_from_environment is configured, proxy_url must not be configured"_s,
                      view.keySpan("proxy_url"));
    if (environment && noProxy)
        checker.error("http/proxy", u"if proxy_from_environment is configured, no_proxy must not be configured"_s,
                      view.keySpan("no_proxy"));
    if (!url && noProxy)
        checker.error("http/proxy", u"if no_proxy is configured, proxy_url must also be configured"_s,
                      view.keySpan("no_proxy"));
}

void checkHeaders(const StructView& view, Checker& checker)
{
    for (const auto& [name, value] : view.values) {
        if (isReservedHeader(name))
            checker.error("http/header", u"setting header %1 is not allowed"_s.arg(quoted(name)), value.key->span);
    }
}

void checkSigV4(const StructView& view, Checker& checker)
{
    if (view.string("access_key").empty() != view.string("secret_key").empty())
        checker.error("http/sigv4",
                      u"must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config"_s,
                      lastSet(view, {"access_key", "secret_key"}));
    if (!view.string("external_id").empty() && view.string("role_arn").empty())
        checker.error("http/sigv4", u"external_id can only be used with role_arn"_s, view.keySpan("external_id"));
}

} // namespace

bool readsOldHttp(const Checker& checker)
{
    const CheckOptions& options = checker.options();
    const SchemaStruct* root = checker.root().type;
    const bool alertmanager = root && root->name.starts_with("alertmanager.");
    return alertmanager ? options.alertmanager <= CheckOptions::Version {0, 25} : options.prometheus <= CheckOptions::Version {2, 42};
}

bool isReservedHeader(std::string_view name)
{
    static const std::set<std::string, std::less<>> reserved {
        "authorization",      "host",
        "content-encoding",   "content-length",
        "content-type",       "user-agent",
        "connection",         "keep-alive",
        "proxy-authenticate", "proxy-authorization",
        "www-authenticate",   "accept-encoding",
        "x-amz-date",         "x-amz-security-token",
        "x-amz-content-sha256", "x-prometheus-remote-write-version",
        "x-prometheus-remote-read-version", "x-prometheus-scrape-timeout-seconds"};
    return reserved.contains(lower(std::string(name)));
}

void addHttpRules(CheckRules& rules)
{
    const auto add = [&rules](const char* name, const StructCheck& check) {
        rules.structs[name].push_back([check](const StructView& view, Checker& checker) {
            if (!isUnchecked(checker))
                check(view, checker);
        });
    };
    add("http.BasicAuth", checkBasicAuth);
    add("http.Authorization", checkAuthorization);
    add("http.OAuth2", checkOAuth2);
    add("http.HTTPClientConfig", checkHttpClient);
    add("http.TLSConfig", checkTls);
    add("http.ProxyConfig", checkProxy);
    rules.structs["http.Headers"].push_back(checkHeaders);
    rules.structs["sigv4.SigV4Config"].push_back(checkSigV4);
    rules.values["@tls-version"] = [](const YamlNode& node, const TextSpan& span, Checker& checker) {
        static const std::set<std::string, std::less<>> versions {"TLS13", "TLS12", "TLS11", "TLS10"};
        if (!node.isScalar() || !versions.contains(node.value))
            checker.error("http/tls-version", u"unknown TLS version: %1"_s.arg(QString::fromStdString(node.value)), span,
                          u"one of TLS10, TLS11, TLS12, TLS13"_s);
    };
}

} // namespace Promdeck::Config
