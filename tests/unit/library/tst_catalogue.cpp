#include "models/library/dashboardcatalogue.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

QByteArray board(const QByteArray& title, const QByteArray& expr = "up")
{
    return "{\"title\": \"" + title + "\", \"uid\": \"" + title.toLower() + "\", \"panels\": [{\"id\": 1, \"type\": \"stat\", "
           "\"title\": \"p\", \"targets\": [{\"expr\": \"" + expr + "\"}]}]}";
}

void write(const QString& path, const QByteArray& text)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

QStringList titles(const DashboardCatalogue& catalogue)
{
    QStringList out;
    for (const LibraryEntryPtr& entry : catalogue.index()->entries())
        out << (entry->folder.isEmpty() ? QString() : entry->folder + u'/') + entry->digest.title;
    return out;
}

} // namespace

class TestCatalogue final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<Settings>(m_folder->filePath(u"settings.json"_s));
        m_root = m_folder->filePath(u"boards"_s);
        write(m_root + u"/one.json"_s, board("One"));
        write(m_root + u"/team a/deep/two.json"_s, board("Two"));
        write(m_root + u"/.git/x.json"_s, board("Hidden"));
        write(m_root + u"/readme.txt"_s, "no");
        write(m_root + u"/broken.json"_s, "{\"panels\": [}");
    }
    void readsFoldersAndBuiltins();
    void seesWhatChanges();
    void readsOnlyWhatChanged();
    void foldersDoNotOverlap();
    void missingFoldersSaySo();
    void remembersStars();
    void survivesItsEndInTheMiddle();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Settings> m_settings;
    QString m_root;
};

void TestCatalogue::readsFoldersAndBuiltins()
{
    DashboardCatalogue catalogue(m_settings.get(), {{u"host"_s, board("Built in")}});
    QTRY_COMPARE(titles(catalogue), QStringList {u"Built in"_s});
    QVERIFY(catalogue.index()->entries().front()->isBuiltin());
    QVERIFY_RESULT(catalogue.addFolder(m_root));
    QTRY_COMPARE(titles(catalogue), QStringList({u"broken.json"_s, u"Built in"_s, u"One"_s, u"team a/deep/Two"_s}));
    QCOMPARE(catalogue.index()->entries().front()->error->where.line, 1);
    QVERIFY(catalogue.index()->entries().front()->error->where.column > 1);
    // another start knows the folder
    DashboardCatalogue again(m_settings.get(), {});
    QTRY_COMPARE(again.index()->entries().size(), size_t(3));
    catalogue.removeFolder(m_root);
    QTRY_COMPARE(titles(catalogue), QStringList {u"Built in"_s});
    QVERIFY(QFile::exists(m_root + u"/one.json"_s));
}

void TestCatalogue::seesWhatChanges()
{
    DashboardCatalogue catalogue(m_settings.get(), {});
    QVERIFY_RESULT(catalogue.addFolder(m_root));
    QTRY_COMPARE(catalogue.index()->entries().size(), size_t(3));
    write(m_root + u"/new/three.json"_s, board("Three"));
    QTRY_VERIFY(titles(catalogue).contains(u"new/Three"_s));
    write(m_root + u"/new/three.json"_s, board("Three and more")); // in place
    QTRY_VERIFY(titles(catalogue).contains(u"new/Three and more"_s));
    QVERIFY(QFile::rename(m_root + u"/one.json"_s, m_root + u"/new/moved.json"_s));
    QTRY_VERIFY(titles(catalogue).contains(u"new/One"_s) && !titles(catalogue).contains(u"One"_s));
    QVERIFY(QFile::remove(m_root + u"/new/moved.json"_s));
    QTRY_VERIFY(!titles(catalogue).contains(u"new/One"_s));
}

void TestCatalogue::readsOnlyWhatChanged()
{
    DashboardCatalogue catalogue(m_settings.get(), {});
    QVERIFY_RESULT(catalogue.addFolder(m_root));
    QTRY_COMPARE(catalogue.index()->entries().size(), size_t(3));
    const LibraryEntryPtr before = catalogue.index()->find(m_root + u"/one.json"_s);
    QVERIFY(before);
    write(m_root + u"/team a/deep/two.json"_s, board("Two", "another_metric"));
    QTRY_VERIFY(!catalogue.index()->search(u"another_metric"_s).hits.empty());
    QCOMPARE(catalogue.index()->find(m_root + u"/one.json"_s).get(), before.get());
}

void TestCatalogue::foldersDoNotOverlap()
{
    DashboardCatalogue catalogue(m_settings.get(), {});
    QVERIFY_RESULT(catalogue.addFolder(m_root + u"/team a"_s));
    QCOMPARE(catalogue.addFolder(m_root + u"/team a/deep"_s).error().code, ErrorCode::Conflict);
    QCOMPARE(catalogue.addFolder(m_root + u"/nowhere"_s).error().code, ErrorCode::Io);
    QVERIFY_RESULT(catalogue.addFolder(m_root + u'/'));
    QCOMPARE(catalogue.folders(), QStringList {m_root});
}

void TestCatalogue::missingFoldersSaySo()
{
    m_settings->set(Settings::Key::LibraryFolders, Json::strings({m_root, u"/nonexistent/boards"_s}));
    DashboardCatalogue catalogue(m_settings.get(), {});
    QTRY_COMPARE(catalogue.index()->folderErrors().size(), size_t(1));
    QCOMPARE(catalogue.index()->folderErrors().front().first, u"/nonexistent/boards"_s);
    QTRY_COMPARE(catalogue.index()->entries().size(), size_t(3));
}

void TestCatalogue::remembersStars()
{
    DashboardCatalogue catalogue(m_settings.get(), {});
    QSignalSpy stars(&catalogue, &DashboardCatalogue::starsChanged);
    catalogue.setStarred(u"builtin:host"_s, true);
    catalogue.setStarred(u"builtin:host"_s, true);
    QCOMPARE(stars.size(), 1);
    QVERIFY(DashboardCatalogue(m_settings.get(), {}).isStarred(u"builtin:host"_s));
    catalogue.setStarred(u"builtin:host"_s, false);
    QVERIFY(!catalogue.isStarred(u"builtin:host"_s));
}

void TestCatalogue::survivesItsEndInTheMiddle()
{
    for (int i = 0; i < 200; ++i)
        write(m_root + u"/many/%1.json"_s.arg(i), board("M" + QByteArray::number(i)));
    for (int i = 0; i < 5; ++i) {
        DashboardCatalogue catalogue(m_settings.get(), {});
        (void)catalogue.addFolder(m_root);
        QTest::qWait(i * 4);
    }
}

PROMDECK_TEST_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
