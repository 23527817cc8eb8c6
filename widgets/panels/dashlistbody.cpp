#include "widgets/panels/dashlistbody.h"

#include "models/library/dashboardcatalogue.h"
#include "models/library/dashboardlinks.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QTreeWidget>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kRow = 30;
constexpr int kStarColumn = 1;
constexpr int kReference = Qt::UserRole;
constexpr int kUid = Qt::UserRole + 1;

QString headingOf(DashListSection::Kind kind)
{
    switch (kind) {
    case DashListSection::Kind::Starred: return DashListBody::tr("Starred dashboards");
    case DashListSection::Kind::Recent: return DashListBody::tr("Recently viewed dashboards");
    case DashListSection::Kind::Search: return DashListBody::tr("Dashboards");
    }
    return {};
}

} // namespace

DashListBody::DashListBody(QWidget* parent) : PanelBody(parent), m_tree(new QTreeWidget(this))
{
    m_tree->setObjectName(u"dashList"_s);
    m_tree->setAccessibleName(tr("Dashboards"));
    m_tree->setColumnCount(2);
    m_tree->setHeaderHidden(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setRootIsDecorated(false);
    m_tree->setIndentation(0);
    m_tree->setMouseTracking(true);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(kStarColumn, QHeaderView::Fixed);
    m_tree->header()->resizeSection(kStarColumn, 34);
    setFocusProxy(m_tree);
    connect(m_tree, &QTreeWidget::itemClicked, this, [this](const QTreeWidgetItem* item, int column) {
        DashboardCatalogue* catalogue = DashboardCatalogue::current();
        const QString reference = item->data(0, kReference).toString();
        if (column == kStarColumn && catalogue && !reference.isEmpty())
            catalogue->setStarred(reference, !catalogue->isStarred(reference));
        else
            open(item);
    });
    // Enter; a mouse has opened it already.
    connect(m_tree, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
        if (QGuiApplication::mouseButtons() == Qt::NoButton)
            open(item);
    });
    if (const DashboardCatalogue* catalogue = DashboardCatalogue::current()) {
        connect(catalogue, &DashboardCatalogue::changed, this, &DashListBody::fill);
        connect(catalogue, &DashboardCatalogue::starsChanged, this, &DashListBody::fill);
    }
    connect(&Theme::instance(), &Theme::changed, this, &DashListBody::fill);
}

void DashListBody::setInput(const PanelInput& input)
{
    m_input = input;
    m_options = dashListOptions(input.spec.raw);
    if (input.interpolate)
        m_options.query = input.interpolate(m_options.query);
    fill();
    Q_EMIT updated();
}

void DashListBody::fill()
{
    QPalette look = m_tree->palette();
    const ThemeColors& c = Theme::instance().colors();
    const QColor ground = m_input.spec.transparent ? c.canvas : c.panel;
    look.setColor(QPalette::Base, ground);
    look.setColor(QPalette::Highlight, blend(ground, c.selected));
    look.setColor(QPalette::HighlightedText, c.text);
    m_tree->setPalette(look);
    m_tree->clear();
    const DashboardCatalogue* catalogue = DashboardCatalogue::current();
    if (!catalogue)
        return;
    const QStringList starred = catalogue->starred();
    for (const DashListSection& section : dashList(m_options, *catalogue->index(), starred, catalogue->recents()))
        addSection(section, starred);
    setAccessibleDescription(plainText());
}

void DashListBody::addSection(const DashListSection& section, const QStringList& starred)
{
    const ThemeColors& c = Theme::instance().colors();
    if (m_options.headings) {
        auto* heading = new QTreeWidgetItem(m_tree, {headingOf(section.kind)});
        heading->setFlags(Qt::ItemIsEnabled);
        heading->setForeground(0, c.textSecondary);
        heading->setSizeHint(0, {0, kRow});
        heading->setFirstColumnSpanned(true);
    }
    if (section.entries.empty()) {
        const QString hint = section.kind == DashListSection::Kind::Starred ? tr("None is starred. The library (g l) has the stars.")
                                                                            : tr("None");
        auto* none = new QTreeWidgetItem(m_tree, {hint});
        none->setFlags(Qt::ItemIsEnabled);
        none->setForeground(0, c.textDisabled);
        none->setSizeHint(0, {0, kRow});
    }
    for (const LibraryEntryPtr& entry : section.entries) {
        auto* item = new QTreeWidgetItem(m_tree, {entry->digest.title});
        const bool star = starred.contains(entry->reference);
        item->setForeground(0, c.link);
        item->setData(0, kReference, entry->reference);
        item->setData(0, kUid, entry->digest.uid);
        item->setIcon(kStarColumn, themeIcon(star ? u"star-full"_s : u"star"_s, star ? IconRole::Warning : IconRole::Secondary));
        item->setSizeHint(0, {0, kRow});
        item->setToolTip(0, plainTip(entry->digest.description.isEmpty() ? entry->digest.tags.join(u", "_s) : entry->digest.description));
        item->setToolTip(kStarColumn, star ? tr("Remove the star") : tr("Star"));
        item->setData(0, Qt::AccessibleTextRole, star ? tr("%1, starred").arg(entry->digest.title) : entry->digest.title);
    }
}

void DashListBody::open(const QTreeWidgetItem* item)
{
    const QString reference = item->data(0, kReference).toString();
    if (reference.isEmpty())
        return;
    const QString uid = item->data(0, kUid).toString();
    const DashboardCatalogue* catalogue = DashboardCatalogue::current();
    const LibraryEntryPtr known = catalogue && !uid.isEmpty() ? catalogue->index()->withUid(uid) : nullptr;
    if (!known || known->reference != reference) {
        // No uid, or another file has the same: the file itself.
        QUrl url;
        url.setScheme(u"promdeck"_s);
        url.setPath(QString::fromLatin1(QUrl::toPercentEncoding(reference)), QUrl::StrictMode);
        Q_EMIT linkActivated(url);
        return;
    }
    QStringList query;
    if (m_options.keepTime && m_input.interpolate)
        query << m_input.interpolate(u"${__url_time_range}"_s);
    if (m_options.includeVars && m_input.interpolate)
        query << m_input.interpolate(u"${__all_variables}"_s);
    query.removeAll(QString());
    Q_EMIT linkActivated(QUrl(u"/d/"_s + uid + u'/' + dashboardSlug(item->text(0)) + (query.isEmpty() ? QString() : u'?' + query.join(u'&'))));
}

QString DashListBody::plainText() const
{
    QStringList lines;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i)
        lines << m_tree->topLevelItem(i)->text(0);
    return lines.join(u'\n');
}

void DashListBody::resizeEvent(QResizeEvent*)
{
    m_tree->setGeometry(rect());
}

} // namespace Promdeck
