// The rules of the house that a compiler does not check, read from the source text.
#include "tests/support/testsupport.h"

#include <QDirIterator>
#include <QLibraryInfo>
#include <QRegularExpression>
#include <QTextStream>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

struct SourceFile
{
    QString path; ///< relative to the source root
    QString text;
    QString code; ///< without comments and the contents of literals; line breaks kept
};

/// Blanks comments and literals, so that a rule does not trip over prose.
QString withoutProse(const QString& text)
{
    static const QRegularExpression prose(
        uR"RX(R"(\w*)\((.*?)\)\1"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'|//[^\n]*|/\*.*?\*/)RX"_s,
        QRegularExpression::DotMatchesEverythingOption);
    QString out;
    qsizetype done = 0;
    for (auto it = prose.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        // A digit separator (1'000) is not the start of a literal.
        const bool separator = match.captured().startsWith(u'\'') && match.capturedStart() > 0
            && text.at(match.capturedStart() - 1).isDigit();
        if (separator)
            continue;
        out += text.mid(done, match.capturedStart() - done);
        out += u"\"\""_s + QString(match.captured().count(u'\n'), u'\n');
        done = match.capturedEnd();
    }
    return out + text.mid(done);
}

std::vector<SourceFile> sourcesBelow(const QStringList& folders)
{
    const QString root = QStringLiteral(PROMDECK_SOURCE_DIR "/");
    std::vector<SourceFile> files;
    for (const QString& folder : folders) {
        QDirIterator it(root + folder, {u"*.h"_s, u"*.cpp"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            const QString path = it.next();
            const QString text = QString::fromUtf8(Testing::readFile(path));
            files.push_back({path.mid(root.size()), text, withoutProse(text)});
        }
    }
    return files;
}

const std::vector<SourceFile>& product()
{
    static const auto files
        = sourcesBelow({u"models"_s, u"provisioning"_s, u"resources"_s, u"widgets"_s, u"app"_s});
    return files;
}

/// A folder and the project folders its files may include.
struct Layer
{
    QString folder;
    QStringList mayInclude;
    bool mayUseGui;
};

const std::vector<Layer>& layers()
{
    // The first match counts, so the special cases stand above the layer they belong to.
    static const std::vector<Layer> list {
        {u"models/core/"_s, {u"models/core/"_s}, false},
        {u"models/promql/"_s, {u"models/core/"_s, u"models/promql/"_s}, false},
        {u"models/frame/"_s, {u"models/core/"_s, u"models/frame/"_s}, false},
        {u"models/"_s, {u"models/"_s}, false},
        {u"provisioning/"_s, {u"models/"_s, u"provisioning/"_s}, false},
        {u"resources/"_s, {u"resources/"_s}, false},
        {u"widgets/plot/"_s, {u"models/"_s, u"widgets/plot/"_s, u"widgets/common/"_s}, true},
        {u"widgets/panels/"_s, {u"models/"_s, u"widgets/plot/"_s, u"widgets/common/"_s, u"widgets/panels/"_s}, true},
        {u"widgets/"_s, {u"models/"_s, u"provisioning/"_s, u"resources/"_s, u"widgets/"_s}, true},
        {u"app/"_s, {u"models/"_s, u"provisioning/"_s, u"resources/"_s, u"widgets/"_s, u"app/"_s}, true},
    };
    return list;
}

const Layer* layerOf(const QString& path)
{
    for (const Layer& layer : layers()) {
        if (path.startsWith(layer.folder))
            return &layer;
    }
    return nullptr;
}

/// Whether <name> is a header of a Qt module that paints.
bool isGuiHeader(const QString& name)
{
    static const QStringList modules {u"QtGui"_s,  u"QtWidgets"_s,    u"QtCharts"_s,      u"QtSvg"_s,
                                      u"QtOpenGL"_s, u"QtSvgWidgets"_s, u"QtPrintSupport"_s, u"Qsci"_s};
    if (modules.contains(name.section(u'/', 0, 0)))
        return true;
    const QString headers = QLibraryInfo::path(QLibraryInfo::HeadersPath);
    return std::any_of(modules.begin(), modules.end(), [&](const QString& module) {
        return QFileInfo::exists(headers + u'/' + module + u'/' + name);
    });
}

int lineOf(const QString& text, qsizetype offset)
{
    return int(QStringView(text).left(offset).count(u'\n')) + 1;
}

/// "file:line: what" for every match of a pattern in the code of the files.
QStringList matches(const std::vector<SourceFile>& files, const QString& pattern)
{
    const QRegularExpression wanted(pattern);
    QStringList found;
    for (const SourceFile& file : files) {
        for (auto it = wanted.globalMatch(file.code); it.hasNext();) {
            const QRegularExpressionMatch match = it.next();
            found << u"%1:%2: %3"_s.arg(file.path, QString::number(lineOf(file.code, match.capturedStart())),
                                        match.captured().trimmed());
        }
    }
    return found;
}

/// The top-level arguments of a call whose opening parenthesis is at `open`.
QStringList arguments(const QString& code, qsizetype open)
{
    QStringList list {QString()};
    int depth = 0;
    for (qsizetype i = open; i < code.size(); ++i) {
        const QChar c = code.at(i);
        if ((c == u')' || c == u'}' || c == u']') && --depth == 0)
            break;
        if (depth == 1 && c == u',')
            list << QString();
        else if (i > open)
            list.last() += c;
        if (c == u'(' || c == u'{' || c == u'[')
            ++depth;
    }
    return list;
}

} // namespace

