#include "models/alertmanager/alertmanagerclient.h"
#include "models/config/online/serverlint.h"
#include "models/core/background.h"
#include "widgets/command/commandpalette.h"
#include "widgets/common/errortext.h"
#include "widgets/common/theme.h"
#include "widgets/workbench/codeeditor.h"
#include "widgets/workbench/diffview.h"
#include "widgets/workbench/documentpage.h"
#include "widgets/workbench/workbench.h"
#include "widgets/workbench/workspace.h"

#include <QAction>
#include <QCoroTask>
#include <QDateTime>
#include <QFileInfo>
#include <QMenu>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

Config::ServerVersion parseVersion(const QString& text)
{
    const QStringList parts = text.section(u'-', 0, 0).section(u'+', 0, 0).split(u'.');
    bool ok = parts.size() >= 2;
    Config::ServerVersion version;
    if (ok)
        version = {QString(parts[0]).remove(u'v').toInt(&ok), parts[1].toInt()};
    return ok ? version : Config::ServerVersion();
}

QString versionText(Config::ServerVersion version)
{
    return u"%1.%2"_s.arg(version.major).arg(version.minor);
}

} // namespace

// --- fixes and definitions -------------------------------------------------------------------------------

void Workbench::applyFix()
{
    DocumentPage* page = current();
    if (!page)
        return;
    CodeEditor* editor = page->editor();
    const QByteArray text = editor->content();
    std::vector<Config::QuickFix> fixes;
    for (const Config::Diagnostic* one : editor->findingsHere()) {
        for (Config::QuickFix& fix : Config::quickFixes(view(text), editor->fileKind(), *one)) {
            const bool known = std::any_of(fixes.begin(), fixes.end(), [&fix](const Config::QuickFix& other) { return other.edits == fix.edits; });
            if (!known)
                fixes.push_back(std::move(fix));
        }
    }
    if (fixes.empty()) {
        say(editor->findingsHere().empty() ? tr("There is no problem in this line") : tr("There is no certain fix for this"));
        return;
    }
    if (fixes.size() == 1) {
        editor->apply(fixes.front().edits);
        say(fixes.front().title);
        return;
    }
    auto* menu = new QMenu(this);
    menu->setObjectName(u"fixMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const Config::QuickFix& fix : fixes) {
        menu->addAction(fix.title, this, [this, editor = QPointer<CodeEditor>(editor), fix, revision = editor->revision()] {
            if (!editor || editor->revision() != revision)
                return;
            editor->apply(fix.edits);
            say(fix.title);
        });
    }
    menu->setActiveAction(menu->actions().constFirst());
    menu->popup(editor->cursorRect().bottomLeft());
}

void Workbench::goToDefinition()
{
    if (DocumentPage* page = current())
        goToReference(page, page->editor()->cursorOffset());
}

void Workbench::goToReference(DocumentPage* page, std::size_t offset)
{
    const QByteArray text = page->editor()->content();
    const Config::Reference reference = Config::referenceAt(view(text), offset, page->editor()->fileKind());
    if (reference.kind == Config::Reference::Kind::None) {
        say(tr("Nothing here is defined elsewhere"));
        return;
    }
    const Workspace::Place place = m_workspace->find(reference, page->path());
    if (!place.isValid()) {
        say(tr("“%1” is not defined in these files").arg(QString::fromStdString(reference.name)));
        return;
    }
    m_visits.push_back({page->path(), page->editor()->cursorOffset()});
    if (m_visits.size() > 50)
        m_visits.erase(m_visits.begin());
    openFile(place.path, place.offset, place.end);
}

void Workbench::goBack()
{
    if (m_visits.empty())
        return;
    const Visit visit = m_visits.back();
    m_visits.pop_back();
    openFile(visit.path, visit.offset, visit.offset);
}

void Workbench::chooseFile()
{
    std::vector<PaletteEntry> entries;
    for (const QString& path : m_workspace->files())
        entries.push_back({QFileInfo(path).fileName(), tr("File"), m_workspace->shortName(path), {}, u"folder"_s, [this, path] { openFile(path); }});
    (new CommandPalette(std::move(entries), window()))->popup();
}

void Workbench::chooseSymbol()
{
    using Kind = Config::ConfigSymbol::Kind;
    const auto word = [](Kind kind) {
        switch (kind) {
        case Kind::Job: return tr("Job");
        case Kind::Group: return tr("Group");
        case Kind::Alert: return tr("Alert");
        case Kind::Record: return tr("Recording rule");
        case Kind::Receiver: return tr("Receiver");
        case Kind::Interval: return tr("Time interval");
        case Kind::Module: return tr("Module");
        case Kind::Test: return tr("Test");
        default: return QString();
        }
    };
    std::vector<PaletteEntry> entries;
    for (const QString& path : m_workspace->files()) {
        for (const Config::ConfigSymbol& symbol : m_workspace->symbolsOf(path)) {
            const QString kind = word(symbol.kind);
            if (kind.isEmpty())
                continue;
            entries.push_back({QString::fromStdString(symbol.name), kind, u"%1:%2"_s.arg(m_workspace->shortName(path)).arg(symbol.line), {}, u"chevron-right"_s,
                               [this, path, symbol] { openFile(path, symbol.offset, symbol.end); }});
        }
    }
    (new CommandPalette(std::move(entries), window()))->popup();
}

