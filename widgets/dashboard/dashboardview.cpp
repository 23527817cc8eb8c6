#include "widgets/dashboard/dashboardview.h"

#include "widgets/common/displayoptions.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/gridediting.h"
#include "widgets/dashboard/panelghost.h"
#include "widgets/dashboard/rowheader.h"
#include "widgets/panels/panelwidget.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMenu>
#include <QPainter>
#include <QPaintEvent>
#include <QScrollBar>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kSideMargin = 8;
constexpr int kWidthDelayMs = 120;      // a window being resized must not re-query at every width
constexpr int kVisibilityDelayMs = 40;  // nor a scroll at every step; one that flies past asks for nothing
constexpr int kGlideMs = 140;            // panels that make way for a dragged one
constexpr int kSliceMs = 6;              // of making widgets at a time; a frame has 16
constexpr int kQueryMargin = 150;       // px beyond the viewport that already query

} // namespace

DashboardView::DashboardView(QWidget* parent)
    : QAbstractScrollArea(parent), m_editing(new GridEditing(this)), m_lookAhead(kQueryMargin)
{
    setObjectName(u"dashboardView"_s);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    verticalScrollBar()->setProperty("onCanvas", true);
    verticalScrollBar()->setSingleStep(38);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::StrongFocus);
    connect(m_editing, &GridEditing::draggedOut, this,
            [this](const QString& key, const QPoint& at) { Q_EMIT detachRequested(key, at); });
    m_glide.setDuration(kGlideMs);
    m_glide.setStartValue(0.0);
    m_glide.setEndValue(1.0);
    m_glide.setEasingCurve(QEasingCurve::OutCubic);
    connect(&m_glide, &QVariantAnimation::valueChanged, this, [this](const QVariant& part) { glide(part.toDouble()); });
    m_makeTimer.setInterval(0);
    connect(&m_makeTimer, &QTimer::timeout, this, &DashboardView::makeNext);
    m_widthTimer.setSingleShot(true);
    m_widthTimer.setInterval(kWidthDelayMs);
    connect(&m_widthTimer, &QTimer::timeout, this, &DashboardView::updateVisibility);
    m_visibilityTimer.setSingleShot(true);
    m_visibilityTimer.setInterval(kVisibilityDelayMs);
    connect(&m_visibilityTimer, &QTimer::timeout, this, &DashboardView::scrolled);
    connect(&DisplayOptions::instance(), &DisplayOptions::changed, this, &DashboardView::takeOptions);
    setDistinctPalette(DisplayOptions::instance().distinctSeries());
    setProperty("distinctSeries", DisplayOptions::instance().distinctSeries());
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        if (m_session)
            m_session->setTheme(Theme::instance().kind());
        viewport()->update();
    });
}

DashboardView::~DashboardView() = default;

/// Series get their colours when answers are processed, so that is done again.
void DashboardView::takeOptions()
{
    const bool distinct = DisplayOptions::instance().distinctSeries();
    setDistinctPalette(distinct);
    if (property("distinctSeries").toBool() != distinct) {
        setProperty("distinctSeries", distinct);
        if (m_session)
            m_session->reprocess();
    }
    for (size_t i = 0; m_session && i < m_order.size(); ++i) {
        if (m_items[m_order[i]].panel)
            feed(i);
    }
}

int DashboardView::sideMargin()
{
    return kSideMargin;
}

void DashboardView::setSession(DashboardSession* session)
{
    if (m_session)
        disconnect(m_session, nullptr, this, nullptr);
    m_editing->cancel();
    for (Item& item : m_items)
        dropWidget(item);
    m_items.clear();
    m_order.clear();
    m_index.clear();
    m_maximised.clear();
    m_pinned.reset();
    m_sharedCursor.reset();
    m_session = session;
    verticalScrollBar()->setValue(0);
    if (!session)
        return;
    session->setTheme(Theme::instance().kind());
    connect(session, &DashboardSession::layoutChanged, this, &DashboardView::relayout);
    connect(session, &DashboardSession::edited, this, &DashboardView::takeEdit);
    connect(session, &DashboardSession::panelChanged, this, &DashboardView::panelChanged);
    connect(session, &DashboardSession::variablesChanged, this, &DashboardView::relayout);
    connect(session, &DashboardSession::idle, this, &DashboardView::checkSettled);
    relayout();
}

