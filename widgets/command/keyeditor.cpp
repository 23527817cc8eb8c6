#include "widgets/command/keyeditor.h"

#include "widgets/command/keytext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QAction>
#include <QBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr qsizetype kMostNamed = 2; // of the actions that have a key already

QString keysText(const KeyMap::Keys& keys)
{
    QStringList all;
    for (const QKeySequence& one : keys) {
        if (const QString text = keyText(one); !text.isEmpty() && !all.contains(text))
            all << text;
    }
    return all.join(u", "_s);
}

} // namespace

KeyEditor::KeyEditor(KeyMap* keys, const QList<QAction*>& actions, QWidget* parent)
    : QDialog(parent)
    , m_keys(keys)
    , m_search(new QLineEdit(this))
    , m_tree(new QTreeWidget(this))
    , m_edit(new QKeySequenceEdit(this))
    , m_message(new QLabel(this))
    , m_set(new QPushButton(tr("Set"), this))
    , m_add(new QPushButton(tr("Add"), this))
    , m_clear(new QPushButton(tr("No key"), this))
    , m_default(new QPushButton(tr("As it was"), this))
{
    setObjectName(u"keyEditor"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Change keys"));
    resize(620, 640);
    m_search->setObjectName(u"keyEditorSearch"_s);
    m_search->setPlaceholderText(tr("Find an action or a key"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->addAction(themeIcon(u"search"_s, IconRole::Secondary), QLineEdit::LeadingPosition);
    m_tree->setObjectName(u"keyEditorTree"_s);
    m_tree->setAccessibleName(tr("Actions and their keys"));
    m_tree->setHeaderLabels({tr("Action"), tr("Keys")});
    m_tree->setUniformRowHeights(true);
    m_tree->setRootIsDecorated(false);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_edit->setObjectName(u"keyEditorKeys"_s);
    m_edit->setAccessibleName(tr("New key: press it"));
    m_message->setObjectName(u"keyEditorMessage"_s);
    m_message->setWordWrap(true);
    m_message->setMinimumHeight(m_message->fontMetrics().lineSpacing() * 2);
    m_set->setObjectName(u"keyEditorSet"_s);
    m_set->setToolTip(tr("This key instead of the ones it has"));
    m_add->setObjectName(u"keyEditorAdd"_s);
    m_add->setToolTip(tr("This key besides the ones it has"));
    m_clear->setObjectName(u"keyEditorClear"_s);
    m_default->setObjectName(u"keyEditorDefault"_s);
    auto* all = new QPushButton(tr("All as they were"), this);
    all->setObjectName(u"keyEditorResetAll"_s);
    auto* close = new QPushButton(tr("Close"), this);
    auto* line = new QHBoxLayout;
    line->addWidget(m_edit, 1);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(all);
    bottom->addStretch(1);
    bottom->addWidget(close);
    for (QPushButton* button : {m_set, m_add, m_clear, m_default}) {
        line->addWidget(button);
        button->setAutoDefault(false);
    }
    all->setAutoDefault(false);
    close->setAutoDefault(false);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_message);
    layout->addLayout(line);
    layout->addLayout(bottom);

    QHash<QString, QTreeWidgetItem*> groups;
    QStringList known;
    for (const QAction* action : actions) {
        const QString name = action->objectName();
        const QString text = QString(action->text()).remove(u'&').remove(u'…').section(u": "_s, 0, 0);
        if (name.isEmpty() || text.isEmpty() || known.contains(name))
            continue;
        known << name;
        const QString heading = keyGroup(action).isEmpty() ? tr("Everywhere") : keyGroup(action);
        QTreeWidgetItem*& group = groups[heading];
        if (!group) {
            group = new QTreeWidgetItem(m_tree, {heading});
            group->setFlags(Qt::ItemIsEnabled);
            QFont strong = font();
            strong.setBold(true);
            group->setFont(0, strong);
        }
        auto* item = new QTreeWidgetItem(group, {text});
        item->setData(0, Qt::UserRole, name);
        m_rows.append({name, text, item});
    }
    m_tree->expandAll();
    fill();
    connect(m_search, &QLineEdit::textChanged, this, &KeyEditor::search);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, [this] {
        m_edit->clear();
        update();
    });
    connect(m_edit, &QKeySequenceEdit::keySequenceChanged, this, &KeyEditor::update);
    connect(m_set, &QPushButton::clicked, this, [this] {
        const Row* row = current();
        if (!row)
            return;
        take();
        m_keys->setKeys(row->name, {m_edit->keySequence()});
    });
    connect(m_add, &QPushButton::clicked, this, [this] {
        const Row* row = current();
        if (!row)
            return;
        take();
        m_keys->setKeys(row->name, m_keys->keys(row->name) << m_edit->keySequence());
    });
    connect(m_clear, &QPushButton::clicked, this, [this] {
        if (const Row* row = current())
            m_keys->setKeys(row->name, {});
    });
    connect(m_default, &QPushButton::clicked, this, [this] {
        if (const Row* row = current())
            m_keys->reset(row->name);
    });
    connect(all, &QPushButton::clicked, m_keys, &KeyMap::resetAll);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    connect(m_keys, &KeyMap::changed, this, [this] {
        m_edit->clear();
        fill();
    });
    update();
}

void KeyEditor::fill()
{
    const ThemeColors& c = Theme::instance().colors();
    for (const Row& row : std::as_const(m_rows)) {
        row.item->setText(1, keysText(m_keys->keys(row.name)));
        row.item->setForeground(1, m_keys->isChanged(row.name) ? c.link : c.textSecondary);
        row.item->setToolTip(1, plainTip(m_keys->isChanged(row.name) ? tr("It was: %1").arg(keysText(m_keys->defaults(row.name))) : QString()));
    }
    update();
}

void KeyEditor::search(const QString& text)
{
    const QString wanted = text.trimmed();
    for (const Row& row : std::as_const(m_rows)) {
        const bool fits = wanted.isEmpty() || row.text.contains(wanted, Qt::CaseInsensitive)
            || row.item->text(1).contains(wanted, Qt::CaseInsensitive);
        row.item->setHidden(!fits);
    }
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem* group = m_tree->topLevelItem(i);
        bool any = false;
        for (int j = 0; j < group->childCount(); ++j)
            any |= !group->child(j)->isHidden();
        group->setHidden(!any);
    }
}

