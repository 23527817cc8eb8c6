#include "models/config/configtext.h"
#include "models/config/gotypes.h"
#include "models/config/rules/kubernetesselectors.h"
#include "models/config/rules/rules.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

void refuse(const StructView& view, Checker& checker, const char* key, const QString& message)
{
    checker.error("prometheus/discovery", message, view.keySpan(key));
}

/// Adds "this key must not be empty" rules.
void require(const StructView& view, Checker& checker, const char* key, const QString& message)
{
    const FoundValue* found = view.find(key);
    const bool empty = !found
        || (found->node->isScalar() ? found->node->value.empty()
                                    : found->node->items.empty() && found->node->entries.empty());
    if (empty)
        checker.error("prometheus/discovery", message, view.keySpan(key), u"add "_s + text(key));
}

bool set(const StructView& view, const char* key)
{
    return !view.string(key).empty();
}

/// A server that is given and nothing but blanks.
bool isBlank(const StructView& view, const char* key)
{
    return view.has(key) && view.string(key).find_first_not_of(" \t\n\v\f\r") == std::string::npos;
}

/// Roles are checked per discovery; an explicit unknown one is refused when it is read.
void role(const StructView& view, Checker& checker, const std::set<std::string>& roles, const QString& unknown,
          const QString& missing = {})
{
    const std::string value = view.string("role");
    if (value.empty()) {
        if (!missing.isEmpty())
            checker.error("prometheus/discovery", missing, view.keySpan("role"), u"add role"_s);
        return;
    }
    if (!roles.contains(value))
        checker.error("prometheus/discovery", unknown.arg(quoted(value)), view.spanOf("role"));
}

void checkHttpUrl(const StructView& view, Checker& checker)
{
    const std::string url = view.string("url");
    if (url.empty()) {
        require(view, checker, "url", u"URL is missing"_s);
        return;
    }
    if (!urlProblem(url).isEmpty()) {
        checker.error("prometheus/discovery", u"parse %1: %2"_s.arg(quoted(url), urlProblem(url)), view.spanOf("url"));
        return;
    }
    const UrlParts parts = splitUrl(url);
    if (parts.scheme != "http" && parts.scheme != "https")
        checker.error("prometheus/discovery", u"URL scheme must be 'http' or 'https'"_s, view.spanOf("url"));
    else if (parts.host.empty())
        checker.error("prometheus/discovery", u"host is missing in URL"_s, view.spanOf("url"));
}

void checkFile(const StructView& view, Checker& checker)
{
    static const RE2 pattern("^[^*]*(\\*[^/]*)?\\.(json|yml|yaml|JSON|YML|YAML)$");
    if (view.listAt("files").empty())
        refuse(view, checker, "files", u"file service discovery config must contain at least one path name"_s);
    for (const FoundValue& file : view.listAt("files")) {
        if (!RE2::FullMatch(file.node->value, pattern))
            checker.error("prometheus/discovery",
                          u"path name %1 is not valid for file discovery"_s.arg(quoted(file.node->value)), file.span,
                          u"it ends in .json, .yml or .yaml; a wildcard may stand in the last part only"_s);
    }
}

void checkDns(const StructView& view, Checker& checker)
{
    if (view.listAt("names").empty())
        refuse(view, checker, "names", u"DNS-SD config must contain at least one SRV record name"_s);
    std::string type = view.has("type") ? view.string("type") : "SRV";
    for (char& c : type)
        c = char(c >= 'a' && c <= 'z' ? c - 32 : c);
    if (type == "SRV")
        return;
    if (type != "A" && type != "AAAA" && type != "MX" && type != "NS")
        refuse(view, checker, "type", u"invalid DNS-SD records type %1"_s.arg(text(type)));
    else if (view.integer("port").value_or(0) == 0)
        refuse(view, checker, "port", u"a port is required in DNS-SD configs for all record types except SRV"_s);
}

void checkConsul(const StructView& view, Checker& checker)
{
    if (isBlank(view, "server"))
        refuse(view, checker, "server", u"consul SD configuration requires a server address"_s);
    if ((set(view, "username") || set(view, "password")) && view.has("basic_auth"))
        refuse(view, checker, "basic_auth",
               u"at most one of consul SD configuration username and password and basic auth can be configured"_s);
    if (set(view, "token") && (view.has("authorization") || view.has("oauth2")))
        refuse(view, checker, "token", u"at most one of consul SD token, authorization, or oauth2 can be configured"_s);
}

