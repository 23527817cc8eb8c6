#include "app/gui/configurationdesk.h"
#include "tests/gui/editor/windowfixture.h"
#include "widgets/common/noticebar.h"
#include "widgets/workbench/codeeditor.h"
#include "widgets/workbench/documentpage.h"
#include "widgets/workbench/workbench.h"
#include "widgets/workbench/workspace.h"

#include <QAction>
#include <QDockWidget>
#include <QListView>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// The workbench in the window: its dock, its keys, what is remembered.
class TestConfigurationDesk : public QObject
{
    Q_OBJECT

    std::unique_ptr<WindowFixture> f;
    QString m_path;

    void open()
    {
        f->makeWindow();
        f->window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(f->window.get()));
        f->window->start({});
    }

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<WindowFixture>();
        Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
        m_path = f->folder.filePath(u"prometheus.yml"_s);
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("global:\n  scrape_interval: 15s\n");
    }
    void cleanup() { f.reset(); }

    void opensByKeyAndComesBack()
    {
        open();
        QVERIFY(!f->window->configuration()->workbench());
        QTest::keyClick(f->window.get(), Qt::Key_G);
        QTest::keyClick(f->window.get(), Qt::Key_C);
        Workbench* bench = f->window->configuration()->workbench();
        QVERIFY(bench);
        QTRY_VERIFY(bench->isVisible());
        QVERIFY(f->window->findChild<QDockWidget*>(u"configuration"_s)->isVisible());
        DocumentPage* page = bench->openFile(m_path);
        QTRY_VERIFY(page->isLoaded());
        // Letters are letters, though the window knows them as keys.
        page->editor()->goTo(0);
        QTest::keyClicks(page->editor(), u"vieg"_s);
        QVERIFY(page->editor()->content().startsWith("vieg"));
        QTest::keyClick(page->editor(), Qt::Key_Escape);
        // The window does not close over unsaved work.
        QVERIFY(!f->window->close());
        QVERIFY(page->notices()->isPosted(u"leave"_s));
        QTest::mouseClick(page->findChild<QAbstractButton*>(u"leaveDiscard"_s), Qt::LeftButton);
        QTRY_VERIFY(!f->window->isVisible());
        f->closeWindow();
        // What was open is open again.
        f->settings = std::make_unique<Settings>(f->folder.filePath(u"settings.json"_s));
        QVERIFY_RESULT(f->settings->load());
        f->stacks = std::make_unique<StackStore>(f->folder.filePath(u"stacks.json"_s));
        f->window = std::make_unique<MainWindow>(Services {f->settings.get(), f->stacks.get(), noSecretStore()});
        f->window->welcomePage()->setPlaces({});
        f->window->show();
        f->window->start({});
        bench = f->window->configuration()->workbench();
        QVERIFY(bench);
        QCOMPARE(bench->openPaths(), QStringList {m_path});
    }

    void sharesNoKeyWithTheWindow()
    {
        // Two commands on one key: Qt runs neither.
        open();
        Workbench* bench = f->window->configuration()->show();
        const QList<QAction*> own = bench->actions();
        QVERIFY(own.size() > 30);
        for (const QAction* mine : own) {
            for (const QAction* other : f->window->actions()) {
                for (const QKeySequence& keys : mine->shortcuts())
                    QVERIFY2(!other->shortcuts().contains(keys), qPrintable(mine->objectName() + u' ' + other->objectName()));
            }
        }
    }

    void isInThePalette()
    {
        open();
        QTest::keyClick(f->window.get(), Qt::Key_K, Qt::ControlModifier);
        auto* list = f->window->findChild<QListView*>(u"paletteList"_s);
        QVERIFY(list);
        bool found = false;
        for (int row = 0; row < list->model()->rowCount(); ++row)
            found = found || list->model()->index(row, 0).data().toString() == u"Configuration"_s;
        QVERIFY(found);
    }
};

PROMDECK_GUI_TEST_MAIN(TestConfigurationDesk)
#include "tst_configurationdesk.moc"
