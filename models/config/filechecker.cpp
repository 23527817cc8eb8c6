#include "models/config/filechecker.h"
#include "models/config/crossfile.h"
#include "models/config/lint/lint.h"
#include "models/config/lint/rulelint.h"
#include "models/config/rules/notificationtemplates.h"
#include "models/config/rules/rules.h"
#include "models/core/files.h"
#include "models/core/json.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>
#include <thread>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

struct KindSetup
{
    const char* root;
    YamlDialect dialect;
    const CheckRules& (*rules)();
};

/// How a kind is read; nothing for kinds that are checked elsewhere.
std::optional<KindSetup> setupOf(FileKind kind)
{
    switch (kind) {
    case FileKind::Prometheus: return KindSetup {"prometheus.Config", YamlDialect::V2, prometheusRules};
    case FileKind::ScrapeConfigs: return KindSetup {"prometheus.ScrapeConfigs", YamlDialect::V2, prometheusRules};
    case FileKind::Rules: return KindSetup {"rules.RuleGroups", YamlDialect::V3, ruleFileRules};
    case FileKind::RuleTest: return KindSetup {"rules.UnitTestFile", YamlDialect::V2, ruleTestRules};
    case FileKind::Alertmanager: return KindSetup {"alertmanager.Config", YamlDialect::V2, alertmanagerRules};
    case FileKind::FileSd: return KindSetup {"prometheus.TargetGroup", YamlDialect::V2, fileSdRules};
    case FileKind::Blackbox: return KindSetup {"blackbox.Config", YamlDialect::V3, blackboxRules};
    case FileKind::Web: return KindSetup {"web.Config", YamlDialect::V2, webRules};
    case FileKind::Workspace: return KindSetup {"promdeck.Workspace", YamlDialect::V3, workspaceRules};
    default: return {};
    }
}

void lintFile(FileKind kind, Checker& checker, RuleLint* ruleLint)
{
    if (kind == FileKind::Rules) {
        lintDuplicateRules(checker.root(), checker);
        if (ruleLint)
            ruleLint->finish();
        applySuppressions(checker.document(), checker.diagnostics());
    } else if (kind == FileKind::Prometheus || kind == FileKind::ScrapeConfigs) {
        lintScrapeIntervals(checker.root(), checker);
    }
}

std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

/// JSON is read with Go's JSON reader, which is stricter than YAML about syntax; false when it does not parse.
bool checkJsonSyntax(const QByteArray& text, const YamlDocument& document, Diagnostics& out)
{
    const Result<Json> parsed = Json::parse(text);
    if (parsed)
        return true;
    Diagnostic problem;
    problem.code = u"json/syntax"_s;
    problem.message = parsed.error().summary;
    problem.hint = parsed.error().hint;
    const SourceRange& where = parsed.error().where;
    std::size_t offset = 0;
    for (int line = 1; line < where.line && offset < std::size_t(text.size()); ++line) {
        const qsizetype next = text.indexOf('\n', qsizetype(offset));
        offset = next < 0 ? std::size_t(text.size()) : std::size_t(next) + 1;
    }
    offset += std::size_t(std::max(0, where.column - 1));
    problem.span = {document.posAt(offset), document.posAt(offset + 1)};
    out.push_back(std::move(problem));
    return false;
}

bool comesBefore(const Diagnostic& a, const Diagnostic& b)
{
    return a.span.start.offset < b.span.start.offset;
}

QString canonical(const QString& path)
{
    const QString resolved = QFileInfo(path).canonicalFilePath();
    return resolved.isEmpty() ? QDir::cleanPath(path) : resolved;
}

} // namespace

int FileReport::count(Severity severity) const
{
    return int(std::count_if(diagnostics.begin(), diagnostics.end(),
                             [severity](const Diagnostic& one) { return one.severity == severity; }));
}

Result<QByteArray> FileSource::read(const QString& path) const
{
    return readWholeFile(path);
}

bool FileSource::exists(const QString& path) const
{
    return QFileInfo::exists(path);
}