void KeyEditor::choose(const QString& actionName)
{
    for (const Row& row : std::as_const(m_rows)) {
        if (row.name == actionName)
            m_tree->setCurrentItem(row.item);
    }
}

const KeyEditor::Row* KeyEditor::current() const
{
    const QTreeWidgetItem* item = m_tree->currentItem();
    const auto row = std::ranges::find(m_rows, item, &Row::item);
    return item && row != m_rows.end() ? &*row : nullptr;
}

QList<const KeyEditor::Row*> KeyEditor::conflicts(const QKeySequence& keys) const
{
    QList<const Row*> found;
    const Row* own = current();
    for (const Row& row : m_rows) {
        if (&row == own)
            continue;
        const KeyMap::Keys others = m_keys->keys(row.name);
        if (std::ranges::any_of(others, [&](const QKeySequence& other) { return keysConflict(keys, other); }))
            found << &row;
    }
    return found;
}

/// The key away from whoever has it.
void KeyEditor::take()
{
    const QKeySequence wanted = m_edit->keySequence();
    const QList<const Row*> others = conflicts(wanted);
    for (const Row* other : others) {
        KeyMap::Keys keys = m_keys->keys(other->name);
        keys.removeIf([&](const QKeySequence& one) { return keysConflict(wanted, one); });
        const QSignalBlocker quiet(m_keys);
        m_keys->setKeys(other->name, keys);
    }
}

void KeyEditor::update()
{
    const Row* row = current();
    const QKeySequence wanted = m_edit->keySequence();
    const QList<const Row*> others = row && !wanted.isEmpty() ? conflicts(wanted) : QList<const Row*>();
    QStringList names;
    for (const Row* other : others.mid(0, kMostNamed))
        names << u"“%1” (%2)"_s.arg(other->text, keysText(m_keys->keys(other->name)));
    if (others.size() > kMostNamed)
        names << tr("%1 more").arg(others.size() - kMostNamed);
    QString text;
    if (!row)
        text = tr("Choose an action, then press its new key.");
    else if (wanted.isEmpty())
        text = tr("Press the new key of “%1”; up to four one after the other make a sequence.").arg(row->text);
    else if (!names.isEmpty())
        text = tr("Also, or as the beginning of a longer one: %1. Setting it takes it from there.").arg(names.join(u", "_s));
    else
        text = tr("No other action has this key.");
    m_message->setText(text);
    QPalette palette = m_message->palette();
    const ThemeColors& c = Theme::instance().colors();
    palette.setColor(QPalette::WindowText, names.isEmpty() ? c.textSecondary : c.warning);
    m_message->setPalette(palette);
    m_edit->setEnabled(row);
    m_set->setEnabled(row && !wanted.isEmpty());
    m_add->setEnabled(row && !wanted.isEmpty());
    m_clear->setEnabled(row && !m_keys->keys(row->name).isEmpty());
    m_default->setEnabled(row && m_keys->isChanged(row->name));
}

} // namespace Promdeck
