#include "widgets/dashboard/gridediting.h"

#include "widgets/common/exportpainting.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/rowheader.h"
#include "widgets/panels/painthelpers.h"
#include "widgets/panels/panelwidget.h"

#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kEdgePx = 6;
constexpr int kUntitledHeaderPx = 14;
constexpr int kGripPx = 14;
constexpr int kUnitPx = kGridRowPx + kGridGapPx;
constexpr int kScrollZonePx = 48;
constexpr int kFrameMs = 16;
constexpr int kFarSteps = 80; // rows to look for a place that makes a difference
constexpr double kBottom = 1e6; // below everything
constexpr int kOutPx = 24;

/// Where the held panel will be.
class Placeholder final : public QWidget
{
public:
    explicit Placeholder(QWidget* parent) : QWidget(parent)
    {
        setObjectName(u"dropPlaceholder"_s);
        setAttribute(Qt::WA_OpaquePaintEvent);
        setAttribute(Qt::WA_TransparentForMouseEvents);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const ThemeColors& c = Theme::instance().colors();
        painter.fillRect(rect(), blend(c.canvas, withAlpha(c.accent, 0.18)));
        drawFrame(&painter, rect(), c.accent);
    }
};

/// The lower right corner of the panel under the mouse.
class Grip final : public QWidget
{
public:
    explicit Grip(QWidget* parent) : QWidget(parent)
    {
        setObjectName(u"resizeGrip"_s);
        setFixedSize(kGripPx, kGripPx);
        setCursor(Qt::SizeFDiagCursor);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        if (ExportPainting::isActive())
            return;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(Theme::instance().colors().textSecondary, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        const int end = kGripPx - 4;
        painter.drawPolyline(QPolygon({QPoint(end, 4), QPoint(end, end), QPoint(4, end)}));
    }
};

Qt::CursorShape cursorFor(int edges)
{
    switch (edges) {
    case 8: return Qt::OpenHandCursor;
    case 4: return Qt::SizeVerCursor;
    case 2 | 4: return Qt::SizeFDiagCursor;
    case 1 | 4: return Qt::SizeBDiagCursor;
    default: return Qt::SizeHorCursor;
    }
}

} // namespace

/// A stretch of the grid from a line downward, and where a panel dropped there belongs.
struct GridEditing::Band
{
    double top = 0; ///< in rows of the whole grid
    GridPlace place;
};

GridEditing::GridEditing(DashboardView* view) : QObject(view), m_view(view)
{
    m_scrollTimer.setInterval(kFrameMs);
    connect(&m_scrollTimer, &QTimer::timeout, this, &GridEditing::scrollAtEnds);
    setupActions();
}

GridEditing::~GridEditing()
{
    delete m_grip;
    delete m_placeholder;
}

void GridEditing::setEditor(DashboardEditor* editor)
{
    cancel();
    m_editor = editor;
    delete m_grip;
}

void GridEditing::setupActions()
{
    const struct
    {
        const char* name;
        QString text;
        QKeySequence keys;
        int dx, dy;
        bool resizes;
    } steps[] {{"panelLeft", tr("Move left"), QKeySequence(Qt::ALT | Qt::Key_Left), -1, 0, false},
               {"panelRight", tr("Move right"), QKeySequence(Qt::ALT | Qt::Key_Right), 1, 0, false},
               {"panelUp", tr("Move up"), QKeySequence(Qt::ALT | Qt::Key_Up), 0, -1, false},
               {"panelDown", tr("Move down"), QKeySequence(Qt::ALT | Qt::Key_Down), 0, 1, false},
               {"panelNarrower", tr("Narrower"), QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_Left), -1, 0, true},
               {"panelWider", tr("Wider"), QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_Right), 1, 0, true},
               {"panelShorter", tr("Shorter"), QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_Up), 0, -1, true},
               {"panelTaller", tr("Taller"), QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_Down), 0, 1, true}};
    for (const auto& step : steps) {
        auto* action = new QAction(step.text, m_view);
        action->setObjectName(QString::fromLatin1(step.name));
        action->setShortcut(step.keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, [this, dx = step.dx, dy = step.dy, resizes = step.resizes] {
            const QString key = m_view->focusedItem();
            if (resizes)
                nudgeSize(key, dx, dy);
            else
                nudge(key, dx, dy);
        });
        m_view->addAction(action);
    }
}

