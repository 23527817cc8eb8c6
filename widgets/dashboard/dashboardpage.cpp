#include "widgets/dashboard/dashboardpage.h"

#include "models/query/comparison.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardannotating.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardfanout.h"
#include "widgets/dashboard/dashboardtools.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/timerangepicker.h"
#include "widgets/dashboard/variablebar.h"

#include <QCoroTask>

#include <QActionGroup>
#include <QBoxLayout>
#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimeZone>
#include <QToolButton>
#include <QWidgetAction>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr qint64 kShortestSpanMs = 1000;
constexpr int kLongestRange = 1000; // characters of the clipboard

const QStringList& usualIntervals()
{
    static const QStringList intervals {u"5s"_s, u"10s"_s, u"30s"_s, u"1m"_s, u"5m"_s, u"15m"_s, u"30m"_s, u"1h"_s, u"2h"_s, u"1d"_s};
    return intervals;
}

/// Labels and values for ad-hoc filters, from series of the shown range that meet the other filters.
LabelSource labelSource(const QPointer<DashboardSession>& session)
{
    const auto matchers = [](const std::vector<AdhocFilter>& others) {
        const QString text = filterText(others);
        return text.isEmpty() ? QStringList() : QStringList {u'{' + text + u'}'};
    };
    LabelSource source;
    source.names = [=](QObject* context, const std::vector<AdhocFilter>& others, LabelSource::Done done) {
        if (session)
            QCoro::connect(session->stack()->prometheus().labelNames(matchers(others), session->timeRange()), context,
                           std::move(done));
    };
    source.values = [=](QObject* context, const QString& label, const std::vector<AdhocFilter>& others,
                        LabelSource::Done done) {
        if (session)
            QCoro::connect(session->stack()->prometheus().labelValues(label, matchers(others), session->timeRange()),
                           context, std::move(done));
    };
    return source;
}

QToolButton* makeButton(const QString& name, const QString& icon, const QString& tip, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setIcon(themeIcon(icon));
    button->setToolTip(plainTip(tip));
    button->setAccessibleName(tip);
    return button;
}

} // namespace

QString displayTimeZone(const QString& zone)
{
    if (zone.isEmpty() || zone == u"browser")
        return QString::fromUtf8(QTimeZone::systemTimeZoneId());
    return zone.compare(u"utc", Qt::CaseInsensitive) == 0 ? u"UTC"_s : zone;
}

DashboardPage::DashboardPage(QWidget* parent) : QWidget(parent)
{
    setObjectName(u"dashboardPage"_s);
    m_toolBar = makeToolBar();
    m_notice = new QLabel(this);
    m_notice->setObjectName(u"dashboardNotice"_s);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setWordWrap(true);
    m_notice->setMargin(8);
    m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_notice->hide();
    m_notices = new NoticeBar(this);
    m_saving = new DashboardSaving(this, m_notices);
    m_save->setDefaultAction(m_saving->saveAction());
    m_variables = new VariableBar(this);
    m_variables->hide();
    auto* splitter = new QSplitter(this);
    splitter->setObjectName(u"dashboardSplitter"_s);
    splitter->setChildrenCollapsible(false);
    auto* center = new QStackedWidget(splitter);
    center->setMinimumWidth(200);
    m_view = new DashboardView(center);
    center->addWidget(m_view);
    m_editing = new DashboardEditing(this, m_view);
    connect(m_editing, &DashboardEditing::changed, this, &DashboardPage::updateTitle);
    m_tools = new DashboardTools(m_view, center, splitter, m_editing, this);
    connect(m_tools, &DashboardTools::linkActivated, this, &DashboardPage::linkActivated);
    connect(m_tools, &DashboardTools::notice, this, &DashboardPage::showNotice);
    m_fanOut = new DashboardFanOut(m_view, m_editing, this);
    m_annotating = new DashboardAnnotating(this, m_view, m_editing);
    connect(m_annotating, &DashboardAnnotating::notice, this, &DashboardPage::showNotice);
    connect(m_saving, &DashboardSaving::referenceChanged, this, [this](const QString& path) { m_annotating->open(m_session, path); });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_toolBar);
    layout->addWidget(m_notice);
    layout->addWidget(m_notices);
    layout->addWidget(m_variables);
    layout->addWidget(splitter, 1);
    connect(m_view, &DashboardView::linkActivated, this, &DashboardPage::linkActivated);
    connect(m_view, &DashboardView::settled, this, &DashboardPage::settled);
    connect(m_variables, &VariableBar::linkChosen, this, &DashboardPage::linkChosen);
    connect(m_variables, &VariableBar::chosen, this, [this](const QString& name, const QStringList& values) {
        if (m_session)
            m_session->setVariable(name, values);
    });
    connect(m_variables, &VariableBar::annotationToggled, this, [this](const QString& name, bool enabled) {
        if (m_session)
            m_session->setAnnotationEnabled(name, enabled);
    });
}