void DashboardView::relayout()
{
    if (!m_session)
        return;
    m_editing->cancel();
    takeOrder();
    place();
    for (size_t i = 0; i < m_order.size(); ++i) {
        const Item& item = m_items[m_order[i]];
        if (item.panel || item.row)
            feed(i);
    }
    m_visibilityTimer.stop();
    updateVisibility();
}

/// An edit changed few panels, or only where they are: the others keep what they painted.
void DashboardView::takeEdit(const QStringList& changedKeys)
{
    m_editing->cancel();
    takeOrder();
    place();
    const QSet<QString> changed(changedKeys.begin(), changedKeys.end());
    for (size_t i = 0; i < m_order.size(); ++i) {
        const Item& item = m_items[m_order[i]];
        if (item.row || (item.panel && changed.contains(m_order[i])))
            feed(i);
    }
    m_visibilityTimer.stop();
    updateVisibility();
}

/// Items for what the session has now.
void DashboardView::takeOrder()
{
    m_order.clear();
    m_index.clear();
    const auto& panels = m_session->panels();
    for (size_t i = 0; i < panels.size(); ++i) {
        m_order.push_back(panels[i].key);
        m_index.insert(panels[i].key, i);
    }
    for (auto it = m_items.begin(); it != m_items.end();) {
        if (m_index.contains(it.key())) {
            ++it;
            continue;
        }
        dropWidget(*it);
        it = m_items.erase(it);
    }
    if (!m_maximised.isEmpty() && !m_index.contains(m_maximised))
        m_maximised.clear();
    for (const QString& key : m_order)
        m_items[key];
}

QWidget* DashboardView::widgetOf(const Item& item) const
{
    if (item.detached)
        return item.ghost;
    return item.panel ? static_cast<QWidget*>(item.panel) : item.row;
}

void DashboardView::place(bool animated)
{
    if (!m_session)
        return;
    const std::vector<PlacedPanel>& panels = m_preview ? *m_preview : m_session->panels();
    m_contentHeight = 0;
    std::vector<GridPos> places;
    places.reserve(panels.size());
    for (const PlacedPanel& panel : panels)
        places.push_back(panel.panel.gridPos);
    const std::vector<PixelRect> rects = gridRects(std::move(places), gridWidth());
    for (size_t i = 0; i < panels.size(); ++i) {
        const auto item = m_items.find(panels[i].key);
        if (item == m_items.end())
            continue;
        item->rect = rects[i];
        item->rect.x += kSideMargin;
        m_contentHeight = std::max(m_contentHeight, item->rect.y + item->rect.height);
    }
    m_contentHeight += kSideMargin;
    const int page = viewport()->height();
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setRange(0, m_maximised.isEmpty() ? std::max(0, m_contentHeight - page) : 0);
    m_glide.stop();
    for (size_t i = 0; i < m_order.size(); ++i) {
        Item& item = m_items[m_order[i]];
        QWidget* widget = widgetOf(item);
        if (!widget || m_order[i] == m_held)
            continue;
        if (animated)
            item.from = widget->geometry().translated(0, scrollTop());
        else
            widget->setGeometry(itemRect(i));
        widget->setVisible(m_maximised.isEmpty() || m_maximised == m_order[i]);
    }
    if (animated)
        m_glide.start();
    else
        viewport()->update();
}

void DashboardView::glide(double part)
{
    const auto between = [part](int from, int to) { return from + int(std::lround((to - from) * part)); };
    for (const QString& key : m_order) {
        const Item& item = m_items[key];
        QWidget* widget = widgetOf(item);
        if (!widget || key == m_held)
            continue;
        const QRect rect(between(item.from.x(), item.rect.x), between(item.from.y(), item.rect.y) - scrollTop(),
                         between(item.from.width(), item.rect.width), between(item.from.height(), item.rect.height));
        if (widget->geometry() != rect)
            widget->setGeometry(rect);
    }
}

void DashboardView::preview(std::vector<PlacedPanel> panels)
{
    m_preview = std::move(panels);
    place(true);
    if (!m_visibilityTimer.isActive())
        m_visibilityTimer.start();
}

void DashboardView::setHeld(const QString& key)
{
    m_held = key;
    if (!key.isEmpty())
        return;
    m_preview.reset();
    place();
    m_widthTimer.start();
}

