#pragma once

#include "models/stack/probe.h"
#include "models/stack/stackstore.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace Promdeck {

/// The list of stacks and the editor of one. What a probe says appears beside the form while it is edited.
class StackPage final : public QWidget
{
    Q_OBJECT
public:
    StackPage(StackStore* store, std::shared_ptr<SecretStore> secrets, QWidget* parent = nullptr);
    void edit(const StackProfile& profile, bool isNew);

Q_SIGNALS:
    void stackChosen(const Promdeck::StackProfile& profile);
    void closed();

private:
    QWidget* makeForm();
    void fillList();
    void showProfile(const StackProfile& profile);
    [[nodiscard]] Result<StackProfile> readForm() const;
    void save();
    void removeCurrent();
    void test();
    void say(const QString& text, bool isError);

    StackStore* m_store;
    std::shared_ptr<SecretStore> m_secrets;
    StackProfile m_profile; ///< as loaded: keeps what the form does not show
    QString m_original;     ///< name in the store; empty = new
    quint64 m_turn = 0;
    QListWidget* m_list;
    QLineEdit* m_name;
    QLineEdit* m_url;
    QLineEdit* m_color;
    QLineEdit* m_alertmanagers;
    QLineEdit* m_grafana;
    QLineEdit* m_loki;
    QComboBox* m_auth;
    QLineEdit* m_user;
    QComboBox* m_secretSource;
    QLineEdit* m_secretKey;
    QLineEdit* m_tenant;
    QLineEdit* m_ca;
    QLineEdit* m_clientCert;
    QLineEdit* m_clientKey;
    QCheckBox* m_verify;
    QCheckBox* m_compress;
    QCheckBox* m_readOnly;
    QSpinBox* m_timeout;
    QLineEdit* m_scrape;
    QLabel* m_state;
};

} // namespace Promdeck
