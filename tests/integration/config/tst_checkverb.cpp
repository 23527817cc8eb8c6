#include "tests/support/verbtest.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// `promdeck check` as a script uses it.
class TestCheckVerb : public QObject
{
    Q_OBJECT

    [[nodiscard]] VerbOutput promdeck(const QStringList& arguments) const { return runVerb(arguments, m_folder.path()); }

    void write(const QString& name, const QByteArray& text) const
    {
        const QString path = m_folder.filePath(name);
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void showsThePlace()
    {
        write(u"a.yml"_s, "groups:\n- name: a\n  rules:\n  - record: x\n    expr: rate(up)\n");
        const VerbOutput text = promdeck({u"check"_s, u"a.yml"_s});
        QCOMPARE(text.exitCode, 1);
        QVERIFY2(text.out.contains("a.yml:5:16: error: could not parse expression: expected type range vector in call to "
                                   "function \"rate\", got instant vector [promql/syntax]\n"
                                   "        expr: rate(up)\n"
                                   "                   ^^\n"),
                 text.out.constData());
        const VerbOutput json = promdeck({u"check"_s, u"--json"_s, u"a.yml"_s});
        QCOMPARE(json.exitCode, 1);
        const Json result = Json::parse(json.out).valueOr({});
        QCOMPARE(result[u"errors"].toInt(), 1);
        const Json& file = result[u"files"].at(0);
        QCOMPARE(file[u"kind"].toString(), u"rules"_s);
        const Json& one = file[u"diagnostics"].at(0);
        QCOMPARE(one[u"severity"].toString(), u"error"_s);
        QCOMPARE(one[u"line"].toInt(), 5);
        QCOMPARE(one[u"column"].toInt(), 16);
        QCOMPARE(one[u"endColumn"].toInt(), 18);
    }

    void walksFoldersAndFollowsReferences()
    {
        write(u"stack/prometheus.yml"_s, "rule_files: [rules/*.txt]\n");
        write(u"stack/rules/one.txt"_s, "groups:\n- name: a\n  rules: [{alert: A, expr: 'up{'}]\n");
        write(u"stack/notes.yml"_s, "services: {}\n");
        write(u"stack/README.md"_s, "groups: 5");
        const Json result = Json::parse(promdeck({u"check"_s, u"--json"_s, u"stack"_s}).out).valueOr({});
        QCOMPARE(result[u"files"].size(), 2);
        QCOMPARE(result[u"files"].at(1)[u"path"].toString(), u"stack/rules/one.txt"_s);
        QVERIFY(result[u"errors"].toInt() > 0);
    }

    void exitCodes()
    {
        write(u"good.yml"_s, "groups: []\n");
        write(u"what.yml"_s, "a: b\n");
        QCOMPARE(promdeck({u"check"_s, u"good.yml"_s}).exitCode, 0);
        QCOMPARE(promdeck({u"check"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"check"_s, u"absent.yml"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"check"_s, u"what.yml"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"check"_s, u"--kind"_s, u"nonsense"_s, u"good.yml"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"check"_s, u"--bad"_s, u"good.yml"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"check"_s, u"--kind=prometheus"_s, u"good.yml"_s}).exitCode, 1);
        QCOMPARE(promdeck({u"check"_s, u"--server-version=x"_s, u"good.yml"_s}).exitCode, 2);
    }
};

PROMDECK_VERB_TEST_MAIN(TestCheckVerb)
#include "tst_checkverb.moc"
