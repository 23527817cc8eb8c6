#include "widgets/workbench/findbar.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/workbench/codeeditor.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

using Base = QsciScintillaBase;
constexpr size_t kMostMatches = 5000;

QToolButton* button(QWidget* parent, const QString& name, const QString& text, const QString& tip)
{
    auto* made = new QToolButton(parent);
    made->setObjectName(name);
    made->setText(text);
    made->setToolTip(plainTip(tip));
    made->setAccessibleName(tip);
    made->setAutoRaise(true);
    return made;
}

} // namespace

FindBar::FindBar(CodeEditor* editor, QWidget* parent) : QWidget(parent), m_editor(editor)
{
    setObjectName(u"findBar"_s);
    setAutoFillBackground(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 4);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    m_what = new QLineEdit(this);
    m_what->setObjectName(u"findText"_s);
    m_what->setPlaceholderText(tr("Find"));
    m_what->setAccessibleName(tr("Find"));
    m_what->setClearButtonEnabled(true);
    m_case = button(this, u"findCase"_s, u"Aa"_s, tr("Match case"));
    m_word = button(this, u"findWord"_s, u"\u2423w\u2423"_s, tr("Whole words"));
    m_regexp = button(this, u"findRegexp"_s, u".*"_s, tr("Regular expression"));
    m_count = new QLabel(this);
    m_count->setObjectName(u"findCount"_s);
    m_count->setMinimumWidth(90);
    auto* previous = button(this, u"findPrevious"_s, {}, tr("Previous match (Shift+Enter)"));
    previous->setIcon(themeIcon(u"chevron-up"_s));
    auto* next = button(this, u"findNext"_s, {}, tr("Next match (Enter)"));
    next->setIcon(themeIcon(u"chevron-down"_s));
    auto* close = button(this, u"findClose"_s, {}, tr("Close (Esc)"));
    close->setIcon(themeIcon(u"close"_s));
    row->addWidget(m_what, 1);
    for (QToolButton* option : {m_case, m_word, m_regexp}) {
        option->setCheckable(true);
        row->addWidget(option);
        connect(option, &QToolButton::toggled, this, &FindBar::search);
    }
    row->addWidget(m_count);
    row->addWidget(previous);
    row->addWidget(next);
    row->addWidget(close);
    column->addLayout(row);
    m_replaceRow = new QWidget(this);
    auto* second = new QHBoxLayout(m_replaceRow);
    second->setContentsMargins(0, 0, 0, 0);
    second->setSpacing(4);
    m_with = new QLineEdit(m_replaceRow);
    m_with->setObjectName(u"replaceText"_s);
    m_with->setPlaceholderText(tr("Replace with"));
    m_with->setAccessibleName(tr("Replace with"));
    auto* one = button(m_replaceRow, u"replaceOne"_s, tr("Replace"), tr("Replace this match (Enter)"));
    auto* all = button(m_replaceRow, u"replaceAll"_s, tr("Replace all"), tr("Replace every match (Ctrl+Enter)"));
    second->addWidget(m_with, 1);
    second->addWidget(one);
    second->addWidget(all);
    column->addWidget(m_replaceRow);
    connect(m_what, &QLineEdit::textChanged, this, &FindBar::search);
    connect(next, &QToolButton::clicked, this, &FindBar::findNext);
    connect(previous, &QToolButton::clicked, this, &FindBar::findPrevious);
    connect(close, &QToolButton::clicked, this, &FindBar::close);
    connect(one, &QToolButton::clicked, this, &FindBar::replaceOne);
    connect(all, &QToolButton::clicked, this, &FindBar::replaceAll);
    hide();
}

void FindBar::open(bool replacing)
{
    m_replaceRow->setVisible(replacing);
    const QString selected = m_editor->selectedText();
    if (!selected.isEmpty() && !selected.contains(u'\n'))
        m_what->setText(selected);
    show();
    m_what->setFocus(Qt::ShortcutFocusReason);
    m_what->selectAll();
    search();
}

void FindBar::close()
{
    m_matches.clear();
    m_editor->setMatches({});
    hide();
    m_editor->setFocus(Qt::OtherFocusReason);
}

unsigned long FindBar::flags() const
{
    unsigned long flags = 0;
    if (m_case->isChecked())
        flags |= Base::SCFIND_MATCHCASE;
    if (m_word->isChecked())
        flags |= Base::SCFIND_WHOLEWORD;
    if (m_regexp->isChecked())
        flags |= Base::SCFIND_REGEXP | Base::SCFIND_CXX11REGEX;
    return flags;
}

void FindBar::search()
{
    m_matches.clear();
    m_revision = m_editor->revision();
    const QByteArray what = m_what->text().toUtf8();
    const auto length = static_cast<unsigned long>(m_editor->SendScintilla(Base::SCI_GETLENGTH));
    m_editor->SendScintilla(Base::SCI_SETSEARCHFLAGS, flags());
    unsigned long from = 0;
    while (!what.isEmpty() && m_matches.size() < kMostMatches) {
        m_editor->SendScintilla(Base::SCI_SETTARGETSTART, from);
        m_editor->SendScintilla(Base::SCI_SETTARGETEND, length);
        const long at = m_editor->SendScintilla(Base::SCI_SEARCHINTARGET, static_cast<unsigned long>(what.size()), what.constData());
        if (at < 0)
            break; // no more, or no regular expression (yet)
        const long end = m_editor->SendScintilla(Base::SCI_GETTARGETEND);
        if (end > at)
            m_matches.emplace_back(size_t(at), size_t(end));
        from = static_cast<unsigned long>(std::max(end, at + 1));
        if (from > length)
            break;
    }
    m_editor->setMatches(m_matches);
    showCount(0);
}

