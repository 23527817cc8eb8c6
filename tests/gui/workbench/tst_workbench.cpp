#include "tests/gui/workbench/workbenchfixture.h"
#include "widgets/common/noticebar.h"
#include "widgets/workbench/diffview.h"
#include "widgets/workbench/findbar.h"
#include "widgets/workbench/problemsview.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

const char* const kPrometheus = "global:\n  scrape_interval: 15s # often\n\nrule_files:\n  - rules/*.yml\n\nscrape_configs:\n  - job_name: node\n    static_configs:\n      - targets: [localhost:9100]\n";
const char* const kRules = "groups:\n  - name: web\n    rules:\n      - alert: Slow\n        expr: |\n          sum by (job) (rate(http_requests_total{job=\"node\"}[5m]))\n            > 5\n        for: 5m\n        annotations:\n          summary: '{{ $labels.job }} is slow'\n      - record: job:up:sum\n        expr: sum by (job) (up)\n";

} // namespace

class TestWorkbench : public QObject
{
    Q_OBJECT

    std::unique_ptr<WorkbenchFixture> f;
    void type(const QString& keys) { QTest::keyClicks(f->editor(), keys); }
    void key(Qt::Key which, Qt::KeyboardModifiers modifiers = Qt::NoModifier) { QTest::keyClick(f->editor(), which, modifiers); }
    int styleAt(const QByteArray& what)
    {
        const qsizetype at = f->text().indexOf(what);
        return int(f->editor()->SendScintilla(QsciScintillaBase::SCI_GETSTYLEAT, static_cast<unsigned long>(at)));
    }
    [[nodiscard]] QString said() const { return f->bench->findChild<QLabel*>(u"workbenchSaid"_s)->text(); }
    void press(const QString& button)
    {
        auto* found = f->bench->findChild<QAbstractButton*>(button);
        QVERIFY2(found, qPrintable(button));
        QTest::mouseClick(found, Qt::LeftButton);
    }

private Q_SLOTS:
    void init() { f = std::make_unique<WorkbenchFixture>(); }
    void cleanup() { f.reset(); }
    void colours();
    void showsErrorsWhileTyping();
    void fixesByOneKey();
    void completesByKeyboard();
    void completesExpressions();
    void hovers();
    void goesToDefinitions();
    void listsProblems();
    void findsAndReplaces();
    void formatsInOneStep();
    void folds();
    void coloursLongFiles();
    void indents();
    void comments();
    void savesKeepingTheFile();
    void mergesChangesOnDisk();
    void asksAboutConflicts();
    void compares();
    void recoversDrafts();
    void asksBeforeClosing();
    void dropsLateResults();
    void checksWhatIsUnsaved();
    void refusesOtherEncodings();
    void followsTheTheme();
};

void TestWorkbench::colours()
{
    f->start();
    QVERIFY(f->open(f->write(u"rules/web.yml"_s, kRules)));
    f->editor()->SendScintilla(QsciScintillaBase::SCI_COLOURISE, 0UL, -1L);
    QCOMPARE(styleAt("groups"), int(CodeStyle::Key));
    QCOMPARE(styleAt("rate("), int(CodeStyle::Function));
    QCOMPARE(styleAt("http_requests_total"), int(CodeStyle::Metric));
    QCOMPARE(styleAt("job) (rate"), int(CodeStyle::Label));
    QCOMPARE(styleAt("\"node\""), int(CodeStyle::String));
    QCOMPARE(styleAt("5m]"), int(CodeStyle::Number));
    QCOMPARE(styleAt("{{"), int(CodeStyle::TemplateMark));
    QCOMPARE(styleAt("$labels"), int(CodeStyle::TemplateVariable));
    QCOMPARE(styleAt("for:"), int(CodeStyle::Key));
    // A quote that is opened far above changes what is below, and back.
    f->cursorBehind("name: web");
    type(u" \""_s);
    key(Qt::Key_Backspace);
    f->editor()->SendScintilla(QsciScintillaBase::SCI_COLOURISE, 0UL, -1L);
    QCOMPARE(styleAt("rate("), int(CodeStyle::Function));
}

