#include "widgets/stack/stackpage.h"

#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/stack/stackcard.h"
#include "widgets/stack/stackform.h"

#include <QCoroTask>

#include <QBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>

using namespace Qt::StringLiterals;

namespace Promdeck {

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
    scroll->setWidget(makeEditor());
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

QWidget* StackPage::makeEditor()
{
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 8, 0);
    layout->setSpacing(12);
    m_form = new StackForm(page);
    layout->addWidget(m_form);
    m_state = new QLabel;
    m_state->setObjectName(u"stackState"_s);
    m_state->setWordWrap(true);
    m_state->setTextFormat(Qt::PlainText);
    m_state->setMaximumWidth(m_form->maximumWidth());
    layout->addWidget(m_state);
    auto* actions = new QWidget(page);
    actions->setMaximumWidth(m_form->maximumWidth());
    auto* buttons = new QHBoxLayout(actions);
    buttons->setContentsMargins(0, 0, 0, 0);
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
        const auto profile = m_form->profile();
        if (profile.ok())
            Q_EMIT stackChosen(*profile);
        else
            say(errorText(profile.error()), true);
    });
    buttons->addStretch(1);
    addButton(tr("Remove"), u"stackRemove"_s, &StackPage::removeCurrent);
    layout->addWidget(actions);
    layout->addStretch(1);
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
    ++m_turn;
    say({}, false);
    m_form->setProfile(profile);
    if (isNew) {
        const QSignalBlocker blocker(m_list);
        m_list->setCurrentItem(nullptr);
        m_form->focusFirst();
    }
}

void StackPage::editCurrent(const StackProfile& profile)
{
    const bool saved = m_store->find(profile.name).has_value();
    edit(profile, !saved);
    fillList();
}

void StackPage::save()
{
    const auto profile = m_form->profile();
    if (!profile.ok()) {
        say(errorText(profile.error()), true);
        return;
    }
    const quint64 turn = ++m_turn;
    QCoro::connect(keepSecret(profile->auth.secret, m_form->typedSecret()), this,
                   [this, turn, profile = *profile](const Status& kept) {
                       if (turn != m_turn)
                           return;
                       if (kept.ok())
                           store(profile);
                       else
                           say(errorText(kept.error()), true);
                   });
}

QCoro::Task<Status> StackPage::keepSecret(SecretRef secret, QString typed)
{
    if (typed.isEmpty() || secret.source != SecretRef::Source::Keychain)
        co_return Done {};
    say(tr("Putting the secret into the keychain…"), false);
    // The store may answer when this page is gone already.
    const std::shared_ptr<SecretStore> secrets = m_secrets;
    co_return co_await secrets->write(secret.key, typed);
}

void StackPage::store(const StackProfile& profile)
{
    const Status saved = m_store->put(profile, m_original);
    if (!saved.ok()) {
        say(errorText(saved.error()), true);
        return;
    }
    m_original = profile.name;
    m_form->setProfile(profile);
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
    const auto profile = m_form->profile();
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