bool GridEditing::canArrange() const
{
    return m_editor && m_view->session() && m_view->maximised().isEmpty() && m_view->gridWidth() >= kSingleColumnBelowPx;
}

int GridEditing::editableId(const QString& key) const
{
    if (!m_view->session())
        return 0;
    for (const PlacedPanel& placed : m_view->session()->panels()) {
        if (placed.key != key)
            continue;
        const int source = placed.panel.repeatSourceId;
        return source == 0 || source == placed.panel.id ? placed.panel.id : 0;
    }
    return 0;
}

void GridEditing::watch(PanelWidget* panel, const QString& key)
{
    panel->setProperty("gridKey", key);
    panel->setAttribute(Qt::WA_Hover);
    panel->installEventFilter(this);
}

void GridEditing::watch(RowHeader* row, const QString& key)
{
    row->setProperty("gridKey", key);
    row->installEventFilter(this);
}

int GridEditing::edgesAt(const QWidget* widget, const QPoint& position) const
{
    if (qobject_cast<const RowHeader*>(widget))
        return Header;
    const auto* panel = qobject_cast<const PanelWidget*>(widget);
    int edges = NoEdge;
    if (position.x() < kEdgePx)
        edges |= LeftEdge;
    else if (position.x() >= widget->width() - kEdgePx)
        edges |= RightEdge;
    if (position.y() >= widget->height() - kEdgePx)
        edges |= BottomEdge;
    const int header = panel && !panel->title().isEmpty() ? panel->headerHeight() : kUntitledHeaderPx;
    // The upper corners belong to the header: above a panel there is nothing to pull at.
    if (position.y() < header && (edges & BottomEdge) == 0)
        return Header;
    return edges;
}

void GridEditing::showGrip(QWidget* panel)
{
    if (!m_grip) {
        m_grip = new Grip(panel);
        m_grip->installEventFilter(this);
    }
    if (m_grip->parentWidget() != panel)
        m_grip->setParent(panel);
    m_grip->move(panel->width() - kGripPx, panel->height() - kGripPx);
    m_grip->raise();
    m_grip->show();
}

bool GridEditing::eventFilter(QObject* watched, QEvent* event)
{
    if (m_mode != Mode::None) {
        // Escape belongs to the drag before it belongs to anything else.
        const auto type = event->type();
        if (type == QEvent::ShortcutOverride || type == QEvent::KeyPress) {
            auto* key = static_cast<QKeyEvent*>(event);
            if (key->key() == Qt::Key_Escape) {
                key->accept();
                if (type == QEvent::KeyPress)
                    cancel();
                return true;
            }
        }
        if (type == QEvent::ApplicationDeactivate && isDragging())
            cancel();
    }
    auto* widget = qobject_cast<QWidget*>(watched);
    if (!widget)
        return false;
    if (widget == m_grip && m_grip->parentWidget()) {
        if (event->type() == QEvent::MouseButtonPress && static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton) {
            press(m_grip->parentWidget(), static_cast<QMouseEvent*>(event), RightEdge | BottomEdge);
            return m_mode != Mode::None;
        }
        if (m_mode == Mode::None)
            return false;
    } else if (!widget->property("gridKey").isValid()) {
        return false;
    }
    return panelEvent(widget, event);
}