void TestWorkbench::showsErrorsWhileTyping()
{
    f->start();
    QVERIFY(f->open(f->write(u"prometheus.yml"_s, kPrometheus)));
    QVERIFY2(f->codes().isEmpty(), qPrintable(f->codes().join(u' ')));
    f->cursorBehind("scrape_interval: 15s");
    key(Qt::Key_Backspace);
    QTRY_VERIFY(!f->codes().isEmpty());
    QVERIFY2(f->codes().contains(u"yaml/duration"_s), qPrintable(f->codes().join(u' ')));
    const size_t at = f->editor()->findings().front().span.start.offset;
    QCOMPARE(f->text().mid(qsizetype(at), 2), QByteArray("15"));
    // Underlined, marked in the margin, and said below the line.
    QCOMPARE(f->editor()->SendScintilla(QsciScintillaBase::SCI_INDICATORVALUEAT, 8UL, long(at)), 1L);
    QVERIFY2(f->editor()->noteBelow(2).contains(u"duration"), qPrintable(f->editor()->noteBelow(2)));
    QVERIFY(f->editor()->markersAtLine(1) != 0);
    QVERIFY(f->bench->workspace()->count(Config::Severity::Error) > 0);
    // Lines above move the sentence along before the next check comes.
    f->cursorBehind("global:");
    key(Qt::Key_Return);
    QVERIFY(f->editor()->noteBelow(3).contains(u"duration"));
    f->cursorBehind("scrape_interval: 15");
    type(u"s"_s);
    QTRY_VERIFY(f->codes().isEmpty());
    QVERIFY(f->editor()->noteBelow(3).isEmpty());
}

void TestWorkbench::fixesByOneKey()
{
    f->start();
    QVERIFY(f->open(f->write(u"prometheus.yml"_s, "global:\n  scrape_intervall: 15s\n  evaluation_interval: 30\n")));
    QCOMPARE(f->codes().size(), 2);
    key(Qt::Key_F8);
    QCOMPARE(f->editor()->cursorLine(), 2);
    // More than one way: a menu, the first chosen.
    key(Qt::Key_Return, Qt::AltModifier);
    auto* menu = f->bench->findChild<QMenu*>(u"fixMenu"_s);
    QTRY_VERIFY(menu && menu->isVisible());
    QTest::keyClick(menu, Qt::Key_Return);
    QVERIFY2(f->text().contains("  scrape_interval: 15s"), f->text().constData());
    QTRY_COMPARE(f->codes().size(), 1);
    key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(f->text().contains("scrape_intervall"));
}

void TestWorkbench::completesByKeyboard()
{
    f->start();
    QVERIFY(f->open(f->write(u"prometheus.yml"_s, kPrometheus)));
    f->cursorBehind("job_name: node\n    ");
    key(Qt::Key_Return);
    key(Qt::Key_Up);
    key(Qt::Key_End);
    type(u"metr"_s);
    QTRY_VERIFY(f->editor()->isCompleting());
    QCOMPARE(f->proposals().first(), u"metrics_path"_s);
    QVERIFY2(!f->editor()->popup()->current()->documentation.empty(), "says what it is");
    key(Qt::Key_Down);
    QCOMPARE(f->editor()->popup()->list()->currentIndex().row(), 1);
    key(Qt::Key_Up);
    key(Qt::Key_Return);
    QVERIFY2(f->text().contains("    metrics_path: "), f->text().constData());
    QVERIFY(!f->text().contains("metrmetr"));
    // Behind the key its values are offered by themselves.
    QTRY_VERIFY(f->editor()->isCompleting());
    QVERIFY(f->proposals().contains(u"/metrics"_s));
    key(Qt::Key_Escape);
    QVERIFY(!f->editor()->isCompleting());
    QTest::mouseClick(f->editor()->viewport(), Qt::LeftButton, Qt::NoModifier, QPoint(200, 20));
}

void TestWorkbench::completesExpressions()
{
    f->start();
    QVERIFY(f->open(f->write(u"rules/web.yml"_s, kRules)));
    f->cursorBehind("expr: sum by (job) (up");
    type(u" + hist"_s);
    QTRY_VERIFY(f->editor()->isCompleting());
    QVERIFY2(f->proposals().contains(u"histogram_quantile"_s), qPrintable(f->proposals().join(u' ')));
    key(Qt::Key_Escape);
}