bool isAbsoluteUrl(const std::string& url)
{
    const UrlParts parts = splitUrl(url);
    return !parts.scheme.empty() && !parts.host.empty();
}

void checkEureka(const StructView& view, Checker& checker)
{
    const std::string server = view.string("server");
    if (server.empty())
        refuse(view, checker, "server", u"eureka_sd: empty or null eureka server"_s);
    else if (!urlProblem(server).isEmpty() || !isAbsoluteUrl(server))
        refuse(view, checker, "server", u"eureka_sd: invalid eureka server URL"_s);
}

bool customHttpClient(const StructView& view)
{
    for (const char* key : {"basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "proxy_url",
                            "no_proxy", "proxy_from_environment", "proxy_connect_header", "http_headers"}) {
        if (view.has(key))
            return true;
    }
    const FoundValue* tls = view.find("tls_config");
    return (tls && !tls->node->entries.empty()) || !view.boolean("follow_redirects", true)
        || !view.boolean("enable_http2", true);
}

void checkKubernetesSelectors(const StructView& view, Checker& checker)
{
    // In the order in which the server lists them.
    static const std::map<std::string, std::vector<std::string>> allowed {
        {"pod", {"pod", "node"}},
        {"service", {"service"}},
        {"endpointslice", {"pod", "service", "endpointslice"}},
        {"endpoints", {"pod", "service", "endpoints"}},
        {"node", {"node"}},
        {"ingress", {"ingress"}}};
    const std::string outer = view.string("role");
    const auto found = allowed.find(outer);
    std::vector<std::string> supported = found == allowed.end() ? std::vector<std::string>() : found->second;
    if (outer == "pod" && checker.options().prometheus < CheckOptions::Version {3, 0})
        supported.pop_back(); // nodes came with a later 3.x
    std::set<std::string> seen;
    for (const StructView& selector : view.structsAt("selectors")) {
        const std::string name = selector.string("role");
        if (!seen.insert(name).second)
            checker.error("prometheus/discovery", u"duplicated selector role: %1"_s.arg(text(name)), selector.spanOf("role"));
        if (!name.empty() && !allowed.contains(name)) {
            checker.error("prometheus/discovery", u"unknown Kubernetes SD role %1"_s.arg(quoted(name)), selector.spanOf("role"));
        } else if (found != allowed.end() && std::find(supported.begin(), supported.end(), name) == supported.end()) {
            QStringList names;
            for (const std::string& one : supported)
                names.append(text(one));
            checker.error("prometheus/discovery", u"%1 role supports only %2 selectors"_s.arg(text(outer), names.join(u", ")),
                          selector.spanOf("role"));
        }
        if (const QString problem = fieldSelectorProblem(selector.string("field")); !problem.isEmpty())
            checker.error("prometheus/discovery", problem, selector.spanOf("field"));
        if (const QString problem = labelSelectorProblem(selector.string("label")); !problem.isEmpty())
            checker.error("prometheus/discovery", problem, selector.spanOf("label"));
    }
}

void checkKubernetes(const StructView& view, Checker& checker)
{
    role(view, checker, {"node", "pod", "service", "endpoints", "endpointslice", "ingress"},
         u"unknown Kubernetes SD role %1"_s, u"role missing (one of: pod, service, endpoints, endpointslice, node, ingress)"_s);
    const bool server = set(view, "api_server");
    const bool kubeconfig = set(view, "kubeconfig_file");
    const bool custom = customHttpClient(view);
    const bool ownNamespace = view.structAt("namespaces").boolean("own_namespace");
    if (kubeconfig && server)
        refuse(view, checker, "kubeconfig_file", u"cannot use 'kubeconfig_file' and 'api_server' simultaneously"_s);
    if (kubeconfig && custom)
        refuse(view, checker, "kubeconfig_file",
               u"cannot use a custom HTTP client configuration together with 'kubeconfig_file'"_s);
    if (!server && !kubeconfig && custom)
        refuse(view, checker, "api_server",
               u"to use custom HTTP client configuration please provide the 'api_server' URL explicitly"_s);
    if (server && ownNamespace)
        refuse(view, checker, "namespaces", u"cannot use 'api_server' and 'namespaces.own_namespace' simultaneously"_s);
    if (kubeconfig && ownNamespace)
        refuse(view, checker, "namespaces",
               u"cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously"_s);
    checkKubernetesSelectors(view, checker);
}

