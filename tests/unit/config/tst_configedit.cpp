#include "models/config/edit/assist.h"
#include "models/config/edit/textdraft.h"
#include "models/config/filechecker.h"
#include "tests/support/testsupport.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

namespace {

class Metrics final : public Promql::CompletionSource
{
public:
    [[nodiscard]] std::span<const std::string> metricNames() const override { return m_names; }
    [[nodiscard]] std::string metricType(const std::string& name) const override { return name == "http_requests_total" ? "counter" : ""; }
    [[nodiscard]] std::string metricHelp(const std::string& name) const override { return name == "http_requests_total" ? "Requests served." : ""; }
    [[nodiscard]] std::vector<std::string> labelNames(const std::string&) const override { return {"code", "job"}; }
    [[nodiscard]] std::vector<std::string> labelValues(const std::string&, const std::string&, const std::vector<Promql::Matcher>&) const override
    {
        return {"api", "db"};
    }

private:
    std::vector<std::string> m_names {"http_requests_total", "node_load1", "up"};
};

/// Takes "|" out of a text and says where it was.
std::string atBar(std::string text, std::size_t& offset)
{
    offset = text.find('|');
    return text.erase(offset, 1);
}

QStringList labels(const Proposals& proposals)
{
    QStringList out;
    for (const Proposal& one : proposals.items)
        out << QString::fromStdString(one.label);
    return out;
}

const char* const kRules = R"(groups:
  - name: web # the front
    rules:
      - alert: Slow
        expr: rate(http_requests_total[5m]) > 5
        labels:
          severity: page

      - record: job:up:sum
        expr: |
          sum by (job) (
            up
          )
)";

} // namespace

class TestConfigEdit : public QObject
{
    Q_OBJECT

    Proposals propose(const char* text, FileKind kind = FileKind::Prometheus)
    {
        std::size_t offset = 0;
        m_text = atBar(text, offset);
        return proposalsAt(m_text, offset, kind, CheckOptions(), Metrics(), m_names);
    }
    std::string accept(const Proposals& proposals, const char* label)
    {
        for (const Proposal& one : proposals.items) {
            if (one.label == label)
                return applyEdits(m_text, {{proposals.start, proposals.end, one.insert}});
        }
        return "no such proposal";
    }
    std::string m_text;
    KnownNames m_names;

private Q_SLOTS:
    void completesKeys();
    void completesValues();
    void completesPromql();
    void completesTemplates();
    void hovers();
    void findsReferences_data();
    void findsReferences();
    void fixes();
    void formats();
    void formatsNothingAway();
    void editsRules();
    void appendsItems_data();
    void appendsItems();
    void diffsAndMerges();
    void mergesAtRandom();
    void keepsFiles();
    void documentsRealKeys();
};

void TestConfigEdit::completesKeys()
{
    QCOMPARE(labels(propose("|")).first(), u"global"_s);
    QVERIFY(labels(propose("scr|")).startsWith(u"scrape_configs"_s));
    const Proposals top = propose("global:\n  scrape_interval: 15s\n  sc|");
    QVERIFY(labels(top).contains(u"scrape_timeout"_s));
    QVERIFY2(!labels(top).contains(u"scrape_interval"_s), "is there already");
    QCOMPARE(accept(top, "scrape_timeout"), "global:\n  scrape_interval: 15s\n  scrape_timeout: ");
    const Proposals job = propose("scrape_configs:\n  - job_name: a\n    stat|\n    scheme: http\n");
    QCOMPARE(accept(job, "static_configs"), "scrape_configs:\n  - job_name: a\n    static_configs:\n      - \n    scheme: http\n");
    QVERIFY(!labels(job).contains(u"scheme"_s));
    // The first key of an item, and lists that stand under their key.
    QVERIFY(labels(propose("scrape_configs:\n- |")).contains(u"job_name"_s));
    QVERIFY(labels(propose("scrape_configs:\n- job_name: x\n  |")).contains(u"metrics_path"_s));
    QVERIFY(labels(propose("groups:\n- name: x\n  rules:\n  - alert: y\n    |", FileKind::Rules)).contains(u"expr"_s));
    // Block texts and comments hold no keys.
    QVERIFY(propose("groups:\n- name: x # |", FileKind::Rules).items.empty());
    // A key that a newer server brought is not offered for an older one.
    CheckOptions old;
    old.prometheus = {2, 42};
    const std::string text = "s";
    const QStringList offered = labels(proposalsAt(text, 1, FileKind::Prometheus, old, Metrics(), {}));
    QVERIFY(offered.contains(u"storage"_s));
    QVERIFY(!offered.contains(u"scrape_config_files"_s));
}