int DashboardView::gridWidth() const
{
    return viewport()->width() - kSideMargin;
}

int DashboardView::scrollTop() const
{
    return verticalScrollBar()->value();
}

QRect DashboardView::contentRect(const QString& key) const
{
    const auto item = m_items.constFind(key);
    if (item == m_items.constEnd())
        return {};
    return {item->rect.x, item->rect.y, item->rect.width, item->rect.height};
}

QString DashboardView::focusedItem() const
{
    const QWidget* focus = QApplication::focusWidget();
    for (auto it = m_items.cbegin(); focus && it != m_items.cend(); ++it) {
        const QWidget* widget = widgetOf(*it);
        if (widget && (widget == focus || widget->isAncestorOf(focus)))
            return it.key();
    }
    return currentPanel();
}

void DashboardView::renameRow(const QString& key, const QString& title, std::function<void(const QString&)> done)
{
    if (RowHeader* row = m_items.value(key).row)
        row->rename(title, std::move(done));
}

void DashboardView::showRowMenu(const QString& key, const QPoint& globalPosition)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(u"rowMenuPopup"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    Q_EMIT rowMenuOpening(key, menu);
    if (menu->isEmpty())
        delete menu;
    else
        menu->popup(globalPosition);
}

QRect DashboardView::itemRect(size_t index) const
{
    const QString& key = m_order[index];
    if (key == m_maximised)
        return viewport()->rect().adjusted(kSideMargin, 0, 0, -kSideMargin);
    const PixelRect rect = m_items[key].rect;
    return {rect.x, rect.y - verticalScrollBar()->value(), rect.width, rect.height};
}

bool DashboardView::isNear(const QRect& rect, int margin) const
{
    return rect.bottom() >= -margin && rect.top() <= viewport()->height() + margin;
}

void DashboardView::setLookAhead(int pixels)
{
    m_lookAhead = std::max(0, pixels);
    m_wasSettled = false;
    updateVisibility();
}

int DashboardView::makingMargin() const
{
    return std::max({300, viewport()->height(), m_lookAhead});
}

void DashboardView::scrollContentsBy(int, int dy)
{
    // Moves the panels and copies their pixels; only the uncovered strip is painted.
    viewport()->scroll(0, dy);
    const int before = int(m_order.size());
    for (int i = 0; i < before; ++i) {
        Item& item = m_items[m_order[size_t(i)]];
        const bool exists = item.panel || item.row;
        if (!exists && isNear(itemRect(size_t(i)), 0))
            makeWidget(size_t(i));
    }
    // Not started anew: panels that come into view load while the scrolling goes on.
    if (!m_visibilityTimer.isActive())
        m_visibilityTimer.start();
}

void DashboardView::scrolled()
{
    const int moved = std::abs(verticalScrollBar()->value() - std::exchange(m_lastScroll, verticalScrollBar()->value()));
    if (moved > viewport()->height() / 2)
        m_visibilityTimer.start();
    else
        updateVisibility();
}

void DashboardView::updateVisibility()
{
    if (!m_session)
        return;
    const auto& panels = m_session->panels();
    const int margin = makingMargin();
    QElapsedTimer spent;
    spent.start();
    bool more = false;
    for (size_t i = 0; i < m_order.size() && i < panels.size(); ++i) {
        Item& item = m_items[m_order[i]];
        const QRect rect = itemRect(i);
        const bool shown = m_maximised.isEmpty() || m_maximised == m_order[i];
        const bool exists = item.panel || item.row;
        if (!exists && shown && isNear(rect, 0) && !spent.hasExpired(kSliceMs))
            makeWidget(i);
        else if (!exists && shown && isNear(rect, margin))
            more = true;
        else if (exists && !isNear(rect, 3 * margin) && m_maximised.isEmpty())
            dropWidget(item);
        if (panels[i].panel.isRow() || m_order[i] == m_held)
            continue;
        const bool queries = item.detached || (shown && isNear(rect, m_lookAhead));
        // The whole panel's width sets the resolution, as in Grafana; `render` asks for the same.
        const int width = item.detached ? item.panel->width() : queries ? rect.width() : -1;
        if (width == item.askedWidth)
            continue;
        item.askedWidth = width;
        m_session->setPanelVisible(m_order[i], queries, std::max(1, width));
    }
    if (more)
        m_makeTimer.start();
    checkSettled();
}