void checkMarathon(const StructView& view, Checker& checker)
{
    if (view.listAt("servers").empty())
        refuse(view, checker, "servers", u"marathon_sd: must contain at least one Marathon server"_s);
    const bool token = set(view, "auth_token");
    const bool file = set(view, "auth_token_file");
    if (token && file)
        refuse(view, checker, "auth_token_file",
               u"marathon_sd: at most one of auth_token & auth_token_file must be configured"_s);
    if (!token && !file)
        return;
    if (view.has("basic_auth"))
        refuse(view, checker, "basic_auth",
               u"marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be configured"_s);
    if (set(view, "bearer_token") || set(view, "bearer_token_file"))
        refuse(view, checker, "bearer_token",
               u"marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & auth_token_file must be configured"_s);
    if (view.has("authorization"))
        refuse(view, checker, "authorization",
               u"marathon_sd: at most one of auth_token, auth_token_file & authorization must be configured"_s);
}

void checkDockerHost(const StructView& view, Checker& checker)
{
    require(view, checker, "host", u"host missing"_s);
    if (set(view, "host") && !urlProblem(view.string("host")).isEmpty())
        refuse(view, checker, "host", urlProblem(view.string("host")));
}

void checkSwarm(const StructView& view, Checker& checker)
{
    checkDockerHost(view, checker);
    role(view, checker, {"tasks", "services", "nodes"}, u"invalid role %1, expected tasks, services, or nodes"_s,
         u"role missing (one of: tasks, services, nodes)"_s);
}

void checkAzure(const StructView& view, Checker& checker)
{
    require(view, checker, "subscription_id", u"azure SD configuration requires a subscription_id"_s);
    const std::string method = view.has("authentication_method") ? view.string("authentication_method") : "OAuth";
    if (method == "OAuth") {
        for (const char* key : {"tenant_id", "client_id", "client_secret"})
            require(view, checker, key, u"azure SD configuration requires a %1"_s.arg(text(key)));
    } else if (method != "ManagedIdentity" && (readsOldHttp(checker) || (method != "SDK" && method != "WorkloadIdentity"))) {
        refuse(view, checker, "authentication_method",
               u"unknown authentication_type %1. Supported types are \"OAuth\", \"ManagedIdentity\", \"SDK\" or \"WorkloadIdentity\""_s.arg(quoted(method)));
    }
}

void checkOpenstack(const StructView& view, Checker& checker)
{
    const std::string availability = view.has("availability") ? view.string("availability") : "public";
    if (availability != "public" && availability != "internal" && availability != "admin")
        refuse(view, checker, "availability",
               u"unknown availability %1, must be one of admin, internal or public"_s.arg(text(availability)));
    role(view, checker, {"hypervisor", "instance", "loadbalancer"}, u"unknown OpenStack SD role %1"_s,
         u"role missing (one of: instance, hypervisor, loadbalancer)"_s);
    require(view, checker, "region", u"openstack SD configuration requires a region"_s);
}

void secretKeyPair(const StructView& view, Checker& checker)
{
    const bool key = set(view, "secret_key");
    const bool file = set(view, "secret_key_file");
    if (!key && !file)
        refuse(view, checker, "secret_key", u"one of secret_key & secret_key_file must be configured"_s);
    if (key && file)
        refuse(view, checker, "secret_key_file", u"at most one of secret_key & secret_key_file must be configured"_s);
}