QStringList FileSource::glob(const QString& pattern) const
{
    static const QRegularExpression special(u"[*?\\[]"_s);
    const qsizetype wildcard = pattern.indexOf(special);
    if (wildcard < 0)
        return exists(pattern) ? QStringList {pattern} : QStringList();
    const qsizetype slash = pattern.lastIndexOf(u'/', wildcard);
    const qsizetype partEnd = pattern.indexOf(u'/', wildcard);
    const QString folder = slash < 0 ? QString() : pattern.left(slash + 1);
    const QString part = pattern.mid(slash + 1, partEnd < 0 ? -1 : partEnd - slash - 1);
    const QString rest = partEnd < 0 ? QString() : pattern.mid(partEnd);
    QStringList out;
    const QDir dir(folder.isEmpty() ? u"."_s : folder);
    const QRegularExpression expression(QRegularExpression::wildcardToRegularExpression(part));
    for (const QString& entry : dir.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name)) {
        if (expression.match(entry).hasMatch())
            out += rest.isEmpty() ? QStringList {folder + entry} : glob(folder + entry + rest);
    }
    return out;
}

bool isGlobPattern(std::string_view pattern)
{
    std::size_t at = 0;
    // One character of a set, perhaps escaped; false where there is none.
    const auto takeOne = [&] {
        if (at >= pattern.size() || pattern[at] == '-' || pattern[at] == ']')
            return false;
        at += pattern[at] == '\\' ? 2 : 1;
        return at < pattern.size(); // the set has to end behind it
    };
    while (at < pattern.size()) {
        if (pattern[at] == '\\') {
            if (++at >= pattern.size())
                return false;
            ++at;
            continue;
        }
        if (pattern[at++] != '[')
            continue;
        if (at < pattern.size() && pattern[at] == '^')
            ++at;
        for (bool first = true; first || at >= pattern.size() || pattern[at] != ']'; first = false) {
            if (!takeOne())
                return false;
            if (pattern[at] == '-') {
                ++at;
                if (!takeOne())
                    return false;
            }
        }
        ++at;
    }
    return true;
}

QString resolvePath(const QString& folder, const QString& name)
{
    if (name.isEmpty() || QDir::isAbsolutePath(name) || folder.isEmpty() || folder == u".")
        return name;
    return folder + u'/' + name;
}

FileChecker::FileChecker(CheckOptions options, const FileSource* source)
    : m_options(std::move(options)), m_source(source ? source : &m_disk)
{
}

FileChecker::~FileChecker() = default;

bool FileChecker::wasChecked(const QString& path) const
{
    return m_checked.contains(canonical(path));
}

std::optional<FileKind> FileChecker::checkedAs(const QString& path) const
{
    const auto found = m_checked.find(canonical(path));
    return found == m_checked.end() ? std::nullopt : std::optional<FileKind>(m_reports[found->second].kind);
}

Status FileChecker::checkFile(const QString& path, std::optional<FileKind> kind)
{
    const Result<QByteArray> text = m_source->read(path);
    if (!text)
        return text.error();
    if (wasChecked(path))
        return Done {};
    const bool isTemplate = kind ? *kind == FileKind::Template : path.endsWith(u".tmpl", Qt::CaseInsensitive);
    const YamlDocument document = YamlDocument::parse(isTemplate ? std::string_view() : view(*text));
    if (!kind) {
        const FileKind guessed = guessKind(path, document);
        if (guessed == FileKind::Unknown)
            return makeError(ErrorCode::Syntax, u"cannot tell what kind of configuration this is"_s, {},
                             u"name it with --kind"_s);
        kind = guessed;
    }
    add(path, *text, *kind, document);
    return Done {};
}

void FileChecker::addFindings(const QString& path, Diagnostics findings)
{
    const auto found = m_checked.find(canonical(path));
    if (found == m_checked.end())
        return;
    Diagnostics& all = m_reports[found->second].diagnostics;
    std::move(findings.begin(), findings.end(), std::back_inserter(all));
    std::stable_sort(all.begin(), all.end(), comesBefore);
}

void FileChecker::checkText(const QString& path, const QByteArray& text, FileKind kind)
{
    add(path, text, kind, YamlDocument::parse(view(text)));
}

void FileChecker::add(const QString& path, const QByteArray& text, FileKind kind, const YamlDocument& document)
{
    const auto [known, isNew] = m_checked.try_emplace(canonical(path), m_reports.size());
    if (!isNew)
        return;
    const std::size_t index = m_reports.size();
    m_reports.push_back({path, kind, text, {}});
    Diagnostics found = run(path, text, document, kind, m_options);
    m_reports[index].diagnostics = std::move(found);
}

