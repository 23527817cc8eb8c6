#include "tests/support/testsupport.h"
#include "widgets/common/theme.h"
#include "widgets/editor/listeditors.h"
#include "widgets/editor/optionspecs.h"
#include "widgets/editor/promqledit.h"
#include "widgets/editor/promqlhighlighter.h"

#include <QApplication>
#include <QSet>
#include <QSignalSpy>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// The editor's parts that need no window around them and no server.
class TestEditorParts final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance())); }
    void closesBrackets();
    void colorsTheLanguage();
    void mappingsKeepTheirForm();
    void everyTypeHasOptions();
};

void TestEditorParts::closesBrackets()
{
    PromqlEdit text;
    text.show();
    text.setFocus();
    QTest::keyClicks(&text, u"sum(rate(x{a=\"b\"}[5m]))"_s);
    QCOMPARE(text.expression(), u"sum(rate(x{a=\"b\"}[5m]))"_s);
    text.setExpression(QString());
    QTest::keyClick(&text, '(');
    QCOMPARE(text.expression(), u"()"_s);
    QTest::keyClick(&text, Qt::Key_Backspace);
    QCOMPARE(text.expression(), QString());
    // Around what is selected.
    text.setExpression(u"up"_s);
    text.selectAll();
    QTest::keyClick(&text, '(');
    QCOMPARE(text.expression(), u"(up)"_s);
    // Lines.
    QSignalSpy run(&text, &PromqlEdit::run);
    const int height = text.height();
    QTest::keyClick(&text, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(run.count(), 0);
    QVERIFY(text.height() > height);
    QTest::keyClick(&text, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(run.count(), 1);
}

void TestEditorParts::colorsTheLanguage()
{
    using Role = PromqlHighlighter::Role;
    const QString text = u"sum by (job) (rate(x_total{a=~\"\u00fc.*\"}[$__rate_interval])) > 1.5 # why"_s;
    const auto roles = PromqlHighlighter::rolesOf(text);
    QCOMPARE(roles.size(), size_t(text.size()));
    const auto at = [&](const QString& word) { return roles[size_t(text.indexOf(word))]; };
    QCOMPARE(at(u"sum"_s), Role::Aggregator);
    QCOMPARE(at(u"by"_s), Role::Keyword);
    QCOMPARE(at(u"job"_s), Role::Label);
    QCOMPARE(at(u"rate("_s), Role::Function);
    QCOMPARE(at(u"x_total"_s), Role::Metric);
    QCOMPARE(at(u"a=~"_s), Role::Label);
    QCOMPARE(at(u"\"\u00fc"_s), Role::String);
    QCOMPARE(at(u"$__rate"_s), Role::Variable);
    QCOMPARE(at(u"1.5"_s), Role::Number);
    QCOMPARE(at(u"# why"_s), Role::Comment);
    // Unfinished text has colours too.
    QCOMPARE(PromqlHighlighter::rolesOf(u"rate(x{a=\"b"_s).size(), size_t(11));
}

void TestEditorParts::mappingsKeepTheirForm()
{
    const Json mappings = *Json::parse("[{\"options\":{\"0\":{\"color\":\"red\",\"index\":0,\"text\":\"down\"},\"1\":{\"color\":\"green\",\"index\":1,\"text\":\"up\"}},\"type\":\"value\"},"
                                       "{\"options\":{\"from\":2,\"to\":null,\"result\":{\"index\":2,\"text\":\"many\"}},\"type\":\"range\"},"
                                       "{\"options\":{\"pattern\":\"/a.*/\",\"result\":{\"index\":3,\"text\":\"A\"}},\"type\":\"regex\"},"
                                       "{\"options\":{\"match\":\"null+nan\",\"result\":{\"index\":4,\"text\":\"-\"}},\"type\":\"special\"}]");
    const auto rows = MappingsEditor::rowsOf(mappings);
    QCOMPARE(rows.size(), size_t(5));
    QCOMPARE(rows[1].text, u"up"_s);
    QCOMPARE(MappingsEditor::mappingsOf(rows), mappings);
}

void TestEditorParts::everyTypeHasOptions()
{
    for (const PanelTypeInfo& info : panelTypes()) {
        const auto& specs = optionsFor(info.type);
        QVERIFY2(specs.size() > 5, qPrintable(info.type));
        QSet<QString> paths;
        for (const OptionSpec& spec : specs) {
            QVERIFY2(!spec.label.isEmpty() && !spec.section.isEmpty(), qPrintable(spec.path));
            QVERIFY2(!paths.contains(spec.path), qPrintable(info.type + u' ' + spec.path));
            paths.insert(spec.path);
            if (spec.kind == OptionSpec::Kind::Choice)
                QVERIFY2(spec.choices.size() > 1, qPrintable(spec.path));
        }
    }
    QVERIFY(optionsFor(u"somebody-elses-panel"_s).size() > 5);
}

PROMDECK_GUI_TEST_MAIN(TestEditorParts)
#include "tst_editorparts.moc"
