#include "app/hosts/backuparguments.h"

#include "app/hosts/consoleprompter.h"
#include "models/core/files.h"
#include "models/stack/optionsresolver.h"
#include "provisioning/host/localhost.h"
#include "provisioning/ssh/sshtunnels.h"

#include <QProcess>

#include <future>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;
using namespace Promdeck::Backup;

namespace {

constexpr qint64 kMostKeyFile = 64 << 10;

void add(QCommandLineParser& parser, const char* name, const char* text, const char* value = "")
{
    parser.addOption({QString::fromLatin1(name), QString::fromLatin1(text), QString::fromLatin1(value)});
}

Result<QByteArray> askSudo(const CancelToken&)
{
    const QString password = hasTerminal() ? askTerminal(u"Password for sudo: "_s, false) : QString();
    if (password.isNull())
        return makeError(ErrorCode::Auth, u"sudo wants a password, and there is no terminal to ask on"_s);
    return password.toUtf8();
}

bool isThisMachine(const QString& destination)
{
    return destination.isEmpty() || destination == u"local" || destination == u"localhost";
}

struct NamedValue
{
    QString name;
    QString value;
};

Result<NamedValue> namedValue(const QString& option, const QString& text)
{
    const qsizetype equals = text.indexOf(u'=');
    if (equals <= 0 || equals + 1 == text.size())
        return makeError(ErrorCode::InvalidArgument, u"--%1 is written as NAME=VALUE"_s.arg(option));
    return NamedValue {text.left(equals), text.mid(equals + 1)};
}

Result<QByteArray> absolute(const QString& option, const QString& path)
{
    if (!path.startsWith(u'/'))
        return makeError(ErrorCode::InvalidArgument, u"--%1 takes an absolute path on the host"_s.arg(option), path);
    return QFile::encodeName(path);
}

Result<QUrl> webAddress(const QString& option, const QString& text)
{
    const QUrl url(text);
    if (!url.isValid() || (url.scheme() != u"http" && url.scheme() != u"https") || url.host().isEmpty())
        return makeError(ErrorCode::InvalidArgument, u"--%1 takes an address that starts with http:// or https://"_s.arg(option));
    return url;
}

} // namespace

void addRepositoryOptions(QCommandLineParser& parser)
{
    add(parser, "repository", "where backups are kept: a folder, HOST:/FOLDER, or s3://BUCKET/PREFIX", "PLACE");
    add(parser, "s3-endpoint", "address of the store (default: AWS in the region)", "URL");
    add(parser, "s3-region", "region (default: us-east-1)", "NAME");
    add(parser, "s3-key", "where the access key id comes from (default: env:AWS_ACCESS_KEY_ID)", "SECRET");
    add(parser, "s3-secret", "where the secret key comes from (default: env:AWS_SECRET_ACCESS_KEY)", "SECRET");
    add(parser, "json", "machine output on stdout");
    add(parser, "help", "this text");
}

void addKeyOptions(QCommandLineParser& parser)
{
    add(parser, "passphrase", "where the passphrase comes from: env:VAR, file:PATH, command:LINE, keychain:ENTRY, prompt", "SECRET");
    add(parser, "secret-key", "file with the secret key that opens sealed backups", "FILE");
}

void addSourceOptions(QCommandLineParser& parser)
{
    add(parser, "host", "host to back up, as ssh names it (default: this machine)", "HOST");
    add(parser, "workspace", "all units of a workspace, host by host", "FOLDER");
    add(parser, "stack", "name of the stack", "NAME");
    add(parser, "sudo", "read files on the host as root");
    add(parser, "prometheus", "address of a Prometheus, as the host reaches it", "URL");
    add(parser, "prometheus-config", "its configuration: a folder or file", "PATH");
    add(parser, "prometheus-data", "its data folder (default: what it says itself)", "PATH");
    add(parser, "tsdb", "snapshot (default), blocks (without the last hours; needs no admin API), or none", "HOW");
    add(parser, "golden", "query whose answer is kept and compared after a restore; repeatable", "EXPR");
    add(parser, "alertmanager", "address of an Alertmanager: its silences, as the host reaches it", "URL");
    add(parser, "alertmanager-config", "its configuration: a folder or file", "PATH");
    add(parser, "alertmanager-data", "its data folder", "PATH");
    add(parser, "grafana", "address of a Grafana, as the host reaches it", "URL");
    add(parser, "grafana-token", "where its token comes from", "SECRET");
    add(parser, "grafana-files", "its ini file, database folder, plugins...; repeatable", "PATH");
    add(parser, "files", "any folder or file, NAME=PATH; repeatable", "NAME=PATH");
    add(parser, "volume", "a docker volume, NAME=VOLUME; repeatable", "NAME=VOLUME");
    add(parser, "dump", "what a command on the host prints, NAME=COMMAND; repeatable", "NAME=COMMAND");
}