void DashboardView::makeNext()
{
    QElapsedTimer spent;
    spent.start();
    // What is in view first, then what a scroll shows next.
    for (const int margin : {0, makingMargin()}) {
        for (size_t i = 0; i < m_order.size(); ++i) {
            const Item& item = m_items[m_order[i]];
            const bool shown = m_maximised.isEmpty() || m_maximised == m_order[i];
            if (item.panel || item.row || !shown || !isNear(itemRect(i), margin))
                continue;
            // Out of view, one at a time leaves room for the answers that arrive meanwhile.
            if (spent.hasExpired(margin == 0 ? kSliceMs : 0))
                return;
            makeWidget(i);
        }
    }
    m_makeTimer.stop();
    checkSettled();
}

void DashboardView::makeWidget(size_t index)
{
    const QString key = m_order[index];
    Item& item = m_items[key];
    const PlacedPanel& placed = m_session->panels()[index];
    if (placed.panel.isRow()) {
        item.row = new RowHeader(viewport());
        item.row->setObjectName(u"row:"_s + key);
        connect(item.row, &RowHeader::toggled, this, [this, key] {
            if (m_session)
                m_session->toggleRow(key);
        });
        connect(item.row, &RowHeader::menuRequested, this, [this, key](const QPoint& at) { showRowMenu(key, at); });
        m_editing->watch(item.row, key);
    } else {
        item.panel = new PanelWidget(viewport());
        PanelWidget* panel = item.panel;
        panel->setObjectName(u"panel:"_s + key);
        connect(panel, &PanelWidget::zoomed, this, [this](const TimeRange& range) {
            if (m_session)
                m_session->setTimeRange({QString::number(range.fromMs), QString::number(range.toMs)});
        });
        connect(panel, &PanelWidget::zoomedOut, this, [this] {
            if (!m_session)
                return;
            const TimeRange range = m_session->timeRange();
            const qint64 half = range.spanMs() / 2;
            m_session->setTimeRange({QString::number(range.fromMs - half), QString::number(range.toMs + half)});
        });
        connect(panel, &PanelWidget::hovered, this, [this, panel](std::optional<qint64> time) { shareTime(panel, time); });
        connect(panel, &PanelWidget::timePicked, this, [this, panel](std::optional<qint64> time) { shareTime(panel, time, true); });
        connect(panel, &PanelWidget::linkActivated, this, &DashboardView::linkActivated);
        connect(panel, &PanelWidget::annotateRequested, this,
                [this, key](const TimeRange& range, const QPoint& at) { Q_EMIT annotateRequested(key, range, at); });
        connect(panel, &PanelWidget::annotationActivated, this,
                [this, key](const QString& id, const QPoint& at) { Q_EMIT annotationActivated(key, id, at); });
        connect(panel, &PanelWidget::maximiseRequested, this,
                [this, key] { setMaximised(m_maximised.isEmpty() ? key : QString()); });
        connect(panel, &PanelWidget::refreshRequested, this, [this] {
            if (m_session)
                m_session->refresh();
        });
        connect(panel, &PanelWidget::settled, this, &DashboardView::checkSettled);
        m_editing->watch(panel, key);
        panel->setDetachable(true);
        connect(panel, &PanelWidget::detachRequested, this, [this, key] {
            if (isDetached(key))
                Q_EMIT attachRequested(key);
            else
                Q_EMIT detachRequested(key, std::nullopt);
        });
        connect(panel, &PanelWidget::requested, this, [this, key](PanelRequest request) { Q_EMIT panelRequested(key, request); });
        connect(panel, &PanelWidget::menuOpening, this, [this, key](QMenu* menu) { Q_EMIT panelMenuOpening(key, menu); });
    }
    QWidget* widget = item.panel ? static_cast<QWidget*>(item.panel) : item.row;
    widget->setGeometry(itemRect(index));
    feed(index);
    // Tab order follows the grid, whatever order the widgets came to be in.
    QWidget* before = nullptr;
    for (size_t i = index; i-- > 0 && !before;) {
        before = widgetOf(m_items[m_order[i]]);
    }
    if (before)
        setTabOrder(before, widget);
    widget->setVisible(m_maximised.isEmpty() || m_maximised == key);
}

