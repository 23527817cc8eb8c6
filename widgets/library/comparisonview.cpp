#include "widgets/library/comparisonview.h"

#include "models/library/dashboarddigest.h"
#include "widgets/common/theme.h"
#include "widgets/library/textdiff.h"

#include <QFontDatabase>
#include <QGridLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr qsizetype kMostNamed = 6;

Json bare(Json dashboard)
{
    for (const char16_t* member : {u"promdeck", u"id", u"version", u"iteration"})
        dashboard.remove(QStringView(member));
    return dashboard;
}

QStringList linesOf(const Json& dashboard)
{
    return dashboard.isNull() ? QStringList() : QString::fromUtf8(dashboard.toUtf8(Json::Format::Indented)).split(u'\n');
}

void collectPanels(const Json& panels, QList<std::pair<qint64, Json>>& out)
{
    for (const Json& panel : panels.items()) {
        Json own = panel;
        own.remove(u"panels");
        out.append({panel[u"id"].toInt(), own});
        collectPanels(panel[u"panels"], out);
    }
}

QString nameOf(const Json& panel)
{
    const QString title = panel[u"title"].scalarText();
    return title.isEmpty() ? ComparisonView::tr("panel %1").arg(panel[u"id"].toInt()) : u"“"_s + title + u"”"_s;
}

QString listed(const QString& before, QStringList names)
{
    if (names.isEmpty())
        return {};
    const qsizetype more = names.size() - kMostNamed;
    QString text = before.arg(QStringList(names.mid(0, kMostNamed)).join(u", "_s));
    if (more > 0)
        text += ComparisonView::tr(" and %1 more").arg(more);
    return text;
}

} // namespace

ComparisonView::ComparisonView(QWidget* parent) : QWidget(parent), m_summary(new QLabel(this))
{
    setObjectName(u"comparison"_s);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_summary->setObjectName(u"comparisonSummary"_s);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    layout->addWidget(m_summary, 0, 0, 1, 2);
    for (int side = 0; side < 2; ++side) {
        m_titles[side] = new QLabel(this);
        m_titles[side]->setTextFormat(Qt::PlainText);
        m_texts[side] = makeText(side == 0 ? u"comparisonHere"_s : u"comparisonThere"_s);
        layout->addWidget(m_titles[side], 1, side);
        layout->addWidget(m_texts[side], 2, side);
    }
    layout->setRowStretch(2, 1);
    for (int side = 0; side < 2; ++side) {
        connect(m_texts[side]->verticalScrollBar(), &QScrollBar::valueChanged, m_texts[1 - side]->verticalScrollBar(), &QScrollBar::setValue);
        connect(m_texts[side]->horizontalScrollBar(), &QScrollBar::valueChanged, m_texts[1 - side]->horizontalScrollBar(), &QScrollBar::setValue);
    }
    connect(&Theme::instance(), &Theme::changed, this, &ComparisonView::fill);
}

QPlainTextEdit* ComparisonView::makeText(const QString& name)
{
    auto* text = new QPlainTextEdit(this);
    text->setObjectName(name);
    text->setReadOnly(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    return text;
}

QString ComparisonView::summary(const Json& left, const Json& right)
{
    QList<std::pair<qint64, Json>> here;
    QList<std::pair<qint64, Json>> there;
    collectPanels(left[u"panels"], here);
    collectPanels(right[u"panels"], there);
    const auto find = [](const QList<std::pair<qint64, Json>>& list, qint64 id) {
        for (const auto& [known, panel] : list) {
            if (known == id)
                return panel;
        }
        return Json();
    };
    QStringList changed;
    QStringList onlyHere;
    QStringList onlyThere;
    for (const auto& [id, panel] : std::as_const(here)) {
        const Json other = find(there, id);
        if (other.isNull())
            onlyHere << nameOf(panel);
        else if (!(other == panel))
            changed << nameOf(panel);
    }
    for (const auto& [id, panel] : std::as_const(there)) {
        if (find(here, id).isNull())
            onlyThere << nameOf(panel);
    }
    QStringList members;
    const Json leftBare = bare(left);
    const Json rightBare = bare(right);
    for (const auto& [name, value] : leftBare.members()) {
        if (name != u"panels" && !(value == rightBare[QStringView(name)]))
            members << name;
    }
    for (const auto& [name, value] : rightBare.members()) {
        if (name != u"panels" && !leftBare.contains(name))
            members << name;
    }
    QStringList parts {listed(tr("changed panels: %1"), changed), listed(tr("only here: %1"), onlyHere), listed(tr("only on the server: %1"), onlyThere),
                       listed(tr("of the dashboard itself: %1"), members)};
    parts.removeAll(QString());
    return parts.isEmpty() ? tr("Both say the same.") : tr("Different: %1.").arg(parts.join(u"; "_s));
}

void ComparisonView::show(const QString& leftTitle, const Json& left, const QString& rightTitle, const Json& right)
{
    m_left = left;
    m_right = right;
    m_titles[0]->setText(leftTitle);
    m_titles[1]->setText(rightTitle);
    m_texts[0]->setAccessibleName(leftTitle);
    m_texts[1]->setAccessibleName(rightTitle);
    m_summary->setText(summary(left, right));
    fill();
}

void ComparisonView::fill()
{
    const QStringList lines[2] {linesOf(bare(m_left)), linesOf(bare(m_right))};
    const std::vector<DiffRow> rows = sideBySide(lines[0], lines[1]);
    const ThemeColors& c = Theme::instance().colors();
    const QColor marks[2] {withAlpha(c.error, 0.16), withAlpha(c.success, 0.16)};
    int firstChange = -1;
    for (int side = 0; side < 2; ++side) {
        QStringList shown;
        for (const DiffRow& row : rows) {
            const int line = side == 0 ? row.left : row.right;
            shown << (line < 0 ? QString() : lines[side].at(line));
        }
        m_texts[side]->setPlainText(shown.join(u'\n'));
        QList<QTextEdit::ExtraSelection> selections;
        int number = 0;
        for (QTextBlock block = m_texts[side]->document()->begin(); block.isValid() && number < int(rows.size()); block = block.next(), ++number) {
            if (rows[size_t(number)].same)
                continue;
            if (firstChange < 0)
                firstChange = number;
            const bool there = (side == 0 ? rows[size_t(number)].left : rows[size_t(number)].right) >= 0;
            QTextEdit::ExtraSelection selection;
            selection.cursor = QTextCursor(block);
            selection.format.setBackground(there ? marks[side] : withAlpha(c.textSecondary, 0.08));
            selection.format.setProperty(QTextFormat::FullWidthSelection, true);
            selections << selection;
        }
        m_texts[side]->setExtraSelections(selections);
    }
    m_texts[0]->verticalScrollBar()->setValue(std::max(0, firstChange - 3));
}

} // namespace Promdeck