class TestLayers final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsItsRulesRight();
    void includesStayInTheirLayer();
    void engineSpeaksNoLanguage();
    void nothingBlocksTheEventLoop();
    void lambdasHaveAContext();
    void tooltipsArePlain();
    void testsDoNotSkip();
    void filesStayReadable();
};

void TestLayers::readsItsRulesRight()
{
    QCOMPARE(withoutProse(u"a(\"x // \\\" y\"); // QEventLoop\nb /* c\n */ d 1'000"_s),
             u"a(\"\"); \"\"\nb \"\"\n d 1'000"_s);
    QCOMPARE(arguments(u"connect(a, &B::c, [x](int, int) { f(1, 2); });"_s, 7).size(), 3);
    QVERIFY(isGuiHeader(u"QPainter"_s) && isGuiHeader(u"QtWidgets/QWidget"_s));
    QVERIFY(!isGuiHeader(u"QString"_s) && !isGuiHeader(u"vector"_s));
    QVERIFY(product().size() > 20);
}

void TestLayers::includesStayInTheirLayer()
{
    static const QRegularExpression include(u"^#include ([\"<])([^\">]+)"_s, QRegularExpression::MultilineOption);
    QStringList wrong;
    for (const SourceFile& file : product()) {
        const Layer* layer = layerOf(file.path);
        for (auto it = include.globalMatch(file.text); it.hasNext();) {
            const QRegularExpressionMatch match = it.next();
            const QString name = match.captured(2);
            const bool own = match.captured(1) == u"\"" && name.contains(u'/');
            const bool allowed = own ? std::any_of(layer->mayInclude.begin(), layer->mayInclude.end(),
                                                   [&](const QString& folder) { return name.startsWith(folder); })
                                     : layer->mayUseGui || !isGuiHeader(name);
            if (!allowed)
                wrong << u"%1:%2 includes %3"_s.arg(file.path, QString::number(lineOf(file.text, match.capturedStart())), name);
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TestLayers::engineSpeaksNoLanguage()
{
    const auto engine = sourcesBelow({u"models"_s, u"provisioning"_s});
    QStringList found = matches(engine, u"\\btr\\(|\\bQ(Color|Icon|Font|Pixmap|Painter)\\b|\\bstd::c(out|err)\\b|\\bprintf\\("_s);
    // The table generator runs while building and is no part of the program.
    found.removeIf([](const QString& line) { return line.startsWith(u"models/promql/grammar/"_s); });
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
}

void TestLayers::nothingBlocksTheEventLoop()
{
    QStringList found = matches(product(),
                                u"\\bQEventLoop\\b|\\bprocessEvents\\b|\\bwaitFor\\w*\\(|\\b\\w+(\\.|->|::)exec\\("_s);
    // The one loop there is.
    found.removeIf([](const QString& line) {
        static const QRegularExpression main(u"^app/.*(app|Application)(\\.|->|::)exec"_s);
        return line.contains(main);
    });
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
}

/// connect(sender, signal, lambda) keeps calling the lambda after what it captured is gone.
void TestLayers::lambdasHaveAContext()
{
    // QCoro::connect(task, context, lambda) has its context second.
    static const QRegularExpression call(u"(?<!QCoro::)\\bconnect\\("_s);
    QStringList wrong;
    for (const SourceFile& file : product()) {
        for (auto it = call.globalMatch(file.code); it.hasNext();) {
            const QRegularExpressionMatch match = it.next();
            const QStringList given = arguments(file.code, match.capturedEnd() - 1);
            if (given.size() == 3 && given.at(2).trimmed().startsWith(u'['))
                wrong << u"%1:%2"_s.arg(file.path, QString::number(lineOf(file.code, match.capturedStart())));
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(u"connect() of a lambda without a context object:\n"_s + wrong.join(u'\n')));
}

/// Qt shows a tooltip that looks like HTML as HTML, and what a server says may look like it.
void TestLayers::tooltipsArePlain()
{
    static const QRegularExpression call(u"\\b(setToolTip|QToolTip::showText)\\("_s);
    static const QRegularExpression safe(u"^[^(]*\\b(tr|plainTip)\\("_s);
    QStringList wrong;
    for (const SourceFile& file : product()) {
        for (auto it = call.globalMatch(file.code); it.hasNext();) {
            const QRegularExpressionMatch match = it.next();
            const QStringList given = arguments(file.code, match.capturedEnd() - 1);
            const bool shows = match.captured(1).startsWith(u'Q');
            // The text follows the position, or the column of a tree's item.
            const QString text = shows || (given.size() == 2 && !given.at(0).contains(u'(')) ? given.value(1) : given.value(0);
            if (!safe.match(text).hasMatch())
                wrong << u"%1:%2"_s.arg(file.path, QString::number(lineOf(file.code, match.capturedStart())));
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(u"a tooltip without plainTip() or tr():\n"_s + wrong.join(u'\n')));
}

void TestLayers::testsDoNotSkip()
{
    const QStringList found = matches(sourcesBelow({u"tests"_s}), u"\\bQSKIP\\b"_s);
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
}

void TestLayers::filesStayReadable()
{
    QStringList tooLong;
    for (const SourceFile& file : sourcesBelow({u"models"_s, u"provisioning"_s, u"resources"_s, u"widgets"_s, u"app"_s, u"tests"_s})) {
        const qsizetype lines = file.text.count(u'\n');
        if (lines > 800)
            tooLong << u"%1: %2 lines"_s.arg(file.path, QString::number(lines));
    }
    QVERIFY2(tooLong.isEmpty(), qPrintable(tooLong.join(u'\n')));
}

PROMDECK_TEST_MAIN(TestLayers)
#include "tst_layers.moc"