void addRetentionOptions(QCommandLineParser& parser)
{
    for (const char* unit : {"last", "hourly", "daily", "weekly", "monthly", "yearly"})
        parser.addOption({u"keep-"_s + QLatin1StringView(unit), u"backups to keep by this rule"_s, u"N"_s});
    add(parser, "keep-within", "everything so long before the newest: 1y5m7d3h", "SPAN");
    add(parser, "keep-tag", "what has all of these tags (a,b); repeatable", "TAGS");
}

void addRestoreOptions(QCommandLineParser& parser)
{
    add(parser, "host", "host to restore to, as ssh names it (default: this machine)", "HOST");
    add(parser, "stack", "only backups of this stack", "NAME");
    add(parser, "component", "only this component; repeatable", "ID");
    add(parser, "path", "only this file or folder of the backup, as --contents lists it; repeatable", "PATH");
    add(parser, "into", "another folder for a tree, ID/TREE=PATH; repeatable", "PLACE");
    add(parser, "extract", "unpack into a new local folder, and touch nothing else", "FOLDER");
    add(parser, "contents", "list what is in the backup, and touch nothing");
    add(parser, "prometheus", "address of the Prometheus that is restored: ready? golden queries?", "URL");
    add(parser, "alertmanager", "address of the Alertmanager that gets its silences back", "URL");
    add(parser, "stop", "command on the host before the folders are swapped, ID=COMMAND; repeatable", "ID=COMMAND");
    add(parser, "start", "command on the host afterwards, ID=COMMAND; repeatable", "ID=COMMAND");
    add(parser, "service", "systemd service to stop and start, ID=SERVICE; repeatable", "ID=SERVICE");
    add(parser, "sudo", "as root on the host");
    add(parser, "allow-version", "restore although the version differs in a way that may not work");
    add(parser, "skip-golden", "do not compare answers with those at the time of the backup");
    add(parser, "dry-run", "say what would change, and touch nothing");
    add(parser, "yes", "do it without asking");
}

BackupArguments::BackupArguments(const QCommandLineParser& parser, std::shared_ptr<SecretStore> secrets)
    : m_parser(parser), m_secrets(std::move(secrets))
{
}

Result<QString> BackupArguments::secret(const QString& text, const QString& question)
{
    if (text == u"prompt") {
        const QString answer = hasTerminal() ? askTerminal(question + u": "_s, false) : QString();
        if (answer.isEmpty())
            return makeError(ErrorCode::Secret, u"Nothing was entered"_s, {}, u"Without a terminal use env:, file:, command: or keychain:"_s);
        return answer;
    }
    if (text.startsWith(u"file:")) {
        const Result<QByteArray> content = readWholeFile(text.mid(5), kMostKeyFile);
        if (!content)
            return content.error();
        return QString::fromUtf8(*content).section(u'\n', 0, 0);
    }
    const Result<SecretRef> reference = parseSecretRef(text);
    if (!reference)
        return reference.error();
    // The keychain and commands answer in the main thread's event loop.
    std::promise<Result<QString>> promise;
    std::future<Result<QString>> answer = promise.get_future();
    QMetaObject::invokeMethod(
        qApp,
        [&] {
            resolveSecret(*reference, m_secrets).then([&promise](const Result<QString>& found) { promise.set_value(found); });
        },
        Qt::QueuedConnection);
    return answer.get();
}

Result<std::shared_ptr<Host>> BackupArguments::hostNamed(const QString& destination)
{
    if (isThisMachine(destination))
        return std::shared_ptr<Host>(std::make_shared<LocalHost>(u"localhost"_s, &askSudo));
    Result<std::shared_ptr<SshHost>> host = sshHosts()->host(destination);
    if (!host)
        return host.error();
    return std::shared_ptr<Host>(*host);
}

