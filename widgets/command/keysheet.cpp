#include "widgets/command/keysheet.h"

#include "widgets/command/keytext.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

KeySheet::KeySheet(const QList<QAction*>& actions, const QList<Fixed>& fixed, QWidget* window)
    : QFrame(window, Qt::Popup), m_search(new QLineEdit(this)), m_tree(new QTreeWidget(this))
{
    setObjectName(u"keySheet"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Keys"));
    auto* heading = new QLabel(tr("Keys"), this);
    QFont big = heading->font();
    big.setPixelSize(heading->fontInfo().pixelSize() * 13 / 10);
    heading->setFont(big);
    m_search->setObjectName(u"keySearch"_s);
    m_search->setPlaceholderText(tr("Find a key or what it does"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->addAction(themeIcon(u"search"_s, IconRole::Secondary), QLineEdit::LeadingPosition);
    m_tree->setObjectName(u"keyList"_s);
    m_tree->setAccessibleName(tr("Keys by group"));
    m_tree->setColumnCount(2);
    m_tree->setHeaderHidden(true);
    m_tree->setRootIsDecorated(false);
    m_tree->setItemsExpandable(false);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setSelectionMode(QAbstractItemView::NoSelection);
    m_tree->setIndentation(12);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->addWidget(heading);
    layout->addWidget(m_search);
    layout->addWidget(m_tree, 1);
    auto* edit = new QPushButton(tr("Change keys…"), this);
    edit->setObjectName(u"editKeys"_s);
    layout->addWidget(edit, 0, Qt::AlignRight);
    connect(edit, &QPushButton::clicked, this, [this] {
        close();
        Q_EMIT editRequested();
    });
    connect(m_search, &QLineEdit::textChanged, this, &KeySheet::search);

    QList<Fixed> all;
    for (const QAction* action : actions) {
        const QString keys = keyText(action);
        if (!keys.isEmpty() && action->isEnabled())
            all.append({keyGroup(action), QString(action->text()).remove(u'&').remove(u'…'), keys});
    }
    all += fixed;
    QHash<QString, QTreeWidgetItem*> groups;
    QFont strong = font();
    strong.setBold(true);
    for (const Fixed& one : std::as_const(all)) {
        const QString name = one.group.isEmpty() ? tr("Everywhere") : one.group;
        QTreeWidgetItem*& group = groups[name];
        if (!group) {
            group = new QTreeWidgetItem(m_tree, {name});
            group->setFont(0, strong);
            group->setFirstColumnSpanned(true);
            group->setSizeHint(0, {0, 32});
        }
        auto* item = new QTreeWidgetItem(group, {one.text, one.keys});
        item->setForeground(1, Theme::instance().colors().textSecondary);
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item->setSizeHint(0, {0, 24});
    }
    m_tree->expandAll();
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
}

void KeySheet::popup()
{
    const QWidget* window = parentWidget()->window();
    resize(std::min(560, window->width() - 40), std::min(680, window->height() - 60));
    move(window->mapToGlobal(QPoint((window->width() - width()) / 2, (window->height() - height()) / 2)));
    show();
    m_search->setFocus();
}

void KeySheet::search(const QString& text)
{
    const QString wanted = text.trimmed();
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem* group = m_tree->topLevelItem(i);
        bool any = false;
        for (int j = 0; j < group->childCount(); ++j) {
            QTreeWidgetItem* item = group->child(j);
            const bool fits = wanted.isEmpty() || item->text(0).contains(wanted, Qt::CaseInsensitive)
                || item->text(1).contains(wanted, Qt::CaseInsensitive);
            item->setHidden(!fits);
            any |= fits;
        }
        group->setHidden(!any);
    }
}

} // namespace Promdeck