void TestWorkbench::hovers()
{
    f->start();
    QVERIFY(f->open(f->write(u"prometheus.yml"_s, kPrometheus)));
    const auto offset = size_t(f->text().indexOf("scrape_interval")) + 3;
    QVERIFY2(f->editor()->hoverText(offset).contains(u"Default: 1m"), qPrintable(f->editor()->hoverText(offset)));
    f->cursorBehind("15s");
    key(Qt::Key_Backspace);
    QTRY_VERIFY(!f->codes().isEmpty());
    QVERIFY(f->editor()->hoverText(size_t(f->text().indexOf(" 15")) + 1).contains(u"duration"));
}

void TestWorkbench::goesToDefinitions()
{
    const QString rules = f->write(u"rules/web.yml"_s, kRules);
    const QString main = f->write(u"prometheus.yml"_s, kPrometheus);
    f->start();
    f->bench->openFolder(f->folder.path());
    QVERIFY(f->open(rules));
    f->cursorBehind("{job=\"no");
    key(Qt::Key_F12);
    QTRY_VERIFY(f->bench->current() && f->bench->current()->path() == main && f->bench->current()->isLoaded());
    QTRY_COMPARE(f->editor()->selectedText(), u"node"_s);
    QTest::keyClick(f->editor(), Qt::Key_Left, Qt::AltModifier);
    QTRY_COMPARE(f->bench->current()->path(), rules);
    // By the mouse: a rule file from the pattern that names it.
    f->bench->openFile(main);
    f->cursorBehind("rules/*");
    const auto place = static_cast<unsigned long>(f->editor()->cursorOffset());
    const QPoint at(int(f->editor()->SendScintilla(QsciScintillaBase::SCI_POINTXFROMPOSITION, 0UL, long(place))),
                    int(f->editor()->SendScintilla(QsciScintillaBase::SCI_POINTYFROMPOSITION, 0UL, long(place))) + 5);
    QTest::mouseClick(f->editor()->viewport(), Qt::LeftButton, Qt::ControlModifier, at);
    QTRY_COMPARE(f->bench->current()->path(), rules);
}

void TestWorkbench::listsProblems()
{
    f->write(u"rules/web.yml"_s, "groups:\n  - name: web\n    rules:\n      - alert: A\n        expr: rate(up) > \n");
    const QString main = f->write(u"prometheus.yml"_s, "global:\n  nonsense: 1\nscrape_configs: []\n");
    f->start();
    f->bench->openFolder(f->folder.path());
    auto* list = f->bench->problems()->list();
    QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), 2, WorkbenchFixture::kPatienceMs);
    auto* filter = f->bench->findChild<QLineEdit*>(u"problemsFilter"_s);
    QTest::keyClicks(filter, u"nonsense"_s);
    QTRY_COMPARE(list->model()->rowCount(), 1);
    list->setCurrentIndex(list->model()->index(0, 0));
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_VERIFY(f->bench->current() && f->bench->current()->isLoaded());
    QCOMPARE(f->bench->current()->path(), main);
    QTRY_COMPARE(f->editor()->cursorLine(), 2);
    filter->clear();
    press(u"showErrors"_s);
    QTRY_COMPARE(list->model()->rowCount(), 0);
    // The tree says where they are.
    auto* tree = f->bench->findChild<QTreeWidget*>(u"workbenchFiles"_s);
    QCOMPARE(tree->findItems(u"prometheus.yml"_s, Qt::MatchExactly | Qt::MatchRecursive).value(0)->text(1), u"1"_s);
}

void TestWorkbench::findsAndReplaces()
{
    f->start();
    QVERIFY(f->open(f->write(u"a.yml"_s, kRules)));
    key(Qt::Key_F, Qt::ControlModifier);
    auto* what = f->bench->findChild<QLineEdit*>(u"findText"_s);
    QTRY_VERIFY(what->hasFocus());
    QTest::keyClicks(what, u"job"_s);
    QCOMPARE(f->bench->current()->findBar()->matchCount(), 5);
    QTest::keyClick(what, Qt::Key_Return);
    QCOMPARE(f->editor()->selectedText(), u"job"_s);
    QVERIFY(what->hasFocus());
    press(u"findWord"_s);
    QCOMPARE(f->bench->findChild<QLabel*>(u"findCount"_s)->text(), u"5 matches"_s);
    QTest::keyClick(what, Qt::Key_Escape);
    QVERIFY(f->editor()->hasFocus());
    key(Qt::Key_H, Qt::ControlModifier);
    what->setText(u"j(o)b"_s);
    press(u"findRegexp"_s);
    auto* with = f->bench->findChild<QLineEdit*>(u"replaceText"_s);
    QTest::keyClicks(with, u"t\\1sk"_s);
    press(u"replaceAll"_s);
    QVERIFY2(!f->text().contains("job") && f->text().contains("by (tosk)"), f->text().constData());
    QTest::keyClick(what, Qt::Key_Escape);
    key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f->text(), QByteArray(kRules));
}

