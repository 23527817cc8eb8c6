#include "tests/support/testsupport.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/richtext.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QLabel>
#include <QTextBlock>
#include <QTextDocument>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

struct Contents
{
    QString text;
    QStringList links;
    int images = 0;
};

Contents contents(const QTextDocument& document)
{
    Contents out;
    out.text = document.toPlainText();
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextFragment fragment = it.fragment();
            out.images += fragment.charFormat().isImageFormat() ? 1 : 0;
            if (!fragment.charFormat().anchorHref().isEmpty())
                out.links.append(fragment.charFormat().anchorHref());
        }
    }
    return out;
}

Contents fromMarkdown(const QString& text)
{
    QTextDocument document;
    setMarkdown(&document, text);
    return contents(document);
}

Contents fromHtml(const QString& text)
{
    QTextDocument document;
    setSafeHtml(&document, text);
    return contents(document);
}

} // namespace

class TestRichText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void markdownKeepsTextAndSafeLinks()
    {
        const Contents found = fromMarkdown(u"# Title\n\nsee [docs](https://a.example/x) and `code`"_s);
        QCOMPARE(found.links, QStringList {u"https://a.example/x"_s});
        QVERIFY(found.text.contains(u"Title"_s) && found.text.contains(u"code"_s));
    }

    void markdownImagesBecomeTheirText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("inline") << u"a ![alt](http://a.example/x.png) b"_s;
        QTest::newRow("reference") << u"a ![alt][r] b\n\n[r]: file:///etc/hostname"_s;
        QTest::newRow("two in a row") << u"a ![alt][r]![alt][r] b\n\n[r]: x.png"_s;
        QTest::newRow("beside HTML") << u"<b>a</b> ![alt][r] b\n\n[r]: x.png"_s;
    }

    void markdownImagesBecomeTheirText()
    {
        QFETCH(QString, text);
        const Contents found = fromMarkdown(text);
        QCOMPARE(found.images, 0);
        QVERIFY2(found.text.contains(u"alt"_s), qPrintable(found.text));
        QVERIFY2(!found.text.contains(QChar::ObjectReplacementCharacter), qPrintable(found.text));
    }

    void linksToOtherSchemesAreText_data()
    {
        QTest::addColumn<bool>("html");
        QTest::addColumn<QString>("text");
        QTest::newRow("inline") << false << u"[x](javascript:alert(1)) [y](file:///etc)"_s;
        QTest::newRow("reference") << false << u"[x] [y]\n\n[x]: file:///etc/passwd\n[y]: data:text/html,z"_s;
        QTest::newRow("entity in Markdown") << false << u"[x](javascript&colon;1) y"_s;
        QTest::newRow("autolink") << false << u"<ftp://x.example/y>"_s;
        QTest::newRow("attribute") << true << u"<a href='JAVA\tscript:1'>x</a> <a href=\"vbscript:1\">y</a>"_s;
        QTest::newRow("entity in HTML") << true << u"<a href='javascript&#58;1'>x</a> y"_s;
    }

    void linksToOtherSchemesAreText()
    {
        QFETCH(bool, html);
        QFETCH(QString, text);
        const Contents found = html ? fromHtml(text) : fromMarkdown(text);
        QVERIFY2(found.links.isEmpty(), qPrintable(found.links.join(u' ')));
        QVERIFY2(found.text.contains(u'x') && found.text.contains(u'y'), qPrintable(found.text));
    }

    void tags_data()
    {
        QTest::addColumn<QString>("html");
        QTest::addColumn<QString>("safe");
        QTest::newRow("kept") << u"<b>a</b><br/>"_s << u"<b>a</b><br>"_s;
        QTest::newRow("event handler") << u"<p onclick='x()' align=left>a"_s << u"<p align=\"left\">a"_s;
        QTest::newRow("script") << u"a<script>x</script>b"_s << u"ab"_s;
        QTest::newRow("unclosed script") << u"a<script>x"_s << u"a"_s;
        QTest::newRow("image") << u"a<img src=x>b"_s << u"ab"_s;
        QTest::newRow("comment") << u"a<!-- <b> -->b"_s << u"ab"_s;
        QTest::newRow("less than") << u"1 < 2 <3> </ >"_s << u"1 &lt; 2 &lt;3> &lt;/ >"_s;
        QTest::newRow("end in quotes") << u"<a href=\"https://x/>\">b</a>"_s << u"<a href=\"https://x/>\">b</a>"_s;
        QTest::newRow("unclosed") << u"<b a=\"x>c"_s << u"&lt;b a=\"x>c"_s;
        QTest::newRow("address") << u"<https://a.example>"_s << u"&lt;https://a.example>"_s;
    }

    void tags()
    {
        QFETCH(QString, html);
        QTEST(sanitizeHtml(html), "safe");
    }

    void tipsShowTextAsItIs()
    {
        QCOMPARE(plainTip(u"up{job=\"a\"}\n1 < 2"_s), u"up{job=\"a\"}\n1 < 2"_s);
        for (const QString& hostile : {u"<img src=\"http://x/y.png\">"_s, u"<b>x</b>\n &amp; y"_s, QString(u"long "_s.repeated(40))}) {
            QTextDocument document;
            document.setHtml(plainTip(hostile));
            QCOMPARE(document.toPlainText(), hostile);
        }
    }

    void labelsShowTextAsItIs()
    {
        Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
        QLabel label(u"<b>x</b>"_s);
        label.ensurePolished();
        QCOMPARE(label.textFormat(), Qt::PlainText);
        QLabel rich(u"<b>x</b>"_s);
        rich.setTextFormat(Qt::RichText);
        rich.ensurePolished();
        QCOMPARE(rich.textFormat(), Qt::RichText);
    }

    // Done at once when the cost of a tag is bounded, never when it is not.
    void hostileTagsCostNoMore()
    {
        const QString open = u"<a"_s.repeated(500'000);
        QCOMPARE(sanitizeHtml(open).size(), open.size() + 3 * 500'000);
        const QString quotes = u"<a \"'"_s.repeated(200'000) + u'>';
        QVERIFY(!sanitizeHtml(quotes).contains(u"<a \""_s));
        QCOMPARE(sanitizeHtml(u"<b "_s + QString(500'000, u'x') + u">c"_s), u"<b>c"_s);
    }
};

PROMDECK_GUI_TEST_MAIN(TestRichText)
#include "tst_richtext.moc"
