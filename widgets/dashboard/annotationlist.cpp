#include "widgets/dashboard/annotationlist.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/dashboard/annotationform.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

using namespace Qt::StringLiterals;

namespace Promdeck {

AnnotationList::AnnotationList(std::shared_ptr<AnnotationBook> book, QHash<int, QString> panelTitles, QString timeZone, QWidget* parent)
    : QDialog(parent)
    , m_book(std::move(book))
    , m_panels(std::move(panelTitles))
    , m_timeZone(std::move(timeZone))
    , m_search(new QLineEdit(this))
    , m_tree(new QTreeWidget(this))
{
    setObjectName(u"annotationList"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("My annotations"));
    resize(720, 420);
    m_search->setObjectName(u"annotationSearch"_s);
    m_search->setPlaceholderText(tr("Find in texts and tags"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->addAction(themeIcon(u"search"_s, IconRole::Secondary), QLineEdit::LeadingPosition);
    m_tree->setObjectName(u"annotationTree"_s);
    m_tree->setAccessibleName(windowTitle());
    m_tree->setHeaderLabels({tr("When"), tr("Text"), tr("Tags"), tr("Panel")});
    m_tree->setRootIsDecorated(false);
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_tree->header()->setStretchLastSection(false);
    auto* hint = new QLabel(tr("Ctrl+click in a plot adds one, Ctrl+drag marks a span."), this);
    hint->setEnabled(false);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(hint, 1);
    const auto add = [&](const QString& name, const QString& text, void (AnnotationList::*request)(const QString&)) {
        auto* button = new QPushButton(text, this);
        button->setObjectName(name);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, request] {
            if (const QString id = current(); !id.isEmpty())
                Q_EMIT (this->*request)(id);
        });
        buttons->addWidget(button);
        m_buttons << button;
    };
    add(u"annotationShow"_s, tr("Go there"), &AnnotationList::showRequested);
    add(u"annotationEdit"_s, tr("Edit…"), &AnnotationList::editRequested);
    add(u"annotationRemove"_s, tr("Delete"), &AnnotationList::removeRequested);
    auto* close = new QPushButton(tr("Close"), this);
    close->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    buttons->addWidget(close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_tree, 1);
    layout->addLayout(buttons);
    connect(m_search, &QLineEdit::textChanged, this, &AnnotationList::fill);
    connect(m_book.get(), &AnnotationBook::changed, this, &AnnotationList::fill);
    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &AnnotationList::updateButtons);
    connect(m_tree, &QTreeWidget::itemActivated, this, [this] { Q_EMIT showRequested(current()); });
    fill();
}

QString AnnotationList::current() const
{
    const QList<QTreeWidgetItem*> chosen = m_tree->selectedItems();
    return chosen.isEmpty() ? QString() : chosen.first()->data(0, Qt::UserRole).toString();
}

void AnnotationList::updateButtons()
{
    for (QPushButton* button : std::as_const(m_buttons))
        button->setEnabled(!current().isEmpty());
}

void AnnotationList::fill()
{
    const QString before = current();
    const QString wanted = m_search->text().trimmed();
    m_tree->clear();
    const std::vector<OwnAnnotation>& all = m_book->all();
    // The newest first.
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
        const QString tags = one->tags.join(u", "_s);
        if (!wanted.isEmpty() && !one->text.contains(wanted, Qt::CaseInsensitive) && !tags.contains(wanted, Qt::CaseInsensitive))
            continue;
        const QString panel = one->panelId == 0 ? tr("all") : m_panels.value(one->panelId, tr("a panel that is gone"));
        auto* item = new QTreeWidgetItem(m_tree, {momentText(one->fromMs, one->toMs, m_timeZone), one->text.simplified(), tags, panel});
        item->setData(0, Qt::UserRole, one->id);
        item->setSizeHint(0, {0, m_tree->fontMetrics().height() + 8});
        item->setToolTip(1, plainTip(one->text));
        if (one->id == before)
            item->setSelected(true);
    }
    updateButtons();
}

} // namespace Promdeck
