#include "app/gui/playlistdialog.h"

#include "widgets/common/icons.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

PlaylistDialog::PlaylistDialog(const QList<DashboardEntry>& entries, const Json& before, QWidget* parent)
    : QDialog(parent)
    , m_search(new QLineEdit(this))
    , m_list(new QListWidget(this))
    , m_seconds(new QSpinBox(this))
    , m_kiosk(new QCheckBox(tr("&Full screen without controls"), this))
    , m_play(new QPushButton(tr("&Play"), this))
{
    setObjectName(u"playlistDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Play dashboards"));
    resize(480, 520);
    m_search->setObjectName(u"playlistSearch"_s);
    m_search->setPlaceholderText(tr("Find a dashboard"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->addAction(themeIcon(u"search"_s, IconRole::Secondary), QLineEdit::LeadingPosition);
    m_list->setObjectName(u"playlistList"_s);
    m_list->setAccessibleName(tr("Dashboards to play, in this order"));
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    QStringList ticked;
    for (const Json& one : before[u"dashboards"].items())
        ticked << one.toString();
    // Those of last time first, in their order.
    QList<DashboardEntry> sorted = entries;
    std::ranges::stable_sort(sorted, {}, [&ticked](const DashboardEntry& entry) {
        const qsizetype place = ticked.indexOf(entry.reference);
        return place < 0 ? ticked.size() : place;
    });
    QStringList seen;
    for (const DashboardEntry& entry : std::as_const(sorted)) {
        if (seen.contains(entry.reference))
            continue;
        seen << entry.reference;
        auto* item = new QListWidgetItem(entry.title, m_list);
        item->setData(Qt::UserRole, entry.reference);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(ticked.contains(entry.reference) ? Qt::Checked : Qt::Unchecked);
    }
    auto* up = new QToolButton(this);
    up->setIcon(themeIcon(u"chevron-up"_s));
    up->setAccessibleName(tr("Earlier"));
    up->setToolTip(tr("Earlier"));
    auto* down = new QToolButton(this);
    down->setIcon(themeIcon(u"chevron-down"_s));
    down->setAccessibleName(tr("Later"));
    down->setToolTip(tr("Later"));
    m_seconds->setObjectName(u"playlistSeconds"_s);
    m_seconds->setRange(1, 86'400);
    m_seconds->setSuffix(tr(" s"));
    m_seconds->setValue(int(before[u"seconds"].toInt(30)));
    m_kiosk->setObjectName(u"playlistKiosk"_s);
    m_kiosk->setChecked(before[u"kiosk"].toBool(true));
    m_play->setObjectName(u"playlistPlay"_s);
    m_play->setDefault(true);
    m_play->setProperty("primary", true);
    auto* every = new QLabel(tr("&Each for"), this);
    every->setBuddy(m_seconds);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    auto* how = new QHBoxLayout;
    how->addWidget(every);
    how->addWidget(m_seconds);
    how->addStretch(1);
    how->addWidget(up);
    how->addWidget(down);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_kiosk, 1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_play);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_list, 1);
    layout->addLayout(how);
    layout->addLayout(buttons);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        for (int row = 0; row < m_list->count(); ++row)
            m_list->item(row)->setHidden(!m_list->item(row)->text().contains(text.trimmed(), Qt::CaseInsensitive));
    });
    connect(m_list, &QListWidget::itemChanged, this, &PlaylistDialog::update);
    connect(up, &QToolButton::clicked, this, [this] { move(-1); });
    connect(down, &QToolButton::clicked, this, [this] { move(1); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::close);
    connect(m_play, &QPushButton::clicked, this, [this] {
        Q_EMIT chosen(dashboards(), m_seconds->value(), m_kiosk->isChecked());
        close();
    });
    update();
}

QStringList PlaylistDialog::dashboards() const
{
    QStringList all;
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked)
            all << m_list->item(row)->data(Qt::UserRole).toString();
    }
    return all;
}

void PlaylistDialog::move(int by)
{
    const int row = m_list->currentRow();
    if (row < 0 || row + by < 0 || row + by >= m_list->count())
        return;
    m_list->insertItem(row + by, m_list->takeItem(row));
    m_list->setCurrentRow(row + by);
}

void PlaylistDialog::update()
{
    m_play->setEnabled(!dashboards().isEmpty());
}

} // namespace Promdeck
