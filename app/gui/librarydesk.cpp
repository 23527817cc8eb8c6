#include "app/gui/librarydesk.h"

#include "app/gui/dashboardlibrary.h"
#include "models/core/background.h"
#include "models/library/dashboardcatalogue.h"
#include "models/library/dashboardimport.h"
#include "widgets/common/errortext.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/prompt.h"
#include "widgets/library/grafanapane.h"
#include "widgets/library/importpane.h"
#include "widgets/library/librarypage.h"

#include <QFileInfo>
#include <QRandomGenerator>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace Promdeck {

LibraryDesk::LibraryDesk(DashboardLibrary* library, const Services& services, QStackedWidget* pages)
    : QObject(pages), m_library(library), m_services(services), m_pages(pages)
{
}

bool LibraryDesk::isShown() const
{
    return m_page && m_pages->currentWidget() == m_page;
}

void LibraryDesk::show()
{
    if (!m_page) {
        m_page = new LibraryPage(m_library->catalogue(), m_pages);
        m_pages->addWidget(m_page);
        connect(m_page, &LibraryPage::openRequested, this, &LibraryDesk::openRequested);
        connect(m_page, &LibraryPage::openBesideRequested, this, &LibraryDesk::besideRequested);
        connect(m_page, &LibraryPage::copyRequested, this, &LibraryDesk::saveCopy);
        connect(m_page, &LibraryPage::importRequested, this, &LibraryDesk::showImport);
        connect(m_page, &LibraryPage::grafanaRequested, this, &LibraryDesk::showGrafana);
        connect(m_page, &LibraryPage::pushRequested, this, &LibraryDesk::push);
        connect(m_page, &LibraryPage::closed, this, &LibraryDesk::closed);
    }
    m_pages->setCurrentWidget(m_page);
    m_page->enter();
}

void LibraryDesk::showImport()
{
    show();
    if (!m_import) {
        m_import = new ImportPane(m_library->catalogue(), m_page);
        connect(m_import, &ImportPane::closed, m_page, &LibraryPage::closePane);
        connect(m_import, &ImportPane::openRequested, this, [this](const QString& path) { Q_EMIT openRequested(path, 0, {}); });
    }
    m_page->showPane(m_import);
    m_import->enter();
}

void LibraryDesk::showGrafana()
{
    show();
    if (!m_grafana) {
        m_grafana = new GrafanaPane(m_library->catalogue(), m_services.stacks, m_services.secrets, m_page);
        connect(m_grafana, &GrafanaPane::closed, m_page, &LibraryPage::closePane);
        connect(m_grafana, &GrafanaPane::manageStacksRequested, this, &LibraryDesk::manageStacksRequested);
        connect(m_grafana, &GrafanaPane::openRequested, this, [this](const QString& path) { Q_EMIT openRequested(path, 0, {}); });
    }
    m_page->showPane(m_grafana);
    m_grafana->enter(m_stack);
}

void LibraryDesk::push(const QString& path)
{
    showGrafana();
    m_grafana->offerPush(path);
}

bool LibraryDesk::escape()
{
    if (!isShown())
        return false;
    if (m_grafana && m_grafana->isVisible() && m_grafana->escape())
        return true;
    if (!m_page->escape())
        Q_EMIT closed();
    return true;
}

void LibraryDesk::saveCopy(const QString& reference)
{
    const LibraryEntryPtr entry = m_library->catalogue()->index()->find(reference);
    const QString folder = m_library->catalogue()->folders().value(0);
    const QString name = dashboardFileName(entry ? entry->digest.title : QString());
    Prompt::saveFile(m_page, tr("Save a copy"), folder.isEmpty() ? name : folder + u'/' + name, tr("Dashboards (*.json);;All files (*)"),
                     [this, reference](const QString& path) {
                         m_library->load(reference, this, [this, path](const Result<OpenedDashboard>& opened) {
                             const auto say = [this](NoticeBar::Tone tone, const QString& text, std::vector<NoticeBar::Choice> more) {
                                 more.push_back({u"libraryCloseNotice"_s, tr("Close"), {}});
                                 m_page->notices()->post(u"copy"_s, tone, text, std::move(more));
                             };
                             if (!opened.ok()) {
                                 say(NoticeBar::Tone::Error, errorText(opened.error()), {});
                                 return;
                             }
                             // A copy is another dashboard: links by uid go to the one they meant.
                             Json copy = opened->dashboard.migrated;
                             copy.set(u"uid"_s, QString::number(QRandomGenerator::global()->generate64(), 36));
                             copy.set(u"id"_s, Json());
                             runInBackground(this, [path, text = opened->text, copy] { return saveDashboard(path, text, copy, true); },
                                             [this, say, path](const Result<QByteArray>& saved) {
                                                 if (!saved.ok()) {
                                                     say(NoticeBar::Tone::Error, errorText(saved.error()), {});
                                                     return;
                                                 }
                                                 m_library->catalogue()->rescan();
                                                 say(NoticeBar::Tone::Info, tr("Saved as “%1”.").arg(QFileInfo(path).fileName()),
                                                     {{u"libraryOpenCopy"_s, tr("Open"), [this, path] { Q_EMIT openRequested(path, 0, {}); }}});
                                             });
                         });
                     });
}

} // namespace Promdeck
