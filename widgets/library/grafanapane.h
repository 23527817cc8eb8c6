#pragma once

#include "models/core/secrets.h"
#include "models/library/grafanasync.h"
#include "models/stack/stackstore.h"

#include <QHash>
#include <QWidget>

#include <stop_token>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace Promdeck {

class ComparisonView;
class DashboardCatalogue;
class FolderPicker;
class NoticeBar;

/// The dashboards of a stack's Grafana beside those of the library: browse, pull, push, and a choice where both sides
/// changed. Nothing is overwritten, here or there, before somebody says so.
class GrafanaPane final : public QWidget
{
    Q_OBJECT
public:
    GrafanaPane(DashboardCatalogue* catalogue, StackStore* stacks, std::shared_ptr<SecretStore> secrets, QWidget* parent = nullptr);
    ~GrafanaPane() override;
    /// Shown again; with the Grafana of this stack when it has one.
    void enter(const QString& stack);
    /// Asks whether and where to push a file.
    void offerPush(const QString& path);
    /// One level out: from a comparison back to the list; false when it is the list that is shown.
    bool escape();
    [[nodiscard]] NoticeBar* notices() const { return m_notices; }

Q_SIGNALS:
    void closed();
    void openRequested(const QString& path);
    void manageStacksRequested();

private:
    /// A dashboard of the server, and the file that belongs to it.
    struct Row
    {
        GrafanaListing listing;
        QString path; ///< empty: not here
        std::optional<SyncComparison> compared;
        std::optional<Error> error;
        QTreeWidgetItem* item = nullptr;
    };
    QWidget* makeHead();
    QWidget* makeButtons();
    void fillStacks(const QString& wanted);
    void connectTo(const StackProfile& profile);
    void load();
    void fill();
    void filter();
    void findLocal();
    void compare(const QString& uid);
    void showRow(Row& row);
    void pullSelected();
    void pull(const QString& uid, bool overEdits);
    void pullFailed(const QString& uid, const QString& path, const Error& error);
    void push(const QString& path, bool overwrite);
    void pushFailed(const QString& path, const Error& error);
    void askConflict(const QString& path, const SyncComparison& both);
    void askPush(const QString& path);
    void showBoth(const QString& uid, const QString& path, std::function<void()> then);
    void updateButtons();
    void say(const QString& text, bool isError);
    [[nodiscard]] QStringList selected() const; ///< uids
    [[nodiscard]] QString localPath(const QString& uid) const;
    [[nodiscard]] QString pathFor(const Row& row) const;
    [[nodiscard]] QString titleOf(const QString& path) const;
    [[nodiscard]] QString uidOf(const QString& path) const;

    DashboardCatalogue* m_catalogue;
    StackStore* m_stacks;
    std::shared_ptr<SecretStore> m_secrets;
    std::shared_ptr<GrafanaClient> m_client;
    StackProfile m_profile;
    std::vector<GrafanaFolder> m_folders;
    QHash<QString, Row> m_rows; ///< by uid
    QString m_waitingPush;      ///< a file to offer once the server is known
    std::stop_source m_stop;
    quint64 m_turn = 0;
    int m_busy = 0;

    QComboBox* m_stack;
    QLineEdit* m_filter;
    NoticeBar* m_notices;
    QStackedWidget* m_middle;
    QTreeWidget* m_tree;
    ComparisonView* m_comparison;
    QLabel* m_state;
    FolderPicker* m_target;
    QComboBox* m_serverFolder;
    QPushButton* m_pull = nullptr;
    QPushButton* m_push = nullptr;
    QPushButton* m_compare = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_back = nullptr;
};

} // namespace Promdeck
