#include "widgets/stack/stackform.h"

#include "models/query/timegrammar.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QColorDialog>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kNumberWidth = 120;
constexpr int kLabelWidth = 150; // every section's fields begin at the same place

QString joinUrls(const QList<QUrl>& urls)
{
    QStringList texts;
    for (const QUrl& url : urls)
        texts << url.toString(QUrl::RemoveUserInfo);
    return texts.join(u", "_s);
}

QString headerLines(const std::vector<AuthConfig::Header>& headers)
{
    QStringList lines;
    for (const AuthConfig::Header& header : headers) {
        const bool secret = header.secret.source != SecretRef::Source::None;
        lines << header.name + u": "_s + (secret ? secretRefText(header.secret) : header.value);
    }
    return lines.join(u'\n');
}

Result<std::vector<AuthConfig::Header>> readHeaders(const QString& text)
{
    std::vector<AuthConfig::Header> headers;
    for (const QString& line : text.split(u'\n')) {
        if (line.trimmed().isEmpty())
            continue;
        const qsizetype colon = line.indexOf(u':');
        if (colon <= 0) {
            return makeError(ErrorCode::InvalidArgument, StackForm::tr("A header is written as Name: value"), {},
                             StackForm::tr("One header per line"));
        }
        AuthConfig::Header header {line.left(colon).trimmed(), line.mid(colon + 1).trimmed(), {}};
        if (const Result<SecretRef> secret = parseSecretRef(header.value)) {
            header.value.clear();
            header.secret = *secret;
        }
        headers.push_back(std::move(header));
    }
    return headers;
}

} // namespace

StackForm::StackForm(QWidget* parent) : QWidget(parent)
{
    setMaximumWidth(760);
    new QVBoxLayout(this);
    layout()->setContentsMargins(0, 0, 0, 0);
    makeEndpoints();
    makeAuthentication();
    makeTls();
    makeBehaviour();
    setProfile({});
}

QFormLayout* StackForm::section(const QString& title)
{
    auto* heading = new QLabel(title, this);
    QFont font = heading->font();
    font.setPixelSize(QFontInfo(font).pixelSize() * 5 / 4);
    heading->setFont(font);
    heading->setContentsMargins(0, layout()->count() > 0 ? 14 : 0, 0, 2);
    layout()->addWidget(heading);
    auto* holder = new QWidget(this);
    auto* form = new QFormLayout(holder);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setVerticalSpacing(8);
    layout()->addWidget(holder);
    return form;
}

QLineEdit* StackForm::addEdit(QFormLayout* form, const QString& label, const QString& name, const QString& hint)
{
    auto* edit = new QLineEdit(this);
    edit->setObjectName(name);
    edit->setPlaceholderText(hint);
    form->addRow(label, edit);
    form->labelForField(edit)->setMinimumWidth(kLabelWidth);
    return edit;
}

QLineEdit* StackForm::addFile(QFormLayout* form, const QString& label, const QString& name)
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* edit = new QLineEdit(row);
    edit->setObjectName(name);
    edit->setPlaceholderText(tr("PEM file"));
    auto* browse = new QToolButton(row);
    browse->setIcon(themeIcon(u"folder"_s));
    browse->setToolTip(tr("Choose a file"));
    const QString plain = QString(label).remove(u'&');
    browse->setAccessibleName(tr("%1: choose a file").arg(plain));
    edit->setAccessibleName(plain);
    layout->addWidget(edit, 1);
    layout->addWidget(browse);
    connect(browse, &QToolButton::clicked, this, [this, edit, plain] {
        auto* dialog = new QFileDialog(this, plain, edit->text());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
        dialog->open();
    });
    form->addRow(label, row);
    auto* text = qobject_cast<QLabel*>(form->labelForField(row));
    text->setMinimumWidth(kLabelWidth);
    text->setBuddy(edit);
    return edit;
}