void TestWorkbench::formatsInOneStep()
{
    f->start();
    const QByteArray crooked = "groups:\n    -   name: web # the front\n        rules:\n        - record: a:b\n          expr: sum( up )by(job)\n";
    QVERIFY(f->open(f->write(u"a.yml"_s, crooked)));
    key(Qt::Key_F, Qt::ShiftModifier | Qt::AltModifier);
    const QByteArray even = "groups:\n  - name: web # the front\n    rules:\n      - record: a:b\n        expr: sum by (job) (up)\n";
    const QByteArray flat = "groups:\n  - name: web # the front\n    rules:\n    - record: a:b\n      expr: sum by (job) (up)\n";
    QTRY_VERIFY2(f->text() == even || f->text() == flat, f->text().constData());
    key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f->text(), crooked);
}

void TestWorkbench::folds()
{
    f->start();
    QVERIFY(f->open(f->write(u"a.yml"_s, kRules)));
    f->editor()->SendScintilla(QsciScintillaBase::SCI_COLOURISE, 0UL, -1L);
    const auto isHeader = [this](unsigned long line) {
        return (f->editor()->SendScintilla(QsciScintillaBase::SCI_GETFOLDLEVEL, line) & QsciScintillaBase::SC_FOLDLEVELHEADERFLAG) != 0;
    };
    QVERIFY(isHeader(0) && isHeader(1) && isHeader(2) && isHeader(3) && isHeader(4));
    QVERIFY(!isHeader(7));
    f->editor()->foldLine(3);
    const auto visible = [this](unsigned long line) { return f->editor()->SendScintilla(QsciScintillaBase::SCI_GETLINEVISIBLE, line) != 0; };
    QVERIFY(visible(3) && !visible(4) && !visible(9));
    QVERIFY(visible(10));
    // Jumping into what is folded opens it.
    f->editor()->goTo(size_t(f->text().indexOf("for:")));
    QVERIFY(visible(7));
}

void TestWorkbench::coloursLongFiles()
{
    // Thousands of lines at once, as when somebody jumps to the end.
    QByteArray text = "groups:\n  - name: web\n    rules:\n";
    for (int i = 0; i < 3000; ++i)
        text += "      - record: a:b" + QByteArray::number(i) + "\n        expr: |\n          sum(up)\n            > 1\n";
    f->start();
    QVERIFY(f->open(f->write(u"a.yml"_s, text)));
    f->editor()->goTo(size_t(text.size() - 20));
    f->editor()->viewport()->repaint();
    QCOMPARE(int(f->editor()->SendScintilla(QsciScintillaBase::SCI_GETSTYLEAT, static_cast<unsigned long>(text.lastIndexOf("sum")))), int(CodeStyle::Function));
    QVERIFY(f->editor()->SendScintilla(QsciScintillaBase::SCI_GETFOLDLEVEL, 5UL) & QsciScintillaBase::SC_FOLDLEVELHEADERFLAG);
}

void TestWorkbench::indents()
{
    f->start();
    QVERIFY(f->open(f->write(u"a.yml"_s, "route:")));
    key(Qt::Key_End);
    key(Qt::Key_Return);
    type(u"x: 1"_s);
    key(Qt::Key_Escape);
    key(Qt::Key_Return);
    type(u"("_s);
    QCOMPARE(f->text(), QByteArray("route:\n  x: 1\n  ()"));
    type(u")"_s);
    QCOMPARE(f->text(), QByteArray("route:\n  x: 1\n  ()"));
    key(Qt::Key_Backspace);
    type(u"["_s);
    key(Qt::Key_Backspace);
    QVERIFY2(!f->text().contains(']'), f->text().constData());
}