std::shared_ptr<SshHosts> BackupArguments::sshHosts()
{
    if (!m_hosts)
        m_hosts = std::make_shared<SshHosts>(std::make_shared<ConsolePrompter>());
    return m_hosts;
}

Result<std::shared_ptr<HttpTunnel>> BackupArguments::tunnelTo(const QString& destination)
{
    if (isThisMachine(destination))
        return std::shared_ptr<HttpTunnel>();
    return SshTunnels(sshHosts()).tunnel(destination);
}

Result<std::shared_ptr<Host>> BackupArguments::host()
{
    return hostNamed(value(u"host"_s));
}

Result<std::unique_ptr<Repository>> BackupArguments::s3Repository(const QString& place)
{
    S3Options options;
    options.bucket = place.section(u'/', 0, 0);
    options.prefix = place.section(u'/', 1);
    while (options.prefix.endsWith(u'/'))
        options.prefix.chop(1);
    if (isSet(u"s3-endpoint"_s)) {
        const Result<QUrl> endpoint = webAddress(u"s3-endpoint"_s, value(u"s3-endpoint"_s));
        if (!endpoint)
            return endpoint.error();
        options.endpoint = *endpoint;
    }
    if (isSet(u"s3-region"_s))
        options.credentials.region = value(u"s3-region"_s).toUtf8();
    const Result<QString> key = secret(isSet(u"s3-key"_s) ? value(u"s3-key"_s) : u"env:AWS_ACCESS_KEY_ID"_s, u"Access key id"_s);
    if (!key)
        return key.error();
    const Result<QString> secretKey = secret(isSet(u"s3-secret"_s) ? value(u"s3-secret"_s) : u"env:AWS_SECRET_ACCESS_KEY"_s, u"Secret access key"_s);
    if (!secretKey)
        return secretKey.error();
    options.credentials.keyId = key->toUtf8();
    options.credentials.secret = SecretBytes(secretKey->toUtf8());
    return openS3Repository(options);
}

Result<std::unique_ptr<Repository>> BackupArguments::repository(bool make)
{
    const QString place = value(u"repository"_s);
    if (place.isEmpty())
        return makeError(ErrorCode::InvalidArgument, u"--repository says where the backups are"_s);
    if (place.startsWith(u"s3://"))
        return s3Repository(place.mid(5));
    if (!place.startsWith(u'/') && !place.startsWith(u'.') && place.contains(u":/")) {
        const Result<std::shared_ptr<Host>> host = hostNamed(place.section(u':', 0, 0));
        if (!host)
            return host.error();
        return openHostRepository(*host, QFile::encodeName(place.section(u':', 1)));
    }
    return openFolderRepository(place, make);
}

Result<ArchiveProtection> BackupArguments::protection()
{
    ArchiveProtection protection;
    if (isSet(u"passphrase"_s) && isSet(u"public-key"_s))
        return makeError(ErrorCode::InvalidArgument, u"Give a passphrase or a public key, not both"_s);
    if (isSet(u"public-key"_s)) {
        const Result<QByteArray> text = readWholeFile(value(u"public-key"_s), kMostKeyFile);
        if (!text)
            return text.error();
        const Result<QByteArray> key = parsePublicKey(*text);
        if (!key)
            return key.error();
        protection.method = ArchiveProtection::Method::PublicKey;
        protection.publicKey = *key;
    } else if (isSet(u"passphrase"_s)) {
        const Result<QString> passphrase = secret(value(u"passphrase"_s), u"Passphrase of the backup"_s);
        if (!passphrase)
            return passphrase.error();
        protection.method = ArchiveProtection::Method::Passphrase;
        protection.passphrase = SecretBytes(passphrase->toUtf8());
    }
    return protection;
}

Result<ArchiveKeys> BackupArguments::keys()
{
    ArchiveKeys keys;
    if (isSet(u"passphrase"_s)) {
        const Result<QString> passphrase = secret(value(u"passphrase"_s), u"Passphrase of the backup"_s);
        if (!passphrase)
            return passphrase.error();
        keys.passphrase = SecretBytes(passphrase->toUtf8());
    }
    if (isSet(u"secret-key"_s)) {
        const Result<QByteArray> text = readWholeFile(value(u"secret-key"_s), kMostKeyFile);
        if (!text)
            return text.error();
        const Result<SecretBytes> key = parseSecretKey(*text);
        if (!key)
            return key.error();
        keys.secretKey = *key;
    }
    return keys;
}

