#include "widgets/stack/welcomepage.h"

#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/flowlayout.h"
#include "widgets/stack/stackcard.h"

#include <QCoroTask>

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kTypingDelayMs = 400;
constexpr int kColumnWidth = 940;

QLabel* makeHeading(const QString& text, int px, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setPixelSize(px);
    font.setWeight(QFont::Medium);
    label->setFont(font);
    return label;
}

} // namespace

WelcomePage::WelcomePage(StackStore* store, std::shared_ptr<SecretStore> secrets, QWidget* parent)
    : QScrollArea(parent), m_store(store), m_secrets(std::move(secrets))
{
    setObjectName(u"welcomePage"_s);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    auto* outer = new QWidget(this);
    auto* row = new QHBoxLayout(outer);
    auto* column = new QWidget(outer);
    column->setMaximumWidth(kColumnWidth);
    row->addStretch(1);
    row->addWidget(column, 20);
    row->addStretch(1);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(16, 40, 16, 24);
    layout->setSpacing(10);
    auto* head = new QHBoxLayout;
    head->addWidget(makeHeading(tr("Promdeck"), 30, column), 1);
    auto* menu = new QToolButton(column);
    menu->setObjectName(u"mainMenu"_s);
    menu->setIcon(themeIcon(u"menu"_s));
    menu->setToolTip(tr("Menu (F10)"));
    menu->setAccessibleName(tr("Menu"));
    connect(menu, &QToolButton::clicked, this, &WelcomePage::menuRequested);
    head->addWidget(menu);
    layout->addLayout(head);
    auto* intro = new QLabel(tr("Choose a monitoring stack. Promdeck only reads; nothing is changed on any server."), column);
    intro->setWordWrap(true);
    layout->addWidget(intro);
    m_notice = new QLabel(column);
    m_notice->setObjectName(u"welcomeNotice"_s);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setWordWrap(true);
    m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_notice->hide();
    layout->addWidget(m_notice);
    layout->addSpacing(10);
    layout->addWidget(makeAddressRow(column));
    layout->addSpacing(14);
    m_savedTitle = makeHeading(tr("Your stacks"), 16, column);
    m_savedTitle->hide();
    layout->addWidget(m_savedTitle);
    auto* saved = new QWidget(column);
    m_saved = new FlowLayout(saved, 12);
    m_saved->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(saved);
    m_foundTitle = makeHeading(tr("Found on this computer"), 16, column);
    layout->addWidget(m_foundTitle);
    m_foundState = new QLabel(column);
    m_foundState->setObjectName(u"discoveryState"_s);
    m_foundState->setWordWrap(true);
    layout->addWidget(m_foundState);
    auto* found = new QWidget(column);
    m_found = new FlowLayout(found, 12);
    m_found->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(found);
    layout->addSpacing(14);
    auto* buttons = new QHBoxLayout;
    auto* manage = new QPushButton(themeIcon(u"gear"_s), tr("&Manage stacks"), column);
    manage->setObjectName(u"manageStacks"_s);
    connect(manage, &QPushButton::clicked, this, &WelcomePage::manageStacksRequested);
    auto* openFile = new QPushButton(themeIcon(u"folder"_s), tr("Open a &dashboard file"), column);
    openFile->setObjectName(u"openDashboardFile"_s);
    connect(openFile, &QPushButton::clicked, this, &WelcomePage::openFileRequested);
    buttons->addWidget(manage);
    buttons->addWidget(openFile);
    auto* library = new QPushButton(themeIcon(u"library"_s), tr("Dashboard &library"), column);
    library->setObjectName(u"openLibrary"_s);
    connect(library, &QPushButton::clicked, this, &WelcomePage::libraryRequested);
    buttons->addWidget(library);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    layout->addStretch(1);
    setWidget(outer);
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingDelayMs);
    connect(&m_typing, &QTimer::timeout, this, &WelcomePage::probeAddress);
    connect(m_store, &StackStore::changed, this, &WelcomePage::showSaved);
}

WelcomePage::~WelcomePage()
{
    m_stop.request_stop();
    m_addressStop.request_stop();
}

QWidget* WelcomePage::makeAddressRow(QWidget* parent)
{
    auto* box = new QWidget(parent);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* line = new QHBoxLayout;
    m_address = new QLineEdit(box);
    m_address->setObjectName(u"stackAddress"_s);
    m_address->setPlaceholderText(tr("Address of a Prometheus, for example prometheus.example.org:9090"));
    m_address->setAccessibleName(tr("Address of a Prometheus"));
    m_address->setClearButtonEnabled(true);
    m_address->setMinimumHeight(36);
    m_open = new QPushButton(tr("&Open"), box);
    m_open->setObjectName(u"openAddress"_s);
    m_open->setDefault(true);
    m_open->setMinimumHeight(36);
    m_open->setEnabled(false);
    line->addWidget(m_address, 1);
    line->addWidget(m_open);
    layout->addLayout(line);
    m_addressState = new QLabel(box);
    m_addressState->setObjectName(u"addressState"_s);
    m_addressState->setTextFormat(Qt::PlainText);
    m_addressState->setWordWrap(true);
    m_addressState->setMinimumHeight(m_addressState->fontMetrics().height());
    layout->addWidget(m_addressState);
    connect(m_address, &QLineEdit::textChanged, this, &WelcomePage::addressEdited);
    connect(m_address, &QLineEdit::returnPressed, this, &WelcomePage::openAddress);
    connect(m_open, &QPushButton::clicked, this, &WelcomePage::openAddress);
    return box;
}

