#include "widgets/workbench/ruletests.h"

#include "models/config/ruletestresults.h"
#include "widgets/workbench/codeeditor.h"
#include "widgets/workbench/documentpage.h"
#include "widgets/workbench/workbench.h"
#include "widgets/workbench/workspace.h"

#include <QFileInfo>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Config;

namespace {

constexpr int kPatienceMs = 60000;

} // namespace

RuleTests::RuleTests(Workbench* workbench) : QObject(workbench), m_workbench(workbench), m_promtool(QStandardPaths::findExecutable(u"promtool"_s))
{
    setObjectName(u"ruleTests"_s);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatienceMs);
    connect(&m_patience, &QTimer::timeout, &m_process, &QProcess::kill);
    connect(&m_process, &QProcess::finished, this, &RuleTests::finished);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            m_workbench->say(tr("promtool did not start: %1").arg(m_process.errorString()));
    });
    workbench->addCommand(u"configRunTests"_s, tr("Run the unit tests of rules"), {QKeySequence(u"Ctrl+Shift+T"_s)}, [this] { run(); });
    connect(workbench, &Workbench::saved, this, [this](const QString& path) {
        if (!m_promtool.isEmpty() && m_workbench->workspace()->kindOf(path) == FileKind::RuleTest)
            start(path);
    });
}

RuleTests::~RuleTests()
{
    // Whoever ends the program does not wait for tests.
    m_process.disconnect(this);
    if (m_process.state() != QProcess::NotRunning)
        m_process.kill();
}

void RuleTests::run()
{
    DocumentPage* page = m_workbench->current();
    if (!page)
        return;
    if (m_workbench->workspace()->kindOf(page->path()) != FileKind::RuleTest)
        return m_workbench->say(tr("This file holds no unit tests of rules"));
    if (m_promtool.isEmpty())
        return m_workbench->say(tr("promtool is not installed"));
    if (page->isClean())
        start(page->path());
    else
        page->save(); // starts them then
}

void RuleTests::start(const QString& path)
{
    if (m_process.state() != QProcess::NotRunning) {
        m_next = path;
        return;
    }
    m_path = path;
    const QFileInfo file(path);
    m_workbench->say(tr("Running %1…").arg(file.fileName()));
    // Rule files are named relative to the test.
    m_process.setWorkingDirectory(file.absolutePath());
    m_process.start(m_promtool, {u"test"_s, u"rules"_s, file.fileName()});
    m_patience.start();
}

void RuleTests::finished()
{
    m_patience.stop();
    const QByteArray output = m_process.readAll();
    Workspace* workspace = m_workbench->workspace();
    const QByteArray text = workspace->textOf(m_path);
    const YamlDocument document = YamlDocument::parse({text.constData(), size_t(text.size())});
    const std::vector<RuleTestFailure> failures = parseRuleTestOutput(output);
    workspace->setExtraFindings(m_path, u"promtool"_s, placeRuleTestFailures(failures, document));
    const QString name = QFileInfo(m_path).fileName();
    m_workbench->say(failures.empty() ? tr("%1: all tests pass").arg(name) : failures.size() == 1 ? tr("%1: a test fails").arg(name) : tr("%1: %2 tests fail").arg(name).arg(failures.size()));
    if (!m_next.isEmpty())
        start(std::exchange(m_next, {}));
}

} // namespace Promdeck