Result<RetentionPolicy> BackupArguments::retention()
{
    RetentionPolicy policy;
    for (const auto& [name, count] : {std::pair("keep-last", &policy.last), std::pair("keep-hourly", &policy.hourly),
                                      std::pair("keep-daily", &policy.daily), std::pair("keep-weekly", &policy.weekly),
                                      std::pair("keep-monthly", &policy.monthly), std::pair("keep-yearly", &policy.yearly)}) {
        const QString option = QString::fromLatin1(name);
        if (!isSet(option))
            continue;
        bool number = false;
        *count = value(option).toInt(&number);
        if (!number || *count < 0)
            return makeError(ErrorCode::InvalidArgument, u"--%1 takes a number"_s.arg(option));
    }
    if (isSet(u"keep-within"_s) && !parseWithin(value(u"keep-within"_s), policy.within))
        return makeError(ErrorCode::InvalidArgument, u"--keep-within takes a span such as 1y5m7d3h"_s);
    for (const QString& tags : values(u"keep-tag"_s))
        policy.tags.push_back(tags.split(u',', Qt::SkipEmptyParts));
    return policy.isEmpty() ? RetentionPolicy::standard() : policy;
}

Result<ScheduleSpec> BackupArguments::schedule()
{
    ScheduleSpec spec;
    spec.name = positional().value(0);
    if (isSet(u"calendar"_s))
        spec.calendar = value(u"calendar"_s);
    spec.user = value(u"user"_s);
    spec.environmentFile = value(u"environment-file"_s);
    if (isSet(u"metrics"_s))
        spec.metricFolder = value(u"metrics"_s);
    for (const QString& word : positional().mid(1))
        spec.command << word.toUtf8();
    // What is taken away needs none.
    if (isSet(u"remove"_s) && spec.command.isEmpty())
        spec.command << "true";
    if (const Status checked = checkSchedule(spec); !checked)
        return checked.error();
    return spec;
}

Result<RestoreOptions> BackupArguments::restore()
{
    RestoreOptions options;
    options.components = values(u"component"_s);
    options.asRoot = isSet(u"sudo"_s);
    options.allowOtherVersion = isSet(u"allow-version"_s);
    options.checkGolden = !isSet(u"skip-golden"_s);
    for (const QString& path : values(u"path"_s)) {
        const Result<QByteArray> bytes = textToBytes(path.endsWith(u'/') ? path.chopped(1) : path);
        if (!bytes)
            return bytes.error();
        options.paths << *bytes;
    }
    for (const QString& kind : {u"prometheus"_s, u"alertmanager"_s}) {
        if (!isSet(kind))
            continue;
        const Result<QUrl> url = webAddress(kind, value(kind));
        if (!url)
            return url.error();
        options.targets[kind].url = *url;
        const Result<std::shared_ptr<HttpTunnel>> tunnel = tunnelTo(value(u"host"_s));
        if (!tunnel)
            return tunnel.error();
        options.targets[kind].http.tunnel = *tunnel;
    }
    for (const QString& text : values(u"into"_s)) {
        const Result<NamedValue> named = namedValue(u"into"_s, text);
        if (!named)
            return named.error();
        const Result<QByteArray> root = absolute(u"into"_s, named->value);
        if (!root)
            return root.error();
        options.targets[named->name.section(u'/', 0, 0)].roots[named->name.section(u'/', 1)] = *root;
    }
    for (const QString& option : {u"stop"_s, u"start"_s, u"service"_s}) {
        for (const QString& text : values(option)) {
            const Result<NamedValue> named = namedValue(option, text);
            if (!named)
                return named.error();
            RestoreTarget& target = options.targets[named->name];
            QList<QByteArray> words;
            for (const QString& word : QProcess::splitCommand(named->value))
                words << word.toUtf8();
            if (option == u"service") {
                target.stop = {"systemctl", "stop", named->value.toUtf8()};
                target.start = {"systemctl", "start", named->value.toUtf8()};
            } else {
                (option == u"stop" ? target.stop : target.start) = words;
            }
        }
    }
    return options;
}