DashboardPage::~DashboardPage()
{
    // Panels hold texts that refer to the session: they go first.
    m_tools->setSession(nullptr);
    m_saving->close();
    m_editing->close();
    m_view->setSession(nullptr);
}

QWidget* DashboardPage::makeToolBar()
{
    auto* bar = new QWidget(this);
    bar->setObjectName(u"dashboardToolBar"_s);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    m_stackButton = makeButton(u"stackChooser"_s, u"server"_s, tr("Choose a stack"), bar);
    m_stackButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(m_stackButton, &QToolButton::clicked, this, &DashboardPage::stackChooserRequested);
    m_titleButton = makeButton(u"dashboardChooser"_s, u"grid"_s, tr("Choose a dashboard (g d)"), bar);
    m_titleButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(m_titleButton, &QToolButton::clicked, this, &DashboardPage::dashboardChooserRequested);
    m_time = new TimeRangePicker(bar);
    connect(m_time, &TimeRangePicker::chosen, this, [this](const RawTimeRange& range) {
        if (m_session)
            m_session->setTimeRange(range);
    });
    connect(m_time, &TimeRangePicker::timeZoneChosen, this, [this](const QString& zone) {
        if (m_session)
            m_session->setTimeZone(zone);
        updateTime();
        Q_EMIT timeZoneChosen(zone);
    });
    m_compare = makeButton(u"compare"_s, u"compare"_s, tr("Compare with an earlier time (t d)"), bar);
    m_compare->setPopupMode(QToolButton::InstantPopup);
    m_compare->setMenu(new QMenu(m_compare));
    connect(m_compare->menu(), &QMenu::aboutToShow, this, [this] { fillCompareMenu(m_compare->menu()); });
    m_zoomOut = makeButton(u"zoomOut"_s, u"zoom-out"_s, tr("Zoom out (t -)"), bar);
    connect(m_zoomOut, &QToolButton::clicked, this, &DashboardPage::zoomOut);
    m_refresh = makeButton(u"refresh"_s, u"refresh"_s, tr("Refresh (d r)"), bar);
    connect(m_refresh, &QToolButton::clicked, this, &DashboardPage::refresh);
    m_interval = makeButton(u"refreshInterval"_s, u"chevron-down"_s, tr("Refresh interval"), bar);
    m_interval->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_interval->setPopupMode(QToolButton::InstantPopup);
    m_intervalMenu = new QMenu(m_interval);
    m_interval->setMenu(m_intervalMenu);
    connect(m_intervalMenu, &QMenu::aboutToShow, this, &DashboardPage::fillRefreshMenu);
    layout->addWidget(m_stackButton);
    layout->addWidget(m_titleButton);
    m_save = makeButton(u"save"_s, u"save"_s, tr("Save (Ctrl+S)"), bar);
    m_save->hide();
    layout->addWidget(m_save);
    layout->addStretch(1);
    layout->addWidget(m_time);
    layout->addWidget(m_compare);
    layout->addWidget(m_zoomOut);
    layout->addWidget(m_refresh);
    layout->addWidget(m_interval);
    QToolButton* menu = makeButton(u"mainMenu"_s, u"menu"_s, tr("Menu (F10)"), bar);
    connect(menu, &QToolButton::clicked, this, &DashboardPage::menuRequested);
    layout->addWidget(menu);
    return bar;
}

