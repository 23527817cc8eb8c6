#pragma once

#include "app/cli/verb.h"
#include "tests/support/testsupport.h"

#include <QProcess>

namespace Promdeck::Testing {

struct VerbOutput
{
    int exitCode = -1; ///< -1: it did not end, or crashed
    QByteArray out;
    QByteArray err;
};

/// Runs `promdeck ARGUMENTS...` as a script would, in a process of its own: this very program, whose main() is
/// PROMDECK_VERB_TEST_MAIN. An empty folder means the current one.
[[nodiscard]] inline VerbOutput runVerb(const QStringList& arguments, const QString& folder = {})
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(QCoreApplication::applicationFilePath(), arguments);
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000)
        || process.exitStatus() != QProcess::NormalExit)
        return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

/// True when argv names a verb, which has then run and left its exit code.
[[nodiscard]] inline bool ranVerb(int argc, char** argv, int& exitCode)
{
    if (argc < 2)
        return false;
    for (const auto& verb : Cli::allVerbs()) {
        if (verb->name() != QString::fromLocal8Bit(argv[1]))
            continue;
        QCoreApplication app(argc, argv);
        verb->run(QCoreApplication::arguments().mid(2));
        exitCode = QCoreApplication::exec();
        return true;
    }
    return false;
}

} // namespace Promdeck::Testing

/// main() of a test of verbs: runs a verb when the first argument is one, else the test. No keychain of the person
/// who runs the tests is touched.
#define PROMDECK_VERB_TEST_MAIN(TestClass) \
    int main(int argc, char** argv) \
    { \
        int exitCode = 0; \
        if (Promdeck::Testing::ranVerb(argc, argv, exitCode)) \
            return exitCode; \
        Promdeck::Testing::prepareEnvironment(); \
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"); \
        QCoreApplication app(argc, argv); \
        TestClass test; \
        return QTest::qExec(&test, argc, argv); \
    }
