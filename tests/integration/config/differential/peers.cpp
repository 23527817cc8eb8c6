#include "tests/integration/config/differential/peers.h"

#include "tests/support/servers.h"

#include <QRegularExpression>
#include <QTest>

namespace Promdeck::Testing {

using namespace Qt::StringLiterals;
using Config::FileKind;

namespace {

QStringList toolFor(FileKind kind)
{
    switch (kind) {
    case FileKind::Rules: return {u"promtool"_s, u"check"_s, u"rules"_s, u"--lint=none"_s};
    case FileKind::Web: return {u"promtool"_s, u"check"_s, u"web-config"_s};
    case FileKind::Alertmanager: return {u"amtool"_s, u"check-config"_s};
    case FileKind::Blackbox: return {u"prometheus-blackbox-exporter"_s, u"--config.check"_s};
    default: return {u"promtool"_s, u"check"_s, u"config"_s, u"--lint=none"_s};
    }
}

/// Where the part about a file begins in the tool's output; -1 when it never got there.
qsizetype headingOf(FileKind kind, const QByteArray& output, const QString& path, qsizetype from)
{
    const QByteArray name = path.toUtf8();
    switch (kind) {
    case FileKind::Web: return output.indexOf(name + ' ', from);
    case FileKind::Alertmanager: return output.indexOf("Checking '" + name + '\'', from);
    default: return output.indexOf("Checking " + name + '\n', from);
    }
}

/// The tool goes through the files in order, so a crash is that of the last file it began.
std::vector<PeerVerdict> readVerdicts(FileKind kind, const QStringList& paths, const QByteArray& output)
{
    std::vector<PeerVerdict> verdicts;
    std::vector<qsizetype> headings;
    qsizetype from = 0;
    for (const QString& path : paths) {
        const qsizetype at = headingOf(kind, output, path, from);
        if (at < 0)
            break;
        headings.push_back(at);
        from = at + 1;
    }
    for (std::size_t i = 0; i < headings.size(); ++i) {
        const qsizetype end = i + 1 < headings.size() ? headings[i + 1] : output.size();
        const QByteArray part = output.mid(headings[i], end - headings[i]);
        PeerVerdict verdict;
        if (part.contains("\npanic: ") || part.contains("\ngoroutine ") || part.contains("fatal error: "))
            verdict.outcome = PeerVerdict::Outcome::Crashes;
        else if (part.contains("FAILED"))
            verdict.outcome = PeerVerdict::Outcome::Refuses;
        else if (part.contains("SUCCESS"))
            verdict.outcome = PeerVerdict::Outcome::Accepts;
        verdict.words = QString::fromUtf8(part.mid(part.indexOf("FAILED") + 7)).trimmed();
        verdicts.push_back(verdict);
    }
    return verdicts;
}

} // namespace

PeerOutput runPeer(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    constexpr int kPatienceMs = 120000;
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, kPatienceMs)) {
        process.kill();
        return {};
    }
    return {process.exitCode(), process.readAll()};
}

std::vector<PeerVerdict> peerVerdicts(FileKind kind, const QStringList& paths)
{
    QStringList arguments = toolFor(kind);
    const QString program = serverBinary(arguments.takeFirst());
    std::vector<PeerVerdict> verdicts;
    if (kind == FileKind::Blackbox) {
        for (const QString& path : paths) {
            const PeerOutput output = runPeer(program, arguments + QStringList {u"--config.file="_s + path});
            verdicts.push_back({output.exitCode == 0 ? PeerVerdict::Outcome::Accepts : PeerVerdict::Outcome::Refuses, QString::fromUtf8(output.text).trimmed()});
        }
        return verdicts;
    }
    while (verdicts.size() < std::size_t(paths.size())) {
        const QStringList rest = paths.mid(qsizetype(verdicts.size()));
        const PeerOutput output = runPeer(program, arguments + rest);
        const std::vector<PeerVerdict> some = readVerdicts(kind, rest, output.text);
        verdicts.insert(verdicts.end(), some.begin(), some.end());
        if (some.empty())
            verdicts.push_back({PeerVerdict::Outcome::Crashes, QString::fromUtf8(output.text.left(400))});
    }
    return verdicts;
}

QStringList expressionErrors(const QString& words)
{
    static const QRegularExpression place(u"could not parse expression: (\\d+:\\d+: .*)"_s);
    QStringList errors;
    for (auto match = place.globalMatch(words); match.hasNext();)
        errors.append(match.next().captured(1));
    return errors;
}

} // namespace Promdeck::Testing
