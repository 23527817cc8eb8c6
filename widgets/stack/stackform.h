#pragma once

#include "models/stack/stackprofile.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace Promdeck {

/// The fields of one stack profile, in sections; only those that matter for the chosen authentication show.
class StackForm final : public QWidget
{
    Q_OBJECT
public:
    explicit StackForm(QWidget* parent = nullptr);

    void setProfile(const StackProfile& profile);
    /// What the fields say. Errors: InvalidArgument, in the words of the field. Does not hold the typed secret.
    [[nodiscard]] Result<StackProfile> profile() const;
    /// A password or token to put into the keychain under profile().auth.secret.key; empty = leave what is there.
    [[nodiscard]] QString typedSecret() const;
    void clearTypedSecret();
    void focusFirst();

private:
    QFormLayout* section(const QString& title);
    QLineEdit* addEdit(QFormLayout* form, const QString& label, const QString& name, const QString& hint = {});
    QLineEdit* addFile(QFormLayout* form, const QString& label, const QString& name);
    void makeEndpoints();
    void makeAuthentication();
    void makeTls();
    void makeBehaviour();
    void setColor(const QString& color);
    void chooseColor();
    void showRelevant();
    [[nodiscard]] Result<AuthConfig> authentication() const;

    StackProfile m_profile; ///< as set: keeps what the form does not show
    QString m_colorName;
    QLineEdit* m_name = nullptr;
    QLineEdit* m_url = nullptr;
    QPushButton* m_color = nullptr;
    QLineEdit* m_alertmanagers = nullptr;
    QLineEdit* m_grafana = nullptr;
    QLineEdit* m_grafanaToken = nullptr;
    QLineEdit* m_loki = nullptr;
    QFormLayout* m_authForm = nullptr;
    QComboBox* m_auth = nullptr;
    QLineEdit* m_user = nullptr;
    QComboBox* m_secretSource = nullptr;
    QLineEdit* m_secret = nullptr;
    QLineEdit* m_secretKey = nullptr;
    QLineEdit* m_tenant = nullptr;
    QPlainTextEdit* m_headers = nullptr;
    QLineEdit* m_ssh = nullptr;
    QLineEdit* m_ca = nullptr;
    QLineEdit* m_clientCert = nullptr;
    QLineEdit* m_clientKey = nullptr;
    QCheckBox* m_verify = nullptr;
    QCheckBox* m_compress = nullptr;
    QCheckBox* m_readOnly = nullptr;
    QSpinBox* m_timeout = nullptr;
    QSpinBox* m_limit = nullptr;
    QLineEdit* m_scrape = nullptr;
};

} // namespace Promdeck
