#pragma once

#include "models/stack/discovery.h"
#include "models/stack/stackstore.h"

#include <QScrollArea>
#include <QTimer>

#include <functional>
#include <stop_token>

class QLabel;
class QLineEdit;
class QPushButton;

namespace Promdeck {

class FlowLayout;
class StackCard;

/// The first page: the stacks the user has, those found on this machine, and a field for any other address.
/// One click opens a dashboard; nothing is modal and nothing is written to any server.
class WelcomePage final : public QScrollArea
{
    Q_OBJECT
public:
    WelcomePage(StackStore* store, std::shared_ptr<SecretStore> secrets, QWidget* parent = nullptr);
    ~WelcomePage() override;
    /// Looks at the usual places again and probes the saved stacks.
    void refresh();
    /// It has looked, and every answer is on the page.
    [[nodiscard]] bool isSettled() const { return m_looked && m_waiting == 0; }
    [[nodiscard]] bool hasLooked() const { return m_looked; }
    /// A sentence on top: what went wrong, or what is going on.
    void showNotice(const QString& text);
    void setBusy(const QString& text);
    /// Where discovery looks; for tests.
    void setPlaces(std::vector<UsualPlace> places) { m_places = std::move(places); }

Q_SIGNALS:
    void stackChosen(const Promdeck::StackProfile& profile);
    void manageStacksRequested();
    void openFileRequested();
    void libraryRequested();
    void menuRequested();
    /// The last answer is on the page.
    void settled();

private:
    QWidget* makeAddressRow(QWidget* parent);
    void showSaved();
    void discover();
    void addFound(const ProbeReport& report);
    void addressEdited();
    void probeAddress();
    void openAddress();
    void answered();
    static void clear(FlowLayout* layout);

    StackStore* m_store;
    std::shared_ptr<SecretStore> m_secrets;
    std::vector<UsualPlace> m_places = usualPlaces();
    FlowLayout* m_saved;
    FlowLayout* m_found;
    QLabel* m_notice;
    QLabel* m_savedTitle;
    QLabel* m_foundTitle;
    QLabel* m_foundState;
    QLineEdit* m_address;
    QLabel* m_addressState;
    QPushButton* m_open;
    QTimer m_typing;
    std::stop_source m_stop;
    std::stop_source m_addressStop;
    quint64 m_addressTurn = 0;
    bool m_looked = false;
    int m_waiting = 0; ///< probes and searches under way, outdated ones too
};

} // namespace Promdeck
