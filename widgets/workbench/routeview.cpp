#include "widgets/workbench/routeview.h"

#include "models/alertmanager/alertmanagerclient.h"
#include "models/core/background.h"
#include "models/query/timegrammar.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QCoroTask>
#include <QFormLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Config;

namespace {

constexpr int kRow = 50;
constexpr int kCard = 42;
constexpr int kIndent = 22;
constexpr int kMargin = 10;

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QString labelsText(const AlertLabels& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels)
        parts << u"%1=\"%2\""_s.arg(text(name), text(value));
    return parts.join(u", ");
}

QString names(const std::vector<std::string>& list)
{
    QStringList out;
    for (const std::string& one : list)
        out << text(one);
    return out.join(u", ");
}

QString groupText(const Route& route)
{
    if (route.groupByAll)
        return RouteTree::tr("each alert alone");
    QStringList labels;
    for (const std::string& label : route.groupBy)
        labels << text(label);
    return labels.isEmpty() ? RouteTree::tr("all in one group") : RouteTree::tr("by %1").arg(labels.join(u", "));
}

QString timersText(const Route& route)
{
    return u"%1 / %2 / %3"_s.arg(intervalText(route.groupWaitMs), intervalText(route.groupIntervalMs), intervalText(route.repeatIntervalMs));
}

} // namespace

