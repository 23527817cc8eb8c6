#include "tests/support/testsupport.h"
#include "widgets/panels/tablebody.h"
#include "widgets/panels/tableparts.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QTableView>

#include <memory>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

Field column(const QString& name, FieldType type, Column values)
{
    Field field;
    field.name = name;
    field.type = type;
    field.values = std::move(values);
    field.config.unit = u"none"_s;
    return field;
}

// Four rows whose sorted order is not its own inverse: a row looked up twice would show.
PanelInput hosts(const Json& options = Json::object())
{
    Frame frame;
    frame.fields = {column(u"host"_s, FieldType::String, Column(Column::Strings {u"c"_s, u"a"_s, u"d"_s, u"b"_s})),
                    column(u"load"_s, FieldType::Number, Column(Column::Numbers {30, 20, 10, 40}))};
    auto data = std::make_shared<PanelData>();
    data->state = PanelData::State::Done;
    data->frames = {frame};
    PanelInput input;
    input.spec.type = u"table"_s;
    input.spec.options = options;
    input.data = data;
    return input;
}

QString shown(const TableBody& body, int column)
{
    QStringList cells;
    for (int row = 0; row < body.model()->rowCount(); ++row)
        cells << body.model()->index(row, column).data().toString();
    return cells.join(u' ');
}

} // namespace

class TestTablePanel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_body.reset(); }
    void sortCycle();
    void quickPairSortsTwice();
    void clicksOvertakeTheAnswer();
    void goesOnFromThePanelsOrder();
    void sortsByKey();
    void filterKeepsTheOrder();
    void searchesAllColumns();
    void copiesTheSelection();
    void modelKeepsItsPromises();

private:
    void show(const Json& options = Json::object());
    [[nodiscard]] QPoint section(int index) const;
    [[nodiscard]] QWidget* header() const { return m_body->findChild<TableHeader*>()->viewport(); }

    std::unique_ptr<TableBody> m_body;
};

void TestTablePanel::init()
{
    m_body = std::make_unique<TableBody>(nullptr);
    m_body->resize(400, 300);
    m_body->setVisible(true);
}

void TestTablePanel::show(const Json& options)
{
    m_body->setInput(hosts(options));
    QTRY_COMPARE(m_body->model()->rowCount(), 4);
}

QPoint TestTablePanel::section(int index) const
{
    const auto* view = m_body->findChild<TableHeader*>();
    return {view->sectionViewportPosition(index) + view->sectionSize(index) / 2, view->height() / 2};
}

void TestTablePanel::sortCycle()
{
    show();
    QCOMPARE(shown(*m_body, 0), u"c a d b"_s);
    for (const auto& [key, order] : {std::pair {0, u"a b c d"_s}, {0, u"d c b a"_s}, {0, u"c a d b"_s}, {1, u"d a c b"_s}}) {
        QTest::mouseClick(header(), Qt::LeftButton, {}, section(key));
        QTRY_COMPARE(shown(*m_body, 0), order);
    }
    QCOMPARE(shown(*m_body, 1), u"10 20 30 40"_s);
}

void TestTablePanel::quickPairSortsTwice()
{
    show();
    // What arrives when a user clicks twice quickly: press, release, double click (no press), release.
    QTest::mouseClick(header(), Qt::LeftButton, {}, section(0));
    QTest::mouseDClick(header(), Qt::LeftButton, {}, section(0));
    QTest::mouseRelease(header(), Qt::LeftButton, {}, section(0));
    QTRY_COMPARE(shown(*m_body, 0), u"d c b a"_s);
}

void TestTablePanel::clicksOvertakeTheAnswer()
{
    show();
    // No event loop in between: the second click comes before the first one's answer.
    QTest::mouseClick(header(), Qt::LeftButton, {}, section(1));
    QTest::mouseClick(header(), Qt::LeftButton, {}, section(1));
    QTRY_COMPARE(shown(*m_body, 1), u"40 30 20 10"_s);
}

void TestTablePanel::goesOnFromThePanelsOrder()
{
    show(Json::object({{u"sortBy"_s, Json::array({Json::object({{u"displayName"_s, Json(u"load"_s)}, {u"desc"_s, Json(false)}})})}}));
    QCOMPARE(shown(*m_body, 1), u"10 20 30 40"_s);
    QTest::mouseClick(header(), Qt::LeftButton, {}, section(1));
    QTRY_COMPARE(shown(*m_body, 1), u"40 30 20 10"_s);
    QTest::mouseClick(header(), Qt::LeftButton, {}, section(1));
    QTRY_COMPARE(shown(*m_body, 1), u"30 20 10 40"_s);
}

void TestTablePanel::sortsByKey()
{
    show();
    auto* view = m_body->view();
    view->setCurrentIndex(m_body->model()->index(0, 1));
    QTest::keyClick(view, Qt::Key_S);
    QTRY_COMPARE(shown(*m_body, 1), u"10 20 30 40"_s);
}

void TestTablePanel::filterKeepsTheOrder()
{
    show();
    QTest::mouseClick(header(), Qt::LeftButton, {}, section(0));
    m_body->setFilter(u"load"_s, u"0"_s);
    QTRY_COMPARE(shown(*m_body, 0), u"a b c d"_s);
    m_body->setFilter(u"host"_s, u"B"_s);
    QTRY_COMPARE(shown(*m_body, 0), u"b"_s);
    QCOMPARE(shown(*m_body, 1), u"40"_s);
}

void TestTablePanel::searchesAllColumns()
{
    show();
    auto* search = m_body->findChild<QLineEdit*>(u"tableSearch"_s);
    QVERIFY(!search->isVisible());
    show(Json::object({{u"showSearch"_s, Json(true)}}));
    QTRY_VERIFY(search->isVisible());
    QTRY_VERIFY(!search->geometry().intersects(m_body->view()->geometry()));
    QTest::keyClicks(search, u"B"_s);
    QTRY_COMPARE(shown(*m_body, 0), u"b"_s);
    search->setText(u"20"_s);
    QTRY_COMPARE(shown(*m_body, 0), u"a"_s);
    search->clear();
    QTRY_COMPARE(m_body->model()->rowCount(), 4);
}

void TestTablePanel::copiesTheSelection()
{
    show();
    m_body->view()->selectAll();
    QTest::keySequence(m_body->view(), QKeySequence::Copy);
    QCOMPARE(QApplication::clipboard()->text(), u"c\t30\na\t20\nd\t10\nb\t40"_s);
}

void TestTablePanel::modelKeepsItsPromises()
{
    TableItemModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const PanelInput input = hosts();
    auto table = std::make_shared<TableModelData>(tableModel(input.spec, *input.data, input.context));
    model.setData(table, {0, 1, 2, 3});
    model.setData(table, {2});
    QCOMPARE(model.index(0, 0).data().toString(), u"d"_s);
    QCOMPARE(model.index(0, 1).data(TableItemModel::NumberRole).toDouble(), 10.0);
    model.setData(nullptr, {});
    QCOMPARE(model.rowCount(), 0);
}

PROMDECK_GUI_TEST_MAIN(TestTablePanel)
#include "tst_tablepanel.moc"