void checkScaleway(const StructView& view, Checker& checker)
{
    role(view, checker, {"instance", "baremetal"}, u"unknown role %1"_s, u"role missing (one of: instance, baremetal)"_s);
    require(view, checker, "project_id", u"project_id is mandatory"_s);
    secretKeyPair(view, checker);
    require(view, checker, "access_key", u"access_key is mandatory"_s);
    // The client library looks at the form of what it is given.
    static const RE2 uuid("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    static const RE2 accessKey("SCW[A-Z0-9]{17}");
    static const RE2 zone("[a-z]{2}-[a-z]{3}-[0-9]");
    const auto form = [&](const char* key, const RE2& pattern, const QString& message) {
        if (set(view, key) && !RE2::FullMatch(view.string(key), pattern))
            refuse(view, checker, key, message);
    };
    form("project_id", uuid, u"invalid project ID format, expected a UUID"_s);
    form("secret_key", uuid, u"invalid secret key format, expected a UUID"_s);
    form("access_key", accessKey, u"invalid access key format, expected SCWXXXXXXXXXXXXXXXXX format"_s);
    form("zone", zone, u"invalid default zone format, write it like fr-par-1"_s);
}

void checkOutscale(const StructView& view, Checker& checker)
{
    if (view.has("region") && !set(view, "region"))
        refuse(view, checker, "region", u"outscale SD configuration requires a region"_s);
    require(view, checker, "access_key", u"outscale SD configuration requires access_key"_s);
    secretKeyPair(view, checker);
}

void checkOvh(const StructView& view, Checker& checker)
{
    if (view.has("endpoint") && !set(view, "endpoint"))
        refuse(view, checker, "endpoint", u"endpoint can not be empty"_s);
    require(view, checker, "application_key", u"application key can not be empty"_s);
    require(view, checker, "application_secret", u"application secret can not be empty"_s);
    require(view, checker, "consumer_key", u"consumer key can not be empty"_s);
    const std::string service = view.string("service");
    if (service != "dedicated_server" && service != "vps")
        refuse(view, checker, "service", u"unknown service: %1"_s.arg(text(service)));
}

void checkTriton(const StructView& view, Checker& checker)
{
    const std::string name = view.has("role") ? view.string("role") : "container";
    if (name != "container" && name != "cn")
        refuse(view, checker, "role", u"triton SD configuration requires role to be 'container' or 'cn'"_s);
    require(view, checker, "account", u"triton SD configuration requires an account"_s);
    require(view, checker, "dns_suffix", u"triton SD configuration requires a dns_suffix"_s);
    require(view, checker, "endpoint", u"triton SD configuration requires an endpoint"_s);
    if (view.has("refresh_interval") && view.durationMs("refresh_interval").value_or(1) <= 0)
        refuse(view, checker, "refresh_interval",
               u"triton SD configuration requires RefreshInterval to be a positive integer"_s);
}

void checkUyuni(const StructView& view, Checker& checker)
{
    const std::string server = view.string("server");
    if (server.empty())
        refuse(view, checker, "server", u"Uyuni SD configuration requires server host"_s);
    else if (!urlProblem(server).isEmpty())
        refuse(view, checker, "server", u"Uyuni Server URL is not valid: "_s + urlProblem(server));
    require(view, checker, "username", u"Uyuni SD configuration requires a username"_s);
    require(view, checker, "password", u"Uyuni SD configuration requires a password"_s);
}

void checkKuma(const StructView& view, Checker& checker)
{
    const std::string server = view.string("server");
    if (server.empty() || !urlProblem(server).isEmpty())
        refuse(view, checker, "server", u"kuma SD server must not be empty: "_s + text(server));
    else if (!isAbsoluteUrl(server))
        refuse(view, checker, "server", u"kuma SD server must not be empty and have a scheme: "_s + text(server));
}

StructCheck zookeeper(QString kind)
{
    return [kind](const StructView& view, Checker& checker) {
        if (view.listAt("servers").empty())
            refuse(view, checker, "servers", u"%1 SD config must contain at least one Zookeeper server"_s.arg(kind));
        if (view.listAt("paths").empty())
            refuse(view, checker, "paths", u"%1 SD config must contain at least one path"_s.arg(kind));
        for (const FoundValue& path : view.listAt("paths")) {
            if (!path.node->value.starts_with('/'))
                checker.error("prometheus/discovery",
                              u"%1 SD config paths must begin with '/': %2"_s.arg(kind, text(path.node->value)), path.span);
        }
    };
}

void checkFilters(const StructView& view, Checker& checker)
{
    for (const StructView& filter : view.structsAt("filters")) {
        if (filter.listAt("values").empty())
            checker.error("prometheus/discovery", u"EC2 SD configuration filter values cannot be empty"_s,
                          filter.keySpan("values"));
    }
}

void checkOci(const StructView& view, Checker& checker)
{
    require(view, checker, "region", u"oci_sd: region is required"_s);
    const char* authKey = view.type->find("auth") ? "auth" : "auth_method";
    const std::string method = view.has(authKey) ? view.string(authKey) : "api_key";
    if (method == "api_key") {
        for (const char* key : {"tenancy", "user", "fingerprint", "key_file"})
            require(view, checker, key, u"oci_sd: api_key auth requires %1"_s.arg(text(key)));
        if (set(view, "key_passphrase") && set(view, "key_passphrase_file"))
            refuse(view, checker, "key_passphrase_file",
                   u"oci_sd: at most one of key_passphrase and key_passphrase_file must be configured"_s);
    } else if (method == "instance_principal") {
        for (const char* key : {"tenancy", "user", "fingerprint", "key_file", "key_passphrase", "key_passphrase_file"}) {
            if (set(view, key))
                refuse(view, checker, key,
                       u"oci_sd: instance_principal auth must not have tenancy, user, fingerprint, key_file, key_passphrase, or key_passphrase_file set"_s);
        }
    } else {
        refuse(view, checker, authKey,
               u"oci_sd: unknown auth method %1, expected \"api_key\" or \"instance_principal\""_s.arg(quoted(method)));
    }
    for (const FoundValue& compartment : view.listAt("compartments")) {
        if (compartment.node->value.empty())
            checker.error("prometheus/discovery", u"oci_sd: compartments must not be empty"_s, compartment.span);
    }
}

void checkAws(const StructView& view, Checker& checker)
{
    role(view, checker, {"ec2", "ecs", "elasticache", "lightsail", "msk", "rds"}, u"unknown AWS SD role %1"_s,
         u"unknown AWS SD role \"\""_s);
    checkFilters(view, checker);
}

bool isUuid(const std::string& value)
{
    static const RE2 pattern("(?i)^(?:urn:uuid:|\\{)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\}?$|^[0-9a-f]{32}$");
    return RE2::FullMatch(value, pattern);
}

/// The sub-section's ids: required ones, and all of them UUIDs where given.
void azureAdIds(const StructView& view, Checker& checker, const QString& name, std::initializer_list<const char*> required,
                std::initializer_list<const char*> uuids)
{
    for (const char* key : required)
        require(view, checker, key, u"must provide an Azure %1 %2 in the Azure AD config"_s.arg(name, text(key)));
    for (const char* key : uuids) {
        const std::string value = view.string(key);
        if (!value.empty() && !isUuid(value))
            refuse(view, checker, key, u"the provided Azure %1 %2 is invalid"_s.arg(name, text(key)));
    }
}

void checkAzureAd(const StructView& view, Checker& checker)
{
    static const std::set<std::string> clouds {"AzureChina", "AzureGovernment", "AzurePublic"};
    if (view.has("cloud") && !clouds.contains(view.string("cloud")))
        refuse(view, checker, "cloud", u"must provide a cloud in the Azure AD config"_s);
    int methods = 0;
    for (const char* key : {"managed_identity", "workload_identity", "oauth", "certificate", "sdk"})
        methods += view.has(key);
    if (methods == 0)
        checker.error("prometheus/azuread",
                      u"must provide an Azure Managed Identity, Azure Workload Identity, Azure OAuth, Azure Certificate or Azure SDK in the Azure AD config"_s,
                      view.span);
    if (methods > 1)
        checker.error("prometheus/azuread", u"cannot provide multiple authentication methods in the Azure AD config"_s,
                      view.span);
    if (view.has("managed_identity"))
        azureAdIds(view.structAt("managed_identity"), checker, u"Managed Identity"_s, {}, {"client_id"});
    if (view.has("workload_identity"))
        azureAdIds(view.structAt("workload_identity"), checker, u"Workload Identity"_s, {"client_id", "tenant_id"},
                   {"client_id", "tenant_id"});
    if (view.has("oauth"))
        azureAdIds(view.structAt("oauth"), checker, u"OAuth"_s, {"client_id", "client_secret", "tenant_id"},
                   {"client_id", "tenant_id"});
    if (view.has("certificate"))
        azureAdIds(view.structAt("certificate"), checker, u"Certificate"_s, {"client_id", "tenant_id", "certificate_path"},
                   {"client_id", "tenant_id"});
    if (view.has("sdk"))
        azureAdIds(view.structAt("sdk"), checker, u"SDK"_s, {}, {"tenant_id"});
    static const RE2 scope("^[\\w\\s:/.\\-]+$");
    if (set(view, "scope") && !RE2::FullMatch(view.string("scope"), scope))
        refuse(view, checker, "scope", u"the provided scope contains invalid characters"_s);
}

} // namespace