void StackForm::makeEndpoints()
{
    QFormLayout* form = section(tr("Endpoints"));
    m_name = addEdit(form, tr("&Name"), u"stackName"_s, tr("production"));
    m_color = new QPushButton(this);
    m_color->setObjectName(u"stackColor"_s);
    m_color->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_color, &QPushButton::clicked, this, &StackForm::chooseColor);
    form->addRow(tr("C&olour"), m_color);
    m_url = addEdit(form, tr("&Prometheus"), u"stackUrl"_s, tr("https://prometheus.example.org/prefix"));
    m_alertmanagers
        = addEdit(form, tr("&Alertmanagers"), u"stackAlertmanagers"_s, tr("empty: those that Prometheus reports"));
    m_grafana = addEdit(form, tr("&Grafana"), u"stackGrafana"_s, tr("optional"));
    m_grafanaToken = addEdit(form, tr("Grafana to&ken"), u"stackGrafanaToken"_s,
                             tr("env:VARIABLE, command:LINE or keychain:ENTRY; empty: as below"));
    m_loki = addEdit(form, tr("&Loki"), u"stackLoki"_s, tr("optional"));
    m_ssh = addEdit(form, tr("SS&H host"), u"stackSsh"_s, tr("optional: go through this host; the addresses are then as it sees them"));
}

void StackForm::makeAuthentication()
{
    m_authForm = section(tr("Authentication"));
    m_auth = new QComboBox(this);
    m_auth->setObjectName(u"stackAuth"_s);
    m_auth->addItems({tr("None"), tr("User and password"), tr("Bearer token")});
    m_authForm->addRow(tr("Me&thod"), m_auth);
    m_authForm->labelForField(m_auth)->setMinimumWidth(kLabelWidth);
    m_user = addEdit(m_authForm, tr("U&ser"), u"stackUser"_s);
    m_secretSource = new QComboBox(this);
    m_secretSource->setObjectName(u"stackSecretSource"_s);
    m_secretSource->addItems({tr("Nowhere"), tr("The keychain"), tr("An environment variable"), tr("A command's output")});
    m_authForm->addRow(tr("S&ecret from"), m_secretSource);
    m_secret = addEdit(m_authForm, tr("Secret"), u"stackSecret"_s, tr("goes into the keychain; empty keeps the present one"));
    m_secret->setEchoMode(QLineEdit::Password);
    m_secretKey = addEdit(m_authForm, tr("Entr&y"), u"stackSecretKey"_s);
    m_tenant = addEdit(m_authForm, tr("Tenant"), u"stackTenant"_s, tr("X-Scope-OrgID, for Mimir and the like"));
    m_headers = new QPlainTextEdit(this);
    m_headers->setObjectName(u"stackHeaders"_s);
    m_headers->setPlaceholderText(tr("Name: value\nName: env:VARIABLE, command:LINE or keychain:ENTRY"));
    m_headers->setTabChangesFocus(true);
    m_headers->setFixedHeight(64);
    m_authForm->addRow(tr("Further &headers"), m_headers);
    connect(m_auth, &QComboBox::currentIndexChanged, this, [this](int index) {
        // A secret without a source is never what is meant.
        if (index > 0 && m_secretSource->currentIndex() == 0)
            m_secretSource->setCurrentIndex(int(SecretRef::Source::Keychain));
        showRelevant();
    });
    connect(m_secretSource, &QComboBox::currentIndexChanged, this, &StackForm::showRelevant);
}

void StackForm::makeTls()
{
    QFormLayout* form = section(tr("TLS"));
    m_verify = new QCheckBox(tr("&Verify the server's certificate"), this);
    m_verify->setObjectName(u"stackVerify"_s);
    form->addRow(m_verify);
    m_ca = addFile(form, tr("CA"), u"stackCa"_s);
    m_clientCert = addFile(form, tr("Client &certificate"), u"stackCert"_s);
    m_clientKey = addFile(form, tr("Client &key"), u"stackKey"_s);
}

