#include "widgets/panels/tableparts.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"

#include <QMouseEvent>

using namespace Qt::StringLiterals;

namespace Promdeck {

TableHeader::TableHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent)
{
    setObjectName(u"tableHeader"_s);
    setSectionsClickable(true);
    setHighlightSections(false);
    setMinimumSectionSize(30);
}

void TableHeader::setSections(QList<Section> sections)
{
    m_sections = std::move(sections);
    viewport()->update();
}

void TableHeader::setSort(int section, bool descending)
{
    m_sortSection = section;
    m_descending = descending;
    viewport()->update();
}

QSize TableHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), 34};
}

QRect TableHeader::funnelRect(const QRect& section) const
{
    return {section.right() - 20, section.center().y() - 7, 14, 14};
}

void TableHeader::paintSection(QPainter* painter, const QRect& rect, int section) const
{
    const ThemeColors& c = Theme::instance().colors();
    painter->save();
    painter->fillRect(rect, c.panel);
    painter->setPen(c.borderMedium);
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    const Section info = section < m_sections.size() ? m_sections[section] : Section {};
    QFont headerFont = font();
    headerFont.setWeight(QFont::Medium);
    painter->setFont(headerFont);
    painter->setPen(c.link);
    QRectF text = QRectF(rect).adjusted(8, 0, -8, 0);
    if (info.filterable) {
        paintIcon(painter, funnelRect(rect), u"filter"_s, info.filtered ? c.link : c.textDisabled);
        text.setRight(text.right() - 18);
    }
    const QString title = model() ? model()->headerData(section, Qt::Horizontal).toString() : QString();
    const bool sorted = section == m_sortSection;
    if (sorted)
        text.setWidth(text.width() - 16);
    drawElided(painter, text, title, info.alignment | Qt::AlignVCenter);
    if (sorted) {
        const double width = std::min(text.width(), QFontMetricsF(headerFont).horizontalAdvance(title));
        const double x = info.alignment & Qt::AlignRight ? text.right() + 2 : text.left() + width + 2;
        paintIcon(painter, QRectF(x, rect.center().y() - 6, 12, 12), m_descending ? u"sort-down"_s : u"sort-up"_s, c.link);
    }
    painter->restore();
}

void TableHeader::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->pos();
    QHeaderView::mousePressEvent(event);
}

void TableHeader::mouseDoubleClickEvent(QMouseEvent* event)
{
    // The second press of a quick pair: without it the release below would be measured from the first one.
    m_pressed = event->pos();
    QHeaderView::mouseDoubleClickEvent(event);
}

void TableHeader::mouseReleaseEvent(QMouseEvent* event)
{
    QHeaderView::mouseReleaseEvent(event);
    const int section = logicalIndexAt(event->pos());
    // A drag resizes; only a click that stayed sorts.
    if (event->button() != Qt::LeftButton || section < 0 || (event->pos() - m_pressed).manhattanLength() > 3
        || cursor().shape() == Qt::SplitHCursor)
        return;
    const QRect rect(sectionViewportPosition(section), 0, sectionSize(section), height());
    if (section < m_sections.size() && m_sections[section].filterable && funnelRect(rect).adjusted(-3, -5, 3, 5).contains(event->pos()))
        Q_EMIT filterRequested(section, mapToGlobal(QPoint(rect.left(), height())));
    else
        Q_EMIT sortRequested(section);
}

TableFooter::TableFooter(QHeaderView* header, QWidget* parent) : QWidget(parent), m_header(header)
{
    connect(header, &QHeaderView::sectionResized, this, [this] { update(); });
}

void TableFooter::setTexts(const QStringList& texts, const QList<Qt::Alignment>& alignments)
{
    m_texts = texts;
    m_alignments = alignments;
    update();
}

void TableFooter::paintEvent(QPaintEvent*)
{
    const ThemeColors& c = Theme::instance().colors();
    QPainter painter(this);
    painter.fillRect(rect(), c.panel);
    painter.setPen(c.borderMedium);
    painter.drawLine(rect().topLeft(), rect().topRight());
    painter.setPen(c.text);
    for (int i = 0; i < m_texts.size(); ++i) {
        const QRectF cell(m_header->sectionViewportPosition(i) + 8, 0, m_header->sectionSize(i) - 16, height());
        drawElided(&painter, cell, m_texts[i], m_alignments.value(i, Qt::AlignLeft) | Qt::AlignVCenter);
    }
}

} // namespace Promdeck