void addDiscoveryRules(CheckRules& rules)
{
    const auto on = [&rules](const char* name, StructCheck check) { rules.structs[name].push_back(std::move(check)); };
    on("http.SDConfig", checkHttpUrl);
    on("puppetdb.SDConfig", [](const StructView& view, Checker& checker) {
        checkHttpUrl(view, checker);
        require(view, checker, "query", u"query missing"_s);
    });
    on("file.SDConfig", checkFile);
    on("dns.SDConfig", checkDns);
    on("consul.SDConfig", checkConsul);
    on("eureka.SDConfig", checkEureka);
    on("kubernetes.SDConfig", checkKubernetes);
    on("marathon.SDConfig", checkMarathon);
    on("moby.DockerSDConfig", checkDockerHost);
    on("moby.DockerSwarmSDConfig", checkSwarm);
    on("azure.SDConfig", checkAzure);
    on("openstack.SDConfig", checkOpenstack);
    on("scaleway.SDConfig", checkScaleway);
    on("outscale.SDConfig", checkOutscale);
    on("ovhcloud.SDConfig", checkOvh);
    on("triton.SDConfig", checkTriton);
    on("uyuni.SDConfig", checkUyuni);
    on("xds.SDConfig", checkKuma);
    on("zookeeper.ServersetSDConfig", zookeeper(u"serverset"_s));
    on("zookeeper.NerveSDConfig", zookeeper(u"nerve"_s));
    on("aws.EC2SDConfig", checkFilters);
    // Older servers ask Amazon for the region when none is given, and only there.
    for (const char* aws : {"aws.EC2SDConfig", "aws.LightsailSDConfig"}) {
        const QString product = std::string_view(aws) == "aws.EC2SDConfig" ? u"EC2"_s : u"Lightsail"_s;
        on(aws, [product](const StructView& view, Checker& checker) {
            if (checker.options().prometheus < CheckOptions::Version {3, 0})
                require(view, checker, "region", product + u" SD configuration requires a region"_s);
        });
    }
    on("aws.SDConfig", checkAws);
    on("oci.SDConfig", checkOci);
    on("gce.SDConfig", [](const StructView& view, Checker& checker) {
        require(view, checker, "project", u"GCE SD configuration requires a project"_s);
        require(view, checker, "zone", u"GCE SD configuration requires a zone"_s);
    });
    on("hetzner.SDConfig", [](const StructView& view, Checker& checker) {
        role(view, checker, {"robot", "hcloud"}, u"unknown role %1"_s, u"role missing (one of: robot, hcloud)"_s);
    });
    on("digitalocean.SDConfig", [](const StructView& view, Checker& checker) {
        role(view, checker, {"droplets", "databases"}, u"unknown DigitalOcean SD role %1"_s);
        if (view.has("role") && view.string("role").empty())
            refuse(view, checker, "role", u"role missing (one of: droplets, databases)"_s);
    });
    on("ionos.SDConfig", [](const StructView& view, Checker& checker) {
        require(view, checker, "datacenter_id", u"datacenter id can't be empty"_s);
    });
    on("nomad.SDConfig", [](const StructView& view, Checker& checker) {
        if (isBlank(view, "server"))
            refuse(view, checker, "server", u"nomad SD configuration requires a server address"_s);
    });
    on("stackit.SDConfig", [](const StructView& view, Checker& checker) {
        if (!set(view, "endpoint") && view.has("region") && !set(view, "region"))
            refuse(view, checker, "region", u"stackit_sd: endpoint and region missing"_s);
        if (set(view, "endpoint") && !urlProblem(view.string("endpoint")).isEmpty())
            refuse(view, checker, "endpoint",
                   u"stackit_sd: invalid endpoint %1: %2"_s.arg(quoted(view.string("endpoint")), urlProblem(view.string("endpoint"))));
    });
    on("azuread.AzureADConfig", checkAzureAd);
}

} // namespace Promdeck::Config
