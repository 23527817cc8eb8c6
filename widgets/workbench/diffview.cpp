#include "widgets/workbench/diffview.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/workbench/codeeditor.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollBar>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

using Base = QsciScintillaBase;
enum Marker { LineMark = 4 };
enum Indicator { WordMark = 12 };

unsigned long ul(std::size_t number)
{
    return static_cast<unsigned long>(number);
}

QToolButton* button(QWidget* parent, const QString& name, const QString& icon, const QString& text)
{
    auto* made = new QToolButton(parent);
    made->setObjectName(name);
    made->setIcon(themeIcon(icon));
    made->setToolTip(plainTip(text));
    made->setAccessibleName(text);
    made->setAutoRaise(true);
    return made;
}

} // namespace

DiffView::DiffView(QWidget* parent)
    : QWidget(parent), m_left(new CodeEditor(this)), m_right(new CodeEditor(this)), m_leftTitle(new QLabel(this)), m_rightTitle(new QLabel(this)), m_count(new QLabel(this))
{
    setObjectName(u"diffView"_s);
    m_left->setObjectName(u"diffLeft"_s);
    m_right->setObjectName(u"diffRight"_s);
    m_count->setObjectName(u"diffCount"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(10, 4, 6, 4);
    auto* previous = button(this, u"diffPrevious"_s, u"chevron-up"_s, tr("Previous change (Shift+F7)"));
    auto* next = button(this, u"diffNext"_s, u"chevron-down"_s, tr("Next change (F7)"));
    auto* close = button(this, u"diffClose"_s, u"close"_s, tr("Close (Esc)"));
    bar->addWidget(m_leftTitle, 1);
    bar->addWidget(m_rightTitle, 1);
    bar->addWidget(m_count);
    bar->addWidget(previous);
    bar->addWidget(next);
    bar->addWidget(close);
    column->addLayout(bar);
    auto* row = new QHBoxLayout;
    row->setSpacing(1);
    for (CodeEditor* side : {m_left, m_right}) {
        side->setReadOnly(true);
        side->setFolding(QsciScintilla::NoFoldStyle);
        row->addWidget(side, 1);
    }
    column->addLayout(row, 1);
    connect(next, &QToolButton::clicked, this, &DiffView::nextChange);
    connect(previous, &QToolButton::clicked, this, &DiffView::previousChange);
    connect(close, &QToolButton::clicked, this, &DiffView::closed);
    follow(m_left, m_right);
    follow(m_right, m_left);
    connect(&Theme::instance(), &Theme::changed, this, &DiffView::markAll);
    setFocusProxy(m_right);
}

void DiffView::follow(CodeEditor* from, CodeEditor* to)
{
    connect(from->verticalScrollBar(), &QScrollBar::valueChanged, this, [this, to](int value) {
        if (m_following)
            return;
        m_following = true;
        to->verticalScrollBar()->setValue(value);
        m_following = false;
    });
    connect(from->horizontalScrollBar(), &QScrollBar::valueChanged, to->horizontalScrollBar(), &QScrollBar::setValue);
}

void DiffView::show(const QString& leftTitle, const QByteArray& left, const QString& rightTitle, const QByteArray& right)
{
    m_leftTitle->setText(leftTitle);
    m_rightTitle->setText(rightTitle);
    m_left->setContent(left);
    m_right->setContent(right);
    const std::string_view a(left.constData(), size_t(left.size()));
    const std::string_view b(right.constData(), size_t(right.size()));
    m_changes = Config::diffLines(Config::splitLines(a), Config::splitLines(b));
    m_count->setText(m_changes.empty() ? tr("No difference") : m_changes.size() == 1 ? tr("1 difference") : tr("%1 differences").arg(m_changes.size()));
    m_current = -1;
    markAll();
    if (!m_changes.empty())
        nextChange();
}

/// Words of one line against those of another.
void DiffView::markWords(std::size_t a, std::size_t b)
{
    const auto line = [](CodeEditor* side, std::size_t number) {
        const auto start = size_t(side->SendScintilla(Base::SCI_POSITIONFROMLINE, ul(number)));
        const auto end = size_t(side->SendScintilla(Base::SCI_GETLINEENDPOSITION, ul(number)));
        return std::pair(start, side->content().mid(qsizetype(start), qsizetype(end - start)));
    };
    const auto [startA, textA] = line(m_left, a);
    const auto [startB, textB] = line(m_right, b);
    qsizetype head = 0;
    const qsizetype shorter = std::min(textA.size(), textB.size());
    while (head < shorter && textA.at(head) == textB.at(head))
        ++head;
    qsizetype tail = 0;
    while (tail < shorter - head && textA.at(textA.size() - 1 - tail) == textB.at(textB.size() - 1 - tail))
        ++tail;
    // Lines that share next to nothing are other lines.
    if (head + tail < shorter / 3)
        return;
    const auto mark = [&](CodeEditor* side, std::size_t start, const QByteArray& text) {
        side->SendScintilla(Base::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(WordMark));
        if (text.size() > head + tail)
            side->SendScintilla(Base::SCI_INDICATORFILLRANGE, ul(start + size_t(head)), long(text.size() - head - tail));
    };
    mark(m_left, startA, textA);
    mark(m_right, startB, textB);
}

void DiffView::markAll()
{
    const ThemeColors& c = Theme::instance().colors();
    const double strength = Theme::instance().isDark() ? 0.20 : 0.14;
    const auto prepare = [&](CodeEditor* side, const QColor& color) {
        side->SendScintilla(Base::SCI_MARKERDEFINE, static_cast<unsigned long>(LineMark), long(Base::SC_MARK_BACKGROUND));
        side->SendScintilla(Base::SCI_MARKERSETBACK, static_cast<unsigned long>(LineMark), blend(c.panel, withAlpha(color, strength)));
        side->SendScintilla(Base::SCI_MARKERDELETEALL, static_cast<unsigned long>(LineMark));
        side->SendScintilla(Base::SCI_ANNOTATIONCLEARALL);
        side->SendScintilla(Base::SCI_ANNOTATIONSETVISIBLE, static_cast<unsigned long>(Base::ANNOTATION_STANDARD));
        side->SendScintilla(Base::SCI_INDICSETSTYLE, static_cast<unsigned long>(WordMark), long(Base::INDIC_STRAIGHTBOX));
        side->SendScintilla(Base::SCI_INDICSETFORE, static_cast<unsigned long>(WordMark), color);
        side->SendScintilla(Base::SCI_INDICSETALPHA, static_cast<unsigned long>(WordMark), 80L);
        side->SendScintilla(Base::SCI_INDICSETOUTLINEALPHA, static_cast<unsigned long>(WordMark), 110L);
        side->SendScintilla(Base::SCI_INDICSETUNDER, static_cast<unsigned long>(WordMark), 1L);
    };
    prepare(m_left, c.error);
    prepare(m_right, c.success);
    const auto fillUp = [](CodeEditor* side, std::size_t before, std::size_t lines) {
        // Empty lines that keep both sides level. Above the first line there is no place for them.
        if (lines == 0)
            return;
        const std::string text(lines > 1 ? lines - 1 : 0, '\n');
        const unsigned long line = before > 0 ? ul(before - 1) : 0;
        side->SendScintilla(Base::SCI_ANNOTATIONSETTEXT, line, (text + ' ').c_str());
        side->SendScintilla(Base::SCI_ANNOTATIONSETSTYLE, line, long(CodeStyle::Filler));
    };
    for (const Config::LineChange& change : m_changes) {
        for (std::size_t i = 0; i < change.countA; ++i)
            m_left->SendScintilla(Base::SCI_MARKERADD, ul(change.a + i), long(LineMark));
        for (std::size_t i = 0; i < change.countB; ++i)
            m_right->SendScintilla(Base::SCI_MARKERADD, ul(change.b + i), long(LineMark));
        if (change.countA < change.countB)
            fillUp(m_left, change.a + change.countA, change.countB - change.countA);
        else
            fillUp(m_right, change.b + change.countB, change.countA - change.countB);
        for (std::size_t i = 0; i < std::min(change.countA, change.countB); ++i)
            markWords(change.a + i, change.b + i);
    }
}

void DiffView::go(int direction)
{
    if (m_changes.empty())
        return;
    const int count = int(m_changes.size());
    m_current = m_current < 0 ? (direction > 0 ? 0 : count - 1) : (m_current + direction + count) % count;
    const Config::LineChange& change = m_changes[size_t(m_current)];
    const auto offset = [](CodeEditor* side, std::size_t line) {
        return size_t(std::max(0L, side->SendScintilla(Base::SCI_POSITIONFROMLINE, ul(std::min(line, size_t(side->lines() - 1))))));
    };
    m_left->goTo(offset(m_left, change.a));
    m_right->goTo(offset(m_right, change.b));
    m_count->setText(tr("%1 of %2").arg(m_current + 1).arg(count));
}

void DiffView::nextChange()
{
    go(1);
}

void DiffView::previousChange()
{
    go(-1);
}

bool DiffView::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_F7) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void DiffView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else if (event->key() == Qt::Key_F7)
        go(event->modifiers() & Qt::ShiftModifier ? -1 : 1);
    else
        QWidget::keyPressEvent(event);
}

} // namespace Promdeck