void StackForm::makeBehaviour()
{
    QFormLayout* form = section(tr("Behaviour"));
    m_readOnly = new QCheckBox(tr("&Read only: refuse everything that changes the server"), this);
    m_readOnly->setObjectName(u"stackReadOnly"_s);
    m_compress = new QCheckBox(tr("Compress ans&wers (slower on a local network)"), this);
    form->addRow(m_readOnly);
    form->addRow(m_compress);
    m_timeout = new QSpinBox(this);
    m_timeout->setRange(1, 600);
    m_timeout->setSuffix(tr(" s"));
    m_timeout->setFixedWidth(kNumberWidth);
    form->addRow(tr("T&imeout"), m_timeout);
    form->labelForField(m_timeout)->setMinimumWidth(kLabelWidth);
    m_limit = new QSpinBox(this);
    m_limit->setRange(1, 4096);
    m_limit->setSuffix(tr(" MiB"));
    m_limit->setFixedWidth(kNumberWidth);
    form->addRow(tr("Largest answer"), m_limit);
    m_scrape = addEdit(form, tr("Scrape inter&val"), u"stackScrape"_s, tr("empty: what the server says, else 15s"));
}

void StackForm::setColor(const QString& color)
{
    m_colorName = color;
    const QColor shown(color.isEmpty() ? Theme::instance().colors().accent : QColor(color));
    QPixmap swatch(28, 16);
    swatch.fill(shown);
    m_color->setIcon(swatch);
    m_color->setIconSize(swatch.size());
    m_color->setText(color.isEmpty() ? tr("default") : color);
    m_color->setAccessibleName(tr("Colour: %1").arg(m_color->text()));
}

void StackForm::chooseColor()
{
    auto* dialog = new QColorDialog(QColor(m_colorName), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QColorDialog::colorSelected, this, [this](const QColor& color) { setColor(color.name()); });
    dialog->open();
}

void StackForm::showRelevant()
{
    const auto type = AuthConfig::Type(m_auth->currentIndex());
    const auto source = SecretRef::Source(m_secretSource->currentIndex());
    const bool authenticates = type != AuthConfig::Type::None;
    m_authForm->setRowVisible(m_user, type == AuthConfig::Type::Basic);
    m_authForm->setRowVisible(m_secretSource, authenticates);
    m_authForm->setRowVisible(m_secret, authenticates && source == SecretRef::Source::Keychain);
    m_authForm->setRowVisible(m_secretKey, authenticates && source != SecretRef::Source::None);
    if (auto* label = qobject_cast<QLabel*>(m_authForm->labelForField(m_secret)))
        label->setText(type == AuthConfig::Type::Bearer ? tr("Token") : tr("Pass&word"));
    m_secret->setAccessibleName(type == AuthConfig::Type::Bearer ? tr("Token") : tr("Password"));
    const QString label = source == SecretRef::Source::Environment ? tr("Variable")
        : source == SecretRef::Source::Command                     ? tr("Command")
                                                                   : tr("Keychain entry");
    if (auto* text = qobject_cast<QLabel*>(m_authForm->labelForField(m_secretKey)))
        text->setText(label);
    m_secretKey->setAccessibleName(label);
    m_secretKey->setPlaceholderText(source == SecretRef::Source::Environment ? u"PROMETHEUS_PASSWORD"_s
                                    : source == SecretRef::Source::Command   ? u"pass show monitoring/prometheus"_s
                                                                             : tr("empty: named after the stack"));
}

void StackForm::setProfile(const StackProfile& profile)
{
    m_profile = profile;
    m_name->setText(profile.name);
    m_url->setText(profile.prometheus.toString(QUrl::RemoveUserInfo));
    setColor(profile.color);
    m_alertmanagers->setText(joinUrls(profile.alertmanagers));
    m_grafana->setText(profile.grafana.toString());
    m_grafanaToken->setText(secretRefText(profile.grafanaToken));
    m_loki->setText(profile.loki.toString());
    m_auth->setCurrentIndex(int(profile.auth.type));
    m_user->setText(profile.auth.user);
    m_secretSource->setCurrentIndex(int(profile.auth.secret.source));
    m_secretKey->setText(profile.auth.secret.key);
    m_secret->clear();
    m_tenant->setText(profile.auth.tenant);
    m_headers->setPlainText(headerLines(profile.auth.headers));
    m_ssh->setText(profile.ssh);
    m_ca->setText(profile.caFile);
    m_clientCert->setText(profile.auth.clientCertFile);
    m_clientKey->setText(profile.auth.clientKeyFile);
    m_verify->setChecked(profile.verifyTls);
    m_compress->setChecked(profile.compress);
    m_readOnly->setChecked(profile.readOnly);
    m_timeout->setValue(profile.timeoutMs / 1000);
    m_limit->setValue(int(profile.maxResponseBytes >> 20));
    m_scrape->setText(profile.scrapeIntervalMs > 0 ? intervalText(profile.scrapeIntervalMs) : QString());
    showRelevant();
}