void DashboardPage::open(const Dashboard& dashboard, std::shared_ptr<StackConnection> stack, const Start& start)
{
    open(OpenedDashboard {{}, {}, dashboard, std::nullopt}, std::move(stack), start);
}

void DashboardPage::open(const OpenedDashboard& opened, std::shared_ptr<StackConnection> stack, const Start& start)
{
    close();
    const Dashboard& dashboard = opened.dashboard;
    const StackProfile profile = stack->profile();
    m_stackButton->setText(profile.name.isEmpty() ? profile.prometheus.authority() : profile.name);
    m_stackButton->setToolTip(plainTip(profile.prometheus.toDisplayString(QUrl::RemoveUserInfo)));
    m_session = new DashboardSession(dashboard, std::move(stack), this);
    m_variables->setLabelSource(labelSource(m_session));
    connect(m_session, &DashboardSession::variablesChanged, this, &DashboardPage::updateVariables);
    connect(m_session, &DashboardSession::annotationsChanged, this, &DashboardPage::updateAnnotations);
    connect(m_session, &DashboardSession::timeRangeChanged, this, &DashboardPage::updateTime);
    connect(m_session, &DashboardSession::panelChanged, this, &DashboardPage::updateBusy);
    connect(m_session, &DashboardSession::idle, this, &DashboardPage::updateBusy);
    if (start.range)
        m_session->setTimeRange(*start.range);
    if (!start.timeZone.isEmpty())
        m_session->setTimeZone(start.timeZone);
    m_session->setVariableOverrides(start.variables);
    m_fanOut->open(m_session);
    m_view->setSession(m_session);
    m_editing->open(m_session);
    m_tools->setSession(m_session);
    m_saving->open(opened, m_editing->editor());
    m_annotating->open(m_session, opened.reference);
    const auto own = parseInterval(dashboard.refresh);
    setRefresh(start.refreshMs.value_or(own.ok() ? *own : 0));
    updateVariables();
    updateTime();
    // Keys of the page work from the start.
    if (!window()->focusWidget())
        m_view->setFocus(Qt::OtherFocusReason);
    Q_EMIT this->opened();
    m_session->start();
    updateTime();
}

void DashboardPage::close()
{
    m_tools->setSession(nullptr);
    m_annotating->close();
    m_saving->close();
    m_editing->close();
    m_view->setSession(nullptr);
    delete m_session;
    m_session = nullptr;
    showNotice({}, false);
}

QString DashboardPage::title() const
{
    return m_session ? m_session->dashboard().title : QString();
}

void DashboardPage::updateTitle()
{
    if (!m_editing->editor())
        return;
    const QString title = m_editing->editor()->dashboard().title;
    // The dot of editors: something is not saved.
    const QString mark = m_editing->editor()->isClean() ? QString() : u"● "_s;
    m_titleButton->setText(mark + QString(title).replace(u'&', u"&&"_s));
    m_save->setVisible(!mark.isEmpty());
    Q_EMIT titleChanged(mark + title);
}

void DashboardPage::showNotice(const QString& text, bool isError)
{
    const ThemeColors& c = Theme::instance().colors();
    QPalette palette = m_notice->palette();
    palette.setColor(QPalette::WindowText, isError ? c.error : c.text);
    palette.setColor(QPalette::Window, blend(c.canvas, withAlpha(isError ? c.error : c.info, 0.12)));
    m_notice->setPalette(palette);
    m_notice->setAutoFillBackground(true);
    m_notice->setText(text);
    m_notice->setVisible(!text.isEmpty());
}