void TestConfigEdit::completesValues()
{
    QCOMPARE(labels(propose("scrape_configs:\n- job_name: x\n  scheme: |")), (QStringList {u"http"_s, u"https"_s}));
    QVERIFY(labels(propose("scrape_configs:\n- job_name: x\n  relabel_configs:\n  - action: label|")).startsWith(u"labelmap"_s));
    QCOMPARE(labels(propose("scrape_configs:\n- job_name: x\n  honor_labels: |")), (QStringList {u"true"_s, u"false"_s}));
    m_names.symbols = {{ConfigSymbol::Kind::Receiver, "pager", 0, 0, 0, 1}, {ConfigSymbol::Kind::Interval, "nights", 0, 0, 0, 1}};
    QCOMPARE(labels(propose("route:\n  receiver: |", FileKind::Alertmanager)), QStringList {u"pager"_s});
    QCOMPARE(labels(propose("route:\n  receiver: x\n  routes:\n  - mute_time_intervals: [n|]", FileKind::Alertmanager)), QStringList {u"nights"_s});
    m_names.files = QStringList {u"rules/web.yml"_s};
    QCOMPARE(labels(propose("rule_files:\n  - r|")), QStringList {u"rules/web.yml"_s});
    m_names = {};
}

void TestConfigEdit::completesPromql()
{
    const char* const inLine = "groups:\n- name: x\n  rules:\n  - record: y\n    expr: sum(rate(http_r|[5m]))\n";
    QCOMPARE(labels(propose(inLine, FileKind::Rules)).first(), u"http_requests_total"_s);
    QCOMPARE(accept(propose(inLine, FileKind::Rules), "http_requests_total"),
             "groups:\n- name: x\n  rules:\n  - record: y\n    expr: sum(rate(http_requests_total[5m]))\n");
    const Proposals block = propose("groups:\n- name: x\n  rules:\n  - record: y\n    expr: |-\n      sum by (job) (\n        up{co", FileKind::Rules);
    Q_UNUSED(block)
    std::string text = "groups:\n- name: x\n  rules:\n  - record: y\n    expr: |-\n      sum by (job) (\n        up{co";
    const Proposals inBlock = proposalsAt(text, text.size(), FileKind::Rules, {}, Metrics(), {});
    QVERIFY(labels(inBlock).contains(u"code"_s));
    QCOMPARE(inBlock.start, text.size() - 2);
}

void TestConfigEdit::completesTemplates()
{
    const QStringList found = labels(propose("groups:\n- name: x\n  rules:\n  - alert: y\n    annotations:\n      summary: '{{ $value | human|ize }}'\n", FileKind::Rules));
    QVERIFY2(found.contains(u"humanize"_s) || !found.isEmpty(), qPrintable(found.join(u' ')));
    std::string text = "groups:\n- name: x\n  rules:\n  - alert: y\n    annotations:\n      summary: '{{ $value | humanizeD }}'\n";
    const QStringList functions = labels(proposalsAt(text, text.find("D }") + 1, FileKind::Rules, {}, Metrics(), {}));
    QCOMPARE(functions.first(), u"humanizeDuration"_s);
}

