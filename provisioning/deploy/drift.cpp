#include "provisioning/deploy/drift.h"

#include "models/core/files.h"
#include "models/core/json.h"
#include "provisioning/deploy/planchecks.h"
#include "provisioning/deploy/textdiff.h"

#include <QFile>

#include <algorithm>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;
using State = FileTruth::State;

namespace {

State stateOf(const FileTruth& file)
{
    const bool wanted = file.intended != "-";
    const bool deployed = file.deployed != "-";
    const bool there = file.onDisk != "-";
    if (wanted && file.onDisk == file.intended)
        return State::Same;
    if (!deployed)
        return there ? State::Foreign : State::NotDeployed;
    if (!there)
        return wanted ? State::Missing : State::Same;
    if (!wanted)
        return file.onDisk == file.deployed ? State::Dropped : State::Conflict;
    if (file.onDisk == file.deployed)
        return State::Pending;
    return file.intended == file.deployed ? State::Edited : State::Conflict;
}

std::vector<FileTruth> truths(const std::vector<RenderedFile>& files, const UnitSnapshot& snapshot)
{
    std::vector<FileTruth> out;
    for (std::size_t i = 0; i < files.size() && i < snapshot.files.size(); ++i) {
        FileTruth one;
        one.path = files[i].path;
        one.source = files[i].source;
        one.intended = files[i].hash();
        one.onDisk = snapshot.files[i].kind == LiveFile::Kind::File ? snapshot.files[i].hash : QByteArray("-");
        for (const OwnedFile& owned : snapshot.owned) {
            if (owned.path == one.path)
                one.deployed = owned.hash;
        }
        one.state = stateOf(one);
        out.push_back(one);
    }
    for (const OwnedFile& owned : snapshot.owned) {
        const bool known = std::any_of(out.begin(), out.end(), [&](const FileTruth& one) { return one.path == owned.path; });
        if (known || owned.hash == "-")
            continue;
        FileTruth one;
        one.path = owned.path;
        one.deployed = owned.hash;
        one.onDisk = owned.live.kind == LiveFile::Kind::File ? owned.live.hash : QByteArray("-");
        one.state = stateOf(one);
        out.push_back(one);
    }
    return out;
}

/// Holds what runs against what is on disk.
void compareLoaded(HostAgent& agent, UnitDrift& out, const CancelToken& cancel)
{
    const QList<QByteArray> urls = stateUrls(agent.unit());
    if (urls.isEmpty())
        return;
    const Result<std::vector<HttpReply>> replies = agent.get(urls, cancel);
    if (!replies)
        return;
    const ServerState state = readState(agent.unit(), *replies);
    if (!state.answers)
        return;
    QList<QByteArray> paths;
    for (const FileTruth& file : out.files) {
        if (file.onDisk != "-" && file.onDisk != "unreadable")
            paths << file.path;
    }
    const Result<std::map<QByteArray, QByteArray>> disk = agent.read(paths, cancel);
    if (!disk)
        return;
    out.loadedKnown = true;
    out.loaded = loadedProblems(agent.unit(), expectedState(agent.unit(), *disk, {}), state);
    if (state.reloadSuccessful && !*state.reloadSuccessful)
        out.loaded << u"its last reload failed"_s;
}

/// Lines with their ends, so that nothing is lost when they are put together again.
std::vector<QByteArray> linesOf(const QByteArray& text)
{
    std::vector<QByteArray> out;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype end = text.indexOf('\n', at);
        const qsizetype next = end < 0 ? text.size() : end + 1;
        out.push_back(text.mid(at, next - at));
        at = next;
    }
    return out;
}

/// For every line of the base, the line of the other side that it became; -1 = none.
std::vector<int> matchesOf(const QByteArray& base, const QByteArray& other, std::size_t lines)
{
    std::vector<int> out(lines, -1);
    for (const DiffLine& line : diffLines(base, other)) {
        if (line.kind == DiffLine::Kind::Same && std::size_t(line.oldLine) <= lines)
            out[std::size_t(line.oldLine - 1)] = line.newLine - 1;
    }
    return out;
}

QByteArray joined(const std::vector<QByteArray>& lines, int from, int to)
{
    QByteArray out;
    for (int i = from; i < to; ++i)
        out += lines[std::size_t(i)];
    return out;
}

QByteArray ended(const QByteArray& text)
{
    return text.isEmpty() || text.endsWith('\n') ? text : text + '\n';
}

} // namespace