bool GridEditing::panelEvent(QWidget* widget, QEvent* event)
{
    switch (event->type()) {
    case QEvent::HoverMove:
        if (m_mode == Mode::None && canArrange() && !m_view->isDetached(widget->property("gridKey").toString())) {
            const int edges = editableId(widget->property("gridKey").toString()) != 0
                ? edgesAt(widget, static_cast<QHoverEvent*>(event)->position().toPoint())
                : NoEdge;
            if (edges == NoEdge)
                widget->unsetCursor();
            else
                widget->setCursor(cursorFor(edges));
        }
        return true; // a panel repaints what changes by itself
    case QEvent::HoverEnter:
        if (m_mode == Mode::None && canArrange() && editableId(widget->property("gridKey").toString()) != 0
            && !m_view->isDetached(widget->property("gridKey").toString()))
            showGrip(widget);
        return true;
    case QEvent::HoverLeave:
        if (m_mode == Mode::None && m_grip)
            m_grip->hide();
        return true;
    case QEvent::MouseButtonPress: {
        auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() != Qt::LeftButton)
            return false;
        const int edges = edgesAt(widget, mouse->position().toPoint());
        if (edges != NoEdge)
            press(widget, mouse, edges);
        return m_mode != Mode::None && !qobject_cast<RowHeader*>(widget);
    }
    case QEvent::MouseMove:
        if (m_mode == Mode::None)
            return false;
        moveTo(static_cast<QMouseEvent*>(event)->globalPosition().toPoint());
        return true;
    case QEvent::MouseButtonRelease:
        if (m_mode == Mode::None)
            return false;
        if (m_mode == Mode::Pressed) {
            cancel();
            return false; // it was a click
        }
        finish();
        return true;
    case QEvent::MouseButtonDblClick:
        cancel();
        return false;
    default:
        return false;
    }
}

void GridEditing::press(QWidget* widget, QMouseEvent* event, int edges)
{
    const QString key = widget->property("gridKey").toString();
    const int id = editableId(key);
    if (!canArrange() || id == 0 || m_view->isDetached(key))
        return;
    m_mode = Mode::Pressed;
    m_widget = widget;
    m_key = key;
    m_id = id;
    m_edges = edges;
    m_pressed = event->globalPosition().toPoint();
    m_mouse = m_pressed;
    m_inWidget = widget->mapFromGlobal(m_pressed);
    if (qobject_cast<PanelWidget*>(widget))
        widget->setFocus(Qt::MouseFocusReason);
    qApp->installEventFilter(this);
}

void GridEditing::begin()
{
    const auto* row = qobject_cast<RowHeader*>(m_widget);
    m_mode = row ? Mode::MoveRow : m_edges == Header ? Mode::Move : Mode::Resize;
    m_start = m_view->session()->grid();
    m_shown = m_start;
    m_startPanels = m_view->session()->panels();
    m_startRect = m_view->contentRect(m_key);
    m_startScroll = m_view->scrollTop();
    m_widget->setFocus(Qt::MouseFocusReason);
    if (!m_placeholder)
        m_placeholder = new Placeholder(m_view->viewport());
    m_view->setHeld(m_key);
    m_widget->setCursor(m_mode == Mode::Resize ? cursorFor(m_edges) : Qt::ClosedHandCursor);
    if (m_grip)
        m_grip->setVisible(m_mode == Mode::Resize);
    m_placeholder->show();
    m_placeholder->lower();
    m_widget->raise();
    m_scrollTimer.start();
}

void GridEditing::moveTo(const QPoint& globalPosition)
{
    m_mouse = globalPosition;
    if (m_mode == Mode::Pressed) {
        if ((m_mouse - m_pressed).manhattanLength() < QApplication::startDragDistance())
            return;
        if (!canArrange() || !m_widget) {
            cancel();
            return;
        }
        begin();
    }
    const QRect window = QRect(m_view->window()->mapToGlobal(QPoint()), m_view->window()->size());
    if (m_mode == Mode::Move && !window.adjusted(-kOutPx, -kOutPx, kOutPx, kOutPx).contains(globalPosition)) {
        const QString key = m_key;
        cancel();
        Q_EMIT draggedOut(key, globalPosition);
        return;
    }
    follow();
}

double GridEditing::columnWidth() const
{
    return (m_view->gridWidth() + kGridGapPx) / double(kGridColumns);
}

QPointF GridEditing::cellAt(const QPoint& content) const
{
    return {(content.x() - DashboardView::sideMargin()) / columnWidth(), content.y() / double(kUnitPx)};
}

std::vector<GridEditing::Band> GridEditing::bands() const
{
    std::vector<Band> all {{0, {0, 0, 0, false}}};
    for (const PlacedPanel& placed : m_startPanels) {
        const int section = placed.panel.isRow() ? m_start.sectionOfRow(placed.panel.id) : -1;
        if (section >= 0)
            all.push_back({placed.panel.gridPos.y + 1, {section, 0, 0, placed.panel.collapsed}});
    }
    return all;
}

