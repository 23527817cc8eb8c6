#include "widgets/inspect/inspectorpane.h"

#include "widgets/common/elidedlabel.h"
#include "widgets/common/icons.h"
#include "widgets/inspect/inspectortabs.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

InspectorPane::InspectorPane(QWidget* parent) : QWidget(parent)
{
    setObjectName(u"inspector"_s);
    setAccessibleName(tr("Inspector"));
    setMinimumWidth(300);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    auto* head = new QHBoxLayout;
    m_title = new ElidedLabel(QString(), this);
    m_title->setObjectName(u"inspectorTitle"_s);
    QFont font = m_title->font();
    font.setPixelSize(15);
    font.setWeight(QFont::Medium);
    m_title->setFont(font);
    auto* close = new QToolButton(this);
    close->setObjectName(u"inspectorClose"_s);
    close->setAutoRaise(true);
    close->setIcon(themeIcon(u"close"_s));
    close->setToolTip(tr("Close (Esc)"));
    close->setAccessibleName(tr("Close the inspector"));
    connect(close, &QToolButton::clicked, this, &InspectorPane::closed);
    head->addWidget(m_title, 1);
    head->addWidget(close);
    layout->addLayout(head);
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(u"inspectorTabs"_s);
    m_tabs->setDocumentMode(true);
    m_data = new InspectData(m_tabs);
    m_statistics = new InspectStatistics(m_tabs);
    m_queries = new InspectQueries(InspectQueries::Show::Queries, m_tabs);
    m_json = new InspectText(m_tabs);
    m_errors = new InspectQueries(InspectQueries::Show::Problems, m_tabs);
    m_tabs->addTab(m_data, tr("&Data"));
    m_tabs->addTab(m_statistics, tr("&Statistics"));
    m_tabs->addTab(m_queries, tr("&Query"));
    m_tabs->addTab(m_json, tr("&JSON"));
    m_tabs->addTab(m_errors, tr("&Errors"));
    m_tabs->tabBar()->setAccessibleName(tr("What to inspect"));
    layout->addWidget(m_tabs, 1);
    connect(m_tabs, &QTabWidget::currentChanged, this, &InspectorPane::feedTab);
    connect(m_data, &InspectData::notice, this, &InspectorPane::notice);
    connect(m_queries, &InspectQueries::refreshRequested, this, &InspectorPane::refreshRequested);
}

void InspectorPane::setInput(const InspectInput& input)
{
    m_input = input;
    m_title->setText(tr("Inspect: %1").arg(input.title.isEmpty() ? tr("panel without title") : input.title));
    const int problems = problemCount(*input.panel.data);
    m_tabs->setTabText(Errors, problems ? tr("&Errors (%1)").arg(problems) : tr("&Errors"));
    m_tabs->setTabIcon(Errors, problems ? themeIcon(u"warning"_s, input.panel.data->error ? IconRole::Error : IconRole::Warning)
                                        : QIcon());
    feedTab();
}

/// Only the tab on screen works for each refresh.
void InspectorPane::feedTab()
{
    if (!m_input.panel.data)
        return;
    switch (currentTab()) {
    case Data: m_data->setInput(m_input); break;
    case Statistics: m_statistics->setInput(m_input); break;
    case Query: m_queries->setInput(m_input); break;
    case JsonTab: m_json->setInput(m_input); break;
    case Errors: m_errors->setInput(m_input); break;
    }
}

void InspectorPane::showTab(Tab tab)
{
    m_tabs->setCurrentIndex(tab);
    m_tabs->tabBar()->setFocus();
}

InspectorPane::Tab InspectorPane::currentTab() const
{
    return Tab(m_tabs->currentIndex());
}

void InspectorPane::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else
        QWidget::keyPressEvent(event);
}

} // namespace Promdeck