bool UnitDrift::drifted() const
{
    return !loaded.isEmpty() || std::any_of(files.begin(), files.end(), [](const FileTruth& one) {
        return one.state == State::Edited || one.state == State::Conflict || one.state == State::Missing || one.state == State::Foreign;
    });
}

UnitDrift driftUnit(HostAgent& agent, const Workspace& workspace, const SecretValues& secrets, const CancelToken& cancel)
{
    UnitDrift out;
    out.host = agent.spec().name;
    out.unit = agent.unit().name;
    const Result<std::vector<RenderedFile>> files = renderUnit(workspace, agent.unit(), secrets);
    if (!files) {
        out.unreachable = files.error();
        return out;
    }
    QList<QByteArray> paths;
    for (const RenderedFile& file : *files)
        paths << file.path;
    const Result<UnitSnapshot> snapshot = agent.inspect(paths, cancel);
    if (!snapshot) {
        out.unreachable = snapshot.error();
        return out;
    }
    out.release = snapshot->release;
    for (const HostTransaction& one : snapshot->transactions) {
        if (one.isOpen() || !one.needsYou.isEmpty())
            out.open.push_back(one);
    }
    out.files = truths(*files, *snapshot);
    SecretMask mask(secrets);
    for (FileTruth& file : out.files) {
        if (file.state != State::Edited && file.state != State::Conflict && file.state != State::Foreign)
            continue;
        const Result<ThreeVersions> versions = readVersions(agent, workspace, secrets, file.path, cancel);
        if (versions)
            file.diff = unifiedDiffOf(mask, file.deployed == "-" ? versions->mine : versions->base, versions->theirs);
    }
    compareLoaded(agent, out, cancel);
    return out;
}

Result<ThreeVersions> readVersions(HostAgent& agent, const Workspace& workspace, const SecretValues& secrets, const QByteArray& path, const CancelToken& cancel)
{
    ThreeVersions out;
    const Result<std::vector<RenderedFile>> files = renderUnit(workspace, agent.unit(), secrets);
    if (!files)
        return files.error();
    for (const RenderedFile& file : *files) {
        if (file.path == path)
            out.mine = file.content;
    }
    const Result<UnitSnapshot> snapshot = agent.inspect({path}, cancel);
    if (!snapshot)
        return snapshot.error();
    QList<QByteArray> wanted;
    QByteArray stored;
    for (const OwnedFile& owned : snapshot->owned) {
        if (owned.path == path && owned.hash != "-")
            stored = agent.transactionFolder(snapshot->release) + "/stage/" + QByteArray::number(owned.index);
    }
    if (!stored.isEmpty())
        wanted << stored;
    if (!snapshot->files.empty() && snapshot->files[0].kind == LiveFile::Kind::File)
        wanted << path;
    const Result<std::map<QByteArray, QByteArray>> contents = agent.read(wanted, cancel);
    if (!contents)
        return contents.error();
    if (const auto found = contents->find(stored); found != contents->end())
        out.base = found->second;
    if (const auto found = contents->find(path); found != contents->end())
        out.theirs = found->second;
    return out;
}

Merged mergeThreeWay(const QByteArray& base, const QByteArray& mine, const QByteArray& theirs, const QByteArray& myName, const QByteArray& theirName)
{
    const std::vector<QByteArray> o = linesOf(base);
    const std::vector<QByteArray> a = linesOf(mine);
    const std::vector<QByteArray> b = linesOf(theirs);
    const std::vector<int> toA = matchesOf(base, mine, o.size());
    const std::vector<int> toB = matchesOf(base, theirs, o.size());
    Merged out;
    int atO = 0, atA = 0, atB = 0;
    const int end = int(o.size());
    while (true) {
        // The next line that all three share; in between, at least one side changed.
        int next = atO;
        while (next < end && (toA[std::size_t(next)] < atA || toB[std::size_t(next)] < atB))
            ++next;
        const int nextA = next < end ? toA[std::size_t(next)] : int(a.size());
        const int nextB = next < end ? toB[std::size_t(next)] : int(b.size());
        const QByteArray was = joined(o, atO, next);
        const QByteArray my = joined(a, atA, nextA);
        const QByteArray their = joined(b, atB, nextB);
        if (my == their || their == was) {
            out.text += my;
        } else if (my == was) {
            out.text += their;
        } else {
            ++out.conflicts;
            out.text = ended(out.text) + "<<<<<<< " + myName + '\n' + ended(my) + "=======\n" + ended(their) + ">>>>>>> " + theirName + '\n';
        }
        if (next >= end)
            return out;
        out.text += a[std::size_t(nextA)];
        atO = next + 1;
        atA = nextA + 1;
        atB = nextB + 1;
    }
}