void WelcomePage::showNotice(const QString& text)
{
    QPalette palette = m_notice->palette();
    palette.setColor(QPalette::WindowText, Theme::instance().colors().error);
    m_notice->setPalette(palette);
    m_notice->setText(text);
    m_notice->setVisible(!text.isEmpty());
}

void WelcomePage::setBusy(const QString& text)
{
    QPalette palette = m_notice->palette();
    palette.setColor(QPalette::WindowText, Theme::instance().colors().textSecondary);
    m_notice->setPalette(palette);
    m_notice->setText(text);
    m_notice->setVisible(!text.isEmpty());
}

void WelcomePage::clear(FlowLayout* layout)
{
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
}

void WelcomePage::refresh()
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_looked = true;
    showSaved();
    discover();
}

void WelcomePage::answered()
{
    if (--m_waiting == 0)
        Q_EMIT settled();
}

void WelcomePage::showSaved()
{
    clear(m_saved);
    const auto& stacks = m_store->stacks();
    m_savedTitle->setVisible(!stacks.empty());
    for (const StackProfile& profile : stacks) {
        auto* card = new StackCard(profile, widget());
        card->setProbing();
        connect(card, &StackCard::clicked, this, [this, profile] { Q_EMIT stackChosen(profile); });
        m_saved->addWidget(card);
        card->show();
        ++m_waiting;
        QCoro::connect(probeProfile(profile, m_secrets, std::chrono::seconds(5), m_stop.get_token()), this,
                       [this, card = QPointer<StackCard>(card)](const ProbeReport& report) {
                           if (card)
                               card->setReport(report);
                           answered();
                       });
    }
}

void WelcomePage::discover()
{
    clear(m_found);
    m_foundState->setText(tr("Looking at the usual ports…"));
    m_foundState->show();
    ++m_waiting;
    QCoro::connect(discoverStacks(m_places, std::chrono::seconds(2), m_stop.get_token()), this,
                   [this, stop = m_stop.get_token()](const std::vector<ProbeReport>& reports) {
                       if (stop.stop_requested()) {
                           answered(); // a newer search is under way
                           return;
                       }
                       for (const ProbeReport& report : reports)
                           addFound(report);
                       const bool none = m_found->count() == 0;
                       m_foundState->setVisible(none);
                       m_foundState->setText(tr("No Prometheus listens on the usual ports of this computer."));
                       answered();
                   });
}

void WelcomePage::addFound(const ProbeReport& report)
{
    if (!speaksPrometheus(report.product) && !report.usable())
        return;
    StackProfile profile = profileForUrl(report.url);
    for (const StackProfile& known : m_store->stacks()) {
        if (known.prometheus == profile.prometheus)
            return;
    }
    auto* card = new StackCard(profile, widget());
    card->setReport(report);
    connect(card, &StackCard::clicked, this, [this, profile] { Q_EMIT stackChosen(profile); });
    m_found->addWidget(card);
    card->show();
}

void WelcomePage::addressEdited()
{
    m_addressStop.request_stop();
    ++m_addressTurn;
    m_addressState->clear();
    m_open->setEnabled(parseStackUrl(m_address->text()).ok());
    if (!m_address->text().trimmed().isEmpty())
        m_typing.start();
}

void WelcomePage::probeAddress()
{
    const auto url = parseStackUrl(m_address->text());
    if (!url.ok()) {
        m_addressState->setText(errorTitle(url.error()));
        return;
    }
    m_addressStop = std::stop_source();
    m_addressState->setText(tr("Asking %1…").arg(url->toDisplayString(QUrl::RemoveUserInfo)));
    const quint64 turn = m_addressTurn;
    QCoro::connect(probe(*url, HttpOptions {}, std::chrono::seconds(5), m_addressStop.get_token()), this,
                   [this, turn](const ProbeReport& report) {
                       if (turn != m_addressTurn)
                           return;
                       QString text = probeSummary(report);
                       if (report.error) {
                           if (const QString details = errorDetails(*report.error); !details.isEmpty())
                               text += u". "_s + QString(details).replace(u'\n', u". "_s);
                           if (report.suggestedUrl.isValid())
                               text += u' ' + tr("A Prometheus API was found at %1.").arg(report.suggestedUrl.toDisplayString());
                       }
                       QPalette palette = m_addressState->palette();
                       const ThemeColors& c = Theme::instance().colors();
                       palette.setColor(QPalette::WindowText, report.usable() ? c.success : c.error);
                       m_addressState->setPalette(palette);
                       m_addressState->setText(text);
                   });
}

void WelcomePage::openAddress()
{
    const auto url = parseStackUrl(m_address->text());
    if (url.ok())
        Q_EMIT stackChosen(profileForUrl(*url));
    else
        m_addressState->setText(errorTitle(url.error()));
}

} // namespace Promdeck
