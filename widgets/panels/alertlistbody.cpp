#include "widgets/panels/alertlistbody.h"

#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"

#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QTreeWidget>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kMark = 10;
constexpr int kRow = 24;

QColor stateColor(const QString& state)
{
    const ThemeColors& colors = Theme::instance().colors();
    if (state == u"firing" || state == u"error")
        return colors.error;
    return state == u"pending" ? colors.warning : colors.success;
}

QString stateText(const QString& state)
{
    if (state == u"firing")
        return AlertListBody::tr("Firing");
    if (state == u"pending")
        return AlertListBody::tr("Pending");
    return state == u"error" ? AlertListBody::tr("Error") : AlertListBody::tr("Normal");
}

QString ageText(qint64 ms)
{
    const qint64 seconds = std::max<qint64>(0, ms / 1000);
    if (seconds < 60)
        return AlertListBody::tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return AlertListBody::tr("%1 min").arg(seconds / 60);
    if (seconds < 86400)
        return AlertListBody::tr("%1 h %2 min").arg(seconds / 3600).arg(seconds % 3600 / 60);
    return AlertListBody::tr("%1 d %2 h").arg(seconds / 86400).arg(seconds % 86400 / 3600);
}

/// A dot in the state's colour; colour is never the only sign, the word stands beside it.
QIcon stateIcon(const QString& state)
{
    QPixmap mark(kMark * 2, kMark * 2);
    mark.setDevicePixelRatio(2);
    mark.fill(Qt::transparent);
    QPainter painter(&mark);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(stateColor(state));
    painter.drawEllipse(QRectF(1, 1, kMark - 2, kMark - 2));
    return QIcon(mark);
}

QString since(const QString& state, qint64 sinceMs, qint64 nowMs)
{
    if (sinceMs <= 0 || (state != u"firing" && state != u"pending"))
        return {};
    return AlertListBody::tr("for %1").arg(ageText(nowMs - sinceMs));
}

} // namespace

AlertListBody::AlertListBody(QWidget* parent)
    : PanelBody(parent)
    , m_tree(new QTreeWidget(this))
    , m_count(new QLabel(this))
{
    m_tree->setObjectName(u"alertTree"_s);
    m_tree->setColumnCount(3);
    m_tree->setHeaderLabels({tr("Alert"), tr("State"), tr("Since")});
    m_tree->setHeaderHidden(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setIconSize(QSize(kMark, kMark));
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setAccessibleName(tr("Alerts"));
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    m_count->setObjectName(u"alertCount"_s);
    m_count->setAlignment(Qt::AlignCenter);
    m_count->hide();
    setFocusProxy(m_tree);
    connect(&Theme::instance(), &Theme::changed, this, &AlertListBody::applyTheme);
}

void AlertListBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data] { return alertListModel(spec, *data); },
            [this, now = input.data->range.toMs](AlertListModel model) { showModel(std::move(model), now); });
}

void AlertListBody::showModel(AlertListModel model, qint64 nowMs)
{
    // What was opened stays open when new alerts arrive.
    QStringList open;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        if (m_tree->topLevelItem(i)->isExpanded())
            open << m_tree->topLevelItem(i)->text(0);
    }
    m_model = std::move(model);
    m_nowMs = nowMs;
    m_tree->clear();
    for (const AlertGroupItem& group : m_model.groups) {
        auto* item = new QTreeWidgetItem(m_tree);
        const qsizetype count = qsizetype(group.alerts.size());
        item->setText(0, count > 1 ? group.title + u" ("_s + QString::number(count) + u')' : group.title);
        item->setText(1, stateText(group.state) + u"   "_s); // air before the age
        item->setText(2, since(group.state, group.sinceMs, nowMs));
        item->setIcon(0, stateIcon(group.state));
        item->setSizeHint(0, QSize(0, kRow));
        item->setForeground(1, stateColor(group.state));
        item->setToolTip(0, plainTip(group.alerts.front().summary()));
        for (const AlertItem& alert : group.alerts) {
            auto* child = new QTreeWidgetItem(item);
            const QString labels = alert.labelText();
            child->setText(0, labels.isEmpty() ? alert.name : labels);
            child->setText(1, stateText(alert.state) + u"   "_s);
            child->setSizeHint(0, QSize(0, kRow));
            child->setText(2, since(alert.state, alert.sinceMs, nowMs));
            child->setForeground(1, stateColor(alert.state));
            QStringList notes;
            for (const auto& [name, value] : alert.annotations)
                notes << name + u": "_s + value;
            child->setToolTip(0, plainTip(labels + (notes.isEmpty() ? QString() : u"\n\n"_s + notes.join(u'\n'))));
        }
        item->setExpanded(m_model.expanded || open.contains(item->text(0)));
    }
    m_count->setText(QString::number(m_model.total));
    m_tree->setVisible(!m_model.asCount);
    m_count->setVisible(m_model.asCount);
    applyTheme();
    setAccessibleDescription(plainText());
}

void AlertListBody::applyTheme()
{
    QPalette look = m_count->palette();
    look.setColor(QPalette::WindowText, m_model.total > 0 ? stateColor(u"firing"_s) : stateColor(u"normal"_s));
    m_count->setPalette(look);
    for (int i = 0; i < m_tree->topLevelItemCount() && size_t(i) < m_model.groups.size(); ++i) {
        const AlertGroupItem& group = m_model.groups[size_t(i)];
        m_tree->topLevelItem(i)->setIcon(0, stateIcon(group.state));
        m_tree->topLevelItem(i)->setForeground(1, stateColor(group.state));
        for (int child = 0; child < m_tree->topLevelItem(i)->childCount(); ++child)
            m_tree->topLevelItem(i)->child(child)->setForeground(1, stateColor(group.alerts[size_t(child)].state));
    }
    resizeEvent(nullptr);
}

QString AlertListBody::plainText() const
{
    QStringList lines;
    for (const AlertGroupItem& group : m_model.groups) {
        for (const AlertItem& alert : group.alerts)
            lines << QStringList {alert.name, stateText(alert.state), since(alert.state, alert.sinceMs, m_nowMs), alert.labelText()}
                         .join(u'\t');
    }
    return lines.join(u'\n');
}

void AlertListBody::resizeEvent(QResizeEvent*)
{
    m_tree->setGeometry(rect());
    m_count->setGeometry(rect());
    m_count->setFont(panelFont(fitFontPx(textWidthAt100(m_count->text()), width(), height() * 0.8, 120), QFont::Medium));
}

} // namespace Promdeck
