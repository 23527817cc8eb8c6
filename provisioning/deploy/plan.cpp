#include "provisioning/deploy/plan.h"

#include "provisioning/deploy/planchecks.h"

#include <QFile>

#include <algorithm>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;
using Config::FileKind;
using Config::Severity;

namespace {

QString name(const QByteArray& path)
{
    return QFile::decodeName(path);
}

/// Rules before what refers to them; discovery files last, because a rename alone activates their targets.
int orderOf(const FileChange& change, const QByteArray& main)
{
    if (change.kind == FileKind::FileSd)
        return 3;
    if (change.path == main)
        return 2;
    return change.kind == FileKind::Rules ? 0 : 1;
}

bool sameMode(const QString& wanted, const QByteArray& has)
{
    return wanted.isEmpty() || wanted.toInt(nullptr, 8) == has.toInt(nullptr, 8);
}

bool sameAttributes(const RenderedFile& file, const LiveFile& live)
{
    return sameMode(file.mode, live.mode) && (file.owner.isEmpty() || file.owner.toUtf8() == live.owner) && (file.group.isEmpty() || file.group.toUtf8() == live.group);
}

const OwnedFile* ownedAt(const UnitSnapshot& snapshot, const QByteArray& path)
{
    for (const OwnedFile& file : snapshot.owned) {
        if (file.path == path && file.hash != "-")
            return &file;
    }
    return nullptr;
}

void compareFiles(UnitPlan& plan, bool purge)
{
    for (std::size_t i = 0; i < plan.files.size(); ++i) {
        const RenderedFile& file = plan.files[i];
        const LiveFile& live = plan.snapshot.files[i];
        const bool there = live.kind == LiveFile::Kind::File;
        const QByteArray hash = file.hash();
        if (there && live.hash == hash && sameAttributes(file, live))
            continue;
        FileChange change;
        change.path = file.path;
        change.source = file.source;
        change.oldHash = there ? live.hash : QByteArray("-");
        change.newHash = hash;
        change.action = !there ? FileChange::Action::Create : live.hash == hash ? FileChange::Action::Attributes : FileChange::Action::Change;
        change.mode = file.mode.isEmpty() && !there ? u"0640"_s : file.mode;
        change.owner = file.owner;
        change.group = file.group;
        change.inPlace = file.inPlace && there;
        const OwnedFile* owned = ownedAt(plan.snapshot, file.path);
        change.edited = owned && live.hash != owned->hash;
        change.kind = kindOfContent(file.path, file.content);
        plan.changes.push_back(change);
    }
    if (!purge)
        return;
    for (const OwnedFile& owned : plan.snapshot.owned) {
        const bool wanted = std::any_of(plan.files.begin(), plan.files.end(), [&](const RenderedFile& file) { return file.path == owned.path; });
        if (wanted || owned.hash == "-" || owned.live.kind != LiveFile::Kind::File)
            continue;
        FileChange change;
        change.action = FileChange::Action::Remove;
        change.path = owned.path;
        change.oldHash = owned.live.hash;
        change.edited = owned.live.hash != owned.hash;
        plan.changes.push_back(change);
    }
}

/// Contents of what changes, from the host; for the diff.
void readOld(HostAgent& agent, UnitPlan& plan, std::map<QByteArray, QByteArray>& old, const CancelToken& cancel)
{
    QList<QByteArray> wanted;
    for (const FileChange& change : plan.changes) {
        if (change.oldHash != "-" && change.oldHash != "unreadable")
            wanted << change.path;
    }
    // What removed or unchanged files held counts for the comparison of targets.
    const Result<std::map<QByteArray, QByteArray>> contents = agent.read(wanted, cancel);
    if (contents)
        old = *contents;
    else
        plan.findings.push_back({Severity::Warning, u"host/unreadable"_s, u"The present files could not be read: %1"_s.arg(contents.error().summary), {}, {}, 0, 0});
}

void describe(UnitPlan& plan, const std::map<QByteArray, QByteArray>& old, const SecretValues& secrets)
{
    SecretMask mask(secrets);
    for (FileChange& change : plan.changes) {
        const auto before = old.find(change.path);
        const QByteArray was = before == old.end() ? QByteArray() : before->second;
        QByteArray is;
        for (const RenderedFile& file : plan.files) {
            if (file.path == change.path)
                is = file.content;
        }
        if (change.action == FileChange::Action::Remove)
            change.kind = kindOfContent(change.path, was);
        if (change.action != FileChange::Action::Attributes && !plan.fromRelease.isEmpty() && is.isEmpty() && change.action != FileChange::Action::Remove)
            continue;
        change.diff = unifiedDiffOf(mask, was, is);
        change.semantic = semanticDiff(change.kind, was, is);
    }
}

void addEditedFindings(UnitPlan& plan, bool overwrite)
{
    for (const FileChange& change : plan.changes) {
        if (!change.edited)
            continue;
        PlanFinding finding {overwrite ? Severity::Warning : Severity::Error, u"host/edited"_s, u"%1 was changed on the host since it was deployed"_s.arg(name(change.path)),
                             u"promdeck drift shows how; --overwrite-edits replaces it and keeps a copy"_s, name(change.path), 0, 0};
        plan.findings.push_back(finding);
    }
    if (!plan.snapshot.release.isEmpty()) {
        for (const FileChange& change : plan.changes) {
            if (change.action == FileChange::Action::Change && !ownedAt(plan.snapshot, change.path))
                plan.findings.push_back({Severity::Warning, u"host/foreign"_s, u"%1 is there already and was not ours; it is kept as the version before"_s.arg(name(change.path)), {}, name(change.path), 0, 0});
        }
    }
}

void sortChanges(UnitPlan& plan, const WorkspaceUnit& unit)
{
    const QByteArray main = QFile::encodeName(Workspace::liveFolder(unit) + u'/' + unit.config);
    std::stable_sort(plan.changes.begin(), plan.changes.end(), [&](const FileChange& a, const FileChange& b) { return orderOf(a, main) < orderOf(b, main); });
}

/// Whether a transaction is open that nobody is at work on.
bool leftOpen(const UnitSnapshot& snapshot)
{
    const bool locked = snapshot.lock && snapshot.lock->takenAt + snapshot.lock->leaseS > snapshot.now;
    return std::any_of(snapshot.transactions.begin(), snapshot.transactions.end(), [&](const HostTransaction& one) {
        const bool begun = one.state == u"new" || one.state == u"prepared";
        return one.state == u"rollingback" || (one.state == u"armed" && one.deadline <= snapshot.now) || (begun && !locked);
    });
}

/// Looks at the host and the server. False when there is nothing to go on with.
bool look(HostAgent& agent, UnitPlan& plan, const CancelToken& cancel)
{
    QList<QByteArray> paths;
    for (const RenderedFile& file : plan.files)
        paths << file.path;
    const Result<UnitSnapshot> snapshot = agent.inspect(paths, cancel);
    if (!snapshot) {
        plan.unreachable = snapshot.error();
        return false;
    }
    plan.snapshot = *snapshot;
    if (leftOpen(plan.snapshot)) {
        // A crash left the files between two versions, or with the wrong one: that is put in order before anything is
        // compared with them.
        const Result<AgentAnswer> recovered = agent.call("recover", {}, cancel);
        const Result<UnitSnapshot> again = recovered ? agent.inspect(paths, cancel) : Result<UnitSnapshot>(recovered.error());
        if (!again) {
            plan.unreachable = again.error();
            return false;
        }
        plan.snapshot = *again;
        plan.findings.push_back({Severity::Info, u"host/recovered"_s, u"A deployment that was left open on the host was brought to its end"_s, {}, {}, 0, 0});
    }
    if (plan.snapshot.files.size() != plan.files.size()) {
        plan.unreachable = makeError(ErrorCode::Unsupported, u"The host's answer is incomplete"_s);
        return false;
    }
    const QList<QByteArray> urls = stateUrls(agent.unit());
    if (!urls.isEmpty()) {
        const Result<std::vector<HttpReply>> replies = agent.get(urls, cancel);
        if (!replies) {
            plan.unreachable = replies.error();
            return false;
        }
        plan.server = readState(agent.unit(), *replies);
    }
    return true;
}

std::map<QByteArray, QByteArray> candidateOf(const UnitPlan& plan)
{
    std::map<QByteArray, QByteArray> out;
    for (const RenderedFile& file : plan.files)
        out[file.path] = file.content;
    return out;
}

QList<QByteArray> removedBy(const UnitPlan& plan)
{
    QList<QByteArray> out;
    for (const FileChange& change : plan.changes) {
        if (change.action == FileChange::Action::Remove)
            out << change.path;
    }
    return out;
}

/// Everything behind the comparison.
void examine(HostAgent& agent, UnitPlan& plan, const SecretValues& secrets, const PlanOptions& options, const CancelToken& cancel)
{
    sortChanges(plan, agent.unit());
    plan.expected = expectedState(agent.unit(), candidateOf(plan), removedBy(plan));
    addEditedFindings(plan, options.overwriteEdits);
    checkHost(agent.unit(), plan);
    if (options.engineValidation)
        checkWithEngine(agent.unit(), plan, secrets);
    if (plan.changes.empty() || plan.refused())
        return;
    std::map<QByteArray, QByteArray> old;
    readOld(agent, plan, old, cancel);
    describe(plan, old, secrets);
    if (options.hostValidation)
        checkOnHost(agent, plan, secrets, cancel);
    estimateBlast(agent, plan, old, cancel);
}

} // namespace

