#pragma once

#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace Promdeck::Cli {

/// Exit codes of every verb: scripts rely on them.
enum ExitCode {
    ExitOk = 0,
    ExitFindings = 1, ///< findings, or a refused plan
    ExitUsage = 2,    ///< wrong usage or unreadable input
    ExitRemote = 3    ///< a remote or network failure
};

/// One verb of the command line ("query", "render"). run() may start asynchronous work on the event loop that
/// main() runs; it ends by calling finish(code) exactly once.
class Verb
{
public:
    virtual ~Verb() = default;
    [[nodiscard]] virtual QString name() const = 0;
    [[nodiscard]] virtual QString summary() const = 0; ///< one line for `promdeck help`
    /// How it is called, a line each, without "usage:".
    [[nodiscard]] virtual QString usage() const = 0;
    /// True when run() answers --help itself, because it has more to say.
    [[nodiscard]] virtual bool ownsHelp() const { return false; }
    /// True when it paints: main() then makes a QGuiApplication on the offscreen platform.
    [[nodiscard]] virtual bool needsPainting(const QStringList&) const { return false; }
    /// True when promdeck-hosts runs it.
    [[nodiscard]] virtual bool isHandedOver() const { return false; }
    /// True when it reaches hosts by SSH: main() then sees to the connections and the questions they may have.
    [[nodiscard]] virtual bool needsHosts(const QStringList&) const { return false; }
    /// args: without program name and verb.
    virtual void run(const QStringList& args) = 0;

protected:
    static void finish(int exitCode);
    /// Says what is wrong with the arguments and how the verb is called; finishes with ExitUsage.
    void finishWrongUsage(const QString& why) const;
    static void out(const QString& text); ///< stdout, UTF-8, newline added
    static void err(const QString& text); ///< stderr, newline added
    static void outBytes(const QByteArray& bytes);
};

/// A number of seconds as an option takes it, in ms: more than none, an hour at most. Nothing for anything else, "nan"
/// and "inf" included.
[[nodiscard]] std::optional<int> timeoutFrom(const QString& text);

/// Every verb of this build, in the order `promdeck help` lists them.
[[nodiscard]] std::vector<std::unique_ptr<Verb>> allVerbs();

} // namespace Promdeck::Cli
