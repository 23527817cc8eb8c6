#include "widgets/library/librarypainter.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/library/librarymodel.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kMargin = 10;
constexpr int kHeaderMargin = 3; // where the style puts a header's text
constexpr int kIcon = 16;
constexpr int kStar = 18;
constexpr int kPartIndent = 52;
constexpr int kTagHeight = 20;

/// One of Grafana's tag hues, the same for the same tag.
QColor tagColor(const QString& tag)
{
    const int hue = int(qHash(tag, 7) % 360);
    return Theme::instance().isDark() ? QColor::fromHsl(hue, 90, 62) : QColor::fromHsl(hue, 120, 218);
}

void drawText(QPainter* painter, const QRect& rect, const QString& text, const QColor& color)
{
    painter->setPen(color);
    painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
}

void paintTags(QPainter* painter, QRect rest, const QStringList& tags)
{
    const QFontMetrics metrics = painter->fontMetrics();
    for (qsizetype i = 0; i < tags.size(); ++i) {
        const int width = metrics.horizontalAdvance(tags.at(i)) + 12;
        const bool last = i + 1 == tags.size();
        if (width > rest.width() - (last ? 0 : 26)) {
            drawText(painter, rest, u"+%1"_s.arg(tags.size() - i), Theme::instance().colors().textSecondary);
            return;
        }
        const QColor color = tagColor(tags.at(i));
        const QRect pill(rest.left(), rest.center().y() - kTagHeight / 2 + 1, width, kTagHeight);
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawRoundedRect(pill, 3, 3);
        painter->setPen(readableOn(color));
        painter->drawText(pill, Qt::AlignCenter, tags.at(i));
        rest.setLeft(pill.right() + 6);
    }
}

void paintTitle(QPainter* painter, const QRect& cell, const QModelIndex& index)
{
    const ThemeColors& c = Theme::instance().colors();
    const bool part = index.data(LibraryModel::IsPartRole).toBool();
    const bool problem = index.data(LibraryModel::ProblemRole).toBool();
    QRect rest = cell.adjusted(kMargin, 0, -kMargin, 0);
    if (part) {
        rest.setLeft(cell.left() + kPartIndent);
    } else {
        const bool starred = index.data(LibraryModel::StarredRole).toBool();
        if (!problem) {
            paintIcon(painter, LibraryPainter::starRect(cell).adjusted(1, 1, -1, -1), starred ? u"star-full"_s : u"star"_s,
                      starred ? c.warning : withAlpha(c.textSecondary, 0.55));
        }
        rest.setLeft(LibraryPainter::starRect(cell).right() + 8);
    }
    const QRect icon(rest.left(), rest.center().y() - kIcon / 2 + 1, kIcon, kIcon);
    paintIcon(painter, part ? icon.adjusted(1, 1, -1, -1) : icon, index.data(LibraryModel::IconRole).toString(),
              problem ? c.warning : part ? c.textSecondary : c.link);
    rest.setLeft(icon.right() + 9);
    QFont font = painter->font();
    font.setWeight(part ? QFont::Normal : QFont::Medium);
    painter->setFont(font);
    const QString title = painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, rest.width());
    drawText(painter, rest, title, c.text);
    rest.setLeft(rest.left() + painter->fontMetrics().horizontalAdvance(title) + 8);
    const QString detail = index.data(LibraryModel::DetailRole).toString();
    if (!detail.isEmpty() && rest.width() > 30)
        drawText(painter, rest, detail, c.textSecondary);
}

} // namespace

QRect LibraryPainter::starRect(const QRect& cell)
{
    return {cell.left() + kMargin, cell.center().y() - kStar / 2 + 1, kStar, kStar};
}

QSize LibraryPainter::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {120, kRow};
}

void LibraryPainter::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const ThemeColors& c = Theme::instance().colors();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(option.font);
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, blend(c.panel, c.selected));
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, blend(c.panel, c.hover));
    painter->setPen(c.borderWeak);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    const bool part = index.data(LibraryModel::IsPartRole).toBool();
    const bool problem = index.data(LibraryModel::ProblemRole).toBool();
    const QRect rest = option.rect.adjusted(kHeaderMargin, 0, -kMargin, 0);
    if (index.column() == LibraryModel::TitleColumn) {
        paintTitle(painter, option.rect, index);
    } else if (index.column() == LibraryModel::TagsColumn && !part && !problem) {
        paintTags(painter, rest, index.data(LibraryModel::TagsRole).toStringList());
    } else {
        const bool reason = index.column() == LibraryModel::TagsColumn;
        drawText(painter, rest, index.data().toString(), problem && reason ? c.warning : reason && part ? c.link : c.textSecondary);
    }
    painter->restore();
}

} // namespace Promdeck