void TestWorkbench::comments()
{
    f->start();
    QVERIFY(f->open(f->write(u"a.yml"_s, "a:\n  b: 1\n  c: 2\n")));
    f->editor()->setSelection(1, 2, 2, 3);
    key(Qt::Key_Slash, Qt::ControlModifier);
    QCOMPARE(f->text(), QByteArray("a:\n  # b: 1\n  # c: 2\n"));
    key(Qt::Key_Slash, Qt::ControlModifier);
    QCOMPARE(f->text(), QByteArray("a:\n  b: 1\n  c: 2\n"));
}

void TestWorkbench::savesKeepingTheFile()
{
    const QString path = f->write(u"a.yml"_s, "\xef\xbb\xbfroute:\r\n  receiver: x\r\n");
    QVERIFY(QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup));
    const QFileDevice::Permissions before = QFile::permissions(path);
    f->start();
    QVERIFY(f->open(path));
    f->cursorBehind("receiver: x");
    type(u"y"_s);
    key(Qt::Key_Escape);
    key(Qt::Key_Return);
    type(u"continue: false"_s);
    QVERIFY(!f->bench->isClean());
    QVERIFY(f->bench->findChild<QTabBar*>(u"workbenchTabs"_s)->tabText(0).startsWith(u"● "));
    key(Qt::Key_Escape);
    key(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(f->bench->isClean());
    QCOMPARE(readFile(path), QByteArray("\xef\xbb\xbfroute:\r\n  receiver: xy\r\n  continue: false\r\n"));
    QCOMPARE(QFile::permissions(path), before);
    // Undone behind the save is unsaved again.
    key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!f->bench->isClean());
}

