#include "tests/support/testsupport.h"

#include "models/dashboard/dashboardeditor.h"
#include "models/dashboard/dashboardfile.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kBoard = "{\n    \"title\": \"t\",\n    \"schemaVersion\": 42,\n    \"panels\": []\n}\n";

void write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

Json titled(const OpenedDashboard& opened, const QString& title)
{
    Json migrated = opened.dashboard.migrated;
    migrated.set(u"title"_s, title);
    return migrated;
}

} // namespace

class TestDashboardFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(u"board.json"_s);
        write(m_path, kBoard);
        QDir(stateFolder()).removeRecursively();
    }

    void savesSmallDifferencesAndKeepsPermissions()
    {
        QFile::setPermissions(m_path, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup);
        const auto opened = openDashboard(m_path);
        QVERIFY_RESULT(opened);
        const auto saved = saveDashboard(m_path, opened->text, titled(*opened, u"other"_s));
        QVERIFY_RESULT(saved);
        QCOMPARE(*saved, QByteArray(kBoard).replace("\"t\"", "\"other\""));
        QCOMPARE(readFile(m_path), *saved);
        QCOMPARE(QFile::permissions(m_path) & QFileDevice::ReadOther, QFileDevice::Permissions());
        QVERIFY((QFile::permissions(m_path) & QFileDevice::ReadGroup) != 0);
    }

    void neverOverwritesWhatItHasNotSeen()
    {
        const auto opened = openDashboard(m_path);
        QVERIFY_RESULT(opened);
        const QByteArray theirs = QByteArray(kBoard).replace("\"t\"", "\"theirs\"");
        write(m_path, theirs);
        const auto refused = saveDashboard(m_path, opened->text, titled(*opened, u"mine"_s));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QCOMPARE(readFile(m_path), theirs);
        QVERIFY_RESULT(saveDashboard(m_path, opened->text, titled(*opened, u"mine"_s), true));
        QVERIFY(readFile(m_path).contains("mine"));
    }

    void saysWhyItCannotSave()
    {
        const auto saved = saveDashboard(u"/proc/nowhere/board.json"_s, {}, Json::object());
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::Io);
        const auto made = saveDashboard(m_folder->filePath(u"deep/new.json"_s), {}, Json::object({{u"title"_s, u"n"_s}}));
        QVERIFY_RESULT(made);
        QVERIFY(made->endsWith('\n'));
    }

    void draftsAreOfferedUntilRemoved()
    {
        const auto opened = openDashboard(m_path);
        QVERIFY_RESULT(opened);
        QVERIFY(!opened->draft);
        const DashboardDraft draft {m_path, u"t"_s, 1234, fingerprint(opened->text), titled(*opened, u"unsaved"_s)};
        QVERIFY_RESULT(writeDraft(draft));
        QVERIFY(QFile::exists(m_folder->filePath(u".board.json.promdeck-draft"_s)));
        const auto again = openDashboard(m_path);
        QVERIFY_RESULT(again);
        QVERIFY(again->draft.has_value());
        QCOMPARE(*again->draft, draft);
        QCOMPARE(again->dashboard.title, u"t"_s);
        QCOMPARE(unsavedDrafts().size(), 1u);
        QCOMPARE(unsavedDrafts().front().reference, m_path);
        removeDraft(m_path);
        QVERIFY(unsavedDrafts().empty());
        QVERIFY(!openDashboard(m_path)->draft);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden), QStringList {u"board.json"_s});
    }

    void builtinDraftsGoToTheStateFolder()
    {
        const QString reference = u"builtin:x"_s;
        QVERIFY(draftPath(reference).startsWith(stateFolder()));
        const auto opened = openDashboard(reference, kBoard);
        QVERIFY_RESULT(opened);
        QVERIFY_RESULT(writeDraft({reference, u"t"_s, 1, {}, titled(*opened, u"unsaved"_s)}));
        QCOMPARE(openDashboard(reference, kBoard)->draft->migrated[u"title"].toString(), u"unsaved"_s);
        removeDraft(reference);
        QVERIFY(unsavedDrafts().empty());
    }

    void brokenDraftsAreNoDrafts()
    {
        const auto opened = openDashboard(m_path);
        QVERIFY_RESULT(writeDraft({m_path, u"t"_s, 1, {}, titled(*opened, u"unsaved"_s)}));
        write(draftPath(m_path), "{\"promdeckDraft\": 1, \"dashb");
        QVERIFY_RESULT(openDashboard(m_path));
        QVERIFY(!openDashboard(m_path)->draft);
        QVERIFY(unsavedDrafts().empty());
        QVERIFY(QDir(stateFolder() + u"/drafts"_s).isEmpty());
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

PROMDECK_TEST_MAIN(TestDashboardFile)
#include "tst_dashboardfile.moc"
