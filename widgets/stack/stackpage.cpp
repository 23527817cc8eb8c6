#include "widgets/stack/stackpage.h"

#include "models/query/timegrammar.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/stack/stackcard.h"

#include <QCoroTask>

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

QLineEdit* makeEdit(QFormLayout* form, const QString& label, const QString& name, const QString& hint = {})
{
    auto* edit = new QLineEdit;
    edit->setObjectName(name);
    edit->setPlaceholderText(hint);
    form->addRow(label, edit);
    return edit;
}

QString joinUrls(const QList<QUrl>& urls)
{
    QStringList texts;
    for (const QUrl& url : urls)
        texts << url.toString(QUrl::RemoveUserInfo);
    return texts.join(u", "_s);
}

} // namespace

StackPage::StackPage(StackStore* store, std::shared_ptr<SecretStore> secrets, QWidget* parent)
    : QWidget(parent), m_store(store), m_secrets(std::move(secrets))
{
    setObjectName(u"stackPage"_s);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(16);
    auto* side = new QVBoxLayout;
    auto* back = new QPushButton(themeIcon(u"chevron-left"_s), tr("&Back"), this);
    back->setObjectName(u"stackBack"_s);
    connect(back, &QPushButton::clicked, this, &StackPage::closed);
    m_list = new QListWidget(this);
    m_list->setObjectName(u"stackList"_s);
    m_list->setAccessibleName(tr("Stacks"));
    m_list->setMaximumWidth(260);
    auto* add = new QPushButton(themeIcon(u"plus"_s), tr("&New stack"), this);
    add->setObjectName(u"stackNew"_s);
    connect(add, &QPushButton::clicked, this, [this] { edit({}, true); });
    side->addWidget(back);
    side->addWidget(m_list, 1);
    side->addWidget(add);
    layout->addLayout(side);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(makeForm());
    layout->addWidget(scroll, 1);
    connect(m_list, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (item) {
            if (const auto profile = m_store->find(item->text()))
                edit(*profile, false);
        }
    });
    connect(m_store, &StackStore::changed, this, &StackPage::fillList);
    fillList();
    edit({}, true);
}

QWidget* StackPage::makeForm()
{
    auto* page = new QWidget;
    page->setMaximumWidth(720);
    auto* form = new QFormLayout(page);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setVerticalSpacing(8);
    m_name = makeEdit(form, tr("&Name"), u"stackName"_s, tr("production"));
    m_url = makeEdit(form, tr("&Prometheus"), u"stackUrl"_s, tr("https://prometheus.example.org/prefix"));
    m_color = makeEdit(form, tr("C&olour"), u"stackColor"_s, u"#3d71d9"_s);
    m_alertmanagers = makeEdit(form, tr("&Alertmanagers"), u"stackAlertmanagers"_s, tr("empty: those that Prometheus reports"));
    m_grafana = makeEdit(form, tr("&Grafana"), u"stackGrafana"_s);
    m_loki = makeEdit(form, tr("&Loki"), u"stackLoki"_s);
    m_auth = new QComboBox;
    m_auth->setObjectName(u"stackAuth"_s);
    m_auth->addItems({tr("None"), tr("User and password"), tr("Bearer token")});
    form->addRow(tr("A&uthentication"), m_auth);
    m_user = makeEdit(form, tr("U&ser"), u"stackUser"_s);
    m_secretSource = new QComboBox;
    m_secretSource->setObjectName(u"stackSecretSource"_s);
    m_secretSource->addItems({tr("No secret"), tr("Keychain entry"), tr("Environment variable"), tr("Output of a command")});
    form->addRow(tr("S&ecret from"), m_secretSource);
    m_secretKey = makeEdit(form, tr("Entr&y, variable or command"), u"stackSecretKey"_s);
    m_tenant = makeEdit(form, tr("&Tenant (X-Scope-OrgID)"), u"stackTenant"_s);
    m_ca = makeEdit(form, tr("CA &file"), u"stackCa"_s);
    m_clientCert = makeEdit(form, tr("Client &certificate file"), u"stackCert"_s);
    m_clientKey = makeEdit(form, tr("Client &key file"), u"stackKey"_s);
    m_verify = new QCheckBox(tr("&Verify the server's certificate"));
    m_compress = new QCheckBox(tr("Compress ans&wers (slower on a local network)"));
    m_readOnly = new QCheckBox(tr("&Read only: refuse everything that changes the server"));
    m_readOnly->setObjectName(u"stackReadOnly"_s);
    form->addRow(m_verify);
    form->addRow(m_compress);
    form->addRow(m_readOnly);
    m_timeout = new QSpinBox;
    m_timeout->setRange(1, 600);
    m_timeout->setSuffix(tr(" s"));
    form->addRow(tr("T&imeout"), m_timeout);
    m_scrape = makeEdit(form, tr("Scrape inter&val"), u"stackScrape"_s, tr("empty: what the server says, else 15s"));
    m_state = new QLabel;
    m_state->setObjectName(u"stackState"_s);
    m_state->setWordWrap(true);
    m_state->setTextFormat(Qt::PlainText);
    form->addRow(m_state);
    auto* buttons = new QHBoxLayout;
    const auto addButton = [&](const QString& text, const QString& name, auto slot) {
        auto* button = new QPushButton(text);
        button->setObjectName(name);
        connect(button, &QPushButton::clicked, this, slot);
        buttons->addWidget(button);
        return button;
    };
    addButton(tr("Save"), u"stackSave"_s, &StackPage::save)->setDefault(true);
    addButton(tr("Test"), u"stackTest"_s, &StackPage::test);
    addButton(tr("Open"), u"stackOpen"_s, [this] {
        const auto profile = readForm();
        if (profile.ok())
            Q_EMIT stackChosen(*profile);
        else
            say(errorText(profile.error()), true);
    });
    buttons->addStretch(1);
    addButton(tr("Remove"), u"stackRemove"_s, &StackPage::removeCurrent);
    form->addRow(buttons);
    return page;
}