RouteTree::RouteTree(QWidget* parent) : QAbstractScrollArea(parent)
{
    setObjectName(u"routeTree"_s);
    setAccessibleName(tr("Routing tree"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    verticalScrollBar()->setSingleStep(kRow / 2);
    connect(&Theme::instance(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void RouteTree::add(const Route& route, int depth, int parent)
{
    const int row = int(m_rows.size());
    m_rows.push_back({&route, depth, false, false, false, {}, parent});
    for (const auto& child : route.children)
        add(*child, depth + 1, row);
}

void RouteTree::show(std::shared_ptr<const RoutingPlan> plan)
{
    m_rows.clear();
    m_plan = std::move(plan);
    if (m_plan && m_plan->tree)
        add(*m_plan->tree, 0, -1);
    m_current = std::min(m_current, int(m_rows.size()) - 1);
    fit();
    viewport()->update();
}

void RouteTree::light(const RoutingPlan::Outcome& outcome)
{
    for (Row& row : m_rows)
        row.onPath = row.isEnd = row.muted = false;
    int first = -1;
    for (const RoutingPlan::End& end : outcome.ends) {
        for (int i = 0; i < int(m_rows.size()); ++i) {
            if (m_rows[size_t(i)].route != end.route)
                continue;
            Row& row = m_rows[size_t(i)];
            row.isEnd = true;
            row.muted = end.mute.isMuted;
            row.mutedBy = end.mute.isInactive ? tr("outside of %1").arg(names(end.mute.intervals)) : names(end.mute.intervals);
            if (first < 0)
                first = i;
            for (int up = i; up >= 0; up = m_rows[size_t(up)].parent)
                m_rows[size_t(up)].onPath = true;
        }
    }
    if (first >= 0) {
        const int top = kMargin + first * kRow;
        const int shown = verticalScrollBar()->value();
        if (top < shown || top + kRow > shown + viewport()->height())
            verticalScrollBar()->setValue(top - viewport()->height() / 3);
    }
    viewport()->update();
}

QString RouteTree::rowText(int row) const
{
    const Route& route = *m_rows[size_t(row)].route;
    return route.parent ? text(route.matchersText()) : tr("every alert");
}

bool RouteTree::isOnPath(int row) const
{
    return m_rows[size_t(row)].onPath;
}

void RouteTree::fit()
{
    const int height = 2 * kMargin + int(m_rows.size()) * kRow;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
}

void RouteTree::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    fit();
}

int RouteTree::rowAt(int y) const
{
    const int row = (y + verticalScrollBar()->value() - kMargin) / kRow;
    return row >= 0 && row < int(m_rows.size()) ? row : -1;
}

void RouteTree::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    const ThemeColors& c = Theme::instance().colors();
    painter.fillRect(viewport()->rect(), c.panel);
    painter.setRenderHint(QPainter::Antialiasing);
    const int offset = verticalScrollBar()->value();
    const int first = std::max(0, (offset - kMargin) / kRow);
    const int last = std::min(int(m_rows.size()) - 1, (offset + viewport()->height()) / kRow);
    const auto rect = [&](int row) {
        const int left = kMargin + m_rows[size_t(row)].depth * kIndent;
        return QRect(left, kMargin + row * kRow - offset, std::max(220, viewport()->width() - left - kMargin), kCard);
    };
    // Lines first; those of rows whose parents are far above come from there.
    for (const bool lit : {false, true}) {
        for (int row = 0; row < int(m_rows.size()); ++row) {
            const Row& one = m_rows[size_t(row)];
            if (one.parent < 0 || one.onPath != lit || row < first || one.parent > last)
                continue;
            const QRect child = rect(row);
            const QRect parent = rect(one.parent);
            const int x = parent.left() + 10;
            QPainterPath path;
            path.moveTo(x, std::max(parent.bottom() + 1, -10));
            path.lineTo(x, child.center().y() - 6);
            path.quadTo(x, child.center().y(), x + 6, child.center().y());
            path.lineTo(child.left(), child.center().y());
            painter.setPen(QPen(lit ? c.accent : c.borderStrong, lit ? 2 : 1));
            painter.setBrush(Qt::NoBrush);
            painter.drawPath(path);
        }
    }
    for (int row = first; row <= last; ++row)
        paintRow(painter, row, rect(row));
}

void RouteTree::paintRow(QPainter& painter, int row, const QRect& rect) const
{
    const ThemeColors& c = Theme::instance().colors();
    const Row& one = m_rows[size_t(row)];
    const Route& route = *one.route;
    const QColor edge = one.isEnd ? (one.muted ? c.warning : c.success) : one.onPath ? c.accent : c.borderMedium;
    QColor fill = blend(c.panel, c.secondary);
    if (one.isEnd)
        fill = blend(c.panel, withAlpha(edge, 0.14));
    painter.setPen(QPen(edge, one.onPath ? 2 : 1));
    painter.setBrush(fill);
    painter.drawRoundedRect(rect, 5, 5);
    if (row == m_current && hasFocus()) {
        painter.setPen(QPen(c.maxContrast, 1, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 4, 4);
    }
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    const QRect area = rect.adjusted(10, 4, -10, -4);
    const QFontMetrics plain(font());
    const QFontMetrics strong(bold);
    const QString receiver = text(route.receiver);
    const int right = std::min(area.width() / 2, strong.horizontalAdvance(receiver) + 2);
    painter.setFont(bold);
    painter.setPen(one.isEnd ? c.maxContrast : c.text);
    painter.drawText(QRect(area.right() - right, area.top(), right, area.height() / 2), Qt::AlignRight | Qt::AlignVCenter,
                     strong.elidedText(receiver, Qt::ElideRight, right));
    painter.setFont(font());
    painter.setPen(one.onPath || !route.parent ? c.text : c.textSecondary);
    painter.drawText(QRect(area.left(), area.top(), area.width() - right - 10, area.height() / 2), Qt::AlignLeft | Qt::AlignVCenter,
                     plain.elidedText(rowText(row), Qt::ElideRight, area.width() - right - 10));
    QStringList details {groupText(route), timersText(route)};
    if (route.continues)
        details << tr("goes on");
    if (!route.muteTimeIntervals.empty())
        details << tr("mute: %1").arg(names(route.muteTimeIntervals));
    if (!route.activeTimeIntervals.empty())
        details << tr("active: %1").arg(names(route.activeTimeIntervals));
    QString detail = details.join(u"   ·   "_s);
    if (one.muted) {
        detail = tr("Silent now: %1").arg(one.mutedBy) + u"   ·   "_s + detail;
    }
    painter.setPen(one.muted ? c.warning : c.textSecondary);
    painter.drawText(QRect(area.left(), area.center().y() + 1, area.width(), area.height() / 2), Qt::AlignLeft | Qt::AlignVCenter,
                     plain.elidedText(detail, Qt::ElideRight, area.width()));
}

void RouteTree::setCurrent(int row)
{
    if (row < 0 || row >= int(m_rows.size()))
        return;
    m_current = row;
    const int top = kMargin + row * kRow;
    const int shown = verticalScrollBar()->value();
    if (top < shown)
        verticalScrollBar()->setValue(top - kMargin);
    else if (top + kRow > shown + viewport()->height())
        verticalScrollBar()->setValue(top + kRow - viewport()->height());
    setAccessibleDescription(tr("%1, receiver %2, %3").arg(rowText(row), text(m_rows[size_t(row)].route->receiver), groupText(*m_rows[size_t(row)].route)));
    viewport()->update();
}

void RouteTree::mousePressEvent(QMouseEvent* event)
{
    setCurrent(rowAt(int(event->position().y())));
}

void RouteTree::mouseDoubleClickEvent(QMouseEvent* event)
{
    const int row = rowAt(int(event->position().y()));
    if (row >= 0)
        Q_EMIT activated(m_rows[size_t(row)].route->span.start.offset);
}

void RouteTree::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Up: setCurrent(std::max(0, m_current - 1)); break;
    case Qt::Key_Down: setCurrent(std::min(int(m_rows.size()) - 1, m_current + 1)); break;
    case Qt::Key_Home: setCurrent(0); break;
    case Qt::Key_End: setCurrent(int(m_rows.size()) - 1); break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current >= 0)
            Q_EMIT activated(m_rows[size_t(m_current)].route->span.start.offset);
        break;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

RouteView::RouteView(QWidget* parent)
    : WorkbenchTool(parent)
    , m_labels(new QLineEdit(this))
    , m_time(new QLineEdit(u"now"_s, this))
    , m_others(new QLineEdit(this))
    , m_alerts(new QComboBox(this))
    , m_outcome(new QLabel(this))
    , m_tree(new RouteTree(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_labels->setObjectName(u"routeLabels"_s);
    m_labels->setPlaceholderText(tr("severity=page team=db"));
    m_labels->setClearButtonEnabled(true);
    m_time->setObjectName(u"routeTime"_s);
    m_time->setPlaceholderText(tr("now, now+8h, 2026-11-21T03:00:00Z"));
    m_others->setObjectName(u"routeOthers"_s);
    m_others->setPlaceholderText(tr("other alerts that fire: severity=critical cluster=a; …"));
    m_alerts->setObjectName(u"routeAlerts"_s);
    m_alerts->setAccessibleName(tr("Live alerts"));
    auto* refresh = new QToolButton(this);
    refresh->setObjectName(u"routeRefresh"_s);
    refresh->setIcon(themeIcon(u"refresh"_s));
    refresh->setAutoRaise(true);
    refresh->setToolTip(tr("Ask Alertmanager again"));
    auto* live = new QHBoxLayout;
    live->addWidget(m_alerts, 1);
    live->addWidget(refresh);
    form->addRow(tr("Alert"), m_labels);
    form->addRow(tr("At"), m_time);
    form->addRow(tr("Firing too"), m_others);
    form->addRow(tr("Live alerts"), live);
    column->addLayout(form);
    m_outcome->setObjectName(u"routeOutcome"_s);
    m_outcome->setWordWrap(true);
    m_outcome->setTextFormat(Qt::PlainText);
    m_outcome->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_outcome);
    column->addWidget(m_tree, 1);
    for (QLineEdit* edit : {m_labels, m_time, m_others})
        connect(edit, &QLineEdit::textChanged, this, &RouteView::route);
    connect(refresh, &QToolButton::clicked, this, &RouteView::loadAlerts);
    connect(m_alerts, &QComboBox::activated, this, [this](int index) {
        const QString labels = m_alerts->itemData(index).toString();
        if (!labels.isEmpty())
            m_labels->setText(labels);
    });
    connect(m_tree, &RouteTree::activated, this, [this](std::size_t offset) { Q_EMIT jumpWanted(offset, offset); });
    m_alerts->addItem(tr("None asked for"));
}

RouteView::~RouteView() = default;

QString RouteView::outcomeText() const
{
    return m_outcome->text();
}

void RouteView::follow(const ToolContext& context)
{
    if (context.stack != m_stack) {
        m_stack = context.stack;
        m_client.reset();
        if (m_stack)
            loadAlerts();
    }
    if (context.kind != FileKind::Alertmanager) {
        if (!m_plan) {
            m_outcome->setText(tr("Open an Alertmanager configuration to see its routes."));
            m_tree->show({});
        }
        return; // the last one stays
    }
    if (context.text == m_text && context.path == m_path)
        return;
    m_text = context.text;
    m_path = context.path;
    runInBackground(
        this, [bytes = context.text] { return std::make_shared<const RoutingPlan>(readRouting({bytes.constData(), size_t(bytes.size())})); },
        [this, bytes = context.text](const std::shared_ptr<const RoutingPlan>& plan) {
            if (bytes != m_text)
                return;
            // While the text is not in order, what was read last stays in view.
            if (plan->tree || !m_plan || !m_plan->tree) {
                m_plan = plan;
                m_tree->show(plan);
                route();
            } else {
                m_outcome->setText(tr("Line %1: %2").arg(plan->problemLine).arg(plan->problem));
            }
        });
}

void RouteView::route()
{
    if (!m_plan)
        return;
    if (!m_plan->tree) {
        m_outcome->setText(m_plan->problem.isEmpty() ? tr("There is no route") : tr("Line %1: %2").arg(m_plan->problemLine).arg(m_plan->problem));
        return;
    }
    const std::optional<AlertLabels> labels = readLabelSet(m_labels->text().toStdString());
    const Result<qint64> time = parseTime(m_time->text().trimmed().isEmpty() ? u"now"_s : m_time->text().trimmed(), QDateTime::currentMSecsSinceEpoch(), false);
    if (!labels || !time.ok()) {
        m_outcome->setText(!labels ? tr("Write labels as name=value") : tr("“%1” is no time").arg(m_time->text()));
        m_tree->light({});
        return;
    }
    std::vector<AlertLabels> firing = m_firing;
    for (const QString& part : m_others->text().split(u';', Qt::SkipEmptyParts)) {
        if (const auto one = readLabelSet(part.toStdString()))
            firing.push_back(*one);
    }
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(*time, Qt::UTC);
    const RoutingPlan::Outcome outcome = m_plan->outcome(*labels, when, firing);
    QStringList lines;
    for (const RoutingPlan::End& end : outcome.ends) {
        QString line = tr("→ %1: %2; waits %3, then %4, repeats after %5")
                           .arg(text(end.route->receiver), groupText(*end.route), intervalText(end.route->groupWaitMs), intervalText(end.route->groupIntervalMs),
                                intervalText(end.route->repeatIntervalMs));
        if (end.mute.isInactive)
            line += tr(" — silent: none of %1 holds").arg(names(end.mute.intervals));
        else if (end.mute.isMuted)
            line += tr(" — muted by %1").arg(names(end.mute.intervals));
        lines << line;
    }
    if (outcome.inhibitedBy)
        lines << tr("Inhibited by the rule in line %1, because %2 fires").arg(outcome.inhibitedBy->span.start.line).arg(labelsText(outcome.inhibitor));
    m_outcome->setText(lines.join(u'\n'));
    m_tree->light(outcome);
}

void RouteView::loadAlerts()
{
    m_alerts->clear();
    m_firing.clear();
    const QList<QUrl> urls = m_stack ? m_stack->profile().alertmanagers : QList<QUrl>();
    if (urls.isEmpty()) {
        m_alerts->addItem(m_stack ? tr("The stack's profile names no Alertmanager") : tr("No stack is connected"));
        return;
    }
    m_alerts->addItem(tr("Asking…"));
    m_client = std::make_shared<AlertmanagerClient>(urls.first(), m_stack->optionsFor(urls.first()));
    QCoro::connect(m_client->alerts(), this, [this, client = m_client](const Result<std::vector<ActiveAlert>>& alerts) {
        if (client != m_client)
            return;
        m_alerts->clear();
        if (!alerts.ok()) {
            m_alerts->addItem(errorTitle(alerts.error()));
            return;
        }
        m_alerts->addItem(alerts->empty() ? tr("Nothing fires") : tr("Choose one of %1").arg(alerts->size()));
        for (const ActiveAlert& alert : *alerts) {
            QStringList parts;
            AlertLabels labels;
            for (const auto& [name, value] : alert.labels) {
                parts << u"%1=\"%2\""_s.arg(name, QString(value).replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s));
                labels[name.toStdString()] = value.toStdString();
            }
            m_firing.push_back(labels);
            m_alerts->addItem(parts.join(u' '), parts.join(u' '));
        }
        route();
    });
}

} // namespace Promdeck