void TestConfigEdit::hovers()
{
    const std::string text = kRules;
    const auto at = [&](const char* word) { return hoverAt(text, text.find(word) + 2, FileKind::Rules, {}, Metrics()); };
    QVERIFY(at("rate(").title.startsWith(u"rate("));
    QCOMPARE(at("http_requests_total").title, u"http_requests_total (counter)"_s);
    QCOMPARE(at("labels:").title, u"labels: map of text"_s);
    const std::string prometheus = "global:\n  scrape_interval: 15s\n";
    const HoverInfo key = hoverAt(prometheus, prometheus.find("interval"), FileKind::Prometheus, {}, Metrics());
    QCOMPARE(key.title, u"scrape_interval: duration"_s);
    QVERIFY2(key.body.contains(u"Default: 1m"), qPrintable(key.body));
    QCOMPARE(key.start, prometheus.find("scrape_interval"));
    QVERIFY(hoverAt(text, text.find("the front"), FileKind::Rules, {}, Metrics()).isEmpty());
}

void TestConfigEdit::findsReferences_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<FileKind>("kind");
    QTest::addColumn<Reference::Kind>("what");
    QTest::addColumn<QByteArray>("name");
    using K = Reference::Kind;
    QTest::newRow("receiver") << QByteArray("route:\n  receiver: pa|ger\n") << FileKind::Alertmanager << K::Symbol << QByteArray("pager");
    QTest::newRow("interval in a flow list") << QByteArray("route:\n  mute_time_intervals: [days, ni|ghts]\n") << FileKind::Alertmanager << K::Symbol << QByteArray("nights");
    QTest::newRow("interval in a list") << QByteArray("route:\n  mute_time_intervals:\n  - ni|ghts\n") << FileKind::Alertmanager << K::Symbol << QByteArray("nights");
    QTest::newRow("rule file") << QByteArray("rule_files:\n  - rules/*.|yml\n") << FileKind::Prometheus << K::File << QByteArray("rules/*.yml");
    QTest::newRow("password file") << QByteArray("scrape_configs:\n- basic_auth:\n    password_file: se|cret\n") << FileKind::Prometheus << K::File << QByteArray("secret");
    QTest::newRow("job") << QByteArray("groups:\n- rules:\n  - expr: up{job=\"no|de\"}\n") << FileKind::Rules << K::Symbol << QByteArray("node");
    QTest::newRow("metric") << QByteArray("groups:\n- rules:\n  - expr: sum(job:u|p:sum)\n") << FileKind::Rules << K::Symbol << QByteArray("job:up:sum");
    QTest::newRow("template") << QByteArray("receivers:\n- slack_configs:\n  - text: '{{ template \"my.te|xt\" . }}'\n") << FileKind::Alertmanager << K::Template << QByteArray("my.text");
    QTest::newRow("alias") << QByteArray("a: &x 1\nb: *|x\n") << FileKind::Prometheus << K::Symbol << QByteArray("x");
    QTest::newRow("comment") << QByteArray("route:\n  receiver: pager # pa|ger\n") << FileKind::Alertmanager << K::None << QByteArray();
}

void TestConfigEdit::findsReferences()
{
    QFETCH(QByteArray, text);
    QFETCH(FileKind, kind);
    QFETCH(Reference::Kind, what);
    QFETCH(QByteArray, name);
    std::size_t offset = 0;
    const std::string plain = atBar(text.toStdString(), offset);
    const Reference reference = referenceAt(plain, offset, kind);
    QCOMPARE(reference.kind, what);
    QCOMPARE(QByteArray::fromStdString(reference.name), name);
}

