#pragma once

#include "models/config/filekind.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <string>
#include <vector>

namespace Promdeck::Testing {

/// What the server's own tool says about one file.
struct PeerVerdict
{
    enum class Outcome { Accepts, Refuses, Crashes };
    Outcome outcome = Outcome::Crashes;
    QString words; ///< why it refuses
};

/// Has Debian's tool (promtool 2.42, amtool 0.25, blackbox exporter 0.23) check files of one kind, many in one
/// process. One verdict for each path; a file that makes the tool crash does not cost the others theirs.
[[nodiscard]] std::vector<PeerVerdict> peerVerdicts(Config::FileKind kind, const QStringList& paths);

/// Runs a program to its end; standard output and error together.
struct PeerOutput
{
    int exitCode = -1;
    QByteArray text;
};
[[nodiscard]] PeerOutput runPeer(const QString& program, const QStringList& arguments);

/// The places and words of the expression errors in what promtool says about a rule file: "1:5: parse error: ...".
[[nodiscard]] QStringList expressionErrors(const QString& words);

} // namespace Promdeck::Testing