void Workbench::format()
{
    DocumentPage* page = current();
    if (!page || !page->isLoaded())
        return;
    runInBackground(
        page,
        [text = page->editor()->content(), kind = page->editor()->fileKind(), options = m_workspace->options()] {
            return Config::formatConfig(view(text), kind, options);
        },
        [this, page, revision = page->editor()->revision()](const std::optional<Config::TextEdits>& edits) {
            if (page->editor()->revision() != revision)
                return;
            if (!edits)
                say(tr("This does not parse: mend the errors first"));
            else if (edits->empty())
                say(tr("Is formatted already"));
            else
                page->editor()->apply(*edits);
        });
}

void Workbench::checkOnStack()
{
    DocumentPage* page = current();
    if (!page || page->editor()->fileKind() != Config::FileKind::Rules)
        return say(tr("This file holds no rules"));
    if (!m_connection)
        return say(tr("Connect a stack first"));
    Config::ServerLint::Options options;
    options.nowMs = QDateTime::currentMSecsSinceEpoch();
    const auto lint = std::make_shared<Config::ServerLint>(m_connection->prometheus(), options);
    say(tr("Asking %1 about these rules…").arg(m_connection->profile().name));
    // Both are held until the answer is there.
    QCoro::connect(lint->check(page->editor()->content()), this,
                   [this, lint, stack = m_connection, path = page->path(), page = QPointer<DocumentPage>(page), revision = page->editor()->revision()](const Config::Diagnostics& found) {
                       if (!page || page->editor()->revision() != revision)
                           return say(tr("The rules were changed meanwhile"));
                       m_workspace->setExtraFindings(path, u"stack"_s, found);
                       say(found.empty() ? tr("The stack finds nothing wrong") : tr("%1 findings of the stack").arg(found.size()));
                   });
}

// --- comparing -------------------------------------------------------------------------------------------

void Workbench::compareWithDisk()
{
    DocumentPage* page = current();
    if (!page)
        return;
    runInBackground(this, [path = page->path()] { return Config::readTextFile(path); },
                    [this, page = QPointer<DocumentPage>(page)](const Result<Config::TextFile>& disk) {
                        if (!page)
                            return;
                        if (disk.ok())
                            compare(tr("On disk"), disk->text);
                        else
                            say(errorText(disk.error()));
                    });
}

void Workbench::compareWithSaved()
{
    if (DocumentPage* page = current())
        compare(tr("Last saved"), page->savedText());
}

void Workbench::compare(const QString& title, const QByteArray& other)
{
    DocumentPage* page = current();
    if (!page)
        return;
    m_diff->left()->setFileKind(page->editor()->fileKind());
    m_diff->right()->setFileKind(page->editor()->fileKind());
    m_stack->setCurrentWidget(m_diff);
    m_diff->show(u"%1 – %2"_s.arg(QFileInfo(page->path()).fileName(), title), other, tr("In the editor"), page->editor()->content());
    m_diff->right()->setFocus();
}

// --- versions --------------------------------------------------------------------------------------------

void Workbench::askVersions()
{
    QCoro::connect(m_connection->prometheus().data(u"status/buildinfo"_s), this, [this, stack = m_connection](const Result<Json>& answer) {
        if (stack != m_connection || !answer.ok())
            return;
        m_stackPrometheus = parseVersion((*answer)[u"version"].toString());
        showVersions();
    });
    if (m_connection->profile().alertmanagers.isEmpty())
        return;
    const QUrl url = m_connection->profile().alertmanagers.first();
    auto client = std::make_shared<AlertmanagerClient>(url, m_connection->optionsFor(url));
    QCoro::connect(client->status(), this, [this, client, stack = m_connection](const Result<AlertmanagerStatus>& answer) {
        if (stack != m_connection || !answer.ok())
            return;
        m_stackAlertmanager = parseVersion(answer->version);
        showVersions();
    });
}

void Workbench::showVersions()
{
    const Config::CheckOptions newest;
    Config::CheckOptions options = m_workspace->options();
    const bool fromStack = !m_newest && m_stackPrometheus != Config::ServerVersion();
    options.prometheus = fromStack ? m_stackPrometheus : newest.prometheus;
    options.alertmanager = !m_newest && m_stackAlertmanager != Config::ServerVersion() ? m_stackAlertmanager : newest.alertmanager;
    if (options.prometheus != m_workspace->options().prometheus || options.alertmanager != m_workspace->options().alertmanager)
        m_workspace->setOptions(options);
    m_versions->setText(tr("For Prometheus %1, Alertmanager %2").arg(versionText(options.prometheus), versionText(options.alertmanager)));
    m_versions->setToolTip(fromStack ? tr("What the connected stack runs") : tr("The newest servers that are known"));
    auto* menu = new QMenu(m_versions);
    QAction* stackAction = menu->addAction(m_stackPrometheus == Config::ServerVersion() ? tr("As the connected stack (none, or unknown)")
                                                                                        : tr("As the connected stack (%1)").arg(versionText(m_stackPrometheus)),
                                           this, [this] {
                                               m_newest = false;
                                               showVersions();
                                           });
    stackAction->setCheckable(true);
    stackAction->setChecked(fromStack);
    stackAction->setEnabled(m_stackPrometheus != Config::ServerVersion());
    QAction* newestAction = menu->addAction(tr("The newest (%1 and %2)").arg(versionText(newest.prometheus), versionText(newest.alertmanager)), this, [this] {
        m_newest = true;
        showVersions();
    });
    newestAction->setCheckable(true);
    newestAction->setChecked(!fromStack);
    if (QMenu* old = m_versions->menu())
        old->deleteLater();
    m_versions->setMenu(menu);
}

} // namespace Promdeck