bool UnitPlan::refused() const
{
    return unreachable || std::any_of(findings.begin(), findings.end(), [](const PlanFinding& one) { return one.severity == Severity::Error; });
}

bool DeployPlan::refused() const
{
    return std::any_of(units.begin(), units.end(), [](const UnitPlan& one) { return one.refused(); });
}

bool DeployPlan::changesAnything() const
{
    return std::any_of(units.begin(), units.end(), [](const UnitPlan& one) { return one.changesAnything(); });
}

QByteArray DeployPlan::hash() const
{
    QByteArray text;
    for (const UnitPlan& unit : units) {
        text += unit.host.toUtf8() + '\0' + unit.unit.toUtf8() + '\0' + unit.snapshot.release.toUtf8() + '\0' + unit.fromRelease.toUtf8() + '\0';
        text += planLines(unit) + manifestLines(unit);
    }
    return sha256Hex(text);
}

UnitPlan planUnit(HostAgent& agent, const Workspace& workspace, const SecretValues& secrets, const PlanOptions& options, const CancelToken& cancel)
{
    UnitPlan plan;
    plan.host = agent.spec().name;
    plan.unit = agent.unit().name;
    Result<std::vector<RenderedFile>> files = renderUnit(workspace, agent.unit(), secrets);
    if (!files) {
        const SourceRange where = files.error().where;
        plan.findings.push_back({Severity::Error, u"workspace/files"_s, files.error().summary, files.error().hint, where.file, where.line, where.column});
        return plan;
    }
    plan.files = *std::move(files);
    if (!look(agent, plan, cancel))
        return plan;
    compareFiles(plan, agent.unit().purge);
    examine(agent, plan, secrets, options, cancel);
    return plan;
}