void DashboardPage::updateVariables()
{
    if (!m_session)
        return;
    std::vector<LinkSpec> links = m_session->dashboard().links;
    for (LinkSpec& link : links)
        link.title = m_session->interpolate(link.title);
    m_variables->setVariables(m_session->variables(), links);
    updateAnnotations();
}

void DashboardPage::updateAnnotations()
{
    if (!m_session)
        return;
    m_variables->setAnnotations(m_session->annotationLayers());
    if (!m_chrome)
        m_variables->hide(); // which shows itself when it has something
}

void DashboardPage::updateTime()
{
    if (m_session)
        m_time->setRange(m_session->rawTimeRange(), m_session->timeRange(), m_session->timeZone());
}

void DashboardPage::updateBusy()
{
    const bool busy = m_session && m_session->isBusy();
    m_refresh->setToolTip(busy ? tr("Loading…") : tr("Refresh (d r)"));
}

void DashboardPage::fillRefreshMenu()
{
    m_intervalMenu->clear();
    auto* group = new QActionGroup(m_intervalMenu);
    QStringList intervals = m_session && !m_session->dashboard().refreshIntervals.isEmpty()
        ? m_session->dashboard().refreshIntervals
        : usualIntervals();
    intervals.prepend(QString());
    for (const QString& text : std::as_const(intervals)) {
        const auto parsed = parseInterval(text);
        const qint64 ms = text.isEmpty() ? 0 : parsed.ok() ? *parsed : -1;
        if (ms < 0)
            continue;
        QAction* action = m_intervalMenu->addAction(text.isEmpty() ? tr("Off") : text, this, [this, ms] {
            setRefresh(ms);
            Q_EMIT refreshIntervalChosen(ms);
        });
        action->setCheckable(true);
        action->setChecked(m_session && m_session->refreshInterval() == ms);
        group->addAction(action);
    }
}

void DashboardPage::setRefresh(qint64 ms)
{
    if (m_session)
        m_session->setRefreshInterval(ms);
    m_interval->setText(ms > 0 ? intervalText(ms) : tr("Off"));
}

void DashboardPage::refresh()
{
    if (m_session)
        m_session->refresh();
}

void DashboardPage::setSpan(double factor)
{
    if (!m_session)
        return;
    const TimeRange range = m_session->timeRange();
    const qint64 middle = range.fromMs + range.spanMs() / 2;
    const qint64 half = std::max(kShortestSpanMs, qint64(double(range.spanMs()) * factor)) / 2;
    m_session->setTimeRange({QString::number(middle - half), QString::number(middle + half)});
}

void DashboardPage::zoomOut()
{
    setSpan(2);
}

void DashboardPage::zoomIn()
{
    setSpan(0.5);
}

void DashboardPage::shiftTime(int direction)
{
    if (!m_session)
        return;
    const TimeRange range = m_session->timeRange();
    const qint64 by = direction * range.spanMs() / 2;
    m_session->setTimeRange({QString::number(range.fromMs + by), QString::number(range.toMs + by)});
}

void DashboardPage::makeAbsolute()
{
    if (!m_session)
        return;
    const TimeRange range = m_session->timeRange();
    m_session->setTimeRange({QString::number(range.fromMs), QString::number(range.toMs)});
}

void DashboardPage::chooseComparison()
{
    if (m_session)
        m_compare->showMenu();
}