void StackPage::fillList()
{
    const QSignalBlocker blocker(m_list);
    m_list->clear();
    for (const StackProfile& profile : m_store->stacks()) {
        auto* item = new QListWidgetItem(profile.name, m_list);
        item->setSizeHint({0, 28});
        if (profile.name == m_original)
            m_list->setCurrentItem(item);
    }
}

void StackPage::edit(const StackProfile& profile, bool isNew)
{
    m_original = isNew ? QString() : profile.name;
    m_profile = profile;
    ++m_turn;
    say({}, false);
    showProfile(profile);
    if (isNew) {
        const QSignalBlocker blocker(m_list);
        m_list->setCurrentItem(nullptr);
        m_name->setFocus();
    }
}

void StackPage::showProfile(const StackProfile& profile)
{
    m_name->setText(profile.name);
    m_url->setText(profile.prometheus.toString(QUrl::RemoveUserInfo));
    m_color->setText(profile.color);
    m_alertmanagers->setText(joinUrls(profile.alertmanagers));
    m_grafana->setText(profile.grafana.toString());
    m_loki->setText(profile.loki.toString());
    m_auth->setCurrentIndex(int(profile.auth.type));
    m_user->setText(profile.auth.user);
    m_secretSource->setCurrentIndex(int(profile.auth.secret.source));
    m_secretKey->setText(profile.auth.secret.key);
    m_tenant->setText(profile.auth.tenant);
    m_ca->setText(profile.caFile);
    m_clientCert->setText(profile.auth.clientCertFile);
    m_clientKey->setText(profile.auth.clientKeyFile);
    m_verify->setChecked(profile.verifyTls);
    m_compress->setChecked(profile.compress);
    m_readOnly->setChecked(profile.readOnly);
    m_timeout->setValue(profile.timeoutMs / 1000);
    m_scrape->setText(profile.scrapeIntervalMs > 0 ? intervalText(profile.scrapeIntervalMs) : QString());
}

Result<StackProfile> StackPage::readForm() const
{
    StackProfile profile = m_profile;
    const auto url = parseStackUrl(m_url->text());
    if (!url.ok())
        return url.error();
    profile.prometheus = *url;
    profile.name = m_name->text().trimmed().isEmpty() ? profileForUrl(*url).name : m_name->text().trimmed();
    profile.color = m_color->text().trimmed();
    profile.alertmanagers.clear();
    for (const QString& text : m_alertmanagers->text().split(u',', Qt::SkipEmptyParts)) {
        const auto alertmanager = parseStackUrl(text.trimmed());
        if (!alertmanager.ok())
            return alertmanager.error();
        profile.alertmanagers << *alertmanager;
    }
    profile.grafana = QUrl(m_grafana->text().trimmed());
    profile.loki = QUrl(m_loki->text().trimmed());
    profile.auth.type = AuthConfig::Type(m_auth->currentIndex());
    profile.auth.user = m_user->text();
    profile.auth.secret.source = SecretRef::Source(m_secretSource->currentIndex());
    profile.auth.secret.key = m_secretKey->text();
    profile.auth.tenant = m_tenant->text().trimmed();
    profile.caFile = m_ca->text().trimmed();
    profile.auth.clientCertFile = m_clientCert->text().trimmed();
    profile.auth.clientKeyFile = m_clientKey->text().trimmed();
    profile.verifyTls = m_verify->isChecked();
    profile.compress = m_compress->isChecked();
    profile.readOnly = m_readOnly->isChecked();
    profile.timeoutMs = m_timeout->value() * 1000;
    profile.scrapeIntervalMs = 0;
    if (!m_scrape->text().trimmed().isEmpty()) {
        const auto interval = parseInterval(m_scrape->text().trimmed());
        if (!interval.ok())
            return interval.error();
        profile.scrapeIntervalMs = *interval;
    }
    return profile;
}

void StackPage::save()
{
    const auto profile = readForm();
    if (!profile.ok()) {
        say(errorText(profile.error()), true);
        return;
    }
    const Status saved = m_store->put(*profile, m_original);
    if (!saved.ok()) {
        say(errorText(saved.error()), true);
        return;
    }
    m_original = profile->name;
    m_profile = *profile;
    fillList();
    say(tr("Saved"), false);
}

void StackPage::removeCurrent()
{
    if (m_original.isEmpty()) {
        edit({}, true);
        return;
    }
    const Status removed = m_store->remove(m_original);
    if (!removed.ok()) {
        say(errorText(removed.error()), true);
        return;
    }
    edit({}, true);
}

void StackPage::test()
{
    const auto profile = readForm();
    if (!profile.ok()) {
        say(errorText(profile.error()), true);
        return;
    }
    const quint64 turn = ++m_turn;
    say(tr("Asking %1…").arg(profile->prometheus.toDisplayString()), false);
    QCoro::connect(probeProfile(*profile, m_secrets, std::chrono::seconds(10)), this, [this, turn](const ProbeReport& report) {
        if (turn != m_turn)
            return;
        say(report.error ? errorText(*report.error) : probeSummary(report), report.error.has_value());
    });
}

void StackPage::say(const QString& text, bool isError)
{
    const ThemeColors& c = Theme::instance().colors();
    QPalette palette = m_state->palette();
    palette.setColor(QPalette::WindowText, isError ? c.error : c.text);
    m_state->setPalette(palette);
    m_state->setText(text);
}

} // namespace Promdeck
