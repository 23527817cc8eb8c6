#pragma once

#include "models/core/clock.h"
#include "models/core/json.h"
#include "models/core/result.h"

#include <QTest>

namespace Promdeck::Testing {

/// A clock that stands still until told otherwise.
class FakeClock final : public Clock
{
public:
    explicit FakeClock(qint64 nowMs) : m_nowMs(nowMs) {}
    [[nodiscard]] qint64 nowMs() const override { return m_nowMs; }
    void advance(qint64 ms) { m_nowMs += ms; }

private:
    qint64 m_nowMs;
};

/// Path of a file below tests/data.
[[nodiscard]] QString dataFile(const QString& name);
/// The folder of shared cases (PROMDECK_SHARED, else ../shared beside the source tree); empty when there is none.
[[nodiscard]] QString sharedFolder();
/// Reads a file; fails the test when it cannot be read.
[[nodiscard]] QByteArray readFile(const QString& path);
[[nodiscard]] Json readJson(const QString& path);

} // namespace Promdeck::Testing

/// Fails with the error's own text when a Result is an error.
#define QVERIFY_RESULT(result) \
    do { \
        const auto& verifiedResult = (result); /* evaluated once */ \
        QVERIFY2(verifiedResult.ok(), verifiedResult.ok() ? "" : qPrintable(verifiedResult.error().toString())); \
    } while (false)

/// For tests over the shared cases: says what is left out in a clone without them. Where CI or
/// PROMDECK_SHARED promises them, their absence is a failure.
#define PROMDECK_NEED_SHARED() \
    do { \
        if (Promdeck::Testing::sharedFolder().isEmpty()) { \
            if (qEnvironmentVariableIsSet("PROMDECK_SHARED")) \
                QFAIL("PROMDECK_SHARED is set but the folder does not exist"); \
            qInfo("left out: needs the shared cases (PROMDECK_SHARED)"); \
            return; \
        } \
    } while (false)

/// main() of a test without a window: C locale, UTC, temporary settings and home.
#define PROMDECK_TEST_MAIN(TestClass) \
    int main(int argc, char** argv) \
    { \
        Promdeck::Testing::prepareEnvironment(); \
        QCoreApplication app(argc, argv); \
        TestClass test; \
        return QTest::qExec(&test, argc, argv); \
    }

/// The same with a QApplication (include <QApplication> first).
#define PROMDECK_GUI_TEST_MAIN(TestClass) \
    int main(int argc, char** argv) \
    { \
        Promdeck::Testing::prepareEnvironment(); \
        QApplication app(argc, argv); \
        TestClass test; \
        return QTest::qExec(&test, argc, argv); \
    }

namespace Promdeck::Testing {
/// Called by the mains above, before the application object exists.
void prepareEnvironment();
} // namespace Promdeck::Testing