UnitPlan planRollback(HostAgent& agent, const Workspace& workspace, const SecretValues& secrets, const QString& release, const CancelToken& cancel)
{
    Q_UNUSED(workspace)
    UnitPlan plan;
    plan.host = agent.spec().name;
    plan.unit = agent.unit().name;
    plan.fromRelease = release;
    if (!look(agent, plan, cancel))
        return plan;
    const bool known = std::any_of(plan.snapshot.transactions.begin(), plan.snapshot.transactions.end(),
                                   [&](const HostTransaction& one) { return one.id == release && one.state == u"committed"; });
    if (!known) {
        plan.findings.push_back({Severity::Error, u"release/unknown"_s, u"The host has no release %1"_s.arg(release), u"promdeck rollback without --to lists them"_s, {}, 0, 0});
        return plan;
    }
    const QByteArray folder = agent.transactionFolder(release);
    const Result<std::map<QByteArray, QByteArray>> manifest = agent.read({folder + "/files"}, cancel);
    if (!manifest || manifest->empty()) {
        plan.findings.push_back({Severity::Error, u"release/unreadable"_s, u"Release %1 cannot be read"_s.arg(release), {}, {}, 0, 0});
        return plan;
    }
    QList<QByteArray> contents;
    std::vector<QByteArray> absent;
    for (const QByteArray& line : manifest->begin()->second.split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        if (words.size() < 6)
            continue;
        RenderedFile file;
        file.path = decodePath(words.at(5));
        if (words.at(1) == "-") {
            absent.push_back(file.path);
            continue;
        }
        const auto text = [&](int i) { return words.at(i) == "-" ? QString() : QString::fromUtf8(words.at(i)); };
        file.mode = text(2);
        file.owner = text(3);
        file.group = text(4);
        file.source = u"release %1"_s.arg(release);
        contents << folder + "/stage/" + words.at(0);
        plan.files.push_back(file);
    }
    const Result<std::map<QByteArray, QByteArray>> old = agent.read(contents, cancel);
    if (!old || old->size() != std::size_t(contents.size())) {
        plan.findings.push_back({Severity::Error, u"release/unreadable"_s, u"The files of release %1 cannot be read"_s.arg(release), {}, {}, 0, 0});
        return plan;
    }
    for (std::size_t i = 0; i < plan.files.size(); ++i)
        plan.files[i].content = old->at(contents.at(qsizetype(i)));
    std::sort(plan.files.begin(), plan.files.end(), [](const RenderedFile& a, const RenderedFile& b) { return a.path < b.path; });
    if (!look(agent, plan, cancel))
        return plan;
    compareFiles(plan, true);
    PlanOptions options;
    options.overwriteEdits = true;
    options.engineValidation = false; // it was in effect here once: the host's own tool has the word
    examine(agent, plan, secrets, options, cancel);
    return plan;
}

