#include "models/dashboard/dashboard.h"
#include "models/library/dashboardimport.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kBoard = "{\n    \"title\": \"Nodes / All\",\n    \"uid\": \"n1\",\n    \"version\": 4,\n    \"panels\": []\n}\n";

void write(const QString& path, const QByteArray& text)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

class TestDashboardImport final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void keepsPlainFilesByteForByte();
    void unwrapsAnswersOfTheApi();
    void takesWholeFolders();
    void pastedTextsMustBeDashboards();
    void fingerprintsTellEditsFromFormatting();

private:
    [[nodiscard]] ImportOptions options(bool replace = false) const { return {m_folder->filePath(u"library"_s), replace}; }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestDashboardImport::keepsPlainFilesByteForByte()
{
    const ImportItem pasted = importText(kBoard, {}, options());
    QCOMPARE(pasted.outcome, ImportItem::Outcome::Imported);
    QCOMPARE(QFileInfo(pasted.target).fileName(), u"nodes-all.json"_s);
    QCOMPARE(readFile(pasted.target), kBoard);
    QCOMPARE(importText(kBoard, {}, options()).reason, ImportItem::Reason::Same);
    const QByteArray other = QByteArray(kBoard).replace("n1", "n2");
    const ImportItem inTheWay = importText(other, {}, options());
    QCOMPARE(inTheWay.outcome, ImportItem::Outcome::Skipped);
    QCOMPARE(inTheWay.reason, ImportItem::Reason::OtherContent);
    QCOMPARE(readFile(pasted.target), kBoard);
    QCOMPARE(importText(other, {}, options(true)).outcome, ImportItem::Outcome::Replaced);
    QCOMPARE(readFile(pasted.target), other);
}

void TestDashboardImport::unwrapsAnswersOfTheApi()
{
    const ImportItem item = importText("{\"meta\": {\"version\": 9, \"folderUid\": \"f\"}, \"dashboard\": " + kBoard + "}", u"a.json"_s, options());
    QCOMPARE(item.outcome, ImportItem::Outcome::Imported);
    QVERIFY(item.wrapped);
    const Result<Dashboard> read = readDashboard(readFile(item.target));
    QVERIFY_RESULT(read);
    QCOMPARE(read->title, u"Nodes / All"_s);
    QVERIFY(!read->original.contains(u"meta"));
    const auto origin = originOf(read->original);
    QVERIFY(origin);
    QCOMPARE(origin->version, 9);
    QCOMPARE(origin->uid, u"n1"_s);
    QCOMPARE(origin->folderUid, u"f"_s);
    QCOMPARE(origin->content, contentFingerprint(read->original));
    QVERIFY(!forServer(read->original).contains(u"promdeck"));
}

void TestDashboardImport::takesWholeFolders()
{
    const QString source = m_folder->filePath(u"source"_s);
    write(source + u"/a.json"_s, kBoard);
    write(source + u"/team/b.json"_s, "{\"__inputs\": [{\"name\": \"DS_X\", \"type\": \"datasource\"}], \"title\": \"B\", \"panels\": []}");
    write(source + u"/team/broken.json"_s, "{\n\"panels\": [\n");
    write(source + u"/team/v2.json"_s, "{\"elements\": {}, \"layout\": {}, \"title\": \"V2\"}");
    write(source + u"/package.json"_s, "{\"name\": \"x\"}");
    const std::atomic<bool> stop = false;
    int seen = 0;
    const Result<ImportReport> report = importFolder(source, options(), stop, [&seen](int done) { seen = done; });
    QVERIFY_RESULT(report);
    QCOMPARE(seen, 5);
    QCOMPARE(report->count(ImportItem::Outcome::Imported), 2);
    QCOMPARE(report->count(ImportItem::Outcome::Skipped), 1);
    QCOMPARE(report->count(ImportItem::Outcome::Failed), 2);
    QVERIFY(QFile::exists(options().folder + u"/team/b.json"_s));
    for (const ImportItem& item : report->items) {
        if (item.source == u"team/broken.json")
            QVERIFY(item.error->code == ErrorCode::Syntax && item.error->where.line >= 2);
        if (item.source == u"team/v2.json")
            QCOMPARE(item.error->code, ErrorCode::Unsupported);
        if (item.source == u"package.json")
            QCOMPARE(item.reason, ImportItem::Reason::NotADashboard);
    }
    QVERIFY(!importFolder(m_folder->filePath(u"nowhere"_s), options(), stop).ok());
}

void TestDashboardImport::pastedTextsMustBeDashboards()
{
    QCOMPARE(importText("{\"name\": \"x\"}", {}, options()).outcome, ImportItem::Outcome::Failed);
    const ImportItem broken = importText("{\"title\": \"x\" \"panels\": []}", {}, options());
    QCOMPARE(broken.error->code, ErrorCode::Syntax);
    QVERIFY(broken.error->where.column > 1);
}

void TestDashboardImport::fingerprintsTellEditsFromFormatting()
{
    const Json board = *Json::parse(kBoard);
    const Json reordered = *Json::parse("{\"panels\": [], \"version\": 5, \"uid\": \"n1\", \"id\": 3, \"title\": \"Nodes / All\"}");
    QCOMPARE(contentFingerprint(board), contentFingerprint(reordered));
    QCOMPARE(contentFingerprint(withOrigin(board, {QUrl(u"http://g:3000/"_s), u"n1"_s, 4, {}, "x"})), contentFingerprint(board));
    Json edited = board;
    edited.set(u"title"_s, u"Other"_s);
    QVERIFY(contentFingerprint(edited) != contentFingerprint(board));
    const DashboardOrigin origin {QUrl(u"http://g:3000/sub"_s), u"n1"_s, 4, u"f"_s, "abc"};
    QCOMPARE(*originOf(withOrigin(board, origin)), origin);
}

PROMDECK_TEST_MAIN(TestDashboardImport)
#include "tst_dashboardimport.moc"