Result<std::vector<ComponentSpec>> BackupArguments::components()
{
    std::vector<ComponentSpec> out;
    const auto start = [&](const QString& id, const QString& kind) -> ComponentSpec& {
        ComponentSpec spec;
        spec.id = id.toLower();
        spec.kind = kind;
        spec.name = id;
        spec.asRoot = isSet(u"sudo"_s);
        out.push_back(std::move(spec));
        return out.back();
    };
    const auto tree = [&](ComponentSpec& spec, const QString& option, const QString& name) -> Status {
        if (!isSet(option))
            return Done {};
        const Result<QByteArray> root = absolute(option, value(option));
        if (!root)
            return root.error();
        spec.trees.push_back({name, *root, {}, {}});
        return Done {};
    };
    for (const QString& kind : {u"prometheus"_s, u"alertmanager"_s, u"grafana"_s}) {
        if (!isSet(kind) && !isSet(kind + u"-config"_s) && !isSet(kind + u"-files"_s))
            continue;
        ComponentSpec& spec = start(kind, kind);
        if (isSet(kind)) {
            const Result<QUrl> url = webAddress(kind, value(kind));
            if (!url)
                return url.error();
            spec.url = *url;
        }
        if (kind == u"grafana") {
            int number = 0;
            for (const QString& path : values(u"grafana-files"_s)) {
                const Result<QByteArray> root = absolute(u"grafana-files"_s, path);
                if (!root)
                    return root.error();
                spec.trees.push_back({u"files-%1"_s.arg(++number), *root, {}, {}});
            }
            if (isSet(u"grafana-token"_s)) {
                const Result<QString> token = secret(value(u"grafana-token"_s), u"Token of Grafana"_s);
                if (!token)
                    return token.error();
                spec.http.headers.append({"Authorization", "Bearer " + token->toUtf8()});
            }
            continue;
        }
        if (const Status config = tree(spec, kind + u"-config"_s, u"config"_s); !config)
            return config.error();
        if (kind == u"alertmanager") {
            if (const Status data = tree(spec, u"alertmanager-data"_s, u"data"_s); !data)
                return data.error();
            continue;
        }
        const QString how = isSet(u"tsdb"_s) ? value(u"tsdb"_s) : isSet(kind) ? u"snapshot"_s : u"none"_s;
        if (how != u"snapshot" && how != u"blocks" && how != u"none")
            return makeError(ErrorCode::InvalidArgument, u"--tsdb takes snapshot, blocks or none"_s);
        spec.tsdb = how == u"snapshot" ? ComponentSpec::Tsdb::Snapshot
            : how == u"blocks"         ? ComponentSpec::Tsdb::Blocks
                                       : ComponentSpec::Tsdb::None;
        spec.goldenQueries = values(u"golden"_s);
        if (isSet(u"prometheus-data"_s)) {
            const Result<QByteArray> data = absolute(u"prometheus-data"_s, value(u"prometheus-data"_s));
            if (!data)
                return data.error();
            spec.dataFolder = *data;
        }
    }
    for (const QString& option : {u"files"_s, u"volume"_s, u"dump"_s}) {
        for (const QString& text : values(option)) {
            const Result<NamedValue> named = namedValue(option, text);
            if (!named)
                return named.error();
            ComponentSpec& spec = start(named->name, option);
            if (option == u"dump") {
                DumpSpec dump {"output", {}};
                for (const QString& word : QProcess::splitCommand(named->value))
                    dump.argv << word.toUtf8();
                spec.dumps.push_back(std::move(dump));
                continue;
            }
            TreeSpec folder {u"files"_s, {}, {}, {}};
            if (option == u"volume") {
                folder.dockerVolume = named->value;
            } else {
                const Result<QByteArray> root = absolute(option, named->value);
                if (!root)
                    return root.error();
                folder.root = *root;
            }
            spec.trees.push_back(std::move(folder));
        }
    }
    if (out.empty())
        return makeError(ErrorCode::InvalidArgument, u"Nothing is named that could be backed up"_s, {},
                         u"Give --prometheus, --alertmanager, --grafana, --files, --volume or --dump"_s);
    const Result<std::shared_ptr<HttpTunnel>> tunnel = tunnelTo(value(u"host"_s));
    if (!tunnel)
        return tunnel.error();
    for (ComponentSpec& spec : out)
        spec.http.tunnel = *tunnel;
    return out;
}

} // namespace Promdeck::Cli