void DashboardPage::fillCompareMenu(QMenu* menu)
{
    menu->clear();
    if (!m_session)
        return;
    menu->setObjectName(u"compareMenu"_s);
    menu->addSection(tr("Time series also show the time"));
    auto* choices = new QActionGroup(menu);
    const auto add = [&](const QString& text, qint64 ms) {
        QAction* action = menu->addAction(text, this, [this, ms] { setComparison(ms); });
        action->setObjectName(u"compare:%1"_s.arg(ms));
        action->setCheckable(true);
        action->setChecked(m_session->comparison() == ms);
        choices->addAction(action);
    };
    add(tr("Not"), 0);
    add(tr("1 hour before"), 3'600'000);
    add(tr("1 day before"), 86'400'000);
    add(tr("1 week before"), 7 * 86'400'000LL);
    add(tr("4 weeks before"), 28 * 86'400'000LL);
    add(tr("One range before (%1)").arg(periodText(m_session->timeRange().spanMs())), m_session->timeRange().spanMs());
    auto* own = new QWidgetAction(menu);
    auto* edit = new QLineEdit(menu);
    edit->setObjectName(u"compareOwn"_s);
    edit->setPlaceholderText(tr("Another: 36h, 3d…"));
    edit->setAccessibleName(tr("Compare with the time so much earlier"));
    own->setDefaultWidget(edit);
    menu->addAction(own);
    // Later: the menu takes the same key for its current entry.
    const auto take = [this, edit, menu] {
        const Result<qint64> typed = parseInterval(edit->text().trimmed());
        const bool valid = typed.ok() && *typed > 0;
        edit->setProperty("invalid", !valid);
        edit->update();
        if (!valid)
            return;
        setComparison(*typed);
        menu->close();
    };
    connect(edit, &QLineEdit::returnPressed, edit, take, Qt::QueuedConnection);
}

void DashboardPage::setComparison(qint64 earlierMs)
{
    if (!m_session)
        return;
    m_session->setComparison(earlierMs);
    m_compare->setToolButtonStyle(earlierMs > 0 ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    m_compare->setText(earlierMs > 0 ? u"\u2212"_s + periodText(earlierMs) : QString());
}

void DashboardPage::copyTimeRange()
{
    if (!m_session)
        return;
    const RawTimeRange range = m_session->rawTimeRange();
    QGuiApplication::clipboard()->setText(
        QString::fromUtf8(Json::object({{u"from"_s, range.from}, {u"to"_s, range.to}}).toUtf8()));
    showNotice(tr("The time range is in the clipboard."), false);
}

void DashboardPage::pasteTimeRange()
{
    if (!m_session)
        return;
    const Json range = Json::parse(QGuiApplication::clipboard()->text().left(kLongestRange).toUtf8()).valueOr({});
    const auto bound = [&range](QStringView name) {
        const QString text = range[name].scalarText();
        // Grafana also copies absolute times as ISO dates.
        const QDateTime date = QDateTime::fromString(text, Qt::ISODateWithMs);
        return date.isValid() ? QString::number(date.toMSecsSinceEpoch()) : text;
    };
    const RawTimeRange wanted {bound(u"from"), bound(u"to")};
    if (wanted.from.isEmpty() || wanted.to.isEmpty()
        || !parseTimeRange(wanted, QDateTime::currentMSecsSinceEpoch(), m_session->timeZone())) {
        showNotice(tr("There is no time range in the clipboard. Copy one with “t c” here or in Grafana."), true);
        return;
    }
    showNotice({}, false);
    m_session->setTimeRange(wanted);
}

void DashboardPage::toggleMaximised()
{
    m_view->setMaximised(m_view->maximised().isEmpty() ? m_view->currentPanel() : QString());
}

void DashboardPage::focusTimePicker()
{
    m_time->openPopup();
}

void DashboardPage::setChromeVisible(bool visible)
{
    m_chrome = visible;
    m_toolBar->setVisible(visible);
    m_variables->setVisible(visible && !m_variables->isEmptyBar());
}

void DashboardPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // A narrow window keeps the controls and shortens the names.
    m_titleButton->setMaximumWidth(std::max(120, width() / 3));
    m_stackButton->setMaximumWidth(std::max(90, width() / 5));
}

} // namespace Promdeck
