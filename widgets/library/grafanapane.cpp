#include "widgets/library/grafanapane.h"

#include "models/library/dashboardcatalogue.h"
#include "models/library/dashboardimport.h"
#include "models/stack/optionsresolver.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/library/comparisonview.h"
#include "widgets/library/folderpicker.h"
#include "widgets/library/quietselection.h"

#include <QCoroTask>

#include <QBoxLayout>
#include <QComboBox>
#include <QDateTime>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kRow = 30;
constexpr int kUid = Qt::UserRole;
constexpr int kMostCompared = 300; ///< files that are compared by themselves when the list appears

/// "version 7 by alice, 2/3/26 10:00"
QString versionText(const GrafanaDashboard& server)
{
    QString text = GrafanaPane::tr("version %1").arg(server.version);
    if (!server.updatedBy.isEmpty())
        text = GrafanaPane::tr("%1 by %2").arg(text, server.updatedBy);
    if (server.updatedMs > 0)
        text += u", "_s + QLocale().toString(QDateTime::fromMSecsSinceEpoch(server.updatedMs), QLocale::ShortFormat);
    return text;
}

} // namespace

GrafanaPane::GrafanaPane(DashboardCatalogue* catalogue, StackStore* stacks, std::shared_ptr<SecretStore> secrets, QWidget* parent)
    : QWidget(parent)
    , m_catalogue(catalogue)
    , m_stacks(stacks)
    , m_secrets(std::move(secrets))
    , m_stack(new QComboBox(this))
    , m_filter(new QLineEdit(this))
    , m_notices(new NoticeBar(this))
    , m_middle(new QStackedWidget(this))
    , m_tree(new QTreeWidget(m_middle))
    , m_comparison(new ComparisonView(m_middle))
    , m_state(new QLabel(this))
    , m_target(new FolderPicker(catalogue, this))
    , m_serverFolder(new QComboBox(this))
{
    setObjectName(u"grafanaPane"_s);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(makeHead());
    m_notices->setObjectName(u"grafanaNotices"_s);
    layout->addWidget(m_notices);
    m_tree->setObjectName(u"grafanaTree"_s);
    m_tree->setAccessibleName(tr("Dashboards of the server"));
    m_tree->setHeaderLabels({tr("On the server"), tr("In the library"), tr("Server's version"), tr("Tags")});
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setUniformRowHeights(true);
    useQuietSelection(m_tree);
    m_tree->header()->setStretchLastSection(true);
    m_tree->header()->resizeSection(0, 340);
    m_tree->header()->resizeSection(1, 220);
    m_tree->header()->resizeSection(2, 260);
    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &GrafanaPane::updateButtons);
    connect(m_tree, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
        const auto row = m_rows.constFind(item->data(0, kUid).toString());
        if (row != m_rows.constEnd() && !row->path.isEmpty())
            Q_EMIT openRequested(row->path);
    });
    m_middle->addWidget(m_tree);
    m_middle->addWidget(m_comparison);
    layout->addWidget(m_middle, 1);
    m_state->setObjectName(u"grafanaState"_s);
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    layout->addWidget(m_state);
    layout->addWidget(makeButtons());
    connect(m_catalogue, &DashboardCatalogue::changed, this, &GrafanaPane::findLocal);
    connect(m_target, &FolderPicker::changed, this, &GrafanaPane::updateButtons);
    updateButtons();
}

GrafanaPane::~GrafanaPane()
{
    m_stop.request_stop();
}