void DashboardView::dropWidget(Item& item)
{
    // Deleted later: the widget itself may have sent the signal that leads here.
    if (item.panel) {
        item.panel->hide();
        item.panel->deleteLater();
    }
    if (item.row) {
        item.row->hide();
        item.row->deleteLater();
    }
    delete item.ghost;
    item.ghost = nullptr;
    item.detached = false;
    item.panel = nullptr;
    item.row = nullptr;
}

PanelWidget* DashboardView::detach(const QString& key)
{
    const auto index = m_index.constFind(key);
    if (index == m_index.constEnd() || m_session->panels()[*index].panel.isRow())
        return nullptr;
    m_editing->cancel();
    if (m_maximised == key)
        setMaximised({});
    if (!m_items[key].panel)
        makeWidget(*index);
    Item& item = m_items[key];
    if (!item.detached) {
        item.detached = true;
        item.ghost = new PanelGhost(item.panel->title(), viewport());
        item.ghost->setObjectName(u"ghost:"_s + key);
        connect(static_cast<PanelGhost*>(item.ghost), &PanelGhost::putBack, this, [this, key] { Q_EMIT attachRequested(key); });
        item.ghost->setGeometry(itemRect(*index));
        item.ghost->setVisible(m_maximised.isEmpty());
        item.panel->unsetCursor();
        item.panel->installEventFilter(this);
    }
    m_widthTimer.start();
    return item.panel;
}

void DashboardView::attach(const QString& key)
{
    const auto item = m_items.find(key);
    if (item == m_items.end() || !item->detached)
        return;
    item->detached = false;
    item->askedWidth = -1;
    item->ghost->hide();
    item->ghost->deleteLater(); // its button may have asked for this
    item->ghost = nullptr;
    item->panel->removeEventFilter(this);
    item->panel->setParent(viewport());
    place();
    m_widthTimer.start();
}

bool DashboardView::eventFilter(QObject* watched, QEvent* event)
{
    // A panel that was given away has the size of its new place.
    if (event->type() == QEvent::Resize)
        m_widthTimer.start();
    return QAbstractScrollArea::eventFilter(watched, event);
}

void DashboardView::feed(size_t index)
{
    const PlacedPanel& placed = m_session->panels()[index];
    const Item& item = m_items[m_order[index]];
    if (item.row) {
        const QString key = placed.key;
        const auto& panels = m_session->panels();
        const bool expanded = index + 1 < panels.size() && panels[index + 1].rowId == placed.panel.id;
        item.row->setRow(m_session->interpolate(placed.panel.title, &placed), !expanded,
                         expanded ? 0 : int(placed.panel.children.size()));
        return;
    }
    PanelInput input;
    input.spec = placed.panel;
    input.data = m_session->panelData(placed.key);
    input.context.theme = Theme::instance().kind();
    input.context.timeZone = displayTimeZone(m_session->timeZone());
    QPointer<DashboardSession> session = m_session;
    const QString key = placed.key;
    input.interpolate = [session, placed](const QString& text) { return session ? session->interpolate(text, &placed) : text; };
    input.loki = m_session->loki();
    item.panel->setInput(input);
    item.panel->body()->setPinnedTime(m_pinned); // the body may be a new one
}

void DashboardView::panelChanged(const QString& key)
{
    m_wasSettled = false;
    const auto index = m_index.constFind(key);
    if (index == m_index.constEnd())
        return;
    if (m_items[key].panel)
        feed(*index);
}

void DashboardView::shareTime(PanelWidget* source, std::optional<qint64> time, bool asked)
{
    if (!m_session || (!asked && sharedCursor() == 0))
        return;
    const bool tooltip = sharedCursor() == 2;
    for (const Item& item : std::as_const(m_items)) {
        if (item.panel && item.panel != source && item.panel->body() && isNear(item.panel->geometry(), 0))
            item.panel->body()->setSharedTime(time, tooltip);
    }
}

int DashboardView::sharedCursor() const
{
    return m_sharedCursor.value_or(m_session ? m_session->dashboard().graphTooltip : 0);
}