Result<AuthConfig> StackForm::authentication() const
{
    AuthConfig auth;
    auth.type = AuthConfig::Type(m_auth->currentIndex());
    if (auth.type == AuthConfig::Type::Basic)
        auth.user = m_user->text();
    if (auth.type != AuthConfig::Type::None) {
        auth.secret.source = SecretRef::Source(m_secretSource->currentIndex());
        auth.secret.key = m_secretKey->text().trimmed();
    }
    auth.tenant = m_tenant->text().trimmed();
    auth.clientCertFile = m_clientCert->text().trimmed();
    auth.clientKeyFile = m_clientKey->text().trimmed();
    Result<std::vector<AuthConfig::Header>> headers = readHeaders(m_headers->toPlainText());
    if (!headers)
        return headers.error();
    auth.headers = *std::move(headers);
    return auth;
}

Result<StackProfile> StackForm::profile() const
{
    StackProfile profile = m_profile;
    const Result<QUrl> url = parseStackUrl(m_url->text());
    if (!url)
        return url.error();
    profile.prometheus = *url;
    profile.name = m_name->text().trimmed().isEmpty() ? profileForUrl(*url).name : m_name->text().trimmed();
    profile.color = m_colorName;
    profile.alertmanagers.clear();
    for (const QString& text : m_alertmanagers->text().split(u',', Qt::SkipEmptyParts)) {
        const Result<QUrl> alertmanager = parseStackUrl(text.trimmed());
        if (!alertmanager)
            return alertmanager.error();
        profile.alertmanagers << *alertmanager;
    }
    profile.grafana = QUrl(m_grafana->text().trimmed());
    profile.grafanaToken = {};
    if (const QString token = m_grafanaToken->text().trimmed(); !token.isEmpty()) {
        const Result<SecretRef> secret = parseSecretRef(token);
        if (!secret)
            return secret.error();
        profile.grafanaToken = *secret;
    }
    profile.loki = QUrl(m_loki->text().trimmed());
    Result<AuthConfig> auth = authentication();
    if (!auth)
        return auth.error();
    profile.auth = *std::move(auth);
    SecretRef& secret = profile.auth.secret;
    if (secret.source == SecretRef::Source::Keychain && secret.key.isEmpty())
        secret.key = u"stack/"_s + profile.name;
    profile.ssh = m_ssh->text().trimmed();
    profile.caFile = m_ca->text().trimmed();
    profile.verifyTls = m_verify->isChecked();
    profile.compress = m_compress->isChecked();
    profile.readOnly = m_readOnly->isChecked();
    profile.timeoutMs = m_timeout->value() * 1000;
    profile.maxResponseBytes = qint64(m_limit->value()) << 20;
    profile.scrapeIntervalMs = 0;
    if (!m_scrape->text().trimmed().isEmpty()) {
        const Result<qint64> interval = parseInterval(m_scrape->text().trimmed());
        if (!interval)
            return interval.error();
        profile.scrapeIntervalMs = *interval;
    }
    return profile;
}

QString StackForm::typedSecret() const
{
    return m_authForm->isRowVisible(m_secret) ? m_secret->text() : QString();
}

void StackForm::clearTypedSecret()
{
    m_secret->clear();
}

void StackForm::focusFirst()
{
    m_name->setFocus();
}

} // namespace Promdeck