QWidget* GrafanaPane::makeHead()
{
    auto* head = new QWidget(this);
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(tr("Grafana &of"), head);
    label->setBuddy(m_stack);
    m_stack->setObjectName(u"grafanaStack"_s);
    m_stack->setMinimumWidth(180);
    m_filter->setObjectName(u"grafanaFilter"_s);
    m_filter->setPlaceholderText(tr("Title, folder or tag"));
    m_filter->setAccessibleName(tr("Search the server's dashboards"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(themeIcon(u"search"_s, IconRole::Secondary), QLineEdit::LeadingPosition);
    auto* again = new QPushButton(themeIcon(u"refresh"_s), tr("&Refresh"), head);
    again->setObjectName(u"grafanaRefresh"_s);
    auto* close = new QPushButton(themeIcon(u"close"_s), tr("&Close"), head);
    close->setObjectName(u"grafanaClose"_s);
    layout->addWidget(label);
    layout->addWidget(m_stack);
    layout->addWidget(m_filter, 1);
    layout->addWidget(again);
    layout->addWidget(close);
    connect(m_stack, &QComboBox::activated, this, [this] {
        if (const auto profile = m_stacks->find(m_stack->currentText()))
            connectTo(*profile);
    });
    connect(m_filter, &QLineEdit::textChanged, this, &GrafanaPane::filter);
    connect(again, &QPushButton::clicked, this, [this] {
        if (const auto profile = m_stacks->find(m_stack->currentText()))
            connectTo(*profile);
    });
    connect(close, &QPushButton::clicked, this, &GrafanaPane::closed);
    return head;
}

QWidget* GrafanaPane::makeButtons()
{
    auto* holder = new QWidget(this);
    auto* column = new QVBoxLayout(holder);
    column->setContentsMargins(0, 0, 0, 0);
    const auto labelled = [&](const QString& text, QWidget* field) {
        auto* row = new QHBoxLayout;
        auto* label = new QLabel(text, holder);
        label->setBuddy(field);
        label->setMinimumWidth(170);
        row->addWidget(label);
        row->addWidget(field, 1);
        column->addLayout(row);
    };
    m_serverFolder->setObjectName(u"grafanaFolder"_s);
    labelled(tr("New &files go to"), m_target);
    labelled(tr("&New dashboards go to"), m_serverFolder);
    auto* row = new QHBoxLayout;
    const auto button = [&](const QString& icon, const QString& text, const QString& name, auto run) {
        auto* made = new QPushButton(themeIcon(icon), text, holder);
        made->setObjectName(name);
        connect(made, &QPushButton::clicked, this, run);
        row->addWidget(made);
        return made;
    };
    m_pull = button(u"import"_s, tr("&Pull"), u"grafanaPullButton"_s, [this] { pullSelected(); });
    m_push = button(u"upload"_s, tr("P&ush"), u"grafanaPushButton"_s, [this] {
        for (const QString& uid : selected()) {
            if (const QString path = m_rows.value(uid).path; !path.isEmpty())
                push(path, false);
        }
    });
    m_compare = button(u"compare"_s, tr("Co&mpare"), u"grafanaCompareButton"_s, [this] {
        const QString uid = selected().value(0);
        showBoth(uid, m_rows.value(uid).path, {});
    });
    m_open = button(u"grid"_s, tr("&Open"), u"grafanaOpenButton"_s, [this] { Q_EMIT openRequested(m_rows.value(selected().value(0)).path); });
    m_back = button(u"chevron-left"_s, tr("Back to the &list"), u"grafanaBackButton"_s, [this] { escape(); });
    row->addStretch(1);
    column->addLayout(row);
    return holder;
}

void GrafanaPane::enter(const QString& stack)
{
    m_target->refresh();
    const QString before = m_profile.name;
    fillStacks(m_client ? before : stack);
    const auto profile = m_stacks->find(m_stack->currentText());
    if (!profile) {
        say({}, false);
        m_notices->post(u"none"_s, NoticeBar::Tone::Info,
                        tr("No stack names a Grafana. Give a stack the address of its Grafana, and a service account's token."),
                        {{u"grafanaManageStacks"_s, tr("Manage stacks"), [this] { Q_EMIT manageStacksRequested(); }}});
        updateButtons();
        return;
    }
    m_notices->withdraw(u"none"_s);
    if (!m_client || !(*profile == m_profile))
        connectTo(*profile);
    m_filter->setFocus();
}

void GrafanaPane::fillStacks(const QString& wanted)
{
    m_stack->clear();
    for (const StackProfile& profile : m_stacks->stacks()) {
        if (!profile.grafana.isEmpty())
            m_stack->addItem(themeIcon(u"server"_s), profile.name);
    }
    m_stack->setCurrentIndex(std::max(0, m_stack->findText(wanted)));
}

void GrafanaPane::connectTo(const StackProfile& profile)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    const quint64 turn = ++m_turn;
    m_profile = profile;
    m_client.reset();
    m_rows.clear();
    m_tree->clear();
    escape();
    say(tr("Asking %1…").arg(profile.grafana.toDisplayString(QUrl::RemoveUserInfo)), false);
    updateButtons();
    QCoro::connect(resolveGrafanaOptions(profile, m_secrets, m_stop.get_token()), this, [this, turn](const Result<HttpOptions>& options) {
        if (turn != m_turn)
            return;
        if (!options.ok()) {
            say(errorText(options.error()), true);
            return;
        }
        m_client = std::make_shared<GrafanaClient>(m_profile.grafana, *options, m_profile.readOnly);
        load();
    });
}

void GrafanaPane::load()
{
    const quint64 turn = m_turn;
    // Folders only tell where new dashboards could go: a token that may not list them still browses.
    QCoro::connect(m_client->folders(m_stop.get_token()), this, [this, turn](const Result<std::vector<GrafanaFolder>>& folders) {
        if (turn != m_turn)
            return;
        m_folders = folders.ok() ? *folders : std::vector<GrafanaFolder>();
        m_serverFolder->clear();
        m_serverFolder->addItem(themeIcon(u"folder"_s), tr("General"), QString());
        for (const GrafanaFolder& folder : m_folders)
            m_serverFolder->addItem(themeIcon(u"folder"_s), folder.title, folder.uid);
    });
    QCoro::connect(m_client->search({}, m_stop.get_token()), this, [this, turn](const Result<std::vector<GrafanaListing>>& found) {
        if (turn != m_turn)
            return;
        if (!found.ok()) {
            say(errorText(found.error()), true);
            return;
        }
        for (const GrafanaListing& listing : *found)
            m_rows.insert(listing.uid, {listing, localPath(listing.uid), {}, {}, nullptr});
        fill();
        say(m_profile.readOnly ? tr("%1 dashboards. The stack “%2” is read-only: nothing is pushed to it.").arg(found->size()).arg(m_profile.name)
                               : tr("%1 dashboards.").arg(found->size()), false);
        if (const QString path = std::exchange(m_waitingPush, {}); !path.isEmpty())
            askPush(path);
    });
}

void GrafanaPane::fill()
{
    m_tree->clear();
    QMap<QString, QTreeWidgetItem*> folders;
    QList<Row*> rows;
    for (Row& row : m_rows)
        rows << &row;
    std::ranges::sort(rows, [](const Row* a, const Row* b) { return a->listing.title.compare(b->listing.title, Qt::CaseInsensitive) < 0; });
    for (const Row* row : std::as_const(rows)) {
        QTreeWidgetItem*& folder = folders[row->listing.folderTitle];
        if (!folder) {
            folder = new QTreeWidgetItem({row->listing.folderTitle.isEmpty() ? tr("General") : row->listing.folderTitle});
            folder->setIcon(0, themeIcon(u"folder"_s, IconRole::Secondary));
            folder->setSizeHint(0, {0, kRow});
            folder->setFlags(Qt::ItemIsEnabled);
        }
    }
    for (QTreeWidgetItem* folder : std::as_const(folders))
        m_tree->addTopLevelItem(folder);
    for (Row* row : std::as_const(rows)) {
        row->item = new QTreeWidgetItem(folders.value(row->listing.folderTitle));
        row->item->setText(0, row->listing.title);
        row->item->setText(3, row->listing.tags.join(u", "_s));
        row->item->setData(0, kUid, row->listing.uid);
        row->item->setSizeHint(0, {0, kRow});
        showRow(*row);
    }
    m_tree->expandAll();
    filter();
    int compared = 0;
    for (Row* row : std::as_const(rows)) {
        if (!row->path.isEmpty() && ++compared <= kMostCompared)
            compare(row->listing.uid);
    }
    updateButtons();
}

void GrafanaPane::filter()
{
    const QStringList words = m_filter->text().split(u' ', Qt::SkipEmptyParts);
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem* folder = m_tree->topLevelItem(i);
        int shown = 0;
        for (int child = 0; child < folder->childCount(); ++child) {
            const QString text = folder->text(0) + u' ' + folder->child(child)->text(0) + u' ' + folder->child(child)->text(3);
            const bool fits = std::ranges::all_of(words, [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
            folder->child(child)->setHidden(!fits);
            shown += fits ? 1 : 0;
        }
        folder->setHidden(shown == 0);
    }
}

QString GrafanaPane::localPath(const QString& uid) const
{
    QString sameUid;
    for (const LibraryEntryPtr& entry : m_catalogue->index()->entries()) {
        if (entry->isBuiltin() || entry->error)
            continue;
        const std::optional<DashboardOrigin>& origin = entry->digest.origin;
        if (origin && origin->uid == uid && origin->server.matches(m_profile.grafana, QUrl::RemoveUserInfo | QUrl::StripTrailingSlash))
            return entry->reference;
        if (entry->digest.uid == uid && sameUid.isEmpty())
            sameUid = entry->reference;
    }
    return sameUid;
}

/// The library changed: files may be other ones, or say other things.
void GrafanaPane::findLocal()
{
    m_target->refresh();
    if (!m_client || m_busy > 0)
        return;
    for (Row& row : m_rows) {
        const QString path = localPath(row.listing.uid);
        if (path.isEmpty() && row.path.isEmpty())
            continue;
        row.path = path;
        row.compared.reset();
        showRow(row);
        if (!path.isEmpty())
            compare(row.listing.uid);
    }
    updateButtons();
}

void GrafanaPane::compare(const QString& uid)
{
    QCoro::connect(compareWithServer(m_client, uid, m_rows.value(uid).path, m_stop.get_token()), this,
                   [this, uid, turn = m_turn](const Result<SyncComparison>& both) {
                       if (turn != m_turn || !m_rows.contains(uid))
                           return;
                       Row& row = m_rows[uid];
                       row.compared = both.ok() ? std::optional(*both) : std::nullopt;
                       row.error = both.ok() ? std::nullopt : std::optional(both.error());
                       showRow(row);
                   });
}

void GrafanaPane::showRow(Row& row)
{
    if (!row.item)
        return;
    const auto put = [&row](const QString& text, const QString& icon, IconRole role) {
        row.item->setText(1, text);
        row.item->setIcon(1, icon.isEmpty() ? QIcon() : themeIcon(icon, role));
    };
    row.item->setIcon(0, themeIcon(u"grid"_s, row.path.isEmpty() ? IconRole::Secondary : IconRole::Accent));
    row.item->setToolTip(1, plainTip(row.error ? errorText(*row.error) : row.path));
    if (row.path.isEmpty())
        put(tr("not here"), {}, IconRole::Secondary);
    else if (row.error)
        put(errorTitle(*row.error), u"warning"_s, IconRole::Warning);
    else if (!row.compared)
        put(tr("here, comparing…"), {}, IconRole::Secondary);
    else if (row.compared->isSame)
        put(tr("the same"), u"check"_s, IconRole::Success);
    else if (!row.compared->origin)
        put(tr("a file of this uid, never pulled"), u"info"_s, IconRole::Secondary);
    else if (row.compared->isEditedHere && row.compared->isNewerThere)
        put(tr("changed on both sides"), u"warning"_s, IconRole::Warning);
    else if (row.compared->isNewerThere)
        put(tr("newer on the server"), u"import"_s, IconRole::Accent);
    else
        put(tr("edited here"), u"pencil"_s, IconRole::Accent);
    row.item->setText(2, row.compared && !row.compared->there.isNull() ? versionText(row.compared->server) : QString());
}

QStringList GrafanaPane::selected() const
{
    QStringList uids;
    for (const QTreeWidgetItem* item : m_tree->selectedItems()) {
        if (const QString uid = item->data(0, kUid).toString(); !uid.isEmpty())
            uids << uid;
    }
    return uids;
}

QString GrafanaPane::titleOf(const QString& path) const
{
    const LibraryEntryPtr entry = m_catalogue->index()->find(path);
    return entry ? entry->digest.title : QFileInfo(path).fileName();
}

QString GrafanaPane::uidOf(const QString& path) const
{
    const LibraryEntryPtr entry = m_catalogue->index()->find(path);
    if (!entry)
        return {};
    return entry->digest.origin ? entry->digest.origin->uid : entry->digest.uid;
}

QString GrafanaPane::pathFor(const Row& row) const
{
    if (!row.path.isEmpty())
        return row.path;
    QString folder = m_target->folder();
    // A title is no path, whatever it says.
    if (!row.listing.folderTitle.isEmpty())
        folder += u'/' + QString(row.listing.folderTitle).replace(u'/', u'-').replace(u".."_s, u"-"_s);
    const QString path = folder + u'/' + dashboardFileName(row.listing.title);
    const LibraryEntryPtr there = m_catalogue->index()->find(path);
    const bool taken = there ? there->digest.uid != row.listing.uid : QFileInfo::exists(path);
    return taken ? folder + u'/' + dashboardFileName(row.listing.title + u'-' + row.listing.uid) : path;
}

void GrafanaPane::pullSelected()
{
    const QStringList uids = selected();
    for (const QString& uid : uids)
        pull(uid, false);
}

void GrafanaPane::pull(const QString& uid, bool overEdits)
{
    const Row row = m_rows.value(uid);
    const QString path = pathFor(row);
    const bool isNew = row.path.isEmpty();
    ++m_busy;
    updateButtons();
    QCoro::connect(pullDashboard(m_client, {uid, path, overEdits}, m_stop.get_token()), this,
                   [this, uid, path, isNew, title = row.listing.title, turn = m_turn](const Result<qint64>& version) {
                       --m_busy;
                       updateButtons();
                       if (turn != m_turn)
                           return;
                       if (!version.ok()) {
                           pullFailed(uid, path, version.error());
                           return;
                       }
                       if (m_rows.contains(uid))
                           m_rows[uid].path = path;
                       say(tr("Pulled “%1”, version %2.").arg(title).arg(*version), false);
                       if (!isNew || !m_catalogue->addFolder(m_target->folder()).ok())
                           m_catalogue->rescan();
                       compare(uid);
                   });
}

void GrafanaPane::pullFailed(const QString& uid, const QString& path, const Error& error)
{
    if (error.code != ErrorCode::Conflict) {
        m_notices->post(u"pull:"_s + uid, NoticeBar::Tone::Error, errorText(error), {{u"grafanaCloseNotice"_s, tr("Close"), {}}});
        return;
    }
    const auto ask = [this, uid, path, error] { pullFailed(uid, path, error); };
    m_notices->post(u"pull:"_s + uid, NoticeBar::Tone::Warning,
                    tr("“%1”: %2. Pulling would lose what is in the file.").arg(titleOf(path), errorTitle(error)),
                    {{u"grafanaShowBoth"_s, tr("Show both"), [this, uid, path, ask] { showBoth(uid, path, ask); }},
                     {u"grafanaPullOver"_s, tr("Replace the file"), [this, uid] { pull(uid, true); }},
                     {u"grafanaCancel"_s, tr("Keep the file"), {}}});
}

void GrafanaPane::push(const QString& path, bool overwrite)
{
    ++m_busy;
    updateButtons();
    say(tr("Pushing “%1”…").arg(titleOf(path)), false);
    const PushRequest request {path, m_serverFolder->currentData().toString(), tr("Pushed from Promdeck"), overwrite};
    QCoro::connect(pushDashboard(m_client, request, m_stop.get_token()), this, [this, path, turn = m_turn](const Result<GrafanaPushed>& pushed) {
        --m_busy;
        updateButtons();
        if (turn != m_turn)
            return;
        if (!pushed.ok()) {
            pushFailed(path, pushed.error());
            return;
        }
        say(tr("Pushed “%1”: version %2 on the server.").arg(titleOf(path)).arg(pushed->version), false);
        m_catalogue->rescan();
        if (m_rows.contains(pushed->uid))
            compare(pushed->uid);
        else
            load();
    });
}

void GrafanaPane::pushFailed(const QString& path, const Error& error)
{
    const QString uid = uidOf(path);
    say({}, false);
    if (error.code != ErrorCode::Conflict || !error.hint.isEmpty() || uid.isEmpty()) {
        m_notices->post(u"push:"_s + path, NoticeBar::Tone::Error, errorText(error), {{u"grafanaCloseNotice"_s, tr("Close"), {}}});
        return;
    }
    QCoro::connect(compareWithServer(m_client, uid, path, m_stop.get_token()), this,
                   [this, path, error, turn = m_turn](const Result<SyncComparison>& both) {
                       if (turn != m_turn)
                           return;
                       if (both.ok())
                           askConflict(path, *both);
                       else
                           m_notices->post(u"push:"_s + path, NoticeBar::Tone::Error, errorText(error), {{u"grafanaCloseNotice"_s, tr("Close"), {}}});
                   });
}

void GrafanaPane::askConflict(const QString& path, const SyncComparison& both)
{
    const QString uid = both.server.dashboard[u"uid"].toString();
    const QString here = both.origin ? tr("your file has version %1, edited").arg(both.origin->version) : tr("your file was never pulled");
    m_notices->post(u"push:"_s + path, NoticeBar::Tone::Warning,
                    tr("“%1” was changed on the server: it has %2, %3. Nothing was pushed.").arg(titleOf(path), versionText(both.server), here),
                    {{u"grafanaShowBoth"_s, tr("Show both"), [this, uid, path, both] { showBoth(uid, path, [this, path, both] { askConflict(path, both); }); }},
                     {u"grafanaPullTheirs"_s, tr("Pull theirs"),
                      [this, uid] {
                          escape();
                          pull(uid, true);
                      }},
                     {u"grafanaOverwrite"_s, tr("Overwrite the server"),
                      [this, path] {
                          escape();
                          push(path, true);
                      }},
                     {u"grafanaCancel"_s, tr("Cancel"), [this] { escape(); }}});
}

void GrafanaPane::offerPush(const QString& path)
{
    if (m_client && !m_rows.isEmpty())
        askPush(path);
    else
        m_waitingPush = path;
}

void GrafanaPane::askPush(const QString& path)
{
    const QString uid = uidOf(path);
    const bool known = m_rows.contains(uid);
    if (m_profile.readOnly) {
        m_notices->post(u"push:"_s + path, NoticeBar::Tone::Info,
                        tr("The stack “%1” is read-only, so “%2” is not pushed to its Grafana. Switch read-only off in the stack's settings, or choose another stack.")
                            .arg(m_profile.name, titleOf(path)),
                        {{u"grafanaManageStacks"_s, tr("Manage stacks"), [this] { Q_EMIT manageStacksRequested(); }}, {u"grafanaCancel"_s, tr("Cancel"), {}}});
        return;
    }
    if (known) {
        m_tree->clearSelection();
        m_rows[uid].item->setSelected(true);
        m_tree->scrollToItem(m_rows[uid].item);
    }
    m_notices->post(u"push:"_s + path, NoticeBar::Tone::Info,
                    known ? tr("Push “%1” to the Grafana of “%2”, where it exists already?").arg(titleOf(path), m_profile.name)
                          : tr("Push “%1” to the Grafana of “%2” as a new dashboard, into the folder chosen below?").arg(titleOf(path), m_profile.name),
                    {{u"grafanaPushNow"_s, tr("Push"), [this, path] { push(path, false); }}, {u"grafanaCancel"_s, tr("Cancel"), {}}});
}

void GrafanaPane::showBoth(const QString& uid, const QString& path, std::function<void()> then)
{
    QCoro::connect(compareWithServer(m_client, uid, path, m_stop.get_token()), this,
                   [this, path, then = std::move(then), turn = m_turn](const Result<SyncComparison>& both) {
                       if (turn != m_turn)
                           return;
                       if (!both.ok()) {
                           say(errorText(both.error()), true);
                       } else {
                           m_comparison->show(both->here.isNull() ? tr("In the library: nothing") : tr("In the library: %1").arg(path), both->here,
                                              both->there.isNull() ? tr("On the server: nothing")
                                                                   : tr("On the server: %1").arg(versionText(both->server)),
                                              both->there);
                           m_middle->setCurrentWidget(m_comparison);
                       }
                       updateButtons();
                       if (then)
                           then();
                   });
}

bool GrafanaPane::escape()
{
    if (m_middle->currentWidget() == m_tree)
        return false;
    m_middle->setCurrentWidget(m_tree);
    updateButtons();
    return true;
}

void GrafanaPane::updateButtons()
{
    const QStringList uids = selected();
    const bool list = m_middle->currentWidget() == m_tree;
    const bool ready = m_client && m_busy == 0;
    const bool anyHere = std::ranges::any_of(uids, [this](const QString& uid) { return !m_rows.value(uid).path.isEmpty(); });
    const bool allHere = std::ranges::all_of(uids, [this](const QString& uid) { return !m_rows.value(uid).path.isEmpty(); });
    m_pull->setVisible(list);
    m_push->setVisible(list);
    m_compare->setVisible(list);
    m_open->setVisible(list);
    m_back->setVisible(!list);
    m_pull->setEnabled(ready && !uids.isEmpty() && (allHere || !m_target->folder().isEmpty()));
    const bool nowhere = m_target->folder().isEmpty();
    m_pull->setToolTip(nowhere ? tr("Say first where new files go") : tr("Write the server's dashboards into files"));
    m_push->setEnabled(ready && anyHere && !m_profile.readOnly);
    m_push->setToolTip(m_profile.readOnly ? tr("This stack is read-only: switch that off in its settings to push")
                                          : tr("Send the files to the server, if nobody changed them there"));
    m_compare->setEnabled(ready && uids.size() == 1);
    m_open->setEnabled(uids.size() == 1 && anyHere);
}

void GrafanaPane::say(const QString& text, bool isError)
{
    const ThemeColors& c = Theme::instance().colors();
    QPalette look = m_state->palette();
    look.setColor(QPalette::WindowText, isError ? c.error : c.text);
    m_state->setPalette(look);
    m_state->setText(text);
}

} // namespace Promdeck