void TestWorkbench::mergesChangesOnDisk()
{
    const QString path = f->write(u"a.yml"_s, "a: 1\nb: 2\nc: 3\nd: 4\n");
    f->start();
    DocumentPage* page = f->open(path);
    QVERIFY(page);
    // Nothing unsaved: read again, and it can be undone.
    f->write(u"a.yml"_s, "a: 1\nb: 2\nc: 3\nd: 5\n");
    QTRY_COMPARE(f->text(), QByteArray("a: 1\nb: 2\nc: 3\nd: 5\n"));
    QVERIFY(page->isClean());
    QVERIFY2(said().contains(u"read again"), qPrintable(said()));
    // Unsaved work and a change elsewhere go together.
    f->cursorBehind("a: 1");
    type(u"0"_s);
    f->write(u"a.yml"_s, "a: 1\nb: 2\nc: 3\nd: 5\ne: 6\n");
    QTRY_COMPARE(f->text(), QByteArray("a: 10\nb: 2\nc: 3\nd: 5\ne: 6\n"));
    QVERIFY2(said().contains(u"merged"), qPrintable(said()));
    QVERIFY(!page->isClean());
    key(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(page->isClean());
    QCOMPARE(readFile(path), QByteArray("a: 10\nb: 2\nc: 3\nd: 5\ne: 6\n"));
    // As editors save: another file takes the name.
    f->write(u"a.new"_s, "a: 11\nb: 2\nc: 3\nd: 5\ne: 6\n");
    QVERIFY(QFile::remove(path));
    QVERIFY(QFile::rename(f->folder.filePath(u"a.new"_s), path));
    QTRY_COMPARE(f->text(), QByteArray("a: 11\nb: 2\nc: 3\nd: 5\ne: 6\n"));
}

void TestWorkbench::asksAboutConflicts()
{
    const QString path = f->write(u"a.yml"_s, "a: 1\nb: 2\nc: 3\n");
    f->start();
    DocumentPage* page = f->open(path);
    QVERIFY(page);
    f->cursorBehind("b: 2");
    type(u"2"_s);
    f->write(u"a.yml"_s, "a: 1\nb: 9\nc: 3\nd: 4\n");
    QTRY_VERIFY(page->notices()->isPosted(u"conflict"_s));
    // What does not meet is in already; the rest is mine until I say otherwise, and saving waits for that.
    QCOMPARE(f->text(), QByteArray("a: 1\nb: 22\nc: 3\nd: 4\n"));
    key(Qt::Key_S, Qt::ControlModifier);
    QVERIFY2(said().contains(u"Decide"), qPrintable(said()));
    QCOMPARE(readFile(path), QByteArray("a: 1\nb: 9\nc: 3\nd: 4\n"));
    press(u"conflictTheirs"_s);
    QCOMPARE(f->text(), QByteArray("a: 1\nb: 9\nc: 3\nd: 4\n"));
    QVERIFY(page->isClean());
    key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f->text(), QByteArray("a: 1\nb: 22\nc: 3\nd: 4\n"));
    // The other answer: mine is saved over theirs.
    f->write(u"a.yml"_s, "a: 1\nb: 7\nc: 3\nd: 4\n");
    QTRY_VERIFY(page->notices()->isPosted(u"conflict"_s));
    press(u"conflictMine"_s);
    key(Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(readFile(path), QByteArray("a: 1\nb: 22\nc: 3\nd: 4\n"));
}

void TestWorkbench::compares()
{
    const QString path = f->write(u"a.yml"_s, kRules);
    f->start();
    QVERIFY(f->open(path));
    f->cursorBehind("for: 5");
    type(u"0"_s);
    f->cursorBehind("- name: web");
    key(Qt::Key_Return);
    type(u"limit: 3"_s);
    key(Qt::Key_Escape);
    key(Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
    DiffView* diff = f->bench->diff();
    QTRY_VERIFY(diff->isVisible());
    QCOMPARE(diff->changes().size(), size_t(2));
    QCOMPARE(diff->left()->content(), QByteArray(kRules));
    QVERIFY(diff->right()->isReadOnly());
    // Both sides stay level: the left one is filled up beside the new line.
    QCOMPARE(diff->left()->SendScintilla(QsciScintillaBase::SCI_ANNOTATIONGETLINES, 1UL), 1L);
    QTest::keyClick(diff, Qt::Key_F7);
    QCOMPARE(f->bench->findChild<QLabel*>(u"diffCount"_s)->text(), u"2 of 2"_s);
    f->keepPicture(u"diff"_s);
    QTest::keyClick(diff, Qt::Key_Escape);
    QVERIFY(!diff->isVisible());
    QVERIFY(f->bench->current()->isVisible());
}

void TestWorkbench::recoversDrafts()
{
    const QString path = f->write(u"a.yml"_s, "a: 1\nb: 2\n");
    f->start();
    QVERIFY(f->open(path));
    f->cursorBehind("a: 1");
    type(u"23"_s);
    QTRY_VERIFY(Config::readTextDraft(path));
    QTRY_COMPARE(Config::readTextDraft(path)->text, QByteArray("a: 123\nb: 2\n"));
    f->bench.reset(); // nobody saved
    QVERIFY(Config::readTextDraft(path));
    f->write(u"a.yml"_s, "a: 1\nb: 2\nc: 3\n"); // and somebody else went on
    f->start();
    DocumentPage* page = f->open(path);
    QVERIFY(page);
    QTRY_VERIFY(page->notices()->isPosted(u"draft"_s));
    press(u"restoreDraft"_s);
    QCOMPARE(f->text(), QByteArray("a: 123\nb: 2\nc: 3\n"));
    key(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(page->isClean());
    QTRY_VERIFY(!Config::readTextDraft(path));
}

void TestWorkbench::asksBeforeClosing()
{
    const QString path = f->write(u"a.yml"_s, "a: 1\n");
    f->start();
    DocumentPage* page = f->open(path);
    QVERIFY(page);
    type(u"x"_s);
    key(Qt::Key_Escape);
    key(Qt::Key_W, Qt::ControlModifier);
    QVERIFY(page->notices()->isPosted(u"leave"_s));
    press(u"leaveStay"_s);
    QVERIFY(f->bench->current() == page);
    bool left = false;
    f->bench->leave([&left] { left = true; });
    QVERIFY(!left);
    press(u"leaveSave"_s);
    QTRY_VERIFY(left);
    QCOMPARE(readFile(path), QByteArray("xa: 1\n"));
    key(Qt::Key_W, Qt::ControlModifier);
    QVERIFY(!f->bench->current());
}

void TestWorkbench::dropsLateResults()
{
    f->start();
    QVERIFY(f->open(f->write(u"prometheus.yml"_s, kPrometheus)));
    // Whatever is under way while typing goes on: no finding is about another text than the one it is shown on.
    f->cursorBehind("scrape_interval: 15s");
    for (int i = 0; i < 40; ++i) {
        key(i % 2 ? Qt::Key_S : Qt::Key_Backspace);
        QTest::qWait(i % 7);
        for (const Config::Diagnostic& one : f->editor()->findings())
            QVERIFY2(f->text().mid(qsizetype(one.span.start.offset)).startsWith("15"), f->text().constData());
    }
    QTRY_VERIFY(f->isChecked());
    QVERIFY2(f->codes().isEmpty(), qPrintable(f->codes().join(u' ')));
}

void TestWorkbench::checksWhatIsUnsaved()
{
    // A receiver that only exists in the text counts; a rule file that is open is checked as it stands there.
    const QString rules = f->write(u"rules/web.yml"_s, kRules);
    const QString main = f->write(u"prometheus.yml"_s, kPrometheus);
    f->start();
    f->bench->openFolder(f->folder.path());
    QVERIFY(f->open(rules));
    f->cursorBehind("expr: sum by (job) (up");
    type(u" +"_s);
    key(Qt::Key_Escape);
    QTRY_VERIFY(f->isChecked());
    const int errors = f->bench->workspace()->count(Config::Severity::Error);
    QVERIFY(errors > 0);
    QVERIFY(f->open(main));
    f->bench->workspace()->checkAll();
    QTRY_VERIFY(f->isChecked());
    QCOMPARE(f->bench->workspace()->count(Config::Severity::Error), errors);
}

void TestWorkbench::refusesOtherEncodings()
{
    const QString path = f->write(u"latin.yml"_s, "a: \xe4\n");
    f->start();
    DocumentPage* page = f->bench->openFile(path);
    QTRY_VERIFY(page->notices()->isPosted(u"unreadable"_s));
    QVERIFY(page->editor()->isReadOnly());
    QVERIFY(page->isClean());
}

void TestWorkbench::followsTheTheme()
{
    f->write(u"prometheus.yml"_s, kPrometheus);
    f->write(u"alertmanager.yml"_s, "route:\n  receiver: pager\n  routes:\n    - matchers: [severity=page]\n      receiver: nobody\nreceivers:\n  - name: pager\n");
    f->write(u"targets/hosts.json"_s, "[{\"targets\": [\"a:9100\"], \"labels\": {\"rack\": \"7\"}}]\n");
    const QString rules = f->write(u"rules/web.yml"_s, QByteArray(kRules)
        + "      - alert: Flaky\n        expr: rate(up{job=~\"^api$\"}[5m]) > 0.5 and foo(\n        for: 0s\n        labels:\n          severity: page\n          severity: ticket\n        anotations:\n          summary: \"{{ $labels.instance }} at {{ $value | humanise }}\"\n");
    for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
        Theme::instance().setMode(mode);
        const QString suffix = mode == ThemeMode::Dark ? u"-dark"_s : u"-light"_s;
        f->start();
        f->bench->openFolder(f->folder.path());
        QVERIFY(f->open(rules));
        QTRY_VERIFY(f->codes().size() > 2);
        QTRY_VERIFY(f->isChecked());
        QCOMPARE(f->editor()->paper(), Theme::instance().colors().panel);
        f->keepPicture(u"errors"_s + suffix);
        f->cursorBehind("expr: sum by (job) (up");
        type(u" * his"_s);
        QTRY_VERIFY(f->editor()->isCompleting());
        f->keepPicture(u"completion"_s + suffix);
        key(Qt::Key_Escape);
        key(Qt::Key_Z, Qt::ControlModifier);
        f->cursorBehind("(rat");
        QTest::keyClick(f->editor(), Qt::Key_F1, Qt::ShiftModifier);
        QTest::qWait(50);
        f->keepPicture(u"hover"_s + suffix);
        for (DocumentPage* page : f->bench->pages())
            page->editor()->setModified(false);
        Config::removeTextDraft(rules);
    }
    Theme::instance().setMode(ThemeMode::Light);
}

PROMDECK_GUI_TEST_MAIN(TestWorkbench)
#include "tst_workbench.moc"