GridPlace GridEditing::placeAt(const QPointF& cell) const
{
    Band found;
    for (const Band& band : bands()) {
        if (cell.y() + 0.5 >= band.top)
            found = band;
    }
    GridPlace place = found.place;
    place.x = std::round(cell.x());
    place.y = std::max(0., std::round(cell.y() - found.top));
    // Staying under the closed row where it is already is no change of the row.
    const int own = m_start.sectionOf(m_id);
    if (place.underRow && own == place.section + 1 && m_start.sections[size_t(own)].rowId == 0) {
        place.section = own;
        place.underRow = false;
    }
    return place;
}

/// The arrangement that the mouse asks for now.
DashboardGrid GridEditing::wanted()
{
    const QPoint mouse = m_view->viewport()->mapFromGlobal(m_mouse) + QPoint(0, m_view->scrollTop());
    if (m_mode == Mode::Move)
        return withPanelMoved(m_start, m_id, placeAt(cellAt(mouse - m_inWidget)));
    if (m_mode == Mode::MoveRow) {
        const double y = cellAt(mouse - m_inWidget).y();
        int before = int(m_start.sections.size());
        double last = -1;
        for (const PlacedPanel& placed : m_startPanels) {
            const int section = placed.panel.isRow() ? m_start.sectionOfRow(placed.panel.id) : -1;
            if (section >= 0 && placed.panel.gridPos.y > y - 0.5 && last < 0) {
                before = section;
                last = placed.panel.gridPos.y;
            }
        }
        return withRowMoved(m_start, m_id, before);
    }
    const GridBlock* block = m_start.block(m_id);
    if (!block)
        return m_start;
    GridPos pos = block->pos;
    const QPoint moved = m_mouse - m_pressed + QPoint(0, m_view->scrollTop() - m_startScroll);
    const double dx = std::round(moved.x() / columnWidth());
    const double dy = std::round(moved.y() / double(kUnitPx));
    if ((m_edges & RightEdge) != 0)
        pos.w = std::clamp(pos.w + dx, 1., kGridColumns - pos.x);
    if ((m_edges & LeftEdge) != 0) {
        const double left = std::clamp(pos.x + dx, 0., pos.x + pos.w - 1);
        pos.w += pos.x - left;
        pos.x = left;
    }
    if ((m_edges & BottomEdge) != 0)
        pos.h = std::max(1., pos.h + dy);
    return withPanelResized(m_start, m_id, pos);
}

void GridEditing::follow()
{
    if (!isDragging() || !m_widget)
        return;
    DashboardGrid next = wanted();
    const bool news = !(next == m_shown);
    if (news) {
        m_shown = std::move(next);
        m_view->preview(m_view->session()->panelsWith(m_shown));
    }
    const QRect target = m_view->contentRect(m_key).translated(0, -m_view->scrollTop());
    m_placeholder->setGeometry(target);
    if (m_mode == Mode::Resize) {
        m_widget->setGeometry(target);
        if (m_grip && m_grip->parentWidget() == m_widget)
            m_grip->move(m_widget->width() - kGripPx, m_widget->height() - kGripPx);
    } else {
        const QPoint corner = m_view->viewport()->mapFromGlobal(m_mouse) - m_inWidget;
        m_widget->setGeometry(QRect(corner, m_startRect.size()));
    }
}

void GridEditing::scrollAtEnds()
{
    if (!isDragging())
        return;
    const int y = m_view->viewport()->mapFromGlobal(m_mouse).y();
    const int height = m_view->viewport()->height();
    int by = 0;
    if (y < kScrollZonePx)
        by = -(kScrollZonePx - std::max(y, 0)) / 3;
    else if (y > height - kScrollZonePx)
        by = (kScrollZonePx - std::max(height - y, 0)) / 3;
    QScrollBar* bar = m_view->verticalScrollBar();
    const int before = bar->value();
    bar->setValue(before + by);
    if (bar->value() != before)
        follow();
}

void GridEditing::cancel()
{
    if (m_mode == Mode::None)
        return;
    const bool moved = m_mode != Mode::Pressed;
    m_mode = Mode::None;
    m_scrollTimer.stop();
    qApp->removeEventFilter(this);
    if (qobject_cast<RowHeader*>(m_widget))
        m_widget->setCursor(Qt::PointingHandCursor);
    else if (m_widget)
        m_widget->unsetCursor();
    m_widget = nullptr;
    delete m_placeholder;
    if (moved)
        m_view->setHeld({});
}