QByteArray planLines(const UnitPlan& plan)
{
    QByteArray out;
    const auto word = [](const QString& text) { return text.isEmpty() ? QByteArray("-") : text.toUtf8(); };
    for (std::size_t i = 0; i < plan.changes.size(); ++i) {
        const FileChange& change = plan.changes[i];
        const bool remove = change.action == FileChange::Action::Remove;
        // The number is that of the file's content; what goes has none and comes behind them.
        std::size_t index = plan.files.size() + i;
        for (std::size_t k = 0; k < plan.files.size() && !remove; ++k) {
            if (plan.files[k].path == change.path)
                index = k;
        }
        out += (remove ? "del " : "put ") + QByteArray::number(qulonglong(index)) + ' ' + change.oldHash + ' ' + change.newHash + ' ' + word(change.mode) + ' '
            + word(change.owner) + ' ' + word(change.group) + (change.inPlace ? " inplace " : " rename ") + encodePath(change.path) + '\n';
    }
    return out;
}

QByteArray manifestLines(const UnitPlan& plan)
{
    QByteArray out;
    const auto word = [](const QString& text) { return text.isEmpty() ? QByteArray("-") : text.toUtf8(); };
    for (std::size_t i = 0; i < plan.files.size(); ++i) {
        const RenderedFile& file = plan.files[i];
        out += QByteArray::number(qulonglong(i)) + ' ' + file.hash() + ' ' + word(file.mode) + ' ' + word(file.owner) + ' ' + word(file.group) + ' ' + encodePath(file.path) + '\n';
    }
    return out;
}

} // namespace Promdeck::Deploy