void FindBar::showCount(int current)
{
    const int count = int(m_matches.size());
    const bool none = count == 0 && !m_what->text().isEmpty();
    m_count->setText(m_what->text().isEmpty() ? QString() : none ? tr("No match") : current > 0 ? tr("%1 of %2").arg(current).arg(count) : count == 1 ? tr("1 match") : tr("%1 matches").arg(count));
    QPalette palette = m_count->palette();
    palette.setColor(QPalette::WindowText, none ? Theme::instance().colors().error : Theme::instance().colors().textSecondary);
    m_count->setPalette(palette);
}

void FindBar::go(int direction)
{
    if (m_revision != m_editor->revision())
        search();
    if (m_matches.empty())
        return;
    const auto start = size_t(m_editor->SendScintilla(Base::SCI_GETSELECTIONSTART));
    const auto end = size_t(m_editor->SendScintilla(Base::SCI_GETSELECTIONEND));
    size_t pick = direction > 0 ? 0 : m_matches.size() - 1;
    for (size_t i = 0; i < m_matches.size(); ++i) {
        if (direction > 0 && m_matches[i].first >= end) {
            pick = i;
            break;
        }
        if (direction < 0 && m_matches[i].second <= start)
            pick = i;
        else if (direction < 0)
            break;
    }
    QWidget* focus = focusWidget();
    m_editor->goTo(m_matches[pick].first, m_matches[pick].second);
    if (focus && isAncestorOf(focus))
        focus->setFocus();
    showCount(int(pick) + 1);
}

void FindBar::findNext()
{
    go(1);
}

void FindBar::findPrevious()
{
    go(-1);
}

void FindBar::replaceOne()
{
    if (m_editor->isReadOnly())
        return;
    if (m_revision != m_editor->revision())
        search();
    const auto start = size_t(m_editor->SendScintilla(Base::SCI_GETSELECTIONSTART));
    const auto end = size_t(m_editor->SendScintilla(Base::SCI_GETSELECTIONEND));
    if (std::find(m_matches.begin(), m_matches.end(), std::pair {start, end}) != m_matches.end()) {
        const QByteArray what = m_what->text().toUtf8();
        const QByteArray with = m_with->text().toUtf8();
        m_editor->SendScintilla(Base::SCI_SETSEARCHFLAGS, flags());
        m_editor->SendScintilla(Base::SCI_SETTARGETSTART, static_cast<unsigned long>(start));
        m_editor->SendScintilla(Base::SCI_SETTARGETEND, static_cast<unsigned long>(end));
        m_editor->SendScintilla(Base::SCI_SEARCHINTARGET, static_cast<unsigned long>(what.size()), what.constData());
        const long length = m_editor->SendScintilla(m_regexp->isChecked() ? Base::SCI_REPLACETARGETRE : Base::SCI_REPLACETARGET,
                                                    static_cast<unsigned long>(with.size()), with.constData());
        m_editor->SendScintilla(Base::SCI_SETSEL, static_cast<unsigned long>(start) + static_cast<unsigned long>(length), long(start) + length);
        search();
    }
    go(1);
}

void FindBar::replaceAll()
{
    if (m_editor->isReadOnly())
        return;
    search();
    const QByteArray what = m_what->text().toUtf8();
    const QByteArray with = m_with->text().toUtf8();
    const auto count = int(m_matches.size());
    m_editor->beginUndoAction();
    for (auto match = m_matches.rbegin(); match != m_matches.rend(); ++match) {
        m_editor->SendScintilla(Base::SCI_SETTARGETSTART, static_cast<unsigned long>(match->first));
        m_editor->SendScintilla(Base::SCI_SETTARGETEND, static_cast<unsigned long>(match->second));
        if (m_regexp->isChecked()) // the groups of this very match
            m_editor->SendScintilla(Base::SCI_SEARCHINTARGET, static_cast<unsigned long>(what.size()), what.constData());
        m_editor->SendScintilla(m_regexp->isChecked() ? Base::SCI_REPLACETARGETRE : Base::SCI_REPLACETARGET, static_cast<unsigned long>(with.size()), with.constData());
    }
    m_editor->endUndoAction();
    search();
    m_count->setText(tr("%1 replaced").arg(count));
}

bool FindBar::event(QEvent* event)
{
    // Esc closes this bar, whatever it means to the window.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void FindBar::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape) {
        close();
    } else if (enter && m_with->hasFocus()) {
        event->modifiers() & Qt::ControlModifier ? replaceAll() : replaceOne();
    } else if (enter) {
        event->modifiers() & Qt::ShiftModifier ? findPrevious() : findNext();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace Promdeck