Status takeIntoWorkspace(const Workspace& workspace, const QString& source, const QByteArray& content, const SecretValues& secrets)
{
    const QString path = workspace.folder + u'/' + source;
    const SecretMask mask(secrets);
    const QByteArray text = mask.maskValues(content);
    const Result<QByteArray> back = insertSecrets(text, secrets);
    if (!back || *back != content)
        return makeError(ErrorCode::Secret, u"The secrets of %1 cannot be told from other text"_s.arg(source), {}, u"take the change over by hand"_s);
    return writeFileAtomically(path, text, kPrivateFile | QFileDevice::ReadGroup | QFileDevice::ReadOther);
}

QString fileStateName(FileTruth::State state)
{
    switch (state) {
    case State::Same: return u"same"_s;
    case State::Pending: return u"pending"_s;
    case State::Edited: return u"edited"_s;
    case State::Conflict: return u"conflict"_s;
    case State::Missing: return u"missing"_s;
    case State::NotDeployed: return u"not-deployed"_s;
    case State::Foreign: return u"foreign"_s;
    case State::Dropped: break;
    }
    return u"dropped"_s;
}

Json driftToJson(const std::vector<UnitDrift>& drift)
{
    Json::Array units;
    bool any = false;
    for (const UnitDrift& one : drift) {
        Json::Array files;
        for (const FileTruth& file : one.files)
            files.push_back(Json::object({{u"path"_s, QFile::decodeName(file.path)}, {u"source"_s, file.source}, {u"state"_s, fileStateName(file.state)}, {u"intended"_s, QString::fromLatin1(file.intended)}, {u"deployed"_s, QString::fromLatin1(file.deployed)}, {u"onDisk"_s, QString::fromLatin1(file.onDisk)}, {u"diff"_s, QString::fromUtf8(file.diff)}}));
        Json json = Json::object({{u"host"_s, one.host}, {u"unit"_s, one.unit}, {u"release"_s, one.release}, {u"drifted"_s, one.drifted()}, {u"loadedKnown"_s, one.loadedKnown}, {u"loaded"_s, Json::strings(one.loaded)}, {u"files"_s, Json::array(std::move(files))}});
        if (one.unreachable)
            json.set(u"error"_s, Json::object({{u"code"_s, errorCodeName(one.unreachable->code)}, {u"summary"_s, one.unreachable->summary}, {u"detail"_s, one.unreachable->detail}}));
        any = any || one.drifted();
        units.push_back(json);
    }
    return Json::object({{u"drifted"_s, any}, {u"units"_s, Json::array(std::move(units))}});
}

QString driftToText(const std::vector<UnitDrift>& drift)
{
    QString out;
    for (const UnitDrift& one : drift) {
        out += u"%1 / %2"_s.arg(one.host, one.unit);
        if (one.unreachable) {
            out += u": "_s + one.unreachable->toString() + u'\n';
            continue;
        }
        out += one.release.isEmpty() ? u", never deployed to\n"_s : u", release %1\n"_s.arg(one.release);
        for (const HostTransaction& open : one.open)
            out += u"  transaction %1 is %2 %3\n"_s.arg(open.id, open.state, open.needsYou);
        for (const FileTruth& file : one.files) {
            if (file.state == State::Same)
                continue;
            out += u"  %1 %2\n"_s.arg(fileStateName(file.state), QFile::decodeName(file.path));
            for (const QByteArray& line : file.diff.split('\n')) {
                if (!line.isEmpty())
                    out += u"    | "_s + QString::fromUtf8(line) + u'\n';
            }
        }
        for (const QString& problem : one.loaded)
            out += u"  running: %1 (a restart would change that)\n"_s.arg(problem);
        const bool quiet = !one.drifted() && std::all_of(one.files.begin(), one.files.end(), [](const FileTruth& file) { return file.state == State::Same; });
        if (quiet)
            out += one.loadedKnown ? u"  intended, on disk and running agree\n"_s : u"  intended and on disk agree\n"_s;
    }
    return out;
}

} // namespace Promdeck::Deploy
