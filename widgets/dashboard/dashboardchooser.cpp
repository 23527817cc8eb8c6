#include "widgets/dashboard/dashboardchooser.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"

#include <QFileInfo>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

DashboardChooser::DashboardChooser(QList<DashboardEntry> entries, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_entries(std::move(entries))
{
    setObjectName(u"dashboardChooserPopup"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    m_search = new QLineEdit(this);
    m_search->setObjectName(u"dashboardSearch"_s);
    m_search->setPlaceholderText(tr("Search dashboards, or type the path of a file"));
    m_search->addAction(themeIcon(u"search"_s, IconRole::Secondary), QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);
    m_list = new QListWidget(this);
    m_list->setObjectName(u"dashboardList"_s);
    m_list->setAccessibleName(tr("Dashboards"));
    m_list->setFrameShape(QFrame::NoFrame);
    auto* open = new QPushButton(themeIcon(u"folder"_s), tr("&Open a file…"), this);
    open->setObjectName(u"dashboardOpenFile"_s);
    open->setFlat(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_search);
    layout->addWidget(m_list);
    layout->addWidget(open);
    auto* library = new QPushButton(themeIcon(u"library"_s), tr("Dashboard &library"), this);
    library->setObjectName(u"dashboardLibrary"_s);
    library->setFlat(true);
    layout->addWidget(library);
    connect(library, &QPushButton::clicked, this, [this] {
        close();
        Q_EMIT libraryRequested();
    });
    connect(m_search, &QLineEdit::textChanged, this, &DashboardChooser::filter);
    connect(m_list, &QListWidget::itemClicked, this, &DashboardChooser::choose);
    connect(open, &QPushButton::clicked, this, [this] {
        close();
        Q_EMIT openFileRequested();
    });
    filter({});
}

void DashboardChooser::filter(const QString& text)
{
    m_list->clear();
    for (const DashboardEntry& entry : std::as_const(m_entries)) {
        const QString all = entry.title + u' ' + entry.detail + u' ' + entry.reference;
        const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
        const bool matches = std::all_of(words.begin(), words.end(),
                                         [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
        if (!matches)
            continue;
        auto* item = new QListWidgetItem(themeIcon(u"grid"_s, IconRole::Secondary), entry.title, m_list);
        item->setData(Qt::UserRole, entry.reference);
        item->setToolTip(plainTip(entry.detail));
        item->setSizeHint({0, 28});
    }
    m_list->setCurrentRow(0);
}

void DashboardChooser::choose()
{
    QString reference;
    if (const QFileInfo file(m_search->text().trimmed()); file.isFile())
        reference = file.absoluteFilePath();
    else if (m_list->currentItem())
        reference = m_list->currentItem()->data(Qt::UserRole).toString();
    if (reference.isEmpty())
        return;
    close();
    Q_EMIT chosen(reference);
}

bool DashboardChooser::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const int row = m_list->currentRow();
        if (key->key() == Qt::Key_Down || key->key() == Qt::Key_Up) {
            m_list->setCurrentRow(std::clamp(row + (key->key() == Qt::Key_Down ? 1 : -1), 0, m_list->count() - 1));
            return true;
        }
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            choose();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void DashboardChooser::popup(const QPoint& globalPosition)
{
    resize(460, std::clamp(int(m_entries.size()) * 28 + 132, 210, 460));
    const QRect area = screen()->availableGeometry();
    move(std::clamp(globalPosition.x(), area.left(), std::max(area.left(), area.right() - width())),
         std::min(globalPosition.y(), area.bottom() - height()));
    show();
    m_search->setFocus();
}

} // namespace Promdeck