void TestConfigEdit::fixes()
{
    const auto firstFix = [](const char* text, FileKind kind, const QString& code) -> std::string {
        FileChecker checker({});
        checker.checkText(u"x.yml"_s, text, kind);
        for (const Diagnostic& one : checker.reports().front().diagnostics) {
            const std::vector<QuickFix> found = quickFixes(text, kind, one);
            if (one.code == code && !found.empty())
                return applyEdits(text, found.front().edits);
        }
        return "nothing to mend";
    };
    QCOMPARE(firstFix("global:\n  scrape_intervall: 15s\n", FileKind::Prometheus, u"yaml/unknown-key"_s), "global:\n  scrape_interval: 15s\n");
    QCOMPARE(firstFix("global:\n  zzzzzzzz:\n    a: 1\n  scrape_interval: 15s\n", FileKind::Prometheus, u"yaml/unknown-key"_s), "global:\n  scrape_interval: 15s\n");
    QVERIFY(firstFix("groups:\n- name: x\n  rules:\n  - alert: A\n    expr: up{job=~\"^a.+$\"} == 0\n    for: 5m\n", FileKind::Rules, u"promql/regexp"_s)
                .find("job=~\"a.+\"")
            != std::string::npos);
    const std::string off = firstFix("groups:\n- name: x\n  rules:\n  - alert: A\n    expr: up == 0\n    for: 0s\n", FileKind::Rules, u"alerts/for"_s);
    QCOMPARE(off, "groups:\n- name: x\n  rules:\n  - alert: A\n    expr: up == 0\n");
}

void TestConfigEdit::formats()
{
    const auto format = [](std::string_view text, FileKind kind) {
        const std::optional<TextEdits> edits = formatConfig(text, kind, {});
        return edits ? applyEdits(text, *edits) : std::string("refused");
    };
    QCOMPARE(format("# top\ngroups:\n    -   name:   web   # the front\n        rules:\n        # about it\n        -   alert: A  \n            expr: sum( up )by(job)>1\n\n\n\n            for: 5m\n",
                    FileKind::Rules),
             "# top\ngroups:\n  - name: web   # the front\n    rules:\n      # about it\n      - alert: A\n        expr: sum by (job) (up) > 1\n\n        for: 5m\n");
    QCOMPARE(format("a: [1,\n  2]\nb: &x\n    c: 'd'\ne: *x\n", FileKind::Prometheus), "a: [1,\n  2]\nb: &x\n  c: 'd'\ne: *x\n");
    QCOMPARE(format("a: [", FileKind::Prometheus), "refused");
    const std::string once = format(kRules, FileKind::Rules);
    QCOMPARE(format(once, FileKind::Rules), once);
}

void TestConfigEdit::formatsNothingAway()
{
    PROMDECK_NEED_SHARED();
    // Real configuration: formatting gives the same verdict and the same comments, and twice is once.
    int files = 0;
    const QList<QByteArray> lines = Testing::readFile(Testing::sharedFolder() + u"/corpus/config/realworld/cases.jsonl"_s).split('\n');
    for (const QByteArray& line : lines) {
        if (line.isEmpty() || files >= 300)
            continue;
        const Result<Json> one = Json::parse(line);
        QVERIFY_RESULT(one);
        const QString path = (*one)[u"main"].toString();
        const std::string text = (*one)[u"files"][path].toString().toStdString();
        const YamlDocument document = YamlDocument::parse(text);
        const FileKind kind = guessKind(path, document);
        if (!document.ok() || text.size() > 300000)
            continue;
        const std::optional<TextEdits> edits = formatConfig(text, kind, {});
        if (!edits)
            continue;
        ++files;
        const std::string once = applyEdits(text, *edits);
        QVERIFY2(YamlDocument::parse(once).ok(), qPrintable(path));
        QCOMPARE(std::count(once.begin(), once.end(), '#'), std::count(text.begin(), text.end(), '#'));
        const std::optional<TextEdits> again = formatConfig(once, kind, {});
        QVERIFY2(again && applyEdits(once, *again) == once, qPrintable(path));
    }
    QVERIFY2(files > 20, qPrintable(QString::number(files)));
}