void GridEditing::finish()
{
    const EditStep::Kind kind = m_mode == Mode::Resize ? EditStep::Kind::ResizePanel
        : m_mode == Mode::MoveRow                      ? EditStep::Kind::MoveRow
                                                       : EditStep::Kind::MovePanel;
    const DashboardGrid chosen = m_shown;
    const bool changed = !(chosen == m_start);
    const PanelSpec* spec = m_editor ? m_editor->panelSpec(m_id) : nullptr;
    const QString title = spec ? spec->title : QString();
    cancel();
    if (changed && m_editor)
        m_editor->changeGrid(chosen, {kind, title});
}

bool GridEditing::moveRowBy(int rowId, int direction)
{
    const DashboardGrid grid = m_view->session()->grid();
    const int at = grid.sectionOfRow(rowId);
    if (at < 0)
        return false;
    const auto isRow = [&grid](int index) { return grid.sections[size_t(index)].rowId != 0; };
    const int count = int(grid.sections.size());
    int before = at;
    if (direction < 0) {
        do
            --before;
        while (before > 0 && !isRow(before));
    } else {
        // Behind the next row: before the one after it.
        for (int rows = 0; before < count && rows < 2;) {
            ++before;
            rows += before < count && isRow(before) ? 1 : 0;
        }
    }
    return before > 0 && m_editor->moveRow(rowId, before, u"nudge-row-%1"_s.arg(rowId));
}

bool GridEditing::nudge(const QString& key, int dx, int dy)
{
    const int id = editableId(key);
    if (!canArrange() || id == 0)
        return false;
    const PanelSpec* spec = m_editor->panelSpec(id);
    bool moved = false;
    if (spec && spec->isRow()) {
        moved = dy != 0 && moveRowBy(id, dy);
    } else {
        const DashboardGrid grid = m_view->session()->grid();
        const GridBlock* block = grid.block(id);
        const int section = grid.sectionOf(id);
        if (!block)
            return false;
        const EditStep step {EditStep::Kind::MovePanel, spec ? spec->title : QString()};
        const QString merge = u"nudge-%1"_s.arg(id);
        if (dx != 0)
            return m_editor->changeGrid(withPanelMoved(grid, id, {section, block->pos.x + dx, block->pos.y, false}), step, merge);
        for (int steps = 1; steps < kFarSteps && !moved; ++steps) {
            const double y = block->pos.y + dy * steps;
            if (y < 0)
                break;
            const DashboardGrid next = withPanelMoved(grid, id, {section, block->pos.x, y, false});
            moved = !(next == grid) && m_editor->changeGrid(next, step, merge);
        }
        // At the end of its row: into the next one.
        const int beyond = section + dy;
        if (!moved && beyond >= 0 && beyond < int(grid.sections.size())) {
            const int rowId = grid.sections[size_t(beyond)].rowId;
            bool closed = false;
            for (const PlacedPanel& placed : m_view->session()->panels())
                closed = closed || (rowId != 0 && placed.panel.id == rowId && placed.panel.collapsed);
            GridPlace place {beyond, block->pos.x, dy > 0 ? 0 : kBottom, closed && dy > 0};
            if (closed && dy < 0)
                place = {std::max(0, beyond - 1), block->pos.x, kBottom, false};
            moved = m_editor->changeGrid(withPanelMoved(grid, id, place), step, merge);
        }
    }
    if (moved)
        m_view->scrollToPanel(key);
    return moved;
}

bool GridEditing::nudgeSize(const QString& key, int dw, int dh)
{
    const int id = editableId(key);
    if (!canArrange() || id == 0)
        return false;
    const DashboardGrid grid = m_view->session()->grid();
    const GridBlock* block = grid.block(id);
    if (!block)
        return false;
    GridPos pos = block->pos;
    pos.w = std::clamp(pos.w + dw, 1., double(kGridColumns));
    pos.h = std::max(1., pos.h + dh);
    const bool resized = m_editor->resizePanel(id, pos, u"size-%1"_s.arg(id));
    if (resized)
        m_view->scrollToPanel(key);
    return resized;
}

} // namespace Promdeck
