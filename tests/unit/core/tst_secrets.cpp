#include "models/core/files.h"
#include "models/core/secrets.h"
#include "models/core/settings.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestSecrets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fromTheEnvironment()
    {
        qputenv("PROMDECK_TEST_SECRET", "s3cret");
        QCOMPARE(environmentSecret(u"PROMDECK_TEST_SECRET"_s).valueOr({}), u"s3cret"_s);
        qunsetenv("PROMDECK_TEST_SECRET");
        QCOMPARE(environmentSecret(u"PROMDECK_TEST_SECRET"_s).error().code, ErrorCode::Secret);
    }

    void fromACommand_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("secret"); // null = an error
        QTest::newRow("plain") << u"printf s3cret"_s << u"s3cret"_s;
        QTest::newRow("line end") << u"echo s3cret"_s << u"s3cret"_s;
        QTest::newRow("blanks kept") << u"printf \"%s\\n\" \" a b \""_s << u" a b "_s;
        QTest::newRow("no shell") << u"echo $HOME;id"_s << u"$HOME;id"_s;
        QTest::newRow("nothing") << u"true"_s << QString();
        QTest::newRow("fails") << u"sh -c \"echo leak; echo why >&2; exit 3\""_s << QString();
        QTest::newRow("missing") << u"/no/such/program"_s << QString();
        QTest::newRow("empty") << u"  "_s << QString();
        QTest::newRow("too much") << u"head -c 200000 /dev/zero"_s << QString();
        QTest::newRow("endless") << u"sleep 30"_s << QString();
        QTest::newRow("reads input") << u"cat"_s << QString();
    }

    void fromACommand()
    {
        QFETCH(QString, command);
        QFETCH(QString, secret);
        const Result<QString> got = QCoro::waitFor(commandSecret(command, 1s));
        if (!secret.isNull()) {
            QVERIFY_RESULT(got);
            QCOMPARE(*got, secret);
            return;
        }
        QVERIFY(!got.ok());
        QCOMPARE(got.error().code, ErrorCode::Secret);
        QVERIFY(!got.error().toString().contains(u"leak"));
    }

    void commandsCanBeCancelled()
    {
        std::stop_source stop;
        std::optional<Result<QString>> got;
        commandSecret(u"sleep 30"_s, 30s, stop.get_token()).then([&](Result<QString> answer) { got = std::move(answer); });
        QTest::qWait(20);
        stop.request_stop();
        QTRY_VERIFY(got.has_value());
        QCOMPARE(got->error().code, ErrorCode::Cancelled);
    }

    void withoutAKeychain()
    {
        const auto store = noSecretStore();
        QCOMPARE(QCoro::waitFor(store->read(u"x"_s)).error().code, ErrorCode::Secret);
    }

    void filesAreReplacedWhole()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"deep/er/file.json"_s);
        QVERIFY_RESULT(writeFileAtomically(path, "one"));
        QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther), QFile::Permissions());
        QCOMPARE(QFile::permissions(folder.filePath(u"deep"_s)) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        QVERIFY_RESULT(writeFileAtomically(path, "two"));
        QCOMPARE(readWholeFile(path).valueOr({}), QByteArray("two"));
        QCOMPARE(readWholeFile(path, 2).error().code, ErrorCode::Io);
        QCOMPARE(readWholeFile(folder.filePath(u"absent"_s)).error().code, ErrorCode::Io);
        QCOMPARE(readWholeFile(folder.path()).error().code, ErrorCode::Io);
        QCOMPARE(writeFileAtomically(path + u"/below"_s, "x").error().code, ErrorCode::Io);
        QCOMPARE(readWholeFile(path).valueOr({}), QByteArray("two"));
    }

    void settingsKeepWhatTheyDoNotKnow()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"settings.json"_s);
        QVERIFY_RESULT(writeFileAtomically(path, R"({"future":[1],"theme":"dark","timeZone":7})"));
        Settings settings(path);
        QVERIFY_RESULT(settings.load());
        QCOMPARE(settings.text(Settings::Key::Theme), u"dark"_s);
        QCOMPARE(settings.text(Settings::Key::TimeZone), QString()); // of the wrong type
        QSignalSpy changed(&settings, &Settings::changed);
        settings.set(Settings::Key::LastStack, u"prod"_s);
        settings.set(Settings::Key::LastStack, u"prod"_s);
        QCOMPARE(changed.size(), 1);
        QVERIFY_RESULT(settings.flush());
        const Json saved = Testing::readJson(path);
        QCOMPARE(saved[u"future"].toUtf8(), QByteArray("[1]"));
        QCOMPARE(saved[u"lastStack"].toString(), u"prod"_s);
    }

    void brokenSettingsAreKept()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"settings.json"_s);
        QVERIFY_RESULT(writeFileAtomically(path, "{oops"));
        Settings settings(path);
        QVERIFY(!settings.load().ok());
        QCOMPARE(settings.text(Settings::Key::Theme), u"system"_s);
        QCOMPARE(readWholeFile(path + u".broken"_s).valueOr({}), QByteArray("{oops"));
    }
};

PROMDECK_TEST_MAIN(TestSecrets)
#include "tst_secrets.moc"