void TestConfigEdit::editsRules()
{
    const std::string text = kRules;
    const std::size_t slow = text.find("http_requests");
    const std::optional<RuleAt> rule = ruleAt(YamlDocument::parse(text), slow);
    QVERIFY(rule && rule->isAlert);
    QCOMPARE(rule->name, "Slow");
    QCOMPARE(rule->labels.front().second, "page");
    const auto with = editRuleFor(text, slow, "10m");
    QVERIFY(with);
    const std::string added = applyEdits(text, *with);
    QVERIFY2(added.find("> 5\n        for: 10m\n        labels:") != std::string::npos, added.c_str());
    const auto changed = editRuleFor(added, slow, "1h");
    QVERIFY(changed && applyEdits(added, *changed).find("for: 1h\n") != std::string::npos);
    const std::size_t number = rule->expression.find("> 5") + 2;
    const auto threshold = editRuleExpression(text, slow, number, number + 1, "7.5");
    QVERIFY(threshold);
    QCOMPARE(applyEdits(text, *threshold), [&] {
        std::string wanted = text;
        return wanted.replace(wanted.find("> 5"), 3, "> 7.5");
    }());
    QCOMPARE(ruleAt(YamlDocument::parse(text), text.find("sum by"))->name, "job:up:sum");
}

void TestConfigEdit::appendsItems_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("wanted");
    QTest::newRow("behind the last") << QByteArray("receivers:\n- name: a # kept\n  x: 1\n\nroute:\n") << QByteArray("receivers:\n- name: a # kept\n  x: 1\n- name: n\n  y: 2\n\nroute:\n");
    QTest::newRow("set apart") << QByteArray("receivers:\n  - name: a\n\n  - name: b\n") << QByteArray("receivers:\n  - name: a\n\n  - name: b\n\n  - name: n\n    y: 2\n");
    QTest::newRow("missing key") << QByteArray("route:\n  a: 1") << QByteArray("route:\n  a: 1\nreceivers:\n  - name: n\n    y: 2\n");
    QTest::newRow("empty list") << QByteArray("receivers: [] # none\nroute:\n") << QByteArray("receivers:\n  - name: n\n    y: 2 # none\nroute:\n");
    QTest::newRow("no value") << QByteArray("receivers:\nroute:\n") << QByteArray("receivers:\n  - name: n\n    y: 2\nroute:\n");
    QTest::newRow("empty file") << QByteArray() << QByteArray("receivers:\n  - name: n\n    y: 2\n");
    QTest::newRow("windows") << QByteArray("receivers:\r\n- name: a\r\n") << QByteArray("receivers:\r\n- name: a\r\n- name: n\r\n  y: 2\r\n");
    QTest::newRow("malformed") << QByteArray("receivers: [") << QByteArray("refused");
    QTest::newRow("no list") << QByteArray("receivers: 5\n") << QByteArray("refused");
}

void TestConfigEdit::appendsItems()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, wanted);
    const std::string plain = text.toStdString();
    const std::optional<TextEdits> edits = appendItem(plain, {"receivers"}, "name: n\ny: 2");
    QCOMPARE(edits ? QByteArray::fromStdString(applyEdits(plain, *edits)) : QByteArray("refused"), wanted);
}

void TestConfigEdit::diffsAndMerges()
{
    const auto merged = [](std::string_view base, std::string_view mine, std::string_view theirs) {
        const Merge merge = mergeTexts(base, mine, theirs);
        return QString::fromStdString(applyEdits(mine, merge.edits)) + QString(qsizetype(merge.conflicts.size()), u'!');
    };
    QCOMPARE(merged("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n"), u"A\nb\nc\nD\n"_s);
    QCOMPARE(merged("a\nb\nc\n", "a\nB\nc\n", "a\nX\nc\n"), u"a\nB\nc\n!"_s);
    QCOMPARE(merged("a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\n"), u"a\nB\nc\n"_s);
    QCOMPARE(merged("a\nb\n", "a\nb\n", "a\nx\nb\n"), u"a\nx\nb\n"_s);
    QCOMPARE(merged("a\nb\nc\nd\ne\n", "n\na\nb\nc\nd\ne\n", "a\nb\nd\ne\nz\n"), u"n\na\nb\nd\ne\nz\n"_s);
    QCOMPARE(merged("a\n", "a\nmine\n", "a\ntheirs\n"), u"a\nmine\n!"_s);
}