void DashboardView::setPinnedTime(std::optional<qint64> timeMs)
{
    m_pinned = timeMs;
    for (const Item& item : std::as_const(m_items)) {
        if (item.panel && item.panel->body())
            item.panel->body()->setPinnedTime(timeMs);
    }
    Q_EMIT pinnedTimeChanged();
}

void DashboardView::resizeEvent(QResizeEvent*)
{
    m_editing->cancel();
    place();
    m_widthTimer.start();
}

bool DashboardView::event(QEvent* event)
{
    if (event->type() == QEvent::Polish || event->type() == QEvent::Show)
        m_widthTimer.start();
    return QAbstractScrollArea::event(event);
}

void DashboardView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), Theme::instance().colors().canvas);
}

PanelWidget* DashboardView::panel(const QString& key) const
{
    return m_items.value(key).panel;
}

PanelWidget* DashboardView::panelTitled(const QString& title) const
{
    for (const QString& key : m_order) {
        PanelWidget* widget = m_items.value(key).panel;
        if (widget && widget->title() == title)
            return widget;
    }
    return nullptr;
}

QList<PanelWidget*> DashboardView::panels() const
{
    QList<PanelWidget*> result;
    for (const QString& key : m_order) {
        if (PanelWidget* widget = m_items.value(key).panel)
            result << widget;
    }
    return result;
}

QString DashboardView::currentPanel() const
{
    const QWidget* focus = QApplication::focusWidget();
    QString focused;
    for (auto it = m_items.cbegin(); it != m_items.cend(); ++it) {
        if (!it->panel)
            continue;
        if (it->panel->underMouse())
            return it.key();
        if (focus && (it->panel == focus || it->panel->isAncestorOf(focus)))
            focused = it.key();
    }
    return focused;
}

void DashboardView::setMaximised(const QString& key)
{
    if (key == m_maximised || isDetached(key))
        return;
    m_editing->cancel();
    const QString before = m_maximised;
    m_maximised = m_index.contains(key) ? key : QString();
    for (auto it = m_items.begin(); it != m_items.end(); ++it) {
        if (it->panel)
            it->panel->setMaximised(it.key() == m_maximised);
    }
    place();
    if (!m_maximised.isEmpty()) {
        if (!m_items[m_maximised].panel)
            makeWidget(m_index[m_maximised]);
        m_items[m_maximised].panel->raise();
    } else if (m_index.contains(before)) {
        scrollToPanel(before);
    }
    updateVisibility();
    Q_EMIT maximisedChanged();
}

void DashboardView::scrollToPanel(const QString& key)
{
    if (!m_index.contains(key))
        return;
    const PixelRect rect = m_items[key].rect;
    const int top = verticalScrollBar()->value();
    if (rect.y < top || rect.y + rect.height > top + viewport()->height())
        verticalScrollBar()->setValue(rect.y - 8);
}

void DashboardView::focusPanel(const QString& key)
{
    if (!m_index.contains(key))
        return;
    scrollToPanel(key);
    if (!m_items[key].panel && !m_items[key].row)
        makeWidget(m_index.value(key));
    if (QWidget* widget = widgetOf(m_items[key]))
        widget->setFocus(Qt::ShortcutFocusReason);
}

bool DashboardView::isSettled() const
{
    if (!m_session || m_session->isBusy() || m_widthTimer.isActive() || m_visibilityTimer.isActive())
        return false;
    return std::all_of(m_items.cbegin(), m_items.cend(), [](const Item& item) {
        return item.askedWidth < 0 || (item.panel && item.panel->isSettled());
    });
}

void DashboardView::checkSettled()
{
    const bool now = isSettled();
    if (now && !m_wasSettled) {
        m_wasSettled = true;
        Q_EMIT settled();
    } else if (!now) {
        m_wasSettled = false;
    }
}

void DashboardView::setRowsCollapsed(bool collapsed)
{
    if (!m_session)
        return;
    QStringList keys;
    const auto& panels = m_session->panels();
    for (size_t i = 0; i < panels.size(); ++i) {
        const bool expanded = i + 1 < panels.size() && panels[i + 1].rowId == panels[i].panel.id;
        if (panels[i].panel.isRow() && expanded == collapsed)
            keys << panels[i].key;
    }
    for (const QString& key : std::as_const(keys))
        m_session->toggleRow(key);
}

} // namespace Promdeck