void FileChecker::checkScrapeConfigs(const QString& path, const QByteArray& text, const StructView& global)
{
    const auto [known, isNew] = m_checked.try_emplace(canonical(path), m_reports.size());
    const std::size_t index = known->second;
    if (isNew)
        m_reports.push_back({path, FileKind::ScrapeConfigs, text, {}});
    CheckOptions options = m_options;
    options.global = &global;
    Diagnostics found = run(path, text, YamlDocument::parse(view(text)), FileKind::ScrapeConfigs, options);
    m_reports[index].kind = FileKind::ScrapeConfigs;
    m_reports[index].diagnostics = std::move(found);
}

namespace {

// Fewer rules are checked before a thread has begun.
constexpr std::size_t kGroupsWorthThreads = 8;
constexpr qsizetype kBytesWorthThreads = 200000;
constexpr unsigned kMostThreads = 4;

void tellLint(Checker& checker, RuleLint& lint)
{
    checker.onExpression = [&lint](const StructView& rule, const YamlNode& expression, const Promql::ParseResult& parsed) {
        lint.rule(rule, expression, parsed);
    };
}

/// The groups of a large rule file, some for each thread. Groups know nothing of each other until all are checked, so
/// that the findings are the same, in the same order.
void checkGroupsAtOnce(Checker& checker, RuleLint* lint, const YamlNode& list, const TypeRef& type, unsigned threads)
{
    struct Share
    {
        explicit Share(Checker branch) : checker(std::move(branch)) {}
        Checker checker;
        std::optional<RuleLint> lint;
    };
    std::vector<std::unique_ptr<Share>> shares;
    std::vector<std::thread> running;
    for (unsigned i = 0; i < threads; ++i) {
        Share& share = *shares.emplace_back(std::make_unique<Share>(checker.branch()));
        if (lint)
            tellLint(share.checker, share.lint.emplace(share.checker));
        const auto work = [&share, &list, &type, begin = list.items.size() * i / threads, end = list.items.size() * (i + 1) / threads] {
            share.checker.checkItems(list, begin, end, type);
        };
        if (i + 1 < threads)
            running.emplace_back(work);
        else
            work();
    }
    for (std::thread& thread : running)
        thread.join();
    for (const auto& share : shares) {
        for (Diagnostic& one : share->checker.diagnostics())
            checker.add(std::move(one));
        if (lint)
            lint->absorb(std::move(*share->lint));
    }
}

} // namespace

Diagnostics FileChecker::run(const QString& path, const QByteArray& text, const YamlDocument& document, FileKind kind,
                             const CheckOptions& given)
{
    if (kind == FileKind::Template)
        return checkTemplateFile(view(text), given);
    const std::optional<KindSetup> setup = setupOf(kind);
    if (!setup)
        return {};
    Diagnostics found;
    const bool json = kind == FileKind::FileSd && path.endsWith(u".json", Qt::CaseInsensitive);
    if (!json || checkJsonSyntax(text, document, found)) {
        CheckOptions options = given;
        options.json = json;
        Checker checker(document, setup->dialect, setup->rules(), options);
        std::unique_ptr<RuleLint> ruleLint;
        if (kind == FileKind::Rules && options.lint) {
            ruleLint = std::make_unique<RuleLint>(checker);
            tellLint(checker, *ruleLint);
        }
        const unsigned threads = std::min(kMostThreads, std::thread::hardware_concurrency());
        if (kind == FileKind::Rules && text.size() > kBytesWorthThreads && threads > 1 && !document.hasAliases()) {
            checker.takeList = [&checker, &ruleLint, threads](const YamlNode& list, const TypeRef& type) {
                const bool groups = type.element->target && type.element->target->name == "rules.RuleGroup" && list.items.size() >= kGroupsWorthThreads;
                if (groups)
                    checkGroupsAtOnce(checker, ruleLint.get(), list, type, threads);
                return groups;
            };
        }
        if (kind == FileKind::FileSd)
            checker.checkRootList(setup->root);
        else
            checker.checkRoot(setup->root);
        if (checker.isReadable()) {
            checkReferences(kind, path, checker, *this);
            if (options.lint)
                lintFile(kind, checker, ruleLint.get());
        }
        found = std::move(checker.diagnostics());
    }
    std::stable_sort(found.begin(), found.end(), comesBefore);
    return found;
}

} // namespace Promdeck::Config