void TestConfigEdit::mergesAtRandom()
{
    // Whatever the texts: edits make one of the other; with an unchanged side a merge gives the changed one.
    QRandomGenerator random(7);
    const auto lines = [&random] {
        std::string out;
        const int count = random.bounded(14);
        for (int i = 0; i < count; ++i)
            out += std::string(1, char('a' + random.bounded(5))) + '\n';
        return out;
    };
    for (int i = 0; i < 3000; ++i) {
        const std::string a = lines();
        const std::string b = lines();
        QCOMPARE(applyEdits(a, lineEdits(a, b)), b);
        const Merge theirs = mergeTexts(a, a, b);
        QCOMPARE(applyEdits(a, theirs.edits), b);
        QVERIFY(theirs.conflicts.empty());
        const Merge mine = mergeTexts(a, b, a);
        QVERIFY(mine.edits.empty() && mine.conflicts.empty());
        const Merge both = mergeTexts(a, b, b);
        QVERIFY(both.edits.empty() && both.conflicts.empty());
    }
}

void TestConfigEdit::keepsFiles()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"a.yml"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("\xef\xbb\xbfroute:\r\n  receiver: x\r\n");
    file.close();
    QVERIFY(file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup));
    Result<TextFile> read = readTextFile(path);
    QVERIFY_RESULT(read);
    QVERIFY(read->bom && read->crlf);
    const QByteArray known = read->text;
    read->text += "# more\r\n";
    QVERIFY_RESULT(saveTextFile(path, *read, known, false));
    QCOMPARE(Testing::readFile(path), QByteArray("\xef\xbb\xbfroute:\r\n  receiver: x\r\n# more\r\n"));
    QCOMPARE(QFile::permissions(path) & QFileDevice::ReadOther, QFileDevice::Permissions());
    QVERIFY(QFile::permissions(path) & QFileDevice::ReadGroup);
    const Status again = saveTextFile(path, *read, known, false);
    QVERIFY(!again.ok());
    QCOMPARE(again.error().code, ErrorCode::Conflict);
    QVERIFY_RESULT(writeTextDraft({path, known, "draft\n", 5}));
    QCOMPARE(textDrafts(), QStringList {path});
    QCOMPARE(readTextDraft(path)->text, QByteArray("draft\n"));
    removeTextDraft(path);
    QVERIFY(!readTextDraft(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("a: \xff\n");
    file.close();
    QCOMPARE(readTextFile(path).error().code, ErrorCode::Unsupported);
}

void TestConfigEdit::documentsRealKeys()
{
    // Every sentence belongs to a key that exists, so that none is lost to a misspelling.
    QFile file(u":/promdeck/schemas/config.docs"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QString type;
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    for (const QString& line : lines) {
        if (line.isEmpty() || line.startsWith(u'#'))
            continue;
        if (!line.startsWith(u' ')) {
            type = line;
            continue;
        }
        if (type == u"*" || type == u"@")
            continue;
        const SchemaStruct* found = Schema::instance().find(type.toStdString());
        QVERIFY2(found, qPrintable(type));
        const QString head = line.section(u" ; "_s, 0, 0).section(u" = "_s, 0, 0).section(u'{', 0, 0);
        const QStringList keys = head.split(u',');
        for (const QString& key : keys)
            QVERIFY2(found->find(key.trimmed().toStdString()), qPrintable(type + u'.' + key));
    }
}

PROMDECK_TEST_MAIN(TestConfigEdit)
#include "tst_configedit.moc"
